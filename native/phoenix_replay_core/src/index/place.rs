//! Which file is what. Nothing but an id of ours is taken from a name.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use flate2::Crc;

/// One of the folders that recordings are in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Shard {
    /// The folder itself: version 0.1 and 0.2 of the package had no other.
    Root,
    /// One of the 256 in it.
    Of(u8),
}

impl Shard {
    /// The one of an id, by its CRC-32.
    pub(super) fn of(id: &str) -> Self {
        let mut crc = Crc::new();
        crc.update(id.as_bytes());
        Shard::Of(crc.sum() as u8)
    }

    /// The one that a folder of this name is.
    pub(super) fn named(name: &str) -> Option<Self> {
        let digits = |byte: u8| byte.is_ascii_digit() || (b'A'..=b'F').contains(&byte);
        let shard = name.len() == 2 && name.bytes().all(digits);
        shard.then(|| u8::from_str_radix(name, 16).ok().map(Shard::Of))?
    }

    /// Its name in a folder of files about them.
    pub(super) fn name(self) -> String {
        match self {
            Shard::Root => "root".into(),
            Shard::Of(number) => format!("{number:02X}"),
        }
    }

    pub(super) fn path(self, root: &Path) -> PathBuf {
        match self {
            Shard::Root => root.into(),
            Shard::Of(_) => root.join(self.name()),
        }
    }
}

/// How a file is named behind the id. Of several of one id the first that is there counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Suffix {
    EtfGz,
    JsonGz,
    Etf,
    Json,
}

impl Suffix {
    pub(super) const ALL: [Suffix; 4] = [Suffix::EtfGz, Suffix::JsonGz, Suffix::Etf, Suffix::Json];

    pub(super) fn text(self) -> &'static str {
        match self {
            Suffix::EtfGz => ".etf.gz",
            Suffix::JsonGz => ".json.gz",
            Suffix::Etf => ".etf",
            Suffix::Json => ".json",
        }
    }

    /// What is not compressed is of version 0.1 or 0.2.
    fn is_in(self, shard: Shard) -> bool {
        shard == Shard::Root || matches!(self, Suffix::EtfGz | Suffix::JsonGz)
    }
}

/// The name of a recording's file.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Name {
    pub(super) id: Arc<str>,
    pub(super) suffix: Suffix,
}

impl Name {
    pub(super) fn file(&self) -> String {
        format!("{}{}", self.id, self.suffix.text())
    }
}

/// Where the file of a recording is, whose id is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) in_root: bool,
    pub(super) suffix: Suffix,
}

impl Place {
    pub(super) fn shard(self, id: &str) -> Shard {
        if self.in_root {
            Shard::Root
        } else {
            Shard::of(id)
        }
    }

    pub(super) fn name(self, id: &Arc<str>) -> Name {
        Name {
            id: id.clone(),
            suffix: self.suffix,
        }
    }
}

/// What a file is.
pub(super) enum Kind<'n> {
    Recording(&'n str, Suffix),
    Pin(&'n str),
    /// What a writer has not renamed yet, or never will.
    Temporary,
    Other,
}

/// What a file of this name is.
pub(super) fn kind(shard: Shard, name: &str) -> Kind<'_> {
    if name.starts_with('.') && name.ends_with(".tmp") {
        return Kind::Temporary;
    }
    for suffix in Suffix::ALL {
        match name.strip_suffix(suffix.text()) {
            Some(id) if suffix.is_in(shard) && is_id(id) => return Kind::Recording(id, suffix),
            _ => {}
        }
    }
    match name.strip_suffix(".pin") {
        Some(id) if shard != Shard::Root && is_id(id) => Kind::Pin(id),
        _ => Kind::Other,
    }
}

fn is_id(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    (1..=128).contains(&text.len()) && text.bytes().all(allowed)
}
