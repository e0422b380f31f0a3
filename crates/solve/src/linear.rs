//! Linear solves that are judged, and repeated with pivoting in the lanes where they were bad.
//!
//! A fixed elimination order without pivoting is fast in lanes, and may meet a small pivot. A solve is judged by its
//! backward error: `|b - W x|` against `|b|` and `|W| |x|`. The size of `|W| |x|` is sampled as `|W v|`, where `v` is
//! `x` with each state shrunk by another factor, so that large terms which cancel in `W x` are seen (they must not be
//! taken for a bad solve: no pivoting would do better). All norms weigh a state by its tolerance, so that units do not
//! matter.

use hepatica_lanes::{Active, Lanes};

use crate::problem::{Problem, Vectors};
use crate::vector::WeightedSum;

/// Largest backward error of a good solve. Elimination gives about 1e-15 unless a pivot is small; a perturbation of
/// `W` of this relative size is invisible at any tolerance a user may ask for.
const MAX_BACKWARD_ERROR: f64 = 1e-11;

/// Buffers and per-lane verdicts of the solves of one step.
#[derive(Clone, Debug)]
pub(crate) struct CheckedSolve<const L: usize> {
    /// Right-hand side and solution, kept while the size of `|W| |x|` is sampled.
    kept: [Vec<Lanes<L>>; 2],
    b_norm: Lanes<L>,
    /// Lanes whose solves are repeated with pivoting for the rest of the step.
    pivoting: [bool; L],
    /// Lanes whose matrix is singular.
    pub(crate) singular: [bool; L],
    /// Solves repeated with pivoting in this step.
    pub(crate) pivoted: [u32; L],
}

/// What a solve needs to know of the step.
#[derive(Clone, Copy)]
pub(crate) struct SolveContext<'a, const L: usize> {
    pub(crate) isa: Active,
    pub(crate) active: &'a [bool; L],
    /// One over the tolerance of each state.
    pub(crate) inv_weight: &'a [Lanes<L>],
}

impl<const L: usize> CheckedSolve<L> {
    pub(crate) fn new(n_states: usize) -> Self {
        let buffer = || vec![Lanes::ZERO; n_states];
        CheckedSolve {
            kept: [buffer(), buffer()],
            b_norm: Lanes::ZERO,
            pivoting: [false; L],
            singular: [false; L],
            pivoted: [0; L],
        }
    }

    /// Forgets the verdicts of the last factorisation.
    pub(crate) fn begin(&mut self) {
        self.pivoting = [false; L];
        self.singular = [false; L];
        self.pivoted = [0; L];
    }

    /// `x = W^-1 b`, with pivoting where an earlier solve of this step was bad.
    pub(crate) fn solve<P: Problem<L>>(&mut self, problem: &mut P) {
        problem.solve();
        for lane in 0..L {
            if self.pivoting[lane] {
                self.solve_again(problem, lane);
            }
        }
    }

    /// As [`CheckedSolve::solve`], and judges the solution in every active lane.
    pub(crate) fn solve_judged<P: Problem<L>>(&mut self, problem: &mut P, context: SolveContext<'_, L>) {
        self.solve(problem);
        problem.residual();
        let Vectors { f, b, .. } = problem.vectors();
        let error = weighted_sum(context, f);
        self.b_norm = weighted_sum(context, b);
        let suspect: [bool; L] = std::array::from_fn(|lane| {
            let small = error[lane] <= MAX_BACKWARD_ERROR * self.b_norm[lane];
            context.active[lane] && !self.pivoting[lane] && !small && self.b_norm[lane].is_finite()
        });
        if suspect.contains(&true) {
            self.repeat_bad(problem, (context, suspect, error));
        }
    }

    /// Whether `b` of the last judged solve was finite in a lane.
    pub(crate) fn b_was_finite(&self, lane: usize) -> bool {
        self.b_norm[lane].is_finite()
    }

    fn repeat_bad<P: Problem<L>>(
        &mut self,
        problem: &mut P,
        (context, suspect, error): (SolveContext<'_, L>, [bool; L], Lanes<L>),
    ) {
        let Vectors { b, x, .. } = problem.vectors();
        self.kept[0].copy_from_slice(b);
        self.kept[1].copy_from_slice(x);
        b.fill(Lanes::ZERO);
        for (state, x) in x.iter_mut().enumerate() {
            let factor = spread(state);
            x.iter_mut().for_each(|x| *x *= factor);
        }
        problem.residual();
        let Vectors { f, b, x, .. } = problem.vectors();
        let size = weighted_sum(context, f);
        b.copy_from_slice(&self.kept[0]);
        x.copy_from_slice(&self.kept[1]);
        for lane in 0..L {
            let good = error[lane] <= MAX_BACKWARD_ERROR * (size[lane] + self.b_norm[lane]);
            if suspect[lane] && !good {
                self.pivoting[lane] = true;
                self.solve_again(problem, lane);
            }
        }
    }

    fn solve_again<P: Problem<L>>(&mut self, problem: &mut P, lane: usize) {
        self.pivoted[lane] += 1;
        if !problem.solve_pivoted(lane) {
            self.singular[lane] = true;
        }
    }
}

/// A number between zero and one, far from that of any other state: the multiples of the golden ratio, which keep the
/// largest distance from each other (Knuth, The Art of Computer Programming 3, section 6.4, theorem S).
fn spread(state: usize) -> f64 {
    const GOLDEN_RATIO: f64 = 0.618_033_988_749_894_9;
    ((state + 1) as f64 * GOLDEN_RATIO).fract()
}

/// The sum over states of magnitudes in units of their tolerances; NaN when any of them is.
fn weighted_sum<const L: usize>(context: SolveContext<'_, L>, values: &[Lanes<L>]) -> Lanes<L> {
    context.isa.run(WeightedSum { values, weights: context.inv_weight })
}
