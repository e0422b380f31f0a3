//! Patients and arms in numbers.

use std::collections::BTreeMap;

use hepatica_sim::Trajectory;

use crate::endpoint::{Endpoint, measure};
use crate::view::View;

/// Endpoints and outcomes of every patient of every arm.
#[derive(Clone, Debug, Default)]
pub struct Outcomes {
    /// What was measured.
    pub endpoints: Vec<Endpoint>,
    /// One row per patient and arm, by arm and then patient.
    pub rows: Vec<PatientRow>,
}

/// One patient in one arm.
#[derive(Clone, Debug)]
pub struct PatientRow {
    /// The patient, from 1.
    pub patient: usize,
    /// The arm, from 0.
    pub arm: usize,
    /// The value of each endpoint; NaN when it could not be measured.
    pub values: Vec<f64>,
    /// The outcome class; `failed` for a patient who could not be simulated.
    pub outcome: String,
    /// Why the patient could not be simulated to the end.
    pub failure: Option<String>,
}

/// An endpoint's values in an arm.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// Patients with a value.
    pub n: usize,
    /// Arithmetic mean.
    pub mean: f64,
    /// Smallest value.
    pub min: f64,
    /// Median, the mean of the middle two when `n` is even.
    pub median: f64,
    /// Largest value.
    pub max: f64,
}

/// The word in the outcome column of a patient who could not be simulated.
pub const FAILED: &str = "failed";

/// Measures one trajectory. `column` gives the observations of an output by name.
pub fn summarise(
    view: &View,
    endpoints: &[Endpoint],
    (patient, arm): (usize, usize),
    trajectory: &Trajectory,
    column: &dyn Fn(&str) -> Vec<f64>,
) -> PatientRow {
    let failure = trajectory.failure.as_ref().map(ToString::to_string);
    let values: Vec<f64> = match failure {
        Some(_) => vec![f64::NAN; endpoints.len()],
        None => endpoints.iter().map(|e| measure(e.measure, &trajectory.times, &column(&e.output))).collect(),
    };
    let value = |id: &str| endpoints.iter().position(|e| e.id == id).map_or(f64::NAN, |i| values[i]);
    let outcome = match failure {
        Some(_) => FAILED.to_string(),
        None => view
            .outcomes
            .iter()
            .find(|c| c.holds(value))
            .map_or_else(|| view.otherwise.clone(), |c| c.name.clone()),
    };
    PatientRow { patient, arm, values, outcome, failure }
}

impl Outcomes {
    /// The spread of an endpoint over the patients of an arm; `None` when no patient has a value.
    pub fn spread(&self, arm: usize, endpoint: usize) -> Option<Spread> {
        let rows = self.rows.iter().filter(|r| r.arm == arm);
        let mut values: Vec<f64> = rows.map(|r| r.values[endpoint]).filter(|v| !v.is_nan()).collect();
        if values.is_empty() {
            return None;
        }
        // The mean is summed in the order of patients, before sorting, so that it has one value only.
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        values.sort_by(f64::total_cmp);
        let n = values.len();
        let median = 0.5 * (values[(n - 1) / 2] + values[n / 2]);
        Some(Spread { n, mean, min: values[0], median, max: values[n - 1] })
    }

    /// How many patients of an arm have each outcome.
    pub fn outcome_counts(&self, arm: usize) -> BTreeMap<&str, usize> {
        let mut counts = BTreeMap::new();
        for row in self.rows.iter().filter(|r| r.arm == arm) {
            *counts.entry(row.outcome.as_str()).or_insert(0) += 1;
        }
        counts
    }

    /// Patients who could not be simulated to the end.
    pub fn failures(&self) -> impl Iterator<Item = &PatientRow> {
        self.rows.iter().filter(|r| r.failure.is_some())
    }

    /// The position of an endpoint.
    pub fn endpoint(&self, id: &str) -> Option<usize> {
        self.endpoints.iter().position(|e| e.id == id)
    }
}
