//! Comparison with other simulators, installed from the package index into `target/peers`.

use std::path::Path;
use std::process::Command;

use crate::{command, peers_models};

/// The arms that are compared: an overdose without and with infusions, an interrupted course, repeated doses.
const CASES: &[(&str, &str)] = &[
    ("studies/overdose.toml", "30 g, untreated"),
    ("studies/overdose.toml", "30 g, NAC at 8 h"),
    ("studies/late-and-interrupted.toml", "NAC at 8 h, stopped after 10 min for 8 h"),
    ("studies/therapeutic.toml", "1 g every 6 h, 12 doses"),
];

/// Exports arms as SBML and compares libRoadRunner's time courses with ours; then every shipped model as it stands.
pub(crate) fn check() -> Result<(), String> {
    let root = command::root();
    let folder = root.join("target/peers");
    let Some(python) = install(&root, &folder, "requirements.txt")? else {
        println!("peers: skipped, python3 with venv is not on this machine");
        return Ok(());
    };
    for (i, (study, arm)) in CASES.iter().enumerate() {
        let out = folder.join(format!("case-{i}"));
        let sbml = folder.join(format!("case-{i}.xml"));
        let (out, sbml) = (out.display().to_string(), sbml.display().to_string());
        let mut arguments = vec!["run", "--release", "--quiet", "--locked", "--package", "hepatica", "--"];
        arguments.extend(["run", study, "--out", &out, "--overwrite", "--export-sbml", &sbml]);
        arguments.extend(["--columns", "all", "--rtol", "1e-9", "--atol", "1e-14"]);
        arguments.extend(["--arm", arm, "--format", "json"]);
        command::cargo_quiet(&arguments)?;
        let csv = format!("{out}/timecourse.csv");
        let script = root.join("bench/peers/compare_roadrunner.py").display().to_string();
        command::run(&python, &[&script, &sbml, &csv])?;
    }
    peers_models::check(&root, &folder, &python)
}

/// The Python of `target/peers` with the peers installed, or `None` without Python.
pub(crate) fn python(root: &Path) -> Result<Option<String>, String> {
    install(root, &root.join("target/peers"), "requirements.txt")
}

/// The Python of `target/peers/copasi` with COPASI, which may not be loaded beside libRoadRunner: `None` without Python.
pub(crate) fn copasi(root: &Path) -> Result<Option<String>, String> {
    install(root, &root.join("target/peers/copasi"), "requirements-copasi.txt")
}

/// A Python with the peers installed; `None` when there is no Python to begin with.
fn install(root: &Path, folder: &Path, requirements: &str) -> Result<Option<String>, String> {
    let python = folder.join("venv/bin/python");
    let wanted = root.join("bench/peers").join(requirements);
    let stamp = folder.join("installed.txt");
    let wanted_text = std::fs::read_to_string(&wanted).map_err(|e| format!("{}: {e}", wanted.display()))?;
    if std::fs::read_to_string(&stamp).is_ok_and(|have| have == wanted_text) {
        return Ok(Some(python.display().to_string()));
    }
    let venv = folder.join("venv").display().to_string();
    let made = Command::new("python3").args(["-m", "venv", "--clear", &venv]).status();
    if !made.is_ok_and(|status| status.success()) {
        return Ok(None);
    }
    let python = python.display().to_string();
    command::run(&python, &["-m", "pip", "install", "--quiet", "-r", &wanted.display().to_string()])?;
    std::fs::write(&stamp, wanted_text).map_err(|e| format!("{}: {e}", stamp.display()))?;
    Ok(Some(python))
}
