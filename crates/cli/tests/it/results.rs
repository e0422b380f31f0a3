//! The files of a run, and the commands on models.

use crate::support::{hepatica, run_study};

#[test]
fn a_run_writes_every_file_and_a_page_that_stands_alone() {
    let folder = tempfile::tempdir().unwrap();
    let text = run_study("studies/one-patient.toml", folder.path(), &["--format", "json"]);
    let answer: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(answer["schema"], "hepatica.run/1");
    assert_eq!(answer["arms"].as_array().unwrap().len(), 2);
    for name in answer["files"].as_array().unwrap() {
        let path = folder.path().join(name.as_str().unwrap());
        assert!(std::fs::metadata(&path).unwrap().len() > 0, "{}", path.display());
    }
    let page = std::fs::read_to_string(folder.path().join("report.html")).unwrap();
    assert!(page.len() < 3_000_000);
    for outside in ["src=\"http", "href=\"http://", "@import", "url(http"] {
        assert!(!page.contains(outside), "{outside}");
    }
    let left: Vec<_> = std::fs::read_dir(folder.path())
        .unwrap()
        .filter_map(|f| f.unwrap().file_name().into_string().ok())
        .filter(|name| name.ends_with(".partial"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn the_manifest_names_every_column_with_its_standing_and_every_file_with_its_hash() {
    let folder = tempfile::tempdir().unwrap();
    run_study("studies/one-patient.toml", folder.path(), &[]);
    let text = std::fs::read_to_string(folder.path().join("manifest.json")).unwrap();
    let manifest: serde_json::Value = serde_json::from_str(&text).unwrap();
    for file in ["outcomes.csv", "timecourse.csv"] {
        let csv = std::fs::read_to_string(folder.path().join(file)).unwrap();
        for column in csv.lines().next().unwrap().split(',') {
            if ["patient", "arm", "time_h", "failure"].contains(&column) {
                continue;
            }
            let columns = manifest["columns"].as_array().unwrap();
            let found = columns.iter().find(|c| c["file"] == file && c["name"] == column);
            let status = found.unwrap_or_else(|| panic!("{file} {column}"))["status"].as_str().unwrap();
            assert!(
                ["observed", "calibrated", "predicted", "hypothesis"].contains(&status),
                "{column} {status}"
            );
        }
    }
    assert!(!manifest["model"]["texts"].as_array().unwrap().is_empty());
    assert!(!text.contains("threads"), "what changes no byte is not in the manifest");
}

#[test]
fn an_existing_result_is_kept_unless_asked() {
    let folder = tempfile::tempdir().unwrap();
    run_study("studies/one-patient.toml", folder.path(), &[]);
    let out = folder.path().display().to_string();
    let refused = hepatica(&["run", "studies/one-patient.toml", "--out", &out]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("--overwrite"));
    run_study("studies/one-patient.toml", folder.path(), &["--overwrite"]);
}

#[test]
fn zones_are_an_option() {
    let folder = tempfile::tempdir().unwrap();
    let study = std::fs::read_to_string(crate::support::root().join("studies/one-patient.toml")).unwrap();
    let study = study.replace("duration = \"7 d\"", "duration = \"2 d\"\nzones = 8");
    let path = folder.path().join("eight.toml");
    std::fs::write(&path, study).unwrap();
    let out = folder.path().join("out");
    run_study(&path.display().to_string(), &out, &["--columns", "all"]);
    let csv = std::fs::read_to_string(out.join("timecourse.csv")).unwrap();
    assert!(csv.lines().next().unwrap().contains("gsh_zone8"));
}

#[test]
fn models_are_listed_shown_checked_and_simulated() {
    let ok = |arguments: &[&str]| {
        let output = hepatica(arguments);
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(ok(&["model", "list"]).contains("human/overdose"));
    assert!(ok(&["model", "show", "human/overdose"]).contains("model *overdose"));
    assert!(ok(&["model", "show", "human/overdose", "--stage", "system"]).contains("apap_plasma"));
    assert!(ok(&["model", "show", "human/overdose", "--stage", "tape"]).lines().count() > 500);
    assert!(ok(&["model", "check", "human/overdose"]).contains("no errors"));
    let csv = ok(&[
        "model",
        "simulate",
        "human/overdose",
        "--duration",
        "4",
        "--steps",
        "4",
        "--select",
        "apap_mg_per_L,ALT",
        "--set",
        "apap_oral=66153",
    ]);
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(lines.len(), 6);
    assert_eq!(lines[0], "time,apap_mg_per_L,ALT");
    assert!(lines[5].starts_with("4,"));
}
