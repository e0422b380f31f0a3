//! The natural exponential.

use super::{LN2_HI, LN2_LO, ROUNDER, pick};

/// Above this the result overflows.
const HIGHEST: f64 = 710.0;
/// Below this the result rounds to zero.
const LOWEST: f64 = -746.0;

/// Coefficients of `(exp(r) - 1 - r) / r^2` for `|r| <= ln(2)/2`; relative error of exp below 2^-63.
const Q: [f64; 11] = [
    0.5,
    0.16666666666666688,
    0.041666666666666845,
    0.008333333333312902,
    0.0013888888888756693,
    0.00019841269906384872,
    2.4801587630672534e-05,
    2.7557225120480273e-06,
    2.755697829042905e-07,
    2.511534215520737e-08,
    2.1014384202680348e-09,
];

/// The natural exponential.
///
/// `exp(inf) = inf`, `exp(-inf) = 0`, `exp(NaN) = NaN`; overflows to infinity and underflows gradually to zero.
#[inline(always)]
pub fn exp(x: f64) -> f64 {
    exp_of_sum(x, 0.0)
}

/// `exp(x + low)` with one rounding, for `low` that is small against the last bit of the result's exponent
/// range (`|low| < 2^-40`).
///
/// `x = k*ln(2) + r` with integer `k` and `|r| <= ln(2)/2`; the result is `2^k * exp(r)`.
#[inline(always)]
pub(super) fn exp_of_sum(x: f64, low: f64) -> f64 {
    let x = pick(x > HIGHEST, HIGHEST, x);
    let x = pick(x < LOWEST, LOWEST, x);
    let k = x.mul_add(std::f64::consts::LOG2_E, ROUNDER) - ROUNDER;
    let r_exact = (-k).mul_add(LN2_HI, x);
    let r_rest = (-k).mul_add(LN2_LO, low);
    let r = r_exact + r_rest;
    let r_lost = (r_exact - r) + r_rest;
    scale(k, near_one(r, r_lost))
}

/// `exp(r + lost)` for small `r`.
#[inline(always)]
fn near_one(r: f64, lost: f64) -> f64 {
    let square = r * r;
    let even = square.mul_add(Q[10], Q[8]);
    let even = square.mul_add(even, Q[6]);
    let even = square.mul_add(even, Q[4]);
    let even = square.mul_add(even, Q[2]);
    let even = square.mul_add(even, Q[0]);
    let odd = square.mul_add(Q[9], Q[7]);
    let odd = square.mul_add(odd, Q[5]);
    let odd = square.mul_add(odd, Q[3]);
    let odd = square.mul_add(odd, Q[1]);
    let curved = square.mul_add(r.mul_add(odd, even), lost);
    let sum = 1.0 + r;
    let sum_lost = (1.0 - sum) + r;
    sum + (sum_lost + curved)
}

/// `2^k * value` for integer `k` from -1076 to 1025, as two factors so that neither leaves the range and a
/// subnormal result is rounded once.
#[inline(always)]
fn scale(k: f64, value: f64) -> f64 {
    let half = k.mul_add(0.5, ROUNDER) - ROUNDER;
    value * power_of_two(half) * power_of_two(k - half)
}

/// `2^k` for integer `|k| <= 1022`.
#[inline(always)]
fn power_of_two(k: f64) -> f64 {
    f64::from_bits(((k + ROUNDER).to_bits() << 52).wrapping_add(1.0_f64.to_bits()))
}
