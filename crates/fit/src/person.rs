//! Who swallows what.

use hepatica_dose::{Amount, Cap, Dose, Given, Infusion};
use hepatica_model::system::Target;
use hepatica_unit::{Quantity, Unit};

use crate::bench::FitError;

/// One person under doses.
#[derive(Clone, Debug)]
pub struct Person {
    /// Body weight, kg.
    pub weight_kg: f64,
    /// Model values of this person.
    pub values: Vec<(Target, f64)>,
    /// What is given.
    pub doses: Vec<Dose>,
}

/// A single swallowed dose of acetaminophen at a time.
///
/// # Errors
/// A dose that is not a finite number.
pub fn oral(grams: f64, at_h: f64) -> Result<Dose, FitError> {
    swallowed("acetaminophen", grams, at_h)
}

/// A single swallowed dose of a drug at a time.
///
/// # Errors
/// A dose that is not a finite number.
pub fn swallowed(drug: &str, grams: f64, at_h: f64) -> Result<Dose, FitError> {
    Ok(Dose::new(drug, "oral", Amount::Total(mass(grams)?), at_h))
}

/// A single infusion of a drug.
///
/// # Errors
/// A dose that is not a finite number.
pub fn infused(drug: &str, grams: f64, at_h: f64, over_h: f64) -> Result<Dose, FitError> {
    let given = Given::Infusion(Infusion::DurationH(over_h));
    Ok(Dose { given, ..Dose::new(drug, "iv", Amount::Total(mass(grams)?), at_h) })
}

/// The course of Prescott 1979 BMJ 2:1097: 150 mg/kg over 15 min, 50 over 4 h, 100 over 16 h.
///
/// # Errors
/// Never for finite times.
pub fn prescott(start_h: f64) -> Result<Vec<Dose>, FitError> {
    // Dose in mg/kg, start after the beginning and length, h.
    const BAGS: [(f64, f64, f64); 3] = [(150.0, 0.0, 0.25), (50.0, 0.25, 4.0), (100.0, 4.25, 16.0)];
    let bag = |(mg_per_kg, after, hours): (f64, f64, f64)| {
        let amount = Amount::PerKg(mass(1e-3 * mg_per_kg)?, Cap::default());
        let given = Given::Infusion(Infusion::DurationH(hours));
        Ok(Dose { given, ..Dose::new("acetylcysteine", "iv", amount, start_h + after) })
    };
    BAGS.into_iter().map(bag).collect()
}

fn mass(grams: f64) -> Result<Quantity, FitError> {
    Quantity::new(grams, Unit::gram()).ok_or_else(|| FitError::Doses(format!("a dose of {grams} g")))
}
