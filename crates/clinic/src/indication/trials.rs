//! Trials behind the statements: counts as published, so that ratios and intervals are computed and not copied.

use crate::source::Source;

/// What was counted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Counts {
    /// Events among people: treated, control.
    Events {
        /// Events and people with acetylcysteine.
        treated: (u64, u64),
        /// Events and people without.
        control: (u64, u64),
    },
    /// Events and rates per person-year: treated, control.
    Rates {
        /// Events and rate with acetylcysteine.
        treated: (f64, f64),
        /// Events and rate without.
        control: (f64, f64),
        /// Published ratio with its 95 % interval.
        published: (f64, f64, f64),
    },
    /// Only shares or ratios are at hand; nothing is computed from them.
    AsPublished,
}

/// A trial.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Trial {
    /// Its name and year.
    pub name: &'static str,
    /// What was compared, and the endpoint.
    pub says: &'static str,
    /// What the publication states.
    pub published: &'static str,
    /// The counts.
    pub counts: Counts,
    /// Where it is found.
    pub source: Source,
}

pub(super) const KEAYS_1991: Trial = Trial {
    name: "Keays 1991",
    says: "Deaths in established liver failure after acetaminophen, acetylcysteine against standard care (open, n = 50).",
    published: "survival 12/25 against 5/25, p = 0.037; cited as RR 0.65 (0.43 to 0.99)",
    counts: Counts::Events { treated: (13, 25), control: (20, 25) },
    source: Source::sourced("Keays R et al., BMJ 1991;303:1026 (PMID 1954453)"),
};

pub(super) const LEE_2009: Trial = Trial {
    name: "Lee 2009",
    says: "Acute liver failure not from acetaminophen (n = 173); 150 mg/kg in 1 h, 12.5 mg/kg/h for 4 h, 6.25 mg/kg/h for 67 h (618.75 mg/kg).",
    published: "transplant-free survival 40 against 27 %; coma I and II 52 against 30 %; overall survival not different",
    counts: Counts::AsPublished,
    source: Source::sourced("Lee WM et al., Gastroenterology 2009;137:856"),
};

pub(super) const PANTHEON_2014: Trial = Trial {
    name: "PANTHEON 2014",
    says: "Exacerbations of moderate to severe COPD, oral 600 mg twice daily against placebo (1006 randomised, 482 and 482 analysed).",
    published: "1.16 against 1.49 per person-year, RR 0.78 (0.67 to 0.90), p = 0.0011",
    counts: Counts::Rates { treated: (497.0, 1.16), control: (641.0, 1.49), published: (0.78, 0.67, 0.90) },
    source: Source::sourced("Zheng JP et al., Lancet Respir Med 2014;2:187"),
};

pub(super) const ZHOU_2024: Trial = Trial {
    name: "Zhou 2024",
    says: "Exacerbations of COPD of GOLD 1 and 2 over two years (968 patients).",
    published: "0.65 against 0.72 per person-year, RR 0.90 (0.80 to 1.02), p = 0.10; no effect on FEV1",
    counts: Counts::AsPublished,
    source: Source::sourced("Nat Commun 2024;15:8468 (PMID 39349461)"),
};
