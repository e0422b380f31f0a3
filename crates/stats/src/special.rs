//! Special functions.

/// Iterations of a continued fraction; convergence needs of the order of the square root of the parameters.
const MAX_ITERATIONS: usize = 100_000;

/// The logarithm of the gamma function for `x > 0`; NaN otherwise. Relative error about 1e-14.
///
/// Lanczos approximation with g = 7 and nine terms, coefficients of P. Godfrey (2001).
pub fn ln_gamma(x: f64) -> f64 {
    const G: f64 = 7.0;
    const COEFFICIENTS: [f64; 8] = [
        676.520_368_121_885_1,
        -1_259.139_216_722_402_8,
        771.323_428_777_653_1,
        -176.615_029_162_140_6,
        12.507_343_278_686_905,
        -0.138_571_095_265_720_12,
        9.984_369_578_019_572e-6,
        1.505_632_735_149_311_6e-7,
    ];
    if x.is_nan() || x <= 0.0 {
        return f64::NAN;
    }
    if x < 0.5 {
        // Reflection keeps the series in its range.
        return (std::f64::consts::PI / (std::f64::consts::PI * x).sin()).ln() - ln_gamma(1.0 - x);
    }
    let z = x - 1.0;
    let terms = COEFFICIENTS.iter().enumerate();
    let series = terms.fold(0.999_999_999_999_809_9, |sum, (i, c)| sum + c / (z + i as f64 + 1.0));
    let t = z + G + 0.5;
    0.5 * (2.0 * std::f64::consts::PI).ln() + (z + 0.5) * t.ln() - t + series.ln()
}

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
    let ln_front = a * x.ln() + b * (-x).ln_1p() + ln_gamma(a + b) - ln_gamma(a) - ln_gamma(b);
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
    ln_front.exp() * value / a
}

/// The quantile of the standard normal distribution for `0 < p < 1`; infinite at the ends, NaN outside.
/// Relative error about 1e-16.
///
/// Algorithm AS 241 (PPND16), Wichura MJ, Appl Stat 1988;37:477.
pub fn normal_quantile(p: f64) -> f64 {
    if !(0.0..=1.0).contains(&p) {
        return f64::NAN;
    }
    let q = p - 0.5;
    if q.abs() <= 0.425 {
        let r = 0.180_625 - q * q;
        return q * horner(&CENTRE_NUM, r) / horner(&CENTRE_DEN, r);
    }
    let tail = if q < 0.0 { p } else { 1.0 - p };
    if tail == 0.0 {
        return q.signum() * f64::INFINITY;
    }
    let r = (-tail.ln()).sqrt();
    let value = if r <= 5.0 {
        horner(&MIDDLE_NUM, r - 1.6) / horner(&MIDDLE_DEN, r - 1.6)
    } else {
        horner(&TAIL_NUM, r - 5.0) / horner(&TAIL_DEN, r - 5.0)
    };
    q.signum() * value
}

fn horner(coefficients: &[f64; 8], x: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, c| sum * x + c)
}

// The coefficients a to f of AS 241, lowest power first.
const CENTRE_NUM: [f64; 8] = [
    3.387_132_872_796_366_5,
    133.141_667_891_784_38,
    1_971.590_950_306_551_3,
    13_731.693_765_509_46,
    45_921.953_931_549_87,
    67_265.770_927_008_7,
    33_430.575_583_588_13,
    2_509.080_928_730_122_7,
];
const CENTRE_DEN: [f64; 8] = [
    1.0,
    42.313_330_701_600_91,
    687.187_007_492_057_9,
    5_394.196_021_424_751,
    21_213.794_301_586_597,
    39_307.895_800_092_71,
    28_729.085_735_721_943,
    5_226.495_278_852_545,
];
const MIDDLE_NUM: [f64; 8] = [
    1.423_437_110_749_683_5,
    4.630_337_846_156_546,
    5.769_497_221_460_691,
    3.647_848_324_763_204_5,
    1.270_458_252_452_368_4,
    0.241_780_725_177_450_6,
    0.022_723_844_989_269_184,
    7.745_450_142_783_414e-4,
];
const MIDDLE_DEN: [f64; 8] = [
    1.0,
    2.053_191_626_637_759,
    1.676_384_830_183_803_8,
    0.689_767_334_985_1,
    0.148_103_976_427_480_08,
    0.015_198_666_563_616_457,
    5.475_938_084_995_345e-4,
    1.050_750_071_644_416_9e-9,
];
const TAIL_NUM: [f64; 8] = [
    6.657_904_643_501_103,
    5.463_784_911_164_114,
    1.784_826_539_917_291_3,
    0.296_560_571_828_504_87,
    0.026_532_189_526_576_124,
    0.001_242_660_947_388_078_4,
    2.711_555_568_743_487_6e-5,
    2.010_334_399_292_288_1e-7,
];
const TAIL_DEN: [f64; 8] = [
    1.0,
    0.599_832_206_555_888,
    0.136_929_880_922_735_8,
    0.014_875_361_290_850_615,
    7.868_691_311_456_133e-4,
    1.846_318_317_510_054_8e-5,
    1.421_511_758_316_446e-7,
    2.044_263_103_389_939_8e-15,
];

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
                (ln_gamma(f64::from(n)) - factorial.ln()).abs() <= 4e-14 * factorial.ln().max(1.0),
                "{n}"
            );
            factorial *= f64::from(n);
        }
        let root_pi = std::f64::consts::PI.sqrt();
        assert!(near(ln_gamma(0.5), root_pi.ln(), 1e-14));
        assert!(near(ln_gamma(0.25), 3.625_609_908_221_908_f64.ln(), 1e-14));
        assert!(ln_gamma(0.0).is_nan() && ln_gamma(-1.0).is_nan());
    }

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

    /// Check values printed with AS 241, and symmetry.
    #[test]
    fn normal_quantiles() {
        assert!(near(normal_quantile(0.25), -0.674_489_750_196_081_7, 1e-15));
        assert!(near(normal_quantile(0.001), -3.090_232_306_167_813_5, 1e-15));
        assert!(near(normal_quantile(1e-20), -9.262_340_089_798_408, 1e-15));
        assert!(near(normal_quantile(0.975), 1.959_963_984_540_054, 1e-15));
        assert_eq!(normal_quantile(0.5), 0.0);
        assert_eq!(normal_quantile(0.0), f64::NEG_INFINITY);
        assert!(normal_quantile(-0.1).is_nan() && normal_quantile(f64::NAN).is_nan());
        for p in [0.001, 0.03, 0.074, 0.3] {
            assert!(near(normal_quantile(1.0 - p), -normal_quantile(p), 1e-13), "{p}");
        }
    }
}
