//! A Jacobian for states at which it is not finite.
//!
//! `y' = 1 - sqrt(y)` begins at zero with a finite right-hand side and an infinite slope, and so does many a model with a
//! power below one. We differ from the method there: the Jacobian is taken a step ahead, at `y + h y'`, or where nothing
//! moves a tolerance above `y`. A Rosenbrock method with another matrix still converges, with order one (a W-method; Hairer
//! and Wanner II, section IV.7), its error estimate sees the difference, and the next step begins where the slope exists.

use hepatica_lanes::Lanes;

use super::Rodas5P;
use crate::problem::{Problem, Vectors};

impl<const L: usize> Rodas5P<L> {
    /// After a first solve that found `W` singular in some lane: linearises and takes the first stage again, with the
    /// Jacobian beside the state in the lanes where `W` has entries that are not finite.
    pub(super) fn step_aside<P: Problem<L>>(&mut self, problem: &mut P) {
        let aside = self.without_slope(problem);
        problem.vectors().y.copy_from_slice(&self.y);
        problem.rhs(&self.clocks.t);
        let Rodas5P { clocks, mass, tolerances, .. } = self;
        let Vectors { y, f, .. } = problem.vectors();
        for lane in (0..L).filter(|lane| aside[*lane]) {
            for (state, mass) in mass.iter().enumerate() {
                let ahead = if *mass == 0.0 { 0.0 } else { clocks.h[lane] * f[state][lane] / mass };
                y[state][lane] += if ahead == 0.0 { tolerances.atol[state][lane] } else { ahead };
            }
        }
        self.linear.begin();
        self.linearise_here(problem);
        problem.vectors().y.copy_from_slice(&self.y);
        self.take_stage(problem, 0);
    }

    /// The singular lanes whose `W` has entries that are not finite. Overwrites `b` and `x` of all lanes.
    fn without_slope<P: Problem<L>>(&self, problem: &mut P) -> [bool; L] {
        let Vectors { b, x, .. } = problem.vectors();
        b.fill(Lanes::ZERO);
        x.fill(Lanes::splat(1.0));
        problem.residual();
        let f = problem.vectors().f;
        std::array::from_fn(|lane| {
            let finite = f.iter().all(|row| row[lane].is_finite());
            self.linear.singular[lane] && !self.hopeless[lane] && !finite
        })
    }
}
