//! What a step does between evaluations: passes over all states, compiled for each instruction set.
//!
//! Every pass is elementwise: state `i` of lane `l` of a result depends on state `i` of lane `l` of what it reads.
//! The vectors of a block do not fit a first-level cache, so time is that of reading and writing them: each pass does all
//! that can be done with a vector while it is there. Multiplication and addition stay separate and in the order written,
//! so that each width and instruction set gives the same bits.

use hepatica_lanes::{Body, Lanes};

use super::tableau::{A, C, D, FIRST_INCREMENTAL_STAGE, H, STAGES};
use crate::options::CheckedTolerances;
use crate::problem::DENSE_COEFFICIENTS;

/// The `U_i` of all stages, those of one state side by side.
pub(super) type Stages<const L: usize> = [[Lanes<L>; STAGES]];

/// `U_(I-1) = x`, the state `u_I` at which stage `I` is evaluated, and `sum_j C_Ij U_j`.
pub(super) struct NextStage<'a, const I: usize, const L: usize> {
    /// The state at the start of the step.
    pub(super) y: &'a [Lanes<L>],
    /// The solution of the stage before.
    pub(super) x: &'a [Lanes<L>],
    pub(super) stages: &'a mut Stages<L>,
    /// The state of the stage before, then of this one.
    pub(super) u: &'a mut [Lanes<L>],
    /// The sum.
    pub(super) coupled: &'a mut [Lanes<L>],
    /// What counts as zero, of each state.
    pub(super) negligible: &'a [f64],
}

impl<const I: usize, const L: usize> Body for NextStage<'_, I, L> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let n = self.u.len();
        let (y, x, stages, coupled) =
            (&self.y[..n], &self.x[..n], &mut self.stages[..n], &mut self.coupled[..n]);
        let negligible = &self.negligible[..n];
        for state in one_by_one(n) {
            let x = x[state];
            let mut sum = Lanes::ZERO;
            let mut at = if I < FIRST_INCREMENTAL_STAGE { y[state] } else { self.u[state] };
            for j in 0..I - 1 {
                let known = stages[state][j];
                add_scaled(&mut sum, C[I][j], &known);
                if I < FIRST_INCREMENTAL_STAGE {
                    add_scaled(&mut at, A[I][j], &known);
                }
            }
            add_scaled(&mut sum, C[I][I - 1], &x);
            let weight = if I < FIRST_INCREMENTAL_STAGE { A[I][I - 1] } else { 1.0 };
            add_scaled(&mut at, weight, &x);
            stages[state][I - 1] = x;
            coupled[state] = sum;
            self.u[state] = without_negligible(&at, negligible[state]);
        }
    }
}

/// The right-hand side of stage `I`, `b = f + M coupled / h + h d_I df/dt`.
pub(super) struct StageRhs<'a, const I: usize, const L: usize> {
    pub(super) f: &'a [Lanes<L>],
    /// `sum_j C_Ij U_j`.
    pub(super) coupled: &'a [Lanes<L>],
    /// The diagonal of `M`.
    pub(super) mass: &'a [f64],
    pub(super) inv_h: Lanes<L>,
    /// `h df/dt`; `None` where time is in no equation.
    pub(super) h_dfdt: Option<&'a [Lanes<L>]>,
    pub(super) b: &'a mut [Lanes<L>],
}

impl<const I: usize, const L: usize> Body for StageRhs<'_, I, L> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let n = self.b.len();
        let (f, coupled, mass) = (&self.f[..n], &self.coupled[..n], &self.mass[..n]);
        for state in one_by_one(n) {
            let mut sum = f[state];
            if I > 0 {
                for lane in 0..L {
                    sum[lane] += mass[state] * self.inv_h[lane] * coupled[state][lane];
                }
            }
            self.b[state] = sum;
        }
        if let Some(h_dfdt) = self.h_dfdt
            && D[I] != 0.0
        {
            for state in one_by_one(n) {
                add_scaled(&mut self.b[state], D[I], &h_dfdt[state]);
            }
        }
    }
}

/// `U_8 = x`, `u = u_8 + U_8`, and the sum over states of the squared error in units of `atol + rtol*max(|y|, |u|)`.
///
/// The sum is NaN when the error or the new state is not finite.
pub(super) struct NewState<'a, const L: usize> {
    pub(super) y: &'a [Lanes<L>],
    pub(super) x: &'a [Lanes<L>],
    pub(super) tolerances: &'a CheckedTolerances<L>,
    pub(super) stages: &'a mut Stages<L>,
    pub(super) u: &'a mut [Lanes<L>],
}

impl<const L: usize> Body for NewState<'_, L> {
    type Output = Lanes<L>;

    #[inline(always)]
    fn run(self) -> Lanes<L> {
        let n = self.u.len();
        let (y, x, stages) = (&self.y[..n], &self.x[..n], &mut self.stages[..n]);
        let CheckedTolerances { rtol, atol, negligible } = self.tolerances;
        let (atol, negligible) = (&atol[..n], &negligible[..n]);
        let mut sum = Lanes::ZERO;
        for state in one_by_one(n) {
            let (x, old, mut new, atol) = (x[state], y[state], self.u[state], atol[state]);
            add_scaled(&mut new, 1.0, &x);
            for lane in 0..L {
                let (before, after) = (old[lane].abs(), new[lane].abs());
                let size = if before > after { before } else { after };
                let ratio = x[lane] / (atol[lane] + rtol * size);
                // The product is zero, or NaN where the new state is infinite and would hide its error.
                sum[lane] += ratio * ratio + 0.0 * after;
            }
            stages[state][STAGES - 1] = x;
            self.u[state] = without_negligible(&new, negligible[state]);
        }
        sum
    }
}

/// In the lanes that go forward: `y = u` and the coefficients of the dense output. With `ALL`, every lane does.
pub(super) struct TakeOver<'a, const ALL: bool, const L: usize> {
    pub(super) forward: [bool; L],
    pub(super) stages: &'a Stages<L>,
    /// The new state.
    pub(super) u: &'a [Lanes<L>],
    pub(super) y: &'a mut [Lanes<L>],
    pub(super) dense: &'a mut [Vec<Lanes<L>>; DENSE_COEFFICIENTS],
}

impl<const ALL: bool, const L: usize> Body for TakeOver<'_, ALL, L> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let n = self.y.len();
        // All bits or none: a choice by bits becomes vector instructions, one by a condition a branch for each lane.
        let forward: [u64; L] = self.forward.map(|forward| if ALL || forward { u64::MAX } else { 0 });
        let stages = &self.stages[..n];
        let [y0, y1, k1, k2, k3] = self.dense.each_mut().map(|coefficient| &mut coefficient[..n]);
        let (u, y) = (&self.u[..n], &mut self.y[..n]);
        for state in one_by_one(n) {
            let mut slopes = [Lanes::<L>::ZERO; 3];
            for (j, stage) in stages[state].iter().enumerate() {
                for (slope, factors) in slopes.iter_mut().zip(&H) {
                    add_scaled(slope, factors[j], stage);
                }
            }
            replace(&forward, &mut y0[state], &y[state]);
            replace(&forward, &mut y1[state], &u[state]);
            replace(&forward, &mut k1[state], &slopes[0]);
            replace(&forward, &mut k2[state], &slopes[1]);
            replace(&forward, &mut k3[state], &slopes[2]);
            replace(&forward, &mut y[state], &u[state]);
        }
    }
}

/// The states, whose indices are hidden from the compiler: it is the lanes of a state that are to become a vector, and
/// not a lane of many states, which lie far apart.
#[inline(always)]
fn one_by_one(n: usize) -> impl Iterator<Item = usize> {
    (0..n).map(std::hint::black_box)
}

#[inline(always)]
fn add_scaled<const L: usize>(sum: &mut Lanes<L>, factor: f64, term: &Lanes<L>) {
    for lane in 0..L {
        sum[lane] += factor * term[lane];
    }
}

/// Zero where a number is negligible.
///
/// The square or a higher power of such a number is one with fewer digits (subnormal), on which processors take a hundred
/// times as long, and no result tells it from zero.
#[inline(always)]
fn without_negligible<const L: usize>(value: &Lanes<L>, negligible: f64) -> Lanes<L> {
    Lanes(std::array::from_fn(|lane| if value[lane].abs() < negligible { 0.0 } else { value[lane] }))
}

/// The new number where the lane goes forward.
#[inline(always)]
fn replace<const L: usize>(forward: &[u64; L], old: &mut Lanes<L>, new: &Lanes<L>) {
    for lane in 0..L {
        let bits = (new[lane].to_bits() & forward[lane]) | (old[lane].to_bits() & !forward[lane]);
        old[lane] = f64::from_bits(bits);
    }
}
