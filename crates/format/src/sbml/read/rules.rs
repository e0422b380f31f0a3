//! Initial assignments and rules.

use hepatica_model::decl::{AssignKind, Statement};

use super::element::Element;
use super::gather::Part;
use super::math::math_of;
use super::output::Output;
use super::space::Space;

/// Whether an element has mathematics; without, it says nothing (Level 3 Version 2).
pub(super) fn has_math(element: Element<'_>) -> bool {
    let math = element.children().find(|child| child.space() == Space::Math && child.name() == "math");
    math.is_some_and(|math| math.children().next().is_some())
}

/// The attribute that names what a rule or initial assignment speaks about.
fn target_of(element: Element<'_>) -> Option<&'static str> {
    match element.name() {
        "initialAssignment" => Some("symbol"),
        "assignmentRule" | "rateRule" => Some("variable"),
        _ => None,
    }
}

/// Notes what gets its value at time zero from an initial assignment or an assignment rule.
pub(super) fn note_assigned(part: &Part<'_>, output: &mut Output) {
    let rules = part.rules.iter().filter(|rule| rule.name() == "assignmentRule");
    for element in part.initial_assignments.iter().chain(rules) {
        let target = target_of(*element).and_then(|name| element.attribute(name));
        if let Some(target) = target.filter(|_| has_math(*element)) {
            output.assigned.insert(part.scope.name(&target.text));
        }
    }
    for element in part.initial_assignments.iter().chain(&part.rules) {
        if let Some(target) = target_of(*element).and_then(|name| element.attribute(name)) {
            output.mentioned.insert(part.scope.name(&target.text));
        }
    }
}

/// The statements about values at time zero and at all times.
pub(super) fn rules(part: &Part<'_>, output: &mut Output) {
    for element in part.initial_assignments.iter().chain(&part.rules) {
        rule(part, *element, output);
    }
}

fn rule(part: &Part<'_>, element: Element<'_>, output: &mut Output) {
    let kind = match element.name() {
        "initialAssignment" => AssignKind::Initial,
        "assignmentRule" => AssignKind::Rule,
        "rateRule" => AssignKind::Rate,
        "algebraicRule" => {
            if let Some(residual) = math_of(element, &part.scope, &mut output.diagnostics) {
                output.statements.push(Statement::Algebraic { name: None, residual });
            }
            return;
        }
        _ => return output.unexpected(element),
    };
    let Some(target) = target_of(element).and_then(|name| output.required(element, name)) else { return };
    let Some(path) = output.symbol(&target, &part.scope) else { return };
    let Some(value) = math_of(element, &part.scope, &mut output.diagnostics) else { return };
    let value = part.scope.outwards(&target.text, value);
    let value = if kind == AssignKind::Rate { part.scope.per_time(value) } else { value };
    output.assign(path, kind, value);
}
