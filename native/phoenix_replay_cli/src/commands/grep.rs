//! `grep`: when something appears.

use std::io::{self, Write};

use phoenix_replay_core::inspect;
use phoenix_replay_core::search::{search, Case, Found, Query, QueryError};

use super::Outcome;
use crate::args::Grep;
use crate::failure::Failure;
use crate::{files, progress, shown};

pub fn run(args: &Grep) -> Result<Outcome, Failure> {
    let query = query(args).map_err(|error| Failure::Words(error.to_string()))?;
    let paths = files::find(&args.dir)?;
    let bar = progress::bar(paths.len());
    let mut outcome = Outcome::Nothing;
    for path in &paths {
        match files::recording(path) {
            Ok(recording) => {
                let id = inspect::plain(&recording.head.id);
                let found = search(recording, query.clone(), args.limit);
                if !found.hits.is_empty() {
                    outcome = Outcome::Done;
                    bar.suspend(|| print(&id, &found))?;
                }
            }
            Err(failure) => bar.suspend(|| files::pass_over(failure, path, &args.dir))?,
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(outcome)
}

fn query(args: &Grep) -> Result<Query, QueryError> {
    let case = if args.ignore_case {
        Case::Insensitive
    } else {
        Case::Sensitive
    };
    if args.number {
        Query::number(&args.pattern)
    } else if args.regex {
        Query::regex(&args.pattern, case)
    } else {
        Query::text(&args.pattern, case)
    }
}

fn print(id: &str, found: &Found) -> io::Result<()> {
    let mut out = anstream::stdout().lock();
    for hit in &found.hits {
        let (index, offset) = (hit.index, shown::offset(hit.offset_ms));
        let (id, path) = (
            shown::painted(shown::ID, id),
            shown::painted(shown::PLACE, &hit.path),
        );
        writeln!(out, "{id} #{index} {offset} {path}: {}", hit.excerpt)?;
    }
    if found.more {
        writeln!(
            out,
            "{}",
            shown::painted(shown::FAINT, format!("{id} has more; --limit shows them"))
        )?;
    }
    Ok(())
}
