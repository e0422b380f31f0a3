//! The magnesium that the arms of a study carry when acetylcysteine is given as Mg(NAC)2 -> what is to be known of it.
//!
//! The rules are those of `hepatica clinic magnesium`; an arm that also has acetaminophen uses the salt as an antidote,
//! which is never recommended.

use hepatica_clinic::magnesium_check::{self, Finding, Purpose, Request, Route};
use hepatica_clinic::regimen_rules::Notice;
use hepatica_dose::{Dose, Subject, canonical_route};
use hepatica_trial::{Arm, Study};

/// The salt.
const SALT: &str = "magnesium-acetylcysteinate";

/// What is to be known of some arms of a study.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Caution {
    /// The arms it holds for, by name.
    pub(crate) arms: Vec<String>,
    /// Its stable code.
    pub(crate) code: &'static str,
    /// What is to be known.
    pub(crate) text: String,
}

/// The cautions of all arms; arms that share one are named together, in their order.
pub(crate) fn cautions(study: &Study) -> Vec<Caution> {
    let mut all: Vec<Caution> = Vec::new();
    for arm in &study.arms {
        for (code, text) in of_arm(arm, study.subject.weight_kg) {
            match all.iter_mut().find(|c| c.code == code && c.text == text) {
                Some(caution) => caution.arms.push(arm.name.clone()),
                None => all.push(Caution { arms: vec![arm.name.clone()], code, text }),
            }
        }
    }
    all
}

/// One line for people.
pub(crate) fn sentence(caution: &Caution) -> String {
    format!("{}: {}", caution.arms.join("; "), caution.text)
}

/// A dose of the salt in numbers.
struct Salt {
    nac_mg: f64,
    /// `None` by mouth.
    over_h: Option<f64>,
    /// Doses of it that begin in the first 24 h after the first.
    per_day: u32,
    at_h: f64,
}

fn of_arm(arm: &Arm, weight_kg: f64) -> Vec<(&'static str, String)> {
    let subject = Subject { weight_kg: Some(weight_kg), ..Subject::default() };
    let doses: Vec<Dose> = arm.doses.iter().filter_map(|g| g.doses(&subject).ok()).flatten().collect();
    let is = |dose: &Dose, id: &str| hepatica_chem::find(&dose.drug).is_ok_and(|c| c.id == id);
    let salts: Vec<Salt> = doses.iter().filter(|d| is(d, SALT)).filter_map(|d| salt(d, &subject)).collect();
    let antidote = doses.iter().any(|d| is(d, "acetaminophen"));
    let purpose = if antidote { Purpose::Antidote } else { Purpose::Supplement };
    let mut found: Vec<(&'static str, String)> = Vec::new();
    for infused in [true, false] {
        let of_route: Vec<&Salt> = salts.iter().filter(|s| s.over_h.is_some() == infused).collect();
        let Some(checked) = check(&of_route, weight_kg, purpose) else { continue };
        let rates = checked.fastest.iter().flat_map(|f| &f.notices).filter(|n| RATES.contains(&n.code));
        let of_day = checked.day.notices.iter().filter(|n| amounts(n));
        let told = checked.day.reasons.iter().chain(rates).chain(of_day);
        for line in told.map(|n| (n.code, n.text.clone())).chain(ceiling(&checked.day)) {
            if !found.contains(&line) {
                found.push(line);
            }
        }
    }
    found
}

/// The notices that are about the rate of an infusion.
const RATES: [&str; 2] = ["magnesium/rate", "magnesium/maintenance"];

/// The dose that runs in fastest, for infusions, and the doses of the first day together.
struct Checked {
    fastest: Option<Finding>,
    day: Finding,
}

/// Notices that a study should repeat: those of amounts, and that nobody has studied the salt.
fn amounts(notice: &Notice) -> bool {
    let general = ["magnesium/caution", "magnesium/renal-unknown", "magnesium/upper-level-by-mouth"];
    !general.contains(&notice.code) && !RATES.contains(&notice.code)
}

fn salt(dose: &Dose, subject: &Subject) -> Option<Salt> {
    let nac = hepatica_chem::find("acetylcysteine").ok()?;
    let umol = dose.umol(subject).ok()?;
    let infused = canonical_route(&dose.route) == "iv";
    let over_h = dose.over_h(subject).ok()?;
    let per_day = dose.repeats.map_or(1, |r| {
        let in_a_day = (24.0 / r.interval_h).ceil().max(1.0);
        in_a_day.min(f64::from(r.additional) + 1.0) as u32
    });
    // A mole of the salt holds two of acetylcysteine; a push of less than a minute counts as one minute.
    let nac_mg = 2.0 * umol * nac.molar_mass() / 1000.0;
    Some(Salt { nac_mg, over_h: infused.then_some(over_h.max(1.0 / 60.0)), per_day, at_h: dose.at_h })
}

fn check(salts: &[&Salt], weight_kg: f64, purpose: Purpose) -> Option<Checked> {
    let rate = |s: &Salt| s.nac_mg / s.over_h.unwrap_or(1.0);
    let fastest = salts.iter().max_by(|a, b| rate(a).total_cmp(&rate(b)))?;
    let start_h = salts.iter().map(|s| s.at_h).fold(f64::INFINITY, f64::min);
    let first_day = salts.iter().filter(|s| s.at_h < start_h + 24.0);
    let day_mg: f64 = first_day.map(|s| s.nac_mg * f64::from(s.per_day)).sum();
    let checked = |nac_mg: f64, over_h: Option<f64>| {
        let route = over_h.map_or(Route::Oral, |over_h| Route::Iv { over_h });
        let per_day = 1;
        let request = Request { nac_mg, nac_mg_per_kg: None, weight_kg, route, per_day, purpose, egfr: None };
        magnesium_check::check(&request).ok()
    };
    let day = checked(day_mg, fastest.over_h.map(|_| 24.0))?;
    Some(Checked { fastest: fastest.over_h.and_then(|h| checked(fastest.nac_mg, Some(h))), day })
}

/// How far serum magnesium would rise if nothing were excreted, for infusions.
fn ceiling(finding: &Finding) -> Option<(&'static str, String)> {
    let rises = &finding.predictions.first().filter(|_| finding.rate.is_some())?.rises;
    let most = rises.iter().map(|r| r.rise_mmol_per_l).fold(0.0, f64::max);
    let least = rises.iter().map(|r| r.rise_mmol_per_l).fold(f64::INFINITY, f64::min);
    let text = format!(
        "Without excretion the {:.1} mmol of magnesium of a day would raise the serum by {least:.1} to {most:.1} mmol/L.",
        finding.day.mmol
    );
    Some(("magnesium/ceiling", text))
}
