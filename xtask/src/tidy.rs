//! What a reviewer would count: crate directions, licences, sizes, and words that do not belong in the tree.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

/// Who may use whom, from ARCHITECTURE.md; a crate that is not listed may use nothing of ours.
/// `source`, `unit` and `stats` are open to all.
const MAY_USE: &[(&str, &[&str])] = &[
    ("source", &[]),
    ("unit", &[]),
    ("stats", &[]),
    ("lanes", &[]),
    ("report", &[]),
    ("evidence", &[]),
    ("expr", &["lanes"]),
    ("solve", &["lanes"]),
    ("model", &["expr"]),
    ("format", &["model", "expr"]),
    ("kernel", &["lanes", "expr", "model"]),
    ("chem", &[]),
    ("dose", &["chem"]),
    ("sim", &["lanes", "solve", "dose", "kernel", "model", "expr"]),
    ("clinic", &["dose", "chem"]),
    // Molar masses, for reagents to weigh and for what a salt gives.
    ("assay", &["chem"]),
    ("trial", &["sim", "dose", "kernel", "model", "expr", "lanes"]),
    ("fit", &["trial", "sim", "dose", "chem", "kernel", "model"]),
    (
        "app",
        &[
            "trial", "fit", "sim", "dose", "chem", "clinic", "assay", "evidence", "kernel", "model",
            "format", "expr", "lanes", "report",
        ],
    ),
    ("cli", &["app"]),
];

/// Leaves every crate may use.
const OPEN: &[&str] = &["source", "unit", "stats"];

/// Licences that may be in the tree; an expression passes when one of its alternatives does.
const LICENCES: &[&str] = &[
    "MIT",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "Zlib",
    "Unicode-3.0",
    "Unicode-DFS-2016",
    "CC0-1.0",
    "0BSD",
    "BSL-1.0",
    "Unlicense",
];

/// The longest Rust file; the median of the tree is far below.
const MAX_LINES: usize = 600;

/// Runs every check and reports all findings.
pub(crate) fn check(root: &Path) -> Result<(), String> {
    let mut findings = directions(root)?;
    findings.extend(licences(root)?);
    findings.extend(files(root)?);
    if findings.is_empty() {
        println!("tidy: directions, licences, sizes and words are in order");
        return Ok(());
    }
    Err(format!("{} finding(s)\n  {}", findings.len(), findings.join("\n  ")))
}

fn read(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))
}

/// Dependencies between our crates that the architecture does not allow. Dev-dependencies are free.
pub(crate) fn directions(root: &Path) -> Result<Vec<String>, String> {
    let allowed: BTreeMap<&str, &[&str]> = MAY_USE.iter().copied().collect();
    let mut findings = Vec::new();
    let folders = std::fs::read_dir(root.join("crates")).map_err(|e| e.to_string())?;
    let mut names: Vec<String> = folders.filter_map(|f| f.ok()?.file_name().into_string().ok()).collect();
    names.sort();
    for name in names {
        let manifest = read(&root.join("crates").join(&name).join("Cargo.toml"))?;
        let manifest: toml::Table = manifest.parse().map_err(|e| format!("{name}: {e}"))?;
        let Some(may) = allowed.get(name.as_str()) else {
            findings.push(format!("crate {name} has no row in the table of directions"));
            continue;
        };
        let used = manifest.get("dependencies").and_then(toml::Value::as_table);
        for used in used.into_iter().flat_map(toml::Table::keys) {
            let Some(used) = used.strip_prefix("hepatica-") else { continue };
            if !may.contains(&used) && !OPEN.contains(&used) {
                findings.push(format!("crate {name} may not use {used}"));
            }
        }
    }
    Ok(findings)
}

/// Packages whose licence is not permissive.
fn licences(root: &Path) -> Result<Vec<String>, String> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked"])
        .current_dir(root)
        .output()
        .map_err(|e| e.to_string())?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).map_err(|e| e.to_string())?;
    let packages = metadata["packages"].as_array().cloned().unwrap_or_default();
    let bad = packages.iter().filter_map(|package| {
        let licence = package["license"].as_str().unwrap_or("none stated");
        (!permissive(licence)).then(|| format!("package {} has licence {licence}", package["name"]))
    });
    Ok(bad.collect())
}

/// Whether a licence expression offers a permissive choice for each of its parts.
fn permissive(expression: &str) -> bool {
    let flat = expression.replace(['(', ')'], "").replace('/', " OR ");
    flat.split(" AND ").all(|part| part.split(" OR ").any(|choice| LICENCES.contains(&choice.trim())))
}

/// Files that are too long, and words that do not belong in the tree.
fn files(root: &Path) -> Result<Vec<String>, String> {
    let output = Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard"])
        .current_dir(root)
        .output()
        .map_err(|e| format!("git: {e}"))?;
    let mut findings = Vec::new();
    for name in String::from_utf8_lossy(&output.stdout).lines() {
        let Ok(text) = std::fs::read_to_string(root.join(name)) else { continue };
        let lines = text.lines().count();
        if name.ends_with(".rs") && lines > MAX_LINES {
            findings.push(format!("{name} has {lines} lines, more than {MAX_LINES}"));
        }
        // Written in two halves so that this file does not find itself.
        for word in [concat!("/wo", "rk/"), concat!("/ho", "me/"), concat!("/ro", "ot/"), concat!("TO", "DO")]
        {
            if !name.ends_with(".lock")
                && let Some(line) = text.lines().position(|l| l.contains(word))
            {
                findings.push(format!("{name}:{}: `{word}` does not belong in the tree", line + 1));
            }
        }
    }
    Ok(findings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crates_use_only_what_the_architecture_allows() {
        assert_eq!(directions(&crate::command::root()), Ok(Vec::new()));
    }

    #[test]
    fn licence_expressions_are_read() {
        assert!(permissive("MIT OR Apache-2.0"));
        assert!(permissive("MIT/Apache-2.0"));
        assert!(permissive("(MIT OR Apache-2.0) AND Unicode-3.0"));
        assert!(!permissive("MIT AND GPL-3.0"));
        assert!(!permissive("GPL-3.0-or-later"));
        assert!(permissive("LGPL-2.1 OR MIT"));
    }
}
