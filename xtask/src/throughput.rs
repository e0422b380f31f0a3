//! Patients per second of ours and of peers at equal achieved error, written to `docs/src/benchmarks.md`.

use std::path::Path;
use std::process::Command;

use crate::{command, load, memory, page, peers};

/// Relative tolerances of the peers.
const TOLERANCES: [&str; 7] = ["1e-3", "1e-4", "1e-5", "1e-6", "1e-7", "1e-8", "1e-9"];
/// Rounds, in each of which every engine measures everything once; the fastest counts. What else keeps the machine busy
/// changes within minutes, so engines that took one long turn after the other would not meet the same machine.
const ROUNDS: usize = 5;

/// Prepares what is needed, lets ours and every peer that can be had here take turns, and writes the page.
pub(crate) fn run() -> Result<(), String> {
    let root = command::root();
    let folder = root.join("target/peers/throughput");
    command::example("work_precision", &["prepare", &folder.display().to_string()])?;
    let cases = cases(&folder)?;
    let cvode = build_cvode(&root, &folder, &cases)
        .map_err(|reason| println!("CVODE is not measured: {reason}"))
        .is_ok();
    let python = peers::python(&root)?;
    if python.is_none() {
        println!("libRoadRunner is not measured: python3 with venv is not on this machine");
    }
    let mut tables = Tables::default();
    for round in 1..=ROUNDS {
        println!("round {round} of {ROUNDS}");
        for case in &cases {
            if cvode {
                run_cvode(&folder, case, &mut tables)?;
            }
            if let Some(python) = &python {
                run_roadrunner(&root, &folder, case, python, &mut tables)?;
            }
            let found = command::example_output(
                "work_precision",
                &["time", &folder.display().to_string(), &case.name],
            )?;
            tables.add(case, "ours", &found);
        }
    }
    tables.write(&folder)?;
    let docs = root.join("docs/src");
    let book = docs.join("benchmarks.md");
    let before = std::fs::read_to_string(&book).unwrap_or_default();
    let docs = docs.display().to_string();
    command::example("work_precision", &["report", &folder.display().to_string(), &docs, &head(&cases)])?;
    // The page is written anew; the sections that are measured by themselves stay until they are.
    for heading in [load::HEADING, memory::HEADING] {
        if let Some(section) = page::section(&before, heading) {
            page::replace(&book, heading, section)?;
        }
    }
    Ok(())
}

/// A model as `work_precision prepare` describes it in `cases.tsv`.
struct Case {
    name: String,
    t_end: String,
    rows: String,
    /// Patients the peers simulate: the first ones, as in the comparison of errors.
    patients: String,
}

fn cases(folder: &Path) -> Result<Vec<Case>, String> {
    let path = folder.join("cases.tsv");
    let text = std::fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
    text.lines()
        .map(|line| {
            let columns: Vec<String> = line.split('\t').map(str::to_string).collect();
            let [name, t_end, rows, patients] = <[String; 4]>::try_from(columns)
                .map_err(|_| format!("{}: `{line}` has not four columns", path.display()))?;
            Ok(Case { name, t_end, rows, patients })
        })
        .collect()
}

/// The fastest line of each tolerance, by model and engine, in the order in which they were met.
#[derive(Default)]
struct Tables(Vec<((String, String), Lines)>);

/// Lines of a table by column.
type Lines = Vec<Vec<String>>;

impl Tables {
    /// Takes lines of a tolerance (or `load`), seconds and what else is known; the fewer seconds stay.
    fn add(&mut self, case: &Case, engine: &str, lines: &str) {
        let key = (case.name.clone(), engine.to_string());
        let at = self.0.iter().position(|(known, _)| *known == key).unwrap_or_else(|| {
            self.0.push((key, Vec::new()));
            self.0.len() - 1
        });
        let table = &mut self.0[at].1;
        let seconds = |cells: &[String]| cells.get(1).and_then(|s| s.parse().ok()).unwrap_or(f64::INFINITY);
        for line in lines.lines() {
            let cells: Vec<String> = line.split('\t').map(str::to_string).collect();
            match table.iter_mut().find(|known| known[0] == cells[0]) {
                Some(known) if seconds(&cells) < seconds(known) => *known = cells,
                Some(_) => {}
                None => table.push(cells),
            }
        }
    }

    fn write(&self, folder: &Path) -> Result<(), String> {
        for ((case, engine), table) in &self.0 {
            let text: String = table.iter().map(|cells| cells.join("\t") + "\n").collect();
            std::fs::write(folder.join(format!("{case}.{engine}.tsv")), text).map_err(|e| e.to_string())?;
        }
        Ok(())
    }
}

/// Builds CVODE and one program for each model.
fn build_cvode(root: &Path, folder: &Path, cases: &[Case]) -> Result<(), String> {
    let sundials = root.join("target/peers/sundials");
    let script = root.join("bench/peers/sundials.sh").display().to_string();
    command::run("sh", &[&script, &sundials.display().to_string()])?;
    let driver = root.join("bench/peers/throughput_cvode.c").display().to_string();
    let include = format!("-I{}", sundials.join("include").display());
    let parts = [
        "cvode",
        "nvecserial",
        "sunmatrixdense",
        "sunmatrixsparse",
        "sunlinsoldense",
        "sunlinsolklu",
        "core",
    ];
    let libraries: Vec<String> =
        parts.iter().map(|l| sundials.join(format!("lib/libsundials_{l}.a")).display().to_string()).collect();
    for Case { name, .. } in cases {
        let at = |ending: &str| folder.join(format!("{name}.{ending}")).display().to_string();
        let (program, source) = (at("cvode"), at("c"));
        let mut arguments =
            vec!["-O3", "-march=native", &include, "-I/usr/include/suitesparse", &source, &driver];
        arguments.extend(libraries.iter().map(String::as_str));
        arguments.extend([
            "-lklu",
            "-lamd",
            "-lcolamd",
            "-lbtf",
            "-lsuitesparseconfig",
            "-lm",
            "-o",
            &program,
        ]);
        command::run("cc", &arguments)?;
    }
    Ok(())
}

/// Runs a model's program with both linear solvers.
fn run_cvode(folder: &Path, case: &Case, tables: &mut Tables) -> Result<(), String> {
    let at = |ending: &str| folder.join(format!("{}.{ending}", case.name)).display().to_string();
    let (program, patients) = (at("cvode"), at("patients"));
    for solver in ["klu", "dense"] {
        for rtol in TOLERANCES {
            let states = at(&format!("{solver}.{rtol}.bin"));
            let line = printed(&program, &[&patients, &case.patients, rtol, solver, "1", &states])?;
            let values = line.split_once('\t').map_or("", |(_, values)| values);
            tables.add(case, solver, &format!("{rtol}\t{values}"));
        }
    }
    Ok(())
}

fn run_roadrunner(
    root: &Path,
    folder: &Path,
    case: &Case,
    python: &str,
    tables: &mut Tables,
) -> Result<(), String> {
    let Case { name, t_end, rows, patients: count } = case;
    let script = root.join("bench/peers/throughput_roadrunner.py").display().to_string();
    let at = |ending: &str| folder.join(format!("{name}.{ending}")).display().to_string();
    let (xml, names, patients, prefix) = (at("xml"), at("names"), at("patients"), at("roadrunner"));
    let mut arguments = vec![script.as_str(), &xml, &names, &patients, count, t_end, rows, &prefix, "1"];
    arguments.extend(TOLERANCES);
    tables.add(case, "roadrunner", &printed(python, &arguments)?);
    Ok(())
}

/// What a program prints.
fn printed(program: &str, arguments: &[&str]) -> Result<String, String> {
    let output = Command::new(program).args(arguments).output().map_err(|e| format!("{program}: {e}"))?;
    if !output.status.success() {
        return Err(format!("{program}: {}", String::from_utf8_lossy(&output.stderr)));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Where, when and with what it was measured.
fn head(cases: &[Case]) -> String {
    let patients = cases.first().map_or("", |case| &case.patients);
    let say = |program: &str, arguments: &[&str]| {
        printed(program, arguments).map_or("unknown".to_string(), |text| text.trim().to_string())
    };
    let cpu = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let cpu = cpu
        .lines()
        .find_map(|l| l.strip_prefix("model name"))
        .unwrap_or("")
        .trim_start_matches(['\t', ':', ' ']);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').next().unwrap_or("unknown");
    let (date, rustc, cc) =
        (say("date", &["-u", "+%F"]), say("rustc", &["-V"]), say("cc", &["-dumpversion"]));
    format!(
        "# Benchmarks\n\nWritten by `cargo xtask bench throughput` on {date}: {cpu}, {cores} cores, load {load} at the end of the peers; {rustc}; \
         libRoadRunner 2.10.0 (PyPI); SUNDIALS CVODE 7.1.1, built `-O3 -march=native` by gcc {cc} with the analytic Jacobian \
         of the same expression graph, constant terms hoisted, dense and sparse (KLU).\n\n\
         A thousand patients of each model (the peers: the first {patients}), who differ in dose and personal factors \
         from a fixed list; hourly states, written to memory that stands ready. Each engine runs over a range of relative tolerances (absolute: a thousandth); \
         engines take turns in {ROUNDS} rounds, and the fastest of a measurement counts, since noise only adds. The error of a patient is the largest distance of any state at any hour from a \
         reference at 1e-11, as a part of that state's peak; the median over {patients} patients is the achieved error. \
         Times at equal error are read between the two nearest points of the measurements. That a patient's bits do not depend on \
         its neighbours is asserted before anything is timed.\n"
    )
}
