//! Which recordings of a folder meet conditions.

use std::collections::HashSet;
use std::ops::Bound::{Excluded, Unbounded};
use std::sync::Arc;
use std::time::Instant;

use super::outline::Outline;
use super::place::{Place, Shard};
use super::query::{Query, Verdict};
use super::{Index, Key, Listed, Row};
use crate::etf::{Decoder, Limits, Value};

/// How many rows are looked at between two looks at the clock.
const STRIDE: usize = 128;

/// What was found of a list.
#[derive(Debug, Default)]
pub struct Found {
    /// Rows that are meant, newest first, each with whether that is sure.
    pub rows: Vec<(Row, bool)>,
    /// Where to go on; `None` at the end.
    pub next: Option<Key>,
}

/// What was counted of a list.
#[derive(Debug, Default)]
pub struct Counted {
    /// How many rows are meant for sure.
    pub sure: usize,
    /// Rows that may be meant.
    pub unsure: Vec<Row>,
    /// Where to go on; `None` at the end.
    pub next: Option<Key>,
}

impl Index {
    /// The next rows that are meant, older than `after`, at most `count`; fewer where the time was over, or
    /// the list.
    #[must_use]
    pub fn find(
        &self,
        query: &Query,
        after: Option<&Key>,
        count: usize,
        deadline: Instant,
    ) -> Found {
        let mut decoder = Decoder::new(Limits::default());
        let mut found = Found::default();
        found.next = self.scan(query, after, deadline, |meant| {
            let sure = meant.verdict == Verdict::Yes;
            if let Some(row) = self.row_of(meant, &mut decoder) {
                found.rows.push((row, sure));
            }
            found.rows.len() < count && Instant::now() < deadline
        });
        found
    }

    /// Counts rows that are meant, older than `after`, until the time is over.
    #[must_use]
    pub fn count(&self, query: &Query, after: Option<&Key>, deadline: Instant) -> Counted {
        let mut decoder = Decoder::new(Limits::default());
        let mut counted = Counted::default();
        counted.next = self.scan(query, after, deadline, |meant| {
            match meant.verdict {
                Verdict::Yes => counted.sure += 1,
                _ => counted.unsure.extend(self.row_of(meant, &mut decoder)),
            }
            true
        });
        counted
    }

    /// Calls `take` with each row that is or may be meant, until it says `false` or the time is over. Gives
    /// the last row that was looked at, unless it was the last of all.
    fn scan<'i>(
        &'i self,
        query: &'i Query,
        after: Option<&Key>,
        deadline: Instant,
        mut take: impl FnMut(Meant<'i>) -> bool,
    ) -> Option<Key> {
        let newest = query.to.and_then(|to| to.checked_add(1));
        let newest = newest.map(|behind| (behind, Arc::from("")));
        let before = match (after, newest.as_ref()) {
            (Some(after), Some(newest)) => Excluded(after.min(newest)),
            (Some(key), None) | (None, Some(key)) => Excluded(key),
            (None, None) => Unbounded,
        };
        let mut looking = Looking {
            query,
            pins: self.pins(query),
            decoder: Decoder::new(Limits::default()),
        };
        let rows = self.rows.range::<Key, _>((Unbounded, before)).rev();
        for (looked_at, (key, listed)) in rows.enumerate() {
            if query.from.is_some_and(|from| key.0 < from) {
                return None;
            }
            let meant = self.meant(&mut looking, key, listed);
            let took_long = meant.as_ref().is_none_or(|meant| meant.summary.is_some());
            let more = meant.is_none_or(|meant| meant.verdict == Verdict::No || take(meant));
            let look_up = took_long || looked_at % STRIDE == STRIDE - 1;
            if !more || (look_up && Instant::now() >= deadline) {
                return Some(key.clone());
            }
        }
        None
    }

    /// Whether a row is meant; `None` where its file had to be read and could not be. Where its outline had
    /// to be let go, its summary tells.
    fn meant<'i>(
        &self,
        looking: &mut Looking<'_>,
        key: &'i Key,
        listed: &Listed,
    ) -> Option<Meant<'i>> {
        let query = looking.query;
        let mut meant = Meant {
            key,
            place: listed.place,
            verdict: Verdict::Yes,
            summary: None,
        };
        if !query.allows(&key.1, |id| looking.pins.contains(id)) {
            meant.verdict = Verdict::No;
        } else if query.needs_outline() {
            let mut read = None;
            if listed.outline.is_none() {
                let summary = self.summary(key, listed.place, &mut looking.decoder)?;
                read = Some(Outline::of(&summary));
                meant.summary = Some(summary);
            }
            let outline = listed.outline.as_ref().or(read.as_ref());
            let facts = outline.and_then(Outline::facts);
            meant.verdict = facts.map_or(Verdict::Unsure, |facts| query.verdict(&key.1, &facts));
        }
        Some(meant)
    }

    fn row_of(&self, meant: Meant<'_>, decoder: &mut Decoder) -> Option<Row> {
        let summary = meant
            .summary
            .or_else(|| self.summary(meant.key, meant.place, decoder))?;
        let key = meant.key.clone();
        Some(Row { key, summary })
    }

    /// Ids that are pinned, where that is asked: few, as a rule, and in one place.
    fn pins(&self, query: &Query) -> HashSet<&str> {
        let folders = query.pinned.iter().flat_map(|_| self.folders.values());
        let pins = folders.flat_map(|folder| folder.pins.iter());
        pins.map(|id| &**id).collect()
    }

    pub(super) fn is_pinned(&self, id: &Arc<str>) -> bool {
        let folder = self.folders.get(&Shard::of(id));
        folder.is_some_and(|folder| folder.pins.contains(id))
    }
}

/// What it takes to look at rows.
struct Looking<'q> {
    query: &'q Query,
    pins: HashSet<&'q str>,
    decoder: Decoder,
}

/// A row that was looked at, and its summary where that had to be read for it.
struct Meant<'i> {
    key: &'i Key,
    place: Place,
    verdict: Verdict,
    summary: Option<Value>,
}
