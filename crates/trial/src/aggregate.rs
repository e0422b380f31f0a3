//! A population in numbers, in memory that does not grow with it.
//!
//! Quantiles come from sketches with a relative error of at most 0.1 %; sums in them do not depend on order. Patients
//! are added in the order of their numbers, all arms of one before the next, so that arms can be compared in pairs.
//! The aggregates of parts of a population merge into that of the whole, and can be stored in between.

use std::collections::BTreeMap;

use hepatica_stats::bytes::{BytesError, Reader, Writer};
use hepatica_stats::compare::Pairs;
use hepatica_stats::sketch::Sketch;
use hepatica_stats::{Mergeable, Moments};

use crate::summary::{FAILED, PatientRow};

/// The percentiles of summaries and bands.
pub const PERCENTILES: [f64; 5] = [0.05, 0.25, 0.5, 0.75, 0.95];

/// Failures that are told in words; more are counted.
const TOLD_FAILURES: usize = 10;

/// What is kept of a population.
#[derive(Clone, Debug, Default)]
pub struct Aggregate {
    /// One per arm.
    pub arms: Vec<ArmAggregate>,
    /// The first failures.
    pub failures: Vec<PatientFailure>,
    /// Outcomes that count as an event.
    events: Vec<String>,
    /// Whether the current patient had the event in the first arm.
    reference: Option<bool>,
    /// The current patient's endpoints in the first arm.
    reference_values: Vec<f64>,
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
    /// The value of each endpoint in this arm less that in the first one, patient by patient.
    pub differences: Vec<Moments>,
    /// The patients of each subgroup.
    pub groups: Vec<GroupAggregate>,
}

/// What is kept of a subgroup of an arm.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GroupAggregate {
    /// Patients simulated to the end.
    pub patients: u64,
    /// Patients that were not.
    pub failed: u64,
    /// How many had each outcome.
    pub outcomes: BTreeMap<String, u64>,
    /// How many had an event.
    pub events: u64,
    /// Patients by event in this arm (treated) and in the first one (control).
    pub pairs: Pairs,
}

/// A patient who could not be simulated to the end.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PatientFailure {
    /// The patient, from 1.
    pub patient: u64,
    /// The arm, from 0.
    pub arm: u64,
    /// Why.
    pub why: String,
}

impl Aggregate {
    /// Nothing yet, for arms, endpoints and band values of these numbers; `events` are the outcomes that count.
    pub fn new(arms: usize, endpoints: usize, bands: usize, events: &[String]) -> Aggregate {
        let arm = ArmAggregate {
            endpoints: vec![Sketch::new(); endpoints],
            differences: vec![Moments::new(); endpoints],
            bands: vec![Sketch::new(); bands],
            ..ArmAggregate::default()
        };
        Aggregate { arms: vec![arm; arms], events: events.to_vec(), ..Aggregate::default() }
    }

    /// The same with subgroups, told apart by [`PatientRow::groups`].
    #[must_use]
    pub fn with_groups(mut self, groups: usize) -> Aggregate {
        for arm in &mut self.arms {
            arm.groups = vec![GroupAggregate::default(); groups];
        }
        self
    }

    /// Adds a patient in an arm; `bands` are the values of each output at each band time, empty after a failure.
    pub fn add(&mut self, row: &PatientRow, bands: &[f64]) {
        if row.arm == 0 {
            self.reference = None;
        }
        let event = self.events.contains(&row.outcome);
        let arm = &mut self.arms[row.arm];
        *arm.outcomes.entry(row.outcome.clone()).or_insert(0) += 1;
        let has_failed = row.outcome == FAILED;
        let control = if row.arm == 0 { Some(event).filter(|_| !has_failed) } else { self.reference };
        let members = arm.groups.iter_mut().zip(&row.groups).filter(|(_, is_in)| **is_in);
        members.for_each(|(group, _)| group.add(row, event, control));
        if has_failed {
            arm.failed += 1;
            if self.failures.len() < TOLD_FAILURES {
                let why = row.failure.clone().unwrap_or_default();
                self.failures.push(PatientFailure { patient: row.patient as u64, arm: row.arm as u64, why });
            }
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
            self.reference_values.clone_from(&row.values);
        }
        if let Some(reference) = self.reference {
            arm.pairs.insert(event, reference);
            let pairs = row.values.iter().zip(&self.reference_values).map(|(this, first)| this - first);
            let measured = arm.differences.iter_mut().zip(pairs).filter(|(_, d)| d.is_finite());
            measured.for_each(|(moments, difference)| moments.insert(difference));
        }
    }

    /// Patients, over all arms, that could not be simulated to the end.
    pub fn failed(&self) -> u64 {
        self.arms.iter().map(|arm| arm.failed).sum()
    }
}

/// Between patients only: what is known of the current patient's first arm is neither merged nor stored.
impl Mergeable for Aggregate {
    fn merge(&mut self, other: &Aggregate) {
        self.arms.merge(&other.arms);
        self.failures.extend(other.failures.iter().cloned());
        self.failures.sort();
        self.failures.truncate(TOLD_FAILURES);
    }

    fn write(&self, to: &mut Writer) {
        self.arms.write(to);
        to.count(self.failures.len() as u64);
        for failure in &self.failures {
            to.count(failure.patient);
            to.count(failure.arm);
            to.text(&failure.why);
        }
        to.count(self.events.len() as u64);
        self.events.iter().for_each(|event| to.text(event));
    }

    fn read(from: &mut Reader<'_>) -> Result<Aggregate, BytesError> {
        let arms = Vec::read(from)?;
        let mut failures = Vec::new();
        for _ in 0..from.count()? {
            failures.push(PatientFailure { patient: from.count()?, arm: from.count()?, why: from.text()? });
        }
        let events = (0..from.count()?).map(|_| from.text()).collect::<Result<_, _>>()?;
        Ok(Aggregate { arms, failures, events, ..Aggregate::default() })
    }
}

impl Mergeable for ArmAggregate {
    fn merge(&mut self, other: &ArmAggregate) {
        self.patients += other.patients;
        self.failed += other.failed;
        Mergeable::merge(&mut self.outcomes, &other.outcomes);
        self.events += other.events;
        self.endpoints.merge(&other.endpoints);
        self.bands.merge(&other.bands);
        self.pairs.merge(&other.pairs);
        Mergeable::merge(&mut self.differences, &other.differences);
        self.groups.merge(&other.groups);
    }

    fn write(&self, to: &mut Writer) {
        self.patients.write(to);
        self.failed.write(to);
        self.outcomes.write(to);
        self.events.write(to);
        self.endpoints.write(to);
        self.bands.write(to);
        self.pairs.write(to);
        self.differences.write(to);
        self.groups.write(to);
    }

    fn read(from: &mut Reader<'_>) -> Result<ArmAggregate, BytesError> {
        Ok(ArmAggregate {
            patients: Mergeable::read(from)?,
            failed: Mergeable::read(from)?,
            outcomes: Mergeable::read(from)?,
            events: Mergeable::read(from)?,
            endpoints: Mergeable::read(from)?,
            bands: Mergeable::read(from)?,
            pairs: Mergeable::read(from)?,
            differences: Mergeable::read(from)?,
            groups: Mergeable::read(from)?,
        })
    }
}

impl Mergeable for GroupAggregate {
    fn merge(&mut self, other: &GroupAggregate) {
        self.patients += other.patients;
        self.failed += other.failed;
        Mergeable::merge(&mut self.outcomes, &other.outcomes);
        self.events += other.events;
        self.pairs.merge(&other.pairs);
    }

    fn write(&self, to: &mut Writer) {
        self.patients.write(to);
        self.failed.write(to);
        self.outcomes.write(to);
        self.events.write(to);
        self.pairs.write(to);
    }

    fn read(from: &mut Reader<'_>) -> Result<GroupAggregate, BytesError> {
        Ok(GroupAggregate {
            patients: Mergeable::read(from)?,
            failed: Mergeable::read(from)?,
            outcomes: Mergeable::read(from)?,
            events: Mergeable::read(from)?,
            pairs: Mergeable::read(from)?,
        })
    }
}

impl GroupAggregate {
    /// Adds a patient; `control` is whether the patient had an event in the first arm, if that is known.
    fn add(&mut self, row: &PatientRow, event: bool, control: Option<bool>) {
        *self.outcomes.entry(row.outcome.clone()).or_insert(0) += 1;
        if row.outcome == FAILED {
            self.failed += 1;
            return;
        }
        self.patients += 1;
        self.events += u64::from(event);
        if let Some(control) = control {
            self.pairs.insert(event, control);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(patient: usize, arm: usize, value: f64) -> PatientRow {
        let failure = (patient % 5 == 3).then(|| format!("patient {patient} has no dose"));
        let outcome = match (&failure, value > 1.0) {
            (Some(_), _) => FAILED,
            (None, true) => "harm",
            (None, false) => "none",
        };
        let groups = vec![patient.is_multiple_of(2), patient.is_multiple_of(3)];
        PatientRow {
            patient,
            label: patient.to_string(),
            arm,
            values: vec![value],
            outcome: outcome.into(),
            failure,
            groups,
        }
    }

    fn of(patients: std::ops::Range<usize>) -> Aggregate {
        let mut aggregate = Aggregate::new(2, 1, 2, &["harm".to_string()]).with_groups(2);
        for patient in patients {
            for arm in 0..2 {
                let value = (patient % 7) as f64 / (2.0 + arm as f64);
                aggregate.add(&row(patient, arm, value), &[value, 10.0 * value]);
            }
        }
        aggregate
    }

    /// A subgroup is counted as if nobody else were there.
    #[test]
    fn a_subgroup_is_the_whole_of_its_patients() {
        let whole = of(1..101);
        let mut even = Aggregate::new(2, 1, 2, &["harm".to_string()]);
        for patient in (2..101).step_by(2) {
            for arm in 0..2 {
                even.add(&row(patient, arm, (patient % 7) as f64 / (2.0 + arm as f64)), &[0.0, 0.0]);
            }
        }
        for (all, alone) in whole.arms.iter().zip(&even.arms) {
            let group = &all.groups[0];
            assert_eq!(
                (group.patients, group.failed, group.events),
                (alone.patients, alone.failed, alone.events)
            );
            assert_eq!((&group.outcomes, group.pairs), (&alone.outcomes, alone.pairs));
            assert_eq!(group.patients + group.failed, 50);
        }
        assert!(whole.arms[1].groups[0].pairs.only_control > 0);
        // The second arm has 2/3 of the first; patients 1 to 100 but every fifth from 3 on, who failed.
        let values: Vec<f64> = (1..101).filter(|p| p % 5 != 3).map(|p| f64::from(p % 7)).collect();
        let mean = values.iter().map(|v| v / 3.0 - v / 2.0).sum::<f64>() / values.len() as f64;
        assert!((whole.arms[1].differences[0].mean().unwrap() - mean).abs() < 1e-12);
        assert_eq!(whole.arms[1].differences[0].count(), 80);
    }

    fn bytes(aggregate: &Aggregate) -> Vec<u8> {
        let mut to = Writer::new(b"test");
        aggregate.write(&mut to);
        to.finish()
    }

    #[test]
    fn parts_in_any_order_are_the_whole() {
        let whole = bytes(&of(1..101));
        let parts = [of(60..101), of(1..2), of(2..60)];
        let mut merged = Aggregate::new(2, 1, 2, &["harm".to_string()]).with_groups(2);
        parts.iter().for_each(|part| merged.merge(part));
        assert_eq!(bytes(&merged), whole);
        let mut from = Reader::new(&whole, b"test").unwrap();
        let mut stored = Aggregate::read(&mut from).unwrap();
        from.finish().unwrap();
        assert_eq!(bytes(&stored), whole);
        // What was stored goes on as if it had not been.
        stored.add(&row(101, 0, 3.0), &[3.0, 30.0]);
        stored.add(&row(101, 1, 2.0), &[2.0, 20.0]);
        let mut on = of(1..101);
        on.add(&row(101, 0, 3.0), &[3.0, 30.0]);
        on.add(&row(101, 1, 2.0), &[2.0, 20.0]);
        assert_eq!(bytes(&stored), bytes(&on));
        assert_eq!((on.failed(), on.failures.len(), on.failures[0].patient), (40, 10, 3));
        assert!(Aggregate::read(&mut Reader::new(&whole[..whole.len() - 3], b"test").unwrap()).is_err());
    }
}
