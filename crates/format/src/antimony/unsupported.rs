//! The parts of the language that are refused by name.

use hepatica_source::{Diagnostic, Span};

/// A part of the language that is read but not supported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Feature {
    Vector,
    SbmlImport,
}

impl Feature {
    /// Code, name and remedy.
    const fn row(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Feature::Vector => (
                "unsupported/vector",
                "lists in braces outside uncertainty",
                "braces may hold two values, as in `x.range = {1, 2}`",
            ),
            Feature::SbmlImport => (
                "unsupported/sbml-import",
                "importing an SBML file",
                "convert it to Antimony first, for example with libAntimony",
            ),
        }
    }

    /// The refusal at a place.
    pub(super) fn refuse(self, span: Span) -> Diagnostic {
        let (code, name, hint) = self.row();
        Diagnostic::error(code, format!("not supported yet: {name}")).at(span, "refused here").hint(hint)
    }
}
