//! SBML Level 2 Version 1 to Level 3 Version 2: text -> declarations.
//!
//! ```text
//! text --tree--> elements --gather--> what each model holds --quantities, reactions, rules, events--> Declarations
//! ```
//!
//! Reading order: [`tree`] cuts the text, [`space`] knows the vocabularies and [`element`] gives access; [`number`] and
//! [`math`] read values; [`gather`] finds what a document holds and refuses what is not simulated; [`scope`] says what
//! names mean; [`quantities`], [`reactions`], [`rules`] and [`events`] turn elements into statements.

mod element;
mod events;
mod gather;
mod math;
mod number;
mod output;
mod quantities;
mod reactions;
mod rules;
mod scope;
mod space;
mod tree;

use hepatica_model::decl::{Declarations, FixedNames, Module, Name};
use hepatica_source::{Diagnostic, FileId, SourceMap, Span, Spanned};

use crate::antimony::MAX_TEXT_BYTES;
use element::Document;
use output::Output;

/// Reads the SBML document `file`.
///
/// All problems are reported; declarations that were understood are given even when others were not. Whatever the
/// document needs and this engine does not simulate is refused by name.
pub fn parse(map: &SourceMap, file: FileId) -> (Declarations, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let text = map.text(file);
    if text.len() > MAX_TEXT_BYTES {
        diagnostics.push(too_long(map, file, text.len()));
        return (Declarations::default(), diagnostics);
    }
    let tree = tree::read(text, file, &mut diagnostics);
    let mut output = Output::new(diagnostics);
    let name = match Document::new(&tree, map).root() {
        Some(root) => gather::document(root, &mut output),
        None => Spanned::new(String::new(), Span::new(file, 0, 0)),
    };
    output.finish(name)
}

fn too_long(map: &SourceMap, file: FileId, len: usize) -> Diagnostic {
    let name = map.get(file).map_or("", |source| source.name.as_str());
    Diagnostic::error("limit/text", format!("`{name}` is too long: {} MB", len / 1_000_000))
        .at(Span::new(file, 0, 0), "not read")
        .hint(format!("a text may have {} MB", MAX_TEXT_BYTES / 1_000_000))
}

impl Output {
    /// The declarations of one module with everything in it.
    fn finish(self, name: Name) -> (Declarations, Vec<Diagnostic>) {
        let module = Module {
            name,
            interface: Vec::new(),
            display_name: self.display_name,
            statements: self.statements,
        };
        let declarations = Declarations {
            modules: vec![module],
            functions: self.functions,
            main: Some(0),
            fixed_names: FixedNames::Free,
        };
        (declarations, self.diagnostics)
    }
}

#[cfg(test)]
mod tests;
