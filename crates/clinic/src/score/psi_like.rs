//! An area under the line from 4 h to the antidote. It is NOT the published psi parameter, whose exact formula was
//! not found; it only has its unit and scale.

use crate::level::umol_per_l_from_mg_per_l;
use crate::nomogram::{FIRST_H, HALF_LIFE_H};

/// What it is called wherever it is shown.
pub const LABEL: &str = "psi-like AUC, not the published psi";

/// The published cut-off of psi, mM h (Chomchai et al. 2014, n = 255); shown for scale only.
pub const PUBLISHED_PSI_CUTOFF: f64 = 5.0;

/// C4 (4/ln 2)(1 - 2^(-(t-4)/4)) in mM h, with the level at 4 h in mg/L and the time of the first acetylcysteine in
/// hours; `None` before 4 h.
pub fn area_mm_h(level_at_4_h_mg_per_l: f64, antidote_h: f64) -> Option<f64> {
    if antidote_h.is_nan() || antidote_h < FIRST_H {
        return None;
    }
    let mm = umol_per_l_from_mg_per_l(level_at_4_h_mg_per_l) / 1000.0;
    let tau_h = HALF_LIFE_H / std::f64::consts::LN_2;
    Some(mm * tau_h * (1.0 - libm::exp2(-(antidote_h - FIRST_H) / HALF_LIFE_H)))
}

/// The level that a first-order fall with a half-life of 4 h had at 4 h.
pub fn level_at_4_h(mg_per_l: f64, t_h: f64) -> Option<f64> {
    (t_h >= FIRST_H).then(|| mg_per_l * libm::exp2((t_h - FIRST_H) / HALF_LIFE_H))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn worked_values() {
        assert!((area_mm_h(267.8, 8.5).unwrap() - 5.54).abs() < 0.005);
        assert!((area_mm_h(600.0, 12.0).unwrap() - 17.2).abs() < 0.05);
        assert_eq!(area_mm_h(600.0, 4.0), Some(0.0));
        assert_eq!(area_mm_h(600.0, 3.9), None);
        assert!((level_at_4_h(75.0, 8.0).unwrap() - 150.0).abs() < 1e-12);
    }
}
