//! The assay bench as people run it.

use serde_json::Value;

use crate::support::{hepatica, page_holds};

const NOTICE: &str = "For research and teaching only; not a medical device.";

/// What a command answers; it must succeed.
pub(crate) fn answer(arguments: &[&str]) -> String {
    let output = hepatica(&[&["assay"], arguments].concat());
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}\n{stderr}");
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains(NOTICE) && !text.contains("NaN"), "{text}");
    text
}

fn json(arguments: &[&str]) -> Value {
    serde_json::from_str(&answer(&[arguments, &["--format", "json"]].concat())).unwrap()
}

fn refused(arguments: &[&str], expected: &[&str]) {
    let output = hepatica(&[&["assay"], arguments].concat());
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{arguments:?}\n{stderr}");
    assert!(output.stdout.is_empty(), "{arguments:?}");
    for part in expected {
        assert!(stderr.contains(part), "`{part}` is not in:\n{stderr}");
    }
}

#[test]
fn the_manual_is_true() {
    for page in ["gsh", "reductase", "ligase", "airway", "protocols"] {
        page_holds(&format!("assay-{page}.md"));
    }
}

#[test]
fn every_sheet_is_made() {
    for name in ["gsh-hplc", "reductase", "ligase", "airway", "dmn-rat"] {
        let text = answer(&["protocol", name, "--samples", "12"]);
        assert!(text.lines().all(|l| l.chars().count() <= 120), "{text}");
        let sheet = json(&["protocol", name, "--samples", "12"]);
        assert_eq!(sheet["schema"], "hepatica.assay.protocol/1");
        assert!(sheet["gaps"].as_array().unwrap().len() >= 4, "{name}");
        let places = sheet["layout"].as_array().unwrap();
        assert!((1..=12).all(|k| places.iter().any(|p| p["sample"] == k)), "{name}");
    }
    // 12 + 17 + 3 tubes of 50 uL at 1 mg/mL and a tenth more.
    let sheet = json(&["protocol", "gsh-hplc", "--samples", "12"]);
    let nbd_f = &sheet["reagents"][1];
    assert!((nbd_f["weigh"]["mg"].as_f64().unwrap() - 32.0 * 0.05 * 1.1).abs() < 1e-9, "{nbd_f}");
}

#[test]
fn sheets_that_are_refused() {
    refused(&["protocol", "gsh", "--samples", "12"], &["there is no protocol `gsh`", "gsh-hplc"]);
    refused(&["protocol", "airway", "--samples", "0"], &["1 to 960 animals"]);
}

/// The known truth of the simulated example data.
fn truth(assay: &str) -> Value {
    let text = std::fs::read_to_string(crate::support::root().join("studies/assay/truth.json")).unwrap();
    serde_json::from_str::<Value>(&text).unwrap()[assay].clone()
}

/// Every reportable result holds the truth in its interval, or is within the share given.
fn holds_truth(found: &Value, truth: f64, share: f64) {
    let value = found["value"].as_f64().unwrap();
    let interval = &found["interval_95"];
    let inside = interval[0].as_f64().unwrap() <= truth && truth <= interval[1].as_f64().unwrap();
    assert!(inside || (value / truth - 1.0).abs() < share, "{found} is not {truth}");
}

#[test]
fn glutathione_of_the_example() {
    let report = json(&["gsh", "studies/assay/gsh.toml"]);
    assert_eq!(report["schema"], "hepatica.assay.gsh/1");
    assert_eq!((&report["accepted"], &report["dilution_factor"]), (&true.into(), &4.0.into()));
    let truth = truth("gsh");
    for (found, truth) in
        report["results"].as_array().unwrap().iter().zip(truth["samples"].as_array().unwrap())
    {
        assert_eq!(found["sample"], truth["sample"]);
        let interval =
            serde_json::json!({ "value": found["umol_per_l"], "interval_95": found["interval_95"] });
        holds_truth(&interval, truth["umol_per_l"].as_f64().unwrap(), 0.05);
    }
    let flags = |k: usize| report["results"][k]["flags"].to_string();
    for (k, flag) in [
        (2, "gsh/fused"),
        (3, "gsh/haemolysed"),
        (4, "gsh/below-lloq"),
        (5, "gsh/clipped"),
        (7, "gsh/extrapolated"),
    ] {
        assert!(flags(k).contains(flag), "{k}: {}", flags(k));
        assert_eq!(report["results"][k]["reportable"], k == 2, "{k}");
    }
    let codes = report["warnings"].to_string();
    for code in ["gsh/no-reducing-step", "gsh/wavelength", "gsh/acid-ph", "gsh/late-acid", "gsh/volume"] {
        assert!(codes.contains(code), "{code}");
    }
    let checks = report["checks"].as_array().unwrap();
    assert!(checks.iter().all(|c| c["source"].as_str().unwrap().starts_with("ICH M10")));
}

#[test]
fn reductase_of_the_example() {
    let report = json(&["reductase", "studies/assay/reductase.toml"]);
    assert_eq!(report["schema"], "hepatica.assay.reductase/1");
    let truth = truth("reductase");
    let found = report["activities"].as_array().unwrap();
    for (found, truth) in found.iter().zip(truth["activities"].as_array().unwrap()) {
        assert_eq!(found["sample"], truth["sample"]);
        if found["sample"] == "overloaded" {
            assert_eq!(found["u_per_ml"]["value"], Value::Null);
            assert!(found["flags"].to_string().contains("reductase/exhausted"));
            continue;
        }
        holds_truth(&found["u_per_ml"], truth["u_per_ml"].as_f64().unwrap(), 0.03);
        holds_truth(&found["u_per_mg"], truth["u_per_mg"].as_f64().unwrap(), 0.03);
    }
}

#[test]
fn ligase_and_kinetics_of_the_example() {
    let report = json(&["ligase", "studies/assay/ligase.toml"]);
    assert_eq!(report["schema"], "hepatica.assay.ligase/1");
    let truth = truth("ligase");
    for (found, truth) in
        report["activities"].as_array().unwrap().iter().zip(truth["activities"].as_array().unwrap())
    {
        assert_eq!(found["sample"], truth["sample"]);
        holds_truth(&found["nmol_per_min_mg"], truth["nmol_per_min_mg"].as_f64().unwrap(), 0.03);
    }
    let report = json(&["kinetics", "studies/assay/kinetics.toml"]);
    assert_eq!(
        (&report["schema"], &report["best"]),
        (&"hepatica.assay.kinetics/1".into(), &"competitive".into())
    );
    for constant in report["fits"][0]["constants"].as_array().unwrap() {
        let truth = truth["kinetics"][constant["name"].as_str().unwrap()].as_f64().unwrap();
        let ends = &constant["profile_95"];
        assert!(ends[0].as_f64().unwrap() < truth && truth < ends[1].as_f64().unwrap(), "{constant} {truth}");
    }
}

#[test]
fn airway_of_the_example() {
    let report = json(&["airway", "studies/assay/airway.toml"]);
    assert_eq!(report["schema"], "hepatica.assay.airway/1");
    let truth = truth("airway");
    let animals: Vec<&Value> =
        truth["groups"].as_array().unwrap().iter().flat_map(|g| g["animals"].as_array().unwrap()).collect();
    let found = report["animals"].as_array().unwrap();
    assert_eq!(found.len(), animals.len());
    for (found, truth) in found.iter().zip(animals) {
        let (found, truth) =
            (found["peak_percent"].as_f64().unwrap(), truth["peak_percent"].as_f64().unwrap());
        // Breaths differ by 0.8 %, and the rest of the standard is still there.
        assert!((found - truth).abs() < 4.0 + 0.03 * truth, "{found} {truth}");
    }
    let source = json(&["airway-source"]);
    assert_eq!(source["schema"], "hepatica.assay.airway-source/1");
    assert_eq!(source["tests"].as_array().unwrap().len(), 3 * 2 * 9);
}

/// A folder with the example files of an assay, one of them changed.
fn spoiled(file: &str, change: impl Fn(&str) -> String) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let from = crate::support::root().join("studies/assay");
    for entry in std::fs::read_dir(&from).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_string();
        let text = std::fs::read_to_string(&path).unwrap();
        let text = if name == file { change(&text) } else { text };
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

/// What a spoiled example says; exit code 2.
fn refused_example(assay: &str, file: &str, change: impl Fn(&str) -> String, expected: &[&str]) {
    let folder = spoiled(file, change);
    let run = folder.path().join(format!("{assay}.toml")).display().to_string();
    refused(&[assay, &run, "--format", "short"], expected);
}

#[test]
fn bad_input_is_refused_with_row_and_column() {
    let line = |text: &str, number: usize, to: &str| -> String {
        let mut lines: Vec<&str> = text.lines().collect();
        lines[number - 1] = to;
        lines.join("\n") + "\n"
    };
    let wells = "reductase-wells.csv";
    refused_example("reductase", wells, |t| line(t, 4, "A2,sample"), &["wells.csv:4:1", "sheet/ragged"]);
    refused_example(
        "reductase",
        wells,
        |t| line(t, 4, "A1,sample,control 1,1,6.1,0.142,0.041"),
        &["wells.csv:4:1", "assay/duplicate", "`A1` stands twice"],
    );
    refused_example(
        "reductase",
        wells,
        |t| line(t, 4, "A2,sample,control 1,1,\"6,1\",0.142,0.041"),
        &["wells.csv:4:23", "sheet/decimal-comma", "write 6.1"],
    );
    refused_example(
        "reductase",
        wells,
        |t| t.replace("protein (mg/mL)", "protein"),
        &["wells.csv:2:", "assay/no-unit", "protein (mg/mL)"],
    );
    refused_example(
        "reductase",
        wells,
        |t| t.replace("protein (mg/mL)", "protein (mL)"),
        &["assay/unit", "converts to mg/mL"],
    );
    refused_example(
        "reductase",
        wells,
        |t| t.replace("a977,a900", "a900,a977"),
        &["wells.csv:3:", "reductase/path", "swapped"],
    );
    refused_example(
        "reductase",
        "reductase-traces.csv",
        |t| t.replace("time (s),a340", "a340,time (s)"),
        &["traces.csv:", "trace/time", "swapped"],
    );
    refused_example(
        "reductase",
        "reductase-traces.csv",
        |_| "\u{1}\u{7f}\"x,,\n\"\n;;".into(),
        &["sheet/no-column"],
    );
    refused_example(
        "reductase",
        "reductase.toml",
        |t| t.replace("\"200 uL\"", "\"200\""),
        &["reductase.toml:8:", "assay/quantity", "mL"],
    );
    refused_example(
        "reductase",
        "reductase.toml",
        |t| t.replace("reductase-wells.csv", "no.csv"),
        &["reductase.toml:5:", "assay/file", "no.csv"],
    );
    let sequence = "gsh-sequence.csv";
    refused_example(
        "gsh",
        sequence,
        |t| {
            t.lines()
                .filter(|l| !l.contains("standard") || l.contains(",5,"))
                .map(|l| l.to_string() + "\n")
                .collect()
        },
        &["gsh/no-calibration", "1 standards"],
    );
    refused_example(
        "gsh",
        sequence,
        |t| line(t, 6, "04,standard,,-0.1,,"),
        &["gsh-sequence.csv:6:14", "assay/not-positive"],
    );
    refused_example(
        "gsh",
        "gsh.toml",
        |t| t.replace("standards_enter = \"injection\"\n", ""),
        &["dilution/unstated", "\"derivatisation\" multiplies results by 2"],
    );
    refused_example(
        "gsh",
        "gsh-chromatograms.csv",
        |t| t.replace("time (min),signal (mV)", "signal (mV),time (min)"),
        &["trace/time"],
    );
    refused_example(
        "kinetics",
        "kinetics-rates.csv",
        |t| t.replace("rate (nmol/min/mg)", "rate"),
        &["kinetics-rates.csv:2:", "assay/no-unit"],
    );
    let low = |t: &str| -> String {
        t.lines()
            .filter(|l| l.starts_with(['#', 's']) || l.starts_with("0.4") && l.contains(",0,"))
            .map(|l| l.to_string() + "\n")
            .collect()
    };
    refused_example("kinetics", "kinetics-rates.csv", low, &["kinetics/not-identified"]);
    refused_example(
        "airway",
        "airway.toml",
        |t| t.replace("definition", "definitions"),
        &["`definition` is missing", "unknown key"],
    );
    refused_example(
        "ligase",
        "ligase-tubes.csv",
        |t| t.replace("T08,sample", "T08,sampel"),
        &["ligase/role", "`sampel`"],
    );
}

/// What is odd and can be used is flagged with its row, and nothing is lost.
#[test]
fn odd_readings_are_flagged_with_row_and_column() {
    let folder =
        spoiled("reductase-traces.csv", |t| t.replace("A1,10,", "A1,10,-").replace("A2,20,0.", "A2,20,4."));
    let run = folder.path().join("reductase.toml").display().to_string();
    let report = json(&["reductase", &run]);
    let warnings = report["warnings"].as_array().unwrap();
    for (code, line) in [("reductase/negative", 4), ("reductase/saturated", 36)] {
        let found = warnings.iter().find(|w| w["code"] == code).unwrap();
        assert_eq!(found["place"]["line"], line, "{found}");
    }
    assert_eq!(report["wells"].as_array().unwrap().len(), 23);
}

/// A run whose QCs are off is rejected: exit code 1, and nothing may be reported.
#[test]
fn a_run_with_bad_controls_is_rejected() {
    let folder = spoiled("gsh-sequence.csv", |t| t.replace("qc,medium,2", "qc,medium,3"));
    let run = folder.path().join("gsh.toml").display().to_string();
    let output = hepatica(&["assay", "gsh", &run, "--format", "json"]);
    assert_eq!(output.status.code(), Some(1));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["accepted"], false);
    assert!(report["results"].as_array().unwrap().iter().all(|r| r["reportable"] == false));
}

#[test]
fn reports_are_written_once() {
    let folder = tempfile::tempdir().unwrap();
    for assay in ["gsh", "reductase", "ligase", "kinetics", "airway"] {
        let out = folder.path().join(assay).display().to_string();
        let run = format!("studies/assay/{assay}.toml");
        answer(&[assay, &run, "--out", &out]);
        for file in ["report.html", "result.json"] {
            let text = std::fs::read_to_string(format!("{out}/{file}")).unwrap();
            assert!(text.contains("simulated") && !text.contains("NaN"), "{assay} {file}");
        }
        refused(&[assay, &run, "--out", &out], &["already holds a result"]);
    }
    let out = folder.path().join("sheet").display().to_string();
    answer(&["protocol", "ligase", "--samples", "8", "--out", &out]);
    assert!(std::fs::read_to_string(format!("{out}/workflow.svg")).unwrap().starts_with("<svg"));
}
