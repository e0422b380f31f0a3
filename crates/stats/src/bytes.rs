//! Numbers as bytes, the same on every machine.

use std::error::Error;
use std::fmt;

/// Bytes that are not what they should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BytesError {
    /// Where, counted from 0.
    pub at: usize,
    /// What should stand there.
    pub expected: &'static str,
}

impl fmt::Display for BytesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "byte {}: not {}", self.at, self.expected)
    }
}

impl Error for BytesError {}

/// Appends numbers and texts.
#[derive(Clone, Debug)]
pub struct Writer(Vec<u8>);

impl Writer {
    /// Starts with a mark that names the layout.
    pub fn new(magic: &[u8; 4]) -> Writer {
        Writer(magic.to_vec())
    }

    /// A count, seven bits a byte, lowest first; the high bit says that more follow.
    pub fn count(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.0.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.0.push(value as u8);
    }

    /// Eight bytes, lowest first.
    pub fn word(&mut self, value: u64) {
        self.0.extend(value.to_le_bytes());
    }

    /// The length of a text and its UTF-8 bytes.
    pub fn text(&mut self, text: &str) {
        self.count(text.len() as u64);
        self.0.extend(text.as_bytes());
    }

    /// All bytes.
    pub fn finish(self) -> Vec<u8> {
        self.0
    }
}

/// Takes numbers and texts from the front.
#[derive(Clone, Debug)]
pub struct Reader<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl<'b> Reader<'b> {
    /// Begins after the mark of the layout.
    ///
    /// # Errors
    /// Another mark.
    pub fn new(bytes: &'b [u8], magic: &'static [u8; 4]) -> Result<Reader<'b>, BytesError> {
        let mut reader = Reader { bytes, at: 0 };
        reader.check(bytes.starts_with(magic), "the mark of a known layout")?;
        reader.at = magic.len();
        Ok(reader)
    }

    /// What [`Writer::count`] wrote.
    ///
    /// # Errors
    /// The end, or another form of a count.
    pub fn count(&mut self) -> Result<u64, BytesError> {
        let mut value = 0u64;
        for shift in (0..).step_by(7) {
            let byte = self.take(1, "a count")?[0];
            let part = u64::from(byte & 0x7f);
            // The form is unique: no bits beyond 64 and no empty last byte.
            let fits = shift < 64 && part << shift >> shift == part;
            self.check(fits && (byte != 0 || shift == 0), "a count of 64 bits in its shortest form")?;
            value |= part << shift;
            if byte & 0x80 == 0 {
                break;
            }
        }
        Ok(value)
    }

    /// What [`Writer::word`] wrote.
    ///
    /// # Errors
    /// The end.
    pub fn word(&mut self) -> Result<u64, BytesError> {
        let bytes = self.take(8, "eight bytes")?;
        Ok(bytes.iter().rev().fold(0, |value, byte| value << 8 | u64::from(*byte)))
    }

    /// What [`Writer::text`] wrote.
    ///
    /// # Errors
    /// The end, or bytes that are not UTF-8.
    pub fn text(&mut self) -> Result<String, BytesError> {
        let length = usize::try_from(self.count()?).unwrap_or(usize::MAX);
        let bytes = self.take(length, "a text of its length")?;
        let text = String::from_utf8(bytes.to_vec());
        text.map_err(|_| BytesError { at: self.at, expected: "a text in UTF-8" })
    }

    /// Refuses what was read when a condition does not hold.
    ///
    /// # Errors
    /// The condition does not hold.
    pub fn check(&self, holds: bool, expected: &'static str) -> Result<(), BytesError> {
        if holds { Ok(()) } else { Err(BytesError { at: self.at, expected }) }
    }

    /// Refuses bytes that are left.
    ///
    /// # Errors
    /// There are some.
    pub fn finish(self) -> Result<(), BytesError> {
        self.check(self.at == self.bytes.len(), "the end")
    }

    fn take(&mut self, length: usize, expected: &'static str) -> Result<&'b [u8], BytesError> {
        let taken = self.bytes[self.at..].get(..length);
        let taken = taken.ok_or(BytesError { at: self.at, expected })?;
        self.at += length;
        Ok(taken)
    }
}
