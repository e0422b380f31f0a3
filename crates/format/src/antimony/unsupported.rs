//! The parts of the language that are refused by name.

use hepatica_source::{Diagnostic, Span};

/// A part of the language that is read but not supported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Feature {
    Dna,
    Vector,
    Ellipsis,
    SbmlImport,
}

impl Feature {
    /// Code, name and remedy.
    const fn row(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Feature::Dna => {
                ("unsupported/dna", "DNA strands (`DNA`, `--`)", "write the reactions out one by one")
            }
            Feature::Vector => (
                "unsupported/vector",
                "lists in braces outside uncertainty",
                "braces may hold two values, as in `x.range = {1, 2}`",
            ),
            Feature::Ellipsis => ("unsupported/dna", "`...` in a formula", "write the formula out"),
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
