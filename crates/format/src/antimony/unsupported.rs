//! The parts of the language that are refused by name.

use hepatica_source::{Diagnostic, Span};

/// A part of the language that is read but not supported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Feature {
    Interaction,
    Dna,
    Gene,
    Operator,
    Deletion,
    Constraint,
    Objective,
    ConversionFactor,
    SubmodelCompartment,
    DottedDefinition,
    Vector,
    Ellipsis,
    Layout,
    SbmlImport,
}

impl Feature {
    /// Code, name and remedy.
    const fn row(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Feature::Interaction => (
                "unsupported/interaction",
                "interactions (`-|`, `-o`, `-(`)",
                "write the influence into the rate law of the reaction",
            ),
            Feature::Dna => {
                ("unsupported/dna", "DNA strands (`DNA`, `--`)", "write the reactions out one by one")
            }
            Feature::Gene => ("unsupported/dna", "genes (`gene`)", "write the gene as a reaction"),
            Feature::Operator => {
                ("unsupported/dna", "operators (`operator`)", "write the operator as a `formula`")
            }
            Feature::Deletion => (
                "unsupported/delete",
                "deletions (`delete`)",
                "leave the element out of the module, or set it so that it has no effect",
            ),
            Feature::Constraint => (
                "unsupported/constraint",
                "constraints and flux bounds",
                "leave it out; it does not change a simulation",
            ),
            Feature::Objective => (
                "unsupported/objective",
                "objectives (`maximize`, `minimize`)",
                "leave it out; flux balance analysis is not done here",
            ),
            Feature::ConversionFactor => (
                "unsupported/conversion-factor",
                "conversion factors (`timeconv`, `extentconv`, `*` and `/` with `is`, `conversionFactor`)",
                "write both modules in the same units",
            ),
            Feature::SubmodelCompartment => (
                "unsupported/submodel-compartment",
                "placing a whole submodel (`A: module() in C`)",
                "give the compartment as an argument of the module",
            ),
            Feature::DottedDefinition => (
                "unsupported/dotted-definition",
                "writing a reaction or an event of a submodel anew",
                "change it in its module",
            ),
            Feature::Vector => (
                "unsupported/vector",
                "lists in braces outside uncertainty",
                "braces may hold two values, as in `x.range = {1, 2}`",
            ),
            Feature::Ellipsis => ("unsupported/dna", "`...` in a formula", "write the formula out"),
            Feature::Layout => ("unsupported/layout", "layout and drawing attributes", "leave it out"),
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
