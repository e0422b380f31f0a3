//! Elementary functions with one definition for every width.
//!
//! Each is straight-line `f64` arithmetic: choices are selects, not branches, and nothing is looked up, so that a
//! loop over lanes vectorises inside a [`crate::Body`] and each lane gets the bits a scalar call gives.
//!
//! Errors, measured against 200-bit arithmetic (`tests/accuracy.rs` holds the bounds): [`exp`], [`ln`] and
//! [`pow`] stay within 1 ulp over their whole range, results in the subnormal range included.
//!
//! The argument reductions are the classical ones (W. J. Cody, W. Waite, Software Manual for the Elementary
//! Functions, 1980; P. T. P. Tang, ACM TOMS 15 (1989) 144 and 16 (1990) 378). The polynomials are minimax fits
//! computed with the Remez exchange in 60-digit arithmetic. Sums and products in two parts use the error-free
//! transformations of T. J. Dekker, Numer. Math. 18 (1971) 224.

mod exp;
mod ln;
mod pow;

pub use exp::exp;
pub use ln::ln;
pub use pow::pow;

/// The upper 32 bits of ln 2; its product with any binary exponent is exact.
const LN2_HI: f64 = 0.6931471803691238;
/// ln 2 less [`LN2_HI`].
const LN2_LO: f64 = 1.9082149292705877e-10;

/// `1.5 * 2^52`: added to a number below `2^51`, it leaves the nearest integer in the low bits.
const ROUNDER: f64 = 6755399441055744.0;

/// `yes` where the condition holds, else `no`; both are already computed, so no branch is needed.
#[inline(always)]
fn pick(condition: bool, yes: f64, no: f64) -> f64 {
    if condition { yes } else { no }
}
