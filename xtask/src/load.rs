//! How long the models of the field take to load, ours and peers', as a section of `docs/src/benchmarks.md`.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use crate::{command, conformance, page, peers};

/// Where the section begins.
pub(crate) const HEADING: &str = "## Loading the models of BioModels";
/// Runs of each measurement; the fastest counts, since noise only adds. A peer takes minutes for one.
const RUNS: [(&str, &str); 3] = [("Hepatica", "20"), ("libRoadRunner", "3"), ("COPASI", "3")];
/// How often a peer is started again on the files that it has not yet measured.
const MAX_STARTS: usize = 20;

/// Seconds of each file that was read.
type Seconds = BTreeMap<String, f64>;

/// Measures every SBML file below a folder, or the BioModels of the suite, and writes the section.
pub(crate) fn run(folder: Option<&str>) -> Result<(), String> {
    let root = command::root();
    let folder = match folder {
        Some(folder) => std::path::absolute(folder).map_err(|e| format!("{folder}: {e}"))?,
        None => match conformance::biomodels(&root)? {
            Some(folder) => folder,
            None => {
                println!("load: skipped, ../shared/suite is not on this machine");
                return Ok(());
            }
        },
    };
    let files = files(&folder)?;
    command::cargo(&[
        "build",
        "--release",
        "--locked",
        "-p",
        "hepatica-sim",
        "--example",
        "load_models",
        "--quiet",
    ])?;
    let ours = root.join("target/release/examples/load_models").display().to_string();
    let mut engines = vec![measure("Hepatica", &[&ours], &files)];
    match peers::python(&root)?.zip(peers::copasi(&root)?) {
        None => println!("the peers are not measured: python3 with venv is not on this machine"),
        Some((roadrunner, copasi)) => {
            let script = |name: &str| root.join("bench/peers").join(name).display().to_string();
            engines.push(measure("libRoadRunner", &[&roadrunner, &script("load_roadrunner.py")], &files));
            engines.push(measure("COPASI", &[&copasi, &script("load_copasi.py")], &files));
        }
    }
    let section = section(&engines, files.len());
    print!("{section}");
    page::replace(&root.join("docs/src/benchmarks.md"), HEADING, &section)
}

/// The SBML files directly in the folder, or in `biomodels/sbml` or `sbml` below it, sorted.
fn files(folder: &Path) -> Result<Vec<String>, String> {
    for place in ["biomodels/sbml", "sbml", "."].map(|below| folder.join(below)) {
        let Ok(entries) = std::fs::read_dir(&place) else { continue };
        let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
        let mut found: Vec<String> = paths
            .filter(|path| path.extension().is_some_and(|ending| ending == "xml"))
            .map(|path| path.display().to_string())
            .collect();
        if !found.is_empty() {
            found.sort();
            return Ok(found);
        }
    }
    Err(format!("{} has no SBML files", folder.display()))
}

/// One engine and what it took for each file.
struct Engine {
    name: &'static str,
    seconds: Seconds,
    /// Files that made it fall over.
    crashed: usize,
}

/// Runs a program on the files. COPASI falls over now and then: then it is started again on the rest, and a file that
/// it falls over twice in a row is left out.
fn measure(name: &'static str, program: &[&str], files: &[String]) -> Engine {
    let runs = RUNS.iter().find(|(n, _)| *n == name).map_or("1", |(_, runs)| runs);
    let mut engine = Engine { name, seconds: Seconds::new(), crashed: 0 };
    let (mut rest, mut fell_over) = (files, false);
    for _ in 0..MAX_STARTS {
        println!("$ {name}: {} files", rest.len());
        let output = Command::new(program[0]).args(&program[1..]).arg(runs).args(rest).output();
        let text = output.map(|o| String::from_utf8_lossy(&o.stdout).into_owned()).unwrap_or_default();
        let mut done = 0;
        for (path, cell) in text.lines().filter_map(|line| line.split_once('\t')) {
            if let Some(at) = rest.iter().position(|file| file == path) {
                done = at + 1;
            }
            if let Ok(seconds) = cell.parse() {
                engine.seconds.insert(path.to_string(), seconds);
            }
        }
        if done == rest.len() {
            break;
        }
        let skip = done == 0 && fell_over;
        fell_over = !skip;
        engine.crashed += usize::from(skip);
        rest = &rest[done + usize::from(skip)..];
    }
    engine
}

/// The section: medians over all files that an engine reads, and over those that all read.
fn section(engines: &[Engine], count: usize) -> String {
    let in_all = |path: &&String| engines.iter().all(|e| e.seconds.contains_key(*path));
    let common: Vec<&String> = engines[0].seconds.keys().filter(in_all).collect();
    let mut text = format!(
        "{HEADING}\n\nWritten by `cargo xtask bench load` on {}. From the text of each of {count} curated SBML models to ready: ours to a \
         kernel that computes every output, libRoadRunner 2.10.0 to its machine code, COPASI 4.48.311 to its compiled model with the \
         time course set up. Each engine in a process of its own, one core, one run; the fastest of {} loads counts for ours, by the clock, and of {} \
         for the peers, by processor time, which on a busy machine is the shorter of the two.\n\n\
         | Engine | Loaded | Median, ms | 90 %, ms | Longest, ms | Median of the {} that all load, ms | x ours |\n|---|---|---|---|---|---|---|\n",
        page::machine(),
        RUNS[0].1,
        RUNS[1].1,
        common.len()
    );
    let ours = quantile(common.iter().map(|path| engines[0].seconds[*path]), 0.5);
    for engine in engines {
        let all = |q: f64| quantile(engine.seconds.values().copied(), q) * 1e3;
        let shared = quantile(common.iter().map(|path| engine.seconds[*path]), 0.5);
        text.push_str(&format!(
            "| {} | {} | {:.2} | {:.2} | {:.1} | {:.2} | {:.1} |\n",
            engine.name,
            engine.seconds.len(),
            all(0.5),
            all(0.9),
            all(1.0),
            shared * 1e3,
            shared / ours
        ));
    }
    for engine in engines.iter().filter(|engine| engine.crashed > 0) {
        text.push_str(&format!("\n{} fell over {} of the files twice.\n", engine.name, engine.crashed));
    }
    text
}

/// The smallest value that a part `q` of the values does not exceed; the mean of the middle two for an even median.
fn quantile(values: impl Iterator<Item = f64>, q: f64) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    let n = values.len();
    match n {
        0 => f64::NAN,
        _ if q == 0.5 && n.is_multiple_of(2) => 0.5 * (values[n / 2 - 1] + values[n / 2]),
        _ => values[((q * n as f64).ceil() as usize).clamp(1, n) - 1],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_of_few_values() {
        let at = |q: f64| quantile([4.0, 1.0, 3.0, 2.0].into_iter(), q);
        assert_eq!((at(0.5), at(0.9), at(1.0), at(0.25)), (2.5, 4.0, 4.0, 1.0));
        assert_eq!(quantile([5.0, 7.0, 6.0].into_iter(), 0.5), 6.0);
    }
}
