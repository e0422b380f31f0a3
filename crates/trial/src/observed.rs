//! What was observed in people beside what was predicted for virtual patients.

use std::collections::BTreeMap;

use hepatica_source::{Diagnostic, nearest};
use hepatica_stats::{Interval, wilson};

use crate::aggregate::Aggregate;
use crate::spec::Observed;
use crate::study::Study;
use crate::view::View;

/// An observed share and the predicted one.
#[derive(Clone, Debug)]
pub struct Compared<'a> {
    /// What was observed.
    pub observed: &'a Observed,
    /// The arm, by its place.
    pub arm: usize,
    /// The outcomes that count.
    pub outcomes: Vec<String>,
    /// The observed share.
    pub share: f64,
    /// Wilson's interval of the observed share: what chance in so few people leaves open.
    pub interval: Option<Interval>,
    /// Virtual patients with one of the outcomes.
    pub predicted_events: u64,
    /// Virtual patients simulated to the end.
    pub predicted_n: u64,
    /// The predicted share; NaN without patients.
    pub predicted: f64,
    /// Wilson's interval of the predicted share: Monte-Carlo error.
    pub predicted_interval: Option<Interval>,
    /// Whether the predicted share lies in the observed interval.
    pub inside: bool,
}

/// Sets every observation of an arm that was simulated beside its prediction; `groups` are the names of the subgroups.
pub fn compare_observed<'a>(
    study: &'a Study,
    (view, groups): (&View, &[String]),
    aggregate: &Aggregate,
    level: f64,
) -> Vec<Compared<'a>> {
    let mut rows = Vec::new();
    for observed in &study.observed {
        let Some(arm) = study.arms.iter().position(|a| a.name == observed.arm.value) else { continue };
        let outcomes: Vec<String> = match observed.outcomes.is_empty() {
            true => view.events.clone(),
            false => observed.outcomes.iter().map(|o| o.value.clone()).collect(),
        };
        let counted = &aggregate.arms[arm];
        let group = observed.subgroup.as_ref().and_then(|name| groups.iter().position(|g| *g == name.value));
        let (n, by_outcome): (u64, &BTreeMap<String, u64>) = match group.and_then(|g| counted.groups.get(g)) {
            Some(group) => (group.patients, &group.outcomes),
            None => (counted.patients, &counted.outcomes),
        };
        let events = outcomes.iter().filter_map(|o| by_outcome.get(o)).sum();
        let interval = wilson(observed.events, observed.n, level).ok();
        let predicted = events as f64 / n as f64;
        rows.push(Compared {
            observed,
            arm,
            outcomes,
            share: observed.events as f64 / observed.n as f64,
            interval,
            predicted_events: events,
            predicted_n: n,
            predicted,
            predicted_interval: wilson(events, n, level).ok(),
            inside: interval.is_some_and(|i| i.low <= predicted && predicted <= i.high),
        });
    }
    rows
}

/// Outcomes of observations that the view of the model does not have, and observations without any.
pub fn check_outcomes(study: &Study, view: &View) -> Vec<Diagnostic> {
    let names = || view.outcomes.iter().map(|o| o.name.as_str()).chain([view.otherwise.as_str()]);
    let mut problems = Vec::new();
    for observed in &study.observed {
        if observed.outcomes.is_empty() && view.events.is_empty() {
            problems.push(
                Diagnostic::error("observed/no-event", "the model does not say what counts as an event")
                    .at(observed.arm.span, "")
                    .hint("name the outcomes that count: outcomes = [..]"),
            );
        }
        for outcome in observed.outcomes.iter().filter(|o| !names().any(|n| n == o.value)) {
            let hint = match nearest(&outcome.value, names()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("the outcomes are: {}", names().collect::<Vec<_>>().join("; ")),
            };
            let message = format!("the model has no outcome `{}`", outcome.value);
            problems
                .push(Diagnostic::error("observed/unknown-outcome", message).at(outcome.span, "").hint(hint));
        }
    }
    problems
}
