//! What the sanitizer knows from the way down.

/// Where a term stands, as far as the sanitizer cares. Begin with
/// [`Sanitizer::assigns`](super::Sanitizer::assigns) or [`Sanitizer::params`](super::Sanitizer::params).
///
/// It is one byte: places are handed around with every term that is looked at, and what fits into a
/// register is not written to memory to be read again at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place(u8);

const SPOTS: [Spot; 8] = [
    Spot::Assigns,
    Spot::Top,
    Spot::Inside,
    Spot::Struct,
    Spot::Changeset,
    Spot::Form,
    Spot::Metadata,
    Spot::Named,
];

/// Where the bits of the rule begin, and the one that says that closures are forgotten.
const RULE: u8 = 3;
const FORGETS: u8 = 1 << 5;

impl Place {
    pub(super) const fn new(spot: Spot, rule: Rule) -> Self {
        Place(spot as u8 | (rule as u8) << RULE)
    }

    #[inline]
    pub(super) fn spot(self) -> Spot {
        SPOTS[usize::from(self.0 & 7)]
    }

    #[inline]
    pub(super) fn rule(self) -> Rule {
        match self.0 >> RULE & 3 {
            0 => Rule::Assigns,
            1 => Rule::Params,
            _ => Rule::Kept,
        }
    }

    /// Whether closures are of no use here: forms keep them for the database.
    #[inline]
    pub(super) fn forgets(self) -> bool {
        self.0 & FORGETS != 0
    }

    #[inline]
    pub(super) fn at(self, spot: Spot) -> Self {
        Place(self.0 & !7 | spot as u8)
    }

    #[inline]
    pub(super) fn under(self, rule: Rule) -> Self {
        Place(self.0 & !(3 << RULE) | (rule as u8) << RULE)
    }

    #[inline]
    pub(super) fn forgetting(self) -> Self {
        Place(self.0 | FORGETS)
    }
}

/// Where exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
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
#[repr(u8)]
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_says_what_it_was_made_of() {
        for spot in SPOTS {
            for rule in [Rule::Assigns, Rule::Params, Rule::Kept] {
                let place = Place::new(Spot::Top, Rule::Kept).at(spot).under(rule);
                assert_eq!(place, Place::new(spot, rule));
                for place in [place, place.forgetting()] {
                    assert_eq!((place.spot(), place.rule()), (spot, rule));
                }
                assert!(place.forgetting().forgets() && !place.forgets());
            }
        }
    }
}
