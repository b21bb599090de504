//! Conditions on recordings, asked of outlines.
//!
//! They mean what `PhoenixReplay.Storage.Query` says they mean. Where only Elixir knows, as of a float's
//! text, the answer is [`Verdict::Unsure`], and whoever asked looks at the summary.

use std::collections::HashSet;

use memchr::{memchr2_iter, memmem};

use super::outline::Outlined;

/// Conditions that must all hold; `None` is no condition.
#[derive(Clone, Debug, Default)]
pub struct Query {
    /// The view's name, as Elixir writes it.
    pub view: Option<Vec<u8>>,
    /// What the URL contains.
    pub url: Option<Vec<u8>>,
    /// An event that was handled.
    pub event: Option<Vec<u8>>,
    /// Connected then or later, in Unix milliseconds.
    pub from: Option<i64>,
    /// Connected then or earlier.
    pub to: Option<i64>,
    /// At least so long.
    pub min_duration_ms: Option<i64>,
    /// At most so long.
    pub max_duration_ms: Option<i64>,
    /// Whether something went wrong.
    pub errors: Option<bool>,
    /// Facts with these values, as text.
    pub metadata: Option<Vec<(Vec<u8>, Vec<u8>)>>,
    /// The release.
    pub release: Option<Vec<u8>>,
    /// What id, URL or a value of the metadata contains in lower case. It is in lower case itself.
    pub text: Option<Vec<u8>>,
    /// Whether it is pinned.
    pub pinned: Option<bool>,
    /// One of these ids.
    pub ids: Option<HashSet<Vec<u8>>>,
}

/// Whether a recording is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// It is not.
    No,
    /// Its summary tells.
    Unsure,
    /// It is.
    Yes,
}

impl Query {
    /// Whether what its key tells does not rule a recording out.
    pub(super) fn allows(&self, id: &str, pinned: impl FnOnce(&str) -> bool) -> bool {
        let ids = self.ids.as_ref();
        ids.is_none_or(|ids| ids.contains(id.as_bytes()))
            && self.pinned.is_none_or(|asked| asked == pinned(id))
    }

    /// Whether it asks about what outlines tell.
    pub(super) fn needs_outline(&self) -> bool {
        self.view.is_some()
            || self.url.is_some()
            || self.event.is_some()
            || self.min_duration_ms.is_some()
            || self.max_duration_ms.is_some()
            || self.errors.is_some()
            || self.metadata.is_some()
            || self.release.is_some()
            || self.text.is_some()
    }

    /// What is cheap is asked first, and nothing after a no.
    pub(super) fn verdict(&self, id: &str, facts: &Outlined<'_>) -> Verdict {
        let conditions: [&dyn Fn() -> Verdict; 8] = [
            &|| holds(self.errors, |asked| asked == facts.failed),
            &|| {
                holds(self.min_duration_ms, |least| facts.duration_ms >= least)
                    .min(holds(self.max_duration_ms, |most| {
                        facts.duration_ms <= most
                    }))
            },
            &|| asked(&self.view, |name| view(facts.view, name)),
            &|| asked(&self.release, |name| sure(facts.release == Some(name))),
            &|| {
                asked(&self.url, |text| {
                    sure(memmem::find(facts.url, text).is_some())
                })
            },
            &|| {
                asked(&self.event, |name| {
                    sure(facts.events().any(|event| event == name))
                })
            },
            &|| {
                self.metadata
                    .as_deref()
                    .map_or(Verdict::Yes, |facts_asked| metadata(facts, facts_asked))
            },
            &|| asked(&self.text, |text| text_in(id, facts, text)),
        ];
        let mut verdict = Verdict::Yes;
        for condition in conditions {
            verdict = verdict.min(condition());
            if verdict == Verdict::No {
                break;
            }
        }
        verdict
    }
}

fn sure(truth: bool) -> Verdict {
    if truth {
        Verdict::Yes
    } else {
        Verdict::No
    }
}

fn holds<T>(asked: Option<T>, holds: impl FnOnce(T) -> bool) -> Verdict {
    asked.map_or(Verdict::Yes, |asked| sure(holds(asked)))
}

fn asked(asked: &Option<Vec<u8>>, verdict: impl FnOnce(&[u8]) -> Verdict) -> Verdict {
    asked.as_deref().map_or(Verdict::Yes, verdict)
}

/// A module goes by its name without `Elixir.`; how Elixir writes any other atom is for Elixir to say.
fn view(view: &[u8], name: &[u8]) -> Verdict {
    match view.strip_prefix(b"Elixir.") {
        Some(module) if is_alias(module) => sure(module == name),
        _ => Verdict::Unsure,
    }
}

fn is_alias(name: &[u8]) -> bool {
    name.split(|byte| *byte == b'.').all(|part| {
        part.first().is_some_and(u8::is_ascii_uppercase)
            && part
                .iter()
                .all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
    })
}

fn metadata(facts: &Outlined<'_>, asked: &[(Vec<u8>, Vec<u8>)]) -> Verdict {
    let known = |(name, value): &(Vec<u8>, Vec<u8>)| {
        facts
            .metadata()
            .any(|fact| fact == (name.as_slice(), value.as_slice()))
    };
    if asked.iter().all(known) {
        Verdict::Yes
    } else if facts.odd {
        Verdict::Unsure
    } else {
        Verdict::No
    }
}

/// Elixir looks in all of them joined by line ends, so that a text with one may begin in one and end in
/// the next.
fn text_in(id: &str, facts: &Outlined<'_>, text: &[u8]) -> Verdict {
    let values = facts.metadata().map(|(_name, value)| value);
    let found = contains_lower(id.as_bytes(), text)
        || contains_lower(facts.url, text)
        || values.into_iter().any(|value| contains_lower(value, text));
    match found {
        true => Verdict::Yes,
        false if facts.odd || text.contains(&b'\n') => Verdict::Unsure,
        false => Verdict::No,
    }
}

/// Whether `bytes` in lower case contain `text`, which is.
fn contains_lower(bytes: &[u8], text: &[u8]) -> bool {
    if !bytes.is_ascii() {
        return memmem::find(lower(bytes).as_bytes(), text).is_some();
    }
    let Some(first) = text.first() else {
        return true;
    };
    memchr2_iter(*first, first.to_ascii_uppercase(), bytes).any(|at| {
        let there = bytes.get(at..at + text.len());
        there.is_some_and(|there| there.eq_ignore_ascii_case(text))
    })
}

/// Letter by letter, as `String.downcase/1` goes: the end of a Greek word is no case of its own.
fn lower(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    text.chars().flat_map(char::to_lowercase).collect()
}
