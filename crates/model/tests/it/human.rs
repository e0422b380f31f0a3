//! The human model of the repository.

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
