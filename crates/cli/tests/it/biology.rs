//! Studies on the models of animals and inflammation: what is refused, what is said, what the bench makes of it.

use std::fmt::Write;
use std::path::Path;

use serde_json::Value;

use crate::support::{hepatica, read_outcomes, root, run_study, study};

fn json(study: &str, out: &Path) -> Value {
    serde_json::from_str(&run_study(study, out, &["--format", "json"])).unwrap()
}

#[test]
fn a_switch_that_is_off_changes_no_byte_of_a_time_course() {
    let folder = tempfile::tempdir().unwrap();
    for (with, without) in
        [("human/overdose-microbiome", "human/overdose"), ("mouse/microbiome", "mouse/overdose")]
    {
        let course = |model: &str, set: &str| {
            let dose = if model.starts_with("mouse") { "7 mg" } else { "25 g" };
            let text = format!(
                "title = \"t\"\nmodel = \"{model}\"\nduration = \"48 h\"\n{set}[[arm]]\nname = \"a\"\n\
                 doses = [{{ drug = \"acetaminophen\", dose = \"{dose}\", route = \"oral\", at = \"1 h\" }}]\n"
            );
            let out = folder.path().join("out");
            run_study(&study(folder.path(), &text), &out, &["--overwrite", "--columns", "all"]);
            std::fs::read(out.join("timecourse.csv")).unwrap()
        };
        let settings = "[set]\nmicrobiome_effect = 0\nmagnesium_supplement = 200\n";
        assert!(course(with, settings) == course(without, ""), "{with}");
        let on = course(with, "[set]\nmicrobiome_effect = 1\nmagnesium_supplement = 200\n");
        assert!(on != course(without, ""), "{with} switched on");
    }
}

#[test]
fn a_report_says_which_hypotheses_are_on() {
    let folder = tempfile::tempdir().unwrap();
    let text = "title = \"t\"\nmodel = \"human/inflammation\"\nduration = \"1 h\"\n\
         [[arm]]\nname = \"plain\"\n[[arm]]\nname = \"with\"\nset = { nac_on_ikk = 1 }\n";
    let out = folder.path().join("out");
    let answer = json(&study(folder.path(), text), &out);
    assert_eq!(answer["switched_on"][0]["parameter"], "nac_on_ikk");
    assert_eq!(answer["switched_on"][0]["arms"], serde_json::json!(["with"]));
    let page = std::fs::read_to_string(out.join("report.html")).unwrap();
    assert!(page.contains("Hypothesis switched on (nac_on_ikk) in with:"));
    let manifest = std::fs::read_to_string(out.join("manifest.json")).unwrap();
    assert!(manifest.contains("nac_on_ikk"));
}

#[test]
fn the_ki_at_which_napqi_halves_is_reported() {
    let folder = tempfile::tempdir().unwrap();
    let answer = json("studies/mouse-magnesium-ki.toml", &folder.path().join("out"));
    let at = answer["crossings"][0]["at"].as_array().unwrap();
    assert_eq!(at.len(), 1, "{answer:#}");
    // libRoadRunner forms 2.70 umol at a Ki of 10 umol/L and 4.35 at 31.6, of 6.55 without magnesium.
    let ki = at[0].as_f64().unwrap();
    assert!((14.4..15.6).contains(&ki), "{ki}");
}

/// A study that gives rats dimethylnitrosamine once.
fn dmn(dose: &str, more: &str) -> String {
    format!(
        "title = \"t\"\nmodel = \"rat/fibrosis\"\nduration = \"60 d\"\n[subject]\nweight = \"250 g\"\n{more}\
         [[arm]]\nname = \"a\"\ndoses = [{{ drug = \"DMN\", dose = \"{dose}\", route = \"ip\", at = \"0 h\", additional = 11, every = \"1 d\" }}]\n"
    )
}

#[test]
fn the_printed_dose_of_dimethylnitrosamine_is_refused_and_an_override_is_recorded() {
    let folder = tempfile::tempdir().unwrap();
    let refused = hepatica(&["run", &study(folder.path(), &dmn("12 ug/kg", ""))]);
    assert_eq!(refused.status.code(), Some(2));
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(said.contains("study/implausible-dose") && said.contains("dmn-dose-as-printed"), "{said}");
    let over = "[[override]]\nid = \"dmn-dose-as-printed\"\nreason = \"to show that it does nothing\"\n";
    let out = folder.path().join("out");
    run_study(&study(folder.path(), &dmn("12 ug/kg", over)), &out, &[]);
    for file in ["manifest.json", "report.html"] {
        let text = std::fs::read_to_string(out.join(file)).unwrap();
        assert!(text.contains("to show that it does nothing"), "{file}");
    }
    assert_eq!(read_outcomes(&out.join("outcomes.csv"))["a"]["outcome"], "healed or healing");
    run_study(&study(folder.path(), &dmn("10 mg/kg", "")), &out, &["--overwrite"]);
    assert_eq!(read_outcomes(&out.join("outcomes.csv"))["a"]["outcome"], "fibrosis");
    let unused = hepatica(&["run", &study(folder.path(), &dmn("10 mg/kg", over))]);
    assert!(String::from_utf8_lossy(&unused.stderr).contains("overrides nothing"));
}

#[test]
fn a_mouse_does_not_weigh_what_an_adult_weighs() {
    let folder = tempfile::tempdir().unwrap();
    let text = |weight: &str, model: &str| {
        format!(
            "title = \"t\"\nmodel = \"{model}\"\nduration = \"1 h\"\n[subject]\nweight = \"{weight}\"\n[[arm]]\nname = \"a\"\n"
        )
    };
    for (weight, model, code) in [
        ("70 kg", "mouse/overdose", 2),
        ("25 g", "mouse/overdose", 0),
        ("25 g", "human/overdose", 2),
        ("3.5 kg", "human/overdose", 0),
    ] {
        let out = folder.path().join("out").display().to_string();
        let ran =
            hepatica(&["run", &study(folder.path(), &text(weight, model)), "--out", &out, "--overwrite"]);
        let said = String::from_utf8_lossy(&ran.stderr).into_owned();
        assert_eq!(ran.status.code(), Some(code), "{weight} {model}: {said}");
        assert_eq!(said.contains("study/weight"), code == 2);
    }
}

#[test]
fn groups_of_rats_go_from_the_study_to_the_bench() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    run_study("studies/dmn-rat.toml", &out, &[]);
    let animals = out.join("animals.csv");
    let text = std::fs::read_to_string(&animals).unwrap();
    assert_eq!(text.lines().count(), 2 + 40, "{text}");
    assert!(text.starts_with("# simulated"));
    let analysed = hepatica(&["assay", "groups", &animals.display().to_string(), "--format", "json"]);
    assert_eq!(analysed.status.code(), Some(0), "{}", String::from_utf8_lossy(&analysed.stderr));
    // Directions: every marker is lower at the highest dose than in the controls.
    let outcomes = csv::Reader::from_path(&animals).map(|_| ()).is_ok();
    assert!(outcomes);
    let rows: Vec<Vec<&str>> = text.lines().skip(2).map(|line| line.split(',').collect()).collect();
    for column in 4..8 {
        let mean = |group: &str| {
            let values: Vec<f64> =
                rows.iter().filter(|r| r[0] == group).map(|r| r[column].parse().unwrap()).collect();
            assert_eq!(values.len(), 10);
            values.iter().sum::<f64>() / 10.0
        };
        assert!(mean("100 mg/kg") < mean("control"), "column {column}");
    }
}

#[test]
fn traces_made_from_the_model_are_scored_back_to_its_peaks() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    run_study("studies/airway-salts.toml", &out, &[]);
    let mut traces = String::from("animal,time (s),pressure (cmH2O)\n");
    let mut animals = String::from("animal,group,dose_at (min)\n");
    let mut truth = Vec::new();
    let course = std::fs::read_to_string(out.join("timecourse.csv")).unwrap();
    let header: Vec<&str> = course.lines().next().unwrap().split(',').collect();
    let rise_at = header.iter().position(|name| *name == "resistance_rise").unwrap();
    for (k, salt) in ["Mg(NAC)2", "NAC", "NAC lysine salt", "NAC calcium salt"].iter().enumerate() {
        let rises: Vec<f64> = course
            .lines()
            .skip(1)
            .map(|line| line.split(',').collect::<Vec<_>>())
            .filter(|cells| cells[1] == *salt)
            .map(|cells| cells[rise_at].parse().unwrap())
            .collect();
        let peak = rises.iter().copied().fold(0.0, f64::max);
        for animal in 0..2 {
            let name = format!("g{k}{animal}");
            let _ = writeln!(animals, "{name},{salt},6");
            truth.push((name.clone(), peak));
            // Six minutes before the dose, twelve after; a breath of 4 s has its top in every second sample.
            for sample in 0..540 {
                let second = 2 * sample;
                let rise = if second < 360 { 0.0 } else { rises[(second - 360) / 2] };
                let wobble = ((sample * 7919 + animal * 131 + k * 17) % 101) as f64 / 101.0 - 0.5;
                let drift = 1.0 + 0.01 * second as f64 / 1080.0;
                let top = 9.0 * drift * (1.0 + rise / 100.0) * (1.0 + 0.01 * wobble);
                let pressure = if sample % 2 == 0 { top } else { 0.4 * top };
                let _ = writeln!(traces, "{name},{second},{pressure:.3}");
            }
        }
    }
    std::fs::write(folder.path().join("traces.csv"), traces).unwrap();
    std::fs::write(folder.path().join("animals.csv"), animals).unwrap();
    let run = "assay = \"airway\"\ntitle = \"from the model\"\nanimals = \"animals.csv\"\ntraces = \"traces.csv\"\n\
         definition = \"pressure-rise\"\nbreath = \"4 s\"\nreference = \"NAC\"\n";
    std::fs::write(folder.path().join("run.toml"), run).unwrap();
    let scored = hepatica(&[
        "assay",
        "airway",
        &folder.path().join("run.toml").display().to_string(),
        "--format",
        "json",
    ]);
    assert_eq!(scored.status.code(), Some(0), "{}", String::from_utf8_lossy(&scored.stderr));
    let answer: Value = serde_json::from_slice(&scored.stdout).unwrap();
    for (name, peak) in truth {
        let animal =
            answer["animals"].as_array().unwrap().iter().find(|a| a["animal"] == name.as_str()).unwrap();
        let found = animal["peak_percent"].as_f64().unwrap();
        assert!((found - peak).abs() < 3.0, "{name}: {found}, true {peak}");
    }
}

#[test]
fn pathways_are_drawn_the_same_every_time_and_pages_are_current() {
    let folder = tempfile::tempdir().unwrap();
    let draw = |name: &str| {
        let out = folder.path().join(name).display().to_string();
        let drawn = hepatica(&["model", "draw", "human/inflammation", "--out", &out]);
        assert_eq!(drawn.status.code(), Some(0), "{}", String::from_utf8_lossy(&drawn.stderr));
        std::fs::read_to_string(folder.path().join(name)).unwrap()
    };
    let svg = draw("a.svg");
    assert!(svg == draw("b.svg"));
    // Inhibition by a hypothesis and activation are told apart, and said in words.
    assert!(
        svg.contains("Acetylcysteine lowers") && svg.contains("Hepatocytes that die raises TNF."),
        "{svg}"
    );
    let refused =
        hepatica(&["model", "draw", "human/inflammation", "--part", "cell.nobody", "--out", "x.svg"]);
    assert_eq!(refused.status.code(), Some(2));
    let listed = hepatica(&["model", "list", "--format", "short"]);
    for id in String::from_utf8(listed.stdout).unwrap().lines() {
        // The variants with other numbers of zones share a page.
        if id.ends_with("-3z") || id.ends_with("-8z") {
            continue;
        }
        let page = root().join("docs/src/models").join(format!("{}.md", id.replace('/', "-")));
        let checked = hepatica(&["model", "page", id, &page.display().to_string(), "--check"]);
        let said = String::from_utf8_lossy(&checked.stdout).into_owned();
        assert_eq!(
            checked.status.code(),
            Some(0),
            "{id}: {said} run `hepatica model page {id} {}`",
            page.display()
        );
    }
}
