//! The arguments of `hepatica clinic triage`.

use std::path::PathBuf;

use clap::Args;
use hepatica_app::clinic_triage::TriageRequest;

/// A patient and an overdose. Every number carries its unit.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  hepatica clinic triage --jurisdiction us --pattern acute --level \"75 mg/L\" --time \"8 h\"
  hepatica clinic triage --jurisdiction uk --pattern acute --level \"500 umol/L\" --time \"6 h\" --svg nomogram.svg
  hepatica clinic triage --jurisdiction us --pattern unknown --level \"15 mg/L\" --alt \"30 U/L\" --alt-uln \"40 U/L\"

For research and teaching only; not a medical device.")]
pub(crate) struct Triage {
    /// Whose guideline: us (United States and Canada), uk, anz (Australia and New Zealand).
    #[arg(long, value_name = "NAME")]
    jurisdiction: String,
    /// How it was taken: acute, staggered, repeated, unknown, extended-release, iv.
    #[arg(long, value_name = "NAME")]
    pattern: String,
    /// Plasma acetaminophen, such as "75 mg/L" or "500 umol/L".
    #[arg(long, value_name = "QUANTITY")]
    level: Option<String>,
    /// Time from the first dose to the level (or to now, without a level), such as "6 h".
    #[arg(long, value_name = "TIME")]
    time: Option<String>,
    /// Shortest and longest that time can be, such as "6 h..9 h".
    #[arg(long, value_name = "FROM..TO")]
    time_range: Option<String>,
    /// From the first to the last dose, such as "30 min"; jurisdictions differ in what is staggered.
    #[arg(long, value_name = "TIME")]
    over: Option<String>,
    /// Alanine aminotransferase, such as "80 U/L".
    #[arg(long, value_name = "ACTIVITY")]
    alt: Option<String>,
    /// Its upper limit of normal.
    #[arg(long, value_name = "ACTIVITY")]
    alt_uln: Option<String>,
    /// Aspartate aminotransferase.
    #[arg(long, value_name = "ACTIVITY")]
    ast: Option<String>,
    /// Its upper limit of normal.
    #[arg(long, value_name = "ACTIVITY")]
    ast_uln: Option<String>,
    /// International normalised ratio.
    #[arg(long, value_name = "NUMBER")]
    inr: Option<String>,
    /// Body weight, such as "70 kg".
    #[arg(long, value_name = "MASS")]
    weight: Option<String>,
    /// Age, such as "30 year" or "18 month".
    #[arg(long, value_name = "TIME")]
    age: Option<String>,
    /// Acetaminophen taken (per 24 h when repeated), such as "15 g" or "200 mg/kg".
    #[arg(long, value_name = "MASS")]
    dose: Option<String>,
    /// A co-ingestant that slows absorption: opioid or anticholinergic; may be repeated.
    #[arg(long, value_name = "NAME")]
    coingestant: Vec<String>,
    /// Something that raises the risk: alcohol, fasting, enzyme-inducer; may be repeated.
    #[arg(long, value_name = "NAME")]
    risk: Vec<String>,
    /// There are signs of liver injury: jaundice, a tender liver, encephalopathy.
    #[arg(long)]
    liver_signs: bool,
    /// Draw the nomogram with this patient.
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
}

impl Triage {
    pub(crate) fn request(&self) -> TriageRequest {
        TriageRequest {
            jurisdiction: self.jurisdiction.clone(),
            pattern: self.pattern.clone(),
            level: self.level.clone(),
            time: self.time.clone(),
            time_range: self.time_range.clone(),
            over: self.over.clone(),
            alt: self.alt.clone(),
            alt_uln: self.alt_uln.clone(),
            ast: self.ast.clone(),
            ast_uln: self.ast_uln.clone(),
            inr: self.inr.clone(),
            weight: self.weight.clone(),
            age: self.age.clone(),
            dose: self.dose.clone(),
            coingestants: self.coingestant.clone(),
            risks: self.risk.clone(),
            liver_signs: self.liver_signs,
            svg: self.svg.clone(),
        }
    }
}
