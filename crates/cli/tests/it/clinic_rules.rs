//! `hepatica clinic triage`, `stop`, `score` and `indication`: documented examples, JSON, guards and refusals.

use serde_json::Value;

use crate::support::{hepatica, page_holds};

fn json(arguments: &[&str]) -> Value {
    let output = hepatica(&[&["clinic"], arguments, &["--format", "json"]].concat());
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn refused(arguments: &[&str]) -> String {
    let output = hepatica(&[&["clinic"], arguments].concat());
    assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    assert!(output.stdout.is_empty(), "{arguments:?}");
    String::from_utf8(output.stderr).unwrap()
}

fn triage<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&["triage", "--jurisdiction", "us"], more].concat()
}

#[test]
fn documented_examples_hold() {
    for page in ["triage.md", "stopping.md", "prognosis.md", "other-uses.md"] {
        page_holds(&format!("clinic/{page}"));
    }
}

#[test]
fn triage_as_json() {
    let answer = json(&triage(&["--pattern", "acute", "--level", "75 mg/L", "--time", "8 h"]));
    assert_eq!(answer["schema"], "hepatica.triage/1");
    assert!(answer["notice"].as_str().unwrap().contains("not a medical device"));
    assert_eq!((&answer["decision"], &answer["rule"]), (&"treat".into(), &"us-2023/nomogram".into()));
    assert_eq!((answer["line_value"].as_f64(), answer["multiple_of_line"].as_f64()), (Some(75.0), Some(1.0)));
    assert!(answer["source"].as_str().unwrap().contains("e2327739"));
    assert!(answer["why_not"].as_array().unwrap().len() >= 10);
    let early = json(&triage(&["--pattern", "acute", "--level", "75 mg/L", "--time", "3.999 h"]));
    assert_eq!((&early["decision"], &early["line_value"]), (&"repeat_level".into(), &Value::Null));
    let same = json(&triage(&["--pattern", "acute", "--level", "496.2 umol/L", "--time", "480 min"]));
    assert_eq!(same["decision"], "treat");
}

#[test]
fn a_level_in_the_wrong_unit_is_warned_of() {
    let warned = |level| {
        let answer = json(&triage(&["--pattern", "acute", "--level", level, "--time", "4 h"]));
        answer["warnings"].as_array().unwrap().iter().map(|w| w.to_string()).collect::<String>()
    };
    assert!(warned("150 umol/L").contains("22.6"), "{}", warned("150 umol/L"));
    assert!(warned("1000.1 mg/L").contains("umol/L"));
    assert!(warned("1000 mg/L").is_empty() && warned("1200 umol/L").is_empty());
}

#[test]
fn missing_and_unknown_units_are_refused() {
    let level = |level| refused(&triage(&["--pattern", "acute", "--level", level, "--time", "4 h"]));
    assert!(level("150").contains("unit is missing"));
    assert!(level("150 kg").contains("mg/L or umol/L"));
    assert!(refused(&triage(&["--pattern", "acute", "--level", "9 mg/L"])).contains("--pattern unknown"));
    assert!(refused(&triage(&["--pattern", "sudden"])).contains("extended-release"));
    let outside = ["--pattern", "acute", "--time", "5 h", "--time-range", "6 h..9 h"];
    assert!(refused(&triage(&outside)).contains("outside"));
    assert!(refused(&["score", "meld", "--albumin", "3 g/dL"]).contains("not part of"));
    assert!(refused(&["score", "extrip", "--level", "4630 mmol/L"]).contains("misprint"));
    assert!(refused(&["indication", "hangover"]).contains("copd"));
}

#[test]
fn the_nomogram_is_drawn() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("nomogram.svg");
    let file = path.display().to_string();
    let range = ["--pattern", "acute", "--level", "75 mg/L", "--time-range", "6 h..9 h", "--svg", &file];
    assert_eq!(json(&triage(&range))["decision"], "treat");
    let svg = std::fs::read_to_string(path).unwrap();
    for text in ["150 mg/L at 4 h, treatment line", "300 mg/L", "this patient", "not a medical device"] {
        assert!(svg.contains(text), "{text}");
    }
}

#[test]
fn other_answers_as_json() {
    let stop = json(&["stop", "--rule", "us", "--level", "10 mg/L"]);
    assert_eq!((&stop["schema"], &stop["decision"]), (&"hepatica.stop/1".into(), &"continue".into()));
    let values =
        ["--bilirubin", "2 mg/dL", "--inr", "1.5", "--creatinine", "1.2 mg/dL", "--sodium", "130 mmol/L"];
    let score = json(&[&["score", "meld-na"], &values[..]].concat());
    assert_eq!(score["schema"], "hepatica.score/1");
    assert!((score["numbers"]["unrounded"].as_f64().unwrap() - 21.006).abs() < 5e-4);
    let uses = json(&["indication", "apap-alf"]);
    assert_eq!(uses["schema"], "hepatica.indication/1");
    let ratio = &uses["indications"][0]["trials"][0]["recomputed"]["risk ratio, log-Wald interval"];
    assert!((ratio["high"].as_f64().unwrap() - 0.9938).abs() < 5e-5);
    let all = json(&["indication"]);
    assert!(all["indications"].as_array().unwrap().len() >= 5);
}
