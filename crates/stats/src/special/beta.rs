//! The beta distribution.

use super::ln_gamma;

/// Iterations of a continued fraction; convergence needs of the order of the square root of the parameters.
const MAX_ITERATIONS: usize = 100_000;

/// The regularised incomplete beta function I_x(a, b) for `a, b > 0` and `0 <= x <= 1`; NaN otherwise.
///
/// Continued fraction DLMF 8.17.22 by the modified Lentz method, on the side where it converges fast (8.17.4).
pub fn incomplete_beta(a: f64, b: f64, x: f64) -> f64 {
    if !(a > 0.0 && b > 0.0 && (0.0..=1.0).contains(&x)) {
        return f64::NAN;
    }
    if x == 0.0 || x == 1.0 {
        return x;
    }
    if x > (a + 1.0) / (a + b + 2.0) {
        return 1.0 - incomplete_beta_fraction(b, a, 1.0 - x);
    }
    incomplete_beta_fraction(a, b, x)
}

fn incomplete_beta_fraction(a: f64, b: f64, x: f64) -> f64 {
    let ln_front = a * libm::log(x) + b * libm::log1p(-x) + ln_gamma(a + b) - ln_gamma(a) - ln_gamma(b);
    let tiny = 1e-300;
    let away_from_zero = |v: f64| if v.abs() < tiny { tiny } else { v };
    let mut c = 1.0;
    let mut d = 1.0 / away_from_zero(1.0 - (a + b) * x / (a + 1.0));
    let mut value = d;
    for i in 1..MAX_ITERATIONS {
        let m = i as f64;
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        let mut change = 1.0;
        for coefficient in [even, odd] {
            d = 1.0 / away_from_zero(1.0 + coefficient * d);
            c = away_from_zero(1.0 + coefficient / c);
            change *= c * d;
        }
        value *= change;
        if (change - 1.0).abs() < 1e-15 {
            break;
        }
    }
    libm::exp(ln_front) * value / a
}

/// The x at which I_x(a, b) is `p`, for `a, b > 0` and `0 <= p <= 1`; NaN otherwise.
///
/// Bisection to the last bit; the function rises with x.
pub fn beta_quantile(a: f64, b: f64, p: f64) -> f64 {
    if !(a > 0.0 && b > 0.0 && (0.0..=1.0).contains(&p)) {
        return f64::NAN;
    }
    if p == 0.0 || p == 1.0 {
        return p;
    }
    let (mut low, mut high) = (0.0, 1.0);
    loop {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            return middle;
        }
        if incomplete_beta(a, b, middle) < p {
            low = middle;
        } else {
            high = middle;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// For whole parameters I_x(a, b) is a binomial tail: P(X >= a), X of n = a + b - 1 trials.
    #[test]
    fn beta_is_a_binomial_tail() {
        let choose = |n: u32, k: u32| (0..k).fold(1.0, |c, i| c * f64::from(n - i) / f64::from(i + 1));
        for n in [1, 2, 5, 20, 50] {
            for a in 1..=n {
                for x in [0.01f64, 0.3, 0.5, 0.77, 0.999] {
                    let tail: f64 = (a..=n)
                        .map(|k| choose(n, k) * x.powi(k as i32) * (1.0 - x).powi((n - k) as i32))
                        .sum();
                    let beta = incomplete_beta(f64::from(a), f64::from(n - a + 1), x);
                    assert!((beta - tail).abs() < 1e-12, "{n} {a} {x}: {beta} {tail}");
                }
            }
        }
        assert_eq!((incomplete_beta(2.0, 3.0, 0.0), incomplete_beta(2.0, 3.0, 1.0)), (0.0, 1.0));
        assert!(incomplete_beta(0.0, 1.0, 0.5).is_nan() && incomplete_beta(1.0, 1.0, 1.5).is_nan());
    }
}
