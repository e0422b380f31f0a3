//! Draws against distribution functions, means against quadrature, quantiles against tables.

use super::*;

fn made(name: &str, arguments: &[f64]) -> Distribution {
    Distribution::from_name(name, arguments).unwrap()
}

fn continuous() -> Vec<Distribution> {
    vec![
        made("normal", &[3.0, 2.0]),
        made("lognormal", &[0.5, 0.675]),
        made("normal", &[3.0, 2.0, 0.0, 4.0]),
        made("truncatedNormal", &[0.0, 1.0, 6.0, f64::INFINITY]),
        made("truncatedNormal", &[0.0, 1.0, f64::NEG_INFINITY, -7.0]),
        made("lognormal", &[0.0, 0.8, 0.5, 3.0]),
        made("uniform", &[-1.0, 5.0]),
        made("loguniform", &[0.02, 7.0]),
        made("exponential", &[0.25]),
        made("gamma", &[0.4, 3.0]),
        made("gamma", &[7.5, 0.2]),
        made("chisquare", &[3.0]),
        made("beta", &[0.5, 0.7]),
        made("beta", &[12.0, 3.0]),
    ]
}

/// The distance of Kolmogorov and Smirnov of 100 000 draws. Its 0.1 % point is 1.95 / sqrt(n) (Smirnov N, Ann
/// Math Stat 1948;19:279); seeds are fixed, so that the test either always passes or always fails.
#[test]
fn draws_follow_the_distribution_function() {
    let n = 100_000u64;
    let key = Key::new(11);
    for (which, distribution) in continuous().iter().enumerate() {
        let mut draws: Vec<f64> = (0..n).map(|i| distribution.draw(&key, i, which as u32)).collect();
        draws.sort_by(f64::total_cmp);
        let distance = draws.iter().enumerate().fold(0.0f64, |worst, (i, x)| {
            let f = distribution.cdf(*x);
            worst.max((f - i as f64 / n as f64).abs()).max((f - (i + 1) as f64 / n as f64).abs())
        });
        assert!(distance * (n as f64).sqrt() < 1.95, "{distribution:?}: {distance}");
    }
}

/// The mean is the integral of the quantile. Quantiles at the middles of strata converge slowly only in the
/// tails, which the tolerance allows for.
#[test]
fn means_are_integrals_of_quantiles() {
    let n = 20_000;
    let all = continuous().into_iter().chain([
        made("fixed", &[2.5]),
        made("bernoulli", &[0.3]),
        made("categorical", &[0.2, 0.0, 0.5, 0.3]),
    ]);
    for distribution in all {
        let at = |i: i32| distribution.quantile((f64::from(i) + 0.5) / f64::from(n));
        let integral = (0..n).map(at).sum::<f64>() / f64::from(n);
        let (mean, spread) = (distribution.mean(), at(3 * n / 4) - at(n / 4));
        let scale = mean.abs().max(spread);
        assert!((integral - mean).abs() < 1e-4 * scale, "{distribution:?}: {integral} {mean}");
    }
}

#[test]
fn quantiles_invert_and_rise() {
    for distribution in continuous() {
        let mut last = f64::NEG_INFINITY;
        for u in [1e-9, 1e-4, 0.025, 0.3, 0.5, 0.7, 0.975, 1.0 - 1e-4, 1.0 - 1e-9] {
            let x = distribution.quantile(u);
            assert!(x > last, "{distribution:?} {u}");
            last = x;
            let back = distribution.cdf(x);
            // Far bounds amplify the rounding of x by their square.
            assert!((back - u).abs() <= 3e-12 * u + 5e-14, "{distribution:?} {u}: {x} {back}");
        }
        assert!(distribution.quantile(0.0) <= distribution.quantile(1e-9));
        assert!(distribution.quantile(1.0) >= last);
        assert!(distribution.quantile(-0.1).is_nan() && distribution.quantile(f64::NAN).is_nan());
    }
}

/// The bits of draws, added up, are those of every other machine.
#[test]
fn the_same_bits_everywhere() {
    let key = Key::new(2026);
    let bits = |distribution: &Distribution| {
        (0..1000)
            .fold(0u64, |sum, i| sum.rotate_left(1).wrapping_add(distribution.draw(&key, i, 9).to_bits()))
    };
    let all: Vec<u64> = continuous().iter().map(bits).collect();
    assert_eq!(all, EXPECTED_BITS);
}

/// Recorded on x86-64; in the order of [`continuous`].
const EXPECTED_BITS: [u64; 14] = [
    0x0c1c_5223_3e27_9de5,
    0x130f_e050_3819_77b0,
    0xacef_6599_01a2_a0f4,
    0x8eba_0f83_5ac3_46e6,
    0xad3b_30cf_d5c6_15a1,
    0xc65b_f1e4_87ca_1c87,
    0xe13e_8442_6d1f_4082,
    0x4d0d_f5b7_85a3_74ae,
    0xbeaa_8217_b123_1386,
    0xafa0_44eb_fab9_5bf0,
    0x1c1b_ce15_29e7_2747,
    0x0c20_c1d6_1691_e3c4,
    0xbdf4_b9a0_5125_9a7c,
    0x70e8_ee28_d1f5_ac0d,
];

/// Values with a closed form or in every table.
#[test]
fn known_quantiles() {
    let near = |name: &str, arguments: &[f64], u: f64, x: f64| {
        let got = made(name, arguments).quantile(u);
        assert!((got - x).abs() <= 1e-13 * x.abs(), "{name} {arguments:?} {u}: {got} not {x}");
    };
    near("normal", &[10.0, 2.0], 0.975, 10.0 + 2.0 * 1.959_963_984_540_054);
    near("lognormal", &[0.0, 0.25], 0.025, (-0.25 * 1.959_963_984_540_054_f64).exp());
    near("lognormal", &[1.5, 0.25], 0.5, 1.5f64.exp());
    near("exponential", &[2.0], 0.5, std::f64::consts::LN_2 / 2.0);
    near("uniform", &[2.0, 4.0], 0.25, 2.5);
    near("chisquare", &[2.0], 0.95, -2.0 * 0.05f64.ln());
    near("beta", &[1.0, 3.0], 0.2, 1.0 - 0.8f64.powf(1.0 / 3.0));
    near("beta", &[2.0, 1.0], 0.49, 0.7);
    // Half of a normal is the normal's upper half.
    near("truncatedNormal", &[0.0, 1.0, 0.0, f64::INFINITY], 0.5, 0.674_489_750_196_081_7);
    near("lognormal", &[0.0, 1.0, 1.0, f64::INFINITY], 0.5, 0.674_489_750_196_081_7_f64.exp());
}

#[test]
fn ends_and_points() {
    assert_eq!(made("normal", &[3.0, 0.0]).quantile(0.0), 3.0);
    assert_eq!(made("lognormal", &[0.0, 0.0]).quantile(1.0), 1.0);
    assert_eq!(made("uniform", &[0.1, 0.7]).quantile(1.0), 0.7);
    assert_eq!(made("uniform", &[4.0, 4.0]).median(), 4.0);
    let cut = made("lognormal", &[0.0, 0.8, 0.5, 3.0]);
    assert_eq!((cut.quantile(0.0), cut.quantile(1.0)), (0.5, 3.0));
    let coin = made("bernoulli", &[0.25]);
    assert_eq!([0.1, 0.75, 0.76, 0.99].map(|u| coin.quantile(u)), [0.0, 0.0, 1.0, 1.0]);
    assert_eq!(
        (made("bernoulli", &[0.0]).quantile(0.999), made("bernoulli", &[1.0]).quantile(1e-9)),
        (0.0, 1.0)
    );
    let die = made("categorical", &[0.0, 0.5, 0.5, 0.0]);
    assert_eq!([0.0, 0.5, 0.51, 1.0].map(|u| die.quantile(u)), [1.0, 1.0, 2.0, 2.0]);
    assert_eq!((die.cdf(0.9), die.cdf(1.0), die.cdf(2.0)), (0.0, 0.5, 1.0));
}

#[test]
fn refusals() {
    let message =
        |name: &str, arguments: &[f64]| Distribution::from_name(name, arguments).unwrap_err().to_string();
    assert_eq!(message("norml", &[1.0]), "there is no distribution `norml`");
    assert_eq!(message("poisson", &[1.0]), "draws from the distribution `poisson` are unsupported");
    assert_eq!(
        message("lognormal", &[1.0]),
        "`lognormal` takes (mu, sigma, or mu, sigma, low, high), not 1 arguments"
    );
    assert_eq!(message("normal", &[1.0, -1.0]), "the deviation must be at least 0 and finite; it is -1");
    assert_eq!(
        message("truncatedNormal", &[0.0, 1.0, 2.0, 2.0]),
        "the upper bound must be above the lower bound; it is 2"
    );
    assert_eq!(
        message("truncatedNormal", &[0.0, 1.0, 50.0, 60.0]),
        "the distribution has no values between 50 and 60"
    );
    assert_eq!(message("categorical", &[0.5, 0.4]), "the sum of the probabilities must be 1; it is 0.9");
    for (name, arguments) in [
        ("fixed", &[f64::NAN][..]),
        ("lognormal", &[0.0, 1.0, -1.0, 1.0]),
        ("lognormal", &[0.0, 1.0, f64::NAN, 1.0]),
        ("uniform", &[2.0, 1.0]),
        ("uniform", &[-f64::MAX, f64::MAX]),
        ("exponential", &[0.0]),
        ("gamma", &[2e6, 1.0]),
        ("gamma", &[1.0, 0.0]),
        ("beta", &[0.0, 1.0]),
        ("bernoulli", &[1.5]),
        ("categorical", &[]),
        ("categorical", &[1.5, -0.5]),
    ] {
        assert!(Distribution::from_name(name, arguments).is_err(), "{name} {arguments:?}");
    }
}
