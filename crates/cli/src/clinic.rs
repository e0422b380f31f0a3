//! `hepatica clinic ...`: rules of clinical toxicology, for research and teaching.

use std::process::ExitCode;

use clap::Subcommand;
use hepatica_app::{
    Answer, Disk, Error, clinic_indication, clinic_intake, clinic_magnesium, clinic_regimen, clinic_score,
    clinic_stop, clinic_triage,
};

use crate::arguments::Format;
use crate::clinic_regimen::{Magnesium, MagnesiumCommand, Regimen};
use crate::clinic_rules::{Indication, Score, Stop};
use crate::clinic_triage::Triage;
use crate::print;

/// A question to the rules.
#[derive(Debug, Subcommand)]
pub(crate) enum ClinicCommand {
    /// Whether to start acetylcysteine: the decision, the rule that made it, and why the others do not apply.
    Triage(Box<Triage>),
    /// Acetylcysteine made up for a body weight: bags, volumes, rates, and what is to be known.
    Regimen(Regimen),
    /// The magnesium of acetylcysteine given as its magnesium salt, against limits; or intake of magnesium.
    Magnesium(Box<Magnesium>),
    /// Whether to stop acetylcysteine.
    Stop(Box<Stop>),
    /// Prognosis and severity.
    Score(Box<Score>),
    /// Other uses of acetylcysteine, guideline by guideline.
    Indication(Indication),
}

/// Answers a question.
pub(crate) fn run(command: &ClinicCommand, format: Format) -> Result<ExitCode, Error> {
    let world = Disk::new(false);
    let answer = match command {
        ClinicCommand::Triage(triage) => clinic_triage::triage(&world, &triage.request())?,
        ClinicCommand::Regimen(regimen) => clinic_regimen::regimen(&world, &regimen.request())?,
        ClinicCommand::Magnesium(magnesium) => match &magnesium.command {
            Some(MagnesiumCommand::Intake(intake)) => clinic_intake::intake(&intake.request())?,
            None => clinic_magnesium::magnesium(&magnesium.request())?,
        },
        ClinicCommand::Stop(stop) => clinic_stop::stop(&stop.request())?,
        ClinicCommand::Score(score) => clinic_score::score(&world, &score.request())?,
        ClinicCommand::Indication(i) => clinic_indication::indication(i.name.as_deref())?,
    };
    show(&answer, format);
    Ok(ExitCode::SUCCESS)
}

/// Prints an answer in the form asked for.
fn show(answer: &Answer, format: Format) {
    match format {
        Format::Json => print(&format!("{:#}\n", answer.json)),
        Format::Text | Format::Short => print(&answer.text),
    }
}
