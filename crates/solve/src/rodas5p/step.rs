//! The parts of a step of Rodas5P, in the order in which [`super::Rodas5P`] takes them.

use hepatica_lanes::Lanes;

use super::Rodas5P;
use super::passes::{NewState, NextStage, StageRhs, TakeOver};
use super::tableau::{GAMMA, STAGES, TIME};
use crate::clock::Outcome;
use crate::first_step::{self, FirstStep};
use crate::linear::SolveContext;
use crate::problem::{Problem, Vectors};
use crate::vector::{self, InvWeight};

impl<const L: usize> Rodas5P<L> {
    /// Takes the mass matrix, first steps and step sizes; false when no lane takes part.
    pub(super) fn begin<P: Problem<L>>(&mut self, problem: &mut P) -> bool {
        match problem.mass() {
            Some(mass) => self.mass.copy_from_slice(mass),
            None => self.mass.fill(1.0),
        }
        let Rodas5P { tolerances, mass, y, coupled, .. } = self;
        let task = FirstStep { tolerances, mass, y, f: coupled };
        first_step::choose(problem, &mut self.clocks, task);
        if !self.clocks.begin() {
            return false;
        }
        self.inv_h = Lanes(self.clocks.h.map(|h| 1.0 / h));
        let weight = InvWeight { rtol: self.tolerances.rtol };
        vector::map(self.isa, weight, [&self.y, &self.tolerances.atol], &mut self.inv_weight);
        self.linear.begin();
        true
    }

    /// Jacobian, `h df/dt` and factors at the start of the step.
    ///
    /// We differ: where `df/dt` is not finite, as for the square root of `t` at zero, it is taken as zero. The step then
    /// is of lower order, which its error estimate sees, and the next one begins where the derivative exists.
    pub(super) fn linearise<P: Problem<L>>(&mut self, problem: &mut P) {
        problem.vectors().y.copy_from_slice(&self.y);
        self.linearise_here(problem);
    }

    /// As [`Rodas5P::linearise`], at the state in the problem's vectors.
    pub(super) fn linearise_here<P: Problem<L>>(&mut self, problem: &mut P) {
        self.timed = problem.linearise(&self.clocks.t);
        let h = self.clocks.h;
        if self.timed {
            for (h_dfdt, dfdt) in self.h_dfdt.iter_mut().zip(problem.vectors().f) {
                for lane in 0..L {
                    h_dfdt[lane] = if dfdt[lane].is_finite() { dfdt[lane] * h[lane] } else { 0.0 };
                }
            }
        }
        problem.factor(&Lanes(h.map(|h| 1.0 / (GAMMA * h))));
    }

    /// `U_i` of a stage, which is evaluated at the state in the problem's vectors, is left in them as `x`.
    pub(super) fn take_stage<P: Problem<L>>(&mut self, problem: &mut P, stage: usize) {
        let Lanes(t) = self.clocks.t;
        let h = self.clocks.h;
        problem.rhs(&Lanes(std::array::from_fn(|lane| t[lane] + TIME[stage] * h[lane])));
        match stage {
            0 => self.set_stage_rhs::<0>(problem.vectors()),
            1 => self.set_stage_rhs::<1>(problem.vectors()),
            2 => self.set_stage_rhs::<2>(problem.vectors()),
            3 => self.set_stage_rhs::<3>(problem.vectors()),
            4 => self.set_stage_rhs::<4>(problem.vectors()),
            5 => self.set_stage_rhs::<5>(problem.vectors()),
            6 => self.set_stage_rhs::<6>(problem.vectors()),
            _ => self.set_stage_rhs::<7>(problem.vectors()),
        }
        self.solve_stage(problem, stage);
    }

    /// Each stage is its own piece of code, with its coefficients in it.
    fn set_stage_rhs<const I: usize>(&mut self, vectors: Vectors<'_, L>) {
        let Rodas5P { isa, inv_h, mass, coupled, h_dfdt, timed, .. } = self;
        let h_dfdt = timed.then_some(&h_dfdt[..]);
        let Vectors { f, b, .. } = vectors;
        isa.run(StageRhs::<I, L> { f, coupled, mass, inv_h: *inv_h, h_dfdt, b });
    }

    /// The first solve is judged, so that a lane with a bad factorisation pivots from there on. Should the first right-hand
    /// side not show that it is bad, all later solves have the same other matrix in place of `W`: with any matrix the method
    /// is consistent (a W-method; Hairer and Wanner II, section IV.7), of order one, and its estimate sees the difference.
    fn solve_stage<P: Problem<L>>(&mut self, problem: &mut P, stage: usize) {
        let Rodas5P { isa, clocks, inv_weight, linear, hopeless, .. } = self;
        let context = SolveContext { isa: *isa, active: &clocks.active, inv_weight };
        if stage == 0 {
            linear.solve_judged(problem, context);
        } else {
            linear.solve(problem);
        }
        if stage == 0 {
            *hopeless = std::array::from_fn(|lane| !linear.b_was_finite(lane));
        }
    }

    /// Keeps `U_i` of the stage just taken and writes the state of the next one, above zero, into the problem's vectors.
    pub(super) fn go_to_stage<P: Problem<L>>(&mut self, problem: &mut P, next: usize) {
        match next {
            1 => self.go_to_stage_of::<1>(problem.vectors()),
            2 => self.go_to_stage_of::<2>(problem.vectors()),
            3 => self.go_to_stage_of::<3>(problem.vectors()),
            4 => self.go_to_stage_of::<4>(problem.vectors()),
            5 => self.go_to_stage_of::<5>(problem.vectors()),
            6 => self.go_to_stage_of::<6>(problem.vectors()),
            _ => self.go_to_stage_of::<7>(problem.vectors()),
        }
    }

    fn go_to_stage_of<const I: usize>(&mut self, vectors: Vectors<'_, L>) {
        let Rodas5P { isa, tolerances, y, stages, coupled, .. } = self;
        let Vectors { y: u, x, .. } = vectors;
        let negligible = &tolerances.negligible;
        isa.run(NextStage::<I, L> { y, x, stages, u, coupled, negligible });
    }

    /// Writes the new state into the problem's vectors and gives the error of each lane: the root mean square of `U_8` in
    /// units of the tolerance.
    pub(super) fn end_step(&mut self, vectors: Vectors<'_, L>) -> Lanes<L> {
        let Rodas5P { isa, tolerances, y, stages, .. } = self;
        let Vectors { y: u, x, .. } = vectors;
        let Lanes(sum) = isa.run(NewState { y, x, tolerances, stages, u });
        let count = y.len().max(1) as f64;
        Lanes(sum.map(|sum| (sum / count).sqrt()))
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
        self.take_over(forward, problem.vectors().y);
        let Rodas5P { clocks, dense, .. } = self;
        for lane in (0..L).filter(|lane| forward[*lane]) {
            dense.extend(lane, clocks.t[lane], clocks.lane(lane).t, clocks.h[lane]);
            problem.accepted(lane, &dense.step());
        }
    }

    /// Dense output and state of the lanes that go forward.
    fn take_over(&mut self, forward: [bool; L], u: &[Lanes<L>]) {
        let Rodas5P { isa, stages, y, dense, .. } = self;
        let dense = &mut dense.coefficients;
        if forward == [true; L] {
            isa.run(TakeOver::<true, L> { forward, stages, u, y, dense });
        } else {
            isa.run(TakeOver::<false, L> { forward, stages, u, y, dense });
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
}
