//! The suites of the field, through the runner of `hepatica-app`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::command;

/// What each suite needs besides its folder: archive, manifest.
const SUITES: [(&str, &str, Option<&str>); 4] = [
    ("sbml", "semantic_dev", None),
    ("antimony", "antimony_dev", Some("antimony.tsv")),
    ("biomodels", "biomodels_dev", Some("biomodels.tsv")),
    ("pbpk", "biomodels_dev", Some("pbpk.tsv")),
];

/// Runs a suite; the exit code is that of the runner: 1 for a regression, 2 for a wrong argument.
pub(crate) fn run(arguments: &[String]) -> ExitCode {
    match command::conformance(arguments) {
        Ok(code) => ExitCode::from(code),
        Err(message) => {
            eprintln!("xtask conformance: {message}");
            ExitCode::from(2)
        }
    }
}

/// Runs every suite whose archive lies in `shared/suite` beside the repository, against its ledger.
pub(crate) fn check(root: &Path) -> Result<(), String> {
    let shared = root.parent().unwrap_or(root).join("shared/suite");
    if !shared.is_dir() {
        println!("conformance: skipped, ../shared/suite is not on this machine");
        return Ok(());
    }
    for (suite, archive, manifest) in SUITES {
        let folder = unpacked(root, &shared, archive)?;
        let mut arguments = vec![suite.to_string(), folder.display().to_string()];
        if let Some(manifest) = manifest {
            arguments
                .extend(["--manifest".into(), shared.join("manifests").join(manifest).display().to_string()]);
        }
        if suite == "antimony" {
            for (option, archive) in [("--semantic", "semantic_dev"), ("--biomodels", "biomodels_dev")] {
                arguments.extend([option.into(), unpacked(root, &shared, archive)?.display().to_string()]);
            }
        }
        println!("$ conformance {}", arguments.join(" "));
        match command::conformance(&arguments)? {
            0 => {}
            code => return Err(format!("the suite {suite} ended with {code}")),
        }
    }
    Ok(())
}

/// The folder with the BioModels of the suite; `None` where the suite is not beside the repository.
pub(crate) fn biomodels(root: &Path) -> Result<Option<PathBuf>, String> {
    let shared = root.parent().unwrap_or(root).join("shared/suite");
    if shared.is_dir() { unpacked(root, &shared, "biomodels_dev").map(Some) } else { Ok(None) }
}

/// The folder an archive is unpacked into, below `target`.
fn unpacked(root: &Path, shared: &Path, archive: &str) -> Result<PathBuf, String> {
    let folder = root.join("target/conformance").join(archive);
    let done = folder.join("unpacked");
    if done.exists() {
        return Ok(folder);
    }
    std::fs::create_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let file = shared.join(format!("{archive}.tar.xz")).display().to_string();
    command::run("tar", &["xJf", &file, "-C", &folder.display().to_string()])?;
    std::fs::write(&done, "").map_err(|e| format!("{}: {e}", done.display()))?;
    Ok(folder)
}
