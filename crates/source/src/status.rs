//! How much a number may be trusted: one set of words for the texts that say it and the pages that show it.

/// What stands behind a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Measured, and cited.
    Observed,
    /// Fitted to measurements.
    Calibrated,
    /// Computed by a model outside the data it was fitted to.
    Predicted,
    /// Computed from a mechanism that is itself unproven and may be switched off.
    Hypothesis,
    /// Chosen without data, with a range.
    Assumed,
}

impl Status {
    /// Every status, from the firmest to the weakest.
    pub const ALL: [Status; 5] =
        [Status::Observed, Status::Calibrated, Status::Predicted, Status::Hypothesis, Status::Assumed];

    /// The word written in links and study files and shown to people.
    pub fn word(self) -> &'static str {
        match self {
            Status::Observed => "observed",
            Status::Calibrated => "calibrated",
            Status::Predicted => "predicted",
            Status::Hypothesis => "hypothesis",
            Status::Assumed => "assumed",
        }
    }

    /// The status that a word names.
    pub fn from_word(word: &str) -> Option<Status> {
        Status::ALL.into_iter().find(|status| status.word() == word)
    }

    /// What it means, as a sentence for a legend.
    pub fn meaning(self) -> &'static str {
        match self {
            Status::Observed => "Measured, with its source cited.",
            Status::Calibrated => "Fitted to measurements.",
            Status::Predicted => "Computed by the model beyond the data it was fitted to.",
            Status::Hypothesis => "Computed from a mechanism that is itself unproven.",
            Status::Assumed => "Chosen without data, within a stated range.",
        }
    }
}
