//! What is complete of a range of patients: enough to go on after an interruption, and to be merged.
//!
//! Stored between patients only, as one file that is replaced as a whole and ends with a checksum, so that what is
//! read back is either a state that was whole or nothing.

use std::ops::Range;

use hepatica_stats::Mergeable;
use hepatica_stats::bytes::{BytesError, Reader, Writer};
use hepatica_trial::Aggregate;
use sha2::{Digest, Sha256};

/// First bytes of the stored form; the digit is the version of the layout.
const MAGIC: &[u8; 4] = b"hpt1";

/// Length of the checksum at the end.
const CHECKSUM: usize = 32;

/// What is complete of a range of patients.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    /// What the patients and their rows are made from, as JSON.
    pub(crate) identity: String,
    /// The patients, from 0.
    pub(crate) patients: Range<u64>,
    /// How many of them, from the first on, are complete in every arm.
    pub(crate) done: u64,
    /// Their rows.
    pub(crate) rows: Rows,
    /// Their numbers.
    pub(crate) aggregate: Aggregate,
}

/// The file of the rows so far, its header included.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Rows {
    /// Its length.
    pub(crate) bytes: u64,
    /// Its SHA-256 in hexadecimal.
    pub(crate) sha256: String,
}

impl Part {
    /// Whether every patient is complete.
    pub(crate) fn is_complete(&self) -> bool {
        self.done == self.patients.end - self.patients.start
    }

    /// The part as bytes.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut to = Writer::new(MAGIC);
        to.text(&self.identity);
        to.count(self.patients.start);
        to.count(self.patients.end);
        to.count(self.done);
        to.count(self.rows.bytes);
        to.text(&self.rows.sha256);
        self.aggregate.write(&mut to);
        let mut bytes = to.finish();
        let checksum = Sha256::digest(&bytes);
        bytes.extend(checksum);
        bytes
    }

    /// Reads what [`Part::to_bytes`] wrote.
    ///
    /// # Errors
    /// Anything else.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Part, BytesError> {
        let torn = BytesError { at: bytes.len(), expected: "the checksum of what stands before it" };
        let body = bytes.len().checked_sub(CHECKSUM).ok_or(torn)?;
        let (body, checksum) = bytes.split_at(body);
        if Sha256::digest(body).as_slice() != checksum {
            return Err(torn);
        }
        let mut from = Reader::new(body, MAGIC)?;
        let part = Part {
            identity: from.text()?,
            patients: from.count()?..from.count()?,
            done: from.count()?,
            rows: Rows { bytes: from.count()?, sha256: from.text()? },
            aggregate: Aggregate::read(&mut from)?,
        };
        let fits = part.patients.start <= part.patients.end;
        from.check(fits && part.done <= part.patients.end - part.patients.start, "patients of the range")?;
        from.finish()?;
        Ok(part)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_torn_or_changed_file_is_no_part() {
        let part = Part {
            identity: "{}".into(),
            patients: 5..9,
            done: 3,
            rows: Rows { bytes: 71, sha256: "ab".into() },
            aggregate: Aggregate::new(1, 2, 3, &["harm".into()]),
        };
        let bytes = part.to_bytes();
        let back = Part::from_bytes(&bytes).unwrap();
        assert_eq!((back.patients.clone(), back.done, &back.rows), (5..9, 3, &part.rows));
        assert!(back.to_bytes() == bytes && !back.is_complete());
        for length in 0..bytes.len() {
            assert!(Part::from_bytes(&bytes[..length]).is_err(), "{length}");
        }
        for at in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[at] ^= 1;
            assert!(Part::from_bytes(&changed).is_err(), "{at}");
        }
    }
}
