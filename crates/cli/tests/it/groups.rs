//! Groups against their control, as people run it.

use serde_json::Value;

use crate::assay::answer;
use crate::support::{hepatica, page_holds};

fn json(arguments: &[&str]) -> Value {
    serde_json::from_str(&answer(&[arguments, &["--format", "json"]].concat())).unwrap()
}

#[test]
fn the_manual_is_true() {
    page_holds("assay-groups.md");
}

/// The simulated study: the highest dose is found in every endpoint, and intervals hold the truth.
#[test]
fn the_example_finds_what_was_simulated() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("groups").display().to_string();
    let found = json(&["groups", "studies/assay/groups.csv", "--out", &out]);
    assert_eq!(found["schema"], "hepatica.assay.groups/1");
    let endpoints = found["endpoints"].as_array().unwrap();
    assert_eq!(endpoints.len(), 3);
    for endpoint in endpoints {
        assert!(endpoint["comparisons"][2]["p"].as_f64().unwrap() < 0.01, "{endpoint}");
        assert!(endpoint["jonckheere"]["p"].as_f64().unwrap() < 0.001);
    }
    for (k, (endpoint, truth)) in
        endpoints.iter().zip([[-17.0, -44.0, -77.0], [-30.0, -135.0, -210.0]]).enumerate()
    {
        for (comparison, truth) in endpoint["comparisons"].as_array().unwrap().iter().zip(truth) {
            let ends = [0, 1].map(|i| comparison["interval_95"][i].as_f64().unwrap());
            assert!(ends[0] < truth && truth < ends[1], "{k}: {comparison}");
        }
    }
    assert_eq!(endpoints[0]["missing"][0], "R19");
    assert_eq!(endpoints[0]["cages"]["kind"], "blocks");
    assert_eq!(endpoints[2]["readers"]["n"], 40);
    for file in ["report.html", "alt.svg", "alt.csv", "fibrosis.svg", "result.json"] {
        assert!(std::path::Path::new(&out).join(file).exists(), "{file}");
    }
    let again = hepatica(&["assay", "groups", "studies/assay/groups.csv", "--out", &out]);
    assert_eq!(again.status.code(), Some(2));
}

#[test]
fn words_in_place_of_numbers_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("words.csv");
    let text = "group,dose (mg/kg),animal,ALT (U/L)\ncontrol,0,1,high\ncontrol,0,2,high\nMg,50,3,significantly reduced\nMg,50,4,significantly reduced\n";
    std::fs::write(&path, text).unwrap();
    let output = hepatica(&["assay", "groups", &path.display().to_string()]);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    assert!(stderr.contains("groups/no-numbers") && stderr.contains("words.csv:4:9"), "{stderr}");
}

#[test]
fn a_design_is_made_before_the_study() {
    let list = json(&["allocate", "--animals", "10", "--per-cage", "2", "--seed", "7"]);
    assert_eq!(list["allocation"].as_array().unwrap().len(), 40);
    let power =
        json(&["power", "--changes=-10,-20,-40", "--cv", "25", "--numbers", "6,12", "--studies", "500"]);
    assert_eq!(power["curve"].as_array().unwrap().len(), 2);
    let output = hepatica(&["assay", "power", "--changes=-10", "--cv", "25"]);
    assert_eq!(output.status.code(), Some(2));
}
