//! A population: every patient in every arm, streamed to files and sketches.
//!
//! Threads finish scenarios in no particular order; [`Ordered`] hands them on in the order of their numbers, so
//! that files and sums have one value only. How many wait there is bounded: [`Patients`] lets no scenario start
//! that lies too far ahead of the first unfinished one, however slow that is.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use hepatica_kernel::Kernel;
use hepatica_model::system::StateId;
use hepatica_sim::{Admission, Columns, Observer, Options, Scenario, Source, Trajectory, simulate_each};
use hepatica_trial::{Aggregate, Cohort, Endpoint, PatientRow, View, summarise};

use crate::journal::Journal;
use crate::progress::Progress;
use crate::refuse::Error;
use crate::world::World;

/// Times at which bands are kept, at most.
const BAND_TIMES: usize = 57;

/// Bytes of measured scenarios that may wait for a slower one before them.
const WAITING_BYTES: usize = 32 << 20;

/// Scenarios that may lie between the first unfinished one and one that starts, per thread at least: the lanes of
/// its block are full then, also while one of them takes four times as long as the others.
const AHEAD_PER_THREAD: usize = 64;

/// Patients that are drawn one by one, and from whose rows the size of all is estimated.
const SAMPLE: u64 = 24;

/// What a population gives.
pub(crate) struct CohortResult {
    /// The numbers.
    pub(crate) aggregate: Aggregate,
    /// The positions in the observation grid of the band times.
    pub(crate) band_rows: Vec<usize>,
    /// SHA-256 of `outcomes.csv`; none where only summaries are asked for.
    pub(crate) outcomes_sha256: Option<String>,
}

/// What is measured on every patient.
pub(crate) struct Measured<'a> {
    pub(crate) view: &'a View,
    pub(crate) endpoints: &'a [Endpoint],
    /// Column of each endpoint's output.
    pub(crate) columns: Vec<(String, usize)>,
    /// Columns that bands are kept of.
    pub(crate) banded: Vec<usize>,
    /// The positions in the observation grid of the band times.
    pub(crate) band_rows: Vec<usize>,
}

impl Measured<'_> {
    /// Nothing counted yet.
    pub(crate) fn aggregate(&self, arms: usize) -> Aggregate {
        let bands = self.banded.len() * self.band_rows.len();
        Aggregate::new(arms, self.endpoints.len(), bands, &self.view.events)
    }
}

/// The positions of the band times in an observation grid.
pub(crate) fn band_rows(times: &[f64]) -> Vec<usize> {
    let step = times.len().div_ceil(BAND_TIMES).max(1);
    (0..times.len()).step_by(step).collect()
}

/// Simulates what is left of a part, writing to its journal as it goes.
///
/// # Errors
/// What the file system says; what was complete then stays, and the same part can be gone on with.
pub(crate) fn simulate_part<'a>(
    (world, options): (&dyn World, &Options),
    kernel: &Arc<Kernel>,
    cohort: &Cohort<'_>,
    measured: &Measured<'_>,
    journal: Journal<'a>,
) -> Result<Journal<'a>, Error> {
    let part = &journal.part;
    let arms = cohort.arms();
    let left = part.patients.end - part.patients.start - part.done;
    let count = usize::try_from(left).ok().and_then(|n| n.checked_mul(arms));
    let count =
        count.ok_or_else(|| Error::Argument("the population is too large for this machine".into()))?;
    let (handed, stopped) = (AtomicUsize::new(0), AtomicBool::new(false));
    let row_bytes = 8 * (measured.endpoints.len() + measured.banded.len() * measured.band_rows.len()) + 256;
    let ahead = (WAITING_BYTES / row_bytes).max(AHEAD_PER_THREAD * options.threads.max(1));
    let first = part.patients.start + part.done;
    let patients = Patients { cohort, first, count, handed: &handed, stopped: &stopped, ahead };
    let total = part.patients.end - part.patients.start;
    let progress = Progress::new(world, "patients", total, part.done);
    let ordered = Ordered { next: 0, waiting: BTreeMap::new(), journal, error: None };
    let ordered = Mutex::new(ordered);
    let sink = || {
        let mut observer = Observer::new(kernel, options.isa);
        let (ordered, progress, handed, stopped) = (&ordered, &progress, &handed, &stopped);
        move |index: usize, trajectory: Trajectory| {
            let columns = observer.observe(&trajectory);
            let (patient, arm) = patients.place(index);
            let done = measure(measured, (cohort, patient, arm), (&trajectory, &columns));
            let mut ordered = ordered.lock().unwrap_or_else(PoisonError::into_inner);
            ordered.add(index, done, arms);
            handed.store(ordered.next, Ordering::Relaxed);
            if ordered.error.is_some() {
                stopped.store(true, Ordering::Relaxed);
            }
            progress.tell(ordered.journal.part.done);
        }
    };
    simulate_each(kernel, &patients, options, &sink).map_err(|e| Error::Argument(e.to_string()))?;
    progress.finish();
    let Ordered { journal, error, .. } = ordered.into_inner().unwrap_or_else(PoisonError::into_inner);
    match error {
        Some(error) => Err(error),
        None => Ok(journal),
    }
}

/// The first patients of a range in every arm, measured, with their time courses: by patient, then arm.
///
/// # Errors
/// Tolerances that make no sense.
pub(crate) fn sample(
    options: &Options,
    kernel: &Arc<Kernel>,
    cohort: &Cohort<'_>,
    measured: &Measured<'_>,
    patients: Range<u64>,
) -> Result<Vec<Sampled>, Error> {
    let size = (patients.end - patients.start).min(SAMPLE) as usize;
    let (handed, stopped) = (AtomicUsize::new(0), AtomicBool::new(false));
    let (first, count) = (patients.start, size * cohort.arms());
    let source = Patients { cohort, first, count, handed: &handed, stopped: &stopped, ahead: usize::MAX };
    let found = Mutex::new(BTreeMap::new());
    let sink = || {
        let mut observer = Observer::new(kernel, options.isa);
        let found = &found;
        move |index: usize, trajectory: Trajectory| {
            let columns = observer.observe(&trajectory);
            let (patient, arm) = source.place(index);
            let (row, _) = measure(measured, (cohort, patient, arm), (&trajectory, &columns));
            found.lock().unwrap_or_else(PoisonError::into_inner).insert(index, Sampled { row, columns });
        }
    };
    simulate_each(kernel, &source, options, &sink).map_err(|e| Error::Argument(e.to_string()))?;
    Ok(found.into_inner().unwrap_or_else(PoisonError::into_inner).into_values().collect())
}

/// A patient in an arm: the row and the time course of every output.
pub(crate) struct Sampled {
    pub(crate) row: PatientRow,
    pub(crate) columns: Columns,
}

/// Patients from one on in every arm, none of them started too early.
#[derive(Clone, Copy)]
struct Patients<'a> {
    cohort: &'a Cohort<'a>,
    /// The patient of the first scenario, from 0.
    first: u64,
    count: usize,
    /// Scenarios handed on in order.
    handed: &'a AtomicUsize,
    stopped: &'a AtomicBool,
    ahead: usize,
}

impl Patients<'_> {
    /// Patient (from 0) and arm of a scenario.
    fn place(&self, index: usize) -> (u64, usize) {
        let (patient, arm) = self.cohort.place(index);
        (self.first + patient, arm)
    }
}

impl Source for Patients<'_> {
    fn count(&self) -> usize {
        self.count
    }

    fn scenario(&self, index: usize) -> Result<Scenario, String> {
        let (patient, arm) = self.place(index);
        self.cohort.patient(patient, arm)
    }

    fn infused(&self) -> Vec<StateId> {
        self.cohort.infused()
    }

    fn admits(&self, index: usize) -> Admission {
        if self.stopped.load(Ordering::Relaxed) {
            return Admission::Never;
        }
        let near = index < self.handed.load(Ordering::Relaxed).saturating_add(self.ahead);
        if near { Admission::Now } else { Admission::Later }
    }
}

/// A patient in an arm, measured: the row and the band values.
pub(crate) type Done = (PatientRow, Vec<f64>);

pub(crate) fn measure(
    measured: &Measured<'_>,
    (cohort, patient, arm): (&Cohort<'_>, u64, usize),
    (trajectory, columns): (&Trajectory, &Columns),
) -> Done {
    let column = |output: &str| {
        let found = measured.columns.iter().find(|(name, _)| name == output);
        found.map_or_else(Vec::new, |(_, k)| columns.columns[*k].clone())
    };
    let number = usize::try_from(patient).unwrap_or(usize::MAX).saturating_add(1);
    let mut row = summarise(measured.view, measured.endpoints, (number, arm), trajectory, &column);
    row.label = cohort.population.label(patient);
    row.groups = cohort.memberships(patient);
    let value = |k: &usize, row: &usize| columns.columns[*k].get(*row).copied().unwrap_or(f64::NAN);
    let bands = measured.banded.iter().flat_map(|k| measured.band_rows.iter().map(move |row| value(k, row)));
    let bands = bands.collect();
    (row, bands)
}

/// Hands measured patients on in the order of their numbers.
struct Ordered<'a> {
    next: usize,
    waiting: BTreeMap<usize, Done>,
    journal: Journal<'a>,
    error: Option<Error>,
}

impl Ordered<'_> {
    fn add(&mut self, index: usize, done: Done, arms: usize) {
        self.waiting.insert(index, done);
        while let Some((row, bands)) = self.waiting.remove(&self.next) {
            self.next += 1;
            if self.error.is_none() {
                self.error = self.journal.add(&row, &bands, self.next.is_multiple_of(arms)).err();
            }
        }
    }
}
