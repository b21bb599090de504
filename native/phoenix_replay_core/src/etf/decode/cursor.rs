//! Taking bytes from the front of the input, never past its end.

use super::DecodeError;

pub(in crate::etf) struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    pub(in crate::etf) fn new(bytes: &'a [u8]) -> Self {
        Cursor { bytes, at: 0 }
    }

    /// How many bytes were taken.
    pub(in crate::etf) fn at(&self) -> usize {
        self.at
    }

    /// How many bytes are left.
    pub(in crate::etf) fn left(&self) -> usize {
        self.bytes.len() - self.at
    }

    pub(in crate::etf) fn take(&mut self, count: usize) -> Result<&'a [u8], DecodeError> {
        let end = self.at.checked_add(count).ok_or(DecodeError::Truncated)?;
        let taken = self.bytes.get(self.at..end).ok_or(DecodeError::Truncated)?;
        self.at = end;
        Ok(taken)
    }

    pub(in crate::etf) fn array<const N: usize>(&mut self) -> Result<[u8; N], DecodeError> {
        let mut array = [0; N];
        array.copy_from_slice(self.take(N)?);
        Ok(array)
    }

    pub(in crate::etf) fn byte(&mut self) -> Result<u8, DecodeError> {
        self.array::<1>().map(|[byte]| byte)
    }

    pub(in crate::etf) fn word(&mut self) -> Result<u32, DecodeError> {
        self.array().map(u32::from_be_bytes)
    }

    /// A length of four bytes.
    pub(in crate::etf) fn length(&mut self) -> Result<usize, DecodeError> {
        self.word().map(|length| length as usize)
    }
}
