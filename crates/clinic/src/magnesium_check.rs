//! A dose of acetylcysteine as Mg(NAC)2 -> whether it may be given, and why not.

use hepatica_chem::UnknownCompound;

use crate::magnesium::{Load, Masses, Rise, predicted_rise, weight_at_rate, weight_at_total};
use crate::magnesium_limits::{
    ABSORBED, BLOCKED_AS_ANTIDOTE, CAUTIONS, DAY_LIMIT_G, EGFR_LIMIT, MAINTENANCE_G_PER_H,
    RATE_LIMIT_MG_PER_MIN, RENAL_LIMIT_G, SUPPLEMENT_NAC_MG, UL_EFSA_MG, UL_IOM_MG, WEAKNESS_MG,
};
use crate::regimen_rules::Notice;

/// How the dose is taken.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Route {
    /// Into a vein over so many hours.
    Iv {
        /// Duration of the infusion in h.
        over_h: f64,
    },
    /// By mouth.
    Oral,
}

/// What the dose is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Acetaminophen overdose.
    Antidote,
    /// A supplement or mucolytic.
    Supplement,
}

/// A dose to be checked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Request {
    /// Acetylcysteine of one dose, in mg.
    pub nac_mg: f64,
    /// Acetylcysteine in mg/kg when the dose was asked for per kilogram; thresholds of weight need it.
    pub nac_mg_per_kg: Option<f64>,
    /// Body weight in kg.
    pub weight_kg: f64,
    /// How it is taken.
    pub route: Route,
    /// Doses in 24 h, at least 1.
    pub per_day: u32,
    /// What it is for.
    pub purpose: Purpose,
    /// Estimated filtration in mL/min/1.73 m2, if known.
    pub egfr: Option<f64>,
}

/// Whether a dose may be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It must not.
    Blocked,
    /// Nothing here forbids it; the cautions hold.
    WithinLimits,
    /// The renal function must be known first.
    NotAssessable,
}

impl Decision {
    /// The word used in results.
    pub fn word(self) -> &'static str {
        match self {
            Decision::Blocked => "blocked",
            Decision::WithinLimits => "within_limits",
            Decision::NotAssessable => "not_assessable",
        }
    }
}

/// The rate of an infusion against the label of magnesium sulfate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct InfusionRate {
    /// MgSO4.7H2O in mg/min.
    pub mg_per_min: f64,
    /// MgSO4.7H2O in g/h.
    pub g_per_h: f64,
    /// As a multiple of 150 mg/min.
    pub multiple_of_limit: f64,
    /// The weight in kg from which on the dose per kilogram is faster than the limit.
    pub weight_at_limit_kg: Option<f64>,
}

/// The rise of serum magnesium for one absorbed fraction.
#[derive(Clone, Debug, PartialEq)]
pub struct Prediction {
    /// The fraction that reaches the blood.
    pub absorbed: f64,
    /// By volume of distribution.
    pub rises: Vec<Rise>,
}

/// What the check found.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The request.
    pub request: Request,
    /// Whether it may be given.
    pub decision: Decision,
    /// Why not; empty unless blocked or not assessable.
    pub reasons: Vec<Notice>,
    /// The magnesium of one dose.
    pub load: Load,
    /// The magnesium of a day.
    pub day: Load,
    /// The rate, for an infusion.
    pub rate: Option<InfusionRate>,
    /// The weight in kg from which on the infusions of a day pass the limit of severe renal insufficiency.
    pub weight_at_renal_limit_kg: Option<f64>,
    /// Serum magnesium after one dose, by absorbed fraction.
    pub predictions: Vec<Prediction>,
    /// What else is to be known.
    pub notices: Vec<Notice>,
}

/// Checks a dose given as Mg(NAC)2.
///
/// # Errors
/// A compound that the table of compounds lacks.
pub fn check(request: &Request) -> Result<Finding, UnknownCompound> {
    let masses = Masses::new()?;
    let load = masses.load(request.nac_mg);
    let day = masses.load(request.nac_mg * f64::from(request.per_day));
    let rate = match request.route {
        Route::Iv { over_h } => Some(infusion_rate(&masses, request, &load, over_h)),
        Route::Oral => None,
    };
    let absorbed = if rate.is_some() { vec![1.0] } else { ABSORBED.to_vec() };
    let predict = |f: f64| Prediction { absorbed: f, rises: predicted_rise(load.mmol, f, request.weight_kg) };
    let per_day = f64::from(request.per_day);
    let infused_per_kg = request.nac_mg_per_kg.filter(|_| rate.is_some());
    let weight_at_renal_limit_kg =
        infused_per_kg.and_then(|per_kg| weight_at_total(&masses, per_kg * per_day, RENAL_LIMIT_G));
    let reasons = reasons(request, &day);
    let decision = match (reasons.is_empty(), request.egfr) {
        (false, _) => Decision::Blocked,
        (true, None) => Decision::NotAssessable,
        (true, Some(_)) => Decision::WithinLimits,
    };
    Ok(Finding {
        request: *request,
        decision,
        reasons,
        load,
        day,
        rate,
        weight_at_renal_limit_kg,
        predictions: absorbed.into_iter().map(predict).collect(),
        notices: notices(request, &day, rate.as_ref()),
    })
}

fn infusion_rate(masses: &Masses, request: &Request, load: &Load, over_h: f64) -> InfusionRate {
    let mg_per_min = load.sulfate_mg_per_min(over_h);
    let weight = |per_kg: f64| weight_at_rate(masses, per_kg, over_h, RATE_LIMIT_MG_PER_MIN);
    InfusionRate {
        mg_per_min,
        g_per_h: load.sulfate_g_per_h(over_h),
        multiple_of_limit: mg_per_min / RATE_LIMIT_MG_PER_MIN,
        weight_at_limit_kg: request.nac_mg_per_kg.and_then(weight),
    }
}

/// Why the dose is blocked, the strongest reason first.
fn reasons(request: &Request, day: &Load) -> Vec<Notice> {
    let mut found = Vec::new();
    let infused = matches!(request.route, Route::Iv { .. });
    if request.purpose == Purpose::Antidote {
        found.push(Notice::new("magnesium/antidote", BLOCKED_AS_ANTIDOTE));
    } else if infused {
        found.push(Notice::new("magnesium/no-product", "There is no product of Mg(NAC)2 for infusion."));
    }
    if let Some(egfr) = request.egfr.filter(|e| *e < EGFR_LIMIT) {
        let text = format!(
            "An eGFR of {egfr} mL/min/1.73 m2 is below {EGFR_LIMIT}: the kidney is the only way out for magnesium."
        );
        found.push(
            Notice::new("magnesium/renal", text).by("KDIGO stage 4; magnesium sulfate injection, US label"),
        );
    }
    if !infused && day.magnesium_mg > UL_IOM_MG {
        let text = format!(
            "{:.0} mg of magnesium a day by mouth is {:.2} times the upper level of {UL_IOM_MG} mg.",
            day.magnesium_mg,
            day.multiple_of(UL_IOM_MG)
        );
        found.push(Notice::new("magnesium/upper-level", text).by("Institute of Medicine 1997"));
    } else if !infused && request.purpose == Purpose::Supplement && day.nac_mg > SUPPLEMENT_NAC_MG {
        let text = format!(
            "{:.0} mg of acetylcysteine a day is more than a supplement, {SUPPLEMENT_NAC_MG} mg; nothing is known of Mg(NAC)2 there.",
            day.nac_mg
        );
        found.push(Notice::new("magnesium/not-a-supplement", text));
    }
    found
}

fn notices(request: &Request, day: &Load, rate: Option<&InfusionRate>) -> Vec<Notice> {
    let label = "magnesium sulfate injection, US label";
    let mut found = vec![Notice::new(
        "magnesium/prediction",
        "Mg(NAC)2 has not been studied in people; everything about it here is a prediction from arithmetic.",
    )];
    if let Some(rate) = rate {
        found.extend(rate_notices(rate).into_iter().map(|n| n.by(label)));
        if day.sulfate_g > RENAL_LIMIT_G {
            let text = format!(
                "{:.2} g of MgSO4.7H2O equivalent is above {RENAL_LIMIT_G} g in 48 h, the most in severe renal insufficiency.",
                day.sulfate_g
            );
            found.push(Notice::new("magnesium/renal-total", text).by(label));
        }
        if day.sulfate_g > DAY_LIMIT_G {
            let text = format!(
                "{:.2} g in a day is above {DAY_LIMIT_G} g, the lower end of the daily limit.",
                day.sulfate_g
            );
            found.push(Notice::new("magnesium/day-total", text).by(label));
        }
        let text =
            "The upper level is one of intake by mouth; for an infusion its multiple is a yardstick only.";
        found.push(Notice::new("magnesium/upper-level-by-mouth", text));
    } else {
        found.extend(oral_notices(day));
    }
    if request.egfr.is_none() {
        let text = "The renal function is not given (--egfr); acute kidney injury is common in acetaminophen liver failure.";
        found.push(Notice::new("magnesium/renal-unknown", text));
    }
    found
        .extend(CAUTIONS.map(|text| Notice::new("magnesium/caution", format!("Caution, {text}.")).by(label)));
    found
}

fn rate_notices(rate: &InfusionRate) -> Vec<Notice> {
    let mut found = Vec::new();
    if rate.mg_per_min > RATE_LIMIT_MG_PER_MIN {
        let text = format!(
            "{:.0} mg/min of MgSO4.7H2O equivalent is faster than {RATE_LIMIT_MG_PER_MIN} mg/min.",
            rate.mg_per_min
        );
        found.push(Notice::new("magnesium/rate", text));
    }
    let (low, high) = (MAINTENANCE_G_PER_H.start(), MAINTENANCE_G_PER_H.end());
    if rate.g_per_h > *high {
        let text = format!(
            "{:.2} g/h of MgSO4.7H2O equivalent is {:.1} to {:.1} times the {low} to {high} g/h of maintenance in eclampsia.",
            rate.g_per_h,
            rate.g_per_h / high,
            rate.g_per_h / low
        );
        found.push(Notice::new("magnesium/maintenance", text));
    }
    found
}

fn oral_notices(day: &Load) -> Vec<Notice> {
    let mut found = Vec::new();
    let mg = day.magnesium_mg;
    if mg > UL_EFSA_MG && mg <= UL_IOM_MG {
        let text =
            format!("{mg:.0} mg of magnesium a day is above the European upper level of {UL_EFSA_MG} mg.");
        found.push(Notice::new("magnesium/efsa", text).by("Scientific Committee on Food 2001, EFSA"));
    }
    if mg > UL_IOM_MG {
        let text = "Such an amount is laxative: diarrhoea and vomiting may lose the dose.";
        found.push(Notice::new("magnesium/laxative", text).by("Institute of Medicine 1997"));
    }
    if mg >= WEAKNESS_MG {
        let text = format!(
            "{mg:.0} mg a day is at or above {WEAKNESS_MG} mg, where low blood pressure and weakness are described."
        );
        found.push(Notice::new("magnesium/weakness", text).by("EFSA"));
    }
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn supplement(nac_mg: f64, per_day: u32, egfr: Option<f64>) -> Request {
        Request {
            nac_mg,
            nac_mg_per_kg: None,
            weight_kg: 70.0,
            route: Route::Oral,
            per_day,
            purpose: Purpose::Supplement,
            egfr,
        }
    }

    fn codes(notices: &[Notice]) -> Vec<&str> {
        notices.iter().map(|n| n.code).collect()
    }

    #[test]
    fn an_antidote_is_always_blocked() {
        for weight_kg in [5.0, 70.0, 120.0] {
            for egfr in [None, Some(20.0), Some(100.0)] {
                for route in [Route::Iv { over_h: 1.0 }, Route::Oral] {
                    let nac_mg = 1.0 * weight_kg;
                    let request = Request {
                        weight_kg,
                        egfr,
                        route,
                        nac_mg,
                        purpose: Purpose::Antidote,
                        ..supplement(1.0, 1, None)
                    };
                    let finding = check(&request).unwrap();
                    assert_eq!(finding.decision, Decision::Blocked, "{request:?}");
                    assert_eq!(finding.reasons[0].code, "magnesium/antidote");
                }
            }
        }
    }

    #[test]
    fn supplements_are_decided_by_kidney_and_amount() {
        let decision = |nac_mg, per_day, egfr| check(&supplement(nac_mg, per_day, egfr)).unwrap();
        for (nac_mg, per_day, egfr, expected, reasons) in [
            (600.0, 1, Some(90.0), Decision::WithinLimits, vec![]),
            (600.0, 2, Some(30.0), Decision::WithinLimits, vec![]),
            (600.0, 2, Some(29.99), Decision::Blocked, vec!["magnesium/renal"]),
            (600.0, 2, None, Decision::NotAssessable, vec![]),
            (600.01, 2, Some(90.0), Decision::Blocked, vec!["magnesium/not-a-supplement"]),
            (4_699.0, 1, Some(90.0), Decision::Blocked, vec!["magnesium/not-a-supplement"]),
            (4_701.0, 1, Some(90.0), Decision::Blocked, vec!["magnesium/upper-level"]),
            (9_800.0, 1, Some(10.0), Decision::Blocked, vec!["magnesium/renal", "magnesium/upper-level"]),
        ] {
            let finding = decision(nac_mg, per_day, egfr);
            assert_eq!((finding.decision, codes(&finding.reasons)), (expected, reasons), "{nac_mg} {egfr:?}");
            assert!(codes(&finding.notices).contains(&"magnesium/prediction"));
        }
        let infused = Request { route: Route::Iv { over_h: 1.0 }, ..supplement(600.0, 1, Some(90.0)) };
        assert_eq!(codes(&check(&infused).unwrap().reasons), ["magnesium/no-product"]);
        assert!(codes(&decision(5_000.0, 1, Some(90.0)).notices).contains(&"magnesium/laxative"));
        assert!(codes(&decision(34_300.0, 1, Some(90.0)).notices).contains(&"magnesium/weakness"));
        assert!(codes(&decision(3_400.0, 1, Some(90.0)).notices).contains(&"magnesium/efsa"));
    }

    #[test]
    fn thresholds_of_the_first_bag_and_the_course() {
        let bag = |weight_kg: f64, per_kg: f64, over_h: f64| {
            let request = Request {
                nac_mg: per_kg * weight_kg,
                nac_mg_per_kg: Some(per_kg),
                weight_kg,
                route: Route::Iv { over_h },
                purpose: Purpose::Antidote,
                ..supplement(0.0, 1, None)
            };
            check(&request).unwrap()
        };
        let rate = |kg: f64| codes(&bag(kg, 150.0, 1.0).notices).contains(&"magnesium/rate");
        assert!(!rate(79.45) && rate(79.46));
        let total = |kg: f64| codes(&bag(kg, 300.0, 21.0).notices).contains(&"magnesium/renal-total");
        assert!(!total(88.28) && total(88.29));
        let finding = bag(70.0, 150.0, 1.0);
        assert!((finding.rate.unwrap().weight_at_limit_kg.unwrap() - 79.45).abs() < 0.005);
        assert!((bag(70.0, 300.0, 21.0).weight_at_renal_limit_kg.unwrap() - 88.28).abs() < 0.005);
        assert_eq!(finding.predictions.len(), 1);
        assert!(codes(&finding.notices).contains(&"magnesium/maintenance"));
    }

    proptest! {
        /// Every measure of the load grows in proportion to the dose, and more is never less forbidden.
        #[test]
        fn more_is_never_less_forbidden(nac_mg in 1.0..20_000.0f64, factor in 1.0..5.0f64, egfr in 5.0..120.0f64) {
            let one = check(&supplement(nac_mg, 1, Some(egfr))).unwrap();
            let more = check(&supplement(nac_mg * factor, 1, Some(egfr))).unwrap();
            prop_assert!((more.load.mmol / one.load.mmol / factor - 1.0).abs() < 1e-12);
            prop_assert!((more.load.sulfate_g / one.load.sulfate_g / factor - 1.0).abs() < 1e-12);
            prop_assert!(one.decision != Decision::Blocked || more.decision == Decision::Blocked);
            let worse = check(&supplement(nac_mg, 1, Some(egfr / factor))).unwrap();
            prop_assert!(one.decision != Decision::Blocked || worse.decision == Decision::Blocked);
        }

        /// At the weight of a threshold the limit is met exactly, for any dose and duration.
        #[test]
        fn thresholds_meet_their_limits(per_kg in 1.0..500.0f64, over_h in 0.1..48.0f64) {
            let masses = Masses::new().unwrap();
            let kg = weight_at_rate(&masses, per_kg, over_h, RATE_LIMIT_MG_PER_MIN).unwrap();
            let rate = masses.load(per_kg * kg).sulfate_mg_per_min(over_h);
            prop_assert!((rate / RATE_LIMIT_MG_PER_MIN - 1.0).abs() < 1e-12);
            let kg = weight_at_total(&masses, per_kg, RENAL_LIMIT_G).unwrap();
            prop_assert!((masses.load(per_kg * kg).sulfate_g / RENAL_LIMIT_G - 1.0).abs() < 1e-12);
        }
    }
}
