//! The qualification: what must hold of the human model, line by line.
//!
//! ```text
//! Curves -> Datasets; typical patient -> Lines; cohorts of three seeds -> Lines, Outcomes
//! ```

mod line;
mod people;
mod species;
mod typical;
mod vpc;

use std::sync::Arc;

use hepatica_model::Model;
use hepatica_model::system::System;
use hepatica_sim::Options;
use hepatica_stats::{afe, gmfe, share_within_fold};

use crate::bench::{Bench, FitError};
use crate::cohort::Cohort;
use crate::curve::{Analyte, Curve};
use crate::marks::OUTPUTS;
use crate::predict::{Compared, compare, output_of, outputs_for};

pub use line::{Base, Line, Outcome, Standing};
pub use people::{People, Sizes};
pub use species::Animal;
pub use typical::Typical;
pub use vpc::{Check, checks};

/// Seeds of the cohorts; none was used in calibration.
pub const SEEDS: [u64; 3] = [101, 202, 303];

/// Doses of the base cohort: log-normal, median g and log SD.
pub const BASE_DOSE: (f64, f64) = (11.0, 0.6);

/// Doses of the cohort of the half-lives.
pub const LARGE_DOSE: (f64, f64) = (20.0, 0.6);

/// How near the model is to one analyte of one study.
#[derive(Clone, Debug, PartialEq)]
pub struct Dataset {
    /// The study.
    pub name: String,
    /// What was measured.
    pub analyte: Analyte,
    /// Points compared.
    pub compared: Compared,
    /// Geometric mean fold error.
    pub gmfe: f64,
    /// Average fold error; above 1 the model predicts too much.
    pub afe: f64,
    /// Share of the points within twofold.
    pub within_2fold: f64,
}

impl Dataset {
    /// Folds of some points.
    ///
    /// # Errors
    /// Values that are not positive.
    pub fn new(compared: Compared) -> Result<Dataset, FitError> {
        let (p, o) = (&compared.predicted, &compared.observed);
        let bad = |e: hepatica_stats::StatsError| FitError::Statistics(format!("{}: {e}", compared.study));
        Ok(Dataset {
            gmfe: gmfe(p, o).map_err(bad)?,
            afe: afe(p, o).map_err(bad)?,
            within_2fold: share_within_fold(p, o, 2.0).map_err(bad)?,
            name: compared.study.clone(),
            analyte: compared.analyte,
            compared,
        })
    }
}

/// A model to be qualified.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The checked model.
    pub model: &'a Model,
    /// Its equations.
    pub system: &'a Arc<System>,
    /// How to integrate the typical patient; the cohorts use [`cohort_options`].
    pub options: &'a Options,
    /// Model values that differ from the file, by name.
    pub values: &'a [(&'a str, f64)],
}

/// How to integrate a cohort: five digits in every output (measured against 1e-11), as differences of thousands of
/// people are far above that.
pub fn cohort_options(options: &Options) -> Options {
    Options { rtol: 1e-5, atol: 1e-8, ..options.clone() }
}

/// Every curve under its own protocol; curves of outputs the model does not have are named in the second part.
///
/// # Errors
/// Doses the model does not take; a simulation that fails.
pub fn datasets(subject: &Subject<'_>, curves: &[Curve]) -> Result<(Vec<Dataset>, Vec<String>), FitError> {
    let known: Vec<&str> =
        outputs_for(curves).into_iter().filter(|o| subject.system.find_output(o).is_some()).collect();
    let bench =
        Bench::new(subject.model, subject.system, &known, subject.options.clone())?.with(subject.values)?;
    let (mut datasets, mut left) = (Vec::new(), Vec::new());
    for curve in curves {
        let output = output_of(curve.analyte);
        if !known.contains(&output) {
            left.push(format!("{} {}: the model has no {output}", curve.study, curve.analyte.name()));
            continue;
        }
        match compare(&bench, curve)? {
            Some(compared) => datasets.push(Dataset::new(compared)?),
            None => left.push(format!("{} {}: no point to compare", curve.study, curve.analyte.name())),
        }
    }
    Ok((datasets, left))
}

/// The lines of the shipped plasma curves together.
///
/// # Errors
/// Values that are not positive.
pub fn curve_lines(datasets: &[Dataset]) -> Result<Vec<Line>, FitError> {
    let pool = |keep: &dyn Fn(Analyte) -> bool| {
        let of = datasets.iter().filter(|d| keep(d.analyte));
        let (mut p, mut o) = (Vec::new(), Vec::new());
        of.for_each(|d| {
            p.extend_from_slice(&d.compared.predicted);
            o.extend_from_slice(&d.compared.observed);
        });
        (p, o)
    };
    let bad = |e: hepatica_stats::StatsError| FitError::Statistics(e.to_string());
    let source = "evidence/data/human_apap_plasma.csv";
    let (p, o) = pool(&|a| a == Analyte::Acetaminophen);
    let (cp, co) = pool(&|a| matches!(a, Analyte::Glucuronide | Analyte::Sulfate));
    Ok(vec![
        Line::typical(
            "curves/gmfe",
            "plasma acetaminophen, all studies: geometric mean fold error",
            gmfe(&p, &o).map_err(bad)?,
            [1.0, 1.25],
            source,
        ),
        Line::typical(
            "curves/within-2fold",
            "the same: share of points within twofold",
            share_within_fold(&p, &o, 2.0).map_err(bad)?,
            [0.95, 1.0],
            source,
        ),
        Line::typical(
            "curves/conjugates",
            "conjugates in plasma: geometric mean fold error",
            gmfe(&cp, &co).map_err(bad)?,
            [1.0, 1.5],
            source,
        ),
    ])
}

/// The lines of the typical patient.
///
/// # Errors
/// Outputs the model does not have; a simulation that fails.
pub fn typical_lines(subject: &Subject<'_>) -> Result<Vec<Line>, FitError> {
    let Subject { model, system, options, values } = *subject;
    Typical { model, system, options, values }.lines()
}

/// The lines and outcome tables of the cohorts of one seed.
///
/// # Errors
/// A person who cannot be simulated.
pub fn cohort_lines(subject: &Subject<'_>, seed: u64) -> Result<(Vec<Line>, Vec<Outcome>), FitError> {
    let options = cohort_options(subject.options);
    let bench = Bench::new(subject.model, subject.system, &OUTPUTS, options)?.with(subject.values)?;
    let base = Cohort::new(subject.model, subject.system, seed, BASE_DOSE)?;
    let large = Cohort::new(subject.model, subject.system, seed, LARGE_DOSE)?;
    People { bench: &bench, base: &base, large: &large, seed, sizes: Sizes::QUALIFICATION }.lines()
}
