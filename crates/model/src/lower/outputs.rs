//! Everything that has a name.

use hepatica_expr::IdVec;

use super::values::Values;
use crate::model::{Model, VarId};
use crate::system::{Output, OutputId};

/// Every variable under its name and as its name stands in mathematics, in the order of declaration; after them
/// `amount(S)` for each species whose name means a concentration and `concentration(S)` for the others.
pub(crate) fn outputs(values: &mut Values<'_>) -> IdVec<OutputId, Output> {
    let model = values.model;
    let mut outputs = IdVec::new();
    for (id, var) in model.vars.enumerate() {
        outputs.push(Output { name: var.name.clone(), node: values.at[id], unit: unit(model, id, false) });
    }
    for (id, var) in model.vars.enumerate() {
        let Some(species) = model.species(id) else { continue };
        let size = values.size(id);
        outputs.push(if species.substance_only {
            let node = values.graph.div(values.at[id], size);
            Output { name: format!("concentration({})", var.name), node, unit: per_volume(model, id) }
        } else {
            let is_state = values.roles[id].is_amount_of_concentration();
            let node = if is_state { values.quantity(id) } else { values.graph.mul(values.at[id], size) };
            Output { name: format!("amount({})", var.name), node, unit: unit(model, id, true) }
        });
    }
    outputs
}

/// The unit of a variable, or of the amount behind a concentration, for people; empty when unknown.
pub(crate) fn unit(model: &Model, id: VarId, amount_of_concentration: bool) -> String {
    let own = model.vars[id].unit.as_ref();
    if !amount_of_concentration {
        return own.map_or(String::new(), |unit| unit.shown.clone());
    }
    let size = model.species(id).and_then(|species| model.vars[species.compartment].unit.as_ref());
    let product = own.zip(size).and_then(|(own, size)| own.unit.times(&size.unit).ok());
    product.map_or(String::new(), |unit| crate::units::shown(&unit))
}

fn per_volume(model: &Model, id: VarId) -> String {
    let own = model.vars[id].unit.as_ref();
    let size = model.species(id).and_then(|species| model.vars[species.compartment].unit.as_ref());
    let quotient = own.zip(size).and_then(|(own, size)| own.unit.per(&size.unit).ok());
    quotient.map_or(String::new(), |unit| crate::units::shown(&unit))
}
