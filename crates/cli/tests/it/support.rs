//! Running the program from the root of the repository.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Runs the program.
pub(crate) fn hepatica(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_hepatica")).args(arguments).current_dir(root()).output().unwrap()
}

/// Runs a study into a folder and expects success; gives what it printed.
pub(crate) fn run_study(study: &str, out: &Path, more: &[&str]) -> String {
    let out = out.display().to_string();
    let arguments: Vec<&str> =
        ["run", study, "--out", &out].into_iter().chain(more.iter().copied()).collect();
    let output = hepatica(&arguments);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}\n{stderr}");
    String::from_utf8(output.stdout).unwrap()
}

/// A CSV file by arm: column name to value.
pub(crate) fn read_outcomes(path: &Path) -> BTreeMap<String, BTreeMap<String, String>> {
    let rows = csv::Reader::from_path(path).unwrap().into_deserialize();
    rows.map(|row| {
        let row: BTreeMap<String, String> = row.unwrap();
        (row["arm"].clone(), row)
    })
    .collect()
}
