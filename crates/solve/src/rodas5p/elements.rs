//! The arithmetic of a step for one state of one lane; `vector` applies it to all.

use super::tableau::{A, C, D, H, STAGES};
use crate::vector::Element;

/// `u_i = y + sum_j a_ij U_j`, of `y` and all `U`; those not yet known are not read.
#[derive(Clone, Copy)]
pub(super) struct StageState<const I: usize>;

impl<const I: usize> Element<{ STAGES + 1 }> for StageState<I> {
    #[inline(always)]
    fn at(self, arguments: [f64; STAGES + 1], _: f64) -> f64 {
        let [y, stages @ ..] = arguments;
        add_scaled(y, A[I], &stages)
    }
}

/// `u_i = u_(i-1) + U_(i-1)` in place, of `U_(i-1)`: the last stages, and the new state.
#[derive(Clone, Copy)]
pub(super) struct Increment;

impl Element<1> for Increment {
    #[inline(always)]
    fn at(self, [increment]: [f64; 1], u: f64) -> f64 {
        u + increment
    }
}

/// The right-hand side of stage `i`, `f + M sum_j C_ij U_j / h + h d_i df/dt`, in place of `f`, of `M/h`, `h df/dt` and
/// all `U`; those not yet known are not read.
#[derive(Clone, Copy)]
pub(super) struct StageRhs<const I: usize>;

impl<const I: usize> Element<{ STAGES + 2 }> for StageRhs<I> {
    #[inline(always)]
    fn at(self, arguments: [f64; STAGES + 2], f: f64) -> f64 {
        let [mass_by_h, h_dfdt, stages @ ..] = arguments;
        let coupled = f + mass_by_h * add_scaled(0.0, C[I], &stages);
        if D[I] == 0.0 { coupled } else { coupled + D[I] * h_dfdt }
    }
}

/// One over the tolerance at the beginning of the step, of `y` and its absolute tolerance.
#[derive(Clone, Copy)]
pub(super) struct InvWeight {
    pub(super) rtol: f64,
}

impl Element<2> for InvWeight {
    #[inline(always)]
    fn at(self, [y, atol]: [f64; 2], _: f64) -> f64 {
        1.0 / (atol + self.rtol * y.abs())
    }
}

/// The square of the error in units of `atol + rtol * max(|y|, |y_new|)`, of the error, `y`, `y_new` and the absolute
/// tolerance. It is NaN when the error or the new state is not finite.
#[derive(Clone, Copy)]
pub(super) struct SquaredError {
    pub(super) rtol: f64,
}

impl Element<4> for SquaredError {
    #[inline(always)]
    fn at(self, [error, y, y_new, atol]: [f64; 4], _: f64) -> f64 {
        let (old, new) = (y.abs(), y_new.abs());
        let size = if old > new { old } else { new };
        let ratio = error / (atol + self.rtol * size);
        // The product is zero, or NaN where the new state is infinite and would hide its error.
        ratio * ratio + 0.0 * new
    }
}

/// The dense output coefficient `k_m = sum_j H_mj U_j`, of whether the lane goes forward and of all `U`.
#[derive(Clone, Copy)]
pub(super) struct DenseSlope<const M: usize>;

impl<const M: usize> Element<{ STAGES + 1 }> for DenseSlope<M> {
    #[inline(always)]
    fn at(self, arguments: [f64; STAGES + 1], old: f64) -> f64 {
        let [forward, stages @ ..] = arguments;
        Forward.at([forward, add_scaled(0.0, &H[M], &stages)], old)
    }
}

/// The argument where the lane goes forward, and what stood there where it does not.
#[derive(Clone, Copy)]
pub(super) struct Forward;

impl Element<2> for Forward {
    #[inline(always)]
    fn at(self, [forward, new]: [f64; 2], old: f64) -> f64 {
        if forward != 0.0 { new } else { old }
    }
}

#[inline(always)]
fn add_scaled(mut sum: f64, factors: &[f64], terms: &[f64; STAGES]) -> f64 {
    for (factor, term) in factors.iter().zip(terms) {
        sum += factor * term;
    }
    sum
}
