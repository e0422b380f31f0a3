//! `hepatica clinic triage`: words of a request -> case -> decision -> text and JSON.

use std::fmt::Write;
use std::path::PathBuf;

use hepatica_clinic::level::{SUSPICIOUS_MG_PER_L, umol_per_l_from_mg_per_l};
use hepatica_clinic::source::Source;
use hepatica_clinic::triage::{
    ASSUMED_ULN, Case, Change, Coingestant, Decision, Elapsed, Enzyme, Guideline, Jurisdiction, Pattern,
    Reading, Transaminases, Triage, Verdict, changes, decide,
};
use hepatica_report::number::short;
use serde_json::{Value, json};

use crate::answer::{Answer, NOT_A_DEVICE};
use crate::clinic_input::{self as input, Level, optional};
use crate::clinic_nomogram;
use crate::evidence::ids_of;
use crate::refuse::Error;
use crate::world::World;

/// What is asked, as typed; a unit is never guessed.
#[derive(Clone, Debug, Default)]
pub struct TriageRequest {
    /// `us`, `uk` or `anz`.
    pub jurisdiction: String,
    /// How it was taken.
    pub pattern: String,
    /// Plasma acetaminophen.
    pub level: Option<String>,
    /// From the first dose to the level.
    pub time: Option<String>,
    /// Shortest and longest that can be.
    pub time_range: Option<String>,
    /// From the first to the last dose.
    pub over: Option<String>,
    /// Alanine aminotransferase.
    pub alt: Option<String>,
    /// Its upper limit of normal.
    pub alt_uln: Option<String>,
    /// Aspartate aminotransferase.
    pub ast: Option<String>,
    /// Its upper limit of normal.
    pub ast_uln: Option<String>,
    /// International normalised ratio.
    pub inr: Option<String>,
    /// Body weight.
    pub weight: Option<String>,
    /// Age.
    pub age: Option<String>,
    /// Acetaminophen taken.
    pub dose: Option<String>,
    /// What slows absorption.
    pub coingestants: Vec<String>,
    /// What raises the risk.
    pub risks: Vec<String>,
    /// There are signs of liver injury.
    pub liver_signs: bool,
    /// Where to write the nomogram.
    pub svg: Option<PathBuf>,
}

/// A request that was understood.
struct Asked {
    jurisdiction: Jurisdiction,
    case: Case,
    level: Option<Level>,
    warnings: Vec<String>,
}

/// Decides whether acetylcysteine is started, by the guideline of a jurisdiction; writes the nomogram where asked.
///
/// # Errors
/// What cannot be read, and a nomogram that cannot be drawn or written.
pub fn triage(world: &dyn World, request: &TriageRequest) -> Result<Answer, Error> {
    let mut asked = read(request)?;
    let guideline = asked.jurisdiction.guideline();
    let triage = decide(&asked.case, guideline);
    let guard = wrong_unit(&asked, guideline, triage.decision);
    asked.warnings.extend(guard);
    if triage.decision == Decision::DoNotTreat && asked.case.transaminases() == Transaminases::Abnormal {
        asked.warnings.push(
            "ALT or AST is above its limit: after a single ingestion that is early; if it may have been taken earlier or repeatedly, use that pattern".into(),
        );
    }
    if let Some(path) = &request.svg {
        let figure = clinic_nomogram::figure(&asked.case, guideline, &triage)?;
        world.write(path, figure.svg(clinic_nomogram::WIDTH).as_bytes()).map_err(Error::io(path, "write"))?;
    }
    let changes = changes(&asked.case, guideline);
    let found = Found { asked: &asked, guideline, triage: &triage, changes: &changes };
    Ok(Answer { text: found.text(), json: found.json() })
}

fn read(request: &TriageRequest) -> Result<Asked, Error> {
    let jurisdiction =
        input::word("jurisdiction", &request.jurisdiction, &Jurisdiction::ALL, Jurisdiction::word)?;
    let pattern = input::word("pattern", &request.pattern, &Pattern::ALL, Pattern::word)?;
    let level = optional("level", request.level.as_deref(), input::level)?;
    let mut warnings = Vec::new();
    let hours = |option: &str, text: &str| input::in_unit(option, text, "h");
    let weight_kg = optional("weight", request.weight.as_deref(), |o, text| input::positive(o, text, "kg"))?;
    let case = Case {
        pattern,
        taken_over_h: optional("over", request.over.as_deref(), hours)?,
        level_mg_per_l: level.as_ref().map(|l| l.mg_per_l),
        elapsed: elapsed(request, pattern)?,
        alt: enzyme("alt", request.alt.as_deref(), request.alt_uln.as_deref(), &mut warnings)?,
        ast: enzyme("ast", request.ast.as_deref(), request.ast_uln.as_deref(), &mut warnings)?,
        inr: optional("inr", request.inr.as_deref(), input::bare)?,
        weight_kg,
        age_years: optional("age", request.age.as_deref(), input::age_years)?,
        dose_mg: optional("dose", request.dose.as_deref(), |o, text| input::dose_mg(o, text, weight_kg))?,
        coingestants: coingestants(&request.coingestants)?,
        increased_risk: has_risk(&request.risks)?,
        liver_signs: request.liver_signs,
    };
    Ok(Asked { jurisdiction, case, level, warnings })
}

fn elapsed(request: &TriageRequest, pattern: Pattern) -> Result<Option<Elapsed>, Error> {
    let stated = optional("time", request.time.as_deref(), |o, text| input::in_unit(o, text, "h"))?;
    let range = optional("time-range", request.time_range.as_deref(), input::range_h)?;
    match (stated, range) {
        (Some(t), Some((from, to))) if !(from..=to).contains(&t) => {
            Err(Error::Argument(format!("--time is {t} h, outside --time-range {from} h..{to} h")))
        }
        (Some(stated_h), Some((shortest_h, longest_h))) => {
            Ok(Some(Elapsed { shortest_h, stated_h, longest_h }))
        }
        (Some(t), None) => Ok(Some(Elapsed::exactly(t))),
        // The earliest ingestion counts: the longest time.
        (None, Some((shortest_h, longest_h))) => {
            Ok(Some(Elapsed { shortest_h, stated_h: longest_h, longest_h }))
        }
        (None, None) if matches!(pattern, Pattern::Acute | Pattern::ExtendedRelease) => {
            let message = format!(
                "--pattern {} needs --time or --time-range; if the time is not known, say --pattern unknown",
                pattern.word()
            );
            Err(Error::Argument(message))
        }
        (None, None) => Ok(None),
    }
}

fn enzyme(
    option: &str,
    value: Option<&str>,
    uln: Option<&str>,
    warnings: &mut Vec<String>,
) -> Result<Option<Enzyme>, Error> {
    let limit = format!("{option}-uln");
    let uln = optional(&limit, uln, activity)?;
    let Some(text) = value else {
        return match uln {
            Some(_) => Err(Error::Argument(format!("--{limit} without --{option}"))),
            None => Ok(None),
        };
    };
    let u_per_l = activity(option, text)?;
    let name = option.to_uppercase();
    if uln.is_none() {
        warnings.push(format!(
            "the upper limit of normal of {name} was not given; {ASSUMED_ULN} U/L is assumed (laboratories: 30 to 55)"
        ));
    }
    if uln.is_none() && (30.0..=55.0).contains(&u_per_l) {
        warnings.push(format!(
            "{name} of {u_per_l} U/L is normal or not, as the laboratory's limit has it; give --{limit}"
        ));
    }
    Ok(Some(Enzyme { u_per_l, uln_u_per_l: uln.unwrap_or(ASSUMED_ULN) }))
}

/// An activity in U/L, written with U or IU.
pub(crate) fn activity(option: &str, text: &str) -> Result<f64, Error> {
    input::in_unit(option, text, "U/L")
}

fn coingestants(words: &[String]) -> Result<Vec<Coingestant>, Error> {
    let all = [Coingestant::Anticholinergic, Coingestant::Opioid];
    let read = |text: &String| input::word("coingestant", text, &all, Coingestant::word);
    let mut read: Vec<Coingestant> = words.iter().map(read).collect::<Result<_, _>>()?;
    read.sort_by_key(|c| c.word());
    read.dedup();
    Ok(read)
}

fn has_risk(words: &[String]) -> Result<bool, Error> {
    const RISKS: [&str; 4] = ["alcohol", "fasting", "enzyme-inducer", "malnutrition"];
    for text in words {
        input::word("risk", text, &RISKS, |risk| risk)?;
    }
    Ok(!words.is_empty())
}

/// Warnings about a level that may have been typed in the wrong unit.
fn wrong_unit(asked: &Asked, guideline: &Guideline, decision: Decision) -> Vec<String> {
    let Some(level) = &asked.level else { return Vec::new() };
    let mut warnings = Vec::new();
    if level.mg_per_l > SUSPICIOUS_MG_PER_L {
        warnings.push(format!(
            "{} mg/L is above {SUSPICIOUS_MG_PER_L} mg/L; check that the laboratory did not report umol/L",
            short(level.mg_per_l, 6)
        ));
    }
    if let Some(digits) = level.umol_per_l {
        let case = Case { level_mg_per_l: Some(digits), ..asked.case.clone() };
        let other = decide(&case, guideline).decision;
        if other != decision {
            warnings.push(format!(
                "{digits} umol/L is {} mg/L; {digits} mg/L would be {}: check the laboratory's unit",
                short(level.mg_per_l, 4),
                other.word()
            ));
        }
    }
    warnings
}

/// All that is told.
struct Found<'a> {
    asked: &'a Asked,
    guideline: &'static Guideline,
    triage: &'a Triage,
    changes: &'a [Change],
}

impl Found<'_> {
    fn json(&self) -> Value {
        let reading = self.triage.reading();
        let level = self.asked.case.level_mg_per_l;
        let rule = self.triage.rule();
        json!({
            "schema": "hepatica.triage/1",
            "notice": NOT_A_DEVICE,
            "jurisdiction": self.asked.jurisdiction.word(),
            "guideline": { "id": self.guideline.id, "title": self.guideline.title },
            "pattern": self.asked.case.pattern.word(),
            "pattern_by_guideline": self.guideline.pattern(&self.asked.case).word(),
            "level": level.map(both_units),
            "decision": self.triage.decision.word(),
            "time_h": reading.t_h,
            "line_value": reading.line_mg_per_l,
            "line": reading.line_mg_per_l.map(both_units),
            "line_at_4_h": both_units(self.guideline.line.at_4_h_mg_per_l),
            "multiple_of_line": reading.multiple,
            "rule": rule.map(|(rule, _)| rule.id),
            "rule_text": rule.map(|(rule, _)| rule.says),
            "because": rule.map(|(_, why)| why),
            "source": rule.map(|(rule, _)| rule.source.cite),
            "source_standing": rule.map(|(rule, _)| rule.source.standing.word()),
            "evidence": rule.map(|(rule, _)| ids_of(rule.source.cite)),
            "why_not": self.why_not(),
            "readings": self.readings(),
            "would_change": self.changes.iter().map(change_json).collect::<Vec<_>>(),
            "advice": self.triage.advice.iter().map(|a| json!({
                "says": a.says, "source": a.source.cite, "source_standing": a.source.standing.word(),
                "evidence": ids_of(a.source.cite),
            })).collect::<Vec<_>>(),
            "warnings": self.asked.warnings,
        })
    }

    /// Rules that do not apply at the deciding reading, each with its reason.
    fn why_not(&self) -> Vec<Value> {
        let verdicts = self.triage.reading().verdicts.iter();
        let silent = verdicts.filter_map(|(rule, verdict)| match verdict {
            Verdict::Silent(why) => Some(json!({
                "rule": rule.id, "rule_text": rule.says, "why": why,
                "source": rule.source.cite, "source_standing": rule.source.standing.word(),
                "evidence": ids_of(rule.source.cite),
            })),
            Verdict::Decides(..) => None,
        });
        silent.collect()
    }

    fn readings(&self) -> Vec<Value> {
        self.triage
            .readings
            .iter()
            .map(|r| {
                json!({
                    "which": self.which(r),
                    "time_h": r.t_h,
                    "line_value": r.line_mg_per_l,
                    "multiple_of_line": r.multiple,
                    "decision": r.decision.word(),
                    "rule": r.deciding().map(|(rule, _)| rule.id),
                    "because": r.deciding().map(|(_, why)| why),
                })
            })
            .collect()
    }

    /// What a reading's time is: the ends are named by the ingestion, so the earliest has the longest time.
    fn which(&self, reading: &Reading) -> Vec<&'static str> {
        let (Some(e), Some(t)) = (self.asked.case.elapsed, reading.t_h) else { return vec!["time unknown"] };
        let names = [
            (e.longest_h, "earliest ingestion"),
            (e.shortest_h, "latest ingestion"),
            (e.stated_h, "as stated"),
        ];
        let named: Vec<&str> = names.into_iter().filter(|(time, _)| *time == t).map(|(_, n)| n).collect();
        if named.is_empty() { vec!["end of the line"] } else { named }
    }

    fn text(&self) -> String {
        let mut out = String::new();
        // Writing to a string cannot fail.
        let _ = self.write_text(&mut out);
        out
    }

    fn write_text(&self, out: &mut String) -> std::fmt::Result {
        let reading = self.triage.reading();
        writeln!(out, "{}", headline(self.triage.decision))?;
        writeln!(out, "by the guideline of {}\n", self.guideline.title)?;
        if let Some(level) = self.asked.case.level_mg_per_l {
            writeln!(out, "  level     {}", both_words(level))?;
        }
        match (reading.t_h, reading.line_mg_per_l) {
            (Some(t), Some(line)) => {
                writeln!(out, "  line      {} at {} h", both_words(line), short(t, 6))?;
                if let Some(multiple) = reading.multiple {
                    writeln!(out, "  multiple  {} times the line", short(multiple, 4))?;
                }
            }
            (Some(t), None) => {
                writeln!(out, "  line      none at {} h: it is defined from 4 to 24 h", short(t, 6))?
            }
            (None, _) => writeln!(out, "  line      none: the time since the first dose is not known")?,
        }
        if let Some((rule, why)) = self.triage.rule() {
            writeln!(out, "  rule      {}: {}", rule.id, rule.says)?;
            writeln!(out, "  because   {why}")?;
            writeln!(out, "  source    {}", cited(rule.source))?;
        } else {
            writeln!(out, "  no rule of this guideline covers the case")?;
        }
        self.write_more(out)?;
        writeln!(out, "\n{NOT_A_DEVICE}")
    }

    fn write_more(&self, out: &mut String) -> std::fmt::Result {
        if self.triage.readings.len() > 1 {
            writeln!(out, "\nAt every possible time")?;
            for r in &self.triage.readings {
                let line = r.line_mg_per_l.map_or("no line".into(), |l| format!("line {} mg/L", short(l, 5)));
                let t = short(r.t_h.unwrap_or(f64::NAN), 6);
                writeln!(out, "  {t} h ({}): {line}, {}", self.which(r).join(", "), r.decision.word())?;
            }
        }
        section(out, "Warnings", self.asked.warnings.iter().cloned())?;
        let advice = self.triage.advice.iter().map(|a| format!("{} [{}]", a.says, cited(a.source)));
        section(out, "Also", advice)?;
        let changes = self
            .changes
            .iter()
            .map(|c| format!("{} if {} ({})", c.decision.word(), c.condition, c.rule.unwrap_or("no rule")));
        section(out, "What would change the decision", changes)?;
        let silent = reading_silent(self.triage.reading());
        section(out, "Rules that do not apply", silent)
    }
}

fn reading_silent(reading: &Reading) -> impl Iterator<Item = String> {
    reading.verdicts.iter().filter_map(|(rule, verdict)| match verdict {
        Verdict::Silent(why) => Some(format!("{}: {why}", rule.id)),
        Verdict::Decides(..) => None,
    })
}

/// A heading with lines below it; nothing without lines.
pub(crate) fn section(
    out: &mut String,
    heading: &str,
    lines: impl Iterator<Item = String>,
) -> std::fmt::Result {
    for (place, line) in lines.enumerate() {
        if place == 0 {
            writeln!(out, "\n{heading}")?;
        }
        writeln!(out, "  - {line}")?;
    }
    Ok(())
}

/// A citation with its standing, where it does not simply stand in the source.
pub(crate) fn cited(source: Source) -> String {
    match source.standing {
        hepatica_clinic::source::Standing::Sourced => source.cite.to_string(),
        other => format!("{} ({})", source.cite, other.word()),
    }
}

fn headline(decision: Decision) -> &'static str {
    match decision {
        Decision::Treat => "TREAT: start acetylcysteine",
        Decision::DoNotTreat => "DO NOT TREAT: acetylcysteine is not started",
        Decision::RepeatLevel => "REPEAT LEVEL: a level is needed (again) before it can be decided",
        Decision::NotAssessable => "NOT ASSESSABLE from what is known",
    }
}

fn both_units(mg_per_l: f64) -> Value {
    json!({ "mg_per_l": mg_per_l, "umol_per_l": umol_per_l_from_mg_per_l(mg_per_l) })
}

fn both_words(mg_per_l: f64) -> String {
    format!("{} mg/L = {} umol/L", short(mg_per_l, 6), short(umol_per_l_from_mg_per_l(mg_per_l), 5))
}

fn change_json(change: &Change) -> Value {
    json!({ "if": change.condition, "decision": change.decision.word(), "rule": change.rule })
}
