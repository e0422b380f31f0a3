//! A population: every patient in every arm, streamed to files and sketches.
//!
//! Threads finish scenarios in no particular order; [`Ordered`] hands them on in the order of their numbers, so
//! that files and sums have one value only. What waits there is at most what the lanes of all threads hold.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use hepatica_kernel::Kernel;
use hepatica_report::csv::{CsvWriter, Field, RowWidth};
use hepatica_sim::{Columns, Observer, Options, Source, Trajectory, simulate_each};
use hepatica_trial::{Aggregate, Cohort, Endpoint, PatientRow, View, summarise};

use sha2::{Digest, Sha256};

use crate::load::hexadecimal;
use crate::refuse::Error;
use crate::world::{Output, Progress, World};

/// Times at which bands are kept, at most.
const BAND_TIMES: usize = 57;

/// Bytes of rows collected before they are written.
const WRITE_BYTES: usize = 1 << 16;

/// What a population gives.
pub(crate) struct CohortResult {
    /// The numbers.
    pub(crate) aggregate: Aggregate,
    /// The positions in the observation grid of the band times.
    pub(crate) band_rows: Vec<usize>,
    /// SHA-256 of `outcomes.csv`.
    pub(crate) outcomes_sha256: String,
    /// The first failures, in words.
    pub(crate) failures: Vec<String>,
}

/// What is measured on every patient.
pub(crate) struct Measured<'a> {
    pub(crate) view: &'a View,
    pub(crate) endpoints: &'a [Endpoint],
    /// Column of each endpoint's output.
    pub(crate) columns: Vec<(String, usize)>,
    /// Columns that bands are kept of.
    pub(crate) banded: Vec<usize>,
}

/// Simulates a cohort, writing `outcomes.csv` as it goes.
pub(crate) fn simulate_cohort(
    world: &dyn World,
    kernel: &Arc<Kernel>,
    cohort: &Cohort<'_>,
    measured: &Measured<'_>,
    (options, folder): (&Options, &Path),
) -> Result<CohortResult, Error> {
    let path = folder.join("outcomes.csv");
    let times = &cohort.plan.scenarios[0].times;
    let step = times.len().div_ceil(BAND_TIMES).max(1);
    let band_rows: Vec<usize> = (0..times.len()).step_by(step).collect();
    let bands = measured.banded.len() * band_rows.len();
    let csv = CsvWriter::new(&header(measured.endpoints));
    let state = Ordered {
        next: 0,
        waiting: BTreeMap::new(),
        aggregate: Aggregate::new(cohort.arms(), measured.endpoints.len(), bands, &measured.view.events),
        failures: Vec::new(),
        csv,
        file: world.open(&path).map_err(Error::io(&path, "write"))?,
        hash: Sha256::new(),
        error: None,
    };
    let state = Mutex::new(state);
    let progress = Progress { world, total: cohort.count() };
    let sink = || {
        let mut observer = Observer::new(kernel, options.isa);
        let (state, band_rows, progress) = (&state, &band_rows, &progress);
        move |index: usize, trajectory: Trajectory| {
            let columns = observer.observe(&trajectory);
            let (patient, arm) = cohort.place(index);
            let done = measure(measured, (patient, arm), (&trajectory, &columns), band_rows);
            let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
            state.add(index, done, cohort);
            progress.tell(state.next);
        }
    };
    simulate_each(kernel, cohort, options, &sink).map_err(|e| Error::Argument(e.to_string()))?;
    progress.finish();
    let state = state.into_inner().unwrap_or_else(PoisonError::into_inner);
    state.finish(&path, band_rows)
}

fn header(endpoints: &[Endpoint]) -> Vec<&str> {
    let ids = endpoints.iter().map(|e| e.id.as_str());
    ["patient", "arm"].into_iter().chain(ids).chain(["outcome", "failure"]).collect()
}

/// A patient in an arm, measured: the row and the band values.
type Done = (PatientRow, Vec<f64>);

fn measure(
    measured: &Measured<'_>,
    (patient, arm): (u64, usize),
    (trajectory, columns): (&Trajectory, &Columns),
    band_rows: &[usize],
) -> Done {
    let column = |output: &str| {
        let found = measured.columns.iter().find(|(name, _)| name == output);
        found.map_or_else(Vec::new, |(_, k)| columns.columns[*k].clone())
    };
    let number = usize::try_from(patient).unwrap_or(usize::MAX).saturating_add(1);
    let row = summarise(measured.view, measured.endpoints, (number, arm), trajectory, &column);
    let value = |k: &usize, row: &usize| columns.columns[*k].get(*row).copied().unwrap_or(f64::NAN);
    let bands = measured.banded.iter().flat_map(|k| band_rows.iter().map(move |row| value(k, row))).collect();
    (row, bands)
}

/// Hands measured patients on in the order of their numbers.
struct Ordered {
    next: usize,
    waiting: BTreeMap<usize, Done>,
    aggregate: Aggregate,
    failures: Vec<String>,
    csv: CsvWriter,
    file: Box<dyn Output>,
    hash: Sha256,
    error: Option<std::io::Error>,
}

impl Ordered {
    fn add(&mut self, index: usize, done: Done, cohort: &Cohort<'_>) {
        self.waiting.insert(index, done);
        while let Some((row, bands)) = self.waiting.remove(&self.next) {
            self.next += 1;
            self.aggregate.add(&row, &bands);
            let arm = &cohort.study.arms[row.arm].name;
            if let Some(why) = row.failure.as_ref().filter(|_| self.failures.len() < 10) {
                self.failures.push(format!("patient {} in {arm}: {why}", row.patient));
            }
            if let Err(error) = self.write(&row, arm) {
                self.error.get_or_insert(error);
            }
        }
    }

    fn write(&mut self, row: &PatientRow, arm: &str) -> std::io::Result<()> {
        push(&mut self.csv, row, arm).map_err(std::io::Error::other)?;
        if self.csv.pending() >= WRITE_BYTES {
            self.flush()?;
        }
        Ok(())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        let text = self.csv.take();
        self.hash.update(text.as_bytes());
        self.file.write(text.as_bytes())
    }

    fn finish(mut self, path: &Path, band_rows: Vec<usize>) -> Result<CohortResult, Error> {
        let flushed = self.error.take().map_or_else(|| self.flush(), Err);
        flushed.and_then(|()| self.file.finish()).map_err(Error::io(path, "write"))?;
        let outcomes_sha256 = hexadecimal(&self.hash.finalize());
        Ok(CohortResult { aggregate: self.aggregate, band_rows, outcomes_sha256, failures: self.failures })
    }
}

fn push(csv: &mut CsvWriter, row: &PatientRow, arm: &str) -> Result<(), RowWidth> {
    let mut fields = vec![Field::Count(row.patient as u64), Field::Text(arm)];
    fields.extend(row.values.iter().map(|v| Field::Number(*v)));
    fields.extend([Field::Text(&row.outcome), Field::Text(row.failure.as_deref().unwrap_or(""))]);
    csv.row(&fields)
}
