//! Shares of the variance of an output that its inputs account for.

use crate::error::{all, level};
use crate::quantile::Sorted;
use crate::random::{Key, uniform};
use crate::{Interval, StatsError};

/// Intervals by resampling rows of the design with replacement: the percentile interval of Efron and Tibshirani, "An
/// introduction to the bootstrap", 1993, chapter 13.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bootstrap {
    /// How often rows are resampled, at least 20.
    pub replicates: usize,
    /// The probability that an interval is to cover.
    pub level: f64,
    /// The seed of the resampling.
    pub seed: u64,
}

/// A share of the variance with its interval. Estimates of small shares may lie below 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Share {
    /// The estimate.
    pub value: f64,
    /// Its interval.
    pub interval: Interval,
}

/// What a factor accounts for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SobolIndices {
    /// The variance that would go if the factor alone were known, as a share: Saltelli et al. 2010, table 2 (b), on
    /// centred outputs.
    pub first: Share,
    /// The variance that would be left if all other factors were known, as a share: Jansen, Comput Phys Commun
    /// 1999;117:35.
    pub total: Share,
}

/// The outputs of a row of the design.
struct Row<'a> {
    a: f64,
    b: f64,
    swapped: &'a [f64],
}

/// The shares of every factor from the outputs of all points of a [`Design`](super::Design) in their order; `None` where
/// the output does not vary.
///
/// An output that is not finite is left out with what needs it: that of a swapped point for its factor, that of A or B
/// with its row.
///
/// # Errors
/// Outputs that are no whole number of rows, fewer than two usable rows for a factor, a level that is none, too few
/// replicates.
pub fn sobol_indices(
    outputs: &[f64],
    factors: usize,
    bootstrap: Bootstrap,
) -> Result<Option<Vec<SobolIndices>>, StatsError> {
    level(bootstrap.level)?;
    if bootstrap.replicates < 20 {
        return Err(StatsError::TooFew { found: bootstrap.replicates, needed: 20 });
    }
    let width = factors + 2;
    if factors == 0 || !outputs.len().is_multiple_of(width) {
        return Err(StatsError::Lengths { first: outputs.len(), second: width });
    }
    let rows: Vec<Row<'_>> = outputs
        .chunks_exact(width)
        .filter(|row| row[0].is_finite() && row[1].is_finite())
        .map(|row| Row { a: row[0], b: row[1], swapped: &row[2..] })
        .collect();
    let usable = |k: usize| rows.iter().filter(|row| row.swapped[k].is_finite()).count();
    let fewest = (0..factors).map(usable).min().unwrap_or(0);
    if fewest < 2 {
        return Err(StatsError::TooFew { found: fewest, needed: 2 });
    }
    let once = vec![1.0; rows.len()];
    let Some(found) = shares(&rows, &once, factors) else { return Ok(None) };
    let mut drawn: Vec<(Vec<f64>, Vec<f64>)> = vec![Default::default(); factors];
    for replicate in 0..bootstrap.replicates {
        let times = resampled(rows.len(), replicate, bootstrap.seed);
        // A replicate in which nothing varies has no shares and tells nothing of their spread.
        let Some(again) = shares(&rows, &times, factors) else { continue };
        for (drawn, (first, total)) in drawn.iter_mut().zip(again) {
            // Neither does one without a usable row of the factor.
            if first.is_finite() && total.is_finite() {
                drawn.0.push(first);
                drawn.1.push(total);
            }
        }
    }
    let share = |value: f64, drawn: Vec<f64>| -> Result<Share, StatsError> {
        all(&[value], "a finite share", f64::is_finite)?;
        let sorted = Sorted::new(drawn)?;
        let outside = 0.5 * (1.0 - bootstrap.level);
        let interval = Interval { low: sorted.quantile(outside), high: sorted.quantile(1.0 - outside) };
        Ok(Share { value, interval })
    };
    let indices = found.into_iter().zip(drawn).map(|((first, total), drawn)| {
        Ok(SobolIndices { first: share(first, drawn.0)?, total: share(total, drawn.1)? })
    });
    indices.collect::<Result<Vec<_>, _>>().map(Some)
}

/// How often each row stands in a replicate.
fn resampled(rows: usize, replicate: usize, seed: u64) -> Vec<f64> {
    let key = Key::new(seed);
    let mut times = vec![0.0; rows];
    for place in 0..rows {
        let u = uniform(&key, replicate as u64, place as u32);
        times[((u * rows as f64) as usize).min(rows - 1)] += 1.0;
    }
    times
}

/// First and total share of every factor from rows that count so many times, NaN where no row of the factor counts;
/// `None` without variance.
fn shares(rows: &[Row<'_>], times: &[f64], factors: usize) -> Option<Vec<(f64, f64)>> {
    let n: f64 = times.iter().sum();
    let counted = || rows.iter().zip(times).filter(|(_, w)| **w > 0.0);
    let mean = counted().map(|(row, w)| w * (row.a + row.b)).sum::<f64>() / (2.0 * n);
    let square = |v: f64| (v - mean) * (v - mean);
    let variance = counted().map(|(row, w)| w * (square(row.a) + square(row.b))).sum::<f64>() / (2.0 * n);
    let largest = rows.iter().map(|row| row.a.abs().max(row.b.abs())).fold(0.0, f64::max);
    // Differences of the size of rounding are no variance.
    if variance.is_nan() || variance <= (1e-12 * largest).powi(2) {
        return None;
    }
    let of = |k: usize| {
        let (mut first, mut total, mut n) = (0.0, 0.0, 0.0);
        for (row, w) in counted().filter(|(row, _)| row.swapped[k].is_finite()) {
            let change = row.swapped[k] - row.a;
            first += w * (row.b - mean) * change;
            total += w * change * change;
            n += w;
        }
        (first / (n * variance), total / (2.0 * n * variance))
    };
    Some((0..factors).map(of).collect())
}

#[cfg(test)]
mod tests {
    use super::super::Design;
    use super::*;
    use core::f64::consts::PI;

    const BOOTSTRAP: Bootstrap = Bootstrap { replicates: 200, level: 0.95, seed: 11 };

    fn indices(rows: usize, factors: u32, model: impl Fn(&[f64]) -> f64) -> Vec<SobolIndices> {
        let design = Design::new(rows, (0..factors).collect(), 3).unwrap();
        let outputs: Vec<f64> = (0..design.points()).map(|i| model(&design.point(i))).collect();
        sobol_indices(&outputs, factors as usize, BOOTSTRAP).unwrap().unwrap()
    }

    /// Every true share lies within the estimate's interval, widened by half for luck, and within `error`.
    fn agree(found: &[SobolIndices], first: &[f64], total: &[f64], error: f64) {
        for (k, found) in found.iter().enumerate() {
            for (share, truth) in [(found.first, first[k]), (found.total, total[k])] {
                let half = 0.75 * (share.interval.high - share.interval.low);
                assert!((share.value - truth).abs() <= half.max(1e-12), "{k} {share:?} {truth}");
                assert!((share.value - truth).abs() <= error, "{k} {share:?} {truth}");
                assert!(share.interval.low <= share.value && share.value <= share.interval.high, "{share:?}");
            }
        }
    }

    /// Ishigami and Homma 1990: sin x1 + a sin^2 x2 + b x3^4 sin x1 on (-pi, pi) with a = 7 and b = 0.1.
    #[test]
    fn ishigami() {
        let (a, b) = (7.0, 0.1);
        let model = |u: &[f64]| {
            let x = |k: usize| PI * (2.0 * u[k] - 1.0);
            libm::sin(x(0)) + a * libm::sin(x(1)).powi(2) + b * x(2).powi(4) * libm::sin(x(0))
        };
        let variance = a * a / 8.0 + b * PI.powi(4) / 5.0 + b * b * PI.powi(8) / 18.0 + 0.5;
        let v1 = 0.5 * (1.0 + b * PI.powi(4) / 5.0).powi(2);
        let v2 = a * a / 8.0;
        let v13 = b * b * PI.powi(8) * (1.0 / 18.0 - 1.0 / 50.0);
        let first = [v1 / variance, v2 / variance, 0.0];
        let total = [(v1 + v13) / variance, v2 / variance, v13 / variance];
        agree(&indices(8192, 3, model), &first, &total, 0.03);
    }

    /// The G function of Sobol: the product of (|4 u - 2| + a)/(1 + a).
    #[test]
    fn g_function() {
        let a = [0.0, 1.0, 4.5, 9.0, 99.0];
        let model =
            |u: &[f64]| u.iter().zip(a).map(|(u, a)| ((4.0 * u - 2.0).abs() + a) / (1.0 + a)).product();
        let partial = a.map(|a: f64| 1.0 / (3.0 * (1.0 + a).powi(2)));
        let variance = partial.iter().map(|v| 1.0 + v).product::<f64>() - 1.0;
        let first = partial.map(|v| v / variance);
        let total = partial.map(|v| {
            let others = partial.iter().map(|v| 1.0 + v).product::<f64>() / (1.0 + v);
            v * others / variance
        });
        agree(&indices(8192, 5, model), &first, &total, 0.03);
    }

    #[test]
    fn a_sum_has_no_interactions_and_an_idle_factor_nothing() {
        let found = indices(4096, 3, |u| 3.0 * u[0] + u[1]);
        agree(&found, &[0.9, 0.1, 0.0], &[0.9, 0.1, 0.0], 0.03);
        assert_eq!((found[2].total.value, found[2].first.value), (0.0, 0.0));
    }

    /// A large constant changes no share. What failed is left out: a swapped point for its factor, A with its row.
    #[test]
    fn constants_and_failures() {
        let design = Design::new(600, vec![0, 1], 3).unwrap();
        let outputs = |shift: f64| -> Vec<f64> {
            (0..design.points()).map(|i| shift + design.point(i)[0] * design.point(i)[1]).collect()
        };
        let of = |outputs: &[f64]| sobol_indices(outputs, 2, BOOTSTRAP).unwrap().unwrap();
        let (plain, shifted) = (of(&outputs(0.0)), of(&outputs(1e6)));
        assert!((plain[0].first.value - shifted[0].first.value).abs() < 1e-6);
        assert!((plain[1].total.value - shifted[1].total.value).abs() < 1e-6);
        let (mut failed, mut swapped, mut without) = (outputs(0.0), outputs(0.0), outputs(0.0));
        failed[4 * 7] = f64::NAN;
        swapped[4 * 7 + 2] = f64::INFINITY;
        without.drain(4 * 7..4 * 8);
        assert_eq!(of(&failed), of(&without));
        assert_eq!(of(&swapped)[1], plain[1]);
        assert!((of(&swapped)[0].total.value - plain[0].total.value).abs() < 0.01);
        assert_ne!(of(&swapped)[0], plain[0]);
        assert_eq!(sobol_indices(&[2.5; 40], 2, BOOTSTRAP), Ok(None));
    }

    #[test]
    fn what_cannot_be_told_is_refused() {
        assert!(sobol_indices(&[1.0; 7], 2, BOOTSTRAP).is_err());
        assert!(sobol_indices(&[f64::NAN; 8], 2, BOOTSTRAP).is_err());
        let never = [1.0, 2.0, f64::NAN, 3.0, 3.0, 1.0, f64::NAN, 2.0];
        assert!(sobol_indices(&never, 2, BOOTSTRAP).is_err());
        assert!(sobol_indices(&[1.0; 8], 2, Bootstrap { level: 1.0, ..BOOTSTRAP }).is_err());
        assert!(sobol_indices(&[1.0; 8], 2, Bootstrap { replicates: 3, ..BOOTSTRAP }).is_err());
    }
}
