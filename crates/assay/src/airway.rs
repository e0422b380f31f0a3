//! Bronchoconstriction after Konzett and Roessler: pressure traces -> responses of animals and groups.
//!
//! ```text
//! read   : run file, animals, traces   -> Run, Animals, Traces
//! analyse: baseline, response, score   -> Report (a score per animal, groups, comparisons, checks)
//! source : the published table         -> Welch's tests under both readings of its ranges, doses as acetylcysteine
//! ```
//!
//! Two definitions are published and never mixed: the rise of the insufflation pressure over its baseline, which has
//! no upper end, and the overflow as a share of the one with the trachea clamped, which ends at 100 % (Konzett H,
//! Roessler R, Arch Exp Pathol Pharmakol 1940;195:71).

mod analyse;
mod published;
mod read;

use hepatica_source::{Diagnostic, Spanned};
use hepatica_stats::groups::{Group, MeanTest};

use crate::check::Check;

pub use analyse::analyse;
pub use published::{DoseRow, Reading, SOURCE, SourceRow, Verdict, doses, smallest_n, table, verdicts};
pub use read::{read_animals, read_run};

/// What a response is a percentage of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Definition {
    /// `(P - P0) / P0`: the rise of the insufflation pressure.
    PressureRise,
    /// `(V - V0) / (Vmax - V0)`: the overflow, of the largest possible.
    Overflow,
}

impl Definition {
    /// As people read it.
    pub fn words(self) -> &'static str {
        match self {
            Definition::PressureRise => "rise of insufflation pressure, % of baseline (no upper end)",
            Definition::Overflow => "overflow, % of that with the trachea clamped (0 to 100)",
        }
    }
}

/// A run file.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// Its title.
    pub title: String,
    /// The table of animals.
    pub animals: Spanned<String>,
    /// The table of traces.
    pub traces: Spanned<String>,
    /// The definition of the response.
    pub definition: Definition,
    /// Length of a breath, min: the trace is reduced to the largest value of each; none for a trace of such values.
    pub breath_min: Option<f64>,
    /// How long before a dose the baseline is, min.
    pub baseline_min: f64,
    /// How long after a dose responses are scored, min.
    pub window_min: f64,
    /// The group others are compared with.
    pub reference: String,
}

/// An animal.
#[derive(Clone, Debug, PartialEq)]
pub struct Animal {
    /// Its name, that of its trace.
    pub name: Spanned<String>,
    /// Its group.
    pub group: String,
    /// When it was dosed, min.
    pub dose_min: f64,
    /// When the standard was given, min.
    pub standard_min: Option<f64>,
    /// Overflow with the trachea clamped.
    pub clamped: Option<f64>,
}

/// A response to one dose.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Score {
    /// Signal before.
    pub baseline: f64,
    /// Drift over the baseline, share of it.
    pub drift: f64,
    /// Largest response, %.
    pub peak: f64,
    /// When after the dose, min.
    pub peak_min: f64,
    /// Area under the response over the window, % min.
    pub area: f64,
    /// From the peak until half of it is left, min; none when it is not reached.
    pub recovery_min: Option<f64>,
}

/// An animal's result.
#[derive(Clone, Debug, PartialEq)]
pub struct Scored {
    /// The animal.
    pub animal: Animal,
    /// The response over time after the dose, min and %.
    pub response: Vec<(f64, f64)>,
    /// Its score.
    pub score: Score,
    /// The peak of the standard, %.
    pub standard_peak: Option<f64>,
    /// The peak as a share of that of the standard, %.
    pub standardised: Option<f64>,
    /// What is to be known, as stable names.
    pub flags: Vec<&'static str>,
}

/// A group's peaks.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupResult {
    /// Its name.
    pub name: String,
    /// Number, mean and standard deviation; none below two animals.
    pub peaks: Option<Group>,
    /// Mean of all, also of one.
    pub mean: f64,
    /// Animals.
    pub n: usize,
    /// Welch's test against the reference.
    pub against: Option<MeanTest>,
    /// Its P value adjusted by Holm over all comparisons.
    pub p_holm: Option<f64>,
}

/// All of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// Every animal.
    pub scored: Vec<Scored>,
    /// Every group, in the order of the table.
    pub groups: Vec<GroupResult>,
    /// What was judged.
    pub checks: Vec<Check>,
    /// Warnings and errors with their place.
    pub diagnostics: Vec<Diagnostic>,
}
