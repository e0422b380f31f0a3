//! Random numbers as a function of seed, subject and draw.
//!
//! A number depends on nothing else: not on what was drawn before, on threads or on the order of subjects.

use crate::special::normal_quantile;

/// Multipliers of the rounds: table 2 of Salmon et al. and the published Random123.
const MULTIPLIERS: [u32; 2] = [0xD251_1F53, 0xCD9E_8D57];

/// What the key grows by each round: the golden ratio and sqrt(3) - 1 as fractions of 2^32.
const WEYL: [u32; 2] = [0x9E37_79B9, 0xBB67_AE85];

/// Rounds; ten is the recommended number, seven already pass BigCrush.
const ROUNDS: usize = 10;

/// A seed as the generator takes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key([u32; 2]);

impl Key {
    /// The key of a seed; every seed gives numbers of its own.
    pub fn new(seed: u64) -> Key {
        Key(words(seed))
    }
}

/// A uniform number in the open interval (0, 1) for a subject and the number of the draw.
///
/// The numbers are the odd multiples of 2^-53: none is 0 or 1, all are exact, and `1 - u` is as likely as `u`
/// and exact as well.
pub fn uniform(key: &Key, subject: u64, draw: u32) -> f64 {
    let [low, high] = words(subject);
    let block = philox4x32([low, high, draw, 0], key.0);
    let bits = (u64::from(block[1]) << 32 | u64::from(block[0])) >> 12;
    (2 * bits + 1) as f64 * (0.5 * f64::EPSILON)
}

/// A standard normal number for a subject and the number of the draw: the normal quantile of [`uniform`].
pub fn standard_normal(key: &Key, subject: u64, draw: u32) -> f64 {
    normal_quantile(uniform(key, subject, draw))
}

/// Low and high half.
fn words(value: u64) -> [u32; 2] {
    [value as u32, (value >> 32) as u32]
}

/// Philox4x32-10: Salmon JK, Moraes MA, Dror RO, Shaw DE, "Parallel random numbers: as easy as 1, 2, 3", SC11
/// (2011), doi:10.1145/2063384.2063405.
fn philox4x32(mut counter: [u32; 4], mut key: [u32; 2]) -> [u32; 4] {
    for _ in 0..ROUNDS {
        let [low_0, high_0] = words(u64::from(MULTIPLIERS[0]) * u64::from(counter[0]));
        let [low_1, high_1] = words(u64::from(MULTIPLIERS[1]) * u64::from(counter[2]));
        counter = [high_1 ^ counter[1] ^ key[0], low_1, high_0 ^ counter[3] ^ key[1], low_0];
        key = [key[0].wrapping_add(WEYL[0]), key[1].wrapping_add(WEYL[1])];
    }
    counter
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The vectors of `kat_vectors` in Random123 for philox4x32 with 10 rounds.
    #[test]
    fn known_answers() {
        let ones = u32::MAX;
        for (counter, key, answer) in [
            ([0; 4], [0; 2], [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]),
            ([ones; 4], [ones; 2], [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]),
            (
                [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344],
                [0xa409_3822, 0x299f_31d0],
                [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1],
            ),
        ] {
            assert_eq!(philox4x32(counter, key), answer);
        }
    }

    /// Two by hand from the first vector: seed, subject and draw 0.
    #[test]
    fn the_bits_of_a_uniform() {
        let bits = 0xe169_c58d_6627_e8d5_u64 >> 12;
        assert_eq!(uniform(&Key::new(0), 0, 0), (bits as f64 + 0.5) / 2f64.powi(52));
        let pi = Key::new(0x299f_31d0_a409_3822);
        assert_eq!(pi.0, [0xa409_3822, 0x299f_31d0]);
    }

    #[test]
    fn seed_subject_and_draw_all_count() {
        let key = Key::new(7);
        let base = uniform(&key, 1, 2);
        assert_eq!(base, uniform(&key, 1, 2));
        let others = [
            uniform(&key, 2, 1),
            uniform(&key, 1, 3),
            uniform(&key, 1 << 32, 2),
            uniform(&Key::new(8), 1, 2),
            uniform(&Key::new(7 << 32), 1, 2),
        ];
        assert!(others.iter().all(|u| *u != base));
    }

    /// Moments and serial correlation of 200 000 numbers, over subjects and over draws; limits are five
    /// standard errors.
    #[test]
    fn uniform_and_independent() {
        let n = 200_000u32;
        let key = Key::new(20_250_101);
        let ways: [&dyn Fn(u32) -> f64; 2] = [&|i| uniform(&key, u64::from(i), 3), &|i| uniform(&key, 3, i)];
        for of in ways {
            let centred = |i: u32| of(i) - 0.5;
            let mean = |f: &dyn Fn(u32) -> f64| (0..n).map(f).sum::<f64>() / f64::from(n);
            let error = 5.0 / f64::from(n).sqrt();
            assert!(mean(&centred).abs() < error * (1.0 / 12f64).sqrt());
            assert!((mean(&|i| centred(i) * centred(i)) - 1.0 / 12.0).abs() < error * (1.0 / 180f64).sqrt());
            for lag in [1, 2, 7] {
                assert!(mean(&|i| centred(i) * centred(i + lag)).abs() < error / 12.0, "{lag}");
            }
            assert!((0..n).all(|i| of(i) > 0.0 && of(i) < 1.0));
        }
    }

    #[test]
    fn normal_moments() {
        let n = 200_000u32;
        let key = Key::new(5);
        let power_mean = |power: i32| {
            let sum: f64 = (0..n).map(|i| standard_normal(&key, u64::from(i), 0).powi(power)).sum();
            sum / f64::from(n)
        };
        // Variances of z, z^2, z^3, z^4: 1, 2, 15, 96.
        for (power, moment, variance) in [(1, 0.0, 1.0), (2, 1.0, 2.0), (3, 0.0, 15.0), (4, 3.0, 96.0)] {
            let error = 5.0 * f64::sqrt(variance / f64::from(n));
            assert!((power_mean(power) - moment).abs() < error, "{power}");
        }
    }
}
