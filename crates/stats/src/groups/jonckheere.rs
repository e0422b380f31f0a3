//! Whether values rise with the order of the groups.

use crate::StatsError;
use crate::error::all;
use crate::two_by_two::normal_p;

/// The most values of which every arrangement is counted.
const MOST_EXACT: usize = 100;

/// The Jonckheere-Terpstra test.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Trend {
    /// Pairs from different groups in which the later group has the larger value, ties counting half.
    pub j: f64,
    /// Its mean without a trend.
    pub expected: f64,
    /// Its standardised value, positive when values rise; variance with correction for ties.
    pub z: f64,
    /// Two-sided P value from every arrangement; `None` with ties or for more than 100 values.
    pub exact: Option<f64>,
    /// Two-sided P value by the normal approximation.
    pub normal: f64,
}

impl Trend {
    /// The exact P value where there is one.
    pub fn p(&self) -> f64 {
        self.exact.unwrap_or(self.normal)
    }
}

/// Tests for a trend over groups in their order.
///
/// Jonckheere AR, Biometrika 1954;41:133; Terpstra TJ, Indag Math 1952;14:327; variance with ties: Hollander M, Wolfe DA,
/// Chicken E, Nonparametric Statistical Methods, 3rd ed. (2014), 6.2.
///
/// # Errors
/// Fewer than two groups, an empty one, a value that is not finite, all values equal.
pub fn jonckheere(groups: &[Vec<f64>]) -> Result<Trend, StatsError> {
    if groups.len() < 2 {
        return Err(StatsError::TooFew { found: groups.len(), needed: 2 });
    }
    if groups.iter().any(Vec::is_empty) {
        return Err(StatsError::TooFew { found: 0, needed: 1 });
    }
    let mut values: Vec<f64> = groups.iter().flatten().copied().collect();
    all(&values, "a finite number", f64::is_finite)?;
    values.sort_by(f64::total_cmp);
    let ties: Vec<f64> = values.chunk_by(|a, b| a == b).map(|chunk| chunk.len() as f64).collect();
    let counts: Vec<f64> = groups.iter().map(|g| g.len() as f64).collect();
    let n = values.len() as f64;
    let expected = (n * n - counts.iter().map(|c| c * c).sum::<f64>()) / 4.0;
    let variance = variance(n, &counts, &ties);
    all(&[variance], "a spread above zero", |v| v > 0.0)?;
    let j = statistic(groups);
    let z = (j - expected) / variance.sqrt();
    let exact =
        (ties.len() == values.len() && values.len() <= MOST_EXACT).then(|| as_far(groups, j, expected));
    Ok(Trend { j, expected, z, exact, normal: normal_p(z) })
}

fn statistic(groups: &[Vec<f64>]) -> f64 {
    let mut j = 0.0;
    for (k, later) in groups.iter().enumerate() {
        for earlier in groups[..k].iter().flatten() {
            for value in later {
                j += if value > earlier { 1.0 } else { 0.5 * f64::from(u8::from(value == earlier)) };
            }
        }
    }
    j
}

fn variance(n: f64, counts: &[f64], ties: &[f64]) -> f64 {
    let sum = |of: &[f64], f: fn(f64) -> f64| of.iter().map(|v| f(*v)).sum::<f64>();
    let five = |v: f64| v * (v - 1.0) * (2.0 * v + 5.0);
    let three = |v: f64| v * (v - 1.0) * (v - 2.0);
    let two = |v: f64| v * (v - 1.0);
    let mut variance = (five(n) - sum(counts, five) - sum(ties, five)) / 72.0;
    if n > 2.0 {
        variance += sum(counts, three) * sum(ties, three) / (36.0 * three(n));
    }
    variance + sum(counts, two) * sum(ties, two) / (8.0 * two(n))
}

/// The share of arrangements whose statistic is at least as far from its mean. The statistic is a sum of independent
/// Mann-Whitney counts, of each group against all before it.
fn as_far(groups: &[Vec<f64>], j: f64, expected: f64) -> f64 {
    let mut distribution = vec![1.0];
    let mut before = 0;
    for group in groups {
        distribution = product(&distribution, &mann_whitney_counts(before, group.len()));
        before += group.len();
    }
    let off = (j - expected).abs() - 1e-9;
    let far = distribution.iter().enumerate().filter(|(s, _)| (*s as f64 - expected).abs() >= off);
    far.map(|(_, share)| share).sum::<f64>().min(1.0)
}

/// The distribution of the Mann-Whitney count of groups of m and n: the coefficients of the Gaussian binomial, the
/// product over i of `(1 - q^(m + i)) / (1 - q^i)`, divided by their sum.
fn mann_whitney_counts(m: usize, n: usize) -> Vec<f64> {
    let mut counts = vec![0.0; m * n + 1];
    counts[0] = 1.0;
    for i in 1..=n {
        for s in (m + i..counts.len()).rev() {
            counts[s] -= counts[s - m - i];
        }
        for s in i..counts.len() {
            counts[s] += counts[s - i];
        }
    }
    let sum: f64 = counts.iter().sum();
    counts.iter_mut().for_each(|c| *c /= sum);
    counts
}

fn product(a: &[f64], b: &[f64]) -> Vec<f64> {
    let mut product = vec![0.0; a.len() + b.len() - 1];
    for (i, x) in a.iter().enumerate() {
        for (j, y) in b.iter().enumerate() {
            product[i + j] += x * y;
        }
    }
    product
}
