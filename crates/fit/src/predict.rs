//! Curves -> what the model says at their times.

use std::sync::Arc;

use crate::bench::{Bench, FitError};
use crate::curve::{Analyte, Curve};
use crate::person::Person;

/// Observations before this time are not scored: a site of sampling and mixing decide them, h.
pub const FIRST_SCORED_H: f64 = 0.12;

/// Molar masses turn these outputs, in mg/L, into umol/L; umol per mg.
#[derive(Clone, Copy, Debug)]
struct Reported {
    output: &'static str,
    umol_per_unit: f64,
}

/// What was measured and what the model says.
#[derive(Clone, Debug, PartialEq)]
pub struct Compared {
    /// The study.
    pub study: String,
    /// What was measured.
    pub analyte: Analyte,
    /// Times, h.
    pub times_h: Vec<f64>,
    /// Measured, umol/L or umol/kg.
    pub observed: Vec<f64>,
    /// Predicted, in the same unit.
    pub predicted: Vec<f64>,
}

/// The output of the models that is compared with an analyte.
pub fn output_of(analyte: Analyte) -> &'static str {
    reported(analyte).output
}

/// What that output is multiplied with to be in umol/L or umol/kg.
pub fn umol_per_unit(analyte: Analyte) -> f64 {
    reported(analyte).umol_per_unit
}

fn reported(analyte: Analyte) -> Reported {
    let per_mg = |drug: &str| 1e3 / hepatica_chem::find(drug).map_or(f64::NAN, |c| c.molar_mass());
    match analyte {
        Analyte::Acetaminophen => {
            Reported { output: "apap_mg_per_L", umol_per_unit: per_mg("acetaminophen") }
        }
        Analyte::Glucuronide => {
            Reported { output: "glucuronide_mg_per_L", umol_per_unit: per_mg("acetaminophen-glucuronide") }
        }
        Analyte::Sulfate => {
            Reported { output: "sulfate_mg_per_L", umol_per_unit: per_mg("acetaminophen-sulfate") }
        }
        Analyte::Acetylcysteine => {
            Reported { output: "nac_mg_per_L", umol_per_unit: per_mg("acetylcysteine") }
        }
        // 1 mmol/kg is 1000 umol/kg.
        Analyte::Glutathione => Reported { output: "liver_gsh_mmol_per_kg", umol_per_unit: 1000.0 },
    }
}

/// Simulates a curve under its own protocol and compares the scored points; `None` when none is scored.
///
/// # Errors
/// Doses the model does not take, or an output it does not have.
pub fn compare(bench: &Bench, curve: &Curve) -> Result<Option<Compared>, FitError> {
    let scored: Vec<_> = curve.points.iter().filter(|p| p.time_h > FIRST_SCORED_H).collect();
    if scored.is_empty() {
        return Ok(None);
    }
    let Reported { output, umol_per_unit } = reported(curve.analyte);
    let column = bench.column(output)?;
    let person = Person {
        weight_kg: curve.protocol.weight_kg,
        values: Vec::new(),
        doses: curve.protocol.doses.clone(),
    };
    // Two samples at one time are two observations of one prediction.
    let mut times: Vec<f64> = scored.iter().map(|p| p.time_h).collect();
    times.dedup();
    let series = bench.follow(&person, &times)?;
    let at = |t: f64| times.iter().position(|x| *x == t).map_or(f64::NAN, |k| series.columns[column][k]);
    Ok(Some(Compared {
        study: curve.study.clone(),
        analyte: curve.analyte,
        times_h: scored.iter().map(|p| p.time_h).collect(),
        observed: scored.iter().map(|p| p.value).collect(),
        predicted: scored.iter().map(|p| umol_per_unit * at(p.time_h)).collect(),
    }))
}

/// One bench for every output that some curves need and the model has.
///
/// # Errors
/// A model that cannot be compiled.
pub fn outputs_for(curves: &[Curve]) -> Vec<&'static str> {
    let mut outputs: Vec<&'static str> = Vec::new();
    for curve in curves {
        let output = output_of(curve.analyte);
        if !outputs.contains(&output) {
            outputs.push(output);
        }
    }
    outputs
}

/// Shared times as a bench wants them.
pub fn times(values: impl IntoIterator<Item = f64>) -> Arc<[f64]> {
    values.into_iter().collect::<Vec<_>>().into()
}
