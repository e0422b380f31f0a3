//! Timings, as ratios within one run; never asserted.

use std::process::Command;
use std::time::Instant;

use crate::command;

/// Runs of each command; the fastest counts, since noise only adds.
const RUNS: usize = 5;

/// Times loading the human model by stage, and a study by instruction set.
#[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
pub(crate) fn run() -> Result<(), String> {
    command::example("load_time", &[])?;
    command::cargo(&["build", "--release", "--locked", "--package", "hepatica"])?;
    let root = command::root();
    let binary = root.join("target/release/hepatica");
    let out = root.join("target/bench").display().to_string();
    let fastest = |arguments: &[&str]| -> Result<f64, String> {
        let mut best = f64::INFINITY;
        for _ in 0..RUNS {
            let start = Instant::now();
            let output = Command::new(&binary).args(arguments).current_dir(&root).output();
            let output = output.map_err(|e| e.to_string())?;
            if !output.status.success() {
                let message = String::from_utf8_lossy(&output.stderr).into_owned();
                return Err(format!("hepatica {}: {message}", arguments.join(" ")));
            }
            best = best.min(start.elapsed().as_secs_f64());
        }
        Ok(best)
    };
    let study = ["run", "studies/overdose.toml", "--overwrite", "--threads", "1", "--out", &out, "--isa"];
    let mut baseline = None;
    for isa in ["baseline", "avx2", "avx512"] {
        let arguments: Vec<&str> = study.iter().copied().chain([isa]).collect();
        match fastest(&arguments) {
            Ok(seconds) => {
                let ratio = *baseline.get_or_insert(seconds) / seconds;
                println!("run studies/overdose.toml --isa {isa}: {seconds:.3} s, {ratio:.1} x baseline");
            }
            Err(message) => println!("--isa {isa}: not measured ({})", message.lines().next().unwrap_or("")),
        }
    }
    Ok(())
}
