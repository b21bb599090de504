//! What in a session counts as somebody using the page.

/// What an event says about its user, apart from what it holds.
#[derive(Clone, Copy, Debug)]
pub enum Interaction<'a> {
    /// Nothing: a render, a message, a fault.
    None,
    /// A `handle_event`, with its name.
    Event(&'a str),
    /// A `handle_params`, with the page's URL. The first one belongs to mounting.
    Params(Option<&'a str>),
}
