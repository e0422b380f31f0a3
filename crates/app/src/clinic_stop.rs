//! `hepatica clinic stop`: whether acetylcysteine may be stopped, by the criteria of a guideline.

use std::fmt::Write;

use hepatica_clinic::stop::{ALL, Criterion, Findings, Met, Stop, StopRule};
use hepatica_clinic::triage::{ASSUMED_ULN, Enzyme};
use serde_json::json;

use crate::answer::{Answer, NOT_A_DEVICE};
use crate::clinic_input::{self as input, optional};
use crate::clinic_triage::{activity, cited, section};
use crate::evidence::ids_of;
use crate::refuse::Error;

/// What is asked, as typed.
#[derive(Clone, Debug, Default)]
pub struct StopRequest {
    /// `us`, `uk-snap`, `uk` or `anz`, or a rule's id.
    pub rule: String,
    /// Plasma acetaminophen.
    pub level: Option<String>,
    /// International normalised ratio.
    pub inr: Option<String>,
    /// Alanine aminotransferase now.
    pub alt: Option<String>,
    /// Upper limit of normal of ALT and AST.
    pub uln: Option<String>,
    /// Highest ALT.
    pub alt_peak: Option<String>,
    /// ALT on admission.
    pub alt_admission: Option<String>,
    /// Aspartate aminotransferase now.
    pub ast: Option<String>,
    /// Highest AST.
    pub ast_peak: Option<String>,
    /// Whether the patient is well: `yes` or `no`.
    pub well: Option<String>,
    /// Since the last dose of acetaminophen.
    pub since_last_dose: Option<String>,
}

/// Whether acetylcysteine may be stopped.
///
/// # Errors
/// What cannot be read.
pub fn stop(request: &StopRequest) -> Result<Answer, Error> {
    let rule = rule(&request.rule)?;
    let mut warnings = Vec::new();
    let findings = findings(request, &mut warnings)?;
    let (decision, each) = rule.decide(&findings);
    let doubts = each.iter().filter_map(|(c, _)| (c.doubt)(&findings).map(|d| format!("{}: {d}", c.id)));
    warnings.extend(doubts);
    let json = json!({
        "schema": "hepatica.stop/1",
        "notice": NOT_A_DEVICE,
        "guideline": { "id": rule.id, "title": rule.title },
        "decision": decision.word(),
        "criteria": each.iter().map(|(c, met)| json!({
            "id": c.id, "says": c.says, "met": met.word(),
            "source": c.source.cite, "source_standing": c.source.standing.word(),
            "evidence": ids_of(c.source.cite),
        })).collect::<Vec<_>>(),
        "otherwise": rule.otherwise,
        "warnings": warnings,
    });
    Ok(Answer { text: text(rule, decision, &each, &warnings), json })
}

fn rule(name: &str) -> Result<&'static StopRule, Error> {
    let id = match name {
        "us" => "us-2023",
        "uk" => "uk-21h",
        "anz" => "anz-2020",
        other => other,
    };
    ALL.into_iter().find(|r| r.id == id).ok_or_else(|| {
        let ids: Vec<&str> = ALL.iter().map(|r| r.id).collect();
        Error::Argument(format!("`{name}` is no stop rule: us, uk, anz, or {}", ids.join(", ")))
    })
}

fn findings(request: &StopRequest, warnings: &mut Vec<String>) -> Result<Findings, Error> {
    let uln = optional("uln", request.uln.as_deref(), activity)?;
    if uln.is_none() && (request.alt.is_some() || request.ast.is_some()) {
        warnings.push(format!("no upper limit of normal was given; {ASSUMED_ULN} U/L is assumed"));
    }
    let enzyme = |option: &str, text: &str| {
        Ok(Enzyme { u_per_l: activity(option, text)?, uln_u_per_l: uln.unwrap_or(ASSUMED_ULN) })
    };
    let hours = |option: &str, text: &str| input::in_unit(option, text, "h");
    Ok(Findings {
        level_mg_per_l: optional("level", request.level.as_deref(), input::level)?.map(|l| l.mg_per_l),
        inr: optional("inr", request.inr.as_deref(), input::bare)?,
        alt: optional("alt", request.alt.as_deref(), enzyme)?,
        alt_peak: optional("alt-peak", request.alt_peak.as_deref(), activity)?,
        alt_admission: optional("alt-admission", request.alt_admission.as_deref(), activity)?,
        ast: optional("ast", request.ast.as_deref(), enzyme)?,
        ast_peak: optional("ast-peak", request.ast_peak.as_deref(), activity)?,
        well: optional("well", request.well.as_deref(), input::yes_or_no)?,
        since_last_dose_h: optional("since-last-dose", request.since_last_dose.as_deref(), hours)?,
    })
}

fn text(rule: &StopRule, decision: Stop, each: &[(&Criterion, Met)], warnings: &[String]) -> String {
    let headline = match decision {
        Stop::Stop => "STOP: all criteria are met".to_string(),
        Stop::Continue => format!("CONTINUE: {}", rule.otherwise),
        Stop::NotAssessable => "NOT ASSESSABLE: some criteria are not known; do not stop on this".to_string(),
    };
    let mut out = format!("{headline}\nby {}; all criteria are needed\n", rule.title);
    let lines = each.iter().map(|(c, met)| format!("{}: {} [{}]", met.word(), c.says, cited(c.source)));
    // Writing to a string cannot fail.
    let _ = section(&mut out, "Criteria", lines);
    let _ = section(&mut out, "Warnings", warnings.iter().cloned());
    let _ = writeln!(out, "\n{NOT_A_DEVICE}");
    out
}
