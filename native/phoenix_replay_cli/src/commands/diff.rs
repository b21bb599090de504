//! `diff`: what changed between two events.

use std::io::Write;

use phoenix_replay_core::compare::differences;
use phoenix_replay_core::etf::Value;
use phoenix_replay_core::inspect::{self, Limits};
use phoenix_replay_core::recording::hidden::Form;

use super::Outcome;
use crate::args::Diff;
use crate::failure::Failure;
use crate::{files, shown};

const LIMITS: Limits = Limits {
    depth: 6,
    items: 20,
    bytes: 500,
};

pub fn run(args: &Diff) -> Result<Outcome, Failure> {
    let timeline = files::timeline(&args.file)?;
    let state = |index| {
        timeline
            .assigns(index, Form::Stripped)
            .ok_or_else(|| super::no_event(&args.file, index, &timeline))
    };
    let (old, new) = (state(args.a)?, state(args.b)?);
    let found = differences(&old, &new, args.limit.saturating_add(1));
    let mut out = anstream::stdout().lock();
    for difference in found.iter().take(args.limit) {
        let path = shown::painted(shown::PLACE, &difference.path);
        writeln!(out, "{path}")?;
        let mut side = |sign, style, value: &Option<Value>| match value {
            Some(value) => {
                let text = inspect::line(value, LIMITS);
                writeln!(out, "{}", shown::painted(style, format!("{sign} {text}")))
            }
            None => Ok(()),
        };
        side('-', shown::OLD, &difference.old)?;
        side('+', shown::NEW, &difference.new)?;
    }
    if found.len() > args.limit {
        writeln!(out, "... and more; --limit shows them")?;
    }
    Ok(if found.is_empty() {
        Outcome::Nothing
    } else {
        Outcome::Done
    })
}
