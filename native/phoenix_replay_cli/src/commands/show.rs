//! `show`: what happened in a recording.

use std::io::Write;

use phoenix_replay_core::inspect::{self, Limits};
use phoenix_replay_core::timeline::Row;

use super::{list, Outcome};
use crate::args::Show;
use crate::failure::Failure;
use crate::{files, shown};

pub fn run(args: &Show) -> Result<Outcome, Failure> {
    let timeline = files::timeline(&args.file)?;
    let (head, summary) = (&timeline.recording().head, &timeline.recording().summary);
    let mut out = anstream::stdout().lock();
    let mut fact = |name: &str, text: &str| {
        writeln!(
            out,
            "{} {}",
            shown::painted(shown::FAINT, format!("{name:10}")),
            inspect::plain(text)
        )
    };
    fact("id", &head.id)?;
    fact("view", &list::view(head))?;
    fact("url", summary.url.as_deref().unwrap_or("unknown"))?;
    fact(
        "connected",
        &format!("{} UTC", shown::time(head.connected_at)),
    )?;
    fact("events", &summary.event_count.to_string())?;
    fact("duration", &format!("{} ms", summary.duration_ms))?;
    fact(
        "ended",
        summary.ended.map_or("unknown", |ended| ended.name()),
    )?;
    if let Some(error) = &summary.error {
        fact("error", error)?;
    }
    if summary.interrupted || summary.truncated {
        fact("complete", "no, its end is missing")?;
    }
    writeln!(out)?;
    for row in timeline.rows(0, args.limit.unwrap_or(usize::MAX)) {
        writeln!(out, "{}", line(&row))?;
    }
    Ok(Outcome::Done)
}

fn line(row: &Row) -> String {
    let keys = row.keys.iter().map(|key| match key.as_atom() {
        Some(name) => inspect::plain(name),
        None => inspect::line(key, Limits::default()),
    });
    let about = match &row.label {
        Some(label) => inspect::plain(label),
        None => keys.collect::<Vec<_>>().join(", "),
    };
    let index = shown::painted(shown::FAINT, format!("{:>6}", row.index));
    let offset = shown::offset(row.offset_ms);
    let kind = shown::painted(shown::ID, format!("{:13}", inspect::plain(&row.name)));
    format!("{index}  {offset:>11}  {kind}  {about}")
        .trim_end()
        .to_owned()
}
