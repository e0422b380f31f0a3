//! Everything a run computes, before anything is written.

use hepatica_model::system::OutputId;
use hepatica_sim::{Columns, Trajectory};
use hepatica_trial::{Outcomes, Plan, Population, Study, View};

use crate::cohort::{CohortResult, Sampled};
use crate::load::Loaded;
use crate::switches::On;

/// Everything a run computes, before anything is written.
pub(crate) struct Results {
    pub(crate) study: Study,
    pub(crate) study_name: String,
    pub(crate) study_hash: String,
    pub(crate) loaded: Loaded,
    pub(crate) view: View,
    pub(crate) plan: Plan,
    /// The outputs observed, in the order of the columns.
    pub(crate) outputs: Vec<OutputId>,
    /// The outputs written to `timecourse.csv`.
    pub(crate) written: Vec<OutputId>,
    pub(crate) trajectories: Vec<Trajectory>,
    pub(crate) observed: Vec<Columns>,
    pub(crate) outcomes: Outcomes,
    /// Hypotheses that are switched on.
    pub(crate) switched: Vec<On>,
    /// The population, when the study has one; the rest is then its typical patient.
    pub(crate) cohort: Option<CohortOutcome>,
}

/// A simulated population.
pub(crate) struct CohortOutcome {
    pub(crate) population: Population,
    pub(crate) result: CohortResult,
    /// The outputs bands are kept of, in their order.
    pub(crate) banded: Vec<OutputId>,
    /// The first patients one by one: by patient, then arm.
    pub(crate) sample: Vec<Sampled>,
}

impl Results {
    /// The observations of an output in an arm, by name; empty when it is not observed.
    pub(crate) fn column(&self, arm: usize, output: &str) -> &[f64] {
        let system = &self.loaded.system;
        let position = self.outputs.iter().position(|id| system.outputs[*id].name == output);
        position.map_or(&[], |k| self.observed[arm].columns[k].as_slice())
    }
}
