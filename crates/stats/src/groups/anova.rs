//! Several means.

use super::Group;
use super::summary::pooled;
use crate::error::{all, same_length};
use crate::regression::{LinearFit, Observed, RegressionError, fit_linear};
use crate::special::f_p;
use crate::{StatsError, quantile};

/// An analysis of variance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Anova {
    /// Mean square between over mean square within.
    pub f: f64,
    /// Degrees of freedom between and within.
    pub df: (f64, f64),
    /// P value.
    pub p: f64,
    /// Sum of squares between.
    pub between: f64,
    /// Sum of squares within.
    pub within: f64,
}

impl Anova {
    fn new(between: f64, within: f64, df: (f64, f64)) -> Anova {
        let f = (between / df.0) / (within / df.1);
        Anova { f, df, p: f_p(df.0, df.1, f), between, within }
    }

    /// The variance within.
    pub fn variance(&self) -> f64 {
        self.within / self.df.1
    }
}

/// One-way analysis of variance (Fisher).
///
/// # Errors
/// Fewer than two groups, no spread within any.
pub fn one_way(groups: &[Group]) -> Result<Anova, StatsError> {
    if groups.len() < 2 {
        return Err(StatsError::TooFew { found: groups.len(), needed: 2 });
    }
    let (variance, df) = pooled(groups);
    all(&[variance], "a spread above zero", |v| v > 0.0)?;
    let n: f64 = groups.iter().map(Group::count).sum();
    let mean = groups.iter().map(|g| g.count() * g.mean).sum::<f64>() / n;
    let between = groups.iter().map(|g| g.count() * (g.mean - mean) * (g.mean - mean)).sum();
    Ok(Anova::new(between, variance * df, (groups.len() as f64 - 1.0, df)))
}

/// Whether variances are equal: analysis of variance of the distances from the group means. Levene H (1960).
///
/// # Errors
/// A group of fewer than two values, a value that is not finite, distances without spread.
pub fn levene(groups: &[Vec<f64>]) -> Result<Anova, StatsError> {
    of_distances(groups, |values| Group::of(values).map(|g| g.mean))
}

/// The same with distances from the medians, which holds its level where values are skewed. Brown MB, Forsythe AB, J Am
/// Stat Assoc 1974;69:364.
///
/// # Errors
/// As [`levene`].
pub fn brown_forsythe(groups: &[Vec<f64>]) -> Result<Anova, StatsError> {
    of_distances(groups, |values| quantile(values, 0.5))
}

fn of_distances(
    groups: &[Vec<f64>],
    centre: impl Fn(&[f64]) -> Result<f64, StatsError>,
) -> Result<Anova, StatsError> {
    let distances = groups.iter().map(|values| {
        let centre = centre(values)?;
        Group::of(&values.iter().map(|v| (v - centre).abs()).collect::<Vec<f64>>())
    });
    one_way(&distances.collect::<Result<Vec<Group>, StatsError>>()?)
}

/// An analysis of variance with blocks.
#[derive(Clone, Debug, PartialEq)]
pub struct Blocked {
    /// The groups, adjusted for the blocks.
    pub groups: Anova,
    /// The blocks, adjusted for the groups.
    pub blocks: Anova,
    /// Parameters: first group in the first block, the other groups less the first, the other blocks less the first.
    pub fit: LinearFit,
}

/// Analysis of variance of groups in blocks, without interaction; each factor is adjusted for the other. `group[i]` and
/// `block[i]` count from 0 and leave no number out.
///
/// # Errors
/// Lists of different length, too few values, and blocks in which no groups meet, whose effects cannot be told from
/// those of the groups.
pub fn blocked(values: &[f64], group: &[usize], block: &[usize]) -> Result<Blocked, RegressionError> {
    let whole: Vec<f64> = group.iter().map(|g| *g as f64).collect();
    same_length(values, &whole)?;
    let whole: Vec<f64> = block.iter().map(|b| *b as f64).collect();
    same_length(values, &whole)?;
    let ones = vec![1.0; values.len()];
    let marks = |of: &[usize]| {
        let last = of.iter().copied().max().unwrap_or(0);
        let mark = |k: usize| of.iter().map(|v| f64::from(u8::from(*v == k))).collect::<Vec<f64>>();
        (1..=last).map(mark).collect::<Vec<Vec<f64>>>()
    };
    let (groups, blocks) = (marks(group), marks(block));
    let observed = Observed { y: values, weights: None };
    let fit = |parts: [&[Vec<f64>]; 2]| {
        let mut columns = vec![ones.clone()];
        parts.iter().for_each(|part| columns.extend(part.iter().cloned()));
        fit_linear(&columns, &observed)
    };
    let full = fit([&groups, &blocks])?;
    let (without_groups, without_blocks) = (fit([&[], &blocks])?, fit([&groups, &[]])?);
    all(&[full.residual_sum], "a spread above zero", |v| v > 0.0)?;
    let against = |less: &LinearFit| {
        let between = less.residual_sum - full.residual_sum;
        Anova::new(between, full.residual_sum, (less.df - full.df, full.df))
    };
    Ok(Blocked { groups: against(&without_groups), blocks: against(&without_blocks), fit: full })
}
