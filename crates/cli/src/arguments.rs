//! The command line as data.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use hepatica_app::model::Stage;
use hepatica_app::qualify::QualifyRequest;
use hepatica_app::time_course::{Column, Form, SimulateRequest};
use hepatica_app::{ColumnChoice, Error, MergeChoices, RunRequest, Shard, isa_by_name};

use crate::clinic::ClinicCommand;

/// Simulates what a dose does to a liver and what an antidote can still save.
#[derive(Debug, Parser)]
#[command(
    name = "hepatica",
    version,
    after_help = "Examples:
  hepatica run studies/overdose.toml
  hepatica run studies/one-patient.toml --set cyp_induction=1.5 --out results/induced
  hepatica model check human/overdose
  hepatica model simulate human/overdose --duration 24 --steps 24 --select ALT,INR --set apap_oral=100000

For research and teaching only; not a medical device."
)]
pub(crate) struct Arguments {
    /// How answers and errors are printed.
    #[arg(long, value_enum, default_value = "text", global = true)]
    pub(crate) format: Format,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// How answers and errors are printed.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Text,
    /// One line per problem.
    Short,
    /// For programs.
    Json,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run a study: tables, figures, a report and a manifest.
    #[command(after_help = "Examples:
  hepatica run studies/overdose.toml
  hepatica run studies/overdose.toml --arm \"30 g, NAC at 8 h\" --export-sbml patient.xml --overwrite
  hepatica run studies/overdose.toml --format json --out results/again")]
    Run(Run),
    /// Put the shards of a population in a folder together: the files of one run.
    #[command(after_help = "Example:
  hepatica run studies/population.toml --shard 1/2 --out parts
  hepatica run studies/population.toml --shard 2/2 --out parts
  hepatica merge parts")]
    Merge(Merge),
    /// Look at models.
    Model {
        #[command(subcommand)]
        command: ModelCommand,
    },
    /// Ask the rules of clinical toxicology; for research and teaching only.
    Clinic {
        #[command(subcommand)]
        command: ClinicCommand,
    },
    /// Compounds, equivalents, the synthesis and the titres of acetylcysteine salts.
    Chem {
        #[command(subcommand)]
        command: crate::chem::ChemCommand,
    },
    /// The human model against observed curves, outcome tables and everything that must hold.
    #[command(after_help = "Examples:
  hepatica qualify
  hepatica qualify --data my-curves.csv --report qualification.html
  hepatica qualify --curves-only --data folder/of/tables --format json")]
    Qualify(Qualify),
    /// Model values fitted to the data of a study: intervals, profiles, a report.
    #[command(after_help = "Examples:
  hepatica fit evidence/calibration/acetylcysteine.toml
  hepatica fit my-study.toml --starts 20 --no-profiles --format json

Exit code 1: the data do not bound every value.")]
    Fit(crate::fit::Fit),
    /// Virtual patients: how they differ.
    Population {
        #[command(subcommand)]
        command: crate::population::PopulationCommand,
    },
    /// What decides the outcomes: shares of their variance over people and constants, with tornado figures.
    #[command(after_help = "Examples:
  hepatica sensitivity
  hepatica sensitivity studies/sensitivity.toml --report sensitivity.html
  hepatica sensitivity human/overdose-3z --vary constants --endpoint alt_peak --rows 512 --format json")]
    Sensitivity(crate::population::Sensitivity),
    /// What comes off the bench: protocols to work by, traces as numbers one may publish.
    Assay {
        #[command(subcommand)]
        command: crate::assay::AssayCommand,
    },
    /// Concentrations over time -> parameters without a model (noncompartmental analysis).
    #[command(after_help = "Examples:
  hepatica nca studies/assay/pc.csv --doses studies/assay/ex.csv --partial 0-24 --out results/nca
  hepatica nca theoph.csv --dose \"320 mg\" --method linear
  hepatica nca indometh.csv --dose \"25 mg\" --route bolus --format json")]
    Nca(crate::nca::Nca),
    /// What the source documents claim, what came of it, and what stands behind every number.
    Evidence(crate::evidence::Evidence),
}

#[derive(Debug, Args)]
pub(crate) struct Run {
    /// The study file.
    study: PathBuf,
    /// Folder for the results [default: results/STUDY].
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Replace a result that is already there.
    #[arg(long)]
    overwrite: bool,
    /// Seed of the virtual patients in place of the study's.
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Of a population, this patient alone (a number from 1, or the id of a subject), with the full time course.
    #[arg(long, value_name = "ID")]
    patient: Option<String>,
    /// Model value that holds in every arm, such as "cyp_induction=1.5"; may be repeated.
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
    /// Run this arm only.
    #[arg(long, value_name = "NAME")]
    arm: Option<String>,
    /// Columns of timecourse.csv.
    #[arg(long, value_enum, default_value = "view")]
    columns: Columns,
    /// Write the first arm (or the one of --arm) as SBML, its doses as events.
    #[arg(long, value_name = "FILE")]
    export_sbml: Option<PathBuf>,
    #[command(flatten)]
    population: PopulationChoices,
    #[command(flatten)]
    engine: Engine,
}

/// How the patients of a population are run and kept; none of it changes a number.
#[derive(Debug, Args)]
struct PopulationChoices {
    /// These patients only, as the K-th of N ranges; put together with `hepatica merge`.
    #[arg(long, value_name = "K/N", conflicts_with = "patient")]
    shard: Option<Shard>,
    /// No row per patient, only what they add up to.
    #[arg(long, conflicts_with = "patient")]
    summaries_only: bool,
    /// Also write outcomes.csv as outcomes.parquet (a program built with the feature parquet).
    #[arg(long)]
    parquet: bool,
    /// Seconds between two moments at which what is complete is stored; a killed run goes on from there.
    #[arg(long, value_name = "S", default_value = "5")]
    checkpoint: f64,
    /// Tell how far the run is, also where the standard error stream is no terminal.
    #[arg(long)]
    progress: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Merge {
    /// The folder with the shards; the results are written there too.
    pub(crate) folder: PathBuf,
    /// Replace a result that is already there.
    #[arg(long)]
    overwrite: bool,
    /// Also write outcomes.csv as outcomes.parquet (a program built with the feature parquet).
    #[arg(long)]
    parquet: bool,
    #[command(flatten)]
    threads: Threads,
}

impl Merge {
    pub(crate) fn choices(&self) -> Result<MergeChoices, Error> {
        let mut engine = RunRequest::new("").options;
        self.threads.apply(&mut engine)?;
        Ok(MergeChoices { overwrite: self.overwrite, parquet: self.parquet, engine })
    }
}

#[derive(Debug, Args)]
pub(crate) struct Qualify {
    /// A table of observed curves, or a folder of them; may be repeated.
    #[arg(long, value_name = "PATH")]
    data: Vec<PathBuf>,
    /// Compare curves only: no lines of the typical patient and the cohorts.
    #[arg(long)]
    curves_only: bool,
    /// Write a report to this HTML file; to qualification.html when none is named.
    #[arg(long, value_name = "FILE", num_args = 0..=1, default_missing_value = "qualification.html")]
    report: Option<PathBuf>,
    #[command(flatten)]
    threads: Threads,
}

impl Qualify {
    pub(crate) fn request(&self) -> Result<QualifyRequest, Error> {
        let mut engine = RunRequest::new("").options;
        self.threads.apply(&mut engine)?;
        let (data, report) = (self.data.clone(), self.report.clone());
        Ok(QualifyRequest { data, curves_only: self.curves_only, report, engine })
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Columns {
    /// The outputs people look at.
    View,
    /// Every output of the model.
    All,
}

/// How to integrate; none of it changes a result beyond the tolerances.
#[derive(Debug, Args)]
struct Engine {
    #[command(flatten)]
    threads: Threads,
    /// Relative tolerance of a step.
    #[arg(long, value_name = "R")]
    rtol: Option<f64>,
    /// Absolute tolerance of a step.
    #[arg(long, value_name = "A")]
    atol: Option<f64>,
}

/// What of the machine is used.
#[derive(Debug, Args)]
pub(crate) struct Threads {
    /// Threads [default: all cores]; results do not depend on it.
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
    /// Instruction set (baseline, avx2, avx512) [default: the widest]; results do not depend on it.
    #[arg(long, value_name = "NAME")]
    isa: Option<String>,
}

impl Engine {
    fn apply(&self, options: &mut hepatica_app::run::Engine) -> Result<(), Error> {
        self.threads.apply(options)?;
        options.rtol = self.rtol.unwrap_or(options.rtol);
        options.atol = self.atol.unwrap_or(options.atol);
        Ok(())
    }
}

impl Threads {
    pub(crate) fn apply(&self, options: &mut hepatica_app::run::Engine) -> Result<(), Error> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        options.threads = self.threads.unwrap_or(cores).max(1);
        if let Some(name) = &self.isa {
            let Some(isa) = isa_by_name(name) else {
                let message = format!("unknown instruction set `{name}`: baseline, avx2 or avx512");
                return Err(Error::Argument(message));
            };
            if !isa.is_available() {
                return Err(Error::Argument(format!("this processor has no {name}; leave --isa out")));
            }
            options.isa = isa;
        }
        Ok(())
    }
}

impl Run {
    /// Whether progress is told although nobody may be looking.
    pub(crate) fn tells_progress(&self) -> bool {
        self.population.progress
    }

    pub(crate) fn request(&self) -> Result<RunRequest, Error> {
        let mut request = RunRequest::new(&self.study);
        request.out = self.out.clone();
        request.overwrite = self.overwrite;
        request.seed = self.seed;
        request.patient = self.patient.clone();
        request.set = self.set.clone();
        request.arm = self.arm.clone();
        request.columns = match self.columns {
            Columns::View => ColumnChoice::View,
            Columns::All => ColumnChoice::All,
        };
        request.export_sbml = self.export_sbml.clone();
        request.shard = self.population.shard;
        request.summaries_only = self.population.summaries_only;
        request.parquet = self.population.parquet;
        if self.population.checkpoint.is_nan() || self.population.checkpoint < 0.0 {
            return Err(Error::Argument("--checkpoint takes seconds, 0 or more".into()));
        }
        request.checkpoint_s = self.population.checkpoint;
        self.engine.apply(&mut request.options)?;
        Ok(request)
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum ModelCommand {
    /// The built-in models.
    List,
    /// A model as text, equations or tapes.
    Show {
        /// Id, such as human/overdose, or a path that ends in .ant or .xml.
        model: String,
        /// Which form.
        #[arg(long, value_enum, default_value = "source")]
        stage: StageName,
    },
    /// Check a model: names, units, cycles; every problem with its place.
    Check {
        /// Id or path.
        model: String,
    },
    /// Draw what is turned into what and what acts on it, from the equations, as SVG.
    #[command(after_help = "Examples:
  hepatica model draw human/inflammation --out inflammation.svg
  hepatica model draw human/overdose --part zone1 --out zone.svg")]
    Draw {
        /// Id or path.
        model: String,
        /// A submodel, such as zone1; the whole model when absent.
        #[arg(long, value_name = "NAME")]
        part: Option<String>,
        /// The file to write.
        #[arg(long, value_name = "FILE.svg")]
        out: PathBuf,
    },
    /// Renew the generated part of a model's page (figures, equations, constants), and the figures beside it.
    Page {
        /// Id or path.
        model: String,
        /// The page, a Markdown file; what stands outside the generated part is kept.
        file: PathBuf,
        /// Change nothing; exit 1 if the page is not current.
        #[arg(long)]
        check: bool,
    },
    /// Write a model in another language: Antimony (.ant) or SBML (.xml).
    Convert {
        /// Id or path.
        input: String,
        /// The file to write; its ending says the language.
        output: PathBuf,
    },
    /// Lay an Antimony file out; comments stay, and its meaning is checked to be the same.
    Format {
        /// The file, which ends in .ant.
        file: String,
        /// Change nothing; exit 1 if it is not in layout.
        #[arg(long)]
        check: bool,
    },
    /// Simulate a model by itself; CSV to standard output.
    #[command(after_help = "Example:
  hepatica model simulate human/overdose --duration 24 --steps 96 --select apap_mg_per_L,ALT --set apap_oral=66153")]
    Simulate(Simulate),
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum StageName {
    /// The text.
    Source,
    /// The equations.
    System,
    /// The compiled tapes.
    Tape,
}

impl From<StageName> for Stage {
    fn from(name: StageName) -> Stage {
        match name {
            StageName::Source => Stage::Source,
            StageName::System => Stage::System,
            StageName::Tape => Stage::Tape,
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct Simulate {
    /// Id or path.
    model: String,
    /// Length, in the model's unit of time.
    #[arg(long, value_name = "T")]
    duration: f64,
    /// Number of equal steps.
    #[arg(long, value_name = "N")]
    steps: usize,
    /// Outputs, separated by commas [default: all].
    #[arg(long, value_delimiter = ',', value_name = "A,B")]
    select: Vec<String>,
    /// Species reported as amounts of substance; after the outputs selected, unless among them.
    #[arg(long, value_delimiter = ',', value_name = "A,B")]
    amount: Vec<String>,
    /// Species reported as concentrations; after the outputs selected, unless among them.
    #[arg(long, value_delimiter = ',', value_name = "A,B")]
    concentration: Vec<String>,
    /// Value at time zero; may be repeated.
    #[arg(long, value_name = "NAME=VALUE")]
    set: Vec<String>,
    #[command(flatten)]
    engine: Engine,
}

impl Simulate {
    pub(crate) fn request(&self) -> Result<SimulateRequest, Error> {
        let mut request = SimulateRequest {
            model: self.model.clone(),
            duration: self.duration,
            steps: self.steps,
            columns: self.columns(),
            set: self.set.clone(),
            options: RunRequest::new("").options,
        };
        self.engine.apply(&mut request.options)?;
        Ok(request)
    }

    /// What is selected, each in the form asked for; then the species that are only named with a form.
    fn columns(&self) -> Vec<Column> {
        let forms = [(&self.amount, Form::Amount), (&self.concentration, Form::Concentration)];
        let form_of =
            |name: &String| forms.iter().find(|(names, _)| names.contains(name)).map(|(_, form)| *form);
        let selected = self.select.iter().map(|name| (name, form_of(name).unwrap_or_default()));
        let others = forms.iter().flat_map(|(names, form)| names.iter().map(|name| (name, *form)));
        let others = others.filter(|(name, _)| !self.select.contains(name));
        selected.chain(others).map(|(name, form)| Column { name: name.clone(), form }).collect()
    }
}
