//! Functions of the table that take more than one line.

/// `x! = Gamma(x + 1)`; NaN at negative integers, where Gamma has poles.
pub(crate) fn factorial(x: f64) -> f64 {
    if x < 0.0 && x.floor() == x {
        return f64::NAN;
    }
    libm::tgamma(x + 1.0)
}

/// The quotient of `x / y` rounded towards zero.
///
/// `x - fmod(x, y)` is a multiple of `y`, so its quotient only needs rounding to the nearest integer; `trunc(x/y)`
/// would be one too large where `x / y` rounds up to an integer.
pub(crate) fn quotient(x: f64, y: f64) -> f64 {
    ((x - x % y) / y).round()
}

/// Below this argument the recurrence climbs to where the asymptotic series converges.
const ASYMPTOTIC_FROM: f64 = 18.0;

/// More poles than this left of zero are not stepped over; `Gamma` is below the smallest number there.
const LOWEST: f64 = -200.0;

/// Bernoulli numbers `B_2, B_4, ..` (Abramowitz & Stegun, Handbook of Mathematical Functions, table 23.2).
const BERNOULLI: [f64; 10] = [
    1.0 / 6.0,
    -1.0 / 30.0,
    1.0 / 42.0,
    -1.0 / 30.0,
    5.0 / 66.0,
    -691.0 / 2730.0,
    7.0 / 6.0,
    -3617.0 / 510.0,
    43867.0 / 798.0,
    -174611.0 / 330.0,
];

/// The polygamma function of order `n` at `x`: digamma for `n = 0`, trigamma for `n = 1`, and so on.
///
/// Recurrence 6.4.6 and asymptotic series 6.3.18 and 6.4.11 of Abramowitz & Stegun. NaN at the poles
/// `x = 0, -1, -2, ..`, below -200, and where `n` is not an integer from 0 to 30.
pub(crate) fn polygamma(x: f64, n: f64) -> f64 {
    let pole = x <= 0.0 && x.floor() == x;
    let order_is_valid = (0.0..=30.0).contains(&n) && n.floor() == n;
    if pole || !order_is_valid || x.is_nan() || x < LOWEST {
        return f64::NAN;
    }
    let order = n as i32;
    let sign = if order % 2 == 0 { -1.0 } else { 1.0 };
    let order_factorial = libm::tgamma(n + 1.0);
    let (mut x, mut below) = (x, 0.0);
    while x < ASYMPTOTIC_FROM + n {
        below += sign * order_factorial / integer_power(x, order + 1);
        x += 1.0;
    }
    below + asymptotic(x, order, sign)
}

fn asymptotic(x: f64, order: i32, sign: f64) -> f64 {
    let n = f64::from(order);
    let lead = if order == 0 {
        hepatica_lanes::math::ln(x) - 0.5 / x
    } else {
        let first = libm::tgamma(n) / integer_power(x, order);
        sign * (first + libm::tgamma(n + 1.0) / (2.0 * integer_power(x, order + 1)))
    };
    let mut sum = 0.0;
    for (k, bernoulli) in BERNOULLI.iter().enumerate() {
        let two_k = 2.0 * (k as f64 + 1.0);
        // (2k + n - 1)! / (2k)! is the product of the n - 1 integers after 2k, or 1/(2k) for n = 0.
        let ratio = if order == 0 { 1.0 / two_k } else { (1..order).map(|i| two_k + f64::from(i)).product() };
        sum += bernoulli * ratio / integer_power(x, 2 * (k as i32 + 1) + order);
    }
    lead + sign * sum
}

fn integer_power(x: f64, n: i32) -> f64 {
    (0..n).fold(1.0, |power, _| power * x)
}
