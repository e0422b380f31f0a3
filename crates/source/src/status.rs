//! How much a number may be trusted: one set of words for the texts that say it and the pages that show it.

/// What stands behind a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Measured, and cited.
    Observed,
    /// Fitted to measurements.
    Calibrated,
    /// Taken over from another published model, whatever that rests on.
    Published,
    /// Computed by a model outside the data it was fitted to.
    Predicted,
    /// Computed from a mechanism that is itself unproven and may be switched off.
    Hypothesis,
    /// Chosen without data, with a range.
    Assumed,
}

impl Status {
    /// Every status, from the firmest to the weakest.
    pub const ALL: [Status; 6] = [
        Status::Observed,
        Status::Calibrated,
        Status::Published,
        Status::Predicted,
        Status::Hypothesis,
        Status::Assumed,
    ];

    /// All words, for hints.
    pub const WORDS: &str = "observed, calibrated, published, predicted, hypothesis, assumed";

    /// The word written in links and study files and shown to people.
    pub fn word(self) -> &'static str {
        match self {
            Status::Observed => "observed",
            Status::Calibrated => "calibrated",
            Status::Published => "published",
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
            Status::Published => "Taken over from another published model.",
            Status::Predicted => "Computed by the model beyond the data it was fitted to.",
            Status::Hypothesis => "Computed from a mechanism that is itself unproven.",
            Status::Assumed => "Chosen without data, within a stated range.",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_has_its_word() {
        assert_eq!(Status::ALL.map(Status::word).join(", "), Status::WORDS);
        assert!(Status::ALL.iter().all(|s| Status::from_word(s.word()) == Some(*s)));
        assert!(Status::ALL.is_sorted());
        assert_eq!(Status::from_word("sure"), None);
    }
}
