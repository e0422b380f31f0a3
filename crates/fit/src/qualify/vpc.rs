//! Visual predictive checks: observed curves over the spread of virtual people under the same protocol.

use std::sync::Arc;

use hepatica_stats::Sorted;

use super::{BASE_DOSE, Subject, cohort_options};
use crate::bench::{Bench, FitError, Series};
use crate::cohort::Cohort;
use crate::curve::{Analyte, Curve};
use crate::person::Person;
use crate::predict::{FIRST_SCORED_H, output_of, umol_per_unit};

/// People behind a band.
const PEOPLE: usize = 200;
/// Their seed; none of the cohorts'.
const SEED: u64 = 404;
/// Times at which a band is drawn.
const POINTS: u32 = 40;
/// The quantiles of a band.
const QUANTILES: [f64; 3] = [0.05, 0.5, 0.95];

/// A curve over its band.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    /// The study.
    pub name: String,
    /// What was measured.
    pub analyte: Analyte,
    /// Time in h and the 5, 50 and 95 % quantiles of the people, umol/L.
    pub band: Vec<(f64, [f64; 3])>,
    /// Time in h and value in umol/L, as measured.
    pub observed: Vec<(f64, f64)>,
}

impl Check {
    /// How many observations lie within the band, drawn linearly between its times.
    pub fn inside(&self) -> usize {
        let within = |(t, v): &&(f64, f64)| {
            let k = self.band.partition_point(|(x, _)| x < t).clamp(1, self.band.len() - 1);
            let ((t0, a), (t1, b)) = (self.band[k - 1], self.band[k]);
            let part = (t - t0) / (t1 - t0);
            let at = |q: usize| a[q] + (b[q] - a[q]) * part;
            *v >= at(0) && *v <= at(2)
        };
        self.observed.iter().filter(within).count()
    }
}

/// A check of every human curve: people with the personal factors of the model, all of the body weight of the study.
///
/// # Errors
/// Doses the model does not take; a person who cannot be simulated.
pub fn checks(subject: &Subject<'_>, curves: &[Curve]) -> Result<Vec<Check>, FitError> {
    let cohort = Cohort::new(subject.model, subject.system, SEED, BASE_DOSE)?;
    let mut checks = Vec::new();
    for curve in curves {
        let output = output_of(curve.analyte);
        let scored = curve.points.iter().filter(|p| p.time_h > FIRST_SCORED_H);
        let observed: Vec<(f64, f64)> = scored.map(|p| (p.time_h, p.value)).collect();
        let Some((last, _)) = observed.last().filter(|_| subject.system.find_output(output).is_some()) else {
            continue;
        };
        let options = cohort_options(subject.options);
        let bench = Bench::new(subject.model, subject.system, &[output], options)?.with(subject.values)?;
        let times: Arc<[f64]> = (0..=POINTS)
            .map(|k| FIRST_SCORED_H + (last - FIRST_SCORED_H) * f64::from(k) / f64::from(POINTS))
            .collect();
        let person = |i: usize| {
            let values = cohort.member(i as u64).values;
            Ok(Person { weight_kg: curve.protocol.weight_kg, values, doses: curve.protocol.doses.clone() })
        };
        let read = |_: usize, series: &Series| series.columns[0].clone();
        let people = bench.measure(PEOPLE, &person, &times, &read)?;
        let factor = umol_per_unit(curve.analyte);
        let at = |k: usize| {
            let sorted = Sorted::new(people.iter().map(|p| p[k] * factor).collect());
            QUANTILES.map(|q| sorted.as_ref().map_or(f64::NAN, |s| s.quantile(q)))
        };
        let band = times.iter().enumerate().map(|(k, t)| (*t, at(k))).collect();
        checks.push(Check { name: curve.study.clone(), analyte: curve.analyte, band, observed });
    }
    Ok(checks)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn observations_within_a_band_are_counted() {
        let band = vec![(0.0, [0.0, 1.0, 2.0]), (10.0, [10.0, 11.0, 12.0])];
        let observed = vec![(5.0, 4.9), (5.0, 5.1), (5.0, 7.0), (5.0, 7.1), (10.0, 12.0)];
        let check = Check { name: String::new(), analyte: Analyte::Acetaminophen, band, observed };
        assert_eq!(check.inside(), 3);
    }
}
