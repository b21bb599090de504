//! The append-only bytes of one session: events as ETF terms, one after the other.
//!
//! What was written last is the tail. What is before it is in parts, which somebody else may seal one
//! after the other, from the first on: while that is done nobody waits, and then the sealed part takes
//! the place of the one it was made of.

use std::sync::Arc;

use crate::recording::{Chunk, Member, Part};

/// Bytes a tail may have before it is put aside as a part: growing by doubling, it is then copied
/// seldom and little, whoever wants to read a session copies no more than this under its lock, and a
/// part is sealed in little time.
const CHUNK: usize = 128 * 1024;

/// Bytes a first tail has room for: a mount's, which would else grow by doubling.
const FIRST: usize = 1024;

/// A log. It neither reads nor knows what is in it.
#[derive(Debug, Default)]
pub(crate) struct Log {
    parts: Vec<Part>,
    /// How many parts are sealed: the first ones.
    sealed: usize,
    /// Bytes of the events in parts, and bytes that the parts take.
    events_bytes: u64,
    held_bytes: u64,
    tail: Vec<u8>,
}

impl Log {
    /// Where the next event goes. What was in it before is for the log alone.
    pub(crate) fn tail(&mut self) -> &mut Vec<u8> {
        if self.tail.capacity() == 0 {
            self.tail.reserve(FIRST);
        }
        &mut self.tail
    }

    /// How long the tail is: the place to cut back to.
    pub(crate) fn mark(&self) -> usize {
        self.tail.len()
    }

    /// Forgets what was written after `mark`.
    pub(crate) fn cut(&mut self, mark: usize) {
        self.tail.truncate(mark);
        // What was too large to stay must not stay allocated either.
        if self.tail.capacity() > 2 * CHUNK {
            self.tail.shrink_to(CHUNK);
        }
    }

    /// An event is complete. Whether that put the tail aside: there is something to seal.
    pub(crate) fn commit(&mut self) -> bool {
        let full = self.tail.len() >= CHUNK;
        if full {
            self.put_aside();
        }
        full
    }

    /// Makes a part of the tail, however short it is.
    pub(crate) fn put_aside(&mut self) {
        if !self.tail.is_empty() {
            let part = Part::Raw(Arc::new(std::mem::take(&mut self.tail)));
            self.events_bytes += part.events_bytes();
            self.held_bytes += part.held_bytes();
            self.parts.push(part);
        }
    }

    /// Bytes of all events, before compression.
    pub(crate) fn events_bytes(&self) -> u64 {
        self.events_bytes + self.tail.len() as u64
    }

    /// Bytes of memory that they take.
    pub(crate) fn held_bytes(&self) -> u64 {
        self.held_bytes + self.tail.len() as u64
    }

    /// How many parts there are.
    pub(crate) fn part_count(&self) -> usize {
        self.parts.len()
    }

    /// How many of them are sealed: the first ones.
    pub(crate) fn sealed_count(&self) -> usize {
        self.sealed
    }

    /// The first part that is not sealed.
    pub(crate) fn unsealed(&self) -> Option<Chunk> {
        match self.parts.get(self.sealed)? {
            Part::Raw(chunk) => Some(chunk.clone()),
            Part::Sealed(_) => None,
        }
    }

    /// How many parts that filled up are not sealed.
    pub(crate) fn due(&self) -> usize {
        let unsealed = self.parts.get(self.sealed..).unwrap_or_default();
        unsealed.iter().filter(|part| is_full(part)).count()
    }

    /// Puts `member` where the part stands that it was made of. Gives what is not needed any more, to
    /// be dropped where nobody waits. `None` when that part is not the next one: the log is another.
    pub(crate) fn seal(&mut self, chunk: &Chunk, member: Arc<Member>) -> Option<Swapped> {
        let part = self.parts.get_mut(self.sealed)?;
        match part {
            Part::Raw(raw) if Arc::ptr_eq(raw, chunk) => {}
            _ => return None,
        }
        let before = std::mem::replace(part, Part::Sealed(member));
        let (was, is) = (before.held_bytes(), part.held_bytes());
        self.held_bytes = self.held_bytes + is - was;
        self.sealed += 1;
        Some(Swapped {
            was_due: is_full(&before),
            was,
            is,
        })
    }

    /// The members of the parts in `range`, all of which are sealed.
    pub(crate) fn members(&self, range: std::ops::Range<usize>) -> Vec<Arc<Member>> {
        let parts = self.parts.get(range).unwrap_or_default();
        let member = |part: &Part| match part {
            Part::Sealed(member) => Some(member.clone()),
            Part::Raw(_) => None,
        };
        parts.iter().filter_map(member).collect()
    }

    /// Everything so far. Parts are shared; the tail, shorter than [`CHUNK`], is copied.
    pub(crate) fn parts(&self) -> Vec<Part> {
        let mut parts = self.parts.clone();
        if !self.tail.is_empty() {
            parts.push(Part::Raw(Arc::new(self.tail.clone())));
        }
        parts
    }
}

/// Of a part that was sealed: whether it was one of [`Log::due`], and how many bytes it took and takes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Swapped {
    pub(crate) was_due: bool,
    pub(crate) was: u64,
    pub(crate) is: u64,
}

/// Whether a part was put aside for its length.
fn is_full(part: &Part) -> bool {
    part.events_bytes() >= CHUNK as u64
}
