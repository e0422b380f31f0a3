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
    page_holds("assay-protocols.md");
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
