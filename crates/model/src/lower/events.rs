//! Events over states and parameters.

use super::roots::roots;
use super::values::Values;
use crate::model;
use crate::system::{Assignment, Event};

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

/// What is set; a concentration becomes an amount with the size its compartment has before the event.
fn assignments(values: &mut Values<'_>, event: &model::Event) -> Vec<Assignment> {
    let mut assignments = Vec::new();
    for (var, node) in &event.assignments {
        let value = values.import(*node);
        // What an algebraic rule says needs no setting: it holds again at once.
        let Some(target) = values.roles[*var].target() else { continue };
        let is_concentration = values.roles[*var].is_amount_of_concentration();
        let factor = is_concentration.then(|| values.size(*var));
        assignments.push(Assignment { target, value, factor });
    }
    assignments
}
