//! The language by example.

mod imports;
mod meaning;
mod mistakes;
mod robustness;
mod strands;
mod structure;
mod write;

use hepatica_model::decl::{Declarations, Statement};
use hepatica_source::{Diagnostic, SourceMap, render_all};

use super::{NoImports, parse};

/// Reads one text without imports.
fn read(text: &str) -> (Declarations, Vec<Diagnostic>, SourceMap) {
    let mut map = SourceMap::new();
    let file = map.add("m.ant", text);
    let (declarations, diagnostics) = parse(&mut map, file, &NoImports);
    (declarations, diagnostics, map)
}

/// The statements of the main module of a text that must be free of problems.
fn statements(text: &str) -> Vec<Statement> {
    let (mut declarations, diagnostics, map) = read(text);
    assert!(diagnostics.is_empty(), "{}", render_all(&map, &diagnostics));
    let main = declarations.main.expect("a main module");
    declarations.modules.swap_remove(main).statements
}

/// The codes of the problems of a text, in order.
fn codes(text: &str) -> Vec<&'static str> {
    read(text).1.iter().map(|d| d.code.0).collect()
}
