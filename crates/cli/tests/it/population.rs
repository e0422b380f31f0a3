//! Virtual patients: the same bytes however they are run, the same patients in every arm.

use crate::support::{hepatica, read_outcomes, run_study, study};

const STUDY: &str = r#"title = "Population"
model = "human/overdose"
duration = "4 d"
every = "1 h"
[population]
size = 40
seed = 3
[population.vary]
weight = { median = "70 kg", log_sd = 0.18 }
[[arm]]
name = "untreated"
doses = [{ drug = "acetaminophen", dose = "400 mg/kg", route = "oral", at = "0 h" }]
[[arm]]
name = "NAC at 8 h"
doses = [
    { drug = "acetaminophen", dose = "400 mg/kg", route = "oral", at = "0 h" },
    { course = "nac-iv-3bag-21h", at = "8 h" },
]
"#;

#[test]
fn the_same_bytes_whatever_the_threads_and_instruction_set() {
    let folder = tempfile::tempdir().unwrap();
    let study = study(folder.path(), STUDY);
    let files = |name: &str, more: &[&str]| {
        let out = folder.path().join(name);
        run_study(&study, &out, more);
        ["outcomes.csv", "summary.csv", "comparisons.csv", "bands.csv", "manifest.json", "report.html"]
            .map(|file| std::fs::read(out.join(file)).unwrap())
    };
    let reference = files("one", &["--threads", "1"]);
    assert!(files("two", &["--threads", "2"]) == reference);
    assert!(files("seven", &["--threads", "7"]) == reference);
    assert!(files("baseline", &["--isa", "baseline"]) == reference);
    assert!(files("seed", &["--seed", "4"]) != reference);
}

#[test]
fn one_patient_alone_is_the_patient_of_the_population() {
    let folder = tempfile::tempdir().unwrap();
    let study = study(folder.path(), STUDY);
    let all = folder.path().join("all");
    run_study(&study, &all, &[]);
    let one = folder.path().join("one");
    run_study(&study, &one, &["--patient", "17"]);
    let alone = read_outcomes(&one.join("outcomes.csv"));
    let text = std::fs::read_to_string(all.join("outcomes.csv")).unwrap();
    let header: Vec<&str> = text.lines().next().unwrap().split(',').collect();
    assert_eq!(text.lines().count(), 1 + 2 * 40);
    for arm in ["untreated", "NAC at 8 h"] {
        let line = text.lines().find(|l| l.starts_with(&format!("17,{arm},"))).unwrap();
        for (name, value) in header.iter().zip(line.split(',')).skip(2) {
            assert_eq!(alone[arm][*name], value, "{arm} {name}");
        }
    }
    assert!(std::fs::read_to_string(one.join("timecourse.csv")).unwrap().lines().count() > 190);
}

/// Fixing one value leaves the others as they were, and every personal factor of the model matters to something.
#[test]
fn patients_differ_and_acetylcysteine_helps_most_of_them() {
    let folder = tempfile::tempdir().unwrap();
    let study = study(folder.path(), STUDY);
    let out = folder.path().join("out");
    let text = run_study(&study, &out, &["--format", "json"]);
    let answer: serde_json::Value = serde_json::from_str(&text).unwrap();
    let arms = answer["population"]["arms"].as_array().unwrap();
    let risk = |arm: usize| arms[arm]["risk"]["value"].as_f64().unwrap();
    assert!(risk(0) > risk(1) && risk(0) > 0.2 && risk(1) < 0.2, "{} {}", risk(0), risk(1));
    assert!(arms[1]["risk_difference"]["high"].as_f64().unwrap() < 0.0);
    assert_eq!(arms[0]["patients"], 40);
    let csv = std::fs::read_to_string(out.join("outcomes.csv")).unwrap();
    let peaks: std::collections::BTreeSet<&str> =
        csv.lines().skip(1).map(|l| l.split(',').nth(2).unwrap()).collect();
    assert!(peaks.len() > 70, "patients differ");
}

#[test]
fn bad_populations_are_refused() {
    for (from, to, expected) in [
        ("size = 40", "size = 0", "study.toml:6:"),
        ("size = 40", "size = 1.5", "population/number"),
        ("size = 40\n", "", "`size` is missing"),
        ("weight = {", "weigth = {", "did you mean `weight`?"),
        ("median = \"70 kg\", log_sd = 0.18", "median = \"70 kg\"", "median and log_sd"),
        ("median = \"70 kg\"", "median = \"70 mmol\"", "population/spread"),
        ("median = \"70 kg\"", "median = \"-70 kg\"", "population/spread"),
        (
            "[[arm]]\nname = \"untreated\"",
            "[set]\nindividual_cyp = 2\n[[arm]]\nname = \"untreated\"",
            "population/set",
        ),
    ] {
        assert!(STUDY.contains(from), "{from}");
        let folder = tempfile::tempdir().unwrap();
        let study = study(folder.path(), &STUDY.replacen(from, to, 1));
        let out = folder.path().join("out");
        let output = hepatica(&["run", &study, "--out", &out.display().to_string()]);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{to}\n{stderr}");
        assert!(stderr.contains(expected), "{to}\n{stderr}");
        assert!(!out.exists());
    }
    let output = hepatica(&["run", "studies/one-patient.toml", "--patient", "3", "--out", "target/never"]);
    assert_eq!(output.status.code(), Some(2));
}
