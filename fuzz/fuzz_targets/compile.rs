//! Any Antimony text that reads and resolves without errors is lowered and compiled: a kernel or an error, never a panic.
//!
//! Run with `cargo +nightly fuzz run compile`.

#![no_main]

use std::sync::Arc;

use hepatica_format::antimony::{NoImports, parse};
use hepatica_kernel::{CompileOptions, compile};
use hepatica_model::{ResolveOptions, lower, resolve_with};
use hepatica_source::{SourceMap, has_errors};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data).into_owned();
    let mut map = SourceMap::new();
    let file = map.add("fuzz.ant", text);
    let (declarations, diagnostics) = parse(&mut map, file, &NoImports);
    // Units that do not agree would stop most texts before the stages meant here.
    let (model, found) = resolve_with(&declarations, ResolveOptions::foreign());
    if !has_errors(&diagnostics) && !has_errors(&found) {
        let _ = compile(Arc::new(lower(&model)), &CompileOptions::default());
    }
});
