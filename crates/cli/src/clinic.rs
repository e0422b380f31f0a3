//! `hepatica clinic ...`: rules of clinical toxicology, for research and teaching.

use std::process::ExitCode;

use clap::Subcommand;
use hepatica_app::{Answer, Disk, Error, clinic_triage};

use crate::arguments::Format;
use crate::clinic_triage::Triage;
use crate::print;

/// A question to the rules.
#[derive(Debug, Subcommand)]
pub(crate) enum ClinicCommand {
    /// Whether to start acetylcysteine: the decision, the rule that made it, and why the others do not apply.
    Triage(Box<Triage>),
}

/// Answers a question.
pub(crate) fn run(command: &ClinicCommand, format: Format) -> Result<ExitCode, Error> {
    let world = Disk::new(false);
    let answer = match command {
        ClinicCommand::Triage(triage) => clinic_triage::triage(&world, &triage.request())?,
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
