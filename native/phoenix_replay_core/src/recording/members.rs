//! The members of a file that hold its events.

use super::chunk::{self, Packed};
use super::part::Part;
use super::{gzip, RecordingError};

/// Bytes of events that go into one member, at least, where there are so many. A reader loses at
/// most one member to damage; many small ones compress worse.
pub(super) const MEMBER: usize = 256 * 1024;

/// A member with as many is taken as it is. What would be saved by making a larger one of it does not
/// pay for reading its events and writing them again.
const LARGE: u64 = MEMBER as u64 / 2;

/// A chunk with more bytes is written as it is: it holds few events, and large ones, and decoded it
/// would take many times its size.
const PACKED: u64 = 1024 * 1024;

/// A file to which members are added.
pub(super) struct Members<'a> {
    file: Vec<u8>,
    /// Terms that stand in front of the first events.
    opening: Vec<u8>,
    /// What goes into the next member, and how many bytes of events that is.
    together: Vec<&'a Part>,
    length: u64,
}

impl<'a> Members<'a> {
    pub(super) fn new(file: Vec<u8>, opening: Vec<u8>) -> Self {
        Members {
            file,
            opening,
            together: Vec::new(),
            length: 0,
        }
    }

    /// Adds events. Parts sealed when they were short are put together with others, as if they had
    /// never been sealed.
    pub(super) fn add(&mut self, part: &'a Part) -> Result<(), RecordingError> {
        if matches!(part, Part::Sealed(_)) && part.events_bytes() >= LARGE {
            self.close()?;
            return self.plain(&[part]);
        }
        self.together.push(part);
        self.length += part.events_bytes();
        if self.length >= MEMBER as u64 {
            self.close()?;
        }
        Ok(())
    }

    /// The whole file.
    pub(super) fn finish(mut self) -> Result<Vec<u8>, RecordingError> {
        self.close()?;
        self.plain(&[])?;
        Ok(self.file)
    }

    /// Writes what belongs together.
    fn close(&mut self) -> Result<(), RecordingError> {
        let length = std::mem::take(&mut self.length);
        let together = std::mem::take(&mut self.together);
        if together.is_empty() || (length <= PACKED && self.packed(&together)?) {
            return Ok(());
        }
        self.plain(&together)
    }

    /// Writes a member of packed events, unless they cannot be: what no event can be read from is better
    /// kept as it is.
    fn packed(&mut self, parts: &[&Part]) -> Result<bool, RecordingError> {
        let Some(pieces) = parts
            .iter()
            .map(|part| part.raw())
            .collect::<Option<Vec<_>>>()
        else {
            return Ok(false);
        };
        let pieces: Vec<&[u8]> = pieces.iter().map(|piece| &**piece).collect();
        let Some(Packed { term, nodes }) = chunk::pack(&pieces) else {
            return Ok(false);
        };
        let at = self.file.len();
        self.compress(&[&term])?;
        if chunk::budget(self.file.len() - at).spend(nodes).is_err() {
            // A reader would take it for a bomb.
            self.file.truncate(at);
            return Ok(false);
        }
        self.opening.clear();
        Ok(true)
    }

    /// Writes parts as they are, and the opening if it is not written yet.
    fn plain(&mut self, parts: &[&Part]) -> Result<(), RecordingError> {
        let mut raw: Vec<&[u8]> = Vec::new();
        for part in parts {
            match part {
                Part::Raw(chunk) => raw.push(chunk),
                Part::Sealed(member) => {
                    self.compress_some(&std::mem::take(&mut raw))?;
                    self.file.extend_from_slice(member.bytes());
                }
            }
        }
        self.compress_some(&raw)
    }

    fn compress_some(&mut self, events: &[&[u8]]) -> Result<(), RecordingError> {
        if !(self.opening.is_empty() && events.is_empty()) {
            self.compress(events)?;
            self.opening.clear();
        }
        Ok(())
    }

    fn compress(&mut self, events: &[&[u8]]) -> Result<(), RecordingError> {
        let file = std::mem::take(&mut self.file);
        self.file = gzip::compress(file, &[&[self.opening.as_slice()], events].concat())?;
        Ok(())
    }
}
