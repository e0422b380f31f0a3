//! Tolerances and limits of an integration: one visible struct each, checked where an integrator is made.

use std::fmt;

use hepatica_lanes::Lanes;

/// Local error allowed per step: `atol + rtol*|y|` for each state.
#[derive(Clone, Debug, PartialEq)]
pub struct Tolerances {
    /// Relative part, no unit; zero or more.
    pub rtol: f64,
    /// Absolute part, in the unit of the state; above zero.
    pub atol: AbsoluteTolerance,
}

/// The absolute part of a tolerance.
#[derive(Clone, Debug, PartialEq)]
pub enum AbsoluteTolerance {
    /// The same number for every state.
    Scalar(f64),
    /// One number per state, in state order.
    PerState(Vec<f64>),
}

/// Limits of step size and number of steps.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StepOptions {
    /// Smallest step, in the unit of time; a lane that needs a smaller one fails. A last step onto a stop may be
    /// smaller. Steps are never below sixteen units in the last place of the time, whatever stands here.
    pub h_min: f64,
    /// Largest step, in the unit of time.
    pub h_max: f64,
    /// Attempted steps of a lane between one start and the next, after which it fails.
    pub max_steps: u32,
}

impl Default for StepOptions {
    /// No bounds on the step but rounding, and 100 000 attempts: two orders above what a stiff pharmacological
    /// model needs between two doses, and below a second of work.
    fn default() -> Self {
        StepOptions { h_min: 0.0, h_max: f64::INFINITY, max_steps: 100_000 }
    }
}

/// Why tolerances or limits were refused.
#[derive(Clone, Debug, PartialEq)]
pub enum OptionsError {
    /// The relative tolerance is not a finite number of at least zero.
    Rtol(f64),
    /// An absolute tolerance is not a finite number above zero.
    Atol {
        /// Index of the state; zero for a scalar tolerance.
        state: usize,
        /// The number given.
        value: f64,
    },
    /// There are not as many absolute tolerances as states.
    AtolLength {
        /// How many there are.
        found: usize,
        /// Number of states.
        n_states: usize,
    },
    /// The step bounds are not `0 <= h_min <= h_max` with `h_max > 0`.
    StepBounds {
        /// The lower bound given.
        h_min: f64,
        /// The upper bound given.
        h_max: f64,
    },
    /// No step is allowed at all.
    NoSteps,
}

impl fmt::Display for OptionsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            OptionsError::Rtol(value) => {
                write!(f, "the relative tolerance must be finite and at least 0, not {value}")
            }
            OptionsError::Atol { state, value } => {
                write!(f, "the absolute tolerance of state {state} must be finite and above 0, not {value}")
            }
            OptionsError::AtolLength { found, n_states } => {
                write!(f, "{found} absolute tolerances were given for {n_states} states")
            }
            OptionsError::StepBounds { h_min, h_max } => {
                write!(
                    f,
                    "step bounds must satisfy 0 <= h_min <= h_max and h_max > 0, not {h_min} and {h_max}"
                )
            }
            OptionsError::NoSteps => write!(f, "at least one step must be allowed"),
        }
    }
}

impl std::error::Error for OptionsError {}

impl StepOptions {
    /// Gives the options back when they make sense.
    pub(crate) fn checked(self) -> Result<Self, OptionsError> {
        let bounds_make_sense = 0.0 <= self.h_min && self.h_min <= self.h_max && self.h_max > 0.0;
        if !bounds_make_sense {
            return Err(OptionsError::StepBounds { h_min: self.h_min, h_max: self.h_max });
        }
        if self.max_steps == 0 { Err(OptionsError::NoSteps) } else { Ok(self) }
    }
}

/// Tolerances of a system with a known number of states, found to make sense.
#[derive(Clone, Debug)]
pub(crate) struct CheckedTolerances<const L: usize> {
    /// Relative part.
    pub(crate) rtol: f64,
    /// Absolute part, one per state, the same in all lanes.
    pub(crate) atol: Vec<Lanes<L>>,
    /// What counts as zero, of each state.
    pub(crate) negligible: Vec<f64>,
}

/// The part of its absolute tolerance below which a state is taken for zero. With a tolerance of a nanomole this is
/// far below one molecule, and its eighth power is still a normal number.
const NEGLIGIBLE_PART: f64 = 1e-25;

impl Tolerances {
    /// Checks and spreads the tolerances over `n_states` states.
    pub(crate) fn checked<const L: usize>(
        &self,
        n_states: usize,
    ) -> Result<CheckedTolerances<L>, OptionsError> {
        if !(self.rtol.is_finite() && self.rtol >= 0.0) {
            return Err(OptionsError::Rtol(self.rtol));
        }
        let atol = match &self.atol {
            AbsoluteTolerance::Scalar(value) => {
                check_atol(0, *value)?;
                vec![Lanes::splat(*value); n_states]
            }
            AbsoluteTolerance::PerState(values) if values.len() != n_states => {
                return Err(OptionsError::AtolLength { found: values.len(), n_states });
            }
            AbsoluteTolerance::PerState(values) => {
                values.iter().enumerate().try_for_each(|(state, value)| check_atol(state, *value))?;
                values.iter().map(|value| Lanes::splat(*value)).collect()
            }
        };
        let negligible = atol.iter().map(|atol| NEGLIGIBLE_PART * atol[0]).collect();
        Ok(CheckedTolerances { rtol: self.rtol, atol, negligible })
    }
}

fn check_atol(state: usize, value: f64) -> Result<(), OptionsError> {
    if value.is_finite() && value > 0.0 { Ok(()) } else { Err(OptionsError::Atol { state, value }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tolerances(rtol: f64, atol: AbsoluteTolerance) -> Result<Vec<f64>, String> {
        let checked = Tolerances { rtol, atol }.checked::<1>(2);
        checked.map(|t| t.atol.iter().map(|a| a[0]).collect()).map_err(|e| e.to_string())
    }

    #[test]
    fn tolerances_are_spread_or_refused() {
        use AbsoluteTolerance::{PerState, Scalar};
        assert_eq!(tolerances(0.0, Scalar(1e-9)), Ok(vec![1e-9, 1e-9]));
        assert_eq!(tolerances(1e-6, PerState(vec![1.0, 2.0])), Ok(vec![1.0, 2.0]));
        for (rtol, atol, message) in [
            (-1.0, Scalar(1.0), "the relative tolerance must be finite and at least 0, not -1"),
            (f64::NAN, Scalar(1.0), "the relative tolerance must be finite and at least 0, not NaN"),
            (0.1, Scalar(0.0), "the absolute tolerance of state 0 must be finite and above 0, not 0"),
            (
                0.1,
                PerState(vec![1.0, -2.0]),
                "the absolute tolerance of state 1 must be finite and above 0, not -2",
            ),
            (0.1, PerState(vec![1.0]), "1 absolute tolerances were given for 2 states"),
        ] {
            assert_eq!(tolerances(rtol, atol), Err(message.to_string()));
        }
    }

    #[test]
    fn step_limits_are_refused() {
        let refused = |h_min, h_max, max_steps| StepOptions { h_min, h_max, max_steps }.checked().is_err();
        assert!(StepOptions::default().checked().is_ok());
        assert!(refused(2.0, 1.0, 1));
        assert!(refused(0.0, 0.0, 1));
        assert!(refused(-1.0, 1.0, 1));
        assert!(refused(f64::NAN, 1.0, 1));
        assert!(refused(0.0, 1.0, 0));
    }
}
