//! What to do about reactions to intravenous acetylcysteine, and what charcoal does to the oral form.

use crate::source::Source;

/// A reaction; most come during the first bag, more often when the level is low and in asthma.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reaction {
    /// Flushing only.
    Flushing,
    /// Urticaria.
    Urticaria,
    /// Angioedema, bronchospasm or hypotension.
    Severe,
}

impl Reaction {
    /// All of them.
    pub const ALL: [Reaction; 3] = [Reaction::Flushing, Reaction::Urticaria, Reaction::Severe];

    /// The word in requests.
    pub fn word(self) -> &'static str {
        match self {
            Reaction::Flushing => "flushing",
            Reaction::Urticaria => "urticaria",
            Reaction::Severe => "severe",
        }
    }
}

/// What is done.
pub fn action(reaction: Reaction) -> &'static str {
    match reaction {
        Reaction::Flushing => "continue and watch",
        Reaction::Urticaria => "give an antihistamine and continue",
        Reaction::Severe => "stop, treat, and restart more slowly after about 1 h",
    }
}

/// Where [`action`] comes from.
pub const ACTION_SOURCE: Source =
    Source::general("common practice; the United Kingdom text pauses, treats and restarts");

/// How it is restarted in the United Kingdom.
pub const RESTART: (&str, Source) = (
    "restart at the rate of the second bag (50 mg/kg over 4 h); in the 12 h regimen, give the first bag over twice the time",
    Source::sourced("United Kingdom monograph of intravenous acetylcysteine; SNAP protocol"),
);

/// Whether an earlier reaction forbids treatment.
pub const EARLIER_REACTION: [(&str, Source); 2] = [
    (
        "United Kingdom: an earlier reaction is no contraindication; it is not mediated by IgE",
        Source::sourced("MHRA CON178225, 3 September 2012"),
    ),
    (
        "United States: the label lists hypersensitivity to acetylcysteine as a contraindication",
        Source::sourced("FDA label Acetadote (2008 text)"),
    ),
];

/// What charcoal does.
pub const CHARCOAL: [(&str, Source); 2] = [
    (
        "oral acetylcysteine only: up to 96 % was adsorbed, \"although data are conflicting\"",
        Source::sourced("Holdiness MR, Clin Pharmacokinet 1991;20:123 (PMID 2029805)"),
    ),
    (
        "in people the loss of AUC is smaller, and no dose is changed routinely; intravenous acetylcysteine is not affected",
        Source::general("common knowledge of the field"),
    ),
];
