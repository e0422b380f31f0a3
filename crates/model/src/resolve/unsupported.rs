//! What front ends may state and this engine does not simulate.

use hepatica_source::{Diagnostic, Span};

/// A statement that is understood but not simulated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unsupported {
    FluxBalance,
}

impl Unsupported {
    /// Code, name and remedy.
    const fn row(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Unsupported::FluxBalance => (
                "unsupported/fbc",
                "fbc: flux balance",
                "leave the objective out, if the rate laws alone say what happens",
            ),
        }
    }

    /// The refusal at a place.
    pub(super) fn refuse(self, span: Span) -> Diagnostic {
        let (code, name, hint) = self.row();
        Diagnostic::error(code, format!("{name} is unsupported; nothing is simulated"))
            .at(span, "refused here")
            .hint(hint)
    }
}
