//! Random numbers of the simulator: SplitMix64 (Steele GL, Lea D, Flood CH, OOPSLA 2014) and the polar method of
//! Marsaglia for the normal distribution.

/// A stream of random numbers.
pub(crate) struct Noise {
    state: u64,
    spare: Option<f64>,
}

impl Noise {
    /// The stream of a seed.
    pub(crate) fn new(seed: u64) -> Noise {
        Noise { state: seed, spare: None }
    }

    fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Between 0 and 1.
    pub(crate) fn uniform(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Standard normal.
    pub(crate) fn normal(&mut self) -> f64 {
        if let Some(spare) = self.spare.take() {
            return spare;
        }
        loop {
            let (u, v) = (2.0 * self.uniform() - 1.0, 2.0 * self.uniform() - 1.0);
            let s = u * u + v * v;
            if s > 0.0 && s < 1.0 {
                let scale = (-2.0 * s.ln() / s).sqrt();
                self.spare = Some(v * scale);
                return u * scale;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stream_is_the_published_one() {
        // First outputs of SplitMix64 for seed 1234567.
        let mut noise = Noise::new(1_234_567);
        assert_eq!(noise.bits(), 6_457_827_717_110_365_317);
        assert_eq!(noise.bits(), 3_203_168_211_198_807_973);
    }

    #[test]
    fn normal_numbers_have_mean_zero_and_variance_one() {
        let mut noise = Noise::new(3);
        let values: Vec<f64> = (0..40_000).map(|_| noise.normal()).collect();
        let mean = values.iter().sum::<f64>() / 4e4;
        let variance = values.iter().map(|v| v * v).sum::<f64>() / 4e4;
        assert!(mean.abs() < 0.025 && (variance - 1.0).abs() < 0.04, "{mean} {variance}");
    }
}
