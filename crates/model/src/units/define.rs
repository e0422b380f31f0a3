//! Units as written -> units, through the definitions of the instances around them.

use hepatica_source::{Diagnostic, Span};
use hepatica_unit::{Ratio, TooLarge, Unit};

use crate::decl::UnitExpr;
use crate::resolve::{ScopeId, Table};

/// How deep definitions of units may use each other.
const MAX_DEPTH: usize = 64;

/// Reads units in one table of names.
#[derive(Clone, Copy)]
pub(crate) struct Define<'m, 'a> {
    pub(crate) table: &'m Table<'a>,
}

impl Define<'_, '_> {
    /// The unit an expression means in an instance.
    ///
    /// # Errors
    /// An unknown name, a definition that uses itself, a factor or power out of range: one diagnostic each.
    pub(crate) fn unit(self, scope: ScopeId, written: &UnitExpr) -> Result<Unit, Diagnostic> {
        self.at_depth(scope, written, 0)
    }

    /// The unit of a name in an instance: its own definition, that of an instance around it, or a known unit.
    ///
    /// # Errors
    /// As for [`Define::unit`].
    pub(crate) fn named(self, scope: ScopeId, name: &str, span: Span) -> Result<Unit, Diagnostic> {
        self.named_at_depth(scope, name, span, 0)
    }

    fn named_at_depth(
        self,
        scope: ScopeId,
        name: &str,
        span: Span,
        depth: usize,
    ) -> Result<Unit, Diagnostic> {
        if depth > MAX_DEPTH {
            return Err(Diagnostic::error("unit/cycle", format!("unit `{name}` is defined by itself"))
                .at(span, "used in its own definition"));
        }
        let mut at = Some(scope);
        while let Some(id) = at {
            let instance = &self.table.scopes[id];
            if let Some(definition) = instance.units.get(name) {
                return self.at_depth(id, definition, depth + 1);
            }
            at = instance.parent;
        }
        Unit::parse(name).map_err(|error| {
            let problem = Diagnostic::error(error.code(), error.to_string()).at(span, "not a unit");
            match error.hint {
                Some(hint) => problem.hint(hint),
                None => problem.hint(format!("define it: `unit {name} = ...`")),
            }
        })
    }

    fn at_depth(self, scope: ScopeId, written: &UnitExpr, depth: usize) -> Result<Unit, Diagnostic> {
        let whole = place(written);
        let in_range = |unit: Result<Unit, TooLarge>| {
            unit.map_err(|error| {
                Diagnostic::error("unit/too-large", error.to_string()).at(whole, "this unit")
            })
        };
        match written {
            UnitExpr::Number(number, span) => Unit::dimensionless().scaled(*number).map_err(|_| {
                Diagnostic::error("unit/number", format!("`{number}` cannot be the factor of a unit"))
                    .at(*span, "not a positive number")
            }),
            UnitExpr::Name(name) => self.named_at_depth(scope, &name.value, name.span, depth),
            UnitExpr::Mul(a, b) => {
                let (a, b) = (self.at_depth(scope, a, depth)?, self.at_depth(scope, b, depth)?);
                in_range(a.times(&b))
            }
            UnitExpr::Div(a, b) => {
                let (a, b) = (self.at_depth(scope, a, depth)?, self.at_depth(scope, b, depth)?);
                in_range(a.per(&b))
            }
            UnitExpr::Pow(base, power, span) => {
                let base = self.at_depth(scope, base, depth)?;
                let power = Ratio::from_f64(*power).ok_or_else(|| {
                    Diagnostic::error("unit/exponent", format!("`{power}` is not an exponent of a unit"))
                        .at(*span, "not a simple fraction")
                })?;
                in_range(base.pow(power))
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
