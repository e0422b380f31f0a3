//! The time derivative of each state.

use hepatica_expr::{Graph, IdVec, NodeId};

use super::roles::Role;
use super::values::{Values, import};
use crate::model::{Determined, Model, Reaction, Species, VarId};
use crate::system::{StateId, Target};

/// The right-hand side, in the order of the states.
pub(crate) fn rhs(values: &mut Values<'_>) -> IdVec<StateId, NodeId> {
    // What fast reactions do is added by `fast`.
    let turnover = turnover(values);
    let mut rhs = IdVec::new();
    for (id, role) in values.roles.enumerate() {
        if let Role::State { .. } = role {
            let var = &values.model.vars[id];
            let derivative = match (var.determined, var.rate) {
                (Some(Determined::Implicit(rule)), _) => residual(values, rule),
                (_, Some(rate)) => {
                    let model = (values.model, values.roles);
                    rate_of_amount(&mut values.graph, model, (id, rate), &values.at)
                }
                (_, None) => turnover[id].unwrap_or_else(|| values.graph.number(0.0)),
            };
            rhs.push(derivative);
        }
    }
    rhs
}

/// What an algebraic rule says is zero.
fn residual(values: &mut Values<'_>, rule: usize) -> NodeId {
    match values.model.algebraic.get(rule) {
        Some(rule) => values.import(rule.residual),
        None => values.graph.number(f64::NAN),
    }
}

/// The diagonal of the mass matrix, where there are algebraic equations.
pub(crate) fn mass(values: &Values<'_>) -> Option<IdVec<StateId, f64>> {
    let is_state = |(_, role): &(VarId, &Role)| matches!(role, Role::State { .. });
    let mass = |(id, _): (VarId, &Role)| match values.model.vars[id].determined {
        Some(Determined::Implicit(_)) => 0.0,
        _ => 1.0,
    };
    let mass: IdVec<StateId, f64> = values.roles.enumerate().filter(is_state).map(mass).collect();
    mass.iter().any(|m| *m == 0.0).then_some(mass)
}

/// A model and what its variables are.
type Roles<'m> = (&'m Model, &'m IdVec<VarId, Role>);

/// The rate of a state whose name has the rate `rate`: `(c V)' = c' V + c V'` for a concentration `c`.
fn rate_of_amount(
    graph: &mut Graph,
    (model, roles): Roles<'_>,
    (id, rate): (VarId, NodeId),
    at: &IdVec<VarId, NodeId>,
) -> NodeId {
    let rate = import(graph, model, rate, at);
    let Some(species) = model.species(id).filter(|s| !s.substance_only) else { return rate };
    let by_rate = graph.mul(rate, at[species.compartment]);
    match growth(graph, (model, roles), species, at) {
        Some(growth) => {
            let by_growth = graph.mul(at[id], growth);
            graph.add(by_rate, by_growth)
        }
        None => by_rate,
    }
}

/// The rate of a compartment's size. Between events only a compartment with a rate of its own changes; a
/// concentration with a rate in a compartment with a rule is refused by `resolve`.
fn growth(
    graph: &mut Graph,
    (model, roles): Roles<'_>,
    species: Species,
    at: &IdVec<VarId, NodeId>,
) -> Option<NodeId> {
    let Some(Target::State(_)) = roles[species.compartment].target() else { return None };
    let rate = model.vars[species.compartment].rate?;
    Some(import(graph, model, rate, at))
}

/// The rate of change of a variable as its name stands in mathematics, with the values `at`.
pub(crate) fn rate_of(
    graph: &mut Graph,
    (model, roles): Roles<'_>,
    id: VarId,
    at: &IdVec<VarId, NodeId>,
) -> NodeId {
    if let Some(rate) = model.vars[id].rate {
        return import(graph, model, rate, at);
    }
    let Role::State { .. } = roles[id] else { return graph.number(0.0) };
    let mut sum = None;
    for reaction in &model.reactions {
        for (species, net) in net_stoichiometry(graph, (model, at), reaction) {
            if species == id {
                sum = Some(add_term(graph, sum, net, at[reaction.var]));
            }
        }
    }
    let amount = sum.unwrap_or_else(|| graph.number(0.0));
    let Some(species) = model.species(id).filter(|s| !s.substance_only) else { return amount };
    // c' = (n' - c V') / V
    let size = at[species.compartment];
    let change = match growth(graph, (model, roles), species, at) {
        Some(growth) => {
            let dilution = graph.mul(at[id], growth);
            graph.sub(amount, dilution)
        }
        None => amount,
    };
    graph.div(change, size)
}

/// What reactions do to the amount of each species: the sum of stoichiometry times rate, in their order.
pub(super) fn turnover(values: &mut Values<'_>) -> IdVec<VarId, Option<NodeId>> {
    let mut sums: IdVec<VarId, Option<NodeId>> = IdVec::from(vec![None; values.model.vars.len()]);
    for reaction in values.model.reactions.iter().filter(|reaction| !reaction.fast) {
        let law = values.at[reaction.var];
        for (species, net) in net_stoichiometry(&mut values.graph, (values.model, &values.at), reaction) {
            sums[species] = Some(add_term(&mut values.graph, sums[species], net, law));
        }
    }
    sums
}

fn add_term(graph: &mut Graph, sum: Option<NodeId>, net: NodeId, law: NodeId) -> NodeId {
    match (sum, graph.as_number(net)) {
        (Some(sum), Some(0.0)) => sum,
        (None, Some(1.0)) => law,
        (Some(sum), Some(1.0)) => graph.add(sum, law),
        (Some(sum), Some(-1.0)) => graph.sub(sum, law),
        (sum, _) => {
            let term = graph.mul(net, law);
            sum.map_or(term, |sum| graph.add(sum, term))
        }
    }
}

/// Products minus reactants times the species' conversion factor, each species once, in the order met.
pub(super) fn net_stoichiometry(
    graph: &mut Graph,
    (model, at): (&Model, &IdVec<VarId, NodeId>),
    reaction: &Reaction,
) -> Vec<(VarId, NodeId)> {
    let mut net: Vec<(VarId, NodeId)> = Vec::new();
    let left = reaction.reactants.iter().map(|p| (p, true));
    let right = reaction.products.iter().map(|p| (p, false));
    for (participant, uses_up) in left.chain(right) {
        let mut amount = import(graph, model, participant.stoichiometry, at);
        if uses_up {
            amount = graph.neg(amount);
        }
        match net.iter_mut().find(|(id, _)| *id == participant.species) {
            Some((_, sum)) => *sum = graph.add(*sum, amount),
            None => net.push((participant.species, amount)),
        }
    }
    for (species, amount) in &mut net {
        if let Some(factor) = model.species(*species).and_then(|s| s.conversion_factor) {
            *amount = graph.mul(*amount, at[factor]);
        }
    }
    net
}
