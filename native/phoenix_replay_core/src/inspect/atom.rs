//! Atoms as Elixir writes them.

use super::leaf::escape;

const OPERATORS: [&str; 24] = [
    "+", "-", "*", "/", "=", "==", "!=", "<", ">", "<=", ">=", "&&", "||", "!", "++", "--", "<>",
    "|>", "<-", "|", "^", "&", ".", "%{}",
];

/// The atom of this name: `:ok`, `nil`, `MyApp.User`, `:"with space"`.
///
/// ```
/// use phoenix_replay_core::inspect::atom;
/// assert_eq!(atom("saved?"), ":saved?");
/// assert_eq!(atom("Elixir.MyApp.User"), "MyApp.User");
/// assert_eq!(atom("two words"), ":\"two words\"");
/// ```
#[must_use]
pub fn atom(name: &str) -> String {
    if matches!(name, "nil" | "true" | "false") {
        return name.into();
    }
    match name.strip_prefix("Elixir.") {
        Some(alias) if alias.split('.').all(is_alias) => alias.into(),
        _ if is_bare(name) || OPERATORS.contains(&name) => format!(":{name}"),
        _ => format!(":{}", escape(name, usize::MAX)),
    }
}

/// The atom as the key of a map or keyword list, without the colon behind it.
pub(super) fn field(name: &str) -> String {
    if is_bare(name) {
        name.into()
    } else {
        escape(name, usize::MAX)
    }
}

/// Whether `value.name` can be written.
pub(crate) fn is_identifier(name: &str) -> bool {
    is_bare(name) && !name.starts_with(char::is_uppercase) && !name.contains('@')
}

/// Whether it needs no quotes.
fn is_bare(name: &str) -> bool {
    let name = name.strip_suffix(['?', '!']).unwrap_or(name);
    name.starts_with(|first: char| first == '_' || first.is_alphabetic())
        && name.chars().all(|letter| letter == '@' || is_part(letter))
}

fn is_alias(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_uppercase()) && name.chars().all(is_part)
}

fn is_part(letter: char) -> bool {
    letter == '_' || letter.is_alphanumeric()
}
