//! Several groups by ranks.

use super::holm::holm;
use super::ranks::Ranks;
use crate::StatsError;
use crate::error::all;
use crate::special::chi_squared_tail;
use crate::two_by_two::normal_p;

/// The Kruskal-Wallis test.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RankAnova {
    /// The statistic, corrected for ties.
    pub h: f64,
    /// Degrees of freedom.
    pub df: f64,
    /// P value by the chi-squared approximation.
    pub p: f64,
}

/// Two groups by Dunn's test.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DunnPair {
    /// The groups.
    pub groups: (usize, usize),
    /// Mean rank of the first less that of the second over its standard error.
    pub z: f64,
    /// Two-sided P value.
    pub p: f64,
    /// The same, adjusted by Holm over the pairs.
    pub adjusted: f64,
}

/// Compares groups by ranks. Kruskal WH, Wallis WA, J Am Stat Assoc 1952;47:583.
///
/// # Errors
/// Fewer than two groups, an empty one, a value that is not finite, all values equal.
pub fn kruskal(groups: &[Vec<f64>]) -> Result<RankAnova, StatsError> {
    let ranked = Ranked::new(groups)?;
    let n = ranked.n;
    let squares: f64 = ranked.means.iter().zip(groups).map(|(mean, g)| mean * mean * g.len() as f64).sum();
    let h = (12.0 / (n * (n + 1.0)) * squares - 3.0 * (n + 1.0)) / (1.0 - ranked.ties / (n * n * n - n));
    let df = groups.len() as f64 - 1.0;
    Ok(RankAnova { h, df, p: chi_squared_tail(df, h.max(0.0)) })
}

/// Compares pairs of groups by the ranks among all. Dunn OJ, Technometrics 1964;6:241, with correction for ties.
///
/// # Errors
/// As [`kruskal`]; a pair of a group that does not exist.
pub fn dunn(groups: &[Vec<f64>], pairs: &[(usize, usize)]) -> Result<Vec<DunnPair>, StatsError> {
    let ranked = Ranked::new(groups)?;
    if let Some(index) = pairs.iter().position(|(a, b)| *a.max(b) >= groups.len()) {
        let value = pairs[index].0.max(pairs[index].1) as f64;
        return Err(StatsError::Value { what: "a group that exists", index, value });
    }
    let n = ranked.n;
    let variance = n * (n + 1.0) / 12.0 - ranked.ties / (12.0 * (n - 1.0));
    let one = |(a, b): &(usize, usize)| {
        let counts = 1.0 / groups[*a].len() as f64 + 1.0 / groups[*b].len() as f64;
        (ranked.means[*a] - ranked.means[*b]) / (variance * counts).sqrt()
    };
    let z: Vec<f64> = pairs.iter().map(one).collect();
    let p: Vec<f64> = z.iter().map(|z| normal_p(*z)).collect();
    let rows = pairs.iter().zip(&z).zip(p.iter().zip(holm(&p)));
    Ok(rows
        .map(|((groups, z), (p, adjusted))| DunnPair { groups: *groups, z: *z, p: *p, adjusted })
        .collect())
}

/// Mean ranks of groups.
struct Ranked {
    means: Vec<f64>,
    ties: f64,
    n: f64,
}

impl Ranked {
    fn new(groups: &[Vec<f64>]) -> Result<Ranked, StatsError> {
        if groups.len() < 2 {
            return Err(StatsError::TooFew { found: groups.len(), needed: 2 });
        }
        if groups.iter().any(Vec::is_empty) {
            return Err(StatsError::TooFew { found: 0, needed: 1 });
        }
        let values: Vec<f64> = groups.iter().flatten().copied().collect();
        all(&values, "a finite number", f64::is_finite)?;
        let Ranks { ranks, ties } = Ranks::of(&values);
        let n = values.len() as f64;
        all(&[n * n * n - n - ties], "a spread above zero", |v| v > 0.0)?;
        let mut from = 0;
        let mean = |g: &Vec<f64>| {
            let own = &ranks[from..from + g.len()];
            from += g.len();
            own.iter().sum::<f64>() / own.len() as f64
        };
        let means = groups.iter().map(mean).collect();
        Ok(Ranked { means, ties, n })
    }
}
