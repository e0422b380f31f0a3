//! How long the human model takes from text to ready, by stage: `cargo run --release -p hepatica-app --example load_time`.
//!
//! The fastest of many runs in one process counts, since noise only adds.

#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "a benchmark measures time and may stop")]

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use hepatica_app::library::Library;
use hepatica_app::{Disk, World};
use hepatica_format::antimony::{self, Imports};
use hepatica_kernel::{CompileOptions, OutputSelection, compile};
use hepatica_model::{lower, resolve};
use hepatica_source::SourceMap;

const RUNS: usize = 200;
const STAGES: [&str; 4] = ["parse", "resolve", "lower", "compile"];

/// The texts of the library, read beforehand so that the disk is not measured.
struct Texts(Vec<(String, String)>);

impl Imports for Texts {
    fn load(&self, _importer: &str, path: &str) -> Result<(String, String), String> {
        let name = path.trim_start_matches("../");
        let found = self.0.iter().find(|(n, _)| n.ends_with(name));
        found.cloned().ok_or_else(|| format!("there is no {path}"))
    }
}

fn main() {
    let world = Disk::new(false);
    let library = Library::near(&world as &dyn World, Path::new(env!("CARGO_MANIFEST_DIR")));
    let read = |path: String| library.find(&world, &path).map(|f| (f.name, f.text));
    let modules = world.list(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../models/modules"));
    let texts = Texts(modules.iter().filter_map(|m| read(format!("models/modules/{m}"))).collect());
    for id in ["human/overdose-3z", "human/overdose", "human/overdose-8z"] {
        let (name, text) = read(format!("models/{id}.ant")).unwrap();
        let mut best = [f64::INFINITY; STAGES.len()];
        let mut best_total = f64::INFINITY;
        for _ in 0..RUNS {
            let mut map = SourceMap::new();
            let file = map.add(name.clone(), text.clone());
            let start = Instant::now();
            let mut times = [0.0; STAGES.len()];
            let mut lap = |stage: usize, since: f64| times[stage] = start.elapsed().as_secs_f64() - since;
            let (declarations, _) = antimony::parse(&mut map, file, &texts);
            lap(0, 0.0);
            let (model, _) = resolve(&declarations);
            lap(1, 0.0);
            let system = Arc::new(lower(&model));
            lap(2, 0.0);
            let shown = ["apap_mg_per_L", "nac_mg_per_L", "functional_hepatocytes", "ALT", "INR"];
            let outputs = shown.iter().filter_map(|name| system.find_output(name)).collect();
            let options =
                CompileOptions { outputs: OutputSelection::Some(outputs), ..CompileOptions::default() };
            let kernel = compile(system, &options).unwrap();
            lap(3, 0.0);
            assert!(kernel.n_states() > 0);
            best_total = best_total.min(times[3]);
            for stage in (0..STAGES.len()).rev() {
                let own = times[stage] - if stage > 0 { times[stage - 1] } else { 0.0 };
                best[stage] = best[stage].min(own);
            }
        }
        let stages = STAGES.iter().zip(best).map(|(s, t)| format!("{s} {:.2}", t * 1e3));
        println!("{id}: {:.2} ms ({} ms)", best_total * 1e3, stages.collect::<Vec<_>>().join(", "));
    }
}
