//! The time derivative of each state.

use hepatica_expr::{IdVec, NodeId};

use super::roles::Role;
use super::values::Values;
use crate::model::{Reaction, VarId};
use crate::system::{StateId, Target};

/// The right-hand side, in the order of the states.
pub(crate) fn rhs(values: &mut Values<'_>) -> IdVec<StateId, NodeId> {
    let turnover = turnover(values);
    let mut rhs = IdVec::new();
    for (id, role) in values.roles.enumerate() {
        if let Role::State { .. } = role {
            let derivative = match values.model.vars[id].rate {
                Some(rate) => rate_of_amount(values, id, rate),
                None => turnover[id].unwrap_or_else(|| values.graph.number(0.0)),
            };
            rhs.push(derivative);
        }
    }
    rhs
}

/// The rate of a state whose name has the rate `rate`: `(c V)' = c' V + c V'` for a concentration `c`.
fn rate_of_amount(values: &mut Values<'_>, id: VarId, rate: NodeId) -> NodeId {
    let rate = values.import(rate);
    let Some(species) = values.model.species(id).filter(|s| !s.substance_only) else { return rate };
    let size = values.size(id);
    let by_rate = values.graph.mul(rate, size);
    // Between events only a compartment with a rate of its own changes; one with a rule is refused by `resolve`.
    let growth = match values.roles[species.compartment].target() {
        Some(Target::State(_)) => values.model.vars[species.compartment].rate,
        _ => None,
    };
    let Some(growth) = growth else { return by_rate };
    let growth = values.import(growth);
    let concentration = values.at[id];
    let by_growth = values.graph.mul(concentration, growth);
    values.graph.add(by_rate, by_growth)
}

/// What reactions do to the amount of each species: the sum of stoichiometry times rate, in their order.
fn turnover(values: &mut Values<'_>) -> IdVec<VarId, Option<NodeId>> {
    let mut sums: IdVec<VarId, Option<NodeId>> = IdVec::from(vec![None; values.model.vars.len()]);
    for reaction in &values.model.reactions {
        let law = values.at[reaction.var];
        for (species, net) in net_stoichiometry(reaction) {
            let graph = &mut values.graph;
            sums[species] = match (sums[species], net) {
                (sum, 0.0) => sum,
                (None, 1.0) => Some(law),
                (Some(sum), 1.0) => Some(graph.add(sum, law)),
                (Some(sum), -1.0) => Some(graph.sub(sum, law)),
                (sum, net) => {
                    let factor = graph.number(net);
                    let term = graph.mul(factor, law);
                    Some(sum.map_or(term, |sum| graph.add(sum, term)))
                }
            };
        }
    }
    sums
}

/// Products minus reactants, each species once, in the order met.
fn net_stoichiometry(reaction: &Reaction) -> Vec<(VarId, f64)> {
    let mut net: Vec<(VarId, f64)> = Vec::new();
    let left = reaction.reactants.iter().map(|p| (p.species, -p.stoichiometry));
    let right = reaction.products.iter().map(|p| (p.species, p.stoichiometry));
    for (species, amount) in left.chain(right) {
        match net.iter_mut().find(|(id, _)| *id == species) {
            Some((_, sum)) => *sum += amount,
            None => net.push((species, amount)),
        }
    }
    net
}
