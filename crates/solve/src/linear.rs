//! Linear solves that are judged, and repeated with pivoting in the lanes where they were bad.
//!
//! A fixed elimination order without pivoting is fast in lanes, and may meet a small pivot. A solve is judged by its
//! backward error: `|b - W x|` against `|b|` and `|W| |x|`. The size of `|W| |x|` is sampled as `|W v|`, where `v` is
//! `x` with each state shrunk by another factor, so that large terms which cancel in `W x` are seen (they must not be
//! taken for a bad solve: no pivoting would do better). All norms weigh a state by its tolerance, so that units do not
//! matter.

use hepatica_lanes::{Active, Lanes};

use crate::problem::Problem;
use crate::vector::{self, Element};

/// Largest backward error of a good solve. Elimination gives about 1e-15 unless a pivot is small; a perturbation of
/// `W` of this relative size is invisible at any tolerance a user may ask for.
const MAX_BACKWARD_ERROR: f64 = 1e-11;

/// Buffers and per-lane verdicts of the solves of one step.
#[derive(Clone, Debug)]
pub(crate) struct CheckedSolve<const L: usize> {
    /// The last solution.
    pub(crate) x: Vec<Lanes<L>>,
    residual: Vec<Lanes<L>>,
    shrunk: Vec<Lanes<L>>,
    zeros: Vec<Lanes<L>>,
    weighted: Vec<Lanes<L>>,
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
            x: buffer(),
            residual: buffer(),
            shrunk: buffer(),
            zeros: buffer(),
            weighted: buffer(),
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
    pub(crate) fn solve<P: Problem<L>>(&mut self, problem: &mut P, b: &[Lanes<L>]) {
        self.x.copy_from_slice(b);
        problem.solve(&mut self.x);
        for lane in 0..L {
            if self.pivoting[lane] {
                self.solve_again(problem, b, lane);
            }
        }
    }

    /// As [`CheckedSolve::solve`], and judges the solution in every active lane.
    pub(crate) fn solve_judged<P: Problem<L>>(
        &mut self,
        problem: &mut P,
        b: &[Lanes<L>],
        context: SolveContext<'_, L>,
    ) {
        self.solve(problem, b);
        problem.residual(b, &self.x, &mut self.residual);
        let error = weighted_sum(context, &self.residual, &mut self.weighted);
        self.b_norm = weighted_sum(context, b, &mut self.weighted);
        let suspect: [bool; L] = std::array::from_fn(|lane| {
            let small = error[lane] <= MAX_BACKWARD_ERROR * self.b_norm[lane];
            context.active[lane] && !self.pivoting[lane] && !small && self.b_norm[lane].is_finite()
        });
        if suspect.contains(&true) {
            self.repeat_bad(problem, b, (context, suspect, error));
        }
    }

    /// Whether `b` of the last judged solve was finite in a lane.
    pub(crate) fn b_was_finite(&self, lane: usize) -> bool {
        self.b_norm[lane].is_finite()
    }

    fn repeat_bad<P: Problem<L>>(
        &mut self,
        problem: &mut P,
        b: &[Lanes<L>],
        (context, suspect, error): (SolveContext<'_, L>, [bool; L], Lanes<L>),
    ) {
        for (state, (v, x)) in self.shrunk.iter_mut().zip(&self.x).enumerate() {
            let factor = spread(state);
            for lane in 0..L {
                v[lane] = factor * x[lane];
            }
        }
        problem.residual(&self.zeros, &self.shrunk, &mut self.residual);
        let size = weighted_sum(context, &self.residual, &mut self.weighted);
        for lane in 0..L {
            let good = error[lane] <= MAX_BACKWARD_ERROR * (size[lane] + self.b_norm[lane]);
            if suspect[lane] && !good {
                self.pivoting[lane] = true;
                self.solve_again(problem, b, lane);
            }
        }
    }

    fn solve_again<P: Problem<L>>(&mut self, problem: &mut P, b: &[Lanes<L>], lane: usize) {
        for (x, b) in self.x.iter_mut().zip(b) {
            x[lane] = b[lane];
        }
        self.pivoted[lane] += 1;
        if !problem.solve_pivoted(lane, &mut self.x) {
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

/// A magnitude in units of its tolerance, of one over the tolerance.
#[derive(Clone, Copy)]
struct Weighted;

impl Element<2> for Weighted {
    #[inline(always)]
    fn at(self, [value, inv_weight]: [f64; 2], _: f64) -> f64 {
        value.abs() * inv_weight
    }
}

/// The sum over states of magnitudes in units of their tolerances; NaN when any of them is.
fn weighted_sum<const L: usize>(
    context: SolveContext<'_, L>,
    values: &[Lanes<L>],
    weighted: &mut [Lanes<L>],
) -> Lanes<L> {
    vector::map(context.isa, Weighted, [values, context.inv_weight], weighted);
    vector::sum(weighted)
}
