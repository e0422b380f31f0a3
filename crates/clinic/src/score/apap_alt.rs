//! The product of the first paired level and ALT.
//!
//! Validation in the United Kingdom (PMID 26175095, n = 3823): above 10,000 mg/L x IU/L
//! sensitivity 80 % (44 to 96), specificity 99.6 %; above 1500 sensitivity 100 % (66 to 100), specificity 92 %.

use crate::level::umol_per_mg;

/// Risk of hepatotoxicity by the product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Risk {
    /// Below 1500 mg/L x IU/L.
    VeryLow,
    /// From 1500 to 10,000.
    LowToModerate,
    /// Above 10,000.
    High,
}

impl Risk {
    /// The words in results.
    pub fn words(self) -> &'static str {
        match self {
            Risk::VeryLow => "very low (below 1500 mg/L x IU/L)",
            Risk::LowToModerate => "low to moderate (1500 to 10,000 mg/L x IU/L)",
            Risk::High => "high (above 10,000 mg/L x IU/L)",
        }
    }
}

/// The product in mg/L x IU/L and in umol/L x IU/L, and the risk. The published limits of 10,000 and 66,000 umol are
/// rounded (9922.9 and 66,152.9); the limits in mg are used.
pub fn product(level_mg_per_l: f64, alt_u_per_l: f64) -> (f64, f64, Risk) {
    let product = level_mg_per_l * alt_u_per_l;
    let risk = if product < 1500.0 {
        Risk::VeryLow
    } else if product <= 10_000.0 {
        Risk::LowToModerate
    } else {
        Risk::High
    };
    (product, product * umol_per_mg(), risk)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits() {
        for (level, alt, risk) in [
            (10.0, 149.9, Risk::VeryLow),
            (10.0, 150.0, Risk::LowToModerate),
            (100.0, 100.0, Risk::LowToModerate),
            (100.0, 100.1, Risk::High),
        ] {
            assert_eq!(product(level, alt).2, risk, "{level} {alt}");
        }
        assert!((product(10.0, 150.0).1 - 9922.9).abs() < 0.05);
        assert!((product(100.0, 100.0).1 - 66_152.9).abs() < 0.05);
    }
}
