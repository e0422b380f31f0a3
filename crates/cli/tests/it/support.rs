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

/// Writes the text of a study into a folder; gives its path.
pub(crate) fn study(folder: &Path, text: &str) -> String {
    let path = folder.join("study.toml");
    std::fs::write(&path, text).unwrap();
    path.display().to_string()
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

/// The words of a command line; double quotes hold words together.
fn words(line: &str) -> Vec<String> {
    let pieces = line.split('"').enumerate();
    pieces
        .flat_map(|(i, piece)| match i % 2 {
            1 => vec![piece.to_string()],
            _ => piece.split_whitespace().map(String::from).collect(),
        })
        .collect()
}

/// Every console block of a page: the lines below the command appear in this order in what it prints.
pub(crate) fn page_holds(page: &str) {
    let text = std::fs::read_to_string(root().join("docs/src").join(page)).unwrap();
    let blocks: Vec<&str> =
        text.split("```console\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
    assert!(!blocks.is_empty(), "{page}");
    for block in blocks {
        let mut lines = block.lines();
        let command = lines.next().unwrap().strip_prefix("$ hepatica ").unwrap();
        let command = words(command);
        let output = hepatica(&command.iter().map(String::as_str).collect::<Vec<_>>());
        let printed = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
        let mut left = printed.lines();
        for line in lines {
            let found = left.any(|l| l == line || l.starts_with(line) && line.starts_with("  - "));
            assert!(found, "{page}: `{line}` is not printed by {command:?}:\n{printed}");
        }
    }
}
