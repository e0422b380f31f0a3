//! Events.

use hepatica_model::decl::{Event, Expr, Path, Statement};
use hepatica_source::{Diagnostic, Spanned};

use super::element::Element;
use super::gather::Part;
use super::math::{Names, math_of};
use super::output::Output;

/// Notes the names of events and what they set.
pub(super) fn name_events(part: &Part<'_>, output: &mut Output) {
    for element in &part.events {
        if let Some(id) = element.attribute("id") {
            output.reserve(part.scope.name(&id.text));
        }
        for assignment in part.list(*element, "listOfEventAssignments") {
            if let Some(variable) = assignment.attribute("variable") {
                output.mentioned.insert(part.scope.name(&variable.text));
            }
        }
    }
}

/// The statements about events.
pub(super) fn events(part: &Part<'_>, output: &mut Output) {
    for element in &part.events {
        event(part, *element, output);
    }
}

fn event<'t>(part: &Part<'t>, element: Element<'t>, output: &mut Output) {
    let span = element.span();
    let name = match element.attribute("id") {
        Some(id) => Spanned::new(part.scope.name(&id.text), id.span),
        None => Spanned::new(output.fresh(&format!("{}_E0", part.scope.prefix)), span),
    };
    let path = Path { parts: vec![name.value.clone()], span: name.span };
    let trigger_element = part.child(element, "trigger");
    let trigger = trigger_element.and_then(|t| math_of(t, &part.scope, &mut output.diagnostics));
    let (Some(trigger), Some(trigger_element)) = (trigger, trigger_element) else {
        let message = format!("event `{}` has no trigger", name.value);
        output.diagnostics.push(Diagnostic::warning("sbml/no-trigger", message).at(span, "it never happens"));
        return;
    };
    let delay =
        expression(part, part.child(element, "delay"), output).map(|delay| part.scope.duration(delay));
    let priority = expression(part, part.child(element, "priority"), output);
    let assignments = assignments(part, element, output);
    // In Level 2 the trigger counts as true before time zero, and an event that was triggered always executes.
    let initial_value = output.truth(trigger_element, "initialValue", true);
    let persistent = output.truth(trigger_element, "persistent", true);
    let values_from_trigger = output.truth(element, "useValuesFromTriggerTime", true);
    output.statements.push(Statement::Event(Event {
        name,
        trigger,
        delay,
        priority,
        initial_value,
        values_from_trigger,
        persistent,
        assignments,
        span,
    }));
    output.display_name(element, &path);
}

fn expression(part: &Part<'_>, element: Option<Element<'_>>, output: &mut Output) -> Option<Expr> {
    math_of(element?, &part.scope, &mut output.diagnostics)
}

fn assignments<'t>(part: &Part<'t>, event: Element<'t>, output: &mut Output) -> Vec<(Path, Expr)> {
    let mut assignments = Vec::new();
    for element in part.list(event, "listOfEventAssignments") {
        let Some(variable) = output.required(element, "variable") else { continue };
        let Some(path) = output.symbol(&variable, &part.scope) else { continue };
        let Some(value) = math_of(element, &part.scope, &mut output.diagnostics) else { continue };
        assignments.push((path, part.scope.outwards(&variable.text, value)));
    }
    assignments
}
