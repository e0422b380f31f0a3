//! User functions: found, counted, and free of recursion.

use std::collections::HashMap;

use hepatica_source::Diagnostic;

use super::builtin::{builtin, is_special, unsupported};
use crate::decl::{Expr, ExprKind, Function};

/// The most names said of functions that call each other.
const MAX_NAMED: usize = 20;

/// The user functions that may be called.
pub(crate) struct Functions<'a> {
    list: &'a [Function],
    by_name: HashMap<&'a str, usize>,
    /// Functions that call themselves, directly or through others; they are never expanded.
    recursive: Vec<bool>,
}

impl<'a> Functions<'a> {
    /// Checks all definitions.
    pub(crate) fn new(list: &'a [Function], diagnostics: &mut Vec<Diagnostic>) -> Self {
        let mut by_name: HashMap<&str, usize> = HashMap::new();
        for (i, function) in list.iter().enumerate() {
            let name = function.name.value.as_str();
            if builtin(name).is_some() || is_special(name) || unsupported(name).is_some() {
                diagnostics.push(
                    Diagnostic::error("name/reserved", format!("`{name}` is a built-in function"))
                        .at(function.name.span, "defined again")
                        .hint("choose another name"),
                );
            } else if let Some(first) = by_name.get(name) {
                diagnostics.push(
                    Diagnostic::error("name/twice", format!("function `{name}` is defined twice"))
                        .at(function.name.span, "the second time")
                        .at(list[*first].name.span, "the first time"),
                );
            } else {
                by_name.insert(name, i);
            }
            repeated_argument(function, diagnostics);
        }
        let mut functions = Functions { list, by_name, recursive: vec![false; list.len()] };
        functions.find_recursion(diagnostics);
        functions
    }

    /// The function of this name, with its index.
    pub(crate) fn get(&self, name: &str) -> Option<(usize, &'a Function)> {
        self.by_name.get(name).map(|i| (*i, &self.list[*i]))
    }

    /// Whether expanding the function would never end.
    pub(crate) fn is_recursive(&self, index: usize) -> bool {
        self.recursive[index]
    }

    /// The names of all user functions, in the order of definition.
    pub(crate) fn names(&self) -> impl Iterator<Item = &'a str> {
        self.list.iter().map(|f| f.name.value.as_str())
    }

    /// Walks the calls depth first with an own stack: a chain of calls may be as long as a text.
    fn find_recursion(&mut self, diagnostics: &mut Vec<Diagnostic>) {
        let calls: Vec<Vec<usize>> = self.list.iter().map(|f| self.calls_of(&f.body)).collect();
        let mut done = vec![false; calls.len()];
        let mut open = vec![false; calls.len()];
        for start in 0..calls.len() {
            let mut path: Vec<(usize, usize)> = if done[start] { Vec::new() } else { vec![(start, 0)] };
            while let Some((function, next)) = path.pop() {
                let Some(&callee) = calls[function].get(next) else {
                    (done[function], open[function]) = (true, false);
                    continue;
                };
                open[function] = true;
                path.push((function, next + 1));
                if open[callee] {
                    let from = path.iter().position(|(f, _)| *f == callee).unwrap_or(0);
                    let cycle: Vec<usize> = path[from..].iter().map(|(f, _)| *f).collect();
                    self.refuse(&cycle, diagnostics);
                } else if !done[callee] {
                    path.push((callee, 0));
                }
            }
        }
        self.spread(&calls);
    }

    fn refuse(&mut self, cycle: &[usize], diagnostics: &mut Vec<Diagnostic>) {
        if cycle.iter().any(|f| self.recursive[*f]) {
            return;
        }
        let first = &self.list[cycle[0]].name;
        let names = cycle.iter().chain([&cycle[0]]).map(|f| self.list[*f].name.value.as_str());
        let names: Vec<&str> = names.collect();
        let chain = match names.len() {
            0..=MAX_NAMED => names.join(" -> "),
            _ => format!("{} -> ... -> {}", names[..MAX_NAMED].join(" -> "), first.value),
        };
        diagnostics.push(
            Diagnostic::error("function/recursion", format!("function `{}` calls itself", first.value))
                .at(first.span, format!("through {chain}")),
        );
        cycle.iter().for_each(|f| self.recursive[*f] = true);
    }

    /// What calls a recursive function cannot be expanded either.
    fn spread(&mut self, calls: &[Vec<usize>]) {
        let mut changed = true;
        while changed {
            changed = false;
            for (i, callees) in calls.iter().enumerate() {
                if !self.recursive[i] && callees.iter().any(|c| self.recursive[*c]) {
                    self.recursive[i] = true;
                    changed = true;
                }
            }
        }
    }

    fn calls_of(&self, body: &Expr) -> Vec<usize> {
        let mut calls = Vec::new();
        let mut stack = vec![body];
        while let Some(expr) = stack.pop() {
            match &expr.kind {
                ExprKind::Unary(_, a) => stack.push(a),
                ExprKind::Binary(_, a, b) => stack.extend([&**a, &**b]),
                ExprKind::Call(name, arguments) => {
                    calls.extend(self.by_name.get(name.as_str()));
                    stack.extend(arguments);
                }
                ExprKind::Number(..) | ExprKind::Boolean(_) | ExprKind::Name(_) | ExprKind::Time => {}
            }
        }
        calls
    }
}

fn repeated_argument(function: &Function, diagnostics: &mut Vec<Diagnostic>) {
    for (i, argument) in function.arguments.iter().enumerate() {
        if let Some(first) = function.arguments[..i].iter().find(|a| a.value == argument.value) {
            let name = &function.name.value;
            diagnostics.push(
                Diagnostic::error(
                    "name/twice",
                    format!("function `{name}` has two arguments `{}`", argument.value),
                )
                .at(argument.span, "the second")
                .at(first.span, "the first"),
            );
        }
    }
}
