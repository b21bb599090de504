//! Finding values in a recording: when they appear, and where.
//!
//! A state is not rebuilt to be searched. Each event's patch is walked along with the state before it,
//! and only what it changes is looked at: the new terms, and the texts it splices, whole. So a word that
//! was typed letter by letter is found at the letter which completes it.
//!
//! A value is reported when it appears: when it matches and what stood in its place before the event did
//! not. What merely moved in a list is not looked at; a new item of a list stands in the place of the old
//! one that it takes the place of, if there is one. Besides the assigns, what an event holds is searched
//! (its name, its params, its URL), and at the first event the params and the session of the mount. Keys
//! are not searched, nor what `__struct__` and its like say, which is what a value is and not what it
//! holds; what is hidden or filtered is never found.

mod excerpt;
mod path;
mod query;
mod touched;
mod walk;

pub use path::{Path, Step};
pub use query::{Case, Query, QueryError};

use std::ops::ControlFlow;

use crate::etf::Value;
use crate::recording::{Event, EventKind, Recording};
use crate::timeline::{Change, How, Part, State, MOST_WORK};
use walk::{Visit, Walk};

/// A value that was found, at the event with which it appears.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The event's index, from 0.
    pub index: usize,
    /// Milliseconds since the session began.
    pub offset_ms: u64,
    /// Where it is.
    pub path: Path,
    /// What is around the match, of a text at most 120 bytes, without control characters.
    pub excerpt: String,
}

/// What a search found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// In the order of the events.
    pub hits: Vec<Hit>,
    /// Whether there may be more than these.
    pub more: bool,
}

/// How far a search has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Events that were searched.
    pub events: usize,
    /// Events in all.
    pub of: usize,
}

/// A search of one recording, to be run at once or piece by piece. It takes the memory of the recording
/// and of one state.
///
/// ```
/// use std::ops::ControlFlow;
/// use phoenix_replay_core::recording::{Recording, Head, Summary, Event};
/// use phoenix_replay_core::{etf::Value, search::{Case, Query, Search}};
/// # let entry = |key: &str, value| (Value::atom(key), value);
/// # let facts = Value::map([entry("id", Value::binary("a")), entry("view", Value::atom("Elixir.V")), entry("connected_at", Value::integer(0))]);
/// # let mount = Value::map([entry("assigns", Value::map([entry("user", Value::binary("Ann Lee"))]))]);
/// # let recording = Recording {
/// #     head: Head::new(facts).unwrap(), summary: Summary::default(), context: Value::map([]),
/// #     events: vec![Event { offset_ms: 0, name: "mount".into(), payload: mount }],
/// # };
/// let query = Query::text("lee", Case::Insensitive).unwrap();
/// let mut search = Search::new(recording, query, 100);
/// while search.run(|_progress| ControlFlow::Break(())).is_continue() {}
/// let found = search.found();
/// assert_eq!(found.hits[0].path.to_string(), "assigns.user");
/// assert_eq!((found.hits[0].index, &*found.hits[0].excerpt), (0, "Ann Lee"));
/// ```
pub struct Search {
    recording: Recording,
    query: Query,
    most: usize,
    state: State,
    next: usize,
    found: Found,
    /// What the changes so far took.
    work: u64,
    done: bool,
}

impl Search {
    /// A search for at most so many hits.
    #[must_use]
    pub fn new(recording: Recording, query: Query, most: usize) -> Self {
        Search {
            recording,
            query,
            most,
            state: State::new(),
            next: 0,
            found: Found::default(),
            work: 0,
            done: false,
        }
    }

    /// Goes on with the search. Asks after each event whether to go on: `Break` pauses it. What is
    /// returned is `Break` when the search is done, and `Continue` when it was paused.
    pub fn run(&mut self, mut go_on: impl FnMut(Progress) -> ControlFlow<()>) -> ControlFlow<()> {
        if self.next == 0 && !self.done {
            self.opening();
        }
        let of = self.recording.events.len();
        while !self.done && self.next < of {
            self.event();
            self.next += 1;
            if go_on(Progress {
                events: self.next,
                of,
            })
            .is_break()
            {
                return ControlFlow::Continue(());
            }
        }
        self.done = true;
        ControlFlow::Break(())
    }

    /// What was found so far.
    #[must_use]
    pub fn found(self) -> Found {
        self.found
    }

    /// What was known before the first event.
    fn opening(&mut self) {
        let mut hits = self.whole(&self.recording.context, "context");
        let urls = self.recording.events.iter().filter_map(url);
        if let Some(url) = &self.recording.summary.url {
            // Nearly always there is an event that says it.
            if !urls.into_iter().any(|other| other == &**url) {
                let url = Value::binary(&**url);
                hits.extend(self.walk(vec![key("url")], Visit::Term(&url, None)));
            }
        }
        self.take(hits, 0);
    }

    fn event(&mut self) {
        let event = &self.recording.events[self.next];
        let offset_ms = event.offset_ms;
        let change = Change::of(event);
        let hits = match &change {
            Change::None => self.whole(&event.payload, "payload"),
            Change::All(new) | Change::Some(new) => {
                let old = Some(&self.state.assigns);
                self.walk(vec![key("assigns")], Visit::Term(new, old))
            }
            Change::Patch(patch) => self.walk(
                vec![key("assigns")],
                Visit::Change(patch, &self.state.assigns),
            ),
            Change::Part(part) => self.part(part, event),
        };
        if !matches!(change, Change::None) {
            let state = std::mem::replace(&mut self.state, State::new());
            match change.apply(state, &mut self.work) {
                Ok(state) if self.work <= MOST_WORK => self.state = state,
                // The recording ends with the event before.
                _ => {
                    self.done = true;
                    return;
                }
            }
        }
        self.take(hits, offset_ms);
    }

    /// A part of the page: what of it is new, under the name of its kind.
    fn part(&self, part: &Part<'_>, event: &Event) -> Vec<(Path, String)> {
        let prefix = vec![key(&event.name)];
        let old = self.state.part(part.key);
        match part.how {
            How::Value(new) => self.walk(prefix, Visit::Term(new, Some(&old))),
            How::Patch(patch) => self.walk(prefix, Visit::Change(patch, &old)),
            How::Rows(rows) => self.walk(prefix, Visit::Term(rows, None)),
            How::Gone => Vec::new(),
        }
    }

    /// A map whose keys say what they are, or anything else under a name.
    fn whole(&self, value: &Value, name: &str) -> Vec<(Path, String)> {
        let prefix = value
            .as_map()
            .map_or_else(|| vec![key(name)], |_| Vec::new());
        self.walk(prefix, Visit::Term(value, None))
    }

    fn walk(&self, prefix: Vec<Step>, visit: Visit<'_>) -> Vec<(Path, String)> {
        let room = self.most - self.found.hits.len();
        // One more than there is room for tells that there are more.
        Walk::new(&self.query, prefix, room.saturating_add(1)).run(visit)
    }

    fn take(&mut self, hits: Vec<(Path, String)>, offset_ms: u64) {
        for (path, excerpt) in hits {
            if self.found.hits.len() == self.most {
                self.found.more = true;
                self.done = true;
                return;
            }
            self.found.hits.push(Hit {
                index: self.next,
                offset_ms,
                path,
                excerpt,
            });
        }
    }
}

/// All that a recording holds of what is looked for, at most so many hits.
#[must_use]
pub fn search(recording: Recording, query: Query, most: usize) -> Found {
    let mut search = Search::new(recording, query, most);
    let _ = search.run(|_| ControlFlow::Continue(()));
    search.found()
}

fn key(name: &str) -> Step {
    Step::Key(Value::atom(name))
}

fn url(event: &Event) -> Option<&str> {
    match event.kind() {
        EventKind::HandleParams => event.payload.field("url").and_then(Value::as_text),
        _ => None,
    }
}
