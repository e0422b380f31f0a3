//! Fold errors of predictions.
//!
//! Source: Obach RS et al., J Pharmacol Exp Ther 1997;283:46 (average fold error, average absolute fold error).

use crate::StatsError;
use crate::error::{all, same_length};

/// The geometric mean fold error, `10^mean(|log10(predicted / observed)|)`: 1 is perfect, 2 is off by twice on
/// average in either direction.
///
/// # Errors
/// No values, lists of different length, a value that is not positive and finite.
pub fn gmfe(predicted: &[f64], observed: &[f64]) -> Result<f64, StatsError> {
    Ok(libm::exp(mean(&log_ratios(predicted, observed)?, f64::abs)))
}

/// The average fold error, `10^mean(log10(predicted / observed))`: above 1 predicts too much, below too little.
///
/// # Errors
/// As [`gmfe`].
pub fn afe(predicted: &[f64], observed: &[f64]) -> Result<f64, StatsError> {
    Ok(libm::exp(mean(&log_ratios(predicted, observed)?, |x| x)))
}

/// The share of predictions within a factor of `fold` (at least 1) of the observation, the limits included.
///
/// # Errors
/// As [`gmfe`]; a `fold` below 1.
pub fn share_within_fold(predicted: &[f64], observed: &[f64], fold: f64) -> Result<f64, StatsError> {
    all(&[fold], "a factor of at least 1", |f| f.is_finite() && f >= 1.0)?;
    log_ratios(predicted, observed)?;
    let within = |(p, o): &(&f64, &f64)| **p <= **o * fold && **o <= **p * fold;
    let count = predicted.iter().zip(observed).filter(within).count();
    Ok(count as f64 / predicted.len() as f64)
}

fn log_ratios(predicted: &[f64], observed: &[f64]) -> Result<Vec<f64>, StatsError> {
    same_length(predicted, observed)?;
    if predicted.is_empty() {
        return Err(StatsError::TooFew { found: 0, needed: 1 });
    }
    for list in [predicted, observed] {
        all(list, "a positive finite number", |x| x.is_finite() && x > 0.0)?;
    }
    Ok(predicted.iter().zip(observed).map(|(p, o)| libm::log(*p) - libm::log(*o)).collect())
}

fn mean(values: &[f64], of: impl Fn(f64) -> f64) -> f64 {
    values.iter().map(|v| of(*v)).sum::<f64>() / values.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let (predicted, observed) = ([2.0, 1.0, 8.0], [1.0, 2.0, 2.0]);
        // |log2| of the ratios: 1, 1, 2; signed: 1, -1, 2.
        assert!((gmfe(&predicted, &observed).unwrap() - 2f64.powf(4.0 / 3.0)).abs() < 1e-14);
        assert!((afe(&predicted, &observed).unwrap() - 2f64.powf(2.0 / 3.0)).abs() < 1e-14);
        assert_eq!(share_within_fold(&predicted, &observed, 2.0), Ok(2.0 / 3.0));
        assert_eq!(share_within_fold(&predicted, &observed, 4.0), Ok(1.0));
        assert_eq!(share_within_fold(&predicted, &observed, 1.0), Ok(0.0));
    }

    #[test]
    fn refusals() {
        assert_eq!(gmfe(&[], &[]), Err(StatsError::TooFew { found: 0, needed: 1 }));
        assert_eq!(gmfe(&[1.0], &[1.0, 2.0]), Err(StatsError::Lengths { first: 1, second: 2 }));
        for bad in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(matches!(afe(&[1.0, bad], &[1.0, 1.0]), Err(StatsError::Value { index: 1, .. })));
            assert!(matches!(gmfe(&[1.0, 1.0], &[bad, 1.0]), Err(StatsError::Value { index: 0, .. })));
        }
        assert!(share_within_fold(&[1.0], &[1.0], 0.5).is_err());
    }
}
