//! The dose at which the United States refers to a hospital: Dart RC et al., Clin Toxicol 2006;44:1 (PMID 16496488),
//! kept by the consensus of 2023.

use super::case::{Case, Pattern};

/// A dose in 24 h from which on a person is referred, the lower of two.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ReferralDose {
    /// By mass, mg; children under 6 years have none.
    pub mg: Option<f64>,
    /// By body weight, mg/kg.
    pub mg_per_kg: f64,
    /// The dose itself does not count yet, only more than it.
    pub above: bool,
}

/// The dose that holds for a case. Without an age, 6 years or older is meant.
pub fn referral_dose(case: &Case) -> ReferralDose {
    let over_h = case.taken_over_h.unwrap_or(0.0);
    let at = |mg, mg_per_kg| ReferralDose { mg, mg_per_kg, above: false };
    let repeated = case.pattern == Pattern::Repeated;
    match case.age_years {
        Some(age) if age < 6.0 && over_h >= 72.0 => at(None, 100.0),
        Some(age) if age < 6.0 && over_h >= 48.0 => at(None, 150.0),
        Some(age) if age < 6.0 => at(None, 200.0),
        _ if repeated && case.increased_risk => {
            ReferralDose { mg: Some(4000.0), mg_per_kg: 100.0, above: true }
        }
        _ if over_h >= 48.0 => at(Some(6000.0), 150.0),
        _ => at(Some(10_000.0), 200.0),
    }
}

/// Whether the dose stated is one to refer; `None` when it cannot be told.
pub fn is_referred(case: &Case) -> Option<bool> {
    let limit = referral_dose(case);
    let reaches = |value: f64, limit_value: f64| {
        if limit.above { value > limit_value } else { value >= limit_value }
    };
    let by_mass = limit.mg.map(|mg| case.dose_mg.map(|dose| reaches(dose, mg)));
    let by_weight = case.dose_mg_per_kg().map(|dose| reaches(dose, limit.mg_per_kg));
    match (by_mass.flatten(), by_weight) {
        (Some(true), _) | (_, Some(true)) => Some(true),
        (_, Some(false)) => Some(false),
        // Without a weight the lower of the two is not known.
        (_, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn adult(dose_mg: f64, weight_kg: f64) -> Case {
        Case { dose_mg: Some(dose_mg), weight_kg: Some(weight_kg), ..Case::new(Pattern::Acute) }
    }

    #[test]
    fn the_lower_of_mass_and_mass_by_weight() {
        assert_eq!(is_referred(&adult(9_999.0, 70.0)), Some(false));
        assert_eq!(is_referred(&adult(10_000.0, 70.0)), Some(true));
        assert_eq!(is_referred(&adult(8_000.0, 40.0)), Some(true));
        assert_eq!(is_referred(&Case { weight_kg: None, ..adult(9_000.0, 70.0) }), None);
    }

    #[test]
    fn longer_ingestion_risk_and_children() {
        let repeated = |mg| Case { pattern: Pattern::Repeated, taken_over_h: Some(48.0), ..adult(mg, 90.0) };
        assert_eq!(is_referred(&repeated(5_999.0)), Some(false));
        assert_eq!(is_referred(&repeated(6_000.0)), Some(true));
        let risk = |mg| Case { increased_risk: true, ..repeated(mg) };
        assert_eq!(is_referred(&risk(4_000.0)), Some(false));
        assert_eq!(is_referred(&risk(4_001.0)), Some(true));
        let child = |mg, over| Case { age_years: Some(3.0), taken_over_h: Some(over), ..adult(mg, 15.0) };
        for (over, per_kg) in [(0.0, 200.0), (48.0, 150.0), (72.0, 100.0)] {
            assert_eq!(is_referred(&child(15.0 * per_kg, over)), Some(true));
            assert_eq!(is_referred(&child(15.0 * per_kg - 1.0, over)), Some(false));
        }
    }
}
