//! Instances of modules: `A: module(x, 2)` and `left is right`.

use hepatica_source::Diagnostic;

use super::flatten::Flattener;
use super::join::unify;
use super::names::unknown_module;
use super::table::{Bound, EntityId, ScopeId};
use super::values;
use crate::decl::{Expr, ExprKind, Name, Path};

/// The most names a model may have, so that modules which multiply each other cannot exhaust memory. Genome-scale models
/// have some ten thousand.
pub const MAX_NAMES: usize = 100_000;
/// The code for a model that is too large to go on with.
const TOO_LARGE: &str = "module/too-large";
/// The deepest nesting of submodels.
const MAX_DEPTH: usize = 100;

impl<'a> Flattener<'a, '_> {
    pub(super) fn submodel(
        &mut self,
        scope: ScopeId,
        (name, module): (&'a Name, &'a Name),
        arguments: &'a [Expr],
        conversions: (Option<&'a Expr>, Option<&'a Expr>),
    ) {
        let Some(&index) = self.modules.get(module.value.as_str()) else {
            let known = self.decls.modules.iter().map(|m| m.name.value.as_str());
            self.diagnostics.push(unknown_module(module, known));
            return;
        };
        if let Some(problem) = self.cannot_nest(index, module) {
            self.diagnostics.push(problem);
            return;
        }
        if self.table.scopes[scope].instances.contains_key(name.value.as_str()) {
            self.diagnostics.push(
                Diagnostic::error("name/twice", format!("submodel `{}` is defined twice", name.value))
                    .at(name.span, "the second time"),
            );
            return;
        }
        let outer = |item| Bound { scope, item };
        for factor in [conversions.0, conversions.1].into_iter().flatten() {
            self.mention_in(scope, factor);
        }
        let inner = self.instantiate(index, Some((scope, &name.value)));
        self.table.scopes[inner].time_conversion = conversions.0.map(outer);
        self.table.scopes[inner].extent_conversion = conversions.1.map(outer);
        self.table.scopes[scope].instances.insert(&name.value, inner);
        self.bind(scope, inner, index, arguments);
    }

    fn cannot_nest(&mut self, index: usize, module: &Name) -> Option<Diagnostic> {
        if let Some(from) = self.active.iter().position(|m| *m == index) {
            let chain = self.active[from..].iter().map(|m| self.decls.modules[*m].name.value.as_str());
            let chain: Vec<&str> = chain.chain([module.value.as_str()]).collect();
            return Some(
                Diagnostic::error("module/recursion", format!("module `{}` contains itself", module.value))
                    .at(module.span, format!("through {}", chain.join(" -> "))),
            );
        }
        let limit = if self.active.len() >= MAX_DEPTH {
            format!("submodels are nested deeper than {MAX_DEPTH}")
        } else {
            return None;
        };
        Some(Diagnostic::error(TOO_LARGE, limit).at(module.span, "instantiated here"))
    }

    /// Whether the model, while a module of this name is written into it, has got too many names to go on.
    pub(super) fn is_full(&mut self, module: &Name) -> bool {
        if self.table.n_names() > MAX_NAMES && !self.full {
            self.full = true;
            let limit = format!("the model has more than {MAX_NAMES} names");
            self.diagnostics.push(
                Diagnostic::error(TOO_LARGE, limit)
                    .at(module.span, "not read further")
                    .hint("a model of this size has to be split, or its parts read from fewer modules"),
            );
        }
        self.full
    }

    /// Binds arguments to the module's interface by position.
    fn bind(&mut self, scope: ScopeId, inner: ScopeId, module: usize, arguments: &'a [Expr]) {
        let module = &self.decls.modules[module];
        if let Some(extra) = arguments.get(module.interface.len()) {
            let (n, wanted) = (arguments.len(), module.interface.len());
            self.diagnostics.push(
                Diagnostic::error(
                    "module/arguments",
                    format!(
                        "module `{}` has room for {wanted} in its parentheses, not {n}",
                        module.name.value
                    ),
                )
                .at(extra.span, "one too many")
                .at(module.name.span, "defined here"),
            );
        }
        for (formal, argument) in module.interface.iter().zip(arguments) {
            let id = self.table.mention(inner, &formal.value, formal.span);
            self.bind_one(scope, id, argument);
        }
    }

    fn bind_one(&mut self, scope: ScopeId, formal: EntityId, argument: &'a Expr) {
        match &argument.kind {
            ExprKind::Name(parts) => {
                let actual = match parts.as_slice() {
                    [name] if self.table.fixed(name).is_none() => {
                        Some(self.table.mention(scope, name, argument.span))
                    }
                    parts => {
                        let path = Path { parts: parts.to_vec(), span: argument.span };
                        self.inner(&path, self.table.lookup(scope, parts))
                    }
                };
                if let Some(actual) = actual {
                    unify(&mut self.table, (formal, actual), (None, argument.span), self.diagnostics);
                }
            }
            ExprKind::Number(..) | ExprKind::Unary(..) | ExprKind::Boolean(_) if is_number(argument) => {
                values::replace(self.table.get_mut(formal), Bound { scope, item: argument });
            }
            _ => self.diagnostics.push(
                Diagnostic::error("module/arguments", "an argument of a submodel is a name or a number")
                    .at(argument.span, "neither")
                    .hint("give the expression a name first: `x := ...`"),
            ),
        }
    }

    pub(super) fn synchronise(
        &mut self,
        scope: ScopeId,
        (left, right): (&'a Path, &'a Path),
        factor: Option<&'a Expr>,
    ) {
        if let Some(factor) = factor {
            self.mention_in(scope, factor);
        }
        let factor = factor.map(|item| Bound { scope, item });
        let (left_id, right_id) = (self.target(scope, left), self.target(scope, right));
        if let (Some(left_id), Some(right_id)) = (left_id, right_id) {
            let span = left.span.to(right.span);
            unify(&mut self.table, (left_id, right_id), (factor, span), self.diagnostics);
        }
    }
}

fn is_number(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Number(..) | ExprKind::Boolean(_) => true,
        ExprKind::Unary(_, inner) => is_number(inner),
        _ => false,
    }
}
