//! Why a patch could not be applied.

/// A patch that does not fit the value it was applied to, or is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PatchError {
    /// The change does not mean anything for a term of this kind.
    Unfit,
    /// A key is to be patched or removed that is not there.
    NoSuchKey,
    /// An index is past the end, or is none.
    NoSuchIndex,
    /// An old item of a list is used twice.
    UsedTwice,
}

impl std::fmt::Display for PatchError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            PatchError::Unfit => "the patch does not mean anything for a term of this kind",
            PatchError::NoSuchKey => "the patch changes a key that is not there",
            PatchError::NoSuchIndex => "the patch names an index that is not there",
            PatchError::UsedTwice => "the patch uses an item of a list twice",
        })
    }
}

impl std::error::Error for PatchError {}
