//! Rising doses against a control when the response cannot turn.

use super::Group;
use super::dunnett::Sided;
use super::integrate::Rule;
use super::summary::pooled;
use crate::StatsError;
use crate::error::all;
use crate::special::{normal_cdf, normal_density};

/// Williams' test of one dose: whether it, given that effects do not turn with dose, differs from the control.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Williams {
    /// The mean amended so that means do not turn.
    pub amended: f64,
    /// Amended mean less control over its standard error.
    pub t: f64,
    /// The chance of a larger value when no dose up to this one has an effect.
    pub p: f64,
}

/// Tests the doses in their order against the control, which is the first group; an effect of a dose is claimed only
/// when all higher doses have one as well, so that the tests need no adjustment.
///
/// Williams DA, Biometrics 1971;27:103 and 1972;28:519. Numbers may differ between groups; the chance is integrated,
/// not looked up: amended means exceed a limit where a random walk from the highest dose down crosses it.
///
/// # Errors
/// Fewer than two groups, no spread within them; two sides, for which the test is not made.
pub fn williams(groups: &[Group], direction: Sided) -> Result<Vec<Williams>, StatsError> {
    if groups.len() < 2 {
        return Err(StatsError::TooFew { found: groups.len(), needed: 2 });
    }
    let sign = match direction {
        Sided::Greater => 1.0,
        Sided::Less => -1.0,
        Sided::Two => return Err(StatsError::Value { what: "one side", index: 0, value: 2.0 }),
    };
    let (variance, df) = pooled(groups);
    all(&[variance], "a spread above zero", |v| v > 0.0)?;
    let control = groups[0];
    let counts: Vec<f64> = groups[1..].iter().map(Group::count).collect();
    let means: Vec<f64> = groups[1..].iter().map(|g| sign * g.mean).collect();
    let amended = rising(&means, &counts);
    let deviation = Rule::deviation(df);
    let one = |k: usize| {
        let unit = (1.0 / counts[k] + 1.0 / control.count()).sqrt();
        let t = (amended[k] - sign * control.mean) / (variance.sqrt() * unit);
        let inside = inside(&counts[..=k], &deviation, t * unit, control.count().sqrt());
        Williams { amended: sign * amended[k], t, p: (1.0 - inside).clamp(0.0, 1.0) }
    };
    Ok((0..counts.len()).map(one).collect())
}

/// The chance that the amended mean stays below the control's mean plus `reach` estimated deviations. The limit is a
/// normal variable of deviation `1 / root` around that; its density is integrated over the estimated deviation first,
/// so that each walk is walked once.
fn inside(counts: &[f64], deviation: &Rule, reach: f64, root: f64) -> f64 {
    let ends = [deviation.places[0], deviation.places[deviation.places.len() - 1]].map(|s| reach * s);
    let (low, high) = (ends[0].min(ends[1]) - 8.5 / root, ends[0].max(ends[1]) + 8.5 / root);
    let panels = ((high - low) * root / 2.0).clamp(8.0, 64.0) as usize;
    Rule::panels(low, high, panels).of(|limit| {
        let density = deviation.of(|s| root * normal_density((limit - reach * s) * root));
        if density < 1e-18 { 0.0 } else { density * below(counts, limit) }
    })
}

/// The weighted means that do not fall and are nearest: pools of neighbours (Ayer 1955).
fn rising(means: &[f64], weights: &[f64]) -> Vec<f64> {
    let mut pools: Vec<(f64, f64, usize)> = Vec::new();
    for (mean, weight) in means.iter().zip(weights) {
        let mut last = (*mean, *weight, 1);
        while let Some(before) = pools.pop_if(|before| before.0 > last.0) {
            let weight = before.1 + last.1;
            last = ((before.0 * before.1 + last.0 * last.1) / weight, weight, before.2 + last.2);
        }
        pools.push(last);
    }
    pools.iter().flat_map(|(mean, _, count)| std::iter::repeat_n(*mean, *count)).collect()
}

/// The chance that the amended mean of the last of these groups stays below a limit, all true means 0 and the deviation
/// of a unit 1: no weighted mean of the last groups exceeds it.
///
/// The sums `n_k (x_k - limit) + n_(k-1) (x_(k-1) - limit) + ..` are a random walk that must stay below zero. Its density
/// is carried on a fixed grid from step to step.
fn below(counts: &[f64], limit: f64) -> f64 {
    let Some((last, rest)) = counts.split_last() else { return 1.0 };
    let first = normal_cdf(limit * last.sqrt());
    if rest.is_empty() || first < 1e-16 {
        return first;
    }
    // Below this the walk has no mass that could come back.
    let total: f64 = counts.iter().sum();
    let depth = 8.5 * total.sqrt() + limit.abs() * total;
    let shift = |count: f64| count * limit;
    let spread = |count: f64| count.sqrt();
    let step = |from: f64, to: f64, count: f64| {
        normal_density((to - from + shift(count)) / spread(count)) / spread(count)
    };
    let narrowest = counts.iter().copied().fold(f64::INFINITY, f64::min).sqrt();
    let panels = (depth / narrowest / 3.0).clamp(3.0, 24.0) as usize;
    let grid = Rule::panels(-depth, 0.0, panels);
    let mut density: Vec<f64> = grid.places.iter().map(|y| step(0.0, *y, *last)).collect();
    let mut steps = rest.iter().rev().peekable();
    while let Some(count) = steps.next() {
        let mass = grid.weights.iter().zip(&density).zip(&grid.places);
        if steps.peek().is_none() {
            return mass.map(|((w, d), y)| w * d * normal_cdf((shift(*count) - y) / spread(*count))).sum();
        }
        let carried = |to: &f64| mass.clone().map(|((w, d), y)| w * d * step(*y, *to, *count)).sum();
        density = grid.places.iter().map(carried).collect();
    }
    first
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pools_of_neighbours() {
        assert_eq!(rising(&[1.0, 3.0, 2.0, 2.5], &[1.0, 1.0, 1.0, 2.0]), [1.0, 2.5, 2.5, 2.5]);
        assert_eq!(rising(&[3.0, 2.0, 1.0], &[1.0, 1.0, 2.0]), [1.75, 1.75, 1.75]);
        assert_eq!(rising(&[1.0, 2.0], &[5.0, 1.0]), [1.0, 2.0]);
    }

    /// Two groups: the bivariate normal orthant at limit 0 with correlation of sums, 1/4 + asin(r)/(2 pi).
    #[test]
    fn the_walk_has_closed_forms() {
        for counts in [[1.0, 1.0], [2.0, 5.0], [7.0, 1.0f64]] {
            let r = (counts[1] / (counts[0] + counts[1])).sqrt();
            let orthant = 0.25 + libm::asin(r) / (2.0 * std::f64::consts::PI);
            assert!((below(&counts, 0.0) - orthant).abs() < 1e-12, "{counts:?}");
        }
        // Equal groups at limit 0: the chance that a symmetric walk stays below is (2k choose k) / 4^k.
        assert!((below(&[1.0; 3], 0.0) - 20.0 / 64.0).abs() < 1e-11);
        assert!((below(&[1.0; 4], 0.0) - 70.0 / 256.0).abs() < 1e-11);
        assert!((below(&[4.0; 4], 9.0) - 1.0).abs() < 1e-11 && below(&[4.0; 4], -9.0) < 1e-15);
    }
}
