//! What an event says about its session: that somebody uses the page, or that something is wrong.

/// What an event says about its session, apart from what it holds.
#[derive(Clone, Copy, Debug)]
pub enum Interaction<'a> {
    /// Nothing: a render, a message, a fault.
    None,
    /// A `handle_event`, with its name.
    Event(&'a str),
    /// A `handle_params`, with the page's URL. The first one belongs to mounting.
    Params(Option<&'a str>),
    /// An error that the session lives on with.
    Failed,
    /// A step that took so many milliseconds.
    Took(u64),
}
