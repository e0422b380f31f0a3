//! Australia and New Zealand: the guideline of 2020.

use super::case::{Case, Pattern};
use super::rule::{Advice, Guideline, Moment, Rule, Verdict, liver_injury, nomogram, shown, too_early};
use crate::nomogram::{LAST_H, LINE_150, LINE_300};
use crate::source::Source;

const CHIEW: &str = "Chiew AL et al., guidelines for paracetamol poisoning in Australia and New Zealand, Med J Aust 2020;212:175";

/// Read on the nomogram.
const READ: &[Pattern] = &[Pattern::Acute];

/// ALT above this many U/L is raised, whatever the laboratory's limit.
const RAISED_ALT: f64 = 50.0;

/// A dose that is treated after modified release: 10 g or 200 mg/kg, whichever is lower.
const TOXIC: (f64, f64) = (10_000.0, 200.0);

/// The guideline of 2020.
pub const GUIDELINE: Guideline = Guideline {
    id: "anz-2020",
    title: "Australia and New Zealand, guideline 2020",
    line: LINE_150,
    staggered_beyond_h: None,
    repeated_beyond_h: Some(LAST_H),
    rules: &RULES,
    advice,
};

const RULES: [Rule; 11] = [
    Rule {
        id: "anz-2020/nomogram",
        says: "Within 4 to 24 h of ingestion, treat when the level is at or above the 150 mg/L line.",
        source: Source::general(CHIEW),
        test: |m| nomogram(m, READ),
    },
    Rule {
        id: "anz-2020/modified-release",
        says: "After modified release, 10 g or 200 mg/kg (whichever is lower) or more is treated with the full course.",
        source: Source::sourced(CHIEW),
        test: modified_release,
    },
    Rule {
        id: "anz-2020/repeated",
        says: "After repeated supratherapeutic ingestion, treat when the level is above 20 mg/L OR ALT is above 50 U/L.",
        source: Source::general(CHIEW),
        test: repeated,
    },
    Rule {
        id: "anz-2020/staggered-line",
        says: "After staggered ingestion, a level at or above the line, counted from the first dose, is treated.",
        source: Source::unconfirmed(CHIEW),
        test: staggered_line,
    },
    Rule {
        id: "anz-2020/staggered",
        says: "After staggered ingestion, the limits of repeated ingestion hold: above 20 mg/L OR ALT above 50 U/L.",
        source: Source::unconfirmed(CHIEW),
        test: staggered,
    },
    Rule {
        id: "anz-2020/late-or-unknown",
        says: "More than 24 h after ingestion or at an unknown time, treat when the level is above 10 mg/L OR ALT is above 50 U/L.",
        source: Source::unconfirmed(CHIEW),
        test: late_or_unknown,
    },
    Rule {
        id: "anz-2020/liver-injury",
        says: "Treat on clinical or laboratory evidence of liver injury (here: signs, or ALT or AST above 1000 U/L).",
        source: Source::general(CHIEW),
        test: liver_injury,
    },
    Rule {
        id: "anz-2020/modified-release-levels",
        says: "After less modified release than that, two levels 4 h apart are read; either at or above the line is treated.",
        source: Source::general(CHIEW),
        test: modified_release_levels,
    },
    Rule {
        id: "anz-2020/no-level-by-8-h",
        says: "At 8 h without a level, start when 10 g or 200 mg/kg (whichever is lower) or more were taken.",
        source: Source::general(CHIEW),
        test: without_level,
    },
    Rule {
        id: "anz-2020/before-4-h",
        says: "A level drawn before 4 h is not interpretable.",
        source: Source::general(CHIEW),
        test: |m| too_early(m, &[Pattern::Acute, Pattern::ExtendedRelease]),
    },
    Rule {
        id: "anz-2020/intravenous",
        says: "The nomogram is not validated for intravenous overdose; ask a toxicologist.",
        source: Source::general(CHIEW),
        test: intravenous,
    },
];

/// At or above 10 g or 200 mg/kg, whichever is lower; `None` when the dose is not known.
fn is_toxic(case: &Case) -> Option<bool> {
    let by_mass = case.dose_mg? >= TOXIC.0;
    Some(by_mass || case.dose_mg_per_kg().is_some_and(|d| d >= TOXIC.1))
}

/// Treat above a level OR above 50 U/L of ALT; only both together speak against it.
fn level_or_alt(case: &Case, limit_mg_per_l: f64) -> Verdict {
    match (case.level_mg_per_l, case.alt.map(|alt| alt.u_per_l)) {
        (_, Some(alt)) if alt > RAISED_ALT => {
            Verdict::treat(format!("ALT of {alt} U/L is above 50 U/L; that alone is enough"))
        }
        (Some(level), _) if level > limit_mg_per_l => Verdict::treat(format!(
            "{} mg/L is above {limit_mg_per_l} mg/L; that alone is enough",
            shown(level)
        )),
        (Some(level), Some(_)) => Verdict::do_not(format!(
            "{} mg/L is not above {limit_mg_per_l} mg/L, and ALT is not above 50 U/L",
            shown(level)
        )),
        (Some(_), None) => {
            Verdict::cannot_tell(format!("not above {limit_mg_per_l} mg/L; ALT is needed as well"))
        }
        (None, _) => Verdict::repeat("a level is needed as well"),
    }
}

fn repeated(m: &Moment<'_>) -> Verdict {
    match m.pattern {
        Pattern::Repeated => level_or_alt(m.case, 20.0),
        _ => Verdict::silent("it was not taken repeatedly over more than 24 h"),
    }
}

fn staggered_line(m: &Moment<'_>) -> Verdict {
    match m.pattern {
        Pattern::Staggered if m.reaches_line() == Some(true) => {
            Verdict::treat("the level is at or above the line, counted from the first dose")
        }
        Pattern::Staggered => Verdict::silent("no level at or above the line at 4 to 24 h"),
        _ => Verdict::silent("it was not staggered"),
    }
}

fn staggered(m: &Moment<'_>) -> Verdict {
    match m.pattern {
        Pattern::Staggered => level_or_alt(m.case, 20.0),
        _ => Verdict::silent("it was not staggered"),
    }
}

fn late_or_unknown(m: &Moment<'_>) -> Verdict {
    let late = m.t_h.is_some_and(|t| t > LAST_H);
    match m.pattern {
        Pattern::Unknown => level_or_alt(m.case, 10.0),
        Pattern::Acute | Pattern::ExtendedRelease if late => level_or_alt(m.case, 10.0),
        _ => {
            Verdict::silent("the time is known, and not more than 24 h have passed since a single ingestion")
        }
    }
}

fn modified_release(m: &Moment<'_>) -> Verdict {
    match (m.pattern, is_toxic(m.case)) {
        (Pattern::ExtendedRelease, Some(true)) => {
            Verdict::treat("10 g or 200 mg/kg or more of modified release")
        }
        (Pattern::ExtendedRelease, Some(false)) => {
            Verdict::silent("less than 10 g and than 200 mg/kg were taken")
        }
        (Pattern::ExtendedRelease, None) => Verdict::silent("the dose is not known"),
        _ => Verdict::silent("no modified-release form was taken"),
    }
}

fn modified_release_levels(m: &Moment<'_>) -> Verdict {
    if m.pattern != Pattern::ExtendedRelease {
        return Verdict::silent("no modified-release form was taken");
    }
    match m.reaches_line() {
        Some(true) => Verdict::treat("the level is at or above the line"),
        Some(false) => {
            Verdict::repeat("below the line: a second level 4 h later is needed, and the dose matters")
        }
        None => Verdict::silent("there is no level at 4 to 24 h"),
    }
}

fn without_level(m: &Moment<'_>) -> Verdict {
    let read = matches!(m.pattern, Pattern::Acute | Pattern::ExtendedRelease);
    let Some(t_h) = m.t_h.filter(|_| read && m.case.level_mg_per_l.is_none()) else {
        return Verdict::silent("there is a level, or it was no single ingestion at a known time");
    };
    match is_toxic(m.case) {
        Some(true) if t_h >= 8.0 => {
            Verdict::treat(format!("{t_h} h have passed without a level after a toxic dose"))
        }
        _ => Verdict::repeat("a level at 4 h or later is needed"),
    }
}

fn intravenous(m: &Moment<'_>) -> Verdict {
    m.given_into_vein("no line is validated after intravenous overdose")
}

fn advice(case: &Case, moments: &[Moment<'_>]) -> Vec<Advice> {
    let mut advice = Vec::new();
    let doubled = moments.iter().any(|m| {
        let line = m.t_h.and_then(|t| LINE_300.level(t)).filter(|_| m.pattern == Pattern::Acute);
        line.zip(case.level_mg_per_l).is_some_and(|(line, level)| level >= line)
    });
    if doubled {
        advice.push(Advice {
            says: "The level is at or above double the line: the second bag is increased to 200 mg/kg over 16 h.".into(),
            source: Source::general(CHIEW),
        });
    }
    let massive =
        case.dose_mg.is_some_and(|mg| mg >= 30_000.0) || case.dose_mg_per_kg().is_some_and(|d| d >= 500.0);
    if massive {
        advice.push(Advice {
            says: "Massive ingestion: 30 g or 500 mg/kg or more; speak to a toxicologist.".into(),
            source: Source::general(CHIEW),
        });
    }
    advice
}
