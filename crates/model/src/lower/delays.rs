//! Values of the past.

use hepatica_expr::{Graph, IdVec, NodeId, Symbol};

use super::values::Values;
use crate::system::{Delay, StateId};

/// The delays in the order of the model.
pub(crate) fn delays(values: &mut Values<'_>) -> Vec<Delay> {
    let model = values.model;
    let lowered = |delay: &crate::model::Delay| Delay {
        lag: values.import(delay.lag),
        value: values.import(delay.value),
        before: values.import_at_rest(delay.value),
    };
    model.delays.iter().map(lowered).collect()
}

/// Adds what the time derivatives of delayed values do to that of each right-hand side.
pub(crate) fn add_to_dfdt(
    graph: &mut Graph,
    delays: &[Delay],
    (rhs, dfdt): (&IdVec<StateId, NodeId>, &mut IdVec<StateId, NodeId>),
) {
    let n = delays.len() as u32;
    let symbols: Vec<Symbol> = (0..n).map(Symbol::Delayed).collect();
    for partial in graph.jacobian(rhs.as_slice(), &symbols) {
        let row = StateId(partial.row as u32);
        let rate = graph.symbol(Symbol::Delayed(n + partial.col as u32));
        let term = graph.mul(partial.node, rate);
        dfdt[row] = graph.add(dfdt[row], term);
    }
}
