//! How patients differ, and what decides outcomes.

use std::path::Path;

use serde_json::Value;

use crate::support::{hepatica, root};

/// An answer, which must succeed.
fn answer(arguments: &[&str]) -> String {
    let output = hepatica(arguments);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}\n{stderr}");
    String::from_utf8(output.stdout).unwrap()
}

fn json(arguments: &[&str]) -> Value {
    let arguments: Vec<&str> = arguments.iter().copied().chain(["--format", "json"]).collect();
    serde_json::from_str(&answer(&arguments)).unwrap()
}

/// Refused with a code, a sentence or a hint that has these words.
fn refused(arguments: &[&str], words: &[&str]) {
    let output = hepatica(arguments);
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{arguments:?}\n{told}");
    assert!(words.iter().all(|w| told.contains(w)), "{words:?}\n{told}");
}

fn write(folder: &Path, name: &str, text: &str) -> String {
    std::fs::write(folder.join(name), text).unwrap();
    folder.join(name).display().to_string()
}

#[test]
fn every_spread_has_a_standing_and_a_sample() {
    let found = json(&["population", "show", "human/overdose", "--size", "500"]);
    assert_eq!(found["schema"], "hepatica.population/1");
    let values = found["values"].as_array().unwrap();
    assert!(values.len() >= 10);
    for value in values {
        let name = value["name"].as_str().unwrap();
        assert!(
            ["published", "assumed", "calibrated"].contains(&value["standing"].as_str().unwrap()),
            "{name}"
        );
        let evidence = value["evidence"].as_array().unwrap();
        assert!(evidence.iter().all(|e| e["citation"] != e["id"]) && !evidence.is_empty(), "{name}");
        let counts = value["histogram"]["counts"].as_array().unwrap();
        assert_eq!(counts.iter().map(|c| c.as_u64().unwrap()).sum::<u64>(), 500, "{name}");
        assert_eq!(value["histogram"]["edges"].as_array().unwrap().len(), counts.len() + 1);
        // What is assumed has a range, and the sample's middle lies in it.
        if value["standing"] == "assumed" {
            let range: Vec<f64> =
                value["range"].as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect();
            let median = value["percentiles"][2]["value"].as_f64().unwrap();
            assert!(range[0] < median && median < range[1], "{name}");
        }
    }
    let absorption = values.iter().find(|v| v["name"] == "individual_absorption").unwrap();
    assert_eq!(absorption["standing"], "published");
    let covariates: Vec<&str> =
        found["covariates"].as_array().unwrap().iter().map(|c| c["name"].as_str().unwrap()).collect();
    for name in ["weight", "age", "female", "fasting", "chronic_alcohol", "acute_alcohol", "kidney_function"]
    {
        assert!(covariates.contains(&name), "{name}: {covariates:?}");
    }
    assert!(covariates.contains(&"cirrhosis") && covariates.contains(&"cyp_induction"));
}

#[test]
fn a_study_shows_its_patients() {
    let folder = tempfile::tempdir().unwrap();
    let report = folder.path().join("population.html").display().to_string();
    let study = "studies/population-covariates.toml";
    let text = answer(&["population", "show", study, "--size", "800", "--report", &report]);
    for words in ["food", "chronic: chronic_alcohol = 1", "Correlations", "individual_volume", "published"] {
        assert!(text.contains(words), "{words}\n{text}");
    }
    let page = std::fs::read_to_string(&report).unwrap();
    assert!(page.contains("The values drawn") && page.contains("not a medical device"));
    let found = json(&["population", "show", study, "--size", "800"]);
    let pair = &found["correlations"][0];
    // The rank correlation of a Gaussian copula is 6/pi asin(rho/2) = 0.287 for 0.3; five standard errors.
    assert!((pair["ranks"].as_f64().unwrap() - 0.287).abs() < 5.0 / 800f64.sqrt(), "{pair}");
    assert!(found["largest_by_chance"].as_f64().unwrap() < 0.25);
    refused(&["population", "show", "studies/overdose.toml"], &["population/none", "no [population]"]);
    refused(&["population", "show", "human/overdos"], &["human/overdose"]);
    refused(&["population", "show", "--size", "1"], &["--size takes"]);
}

/// y = a + 2 b with both uniform on 0 to 1 has shares 1/5 and 4/5; a person's factor with standard deviation 1/12 and weight
/// 2 as many as a.
#[test]
fn shares_of_a_sum() {
    let folder = tempfile::tempdir().unwrap();
    let model = write(
        folder.path(),
        "sum.ant",
        "model *sum()\n  a = 0.5; b = 0.5; idle = 1; p = 0\n  a.range = {0, 1}; b.range = {0, 1}; idle.range = {1, 2}\n  \
         p.distribution = normal(0, 0.28867513459481287)\n  x = 0; x' = 0*idle\n  y := x + a + 2*b + p\nend\n",
    );
    let study = format!(
        "title = \"Sum\"\nmodel = \"{model}\"\nduration = \"2 h\"\nevery = \"1 h\"\n[[endpoint]]\nid = \"y\"\noutput = \"y\"\n\
         measure = \"last\"\n[[arm]]\nname = \"one\"\n[[arm]]\nname = \"two\"\n[arm.set]\nx = 1\n"
    );
    let study = write(folder.path(), "study.toml", &study);
    let found = json(&["sensitivity", &study, "--rows", "2000", "--seed", "5"]);
    let outcome = &found["outcomes"][0];
    assert_eq!((outcome["arm"].as_str(), outcome["varies"].as_bool()), (Some("one"), Some(true)));
    for (name, kind, share) in [
        ("a", "constant", 1.0 / 6.0),
        ("b", "constant", 4.0 / 6.0),
        ("p", "person", 1.0 / 6.0),
        ("idle", "constant", 0.0),
    ] {
        let factor = found["factors"].as_array().unwrap().iter().find(|f| f["name"] == name).unwrap();
        assert_eq!(factor["kind"], kind);
        let of = outcome["shares"].as_array().unwrap().iter().find(|s| s["factor"] == name).unwrap();
        for index in ["first", "total"] {
            let (value, low, high) = ["value", "low", "high"].map(|k| of[index][k].as_f64().unwrap()).into();
            assert!((value - share).abs() < 0.05 && low <= value && value <= high, "{name} {index} {of}");
        }
    }
    // The second arm adds a constant, so the difference does not vary.
    assert_eq!(found["outcomes"][1]["kind"], "difference");
    assert_eq!(found["outcomes"][1]["varies"], false);
    let decisive: Vec<&str> =
        found["decisive"].as_array().unwrap().iter().map(|d| d["factor"].as_str().unwrap()).collect();
    assert_eq!(decisive[0], "b");
    assert!(decisive.len() == 3 && !decisive.contains(&"idle"), "{decisive:?}");
    let people = json(&["sensitivity", &study, "--rows", "100", "--vary", "people"]);
    assert_eq!(people["factors"].as_array().unwrap().len(), 1);
    let constants = json(&["sensitivity", &study, "--rows", "100", "--vary", "constants"]);
    assert_eq!(constants["factors"].as_array().unwrap().len(), 3);
}

#[test]
fn the_same_bytes_whatever_the_threads() {
    let folder = tempfile::tempdir().unwrap();
    let report = folder.path().join("r.html").display().to_string();
    let run = |threads: &str| {
        let text = answer(&[
            "sensitivity",
            "human/overdose-3z",
            "--rows",
            "3",
            "--vary",
            "people",
            "--threads",
            threads,
            "--report",
            &report,
        ]);
        (text, std::fs::read(&report).unwrap())
    };
    let one = run("1");
    assert!(run("3") == one);
    for words in
        ["Lost hepatocytes", "NAC at 8 h against untreated", "Half-life of acetaminophen", "Decisive"]
    {
        assert!(one.0.contains(words), "{words}\n{}", one.0);
    }
}

/// All constants of the human model over their ranges: everybody can be simulated, and what is so by definition stays.
#[test]
fn the_constants_of_the_human_model_vary() {
    let model = "human/overdose-3z";
    let asked = ["sensitivity", model, "--rows", "2", "--vary", "constants", "--endpoint", "hepatocytes_min"];
    let found = json(&asked);
    assert_eq!(found["failed"], 0);
    let names: Vec<&str> =
        found["factors"].as_array().unwrap().iter().map(|f| f["name"].as_str().unwrap()).collect();
    assert!(names.len() > 50, "{}", names.len());
    let held = |name: &&str| name.ends_with("from") || name.starts_with("individual") || *name == "weight";
    assert!(!names.iter().any(held), "{names:?}");
}

#[test]
fn what_has_no_shares_is_refused() {
    let study = "studies/population-covariates.toml";
    refused(&["sensitivity", study, "--rows", "4"], &["sensitivity/correlated", "correlate"]);
    refused(&["sensitivity", "--rows", "1"], &["--rows"]);
    refused(
        &["sensitivity", "--rows", "4", "--endpoint", "alt_peek"],
        &["alt_peek", "did you mean `alt_peak`"],
    );
    refused(&["sensitivity", "human/nothing"], &["there is no model"]);
    assert!(root().join("studies/sensitivity.toml").exists());
}
