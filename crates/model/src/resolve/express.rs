//! Expressions as written -> nodes of the model's graph.

use std::collections::HashMap;

use hepatica_expr::{Graph, NodeId, Op, Symbol};
use hepatica_source::{Diagnostic, Span};

use super::builtin::{self, Fixed, builtin};
use super::functions::Functions;
use super::names::{unknown_function, unknown_in_instance, unknown_instance};
use super::once::Once;
use super::scale::Scale;
use super::table::{Bound, EntityId, Lookup, PerEntity, ScopeId, Table, Value};
use crate::decl::{BinaryOp, Expr, ExprKind, Function, SymbolKind, UnaryOp};
use crate::model::{Delay, VarId};

/// How deep calls of user functions may be nested; deeper ones are refused rather than risking the stack.
pub(crate) const MAX_CALLS: usize = 64;

/// How deep expressions may be nested, those of the functions they call included, a call counting twice: every stage goes
/// down as many levels.
pub(crate) const MAX_DEPTH: usize = 1200;
/// How many operations and names calls of user functions may write out, so that functions which multiply each other cannot
/// exhaust memory. Equal calls count once. The largest models of BioModels come to some ten thousand.
const MAX_WRITTEN: usize = 500_000;

/// Turns expressions into nodes; what cannot be turned is said once and becomes "not a number".
pub(crate) struct Express<'m, 'a> {
    pub(crate) table: &'m Table<'a>,
    pub(crate) functions: &'m Functions<'a>,
    /// The variable of each name; names without one have been complained about.
    pub(crate) vars: &'m PerEntity<Option<VarId>>,
    pub(crate) graph: &'m mut Graph,
    /// The values of the past met so far.
    pub(crate) delays: Vec<Delay>,
    pub(crate) diagnostics: Once,
    /// The value of each call of a user function.
    pub(crate) calls: HashMap<(usize, Vec<NodeId>), NodeId>,
    /// What is asked for its rate of change; the variables of the rates follow those of the table.
    pub(crate) rates: Vec<VarId>,
    /// How many variables the table has.
    pub(crate) n_vars: usize,
    /// How many expressions are being looked into, one inside the other.
    pub(crate) depth: usize,
    /// How many operations and names the calls of user functions have written out.
    pub(crate) written: usize,
}

/// How many levels an expression counts for: calls take more of the stack.
pub(crate) fn levels(expr: &Expr) -> usize {
    if matches!(expr.kind, ExprKind::Call(..)) { 2 } else { 1 }
}

/// What names mean.
#[derive(Clone, Copy)]
enum Env<'e> {
    /// The names of an instance.
    Instance(ScopeId),
    /// The arguments of a user function, with the depth of the call.
    Call(&'e Function, &'e [NodeId], usize),
}

impl<'a> Express<'_, 'a> {
    /// The node of an expression.
    pub(crate) fn node(&mut self, bound: Bound<'a, Expr>) -> NodeId {
        self.expr(Env::Instance(bound.scope), bound.item)
    }

    fn expr(&mut self, env: Env<'_>, expr: &'a Expr) -> NodeId {
        if self.depth >= MAX_DEPTH {
            let problem = format!("what is computed is nested more than {MAX_DEPTH} deep");
            return self.refuse(
                Diagnostic::error("function/too-deep", problem)
                    .at(expr.span, "too deep")
                    .hint("give parts of it names of their own: `x := ...`"),
            );
        }
        let levels = levels(expr);
        self.depth += levels;
        self.written += usize::from(matches!(env, Env::Call(..)));
        let node = self.content(env, expr);
        self.depth -= levels;
        node
    }

    fn content(&mut self, env: Env<'_>, expr: &'a Expr) -> NodeId {
        match &expr.kind {
            ExprKind::Number(value, _) => self.graph.number(*value),
            ExprKind::Boolean(value) => self.graph.number(f64::from(u8::from(*value))),
            ExprKind::Name(parts) => self.name(env, parts, expr.span),
            ExprKind::Time => self.time(env),
            ExprKind::Unary(op, operand) => {
                let operand = self.expr(env, operand);
                match op {
                    UnaryOp::Neg => self.graph.neg(operand),
                    UnaryOp::Plus => operand,
                    UnaryOp::Not => self.graph.apply(Op::Not, &[operand]),
                }
            }
            ExprKind::Binary(op, a, b) => {
                let (a, b) = (self.expr(env, a), self.expr(env, b));
                binary(self.graph, *op, a, b)
            }
            ExprKind::Call(name, arguments) => self.call(env, name, arguments, expr.span),
        }
    }

    fn name(&mut self, env: Env<'_>, parts: &'a [String], span: Span) -> NodeId {
        if let [name] = parts {
            match self.table.fixed(name) {
                Some(Fixed::Time) => return self.time(env),
                Some(Fixed::Number(value)) => return self.graph.number(value),
                None => {}
            }
        }
        match env {
            Env::Instance(scope) => self.quantity(scope, parts, span),
            Env::Call(function, values, _) => self.argument(function, values, parts, span),
        }
    }

    fn time(&mut self, env: Env<'_>) -> NodeId {
        let time = self.graph.symbol(Symbol::Time);
        match env {
            Env::Instance(scope) => self.scaled(time, &self.table.time_inwards(scope)),
            Env::Call(..) => time,
        }
    }

    /// A value times its factors.
    pub(crate) fn scaled(&mut self, value: NodeId, scales: &[Scale<'a>]) -> NodeId {
        scales.iter().fold(value, |value, scale| {
            let factor = self.node(scale.factor);
            if scale.divide { self.graph.div(value, factor) } else { self.graph.mul(value, factor) }
        })
    }

    /// `rateOf(x)`
    fn rate_of(&mut self, env: Env<'_>, arguments: &'a [Expr], span: Span) -> NodeId {
        let (Env::Instance(scope), [Expr { kind: ExprKind::Name(parts), .. }]) = (env, arguments) else {
            return self.refuse(
                Diagnostic::error("function/arguments", "`rateOf` takes one name")
                    .at(span, "called here")
                    .hint("write `rateOf(x)`, outside of functions"),
            );
        };
        let Lookup::Entity(id) = self.table.lookup(scope, parts) else {
            return self.quantity(scope, parts, span);
        };
        let Some(var) = self.vars[self.table.root(id)] else { return self.quantity(scope, parts, span) };
        let entity = self.table.get(id);
        if matches!(entity.value, Some(Value::Rule(_))) || entity.reaction.is_some() {
            return self.refuse(
                Diagnostic::error(
                    "unsupported/rate-of",
                    format!(
                        "the rate of `{}`, which follows a rule, is unsupported; nothing is simulated",
                        entity.name
                    ),
                )
                .at(span, "asked for here")
                .hint("write the derivative of its rule"),
            );
        }
        let position = self.rates.iter().position(|known| *known == var).unwrap_or_else(|| {
            self.rates.push(var);
            self.rates.len() - 1
        });
        let rate = self.graph.symbol(Symbol::Var((self.n_vars + position) as u32));
        let mut scales = self.table.out_of_kept(id);
        scales.extend(self.table.time_outwards(scope));
        self.scaled(rate, &scales)
    }

    fn argument(&mut self, function: &Function, values: &[NodeId], parts: &[String], span: Span) -> NodeId {
        let position = match parts {
            [name] => function.arguments.iter().position(|a| a.value == *name),
            _ => None,
        };
        if let Some(value) = position.and_then(|i| values.get(i)) {
            return *value;
        }
        let (name, function_name) = (parts.join("."), &function.name.value);
        self.refuse(
            Diagnostic::error(
                "name/unknown",
                format!("`{name}` is not an argument of function `{function_name}`"),
            )
            .at(span, "unknown inside the function")
            .at(function.name.span, "its arguments")
            .hint(format!("add `{name}` to the arguments")),
        )
    }

    fn quantity(&mut self, scope: ScopeId, parts: &[String], span: Span) -> NodeId {
        let problem = match self.table.lookup(scope, parts) {
            Lookup::Entity(id) => match self.vars[self.table.root(id)] {
                Some(var) => {
                    let mut scales = self.table.out_of_kept(id);
                    if self.table.get(id).reaction.is_some() {
                        scales.extend(self.table.law_inwards(scope));
                    }
                    let value = self.graph.symbol(Symbol::Var(var.0));
                    return self.scaled(value, &scales);
                }
                // Said already: an unknown name at its first use, a reaction that is never written at its declaration.
                None if self.is_said(id) => return self.graph.number(f64::NAN),
                None => Diagnostic::error("name/kind", format!("`{}` has no value to use", parts.join(".")))
                    .at(span, "an event is not a quantity"),
            },
            Lookup::Instance(_) => {
                Diagnostic::error("name/kind", format!("`{}` is a submodel", parts.join(".")))
                    .at(span, "used as a quantity")
                    .hint(format!("name one of its quantities: `{}.x`", parts.join(".")))
            }
            Lookup::Unknown(at, i) if i + 1 < parts.len() => {
                unknown_instance(self.table, at, &parts[i], span)
            }
            Lookup::Unknown(at, i) => {
                unknown_in_instance(self.table, at, parts.get(i).map_or("", |p| p), span)
            }
        };
        self.refuse(problem)
    }

    fn is_said(&self, id: EntityId) -> bool {
        let entity = self.table.get(id);
        !entity.declared || entity.kind.is_some_and(|(kind, _)| kind == SymbolKind::Reaction)
    }

    fn call(&mut self, env: Env<'_>, name: &str, arguments: &'a [Expr], span: Span) -> NodeId {
        if name == "rateOf" && self.functions.get(name).is_none() {
            return self.rate_of(env, arguments, span);
        }
        let nodes: Vec<NodeId> = arguments.iter().map(|a| self.expr(env, a)).collect();
        if name == "delay" {
            return self.delay(env, &nodes, arguments, span);
        }
        if let Some(row) = builtin(name) {
            let (least, most) = row.arity;
            if nodes.len() < least || nodes.len() > most {
                return self.refuse(wrong_count(name, row.arity, nodes.len(), span));
            }
            return (row.build)(self.graph, &nodes);
        }
        if let Some((index, function)) = self.functions.get(name) {
            return self.user_call(env, (index, function), nodes, span);
        }
        if let Some((code, text)) = builtin::unsupported(name) {
            return self.refuse(
                Diagnostic::error(code, format!("{text}; nothing is simulated"))
                    .at(span, format!("`{name}` cannot be evaluated yet")),
            );
        }
        let known = builtin::names().chain(["delay", "rateOf"]).chain(self.functions.names());
        let problem = unknown_function(name, span, known);
        self.refuse(problem)
    }

    /// `delay(x, tau)`
    fn delay(&mut self, env: Env<'_>, nodes: &[NodeId], arguments: &[Expr], span: Span) -> NodeId {
        let [value, lag] = nodes else {
            return self.refuse(wrong_count("delay", (2, 2), nodes.len(), span));
        };
        let lag = match env {
            Env::Instance(scope) => self.scaled(*lag, &self.table.time_outwards(scope)),
            Env::Call(..) => *lag,
        };
        match self.graph.as_number(lag) {
            Some(0.0) => *value,
            Some(number) if !(number > 0.0 && number.is_finite()) => {
                let place = arguments.get(1).map_or(span, |lag| lag.span);
                self.refuse(
                    Diagnostic::error("delay/negative", format!("a delay of `{number}`"))
                        .at(place, "not a finite positive time"),
                )
            }
            _ => self.delayed(*value, lag),
        }
    }

    fn delayed(&mut self, value: NodeId, lag: NodeId) -> NodeId {
        if self.graph.as_number(value).is_some() {
            return value;
        }
        let delay = Delay { value, lag };
        let known = self.delays.iter().position(|known| *known == delay);
        let index = known.unwrap_or_else(|| {
            self.delays.push(delay);
            self.delays.len() - 1
        });
        self.graph.symbol(Symbol::Delayed(index as u32))
    }

    fn user_call(
        &mut self,
        env: Env<'_>,
        (index, function): (usize, &'a Function),
        nodes: Vec<NodeId>,
        span: Span,
    ) -> NodeId {
        let (name, n) = (&function.name.value, function.arguments.len());
        if nodes.len() != n {
            let problem = wrong_count(name, (n, n), nodes.len(), span).at(function.name.span, "defined here");
            return self.refuse(problem);
        }
        if self.functions.is_recursive(index) {
            return self.graph.number(f64::NAN);
        }
        let depth = if let Env::Call(_, _, depth) = env { depth + 1 } else { 1 };
        if depth > MAX_CALLS {
            let problem = format!("functions call each other more than {MAX_CALLS} deep");
            return self
                .refuse(Diagnostic::error("function/too-deep", problem).at(span, "this call is too deep"));
        }
        let key = (index, nodes);
        if let Some(known) = self.calls.get(&key) {
            return *known;
        }
        if self.written >= MAX_WRITTEN {
            let problem = format!("the calls of functions write out more than {MAX_WRITTEN} operations");
            return self.refuse(
                Diagnostic::error("function/too-large", problem)
                    .at(function.name.span, "not written out further")
                    .hint("functions that call each other several times multiply; give parts names of their own"),
            );
        }
        let value = self.expr(Env::Call(function, &key.1, depth), &function.body);
        self.calls.insert(key, value);
        value
    }

    fn refuse(&mut self, problem: Diagnostic) -> NodeId {
        // The body of a function is expanded for every call; its problems are said once.
        self.diagnostics.push(problem);
        self.graph.number(f64::NAN)
    }
}

fn binary(graph: &mut Graph, op: BinaryOp, a: NodeId, b: NodeId) -> NodeId {
    let (op, operands) = match op {
        BinaryOp::Add => (Op::Add, [a, b]),
        BinaryOp::Sub => (Op::Sub, [a, b]),
        BinaryOp::Mul => (Op::Mul, [a, b]),
        BinaryOp::Div => (Op::Div, [a, b]),
        BinaryOp::Mod => (Op::Rem, [a, b]),
        BinaryOp::Pow => (Op::Pow, [a, b]),
        BinaryOp::Lt => (Op::Lt, [a, b]),
        BinaryOp::Le => (Op::Le, [a, b]),
        BinaryOp::Gt => (Op::Lt, [b, a]),
        BinaryOp::Ge => (Op::Le, [b, a]),
        BinaryOp::Eq => (Op::Eq, [a, b]),
        BinaryOp::Ne => (Op::Ne, [a, b]),
        BinaryOp::And => (Op::And, [a, b]),
        BinaryOp::Or => (Op::Or, [a, b]),
    };
    graph.apply(op, &operands)
}

fn wrong_count(name: &str, (least, most): (usize, usize), n: usize, span: Span) -> Diagnostic {
    let wanted = match (least, most) {
        (a, b) if a == b => format!("{a}"),
        (a, usize::MAX) => format!("at least {a}"),
        (a, b) => format!("{a} to {b}"),
    };
    let noun = if wanted.ends_with(" 1") || wanted == "1" { "argument" } else { "arguments" };
    Diagnostic::error("function/arguments", format!("`{name}` takes {wanted} {noun}, not {n}"))
        .at(span, "called here")
}
