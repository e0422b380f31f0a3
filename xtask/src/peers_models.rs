//! Every shipped model in libAntimony and libRoadRunner, column by column.

use std::path::Path;

use serde_json::{Map, Value, json};

use crate::command;

/// A model, hours, and values at time zero.
type Excited = (&'static str, f64, &'static [(&'static str, f64)]);

/// What is done to a model so that something happens in it, and for how long.
const EXCITED: &[Excited] = &[
    ("human/overdose", 72.0, &[("apap_oral", 198_000.0), ("nac_plasma", 60_000.0)]),
    ("human/overdose-3z", 72.0, &[("apap_oral", 198_000.0)]),
    ("human/overdose-8z", 72.0, &[("apap_oral", 198_000.0)]),
    (
        "human/overdose-microbiome",
        72.0,
        &[("adult.apap_oral", 198_000.0), ("microbiome_effect", 1.0), ("magnesium_supplement", 200.0)],
    ),
    ("human/overdose-inflammation", 72.0, &[("adult.apap_oral", 198_000.0), ("inflammation_on_injury", 1.0)]),
    (
        "human/inflammation",
        12.0,
        &[("cell.alarm.tnf_added", 1.0), ("nac_on_ikk", 1.0), ("nac_umol_per_L", 5000.0)],
    ),
    (
        "rat/fibrosis",
        1500.0,
        &[("dmn", 100.0), ("nac", 150.0), ("treatment_effect", 1.0), ("myofibroblasts", 1000.0)],
    ),
    ("guinea_pig/airway", 0.2, &[("nac", 11.7), ("magnesium", 5.87)]),
    ("human/magnesium", 24.0, &[("mg_oral", 10_000.0)]),
    ("human/mg-nac", 24.0, &[("mg_oral", 10_000.0), ("liver.nac_plasma", 60_000.0)]),
    ("human/alcohol", 24.0, &[("ethanol_oral", 868_000.0)]),
    ("mouse/overdose", 48.0, &[("apap_oral", 49.6)]),
    ("rat/overdose", 48.0, &[("apap_oral", 1600.0)]),
    (
        "mouse/microbiome",
        240.0,
        &[("animal.apap_oral", 49.6), ("microbiome_effect", 1.0), ("magnesium_supplement", 200.0)],
    ),
    ("literature/reddyhoff_2015", 48.0, &[("apap", 66_000.0)]),
    ("literature/reed_2008", 24.0, &[("hydrogen_peroxide", 0.03)]),
];

/// Hours of a model that is not listed, which runs as it is.
const HOURS: f64 = 24.0;
/// Times at which columns are compared.
const STEPS: &str = "48";

/// Simulates every built-in model here and there.
pub(crate) fn check(root: &Path, folder: &Path, python: &str) -> Result<(), String> {
    let listed = command::hepatica_output(&["model", "list", "--format", "short"])?;
    let mut cases = Vec::new();
    for id in listed.lines() {
        cases.push(case(root, folder, id)?);
    }
    let path = folder.join("models.json");
    let text = serde_json::to_string_pretty(&cases).map_err(|e| e.to_string())?;
    std::fs::write(&path, text).map_err(|e| format!("{}: {e}", path.display()))?;
    let script = root.join("bench/peers/compare_models.py").display().to_string();
    command::run(python, &[&script, &path.display().to_string()])
}

fn case(root: &Path, folder: &Path, id: &str) -> Result<Value, String> {
    let excited = EXCITED.iter().find(|(name, _, _)| *name == id);
    let (hours, set) = excited.map_or((HOURS, &[][..]), |(_, hours, set)| (*hours, *set));
    let hours = hours.to_string();
    let mut arguments = vec!["model", "simulate", id, "--duration", &hours, "--steps", STEPS];
    arguments.extend(["--rtol", "1e-9", "--atol", "1e-14"]);
    let said: Vec<String> = set.iter().map(|(name, value)| format!("{name}={value}")).collect();
    said.iter().for_each(|set| arguments.extend(["--set", set.as_str()]));
    let csv = folder.join(format!("model-{}.csv", id.replace('/', "-")));
    let text = command::hepatica_output(&arguments)?;
    std::fs::write(&csv, text).map_err(|e| format!("{}: {e}", csv.display()))?;
    let values: Map<String, Value> =
        set.iter().map(|(name, value)| ((*name).to_string(), json!(value))).collect();
    let model = root.join("models").join(format!("{id}.ant"));
    Ok(json!({
        "id": id,
        "model": model.display().to_string(),
        "csv": csv.display().to_string(),
        "set": values,
    }))
}
