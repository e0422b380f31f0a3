//! Correlation of ranks.

use super::ranks::Ranks;
use crate::StatsError;
use crate::error::{all, same_length};

/// Spearman's correlation of ranks, ties sharing their mean rank (Am J Psychol 1904;15:72); NaN where one list does
/// not vary.
///
/// # Errors
/// Lists of different length, fewer than two values, or a value that is not a number.
pub fn rank_correlation(first: &[f64], second: &[f64]) -> Result<f64, StatsError> {
    same_length(first, second)?;
    if first.len() < 2 {
        return Err(StatsError::TooFew { found: first.len(), needed: 2 });
    }
    for values in [first, second] {
        all(values, "a number", |v| !v.is_nan())?;
    }
    let (a, b) = (Ranks::of(first).ranks, Ranks::of(second).ranks);
    let mean = 0.5 * (first.len() as f64 + 1.0);
    let sum = |x: &[f64], y: &[f64]| x.iter().zip(y).map(|(x, y)| (x - mean) * (y - mean)).sum::<f64>();
    Ok(sum(&a, &b) / (sum(&a, &a) * sum(&b, &b)).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand: ranks 1 2 3 4 5 against 2 1 4 3 5, d squared adds up to 4, 1 - 6*4/(5*24) = 0.8.
    #[test]
    fn by_hand() {
        let a = [10.0, 20.0, 30.0, 40.0, 50.0];
        assert!((rank_correlation(&a, &[2.0, 1.0, 4.0, 3.0, 1e9]).unwrap() - 0.8).abs() < 1e-15);
        assert_eq!(rank_correlation(&a, &a.map(|x: f64| -x.powi(3))), Ok(-1.0));
        // With a tie: ranks 1.5 1.5 3 against 1 2 3, 1.5 / sqrt(1.5 * 2).
        let tied = rank_correlation(&[1.0, 1.0, 2.0], &[1.0, 2.0, 3.0]).unwrap();
        assert!((tied - 1.5 / 3f64.sqrt()).abs() < 1e-15);
        assert!(rank_correlation(&a, &[7.0; 5]).unwrap().is_nan());
        assert!(rank_correlation(&a, &[7.0; 4]).is_err());
        assert!(rank_correlation(&[1.0], &[1.0]).is_err());
        assert!(rank_correlation(&[1.0, f64::NAN], &[1.0, 2.0]).is_err());
    }
}
