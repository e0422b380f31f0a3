//! Sketches as bytes.

use super::Sketch;
use super::bins::{Bin, Bins, LAST, bin};
use crate::bytes::{BytesError, Reader, Writer};
use crate::exact::ExactSum;

/// First bytes of the serial form; the digit is the version of the layout and of the bins.
const MAGIC: &[u8; 4] = b"hsk1";

impl Sketch {
    /// The sketch as bytes: the same values in any order and partition give the same bytes.
    ///
    /// The mark `hsk1`; the bins of negative values, each as distance from the one before and count, preceded by
    /// their number; the count of zeros; the bins of positive values; the extremes; the exact sum. Counts take
    /// seven bits a byte, numbers eight bytes, lowest first.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut to = Writer::new(MAGIC);
        self.write(&mut to);
        to.finish()
    }

    pub(crate) fn write(&self, to: &mut Writer) {
        write_bins(&self.negative, to);
        to.count(self.zero);
        write_bins(&self.positive, to);
        to.word(self.min.to_bits());
        to.word(self.max.to_bits());
        self.sum.write(to);
    }

    /// Reads what [`Sketch::to_bytes`] wrote.
    ///
    /// # Errors
    /// Anything else; the bins, the extremes and the count of infinite values must agree.
    pub fn from_bytes(bytes: &[u8]) -> Result<Sketch, BytesError> {
        let mut from = Reader::new(bytes, MAGIC)?;
        let sketch = Sketch::read(&mut from)?;
        from.finish()?;
        Ok(sketch)
    }

    pub(crate) fn read(from: &mut Reader<'_>) -> Result<Sketch, BytesError> {
        let negative = read_bins(from)?;
        let zero = from.count()?;
        let positive = read_bins(from)?;
        let total = negative.total().checked_add(zero).and_then(|sum| sum.checked_add(positive.total()));
        from.check(total.is_some(), "fewer than 2^64 values")?;
        let (min, max) = (f64::from_bits(from.word()?), f64::from_bits(from.word()?));
        let sketch = Sketch { negative, zero, positive, min, max, sum: ExactSum::read(from)? };
        from.check(sketch.agrees(), "extremes and a sum that agree with the bins")?;
        Ok(sketch)
    }

    /// Whether the extremes lie in the outermost bins and infinite values are counted the same in bins and sum.
    fn agrees(&self) -> bool {
        if self.count() == 0 {
            return *self == Sketch::default();
        }
        let mut places = self.places();
        let lowest = places.next();
        let highest = places.last().or(lowest);
        let infinite = |bins: &Bins| bins.used().find(|(bin, _)| *bin == LAST).map_or(0, |(_, count)| count);
        lowest == place(self.min)
            && highest == place(self.max)
            && self.sum.special() == [infinite(&self.positive), infinite(&self.negative), 0]
    }

    /// Sign and bin of all that is counted, from the lowest values to the highest.
    fn places(&self) -> impl Iterator<Item = (i8, Bin)> {
        let negative = self.negative.used().rev().map(|(bin, _)| (-1, bin));
        let zero = (self.zero > 0).then_some((0, 0)).into_iter();
        negative.chain(zero).chain(self.positive.used().map(|(bin, _)| (1, bin)))
    }
}

/// Sign and bin of a value; none of a value that a sketch cannot hold.
fn place(x: f64) -> Option<(i8, Bin)> {
    let normal = !x.is_nan() && x.abs() >= f64::MIN_POSITIVE;
    match x {
        _ if normal && x > 0.0 => Some((1, bin(x))),
        _ if normal => Some((-1, bin(-x))),
        _ => (x.to_bits() == 0).then_some((0, 0)),
    }
}

fn write_bins(bins: &Bins, to: &mut Writer) {
    to.count(bins.used().count() as u64);
    let mut last = 0;
    for (bin, count) in bins.used() {
        to.count(u64::from(bin - last));
        to.count(count);
        last = bin;
    }
}

fn read_bins(from: &mut Reader<'_>) -> Result<Bins, BytesError> {
    let mut bins = Bins::default();
    let (mut last, mut total) = (0, 0u64);
    for _ in 0..from.count()? {
        let distance = from.count()?;
        let count = from.count()?;
        from.check(distance > 0 && distance <= u64::from(LAST - last), "bins in rising order")?;
        from.check(count > 0 && total.checked_add(count).is_some(), "counts above 0 and below 2^64")?;
        last += distance as Bin;
        total += count;
        bins.add(last, count);
    }
    Ok(bins)
}
