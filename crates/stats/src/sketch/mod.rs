//! A summary of any number of values in little memory, the same for every order and every partition.
//!
//! [`Sketch`] counts values in fixed bins: 512 of equal width in each power of two, separately for positive and
//! negative values, so that a value differs from the middle of its bin by at most 1/1024 of itself, 0.098 %.
//! Counts are integers and the sum is exact, so that merging is exact, commutative and associative; the bytes are
//! a function of the values alone. The bins are those of a logarithmic histogram (Masson C, Rim JE, Lee HK, Proc
//! VLDB Endow 2019;12:2195) with the logarithm made linear inside a power of two, which needs no elementary
//! function.

mod bins;
mod serial;
#[cfg(test)]
mod tests;

use crate::exact::ExactSum;
use crate::{StatsError, error};
use bins::{Bins, bin, middle};

/// The largest distance of a quantile from the value it stands for, as a share of that value.
pub const RELATIVE_ERROR: f64 = 1.0 / 1024.0;

/// Counts of values in fixed bins, with their exact sum and extremes.
///
/// Memory grows with the range of the values and not with their number: 4 KiB for every power of two between the
/// smallest and the largest absolute value, and 600 bytes. Values smaller than the smallest normal number
/// (2.2e-308) count as zero. Infinite values are values: a quantile may be infinite.
#[derive(Clone, Debug, PartialEq)]
pub struct Sketch {
    negative: Bins,
    zero: u64,
    positive: Bins,
    /// Infinity and minus infinity of nothing.
    min: f64,
    max: f64,
    sum: ExactSum,
}

impl Default for Sketch {
    fn default() -> Sketch {
        Sketch {
            negative: Bins::default(),
            zero: 0,
            positive: Bins::default(),
            min: f64::INFINITY,
            max: f64::NEG_INFINITY,
            sum: ExactSum::new(),
        }
    }
}

impl Sketch {
    /// A sketch of nothing.
    pub fn new() -> Sketch {
        Sketch::default()
    }

    /// Adds a value.
    ///
    /// # Errors
    /// NaN, which is not counted.
    pub fn insert(&mut self, value: f64) -> Result<(), StatsError> {
        error::all(&[value], "a number", |x| !x.is_nan())?;
        let value = value_as_counted(value);
        if value > 0.0 {
            self.positive.add(bin(value), 1);
        } else if value < 0.0 {
            self.negative.add(bin(-value), 1);
        } else {
            self.zero += 1;
        }
        self.min = self.min.min(value);
        self.max = self.max.max(value);
        self.sum.add(value);
        Ok(())
    }

    /// Adds all values of another sketch: the result is that of inserting both lists in any order.
    pub fn merge(&mut self, other: &Sketch) {
        self.negative.merge(&other.negative);
        self.zero += other.zero;
        self.positive.merge(&other.positive);
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
        self.sum.merge(&other.sum);
    }

    /// How many values.
    pub fn count(&self) -> u64 {
        self.negative.total() + self.zero + self.positive.total()
    }

    /// The smallest value, exact; `None` of nothing.
    pub fn min(&self) -> Option<f64> {
        (self.count() > 0).then_some(self.min)
    }

    /// The largest value, exact; `None` of nothing.
    pub fn max(&self) -> Option<f64> {
        (self.count() > 0).then_some(self.max)
    }

    /// The mean, rounded once; `None` of nothing, NaN of infinities of both signs.
    pub fn mean(&self) -> Option<f64> {
        let n = self.count();
        (n > 0).then(|| self.sum.over(n))
    }

    /// The quantile of a probability; `None` of nothing, NaN for NaN.
    ///
    /// The definition is that of [`crate::Sorted::quantile`] with each order statistic replaced by the middle of
    /// its bin, limited to the smallest and largest value, which are exact: the quantile differs by at most
    /// [`RELATIVE_ERROR`] of the larger of its two neighbours, and of itself where all values have one sign.
    pub fn quantile(&self, probability: f64) -> Option<f64> {
        let n = self.count();
        if n == 0 {
            return None;
        }
        if probability.is_nan() {
            return Some(f64::NAN);
        }
        let place = probability.clamp(0.0, 1.0) * (n - 1) as f64;
        let below = (place.floor() as u64).min(n - 1);
        let share = place - below as f64;
        let a = self.order_statistic(below);
        if share <= 0.0 {
            return Some(a);
        }
        let b = self.order_statistic((below + 1).min(n - 1));
        Some(if a == b { a } else { a * (1.0 - share) + b * share })
    }

    /// How many values are at most `x`, counting the whole bin of `x`; 0 for NaN.
    pub fn count_at_most(&self, x: f64) -> u64 {
        if x.is_nan() {
            return 0;
        }
        let x = value_as_counted(x);
        let sum = |part: &mut dyn Iterator<Item = (u32, u64)>| part.map(|(_, count)| count).sum::<u64>();
        if x < 0.0 {
            return sum(&mut self.negative.used().filter(|(at, _)| *at >= bin(-x)));
        }
        let positive =
            if x > 0.0 { sum(&mut self.positive.used().filter(|(at, _)| *at <= bin(x))) } else { 0 };
        self.negative.total() + self.zero + positive
    }

    /// The middle of the bin of the value with `rank` values below it; the extremes as they are.
    fn order_statistic(&self, rank: u64) -> f64 {
        if rank == 0 {
            return self.min;
        }
        if rank + 1 == self.count() {
            return self.max;
        }
        let (negative, positive) =
            (self.negative.total(), rank.checked_sub(self.negative.total() + self.zero));
        let value = match positive {
            Some(rank) => self.positive.at_rank(rank).map(middle),
            None if rank < negative => self.negative.at_rank(negative - 1 - rank).map(|bin| -middle(bin)),
            None => Some(0.0),
        };
        value.map_or(self.max, |value| value.clamp(self.min, self.max))
    }
}

/// Zero for what is smaller than the normal numbers, so that zero has one sign.
fn value_as_counted(value: f64) -> f64 {
    if value.abs() < f64::MIN_POSITIVE { 0.0 } else { value }
}
