//! What the data say of each value that was sought.

use hepatica_stats::Interval;
use hepatica_stats::regression::{Limit, Standing};

use super::problem::Problem;
use super::search::Fitted;

/// The share of what is known that comes from the prior at which the prior, not the data, decides.
const PRIOR_DECIDES: f64 = 0.5;

/// A value that was sought.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// Its name.
    pub name: String,
    /// Its unit.
    pub unit: String,
    /// The model's own value.
    pub own: f64,
    /// What was found.
    pub value: f64,
    /// The interval by the curvature at the minimum; none at a bound.
    pub wald: Option<Interval>,
    /// The interval by the profile; infinite ends are open.
    pub profile: Option<Interval>,
    /// The share of the information on the value that comes from its prior.
    pub prior_share: Option<f64>,
    /// What is to be said of it: empty when the data determine it.
    pub notes: Vec<&'static str>,
}

impl Found {
    /// The interval to report: by the profile where there is one.
    pub fn interval(&self) -> Option<Interval> {
        self.profile.or(self.wald)
    }
}

/// What a fit says of its values.
pub fn found(problem: &Problem, fitted: &Fitted, level: f64) -> Vec<Found> {
    (0..problem.names.len()).map(|k| one(problem, fitted, (k, level))).collect()
}

fn one(problem: &Problem, fitted: &Fitted, (k, level): (usize, f64)) -> Found {
    let fit = &fitted.fit;
    let value = fit.parameters[k];
    let mut notes = Vec::new();
    match fit.standing[k] {
        Standing::Free => {}
        Standing::AtLow => notes.push("at its lower bound"),
        Standing::AtHigh => notes.push("at its upper bound"),
    }
    let profile = match fitted.profiles.get(k) {
        Some(Ok(profile)) => {
            for (limit, open) in [(profile.low, "not bounded below"), (profile.high, "not bounded above")] {
                if !matches!(limit, Limit::At(_)) {
                    notes.push(open);
                }
            }
            Some(Interval { low: profile.low.value(false), high: profile.high.value(true) })
        }
        Some(Err(_)) => {
            notes.push("no profile");
            None
        }
        None => None,
    };
    let prior_share = problem.priors.iter().find(|p| p.parameter == k).and_then(|prior| {
        // The variance of the logarithm as if an observation had the deviation that was given for it.
        let log_se = fit.standard_error(k)? / value / fit.residual_sd;
        Some((log_se / prior.log_sd) * (log_se / prior.log_sd))
    });
    if prior_share.is_some_and(|share| share > PRIOR_DECIDES) {
        notes.push("the prior decides");
    }
    Found {
        name: problem.names[k].clone(),
        unit: problem.units[k].clone(),
        own: problem.own[k],
        value,
        wald: fit.interval(k, level).ok().flatten(),
        profile,
        prior_share,
        notes,
    }
}
