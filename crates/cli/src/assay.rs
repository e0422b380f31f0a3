//! `hepatica assay ...` as data.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use hepatica_app::assay::{ProtocolRequest, protocol};
use hepatica_app::{Answer, Error};

use crate::arguments::Format;
use crate::print;

/// What comes off the bench.
#[derive(Debug, Subcommand)]
pub(crate) enum AssayCommand {
    /// A sheet to work by: solutions, steps, controls, layout, what the source leaves out.
    #[command(after_help = "Examples:
  hepatica assay protocol gsh-hplc --samples 24
  hepatica assay protocol dmn-rat --samples 40 --seed 7 --format json")]
    Protocol(Protocol),
}

#[derive(Debug, Args)]
pub(crate) struct Protocol {
    /// gsh-hplc, reductase, ligase, airway or dmn-rat.
    name: String,
    /// Number of samples, or of animals.
    #[arg(long, value_name = "N")]
    samples: u32,
    /// Decides the order of animals.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
}

/// Asks and prints.
pub(crate) fn run(command: &AssayCommand, format: Format) -> Result<ExitCode, Error> {
    let answer = command.answer()?;
    match format {
        Format::Json => print(&format!("{:#}\n", answer.json)),
        Format::Text | Format::Short => print(&answer.text),
    }
    Ok(ExitCode::SUCCESS)
}

impl AssayCommand {
    /// The answer of the facade.
    fn answer(&self) -> Result<Answer, Error> {
        match self {
            AssayCommand::Protocol(p) => {
                protocol(&ProtocolRequest { name: p.name.clone(), samples: p.samples, seed: p.seed })
            }
        }
    }
}
