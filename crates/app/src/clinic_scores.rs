//! The scores by name: values in, what the score says out.

use hepatica_clinic::level::{umol_per_l_from_mg_per_l, umol_per_mg};
use hepatica_clinic::score::{
    BILIRUBIN_UMOL_PER_MG_DL, CREATININE_UMOL_PER_MG_DL, LACTATE_MMOL_PER_MG_DL, anz_referral, apap_alt,
    dili, extrip, hys_law, kings_college, meld, psi_like, reaction,
};
use hepatica_report::{Axis, Figure, Plot, Series};

use crate::clinic_input as input;
use crate::clinic_score::{Entry, Scored, Values};
use crate::clinic_triage::{activity, cited};
use crate::refuse::Error;

/// All scores.
pub(crate) const ALL: &[Entry] = &[
    Entry {
        name: "kcc",
        takes: &["ph", "inr", "pt", "creatinine", "encephalopathy", "lactate", "lactate-after-fluids"],
        compute: kcc,
    },
    Entry {
        name: "kcc-non-apap",
        takes: &["inr", "age", "unfavourable-cause", "jaundice-to-encephalopathy", "bilirubin"],
        compute: kcc_non_apap,
    },
    Entry { name: "meld", takes: &["bilirubin", "inr", "creatinine", "dialysis"], compute: plain_meld },
    Entry {
        name: "meld-na",
        takes: &["bilirubin", "inr", "creatinine", "dialysis", "sodium"],
        compute: meld_na,
    },
    Entry {
        name: "meld-3",
        takes: &["bilirubin", "inr", "creatinine", "dialysis", "sodium", "albumin", "sex", "age"],
        compute: meld_3,
    },
    Entry { name: "apap-alt", takes: &["level", "alt"], compute: apap_alt },
    Entry { name: "psi-like", takes: &["level", "time", "nac-time"], compute: psi_like },
    Entry {
        name: "hys-law",
        takes: &["alt", "alt-uln", "bilirubin", "bilirubin-uln", "alp", "alp-uln", "no-other-cause"],
        compute: hys_law,
    },
    Entry { name: "r-ratio", takes: &["alt", "alt-uln", "alp", "alp-uln"], compute: r_ratio },
    Entry {
        name: "dilin",
        takes: &["bilirubin", "inr", "hospitalised", "organ-failure", "death-or-transplant"],
        compute: dilin,
    },
    Entry { name: "extrip", takes: &["level", "nac", "altered-acidotic-lactate"], compute: extrip },
    Entry {
        name: "anz-referral",
        takes: &[
            "inr",
            "time",
            "oliguria",
            "creatinine",
            "ph",
            "lactate",
            "systolic",
            "encephalopathy",
            "hypoglycaemia-or-thrombocytopenia",
        ],
        compute: anz_referral,
    },
    Entry { name: "reaction", takes: &["reaction"], compute: reaction },
    Entry { name: "charcoal", takes: &[], compute: charcoal },
];

fn creatinine_umol(option: &str, text: &str) -> Result<f64, Error> {
    input::concentration(option, text, ["umol/L", "mg/dL"], CREATININE_UMOL_PER_MG_DL)
}

fn creatinine_mg_dl(option: &str, text: &str) -> Result<f64, Error> {
    input::concentration(option, text, ["mg/dL", "umol/L"], 1.0 / CREATININE_UMOL_PER_MG_DL)
}

fn bilirubin_umol(option: &str, text: &str) -> Result<f64, Error> {
    input::concentration(option, text, ["umol/L", "mg/dL"], BILIRUBIN_UMOL_PER_MG_DL)
}

fn bilirubin_mg_dl(option: &str, text: &str) -> Result<f64, Error> {
    input::concentration(option, text, ["mg/dL", "umol/L"], 1.0 / BILIRUBIN_UMOL_PER_MG_DL)
}

fn lactate(option: &str, text: &str) -> Result<f64, Error> {
    input::concentration(option, text, ["mmol/L", "mg/dL"], LACTATE_MMOL_PER_MG_DL)
}

/// Sodium; a milliequivalent of it is a millimole.
fn sodium(option: &str, text: &str) -> Result<f64, Error> {
    input::in_unit(option, &text.replace("mEq", "mmol"), "mmol/L")
}

fn ph(option: &str, text: &str) -> Result<f64, Error> {
    let value = input::bare(option, text)?;
    if (6.0..=8.0).contains(&value) {
        Ok(value)
    } else {
        Err(input::refused(option, text, "is no pH of blood"))
    }
}

fn grade(option: &str, text: &str) -> Result<u8, Error> {
    let names = [["0", "none"], ["1", "i"], ["2", "ii"], ["3", "iii"], ["4", "iv"]];
    let folded = text.trim().to_lowercase();
    let found = names.iter().position(|n| n.contains(&folded.as_str()));
    let grade = found.and_then(|g| u8::try_from(g).ok());
    grade.ok_or_else(|| input::refused(option, text, "is no grade: 0 to 4, or none, I, II, III, IV"))
}

fn met(what: &str, met: Option<bool>) -> String {
    match met {
        Some(true) => format!("{what} are met"),
        Some(false) => format!("{what} are not met"),
        None => format!("whether {what} are met is not known; items are missing"),
    }
}

fn kcc(v: &Values<'_>) -> Result<Scored, Error> {
    let criteria = kings_college::acetaminophen(&kings_college::Acetaminophen {
        ph: v.maybe("ph", ph)?,
        inr: v.maybe("inr", input::bare)?,
        pt_s: v.maybe("pt", |o, text| input::in_unit(o, text, "s"))?,
        creatinine_umol_per_l: v.maybe("creatinine", creatinine_umol)?,
        encephalopathy: v.maybe("encephalopathy", grade)?,
        lactate_early: v.maybe("lactate", lactate)?,
        lactate_after_fluids: v.maybe("lactate-after-fluids", lactate)?,
    });
    let mut scored = Scored::new(
        met("the King's College criteria", criteria.met),
        "O'Grady JG et al., Gastroenterology 1989;97:439; lactate: Bernal W et al., Lancet 2002;359:558",
    );
    scored.notes = vec![
        met("the criteria modified by lactate", criteria.met_with_lactate),
        "phosphate is a predictor of its own and not part of the criteria".into(),
        "INR, creatinine and encephalopathy must be met within the same 24 h".into(),
    ];
    scored.items = criteria.items;
    Ok(scored)
}

fn kcc_non_apap(v: &Values<'_>) -> Result<Scored, Error> {
    let criteria = kings_college::other(&kings_college::Other {
        inr: v.maybe("inr", input::bare)?,
        age_years: v.maybe("age", input::age_years)?,
        unfavourable_cause: v.maybe("unfavourable-cause", input::yes_or_no)?,
        jaundice_to_encephalopathy_d: v
            .maybe("jaundice-to-encephalopathy", |o, text| input::in_unit(o, text, "d"))?,
        bilirubin_umol_per_l: v.maybe("bilirubin", bilirubin_umol)?,
    });
    let mut scored = Scored::new(
        met("the King's College criteria without acetaminophen", criteria.met),
        "O'Grady JG et al., Gastroenterology 1989;97:439",
    );
    scored.items = criteria.items;
    Ok(scored)
}

fn blood(v: &Values<'_>) -> Result<meld::Blood, Error> {
    let dialysis = v.flag("dialysis")?;
    let creatinine = v.maybe("creatinine", creatinine_mg_dl)?;
    let creatinine_mg_dl = match (creatinine, dialysis) {
        (Some(value), _) => value,
        // It counts as its cap.
        (None, true) => 1.0,
        (None, false) => v.need("creatinine", creatinine_mg_dl)?,
    };
    Ok(meld::Blood {
        bilirubin_mg_dl: v.need("bilirubin", bilirubin_mg_dl)?,
        inr: v.need("inr", input::bare)?,
        creatinine_mg_dl,
        dialysis,
    })
}

fn meld_score(name: &str, score: meld::Score, source: &'static str) -> Scored {
    let mut scored = Scored::new(format!("{name} {}", score.reported), source);
    scored.numbers = vec![("reported", score.reported), ("unrounded", score.unrounded)];
    scored
}

fn plain_meld(v: &Values<'_>) -> Result<Scored, Error> {
    Ok(meld_score("MELD", meld::meld(&blood(v)?), "Kamath PS et al., Hepatology 2001;33:464; UNOS"))
}

fn meld_na(v: &Values<'_>) -> Result<Scored, Error> {
    let score = meld::meld_na(&blood(v)?, v.need("sodium", sodium)?);
    let mut scored = meld_score("MELD-Na", score, "OPTN policy, 2016");
    scored.notes.push("the first term is MELD rounded to one decimal; sodium counts only above 11".into());
    Ok(scored)
}

fn meld_3(v: &Values<'_>) -> Result<Scored, Error> {
    let age = v.maybe("age", input::age_years)?;
    let person = match age {
        Some(age) if age < 12.0 => {
            return Err(Error::Argument("MELD 3.0 is for 12 years and older; below, PELD is used".into()));
        }
        Some(age) if age < 18.0 => meld::Person::Adolescent,
        _ => match v.need("sex", |o, text| input::word(o, text, &["female", "male"], |w| w))? {
            "female" => meld::Person::Woman,
            _ => meld::Person::Man,
        },
    };
    let albumin = v.need("albumin", |o, text| input::in_unit(o, text, "g/dL"))?;
    let score = meld::meld_3(&blood(v)?, v.need("sodium", sodium)?, albumin, person);
    let mut scored = meld_score("MELD 3.0", score, "Kim WR et al., Gastroenterology 2021;161:1887");
    if age.is_none() {
        scored.notes.push("no age was given; 18 years or older is assumed".into());
    }
    Ok(scored)
}

fn apap_alt(v: &Values<'_>) -> Result<Scored, Error> {
    let (product, umol, risk) =
        apap_alt::product(v.need("level", input::level)?.mg_per_l, v.need("alt", activity)?);
    let source = "Validation in the United Kingdom, n = 3823 (PMID 26175095)";
    let mut scored = Scored::new(format!("risk of hepatotoxicity {}", risk.words()), source);
    scored.numbers = vec![("product, mg/L x IU/L", product), ("product, umol/L x IU/L", umol)];
    scored.notes = vec![
        "above 10,000: sensitivity 80 % (44 to 96), specificity 99.6 %; above 1500: sensitivity 100 % (66 to 100), specificity 92 %".into(),
        format!("the published 10,000 and 66,000 umol/L x IU/L are rounded ({:.1} and {:.1})", 1500.0 * umol_per_mg(), 10_000.0 * umol_per_mg()),
    ];
    Ok(scored)
}

fn psi_like(v: &Values<'_>) -> Result<Scored, Error> {
    let hours = |o: &str, text: &str| input::in_unit(o, text, "h");
    let level = v.need("level", input::level)?.mg_per_l;
    let (drawn, nac) = (v.need("time", hours)?, v.need("nac-time", hours)?);
    let at_4 = psi_like::level_at_4_h(level, drawn);
    let area = at_4.and_then(|at_4| psi_like::area_mm_h(at_4, nac));
    let (Some(at_4), Some(area)) = (at_4, area) else {
        return Err(Error::Argument("the level and the antidote must both be at 4 h or later".into()));
    };
    let mut scored = Scored::new(
        format!("{:.2} mM h ({})", area, psi_like::LABEL),
        "area under a first-order fall with a half-life of 4 h; scale: Chomchai S et al. 2014 (n = 255)",
    );
    scored.numbers = vec![
        ("area, mM h", area),
        ("level at 4 h, mg/L", at_4),
        ("level at 4 h, umol/L", umol_per_l_from_mg_per_l(at_4)),
    ];
    scored.notes = vec![format!(
        "the formula of the published psi was not found; its cut-off of {} mM h is for scale only",
        psi_like::PUBLISHED_PSI_CUTOFF
    )];
    Ok(scored)
}

/// A value as a multiple of its upper limit of normal.
fn multiple(v: &Values<'_>, name: &str) -> Result<f64, Error> {
    let limit = v.need(&format!("{name}-uln"), activity)?;
    over(name, v.need(name, activity)?, limit)
}

fn over(name: &str, value: f64, limit: f64) -> Result<f64, Error> {
    if limit > 0.0 {
        return Ok(value / limit);
    }
    Err(Error::Argument(format!("--{name}-uln must be above zero")))
}

fn hys_law(v: &Values<'_>) -> Result<Scored, Error> {
    let limit = v.need("bilirubin-uln", bilirubin_mg_dl)?;
    let multiples = hys_law::Multiples {
        alt: multiple(v, "alt")?,
        bilirubin: over("bilirubin", v.need("bilirubin", bilirubin_mg_dl)?, limit)?,
        alp: match v.maybe("alp", activity)? {
            Some(_) => Some(multiple(v, "alp")?),
            None => None,
        },
    };
    let quadrant = hys_law::quadrant(&multiples);
    let law = hys_law::is_hys_law(&multiples, v.maybe("no-other-cause", input::yes_or_no)?);
    let words = match law {
        Some(true) => "Hy's law holds",
        Some(false) => "Hy's law does not hold",
        None => "whether Hy's law holds is not known: alkaline phosphatase and other causes matter",
    };
    let mut scored = Scored::new(
        format!("{words}; {}", quadrant.words()),
        "FDA guidance, Drug-induced liver injury: premarketing clinical evaluation, 2009",
    );
    scored.numbers = vec![("ALT x ULN", multiples.alt), ("bilirubin x ULN", multiples.bilirubin)];
    scored.notes =
        vec!["the European table takes bilirubin at 2 x ULN itself; here it is above 2 x ULN".into()];
    scored.figure = Some(edish(&multiples, quadrant));
    Ok(scored)
}

fn edish(m: &hys_law::Multiples, quadrant: hys_law::Quadrant) -> Figure {
    let x = Axis::log10("Peak ALT").unit("× ULN").range(0.1, (m.alt * 2.0).max(100.0));
    let y = Axis::log10("Peak total bilirubin").unit("× ULN").range(0.1, (m.bilirubin * 2.0).max(100.0));
    let plot = Plot::new(x, y)
        .upright(3.0, "3 × ULN")
        .across(2.0, "2 × ULN")
        .series(Series::points("this patient", [(m.alt, m.bilirubin)]).colour(1));
    Figure::new(format!("eDISH: {}", quadrant.words()))
        .caption(format!("Right upper: Hy's law range. Right lower: Temple's corollary. Left upper: hyperbilirubinaemia or cholestasis. {}", crate::NOT_A_DEVICE))
        .panel(plot)
}

fn r_ratio(v: &Values<'_>) -> Result<Scored, Error> {
    let alp = multiple(v, "alp")?;
    if alp <= 0.0 {
        return Err(Error::Argument("--alp must be above zero".into()));
    }
    let (r, pattern) = dili::r_ratio(multiple(v, "alt")?, alp);
    let mut scored = Scored::new(
        format!("R = {r:.2}: {}", pattern.word()),
        "Danan G, Benichou C, J Clin Epidemiol 1993;46:1323: above 5 hepatocellular, below 2 cholestatic",
    );
    scored.numbers = vec![("R", r)];
    Ok(scored)
}

fn dilin(v: &Values<'_>) -> Result<Scored, Error> {
    let severity = dili::dilin(&dili::Injury {
        bilirubin_mg_dl: v.need("bilirubin", bilirubin_mg_dl)?,
        inr: v.need("inr", input::bare)?,
        hospitalised: v.flag("hospitalised")?,
        organ_failure: v.flag("organ-failure")?,
        fatal_or_transplant: v.flag("death-or-transplant")?,
    });
    let words = match severity {
        1 => "mild",
        2 => "moderate",
        3 => "moderate to severe, in hospital",
        4 => "severe",
        _ => "fatal or transplanted",
    };
    let mut scored = Scored::new(
        format!("severity {severity}, {words}"),
        "DILIN, Fontana RJ et al., Drug Saf 2009;32:55 (general knowledge)",
    );
    scored.numbers = vec![("severity", f64::from(severity))];
    Ok(scored)
}

fn extrip(v: &Values<'_>) -> Result<Scored, Error> {
    let level = v.need("level", input::level)?.mg_per_l;
    if extrip::is_misprint(umol_per_l_from_mg_per_l(level)) {
        return Err(Error::Argument(
            "--level is beyond the solubility of acetaminophen; the abstract's \"4630 mmol/L\" is a misprint of umol/L".into(),
        ));
    }
    let patient = extrip::Patient {
        level_mg_per_l: level,
        nac: v.flag("nac")?,
        altered_acidotic_lactate: v.flag("altered-acidotic-lactate")?,
    };
    let result = match extrip::removal(&patient) {
        Some(why) => format!("removal from the blood is recommended: {why}"),
        None => "removal from the blood is not recommended by these limits".into(),
    };
    let mut scored =
        Scored::new(result, "EXTRIP, Gosselin S et al., Clin Toxicol 2014;52:856 (PMID 25133498)");
    scored.numbers = vec![("level, mg/L", level), ("level, umol/L", umol_per_l_from_mg_per_l(level))];
    scored.notes = vec![
        "acetylcysteine is continued at an increased rate during removal (EXTRIP, 1D)".into(),
        "the abstract prints 4630 mmol/L where umol/L is meant".into(),
    ];
    Ok(scored)
}

fn anz_referral(v: &Values<'_>) -> Result<Scored, Error> {
    let (refer, items) = anz_referral::refer(&anz_referral::Patient {
        inr: v.maybe("inr", input::bare)?,
        t_h: v.maybe("time", |o, text| input::in_unit(o, text, "h"))?,
        oliguria: v.maybe("oliguria", input::yes_or_no)?,
        creatinine_umol_per_l: v.maybe("creatinine", creatinine_umol)?,
        ph: v.maybe("ph", ph)?,
        lactate: v.maybe("lactate", lactate)?,
        systolic_mmhg: v.maybe("systolic", |o, text| input::in_unit(o, text, "mmHg"))?,
        encephalopathy: v.maybe("encephalopathy", grade)?,
        hypoglycaemia_or_thrombocytopenia: v.maybe("hypoglycaemia-or-thrombocytopenia", input::yes_or_no)?,
    });
    let result = match refer {
        Some(true) => "speak to a liver unit",
        Some(false) => "no criterion for a liver unit is met",
        None => "no known criterion is met, but some are not known",
    };
    let mut scored = Scored::new(result, "Chiew AL et al., Med J Aust 2020;212:175");
    scored.items = items;
    Ok(scored)
}

fn reaction(v: &Values<'_>) -> Result<Scored, Error> {
    let reaction = v.need("reaction", |o, text| {
        input::word(o, text, &reaction::Reaction::ALL, reaction::Reaction::word)
    })?;
    let mut scored = Scored::new(reaction::action(reaction), reaction::ACTION_SOURCE.cite);
    let more = [reaction::RESTART].into_iter().chain(reaction::EARLIER_REACTION);
    scored.notes = more.map(|(says, source)| format!("{says} [{}]", cited(source))).collect();
    Ok(scored)
}

fn charcoal(_: &Values<'_>) -> Result<Scored, Error> {
    let [(first, source), more] = reaction::CHARCOAL;
    let mut scored = Scored::new(first, source.cite);
    scored.notes = vec![format!("{} [{}]", more.0, cited(more.1))];
    Ok(scored)
}
