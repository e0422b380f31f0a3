//! Ordered categories as a model.

use crate::error::{all, level as check_level, same_length};
use crate::regression::RegressionError;
use crate::special::{chi_squared_tail, normal_quantile};
use crate::two_by_two::normal_p;
use crate::{Interval, StatsError};

/// Newton steps before the search is given up; a likelihood with a maximum needs about ten.
const MAX_STEPS: usize = 100;
/// An effect this large, in logarithms of odds, is a category that separates the groups: the estimate is infinite.
const SEPARATED: f64 = 15.0;

/// A proportional-odds model: the odds of a higher category change by the same factor at every threshold.
#[derive(Clone, Debug, PartialEq)]
pub struct ProportionalOdds {
    /// The logarithm of the odds ratio of a higher category, per predictor.
    pub effects: Vec<f64>,
    /// Their standard errors.
    pub se: Vec<f64>,
    /// The thresholds between categories, on the same scale.
    pub thresholds: Vec<f64>,
    /// The largest logarithm of the likelihood.
    pub ln_likelihood: f64,
    /// Twice what the predictors add to it.
    pub chi_squared: f64,
    /// The P value of that, with a degree of freedom per predictor.
    pub p: f64,
    /// Steps of the search.
    pub steps: usize,
}

impl ProportionalOdds {
    /// The odds ratio of a predictor with its interval (Wald) and two-sided P value.
    ///
    /// # Errors
    /// A level outside (0, 1).
    pub fn ratio(&self, predictor: usize, level: f64) -> Result<(f64, Interval, f64), StatsError> {
        check_level(level)?;
        let (effect, se) = (self.effects[predictor], self.se[predictor]);
        let half = normal_quantile(0.5 + 0.5 * level) * se;
        let interval = Interval { low: libm::exp(effect - half), high: libm::exp(effect + half) };
        Ok((libm::exp(effect), interval, normal_p(effect / se)))
    }
}

/// Fits scores on predictors, `predictors[k][i]`. Scores are any numbers; only their order counts.
///
/// McCullagh P, J R Stat Soc B 1980;42:109. Newton's method with halved steps; the likelihood is concave (Pratt JW, J Am
/// Stat Assoc 1981;76:103).
///
/// # Errors
/// Lists of different length, values that are not finite, fewer than two categories, no more scores than parameters;
/// predictors that others make up for; categories that separate the groups, so that an effect is infinite.
pub fn proportional_odds(
    scores: &[f64],
    predictors: &[Vec<f64>],
) -> Result<ProportionalOdds, RegressionError> {
    all(scores, "a finite number", f64::is_finite)?;
    for predictor in predictors {
        same_length(scores, predictor)?;
        all(predictor, "a finite number", f64::is_finite)?;
    }
    let mut levels = scores.to_vec();
    levels.sort_by(f64::total_cmp);
    levels.dedup();
    let parameters = levels.len() - 1 + predictors.len();
    if levels.len() < 2 || scores.len() <= parameters {
        return Err(StatsError::TooFew { found: scores.len(), needed: parameters.max(1) + 1 }.into());
    }
    let category: Vec<usize> = scores.iter().map(|s| levels.partition_point(|level| level < s)).collect();
    let model = Model { category, predictors, thresholds: levels.len() - 1 };
    let null = model.null();
    let base = model.ln_likelihood(&null);
    let Top { place, hessian, steps } = model.climb(null)?;
    let ln_likelihood = model.ln_likelihood(&place);
    let covariance = inverse(&hessian).ok_or_else(|| separated(0))?;
    let (thresholds, effects) = place.split_at(model.thresholds);
    if let Some(parameter) = effects.iter().position(|e| e.abs() > SEPARATED) {
        return Err(separated(parameter));
    }
    let se = (0..predictors.len())
        .map(|k| covariance[model.thresholds + k][model.thresholds + k].sqrt())
        .collect();
    let chi_squared = (2.0 * (ln_likelihood - base)).max(0.0);
    Ok(ProportionalOdds {
        effects: effects.to_vec(),
        se,
        thresholds: thresholds.to_vec(),
        ln_likelihood,
        chi_squared,
        p: chi_squared_tail(predictors.len() as f64, chi_squared),
        steps,
    })
}

fn separated(parameter: usize) -> RegressionError {
    RegressionError::NotIdentifiable { parameter, by: vec![] }
}

/// Where the likelihood is largest.
struct Top {
    place: Vec<f64>,
    /// Negative second derivatives.
    hessian: Vec<Vec<f64>>,
    steps: usize,
}

struct Model<'a> {
    category: Vec<usize>,
    predictors: &'a [Vec<f64>],
    thresholds: usize,
}

impl Model<'_> {
    /// The best thresholds without effects.
    fn null(&self) -> Vec<f64> {
        let n = self.category.len() as f64;
        let below = |k: usize| self.category.iter().filter(|c| **c <= k).count() as f64 / n;
        let mut place: Vec<f64> =
            (0..self.thresholds).map(|k| libm::log(below(k) / (1.0 - below(k)))).collect();
        place.resize(self.thresholds + self.predictors.len(), 0.0);
        place
    }

    /// Distances of an observation to the thresholds above and below it; infinite at the ends.
    fn distances(&self, place: &[f64], i: usize) -> (f64, f64) {
        let effect: f64 = self.predictors.iter().zip(&place[self.thresholds..]).map(|(p, b)| p[i] * b).sum();
        let c = self.category[i];
        let above = if c < self.thresholds { place[c] - effect } else { f64::INFINITY };
        let below = if c > 0 { place[c - 1] - effect } else { f64::NEG_INFINITY };
        (above, below)
    }

    fn ln_likelihood(&self, place: &[f64]) -> f64 {
        let one = |i: usize| {
            let (above, below) = self.distances(place, i);
            libm::log(between(above, below))
        };
        (0..self.category.len()).map(one).sum()
    }

    /// Gradient and negative second derivatives.
    fn derivatives(&self, place: &[f64]) -> (Vec<f64>, Vec<Vec<f64>>) {
        let count = place.len();
        let (mut gradient, mut hessian) = (vec![0.0; count], vec![vec![0.0; count]; count]);
        for i in 0..self.category.len() {
            let (above, below) = self.distances(place, i);
            let p = between(above, below);
            let (fa, fb) = (density(above), density(below));
            // Derivatives of the densities.
            let (ga, gb) = (fa * (1.0 - 2.0 * logistic(above)), fb * (1.0 - 2.0 * logistic(below)));
            let c = self.category[i];
            // Each parameter moves the two distances by these.
            let moves = |k: usize| -> (f64, f64) {
                if k >= self.thresholds {
                    let x = self.predictors[k - self.thresholds][i];
                    return (-x, -x);
                }
                (f64::from(u8::from(k == c)), f64::from(u8::from(k + 1 == c)))
            };
            for a in 0..count {
                let (ua, la) = moves(a);
                let slope = (fa * ua - fb * la) / p;
                gradient[a] += slope;
                for (b, cell) in hessian[a].iter_mut().enumerate() {
                    let (ub, lb) = moves(b);
                    let other = (fa * ub - fb * lb) / p;
                    *cell += slope * other - (ga * ua * ub - gb * la * lb) / p;
                }
            }
        }
        (gradient, hessian)
    }

    /// Newton's method.
    fn climb(&self, mut place: Vec<f64>) -> Result<Top, RegressionError> {
        let mut value = self.ln_likelihood(&place);
        for step in 1..=MAX_STEPS {
            let (gradient, hessian) = self.derivatives(&place);
            let Some(inverse) = inverse(&hessian) else { return Err(separated(0)) };
            let change: Vec<f64> =
                inverse.iter().map(|row| row.iter().zip(&gradient).map(|(a, g)| a * g).sum()).collect();
            let promise: f64 = change.iter().zip(&gradient).map(|(c, g)| c * g).sum();
            if promise < 1e-18 {
                return Ok(Top { place, hessian, steps: step });
            }
            let mut share = 1.0;
            loop {
                let next: Vec<f64> = place.iter().zip(&change).map(|(p, c)| p + share * c).collect();
                let there = self.ln_likelihood(&next);
                if there >= value - 1e-12 * value.abs() {
                    (place, value) = (next, there);
                    break;
                }
                share *= 0.5;
                if share < 1e-12 {
                    return Ok(Top { place, hessian, steps: step });
                }
            }
            if let Some(k) = place[self.thresholds..].iter().position(|e| e.abs() > 2.0 * SEPARATED) {
                return Err(separated(k));
            }
        }
        Err(RegressionError::NotConverged { steps: MAX_STEPS, offset: f64::NAN, parameters: place })
    }
}

fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-x))
}

fn density(x: f64) -> f64 {
    if x.is_infinite() { 0.0 } else { logistic(x) * logistic(-x) }
}

/// The chance between two distances, from the tail in which both lie.
fn between(above: f64, below: f64) -> f64 {
    let p = if below > 0.0 { logistic(-below) - logistic(-above) } else { logistic(above) - logistic(below) };
    p.max(f64::MIN_POSITIVE)
}

/// The inverse of a positive definite matrix by its Cholesky factor; `None` when it is not positive definite.
fn inverse(matrix: &[Vec<f64>]) -> Option<Vec<Vec<f64>>> {
    let n = matrix.len();
    let mut lower = vec![vec![0.0; n]; n];
    for i in 0..n {
        for j in 0..=i {
            let known: f64 = (0..j).map(|k| lower[i][k] * lower[j][k]).sum();
            let left = matrix[i][j] - known;
            if i == j {
                if left.is_nan() || left <= 1e-13 * matrix[i][i].abs() {
                    return None;
                }
                lower[i][i] = left.sqrt();
            } else {
                lower[i][j] = left / lower[j][j];
            }
        }
    }
    let column = |unit: usize| {
        let mut x = vec![0.0; n];
        for i in 0..n {
            let known: f64 = (0..i).map(|k| lower[i][k] * x[k]).sum();
            x[i] = (f64::from(u8::from(i == unit)) - known) / lower[i][i];
        }
        for i in (0..n).rev() {
            let known: f64 = (i + 1..n).map(|k| lower[k][i] * x[k]).sum();
            x[i] = (x[i] - known) / lower[i][i];
        }
        x
    };
    Some((0..n).map(column).collect())
}
