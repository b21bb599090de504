//! Texts that somebody wrote, as the message of an exception or a line of a log.
//!
//! They have no keys to go by, but what is written in them mostly came from something that had: an
//! inspected map, JSON, a query, a header. So what follows a sensitive name goes: the quotes after it, or
//! else the rest of the line, for nobody knows where a value ends that is not quoted. That is a net with
//! holes: "the password is hunter2" passes through.

use std::borrow::Cow;

use super::Sanitizer;
use crate::view::FILTERED;

pub(super) fn sanitize<'a>(sanitizer: &Sanitizer, text: &'a str) -> Cow<'a, str> {
    let mut out = Out::of(text);
    let mut at = 0;
    while let Some((from, to)) = word(text.as_bytes(), at) {
        at = to;
        if text[to..].starts_with("://") {
            at = url_end(text, to);
            if let Cow::Owned(clean) = sanitizer.url(&text[from..at]) {
                out.put(from, &[&clean], at);
            }
        } else if sanitizer
            .names
            .judge(&text.as_bytes()[from..to])
            .sensitive(true)
        {
            if let Some(value) = value_after(text.as_bytes(), to) {
                at = cut(text, value, &mut out);
            }
        }
    }
    out.end()
}

/// What comes out: the text as it is, until something of it is replaced.
struct Out<'a> {
    text: &'a str,
    done: usize,
    out: Option<String>,
}

impl<'a> Out<'a> {
    fn of(text: &'a str) -> Self {
        Out {
            text,
            done: 0,
            out: None,
        }
    }

    /// Puts something in place of what is between `from` and `to`.
    fn put(&mut self, from: usize, instead: &[&str], to: usize) {
        let out = self.out.get_or_insert_with(String::new);
        out.push_str(&self.text[self.done..from]);
        out.extend(instead.iter().copied());
        self.done = to;
    }

    fn end(self) -> Cow<'a, str> {
        match self.out {
            None => Cow::Borrowed(self.text),
            Some(mut out) => {
                out.push_str(&self.text[self.done..]);
                Cow::Owned(out)
            }
        }
    }
}

/// Where the next word is from `at` on: what may be a name.
fn word(bytes: &[u8], at: usize) -> Option<(usize, usize)> {
    let named = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let from = at + bytes[at..].iter().position(named)?;
    let rest = &bytes[from..];
    let length = rest.iter().position(|byte| !named(byte) && *byte != b'-');
    Some((from, length.map_or(bytes.len(), |length| from + length)))
}

/// Where a URL ends whose scheme ends at `at`.
fn url_end(text: &str, at: usize) -> usize {
    let ends = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '<' | '>');
    text[at..].find(ends).map_or(text.len(), |end| at + end)
}

/// Where the value of a name begins that ends at `at`, if something leads on to one: after a quote or
/// bracket that the name ends in, which may be escaped, `=>`, `=`, `:`, or a comma before a quote.
fn value_after(bytes: &[u8], at: usize) -> Option<usize> {
    let at = skip(bytes, at, |byte| byte == b'\\');
    let at = at + usize::from(matches!(bytes.get(at), Some(b'"' | b'\'' | b']')));
    let at = skip(bytes, at, |byte| byte.is_ascii_whitespace());
    let blank = |at| skip(bytes, at, |byte| byte.is_ascii_whitespace());
    match bytes.get(at..)? {
        [b'=', b'>', ..] => Some(blank(at + 2)),
        [b'=' | b':', ..] => Some(blank(at + 1)),
        [b',', ..] => Some(blank(at + 1)).filter(|at| matches!(bytes.get(*at), Some(b'"' | b'\''))),
        _ => None,
    }
}

fn skip(bytes: &[u8], at: usize, is: impl Fn(u8) -> bool) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    at + rest.iter().take_while(|byte| is(**byte)).count()
}

/// Takes out the value at `at`, and says where it ended.
fn cut(text: &str, at: usize, out: &mut Out<'_>) -> usize {
    let rest = &text[at..];
    if rest.starts_with(FILTERED) {
        return at + FILTERED.len();
    }
    if let Some(quote) = ["\"", "'"]
        .into_iter()
        .find(|quote| rest.starts_with(quote))
    {
        let end = at + closing(rest.as_bytes());
        out.put(at, &[quote, FILTERED, quote], end);
        return end;
    }
    let end = rest.find('\n').map_or(text.len(), |end| at + end);
    if end > at {
        out.put(at, &[FILTERED], end);
    }
    end
}

/// How long what begins with a quote is, the closing one included; all there is where there is none.
fn closing(quoted: &[u8]) -> usize {
    let mut at = 1;
    while let Some(byte) = quoted.get(at) {
        at += 1;
        if *byte == b'\\' {
            at += 1;
        } else if *byte == quoted[0] {
            return at;
        }
    }
    quoted.len()
}

#[cfg(test)]
mod tests {
    use crate::sanitize::{Options, Sanitizer};

    #[test]
    fn what_a_sensitive_name_leads_to_goes() {
        let sanitizer = Sanitizer::new(Options::default());
        for (text, expected) in [
            ("", ""),
            ("at 10:15: 3 items, total=4", "at 10:15: 3 items, total=4"),
            (
                r#"%{"password" => "a \" b", x: 1}"#,
                r#"%{"password" => "[FILTERED]", x: 1}"#,
            ),
            ("--password=x y", "--password=[FILTERED]"),
            (
                "Authorization: Bearer x\nnext",
                "Authorization: [FILTERED]\nnext",
            ),
            (
                r#"[{"api_key", "x"}, 2]"#,
                r#"[{"api_key", "[FILTERED]"}, 2]"#,
            ),
            (r#""{\"token\":\"x\"}""#, r#""{\"token\":[FILTERED]"#),
            ("user[pin]=1", "user[pin]=[FILTERED]"),
            ("token: 'x", "token: '[FILTERED]'"),
            ("token: \"\\", "token: \"[FILTERED]\""),
            ("token:", "token:"),
            ("token, then", "token, then"),
            ("a token", "a token"),
            ("é token: é", "é token: [FILTERED]"),
            (
                "GET https://a.example/?token=x&b=1 é",
                "GET https://a.example/?token=[FILTERED]&b=1 é",
            ),
            ("ecto://u:p@db", "ecto://u:[FILTERED]@db"),
        ] {
            let clean = sanitizer.text(text);
            assert_eq!(clean, expected, "{text}");
            assert_eq!(sanitizer.text(&clean), clean, "twice: {text}");
        }
    }
}
