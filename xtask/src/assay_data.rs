//! Example data for the assay bench, simulated with known truth; `cargo xtask assay-data` writes `studies/assay/`.
//!
//! Nothing here is shared with the analyser: the shapes, the noise and the random numbers are this module's own, so
//! that an error in one cannot hide in the other. Every table says in its first line that it is simulated, with seed
//! and truth; `truth.json` has the numbers the tests compare with.

mod airway;
mod groups;
mod gsh;
mod ligase;
mod nca;
mod noise;
mod reductase;

use std::path::Path;

use serde_json::{Map, Value};

/// What the data of one assay are.
pub(crate) struct Simulated {
    /// File name and text.
    pub(crate) files: Vec<(String, String)>,
    /// What is true.
    pub(crate) truth: Value,
}

/// Writes all tables and the truth.
pub(crate) fn write(root: &Path) -> Result<(), String> {
    let folder = root.join("studies/assay");
    std::fs::create_dir_all(&folder).map_err(|e| e.to_string())?;
    let mut truth = Map::new();
    for (name, simulated) in all() {
        for (file, text) in simulated.files {
            let path = folder.join(&file);
            std::fs::write(&path, text).map_err(|e| format!("{}: {e}", path.display()))?;
            println!("wrote studies/assay/{file}");
        }
        truth.insert(name.to_string(), simulated.truth);
    }
    let text = serde_json::to_string_pretty(&Value::Object(truth)).map_err(|e| e.to_string())?;
    std::fs::write(folder.join("truth.json"), text + "\n").map_err(|e| e.to_string())
}

fn all() -> Vec<(&'static str, Simulated)> {
    vec![
        ("gsh", gsh::simulate(10)),
        ("reductase", reductase::simulate(20)),
        ("ligase", ligase::simulate(30)),
        ("airway", airway::simulate(40)),
        ("groups", groups::simulate(25)),
        ("nca", nca::simulate(30)),
    ]
}
