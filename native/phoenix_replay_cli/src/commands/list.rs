//! `ls`: the recordings of a folder.

use std::io::Write;

use phoenix_replay_core::inspect;
use phoenix_replay_core::recording::{Head, Summary};

use super::Outcome;
use crate::args::Ls;
use crate::failure::Failure;
use crate::{files, progress, shown};

pub fn run(args: &Ls) -> Result<Outcome, Failure> {
    let mut found = Vec::new();
    let paths = files::find(&args.dir)?;
    let bar = progress::bar(paths.len());
    for path in &paths {
        match files::head(path) {
            Ok(known) => found.push(known),
            Err(failure) => bar.suspend(|| files::pass_over(failure, path, &args.dir))?,
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    found.sort_by(|(a, _), (b, _)| (b.connected_at, &b.id).cmp(&(a.connected_at, &a.id)));
    let mut out = anstream::stdout().lock();
    for (head, summary) in found.iter().take(args.limit.unwrap_or(usize::MAX)) {
        writeln!(out, "{}", line(head, summary.as_ref()))?;
    }
    Ok(if found.is_empty() {
        Outcome::Nothing
    } else {
        Outcome::Done
    })
}

fn line(head: &Head, summary: Option<&Summary>) -> String {
    let id = shown::painted(shown::ID, inspect::plain(&head.id));
    let time = shown::time(head.connected_at);
    let view = view(head);
    let Some(summary) = summary else {
        return format!(
            "{id}  {time}  {view}  {}",
            shown::painted(shown::WARNING, "unfinished")
        );
    };
    let ended = match summary.ended {
        Some(ended) => ended.name(),
        // A session that still runs is in a journal, which is not listed.
        None if summary.interrupted => "interrupted",
        None => "unknown",
    };
    let ended = if summary.ended.is_some_and(|ended| ended.is_error()) {
        shown::painted(shown::ERROR, ended)
    } else {
        ended.into()
    };
    let url = summary
        .url
        .as_deref()
        .map(inspect::plain)
        .unwrap_or_default();
    let (events, length) = (summary.event_count, shown::offset(summary.duration_ms));
    let line = format!("{id}  {time}  {view}  {events} events  {length}  {ended}  {url}");
    line.trim_end().to_owned()
}

/// The view's module as Elixir prints it.
pub fn view(head: &Head) -> String {
    inspect::plain(head.view.strip_prefix("Elixir.").unwrap_or(&head.view))
}
