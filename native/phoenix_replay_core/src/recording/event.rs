//! What happened at one moment of a session.

use std::sync::Arc;

use crate::etf::Value;

/// The kinds of event that are known. A recording may hold others, which are kept and shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventKind<'a> {
    /// `%{assigns: map}`: the view is mounted.
    Mount,
    /// `%{name: name, params: map}`: a `handle_event`.
    Event,
    /// `%{params: map, url: url}`: a `handle_params`.
    HandleParams,
    /// `%{}` or `%{tag: atom}`: a `handle_info`.
    Info,
    /// `%{patch: patch}`, `%{snapshot: map}` or, by id, `%{delta: map}`: a render that changed something.
    Assigns,
    /// `%{stage: atom, reason: text}`: something that the recording lost.
    Fault,
    /// Any other, by the name of its atom.
    Other(&'a str),
}

impl<'a> EventKind<'a> {
    /// The kind of this name.
    #[must_use]
    pub fn named(name: &'a str) -> Self {
        match name {
            "mount" => EventKind::Mount,
            "event" => EventKind::Event,
            "handle_params" => EventKind::HandleParams,
            "info" => EventKind::Info,
            "assigns" => EventKind::Assigns,
            "fault" => EventKind::Fault,
            other => EventKind::Other(other),
        }
    }

    /// The name of its atom.
    #[must_use]
    pub fn name(self) -> &'a str {
        match self {
            EventKind::Mount => "mount",
            EventKind::Event => "event",
            EventKind::HandleParams => "handle_params",
            EventKind::Info => "info",
            EventKind::Assigns => "assigns",
            EventKind::Fault => "fault",
            EventKind::Other(name) => name,
        }
    }

    /// Whether it is something that the view handles and then renders for.
    #[must_use]
    pub fn is_handled(self) -> bool {
        matches!(
            self,
            EventKind::Event | EventKind::HandleParams | EventKind::Info
        )
    }

    /// Whether it is what a render brought to the page, or the beginning of it.
    #[must_use]
    pub fn is_rendered(self) -> bool {
        matches!(
            self,
            EventKind::Mount
                | EventKind::Assigns
                | EventKind::Other("component" | "stream" | "flash" | "upload")
        )
    }
}

/// Whether a line of the log of this level is an error, by the levels of RFC 5424 as Erlang names them.
///
/// ```
/// use phoenix_replay_core::recording::is_error_level;
/// assert!(is_error_level("critical"));
/// assert!(!is_error_level("warning"));
/// ```
#[must_use]
pub fn is_error_level(level: &str) -> bool {
    matches!(level, "error" | "critical" | "alert" | "emergency")
}

/// The key in a payload of how many microseconds a callback or a render took.
pub(crate) const TOOK: &str = "took_us";

/// One event of a recording.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Milliseconds since the session began. Never less than that of the event before.
    pub offset_ms: u64,
    /// The name of its kind.
    pub name: Arc<str>,
    /// What it holds.
    pub payload: Value,
}

impl Event {
    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> EventKind<'_> {
        EventKind::named(&self.name)
    }

    /// The event of a term `{offset_ms, type, payload}`, if it is one.
    pub(crate) fn from_value(value: &Value) -> Option<Self> {
        let [offset_ms, Value::Atom(name), payload] = value.as_tuple()? else {
            return None;
        };
        let offset_ms = u64::try_from(offset_ms.as_integer()?).ok()?;
        Some(Event {
            offset_ms,
            name: name.clone(),
            payload: payload.clone(),
        })
    }
}
