//! The gamma distribution.

/// Terms of the series and of the continued fraction; the slowest case, `x` near `a`, needs a few times the
/// square root of `a`.
const MAX_TERMS: usize = 100_000;

/// Steps of Newton's method; it converges from one side and needs about ten.
const MAX_STEPS: usize = 200;

/// The logarithm of the gamma function for `x > 0`; NaN otherwise. Relative error about 1e-15.
pub fn ln_gamma(x: f64) -> f64 {
    if x > 0.0 { libm::lgamma(x) } else { f64::NAN }
}

/// The regularised incomplete gamma function P(a, x) for `a > 0` and `x >= 0`; NaN otherwise.
///
/// Series DLMF 8.11.4 below `a + 1`, continued fraction DLMF 8.9.2 above.
pub fn incomplete_gamma(a: f64, x: f64) -> f64 {
    if !(a > 0.0 && x >= 0.0) {
        return f64::NAN;
    }
    if x == 0.0 || x == f64::INFINITY {
        return if x == 0.0 { 0.0 } else { 1.0 };
    }
    libm::exp(Tails::at(a, libm::log(x)).ln_lower)
}

/// The other tail, `1 - P(a, x)`, with its own relative accuracy.
pub(crate) fn incomplete_gamma_upper(a: f64, x: f64) -> f64 {
    if !(a > 0.0 && x >= 0.0) {
        return f64::NAN;
    }
    if x == 0.0 || x == f64::INFINITY {
        return if x == 0.0 { 1.0 } else { 0.0 };
    }
    libm::exp(Tails::at(a, libm::log(x)).ln_upper)
}

/// The x at which P(a, x) is `p`, for `a > 0`; 0 and infinity at the ends, NaN outside.
///
/// Newton's method for the logarithm of the smaller tail as a function of `ln x`. Both tails are log-concave
/// in `ln x`, so that the steps approach the root from one side.
pub fn gamma_quantile(a: f64, p: f64) -> f64 {
    if !(a > 0.0 && (0.0..=1.0).contains(&p)) {
        return f64::NAN;
    }
    if p == 0.0 || p == 1.0 {
        return if p == 0.0 { 0.0 } else { f64::INFINITY };
    }
    let lower = p <= 0.5;
    let target = if lower { libm::log(p) } else { libm::log1p(-p) };
    // P(a, x) is below x^a / gamma(a + 1), so that this start lies below the root.
    let mut ln_x = (libm::log(p) + ln_gamma(a + 1.0)) / a;
    for _ in 0..MAX_STEPS {
        let tails = Tails::at(a, ln_x);
        let (value, slope) = if lower {
            (tails.ln_lower, libm::exp(tails.ln_front - tails.ln_lower))
        } else {
            (tails.ln_upper, -libm::exp(tails.ln_front - tails.ln_upper))
        };
        // The upper tail is flat far below the root, where a full step would leave the range of numbers.
        let step = ((target - value) / slope).clamp(-1.0, 1.0);
        let full = if lower { (target - value) / slope } else { step };
        ln_x += full;
        if full.abs() <= 1e-15 * ln_x.abs().max(0.5) {
            break;
        }
    }
    libm::exp(ln_x)
}

/// The logarithms of both tails and of `x^a exp(-x) / gamma(a)`, which is the slope of P in `ln x`.
struct Tails {
    ln_front: f64,
    ln_lower: f64,
    ln_upper: f64,
}

impl Tails {
    fn at(a: f64, ln_x: f64) -> Tails {
        let x = libm::exp(ln_x);
        let ln_front = ln_front(a, x, ln_x);
        if x < a + 1.0 {
            let ln_lower = (ln_front + libm::log(series(a, x) / a)).min(0.0);
            Tails { ln_front, ln_lower, ln_upper: ln_of_rest(ln_lower) }
        } else {
            let ln_upper = (ln_front + libm::log(fraction(a, x))).min(0.0);
            Tails { ln_front, ln_lower: ln_of_rest(ln_upper), ln_upper }
        }
    }
}

/// `ln(1 - exp(y))` for `y <= 0`.
fn ln_of_rest(y: f64) -> f64 {
    if y > -std::f64::consts::LN_2 { libm::log(-libm::expm1(y)) } else { libm::log1p(-libm::exp(y)) }
}

/// `ln(x^a exp(-x) / gamma(a))`.
///
/// Large parameters take the form of DLMF 5.11.1, in which the large terms cancel before they are rounded.
fn ln_front(a: f64, x: f64, ln_x: f64) -> f64 {
    if a < 20.0 {
        return a * ln_x - x - ln_gamma(a);
    }
    let off = (x - a) / a;
    let departure =
        if off > -0.5 && off < 1.0 { off - libm::log1p(off) } else { off - (ln_x - libm::log(a)) };
    let s = 1.0 / (a * a);
    // B_2k / (2k (2k - 1) a^(2k - 1)) for k = 1 to 5.
    let stirling =
        (1.0 / 12.0 - s * (1.0 / 360.0 - s * (1.0 / 1260.0 - s * (1.0 / 1680.0 - s / 1188.0)))) / a;
    0.5 * libm::log(a / (2.0 * std::f64::consts::PI)) - a * departure - stirling
}

/// `1 + x/(a+1) + x^2/((a+1)(a+2)) + ..`
fn series(a: f64, x: f64) -> f64 {
    let (mut term, mut sum) = (1.0, 1.0);
    for k in 1..MAX_TERMS {
        term *= x / (a + k as f64);
        sum += term;
        if term < 1e-17 * sum {
            break;
        }
    }
    sum
}

/// The continued fraction of `gamma(a, x) exp(x) / x^a` by the modified Lentz method; `x > a`, where no
/// denominator vanishes.
fn fraction(a: f64, x: f64) -> f64 {
    let mut b = x + 1.0 - a;
    let mut c = f64::INFINITY;
    let mut d = 1.0 / b;
    let mut value = d;
    for k in 1..MAX_TERMS {
        let k = k as f64;
        let term = k * (a - k);
        b += 2.0;
        d = 1.0 / (b + term * d);
        c = b + term / c;
        let change = c * d;
        value *= change;
        if (change - 1.0).abs() < 1e-15 {
            break;
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: f64, b: f64, relative: f64) -> bool {
        (a - b).abs() <= relative * b.abs().max(1e-300)
    }

    #[test]
    fn gamma_of_whole_and_half_numbers() {
        let mut factorial: f64 = 1.0;
        for n in 1..60 {
            assert!(
                (ln_gamma(f64::from(n)) - factorial.ln()).abs() <= 4e-15 * factorial.ln().max(1.0),
                "{n}"
            );
            factorial *= f64::from(n);
        }
        let root_pi = std::f64::consts::PI.sqrt();
        assert!(near(ln_gamma(0.5), root_pi.ln(), 1e-14));
        assert!(near(ln_gamma(0.25), 3.625_609_908_221_908_f64.ln(), 1e-14));
        assert!(ln_gamma(0.0).is_nan() && ln_gamma(-1.0).is_nan());
    }

    /// For whole a, P(a, x) is the probability of at least a events of a Poisson variable of mean x.
    #[test]
    fn gamma_is_a_poisson_tail() {
        for a in [1u32, 2, 5, 30] {
            for x in [0.01f64, 0.5, 3.0, 20.0, 60.0] {
                let below: f64 = (0..a)
                    .scan(1.0, |term, k| {
                        let now = *term;
                        *term *= x / f64::from(k + 1);
                        Some(now)
                    })
                    .sum();
                let upper = below * (-x).exp();
                let got = incomplete_gamma(f64::from(a), x);
                assert!((got - (1.0 - upper)).abs() < 1e-13, "{a} {x}: {got}");
            }
        }
        for x in [0.3f64, 2.0, 9.0] {
            assert!(near(incomplete_gamma(0.5, x), libm::erf(x.sqrt()), 1e-13));
        }
        assert_eq!((incomplete_gamma(2.0, 0.0), incomplete_gamma(2.0, f64::INFINITY)), (0.0, 1.0));
        assert!(incomplete_gamma(0.0, 1.0).is_nan() && incomplete_gamma(1.0, -1.0).is_nan());
    }

    /// Upper 5 % and lower 2.5 % points of chi-square as tables print them (NIST/SEMATECH e-Handbook 1.3.6.7.4).
    #[test]
    fn chi_square_points() {
        for (df, p, point) in [
            (1.0, 0.95, 3.841),
            (2.0, 0.95, 5.991),
            (10.0, 0.95, 18.307),
            (100.0, 0.95, 124.342),
            (10.0, 0.025, 3.247),
            (30.0, 0.025, 16.791),
            (5.0, 0.999, 20.515),
        ] {
            let got = 2.0 * gamma_quantile(df / 2.0, p);
            assert!((got - point).abs() < 6e-4, "{df} {p}: {got}");
        }
    }

    #[test]
    fn quantiles_invert() {
        for a in [0.01, 0.3, 0.5, 1.0, 2.5, 19.0, 21.0, 300.0, 1e4, 1e6] {
            for p in [1e-12, 1e-3, 0.1, 0.499, 0.5, 0.501, 0.9, 0.999, 1.0 - 1e-12] {
                let x = gamma_quantile(a, p);
                if x < 1e-290 {
                    continue;
                }
                let back = incomplete_gamma(a, x);
                // A unit in the last place of ln x moves the logarithm of P by a few a^0.5 units.
                let tolerance = 1e-13 + 1e-14 * a.sqrt();
                assert!((back - p).abs() <= tolerance * p, "{a} {p}: {x} {back}");
            }
        }
        // The exponential distribution.
        for p in [1e-9, 0.2, 0.7, 0.999_999] {
            assert!(near(gamma_quantile(1.0, p), -libm::log1p(-p), 1e-14));
        }
        assert_eq!((gamma_quantile(2.0, 0.0), gamma_quantile(2.0, 1.0)), (0.0, f64::INFINITY));
        assert!(gamma_quantile(2.0, -0.1).is_nan() && gamma_quantile(-2.0, 0.1).is_nan());
    }
}
