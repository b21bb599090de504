//! What the sanitizer knows from the way down.

/// Where a term stands, as far as the sanitizer cares. Begin with
/// [`Sanitizer::assigns`](super::Sanitizer::assigns) or [`Sanitizer::params`](super::Sanitizer::params).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub(super) spot: Spot,
    pub(super) rule: Rule,
    /// Whether closures are of no use here: forms keep them for the database.
    pub(super) forgets: bool,
}

impl Place {
    pub(super) fn at(self, spot: Spot) -> Self {
        Place { spot, ..self }
    }
}

/// Where exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spot {
    /// The assigns themselves.
    Assigns,
    /// Among the entries of the assigns.
    Top,
    /// Anywhere else, the entries of a plain map included.
    Inside,
    /// Among the entries of a struct.
    Struct,
    /// Among those of an `Ecto.Changeset`.
    Changeset,
    /// Among those of a `Phoenix.HTML.Form`.
    Form,
    /// Among those of an `Ecto.Schema.Metadata`.
    Metadata,
    /// Errors and the like: what is named here by a field says something about the field.
    Named,
}

/// How strict the names are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rule {
    Assigns,
    /// As params, nothing above being under a key to keep.
    Params,
    /// As params, under a key to keep.
    Kept,
}

impl Rule {
    /// Params within params stay what they are.
    pub(super) fn params(self) -> Self {
        match self {
            Rule::Assigns => Rule::Params,
            other => other,
        }
    }
}
