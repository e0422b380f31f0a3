//! Which unit an expression has.

use std::collections::HashMap;

use hepatica_source::{Diagnostic, Span};
use hepatica_unit::{Ratio, TooLarge};

use super::define::Define;
use super::ledger::{Ledger, ONE, UnitId};
use super::messages::{Side, mismatch, not_pure};
use crate::decl::{BinaryOp, Expr, ExprKind, Function, UnaryOp};
use crate::resolve::{
    Bound, EntityId, Fixed, Functions, Lookup, MAX_CALLS, MAX_DEPTH, Once, PerEntity, ScopeId, Table,
    UnitRule, builtin, levels,
};

/// What is known of the unit of an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Measure {
    /// Something without a unit is involved: anything fits.
    Unknown,
    /// A bare number: pure in products, of the other side's unit in sums and comparisons.
    Number,
    /// A unit.
    Unit(UnitId),
}

impl Measure {
    /// The unit, if it is known.
    pub(crate) fn unit(self) -> Option<UnitId> {
        match self {
            Measure::Unit(id) => Some(id),
            Measure::Unknown | Measure::Number => None,
        }
    }

    /// Of a name: a name that stands for a bare number may have any unit.
    pub(crate) fn of_name(self) -> Measure {
        if self == Measure::Number { Measure::Unknown } else { self }
    }
}

/// What names mean.
#[derive(Clone, Copy)]
enum Env<'e> {
    /// The names of an instance.
    Instance(ScopeId),
    /// The arguments of a user function; the depth of the call and where it stands.
    Call(&'e Function, &'e [Measure], usize, Span),
}

/// Finds units; complaints are collected.
pub(crate) struct Infer<'m, 'a> {
    pub(crate) table: &'m Table<'a>,
    pub(crate) functions: &'m Functions<'a>,
    pub(crate) ledger: Ledger,
    /// The unit of each name as it stands in mathematics; unknown until it is found.
    pub(crate) names: PerEntity<Measure>,
    pub(crate) time: Measure,
    pub(crate) diagnostics: &'m mut Once,
    /// The units of user calls.
    pub(crate) calls: HashMap<(usize, Vec<Measure>), Measure>,
    /// How many expressions are being looked into, one inside the other.
    pub(crate) depth: usize,
}

/// An operand: its unit and its place.
type Operand = (Measure, Span);

impl<'a> Infer<'_, 'a> {
    /// The unit of an expression.
    pub(crate) fn measure(&mut self, bound: Bound<'a, Expr>) -> Measure {
        self.expr(Env::Instance(bound.scope), bound.item)
    }

    /// The unit of a kept name.
    pub(crate) fn of(&self, id: EntityId) -> Measure {
        self.names[self.table.root(id)]
    }

    pub(crate) fn times(&mut self, a: Measure, b: Measure) -> Measure {
        match (a, b) {
            (Measure::Unknown, _) | (_, Measure::Unknown) => Measure::Unknown,
            (Measure::Number, other) | (other, Measure::Number) => other,
            (Measure::Unit(a), Measure::Unit(b)) => known(self.ledger.times(a, b)),
        }
    }

    pub(crate) fn per(&mut self, a: Measure, b: Measure) -> Measure {
        match (a, b) {
            (Measure::Unknown, _) | (_, Measure::Unknown) => Measure::Unknown,
            (a, Measure::Number) => a,
            (Measure::Number, Measure::Unit(b)) => known(self.ledger.per(ONE, b)),
            (Measure::Unit(a), Measure::Unit(b)) => known(self.ledger.per(a, b)),
        }
    }

    fn expr(&mut self, env: Env<'_>, expr: &'a Expr) -> Measure {
        // Said already: what is written out goes down as many levels.
        if self.depth >= MAX_DEPTH {
            return Measure::Unknown;
        }
        let levels = levels(expr);
        self.depth += levels;
        let measure = self.content(env, expr);
        self.depth -= levels;
        measure
    }

    fn content(&mut self, env: Env<'_>, expr: &'a Expr) -> Measure {
        match &expr.kind {
            ExprKind::Number(_, None) | ExprKind::Boolean(_) => Measure::Number,
            ExprKind::Number(_, Some(unit)) => self.literal(env, unit, expr.span),
            ExprKind::Name(parts) => self.name(env, parts),
            ExprKind::Time => self.time,
            ExprKind::Unary(op, operand) => {
                let measure = self.expr(env, operand);
                if *op == UnaryOp::Not { Measure::Number } else { measure }
            }
            ExprKind::Binary(op, a, b) => self.binary(env, *op, a, b),
            ExprKind::Call(name, arguments) => self.call(env, name, arguments, expr.span),
        }
    }

    /// A number with a unit. Inside a function, units are those of the main module.
    fn literal(&mut self, env: Env<'_>, unit: &str, span: Span) -> Measure {
        let scope = if let Env::Instance(scope) = env { scope } else { ScopeId(0) };
        let mut define = Define { table: self.table, ledger: &mut self.ledger };
        match define.named(scope, unit, span) {
            Ok(unit) => Measure::Unit(unit),
            Err(problem) => {
                self.diagnostics.push(problem);
                Measure::Unknown
            }
        }
    }

    fn name(&mut self, env: Env<'_>, parts: &[String]) -> Measure {
        if let [name] = parts {
            match self.table.fixed(name) {
                Some(Fixed::Time) => return self.time,
                Some(Fixed::Number(_)) => return Measure::Number,
                None => {}
            }
        }
        match env {
            Env::Instance(scope) => match self.table.lookup(scope, parts) {
                Lookup::Entity(id) => self.of(id),
                Lookup::Instance(_) | Lookup::Unknown(..) => Measure::Unknown,
            },
            Env::Call(function, measures, ..) => {
                let position =
                    function.arguments.iter().position(|a| parts.len() == 1 && a.value == parts[0]);
                position.and_then(|i| measures.get(i).copied()).unwrap_or(Measure::Unknown)
            }
        }
    }

    fn binary(&mut self, env: Env<'_>, op: BinaryOp, a: &'a Expr, b: &'a Expr) -> Measure {
        let (left, right) = (self.expr(env, a), self.expr(env, b));
        let operands = [(left, a.span), (right, b.span)];
        match op {
            BinaryOp::Add => self.same(env, "added", &operands),
            BinaryOp::Sub => self.same(env, "subtracted", &operands),
            BinaryOp::Mod => self.same(env, "divided with a remainder", &operands),
            BinaryOp::Mul => self.times(left, right),
            BinaryOp::Div => self.per(left, right),
            BinaryOp::Pow => self.power(env, operands[0], (operands[1], literal_value(b))),
            BinaryOp::And | BinaryOp::Or => Measure::Number,
            BinaryOp::Lt | BinaryOp::Le | BinaryOp::Gt | BinaryOp::Ge | BinaryOp::Eq | BinaryOp::Ne => {
                self.same(env, "compared", &operands);
                Measure::Number
            }
        }
    }

    fn call(&mut self, env: Env<'_>, name: &str, arguments: &'a [Expr], span: Span) -> Measure {
        let operands: Vec<Operand> = arguments.iter().map(|a| (self.expr(env, a), a.span)).collect();
        if let Some(row) = builtin(name) {
            return self.builtin(env, (name, row.units), &operands, arguments);
        }
        match (name, operands.as_slice()) {
            ("delay", [value, lag]) => {
                self.same(env, "used as time and lag", &[(self.time, span), *lag]);
                return value.0;
            }
            ("rateOf", [value]) => return self.per(value.0, self.time),
            _ => {}
        }
        match self.functions.get(name) {
            Some((index, function)) => self.user_call(env, (index, function), &operands, span),
            None => Measure::Unknown,
        }
    }

    fn builtin(
        &mut self,
        env: Env<'_>,
        (name, rule): (&str, UnitRule),
        operands: &[Operand],
        arguments: &'a [Expr],
    ) -> Measure {
        let first = operands.first().copied();
        let second = operands.get(1).copied();
        let together = format!("used together in `{name}`");
        match rule {
            UnitRule::Pure | UnitRule::Log => {
                operands.iter().for_each(|operand| self.pure(env, name, *operand));
                Measure::Unit(ONE)
            }
            UnitRule::Same => self.same(env, &together, operands),
            UnitRule::Ratio => {
                self.same(env, &together, operands);
                Measure::Unit(ONE)
            }
            UnitRule::Compare => {
                self.same(env, "compared", operands);
                Measure::Number
            }
            UnitRule::Logic => Measure::Number,
            UnitRule::Power => match (first, second) {
                (Some(base), Some(exponent)) => {
                    self.power(env, base, (exponent, arguments.get(1).and_then(literal_value)))
                }
                _ => Measure::Unknown,
            },
            UnitRule::Root => {
                let (degree, base) = match (first, second) {
                    (Some(_), Some(base)) => (literal_value(&arguments[0]), base),
                    (Some(base), None) => (Some(2.0), base),
                    _ => return Measure::Unknown,
                };
                self.raised(base.0, degree.map(|degree| 1.0 / degree))
            }
            UnitRule::Square => self.raised(first.map_or(Measure::Unknown, |f| f.0), Some(2.0)),
            UnitRule::Product => operands.iter().fold(Measure::Number, |product, o| self.times(product, o.0)),
            UnitRule::Quotient => match (first, second) {
                (Some(a), Some(b)) => self.per(a.0, b.0),
                _ => Measure::Unknown,
            },
            UnitRule::Piecewise => {
                let values: Vec<Operand> = operands.iter().copied().step_by(2).collect();
                self.same(env, "alternatives of one `piecewise`", &values)
            }
        }
    }

    fn user_call(
        &mut self,
        env: Env<'_>,
        (index, function): (usize, &'a Function),
        operands: &[Operand],
        span: Span,
    ) -> Measure {
        let (depth, place) = match env {
            Env::Call(_, _, depth, place) => (depth + 1, place),
            Env::Instance(_) => (1, span),
        };
        if self.functions.is_recursive(index)
            || operands.len() != function.arguments.len()
            || depth > MAX_CALLS
        {
            return Measure::Unknown;
        }
        let key = (index, operands.iter().map(|o| o.0).collect::<Vec<_>>());
        if let Some(known) = self.calls.get(&key) {
            return *known;
        }
        let measure = self.expr(Env::Call(function, &key.1, depth, place), &function.body);
        self.calls.insert(key, measure);
        measure
    }

    /// All operands have one unit; gives it.
    fn same(&mut self, env: Env<'_>, how: &str, operands: &[Operand]) -> Measure {
        let mut common: Option<(UnitId, Span)> = None;
        let mut unknown = operands.is_empty();
        for (measure, span) in operands {
            match (measure, common) {
                (Measure::Unit(unit), None) => common = Some((*unit, *span)),
                (Measure::Unit(unit), Some((first, _))) if *unit != first && self.diagnostics.is_tired() => {}
                (Measure::Unit(unit), Some((first, place))) if *unit != first => {
                    let (a, b) = (self.ledger.text(first), self.ledger.text(*unit));
                    let message = format!("`{a}` and `{b}` cannot be {how}");
                    let sides = [Side::expression(first, place), Side::expression(*unit, *span)];
                    let problem = mismatch(&self.ledger, message, sides);
                    self.complain(env, problem);
                }
                (Measure::Unknown, _) => unknown = true,
                (Measure::Unit(_) | Measure::Number, _) => {}
            }
        }
        match common {
            Some((unit, _)) => Measure::Unit(unit),
            None if unknown => Measure::Unknown,
            None => Measure::Number,
        }
    }

    fn pure(&mut self, env: Env<'_>, function: &str, (measure, span): Operand) {
        if let Some(unit) = measure.unit().filter(|unit| *unit != ONE) {
            let problem = not_pure(&self.ledger, &format!("the argument of `{function}`"), (unit, span));
            self.complain(env, problem);
        }
    }

    fn power(&mut self, env: Env<'_>, base: Operand, (exponent, value): (Operand, Option<f64>)) -> Measure {
        if let Some(unit) = exponent.0.unit().filter(|unit| *unit != ONE) {
            let problem = not_pure(&self.ledger, "an exponent", (unit, exponent.1));
            self.complain(env, problem);
        }
        self.raised(base.0, value)
    }

    /// A power with a known exponent; of an unknown one, only a pure number is sure to stay pure.
    fn raised(&mut self, base: Measure, exponent: Option<f64>) -> Measure {
        match (base, exponent.and_then(Ratio::from_f64)) {
            (Measure::Unit(ONE), _) => base,
            (Measure::Unit(unit), Some(exponent)) => known(self.ledger.power(unit, exponent)),
            (Measure::Unit(_), None) | (Measure::Unknown, _) => Measure::Unknown,
            (Measure::Number, _) => Measure::Number,
        }
    }

    fn complain(&mut self, env: Env<'_>, problem: Diagnostic) {
        let problem = match env {
            Env::Call(function, _, _, place) => {
                problem.at(place, format!("in this call of `{}`", function.name.value))
            }
            Env::Instance(_) => problem,
        };
        self.diagnostics.push(problem);
    }
}

fn known(unit: Result<UnitId, TooLarge>) -> Measure {
    // A unit out of range occurs with absurd exponents only; nothing is said about it then.
    unit.map_or(Measure::Unknown, Measure::Unit)
}

/// The value of an exponent written with numbers only.
fn literal_value(expr: &Expr) -> Option<f64> {
    match &expr.kind {
        ExprKind::Number(value, None) => Some(*value),
        ExprKind::Unary(UnaryOp::Neg, a) => literal_value(a).map(|a| -a),
        ExprKind::Unary(UnaryOp::Plus, a) => literal_value(a),
        ExprKind::Binary(op, a, b) => {
            let (a, b) = (literal_value(a)?, literal_value(b)?);
            match op {
                BinaryOp::Add => Some(a + b),
                BinaryOp::Sub => Some(a - b),
                BinaryOp::Mul => Some(a * b),
                BinaryOp::Div => Some(a / b),
                _ => None,
            }
        }
        _ => None,
    }
}
