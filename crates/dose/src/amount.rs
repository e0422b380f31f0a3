//! How much.

use std::fmt;

use hepatica_unit::{Base, Dimension, Quantity, Unit};

use crate::DoseError;

/// How much of a drug, as mass or as amount of substance.
#[derive(Clone, Debug, PartialEq)]
pub enum Amount {
    /// The same for everyone.
    Total(Quantity),
    /// For each kilogram of body weight.
    PerKg(Quantity, Cap),
}

/// Limits of a dose per kilogram.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cap {
    /// The largest body weight in kg that is counted.
    pub weight_kg: Option<f64>,
    /// The largest dose.
    pub total: Option<Quantity>,
}

impl Amount {
    /// An amount of substance in umol, as a model has it.
    ///
    /// # Errors
    /// A number that is not finite.
    pub fn micromoles(value: f64) -> Result<Amount, DoseError> {
        let quantity = Quantity::new(value, Unit::micromole());
        quantity.map(Amount::Total).ok_or(DoseError::NotFinite { what: "the dose" })
    }

    /// The quantity for a subject of this weight.
    ///
    /// # Errors
    /// A dose per kilogram without a weight; a number that is negative or out of range; a cap that cannot be
    /// compared with the dose.
    pub fn for_weight(&self, weight_kg: Option<f64>) -> Result<Quantity, DoseError> {
        let quantity = match self {
            Amount::Total(quantity) => quantity.clone(),
            Amount::PerKg(per_kg, cap) => capped(per_kg, cap, weight_kg.ok_or(DoseError::NoWeight)?)?,
        };
        if quantity.value() < 0.0 {
            return Err(DoseError::Negative { what: "the dose", value: quantity.to_string() });
        }
        Ok(quantity)
    }

    /// The amount of substance in umol of a drug for a subject of this weight.
    ///
    /// # Errors
    /// As for [`Amount::for_weight`]; a mass of a drug whose molar mass is unknown.
    pub fn micromoles_of(&self, drug: &str, weight_kg: Option<f64>) -> Result<f64, DoseError> {
        micromoles(drug, &self.for_weight(weight_kg)?)
    }
}

fn capped(per_kg: &Quantity, cap: &Cap, weight_kg: f64) -> Result<Quantity, DoseError> {
    if !(weight_kg.is_finite() && weight_kg > 0.0) {
        return Err(DoseError::NotPositive { what: "the body weight", value: format!("{weight_kg} kg") });
    }
    let counted_kg = cap.weight_kg.map_or(weight_kg, |limit| weight_kg.min(limit));
    let out_of_range = DoseError::NotFinite { what: "the dose" };
    let full = Quantity::new(per_kg.value() * counted_kg, per_kg.unit().clone()).ok_or(out_of_range)?;
    let Some(limit) = &cap.total else { return Ok(full) };
    let limit_here = limit.convert(full.unit())?;
    if full.value() > limit_here { Ok(limit.clone()) } else { Ok(full) }
}

impl fmt::Display for Amount {
    /// The form [`parse_amount`](crate::parse_amount) reads.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Amount::Total(quantity) => write!(f, "{quantity}"),
            Amount::PerKg(quantity, cap) => {
                write!(f, "{quantity}/kg")?;
                if let Some(total) = &cap.total {
                    write!(f, " max {total}")?;
                }
                cap.weight_kg.map_or(Ok(()), |kg| write!(f, " weight max {kg} kg"))
            }
        }
    }
}

/// The quantity in umol of a drug with this molar mass.
///
/// # Errors
/// A mass of a drug whose molar mass is unknown, another dimension, or a number out of range.
pub(crate) fn micromoles(drug: &str, quantity: &Quantity) -> Result<f64, DoseError> {
    let dimension = quantity.unit().dimension();
    if dimension == Unit::mole().dimension() {
        return Ok(quantity.convert(&Unit::micromole())?);
    }
    if dimension != Unit::gram().dimension() {
        return Err(DoseError::Dimension {
            what: "a dose",
            found: quantity.unit().to_string(),
            wanted: "a mass or an amount of substance, such as `15 g`, `150 mg/kg` or `10 mmol`",
        });
    }
    let compound = hepatica_chem::find(drug)
        .map_err(|e| DoseError::NoMolarMass { drug: drug.to_string(), nearest: e.nearest })?;
    // g/mol is ug/umol.
    Ok(quantity.convert(&microgram())? / compound.molar_mass())
}

fn microgram() -> Unit {
    Unit::gram().scaled(1e-6).unwrap_or_else(|_| Unit::gram())
}

/// What a unit of a dose means.
pub(crate) enum Basis {
    /// A whole dose, in this unit.
    Total(Unit),
    /// A dose per kilogram of body weight; the unit is that of the dose for one kilogram.
    PerKg(Unit),
}

/// Splits `mg/kg` or `mmol/kg` into the dose and the body weight; `None` when the unit is no dose.
pub(crate) fn basis(unit: &Unit) -> Option<Basis> {
    let (mass, amount) = (Unit::gram().dimension(), Unit::mole().dimension());
    let is_dose = |d: Dimension| d == mass || d == amount;
    if is_dose(unit.dimension()) {
        return Some(Basis::Total(unit.clone()));
    }
    let for_one_kg = unit.times(&Unit::kilogram()).ok()?;
    let per_weight = unit.divides_by(Base::Mass) && is_dose(for_one_kg.dimension());
    per_weight.then_some(Basis::PerKg(for_one_kg))
}
