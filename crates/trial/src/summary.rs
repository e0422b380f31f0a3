//! Patients and arms in numbers.

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
    /// What the patient is called: the number, or the id of a subject.
    pub label: String,
    /// The arm, from 0.
    pub arm: usize,
    /// The value of each endpoint; NaN when it could not be measured.
    pub values: Vec<f64>,
    /// The outcome class; `failed` for a patient who could not be simulated.
    pub outcome: String,
    /// Why the patient could not be simulated to the end.
    pub failure: Option<String>,
    /// Whether the patient is in each subgroup of the population; empty where nobody is told apart.
    pub groups: Vec<bool>,
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
    PatientRow { patient, label: patient.to_string(), arm, values, outcome, failure, groups: Vec::new() }
}

impl Outcomes {
    /// Patients who could not be simulated to the end.
    pub fn failures(&self) -> impl Iterator<Item = &PatientRow> {
        self.rows.iter().filter(|r| r.failure.is_some())
    }

    /// The position of an endpoint.
    pub fn endpoint(&self, id: &str) -> Option<usize> {
        self.endpoints.iter().position(|e| e.id == id)
    }
}
