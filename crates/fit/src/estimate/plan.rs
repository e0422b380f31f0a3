//! What a study asks to be fitted, as plain data.

use hepatica_source::{Span, Spanned};
use hepatica_stats::regression::Scale;
use hepatica_trial::study::Override;

use super::measure::What;
use crate::curve::Analyte;

/// A model value that is sought.
#[derive(Clone, Debug)]
pub struct Estimated {
    /// Its name in the model.
    pub name: Spanned<String>,
    /// The smallest value.
    pub low: Override,
    /// The largest value.
    pub high: Override,
    /// Where the search starts first; the model's own value without it.
    pub start: Option<Override>,
    /// On which scale it is sought.
    pub scale: Scale,
    /// What is known of it besides the data.
    pub prior: Option<Prior>,
    /// The studies and arms it holds in; everywhere when empty.
    pub only: Vec<String>,
}

impl Estimated {
    /// The name, with where it holds when that is not everywhere.
    pub fn label(&self) -> String {
        match self.only.is_empty() {
            true => self.name.value.clone(),
            false => format!("{} ({})", self.name.value, self.only.join(", ")),
        }
    }
}

/// A log-normal prior.
#[derive(Clone, Debug)]
pub struct Prior {
    /// The median.
    pub median: Override,
    /// Standard deviation of the natural logarithm.
    pub log_sd: f64,
    /// Where it comes from.
    pub source: String,
}

/// Observed curves of a table.
#[derive(Clone, Debug)]
pub struct CurveData {
    /// The table, as written.
    pub file: String,
    /// Where it stands.
    pub span: Span,
    /// Which analytes; all when empty.
    pub analytes: Vec<Analyte>,
    /// Which studies; all when empty.
    pub studies: Vec<String>,
    /// Standard deviation of the logarithm of a measurement.
    pub log_sd: f64,
    /// Another one for early times.
    pub early: Option<Early>,
}

/// The error of early measurements, which absorption and mixing decide.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Early {
    /// Measurements up to this time, h.
    pub until_h: f64,
    /// Their standard deviation of the logarithm.
    pub log_sd: f64,
}

/// A number published about an arm, in place of a curve.
#[derive(Clone, Debug)]
pub struct Target {
    /// Its name.
    pub name: String,
    /// What is taken from the simulated curve.
    pub of: ArmMeasure,
    /// What it is divided by.
    pub per: Option<ArmMeasure>,
    /// The published number; a bare one is in the model's unit of the measure, or of the quotient.
    pub value: Override,
    /// Standard deviation of its logarithm.
    pub log_sd: f64,
    /// Where it comes from.
    pub source: String,
}

/// A measure of an output in an arm.
#[derive(Clone, Debug)]
pub struct ArmMeasure {
    /// The arm by name.
    pub arm: Spanned<String>,
    /// The output by name.
    pub output: Spanned<String>,
    /// What is taken.
    pub what: What,
}

/// Everything a `[fit]` says.
#[derive(Clone, Debug)]
pub struct FitPlan {
    /// Seed of the starts.
    pub seed: u64,
    /// How many starts.
    pub starts: usize,
    /// Measurements far off count less (Huber).
    pub robust: bool,
    /// What is sought.
    pub estimated: Vec<Estimated>,
    /// Observed curves.
    pub curves: Vec<CurveData>,
    /// Published numbers.
    pub targets: Vec<Target>,
}
