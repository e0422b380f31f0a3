//! Agreement of two readers.

use crate::error::level as check_level;
use crate::special::normal_quantile;
use crate::{Interval, StatsError};

/// What a disagreement by so many categories costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weighting {
    /// Every disagreement counts the same.
    None,
    /// In proportion to the distance (Cicchetti-Allison).
    Linear,
    /// In proportion to its square (Fleiss-Cohen).
    Quadratic,
}

/// Cohen's kappa with weights.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Kappa {
    /// 1 for full agreement, 0 for that of chance.
    pub kappa: f64,
    /// Its standard error.
    pub se: f64,
    /// Its interval by that, cut at 1.
    pub interval: Interval,
    /// The share of units on which the readers agree fully.
    pub agreement: f64,
}

/// The agreement of two readers from the table of their scores, `counts[first reader][second reader]`.
///
/// Cohen J, Psychol Bull 1968;70:213; standard error for large samples: Fleiss JL, Cohen J, Everitt BS, Psychol Bull
/// 1969;72:323.
///
/// # Errors
/// A table that is not square, fewer than two categories or units, one category used by both readers only, a level
/// outside (0, 1).
pub fn weighted_kappa(counts: &[Vec<u64>], weighting: Weighting, level: f64) -> Result<Kappa, StatsError> {
    check_level(level)?;
    let k = counts.len();
    if k < 2 {
        return Err(StatsError::TooFew { found: k, needed: 2 });
    }
    if let Some(row) = counts.iter().find(|row| row.len() != k) {
        return Err(StatsError::Lengths { first: k, second: row.len() });
    }
    let n: u64 = counts.iter().flatten().sum();
    if n < 2 {
        return Err(StatsError::TooFew { found: n as usize, needed: 2 });
    }
    let share = |i: usize, j: usize| counts[i][j] as f64 / n as f64;
    let rows: Vec<f64> = (0..k).map(|i| (0..k).map(|j| share(i, j)).sum()).collect();
    let columns: Vec<f64> = (0..k).map(|j| (0..k).map(|i| share(i, j)).sum()).collect();
    let weight = |i: usize, j: usize| {
        let distance = i.abs_diff(j) as f64 / (k - 1) as f64;
        match weighting {
            Weighting::None => f64::from(u8::from(i == j)),
            Weighting::Linear => 1.0 - distance,
            Weighting::Quadratic => 1.0 - distance * distance,
        }
    };
    let cells = || (0..k).flat_map(|i| (0..k).map(move |j| (i, j)));
    let observed: f64 = cells().map(|(i, j)| weight(i, j) * share(i, j)).sum();
    let chance: f64 = cells().map(|(i, j)| weight(i, j) * rows[i] * columns[j]).sum();
    if 1.0 - chance < 1e-12 {
        return Err(StatsError::Value { what: "a chance agreement below 1", index: 0, value: chance });
    }
    let kappa = (observed - chance) / (1.0 - chance);
    let row_mean: Vec<f64> = (0..k).map(|i| (0..k).map(|j| weight(i, j) * columns[j]).sum()).collect();
    let column_mean: Vec<f64> = (0..k).map(|j| (0..k).map(|i| weight(i, j) * rows[i]).sum()).collect();
    let square: f64 = cells()
        .map(|(i, j)| {
            let term = weight(i, j) - (row_mean[i] + column_mean[j]) * (1.0 - kappa);
            share(i, j) * term * term
        })
        .sum();
    let centre = kappa - chance * (1.0 - kappa);
    let se = ((square - centre * centre).max(0.0) / n as f64).sqrt() / (1.0 - chance);
    let half = normal_quantile(0.5 + 0.5 * level) * se;
    let interval = Interval { low: (kappa - half).max(-1.0), high: (kappa + half).min(1.0) };
    Ok(Kappa { kappa, se, interval, agreement: (0..k).map(|i| share(i, i)).sum() })
}
