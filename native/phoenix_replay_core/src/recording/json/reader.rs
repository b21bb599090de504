//! JSON text as values. It takes no stack for depth, which is data from outside.

use super::tags;
use crate::etf::Value;
use crate::recording::RecordingError;

/// A place in JSON text.
pub(super) struct Reader<'a> {
    text: &'a [u8],
    at: usize,
    /// Whether objects may be tags and keys may be atoms. Without it every key is a string.
    pub(super) tagged: bool,
    /// How many more values and keys there may be.
    nodes: usize,
}

/// A container that is not read to its end.
enum Open {
    Array(Vec<Value>),
    Object(Vec<(String, Value)>, String),
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a [u8], nodes: usize) -> Self {
        Reader {
            text,
            at: 0,
            tagged: false,
            nodes,
        }
    }

    /// Takes any value.
    pub(super) fn value(&mut self) -> Result<Value, RecordingError> {
        let mut open: Vec<Open> = Vec::new();
        loop {
            self.spend()?;
            let mut value = match self.peek() {
                Some(b'[') => {
                    self.at += 1;
                    if !self.take(b']') {
                        open.push(Open::Array(Vec::new()));
                        continue;
                    }
                    Value::list([])
                }
                Some(b'{') => {
                    self.at += 1;
                    if !self.take(b'}') {
                        open.push(Open::Object(Vec::new(), self.key()?));
                        continue;
                    }
                    Value::map([])
                }
                Some(b'"') => Value::binary(self.string()?),
                Some(b'-' | b'0'..=b'9') => self.number()?,
                _ => self.literal()?,
            };
            loop {
                match open.pop() {
                    None => return Ok(value),
                    Some(Open::Array(mut items)) => {
                        items.push(value);
                        if self.take(b',') {
                            open.push(Open::Array(items));
                            break;
                        }
                        self.expect(b']', "a comma or the end of a list")?;
                        value = Value::list(items);
                    }
                    Some(Open::Object(mut entries, key)) => {
                        entries.push((key, value));
                        if self.take(b',') {
                            let key = self.key()?;
                            open.push(Open::Object(entries, key));
                            break;
                        }
                        self.expect(b'}', "a comma or the end of an object")?;
                        value = self.object(entries)?;
                    }
                }
            }
        }
    }

    /// Takes an object whose keys are the plain names of atoms, each value by `inside`, or `{"$term": …}`.
    pub(super) fn fields(
        &mut self,
        inside: fn(&mut Self, &str) -> Result<Value, RecordingError>,
    ) -> Result<Value, RecordingError> {
        if self.peek() != Some(b'{') && !self.tagged {
            return self.value();
        }
        self.expect(b'{', "an object")?;
        if self.take(b'}') {
            return Ok(Value::map([]));
        }
        let mut entries = Vec::new();
        loop {
            let key = self.key()?;
            if self.tagged && key == "$term" && entries.is_empty() {
                let value = self.value()?;
                self.expect(b'}', "the end of a term")?;
                return Ok(value);
            }
            let name = tags::atom(&key).ok_or_else(|| self.expected("the name of an atom"))?;
            let value = inside(self, &key)?;
            entries.push((name, value));
            if !self.take(b',') {
                self.expect(b'}', "a comma or the end of an object")?;
                return Ok(Value::map(entries));
            }
        }
    }

    /// Takes a key and the colon behind it.
    pub(super) fn key(&mut self) -> Result<String, RecordingError> {
        if self.peek() != Some(b'"') {
            return Err(self.expected("a key"));
        }
        self.spend()?;
        let key = self.string()?;
        self.expect(b':', "a colon")?;
        Ok(key)
    }

    /// Takes `byte` if it stands next.
    pub(super) fn take(&mut self, byte: u8) -> bool {
        let there = self.peek() == Some(byte);
        self.at += usize::from(there);
        there
    }

    pub(super) fn expect(&mut self, byte: u8, what: &'static str) -> Result<(), RecordingError> {
        if self.take(byte) {
            Ok(())
        } else {
            Err(self.expected(what))
        }
    }

    /// Whether nothing but white space is left.
    pub(super) fn is_at_end(&mut self) -> bool {
        self.peek().is_none()
    }

    pub(super) fn expected(&self, expected: &'static str) -> RecordingError {
        RecordingError::Json {
            expected,
            at: self.at,
        }
    }

    fn spend(&mut self) -> Result<(), RecordingError> {
        let left = self.nodes.checked_sub(1);
        self.nodes = left.ok_or_else(|| self.expected("fewer values"))?;
        Ok(())
    }

    fn peek(&mut self) -> Option<u8> {
        while self.text.get(self.at).is_some_and(u8::is_ascii_whitespace) {
            self.at += 1;
        }
        self.text.get(self.at).copied()
    }

    fn object(&self, entries: Vec<(String, Value)>) -> Result<Value, RecordingError> {
        if self.tagged {
            tags::object(entries).ok_or_else(|| self.expected("a tag that is known"))
        } else {
            Ok(Value::map(
                entries
                    .into_iter()
                    .map(|(key, value)| (Value::binary(key), value)),
            ))
        }
    }

    fn string(&mut self) -> Result<String, RecordingError> {
        let start = self.at;
        let mut end = start + 1;
        loop {
            match self.text.get(end) {
                Some(b'"') => break,
                Some(b'\\') => end += 2,
                Some(_) => end += 1,
                None => return Err(self.expected("the end of a string")),
            }
        }
        let token = &self.text[start..=end];
        let string = serde_json::from_slice(token).map_err(|_| self.expected("a string"))?;
        self.at = end + 1;
        Ok(string)
    }

    fn number(&mut self) -> Result<Value, RecordingError> {
        let rest = &self.text[self.at..];
        let is_part = |byte: &u8| matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9');
        let length = rest
            .iter()
            .position(|byte| !is_part(byte))
            .unwrap_or(rest.len());
        let token = std::str::from_utf8(&rest[..length]).unwrap_or_default();
        let integer = token.parse().ok().map(Value::Integer);
        // An integer of more than 64 bits is none of ours: it comes as the nearest float.
        let float = || {
            token
                .parse()
                .ok()
                .filter(|float: &f64| float.is_finite())
                .map(Value::Float)
        };
        let value = integer
            .or_else(float)
            .ok_or_else(|| self.expected("a number"))?;
        self.at += length;
        Ok(value)
    }

    fn literal(&mut self) -> Result<Value, RecordingError> {
        for (text, name) in [("null", "nil"), ("true", "true"), ("false", "false")] {
            if self.text[self.at.min(self.text.len())..].starts_with(text.as_bytes()) {
                self.at += text.len();
                return Ok(Value::atom(name));
            }
        }
        Err(self.expected("a value"))
    }
}
