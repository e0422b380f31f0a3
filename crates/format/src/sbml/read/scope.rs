//! What the names of one model of a document mean in the flat model.

use std::collections::BTreeMap;

use hepatica_model::decl::{BinaryOp, Expr, ExprKind, Path};
use hepatica_source::Span;

use super::math::{Names, binary};

/// What a name of an inner model became.
#[derive(Clone, Debug)]
pub(super) struct Meaning {
    /// The name in the flat model.
    pub(super) name: String,
    /// The inner value times this is the value of that name.
    pub(super) factor: Option<Expr>,
}

/// The names of one model of a document.
#[derive(Clone, Debug, Default)]
pub(super) struct Scope {
    /// Stands in front of every name that has no other meaning.
    pub(super) prefix: String,
    /// Names with another meaning.
    pub(super) names: BTreeMap<String, Meaning>,
    /// The units this model defines, by the ids it gives them.
    pub(super) units: BTreeMap<String, String>,
    /// One unit of this model's time in that of the whole.
    pub(super) time: Option<Expr>,
    /// One unit of this model's extent in that of the whole.
    pub(super) extent: Option<Expr>,
}

impl Scope {
    /// The name in the flat model.
    pub(super) fn name(&self, name: &str) -> String {
        match self.names.get(name) {
            Some(meaning) => meaning.name.clone(),
            None => format!("{}{name}", self.prefix),
        }
    }

    /// The name in the flat model as a path.
    pub(super) fn path(&self, name: &str, span: Span) -> Path {
        Path { parts: vec![self.name(name)], span }
    }

    /// What a value written for `name` in this model is for its name in the flat model.
    pub(super) fn outwards(&self, name: &str, value: Expr) -> Expr {
        match self.names.get(name).and_then(|meaning| meaning.factor.clone()) {
            Some(factor) => binary(BinaryOp::Mul, value, factor),
            None => value,
        }
    }

    /// The name of a unit in the flat model.
    pub(super) fn unit_name(&self, id: &str) -> String {
        self.units.get(id).cloned().unwrap_or_else(|| id.to_string())
    }

    /// A rate of change written in this model's time, in the time of the whole.
    pub(super) fn per_time(&self, value: Expr) -> Expr {
        match self.time.clone() {
            Some(factor) => binary(BinaryOp::Div, value, factor),
            None => value,
        }
    }

    /// An extent per time written in this model, in the units of the whole.
    pub(super) fn flow(&self, value: Expr) -> Expr {
        let value = match self.extent.clone() {
            Some(factor) => binary(BinaryOp::Mul, value, factor),
            None => value,
        };
        self.per_time(value)
    }
}

impl Names for Scope {
    fn unit(&self, id: &str) -> String {
        self.unit_name(id)
    }

    fn quantity(&self, name: &str, span: Span) -> Expr {
        let value = Expr { kind: ExprKind::Name(vec![self.name(name)]), span };
        match self.names.get(name).and_then(|meaning| meaning.factor.clone()) {
            Some(factor) => binary(BinaryOp::Div, value, factor),
            None => value,
        }
    }

    fn function(&self, name: &str) -> String {
        let mut name = self.name(name);
        if hepatica_model::is_function(&name) {
            // A function of the model may have the name of one that every model has.
            name.push('_');
        }
        name
    }

    fn time(&self, span: Span) -> Expr {
        self.per_time(Expr { kind: ExprKind::Time, span })
    }

    fn duration(&self, written: Expr) -> Expr {
        match self.time.clone() {
            Some(factor) => binary(BinaryOp::Mul, written, factor),
            None => written,
        }
    }

    fn rate(&self, value: Expr) -> Expr {
        self.duration(value)
    }
}

/// The names inside a function: its arguments, and the functions of its model.
pub(super) struct Arguments<'s> {
    pub(super) scope: &'s Scope,
}

impl Names for Arguments<'_> {
    fn unit(&self, id: &str) -> String {
        self.scope.unit_name(id)
    }

    fn quantity(&self, name: &str, span: Span) -> Expr {
        Expr { kind: ExprKind::Name(vec![name.to_string()]), span }
    }

    fn function(&self, name: &str) -> String {
        self.scope.function(name)
    }

    fn time(&self, span: Span) -> Expr {
        self.scope.time(span)
    }

    fn duration(&self, written: Expr) -> Expr {
        self.scope.duration(written)
    }

    fn rate(&self, value: Expr) -> Expr {
        self.scope.rate(value)
    }
}
