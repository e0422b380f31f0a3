//! How long models take from text to ready: `cargo run --release -p hepatica-sim --example load_models -- RUNS FILE..`.
//!
//! Prints the path of each file and the seconds of its fastest load, or `-` for a model that is refused, with a tab between. Ready
//! is a kernel that simulates and computes every output. With `--stages` the stages' seconds follow.

#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "a benchmark measures time and may stop")]

use std::sync::Arc;
use std::time::Instant;

use hepatica_format::antimony::{self, NoImports};
use hepatica_format::sbml;
use hepatica_kernel::{CompileOptions, compile};
use hepatica_model::{ResolveOptions, lower, resolve_with};
use hepatica_source::{SourceMap, has_errors};

const STAGES: usize = 4;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (stages, files): (Vec<String>, Vec<String>) = arguments.into_iter().partition(|a| a == "--stages");
    let (runs, files) = files.split_first().unwrap();
    let runs: usize = runs.parse().unwrap();
    for path in files {
        let text = std::fs::read_to_string(path).unwrap();
        let best = (0..runs).map(|_| load(path, &text)).reduce(|best, next| match (best, next) {
            (Some(best), Some(next)) => Some(if total(&next) < total(&best) { next } else { best }),
            _ => None,
        });
        match best.flatten() {
            None => println!("{path}\t-"),
            Some(times) if stages.is_empty() => println!("{path}\t{:.7}", total(&times)),
            Some(times) => {
                let each: Vec<String> = times.iter().map(|t| format!("{t:.7}")).collect();
                println!("{path}\t{:.7}\t{}", total(&times), each.join("\t"));
            }
        }
    }
}

fn total(times: &[f64; STAGES]) -> f64 {
    times.iter().sum()
}

/// Seconds of reading, resolving, lowering and compiling.
fn load(path: &str, text: &str) -> Option<[f64; STAGES]> {
    let mut map = SourceMap::new();
    let text = text.to_string();
    let mut since = Instant::now();
    let mut lap = || {
        let now = Instant::now();
        (now - std::mem::replace(&mut since, now)).as_secs_f64()
    };
    let file = map.add(path.to_string(), text);
    let parse = if path.ends_with(".xml") { sbml::parse } else { antimony::parse };
    let (declarations, diagnostics) = parse(&mut map, file, &NoImports);
    let parsed = lap();
    let (model, found) = resolve_with(&declarations, ResolveOptions::foreign());
    let resolved = lap();
    if has_errors(&diagnostics) || has_errors(&found) {
        return None;
    }
    lap();
    let system = Arc::new(lower(&model));
    let lowered = lap();
    let kernel = compile(system, &CompileOptions::default());
    let compiled = lap();
    kernel.is_ok().then_some([parsed, resolved, lowered, compiled])
}
