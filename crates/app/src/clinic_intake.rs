//! `hepatica clinic magnesium intake`: magnesium from supplements against allowances and upper levels.

use std::fmt::{self, Write};

use hepatica_clinic::magnesium_intake::{
    Advice, FORMS, Form, Person, Sex, Stage, assess, flagged_advice, form, serum,
};
use hepatica_clinic::regimen_rules::Notice;
use hepatica_report::number::short;
use serde_json::{Value, json};

use crate::answer::{Answer, NOT_A_DEVICE};
use crate::clinic_input as input;
use crate::clinic_magnesium::egfr;
use crate::clinic_regimen::notice;
use crate::clinic_regimen_text::told;
use crate::clinic_triage::section;
use crate::evidence::ids_of;
use crate::refuse::Error;

/// Where the allowances and upper levels are published.
const LEVELS_SOURCE: &str = "Institute of Medicine 1997; EFSA 2015; Scientific Committee on Food 2001";

/// An intake, as typed; a unit is never guessed.
#[derive(Clone, Debug, Default)]
pub struct IntakeRequest {
    /// Elemental magnesium of one dose.
    pub elemental: Option<String>,
    /// Mass of a compound of magnesium in one dose; needs `form`.
    pub mass: Option<String>,
    /// The compound, such as `citrate`.
    pub form: Option<String>,
    /// Doses a day; 1 when absent.
    pub per_day: Option<u32>,
    /// Age.
    pub age: String,
    /// `female` or `male`.
    pub sex: String,
    /// Pregnant.
    pub pregnant: bool,
    /// Breastfeeding.
    pub breastfeeding: bool,
    /// Estimated filtration.
    pub egfr: Option<String>,
    /// Serum magnesium.
    pub serum: Option<String>,
}

/// Assesses an intake of magnesium.
///
/// # Errors
/// What cannot be read.
pub fn intake(request: &IntakeRequest) -> Result<Answer, Error> {
    let person = person(request)?;
    let form = match request.form.as_deref() {
        Some(name) => Some(form(name).ok_or_else(|| unknown_form(name))?),
        None => None,
    };
    let found = Found {
        advice: assess(magnesium_mg(request, form)?, &person),
        form,
        serum: input::optional("serum", request.serum.as_deref(), serum_mmol_per_l)?.map(serum),
    };
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = found.write_text(&mut text);
    Ok(Answer { text, json: found.json() })
}

fn person(request: &IntakeRequest) -> Result<Person, Error> {
    let age_y = input::age_years("age", &request.age)?;
    if age_y > 125.0 {
        return Err(input::refused("age", &request.age, "is not an age; at most 125 years"));
    }
    let sex = input::word("sex", &request.sex, &[Sex::Female, Sex::Male], |s| match s {
        Sex::Female => "female",
        Sex::Male => "male",
    })?;
    let stage = match (request.pregnant, request.breastfeeding) {
        (false, false) => Stage::Usual,
        (true, false) => Stage::Pregnancy,
        (false, true) => Stage::Lactation,
        (true, true) => {
            return Err(Error::Argument(
                "no allowance is published for pregnant and breastfeeding together; give one".into(),
            ));
        }
    };
    if stage != Stage::Usual && sex == Sex::Male {
        return Err(Error::Argument("--pregnant and --breastfeeding need --sex female".into()));
    }
    Ok(Person { age_y, sex, stage, egfr: input::optional("egfr", request.egfr.as_deref(), egfr)? })
}

/// Elemental magnesium in mg a day.
fn magnesium_mg(request: &IntakeRequest, form: Option<&Form>) -> Result<f64, Error> {
    let per_day = request.per_day.unwrap_or(1);
    if !(1..=24).contains(&per_day) {
        return Err(Error::Argument(format!("--per-day {per_day}: between 1 and 24 doses a day")));
    }
    let one = match (request.elemental.as_deref(), request.mass.as_deref(), form) {
        (Some(text), None, _) => input::positive("elemental", text, "mg")?,
        (None, Some(text), Some(form)) => {
            let fraction = form.magnesium_fraction().map_err(|e| Error::Argument(e.to_string()))?;
            input::positive("mass", text, "mg")? * fraction
        }
        (None, Some(_), None) => {
            return Err(Error::Argument("--mass is of a compound: say which with --form".into()));
        }
        _ => {
            let message = "give either --elemental, the magnesium itself, or --mass and --form of a compound";
            return Err(Error::Argument(message.into()));
        }
    };
    Ok(one * f64::from(per_day))
}

fn unknown_form(name: &str) -> Error {
    let known: Vec<&str> = FORMS.iter().map(|f| f.name).collect();
    input::refused("form", name, format!("is none of {}; give --elemental instead", known.join(", ")))
}

/// Serum magnesium from mmol/L, mg/dL or mEq/L.
fn serum_mmol_per_l(option: &str, text: &str) -> Result<f64, Error> {
    if let Ok(mmol) = input::positive(option, text, "mmol/L") {
        return Ok(mmol);
    }
    let mass = hepatica_chem::find("magnesium").map_err(|e| Error::Argument(e.to_string()))?.molar_mass();
    match input::positive(option, text, "mg/dL") {
        Ok(mg_per_dl) => Ok(mg_per_dl * 10.0 / mass),
        Err(_) => Err(input::refused(option, text, "give it in mmol/L or mg/dL; the unit is never guessed")),
    }
}

struct Found {
    advice: Advice,
    form: Option<&'static Form>,
    serum: Option<Notice>,
}

impl Found {
    fn json(&self) -> Value {
        let advice = &self.advice;
        let reference = &advice.reference;
        let multiple = |limit: Option<f64>| limit.map(|mg| advice.magnesium_mg / mg);
        json!({
            "schema": "hepatica.magnesium/1",
            "notice": NOT_A_DEVICE,
            "question": "intake",
            "decision": if advice.blocked { "blocked" } else { "within_limits" },
            "magnesium_mg_per_day": advice.magnesium_mg,
            "magnesium_mmol_per_day": mmol(advice.magnesium_mg),
            "reference": {
                "rda_iom_mg": reference.iom_mg,
                "ai_efsa_mg": reference.efsa_mg,
                "ul_iom_mg": reference.ul_iom_mg,
                "ul_efsa_mg": reference.ul_efsa_mg,
                "source": LEVELS_SOURCE,
                "evidence": ids_of(LEVELS_SOURCE),
            },
            "multiple_of_ul_iom": multiple(reference.ul_iom_mg),
            "multiple_of_ul_efsa": multiple(reference.ul_efsa_mg),
            "form": self.form.map(form_json),
            "forms": FORMS.iter().map(form_json).collect::<Vec<_>>(),
            "serum": self.serum.as_ref().map(notice),
            "notices": advice.notices.iter().map(notice).collect::<Vec<_>>(),
            "flagged_advice": flagged_advice().iter().map(notice).collect::<Vec<_>>(),
        })
    }

    fn write_text(&self, out: &mut String) -> fmt::Result {
        let advice = &self.advice;
        let reference = &advice.reference;
        let headline = if advice.blocked { "BLOCKED" } else { "WITHIN THE UPPER LEVEL" };
        writeln!(out, "{headline}\n")?;
        let (mg, of) = (advice.magnesium_mg, |mg: f64| short(mmol(mg), 3));
        writeln!(
            out,
            "  intake       {} mg of magnesium a day ({} mmol) from supplements",
            short(mg, 4),
            of(mg)
        )?;
        writeln!(out, "  allowance    {} mg a day with food (IOM 1997)", reference.iom_mg)?;
        if let Some(mg) = reference.efsa_mg {
            writeln!(out, "  adequate     {mg} mg a day with food (EFSA 2015)")?;
        }
        for (level, whose) in [(reference.ul_iom_mg, "IOM 1997"), (reference.ul_efsa_mg, "SCF 2001, EFSA")] {
            match level {
                Some(mg) => writeln!(out, "  upper level  {mg} mg a day from supplements ({whose})")?,
                None => writeln!(out, "  upper level  none set at this age ({whose})")?,
            }
        }
        section(out, "To know", advice.notices.iter().chain(&self.serum).map(told))?;
        let forms = FORMS
            .iter()
            .map(|f| format!("{}: {} % magnesium; absorption {}", f.name, percent(f), f.absorption));
        section(out, "Forms", forms)?;
        section(out, "Advice that must not be followed", flagged_advice().iter().map(told))?;
        writeln!(out, "\n{NOT_A_DEVICE}")
    }
}

fn mmol(mg: f64) -> f64 {
    mg / hepatica_chem::find("magnesium").map_or(f64::NAN, hepatica_chem::Compound::molar_mass)
}

fn percent(form: &Form) -> String {
    form.magnesium_fraction().map_or_else(|e| e.to_string(), |fraction| short(fraction * 100.0, 3))
}

fn form_json(form: &Form) -> Value {
    json!({
        "name": form.name,
        "compound": form.compound,
        "magnesium_fraction": form.magnesium_fraction().ok(),
        "absorption": form.absorption,
    })
}
