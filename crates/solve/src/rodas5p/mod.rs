//! Rodas5P, a stiffly accurate Rosenbrock method of order 5 with an embedded method of order 4.
//!
//! G. Steinebach, BIT Numer Math 63:27 (2023), doi:10.1007/s10543-023-00967-x. For `M y' = f(t, y)` a step of length
//! `h` from `(t, y)` is, with `J = df/dy` and `W = M/(gamma h) - J`,
//!
//! ```text
//! u_i     = y + sum_j a_ij U_j
//! W U_i   = f(t + c_i h, u_i) + M sum_j C_ij U_j / h + h d_i df/dt        i = 1..8
//! y_new   = u_8 + U_8
//! error   = U_8
//! ```
//!
//! Jacobian and factorisation are fresh in each attempt. A zero in the diagonal matrix `M` makes an algebraic equation,
//! for which the method keeps its order when the index is 1.

mod aside;
mod passes;
mod step;
mod tableau;

use hepatica_lanes::{Active, Isa, Lanes};

use self::tableau::{ESTIMATE_ORDER, STAGES};
use crate::clock::Clocks;
use crate::controller::Controller;
use crate::dense::Dense;
use crate::integrator::{Counters, Failure, Integrator, LaneStatus};
use crate::linear::CheckedSolve;
use crate::options::{CheckedTolerances, OptionsError, StepOptions, Tolerances};
use crate::problem::{DenseStep, Problem};

/// The integrator: state, step and dense output of `L` lanes, and the buffers of a step.
///
/// Widths that are multiples of eight are vectorised. A width of one costs about as much per step as eight.
#[derive(Clone, Debug)]
pub struct Rodas5P<const L: usize> {
    isa: Active,
    tolerances: CheckedTolerances<L>,
    clocks: Clocks<L>,
    dense: Dense<L>,
    linear: CheckedSolve<L>,
    /// The diagonal of `M`.
    mass: Vec<f64>,
    y: Vec<Lanes<L>>,
    /// One over the length of the step.
    inv_h: Lanes<L>,
    /// `sum_j C_ij U_j` of the stage.
    coupled: Vec<Lanes<L>>,
    /// `h df/dt`, where time is in the equations.
    h_dfdt: Vec<Lanes<L>>,
    timed: bool,
    inv_weight: Vec<Lanes<L>>,
    /// `U_i` of every stage, by state.
    stages: Vec<[Lanes<L>; STAGES]>,
    /// Lanes whose equations are not finite at the beginning of the step.
    hopeless: [bool; L],
}

impl<const L: usize> Rodas5P<L> {
    /// An integrator of systems of `n_states` states, with all lanes idle.
    ///
    /// # Errors
    /// Tolerances or options that make no sense.
    pub fn new(
        n_states: usize,
        tolerances: &Tolerances,
        isa: Isa,
        options: StepOptions,
    ) -> Result<Self, OptionsError> {
        let buffer = || vec![Lanes::ZERO; n_states];
        Ok(Rodas5P {
            isa: isa.activate().unwrap_or(Active::BASELINE),
            tolerances: tolerances.checked(n_states)?,
            clocks: Clocks::new(options.checked()?, Controller::new(ESTIMATE_ORDER)),
            dense: Dense::new(n_states),
            linear: CheckedSolve::new(n_states),
            mass: vec![1.0; n_states],
            y: buffer(),
            inv_h: Lanes::splat(1.0),
            coupled: buffer(),
            h_dfdt: buffer(),
            timed: false,
            inv_weight: buffer(),
            stages: vec![[Lanes::ZERO; STAGES]; n_states],
            hopeless: [false; L],
        })
    }
}

impl<const L: usize> Integrator<L> for Rodas5P<L> {
    fn n_states(&self) -> usize {
        self.y.len()
    }

    fn start(&mut self, lane: usize, t0: f64, y0: &[f64], t_stop: f64, h0: Option<f64>) {
        assert_eq!(y0.len(), self.n_states(), "a start needs one number per state");
        self.clocks.start(lane, t0, t_stop, h0);
        if !y0.iter().all(|value| value.is_finite()) {
            self.clocks.fail(lane, Failure::NotFinite { t: t0 });
        }
        for (y, value) in self.y.iter_mut().zip(y0) {
            y[lane] = *value;
        }
        self.dense.restart(lane, t0, y0);
    }

    fn set_stop(&mut self, lane: usize, t_stop: f64) {
        self.clocks.set_stop(lane, t_stop);
    }

    fn park(&mut self, lane: usize) {
        self.clocks.park(lane);
    }

    fn step<P: Problem<L>>(&mut self, problem: &mut P) {
        if !self.begin(problem) {
            return;
        }
        self.linearise(problem);
        self.take_stage(problem, 0);
        if self.linear.singular.contains(&true) {
            self.step_aside(problem);
        }
        for stage in 1..STAGES {
            self.go_to_stage(problem, stage);
            self.take_stage(problem, stage);
        }
        let error = self.end_step(problem.vectors());
        self.conclude(problem, &error);
    }

    fn status(&self, lane: usize) -> LaneStatus {
        self.clocks.lane(lane).status
    }

    fn time(&self, lane: usize) -> f64 {
        self.clocks.lane(lane).t
    }

    fn state(&self, lane: usize, y: &mut [f64]) {
        assert_eq!(y.len(), self.n_states(), "the state needs room for one number per state");
        for (value, all) in y.iter_mut().zip(&self.y) {
            *value = all[lane];
        }
    }

    fn t_old(&self, lane: usize) -> f64 {
        self.dense.t_old(lane)
    }

    fn proposed_step(&self, lane: usize) -> f64 {
        self.clocks.lane(lane).proposal
    }

    fn interpolate(&self, lane: usize, t: f64, y: &mut [f64]) {
        assert_eq!(y.len(), self.n_states(), "the state needs room for one number per state");
        let theta = self.dense.theta(lane, t);
        for (state, value) in y.iter_mut().enumerate() {
            *value = self.dense.value(lane, theta, state);
        }
    }

    fn interpolate_rows(&mut self, lane: usize, times: &[f64], rows: &mut [f64]) {
        assert_eq!(
            rows.len(),
            times.len() * self.n_states(),
            "each time needs room for one number per state"
        );
        self.dense.rows(self.isa, lane, times, rows);
    }

    fn interpolate_state(&self, lane: usize, t: f64, state: usize) -> f64 {
        self.dense.value(lane, self.dense.theta(lane, t), state)
    }

    fn rollback(&mut self, lane: usize, t: f64) {
        let t = self.dense.within(lane, t);
        let theta = self.dense.theta(lane, t);
        for state in 0..self.n_states() {
            self.y[state][lane] = self.dense.value(lane, theta, state);
        }
        self.clocks.set_time(lane, t);
    }

    fn dense(&self) -> DenseStep<'_, L> {
        self.dense.step()
    }

    fn counters(&self, lane: usize) -> Counters {
        self.clocks.lane(lane).counters
    }

    fn take_counters(&mut self, lane: usize) -> Counters {
        std::mem::take(&mut self.clocks.lane_mut(lane).counters)
    }
}
