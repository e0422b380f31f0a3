//! Flux balance, which is not simulated but can be written: bounds of reactions and the objective, as the package "fbc"
//! of version 3 has them (Olivier and Bergmann, SBML Level 3 Package: Flux Balance Constraints, version 3).
//!
//! A comparison of a reaction with a value is a bound of its flux; of several bounds on one side the last counts, as in
//! libAntimony 3.3.0. Bounds are parameters: a number gets one named after it, anything else one with a rule.

use std::collections::{BTreeMap, BTreeSet};

use hepatica_model::decl::{AssignKind, BinaryOp, Expr, ExprKind, Statement, UnaryOp};
use hepatica_source::Diagnostic;

use super::super::document::Row;
use super::super::xml::{Xml, number};
use super::dynamics::{literal, names_in};

const NAMESPACE: &str = "http://www.sbml.org/sbml/level3/version1/fbc/version3";

/// What a text says about flux balance.
#[derive(Default)]
pub(super) struct Flux<'d> {
    /// Lower and upper bound of each reaction: names of parameters.
    bounds: BTreeMap<String, [Option<String>; 2]>,
    /// The parameters of bounds that are numbers, in the order met.
    pub(super) numbers: Vec<(String, f64)>,
    /// The parameters of bounds that are neither numbers nor names, in the order met.
    pub(super) formulas: Vec<(String, &'d Expr)>,
    objective: Option<Objective>,
}

struct Objective {
    id: String,
    maximize: bool,
    /// Reactions and what each counts.
    terms: Vec<(String, f64)>,
}

impl<'d> Flux<'d> {
    /// Gathers the bounds and the objective.
    ///
    /// # Errors
    /// A second objective, and one that is not a sum of reactions, each with a number before it.
    pub(super) fn of(statements: &'d [Statement]) -> Result<Flux<'d>, Diagnostic> {
        let mut flux = Flux::default();
        let reactions = reactions(statements);
        let mut taken: BTreeSet<String> = reactions.iter().map(|name| name.to_string()).collect();
        for statement in statements {
            match statement {
                Statement::Declare { items, .. } => {
                    taken.extend(items.iter().map(|item| item.path.parts.join(".")));
                }
                Statement::Event(event) => {
                    taken.insert(event.name.value.clone());
                }
                Statement::Algebraic { name: Some(name), .. } => {
                    taken.insert(name.value.clone());
                }
                _ => {}
            }
        }
        for statement in statements {
            match statement {
                Statement::Constraint { condition, .. } => {
                    for bound in bounds_in(condition, &reactions).unwrap_or_default() {
                        flux.bound(bound, &mut taken);
                    }
                }
                Statement::Objective { value, maximize, name } => {
                    let given = name.as_ref().map(|name| name.value.clone());
                    flux.set_objective((value, given), *maximize, statements)?;
                }
                _ => {}
            }
        }
        Ok(flux)
    }

    /// Whether anything is said.
    pub(super) fn is_empty(&self) -> bool {
        self.bounds.is_empty() && self.objective.is_none()
    }

    /// Whether a name stands for the objective only and is no quantity.
    pub(super) fn is_objective(&self, name: &str) -> bool {
        self.objective.as_ref().is_some_and(|objective| objective.id == name)
    }

    /// The attributes of the document.
    pub(super) fn declare(&self) -> Row {
        if self.is_empty() {
            return Row::default();
        }
        Row::default().with("xmlns:fbc", NAMESPACE).with("fbc:required", "false")
    }

    /// The attribute of the model: bounds may be missing and may change, so nothing stricter is promised.
    pub(super) fn strict(&self) -> Option<&'static str> {
        (!self.is_empty()).then_some("false")
    }

    /// The attributes of a reaction.
    pub(super) fn of_reaction(&self, name: &str) -> Row {
        let [lower, upper] = self.bounds.get(name).cloned().unwrap_or_default();
        Row::default().maybe("fbc:lowerFluxBound", lower).maybe("fbc:upperFluxBound", upper)
    }

    /// The objective behind the events.
    pub(super) fn write(&self, xml: &mut Xml) {
        let Some(objective) = &self.objective else { return };
        let kind = if objective.maximize { "maximize" } else { "minimize" };
        xml.open("fbc:listOfObjectives", &[("fbc:activeObjective", &objective.id)]);
        xml.open("fbc:objective", &[("fbc:id", &objective.id), ("fbc:type", kind)]);
        xml.open("fbc:listOfFluxObjectives", &[]);
        for (reaction, coefficient) in &objective.terms {
            let coefficient = number(*coefficient);
            let row = [
                ("fbc:reaction", reaction.as_str()),
                ("fbc:coefficient", &coefficient),
                ("fbc:variableType", "linear"),
            ];
            xml.empty("fbc:fluxObjective", &row);
        }
        xml.close();
        xml.close();
        xml.close();
    }

    fn bound(&mut self, bound: Bound<'d>, taken: &mut BTreeSet<String>) {
        let id = match (literal(bound.value), &bound.value.kind) {
            (Some(value), _) => self.number_parameter(value, taken),
            (None, ExprKind::Name(parts)) => parts.join("."),
            (None, _) => {
                let id = free(format!("fb{}", self.formulas.len()), taken);
                self.formulas.push((id.clone(), bound.value));
                id
            }
        };
        self.bounds.entry(bound.reaction).or_default()[usize::from(bound.is_upper)] = Some(id);
    }

    /// The parameter of a number; equal numbers share one.
    fn number_parameter(&mut self, value: f64, taken: &mut BTreeSet<String>) -> String {
        if let Some((id, _)) = self.numbers.iter().find(|(_, known)| *known == value) {
            return id.clone();
        }
        let spelled = number(value).replace('-', "neg_").replace('.', "_");
        let id = free(format!("fb_{spelled}"), taken);
        self.numbers.push((id.clone(), value));
        id
    }

    fn set_objective(
        &mut self,
        (value, given): (&Expr, Option<String>),
        maximize: bool,
        statements: &[Statement],
    ) -> Result<(), Diagnostic> {
        if self.objective.is_some() {
            return Err(Diagnostic::error("unsupported/fbc", "fbc: a second objective is not written")
                .at(value.span, "the second one")
                .hint("keep one `maximize` or `minimize`"));
        }
        let reactions = reactions(statements);
        let name = match &value.kind {
            ExprKind::Name(parts) => Some(parts.join(".")).filter(|name| !reactions.contains(name.as_str())),
            _ => None,
        };
        // An objective may be a name for the sum.
        let meant = name.as_ref().and_then(|name| value_of(name, statements)).unwrap_or(value);
        let mut terms = Vec::new();
        linear(meant, 1.0, &reactions, &mut terms).ok_or_else(|| {
            Diagnostic::error(
                "unsupported/fbc",
                "fbc: an objective is a sum of reactions, each with a number",
            )
            .at(meant.span, "not such a sum")
            .hint("write `maximize 2*J0 - J1`")
        })?;
        let id = name.or(given).unwrap_or_else(|| "_objective0".to_string());
        self.objective = Some(Objective { id, maximize, terms });
        Ok(())
    }
}

/// Whether a condition is nothing but bounds of fluxes.
pub(super) fn is_flux_bound(condition: &Expr, statements: &[Statement]) -> bool {
    bounds_in(condition, &reactions(statements)).is_some()
}

struct Bound<'d> {
    reaction: String,
    is_upper: bool,
    value: &'d Expr,
}

/// The bounds a condition says, if it says nothing else.
fn bounds_in<'d>(condition: &'d Expr, reactions: &BTreeSet<&str>) -> Option<Vec<Bound<'d>>> {
    let ExprKind::Binary(op, a, b) = &condition.kind else { return None };
    let is_less = match op {
        BinaryOp::And => {
            let mut bounds = bounds_in(a, reactions)?;
            bounds.extend(bounds_in(b, reactions)?);
            return Some(bounds);
        }
        BinaryOp::Lt | BinaryOp::Le => true,
        BinaryOp::Gt | BinaryOp::Ge => false,
        _ => return None,
    };
    let reaction = |side: &Expr| match &side.kind {
        ExprKind::Name(parts) => Some(parts.join(".")).filter(|name| reactions.contains(name.as_str())),
        _ => None,
    };
    let bound = match (reaction(a), reaction(b)) {
        (Some(reaction), None) => Bound { reaction, is_upper: is_less, value: b },
        (None, Some(reaction)) => Bound { reaction, is_upper: !is_less, value: a },
        _ => return None,
    };
    let mut named = Vec::new();
    names_in(bound.value, &mut named);
    // A bound that is itself a flux is no bound of the package.
    (!named.iter().any(|name| reactions.contains(name.as_str()))).then(|| vec![bound])
}

/// Adds the terms of `factor*value`; nothing when it is no sum of reactions with numbers.
fn linear(
    value: &Expr,
    factor: f64,
    reactions: &BTreeSet<&str>,
    terms: &mut Vec<(String, f64)>,
) -> Option<()> {
    match &value.kind {
        ExprKind::Name(parts) => {
            let name = parts.join(".");
            reactions.contains(name.as_str()).then(|| terms.push((name, factor)))
        }
        ExprKind::Unary(UnaryOp::Neg, a) => linear(a, -factor, reactions, terms),
        ExprKind::Binary(BinaryOp::Add, a, b) => {
            linear(a, factor, reactions, terms)?;
            linear(b, factor, reactions, terms)
        }
        ExprKind::Binary(BinaryOp::Sub, a, b) => {
            linear(a, factor, reactions, terms)?;
            linear(b, -factor, reactions, terms)
        }
        ExprKind::Binary(BinaryOp::Mul, a, b) => match (literal(a), literal(b)) {
            (Some(number), None) => linear(b, factor * number, reactions, terms),
            (None, Some(number)) => linear(a, factor * number, reactions, terms),
            _ => None,
        },
        ExprKind::Binary(BinaryOp::Div, a, b) => linear(a, factor / literal(b)?, reactions, terms),
        _ => None,
    }
}

/// The value a name has at time zero or always.
fn value_of<'d>(name: &str, statements: &'d [Statement]) -> Option<&'d Expr> {
    statements.iter().rev().find_map(|statement| match statement {
        Statement::Assign { target, kind: AssignKind::Initial | AssignKind::Rule, value }
            if target.parts.join(".") == name =>
        {
            Some(value)
        }
        _ => None,
    })
}

fn reactions(statements: &[Statement]) -> BTreeSet<&str> {
    let mut names = BTreeSet::new();
    for statement in statements {
        if let Statement::Reaction(reaction) = statement {
            names.insert(reaction.name.value.as_str());
        }
    }
    names
}

/// A name that nothing else has.
fn free(mut name: String, taken: &mut BTreeSet<String>) -> String {
    while !taken.insert(name.clone()) {
        name.push('_');
    }
    name
}
