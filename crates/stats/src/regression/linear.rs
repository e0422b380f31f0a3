//! Models that are linear in their parameters.

use super::RegressionError;
use super::factor::{Factor, length};
use super::problem::Observed;
use crate::error::{all, level as check_level};
use crate::exact::ExactSum;
use crate::special::student_quantile;
use crate::{Interval, StatsError};

/// The share of a column that must be new for it to count as independent of the others: the rounding of doubles.
const INDEPENDENT: f64 = 1e-14;
/// Corrections of the solution and its residuals; each gains the digits that the condition leaves.
const REFINEMENTS: usize = 5;

/// A weighted least-squares fit.
#[derive(Clone, Debug, PartialEq)]
pub struct LinearFit {
    /// One per column of the design.
    pub parameters: Vec<f64>,
    /// Their covariance, row by row.
    pub covariance: Vec<Vec<f64>>,
    /// Observed less fitted, not weighted.
    pub residuals: Vec<f64>,
    /// Weighted sum of squared residuals.
    pub residual_sum: f64,
    /// Standard deviation of an observation of weight 1.
    pub residual_sd: f64,
    /// Degrees of freedom.
    pub df: f64,
}

impl LinearFit {
    /// The standard error of a parameter.
    pub fn standard_error(&self, parameter: usize) -> f64 {
        self.covariance[parameter][parameter].sqrt()
    }

    /// The interval of a parameter.
    ///
    /// # Errors
    /// A level outside (0, 1).
    pub fn interval(&self, parameter: usize, level: f64) -> Result<Interval, StatsError> {
        check_level(level)?;
        let half = student_quantile(self.df, 0.5 + 0.5 * level) * self.standard_error(parameter);
        let value = self.parameters[parameter];
        Ok(Interval { low: value - half, high: value + half })
    }
}

/// Fits `y = sum of parameter k x columns[k]`; a constant is a column of ones.
///
/// # Errors
/// No more observations than columns, lists of different length, a value that is not finite, a weight that is not
/// above zero, a column that the others make up for.
pub fn fit_linear(columns: &[Vec<f64>], observed: &Observed<'_>) -> Result<LinearFit, RegressionError> {
    let roots = observed.root_weights(columns.len())?;
    for column in columns {
        crate::error::same_length(column, observed.y)?;
        all(column, "a finite number", f64::is_finite)?;
    }
    let scaled = |values: &[f64]| values.iter().zip(&roots).map(|(v, r)| v * r).collect::<Vec<f64>>();
    let design: Vec<Vec<f64>> = columns.iter().map(|c| scaled(c)).collect();
    let right = scaled(observed.y);
    let factor = Factor::new(design.clone(), INDEPENDENT);
    if let Some((parameter, by)) = factor.dependent() {
        return Err(RegressionError::NotIdentifiable { parameter, by });
    }
    let (mut parameters, ..) = factor.solve(&right);
    let mut weighted = left_over(&design, &right, &parameters, &vec![0.0; right.len()]);
    // Corrections stop when they no longer shrink: what is left is rounding.
    let mut last = f64::INFINITY;
    for _ in 0..REFINEMENTS {
        let first = left_over(&design, &right, &parameters, &weighted);
        let second: Vec<f64> = design.iter().map(|column| -exact_product(column, &weighted)).collect();
        let (residual_change, change) = factor.solve_augmented(&first, &second);
        let size = length(&residual_change)
            + change.iter().zip(&design).map(|(c, column)| c.abs() * length(column)).sum::<f64>();
        if size.is_nan() || size > 0.5 * last {
            break;
        }
        last = size;
        parameters.iter_mut().zip(&change).for_each(|(p, c)| *p += c);
        weighted.iter_mut().zip(&residual_change).for_each(|(r, c)| *r += c);
    }
    let residuals = weighted.iter().zip(&roots).map(|(r, root)| r / root).collect();
    let residual_sum: f64 = weighted.iter().map(|r| r * r).sum();
    let df = (observed.y.len() - columns.len()) as f64;
    let variance = residual_sum / df;
    let mut covariance = factor.inverse_square();
    covariance.iter_mut().flatten().for_each(|v| *v *= variance);
    Ok(LinearFit { parameters, covariance, residuals, residual_sum, residual_sd: variance.sqrt(), df })
}

/// Right side less fitted less residuals, rounded once.
fn left_over(design: &[Vec<f64>], right: &[f64], parameters: &[f64], residuals: &[f64]) -> Vec<f64> {
    let at = |i: usize| {
        let mut sum = ExactSum::new();
        sum.add(right[i]);
        sum.add(-residuals[i]);
        design.iter().zip(parameters).for_each(|(column, p)| add_product(&mut sum, -column[i], *p));
        sum.value()
    };
    (0..right.len()).map(at).collect()
}

/// The scalar product, rounded once.
fn exact_product(a: &[f64], b: &[f64]) -> f64 {
    let mut sum = ExactSum::new();
    a.iter().zip(b).for_each(|(a, b)| add_product(&mut sum, *a, *b));
    sum.value()
}

/// Adds a product without rounding it.
fn add_product(sum: &mut ExactSum, a: f64, b: f64) {
    let product = a * b;
    sum.add(product);
    sum.add(libm::fma(a, b, -product));
}
