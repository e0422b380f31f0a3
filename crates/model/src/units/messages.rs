//! What is said about units that do not fit.

use hepatica_source::{Diagnostic, Span};
use hepatica_unit::Unit;

use super::ledger::{Ledger, ONE, UnitId};
use super::shown::shown;

/// One of two things whose units differ.
#[derive(Clone, Debug)]
pub(crate) struct Side {
    pub(crate) unit: UnitId,
    pub(crate) place: Span,
    /// What it is, e.g. `` `x` ``; empty for a part of an expression.
    pub(crate) what: String,
}

impl Side {
    /// A part of an expression.
    pub(crate) fn expression(unit: UnitId, place: Span) -> Side {
        Side { unit, place, what: String::new() }
    }

    /// A thing with a name.
    pub(crate) fn named(unit: UnitId, place: Span, what: impl Into<String>) -> Side {
        Side { unit, place, what: what.into() }
    }

    fn label(&self, ledger: &Ledger) -> String {
        let unit = ledger.unit(self.unit);
        let text = format!("`{}` ({})", shown(unit), unit.dimension());
        if self.what.is_empty() { text } else { format!("{} is in {text}", self.what) }
    }
}

/// Two units that should be one: the first side is where the problem is shown.
pub(crate) fn mismatch(ledger: &Ledger, message: impl Into<String>, sides: [Side; 2]) -> Diagnostic {
    let [a, b] = &sides;
    Diagnostic::error("unit/mismatch", message)
        .at(a.place, a.label(ledger))
        .at(b.place, b.label(ledger))
        .hint(remedy(ledger.unit(a.unit), ledger.unit(b.unit)))
}

/// Something that must be a pure number.
pub(crate) fn not_pure(ledger: &Ledger, what: &str, (unit, place): (UnitId, Span)) -> Diagnostic {
    let text = ledger.text(unit);
    let same_scale = ledger.unit(unit).is_compatible(ledger.unit(ONE));
    let hint = if same_scale {
        format!("`{text}` is a pure number with a factor: convert it")
    } else {
        format!("divide it by a quantity in `{text}`")
    };
    Diagnostic::error("unit/not-pure", format!("{what} must be a pure number, not `{text}`"))
        .at(place, format!("`{text}` ({})", ledger.unit(unit).dimension()))
        .hint(hint)
}

/// What makes `a` of `b`.
fn remedy(a: &Unit, b: &Unit) -> String {
    let (text_a, text_b) = (shown(a), shown(b));
    if a.is_compatible(b) {
        return match (a.convert(1.0, b), b.convert(1.0, a)) {
            (Ok(factor), _) if factor >= 1.0 => {
                format!("1 `{text_a}` is {factor} `{text_b}`: convert one of them")
            }
            (_, Ok(factor)) => format!("1 `{text_b}` is {factor} `{text_a}`: convert one of them"),
            _ => "convert one of them".to_string(),
        };
    }
    match b.per(a) {
        Ok(factor) => {
            let molar = if is_molar_mass(&factor) { ", a molar mass," } else { "" };
            let factor = shown(&factor);
            match factor.strip_prefix("1/") {
                Some(divisor) => {
                    format!("`{text_a}` becomes `{text_b}` when divided by a quantity in `{divisor}`")
                }
                None => format!(
                    "`{text_a}` becomes `{text_b}` when multiplied by a quantity{molar} in `{factor}`"
                ),
            }
        }
        Err(_) => "give both the same unit".to_string(),
    }
}

/// Mass per amount or amount per mass.
fn is_molar_mass(unit: &Unit) -> bool {
    let gram_per_mole = Unit::gram().per(&Unit::mole());
    let mole_per_gram = Unit::mole().per(&Unit::gram());
    [gram_per_mole, mole_per_gram].into_iter().flatten().any(|molar| molar.is_compatible(unit))
}
