//! The bytes that a chunk is packed from, and places in them.

use crate::etf::scan::Node;

/// Events as they were written, in several pieces, and behind these what was made of some of them.
pub(super) struct Texts<'a> {
    pieces: &'a [&'a [u8]],
    made: Vec<u8>,
}

/// Where a part of an event stands.
#[derive(Clone, Copy)]
pub(super) struct Span {
    piece: u32,
    start: u32,
    end: u32,
}

/// Where an event, or what was made of it, begins.
#[derive(Clone, Copy)]
pub(super) struct Place {
    piece: u32,
    at: u32,
}

impl<'a> Texts<'a> {
    pub(super) fn new(pieces: &'a [&'a [u8]]) -> Self {
        Texts {
            pieces,
            made: Vec::new(),
        }
    }

    /// A place in the pieces. `None` past what 32 bits say.
    pub(super) fn place(piece: usize, at: usize) -> Option<Place> {
        Some(Place {
            piece: u32::try_from(piece).ok()?,
            at: u32::try_from(at).ok()?,
        })
    }

    /// Keeps what was made of an event, and says where.
    pub(super) fn keep(&mut self, made: &[u8]) -> Option<Place> {
        let place = Self::place(self.pieces.len(), self.made.len());
        self.made.extend_from_slice(made);
        u32::try_from(self.made.len()).ok().and(place)
    }

    pub(super) fn get(&self, span: Span) -> &[u8] {
        let piece = self.pieces.get(span.piece as usize).copied();
        let piece = piece.unwrap_or(&self.made);
        piece
            .get(span.start as usize..span.end as usize)
            .unwrap_or_default()
    }
}

impl Place {
    /// The part of the term here that this node is.
    pub(super) fn span(self, node: &Node) -> Span {
        Span {
            piece: self.piece,
            start: self.at.saturating_add(node.start),
            end: self.at.saturating_add(node.end),
        }
    }
}
