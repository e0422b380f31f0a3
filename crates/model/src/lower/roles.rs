//! What each variable is in the system.

use hepatica_expr::IdVec;

use crate::model::{Model, VarId, VarKind};
use crate::provenance::dose_port;
use crate::system::{ParamId, StateId, Target};

/// What a variable is in the system.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Role {
    /// A state; the amount where the variable's name means a concentration.
    State { id: StateId, is_amount_of_concentration: bool },
    /// A parameter; the amount where the name means a concentration in a compartment that changes.
    Param { id: ParamId, is_amount_of_concentration: bool },
    /// Defined by a rule.
    Rule,
    /// The rate of a reaction.
    Law(usize),
    /// The rate of change of another variable.
    RateOf(VarId),
    /// The implicit compartment, always 1.
    Unit,
}

impl Role {
    /// What an event or a caller sets, if anything.
    pub(crate) fn target(self) -> Option<Target> {
        match self {
            Role::State { id, .. } => Some(Target::State(id)),
            Role::Param { id, .. } => Some(Target::Param(id)),
            Role::Rule | Role::Law(_) | Role::RateOf(_) | Role::Unit => None,
        }
    }

    /// Whether the state or parameter is the amount while the name means the concentration.
    pub(crate) fn is_amount_of_concentration(self) -> bool {
        match self {
            Role::State { is_amount_of_concentration, .. }
            | Role::Param { is_amount_of_concentration, .. } => is_amount_of_concentration,
            Role::Rule | Role::Law(_) | Role::RateOf(_) | Role::Unit => false,
        }
    }
}

/// Gives states and parameters their ids in the order of declaration.
pub(crate) fn roles(model: &Model) -> IdVec<VarId, Role> {
    let changed = changed_by_reactions(model);
    let (mut n_states, mut n_params) = (0, 0);
    let mut roles = IdVec::new();
    for (id, var) in model.vars.enumerate() {
        let concentration = model.species(id).filter(|s| !s.substance_only);
        let takes_doses = var.annotations.iter().any(|a| dose_port(&a.uri).is_some()) && !var.constant;
        let role = match var.kind {
            VarKind::Reaction(index) => Role::Law(index),
            VarKind::RateOf(of) => Role::RateOf(of),
            VarKind::Compartment(c) if c.implicit => Role::Unit,
            _ if model.definition(id).is_some() => Role::Rule,
            _ if var.determined.is_some() => {
                n_states += 1;
                // An algebraic variable is a state as its name stands in mathematics.
                Role::State { id: StateId(n_states - 1), is_amount_of_concentration: false }
            }
            _ if var.rate.is_some() || changed[id] || (takes_doses && model.species(id).is_some()) => {
                n_states += 1;
                Role::State { id: StateId(n_states - 1), is_amount_of_concentration: concentration.is_some() }
            }
            _ => {
                n_params += 1;
                // While the compartment keeps its size, so does a concentration that nothing else changes.
                let varying = concentration.is_some_and(|s| !model.vars[s.compartment].constant);
                Role::Param { id: ParamId(n_params - 1), is_amount_of_concentration: varying }
            }
        };
        roles.push(role);
    }
    roles
}

/// Which species some reaction changes.
fn changed_by_reactions(model: &Model) -> IdVec<VarId, bool> {
    let mut changed: IdVec<VarId, bool> = IdVec::from(vec![false; model.vars.len()]);
    for participant in model.reactions.iter().flat_map(|r| r.participants()) {
        let free = model.species(participant.species).is_some_and(|s| !s.boundary);
        changed[participant.species] = free && !model.vars[participant.species].constant;
    }
    changed
}
