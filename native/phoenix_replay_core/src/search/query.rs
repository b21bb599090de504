//! What is looked for.

use std::fmt;
use std::ops::Range;

use regex::bytes::{Regex, RegexBuilder};

use crate::etf::Value;
use crate::view::{FILTERED, HIDDEN};

/// The longest text or pattern, in bytes. Nobody types a longer one.
const LONGEST: usize = 4 * 1024;

/// Bytes that a compiled pattern may take, and again its cache while it is used.
const COMPILED: usize = 4 * 1024 * 1024;

/// Whether letters of another case match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// They do not.
    Sensitive,
    /// They do, by Unicode's simple case folding.
    Insensitive,
}

/// What is looked for. Cloning shares what was compiled.
#[derive(Clone, Debug)]
pub struct Query(Kind);

#[derive(Clone, Debug)]
enum Kind {
    Integer(i64),
    Float(f64),
    Text(Regex),
}

impl Query {
    /// Values that contain this text: binaries, and atoms by their names (`MyApp.User` for a module).
    ///
    /// # Errors
    /// [`QueryError::Empty`] and [`QueryError::TooLong`].
    pub fn text(text: &str, case: Case) -> Result<Self, QueryError> {
        if text.is_empty() {
            return Err(QueryError::Empty);
        }
        if text.len() > LONGEST {
            return Err(QueryError::TooLong);
        }
        compile(&regex::escape(text), case)
    }

    /// Numbers that equal this one, integers an integer and floats a float: `"7"` does not find `7.0`.
    ///
    /// # Errors
    /// [`QueryError::Number`] when it is none, or an integer of more than 64 bits.
    pub fn number(text: &str) -> Result<Self, QueryError> {
        let float = || text.parse().ok().filter(|float: &f64| float.is_finite());
        let is_float = text.contains(['.', 'e', 'E']);
        match text.parse() {
            Ok(integer) => Ok(Query(Kind::Integer(integer))),
            Err(_) if is_float => float()
                .map(|float| Query(Kind::Float(float)))
                .ok_or(QueryError::Number),
            Err(_) => Err(QueryError::Number),
        }
    }

    /// Values, as for [`Query::text`], in which this regular expression matches somewhere. Syntax and
    /// linear time are those of the crate [`regex`].
    ///
    /// # Errors
    /// [`QueryError`], with what is wrong with the expression where that is it.
    pub fn regex(pattern: &str, case: Case) -> Result<Self, QueryError> {
        match pattern.len() {
            0 => Err(QueryError::Empty),
            1..=LONGEST => compile(pattern, case),
            _ => Err(QueryError::TooLong),
        }
    }

    /// Where in the value it is found: bytes of its text, or all of it. What is hidden is never found.
    pub(super) fn find(&self, value: &Value) -> Option<Range<usize>> {
        match (&self.0, value) {
            (Kind::Integer(wanted), Value::Integer(integer)) => (wanted == integer).then_some(0..0),
            (Kind::Float(wanted), Value::Float(float)) => (wanted == float).then_some(0..0),
            (Kind::Text(regex), Value::Binary(_) | Value::Atom(_)) => {
                let text = searched(value)?;
                regex.find(text).map(|found| found.range())
            }
            _ => None,
        }
    }

    /// Whether it is found in the value.
    pub(super) fn matches(&self, value: &Value) -> bool {
        match &self.0 {
            Kind::Text(regex) => searched(value).is_some_and(|text| regex.is_match(text)),
            _ => self.find(value).is_some(),
        }
    }
}

/// The bytes in which text is looked for.
pub(super) fn searched(value: &Value) -> Option<&[u8]> {
    match value {
        Value::Binary(bytes) => Some(&**bytes).filter(|bytes| *bytes != FILTERED.as_bytes()),
        Value::Atom(name) => Some(&**name)
            .filter(|name| *name != HIDDEN)
            .map(|name| name.strip_prefix("Elixir.").unwrap_or(name).as_bytes()),
        _ => None,
    }
}

fn compile(pattern: &str, case: Case) -> Result<Query, QueryError> {
    RegexBuilder::new(pattern)
        .case_insensitive(case == Case::Insensitive)
        .size_limit(COMPILED)
        .dfa_size_limit(COMPILED)
        .build()
        .map(|regex| Query(Kind::Text(regex)))
        .map_err(|error| QueryError::Regex(error.to_string()))
}

/// Why nothing can be looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum QueryError {
    /// There is nothing to look for.
    Empty,
    /// The text or pattern is longer than 4 KiB.
    TooLong,
    /// It is no number, or none that fits.
    Number,
    /// It is no regular expression, or one that takes too much: what is wrong with it.
    Regex(String),
}

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            QueryError::Empty => f.write_str("there is nothing to look for; give at least one character"),
            QueryError::TooLong => f.write_str("what to look for is longer than 4 KiB; give a part of it"),
            QueryError::Number => f.write_str("this is not an integer of 64 bits or a float; to find digits in texts, look for a text"),
            QueryError::Regex(what) => write!(f, "the regular expression is not valid or too large: {what}"),
        }
    }
}

impl std::error::Error for QueryError {}
