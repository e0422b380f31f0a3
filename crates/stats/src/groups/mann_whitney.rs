//! Two groups by ranks.

use super::ranks::Ranks;
use crate::StatsError;
use crate::error::all;
use crate::special::normal_cdf;

/// The most values of which every arrangement is counted.
const MOST_EXACT: usize = 50;

/// The Wilcoxon-Mann-Whitney test.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RankTest {
    /// Pairs in which the first group has the larger value, ties counting half.
    pub u: f64,
    /// The share of such pairs: 0.5 when neither group tends to larger values.
    pub share: f64,
    /// Two-sided P value from every arrangement of the values found, ties included: the arrangements whose statistic
    /// is at least as far from its mean. `None` for more than 50 values.
    pub exact: Option<f64>,
    /// Two-sided P value by the normal approximation with correction for ties and continuity, as R's `wilcox.test`
    /// gives it with `exact = FALSE`.
    pub normal: f64,
}

impl RankTest {
    /// The exact P value where there is one.
    pub fn p(&self) -> f64 {
        self.exact.unwrap_or(self.normal)
    }
}

/// Compares two groups by ranks.
///
/// Wilcoxon F, Biometrics 1945;1:80; Mann HB, Whitney DR, Ann Math Stat 1947;18:50; arrangements with ties counted as
/// Streitberg B, Röhmel J, Stat Softw Newsl 1986;12:10.
///
/// # Errors
/// An empty group, a value that is not finite, all values equal.
pub fn mann_whitney(a: &[f64], b: &[f64]) -> Result<RankTest, StatsError> {
    if a.is_empty() || b.is_empty() {
        return Err(StatsError::TooFew { found: a.len().min(b.len()), needed: 1 });
    }
    let values: Vec<f64> = a.iter().chain(b).copied().collect();
    all(&values, "a finite number", f64::is_finite)?;
    let ranks = Ranks::of(&values);
    let (na, nb) = (a.len() as f64, b.len() as f64);
    let n = na + nb;
    let variance = na * nb / 12.0 * (n + 1.0 - ranks.ties / (n * (n - 1.0)));
    all(&[variance], "a spread above zero", |v| v > 0.0)?;
    let sum: f64 = ranks.ranks[..a.len()].iter().sum();
    let u = sum - na * (na + 1.0) / 2.0;
    let off = (u - na * nb / 2.0).abs();
    let z = (off - 0.5).max(0.0) / variance.sqrt();
    let exact = (values.len() <= MOST_EXACT).then(|| as_far(&ranks.ranks, a.len(), sum));
    Ok(RankTest { u, share: u / (na * nb), exact, normal: (2.0 * normal_cdf(-z)).min(1.0) })
}

/// The share of the choices of `take` ranks whose sum is at least as far from its mean as `sum`.
fn as_far(ranks: &[f64], take: usize, sum: f64) -> f64 {
    // Twice a rank is whole.
    let doubled: Vec<usize> = ranks.iter().map(|r| (2.0 * r) as usize).collect();
    let total: usize = doubled.iter().sum();
    // ways[k][s]: choices of k ranks with doubled sum s.
    let mut ways = vec![vec![0.0f64; total + 1]; take + 1];
    ways[0][0] = 1.0;
    for rank in &doubled {
        for k in (1..=take).rev() {
            let (fewer, more) = ways.split_at_mut(k);
            for s in (*rank..=total).rev() {
                more[0][s] += fewer[k - 1][s - rank];
            }
        }
    }
    let mean = total as f64 * take as f64 / ranks.len() as f64;
    let off = (2.0 * sum - mean).abs();
    let counts = &ways[take];
    let far = |s: usize| (s as f64 - mean).abs() >= off - 1e-9;
    let (mut outside, mut every) = (0.0, 0.0);
    for (s, count) in counts.iter().enumerate() {
        every += count;
        outside += if far(s) { *count } else { 0.0 };
    }
    outside / every
}
