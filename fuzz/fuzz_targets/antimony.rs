//! Any text: reading it must not panic, and every place in a diagnostic must be printable.
//!
//! Run with `cargo +nightly fuzz run antimony`.

#![no_main]

use hepatica_format::antimony::{NoImports, parse};
use hepatica_source::{SourceMap, render_all};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data).into_owned();
    let mut map = SourceMap::new();
    let file = map.add("fuzz.ant", text);
    let (_, diagnostics) = parse(&mut map, file, &NoImports);
    let _ = render_all(&map, &diagnostics);
});
