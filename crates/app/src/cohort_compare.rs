//! How arms and subgroups of a population fare, and against the first arm.
//!
//! Intervals here say how well this many virtual patients determine a proportion of the model's population
//! (Monte-Carlo error). They do not say how sure the model is.

use hepatica_report::csv::Field;
use hepatica_stats::compare::{Estimate, NumberNeeded, Pairs};
use hepatica_stats::{Interval, wilson};
use serde_json::{Value, json};

use crate::computed::CohortOutcome;

/// Level of every interval.
pub(crate) const LEVEL: f64 = 0.95;

/// What the intervals of virtual patients mean.
pub(crate) const MEANING: &str = "Monte-Carlo error of the virtual population, not uncertainty of the model";

/// An estimate with its interval; NaN where there is none.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Estimated {
    pub(crate) value: f64,
    pub(crate) low: f64,
    pub(crate) high: f64,
}

impl Estimated {
    const NONE: Estimated = Estimated { value: f64::NAN, low: f64::NAN, high: f64::NAN };

    pub(crate) fn new(value: f64, interval: Option<Interval>) -> Estimated {
        let (low, high) = interval.map_or((f64::NAN, f64::NAN), |i| (i.low, i.high));
        Estimated { value, low, high }
    }

    fn of(estimate: Option<Estimate>) -> Estimated {
        estimate.map_or(Estimated::NONE, |e| Estimated::new(e.value, Some(e.interval)))
    }

    pub(crate) fn json(self) -> Value {
        json!({ "value": finite(self.value), "low": finite(self.low), "high": finite(self.high) })
    }
}

/// A number for programs; null where it is not finite.
pub(crate) fn finite(value: f64) -> Value {
    if value.is_finite() { json!(value) } else { Value::Null }
}

/// Patients with and without an event, in an arm or a subgroup of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Counted<'a> {
    pub(crate) patients: u64,
    pub(crate) failed: u64,
    pub(crate) events: u64,
    /// The same patients in this arm and in the first one; `None` for the first one.
    pairs: Option<&'a Pairs>,
}

/// The patients of an arm, or those of them in a subgroup.
pub(crate) fn counted(cohort: &CohortOutcome, arm: usize, group: Option<usize>) -> Counted<'_> {
    let all = &cohort.result.aggregate.arms[arm];
    let pairs = |pairs| Some(pairs).filter(|_| arm > 0);
    match group {
        None => Counted {
            patients: all.patients,
            failed: all.failed,
            events: all.events,
            pairs: pairs(&all.pairs),
        },
        Some(group) => {
            let some = &all.groups[group];
            Counted {
                patients: some.patients,
                failed: some.failed,
                events: some.events,
                pairs: pairs(&some.pairs),
            }
        }
    }
}

/// How patients fare, and against the first arm.
pub(crate) struct Comparison {
    pub(crate) proportion: Estimated,
    /// The risk in this arm over that in the first, the same patients in both.
    pub(crate) ratio: Estimated,
    /// The risk in this arm less that in the first, the same patients in both.
    pub(crate) difference: Estimated,
    /// How many must be treated as in this arm rather than the first for one event fewer.
    pub(crate) needed: Option<NumberNeeded>,
}

/// The comparison of an arm with the first, in all patients.
pub(crate) fn compare(cohort: &CohortOutcome, arm: usize) -> Comparison {
    comparison(&counted(cohort, arm, None))
}

/// The comparison of some patients with themselves in the first arm.
pub(crate) fn comparison(counted: &Counted<'_>) -> Comparison {
    let share = counted.events as f64 / counted.patients as f64;
    let interval = wilson(counted.events, counted.patients, LEVEL).ok();
    let difference = counted.pairs.and_then(|pairs| pairs.risk_difference(LEVEL).ok());
    Comparison {
        proportion: Estimated::new(share, interval),
        ratio: Estimated::of(counted.pairs.and_then(|pairs| pairs.risk_ratio(LEVEL).ok())),
        difference: Estimated::of(difference),
        needed: difference.as_ref().map(NumberNeeded::of_harmful_event),
    }
}

/// The columns of [`fields`].
pub(crate) const HEADER: [&str; 15] = [
    "patients",
    "failed",
    "events",
    "proportion",
    "proportion_low",
    "proportion_high",
    "risk_ratio",
    "risk_ratio_low",
    "risk_ratio_high",
    "risk_difference",
    "risk_difference_low",
    "risk_difference_high",
    "number_needed_to_treat",
    "number_needed_to_treat_best",
    "number_needed_to_treat_worst",
];

/// Counts and comparison as fields of a row.
pub(crate) fn fields(counted: &Counted<'_>) -> Vec<Field<'static>> {
    let found = comparison(counted);
    let mut fields =
        vec![Field::Count(counted.patients), Field::Count(counted.failed), Field::Count(counted.events)];
    for e in [found.proportion, found.ratio, found.difference] {
        fields.extend([e.value, e.low, e.high].map(Field::Number));
    }
    let needed = found.needed.map_or([f64::NAN; 3], |n| [n.value(), n.limits()[0], n.limits()[1]]);
    fields.extend(needed.map(Field::Number));
    fields
}

/// Counts and comparison for programs.
pub(crate) fn json(counted: &Counted<'_>) -> serde_json::Map<String, Value> {
    let found = comparison(counted);
    let needed = found.needed.map_or(Value::Null, |n| {
        let [best, worst] = n.limits();
        json!({
            "value": finite(n.value()),
            "best": finite(best),
            "worst": finite(worst),
            "text": n.to_string(),
        })
    });
    let entries = [
        ("patients", json!(counted.patients)),
        ("failed", json!(counted.failed)),
        ("events", json!(counted.events)),
        ("risk", found.proportion.json()),
        ("risk_ratio", found.ratio.json()),
        ("risk_difference", found.difference.json()),
        ("number_needed_to_treat", needed),
    ];
    entries.map(|(name, value)| (name.to_string(), value)).into_iter().collect()
}
