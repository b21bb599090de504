//! Which names are sensitive.

use super::verdicts::Verdict;

/// Sensitive everywhere, as the last words of a name or the whole of it.
const ALWAYS: [&str; 10] = [
    "token",
    "csrf_token",
    "secret",
    "api_key",
    "private_key",
    "authorization",
    "cookie",
    "credential",
    "credentials",
    "card_number",
];

/// Sensitive in params only: elsewhere a `pin` is on a map.
const IN_PARAMS: [&str; 5] = ["cvv", "cvc", "ssn", "otp", "pin"];

/// Sensitive wherever it stands in a name, alone of all.
const PASSWORD: &[u8] = b"password";

/// No name is longer. A key that is would take longer to look through than a call may, and is taken
/// for sensitive unseen.
const LONGEST: usize = 64 * 1024;

/// The names of one sanitizer.
pub(super) struct Names {
    /// Words in lower case, joined by `_`.
    always: Vec<Vec<u8>>,
    in_params: Vec<Vec<u8>>,
    endings: Endings,
    discard: Vec<String>,
    /// The least that a name has to be long to have in it what is looked for anywhere.
    shortest: usize,
}

impl Names {
    pub(super) fn new(filter_keys: &[String], discard: Vec<String>) -> Self {
        let default = |names: &[&str]| names.iter().map(|name| name.as_bytes().to_vec()).collect();
        let mut always: Vec<Vec<u8>> = default(&ALWAYS);
        always.extend(filter_keys.iter().map(|name| words(name.as_bytes())));
        always.retain(|name| !name.is_empty());
        let in_params: Vec<Vec<u8>> = default(&IN_PARAMS);
        let endings = Endings::of(always.iter().chain(&in_params));
        Names {
            always,
            in_params,
            endings,
            shortest: discard
                .iter()
                .map(String::len)
                .fold(PASSWORD.len(), usize::min),
            discard,
        }
    }

    /// Judges a name. The role of an atom is not its matter.
    pub(super) fn judge(&self, name: &[u8]) -> Verdict {
        if name.len() > LONGEST {
            return Verdict::new(true, true);
        }
        let always =
            name.len() >= self.shortest && (contains_password(name) || self.discards(name));
        // What follows the last word does not count, unless it says that this is a question.
        let end = name
            .iter()
            .rposition(|byte| *byte == b'?' || !separates(*byte));
        let name = &name[..end.map_or(0, |at| at + 1)];
        if always || !self.endings.may_end(name) {
            return Verdict::new(always, false);
        }
        let is_one = |names: &[Vec<u8>]| names.iter().any(|words| ends_in(name, words));
        Verdict::new(is_one(&self.always), is_one(&self.in_params))
    }

    /// Phoenix's own rule for `:filter_parameters`.
    fn discards(&self, name: &[u8]) -> bool {
        self.discard
            .iter()
            .any(|part| contains(name, part.as_bytes()))
    }
}

/// The last two letters a sensitive name may have: most names are through after them.
struct Endings([u32; 32]);

impl Endings {
    /// Names in words, as [`Names`] has them.
    fn of<'a>(names: impl Iterator<Item = &'a Vec<u8>>) -> Self {
        let mut endings = [0; 32];
        for name in names {
            let (last, before) = match name.as_slice() {
                [.., before, last] => (*last, *before),
                [last] => (*last, b'_'),
                [] => continue,
            };
            // Between words anything may stand, or nothing.
            endings[number(last)] |= if before == b'_' {
                !0
            } else {
                1 << number(before)
            };
        }
        Endings(endings)
    }

    fn may_end(&self, name: &[u8]) -> bool {
        match name {
            [.., before, last] => self.0[number(*last)] & 1 << number(*before) != 0,
            [last] => self.0[number(*last)] != 0,
            [] => false,
        }
    }
}

/// The number of a letter in either case, below 32. All that is no letter shares one.
fn number(byte: u8) -> usize {
    match byte.to_ascii_lowercase() {
        letter @ b'a'..=b'z' => usize::from(letter - b'a'),
        _ => 31,
    }
}

fn contains(name: &[u8], part: &[u8]) -> bool {
    part.is_empty() || name.windows(part.len()).any(|window| window == part)
}

fn contains_password(name: &[u8]) -> bool {
    name.windows(PASSWORD.len())
        .any(|window| window[0] | 0x20 == b'p' && window.eq_ignore_ascii_case(PASSWORD))
}

/// Whether a byte stands between words: `-`, `_`, a space, a bracket.
fn separates(byte: u8) -> bool {
    byte.is_ascii() && !byte.is_ascii_alphanumeric()
}

/// Whether a word begins at `at`: after what separates words or a digit, or where the case says so,
/// as at `T` in `userToken` and `APIToken`.
fn begins(name: &[u8], at: usize) -> bool {
    let Some(before) = at.checked_sub(1).map(|before| name[before]) else {
        return true;
    };
    let humps = name[at].is_ascii_uppercase()
        && (before.is_ascii_lowercase()
            || before.is_ascii_uppercase() && name.get(at + 1).is_some_and(u8::is_ascii_lowercase));
    separates(before) || before.is_ascii_digit() || humps
}

/// Whether a name's last words are these, or are these written as one, in any case.
fn ends_in(name: &[u8], words: &[u8]) -> bool {
    let mut at = name.len();
    for expected in words.iter().rev() {
        if *expected == b'_' {
            while at > 0 && separates(name[at - 1]) {
                at -= 1;
            }
        } else if at > 0 && name[at - 1].eq_ignore_ascii_case(expected) {
            at -= 1;
        } else {
            return false;
        }
    }
    at < name.len() && begins(name, at)
}

/// A name as its words in lower case, joined by `_`.
fn words(name: &[u8]) -> Vec<u8> {
    let mut words = Vec::with_capacity(name.len() + 2);
    for (at, byte) in name.iter().enumerate() {
        if separates(*byte) {
            continue;
        }
        // A digit may end a word that has more of it: `key2fa` stays one.
        let after_digit = at > 0 && name[at - 1].is_ascii_digit();
        if !words.is_empty() && begins(name, at) && !after_digit {
            words.push(b'_');
        }
        words.push(byte.to_ascii_lowercase());
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Names {
        let further = [
            "pan".to_owned(),
            "taxNumber".to_owned(),
            "x-Trace-ID".to_owned(),
        ];
        Names::new(&further, vec!["Hush".to_owned()])
    }

    #[test]
    fn sensitive_everywhere() {
        for name in [
            "password",
            "Password",
            "PASSWORD",
            "passwordConfirmation",
            "user_password_hash",
            "current_password?",
            "password[]",
            "xPASSWORDx",
            "token",
            "TOKEN",
            "Token",
            "access_token",
            "accessToken",
            "AccessToken",
            "ACCESS_TOKEN",
            "access-token",
            "x-csrf-token",
            "csrf_token",
            "_csrf_token",
            "csrfToken",
            "CSRFToken",
            "userTOKEN",
            "user.token",
            "token[]",
            "token_",
            "user token",
            "oauth2Token",
            "auth0token",
            "secret",
            "client_secret",
            "clientSecret",
            "secret!",
            "api_key",
            "apiKey",
            "apikey",
            "APIKey",
            "APIKEY",
            "API_KEY",
            "api-key",
            "X-Api-Key",
            "userAPIKey",
            "stripe_api_key",
            "private_key",
            "privateKey",
            "private-key",
            "authorization",
            "Authorization",
            "proxy-authorization",
            "cookie",
            "set-cookie",
            "sessionCookie",
            "credential",
            "credentials",
            "awsCredentials",
            "card_number",
            "cardNumber",
            "cardnumber",
            "credit_card_number",
            "CardNumber",
            "pan",
            "card_pan",
            "cardPan",
            "tax_number",
            "taxnumber",
            "TaxNumber",
            "myTaxNumber",
            "x_trace_id",
            "xTraceId",
            "Hush",
            "xHushx",
        ] {
            assert!(names().judge(name.as_bytes()).sensitive(false), "{name}");
        }
    }

    #[test]
    fn sensitive_in_params_only() {
        for name in [
            "cvv", "card_cvv", "cardCvc", "cvc", "ssn", "SSN", "otp", "user-otp", "pin", "PIN",
        ] {
            let verdict = names().judge(name.as_bytes());
            assert!(verdict.sensitive(true), "{name}");
            assert!(!verdict.sensitive(false), "{name}");
        }
    }

    #[test]
    fn not_sensitive() {
        for name in [
            "",
            "_",
            "?",
            "count",
            "email",
            "token_count",
            "tokenCount",
            "tokens",
            "tokenizer",
            "accesstoken",
            "secretary",
            "secrets",
            "cookies",
            "cookie_banner",
            "api_keys",
            "key",
            "keypad",
            "api",
            "monkey",
            "api_keyboard",
            "authorization_url",
            "authorizations",
            "has_token?",
            "card_numbers",
            "number",
            "card",
            "mapping",
            "shopping",
            "pinned",
            "spin",
            "pins",
            "opt",
            "hush",
            "span",
            "japan",
            "passwor",
            "pass_word",
            "private",
            "ключ",
            "tokenö",
            "ötoken",
            "trace_id",
            "id",
            "credentialed",
        ] {
            assert!(!names().judge(name.as_bytes()).sensitive(true), "{name}");
        }
        assert!(!names().judge(&[0xff, 0xfe]).sensitive(true));
    }

    #[test]
    fn what_is_too_long_to_look_through_is_sensitive() {
        assert!(!names().judge(&vec![b'x'; LONGEST]).sensitive(true));
        assert!(names().judge(&vec![b'x'; LONGEST + 1]).sensitive(false));
    }

    #[test]
    fn the_host_s_empty_names_are_no_names() {
        let names = Names::new(&[String::new(), "_".to_owned()], Vec::new());
        assert!(!names.judge(b"name").sensitive(true));
        assert!(!names.judge(b"_").sensitive(true));
    }
}
