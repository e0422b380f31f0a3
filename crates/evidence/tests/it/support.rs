//! The texts of the tree.

use std::path::{Path, PathBuf};

use hepatica_evidence::Ledger;
use hepatica_source::{Diagnostic, SourceMap};

/// The root of the tree.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The files below a folder of the tree, sorted, build outputs and hidden ones left out.
pub(crate) fn files(folder: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![root().join(folder)];
    while let Some(dir) = open.pop() {
        let Ok(entries) = std::fs::read_dir(&dir) else { continue };
        for entry in entries.flatten() {
            let (path, name) = (entry.path(), entry.file_name());
            if name.to_string_lossy().starts_with('.') || name == "target" || name == "results" {
                continue;
            }
            let kind = entry.file_type().unwrap();
            if kind.is_dir() {
                open.push(path);
            } else if kind.is_file() {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// The ledger of the tree with what is wrong with it.
pub(crate) fn ledger() -> (Ledger, SourceMap, Vec<Diagnostic>) {
    let texts: Vec<(String, String)> = files("evidence")
        .into_iter()
        .filter(|p| p.extension().is_some_and(|e| e == "toml"))
        .filter(|p| p.parent().is_some_and(|f| f.ends_with("evidence") || f.ends_with("claims")))
        .map(|p| {
            (p.strip_prefix(root()).unwrap().display().to_string(), std::fs::read_to_string(&p).unwrap())
        })
        .collect();
    let mut map = SourceMap::new();
    let (ledger, problems) = Ledger::read(&mut map, texts.iter().map(|(n, t)| (n.as_str(), t.as_str())));
    (ledger, map, problems)
}

/// The source documents D0 to D4 where they are present beside the tree.
pub(crate) fn documents() -> Option<Vec<(String, String)>> {
    let folder = root().join("../shared/sources");
    let folder = if folder.is_dir() { folder } else { root().join("../../shared/sources") };
    let mut paths: Vec<PathBuf> = std::fs::read_dir(&folder).ok()?.flatten().map(|e| e.path()).collect();
    paths.sort();
    let text = |(k, path): (usize, &PathBuf)| Some((format!("D{k}"), std::fs::read_to_string(path).ok()?));
    let texts: Option<Vec<_>> = paths.iter().enumerate().map(text).collect();
    texts.filter(|t| t.len() == 5)
}

/// Says that a test needs what is not there.
pub(crate) fn skipped(what: &str) {
    println!("skipped: {what} is not beside this tree");
}
