//! The arguments of `hepatica clinic score`, `stop` and `indication`.

use std::path::PathBuf;

use clap::Args;
use hepatica_app::clinic_score::ScoreRequest;
use hepatica_app::clinic_stop::StopRequest;

/// A score and its values; each score takes its own, and every number carries its unit.
#[derive(Debug, Args)]
#[command(
    after_help = "Scores: kcc, kcc-non-apap, meld, meld-na, meld-3, apap-alt, psi-like, hys-law, r-ratio, dilin, extrip,
anz-referral, reaction, charcoal

Examples:
  hepatica clinic score meld-na --bilirubin \"2 mg/dL\" --inr 1.5 --creatinine \"1.2 mg/dL\" --sodium \"130 mmol/L\"
  hepatica clinic score kcc --ph 7.25
  hepatica clinic score extrip --level \"800 mg/L\" --nac no --altered-acidotic-lactate yes

For research and teaching only; not a medical device."
)]
pub(crate) struct Score {
    /// The score.
    name: String,
    /// Arterial pH, such as 7.25.
    #[arg(long, value_name = "VALUE", allow_negative_numbers = true)]
    ph: Option<String>,
    /// International normalised ratio.
    #[arg(long, value_name = "VALUE", allow_negative_numbers = true)]
    inr: Option<String>,
    /// Prothrombin time, such as "100 s".
    #[arg(long, value_name = "VALUE", allow_negative_numbers = true)]
    pt: Option<String>,
    /// Creatinine, such as "1.2 mg/dL" or "300 umol/L".
    #[arg(long, value_name = "VALUE", allow_negative_numbers = true)]
    creatinine: Option<String>,
    /// Grade of encephalopathy: 0 to 4, or none, I, II, III, IV.
    #[arg(long, value_name = "VALUE", allow_negative_numbers = true)]
    encephalopathy: Option<String>,
    /// Lactate (early, for kcc), such as "3.6 mmol/L".
    #[arg(long, value_name = "VALUE", allow_negative_numbers = true)]
    lactate: Option<String>,
    /// Lactate at about 12 h, after fluids.
    #[arg(long, value_name = "VALUE", allow_negative_numbers = true)]
    lactate_after_fluids: Option<String>,
    /// Age, such as "30 years".
    #[arg(long, value_name = "VALUE", allow_negative_numbers = true)]
    age: Option<String>,
    /// female or male.
    #[arg(long, value_name = "VALUE", allow_negative_numbers = true)]
    sex: Option<String>,
    /// Hepatitis that is not A to E, or a drug: yes or no.
    #[arg(long, value_name = "VALUE", allow_negative_numbers = true)]
    unfavourable_cause: Option<String>,
    /// From jaundice to encephalopathy, such as "8 d".
    #[arg(long, value_name = "VALUE", allow_negative_numbers = true)]
    jaundice_to_encephalopathy: Option<String>,
    /// Total bilirubin, such as "2 mg/dL" or "34 umol/L".
    #[arg(long, value_name = "VALUE", allow_negative_numbers = true)]
    bilirubin: Option<String>,
    /// Its upper limit of normal.
    #[arg(long, value_name = "VALUE", allow_negative_numbers = true)]
    bilirubin_uln: Option<String>,
    /// On dialysis: yes or no.
    #[arg(long, value_name = "VALUE", allow_negative_numbers = true)]
    dialysis: Option<String>,
    /// Sodium, such as "130 mmol/L".
    #[arg(long, value_name = "VALUE", allow_negative_numbers = true)]
    sodium: Option<String>,
    /// Albumin, such as "3 g/dL" or "30 g/L".
    #[arg(long, value_name = "VALUE", allow_negative_numbers = true)]
    albumin: Option<String>,
    /// Plasma acetaminophen, such as "500 mg/L" or "3300 umol/L".
    #[arg(long, value_name = "VALUE", allow_negative_numbers = true)]
    level: Option<String>,
    /// Time since ingestion, such as "6 h".
    #[arg(long, value_name = "VALUE", allow_negative_numbers = true)]
    time: Option<String>,
    /// Time from ingestion to acetylcysteine.
    #[arg(long, value_name = "VALUE", allow_negative_numbers = true)]
    nac_time: Option<String>,
    /// ALT (or AST, the larger), such as "120 U/L".
    #[arg(long, value_name = "VALUE", allow_negative_numbers = true)]
    alt: Option<String>,
    /// Its upper limit of normal.
    #[arg(long, value_name = "VALUE", allow_negative_numbers = true)]
    alt_uln: Option<String>,
    /// Alkaline phosphatase.
    #[arg(long, value_name = "VALUE", allow_negative_numbers = true)]
    alp: Option<String>,
    /// Its upper limit of normal.
    #[arg(long, value_name = "VALUE", allow_negative_numbers = true)]
    alp_uln: Option<String>,
    /// No other cause is found: yes or no.
    #[arg(long, value_name = "VALUE", allow_negative_numbers = true)]
    no_other_cause: Option<String>,
    /// In hospital for the injury: yes or no.
    #[arg(long, value_name = "VALUE", allow_negative_numbers = true)]
    hospitalised: Option<String>,
    /// Ascites, encephalopathy or another organ failing: yes or no.
    #[arg(long, value_name = "VALUE", allow_negative_numbers = true)]
    organ_failure: Option<String>,
    /// Death or transplantation: yes or no.
    #[arg(long, value_name = "VALUE", allow_negative_numbers = true)]
    death_or_transplant: Option<String>,
    /// Acetylcysteine is given: yes or no.
    #[arg(long, value_name = "VALUE", allow_negative_numbers = true)]
    nac: Option<String>,
    /// Altered mental status, acidosis and raised lactate, all three: yes or no.
    #[arg(long, value_name = "VALUE", allow_negative_numbers = true)]
    altered_acidotic_lactate: Option<String>,
    /// Oliguria: yes or no.
    #[arg(long, value_name = "VALUE", allow_negative_numbers = true)]
    oliguria: Option<String>,
    /// Systolic pressure, such as "75 mmHg".
    #[arg(long, value_name = "VALUE", allow_negative_numbers = true)]
    systolic: Option<String>,
    /// Either: yes or no.
    #[arg(long, value_name = "VALUE", allow_negative_numbers = true)]
    hypoglycaemia_or_thrombocytopenia: Option<String>,
    /// flushing, urticaria or severe.
    #[arg(long, value_name = "VALUE", allow_negative_numbers = true)]
    reaction: Option<String>,
    /// Draw the score's figure (hys-law: eDISH).
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
}

impl Score {
    pub(crate) fn request(&self) -> ScoreRequest {
        let values = [
            ("ph", &self.ph),
            ("inr", &self.inr),
            ("pt", &self.pt),
            ("creatinine", &self.creatinine),
            ("encephalopathy", &self.encephalopathy),
            ("lactate", &self.lactate),
            ("lactate-after-fluids", &self.lactate_after_fluids),
            ("age", &self.age),
            ("sex", &self.sex),
            ("unfavourable-cause", &self.unfavourable_cause),
            ("jaundice-to-encephalopathy", &self.jaundice_to_encephalopathy),
            ("bilirubin", &self.bilirubin),
            ("bilirubin-uln", &self.bilirubin_uln),
            ("dialysis", &self.dialysis),
            ("sodium", &self.sodium),
            ("albumin", &self.albumin),
            ("level", &self.level),
            ("time", &self.time),
            ("nac-time", &self.nac_time),
            ("alt", &self.alt),
            ("alt-uln", &self.alt_uln),
            ("alp", &self.alp),
            ("alp-uln", &self.alp_uln),
            ("no-other-cause", &self.no_other_cause),
            ("hospitalised", &self.hospitalised),
            ("organ-failure", &self.organ_failure),
            ("death-or-transplant", &self.death_or_transplant),
            ("nac", &self.nac),
            ("altered-acidotic-lactate", &self.altered_acidotic_lactate),
            ("oliguria", &self.oliguria),
            ("systolic", &self.systolic),
            ("hypoglycaemia-or-thrombocytopenia", &self.hypoglycaemia_or_thrombocytopenia),
            ("reaction", &self.reaction),
        ];
        let given = values.into_iter().filter_map(|(name, text)| Some((name, text.clone()?)));
        ScoreRequest { name: self.name.clone(), values: given.collect(), svg: self.svg.clone() }
    }
}

/// A patient near the end of a course.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  hepatica clinic stop --rule us --level \"5 mg/L\" --inr 1.2 --alt \"60 U/L\" --alt-peak \"200 U/L\" --uln \"40 U/L\" --well yes

For research and teaching only; not a medical device.")]
pub(crate) struct Stop {
    /// Whose criteria: us, uk, uk-snap, anz.
    #[arg(long, visible_alias = "jurisdiction", value_name = "NAME")]
    rule: String,
    /// Plasma acetaminophen.
    #[arg(long, value_name = "QUANTITY")]
    level: Option<String>,
    /// International normalised ratio.
    #[arg(long, value_name = "NUMBER")]
    inr: Option<String>,
    /// ALT now, such as "60 U/L".
    #[arg(long, value_name = "ACTIVITY")]
    alt: Option<String>,
    /// Upper limit of normal of ALT and AST.
    #[arg(long, value_name = "ACTIVITY")]
    uln: Option<String>,
    /// Highest ALT.
    #[arg(long, value_name = "ACTIVITY")]
    alt_peak: Option<String>,
    /// ALT on admission.
    #[arg(long, value_name = "ACTIVITY")]
    alt_admission: Option<String>,
    /// AST now.
    #[arg(long, value_name = "ACTIVITY")]
    ast: Option<String>,
    /// Highest AST.
    #[arg(long, value_name = "ACTIVITY")]
    ast_peak: Option<String>,
    /// The patient is clinically well: yes or no.
    #[arg(long, value_name = "YES-NO")]
    well: Option<String>,
    /// Time since the last dose of acetaminophen.
    #[arg(long, value_name = "TIME")]
    since_last_dose: Option<String>,
}

impl Stop {
    pub(crate) fn request(&self) -> StopRequest {
        StopRequest {
            rule: self.rule.clone(),
            level: self.level.clone(),
            inr: self.inr.clone(),
            alt: self.alt.clone(),
            uln: self.uln.clone(),
            alt_peak: self.alt_peak.clone(),
            alt_admission: self.alt_admission.clone(),
            ast: self.ast.clone(),
            ast_peak: self.ast_peak.clone(),
            well: self.well.clone(),
            since_last_dose: self.since_last_dose.clone(),
        }
    }
}

/// A use of acetylcysteine.
#[derive(Debug, Args)]
pub(crate) struct Indication {
    /// apap-alf, non-apap-alf, indeterminate-alf, copd, cystic-fibrosis [default: all].
    pub(crate) name: Option<String>,
}
