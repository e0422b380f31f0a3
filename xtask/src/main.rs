//! The project's chores: `cargo xtask test | tidy | conformance | peers | bench | calibrate | docs`.
//!
//! `test` is the one command that checks everything: all crates' tests, tidiness, and the comparison with other
//! simulators, installing what it needs through the ordinary package clients.

mod assay_data;
mod bench;
mod calibrate;
mod command;
mod conformance;
mod load;
mod memory;
mod page;
mod peers;
mod peers_models;
mod throughput;
mod tidy;

use std::process::ExitCode;

const HELP: &str = "\
Usage: cargo xtask <TASK>

Tasks:
  test    every test of the workspace, tidiness, the suites of the field where they are at hand, comparison with libRoadRunner
  tidy    crate directions, licences, sizes and words of the tree
  conformance sbml|antimony|biomodels|pbpk DIR [--semantic DIR] [--biomodels DIR] [--manifest FILE] [--format json]
          a suite of the field, unpacked in DIR, against the ledger docs/conformance/*.tsv
  peers   the human model's exported SBML against libRoadRunner (installs it into target/peers)
  bench   load times, runs by instruction set, patients per second against libRoadRunner and CVODE, memory
  bench throughput  the part of bench that compares patients per second with libRoadRunner and CVODE
  bench load [DIR]  the part that loads the BioModels of the suite, or the SBML files in DIR: ours, libRoadRunner, COPASI
  bench memory      the part that measures the peak memory of populations up to a million
  assay-data  simulated example data for the assay bench, into studies/assay
  calibrate [STAGE]... [--write] [--seed N] [--starts N] [--profiles]
          the constants that are fitted to data, made again and compared with those of the model files; --write puts them there
  docs    rustdoc with warnings denied, and the book
";

fn main() -> ExitCode {
    let task = std::env::args().nth(1).unwrap_or_default();
    let result = match task.as_str() {
        "test" => test(),
        "tidy" => tidy::check(&command::root()),
        "conformance" => {
            return conformance::run(&std::env::args().skip(2).collect::<Vec<_>>());
        }
        "peers" => peers::check(),
        "bench" => bench(&std::env::args().skip(2).collect::<Vec<_>>()),
        "calibrate" => calibrate::run(&std::env::args().skip(2).collect::<Vec<_>>()),
        "docs" => docs(),
        "assay-data" => assay_data::write(&command::root()),
        _ => {
            eprint!("{HELP}");
            return ExitCode::from(2);
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("xtask {task}: {message}");
            ExitCode::FAILURE
        }
    }
}

/// All benchmarks, or the part that is named.
fn bench(arguments: &[String]) -> Result<(), String> {
    match arguments {
        [] => {
            bench::run()?;
            throughput::run()?;
            load::run(None)?;
            memory::run()
        }
        [part] if part == "throughput" => throughput::run(),
        [part] if part == "memory" => memory::run(),
        [part, folder @ ..] if part == "load" && folder.len() < 2 => {
            load::run(folder.first().map(String::as_str))
        }
        _ => Err("usage: cargo xtask bench [throughput | load [DIR] | memory]".to_string()),
    }
}

/// Everything, cheapest first.
fn test() -> Result<(), String> {
    tidy::check(&command::root())?;
    command::cargo(&["test", "--workspace", "--locked"])?;
    // What is left out by default: the tests that name it.
    command::cargo(&[
        "test",
        "-p",
        "hepatica-app",
        "-p",
        "hepatica",
        "--features",
        "hepatica/parquet",
        "--locked",
        "parquet",
    ])?;
    conformance::check(&command::root())?;
    peers::check()
}

/// API documentation (the maps of crates name their private rooms, which is meant) and the book; `mdbook` is installed into the target folder when it is not there.
fn docs() -> Result<(), String> {
    command::cargo_env(
        &["doc", "--workspace", "--no-deps", "--locked"],
        &[("RUSTDOCFLAGS", "-D warnings -A rustdoc::private-intra-doc-links")],
    )?;
    let root = command::root();
    // Pages made from the ledger.
    command::cargo(&["run", "--quiet", "--locked", "--", "evidence", "page", "--out", "docs/src/evidence"])?;
    let tools = root.join("target/tools");
    let mdbook = tools.join("bin/mdbook");
    if !mdbook.exists() {
        let tools = tools.display().to_string();
        command::cargo(&[
            "install",
            "--quiet",
            "--locked",
            "mdbook",
            "--version",
            "0.4.52",
            "--no-default-features",
            "--root",
            &tools,
        ])?;
    }
    let book = root.join("docs").display().to_string();
    command::run(&mdbook.display().to_string(), &["build", &book])
}
