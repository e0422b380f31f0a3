//! Doses that a model refuses because nobody can mean them, and studies that give them all the same, with a reason.

use hepatica_dose::{Amount, Dose, parse_amount, required_text, same_drug};
use hepatica_model::Model;
use hepatica_source::table::{Problems, Table};
use hepatica_source::{Diagnostic, Span};

use crate::plan::WEIGHT;
use crate::read::PLAUSIBLE_KG;
use crate::study::{Given, Study};

/// The doses of a drug per kilogram of body weight that are plausible in a model's subject.
#[derive(Clone, Debug, PartialEq)]
pub struct PlausibleDose {
    /// The drug, by any of its names.
    pub drug: String,
    /// The smallest plausible dose for a kilogram.
    pub from: Amount,
    /// The largest.
    pub to: Amount,
    /// Why others are refused.
    pub because: String,
    /// What a study names to give another dose all the same.
    pub id: String,
}

/// A refusal that a study overrides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// The refusal.
    pub id: String,
    /// Why the study does it.
    pub reason: String,
    /// Where it stands.
    pub span: Span,
}

/// The `[[plausible_dose]]` tables of a view.
pub(crate) fn read_plausible(table: &mut Table, problems: &mut Problems) -> Vec<PlausibleDose> {
    let tables = table.tables("plausible_dose", problems);
    tables.into_iter().filter_map(|table| plausible(table, problems)).collect()
}

fn plausible(mut table: Table, problems: &mut Problems) -> Option<PlausibleDose> {
    let drug = table.required_text("drug", problems);
    let from = required_text(&mut table, "from", parse_amount, problems);
    let to = required_text(&mut table, "to", parse_amount, problems);
    let because = table.required_text("because", problems);
    let id = table.required_text("id", problems);
    table.finish(problems);
    let (from, to) = (from?, to?);
    for amount in [&from, &to] {
        if let Amount::Total(_) = amount.value {
            let message = "a plausible dose is one per kilogram, such as \"10 mg/kg\"";
            problems.push(Diagnostic::error("view/plausible-dose", message).at(amount.span, ""));
            return None;
        }
    }
    Some(PlausibleDose {
        drug: drug?.value,
        from: from.value,
        to: to.value,
        because: because?.value,
        id: id?.value,
    })
}

/// The `[[override]]` tables of a study.
pub(crate) fn read_accepted(table: &mut Table, problems: &mut Problems) -> Vec<Accepted> {
    let tables = table.tables("override", problems);
    let read = |mut table: Table| {
        let id = table.required_text("id", problems);
        let reason = table.required_text("reason", problems);
        table.finish(problems);
        let id = id?;
        Some(Accepted { id: id.value, reason: reason?.value, span: id.span })
    };
    tables.into_iter().filter_map(read).collect()
}

/// Weighs the subject: what the study says must be plausible for the model's subject, and where it says nothing the
/// model's own weight holds. A model of an animal says how light its animals are by the range of `weight`.
pub fn weigh(study: &mut Study, model: &Model) -> Vec<Diagnostic> {
    let own = model.find(WEIGHT);
    let range = own.and_then(|id| model.provenance(id).range);
    let initial = own.and_then(|id| model.vars[id].initial).and_then(|node| model.number(node));
    let Some(span) = study.subject.weight else {
        study.subject.weight_kg = initial.unwrap_or(study.subject.weight_kg);
        return Vec::new();
    };
    let (least, most) = (*PLAUSIBLE_KG.start(), *PLAUSIBLE_KG.end());
    let (least, most) = match range {
        // An animal lighter than any child: its own range.
        Some((low, high)) if low < least => (low, high),
        _ => (least, most),
    };
    let weight_kg = study.subject.weight_kg;
    if (least..=most).contains(&weight_kg) {
        return Vec::new();
    }
    let message = format!("a body weight of {weight_kg} kg is not plausible");
    let hint = format!("between {least} kg and {most} kg");
    vec![Diagnostic::error("study/weight", message).at(span, "").hint(hint)]
}

/// Every dose of a study that is not plausible and not overridden; an override of nothing is told as well.
pub fn check_doses(study: &Study, plausible: &[PlausibleDose]) -> Vec<Diagnostic> {
    let subject = hepatica_dose::Subject { weight_kg: Some(study.subject.weight_kg), ..Default::default() };
    let mut problems = Vec::new();
    let mut used = vec![false; study.accepted.len()];
    for arm in &study.arms {
        // A course that cannot be given is told where it is planned.
        let doses = arm.doses.iter().filter_map(|given: &Given| given.doses(&subject).ok()).flatten();
        for dose in doses {
            for rule in plausible.iter().filter(|rule| is_outside(&dose, rule, study.subject.weight_kg)) {
                match study.accepted.iter().position(|accepted| accepted.id == rule.id) {
                    Some(at) => used[at] = true,
                    None => problems.push(refused(&dose, rule)),
                }
            }
        }
    }
    let unused = study.accepted.iter().zip(used).filter(|(_, used)| !used);
    problems.extend(unused.map(|(accepted, _)| {
        let message = format!("`{}` overrides nothing here", accepted.id);
        Diagnostic::error("study/override", message).at(accepted.span, "").hint("leave it out")
    }));
    problems.dedup();
    problems
}

fn refused(dose: &Dose, rule: &PlausibleDose) -> Diagnostic {
    let message = format!("{} of {} is not a plausible dose", dose.amount, dose.drug);
    let hint = format!(
        "{}. Plausible are {} to {}; to give it all the same, add [[override]] with id = \"{}\" and a reason, which the results then carry",
        rule.because, rule.from, rule.to, rule.id
    );
    let mut diagnostic = Diagnostic::error("study/implausible-dose", message).hint(hint);
    if let Some(span) = dose.span {
        diagnostic = diagnostic.at(span, "");
    }
    diagnostic
}

/// Whether a dose is one of the drug and beyond what is plausible. An amount that cannot be compared is left to the planner.
fn is_outside(dose: &Dose, rule: &PlausibleDose, weight_kg: f64) -> bool {
    let per_kg = |amount: &Amount, kg: f64| amount.micromoles_of(&rule.drug, Some(kg)).map(|umol| umol / kg);
    let found = (per_kg(&dose.amount, weight_kg), per_kg(&rule.from, 1.0), per_kg(&rule.to, 1.0));
    match found {
        // A dose at the very border may differ in its last digit.
        (Ok(given), Ok(from), Ok(to)) if same_drug(&dose.drug, &rule.drug) => {
            given < from * (1.0 - 1e-9) || given > to * (1.0 + 1e-9)
        }
        _ => false,
    }
}
