//! The human model of the repository.

use std::collections::BTreeMap;

use hepatica_format::antimony;
use hepatica_model::{lower, resolve};
use hepatica_source::{SourceMap, render_all};

use crate::support::{Models, Start};

#[test]
fn every_variant_resolves_without_a_word_and_starts_finite() {
    for name in ["human/overdose.ant", "human/overdose-3z.ant", "human/overdose-8z.ant"] {
        let text = std::fs::read_to_string(Models::folder().join(name)).unwrap();
        let mut map = SourceMap::new();
        let file = map.add(name, text);
        let (declarations, mut diagnostics) = antimony::parse(&mut map, file, &Models);
        let (model, more) = resolve(&declarations);
        diagnostics.extend(more);
        assert!(diagnostics.is_empty(), "{}", render_all(&map, &diagnostics));
        assert!(model.dose_ports().len() >= 4);

        let system = lower(&model);
        let start = Start::of(&system);
        assert!(start.states.iter().chain(&start.params).all(|v| v.is_finite()));
        for output in system.outputs.iter() {
            assert!(start.value(&system, output.node, 0.0).is_finite(), "{}", output.name);
            assert!(!output.unit.is_empty(), "{} has no unit", output.name);
        }
    }
}

/// The symbolic Jacobian against central differences, entries that are not listed included.
#[test]
fn the_jacobian_is_that_of_the_equations() {
    let name = "human/overdose-3z.ant";
    let text = std::fs::read_to_string(Models::folder().join(name)).unwrap();
    let mut map = SourceMap::new();
    let file = map.add(name, text);
    let system = lower(&resolve(&antimony::parse(&mut map, file, &Models).0).0);
    let mut at = Start::of(&system);
    for (i, state) in at.states.iter_mut().enumerate() {
        *state = *state * 0.8 + 0.05 + 0.01 * i as f64;
    }
    let n = system.states.len();
    let entries = system
        .jacobian
        .iter()
        .map(|e| ((e.row.0 as usize, e.col.0 as usize), at.value(&system, e.node, 0.0)));
    let listed: BTreeMap<(usize, usize), f64> = entries.collect();
    for col in 0..n {
        let middle = at.states[col];
        let step = 1e-5 * middle.abs();
        let mut rates_at = |state: f64| {
            at.states[col] = state;
            at.values(&system, system.rhs.as_slice())
        };
        let (up, down) = (rates_at(middle + step), rates_at(middle - step));
        at.states[col] = middle;
        for row in 0..n {
            let slope = (up[row] - down[row]) / (2.0 * step);
            // Differences of rates lose what the rates have in common.
            let tolerance = 1e-6 * slope.abs() + 1e-14 * (up[row].abs() + 1.0) / step;
            let symbolic = listed.get(&(row, col)).copied().unwrap_or(0.0);
            assert!((slope - symbolic).abs() <= tolerance, "d {row} / d {col}: {symbolic} against {slope}");
        }
    }
}
