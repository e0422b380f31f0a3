//! `hepatica assay ...` as data.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use hepatica_app::assay::{BenchRequest, ProtocolRequest, gsh, protocol, reductase};
use hepatica_app::{Answer, Disk, Error, World};

use crate::arguments::Format;
use crate::print;

/// What comes off the bench.
#[derive(Debug, Subcommand)]
pub(crate) enum AssayCommand {
    /// Glutathione by HPLC: chromatograms -> calibrated concentrations, accepted or rejected by ICH M10.
    #[command(after_help = "Example:
  hepatica assay gsh studies/assay/gsh.toml --out results/gsh")]
    Gsh(Bench),
    /// Glutathione reductase: traces of A340 -> U/mL and U/mg.
    #[command(after_help = "Example:
  hepatica assay reductase studies/assay/reductase.toml --out results/reductase")]
    Reductase(Bench),
    /// A sheet to work by: solutions, steps, controls, layout, what the source leaves out.
    #[command(after_help = "Examples:
  hepatica assay protocol gsh-hplc --samples 24
  hepatica assay protocol dmn-rat --samples 40 --seed 7 --format json")]
    Protocol(Protocol),
}

/// An analysis.
#[derive(Debug, Args)]
pub(crate) struct Bench {
    /// The run file.
    run: PathBuf,
    /// Folder for the report, its figures and tables.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Replace a report that is already there.
    #[arg(long)]
    overwrite: bool,
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
    let answer = command.answer(&Disk::new(false))?;
    match format {
        Format::Json => print(&format!("{:#}\n", answer.json)),
        Format::Text | Format::Short => print(&answer.text),
    }
    Ok(ExitCode::SUCCESS)
}

impl AssayCommand {
    /// The answer of the facade.
    fn answer(&self, world: &dyn World) -> Result<Answer, Error> {
        match self {
            AssayCommand::Gsh(bench) => gsh(world, &bench.request()),
            AssayCommand::Reductase(bench) => reductase(world, &bench.request()),
            AssayCommand::Protocol(p) => {
                protocol(&ProtocolRequest { name: p.name.clone(), samples: p.samples, seed: p.seed })
            }
        }
    }
}

impl Bench {
    fn request(&self) -> BenchRequest {
        BenchRequest { run: self.run.clone(), out: self.out.clone(), overwrite: self.overwrite }
    }
}
