//! The patients of a population in the arms of a study: all of them, or those of a shard.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use hepatica_kernel::Kernel;
use hepatica_model::system::{OutputId, System};
use hepatica_trial::{Cohort, Endpoint, Population, View};
use serde_json::Value;

use crate::cohort::{CohortResult, Measured, Sampled, band_rows, sample, simulate_part};
use crate::computed::{CohortOutcome, Results};
use crate::journal::{Ended, Journal, Place};
use crate::part::{Part, Rows};
use crate::refuse::Error;
use crate::room;
use crate::run::RunRequest;
use crate::world::World;

/// A population that may be simulated.
pub(crate) struct Trial<'a> {
    pub(crate) world: &'a dyn World,
    pub(crate) request: &'a RunRequest,
    /// What was asked, and the typical patient.
    pub(crate) results: &'a Results,
    pub(crate) kernel: &'a Arc<Kernel>,
    pub(crate) population: &'a Population,
    /// What the bytes follow from.
    pub(crate) identity: &'a Value,
}

/// A part of a population with the first of its patients.
pub(crate) struct Simulated {
    pub(crate) part: Part,
    pub(crate) files: Ended,
    pub(crate) sample: Vec<Sampled>,
}

impl<'a> Trial<'a> {
    /// What is measured on every patient.
    pub(crate) fn measured(&self) -> Measured<'a> {
        let Results { view, outputs, loaded, plan, outcomes, .. } = self.results;
        Measured {
            view,
            endpoints: &outcomes.endpoints,
            columns: endpoint_columns(&outcomes.endpoints, outputs, &loaded.system),
            banded: banded(view, outputs, &loaded.system),
            band_rows: band_rows(&plan.scenarios[0].times),
        }
    }

    fn cohort(&self) -> Cohort<'a> {
        Cohort { study: &self.results.study, plan: &self.results.plan, population: self.population }
    }

    /// The first patients of a range, one by one.
    ///
    /// # Errors
    /// Tolerances that make no sense.
    pub(crate) fn sample(&self, patients: Range<u64>) -> Result<Vec<Sampled>, Error> {
        sample(&self.request.options, self.kernel, &self.cohort(), &self.measured(), patients)
    }

    /// A part of which nothing is simulated.
    pub(crate) fn nothing(&self, patients: Range<u64>) -> Part {
        let groups = self.population.groups.len();
        let aggregate = self.measured().aggregate(self.cohort().arms()).with_groups(groups);
        let identity = self.identity.to_string();
        Part { identity, patients, done: 0, rows: Rows::default(), aggregate }
    }

    /// Simulates a range of patients, or what is left of it, into the rows of a final name.
    ///
    /// # Errors
    /// Too little room, another run in the same place, or what the file system says.
    pub(crate) fn simulate(&self, patients: Range<u64>, rows: &Path) -> Result<Simulated, Error> {
        let Trial { world, request, results, kernel, .. } = *self;
        let (cohort, measured) = (self.cohort(), self.measured());
        let sample = self.sample(patients.clone())?;
        let fresh = self.nothing(patients.clone());
        let keeps_rows = !request.summaries_only;
        let asked = (&patients, keeps_rows);
        let mut need = room::need(&sample, &results.study, measured.endpoints, asked, &fresh.aggregate)?;
        // Columns of numbers are no longer than their digits.
        need.rest += if request.parquet { need.rows } else { 0 };
        let place = Place {
            rows: rows.to_path_buf(),
            keeps_rows,
            checkpoint_s: request.checkpoint_s,
            discard: request.overwrite,
        };
        let folder = rows.parent().unwrap_or(Path::new(""));
        if !world.exists(&place.checkpoint()) {
            // Before anything is created.
            room::check(world, folder, &need, 0)?;
        }
        let journal = Journal::open(world, place, fresh, &cohort, measured.endpoints)?;
        room::check(world, folder, &need, journal.part.rows.bytes)?;
        let journal = simulate_part((world, &request.options), kernel, &cohort, &measured, journal)?;
        let (part, files) = journal.close()?;
        Ok(Simulated { part, files, sample })
    }

    /// What a complete part gives.
    pub(crate) fn outcome(&self, part: Part, sample: Vec<Sampled>) -> CohortOutcome {
        let measured = self.measured();
        let outcomes_sha256 = (!self.request.summaries_only).then_some(part.rows.sha256);
        let banded = measured.banded.iter().map(|k| self.results.outputs[*k]).collect();
        let result =
            CohortResult { aggregate: part.aggregate, band_rows: measured.band_rows, outcomes_sha256 };
        CohortOutcome { population: self.population.clone(), result, banded, sample }
    }
}

/// The columns that bands are kept of: what the view draws.
fn banded(view: &View, outputs: &[OutputId], system: &System) -> Vec<usize> {
    let shown = view.figures.iter().flat_map(|f| f.outputs.iter().map(|s| s.output.as_str()));
    let mut columns: Vec<usize> =
        shown.filter_map(|name| outputs.iter().position(|id| system.outputs[*id].name == name)).collect();
    columns.sort_unstable();
    columns.dedup();
    columns
}

fn endpoint_columns(endpoints: &[Endpoint], outputs: &[OutputId], system: &System) -> Vec<(String, usize)> {
    let column = |e: &Endpoint| {
        let position = outputs.iter().position(|id| system.outputs[*id].name == e.output);
        position.map(|k| (e.output.clone(), k))
    };
    endpoints.iter().filter_map(column).collect()
}
