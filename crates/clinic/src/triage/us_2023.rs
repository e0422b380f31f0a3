//! United States and Canada: the consensus statement of 2023, with the label of acetylcysteine injection.

use super::case::{Case, Coingestant, Pattern};
use super::referral::is_referred;
use super::rule::{
    Advice, Guideline, Limit, Moment, Rule, Verdict, level_or_transaminases, liver_injury, nomogram, shown,
    too_early,
};
use crate::nomogram::{LAST_H, LINE_150, LINE_300};
use crate::source::Source;

const CONSENSUS: &str =
    "Dart RC et al., US and Canada consensus statement, JAMA Netw Open 2023;6(8):e2327739";
const LABEL: &str = "FDA label Acetadote, set id 472f158a-5ab9-4308-8e49-1116e6ea3d39, v17 (2024), section 2";

/// Patterns read on the nomogram: any ingestion whose level is drawn within 24 h of the FIRST dose.
const READ: &[Pattern] = &[Pattern::Acute, Pattern::Staggered, Pattern::ExtendedRelease];

/// A level that speaks for treatment when time is unknown or more than a day has passed, mg/L.
const DETECTED: f64 = 10.0;

/// The same after repeated ingestion, mg/L (132 umol/L).
const REPEATED: f64 = 20.0;

/// A dose history that is toxic when no level can be had: more than 150 mg/kg, or more than 7.5 g.
const TOXIC: (f64, f64) = (150.0, 7500.0);

/// The consensus of 2023.
pub const GUIDELINE: Guideline = Guideline {
    id: "us-2023",
    title: "United States and Canada, consensus statement 2023",
    line: LINE_150,
    staggered_beyond_h: None,
    repeated_beyond_h: Some(LAST_H),
    rules: &RULES,
    advice,
};

const RULES: [Rule; 12] = [
    Rule {
        id: "us-2023/nomogram",
        says: "Within 4 to 24 h of the first dose, treat when the level is at or above the 150 mg/L line.",
        source: Source::sourced(CONSENSUS),
        test: |m| nomogram(m, READ),
    },
    Rule {
        id: "us-2023/liver-injury",
        says: "Treat at once on clinical or laboratory evidence of liver injury (here: signs, or ALT or AST above 1000 U/L).",
        source: Source::sourced(LABEL),
        test: liver_injury,
    },
    Rule {
        id: "us-2023/repeated",
        says: "After repeated ingestion over more than 24 h, treat when the level is 20 mg/L or more OR ALT or AST is abnormal.",
        source: Source::sourced(CONSENSUS),
        test: repeated,
    },
    Rule {
        id: "us-2023/unknown-time",
        says: "When the time is unknown, treat when the level is above 10 mg/L OR ALT or AST is abnormal.",
        source: Source::sourced(CONSENSUS),
        test: unknown_time,
    },
    Rule {
        id: "us-2023/after-24-h",
        says: "More than 24 h after the first dose, treat when the level is above 10 mg/L OR ALT or AST is abnormal.",
        source: Source::general(CONSENSUS),
        test: after_24_h,
    },
    Rule {
        id: "us-2023/no-level-toxic-history",
        says: "When no level can be had within 8 h and the history is toxic (above 150 mg/kg or 7.5 g), start without it.",
        source: Source::sourced(CONSENSUS),
        test: toxic_history,
    },
    Rule {
        id: "fda-2024/no-level",
        says: "When a level cannot be had within 8 h, or the time is unknown, load at once and draw the level.",
        source: Source::sourced(LABEL),
        test: label_without_level,
    },
    Rule {
        id: "us-2023/extended-release-repeat",
        says: "After extended-release forms, a level at 4 to 12 h above 10 mg/L but below the line is repeated 4 to 6 h later; either one at or above the line is treated.",
        source: Source::sourced(CONSENSUS),
        test: extended_release,
    },
    Rule {
        id: "us-2023/coingestant-repeat",
        says: "With an opioid or anticholinergic, a level above 10 mg/L but below the line is repeated 4 to 6 h later.",
        source: Source::unconfirmed(CONSENSUS),
        test: coingestant_repeat,
    },
    Rule {
        id: "us-2023/before-4-h",
        says: "A level drawn before 4 h is not interpretable.",
        source: Source::sourced(CONSENSUS),
        test: |m| too_early(m, READ),
    },
    Rule {
        id: "us-2023/coingestant-undetectable",
        says: "With an opioid or anticholinergic, a first level at 4 to 24 h of 10 mg/L or less needs no further level.",
        source: Source::sourced(CONSENSUS),
        test: coingestant_low,
    },
    Rule {
        id: "us-2023/intravenous",
        says: "The nomogram is not validated for intravenous overdose; ask a poison centre.",
        source: Source::general(CONSENSUS),
        test: intravenous,
    },
];

fn repeated(m: &Moment<'_>) -> Verdict {
    match m.pattern {
        Pattern::Repeated => {
            level_or_transaminases(m.case.level_mg_per_l, Limit::AtOrAbove(REPEATED), m.case.transaminases())
        }
        _ => Verdict::silent("it was not taken repeatedly over more than 24 h"),
    }
}

fn unknown_time(m: &Moment<'_>) -> Verdict {
    match m.pattern {
        Pattern::Unknown => {
            level_or_transaminases(m.case.level_mg_per_l, Limit::Above(DETECTED), m.case.transaminases())
        }
        _ => Verdict::silent("the time is known"),
    }
}

fn after_24_h(m: &Moment<'_>) -> Verdict {
    match m.t_h {
        Some(t_h) if READ.contains(&m.pattern) && t_h > LAST_H => {
            level_or_transaminases(m.case.level_mg_per_l, Limit::Above(DETECTED), m.case.transaminases())
        }
        _ => Verdict::silent("not more than 24 h have passed since the first dose of a single ingestion"),
    }
}

/// Whether the history is toxic; `None` when the dose is not known.
fn is_toxic(case: &Case) -> Option<bool> {
    let by_mass = case.dose_mg? > TOXIC.1;
    Some(by_mass || case.dose_mg_per_kg().is_some_and(|d| d > TOXIC.0))
}

/// An ingestion read on the nomogram, without a level, with its time.
fn without_level(m: &Moment<'_>) -> Option<f64> {
    if m.case.level_mg_per_l.is_none() && READ.contains(&m.pattern) { m.t_h } else { None }
}

fn toxic_history(m: &Moment<'_>) -> Verdict {
    let Some(t_h) = without_level(m) else {
        return Verdict::silent("there is a level, or the ingestion is not read on the nomogram");
    };
    match is_toxic(m.case) {
        Some(true) if t_h >= 8.0 => {
            Verdict::treat(format!("{t_h} h have passed without a level, and the history is toxic"))
        }
        Some(true) => Verdict::repeat("the history is toxic; get a level at 4 h or later, known before 8 h"),
        Some(false) => Verdict::silent("the dose stated is neither above 150 mg/kg nor above 7.5 g"),
        None => Verdict::silent("the dose is not known"),
    }
}

fn label_without_level(m: &Moment<'_>) -> Verdict {
    if m.pattern == Pattern::Unknown && m.case.level_mg_per_l.is_none() {
        return Verdict::treat("the time is unknown and there is no level yet");
    }
    match without_level(m) {
        None => Verdict::silent("there is a level, or the ingestion is not read on the nomogram"),
        Some(t_h) if t_h < 8.0 => {
            Verdict::repeat("get a level at 4 h or later, known before 8 h; load if that is not possible")
        }
        Some(_) if is_toxic(m.case) == Some(false) => {
            Verdict::repeat("8 h have passed without a level, but the dose stated is not toxic; get a level")
        }
        Some(t_h) => Verdict::treat(format!("{t_h} h have passed without a level")),
    }
}

/// Above 10 mg/L, below the line, between 4 and 24 h.
fn detected_below_line(m: &Moment<'_>) -> bool {
    m.reaches_line() == Some(false) && m.case.level_mg_per_l.is_some_and(|l| l > DETECTED)
}

fn extended_release(m: &Moment<'_>) -> Verdict {
    if m.pattern != Pattern::ExtendedRelease {
        return Verdict::silent("no extended-release form was taken");
    }
    match m.t_h {
        Some(t_h) if t_h <= 12.0 && detected_below_line(m) => {
            Verdict::repeat("above 10 mg/L and below the line: repeat 4 to 6 h later")
        }
        _ => Verdict::silent("the level is not one at 4 to 12 h above 10 mg/L and below the line"),
    }
}

fn coingestants(case: &Case) -> Option<String> {
    let words: Vec<&str> = case.coingestants.iter().map(|c: &Coingestant| c.word()).collect();
    (!words.is_empty()).then(|| words.join(" and "))
}

fn coingestant_repeat(m: &Moment<'_>) -> Verdict {
    match coingestants(m.case) {
        Some(with) if READ.contains(&m.pattern) && detected_below_line(m) => {
            Verdict::repeat(format!("above 10 mg/L and below the line with {with}: repeat 4 to 6 h later"))
        }
        Some(_) => Verdict::silent("the level is not one at 4 to 24 h above 10 mg/L and below the line"),
        None => Verdict::silent("no opioid or anticholinergic was stated"),
    }
}

fn coingestant_low(m: &Moment<'_>) -> Verdict {
    let low = m.line_mg_per_l().is_some() && m.case.level_mg_per_l.is_some_and(|l| l <= DETECTED);
    match coingestants(m.case) {
        Some(with) if READ.contains(&m.pattern) && low => {
            Verdict::do_not(format!("10 mg/L or less with {with}: no further level is needed"))
        }
        Some(_) => Verdict::silent("the level is not one at 4 to 24 h of 10 mg/L or less"),
        None => Verdict::silent("no opioid or anticholinergic was stated"),
    }
}

fn intravenous(m: &Moment<'_>) -> Verdict {
    m.given_into_vein("no line is validated after intravenous overdose")
}

fn advice(case: &Case, moments: &[Moment<'_>]) -> Vec<Advice> {
    let mut advice = Vec::new();
    let reaches = |m: &&Moment<'_>| {
        let line = m.t_h.and_then(|t| LINE_300.level(t)).filter(|_| READ.contains(&m.pattern));
        line.zip(case.level_mg_per_l).is_some_and(|(line, level)| level >= line)
    };
    if let Some(line) = moments.iter().find(reaches).and_then(|m| LINE_300.level(m.t_h?)) {
        advice.push(Advice {
            says: format!(
                "High-risk ingestion: the level is at or above the 300 mg/L line ({} mg/L); speak to a poison centre about more acetylcysteine, late charcoal and dialysis.",
                shown(line)
            ),
            source: Source::sourced(CONSENSUS),
        });
    }
    if is_referred(case) == Some(true) {
        advice.push(Advice {
            says: "The dose stated is one that is referred to a hospital (from 6 years on 10 g or 200 mg/kg in 24 h, less when repeated, at risk, or for young children).".into(),
            source: Source::sourced("Dart RC et al., Clin Toxicol 2006;44:1 (PMID 16496488)"),
        });
    }
    if case.dose_mg.is_some_and(|mg| mg >= 30_000.0) {
        advice.push(Advice {
            says: "High-risk ingestion: 30 g or more was reported.".into(),
            source: Source::unconfirmed(CONSENSUS),
        });
    }
    if moments.iter().any(|m| m.t_h.is_some_and(|t| (2.0..4.0).contains(&t))) {
        advice.push(Advice {
            says: "Between 2 and 4 h only an undetectable level is said to be informative.".into(),
            source: Source::unconfirmed(CONSENSUS),
        });
    }
    advice
}
