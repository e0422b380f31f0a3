//! Mean and variance without regard to order.

use super::ExactSum;
use crate::bytes::{BytesError, Reader, Writer};
use crate::interval::Interval;
use crate::special::student_quantile;
use crate::{StatsError, error};

/// First bytes of the serial form; the digit is the version of the layout.
const MAGIC: &[u8; 4] = b"hmo1";

/// Count, exact sum and exact sum of squares of numbers.
///
/// Squares are exact as pairs of numbers while they are above 1e-292 and below 1e308; smaller ones carry a
/// rounding of their own, which does not depend on order either.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Moments {
    count: u64,
    sum: ExactSum,
    squares: ExactSum,
}

impl Moments {
    /// The moments of nothing.
    pub fn new() -> Moments {
        Moments::default()
    }

    /// Adds a number.
    pub fn insert(&mut self, x: f64) {
        self.count += 1;
        self.sum.add(x);
        let square = x * x;
        self.squares.add(square);
        if square.is_finite() {
            self.squares.add(libm::fma(x, x, -square));
        }
    }

    /// Adds all numbers of another.
    pub fn merge(&mut self, other: &Moments) {
        self.count += other.count;
        self.sum.merge(&other.sum);
        self.squares.merge(&other.squares);
    }

    /// How many numbers.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Their mean, rounded once; `None` of nothing.
    pub fn mean(&self) -> Option<f64> {
        (self.count > 0).then(|| self.sum.over(self.count))
    }

    /// Their variance with the divisor `n - 1`; `None` of fewer than two.
    ///
    /// The difference of the sum of squares and the square of the sum is taken with about 106 bits, so that a
    /// deviation of 1e-10 of the mean still has ten digits.
    pub fn variance(&self) -> Option<f64> {
        if self.count < 2 {
            return None;
        }
        let n = self.count as f64;
        let (sum, sum_rest) = self.sum.pair();
        let (squares, squares_rest) = self.squares.pair();
        let (mean, mean_rest) = {
            let mean = sum / n;
            (mean, (libm::fma(-mean, n, sum) + sum_rest) / n)
        };
        // sum * mean = product + product_rest, each with its rounding kept.
        let product = sum * mean;
        let product_rest = libm::fma(sum, mean, -product) + sum * mean_rest + sum_rest * mean;
        let left = (squares - product) + (squares_rest - product_rest);
        Some((left / (n - 1.0)).max(0.0))
    }

    /// The standard deviation, the root of [`Moments::variance`].
    pub fn sd(&self) -> Option<f64> {
        self.variance().map(f64::sqrt)
    }

    /// The standard error of the mean.
    pub fn standard_error(&self) -> Option<f64> {
        self.variance().map(|variance| (variance / self.count as f64).sqrt())
    }

    /// Student's interval of the mean at a confidence `level` such as 0.95.
    ///
    /// For differences between two arms of the same patients this is the interval of the mean paired difference.
    /// Source: Student, Biometrika 1908;6:1.
    ///
    /// # Errors
    /// Fewer than two numbers, a level outside (0, 1).
    pub fn mean_interval(&self, level: f64) -> Result<Interval, StatsError> {
        error::level(level)?;
        let (Some(mean), Some(deviation)) = (self.mean(), self.standard_error()) else {
            return Err(StatsError::TooFew { found: self.count as usize, needed: 2 });
        };
        let half = student_quantile((self.count - 1) as f64, 0.5 + 0.5 * level) * deviation;
        Ok(Interval { low: mean - half, high: mean + half })
    }

    /// The same numbers in any order give the same bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut to = Writer::new(MAGIC);
        self.write(&mut to);
        to.finish()
    }

    pub(crate) fn write(&self, to: &mut Writer) {
        to.count(self.count);
        self.sum.write(to);
        self.squares.write(to);
    }

    /// Reads what [`Moments::to_bytes`] wrote.
    ///
    /// # Errors
    /// Anything else.
    pub fn from_bytes(bytes: &[u8]) -> Result<Moments, BytesError> {
        let mut from = Reader::new(bytes, MAGIC)?;
        let moments = Moments::read(&mut from)?;
        from.finish()?;
        Ok(moments)
    }

    pub(crate) fn read(from: &mut Reader<'_>) -> Result<Moments, BytesError> {
        Ok(Moments { count: from.count()?, sum: ExactSum::read(from)?, squares: ExactSum::read(from)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moments(values: &[f64]) -> Moments {
        let mut moments = Moments::new();
        values.iter().for_each(|x| moments.insert(*x));
        moments
    }

    /// NIST Statistical Reference Datasets, univariate: NumAcc1 to NumAcc4, built to defeat one-pass formulas.
    #[test]
    fn certified_deviations() {
        let alternating = |base: f64, step: f64| {
            let mut values = vec![base];
            (0..500).for_each(|_| values.extend([base - step, base + step]));
            moments(&values)
        };
        let first = moments(&[10_000_001.0, 10_000_003.0, 10_000_002.0]);
        assert_eq!((first.mean(), first.sd()), (Some(10_000_002.0), Some(1.0)));
        for base in [1.2, 1_000_000.2, 10_000_000.2] {
            let got = alternating(base, 0.1);
            assert!((got.mean().unwrap() - base).abs() <= f64::EPSILON * base);
            // The numbers themselves are rounded to 2e-9 of 0.1 at worst.
            assert!((got.sd().unwrap() - 0.1).abs() < 2e-9, "{base}: {:?}", got.sd());
        }
    }

    /// Student's own data, the gain of sleep by an optical isomer: mean 1.58, t with nine degrees of freedom;
    /// the interval as every program prints it.
    #[test]
    fn students_sleep() {
        let gain = [1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4];
        let interval = moments(&gain).mean_interval(0.95).unwrap();
        assert!((moments(&gain).mean().unwrap() - 1.58).abs() < 1e-15);
        assert!((interval.low - 0.700_114_2).abs() < 1e-6 && (interval.high - 2.459_885_8).abs() < 1e-6);
    }

    #[test]
    fn order_does_not_matter() {
        let values: Vec<f64> =
            (0..300).map(|i| libm::exp(f64::from(i % 37)) * libm::sin(f64::from(i))).collect();
        let all = moments(&values);
        let mut backwards = Moments::new();
        for part in values.rchunks(7) {
            let mut reversed = part.to_vec();
            reversed.reverse();
            backwards.merge(&moments(&reversed));
        }
        assert_eq!(all.to_bytes(), backwards.to_bytes());
        assert_eq!(Moments::from_bytes(&all.to_bytes()), Ok(all.clone()));
        assert!(Moments::from_bytes(&all.to_bytes()[..20]).is_err());
        assert_eq!((all.count(), all.variance()), (300, backwards.variance()));
    }

    #[test]
    fn too_little() {
        assert_eq!((Moments::new().mean(), moments(&[1.0]).sd()), (None, None));
        assert!(
            moments(&[1.0]).mean_interval(0.95).is_err() && moments(&[1.0, 2.0]).mean_interval(1.0).is_err()
        );
        assert_eq!(moments(&[2.5; 3]).variance(), Some(0.0));
    }
}
