//! `hepatica clinic magnesium`: the magnesium of acetylcysteine given as Mg(NAC)2, and intake of magnesium.

use std::fmt::{self, Write};

use hepatica_clinic::magnesium::{Load, Rise};
use hepatica_clinic::magnesium_check::{Decision, Finding, InfusionRate, Purpose, Request, Route, check};
use hepatica_clinic::magnesium_limits::{
    EGFR_LIMIT, RATE_LIMIT_MG_PER_MIN, RENAL_LIMIT_G, RENAL_LIMIT_H, UL_EFSA_MG, UL_IOM_MG,
};
use hepatica_clinic::regimen::PLAUSIBLE_KG;
use hepatica_dose::{Amount, parse_amount};
use hepatica_report::number::short;
use hepatica_unit::Unit;
use serde_json::{Value, json};

use crate::answer::{Answer, NOT_A_DEVICE};
use crate::clinic_input as input;
use crate::clinic_regimen::notice;
use crate::clinic_regimen_text::{pounds, told};
use crate::clinic_triage::section;
use crate::refuse::Error;

/// A dose of acetylcysteine, as typed; a unit is never guessed.
#[derive(Clone, Debug, Default)]
pub struct MagnesiumRequest {
    /// Acetylcysteine of one dose, such as `150 mg/kg` or `600 mg`.
    pub nac: String,
    /// Body weight.
    pub weight: String,
    /// `iv` or `oral`.
    pub route: String,
    /// Duration of an infusion.
    pub over: Option<String>,
    /// Doses a day; 1 when absent.
    pub per_day: Option<u32>,
    /// `antidote` or `supplement`; by the dose when absent.
    pub purpose: Option<String>,
    /// Estimated filtration.
    pub egfr: Option<String>,
}

/// Checks a dose given as Mg(NAC)2.
///
/// # Errors
/// What cannot be read.
pub fn magnesium(request: &MagnesiumRequest) -> Result<Answer, Error> {
    let finding = check(&read(request)?).map_err(|e| Error::Argument(e.to_string()))?;
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = write_text(&mut text, &finding);
    Ok(Answer { text, json: finding_json(&finding) })
}

fn read(request: &MagnesiumRequest) -> Result<Request, Error> {
    let weight_kg = input::positive("weight", &request.weight, "kg")?;
    if !PLAUSIBLE_KG.contains(&weight_kg) {
        let (low, high) = (PLAUSIBLE_KG.start(), PLAUSIBLE_KG.end());
        return Err(input::refused(
            "weight",
            &request.weight,
            format!("is not between {low} kg and {high} kg"),
        ));
    }
    let (nac_mg, nac_mg_per_kg) = dose(&request.nac, weight_kg)?;
    let route = route(request)?;
    let words = ["antidote", "supplement"];
    let said = |o: &str, text: &str| input::word(o, text, &words, |w| w);
    let purpose = match input::optional("use", request.purpose.as_deref(), said)? {
        Some("supplement") => Purpose::Supplement,
        Some(_) => Purpose::Antidote,
        // Nobody infuses a supplement or takes it by body weight.
        None if nac_mg_per_kg.is_some() || route != Route::Oral => Purpose::Antidote,
        None => Purpose::Supplement,
    };
    let per_day = request.per_day.unwrap_or(1);
    if !(1..=24).contains(&per_day) {
        return Err(Error::Argument(format!("--per-day {per_day}: between 1 and 24 doses a day")));
    }
    let egfr = input::optional("egfr", request.egfr.as_deref(), egfr)?;
    Ok(Request { nac_mg, nac_mg_per_kg, weight_kg, route, per_day, purpose, egfr })
}

/// A dose of acetylcysteine in mg, and in mg/kg when it was written so.
fn dose(text: &str, weight_kg: f64) -> Result<(f64, Option<f64>), Error> {
    let amount = parse_amount(text).map_err(|e| {
        let hint = e.hint.map_or(String::new(), |h| format!("; {h}"));
        input::refused("nac", text, format!("{}{hint}", e.message))
    })?;
    let in_mg = |weight_kg: f64| -> Result<f64, Error> {
        let quantity = amount.for_weight(Some(weight_kg)).map_err(|e| input::refused("nac", text, e))?;
        if let Ok(mg) = quantity.convert(&Unit::milligram()) {
            return Ok(mg);
        }
        let umol = quantity.convert(&Unit::micromole()).map_err(|e| input::refused("nac", text, e))?;
        let nac = hepatica_chem::find("acetylcysteine").map_err(|e| Error::Argument(e.to_string()))?;
        Ok(umol * nac.molar_mass() / 1000.0)
    };
    let mg = in_mg(weight_kg)?;
    if mg <= 0.0 {
        return Err(input::refused("nac", text, "must be above zero"));
    }
    // A cap makes the dose per kilogram fall with weight, so that no threshold of weight follows from it.
    let uncapped = matches!(&amount, Amount::PerKg(_, cap) if *cap == hepatica_dose::Cap::default());
    Ok((mg, if uncapped { Some(in_mg(1.0)?) } else { None }))
}

fn route(request: &MagnesiumRequest) -> Result<Route, Error> {
    let route = input::word("route", &request.route, &["iv", "oral"], |w| w)?;
    match (route, request.over.as_deref()) {
        ("iv", Some(over)) => Ok(Route::Iv { over_h: input::positive("over", over, "h")? }),
        ("iv", None) => Err(Error::Argument("--route iv needs --over, the duration of the infusion".into())),
        (_, Some(over)) => Err(input::refused("over", over, "a dose by mouth has no duration")),
        (_, None) => Ok(Route::Oral),
    }
}

/// Reads a filtration in mL/min/1.73 m2; mL/min alone is taken as a clearance against the same limit.
pub(crate) fn egfr(option: &str, text: &str) -> Result<f64, Error> {
    let plain = ["/1.73m2", "/1.73 m2", "/1.73m^2", "/1.73 m^2", "/1.73m²", "/1.73 m²"];
    let without = plain.iter().find_map(|ending| text.trim().strip_suffix(ending)).unwrap_or(text);
    input::in_unit(option, without, "mL/min").map_err(|_| {
        input::refused(option, text, "write it as in `45 mL/min/1.73m2`; the unit is never guessed")
    })
}

fn load_json(load: &Load) -> Value {
    json!({
        "nac_mg": load.nac_mg,
        "salt_mg": load.salt_mg,
        "magnesium_mg": load.magnesium_mg,
        "magnesium_mmol": load.mmol,
        "magnesium_meq": load.meq,
        "mgso4_7h2o_g": load.sulfate_g,
        "multiple_of_ul_iom": load.multiple_of(UL_IOM_MG),
        "multiple_of_ul_efsa": load.multiple_of(UL_EFSA_MG),
    })
}

fn rate_json(rate: &InfusionRate) -> Value {
    json!({
        "mgso4_7h2o_mg_per_min": rate.mg_per_min,
        "mgso4_7h2o_g_per_h": rate.g_per_h,
        "limit_mg_per_min": RATE_LIMIT_MG_PER_MIN,
        "multiple_of_limit": rate.multiple_of_limit,
        "weight_at_limit_kg": rate.weight_at_limit_kg,
    })
}

fn rise_json(absorbed: f64, rise: &Rise) -> Value {
    json!({
        "absorbed_fraction": absorbed,
        "volume_l_per_kg": rise.volume_l_per_kg,
        "rise_mmol_per_l": rise.rise_mmol_per_l,
        "peak_mmol_per_l": rise.peak_mmol_per_l,
        "peak_mg_per_dl": mg_per_dl(rise.peak_mmol_per_l),
        "effects": rise.effects.iter().map(|e| e.text).collect::<Vec<_>>(),
    })
}

/// mg/dL of magnesium.
fn mg_per_dl(mmol_per_l: f64) -> f64 {
    mmol_per_l * hepatica_chem::find("magnesium").map_or(f64::NAN, hepatica_chem::Compound::molar_mass) / 10.0
}

fn finding_json(finding: &Finding) -> Value {
    let request = &finding.request;
    let infused = finding.rate.is_some();
    let predictions =
        finding.predictions.iter().flat_map(|p| p.rises.iter().map(|r| rise_json(p.absorbed, r)));
    json!({
        "schema": "hepatica.magnesium/1",
        "notice": NOT_A_DEVICE,
        "question": "dose",
        "decision": finding.decision.word(),
        "reasons": finding.reasons.iter().map(notice).collect::<Vec<_>>(),
        "request": {
            "nac_mg": request.nac_mg,
            "nac_mg_per_kg": request.nac_mg_per_kg,
            "weight_kg": request.weight_kg,
            "route": if infused { "iv" } else { "oral" },
            "over_h": match request.route { Route::Iv { over_h } => Some(over_h), Route::Oral => None },
            "per_day": request.per_day,
            "use": if request.purpose == Purpose::Antidote { "antidote" } else { "supplement" },
            "egfr_ml_per_min_per_1_73_m2": request.egfr,
        },
        "dose": load_json(&finding.load),
        "day": load_json(&finding.day),
        "upper_level_applies": !infused,
        "rate": finding.rate.as_ref().map(rate_json),
        "renal": {
            "egfr_limit": EGFR_LIMIT,
            "mgso4_7h2o_limit_g": RENAL_LIMIT_G,
            "within_h": RENAL_LIMIT_H,
            "weight_at_limit_kg": finding.weight_at_renal_limit_kg,
        },
        "prediction": predictions.collect::<Vec<_>>(),
        "is_prediction": true,
        "notices": finding.notices.iter().map(notice).collect::<Vec<_>>(),
    })
}

fn write_text(out: &mut String, finding: &Finding) -> fmt::Result {
    let request = &finding.request;
    let headline = match finding.decision {
        Decision::Blocked => "BLOCKED",
        Decision::WithinLimits => "WITHIN LIMITS: nothing here forbids it; the cautions hold",
        Decision::NotAssessable => "NOT ASSESSABLE: the renal function must be known first (--egfr)",
    };
    writeln!(out, "{headline}")?;
    for reason in &finding.reasons {
        writeln!(out, "  - {}", told(reason))?;
    }
    let kg = request.weight_kg;
    writeln!(
        out,
        "\n{} mg of acetylcysteine as Mg(NAC)2 for {} kg ({} lb): a prediction, no human has been studied\n",
        short(request.nac_mg, 6),
        short(kg, 6),
        short(pounds(kg), 4)
    )?;
    write_load(out, &finding.load)?;
    if request.per_day > 1 {
        writeln!(out, "\n  {} times a day:", request.per_day)?;
        write_load(out, &finding.day)?;
    }
    if let Some(rate) = &finding.rate {
        write_rate(out, rate)?;
    }
    if let Some(kg) = finding.weight_at_renal_limit_kg {
        writeln!(
            out,
            "  renal        above {RENAL_LIMIT_G} g of MgSO4.7H2O in {RENAL_LIMIT_H} h from {kg:.2} kg on"
        )?;
    }
    writeln!(out, "\nPredicted serum magnesium without excretion")?;
    for prediction in &finding.predictions {
        for rise in &prediction.rises {
            write_rise(out, prediction.absorbed, rise)?;
        }
    }
    section(out, "To know", finding.notices.iter().map(told))?;
    writeln!(out, "\n{NOT_A_DEVICE}")
}

fn write_load(out: &mut String, load: &Load) -> fmt::Result {
    writeln!(out, "  salt         {} g", short(load.salt_mg / 1000.0, 4))?;
    writeln!(
        out,
        "  magnesium    {} mg = {} mmol = {} mEq",
        short(load.magnesium_mg, 4),
        short(load.mmol, 4),
        short(load.meq, 4)
    )?;
    writeln!(out, "  equivalent   {} g of MgSO4.7H2O", short(load.sulfate_g, 4))?;
    writeln!(
        out,
        "  upper level  {:.2} times {UL_IOM_MG} mg (IOM 1997), {:.2} times {UL_EFSA_MG} mg (EFSA)",
        load.multiple_of(UL_IOM_MG),
        load.multiple_of(UL_EFSA_MG)
    )
}

fn write_rate(out: &mut String, rate: &InfusionRate) -> fmt::Result {
    writeln!(
        out,
        "  rate         {} mg/min of MgSO4.7H2O ({} g/h), {:.2} times the label's {RATE_LIMIT_MG_PER_MIN} mg/min",
        short(rate.mg_per_min, 4),
        short(rate.g_per_h, 3),
        rate.multiple_of_limit
    )?;
    if let Some(kg) = rate.weight_at_limit_kg {
        writeln!(out, "               faster than the label from {kg:.2} kg on")?;
    }
    Ok(())
}

fn write_rise(out: &mut String, absorbed: f64, rise: &Rise) -> fmt::Result {
    let share = if absorbed < 1.0 { format!("{} % absorbed, ", absorbed * 100.0) } else { String::new() };
    let worst = rise.effects.last().map_or("no effect described", |e| e.text);
    writeln!(
        out,
        "  {share}V {} L/kg: +{:.2} mmol/L, to {:.2} mmol/L ({:.1} mg/dL): {worst}",
        rise.volume_l_per_kg,
        rise.rise_mmol_per_l,
        rise.peak_mmol_per_l,
        mg_per_dl(rise.peak_mmol_per_l)
    )
}
