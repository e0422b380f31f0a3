//! Counts of the bins of positive numbers.

use std::collections::BTreeMap;

/// Leading bits of the fraction that choose a bin inside a power of two.
const FRACTION_BITS: u32 = 9;

/// What is shifted away from the bits of a number to get its bin.
const SHIFT: u32 = 52 - FRACTION_BITS;

/// Bins that are stored together; values lie close to each other, so that a page is mostly full.
const PAGE: u32 = 32;

/// The number of a bin: the exponent and the first nine bits of the fraction.
pub(super) type Bin = u32;

/// The last bin, that of infinity.
pub(super) const LAST: Bin = (f64::INFINITY.to_bits() >> SHIFT) as Bin;

/// The bin of a positive number or infinity.
pub(super) fn bin(x: f64) -> Bin {
    (x.to_bits() >> SHIFT) as Bin
}

/// The middle of a bin; of the last, infinity. A number differs from the middle of its bin by at most 2^-10 of
/// itself.
pub(super) fn middle(bin: Bin) -> f64 {
    if bin >= LAST {
        return f64::INFINITY;
    }
    f64::from_bits(u64::from(bin) << SHIFT | 1 << (SHIFT - 1))
}

/// Counts by bin.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Bins {
    pages: BTreeMap<u32, Box<[u64; PAGE as usize]>>,
    total: u64,
}

impl Bins {
    pub(super) fn add(&mut self, bin: Bin, count: u64) {
        let page = self.pages.entry(bin / PAGE).or_insert_with(|| Box::new([0; PAGE as usize]));
        page[(bin % PAGE) as usize] += count;
        self.total += count;
    }

    pub(super) fn merge(&mut self, other: &Bins) {
        for (page, counts) in &other.pages {
            let to = self.pages.entry(*page).or_insert_with(|| Box::new([0; PAGE as usize]));
            to.iter_mut().zip(counts.iter()).for_each(|(sum, count)| *sum += count);
        }
        self.total += other.total;
    }

    pub(super) fn total(&self) -> u64 {
        self.total
    }

    /// The bin of the value with `rank` values below it; none where there are not so many.
    pub(super) fn at_rank(&self, rank: u64) -> Option<Bin> {
        let mut before = 0;
        for (page, counts) in &self.pages {
            let after = before + counts.iter().sum::<u64>();
            if rank < after {
                let place = counts.iter().position(|count| {
                    before += count;
                    rank < before
                });
                return place.map(|place| page * PAGE + place as u32);
            }
            before = after;
        }
        None
    }

    /// Bins with something in them and their counts, in rising order.
    pub(super) fn used(&self) -> impl DoubleEndedIterator<Item = (Bin, u64)> + Clone {
        let all = self.pages.iter().flat_map(|(page, counts)| {
            counts.iter().enumerate().map(move |(place, count)| (page * PAGE + place as u32, *count))
        });
        all.filter(|(_, count)| *count > 0)
    }
}
