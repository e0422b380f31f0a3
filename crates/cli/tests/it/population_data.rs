//! Covariates, correlations, tables of subjects, subgroups and observations.

use std::collections::BTreeMap;
use std::path::Path;

use crate::support::{hepatica, run_study};

const STUDY: &str = r#"title = "Population"
model = "human/overdose"
duration = "4 d"
every = "2 h"
[population]
size = 60
seed = 3
correlate = [{ between = ["weight", "individual_volume"], rho = 0.6 }]
[population.vary]
weight = { median = "70 kg", log_sd = 0.18, low = "45 kg", high = "120 kg" }
[population.covariates]
sex = { shares = { female = 0.6, male = 0.4 } }
fasting = { shares = { no = 0.5, yes = 0.5 }, set = { yes = { gsh_pool = 0.7 } }, scale = { yes = { cysteine_supply = 0.6 } } }
egfr = { mean = "95 mL/min", sd = "20 mL/min", low = "15 mL/min", high = "140 mL/min", scale = { kidney_function = { reference = "100 mL/min" } } }
[[subgroup]]
by = "sex"
[[subgroup]]
by = "weight"
cuts = ["60 kg", "80000 g"]
[[subgroup]]
name = "fasting women"
where = { sex = "female", fasting = "yes" }
[[observed]]
arm = "untreated"
events = 33
n = 57
label = "above the treatment line"
citation = "Prescott LF et al. BMJ 1979;2:1097"
[[observed]]
arm = "NAC at 8 h"
subgroup = "sex: female"
outcomes = ["liver failure"]
events = 9
n = 10
citation = "nobody"
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

const SUBJECTS: &str = "id,weight (g),sex,age,individual_cyp\n\
    s-10,81000,female,33,1\n2,\"64000\",male,25,0.5\nb,52500,female,55,2\n10,70000,male,41,1.5\n\
    a,90000,female,82,1\n";

/// The study on a table of subjects.
fn on_subjects() -> String {
    let head = STUDY.find("size = 60").unwrap();
    let tail = STUDY.find("[[subgroup]]").unwrap();
    let own = "subjects = \"subjects.csv\"\nseed = 3\n[population.covariates]\nsex = { levels = [\"female\", \"male\"] }\nage = {}\n\
        fasting = { shares = { no = 0.5, yes = 0.5 }, set = { yes = { gsh_pool = 0.7 } } }\n";
    format!("{}{own}{}", &STUDY[..head], &STUDY[tail..])
}

fn write(folder: &Path, name: &str, text: &str) -> String {
    std::fs::write(folder.join(name), text).unwrap();
    folder.join(name).display().to_string()
}

/// The rows of a CSV file by column.
fn rows(path: &Path) -> Vec<BTreeMap<String, String>> {
    csv::Reader::from_path(path).unwrap().into_deserialize().map(|row| row.unwrap()).collect()
}

fn number(row: &BTreeMap<String, String>, column: &str) -> f64 {
    row[column].parse().unwrap()
}

#[test]
fn the_same_bytes_whatever_the_threads_and_instruction_set() {
    let folder = tempfile::tempdir().unwrap();
    let study = write(folder.path(), "study.toml", STUDY);
    let files = |name: &str, more: &[&str]| {
        let out = folder.path().join(name);
        run_study(&study, &out, more);
        ["outcomes.csv", "summary.csv", "subgroups.csv", "observed.csv", "manifest.json", "report.html"]
            .map(|file| std::fs::read(out.join(file)).unwrap())
    };
    let reference = files("one", &["--threads", "1"]);
    assert!(files("two", &["--threads", "2"]) == reference);
    assert!(files("seven", &["--threads", "7"]) == reference);
    for isa in ["baseline", "avx2", "avx512"] {
        if hepatica_app::isa_by_name(isa).is_some_and(|isa| isa.is_available()) {
            assert!(files(isa, &["--isa", isa]) == reference, "{isa}");
        }
    }
}

#[test]
fn the_order_of_subjects_has_no_meaning() {
    let folder = tempfile::tempdir().unwrap();
    let study = write(folder.path(), "study.toml", &on_subjects());
    let mut lines: Vec<&str> = SUBJECTS.lines().collect();
    let run = |lines: &[&str], name: &str| {
        write(folder.path(), "subjects.csv", &(lines.join("\r\n") + "\r\n"));
        let out = folder.path().join(name);
        run_study(&study, &out, &[]);
        ["outcomes.csv", "summary.csv", "comparisons.csv", "bands.csv", "subgroups.csv", "observed.csv"]
            .map(|file| std::fs::read_to_string(out.join(file)).unwrap())
    };
    let reference = run(&lines, "first");
    lines[1..].reverse();
    assert_eq!(run(&lines, "reversed"), reference);
    lines[1..].rotate_left(2);
    assert_eq!(run(&lines, "rotated"), reference);
    // Numbers first, by value; then words.
    let patients: Vec<String> =
        rows(&folder.path().join("first/outcomes.csv")).iter().map(|row| row["patient"].clone()).collect();
    assert_eq!(patients, ["2", "2", "10", "10", "a", "a", "b", "b", "s-10", "s-10"]);
    // A subject is the same whoever else is in the table, and alone.
    lines.truncate(3);
    let [fewer, ..] = run(&lines, "fewer");
    assert!(fewer.lines().count() == 5 && fewer.lines().all(|line| reference[0].contains(line)));
    write(folder.path(), "subjects.csv", SUBJECTS);
    run_study(&study, &folder.path().join("alone"), &["--patient", "s-10"]);
    let alone = rows(&folder.path().join("alone/outcomes.csv"));
    let all = rows(&folder.path().join("first/outcomes.csv"));
    let same = all.iter().filter(|row| row["patient"] == "s-10");
    assert!(same.zip(&alone).all(|(a, b)| a["alt_peak"] == b["alt_peak"] && a["arm"] == b["arm"]));
    let nobody = hepatica(&["run", &study, "--patient", "s-11", "--out", "target/never"]);
    assert_eq!(nobody.status.code(), Some(2));
}

/// Subjects and all they are told apart by, whole, in one shard and in three.
#[test]
fn shards_of_subjects_are_one_run() {
    let folder = tempfile::tempdir().unwrap();
    let study = write(folder.path(), "study.toml", &on_subjects());
    write(folder.path(), "subjects.csv", SUBJECTS);
    let bytes = |out: &Path| {
        ["outcomes.csv", "summary.csv", "subgroups.csv", "observed.csv", "manifest.json", "report.html"]
            .map(|file| std::fs::read(out.join(file)).unwrap())
    };
    let whole = folder.path().join("whole");
    run_study(&study, &whole, &[]);
    for n in [1, 3] {
        let out = folder.path().join(format!("by-{n}"));
        for k in 1..=n {
            run_study(&study, &out, &["--shard", &format!("{k}/{n}"), "--checkpoint", "0"]);
        }
        let output = hepatica(&["merge", &out.display().to_string()]);
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        assert!(bytes(&out) == bytes(&whole), "{n}");
    }
}

#[test]
fn the_shipped_study_runs() {
    let folder = tempfile::tempdir().unwrap();
    let text =
        std::fs::read_to_string(crate::support::root().join("studies/population-covariates.toml")).unwrap();
    assert!(text.contains("size = 1000"));
    let study = write(folder.path(), "study.toml", &text.replace("size = 1000", "size = 100"));
    let out = folder.path().join("out");
    let said = run_study(&study, &out, &[]);
    assert!(!said.contains("is a label"), "{said}");
    let groups = rows(&out.join("subgroups.csv"));
    let risk = |name: &str| number(groups.iter().find(|row| row["subgroup"] == name).unwrap(), "proportion");
    assert!(risk("food: fasting") > risk("food: fed"));
    assert!(
        risk("alcohol: chronic") > risk("alcohol: none") && risk("alcohol: none") > risk("alcohol: acute")
    );
}

#[test]
fn subgroups_add_up_and_observations_are_judged() {
    let folder = tempfile::tempdir().unwrap();
    let study = write(folder.path(), "study.toml", STUDY);
    let out = folder.path().join("out");
    let answer = run_study(&study, &out, &["--format", "json"]);
    let answer: serde_json::Value = serde_json::from_str(&answer).unwrap();
    let groups = rows(&out.join("subgroups.csv"));
    let all = rows(&out.join("comparisons.csv"));
    for arm in &all {
        for by in ["sex", "weight"] {
            let of = |row: &&BTreeMap<String, String>| row["by"] == by && row["arm"] == arm["arm"];
            for column in ["patients", "events", "failed"] {
                let sum: f64 = groups.iter().filter(of).map(|row| number(row, column)).sum();
                assert_eq!(sum, number(arm, column), "{by} {column}");
            }
        }
    }
    let fasting = groups.iter().find(|row| row["subgroup"] == "fasting women").unwrap();
    assert!(
        number(fasting, "patients") > 5.0 && number(fasting, "proportion") > number(&all[0], "proportion")
    );
    let nac = groups.iter().find(|row| row["arm"] == "NAC at 8 h" && row["subgroup"] == "sex: male").unwrap();
    let difference = number(nac, "risk_difference");
    assert!(
        number(nac, "risk_difference_low") < difference && difference < number(nac, "risk_difference_high")
    );
    assert!((number(nac, "number_needed_to_treat") * difference + 1.0).abs() < 1e-12);
    // Peak ALT of every patient in both arms, by hand.
    let peaks = rows(&out.join("outcomes.csv"));
    let of = |arm: &str| -> Vec<f64> {
        peaks.iter().filter(|row| row["arm"] == arm).map(|row| number(row, "alt_peak")).collect()
    };
    let (first, second) = (of("untreated"), of("NAC at 8 h"));
    let by_hand = second.iter().zip(&first).map(|(b, a)| b - a).sum::<f64>() / 60.0;
    let differences = rows(&out.join("differences.csv"));
    let alt = differences.iter().find(|row| row["endpoint"] == "alt_peak").unwrap();
    assert!((number(alt, "mean_difference") / by_hand - 1.0).abs() < 1e-12);
    assert!(number(alt, "mean_difference_low") < by_hand && by_hand < number(alt, "mean_difference_high"));
    let observed = rows(&out.join("observed.csv"));
    // Wilson's interval of 33 of 57.
    assert!((number(&observed[0], "observed_low") - 0.4498).abs() < 5e-5);
    assert!((number(&observed[0], "observed_high") - 0.6981).abs() < 5e-5);
    for row in &observed {
        let inside =
            (number(row, "observed_low")..=number(row, "observed_high")).contains(&number(row, "predicted"));
        assert_eq!(row["inside"] == "yes", inside);
    }
    assert_eq!((observed[1]["inside"].as_str(), observed[1]["subgroup"].as_str()), ("no", "sex: female"));
    let population = &answer["population"];
    assert_eq!(population["labels"], serde_json::json!(["sex"]));
    assert_eq!(population["observed"][1]["inside"], false);
    let arm = &population["arms"][1];
    assert_eq!(arm["subgroups"][0]["name"], "sex: female");
    assert!(
        arm["number_needed_to_treat"]["best"].as_f64() <= arm["number_needed_to_treat"]["value"].as_f64()
    );
    for percentile in ["p5", "p25", "median", "p75", "p95"] {
        assert!(arm["endpoints"]["alt_peak"][percentile].is_number(), "{percentile}");
        let band = &arm["bands"]["outputs"][0][percentile];
        assert_eq!(band.as_array().unwrap().len(), arm["bands"]["time_h"].as_array().unwrap().len());
    }
    let report = std::fs::read_to_string(out.join("report.html")).unwrap();
    for part in ["by subgroup", "Observed and predicted shares", "label for subgroups", "Gaussian copula"] {
        assert!(report.contains(part), "{part}");
    }
}

/// Runs a study text, perhaps with a table of subjects, and expects a refusal that names all of `expected`.
fn refused(text: &str, subjects: Option<&str>, expected: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    let study = write(folder.path(), "study.toml", text);
    if let Some(subjects) = subjects {
        write(folder.path(), "subjects.csv", subjects);
    }
    let out = folder.path().join("out");
    let output = hepatica(&["run", &study, "--out", &out.display().to_string()]);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{text}\n{stderr}");
    for part in expected {
        assert!(stderr.contains(part), "`{part}` is not in:\n{stderr}");
    }
    assert!(!out.exists());
}

#[test]
fn bad_populations() {
    let cases: &[(&str, &str, &[&str])] = &[
        ("rho = 0.6", "rho = 1.0", &["study.toml:8:", "not between -1 and 1"]),
        ("rho = 0.6", "rho = nan", &["study.toml:8:", "not-finite"]),
        (
            "\"individual_volume\"]",
            "\"individual_volum\"]",
            &["study.toml:8:", "did you mean `individual_volume`?"],
        ),
        ("\"individual_volume\"]", "\"weight\"]", &["study.toml:8:", "with itself"]),
        ("\"individual_volume\"]", "\"a\", \"b\"]", &["study.toml:8:", "between two values"]),
        ("seed = 3", "seed = 3\nfixed = [\"individual_volume\"]", &["population/fixed"]),
        (
            "rho = 0.6 }",
            "rho = 0.9 }, { between = [\"weight\", \"individual_cyp\"], rho = 0.9 }",
            &["study.toml:8:", "not positive definite", "hint"],
        ),
        (
            "rho = 0.6 }",
            "rho = 0.6 }, { between = [\"individual_volume\", \"weight\"], rho = 0.6 }",
            &["given twice"],
        ),
        ("female = 0.6", "female = 0.7", &["study.toml:12:", "add up to 1.1"]),
        ("set = { yes = {", "set = { Yes = {", &["study.toml:13:", "did you mean `yes`?"]),
        ("gsh_pool = 0.7", "gsh_pol = 0.7", &["study.toml:13:", "did you mean `gsh_pool`?"]),
        ("cysteine_supply = 0.6", "cysteine_supply = -1", &["study.toml:13:", "population/scale"]),
        ("reference = \"100 mL/min\"", "reference = \"100 kg\"", &["study.toml:14:", "unit/mismatch"]),
        ("gsh_pool = 0.7", "individual_gsh = 0.7", &["population/set", "fixed = [\"individual_gsh\"]"]),
        ("by = \"sex\"", "by = \"sx\"", &["study.toml:16:", "did you mean `sex`?"]),
        ("by = \"sex\"", "by = \"sex\"\ncuts = [1]", &["categories"]),
        ("cuts = [\"60 kg\", \"80000 g\"]", "cuts = [\"80 kg\", \"60 kg\"]", &["must ascend"]),
        ("cuts = [\"60 kg\", \"80000 g\"]", "cuts = [\"60 mL\"]", &["study.toml:19:", "unit/mismatch"]),
        ("sex = \"female\", fasting", "sex = \"femal\", fasting", &["did you mean `female`?"]),
        ("where = { sex = \"female\"", "where = { sex = { from = 1 }", &["subgroup/kind"]),
        ("n = 57", "n = 30", &["observed/events"]),
        ("arm = \"untreated\"", "arm = \"untreatd\"", &["did you mean `untreated`?"]),
        (
            "outcomes = [\"liver failure\"]",
            "outcomes = [\"liver failur\"]",
            &["did you mean `liver failure`?"],
        ),
        ("subgroup = \"sex: female\"", "subgroup = \"sex\"", &["observed/unknown-subgroup"]),
        ("citation = \"nobody\"\n", "", &["`citation` is missing"]),
        ("low = \"45 kg\"", "low = \"450 kg\"", &["population/spread"]),
        ("size = 60", "size = 60\nsubjects = \"s.csv\"", &["population/size"]),
    ];
    for (from, to, expected) in cases {
        assert!(STUDY.contains(from), "{from}");
        refused(&STUDY.replacen(from, to, 1), None, expected);
    }
    let (head, tail) = (STUDY.find("[population]").unwrap(), STUDY.find("[[subgroup]]").unwrap());
    refused(
        &format!("{}{}", &STUDY[..head], &STUDY[tail..]),
        None,
        &["study.toml:5:", "study/no-population"],
    );
}

#[test]
fn bad_tables_of_subjects() {
    let cases: &[(&str, &str, &[&str])] = &[
        ("id,weight", "name,weight", &["subjects.csv:1:1", "there is no column `id`"]),
        ("weight (g)", "weigth (g)", &["subjects.csv:1:4", "did you mean `weight`?"]),
        ("weight (g)", "weight", &["subjects.csv:1:4", "unit of `weight` is not stated", "weight (kg)"]),
        ("weight (g)", "weight (mL)", &["subjects.csv:1:12", "unit/mismatch"]),
        ("weight (g)", "weight (kg)", &["subjects.csv:2:6", "subject `s-10`", "81000"]),
        ("weight (g)", "weight (gg)", &["subjects.csv:1:12", "unit/unknown"]),
        (",age", ",height (m)", &["study.toml:", "no column `age`", "subjects/unknown-column"]),
        ("\n2,", "\n10,", &["subjects.csv:5:1", "subjects.csv:3:1", "two subjects have the id `10`"]),
        ("\n2,", "\n,", &["subjects.csv:3:1", "no id"]),
        ("52500", "NaN", &["subjects.csv:4:3", "subject `b`", "not a finite number"]),
        ("52500", "", &["subjects.csv:4:3", "`weight` is empty"]),
        ("52500", "52500,1", &["subjects.csv:4:1", "6 cells; the header has 5"]),
        ("52500,", "", &["subjects.csv:4:1", "4 cells"]),
        ("male,25", "man,25", &["subjects.csv:3:11", "no category `man`"]),
        ("25,0.5", "old,0.5", &["subjects.csv:3:16", "not a finite number"]),
        ("\"64000\"", "\"64000", &["subjects.csv:3:3", "never closed"]),
        ("sex,age", "sex,sex", &["two columns are named `sex`"]),
        ("sex,age", "sex,fasting", &["subjects/twice"]),
        ("id,weight (g),sex,age,individual_cyp", "id;weight (g);sex", &["separated by commas"]),
    ];
    for (from, to, expected) in cases {
        assert!(SUBJECTS.contains(from), "{from}");
        refused(&on_subjects(), Some(&SUBJECTS.replacen(from, to, 1)), expected);
    }
    refused(&on_subjects(), Some(""), &["subjects/empty"]);
    refused(&on_subjects(), Some("id,weight (kg),sex,age,individual_cyp\n"), &["has no rows"]);
    refused(&on_subjects(), None, &["subjects.csv"]);
    // Everything wrong with a table is told at once.
    let several = SUBJECTS.replace("52500", "x").replace("90000", "y");
    refused(&on_subjects(), Some(&several), &["subjects.csv:4:3", "subjects.csv:6:3"]);
    let endless: String = (0..1000).map(|i| format!("{i},x,male,1,1\n")).collect();
    let endless = format!("id,weight (kg),sex,age,individual_cyp\n{endless}");
    refused(&on_subjects(), Some(&endless), &["rows after 20 problems"]);
}
