//! `hepatica assay ...` as data.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use hepatica_app::assay::{
    BenchRequest, ProtocolRequest, airway, airway_source, allocate, groups, gsh, kinetics, ligase, power,
    protocol, reductase,
};
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
    /// Glutamate-cysteine ligase: areas of gamma-glutamylcysteine -> nmol/min/mg.
    #[command(after_help = "Example:
  hepatica assay ligase studies/assay/ligase.toml --out results/ligase")]
    Ligase(Bench),
    /// Enzyme kinetics: rates over substrate and inhibitor -> constants with profile intervals, or why there are none.
    #[command(after_help = "Example:
  hepatica assay kinetics studies/assay/kinetics.toml --out results/kinetics")]
    Kinetics(Bench),
    /// Bronchoconstriction: pressure traces -> responses of groups.
    #[command(after_help = "Example:
  hepatica assay airway studies/assay/airway.toml --out results/airway")]
    Airway(Bench),
    /// What follows from the published table on bronchoconstriction, and what does not.
    AirwaySource,
    /// Groups of animals, or published means, against their control.
    #[command(after_help = "Examples:
  hepatica assay groups studies/assay/groups.csv --out results/groups
  hepatica assay groups studies/assay/published.csv --control \"Mg(NAC)2\"")]
    Groups(crate::assay_groups::Groups),
    /// A randomised list: who gets what, in blocks.
    #[command(after_help = "Example:
  hepatica assay allocate --groups control,25,50,100 --animals 10 --per-cage 2 --seed 7")]
    Allocate(crate::assay_groups::Allocate),
    /// How many animals: the power of a dose study by simulation.
    #[command(after_help = "Example:
  hepatica assay power --changes=-10,-20,-35 --cv 30 --loss 15")]
    Power(crate::assay_groups::Power),
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
    /// Folder for the sheet as a page with its workflow and layout.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Replace a sheet that is already there.
    #[arg(long)]
    overwrite: bool,
}

/// Asks and prints.
pub(crate) fn run(command: &AssayCommand, format: Format) -> Result<ExitCode, Error> {
    let answer = command.answer(&Disk::new(false))?;
    match format {
        Format::Json => print(&format!("{:#}\n", answer.json)),
        Format::Text | Format::Short => print(&answer.text),
    }
    // A run that is judged and not accepted is a check that failed.
    let rejected = answer.json["accepted"] == false;
    Ok(if rejected { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

impl AssayCommand {
    /// The answer of the facade.
    fn answer(&self, world: &dyn World) -> Result<Answer, Error> {
        match self {
            AssayCommand::Gsh(bench) => gsh(world, &bench.request()),
            AssayCommand::Reductase(bench) => reductase(world, &bench.request()),
            AssayCommand::Ligase(bench) => ligase(world, &bench.request()),
            AssayCommand::Kinetics(bench) => kinetics(world, &bench.request()),
            AssayCommand::Airway(bench) => airway(world, &bench.request()),
            AssayCommand::AirwaySource => Ok(airway_source()),
            AssayCommand::Groups(a) => groups(world, &a.request()),
            AssayCommand::Allocate(a) => allocate(world, &a.request()),
            AssayCommand::Power(a) => power(world, &a.request()),
            AssayCommand::Protocol(p) => protocol(world, &p.request()),
        }
    }
}

impl Bench {
    fn request(&self) -> BenchRequest {
        BenchRequest { run: self.run.clone(), out: self.out.clone(), overwrite: self.overwrite }
    }
}

impl Protocol {
    fn request(&self) -> ProtocolRequest {
        ProtocolRequest {
            name: self.name.clone(),
            samples: self.samples,
            seed: self.seed,
            out: self.out.clone(),
            overwrite: self.overwrite,
        }
    }
}
