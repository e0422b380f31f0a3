//! The course records checked against the concentrations that the US label quotes.

use hepatica_dose::{Course, People};

use crate::regimen::{Patient, find, prepare};

/// One quoted concentration and what the records give.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    /// The regimen.
    pub regimen: &'static str,
    /// Body weight in kg and the bag, counted from 0.
    pub at: (f64, usize),
    /// As quoted, in mg/mL.
    pub quoted_mg_per_ml: f64,
    /// As the records give it, in mg/mL.
    pub found_mg_per_ml: Option<f64>,
}

impl Check {
    /// Whether both agree within half of the last digit.
    pub fn holds(&self) -> bool {
        self.found_mg_per_ml.is_some_and(|found| (found - self.quoted_mg_per_ml).abs() <= 0.0005)
    }
}

/// Regimen, body weight in kg, bag and mg/mL: the extremes that the label quotes as 4, 54.5, 7.9 and 18.2 mg/mL,
/// to three places as its own table gives them, and bag 1 of children up to 20 kg, 150/(3 + 0.75) mg/mL
/// (Acetadote prescribing information 2024; Handbook of Injectable Drugs).
const QUOTED: [(&str, f64, usize, f64); 6] = [
    ("us-3bag", 41.0, 1, 4.018),
    ("us-3bag", 100.0, 0, 54.545),
    ("us-2bag", 41.0, 0, 7.877),
    ("us-2bag", 100.0, 0, 18.182),
    ("us-3bag", 5.0, 0, 40.0),
    ("us-3bag", 20.0, 0, 40.0),
];

/// Recomputes what the label quotes from the course records.
pub fn label_checks(courses: &[Course]) -> Vec<Check> {
    let check = |(regimen, weight_kg, bag, quoted): (&'static str, f64, usize, f64)| {
        let patient = Patient { weight_kg, people: People::Everyone, fluid_restricted: false };
        let made = find(courses, regimen).and_then(|(c, v)| prepare(c, v, &patient).ok());
        let found = made.and_then(|r| r.bags.get(bag).map(|b| b.mg_per_ml));
        Check { regimen, at: (weight_kg, bag), quoted_mg_per_ml: quoted, found_mg_per_ml: found }
    };
    QUOTED.into_iter().map(check).collect()
}
