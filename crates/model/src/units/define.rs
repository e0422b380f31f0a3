//! Units as written -> units, through the definitions of the instances around them.

use hepatica_source::{Diagnostic, Span, nearest};
use hepatica_unit::{Ratio, TooLarge};

use super::ledger::{Ledger, UnitId};
use crate::decl::UnitExpr;
use crate::resolve::{ScopeId, Table};

/// How deep definitions of units may use each other.
const MAX_DEPTH: usize = 64;

/// Reads units in one table of names.
pub(crate) struct Define<'m, 'a> {
    pub(crate) table: &'m Table<'a>,
    pub(crate) ledger: &'m mut Ledger,
}

impl Define<'_, '_> {
    /// The unit an expression means in an instance.
    ///
    /// # Errors
    /// An unknown name, a definition that uses itself, a factor or power out of range: one diagnostic each.
    pub(crate) fn unit(&mut self, scope: ScopeId, written: &UnitExpr) -> Result<UnitId, Diagnostic> {
        self.at_depth(scope, written, 0)
    }

    /// The unit of a name in an instance: its own definition, that of an instance around it, or a known unit.
    ///
    /// # Errors
    /// As for [`Define::unit`].
    pub(crate) fn named(&mut self, scope: ScopeId, name: &str, span: Span) -> Result<UnitId, Diagnostic> {
        self.named_at_depth(scope, name, span, 0)
    }

    fn named_at_depth(
        &mut self,
        scope: ScopeId,
        name: &str,
        span: Span,
        depth: usize,
    ) -> Result<UnitId, Diagnostic> {
        if depth > MAX_DEPTH {
            return Err(Diagnostic::error("unit/cycle", format!("unit `{name}` is defined by itself"))
                .at(span, "used in its own definition"));
        }
        let mut at = Some(scope);
        while let Some(id) = at {
            let instance = &self.table.scopes[id];
            if let Some(known) = self.ledger.defined.get(&id).and_then(|names| names.get(name)) {
                return Ok(*known);
            }
            if let Some(definition) = instance.units.get(name) {
                let unit = self.at_depth(id, definition, depth + 1)?;
                self.ledger.defined.entry(id).or_default().insert(name.to_string(), unit);
                return Ok(unit);
            }
            at = instance.parent;
        }
        if self.ledger.is_tired() && !self.ledger.is_spelt(name) {
            let problem = format!("`{name}` is not looked up: too many units of the model are unknown");
            return Err(Diagnostic::error("unit/unknown", problem).at(span, "a unit"));
        }
        self.ledger.parse(name).map_err(|error| {
            let problem = Diagnostic::error(error.code(), error.to_string()).at(span, "not a unit");
            let own = self.table.scopes[scope].unit_order.iter().map(|(known, _)| known.value.as_str());
            let few = self.table.may_compare(self.table.scopes[scope].unit_order.len());
            let hint = match nearest(name, own.filter(|_| few)) {
                Some(near) => format!("did you mean `{near}`?"),
                None => error.hint.unwrap_or_else(|| format!("define it: `unit {name} = ...`")),
            };
            problem.hint(hint)
        })
    }

    fn at_depth(&mut self, scope: ScopeId, written: &UnitExpr, depth: usize) -> Result<UnitId, Diagnostic> {
        let in_range = |unit: Result<UnitId, TooLarge>| {
            let out_of_range = |error: TooLarge| {
                Diagnostic::error("unit/too-large", error.to_string()).at(place(written), "this unit")
            };
            unit.map_err(out_of_range)
        };
        match written {
            UnitExpr::Number(number, span) => self.ledger.factor(*number).map_err(|_| {
                Diagnostic::error("unit/number", format!("`{number}` cannot be the factor of a unit"))
                    .at(*span, "not a positive number")
            }),
            UnitExpr::Name(name) => self.named_at_depth(scope, &name.value, name.span, depth),
            UnitExpr::Mul(a, b) => {
                let (a, b) = (self.at_depth(scope, a, depth)?, self.at_depth(scope, b, depth)?);
                in_range(self.ledger.times(a, b))
            }
            UnitExpr::Div(a, b) => {
                let (a, b) = (self.at_depth(scope, a, depth)?, self.at_depth(scope, b, depth)?);
                in_range(self.ledger.per(a, b))
            }
            UnitExpr::Pow(base, power, span) => {
                let base = self.at_depth(scope, base, depth)?;
                let power = Ratio::from_f64(*power).ok_or_else(|| {
                    Diagnostic::error("unit/exponent", format!("`{power}` is not an exponent of a unit"))
                        .at(*span, "not a simple fraction")
                })?;
                in_range(self.ledger.power(base, power))
            }
        }
    }
}

/// The text a unit covers.
pub(crate) fn place(written: &UnitExpr) -> Span {
    match written {
        UnitExpr::Number(_, span) => *span,
        UnitExpr::Name(name) => name.span,
        UnitExpr::Mul(a, b) | UnitExpr::Div(a, b) => place(a).to(place(b)),
        UnitExpr::Pow(base, _, span) => place(base).to(*span),
    }
}

/// A unit as its author wrote it, for people: the name alone where it is one.
pub(crate) fn name_of(written: &UnitExpr) -> Option<&str> {
    match written {
        UnitExpr::Name(name) => Some(&name.value),
        _ => None,
    }
}
