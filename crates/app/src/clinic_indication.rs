//! `hepatica clinic indication`: statements side by side, and trials recomputed from their counts.

use std::fmt::Write;

use hepatica_clinic::indication::{ALL, Counts, Indication, Trial, find};
use hepatica_report::number::significant;
use hepatica_stats::{Estimated, Interval, StatsError, TwoByTwo, rate_ratio, ratio_p, width_ratio};
use serde_json::{Map, Value, json};

use crate::answer::{Answer, NOT_A_DEVICE};
use crate::clinic_triage::{cited, section};
use crate::evidence::ids_of;
use crate::refuse::Error;

/// Confidence of every interval.
const LEVEL: f64 = 0.95;

/// What guidelines say about a use; all uses without a name.
///
/// # Errors
/// The name is no use known here.
pub fn indication(name: Option<&str>) -> Result<Answer, Error> {
    let found: Vec<&Indication> = match name {
        None => ALL.iter().collect(),
        Some(name) => vec![find(name).ok_or_else(|| {
            let names: Vec<&str> = ALL.iter().map(|i| i.id).collect();
            Error::Argument(format!("`{name}` is no indication known here: {}", names.join(", ")))
        })?],
    };
    let shown: Vec<(&Indication, Vec<Recomputed>)> = found
        .into_iter()
        .map(|i| Ok((i, i.trials.iter().map(recompute).collect::<Result<_, _>>()?)))
        .collect::<Result<_, StatsError>>()
        .map_err(|e| Error::Argument(e.to_string()))?;
    let json = json!({
        "schema": "hepatica.indication/1",
        "notice": NOT_A_DEVICE,
        "indications": shown.iter().map(|(i, trials)| indication_json(i, trials)).collect::<Vec<_>>(),
    });
    let mut text = String::new();
    for (i, trials) in &shown {
        // Writing to a string cannot fail.
        let _ = write_text(&mut text, i, trials);
    }
    text.push_str(NOT_A_DEVICE);
    text.push('\n');
    Ok(Answer { text, json })
}

/// A trial with what its counts give.
struct Recomputed {
    trial: &'static Trial,
    numbers: Vec<(&'static str, Number)>,
    notes: Vec<String>,
}

enum Number {
    Estimate(Estimated),
    P(f64),
    Value(f64),
}

fn recompute(trial: &'static Trial) -> Result<Recomputed, StatsError> {
    let mut notes = Vec::new();
    let numbers = match trial.counts {
        Counts::Events { treated, control } => events(&TwoByTwo::new(treated, control)?)?,
        Counts::Rates { treated, control, published } => {
            let interval = Interval { low: published.1, high: published.2 };
            // Person-years are implied by the counts and the rates.
            let years = (treated.0 / treated.1, control.0 / control.1);
            let naive = rate_ratio((treated.0, years.0), (control.0, years.1), LEVEL)?;
            let dispersion = width_ratio(interval, naive.interval);
            let dispersion = dispersion * dispersion;
            notes.push(format!(
                "the published interval is wider than Poisson counts give: a dispersion of about {}; it cannot be reproduced from the counts alone",
                significant(dispersion, 3)
            ));
            vec![
                ("ratio of rates, Poisson interval", Number::Estimate(naive)),
                ("p from the published interval", Number::P(ratio_p(published.0, interval, LEVEL)?)),
                ("person-years implied, treated", Number::Value(years.0)),
                ("person-years implied, control", Number::Value(years.1)),
            ]
        }
        Counts::AsPublished => Vec::new(),
    };
    Ok(Recomputed { trial, numbers, notes })
}

fn events(t: &TwoByTwo) -> Result<Vec<(&'static str, Number)>, StatsError> {
    let difference = t.risk_difference(LEVEL)?;
    Ok(vec![
        ("risk ratio, log-Wald interval", Number::Estimate(t.risk_ratio(LEVEL)?)),
        ("risk ratio, half an event added", Number::Estimate(t.risk_ratio_adjusted(LEVEL)?)),
        ("odds ratio, Woolf interval", Number::Estimate(t.odds_ratio(LEVEL)?)),
        ("risk difference, Wald interval", Number::Estimate(difference)),
        ("risk difference, Newcombe interval", Number::Estimate(t.risk_difference_newcombe(LEVEL)?)),
        ("number needed to treat", Number::Value(1.0 / difference.value.abs())),
        ("p, chi-squared", Number::P(t.pearson().1)),
        ("p, chi-squared with Yates correction", Number::P(t.yates().1)),
        ("p, Fisher exact", Number::P(t.fisher())),
    ])
}

fn indication_json(i: &Indication, trials: &[Recomputed]) -> Value {
    json!({
        "id": i.id, "title": i.title, "route": i.route,
        "statements": i.statements.iter().map(|s| json!({
            "guideline": s.guideline, "year": s.year, "says": s.says, "grade": s.grade,
            "certainty": s.certainty, "source": s.source.cite, "source_standing": s.source.standing.word(),
            "evidence": ids_of(s.source.cite),
        })).collect::<Vec<_>>(),
        "disagreement": (!i.disagreement.is_empty()).then_some(i.disagreement),
        "trials": trials.iter().map(trial_json).collect::<Vec<_>>(),
        "caveats": i.caveats.iter().map(|(says, source)| json!({
            "says": says, "source": source.cite, "source_standing": source.standing.word(),
            "evidence": ids_of(source.cite),
        })).collect::<Vec<_>>(),
    })
}

fn trial_json(r: &Recomputed) -> Value {
    let mut numbers = Map::new();
    for (name, number) in &r.numbers {
        let value = match number {
            Number::Estimate(e) => json!({
                "value": e.value, "low": e.interval.low, "high": e.interval.high, "level": LEVEL,
            }),
            Number::P(v) | Number::Value(v) => json!(v),
        };
        numbers.insert((*name).to_string(), value);
    }
    json!({
        "name": r.trial.name, "says": r.trial.says, "published": r.trial.published,
        "source": r.trial.source.cite, "evidence": ids_of(r.trial.source.cite), "recomputed": numbers, "notes": r.notes,
    })
}

fn write_text(out: &mut String, i: &Indication, trials: &[Recomputed]) -> std::fmt::Result {
    writeln!(out, "{} ({}; {})", i.title, i.id, i.route)?;
    let statements = i.statements.iter().map(|s| {
        let source = cited(s.source);
        format!("{}: {} Grade: {}; certainty: {}. [{source}]", s.guideline, s.says, s.grade, s.certainty)
    });
    section(out, "Guidelines", statements)?;
    if !i.disagreement.is_empty() {
        writeln!(out, "\n  {}", i.disagreement)?;
    }
    for r in trials {
        writeln!(out, "\n{}: {}", r.trial.name, r.trial.says)?;
        writeln!(out, "  published   {}", r.trial.published)?;
        for (name, number) in &r.numbers {
            writeln!(out, "  {name:38} {}", words(number))?;
        }
        for note in &r.notes {
            writeln!(out, "  note: {note}")?;
        }
        writeln!(out, "  source      {}", cited(r.trial.source))?;
    }
    section(
        out,
        "Read with it",
        i.caveats.iter().map(|(says, source)| format!("{says} [{}]", cited(*source))),
    )?;
    writeln!(out)
}

fn words(number: &Number) -> String {
    match number {
        Number::Estimate(e) => format!(
            "{} (95 % CI {} to {})",
            significant(e.value, 3),
            significant(e.interval.low, 3),
            significant(e.interval.high, 3)
        ),
        Number::P(v) => significant(*v, 2),
        Number::Value(v) => significant(*v, 3),
    }
}
