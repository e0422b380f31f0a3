//! Events over states and parameters.

use hepatica_expr::{Graph, NodeId, Symbol};

use super::roots::roots;
use super::values::Values;
use crate::model;
use crate::system::{Event, Target};

/// The events in the order of the model.
pub(crate) fn events(values: &mut Values<'_>) -> Vec<Event> {
    let model = values.model;
    model.events.iter().map(|event| lowered(values, event)).collect()
}

fn lowered(values: &mut Values<'_>, event: &model::Event) -> Event {
    let trigger = values.import(event.trigger);
    let delay = event.delay.map(|node| values.import(node));
    let priority = event.priority.map(|node| values.import(node));
    Event {
        name: event.name.clone(),
        trigger,
        roots: roots(&mut values.graph, trigger),
        delay,
        priority,
        initial_value: event.initial_value,
        values_from_trigger: event.values_from_trigger,
        persistent: event.persistent,
        assignments: assignments(values, event),
    }
}

/// What is set. A concentration becomes an amount with the size its compartment has after the event.
fn assignments(values: &mut Values<'_>, event: &model::Event) -> Vec<(Target, NodeId)> {
    let assigned: Vec<_> = event.assignments.iter().map(|(var, node)| (*var, values.import(*node))).collect();
    let mut set: Vec<(Symbol, NodeId)> = Vec::new();
    for (var, value) in &assigned {
        let role = values.roles[*var];
        if !role.is_amount_of_concentration() {
            set.extend(role.target().map(|target| (symbol(target), *value)));
        }
    }
    let mut targets = Vec::new();
    for (var, value) in assigned {
        let Some(target) = values.roles[var].target() else { continue };
        let amount = if values.roles[var].is_amount_of_concentration() {
            let size = values.size(var);
            let mut after =
                |_: &mut Graph, symbol| set.iter().find(|(s, _)| *s == symbol).map(|(_, value)| *value);
            let size = values.graph.substitute(size, &mut after);
            values.graph.mul(value, size)
        } else {
            value
        };
        targets.push((target, amount));
    }
    targets
}

fn symbol(target: Target) -> Symbol {
    match target {
        Target::State(id) => Symbol::State(id.0),
        Target::Param(id) => Symbol::Param(id.0),
    }
}
