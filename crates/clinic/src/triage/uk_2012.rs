//! United Kingdom: the advice of the Commission on Human Medicines, MHRA 2012.

use super::case::{Case, Pattern, Transaminases};
use super::rule::{Advice, Guideline, Moment, Rule, Verdict, liver_injury, nomogram, too_early};
use crate::nomogram::{LAST_H, LINE_100};
use crate::source::Source;

const MHRA: &str = "MHRA / Commission on Human Medicines, CON178225, 3 September 2012";
const LATER: &str = "United Kingdom poisons service advice after 2012";

/// Read on the nomogram.
const READ: &[Pattern] = &[Pattern::Acute];

/// The highest dosing weight, kg: for the dose by weight of an obese patient.
const WEIGHT_CAP_KG: f64 = 110.0;

/// The advice of 2012.
pub const GUIDELINE: Guideline = Guideline {
    id: "uk-2012",
    title: "United Kingdom, MHRA and Commission on Human Medicines 2012",
    line: LINE_100,
    staggered_beyond_h: Some(1.0),
    repeated_beyond_h: Some(LAST_H),
    rules: &RULES,
    advice,
};

const RULES: [Rule; 10] = [
    Rule {
        id: "uk-2012/nomogram",
        says: "Within 4 to 24 h of a single ingestion, treat when the level is on or above the 100 mg/L line.",
        source: Source::sourced(MHRA),
        test: |m| nomogram(m, READ),
    },
    Rule {
        id: "uk-2012/staggered",
        says: "Taken over more than 1 h: treat irrespective of the level.",
        source: Source::sourced(MHRA),
        test: staggered,
    },
    Rule {
        id: "uk-2012/time-in-doubt",
        says: "When the timing is in doubt, treat irrespective of the level.",
        source: Source::sourced(MHRA),
        test: time_in_doubt,
    },
    Rule {
        id: "uk-2012/liver-injury",
        says: "Treat on clinical or laboratory evidence of liver injury (here: signs, or ALT or AST above 1000 U/L).",
        source: Source::general(LATER),
        test: liver_injury,
    },
    Rule {
        id: "uk-2012/after-24-h",
        says: "More than 24 h after a single ingestion, treat unless the level is below 10 mg/L, ALT is normal and the INR is 1.3 or less.",
        source: Source::general(LATER),
        test: after_24_h,
    },
    Rule {
        id: "uk-2012/no-level-by-8-h",
        says: "At 8 h without a level, start when more than 150 mg/kg were taken.",
        source: Source::general(LATER),
        test: without_level,
    },
    Rule {
        id: "uk-2012/before-4-h",
        says: "A level drawn before 4 h is not interpretable.",
        source: Source::sourced(MHRA),
        test: |m| too_early(m, READ),
    },
    Rule {
        id: "uk-2012/extended-release-line",
        says: "After extended-release forms, a level on or above the 100 mg/L line is treated.",
        source: Source::unconfirmed(LATER),
        test: extended_release_line,
    },
    Rule {
        id: "uk-2012/extended-release",
        says: "After extended-release forms a level below the line does not exclude risk; ask the poisons service.",
        source: Source::unconfirmed(LATER),
        test: extended_release,
    },
    Rule {
        id: "uk-2012/intravenous",
        says: "After intravenous overdose, contact the poisons service.",
        source: Source::sourced("United Kingdom monograph of intravenous acetylcysteine"),
        test: intravenous,
    },
];

fn staggered(m: &Moment<'_>) -> Verdict {
    match m.pattern {
        Pattern::Staggered | Pattern::Repeated => Verdict::treat("it was taken over more than 1 h"),
        _ => Verdict::silent("it was not taken over more than 1 h"),
    }
}

fn time_in_doubt(m: &Moment<'_>) -> Verdict {
    match m.pattern {
        Pattern::Unknown => Verdict::treat("the time is unknown"),
        _ => Verdict::silent("the time is known, or a range of it is given and both ends are read"),
    }
}

fn after_24_h(m: &Moment<'_>) -> Verdict {
    if m.pattern != Pattern::Acute || m.t_h.is_none_or(|t| t <= LAST_H) {
        return Verdict::silent("not more than 24 h have passed since a single ingestion");
    }
    let (level, at, inr) = (m.case.level_mg_per_l, m.case.transaminases(), m.case.inr);
    if at == Transaminases::Abnormal {
        return Verdict::treat("ALT or AST is above its limit");
    }
    match (level, inr) {
        (Some(level), _) if level >= 10.0 => Verdict::treat("the level is 10 mg/L or more"),
        (_, Some(inr)) if inr > 1.3 => Verdict::treat("the INR is above 1.3"),
        (Some(_), Some(_)) if at == Transaminases::Normal => {
            Verdict::do_not("the level is below 10 mg/L, ALT or AST is normal, and the INR is 1.3 or less")
        }
        _ => Verdict::cannot_tell("level, ALT and INR are all needed"),
    }
}

/// Dose by body weight, the weight capped at 110 kg.
fn dose_mg_per_kg(case: &Case) -> Option<f64> {
    Some(case.dose_mg? / case.weight_kg?.min(WEIGHT_CAP_KG))
}

fn without_level(m: &Moment<'_>) -> Verdict {
    let Some(t_h) = m.t_h.filter(|_| m.pattern == Pattern::Acute && m.case.level_mg_per_l.is_none()) else {
        return Verdict::silent("there is a level, or it was no single ingestion at a known time");
    };
    match dose_mg_per_kg(m.case) {
        Some(d) if t_h >= 8.0 && d > 150.0 => {
            Verdict::treat(format!("{t_h} h have passed without a level after more than 150 mg/kg"))
        }
        _ => Verdict::repeat("a level at 4 h or later is needed"),
    }
}

fn extended_release_line(m: &Moment<'_>) -> Verdict {
    match m.pattern {
        Pattern::ExtendedRelease if m.reaches_line() == Some(true) => {
            Verdict::treat("the level is on or above the line")
        }
        Pattern::ExtendedRelease => Verdict::silent("no level on or above the line at 4 to 24 h"),
        _ => Verdict::silent("no extended-release form was taken"),
    }
}

fn extended_release(m: &Moment<'_>) -> Verdict {
    match m.pattern {
        Pattern::ExtendedRelease => Verdict::cannot_tell(
            "one level below the line does not exclude a later rise; ask the poisons service",
        ),
        _ => Verdict::silent("no extended-release form was taken"),
    }
}

fn intravenous(m: &Moment<'_>) -> Verdict {
    m.given_into_vein("contact the poisons service")
}

fn advice(case: &Case, moments: &[Moment<'_>]) -> Vec<Advice> {
    let mut advice = Vec::new();
    if let Some(d) = dose_mg_per_kg(case).filter(|d| *d > 75.0) {
        advice.push(Advice {
            says: format!("{d:.0} mg/kg is above the 75 mg/kg in 24 h at which the United Kingdom assesses in hospital (weight capped at 110 kg)."),
            source: Source::general(LATER),
        });
    }
    if moments.iter().any(|m| matches!(m.pattern, Pattern::Staggered | Pattern::Repeated | Pattern::Unknown))
    {
        advice.push(Advice {
            says: "Later advice lets treatment stop when, 24 h or more after the last dose, the level is below 10 mg/L, ALT normal, INR 1.3 or less, without symptoms.".into(),
            source: Source::general(LATER),
        });
    }
    advice
}
