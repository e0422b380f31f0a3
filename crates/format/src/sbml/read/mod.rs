//! SBML Level 2 Version 1 to Level 3 Version 2: text -> declarations.
//!
//! ```text
//! text --tree--> elements --gather--> what each model holds --quantities, reactions, rules, events--> Declarations
//! ```
//!
//! Reading order: [`tree`] cuts the text, [`space`] knows the vocabularies and [`element`] gives access; [`number`] and
//! [`math`] read values; [`library`] reads the documents a document takes models from, [`compose`] puts models into
//! each other and [`scope`] says what their names mean; [`gather`] finds what a document holds and refuses what is not simulated; [`quantities`], [`units`], [`annotations`], [`reactions`], [`rules`] and [`events`] turn elements into statements.

mod annotations;
mod compose;
mod element;
mod events;
mod gather;
mod library;
mod math;
mod number;
mod output;
mod quantities;
mod reactions;
mod rules;
mod scope;
mod space;
mod tree;
mod units;

use hepatica_model::decl::{Declarations, FixedNames, Module, Name};
use hepatica_source::{Diagnostic, FileId, Problems, SourceMap, Span, Spanned};

use crate::antimony::Imports;
use library::Library;
use output::Output;

/// Reads the SBML document `file` and those it takes models from, which are added to `map`.
///
/// All problems are reported; declarations that were understood are given even when others were not. Whatever the
/// document needs and this engine does not simulate is refused by name.
pub fn parse(map: &mut SourceMap, file: FileId, imports: &dyn Imports) -> (Declarations, Vec<Diagnostic>) {
    let mut diagnostics = Problems::default();
    let library = Library::read(map, file, imports, &mut diagnostics);
    let map: &SourceMap = map;
    let mut output = Output::new(diagnostics);
    let name = match library.first(map) {
        Some(root) => gather::document(&library, map, root, &mut output),
        None => Spanned::new(String::new(), Span::new(file, 0, 0)),
    };
    output.finish(name)
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
        (declarations, self.diagnostics.into_diagnostics())
    }
}

#[cfg(test)]
mod tests;
