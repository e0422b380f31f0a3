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

mod arithmetic;
mod tableau;

use hepatica_lanes::{Isa, Lanes};

use self::arithmetic::{AddRhs, BeginStage, EndStep, InvWeights, Stages, StepSize, TakeOver};
use self::tableau::{ESTIMATE_ORDER, GAMMA, STAGES, TIME};
use crate::clock::{Clocks, Outcome};
use crate::dense::Dense;
use crate::first_step::Probe;
use crate::integrator::{Counters, Failure, Integrator, LaneStatus};
use crate::linear::{CheckedSolve, SolveContext};
use crate::options::{CheckedTolerances, OptionsError, StepOptions, Tolerances};
use crate::problem::{DenseStep, Problem};
use crate::vector;

/// The integrator: state, step and dense output of `L` lanes, and the buffers of a step.
#[derive(Clone, Debug)]
pub struct Rodas5P<const L: usize> {
    isa: Isa,
    tolerances: CheckedTolerances,
    clocks: Clocks<L>,
    dense: Dense<L>,
    linear: CheckedSolve<L>,
    mass: Vec<f64>,
    y: Vec<Lanes<L>>,
    u: Vec<Lanes<L>>,
    f: Vec<Lanes<L>>,
    b: Vec<Lanes<L>>,
    dfdt: Vec<Lanes<L>>,
    inv_weight: Vec<Lanes<L>>,
    stages: Vec<Stages<L>>,
    inv_h: Lanes<L>,
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
            isa,
            tolerances: tolerances.checked(n_states)?,
            clocks: Clocks::new(options.checked()?),
            dense: Dense::new(n_states),
            linear: CheckedSolve::new(n_states),
            mass: vec![1.0; n_states],
            y: buffer(),
            u: buffer(),
            f: buffer(),
            b: buffer(),
            dfdt: buffer(),
            inv_weight: buffer(),
            stages: vec![[Lanes::ZERO; STAGES]; n_states],
            inv_h: Lanes::splat(1.0),
        })
    }

    /// Takes the mass matrix, first steps and step sizes; false when no lane takes part.
    fn begin<P: Problem<L>>(&mut self, problem: &mut P) -> bool {
        match problem.mass() {
            Some(mass) => self.mass.copy_from_slice(mass),
            None => self.mass.fill(1.0),
        }
        if (0..L).any(|lane| self.clocks.needs_first_step(lane).is_some()) {
            self.choose_first_steps(problem);
        }
        if !self.clocks.begin() {
            return false;
        }
        for lane in 0..L {
            self.inv_h[lane] = 1.0 / self.clocks.h[lane];
        }
        let Rodas5P { isa, tolerances, y, inv_weight, .. } = self;
        vector::run(*isa, InvWeights { tolerances, y, inv_weight });
        self.linear.begin();
        true
    }

    /// `u = u_i`, and `b` without `f`. Each stage is its own piece of code, with its coefficients in it.
    fn begin_stage(&mut self, stage: usize) {
        match stage {
            0 => self.begin_stage_at::<0>(),
            1 => self.begin_stage_at::<1>(),
            2 => self.begin_stage_at::<2>(),
            3 => self.begin_stage_at::<3>(),
            4 => self.begin_stage_at::<4>(),
            5 => self.begin_stage_at::<5>(),
            6 => self.begin_stage_at::<6>(),
            _ => self.begin_stage_at::<7>(),
        }
    }

    fn begin_stage_at<const I: usize>(&mut self) {
        let step = StepSize { h: &self.clocks.h, inv_h: &self.inv_h };
        let Rodas5P { isa, mass, y, stages, dfdt, u, b, .. } = self;
        vector::run(*isa, BeginStage::<'_, I, L> { step, mass, y, stages, dfdt, u, b });
    }

    fn stage_time(&self, stage: usize) -> Lanes<L> {
        let mut t = self.clocks.t;
        for lane in 0..L {
            t[lane] += TIME[stage] * self.clocks.h[lane];
        }
        t
    }

    fn add_rhs(&mut self) {
        vector::run(self.isa, AddRhs { f: &self.f, b: &mut self.b });
    }

    /// `U_i = W^-1 b`.
    ///
    /// The first solve is judged, so that a lane with a bad factorisation pivots from there on, and the last, which is
    /// the error estimate. A bad solve in between shows in the estimate, as the last stage depends on all before it.
    fn solve_stage<P: Problem<L>>(&mut self, problem: &mut P, stage: usize) {
        let context =
            SolveContext { isa: self.isa, active: &self.clocks.active, inv_weight: &self.inv_weight };
        if stage == 0 || stage == STAGES - 1 {
            self.linear.solve_judged(problem, &self.b, context);
        } else {
            self.linear.solve(problem, &self.b);
        }
        for (stages, x) in self.stages.iter_mut().zip(&self.linear.x) {
            stages[stage] = *x;
        }
    }

    /// `u = y_new`, and the error of each lane.
    fn end_step(&mut self) -> Lanes<L> {
        let mut error = Lanes::ZERO;
        let Rodas5P { isa, tolerances, y, u, .. } = self;
        vector::run(*isa, EndStep { tolerances, y, estimate: &self.linear.x, u, error: &mut error });
        error
    }

    /// Accepts or rejects the step in each lane.
    fn conclude<P: Problem<L>>(&mut self, problem: &mut P, hopeless: [bool; L]) {
        let error = self.end_step();
        self.count();
        let outcomes = std::array::from_fn(|lane| match () {
            () if hopeless[lane] => Outcome::Hopeless,
            () if self.linear.singular[lane] => Outcome::Singular,
            () => Outcome::Error(error[lane]),
        });
        let forward = self.clocks.conclude(&outcomes, ESTIMATE_ORDER);
        let Rodas5P { isa, stages, u, y, dense, .. } = self;
        let coefficients = &mut dense.coefficients;
        vector::run(*isa, TakeOver { forward: &forward, stages, y_new: u, y, dense: coefficients });
        for lane in (0..L).filter(|lane| forward[*lane]) {
            dense.extend(lane, self.clocks.t[lane], self.clocks.lane(lane).t, self.clocks.h[lane]);
            problem.accepted(lane, &dense.step());
        }
    }

    fn count(&mut self) {
        let active = self.clocks.active;
        for lane in (0..L).filter(|lane| active[*lane]) {
            let counters = &mut self.clocks.lane_mut(lane).counters;
            counters.rhs += STAGES as u64;
            counters.jacobians += 1;
            counters.factorisations += 1;
            counters.solves += STAGES as u64;
            counters.pivoted += u64::from(self.linear.pivoted[lane]);
        }
    }

    /// Finds the first step of lanes that were started without one.
    fn choose_first_steps<P: Problem<L>>(&mut self, problem: &mut P) {
        let (mut t, mut euler) = (self.clocks.t, Lanes::<L>::ZERO);
        problem.rhs(&t, &self.y, &mut self.f);
        self.u.copy_from_slice(&self.y);
        for lane in 0..L {
            if let Some(way) = self.clocks.needs_first_step(lane) {
                let probe =
                    Probe { lane, tolerances: &self.tolerances, mass: &self.mass, y: &self.y, f: &self.f };
                euler[lane] = probe.euler_step(way);
                probe.euler_state(euler[lane], &mut self.u);
                t[lane] += euler[lane];
            }
        }
        problem.rhs(&t, &self.u, &mut self.b);
        for lane in 0..L {
            if let Some(way) = self.clocks.needs_first_step(lane) {
                let probe =
                    Probe { lane, tolerances: &self.tolerances, mass: &self.mass, y: &self.y, f: &self.f };
                let h = probe.first_step(&self.b, euler[lane], way, ESTIMATE_ORDER);
                self.clocks.set_first_step(lane, h);
                self.clocks.lane_mut(lane).counters.rhs += 2;
            }
        }
    }
}

impl<const L: usize> Integrator<L> for Rodas5P<L> {
    fn n_states(&self) -> usize {
        self.y.len()
    }

    fn start(&mut self, lane: usize, t0: f64, y0: &[f64], t_stop: f64, h0: Option<f64>) {
        assert_eq!(y0.len(), self.n_states(), "a start needs one number per state");
        self.clocks.start(lane, t0, t_stop, h0);
        if y0.iter().all(|value| value.is_finite()) {
            for (y, value) in self.y.iter_mut().zip(y0) {
                y[lane] = *value;
            }
            self.dense.restart(lane, t0, y0);
        } else {
            self.clocks.fail(lane, Failure::NotFinite { t: t0 });
        }
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
        let mut shift = self.inv_h;
        shift.iter_mut().for_each(|inv_h| *inv_h /= GAMMA);
        problem.linearise(&self.clocks.t, &self.y, &mut self.dfdt);
        problem.factor(&shift);
        let mut hopeless = [false; L];
        for stage in 0..STAGES {
            self.begin_stage(stage);
            problem.rhs(&self.stage_time(stage), &self.u, &mut self.f);
            self.add_rhs();
            self.solve_stage(problem, stage);
            if stage == 0 {
                hopeless = std::array::from_fn(|lane| !self.linear.b_was_finite(lane));
            }
        }
        self.conclude(problem, hopeless);
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
