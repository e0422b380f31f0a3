//! When acetylcysteine may be stopped.
//!
//! A guideline is a list of criteria that must ALL be met; one that fails keeps the infusion running, and one that
//! is not known leaves the question open.

mod anz_2020;
mod uk_21h;
mod uk_snap;
mod us_2023;

use crate::source::Source;
use crate::triage::Enzyme;

pub use anz_2020::ANZ_2020;
pub use uk_21h::UK_21H;
pub use uk_snap::UK_SNAP;
pub use us_2023::US_2023;

/// All rules, by their ids.
pub const ALL: [&StopRule; 4] = [&US_2023, &UK_SNAP, &UK_21H, &ANZ_2020];

/// A patient near the end of a course; what is not known is `None`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Findings {
    /// Plasma acetaminophen, mg/L.
    pub level_mg_per_l: Option<f64>,
    /// International normalised ratio.
    pub inr: Option<f64>,
    /// Alanine aminotransferase now.
    pub alt: Option<Enzyme>,
    /// Its highest value, U/L.
    pub alt_peak: Option<f64>,
    /// Its value on admission, U/L.
    pub alt_admission: Option<f64>,
    /// Aspartate aminotransferase now.
    pub ast: Option<Enzyme>,
    /// Its highest value, U/L.
    pub ast_peak: Option<f64>,
    /// The patient is clinically well.
    pub well: Option<bool>,
    /// Hours since the last dose of acetaminophen.
    pub since_last_dose_h: Option<f64>,
}

/// Whether a criterion is met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Met {
    /// It is.
    Yes,
    /// It is not.
    No,
    /// What it needs is not known.
    Unknown,
}

impl Met {
    pub(crate) fn known(test: Option<bool>) -> Met {
        match test {
            Some(true) => Met::Yes,
            Some(false) => Met::No,
            None => Met::Unknown,
        }
    }

    /// The word in results.
    pub fn word(self) -> &'static str {
        match self {
            Met::Yes => "met",
            Met::No => "not met",
            Met::Unknown => "not known",
        }
    }
}

/// A criterion: a sentence, its source, and a small function.
#[derive(Clone, Copy, Debug)]
pub struct Criterion {
    /// Its short name.
    pub id: &'static str,
    /// The sentence.
    pub says: &'static str,
    /// Where it comes from.
    pub source: Source,
    /// Whether it is met.
    pub test: fn(&Findings) -> Met,
    /// What is uncertain about it for these findings, if anything.
    pub doubt: fn(&Findings) -> Option<&'static str>,
}

/// A list of criteria of a guideline version.
#[derive(Clone, Copy, Debug)]
pub struct StopRule {
    /// Its id, such as `us-2023`.
    pub id: &'static str,
    /// Its title with its year.
    pub title: &'static str,
    /// All must be met.
    pub criteria: &'static [Criterion],
    /// What is done when one is not met.
    pub otherwise: &'static str,
}

/// The answer of a stop rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// All criteria are met.
    Stop,
    /// At least one is not met.
    Continue,
    /// None fails, but not all are known.
    NotAssessable,
}

impl Stop {
    /// The word in results.
    pub fn word(self) -> &'static str {
        match self {
            Stop::Stop => "stop",
            Stop::Continue => "continue",
            Stop::NotAssessable => "not_assessable",
        }
    }
}

impl StopRule {
    /// The answer, with what each criterion says.
    pub fn decide(&self, findings: &Findings) -> (Stop, Vec<(&'static Criterion, Met)>) {
        let each: Vec<(&'static Criterion, Met)> =
            self.criteria.iter().map(|c| (c, (c.test)(findings))).collect();
        let any = |met| each.iter().any(|(_, m)| *m == met);
        let stop = match (any(Met::No), any(Met::Unknown)) {
            (true, _) => Stop::Continue,
            (false, true) => Stop::NotAssessable,
            (false, false) => Stop::Stop,
        };
        (stop, each)
    }
}

/// No doubt.
fn certain(_: &Findings) -> Option<&'static str> {
    None
}
