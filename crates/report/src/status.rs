//! How much a number may be trusted: the badges of a report.

/// What stands behind a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Measured, and cited.
    Observed,
    /// Fitted to measurements.
    Calibrated,
    /// Computed by a model outside the data it was fitted to.
    Predicted,
    /// Computed from a mechanism that is itself unproven.
    Hypothesis,
    /// Chosen without data, with a range.
    Assumed,
}

impl Status {
    /// All of them, from the firmest to the weakest.
    pub const ALL: [Status; 5] =
        [Status::Observed, Status::Calibrated, Status::Predicted, Status::Hypothesis, Status::Assumed];

    /// The word on the badge.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Status::Observed => "observed",
            Status::Calibrated => "calibrated",
            Status::Predicted => "predicted",
            Status::Hypothesis => "hypothesis",
            Status::Assumed => "assumed",
        }
    }

    /// What the badge means, as a sentence for the legend.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        match self {
            Status::Observed => "Measured, with its source cited.",
            Status::Calibrated => "Fitted to measurements.",
            Status::Predicted => "Computed by the model beyond the data it was fitted to.",
            Status::Hypothesis => "Computed from a mechanism that is itself unproven.",
            Status::Assumed => "Chosen without data, within a stated range.",
        }
    }

    /// The status that a word names.
    #[must_use]
    pub fn from_label(label: &str) -> Option<Status> {
        Status::ALL.into_iter().find(|status| status.label() == label)
    }
}
