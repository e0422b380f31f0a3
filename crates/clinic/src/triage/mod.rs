//! Whether to start acetylcysteine.
//!
//! A guideline version is a file of rules ([`us_2023`], [`uk_2012`], [`anz_2020`]); a rule is an id, a sentence, a
//! source and a small function of a [`Moment`]. [`decide`] asks every rule at every possible time; the strongest
//! decision holds, and the first rule that makes it is named. [`changes`] asks again with one thing different.

pub mod anz_2020;
mod case;
mod change;
mod decide;
mod referral;
mod rule;
pub mod uk_2012;
pub mod us_2023;

pub use case::{Case, Coingestant, Elapsed, Enzyme, Pattern, Transaminases};
pub use change::{ASSUMED_ULN, Change, changes};
pub use decide::{Reading, Triage, decide};
pub use referral::{ReferralDose, is_referred, referral_dose};
pub use rule::{Advice, Decision, Guideline, Moment, Rule, Verdict};

/// Whose guideline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Jurisdiction {
    /// United States and Canada.
    Us,
    /// United Kingdom.
    Uk,
    /// Australia and New Zealand.
    Anz,
}

impl Jurisdiction {
    /// All of them.
    pub const ALL: [Jurisdiction; 3] = [Jurisdiction::Us, Jurisdiction::Uk, Jurisdiction::Anz];

    /// The word in requests and results.
    pub fn word(self) -> &'static str {
        match self {
            Jurisdiction::Us => "us",
            Jurisdiction::Uk => "uk",
            Jurisdiction::Anz => "anz",
        }
    }

    /// The jurisdiction that a word names.
    pub fn from_word(word: &str) -> Option<Jurisdiction> {
        Jurisdiction::ALL.into_iter().find(|j| j.word() == word)
    }

    /// The version of its guideline in force here.
    pub fn guideline(self) -> &'static Guideline {
        match self {
            Jurisdiction::Us => &us_2023::GUIDELINE,
            Jurisdiction::Uk => &uk_2012::GUIDELINE,
            Jurisdiction::Anz => &anz_2020::GUIDELINE,
        }
    }
}
