//! The lane arithmetic of a step: linear combinations of stages, the error norm, taking over an accepted step.

use hepatica_lanes::Lanes;

use super::tableau::{A, C, D, FIRST_INCREMENTAL_STAGE, H, STAGES};
use crate::dense::COEFFICIENTS;
use crate::options::CheckedTolerances;
use crate::vector::Body;

/// The `U` of all stages of one state, side by side.
pub(super) type Stages<const L: usize> = [Lanes<L>; STAGES];

/// Times and step sizes of all lanes.
#[derive(Clone, Copy)]
pub(super) struct StepSize<'a, const L: usize> {
    pub(super) h: &'a Lanes<L>,
    pub(super) inv_h: &'a Lanes<L>,
}

/// Begins stage `I`: `u` becomes its state, `b` the part of its right-hand side that is known before `f` is evaluated.
///
/// ```text
/// u = y + sum_j a_ij U_j            b = M sum_j C_ij U_j / h + h d_i df/dt
/// ```
pub(super) struct BeginStage<'a, const I: usize, const L: usize> {
    pub(super) step: StepSize<'a, L>,
    pub(super) mass: &'a [f64],
    pub(super) y: &'a [Lanes<L>],
    pub(super) stages: &'a [Stages<L>],
    pub(super) dfdt: &'a [Lanes<L>],
    pub(super) u: &'a mut [Lanes<L>],
    pub(super) b: &'a mut [Lanes<L>],
}

impl<const I: usize, const L: usize> Body for BeginStage<'_, I, L> {
    #[inline(always)]
    fn run(self) {
        let StepSize { h, inv_h } = self.step;
        let known = self.mass.iter().zip(self.y).zip(self.stages).zip(self.dfdt);
        for ((((mass, y), stages), dfdt), (u, b)) in known.zip(self.u.iter_mut().zip(self.b)) {
            if I < FIRST_INCREMENTAL_STAGE {
                *u = *y;
                add_scaled(u, A[I], stages);
            } else {
                add(u, &stages[I - 1]);
            }
            let mut coupling = Lanes::<L>::ZERO;
            add_scaled(&mut coupling, C[I], stages);
            for lane in 0..L {
                b[lane] = mass * coupling[lane] * inv_h[lane] + D[I] * h[lane] * dfdt[lane];
            }
        }
    }
}

#[inline(always)]
fn add<const L: usize>(sum: &mut Lanes<L>, term: &Lanes<L>) {
    for lane in 0..L {
        sum[lane] += term[lane];
    }
}

#[inline(always)]
fn add_scaled<const L: usize>(sum: &mut Lanes<L>, factors: &[f64], terms: &[Lanes<L>]) {
    for (factor, term) in factors.iter().zip(terms) {
        for lane in 0..L {
            sum[lane] += factor * term[lane];
        }
    }
}

/// `b = f + b`.
pub(super) struct AddRhs<'a, const L: usize> {
    pub(super) f: &'a [Lanes<L>],
    pub(super) b: &'a mut [Lanes<L>],
}

impl<const L: usize> Body for AddRhs<'_, L> {
    #[inline(always)]
    fn run(self) {
        for (f, b) in self.f.iter().zip(self.b) {
            add(b, f);
        }
    }
}

/// One over the tolerance of each state at the beginning of the step.
pub(super) struct InvWeights<'a, const L: usize> {
    pub(super) tolerances: &'a CheckedTolerances,
    pub(super) y: &'a [Lanes<L>],
    pub(super) inv_weight: &'a mut [Lanes<L>],
}

impl<const L: usize> Body for InvWeights<'_, L> {
    #[inline(always)]
    fn run(self) {
        let rtol = self.tolerances.rtol;
        for ((atol, y), inv_weight) in self.tolerances.atol.iter().zip(self.y).zip(self.inv_weight) {
            for lane in 0..L {
                inv_weight[lane] = 1.0 / (atol + rtol * y[lane].abs());
            }
        }
    }
}

/// Ends the step: `u` becomes the new state `u_8 + U_8`, and `error` the root mean square of `U_8` in units of
/// `atol + rtol * max(|y|, |y_new|)`. An error is NaN when `U_8` or the new state is not finite.
pub(super) struct EndStep<'a, const L: usize> {
    pub(super) tolerances: &'a CheckedTolerances,
    pub(super) y: &'a [Lanes<L>],
    pub(super) estimate: &'a [Lanes<L>],
    pub(super) u: &'a mut [Lanes<L>],
    pub(super) error: &'a mut Lanes<L>,
}

impl<const L: usize> Body for EndStep<'_, L> {
    #[inline(always)]
    fn run(self) {
        let rtol = self.tolerances.rtol;
        let count = self.y.len().max(1) as f64;
        let mut sum = Lanes::<L>::ZERO;
        for (((atol, y), estimate), u) in
            self.tolerances.atol.iter().zip(self.y).zip(self.estimate).zip(self.u)
        {
            for lane in 0..L {
                u[lane] += estimate[lane];
                let (old, new) = (y[lane].abs(), u[lane].abs());
                let size = if old > new { old } else { new };
                let ratio = estimate[lane] / (atol + rtol * size);
                // The product is zero, or NaN where the new state is infinite and would hide its error.
                sum[lane] += ratio * ratio + 0.0 * new;
            }
        }
        for lane in 0..L {
            self.error[lane] = (sum[lane] / count).sqrt();
        }
    }
}

/// Takes over the step in the lanes that went forward: the coefficients of its dense output, and its new state.
pub(super) struct TakeOver<'a, const L: usize> {
    pub(super) forward: &'a [bool; L],
    pub(super) stages: &'a [Stages<L>],
    pub(super) y_new: &'a [Lanes<L>],
    pub(super) y: &'a mut [Lanes<L>],
    pub(super) dense: &'a mut [Vec<Lanes<L>>; COEFFICIENTS],
}

impl<const L: usize> Body for TakeOver<'_, L> {
    #[inline(always)]
    fn run(self) {
        let mut forward = Lanes::<L>::ZERO;
        for lane in 0..L {
            forward[lane] = if self.forward[lane] { 1.0 } else { 0.0 };
        }
        let [d0, d1, d2, d3, d4] = self.dense;
        let ends = self.y.iter_mut().zip(self.y_new).zip(d0.iter_mut().zip(d1));
        let slopes = d2.iter_mut().zip(d3).zip(d4);
        for ((((y, y_new), (y0, y1)), ((k1, k2), k3)), stages) in ends.zip(slopes).zip(self.stages) {
            select(&forward, y, y0);
            select(&forward, y_new, y1);
            for (k, weights) in [k1, k2, k3].into_iter().zip(&H) {
                let mut sum = Lanes::<L>::ZERO;
                add_scaled(&mut sum, weights, stages);
                select(&forward, &sum, k);
            }
            select(&forward, y_new, y);
        }
    }
}

/// Copies the lanes that went forward.
#[inline(always)]
fn select<const L: usize>(forward: &Lanes<L>, new: &Lanes<L>, kept: &mut Lanes<L>) {
    for lane in 0..L {
        kept[lane] = if forward[lane] != 0.0 { new[lane] } else { kept[lane] };
    }
}
