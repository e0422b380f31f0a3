//! Plasma acetaminophen in both unit systems.

use hepatica_chem::find;

/// A level above this many mg/L is rare enough to ask whether it was typed in the wrong unit: 992 umol/L is the
/// 150 mg/L line at 4 h, but 992 mg/L is 6562 umol/L.
pub const SUSPICIOUS_MG_PER_L: f64 = 1000.0;

/// Micromoles in a milligram of acetaminophen: 6.615288 with the abridged standard atomic weights.
pub fn umol_per_mg() -> f64 {
    // The compound table has acetaminophen; a table without it would make every level NaN, which no rule accepts.
    find("acetaminophen").map_or(f64::NAN, |compound| 1000.0 / compound.molar_mass())
}

/// Micromoles per litre of a level in mg/L.
pub fn umol_per_l_from_mg_per_l(mg_per_l: f64) -> f64 {
    mg_per_l * umol_per_mg()
}

/// Milligrams per litre of a level in umol/L.
pub fn mg_per_l_from_umol_per_l(umol_per_l: f64) -> f64 {
    umol_per_l / umol_per_mg()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_pairs() {
        assert!((umol_per_mg() - 6.615_288).abs() < 1e-6);
        for (mg, umol) in [(150.0, 992.3), (200.0, 1323.1), (100.0, 661.5), (300.0, 1984.6), (20.0, 132.3)] {
            assert!((umol_per_l_from_mg_per_l(mg) - umol).abs() < 0.05, "{mg}");
        }
        assert!((mg_per_l_from_umol_per_l(150.0) - 22.7).abs() < 0.05);
        assert!((umol_per_l_from_mg_per_l(992.0) - 6562.0).abs() < 0.5);
    }
}
