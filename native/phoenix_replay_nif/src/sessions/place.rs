//! Where a LiveView is: on which connection, and inside of which other one.
//!
//! A nested LiveView knows the process of its parent, not its recording, and has no business asking a
//! process of the host's. So each session that starts leaves word here which process it is of. A start
//! writes it and that of a nested view reads it; no append comes by.

use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::Arc;

use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use dashmap::DashMap;
use once_cell::sync::Lazy;
use phoenix_replay_core::etf::Value;
use rustler::{Binary, Decoder, NifResult, Term};

use super::identity::Text;

/// Recordings by the process they are of, and those of pages by that of their connection too. A pid of
/// this node is a single word, and another process has another word.
static OWNERS: Lazy<DashMap<usize, Known>> = Lazy::new(DashMap::new);

/// What is left word of.
#[derive(Clone)]
struct Known {
    id: Arc<str>,
    used: Arc<Used>,
}

/// What connections are told apart by. Its keys are random, so that those of another node, or of this
/// one started again, are others.
static CONNECTIONS: Lazy<RandomState> = Lazy::new(RandomState::new);

/// The process of a session, as the key it is known by.
#[derive(Clone, Copy)]
pub struct Owner(usize);

impl Owner {
    pub fn of(pid: Term<'_>) -> Self {
        Owner(pid.as_c_arg())
    }

    /// Leaves word of which recording this process has, and where it is.
    pub fn has(self, id: &Arc<str>, place: &Place) {
        let known = Known {
            id: id.clone(),
            used: place.used.clone(),
        };
        OWNERS.insert(self.0, known);
    }

    /// Takes that back, unless it is about another recording by now.
    pub fn forget(self, id: &str) {
        OWNERS.remove_if(&self.0, |_, known| *known.id == *id);
    }

    fn recording(self) -> Option<Known> {
        OWNERS.get(&self.0).map(|known| known.clone())
    }
}

/// What a LiveView says of its place: its connection's process, its parent's, and the DOM id of its
/// element. Without a parent it is sticky; without an element it is the page itself.
#[derive(Default)]
pub struct Given<'a>(Option<(Term<'a>, Term<'a>, Option<Binary<'a>>)>);

impl<'a> Decoder<'a> for Given<'a> {
    fn decode(term: Term<'a>) -> NifResult<Self> {
        Ok(Given(term.decode()?))
    }
}

/// The same in names that a recording can hold.
#[derive(Default)]
pub struct Place {
    /// The connection, which all LiveViews of one open page share.
    pub connection: Option<Arc<str>>,
    /// The recording of its parent, or if it is sticky of the page that had it first, if that is recorded.
    pub nested_in: Option<Arc<str>>,
    element: Option<Arc<str>>,
    sticky: bool,
    used: Arc<Used>,
    /// The connection's process, if this is the page itself.
    page_of: Option<Owner>,
}

impl Place {
    pub fn of(given: &Given<'_>) -> Self {
        let Some((transport, parent, element)) = &given.0 else {
            return Place::default();
        };
        let connection = Owner::of(*transport);
        let place = Place {
            connection: code(connection),
            ..Place::default()
        };
        let Some(element) = element else {
            return Place {
                page_of: Some(connection),
                ..place
            };
        };
        let sticky = !parent.is_pid();
        let around = if sticky {
            connection
        } else {
            Owner::of(*parent)
        };
        let (nested_in, used) = around
            .recording()
            .map(|known| (known.id, known.used))
            .unzip();
        Place {
            nested_in,
            used: Arc::new(Used::inside(used)),
            element: Some(String::from_utf8_lossy(element).into()),
            sticky,
            ..place
        }
    }

    /// Leaves word that `id` is the page of its connection now, if it is a page.
    pub fn is_of(&self, id: &Arc<str>) {
        if let Some(connection) = self.page_of {
            connection.has(id, self);
        }
    }

    /// Takes that back.
    pub fn forget(&self, id: &str) {
        if let Some(connection) = self.page_of {
            connection.forget(id);
        }
    }

    /// Somebody used what is here, and so what is around it. It takes no lock.
    pub fn touched(&self) {
        self.used.tell_around();
    }

    /// Whether somebody used what is nested in it.
    pub fn used_inside(&self) -> bool {
        self.used.inside.load(Ordering::Relaxed)
    }

    /// Whether it is nested in a recording, or sticky on a connection, of this name.
    pub fn is_in(&self, name: &str) -> bool {
        let is = |known: &Option<Arc<str>>| known.as_deref() == Some(name);
        is(&self.nested_in) || (self.sticky && is(&self.connection))
    }

    /// The facts to find it by, if it is not the page itself.
    pub fn facts(&self) -> Option<Value> {
        let element = self.element.as_ref()?;
        let connection = self.connection.as_ref().filter(|_| self.sticky);
        let facts = [
            ("nested_in", self.nested_in.as_ref()),
            ("sticky_in", connection),
            ("nested_id", Some(element)),
        ];
        let known = facts.into_iter().filter_map(|(name, text)| {
            text.map(|text| (Value::binary(name), Value::binary(&**text)))
        });
        Some(Value::map(known))
    }
}

/// Whether somebody used what is nested in a LiveView, however deep: then the page was used, whether or
/// not that LiveView had an event of its own.
#[derive(Default)]
struct Used {
    inside: AtomicBool,
    around: Option<Arc<Used>>,
}

impl Used {
    fn inside(around: Option<Arc<Used>>) -> Self {
        Used {
            inside: AtomicBool::new(false),
            around,
        }
    }

    /// Up to the page, or to where it has been told before.
    fn tell_around(&self) {
        let mut next = self.around.as_deref();
        while let Some(used) = next {
            // Read first: a place in memory that many write is slow for all of them.
            if used.inside.load(Ordering::Relaxed) {
                return;
            }
            used.inside.store(true, Ordering::Relaxed);
            next = used.around.as_deref();
        }
    }
}

fn code(connection: Owner) -> Option<Arc<str>> {
    let hash = CONNECTIONS.hash_one(connection.0).to_be_bytes();
    let code = Text::<12>::of(&URL_SAFE_NO_PAD, &hash).ok()?;
    Some(code.text().into())
}
