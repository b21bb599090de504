//! The default sanitizer: what of assigns, params and URLs goes into a recording.
//!
//! It is a [`View`], so encoder and diff ask it as they walk and a sensitive value is never copied.

mod names;
mod place;
mod role;
mod text;
mod url;
mod verdicts;

use std::borrow::Cow;

use crate::tree::{Kind, ListItems, Seen, Shape, Tree};
use crate::view::{Fate, Fates, View};
use names::Names;
pub use place::Place;
use place::{Rule, Spot};
use role::Role;
use verdicts::{Verdict, Verdicts};

/// What a host adds to the names that are sensitive by default.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Further names, judged by words as the default ones: `pan` takes `pan`, `card_pan` and `cardPan`.
    pub filter_keys: Vec<String>,
    /// Phoenix's `:filter_parameters`: a key that contains one of these, in this case, is sensitive.
    pub discard: Vec<String>,
    /// Phoenix's `{:keep, keys}`: of params nothing is recorded but what stands under these keys.
    pub keep: Option<Vec<String>>,
}

/// The default sanitizer. Made once, used by every session; may be shared between threads.
///
/// ```
/// use phoenix_replay_core::etf::{encode, Budget, Value};
/// use phoenix_replay_core::sanitize::{Options, Sanitizer};
/// let sanitizer = Sanitizer::new(Options::default());
/// let assigns = Value::map([(Value::atom("api_key"), Value::binary("k-123"))]);
/// let mut out = Vec::new();
/// encode(&assigns, &sanitizer, Sanitizer::assigns(), &mut Budget::unlimited(), &mut out).unwrap();
/// assert!(!out.windows(5).any(|bytes| bytes == b"k-123"));
/// assert_eq!(sanitizer.url("/login?token=k-123"), "/login?token=[FILTERED]");
/// ```
pub struct Sanitizer {
    names: Names,
    keep: Option<Vec<String>>,
    verdicts: Verdicts,
}

impl Sanitizer {
    /// A sanitizer with the default names and those of the host.
    #[must_use]
    pub fn new(options: Options) -> Self {
        Sanitizer {
            names: Names::new(&options.filter_keys, options.discard),
            keep: options.keep,
            verdicts: Verdicts::default(),
        }
    }

    /// Where the assigns of a view or component stand: LiveView's own keys are left out here.
    #[must_use]
    pub fn assigns() -> Place {
        Place::new(Spot::Assigns, Rule::Assigns)
    }

    /// Where params and session stand: some names are sensitive only here, and `keep` holds.
    #[must_use]
    pub fn params() -> Place {
        Place::new(Spot::Inside, Rule::Params)
    }

    /// What becomes of params as a whole, for [`encode_fate`](crate::etf::encode_fate): with `keep`,
    /// params that are no map and no list of maps have no key to be kept by.
    pub fn params_fate<T: Tree>(&self, params: &T) -> Fate<Place> {
        match self.keep {
            Some(_) => unkept(Self::params(), params),
            None => Fate::Keep(Self::params()),
        }
    }

    /// A URL without sensitive values: those of query and fragment, by the rules for params, and the
    /// password in front of the host.
    #[must_use]
    pub fn url<'a>(&self, url: &'a str) -> Cow<'a, str> {
        url::sanitize(self, url)
    }

    /// A text that somebody wrote, without what follows a sensitive name in it: the quotes after it, or the
    /// rest of the line. Of URLs in it, what [`Sanitizer::url`] leaves out.
    ///
    /// ```
    /// # use phoenix_replay_core::sanitize::{Options, Sanitizer};
    /// let sanitizer = Sanitizer::new(Options::default());
    /// assert_eq!(sanitizer.text(r#"got %{"pin" => "12", a: 1}"#), r#"got %{"pin" => "[FILTERED]", a: 1}"#);
    /// ```
    #[must_use]
    pub fn text<'a>(&self, text: &'a str) -> Cow<'a, str> {
        text::sanitize(self, text)
    }

    /// What is known about a key by its name. Terms that are neither atom nor binary have none.
    fn verdict<T: Tree>(&self, key: &Seen<'_, T>) -> Verdict {
        if let Some(name) = key.bytes {
            return self.names.judge(name);
        }
        let number = key.atom_number();
        if let Some(verdict) = number.and_then(|number| self.verdicts.get(number)) {
            return verdict;
        }
        let Some(name) = key.atom() else {
            return Verdict::default();
        };
        let verdict = self.names.judge(name.as_bytes()).with(Role::of(name));
        if let Some(number) = number {
            self.verdicts.put(number, verdict);
        }
        verdict
    }

    /// What becomes of the value of an entry or pair that is nothing special, `sensitive` being the
    /// answer for a sensitive one.
    fn judge<T: Tree>(
        &self,
        place: Place,
        verdict: Verdict,
        sensitive: Fate<Place>,
        key: &Seen<'_, T>,
        value: &T,
    ) -> Fate<Place> {
        if verdict.sensitive(place.rule() != Rule::Assigns) {
            return sensitive;
        }
        let inside = place.at(Spot::Inside);
        match &self.keep {
            Some(keep) if place.rule() == Rule::Params => match key.bytes {
                Some(name) if keep.iter().any(|kept| kept.as_bytes() == name) => {
                    Fate::Keep(inside.under(Rule::Kept))
                }
                _ => unkept(inside, value),
            },
            _ => Fate::Keep(inside),
        }
    }

    /// What becomes of an entry of a map whose key is judged.
    fn fate<T: Tree>(
        &self,
        place: Place,
        verdict: Verdict,
        key: &Seen<'_, T>,
        value: &T,
    ) -> Fate<Place> {
        let role = verdict.role();
        match place.spot() {
            Spot::Top if role == Role::Internal => Fate::Drop,
            Spot::Assigns | Spot::Top | Spot::Inside => {
                self.judge(place, verdict, Fate::Hide, key, value)
            }
            Spot::Named if names_a_field(value) => Fate::Keep(place.at(Spot::Inside)),
            Spot::Named => self.judge(place, verdict, Fate::Hide, key, value),
            _ if role == Role::Struct => Fate::Keep(place.at(Spot::Inside)),
            Spot::Metadata if role == Role::State => Fate::Keep(place.at(Spot::Inside)),
            Spot::Metadata => Fate::Nil,
            // What goes whatever it holds needs no judgement.
            Spot::Changeset if role == Role::Prepare => Fate::EmptyList,
            Spot::Changeset if role == Role::Repo => Fate::Nil,
            Spot::Changeset | Spot::Form => {
                let fate = self.judge(place, verdict, Fate::Redact, key, value);
                match fate {
                    Fate::Keep(_) => part_of_form(place, role, value),
                    other => other,
                }
            }
            Spot::Struct => self.judge(place, verdict, Fate::Redact, key, value),
        }
    }
}

impl<T: Tree> View<T> for Sanitizer {
    type Place = Place;

    fn map(&self, place: Place, map: &T) -> Place {
        let Some(module) = map.get_atom("__struct__") else {
            return place.at(match place.spot() {
                Spot::Assigns => Spot::Top,
                Spot::Named => Spot::Named,
                _ => Spot::Inside,
            });
        };
        match self.verdict(&Seen::of(&module)).role() {
            Role::Changeset => place.at(Spot::Changeset).forgetting(),
            Role::Form => place.at(Spot::Form).forgetting(),
            Role::Metadata => place.at(Spot::Metadata),
            _ => place.at(Spot::Struct),
        }
    }

    fn entry(&self, place: Place, key: &Seen<'_, T>, value: &T) -> Fate<Place> {
        self.fate(place, self.verdict(key), key, value)
    }

    fn entries(&self, place: Place, key: &Seen<'_, T>, old: &T, new: &T) -> Fates<Place> {
        let verdict = self.verdict(key);
        let fate = |value| self.fate(place, verdict, key, value);
        let new = fate(new);
        // Nearly all are judged by the name alone.
        let by_value = match place.spot() {
            Spot::Named => true,
            Spot::Form => verdict.role() == Role::Source,
            _ => false,
        };
        if by_value || self.keep.is_some() {
            (fate(old), new)
        } else {
            (new, new)
        }
    }

    fn pair(&self, place: Place, key: &Seen<'_, T>, value: &T) -> Fate<Place> {
        if place.spot() == Spot::Named && names_a_field(value) {
            return Fate::Keep(place.at(Spot::Inside));
        }
        self.judge(place, self.verdict(key), Fate::Redact, key, value)
    }

    fn forgets_functions(&self, place: Place) -> bool {
        place.forgets()
    }
}

/// What becomes of a key of a changeset or form that is not sensitive.
fn part_of_form<T: Tree>(place: Place, role: Role, value: &T) -> Fate<Place> {
    let params = place.at(Spot::Inside).under(place.rule().params());
    match (place.spot(), role) {
        (_, Role::Named) => Fate::Keep(place.at(Spot::Named)),
        (_, Role::Params) => Fate::Keep(params),
        // A form made of params has them as its source too.
        (Spot::Form, Role::Source) if value.get_atom("__struct__").is_none() => Fate::Keep(params),
        _ => Fate::Keep(place.at(Spot::Inside)),
    }
}

/// Whether the value of a key that is the name of a field says something about the field (a message,
/// a type, a rule) and is not the field's own.
fn names_a_field<T: Tree>(value: &T) -> bool {
    matches!(value.shape(), Shape::Tuple | Shape::Atom)
}

/// How many items of a list are looked at before it is taken for one that holds values.
const ITEMS: usize = 1_000;

/// What becomes of params under a key that is not to be kept: maps are looked into, values go.
fn unkept<T: Tree>(place: Place, value: &T) -> Fate<Place> {
    let keeps_shape = match value.kind() {
        Kind::List(items) => only_maps::<T>(items),
        _ => is_plain_map(value),
    };
    if keeps_shape {
        Fate::Keep(place)
    } else {
        Fate::Redact
    }
}

fn is_plain_map<T: Tree>(value: &T) -> bool {
    value.shape() == Shape::Map && value.get_atom("__struct__").is_none()
}

/// Whether a list holds maps, some and nothing else. A long one is not looked through, for this is
/// asked before anything is spent of a budget.
fn only_maps<T: Tree>(mut items: T::Items) -> bool {
    let mut count = 0;
    for item in items.by_ref() {
        count += 1;
        if count > ITEMS || !is_plain_map(&item) {
            return false;
        }
    }
    count > 0 && items.tail().is_none()
}

#[cfg(test)]
mod tests;
