//! Each variable as an expression over time, states and parameters.

use hepatica_expr::{Graph, IdVec, NodeId, Symbol};

use super::rhs::rate_of;
use super::roles::Role;
use crate::model::{Model, VarId};
use crate::resolve::evaluation_order;
use crate::system::Target;

/// The growing graph of the system, with the value of every variable in it.
pub(crate) struct Values<'m> {
    pub(crate) model: &'m Model,
    pub(crate) roles: &'m IdVec<VarId, Role>,
    pub(crate) graph: Graph,
    /// What each name stands for in mathematics at any time.
    pub(crate) at: IdVec<VarId, NodeId>,
}

impl<'m> Values<'m> {
    /// Substitutes all rules and rate laws.
    pub(crate) fn new(model: &'m Model, roles: &'m IdVec<VarId, Role>) -> Self {
        let mut graph = Graph::new();
        let missing = graph.number(f64::NAN);
        let mut values = Values { model, roles, graph, at: IdVec::from(vec![missing; model.vars.len()]) };
        for id in evaluation_order(model, &model.graph) {
            values.at[id] = values.value(id);
        }
        values
    }

    fn value(&mut self, id: VarId) -> NodeId {
        match self.roles[id] {
            Role::Unit => self.graph.number(1.0),
            Role::Rule | Role::Law(_) => self.import_or_nan(self.model.definition(id)),
            Role::RateOf(of) => rate_of(&mut self.graph, (self.model, self.roles), of, &self.at),
            Role::State { .. } | Role::Param { .. } => {
                let quantity = self.quantity(id);
                if self.roles[id].is_amount_of_concentration() {
                    let size = self.size(id);
                    self.graph.div(quantity, size)
                } else {
                    quantity
                }
            }
        }
    }

    /// The state or parameter itself.
    pub(crate) fn quantity(&mut self, id: VarId) -> NodeId {
        match self.roles[id].target() {
            Some(Target::State(state)) => self.graph.symbol(Symbol::State(state.0)),
            Some(Target::Param(param)) => self.graph.symbol(Symbol::Param(param.0)),
            None => self.at[id],
        }
    }

    /// The size of a species' compartment; one for anything else.
    pub(crate) fn size(&mut self, id: VarId) -> NodeId {
        match self.model.species(id) {
            Some(species) => self.at[species.compartment],
            None => self.graph.number(1.0),
        }
    }

    /// An expression of the model over time, states and parameters.
    pub(crate) fn import(&mut self, node: NodeId) -> NodeId {
        import(&mut self.graph, self.model, node, &self.at)
    }

    /// As [`Values::import`], where nothing moves: rates of change are zero.
    pub(crate) fn import_at_rest(&mut self, node: NodeId) -> NodeId {
        let mut at = self.at.clone();
        for id in evaluation_order(self.model, &self.model.graph) {
            if let Role::RateOf(_) = self.roles[id] {
                at[id] = self.graph.number(0.0);
            } else if let Some(definition) = self.model.definition(id) {
                at[id] = import(&mut self.graph, self.model, definition, &at);
            }
        }
        import(&mut self.graph, self.model, node, &at)
    }

    fn import_or_nan(&mut self, node: Option<NodeId>) -> NodeId {
        match node {
            Some(node) => self.import(node),
            None => self.graph.number(f64::NAN),
        }
    }
}

/// An expression of the model with its variables replaced.
pub(crate) fn import(
    graph: &mut Graph,
    model: &Model,
    node: NodeId,
    values: &IdVec<VarId, NodeId>,
) -> NodeId {
    let mut replace = |_: &mut Graph, symbol: Symbol| match symbol {
        Symbol::Var(k) => values.get(VarId(k)).copied(),
        _ => None,
    };
    graph.import(&model.graph, &[node], &mut replace)[0]
}
