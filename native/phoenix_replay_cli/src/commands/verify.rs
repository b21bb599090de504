//! `verify`: whether every recording can be read to its end.

use std::io::Write;
use std::path::Path;

use super::Outcome;
use crate::args::Verify;
use crate::failure::Failure;
use crate::{files, progress, shown};

pub fn run(args: &Verify) -> Result<Outcome, Failure> {
    let paths = files::find(&args.dir)?;
    let bar = progress::bar(paths.len());
    let mut damaged = 0;
    for path in &paths {
        if let Err(failure) = whole(path) {
            damaged += 1;
            let word = shown::painted(shown::ERROR, "damaged");
            bar.suspend(|| writeln!(anstream::stdout(), "{word} {failure}"))?;
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    let intact = paths.len() - damaged;
    writeln!(anstream::stdout(), "{intact} intact, {damaged} damaged")?;
    Ok(if damaged > 0 {
        Outcome::Nothing
    } else {
        Outcome::Done
    })
}

/// A recording that says it has an end has it, and all its changes fit. One of a session that was cut
/// short says so, and is as whole as it can be.
fn whole(path: &Path) -> Result<(), Failure> {
    let (_, promised) = files::head(path)?;
    let timeline = files::timeline(path)?;
    let summary = &timeline.recording().summary;
    match promised {
        Some(promised) if summary.interrupted && !promised.interrupted => {
            let (there, of) = (summary.event_count, promised.event_count);
            let words = if there <= of {
                format!("{there} of {of} events can be read")
            } else {
                format!("it has {there} events, and says that it has {of}")
            };
            Err(Failure::of(path, words))
        }
        _ => Ok(()),
    }
}
