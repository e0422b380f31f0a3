//! When to remove acetaminophen from the blood: EXTRIP, Gosselin S et al., Clin Toxicol 2014;52:856 (PMID 25133498).
//!
//! The abstract prints "4630 mmol/L" where umol/L is meant, a thousandfold too much; the limits here are those in mg/L.

/// What is known of a patient.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Patient {
    /// Plasma acetaminophen, mg/L.
    pub level_mg_per_l: f64,
    /// Acetylcysteine is given.
    pub nac: bool,
    /// Altered mental status, metabolic acidosis and a raised lactate, all three.
    pub altered_acidotic_lactate: bool,
}

/// The statement that recommends removal, if any.
pub fn removal(p: &Patient) -> Option<&'static str> {
    if !p.nac && p.level_mg_per_l > 1000.0 {
        Some("above 1000 mg/L (6620 umol/L) without acetylcysteine")
    } else if !p.nac && p.altered_acidotic_lactate && p.level_mg_per_l > 700.0 {
        Some(
            "above 700 mg/L (4630 umol/L) with altered mental status, acidosis and raised lactate, without acetylcysteine",
        )
    } else if p.nac && p.altered_acidotic_lactate && p.level_mg_per_l > 900.0 {
        Some(
            "above 900 mg/L (5960 umol/L) with altered mental status, acidosis and raised lactate, even with acetylcysteine",
        )
    } else {
        None
    }
}

/// A level that only the misprint can mean, umol/L: it is beyond the solubility of acetaminophen in water, about 14 g/L
/// (0.09 mol/L) at room temperature.
pub fn is_misprint(umol_per_l: f64) -> bool {
    umol_per_l >= 1e5
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::level::umol_per_l_from_mg_per_l;

    #[test]
    fn every_limit() {
        let p = |level_mg_per_l, nac, altered_acidotic_lactate| Patient {
            level_mg_per_l,
            nac,
            altered_acidotic_lactate,
        };
        for (patient, expected) in [
            (p(1000.0, false, false), false),
            (p(1000.1, false, false), true),
            (p(1000.1, true, false), false),
            (p(700.0, false, true), false),
            (p(700.1, false, true), true),
            (p(700.1, true, true), false),
            (p(900.0, true, true), false),
            (p(900.1, true, true), true),
        ] {
            assert_eq!(removal(&patient).is_some(), expected, "{patient:?}");
        }
    }

    #[test]
    fn the_misprint_is_recognised_and_the_exact_conversions_hold() {
        for misprinted in [4630.0, 6620.0, 5960.0] {
            assert!(is_misprint(misprinted * 1000.0) && !is_misprint(misprinted));
        }
        for (mg, umol) in [(1000.0, 6615.3), (700.0, 4630.7), (900.0, 5953.8)] {
            assert!((umol_per_l_from_mg_per_l(mg) - umol).abs() < 0.06);
        }
    }
}
