//! Rules as data, and how they look at a case.

use super::case::{Case, Pattern, Transaminases};
use crate::nomogram::Line;
use crate::source::Source;

/// What to do, from the weakest to the strongest: where rules differ, the strongest holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Decision {
    /// Acetylcysteine is not started.
    DoNotTreat,
    /// The rules cannot tell from what is known.
    NotAssessable,
    /// A level is drawn (again) before it can be decided.
    RepeatLevel,
    /// Acetylcysteine is started.
    Treat,
}

impl Decision {
    /// The word in results.
    pub fn word(self) -> &'static str {
        match self {
            Decision::DoNotTreat => "do_not_treat",
            Decision::NotAssessable => "not_assessable",
            Decision::RepeatLevel => "repeat_level",
            Decision::Treat => "treat",
        }
    }
}

/// What a rule says about a case at one time.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// It decides, for this reason.
    Decides(Decision, String),
    /// It does not apply, for this reason.
    Silent(String),
}

impl Verdict {
    /// It does not apply.
    pub(super) fn silent(why: impl Into<String>) -> Verdict {
        Verdict::Silent(why.into())
    }

    /// Treat.
    pub(super) fn treat(why: impl Into<String>) -> Verdict {
        Verdict::Decides(Decision::Treat, why.into())
    }

    /// Do not treat.
    pub(super) fn do_not(why: impl Into<String>) -> Verdict {
        Verdict::Decides(Decision::DoNotTreat, why.into())
    }

    /// Draw a level (again).
    pub(super) fn repeat(why: impl Into<String>) -> Verdict {
        Verdict::Decides(Decision::RepeatLevel, why.into())
    }

    /// It applies, but what is known is not enough.
    pub(super) fn cannot_tell(why: impl Into<String>) -> Verdict {
        Verdict::Decides(Decision::NotAssessable, why.into())
    }
}

/// A case at one possible time since the first dose, as a guideline sees it.
#[derive(Clone, Copy, Debug)]
pub struct Moment<'a> {
    /// The patient.
    pub case: &'a Case,
    /// The pattern after the guideline's own definitions.
    pub pattern: Pattern,
    /// Hours since the first dose.
    pub t_h: Option<f64>,
    /// The treatment line of the guideline.
    pub line: Line,
}

impl Moment<'_> {
    /// The line at this time; `None` outside 4 to 24 h or without a time.
    pub fn line_mg_per_l(&self) -> Option<f64> {
        self.line.level(self.t_h?)
    }

    /// Whether the level is at or above the line, unrounded; `None` without either.
    pub fn reaches_line(&self) -> Option<bool> {
        Some(self.case.level_mg_per_l? >= self.line_mg_per_l()?)
    }

    /// No guideline decides after an intravenous overdose; `advice` says what to do instead.
    pub(super) fn given_into_vein(&self, advice: &str) -> Verdict {
        match self.pattern {
            Pattern::Iv => Verdict::cannot_tell(advice),
            _ => Verdict::silent("it was not given into a vein"),
        }
    }
}

/// A rule: an id, a sentence, its source, and a small function.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Guideline version and name, such as `us-2023/nomogram`.
    pub id: &'static str,
    /// The rule as a sentence.
    pub says: &'static str,
    /// Where it comes from.
    pub source: Source,
    /// What it says about a case.
    pub test: fn(&Moment<'_>) -> Verdict,
}

/// A version of a guideline.
#[derive(Clone, Copy, Debug)]
pub struct Guideline {
    /// Its short name, such as `us-2023`.
    pub id: &'static str,
    /// Its full name with its year.
    pub title: &'static str,
    /// The treatment line.
    pub line: Line,
    /// An ingestion over longer than this many hours is staggered.
    pub staggered_beyond_h: Option<f64>,
    /// An ingestion over longer than this many hours is repeated.
    pub repeated_beyond_h: Option<f64>,
    /// The rules, in the order in which they are named when several decide the same.
    pub rules: &'static [Rule],
    /// What else to know about a case; changes no decision.
    pub advice: fn(&Case, &[Moment<'_>]) -> Vec<Advice>,
}

/// Something to know beyond the decision.
#[derive(Clone, Debug, PartialEq)]
pub struct Advice {
    /// The sentence.
    pub says: String,
    /// Where it comes from.
    pub source: Source,
}

impl Guideline {
    /// The pattern by the guideline's own definition of "staggered" and "repeated".
    pub fn pattern(&self, case: &Case) -> Pattern {
        let over_h = case.taken_over_h.unwrap_or(0.0);
        let beyond = |limit: Option<f64>| limit.is_some_and(|h| over_h > h);
        match case.pattern {
            Pattern::Acute | Pattern::Staggered if beyond(self.repeated_beyond_h) => Pattern::Repeated,
            Pattern::Acute if beyond(self.staggered_beyond_h) => Pattern::Staggered,
            pattern => pattern,
        }
    }
}

/// Hepatotoxicity by its usual definition: ALT or AST above 1000 U/L.
pub(super) const HEPATOTOXIC_U_PER_L: f64 = 1000.0;

/// Clinical or laboratory evidence of liver injury.
pub(super) fn liver_injury(m: &Moment<'_>) -> Verdict {
    match m.case.highest_transaminase() {
        _ if m.case.liver_signs => Verdict::treat("there are signs of liver injury"),
        Some(u) if u > HEPATOTOXIC_U_PER_L => {
            Verdict::treat(format!("a transaminase of {u} U/L is above {HEPATOTOXIC_U_PER_L} U/L"))
        }
        _ => Verdict::silent("no sign of liver injury was stated, and no transaminase is above 1000 U/L"),
    }
}

/// The nomogram between 4 and 24 h, for the patterns a guideline reads it in.
pub(super) fn nomogram(m: &Moment<'_>, patterns: &[Pattern]) -> Verdict {
    if !patterns.contains(&m.pattern) {
        return Verdict::silent(format!("the nomogram is not read after {} ingestion", m.pattern.word()));
    }
    let Some(t_h) = m.t_h else { return Verdict::silent("the time since the first dose is not known") };
    let Some(level) = m.case.level_mg_per_l else { return Verdict::silent("there is no level") };
    let Some(line) = m.line_mg_per_l() else {
        return Verdict::silent(format!(
            "{t_h} h is outside the 4 to 24 h in which the nomogram may be read"
        ));
    };
    let against = format!("{} mg/L against {} mg/L at {t_h} h", shown(level), shown(line));
    match level >= line {
        true => Verdict::treat(format!("the level is at or above the line: {against}")),
        false => Verdict::do_not(format!("the level is below the line: {against}")),
    }
}

/// A level before 4 h after an ingestion that the nomogram would be read for.
pub(super) fn too_early(m: &Moment<'_>, patterns: &[Pattern]) -> Verdict {
    match m.t_h {
        Some(t_h) if patterns.contains(&m.pattern) && t_h < crate::nomogram::FIRST_H => {
            Verdict::repeat(format!("at {t_h} h the level may still rise; draw it at 4 h or later"))
        }
        _ => Verdict::silent("the level was not drawn before 4 h of an ingestion read on the nomogram"),
    }
}

/// How a level must stand to a limit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Limit {
    /// At the limit or above.
    AtOrAbove(f64),
    /// Above the limit.
    Above(f64),
}

impl Limit {
    pub(super) fn is_met(self, level: f64) -> bool {
        match self {
            Limit::AtOrAbove(limit) => level >= limit,
            Limit::Above(limit) => level > limit,
        }
    }

    fn words(self) -> String {
        match self {
            Limit::AtOrAbove(limit) => format!("at or above {limit} mg/L"),
            Limit::Above(limit) => format!("above {limit} mg/L"),
        }
    }
}

/// Treat when the level meets a limit OR the transaminases are abnormal: one of the two is enough, and only both
/// together speak against treatment. A widespread text asks for both (detectable AND raised); that under-treats.
pub(super) fn level_or_transaminases(level: Option<f64>, limit: Limit, at: Transaminases) -> Verdict {
    let words = limit.words();
    match (level, at) {
        (_, Transaminases::Abnormal) => Verdict::treat("ALT or AST is above its limit; that alone is enough"),
        (Some(level), _) if limit.is_met(level) => {
            Verdict::treat(format!("{} mg/L is {words}; that alone is enough", shown(level)))
        }
        (Some(level), Transaminases::Normal) => {
            Verdict::do_not(format!("{} mg/L is not {words}, and the transaminases are normal", shown(level)))
        }
        (Some(level), Transaminases::Unknown) => Verdict::cannot_tell(format!(
            "{} mg/L is not {words}; ALT or AST is needed as well",
            shown(level)
        )),
        (None, Transaminases::Normal) => {
            Verdict::repeat("the transaminases are normal; a level is needed as well")
        }
        (None, Transaminases::Unknown) => Verdict::repeat("a level and ALT or AST are needed"),
    }
}

/// A number in a sentence: as it is when short, else to six digits. Only for reading; rules compare the number.
pub(super) fn shown(value: f64) -> String {
    let exact = format!("{value}");
    if exact.len() <= 8 {
        return exact;
    }
    let decimals = (5 - libm::log10(value.abs().max(1.0)).floor() as i32).max(0) as usize;
    let text = format!("{value:.decimals$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_string() } else { text }
}
