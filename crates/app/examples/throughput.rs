//! Patients per second on one core: `cargo run --release -p hepatica-app --example throughput`.
//!
//! The human model after 20 g, untreated, 168 h, with doses that differ from patient to patient; results are observed
//! as in a study of hourly values. The fastest of several runs counts.

#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "a benchmark measures time and may stop")]

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use hepatica_app::library::Library;
use hepatica_app::load::{kernel, load};
use hepatica_app::{Disk, World};
use hepatica_kernel::OutputSelection;
use hepatica_lanes::Isa;
use hepatica_sim::{Action, Options, Scenario, TimedAction, simulate};
use hepatica_source::SourceMap;

const PATIENTS: usize = 512;
const RUNS: usize = 3;

fn main() {
    let world = Disk::new(false);
    let library = Library::near(&world as &dyn World, Path::new(env!("CARGO_MANIFEST_DIR")));
    let loaded = load(&world, &library, "human/overdose", None, &mut SourceMap::new()).unwrap();
    let state = loaded.system.find_state("apap_oral").unwrap();
    let kernel = kernel(&loaded, OutputSelection::Some(Vec::new())).unwrap();
    let times: Arc<[f64]> = (0..=168).map(f64::from).collect();
    let scenario = |i: usize| {
        let amount = 66_153.0 + 264.0 * i as f64;
        let actions = vec![TimedAction { t: 0.0, action: Action::Add { state, amount } }];
        Scenario { actions, times: times.clone(), ..Scenario::default() }
    };
    let scenarios: Vec<Scenario> = (0..PATIENTS).map(scenario).collect();
    for isa in Isa::ALL.into_iter().filter(|isa| isa.is_available()) {
        for (rtol, atol) in [(1e-4, 1e-7), (1e-6, 1e-9)] {
            let options = Options { rtol, atol, isa, threads: 1, ..Options::default() };
            let mut best = f64::INFINITY;
            let mut steps = 0;
            for _ in 0..RUNS {
                let start = Instant::now();
                let done = simulate(&kernel, &scenarios, &options, &|_| ()).unwrap();
                best = best.min(start.elapsed().as_secs_f64());
                steps = done.iter().map(|t| t.counters.steps + t.counters.rejected).sum();
            }
            let each = best / PATIENTS as f64;
            println!(
                "{:9} rtol {rtol:e}: {:.0} us per patient, {:.0} patients per second, {:.0} steps each",
                isa.name(),
                each * 1e6,
                1.0 / each,
                steps as f64 / PATIENTS as f64
            );
        }
    }
}
