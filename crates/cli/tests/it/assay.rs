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
