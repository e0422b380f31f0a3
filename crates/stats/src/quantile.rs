//! Quantiles.

use crate::StatsError;
use crate::error::all;

/// Finite values in rising order, at least one.
#[derive(Clone, Debug, PartialEq)]
pub struct Sorted(Vec<f64>);

impl Sorted {
    /// Sorts the values.
    ///
    /// # Errors
    /// No values, or one that is not finite.
    pub fn new(mut values: Vec<f64>) -> Result<Sorted, StatsError> {
        if values.is_empty() {
            return Err(StatsError::TooFew { found: 0, needed: 1 });
        }
        all(&values, "a finite number", f64::is_finite)?;
        values.sort_by(f64::total_cmp);
        Ok(Sorted(values))
    }

    /// The values in rising order.
    pub fn values(&self) -> &[f64] {
        &self.0
    }

    /// The quantile of a probability; definition 7 of Hyndman and Fan, Am Stat 1996;50:361: linear between the
    /// order statistics, with the smallest value at 0 and the largest at 1. A probability outside is taken as
    /// the nearer end; NaN gives NaN.
    pub fn quantile(&self, probability: f64) -> f64 {
        if probability.is_nan() {
            return f64::NAN;
        }
        let last = self.0.len() - 1;
        let place = probability.clamp(0.0, 1.0) * last as f64;
        let below = place.floor() as usize;
        let above = (below + 1).min(last);
        let (a, b) = (self.0[below], self.0[above]);
        // The form keeps equal neighbours exact and does not overflow.
        let share = place - below as f64;
        if a == b { a } else { a * (1.0 - share) + b * share }
    }

    /// The quantile at one half.
    pub fn median(&self) -> f64 {
        self.quantile(0.5)
    }
}

/// One quantile of unsorted values; see [`Sorted::quantile`].
///
/// # Errors
/// No values, or one that is not finite.
pub fn quantile(values: &[f64], probability: f64) -> Result<f64, StatsError> {
    Sorted::new(values.to_vec()).map(|sorted| sorted.quantile(probability))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_definition_by_hand() {
        let sorted = Sorted::new(vec![4.0, 1.0, 3.0, 2.0]).unwrap();
        for (p, q) in [(0.0, 1.0), (0.25, 1.75), (0.5, 2.5), (0.9, 3.7), (1.0, 4.0), (-1.0, 1.0), (2.0, 4.0)]
        {
            assert!((sorted.quantile(p) - q).abs() < 1e-15, "{p}");
        }
        assert!(sorted.quantile(f64::NAN).is_nan());
        assert_eq!(quantile(&[7.0], 0.3), Ok(7.0));
        assert!(Sorted::new(vec![]).is_err() && Sorted::new(vec![f64::NAN]).is_err());
        assert_eq!(Sorted::new(vec![-f64::MAX, f64::MAX]).unwrap().median(), 0.0);
    }

    proptest! {
        #[test]
        fn between_the_ends_and_rising(values in prop::collection::vec(-1e6f64..1e6, 1..20), a in 0.0f64..1.0, b in 0.0f64..1.0) {
            let sorted = Sorted::new(values).unwrap();
            let (low, high) = (sorted.quantile(a.min(b)), sorted.quantile(a.max(b)));
            prop_assert!(low <= high + 1e-9);
            prop_assert!(sorted.values()[0] <= low && high <= *sorted.values().last().unwrap());
        }
    }
}
