//! The SBML semantic test suite: a folder per case with a document, settings, results and tags.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use hepatica_app::time_course::{Column, Form};

use crate::case::{Case, Rule, Table, Task};

/// Every case, with its newest document.
pub(crate) fn sbml(folder: &Path) -> Result<Vec<Case>, String> {
    let cases = case_folders(folder)?;
    cases.iter().map(|folder| case(folder, &newest(folder)?)).collect()
}

/// The folders of the cases, which stand directly in the folder or below `semantic/cases` or `cases`.
pub(crate) fn case_folders(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let below = ["semantic/cases", "cases/semantic", "cases", "semantic", "."];
    let below = below.iter().map(|below| folder.join(below));
    for place in below.filter(|place| place.is_dir()) {
        let mut found: Vec<PathBuf> = list(&place)?
            .into_iter()
            .filter(|path| {
                let name = name_of(path);
                name.len() == 5 && name.bytes().all(|b| b.is_ascii_digit()) && path.is_dir()
            })
            .collect();
        found.sort();
        if !found.is_empty() {
            return Ok(found);
        }
    }
    Err(format!("{} has no folders like 00001", folder.display()))
}

pub(crate) fn list(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = std::fs::read_dir(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    entries.map(|entry| entry.map(|e| e.path()).map_err(|e| e.to_string())).collect()
}

pub(crate) fn name_of(path: &Path) -> String {
    path.file_name().map_or(String::new(), |name| name.to_string_lossy().into_owned())
}

/// The document of the newest level and version.
fn newest(folder: &Path) -> Result<PathBuf, String> {
    let prefix = format!("{}-sbml-l", name_of(folder));
    let mut found: Vec<PathBuf> =
        list(folder)?.into_iter().filter(|path| name_of(path).starts_with(&prefix)).collect();
    found.sort();
    found.pop().ok_or_else(|| format!("{} has no document", folder.display()))
}

/// A case of the suite, simulated from a document.
pub(crate) fn case(folder: &Path, model: &Path) -> Result<Case, String> {
    let id = name_of(folder);
    let file = |ending: &str| folder.join(format!("{id}-{ending}"));
    let settings = settings(&file("settings.txt"))?;
    let text = |key: &str| settings.get(key).map_or("", String::as_str);
    let names = |key: &str| -> Vec<String> {
        text(key).split(',').map(|name| name.trim().to_string()).filter(|name| !name.is_empty()).collect()
    };
    let (amounts, concentrations) = (names("amount"), names("concentration"));
    let columns = names("variables").into_iter().map(|name| {
        let form = match (amounts.contains(&name), concentrations.contains(&name)) {
            (true, _) => Form::Amount,
            (false, true) => Form::Concentration,
            (false, false) => Form::AsNamed,
        };
        Column { name, form }
    });
    let number = |key: &str| text(key).parse::<f64>().unwrap_or(f64::NAN);
    Ok(Case {
        tags: tags(&file("tags.txt")),
        model: model.to_path_buf(),
        // A case without a time course says nothing here; its model is refused before that matters.
        duration: if text("duration").is_empty() { 1.0 } else { number("duration") },
        steps: text("steps").parse().unwrap_or(1),
        columns: columns.collect(),
        expected: Table::read(&file("results.csv")),
        rule: Rule::Cell { absolute: number("absolute"), relative: number("relative") },
        task: Task::Simulate,
        id,
    })
}

/// `key: value` lines.
fn settings(path: &Path) -> Result<BTreeMap<String, String>, String> {
    let text = std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
    let lines = text.lines().filter_map(|line| line.split_once(':'));
    Ok(lines.map(|(key, value)| (key.trim().to_string(), value.trim().to_string())).collect())
}

/// The tags of components and tests.
fn tags(path: &Path) -> Vec<String> {
    let Ok(settings) = settings(path) else { return Vec::new() };
    let of = |key: &str| settings.get(key).cloned().unwrap_or_default();
    let all = format!("{},{}", of("componentTags"), of("testTags"));
    all.split(',').map(|tag| tag.trim().to_string()).filter(|tag| !tag.is_empty()).collect()
}
