//! Values at time zero.

use hepatica_expr::{IdVec, NodeId};

use super::rhs::rate_of;
use super::roles::Role;
use super::values::{Values, import};
use crate::model::{Determined, VarId};
use crate::resolve::dependency_order;
use crate::system::Target;

/// What is set at time zero, each after what it needs.
///
/// A value may use any name. States and parameters are then the ones already set; a concentration whose state is
/// the amount is used as it was given, because its amount also needs the size of the compartment.
pub(crate) fn initial(values: &mut Values<'_>) -> Vec<(Target, NodeId)> {
    let mut at_zero: IdVec<VarId, NodeId> = values.at.clone();
    let mut set = Vec::new();
    let mut amounts: Vec<VarId> = Vec::new();
    for id in dependency_order(values.model) {
        let var = &values.model.vars[id];
        let defined = match values.roles[id] {
            Role::Rule | Role::Law(_) => values.model.definition(id),
            Role::State { .. } | Role::Param { .. } => var.initial,
            Role::RateOf(of) => {
                at_zero[id] = rate_of(&mut values.graph, (values.model, values.roles), of, &at_zero);
                None
            }
            Role::Unit => None,
        };
        let Some(defined) = defined else { continue };
        let value = import(&mut values.graph, values.model, defined, &at_zero);
        match values.roles[id].target() {
            Some(_) if values.roles[id].is_amount_of_concentration() => {
                at_zero[id] = value;
                amounts.push(id);
            }
            Some(target) => set.push((target, value)),
            None => at_zero[id] = value,
        }
    }
    implicit(values, &mut set);
    for id in amounts {
        let size = values.model.species(id).map(|species| at_zero[species.compartment]);
        let amount = match size {
            Some(size) => values.graph.mul(at_zero[id], size),
            None => at_zero[id],
        };
        set.extend(values.roles[id].target().map(|target| (target, amount)));
    }
    set
}

/// Where nothing else is said, the search for the value of an implicit algebraic variable begins at one, which is inside
/// the domain of logarithms, roots and quotients.
fn implicit(values: &mut Values<'_>, set: &mut Vec<(Target, NodeId)>) {
    for (id, var) in values.model.vars.enumerate() {
        if let (Some(Determined::Implicit(_)), None, Some(target)) =
            (var.determined, var.initial, values.roles[id].target())
        {
            let start = values.graph.number(1.0);
            set.insert(0, (target, start));
        }
    }
}
