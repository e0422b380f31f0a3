//! The natural logarithm.

use super::{LN2_HI, LN2_LO, pick};

/// Coefficients of `(2*atanh(s)/s - 2 - 2/3*z) / z^2`, `z = s^2`, for `|s| <= (sqrt(2)-1)/(sqrt(2)+1)`; relative
/// error of the logarithm below 2^-73.
const Q: [f64; 8] = [
    0.3999999999999998,
    0.28571428571445057,
    0.2222222221754823,
    0.18181818869056568,
    0.15384556947200798,
    0.13336314778611744,
    0.11674867332384528,
    0.11988639300601046,
];

const TWO_THIRDS: f64 = 2.0 / 3.0;
/// 2/3 less [`TWO_THIRDS`].
const TWO_THIRDS_LO: f64 = 3.700743415417188e-17;

/// `x = 2^k * m` with `m` from sqrt(1/2) to sqrt(2), and `s = (m - 1)/(m + 1)` in two parts.
///
/// `ln(x) = k*ln(2) + 2*atanh(s)`.
#[derive(Clone, Copy)]
struct Reduced {
    k: f64,
    s: f64,
    s_lo: f64,
}

/// The natural logarithm.
///
/// `ln(0) = -inf`, `ln(inf) = inf`, NaN for negative numbers and NaN.
#[inline(always)]
pub fn ln(x: f64) -> f64 {
    let Reduced { k, s, s_lo } = reduce(x);
    let z = s * s;
    let curved = s * (z * z.mul_add(tail(z), TWO_THIRDS));
    let large = k * LN2_HI;
    let sum = large + 2.0 * s;
    let lost = 2.0 * s - (sum - large);
    let small = k.mul_add(LN2_LO, 2.0_f64.mul_add(s_lo, curved));
    at_edges(x, sum + (lost + small))
}

/// `ln(x)` as an unevaluated sum of two numbers, with a relative error below 2^-63; for `x >= 0` or NaN.
///
/// Where the logarithm is infinite or NaN the second part is 0.
#[inline(always)]
pub(super) fn ln_in_two(x: f64) -> (f64, f64) {
    let Reduced { k, s, s_lo } = reduce(x);
    let z = s * s;
    let z_lo = s.mul_add(s, -z) + 2.0 * s * s_lo;
    // 2/3 + z*Q(z)
    let p = z * tail(z);
    let u = TWO_THIRDS + p;
    let u_lo = (TWO_THIRDS - u) + p + TWO_THIRDS_LO;
    // times z
    let v = z * u;
    let v_lo = z.mul_add(u, -v) + z.mul_add(u_lo, z_lo * u);
    // times s
    let w = s * v;
    let w_lo = s.mul_add(v, -w) + s.mul_add(v_lo, s_lo * v);
    let large = k * LN2_HI;
    let first = large + 2.0 * s;
    let first_lost = 2.0 * s - (first - large);
    let hi = first + w;
    let hi_lost = w - (hi - first);
    let lo = (first_lost + hi_lost) + k.mul_add(LN2_LO, 2.0_f64.mul_add(s_lo, w_lo));
    let edged = at_edges(x, hi);
    (edged, pick((x > 0.0) & (x < f64::INFINITY), lo, 0.0))
}

/// The value, or what the logarithm is where the reduction does not apply.
#[inline(always)]
fn at_edges(x: f64, value: f64) -> f64 {
    let value = pick(x < f64::INFINITY, value, x);
    let value = pick(x == 0.0, f64::NEG_INFINITY, value);
    pick(x < 0.0, f64::NAN, value)
}

#[inline(always)]
fn reduce(x: f64) -> Reduced {
    const TWO_54: f64 = 18014398509481984.0;
    /// Distance in bits from sqrt(1/2) to 1; added to `x`, it makes the exponent step at sqrt(2).
    const SHIFT: u64 = 0x3ff0_0000_0000_0000 - 0x3fe6_a09e_667f_3bcd;
    const MANTISSA: u64 = 0x000f_ffff_ffff_ffff;
    /// The bits of `2^52`: with a small integer in its low bits it is `2^52` plus that integer.
    const TWO_52: u64 = 0x4330_0000_0000_0000;

    let subnormal = x < f64::MIN_POSITIVE;
    let bits = pick(subnormal, x * TWO_54, x).to_bits().wrapping_add(SHIFT);
    let exponent = f64::from_bits((bits >> 52) | TWO_52);
    let k = exponent - pick(subnormal, 4503599627370496.0 + 1023.0 + 54.0, 4503599627370496.0 + 1023.0);
    let m = f64::from_bits((bits & MANTISSA) + 0x3fe6_a09e_667f_3bcd);
    let numerator = m - 1.0;
    let denominator = m + 1.0;
    let denominator_lo = m - (denominator - 1.0);
    let inverse = 1.0 / denominator;
    let s = numerator * inverse;
    let rest = (-s).mul_add(denominator_lo, (-s).mul_add(denominator, numerator));
    Reduced { k, s, s_lo: rest * inverse }
}

/// The polynomial, its even and odd halves side by side.
#[inline(always)]
fn tail(z: f64) -> f64 {
    let square = z * z;
    let even = square.mul_add(Q[6], Q[4]);
    let even = square.mul_add(even, Q[2]);
    let even = square.mul_add(even, Q[0]);
    let odd = square.mul_add(Q[7], Q[5]);
    let odd = square.mul_add(odd, Q[3]);
    let odd = square.mul_add(odd, Q[1]);
    z.mul_add(odd, even)
}
