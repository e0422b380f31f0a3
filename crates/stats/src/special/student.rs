//! Student's distribution.

use super::{beta_quantile, incomplete_beta, incomplete_gamma_upper, normal_quantile};

/// Degrees of freedom from which the expansion around the normal distribution is exact to rounding.
const MANY: f64 = 1e5;

/// The quantile of Student's t with `df > 0` degrees of freedom, for `0 < p < 1`; infinite at the ends, NaN
/// outside.
///
/// `df / (df + t^2)` has the beta distribution with `df / 2` and `1 / 2`; DLMF 8.17 and Abramowitz and Stegun
/// 26.7.1. Many degrees of freedom take the expansion 26.7.5 to the second order.
pub fn student_quantile(df: f64, p: f64) -> f64 {
    if !(df > 0.0 && (0.0..=1.0).contains(&p)) {
        return f64::NAN;
    }
    let tail = p.min(1.0 - p);
    if df >= MANY {
        let z = normal_quantile(p);
        let first = z * (z * z + 1.0) / 4.0;
        let second = z * (5.0 * z * z * z * z + 16.0 * z * z + 3.0) / 96.0;
        return if z.is_infinite() { z } else { z + (first + second / df) / df };
    }
    // The smaller of share and rest is found directly, so that neither loses digits.
    let size = if tail > 0.25 {
        let rest = beta_quantile(0.5, 0.5 * df, 1.0 - 2.0 * tail);
        (df * rest / (1.0 - rest)).sqrt()
    } else {
        let share = beta_quantile(0.5 * df, 0.5, 2.0 * tail);
        (df * (1.0 - share) / share).sqrt()
    };
    if p < 0.5 { -size } else { size }
}

/// The chance that a value of Student's t with `df > 0` degrees of freedom is at least as far from zero as `t`.
/// DLMF 8.17 and Abramowitz and Stegun 26.7.1.
pub fn student_p(df: f64, t: f64) -> f64 {
    if t.is_nan() || df.is_nan() || df <= 0.0 {
        return f64::NAN;
    }
    let square = t * t;
    if square < df {
        // Where the share is near 1 its complement keeps the digits.
        return 1.0 - incomplete_beta(0.5, 0.5 * df, square / (df + square));
    }
    if square.is_infinite() { 0.0 } else { incomplete_beta(0.5 * df, 0.5, df / (df + square)) }
}

/// The chance that a value of Fisher's F with these degrees of freedom is at least `f`; DLMF 8.17.
pub fn f_p(between: f64, within: f64, f: f64) -> f64 {
    if f.is_nan() {
        return f64::NAN;
    }
    if f <= 0.0 {
        return 1.0;
    }
    if f.is_infinite() {
        0.0
    } else {
        incomplete_beta(0.5 * within, 0.5 * between, within / (within + between * f))
    }
}

/// The chance that a chi-squared value with `df` degrees of freedom is at least `x`.
pub fn chi_squared_tail(df: f64, x: f64) -> f64 {
    incomplete_gamma_upper(0.5 * df, 0.5 * x)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Closed forms for one and two degrees; upper points of Fisher and Yates' table III.
    #[test]
    fn points_of_tables() {
        for (df, p, point) in [
            (1.0, 0.975, 12.706),
            (4.0, 0.975, 2.776),
            (10.0, 0.995, 3.169),
            (30.0, 0.95, 1.697),
            (120.0, 0.975, 1.980),
            (1e6, 0.975, 1.959_966),
            (1e12, 0.975, 1.959_964),
        ] {
            let got = student_quantile(df, p);
            assert!((got - point).abs() < 6e-4, "{df} {p}: {got}");
            assert!((student_quantile(df, 1.0 - p) + got).abs() < 1e-9);
        }
        for p in [0.51f64, 0.6, 0.9, 0.999] {
            let one = (std::f64::consts::PI * (p - 0.5)).tan();
            let two = (2.0 * p - 1.0) * (2.0 / (4.0 * p * (1.0 - p))).sqrt();
            assert!((student_quantile(1.0, p) - one).abs() < 1e-9 * one, "{p}");
            assert!((student_quantile(2.0, p) - two).abs() < 1e-9 * two, "{p}");
        }
        // Both ways agree where they meet.
        for p in [0.2, 0.6, 0.975, 1.0 - 1e-6] {
            let (below, above) = (student_quantile(MANY * (1.0 - 1e-12), p), student_quantile(MANY, p));
            assert!((below - above).abs() < 1e-9 * above.abs(), "{p}: {below} {above}");
        }
        assert_eq!(student_quantile(3.0, 0.5), 0.0);
        assert_eq!(student_quantile(1e9, 1.0), f64::INFINITY);
        assert_eq!(student_quantile(3.0, 1.0), f64::INFINITY);
        assert!(student_quantile(0.0, 0.5).is_nan() && student_quantile(3.0, 2.0).is_nan());
    }
}
