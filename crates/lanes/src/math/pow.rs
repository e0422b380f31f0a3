//! The power.

use super::exp::exp_of_sum;
use super::ln::ln_in_two;
use super::pick;

/// Beyond this exponent the result is zero or infinite whatever its last bits are.
const DECIDED: f64 = 800.0;

/// `x` to the power `y` after IEEE 754-2019, section 9.2.1.
///
/// `pow(x, 0) = 1` and `pow(1, y) = 1` even for NaN; a negative finite base with an exponent that is no integer
/// gives NaN; zeros and infinities keep their sign at odd exponents.
#[inline(always)]
pub fn pow(x: f64, y: f64) -> f64 {
    let (integer, odd) = parity(y);
    let magnitude = power_of_magnitude(x.abs(), y);
    let signed = pick(x.is_sign_negative() & odd, -magnitude, magnitude);
    let outside = (x < 0.0) & (x > f64::NEG_INFINITY) & !integer;
    let value = pick(outside, f64::NAN, signed);
    let value = pick(x.is_nan() | y.is_nan(), f64::NAN, value);
    pick((y == 0.0) | (x == 1.0), 1.0, value)
}

/// `x^y = exp(y*ln(x))` for `x >= 0`, the logarithm and its product with `y` in two parts.
#[inline(always)]
fn power_of_magnitude(x: f64, y: f64) -> f64 {
    let (ln, ln_lo) = ln_in_two(x);
    // An infinite exponent of 1 or -1 must not become inf * 0.
    let product = pick(ln == 0.0, 0.0, y * ln);
    let product_lo = y.mul_add(ln_lo, y.mul_add(ln, -product));
    let open = (product.abs() < DECIDED) & (ln != 0.0);
    exp_of_sum(product, pick(open, product_lo, 0.0))
}

/// Whether a number is an integer, and whether it is an odd one; infinities are even integers.
#[inline(always)]
fn parity(y: f64) -> (bool, bool) {
    const TWO_52: f64 = 4503599627370496.0;
    let magnitude = y.abs();
    // From 2^52 on the last bit is worth one; below, adding 2^52 makes it so and rounds to an integer.
    let aligned = pick(magnitude < TWO_52, magnitude + TWO_52, magnitude);
    let integer = (magnitude >= TWO_52) | (aligned - TWO_52 == magnitude);
    let odd = integer & (magnitude < 2.0 * TWO_52) & (aligned.to_bits() & 1 == 1);
    (integer, odd)
}
