//! Any text as SBML: reading and resolving it must not panic, and every place in a diagnostic must be printable.
//!
//! Run with `cargo +nightly fuzz run sbml`.

#![no_main]

use hepatica_format::antimony::NoImports;
use hepatica_format::sbml::parse;
use hepatica_model::{lower, resolve};
use hepatica_source::{SourceMap, has_errors, render_all};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data).into_owned();
    let mut map = SourceMap::new();
    let file = map.add("fuzz.xml", text);
    let (declarations, diagnostics) = parse(&mut map, file, &NoImports);
    let _ = render_all(&map, &diagnostics);
    let (model, found) = resolve(&declarations);
    let _ = render_all(&map, &found);
    if !has_errors(&diagnostics) && !has_errors(&found) {
        let _ = lower(&model);
    }
});
