//! A patient and an overdose.

/// How the drug was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pattern {
    /// At once, or within what the jurisdiction calls a single ingestion.
    Acute,
    /// Over longer, within a day.
    Staggered,
    /// Repeatedly over more than a day, above the therapeutic dose.
    Repeated,
    /// The time cannot be told.
    Unknown,
    /// An extended-release (modified-release) form.
    ExtendedRelease,
    /// Into a vein.
    Iv,
}

impl Pattern {
    /// All of them.
    pub const ALL: [Pattern; 6] = [
        Pattern::Acute,
        Pattern::Staggered,
        Pattern::Repeated,
        Pattern::Unknown,
        Pattern::ExtendedRelease,
        Pattern::Iv,
    ];

    /// The word in requests and results.
    pub fn word(self) -> &'static str {
        match self {
            Pattern::Acute => "acute",
            Pattern::Staggered => "staggered",
            Pattern::Repeated => "repeated",
            Pattern::Unknown => "unknown",
            Pattern::ExtendedRelease => "extended-release",
            Pattern::Iv => "iv",
        }
    }

    /// The pattern that a word names.
    pub fn from_word(word: &str) -> Option<Pattern> {
        Pattern::ALL.into_iter().find(|p| p.word() == word)
    }
}

/// An enzyme activity with its upper limit of normal, both in U/L.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Enzyme {
    /// The activity.
    pub u_per_l: f64,
    /// The laboratory's upper limit of normal.
    pub uln_u_per_l: f64,
}

impl Enzyme {
    /// Above the upper limit of normal.
    pub fn is_abnormal(&self) -> bool {
        self.u_per_l > self.uln_u_per_l
    }
}

/// The time from the first dose to the level, in hours: what is thought, and the ends of what is possible.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Elapsed {
    /// The shortest possible.
    pub shortest_h: f64,
    /// What is thought; between the two others.
    pub stated_h: f64,
    /// The longest possible: the earliest ingestion, which counts.
    pub longest_h: f64,
}

impl Elapsed {
    /// A time known exactly.
    pub fn exactly(t_h: f64) -> Elapsed {
        Elapsed { shortest_h: t_h, stated_h: t_h, longest_h: t_h }
    }
}

/// What slows absorption.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coingestant {
    /// Such as diphenhydramine.
    Anticholinergic,
    /// Such as oxycodone.
    Opioid,
}

impl Coingestant {
    /// The word in requests and results.
    pub fn word(self) -> &'static str {
        match self {
            Coingestant::Anticholinergic => "anticholinergic",
            Coingestant::Opioid => "opioid",
        }
    }
}

/// A patient and an overdose; what is not known is `None`. All numbers are finite and not negative.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// How it was taken.
    pub pattern: Pattern,
    /// From the first to the last dose, hours.
    pub taken_over_h: Option<f64>,
    /// Plasma acetaminophen, mg/L.
    pub level_mg_per_l: Option<f64>,
    /// From the first dose to the level; to now, without a level.
    pub elapsed: Option<Elapsed>,
    /// Alanine aminotransferase.
    pub alt: Option<Enzyme>,
    /// Aspartate aminotransferase.
    pub ast: Option<Enzyme>,
    /// International normalised ratio.
    pub inr: Option<f64>,
    /// Body weight, kg.
    pub weight_kg: Option<f64>,
    /// Age, years.
    pub age_years: Option<f64>,
    /// Acetaminophen taken, mg; per 24 h when repeated.
    pub dose_mg: Option<f64>,
    /// What slows absorption.
    pub coingestants: Vec<Coingestant>,
    /// The risk is increased (alcohol, fasting, enzyme inducers); it lowers the dose that needs referral.
    pub increased_risk: bool,
    /// Jaundice, a tender liver, encephalopathy.
    pub liver_signs: bool,
}

/// What the transaminases say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transaminases {
    /// At least one is above its limit.
    Abnormal,
    /// At least one is known, and none is above its limit.
    Normal,
    /// None is known.
    Unknown,
}

impl Case {
    /// A case of which nothing but the pattern is known.
    pub fn new(pattern: Pattern) -> Case {
        Case {
            pattern,
            taken_over_h: None,
            level_mg_per_l: None,
            elapsed: None,
            alt: None,
            ast: None,
            inr: None,
            weight_kg: None,
            age_years: None,
            dose_mg: None,
            coingestants: Vec::new(),
            increased_risk: false,
            liver_signs: false,
        }
    }

    /// ALT and AST together.
    pub fn transaminases(&self) -> Transaminases {
        let known = || [self.alt, self.ast].into_iter().flatten();
        if known().any(|e| e.is_abnormal()) {
            Transaminases::Abnormal
        } else if known().next().is_some() {
            Transaminases::Normal
        } else {
            Transaminases::Unknown
        }
    }

    /// The larger of ALT and AST, U/L.
    pub fn highest_transaminase(&self) -> Option<f64> {
        [self.alt, self.ast].into_iter().flatten().map(|e| e.u_per_l).reduce(f64::max)
    }

    /// Dose by body weight, mg/kg.
    pub fn dose_mg_per_kg(&self) -> Option<f64> {
        Some(self.dose_mg? / self.weight_kg?)
    }
}
