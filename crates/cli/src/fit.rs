//! `hepatica fit`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use hepatica_app::fit::{FitRequest, fit};
use hepatica_app::{Disk, Error};

use crate::arguments::{Format, Threads};

#[derive(Debug, Args)]
pub(crate) struct Fit {
    /// The study file, with a [fit] table.
    study: PathBuf,
    /// Folder for the results [default: results/STUDY].
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Replace a result that is already there.
    #[arg(long)]
    overwrite: bool,
    /// Starts of the search in place of the study's.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1000))]
    starts: Option<u16>,
    /// Seed of the starts in place of the study's.
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Take intervals from the curvature at the minimum; follow no profiles.
    #[arg(long)]
    no_profiles: bool,
    /// A model value that holds everywhere; may be repeated.
    #[arg(long, value_name = "NAME=VALUE")]
    set: Vec<String>,
    #[command(flatten)]
    threads: Threads,
}

/// Fits a study; exit 1 when the data do not bound every value.
pub(crate) fn run(arguments: &Fit, format: Format) -> Result<ExitCode, Error> {
    let world = Disk::new(std::io::IsTerminal::is_terminal(&std::io::stderr()));
    let mut request = FitRequest::new(&arguments.study);
    request.out.clone_from(&arguments.out);
    request.overwrite = arguments.overwrite;
    request.starts = arguments.starts.map(usize::from);
    request.seed = arguments.seed;
    request.profiles = !arguments.no_profiles;
    request.set.clone_from(&arguments.set);
    arguments.threads.apply(&mut request.engine)?;
    let result = fit(&world, &request)?;
    eprint!("{}", result.warnings);
    match format {
        Format::Json => crate::print(&format!("{:#}\n", result.answer.json)),
        Format::Text | Format::Short => crate::print(&result.answer.text),
    }
    Ok(if result.unbounded > 0 { ExitCode::from(1) } else { ExitCode::SUCCESS })
}
