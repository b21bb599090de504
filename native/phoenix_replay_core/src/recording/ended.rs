//! How a session ended.

/// How a session ended, as far as anyone could tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// The browser closed the page.
    Closed,
    /// The user went on to another view over the same socket.
    Left,
    /// The view redirected.
    Redirected,
    /// The process crashed.
    Crashed,
    /// The server was drained for a deploy.
    Drained,
    /// The process was killed.
    Killed,
    /// A session by id was finalized.
    Finished,
    /// The application stopped.
    Stopped,
    /// Nobody could tell.
    Unknown,
}

const ALL: [(Ended, &str); 9] = [
    (Ended::Closed, "closed"),
    (Ended::Left, "left"),
    (Ended::Redirected, "redirected"),
    (Ended::Crashed, "crashed"),
    (Ended::Drained, "drained"),
    (Ended::Killed, "killed"),
    (Ended::Finished, "finished"),
    (Ended::Stopped, "stopped"),
    (Ended::Unknown, "unknown"),
];

impl Ended {
    /// The way of this name; any other name is [`Ended::Unknown`].
    #[must_use]
    pub fn named(name: &str) -> Self {
        ALL.iter()
            .find(|(_, own)| *own == name)
            .map_or(Ended::Unknown, |(ended, _)| *ended)
    }

    /// The name of its atom.
    #[must_use]
    pub fn name(self) -> &'static str {
        ALL.iter()
            .find(|(ended, _)| *ended == self)
            .map_or("unknown", |(_, name)| name)
    }

    /// Whether it counts as an error of the session: a crash or an abnormal exit.
    #[must_use]
    pub fn is_error(self) -> bool {
        matches!(self, Ended::Crashed | Ended::Killed)
    }
}
