//! What is known of one folder, as a file of its own: `.index/3F`.
//!
//! | bytes | |
//! |---|---|
//! | 8 | `replay.2`: what it is, and its version |
//! | 4 | CRC-32 of all that follows |
//! | 24 | the folder's stamp, zeros where it was not settled |
//! | 4, then each | the files: id, suffix, stamp, whether it was settled, when connected, its outline, and its summary as a term; these two empty where they are in the file only |
//! | 4, then each | the ids that are pinned |
//!
//! Numbers are little-endian; texts, outlines and terms have their length in four bytes before them. Files
//! that cannot be read are left out, so that each start tells of them.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use flate2::Crc;

use super::files::{Facts, Known};
use super::folder::Folder;
use super::input::{length, text, Input};
use super::outline::Outline;
use super::place::{Name, Shard, Suffix};
use super::stamp::{Age, Stamp};

const MAGIC: &[u8; 8] = b"replay.2";
const FRONT: usize = 12;

/// Where the file about a folder is.
pub(super) fn path(root: &Path, shard: Shard) -> PathBuf {
    root.join(".index").join(shard.name())
}

/// What the file about a folder says; `None` when there is none, or none that is whole.
pub(super) fn load(root: &Path, shard: Shard) -> Option<Folder> {
    let bytes = fs::read(path(root, shard)).ok()?;
    let folder = decode(&bytes)?;
    Some(Folder {
        saved: true,
        // Which folders are in it is not written.
        stamp: folder.stamp.filter(|_| shard != Shard::Root),
        ..folder
    })
}

pub(super) fn encode(folder: &Folder) -> Vec<u8> {
    let mut out = Vec::with_capacity(512 * folder.files.len() + 64);
    out.extend_from_slice(MAGIC);
    out.extend_from_slice(&[0; 4]);
    stamp(&mut out, folder.stamp.unwrap_or_default());
    let readable = || {
        let files = folder.files.iter();
        files.filter(|(_, known)| known.facts != Facts::Unreadable)
    };
    length(&mut out, readable().count());
    for (name, known) in readable() {
        text(&mut out, name.id.as_bytes());
        out.push(suffix_number(name.suffix));
        stamp(&mut out, known.stamp);
        out.push(u8::from(known.age == Age::Settled));
        out.extend_from_slice(&known.connected_at.to_le_bytes());
        text(&mut out, known.outline.as_ref().map_or(&[], Outline::bytes));
        match &known.facts {
            Facts::Held(bytes) => text(&mut out, bytes),
            Facts::InFile | Facts::Unreadable => text(&mut out, &[]),
        }
    }
    length(&mut out, folder.pins.len());
    folder
        .pins
        .iter()
        .for_each(|id| text(&mut out, id.as_bytes()));
    let crc = crc(&out[FRONT..]).to_le_bytes();
    out[MAGIC.len()..FRONT].copy_from_slice(&crc);
    out
}

fn decode(bytes: &[u8]) -> Option<Folder> {
    let sum = u32::from_le_bytes(bytes.get(MAGIC.len()..FRONT)?.try_into().ok()?);
    if !bytes.starts_with(MAGIC) || crc(&bytes[FRONT..]) != sum {
        return None;
    }
    let mut input = Input(&bytes[FRONT..]);
    let at = input.stamp()?;
    let mut files = HashMap::new();
    for _ in 0..input.length()? {
        let name = Name {
            id: input.id()?,
            suffix: *Suffix::ALL.get(usize::from(input.byte()?))?,
        };
        let known = Known {
            stamp: input.stamp()?,
            age: if input.byte()? == 1 {
                Age::Settled
            } else {
                Age::New
            },
            connected_at: i64::from_le_bytes(input.array()?),
            outline: match input.text()? {
                [] => None,
                bytes => Some(Outline::from_bytes(bytes)?),
            },
            facts: match input.text()? {
                [] => Facts::InFile,
                bytes => Facts::Held(bytes.into()),
            },
            seen: 0,
        };
        files.insert(name, known);
    }
    let mut pins = HashSet::new();
    for _ in 0..input.length()? {
        pins.insert(input.id()?);
    }
    Some(Folder {
        stamp: (at != Stamp::default()).then_some(at),
        files,
        pins,
        ..Folder::default()
    })
}

fn crc(bytes: &[u8]) -> u32 {
    let mut crc = Crc::new();
    crc.update(bytes);
    crc.sum()
}

fn suffix_number(suffix: Suffix) -> u8 {
    let at = Suffix::ALL.iter().position(|one| *one == suffix);
    at.map_or(u8::MAX, |at| at as u8)
}

fn stamp(out: &mut Vec<u8>, stamp: Stamp) {
    out.extend_from_slice(&stamp.size.to_le_bytes());
    out.extend_from_slice(&stamp.modified_ns.to_le_bytes());
    out.extend_from_slice(&stamp.inode.to_le_bytes());
}

impl Input<'_> {
    fn id(&mut self) -> Option<Arc<str>> {
        std::str::from_utf8(self.text()?).ok().map(Arc::from)
    }

    fn stamp(&mut self) -> Option<Stamp> {
        Some(Stamp {
            size: u64::from_le_bytes(self.array()?),
            modified_ns: i64::from_le_bytes(self.array()?),
            inode: u64::from_le_bytes(self.array()?),
        })
    }
}
