//! The arguments of `hepatica clinic regimen` and `hepatica clinic magnesium`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use hepatica_app::clinic_intake::IntakeRequest;
use hepatica_app::clinic_magnesium::MagnesiumRequest;
use hepatica_app::clinic_regimen::RegimenRequest;

/// A regimen and a patient. Every number carries its unit.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  hepatica clinic regimen --name us-3bag --weight \"70 kg\"
  hepatica clinic regimen --name uk-21h --weight \"75 kg\" --format json
  hepatica clinic regimen --name anz-2bag --weight \"80 kg\" --increased-dose --as-course courses/patient-a.toml

For research and teaching only; not a medical device.")]
pub(crate) struct Regimen {
    /// The regimen: us-3bag, us-2bag, uk-21h, snap-12h, anz-2bag, oral-72h.
    #[arg(long, value_name = "NAME")]
    name: String,
    /// Body weight, such as "70 kg".
    #[arg(long, value_name = "MASS")]
    weight: String,
    /// adult or child, where volumes go by age.
    #[arg(long, value_name = "WORD")]
    age: Option<String>,
    /// Use the smallest volumes.
    #[arg(long)]
    fluid_restricted: bool,
    /// The increased dose of large overdoses.
    #[arg(long)]
    increased_dose: bool,
    /// Say what changes during dialysis.
    #[arg(long)]
    dialysis: bool,
    /// Write the bags as a course that a study can give; the name of the file becomes its id.
    #[arg(long, value_name = "FILE")]
    as_course: Option<PathBuf>,
}

impl Regimen {
    pub(crate) fn request(&self) -> RegimenRequest {
        RegimenRequest {
            name: self.name.clone(),
            weight: self.weight.clone(),
            age: self.age.clone(),
            fluid_restricted: self.fluid_restricted,
            increased_dose: self.increased_dose,
            dialysis: self.dialysis,
            as_course: self.as_course.clone(),
        }
    }
}

/// A dose of acetylcysteine as its magnesium salt. Every number carries its unit.
#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    after_help = "Examples:
  hepatica clinic magnesium --nac \"150 mg/kg\" --weight \"70 kg\" --route iv --over \"1 h\"
  hepatica clinic magnesium --nac \"600 mg\" --per-day 2 --weight \"70 kg\" --route oral --egfr \"90 mL/min/1.73m2\"
  hepatica clinic magnesium intake --elemental \"300 mg\" --age \"40 years\" --sex male

For research and teaching only; not a medical device."
)]
pub(crate) struct Magnesium {
    #[command(subcommand)]
    pub(crate) command: Option<MagnesiumCommand>,
    /// Acetylcysteine of one dose, such as "150 mg/kg" or "600 mg".
    #[arg(long, value_name = "DOSE", required = true)]
    nac: Option<String>,
    /// Body weight, such as "70 kg".
    #[arg(long, value_name = "MASS", required = true)]
    weight: Option<String>,
    /// iv or oral.
    #[arg(long, value_name = "WORD", required = true)]
    route: Option<String>,
    /// Duration of an infusion, such as "1 h".
    #[arg(long, value_name = "TIME")]
    over: Option<String>,
    /// Doses a day [default: 1].
    #[arg(long, value_name = "N")]
    per_day: Option<u32>,
    /// antidote or supplement [default: antidote for infusions and doses per kg].
    #[arg(long = "use", value_name = "WORD")]
    purpose: Option<String>,
    /// Estimated filtration, such as "45 mL/min/1.73m2".
    #[arg(long, value_name = "RATE")]
    egfr: Option<String>,
}

impl Magnesium {
    pub(crate) fn request(&self) -> MagnesiumRequest {
        // What is required is there, unless the subcommand took over.
        MagnesiumRequest {
            nac: self.nac.clone().unwrap_or_default(),
            weight: self.weight.clone().unwrap_or_default(),
            route: self.route.clone().unwrap_or_default(),
            over: self.over.clone(),
            per_day: self.per_day,
            purpose: self.purpose.clone(),
            egfr: self.egfr.clone(),
        }
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum MagnesiumCommand {
    /// Magnesium from supplements against allowances and upper levels.
    Intake(Intake),
}

/// An intake of magnesium. Every number carries its unit.
#[derive(Debug, Args)]
pub(crate) struct Intake {
    /// Elemental magnesium of one dose, such as "300 mg".
    #[arg(long, value_name = "MASS")]
    elemental: Option<String>,
    /// Mass of a compound of magnesium in one dose, with --form.
    #[arg(long, value_name = "MASS")]
    mass: Option<String>,
    /// oxide, citrate, chloride, lactate, aspartate, sulfate, acetylcysteinate.
    #[arg(long, value_name = "NAME")]
    form: Option<String>,
    /// Doses a day [default: 1].
    #[arg(long, value_name = "N")]
    per_day: Option<u32>,
    /// Age, such as "40 years" or "18 months".
    #[arg(long, value_name = "TIME")]
    age: String,
    /// female or male.
    #[arg(long, value_name = "WORD")]
    sex: String,
    /// Pregnant.
    #[arg(long)]
    pregnant: bool,
    /// Breastfeeding.
    #[arg(long)]
    breastfeeding: bool,
    /// Estimated filtration, such as "45 mL/min/1.73m2".
    #[arg(long, value_name = "RATE")]
    egfr: Option<String>,
    /// Serum magnesium, such as "0.80 mmol/L" or "1.9 mg/dL".
    #[arg(long, value_name = "LEVEL")]
    serum: Option<String>,
}

impl Intake {
    pub(crate) fn request(&self) -> IntakeRequest {
        IntakeRequest {
            elemental: self.elemental.clone(),
            mass: self.mass.clone(),
            form: self.form.clone(),
            per_day: self.per_day,
            age: self.age.clone(),
            sex: self.sex.clone(),
            pregnant: self.pregnant,
            breastfeeding: self.breastfeeding,
            egfr: self.egfr.clone(),
            serum: self.serum.clone(),
        }
    }
}
