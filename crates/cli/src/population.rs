//! `hepatica population` and `hepatica sensitivity` as data.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand, ValueEnum};
use hepatica_app::population_show::{ShowRequest, show};
use hepatica_app::sensitivity::{SensitivityRequest, Varied, sensitivity};
use hepatica_app::{Answer, Disk, Error, RunRequest};

use crate::arguments::{Format, Threads};
use crate::print;

/// Look at virtual patients.
#[derive(Debug, Subcommand)]
pub(crate) enum PopulationCommand {
    /// How patients differ: every spread with what stands behind it, a drawn sample, covariates, correlations.
    #[command(after_help = "Examples:
  hepatica population show
  hepatica population show studies/population-covariates.toml --report population.html
  hepatica population show human/overdose --size 10000 --format json")]
    Show(Show),
}

/// What to show.
#[derive(Debug, Args)]
pub(crate) struct Show {
    /// A study (a path that ends in .toml) or a model.
    #[arg(default_value = "human/overdose")]
    target: String,
    /// How many patients are drawn.
    #[arg(long, value_name = "N", default_value = "2000")]
    size: u64,
    /// Seed of the patients [default: that of the study, else 1].
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Write a report to this HTML file.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
}

/// A sensitivity analysis.
#[derive(Debug, Args)]
pub(crate) struct Sensitivity {
    /// A study (a path that ends in .toml), or a model, which is asked under studies/sensitivity.toml.
    #[arg(default_value = "studies/sensitivity.toml")]
    target: String,
    /// Rows of the design: each simulates two people more than there are values, in every arm.
    #[arg(long, value_name = "N", default_value = "128")]
    rows: usize,
    /// Seed of the design [default: that of the study, else 1].
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// What is varied.
    #[arg(long, value_enum, default_value = "both")]
    vary: What,
    /// An endpoint by its id; may be repeated [default: the headline of the model and those of the study].
    #[arg(long, value_name = "ID")]
    endpoint: Vec<String>,
    /// Write a report with tornado figures to this HTML file.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    #[command(flatten)]
    threads: Threads,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum What {
    /// What differs between people, by its distribution.
    People,
    /// The constants of the model, over their ranges.
    Constants,
    /// Both at once.
    Both,
}

/// Runs a command on virtual patients.
pub(crate) fn run(command: &PopulationCommand, format: Format) -> Result<ExitCode, Error> {
    let PopulationCommand::Show(asked) = command;
    let request = ShowRequest {
        target: asked.target.clone(),
        size: asked.size,
        seed: asked.seed,
        report: asked.report.clone(),
    };
    tell(&show(&Disk::new(false), &request)?, format);
    Ok(ExitCode::SUCCESS)
}

/// Runs a sensitivity analysis.
pub(crate) fn run_sensitivity(asked: &Sensitivity, format: Format) -> Result<ExitCode, Error> {
    let mut engine = RunRequest::new("").options;
    asked.threads.apply(&mut engine)?;
    let varied = match asked.vary {
        What::People => Varied::People,
        What::Constants => Varied::Constants,
        What::Both => Varied::Both,
    };
    let request = SensitivityRequest {
        target: asked.target.clone(),
        rows: asked.rows,
        seed: asked.seed,
        varied,
        endpoints: asked.endpoint.clone(),
        report: asked.report.clone(),
        engine,
    };
    let world = Disk::new(std::io::IsTerminal::is_terminal(&std::io::stderr()));
    let found = sensitivity(&world, &request)?;
    tell(&found.answer, format);
    Ok(if found.failed > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn tell(answer: &Answer, format: Format) {
    match format {
        Format::Json => print(&format!("{:#}\n", answer.json)),
        Format::Text | Format::Short => print(&answer.text),
    }
}
