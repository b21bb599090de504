//! URLs: what their query and fragment name, judged as params.

use std::borrow::Cow;

use super::Sanitizer;
use crate::view::FILTERED;

/// How often a value is unpacked that is itself a URL: a link back to a link back is enough.
const NESTED: usize = 3;

pub(super) fn sanitize<'a>(sanitizer: &Sanitizer, url: &'a str) -> Cow<'a, str> {
    let mut cuts = Vec::new();
    let query = url.find(['?', '#']).unwrap_or(url.len());
    user_password(&url[..query], &mut cuts);
    let pieces = Pieces { url, at: query };
    for piece in pieces {
        if let Some(from) = sensitive_from(sanitizer, &url[piece.0..piece.1], NESTED) {
            cuts.push((piece.0 + from, piece.1));
        }
    }
    if cuts.is_empty() {
        return Cow::Borrowed(url);
    }
    let mut out = String::with_capacity(url.len());
    let mut at = 0;
    for (from, to) in cuts {
        out.push_str(&url[at..from]);
        out.push_str(FILTERED);
        at = to;
    }
    out.push_str(&url[at..]);
    Cow::Owned(out)
}

/// The password of `scheme://user:password@host`.
fn user_password(front: &str, cuts: &mut Vec<(usize, usize)>) {
    // In front of the host there is a scheme or nothing; later slashes are the path's.
    let Some(start) = front.find("//").filter(|at| !front[..*at].contains('/')) else {
        return;
    };
    let start = start + 2;
    let end = front[start..]
        .find('/')
        .map_or(front.len(), |at| start + at);
    let Some(host) = front[start..end].rfind('@').map(|at| start + at) else {
        return;
    };
    if let Some(colon) = front[start..host].find(':') {
        cuts.push((start + colon + 1, host));
    }
}

/// The pieces of query and fragment: what stands between `?`, `#` and `&`.
struct Pieces<'a> {
    url: &'a str,
    at: usize,
}

impl Iterator for Pieces<'_> {
    type Item = (usize, usize);

    fn next(&mut self) -> Option<(usize, usize)> {
        if self.at >= self.url.len() {
            return None;
        }
        let start = self.at + 1;
        let end = self.url[start..]
            .find(['#', '&'])
            .map_or(self.url.len(), |at| start + at);
        self.at = end;
        Some((start, end))
    }
}

/// Where in `name=value` the part starts that is not recorded, if it is to go.
///
/// Some servers take `;` for `&`, and a fragment may hold a path with a query of its own, so a name
/// may also begin there. What follows a sensitive name goes to the end of the piece, whatever it is.
fn sensitive_from(sanitizer: &Sanitizer, piece: &str, nested: usize) -> Option<usize> {
    let mut start = 0;
    loop {
        let part = &piece[start..];
        let end = part.find([';', '?']).unwrap_or(part.len());
        if let Some(equals) = part[..end].find('=') {
            let (name, value) = (&part[..equals], &part[equals + 1..end]);
            if goes(sanitizer, name) || (nested > 0 && holds_sensitive(sanitizer, value, nested)) {
                return Some(start + equals + 1);
            }
        }
        if end == part.len() {
            return None;
        }
        start += end + 1;
    }
}

/// Whether a value is, once decoded, a URL or a query with something sensitive in it.
fn holds_sensitive(sanitizer: &Sanitizer, value: &str, nested: usize) -> bool {
    let decoded = decode(value);
    // An escape that is no UTF-8 hides nothing that stands beside it.
    let inner = String::from_utf8_lossy(&decoded);
    if !inner.contains('=') {
        return false;
    }
    // Its own `keep` is not asked here: the whole is under a key that was.
    inner.split(['?', '#', '&']).any(|piece| {
        piece.split(';').any(|part| match part.split_once('=') {
            Some((name, value)) => {
                sensitive(sanitizer, name)
                    || (nested > 1 && holds_sensitive(sanitizer, value, nested - 1))
            }
            None => false,
        })
    })
}

/// Whether the value under a name is not recorded: its name is sensitive, or it is not one to keep.
fn goes(sanitizer: &Sanitizer, name: &str) -> bool {
    let Some(keep) = &sanitizer.keep else {
        return sensitive(sanitizer, name);
    };
    let kept = |segment: &[u8]| keep.iter().any(|kept| kept.as_bytes() == segment);
    sensitive(sanitizer, name) || !any_segment(name, kept)
}

/// Whether a name, or one that it is nested in, is sensitive: `user[password]`, `secret[0]`.
fn sensitive(sanitizer: &Sanitizer, name: &str) -> bool {
    any_segment(name, |segment| {
        sanitizer.names.judge(segment).sensitive(true)
    })
}

fn any_segment(name: &str, is: impl Fn(&[u8]) -> bool) -> bool {
    let decoded = decode(name);
    let mut segments = decoded.split(|byte| matches!(byte, b'[' | b']'));
    segments.any(|segment| !segment.is_empty() && is(segment))
}

/// A name or value as a server reads it.
fn decode(text: &str) -> Cow<'_, [u8]> {
    let bytes = text.as_bytes();
    if !bytes.contains(&b'%') && !bytes.contains(&b'+') {
        return Cow::Borrowed(bytes);
    }
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let [first, tail @ ..] = rest {
        rest = tail;
        out.push(match (first, tail) {
            (b'+', _) => b' ',
            (b'%', [high, low, after @ ..]) => match (digit(*high), digit(*low)) {
                (Some(high), Some(low)) => {
                    rest = after;
                    high << 4 | low
                }
                _ => b'%',
            },
            (other, _) => *other,
        });
    }
    Cow::Owned(out)
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).map(|digit| digit as u8)
}

#[cfg(test)]
mod tests {
    use crate::sanitize::{Options, Sanitizer};

    fn check(sanitizer: &Sanitizer, table: &[(&str, &str)]) {
        for (url, expected) in table {
            let clean = sanitizer.url(url);
            assert_eq!(clean, *expected, "{url}");
            assert_eq!(sanitizer.url(&clean), clean, "twice: {url}");
        }
    }

    #[test]
    fn sensitive_values_go() {
        check(
            &Sanitizer::new(Options::default()),
            &[
                ("", ""),
                ("/users", "/users"),
                ("/users?", "/users?"),
                ("/users?page=2&sort=name#top", "/users?page=2&sort=name#top"),
                ("/?token", "/?token"),
                ("/?token=", "/?token=[FILTERED]"),
                (
                    "/?a=1&access_token=x=y&b=2",
                    "/?a=1&access_token=[FILTERED]&b=2",
                ),
                ("/?user[password]=x", "/?user[password]=[FILTERED]"),
                (
                    "/?user%5Bpass%77ord%5D=x&y=1",
                    "/?user%5Bpass%77ord%5D=[FILTERED]&y=1",
                ),
                ("/?secret[a][]=x", "/?secret[a][]=[FILTERED]"),
                (
                    "/?cvv=1&card[pin]=2&pinned=3",
                    "/?cvv=[FILTERED]&card[pin]=[FILTERED]&pinned=3",
                ),
                (
                    "/cb#access_token=x&state=1",
                    "/cb#access_token=[FILTERED]&state=1",
                ),
                (
                    "/?a=1#/reset?token=x&b=2",
                    "/?a=1#/reset?token=[FILTERED]&b=2",
                ),
                ("/?a=1;token=x;y&b=2", "/?a=1;token=[FILTERED]&b=2"),
                ("/?q=what?token=x", "/?q=what?token=[FILTERED]"),
                (
                    "https://u:p@example.com/a?b=c",
                    "https://u:[FILTERED]@example.com/a?b=c",
                ),
                (
                    "https://u:p@q@example.com",
                    "https://u:[FILTERED]@example.com",
                ),
                ("//u:p@example.com/", "//u:[FILTERED]@example.com/"),
                (
                    "https://example.com:4000/@me",
                    "https://example.com:4000/@me",
                ),
                ("/a//b:c@d", "/a//b:c@d"),
                ("/?to=%2Fin%3Ftoken%3Dx&a=1", "/?to=[FILTERED]&a=1"),
                (
                    "/?to=%2Fin%3Fto%3D%252Fx%253Ftoken%253Dy",
                    "/?to=[FILTERED]",
                ),
                ("/?to=%2Fin%3Fpage%3D2", "/?to=%2Fin%3Fpage%3D2"),
                ("/?x=%zz&%ff=1&ö=ü", "/?x=%zz&%ff=1&ö=ü"),
                ("/?a+token=x", "/?a+token=[FILTERED]"),
            ],
        );
    }

    #[test]
    fn with_keep_nothing_else_stays() {
        let keep = Some(vec!["page".to_owned(), "user".to_owned()]);
        check(
            &Sanitizer::new(Options {
                keep,
                ..Options::default()
            }),
            &[
                ("/?page=2&q=x", "/?page=2&q=[FILTERED]"),
                (
                    "/?user[name]=x&user[password]=y",
                    "/?user[name]=x&user[password]=[FILTERED]",
                ),
            ],
        );
    }

    #[test]
    fn without_a_sensitive_name_nothing_is_copied() {
        let sanitizer = Sanitizer::new(Options::default());
        assert!(matches!(
            sanitizer.url("/?a=1"),
            std::borrow::Cow::Borrowed(_)
        ));
    }
}
