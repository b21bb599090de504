//! Values that hold no others.

use std::fmt::Write;

use super::atom::atom;
use crate::etf::{BigInteger, Value};

/// A longer integer would take long to make decimal, and nobody reads it.
const LONGEST_DECIMAL: usize = 64;

/// A value that is no container, of a text or binary at most `most` bytes.
pub(super) fn text(value: &Value, most: usize) -> String {
    match value {
        Value::Atom(name) => atom(name),
        Value::Integer(integer) => integer.to_string(),
        Value::BigInteger(big) => big_integer(big, most),
        Value::Float(float) => decimal(*float),
        Value::Binary(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => escape(text, most),
            Err(_) => binary(bytes, most, None),
        },
        Value::Bitstring(bits) => binary(bits.bytes(), most, Some(bits.bits())),
        Value::Tuple(_) => "{}".into(),
        Value::List(_) => "[]".into(),
        Value::Map(_) => "%{}".into(),
    }
}

/// The text in quotes, at most `most` bytes of it.
pub(super) fn escape(text: &str, most: usize) -> String {
    let mut out = String::from("\"");
    for (at, letter) in text.char_indices() {
        if at >= most {
            out.push_str("\" <> ...");
            return out;
        }
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{1b}' => out.push_str("\\e"),
            '\0' => out.push_str("\\0"),
            '#' if text[at + 1..].starts_with('{') => out.push_str("\\#"),
            letter if is_printable(letter) => out.push(letter),
            letter if u32::from(letter) <= 0xff => _ = write!(out, "\\x{:02X}", u32::from(letter)),
            letter => _ = write!(out, "\\x{{{:X}}}", u32::from(letter)),
        }
    }
    out.push('"');
    out
}

/// The text with a space for each character that would do something to a terminal.
#[must_use]
pub fn plain(text: &str) -> String {
    let shown = |letter| if is_printable(letter) { letter } else { ' ' };
    text.chars().map(shown).collect()
}

/// Controls move the cursor, and marks of direction turn what follows around.
fn is_printable(letter: char) -> bool {
    !letter.is_control()
        && !matches!(letter, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn binary(bytes: &[u8], most: usize, bits: Option<u8>) -> String {
    let shown = &bytes[..bytes.len().min(most)];
    let mut parts: Vec<String> = shown.iter().map(u8::to_string).collect();
    if shown.len() < bytes.len() {
        parts.push("...".into());
    } else if let (Some(bits), Some(last)) = (bits, bytes.last()) {
        parts.pop();
        parts.push(format!("{}::size({bits})", last >> (8 - bits)));
    }
    format!("<<{}>>", parts.join(", "))
}

fn decimal(float: f64) -> String {
    let text = format!("{float:?}");
    match text.split_once('e') {
        Some((mantissa, exponent)) if !mantissa.contains('.') => format!("{mantissa}.0e{exponent}"),
        _ => text,
    }
}

fn big_integer(big: &BigInteger, most: usize) -> String {
    let sign = if big.negative() { "-" } else { "" };
    if big.digits().len() > LONGEST_DECIMAL {
        let shown = big.digits().iter().rev().take(most);
        let digits: String = shown.map(|digit| format!("{digit:02X}")).collect();
        let more = if big.digits().len() > most { "..." } else { "" };
        return format!("{sign}0x{digits}{more}");
    }
    // Digits to the base of 10^9, least significant first.
    let mut groups: Vec<u64> = vec![0];
    for digit in big.digits().iter().rev() {
        let mut carry = u64::from(*digit);
        for group in &mut groups {
            carry += *group * 256;
            *group = carry % 1_000_000_000;
            carry /= 1_000_000_000;
        }
        if carry > 0 {
            groups.push(carry);
        }
    }
    let mut groups = groups.iter().rev();
    let first = groups.next().map_or_else(String::new, u64::to_string);
    groups.fold(sign.to_owned() + &first, |text, group| {
        format!("{text}{group:09}")
    })
}
