//! What is fitted to what.

use super::RegressionError;
use super::factor::length;
use crate::StatsError;
use crate::error::{all, same_length};

/// What was observed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Observed<'a> {
    /// The observations.
    pub y: &'a [f64],
    /// A weight above zero for each; without, all are 1.
    pub weights: Option<&'a [f64]>,
}

impl Observed<'_> {
    /// The roots of the weights, after checking that a model of so many parameters can be fitted.
    pub(super) fn root_weights(&self, parameters: usize) -> Result<Vec<f64>, StatsError> {
        if parameters == 0 || self.y.len() <= parameters {
            return Err(StatsError::TooFew { found: self.y.len(), needed: parameters + 1 });
        }
        all(self.y, "a finite number", f64::is_finite)?;
        let Some(weights) = self.weights else { return Ok(vec![1.0; self.y.len()]) };
        same_length(self.y, weights)?;
        all(weights, "a weight above zero", |w| w.is_finite() && w > 0.0)?;
        Ok(weights.iter().map(|w| w.sqrt()).collect())
    }
}

/// A curve with parameters.
pub trait Curve {
    /// The value at each observation, in their order; NaN where there is none.
    fn values(&self, parameters: &[f64], values: &mut [f64]);

    /// The derivative of each value by each parameter, `slopes[parameter][observation]`. A curve that does not know
    /// them gives `false`; they are then differenced.
    fn slopes(&self, _parameters: &[f64], _slopes: &mut [Vec<f64>]) -> bool {
        false
    }
}

impl<F: Fn(&[f64], &mut [f64])> Curve for F {
    fn values(&self, parameters: &[f64], values: &mut [f64]) {
        self(parameters, values);
    }
}

/// On which scale a parameter is sought.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scale {
    /// As it is.
    #[default]
    Linear,
    /// Its logarithm: for constants above zero, whose intervals are then above zero as well.
    Log,
}

/// Where a parameter may be; infinite for no bound.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    /// Not below.
    pub low: f64,
    /// Not above.
    pub high: f64,
}

/// A parameter that is sought.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Parameter {
    /// Where the search starts.
    pub start: f64,
    /// Where it may go.
    pub bounds: Bounds,
    /// On which scale.
    pub scale: Scale,
}

impl Parameter {
    /// A parameter without bounds.
    pub fn free(start: f64) -> Parameter {
        let bounds = Bounds { low: f64::NEG_INFINITY, high: f64::INFINITY };
        Parameter { start, bounds, scale: Scale::Linear }
    }

    /// A parameter above zero, sought on its logarithm.
    pub fn positive(start: f64) -> Parameter {
        Parameter { start, bounds: Bounds { low: 0.0, high: f64::INFINITY }, scale: Scale::Log }
    }

    /// The same between bounds.
    pub fn between(self, low: f64, high: f64) -> Parameter {
        Parameter { bounds: Bounds { low, high }, ..self }
    }

    /// Whether the start lies between the bounds, and above zero on the logarithmic scale.
    pub(super) fn is_possible(&self) -> bool {
        let Bounds { low, high } = self.bounds;
        let inside = low < high && self.start >= low && self.start <= high;
        self.start.is_finite() && inside && (self.scale == Scale::Linear || (self.start > 0.0 && low >= 0.0))
    }

    /// From the value to the scale of the search.
    pub(super) fn inward(&self, value: f64) -> f64 {
        if self.scale == Scale::Log { libm::log(value) } else { value }
    }

    /// From the scale of the search to the value.
    pub(super) fn outward(&self, place: f64) -> f64 {
        if self.scale == Scale::Log { libm::exp(place) } else { place }
    }

    /// The change of the value per change of the place.
    pub(super) fn stretch(&self, place: f64) -> f64 {
        if self.scale == Scale::Log { libm::exp(place) } else { 1.0 }
    }

    /// The bounds on the scale of the search.
    pub(super) fn range(&self) -> (f64, f64) {
        (self.inward(self.bounds.low), self.inward(self.bounds.high))
    }
}

/// A curve, what it is fitted to, and where; all checked. Places are parameters on the scale of the search.
pub(super) struct Problem<'a> {
    pub(super) curve: &'a dyn Curve,
    pub(super) y: &'a [f64],
    pub(super) roots: Vec<f64>,
    pub(super) parameters: Vec<Parameter>,
    /// Bounds on the scale of the search; equal for a parameter that is held.
    pub(super) ranges: Vec<(f64, f64)>,
}

impl<'a> Problem<'a> {
    pub(super) fn new(
        curve: &'a dyn Curve,
        observed: &Observed<'a>,
        parameters: &[Parameter],
    ) -> Result<Problem<'a>, RegressionError> {
        let roots = observed.root_weights(parameters.len())?;
        if let Some(index) = parameters.iter().position(|p| !p.is_possible()) {
            let what = "a start between the bounds, above zero on the logarithmic scale";
            return Err(StatsError::Value { what, index, value: parameters[index].start }.into());
        }
        let ranges = parameters.iter().map(Parameter::range).collect();
        Ok(Problem { curve, y: observed.y, roots, parameters: parameters.to_vec(), ranges })
    }

    pub(super) fn outward(&self, places: &[f64]) -> Vec<f64> {
        self.parameters.iter().zip(places).map(|(p, place)| p.outward(*place)).collect()
    }

    pub(super) fn values(&self, places: &[f64]) -> Vec<f64> {
        let mut values = vec![f64::NAN; self.y.len()];
        self.curve.values(&self.outward(places), &mut values);
        values
    }

    /// Weighted observed less fitted, or the first observation without a value.
    pub(super) fn residuals(&self, places: &[f64]) -> Result<Vec<f64>, usize> {
        let values = self.values(places);
        let residuals: Vec<f64> =
            self.y.iter().zip(&values).zip(&self.roots).map(|((y, v), root)| root * (y - v)).collect();
        match residuals.iter().position(|r| !r.is_finite()) {
            Some(index) => Err(index),
            None => Ok(residuals),
        }
    }

    /// The weighted slopes of the fitted values by place.
    pub(super) fn slopes(&self, places: &[f64]) -> Vec<Vec<f64>> {
        let mut slopes = vec![vec![0.0; self.y.len()]; places.len()];
        if self.curve.slopes(&self.outward(places), &mut slopes) {
            for ((column, parameter), place) in slopes.iter_mut().zip(&self.parameters).zip(places) {
                let stretch = parameter.stretch(*place);
                column.iter_mut().zip(&self.roots).for_each(|(s, root)| *s *= root * stretch);
            }
            return slopes;
        }
        for (k, column) in slopes.iter_mut().enumerate() {
            let (low, high) = self.ranges[k];
            if low < high {
                self.difference(places, k, column);
            }
        }
        slopes
    }

    /// Central differences inside the bounds. The step is the cube root of the rounding unit, at which the errors of
    /// truncation and rounding are alike.
    fn difference(&self, places: &[f64], k: usize, column: &mut [f64]) {
        let (low, high) = self.ranges[k];
        let size = match self.parameters[k].scale {
            Scale::Log => 1.0,
            Scale::Linear if places[k] != 0.0 => places[k].abs(),
            Scale::Linear => self.parameters[k].start.abs().max(f64::EPSILON),
        };
        let step = libm::cbrt(f64::EPSILON) * size;
        let mut at = places.to_vec();
        at[k] = (places[k] + step).min(high);
        let (right, above) = (at[k], self.values(&at));
        at[k] = (places[k] - step).max(low);
        let (left, below) = (at[k], self.values(&at));
        for (i, slope) in column.iter_mut().enumerate() {
            *slope = self.roots[i] * (above[i] - below[i]) / (right - left);
        }
    }

    /// The parameters that can move downhill: not held, not at a bound behind which the sum of squares falls.
    pub(super) fn movable(&self, places: &[f64], slopes: &[Vec<f64>], residuals: &[f64]) -> Vec<usize> {
        let free = |k: &usize| {
            let (low, high) = self.ranges[*k];
            let downhill: f64 = slopes[*k].iter().zip(residuals).map(|(s, r)| s * r).sum();
            low < high && !(places[*k] <= low && downhill < 0.0) && !(places[*k] >= high && downhill > 0.0)
        };
        (0..places.len()).filter(free).collect()
    }
}

/// Weighted sum of squares.
pub(super) fn sum_of_squares(residuals: &[f64]) -> f64 {
    let size = length(residuals);
    size * size
}
