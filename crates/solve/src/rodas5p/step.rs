//! The parts of a step of Rodas5P, in the order in which [`super::Rodas5P`] takes them.

use hepatica_lanes::Lanes;

use super::Rodas5P;
use super::elements::{DenseSlope, Forward, Increment, InvWeight, SquaredError, StageRhs, StageState};
use super::tableau::{FIRST_INCREMENTAL_STAGE, GAMMA, STAGES, TIME};
use crate::clock::Outcome;
use crate::first_step::{self, FirstStep};
use crate::linear::SolveContext;
use crate::problem::Problem;
use crate::vector;

impl<const L: usize> Rodas5P<L> {
    /// Takes the mass matrix, first steps and step sizes; false when no lane takes part.
    pub(super) fn begin<P: Problem<L>>(&mut self, problem: &mut P) -> bool {
        match problem.mass() {
            Some(mass) => self.mass.copy_from_slice(mass),
            None => self.mass.fill(1.0),
        }
        let Rodas5P { tolerances, mass, y, f, u, .. } = self;
        let task = FirstStep { tolerances, mass, y, f, u, f_ahead: &mut self.dfdt };
        first_step::choose(problem, &mut self.clocks, task);
        if !self.clocks.begin() {
            return false;
        }
        let weight = InvWeight { rtol: self.tolerances.rtol };
        vector::map(self.isa, weight, [&self.y, &self.tolerances.atol], &mut self.inv_weight);
        self.linear.begin();
        true
    }

    /// `1/(gamma h)`.
    pub(super) fn shift(&self) -> Lanes<L> {
        Lanes(std::array::from_fn(|lane| 1.0 / (GAMMA * self.clocks.h[lane])))
    }

    /// `M/h` and `h df/dt`.
    ///
    /// We differ: where `df/dt` is not finite, as for the square root of `t` at zero, it is taken as zero. The step then
    /// is of lower order, which its error estimate sees, and the next one begins where the derivative exists.
    pub(super) fn scale_by_step(&mut self) {
        let h = self.clocks.h;
        let inv_h: Lanes<L> = Lanes(std::array::from_fn(|lane| 1.0 / h[lane]));
        for ((mass, mass_by_h), dfdt) in self.mass.iter().zip(&mut self.mass_by_h).zip(&mut self.dfdt) {
            for lane in 0..L {
                mass_by_h[lane] = mass * inv_h[lane];
                dfdt[lane] = if dfdt[lane].is_finite() { dfdt[lane] * h[lane] } else { 0.0 };
            }
        }
    }

    /// `u = u_i`. Each stage is its own piece of code, with its coefficients in it.
    pub(super) fn set_stage_state(&mut self, stage: usize) {
        match stage {
            0 => self.u.copy_from_slice(&self.y),
            1 => self.set_stage_state_of::<1>(),
            2 => self.set_stage_state_of::<2>(),
            3 => self.set_stage_state_of::<3>(),
            4 => self.set_stage_state_of::<4>(),
            5 => self.set_stage_state_of::<5>(),
            _ => vector::map(self.isa, Increment, [&self.stages[stage - 1]], &mut self.u),
        }
    }

    fn set_stage_state_of<const I: usize>(&mut self) {
        const { assert!(I < FIRST_INCREMENTAL_STAGE) }
        let [s0, s1, s2, s3, s4, s5, s6, s7] = &self.stages;
        let arguments = [&self.y[..], s0, s1, s2, s3, s4, s5, s6, s7];
        vector::map(self.isa, StageState::<I>, arguments, &mut self.u);
    }

    pub(super) fn stage_time(&self, stage: usize) -> Lanes<L> {
        Lanes(std::array::from_fn(|lane| self.clocks.t[lane] + TIME[stage] * self.clocks.h[lane]))
    }

    /// `f + M sum_j C_ij U_j / h + h d_i df/dt` in place of `f`.
    pub(super) fn complete_stage_rhs(&mut self, stage: usize) {
        match stage {
            0 => self.complete_stage_rhs_of::<0>(),
            1 => self.complete_stage_rhs_of::<1>(),
            2 => self.complete_stage_rhs_of::<2>(),
            3 => self.complete_stage_rhs_of::<3>(),
            4 => self.complete_stage_rhs_of::<4>(),
            5 => self.complete_stage_rhs_of::<5>(),
            6 => self.complete_stage_rhs_of::<6>(),
            _ => self.complete_stage_rhs_of::<7>(),
        }
    }

    fn complete_stage_rhs_of<const I: usize>(&mut self) {
        let [s0, s1, s2, s3, s4, s5, s6, s7] = &self.stages;
        let arguments = [&self.mass_by_h[..], &self.dfdt, s0, s1, s2, s3, s4, s5, s6, s7];
        vector::map(self.isa, StageRhs::<I>, arguments, &mut self.f);
    }

    /// `U_i = W^-1 b`.
    ///
    /// The first solve is judged, so that a lane with a bad factorisation pivots from there on, and the last, which is
    /// the error estimate. A bad solve in between shows in the estimate, as the last stage depends on all before it.
    pub(super) fn solve_stage<P: Problem<L>>(&mut self, problem: &mut P, stage: usize) {
        let Rodas5P { isa, clocks, inv_weight, linear, f, hopeless, .. } = self;
        let context = SolveContext { isa: *isa, active: &clocks.active, inv_weight };
        if stage == 0 || stage == STAGES - 1 {
            linear.solve_judged(problem, f, context);
        } else {
            linear.solve(problem, f);
        }
        if stage == 0 {
            *hopeless = std::array::from_fn(|lane| !linear.b_was_finite(lane));
        }
        std::mem::swap(&mut linear.x, &mut self.stages[stage]);
    }

    /// `u = y_new`, and the error of each lane: the root mean square of `U_8` in units of the tolerance.
    pub(super) fn end_step(&mut self) -> Lanes<L> {
        let Rodas5P { isa, tolerances, y, u, scratch, stages, .. } = self;
        let estimate = &stages[STAGES - 1];
        vector::map(*isa, Increment, [estimate], u);
        let squared = SquaredError { rtol: tolerances.rtol };
        vector::map(*isa, squared, [estimate, y, u, &tolerances.atol], scratch);
        let sum = vector::sum(scratch);
        let count = y.len().max(1) as f64;
        Lanes(std::array::from_fn(|lane| (sum[lane] / count).sqrt()))
    }

    /// Accepts or rejects the step in each lane.
    pub(super) fn conclude<P: Problem<L>>(&mut self, problem: &mut P, error: &Lanes<L>) {
        self.count();
        let q = self.clocks.controller.roots(self.isa, *error);
        let outcomes = std::array::from_fn(|lane| match () {
            () if self.hopeless[lane] => Outcome::Hopeless,
            () if self.linear.singular[lane] => Outcome::Singular,
            () => Outcome::Error(q[lane]),
        });
        let forward = self.clocks.conclude(&outcomes);
        self.take_over(&forward);
        let Rodas5P { clocks, dense, .. } = self;
        for lane in (0..L).filter(|lane| forward[*lane]) {
            dense.extend(lane, clocks.t[lane], clocks.lane(lane).t, clocks.h[lane]);
            problem.accepted(lane, &dense.step());
        }
    }

    /// Dense output and state of the lanes that go forward.
    fn take_over(&mut self, forward: &[bool; L]) {
        let Rodas5P { isa, stages, u, y, dense, scratch, .. } = self;
        scratch.fill(Lanes(forward.map(|forward| if forward { 1.0 } else { 0.0 })));
        let [y0, y1, k1, k2, k3] = &mut dense.coefficients;
        let [s0, s1, s2, s3, s4, s5, s6, s7] = &*stages;
        let slope = [&scratch[..], s0, s1, s2, s3, s4, s5, s6, s7];
        vector::map(*isa, Forward, [scratch, y], y0);
        vector::map(*isa, Forward, [scratch, u], y1);
        vector::map(*isa, DenseSlope::<0>, slope, k1);
        vector::map(*isa, DenseSlope::<1>, slope, k2);
        vector::map(*isa, DenseSlope::<2>, slope, k3);
        vector::map(*isa, Forward, [scratch, u], y);
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
}
