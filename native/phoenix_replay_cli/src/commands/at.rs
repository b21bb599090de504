//! `at`: the assigns as of a moment.

use std::io::Write;

use phoenix_replay_core::inspect::{self, Limits};
use phoenix_replay_core::recording::hidden::Form;

use super::Outcome;
use crate::args::At;
use crate::failure::Failure;
use crate::{files, json};

const WIDTH: usize = 98;

pub fn run(args: &At) -> Result<Outcome, Failure> {
    let timeline = files::timeline(&args.file)?;
    let index = match (args.moment.event, args.moment.ms) {
        (Some(index), _) => index,
        // Before the first event there is nothing to show but what it begins with.
        (None, ms) => timeline.index_at(ms.unwrap_or(0)).unwrap_or(0),
    };
    let assigns = timeline
        .assigns(index, Form::Stripped)
        .ok_or_else(|| super::no_event(&args.file, index, &timeline))?;
    let text = if args.json {
        serde_json::to_string_pretty(&json::plain(&assigns))
            .map_err(|error| Failure::of(&args.file, error))?
    } else {
        let limits = Limits {
            items: args.limit,
            ..Limits::default()
        };
        inspect::pretty(&assigns, WIDTH, limits)
    };
    writeln!(anstream::stdout().lock(), "{text}")?;
    Ok(Outcome::Done)
}
