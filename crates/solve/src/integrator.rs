//! What the event loop needs to know of an integrator.

use std::fmt;

use crate::problem::{DenseStep, Problem};

/// A method that integrates `L` lanes at once, each lane with its own time, step size and stop.
///
/// Every method panics when `lane >= L` or when a slice over states does not have the length
/// [`Integrator::n_states`]: that is a fault of the caller's program, not of its data.
pub trait Integrator<const L: usize> {
    /// Number of states.
    fn n_states(&self) -> usize;

    /// Begins a lane at `(t0, y0)`: fills it, refills it, or restarts it after a discontinuity.
    ///
    /// `h0` is the first step to try; one is chosen when it is absent or not a positive number. Algebraic equations
    /// must hold at `(t0, y0)`. A lane whose numbers are not finite has [`Failure::NotFinite`] as its status at once.
    /// The dense output of the lane is this one point until the next accepted step.
    fn start(&mut self, lane: usize, t0: f64, y0: &[f64], t_stop: f64, h0: Option<f64>);

    /// Moves the time a lane may not cross, without a discontinuity.
    fn set_stop(&mut self, lane: usize, t_stop: f64);

    /// Takes a lane out of the computation; its time, state and dense output stay readable.
    fn park(&mut self, lane: usize);

    /// Attempts one step in every lane that is started, has not failed and is before its stop.
    fn step<P: Problem<L>>(&mut self, problem: &mut P);

    /// What the last [`Integrator::step`] did in a lane.
    fn status(&self, lane: usize) -> LaneStatus;

    /// The time a lane has reached.
    fn time(&self, lane: usize) -> f64;

    /// Writes the state at [`Integrator::time`].
    fn state(&self, lane: usize, y: &mut [f64]);

    /// The time at which the last accepted step began; the time itself when there was none since the start.
    fn t_old(&self, lane: usize) -> f64;

    /// The step size that would be tried next; a good `h0` after a small discontinuity.
    fn proposed_step(&self, lane: usize) -> f64;

    /// Writes the state at `t` within the last accepted step; a `t` outside is taken as the nearer end.
    fn interpolate(&self, lane: usize, t: f64, y: &mut [f64]);

    /// Writes the states at several times, as [`Integrator::interpolate`] gives them, one row of states after the other.
    fn interpolate_rows(&mut self, lane: usize, times: &[f64], rows: &mut [f64]);

    /// One state at `t`, as [`Integrator::interpolate`] gives it.
    fn interpolate_state(&self, lane: usize, t: f64, state: usize) -> f64;

    /// Goes back to `t` within the last accepted step, on its dense output. The step size is kept, and so is the
    /// dense output over the whole step.
    fn rollback(&mut self, lane: usize, t: f64);

    /// The dense output of every lane.
    fn dense(&self) -> DenseStep<'_, L>;

    /// The work done in a lane since its counters were last taken.
    fn counters(&self, lane: usize) -> Counters;

    /// The counters of a lane, which begin again at zero.
    fn take_counters(&mut self, lane: usize) -> Counters;
}

/// What the last step did in a lane.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum LaneStatus {
    /// No step was attempted since the lane was started or parked.
    Idle,
    /// The lane went forward, or already was at its stop.
    Accepted {
        /// The time is the stop, bit for bit; the lane waits for a new stop, a start or parking.
        reached_stop: bool,
    },
    /// The error was too large: a smaller step follows.
    Rejected,
    /// The lane cannot go on; it is left out until it is started again.
    Failed(Failure),
}

/// Why a lane cannot go on. Time and state remain those of the last accepted step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Failure {
    /// The error asks for a step below the smallest allowed.
    StepTooSmall {
        /// Time reached.
        t: f64,
        /// The step asked for.
        h: f64,
    },
    /// All attempts were used.
    TooManySteps {
        /// Time reached.
        t: f64,
    },
    /// The right-hand side or its derivatives are not finite, for every step size down to the smallest.
    NotFinite {
        /// Time reached.
        t: f64,
    },
    /// `M/(gamma*h) - J` is singular for every step size down to the smallest.
    Singular {
        /// Time reached.
        t: f64,
    },
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::StepTooSmall { t, h } => write!(f, "at t = {t} the step became too small ({h:e})"),
            Failure::TooManySteps { t } => write!(f, "at t = {t} the allowed number of steps was used up"),
            Failure::NotFinite { t } => {
                write!(f, "at t = {t} the equations gave a number that is not finite")
            }
            Failure::Singular { t } => write!(f, "at t = {t} the linear system of a step is singular"),
        }
    }
}

impl std::error::Error for Failure {}

/// The work done in a lane. Counters observe; nothing is decided by them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Accepted steps.
    pub steps: u64,
    /// Rejected steps.
    pub rejected: u64,
    /// Evaluations of the right-hand side.
    pub rhs: u64,
    /// Evaluations of the Jacobian.
    pub jacobians: u64,
    /// Factorisations of `W`.
    pub factorisations: u64,
    /// Linear solves.
    pub solves: u64,
    /// Linear solves that were repeated with pivoting.
    pub pivoted: u64,
}
