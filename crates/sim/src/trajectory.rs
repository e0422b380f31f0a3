//! What a simulation gives.

use std::fmt;
use std::sync::Arc;

/// The recorded states of one scenario.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trajectory {
    /// The times asked for.
    pub times: Arc<[f64]>,
    /// States, row by row: `states[i * n_states + j]` is state `j` at `times[i]`. Shorter than `times` after a failure.
    pub states: Vec<f64>,
    /// Values of the past, row by row in the order of the system's delays; empty for a model without delays.
    pub delayed: Vec<f64>,
    /// Parameters in force from a row on: `(first row, values)`; more than one where model events set parameters.
    pub params: Vec<(usize, Arc<[f64]>)>,
    /// Why it ended early, if it did.
    pub failure: Option<Failure>,
    /// What it took.
    pub counters: Counters,
}

/// Counts of the work done; they observe and never decide.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Accepted steps.
    pub steps: u64,
    /// Rejected steps.
    pub rejected: u64,
    /// Jacobians evaluated.
    pub jacobians: u64,
    /// Matrices factored.
    pub factorisations: u64,
    /// Linear solves repeated with pivoting.
    pub fallbacks: u64,
    /// Model events executed.
    pub events: u64,
}

/// Why one patient could not be simulated; the others go on.
#[derive(Clone, Debug, PartialEq)]
pub enum Failure {
    /// A value at time zero is missing or not finite.
    Initial(String),
    /// The integrator could not go on.
    Step(hepatica_solve::Failure),
    /// No values were found that satisfy the algebraic rules.
    Inconsistent {
        /// When.
        t: f64,
    },
    /// Fast reactions come to no rest.
    NoEquilibrium {
        /// When.
        t: f64,
    },
    /// An infusion into a species whose amount fast reactions determine.
    InfusedFast {
        /// The species.
        name: String,
    },
    /// A delay is negative or not a number.
    BadDelay {
        /// Time reached.
        t: f64,
        /// The delay.
        lag: f64,
    },
    /// A delayed value needs other delayed values, one by one, too far back.
    DelayTooDeep {
        /// Time reached.
        t: f64,
    },
    /// Events keep triggering each other without time going on.
    EventCascade {
        /// When.
        t: f64,
    },
    /// A dosing cycle has no steady state, or none within the cycles tried.
    NoSteadyState {
        /// When it was asked for.
        t: f64,
        /// How many cycles were tried.
        cycles: usize,
        /// Largest relative change in the last cycle.
        change: f64,
    },
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Initial(what) => write!(f, "{what}"),
            Failure::Step(failure) => write!(f, "{failure}"),
            Failure::Inconsistent { t } => {
                write!(f, "no values were found that satisfy the algebraic rules at t = {t}")
            }
            Failure::NoEquilibrium { t } => write!(f, "the fast reactions come to no rest at t = {t}"),
            Failure::InfusedFast { name } => {
                write!(f, "an infusion into `{name}`, which fast reactions change, is unsupported")
            }
            Failure::BadDelay { t, lag } => write!(f, "at t = {t} a delay is {lag}, not a positive time"),
            Failure::DelayTooDeep { t } => {
                write!(f, "at t = {t} a delayed value needs other delayed values too far back")
            }
            Failure::EventCascade { t } => write!(f, "events trigger each other without end at t = {t}"),
            Failure::NoSteadyState { t, cycles, change } => write!(
                f,
                "no steady state after {cycles} dosing intervals for the dose at t = {t}: the states still change by {change:.1e} per interval"
            ),
        }
    }
}
