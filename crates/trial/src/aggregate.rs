//! A population in numbers, in memory that does not grow with it.
//!
//! Quantiles come from sketches with a relative error of at most 0.1 %; sums in them do not depend on order. Patients
//! are added in the order of their numbers, all arms of one before the next, so that arms can be compared in pairs.

use std::collections::BTreeMap;

use hepatica_stats::compare::Pairs;
use hepatica_stats::sketch::Sketch;

use crate::summary::{FAILED, PatientRow};

/// The percentiles of summaries and bands.
pub const PERCENTILES: [f64; 5] = [0.05, 0.25, 0.5, 0.75, 0.95];

/// What is kept of a population.
#[derive(Clone, Debug)]
pub struct Aggregate {
    /// One per arm.
    pub arms: Vec<ArmAggregate>,
    /// Outcomes that count as an event.
    events: Vec<String>,
    /// Whether the current patient had the event in the first arm.
    reference: Option<bool>,
}

/// What is kept of an arm.
#[derive(Clone, Debug, Default)]
pub struct ArmAggregate {
    /// Patients simulated to the end.
    pub patients: u64,
    /// Patients that were not.
    pub failed: u64,
    /// How many had each outcome.
    pub outcomes: BTreeMap<String, u64>,
    /// How many had an event.
    pub events: u64,
    /// The values of each endpoint.
    pub endpoints: Vec<Sketch>,
    /// The values of each output and band time, output by output.
    pub bands: Vec<Sketch>,
    /// Patients by event in this arm (treated) and in the first one (control).
    pub pairs: Pairs,
}

impl Aggregate {
    /// Nothing yet, for arms, endpoints and band values of these numbers; `events` are the outcomes that count.
    pub fn new(arms: usize, endpoints: usize, bands: usize, events: &[String]) -> Aggregate {
        let arm = ArmAggregate {
            endpoints: vec![Sketch::new(); endpoints],
            bands: vec![Sketch::new(); bands],
            ..ArmAggregate::default()
        };
        Aggregate { arms: vec![arm; arms], events: events.to_vec(), reference: None }
    }

    /// Adds a patient in an arm; `bands` are the values of each output at each band time, empty after a failure.
    pub fn add(&mut self, row: &PatientRow, bands: &[f64]) {
        if row.arm == 0 {
            self.reference = None;
        }
        let event = self.events.contains(&row.outcome);
        let arm = &mut self.arms[row.arm];
        *arm.outcomes.entry(row.outcome.clone()).or_insert(0) += 1;
        if row.outcome == FAILED {
            arm.failed += 1;
            return;
        }
        arm.patients += 1;
        arm.events += u64::from(event);
        let endpoints = arm.endpoints.iter_mut().zip(&row.values);
        for (sketch, value) in endpoints.chain(arm.bands.iter_mut().zip(bands)) {
            // A value that could not be measured is refused by the sketch, whose count then says so.
            let _ = sketch.insert(*value);
        }
        if row.arm == 0 {
            self.reference = Some(event);
        }
        if let Some(reference) = self.reference {
            arm.pairs.insert(event, reference);
        }
    }
}
