//! The chemistry commands as people run them.

use serde_json::Value;

use crate::support::hepatica;

const NOTICE: &str = "For research and teaching only; not a medical device.";

/// What a command answers; it must succeed.
fn answer(arguments: &[&str]) -> String {
    let output = hepatica(&[&["chem"], arguments].concat());
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}\n{stderr}");
    String::from_utf8(output.stdout).unwrap()
}

/// The text answer, which carries the notice, fits a terminal and has no figure that is none.
fn text(arguments: &[&str]) -> String {
    let text = answer(arguments);
    // A structure cannot be broken into lines.
    let fits = |l: &str| l.chars().count() <= 100 || l.starts_with("  SMILES ");
    assert!(text.lines().all(fits) && text.contains(NOTICE), "{text}");
    assert!(!text.contains("NaN") && !text.contains("inf "), "{text}");
    text
}

fn json(arguments: &[&str]) -> Value {
    let answer: Value = serde_json::from_str(&answer(&[arguments, &["--format", "json"]].concat())).unwrap();
    assert_eq!(answer["notice"], NOTICE);
    answer
}

fn refused(arguments: &[&str], expected: &[&str]) {
    let output = hepatica(&[&["chem"], arguments].concat());
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{arguments:?}\n{stderr}");
    assert!(output.stdout.is_empty(), "{arguments:?}");
    for part in expected {
        assert!(stderr.contains(part), "`{part}` is not in:\n{stderr}");
    }
}

#[track_caller]
fn near(value: &Value, expected: f64, last_digit: f64) {
    let value = value.as_f64().unwrap();
    assert!((value - expected).abs() <= 0.5000001 * last_digit, "{value} is not {expected}");
}

#[test]
fn identity_of_the_salt() {
    let shown = text(&["show", "Mg(NAC)2"]);
    for part in [
        "348.671 g/mol",
        "348.03002 Da",
        "C 34.448, H 4.626, Mg 6.971, N 8.035, O 27.531, S 18.390",
        "CDIFCTOKYOUYOT-SCGRZTRASA-L (computed",
        "36330-79-7 (unconfirmed",
        "check digit right: weighted sum 107 mod 10 = 7",
        NOTICE,
    ] {
        assert!(shown.contains(part), "`{part}` is not in\n{shown}");
    }
    let report = json(&["show", "mg-nac"]);
    assert_eq!(report["schema"], "hepatica.chem.show/1");
    assert_eq!(report["cas"]["status"], "unconfirmed");
    assert_eq!(report["cas"]["check_digit_valid"], true);
    assert_eq!(report["inchikey"]["status"], "computed");
    near(&report["gives"][0]["mass_fraction"], 0.936074, 1e-6);
    let acid = text(&["show", "NAC"]);
    for part in ["[M+H]+ 164.0376, [M-H]- 162.0230", "COOH 3.24", "SH 9.52", "616-91-1 (confirmed"] {
        assert!(acid.contains(part), "`{part}` is not in\n{acid}");
    }
    let other = json(&["show", "MgSO4.3H2O"]);
    assert_eq!((&other["compound"], &other["formula"]), (&Value::Null, &"H6MgO7S".into()));
    refused(&["show", "acetylcystein"], &["did you mean `acetylcysteine`?"]);
}

/// Every compound of the list can be shown.
#[test]
fn every_compound_can_be_shown() {
    let listed: Value = serde_json::from_str(
        &String::from_utf8(hepatica(&["chem", "list", "--format", "json"]).stdout).unwrap(),
    )
    .unwrap();
    for compound in listed["compounds"].as_array().unwrap() {
        let name = compound["id"].as_str().unwrap();
        text(&["show", name]);
        assert_eq!(json(&["show", name])["molar_mass_g_per_mol"], compound["molar_mass_g_per_mol"]);
    }
}

#[test]
fn conversions() {
    let answer = json(&["convert", "600 mg NAC", "--to", "Mg(NAC)2"]);
    let salt = &answer["steps"][1];
    near(&salt["mass_mg"], 640.97, 0.01);
    near(&salt["magnesium"]["mg"], 44.681, 1e-3);
    near(&salt["magnesium"]["mmol"], 1.8383, 1e-4);
    near(&salt["magnesium"]["meq"], 3.6767, 1e-4);
    near(&salt["magnesium"]["as_magnesium_sulfate_heptahydrate_mg"], 453.1, 0.1);
    near(&salt["magnesium"]["multiple_of_upper_level_iom"], 0.13, 0.01);
    near(&answer["mass_for_mass_error"], -0.0639, 1e-4);
    let shown = text(&["convert", "600 mg NAC", "--to", "mg-nac"]);
    assert!(
        shown.contains("under-doses") && shown.contains("6.39 %") && shown.contains("blocked as an antidote"),
        "{shown}"
    );
    // Kept as they were, whatever the unit.
    let grams = json(&["convert", "0.6 g NAC", "--to", "mg-nac"]);
    near(&grams["steps"][1]["mass_mg"], salt["mass_mg"].as_f64().unwrap(), 1e-9);

    let rat = json(&["convert", "25 mg/kg mg-nac", "--to", "NAC", "--species", "rat", "--weight", "70 kg"]);
    let steps = rat["steps"].as_array().unwrap();
    let find = |step: &str| steps.iter().find(|s| s["step"] == step).unwrap();
    near(&find("as given")["acetylcysteine_mg"], 23.402, 1e-3);
    near(&find("as given")["magnesium"]["mg"], 1.7427, 1e-4);
    near(&find("rat to human")["mass_mg"], 4.054, 1e-3);
    near(&find("for 70 kg")["mass_mg"], 283.8, 0.1);
    assert_eq!(rat["species"]["from_km"], 6.0);
}

#[test]
fn conversions_that_are_refused() {
    for (arguments, expected) in [
        (&["convert", "600 NAC", "--to", "mg-nac"][..], &["chem/no-compound", "600 mg NAC"][..]),
        (&["convert", "600 mL NAC", "--to", "mg-nac"], &["chem/unit", "`mL` is no unit of a dose", "hint"]),
        (&["convert", "600 umol/L NAC", "--to", "mg-nac"], &["chem/unit"]),
        (&["convert", "600 mg NAC", "--to", "mg-nak"], &["chem/unknown-compound", "did you mean"]),
        (&["convert", "600 mg NAC", "--to", "magnesium"], &["chem/no-common-part", "hint"]),
        (&["convert", "600 mg NAC", "--to", "mg-nac", "--species", "rat"], &["per kilogram"]),
        (&["convert", "600 mg NAC", "--to", "mg-nac", "--weight", "70 kg"], &["per kilogram"]),
        (&["convert", "6 mg/kg NAC", "--to", "mg-nac", "--weight", "70"], &["chem/unit", "write `70 kg`"]),
        (&["convert", "6 mg/kg NAC", "--to", "mg-nac", "--species", "yak"], &["chem/unknown-species", "rat"]),
        (&["convert", "6 mg/kg NAC", "--to", "mg-nac", "--to-species", "rat"], &["--species"]),
    ] {
        refused(arguments, expected);
    }
}

#[test]
fn the_batch_of_the_source() {
    let answer = json(&["synthesis"]);
    assert_eq!(answer["schema"], "hepatica.chem.synthesis/1");
    near(&answer["theoretical_g"], 20.939, 1.1e-3);
    near(&answer["routes"][0]["yield"], 0.917, 1e-3);
    near(&answer["routes"][1]["yield"], 1.003, 1e-3);
    assert_eq!(answer["routes"][1]["above_100_percent"]["within_rounding"], true);
    assert_eq!(answer["routes"][0]["above_100_percent"], Value::Null);
    near(&answer["overall_yield"], 0.960, 1e-3);
    near(&answer["co2_l"], 1.18, 0.01);
    assert_eq!(answer["nearest_carbonate"], "4MgCO3.Mg(OH)2.5H2O");
    near(&answer["ph"][0]["ph_ideal"], 6.38, 0.01);
    near(&answer["ph"][3]["ph_davies"], 5.13, 0.01);
    let shown = text(&["synthesis"]);
    for part in
        ["100.3 % is more than can form", "91.9 % and 100.5 %", "94.7 % and", "41.59 % as MgO", NOTICE]
    {
        assert!(shown.contains(part), "`{part}` is not in\n{shown}");
    }
    // The file of the repository is the batch built in.
    assert_eq!(json(&["synthesis", "studies/chem/mg-nac.toml"]), answer);
}

#[test]
fn a_batch_of_another_size() {
    let one = json(&["synthesis"]);
    for arguments in [&["synthesis", "--scale", "5"][..], &["synthesis", "--nac", "98 g"]] {
        let five = json(arguments);
        near(&five["theoretical_g"], 5.0 * one["theoretical_g"].as_f64().unwrap(), 1e-9);
        near(&five["routes"][1]["yield"], one["routes"][1]["yield"].as_f64().unwrap(), 1e-12);
        near(&five["ph"][3]["ph_davies"], one["ph"][3]["ph_davies"].as_f64().unwrap(), 1e-9);
    }
    for scale in ["0", "1e300", "nan"] {
        refused(&["synthesis", "--scale", scale], &["must lie between"]);
    }
    refused(&["synthesis", "--nac", "98"], &["chem/unit", "without a unit"]);
    refused(&["synthesis", "--scale", "2", "--nac", "98 g"], &["not both"]);
    refused(&["synthesis", "nowhere.toml"], &["nowhere.toml"]);
}

#[test]
fn a_batch_that_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("batch.toml");
    let good = include_str!("../../../../studies/chem/mg-nac.toml");
    for (from, to, expected) in [
        ("\"19.6 g\"", "\"19.6 mL\"", &["batch.toml:4:", "a mass cannot be given in `mL`", "hint"][..]),
        ("\"19.6 g\"", "19.6", &["batch.toml:4:", "`acetylcysteine` must be text"]),
        ("ph = 5.1", "pH = 5.1", &["unknown key `pH`", "did you mean `ph`?"]),
        ("\"200 mL\"", "\"300 mL\"", &["the routes take 500 mL of 400 mL"]),
    ] {
        assert!(good.contains(from));
        std::fs::write(&path, good.replacen(from, to, 1)).unwrap();
        refused(&["synthesis", &path.display().to_string()], expected);
    }
    let known = good.replacen("ph =", "carbonate_kind = \"4MgCO3.Mg(OH)2.5H2O\"\nph =", 1);
    std::fs::write(&path, known).unwrap();
    let answer = json(&["synthesis", &path.display().to_string()]);
    assert_eq!(answer["limiting"], "magnesium");
    near(&answer["theoretical_g"], 20.892, 1.1e-3);
    near(&answer["routes"][0]["yield"], 0.919, 1e-3);
    near(&answer["routes"][1]["yield"], 1.005, 1e-3);
}

#[test]
fn titres_both_ways() {
    for (mg, ml) in [("200 mg", 11.472), ("250 mg", 14.340), ("300 mg", 17.208)] {
        let answer = json(&["titre", "--sample", mg]);
        for k in 0..3 {
            near(&answer["titres"][k]["expected_ml"]["value"], ml, 1e-3);
            near(&answer["titres"][k]["mg_per_ml"], 17.4336, 1e-4);
        }
    }
    let strong = json(&["titre", "--sample", "250 mg", "--edta-strength", "0.1 M"]);
    near(&strong["titres"][1]["mg_per_ml"], 34.867, 1e-3);
    let acid = json(&["titre", "--sample", "250 mg", "--compound", "NAC"]);
    near(&acid["titres"][0]["mg_per_ml"], 16.319, 1e-3);
    assert_eq!(acid["titres"].as_array().unwrap().len(), 1);

    let low = ["--iodine", "13.60 mL", "--edta", "14.34 mL", "--perchloric", "14.34 mL"];
    let answer = json(&[&["titre", "--sample", "250 mg"][..], &low].concat());
    assert_eq!(answer["findings"][0]["finding"], "disulfide");
    near(&answer["thiol_per_magnesium"]["value"], 2.0 * 13.60 / 14.34, 1e-9);
    let good = ["--iodine", "14.34 mL", "--edta", "14.34 mL", "--perchloric", "14.34 mL"];
    let answer = json(&[&["titre", "--sample", "250 mg"][..], &good].concat());
    assert_eq!(answer["findings"][0]["finding"], "consistent");
    // With a coarse burette the same figures no longer say anything.
    let coarse = json(&[&["titre", "--sample", "250 mg", "--u-volume", "0.5 mL"][..], &low].concat());
    assert_eq!(coarse["findings"][0]["finding"], "consistent");
    let protons: u64 = answer["proton_nmr"]["signals"]
        .as_array()
        .unwrap()
        .iter()
        .map(|s| s["protons"].as_u64().unwrap())
        .sum();
    assert_eq!((protons, &answer["proton_nmr"]["status"]), (6, &"unconfirmed".into()));
}

#[test]
fn titres_that_are_refused() {
    for (arguments, expected) in [
        (&["titre", "--sample", "250"][..], &["--sample:1:1", "without a unit", "hint"][..]),
        (&["titre", "--sample", "250 mL"], &["a mass cannot be given in `mL`"]),
        (&["titre", "--sample", "250 mg", "--edta", "14.3 mg"], &["a volume cannot be given in `mg`"]),
        (&["titre", "--sample", "250 mg", "--edta-strength", "5 g/L"], &["a concentration"]),
        (&["titre", "--sample", "250 mg", "--compound", "magnesium"], &["chem/no-titre", "known:"]),
        (
            &["titre", "--sample", "250 mg", "--compound", "NAC", "--edta", "14 mL"],
            &["EDTA does not titrate"],
        ),
        (&["titre", "--sample", "250 mg", "--u-volume=-1 mL"], &["negative"]),
        (&["titre", "--sample", "1e300 kg"], &["chem/out-of-range"]),
        (&["titre", "--sample", "0.2 mg"], &["the mass is uncertain by 50 %"]),
        (&["titre", "--sample", "250 mg", "--u-titrant", "30 %"], &["the titrant is uncertain by 30 %"]),
    ] {
        refused(arguments, expected);
    }
}

/// A text with every run of white space as one space: columns are as wide as their contents.
fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Runs every example of the manual; each line shown below a command stands in its answer.
#[test]
fn the_manual_is_true() {
    let manual = include_str!("../../../../docs/src/chemistry.md");
    let mut examples = 0;
    for block in manual.split("```text\n").skip(1) {
        let block = block.split("```").next().unwrap();
        let mut lines = block.lines();
        let command = lines.next().unwrap().strip_prefix("$ hepatica chem ").unwrap();
        let arguments: Vec<&str> = command
            .split('"')
            .enumerate()
            .flat_map(|(k, part)| if k % 2 == 1 { vec![part] } else { part.split_whitespace().collect() })
            .collect();
        let answer = text(&arguments);
        for line in lines {
            assert!(
                squeezed(&answer).contains(&squeezed(line)),
                "`{line}` is not in the answer to `{command}`:\n{answer}"
            );
        }
        examples += 1;
    }
    assert!(examples >= 5);
}
