//! Fast reactions as constraints.
//!
//! Fast reactions move the amounts of their species within the space that their stoichiometries span. A reduced basis of
//! that space has a pivot species for each vector, which alone of all pivots it changes, by one: the amounts of the pivots
//! say where in the space the species are, and for every other species `y` the total `y - sum c*pivot`, with `c` its
//! entry in the vector of that pivot, is what fast reactions leave alone. The states of the system are pivots and totals;
//! totals follow the slow reactions only. A pivot follows all of them, the fast ones [`FASTNESS`] times quicker than
//! their laws say, so that it is where their rates are in equilibrium but for that part; where all rates vanish, it
//! follows the slow ones as it should, which an algebraic equation could not express. The totals are those of
//! Lee and Othmer, A multi-time-scale analysis of chemical reaction networks, J Math Biol 60:387 (2010).

use hepatica_expr::{Graph, IdVec, NodeId, Symbol};

use super::rhs::net_stoichiometry;
use super::roles::Role;
use super::values::Values;
use crate::model::VarId;
use crate::system::{Delay, Event, Fast, JacobianEntry, Output, OutputId, StateId, Total};

/// How many times quicker a fast reaction runs than its law says: the relative distance from its equilibrium is one over
/// this, times the ratio of the slow rates to its own.
const FASTNESS: f64 = 1e12;

/// What fast reactions make of a system.
#[derive(Default)]
pub(crate) struct FastPlan {
    pivots: Vec<StateId>,
    /// What fast reactions do to each pivot.
    flows: Vec<NodeId>,
    pub(crate) totals: Vec<Total>,
}

impl FastPlan {
    /// The plan of a model; nothing when it has no fast reactions.
    pub(crate) fn new(values: &mut Values<'_>) -> FastPlan {
        let model = values.model;
        let mut columns: Vec<Column> = Vec::new();
        let mut laws = Vec::new();
        for reaction in model.reactions.iter().filter(|reaction| reaction.fast) {
            let net = net_stoichiometry(&mut values.graph, (model, &values.at), reaction);
            let moved = net.into_iter().filter_map(|(id, net)| Some((moved_state(values, id)?, net)));
            let column: Column = moved.filter(|(_, net)| !is_zero(&values.graph, *net)).collect();
            laws.push((column.clone(), values.at[reaction.var]));
            columns.push(column);
        }
        let graph = &mut values.graph;
        let pivots = reduce(graph, &mut columns);
        let mut plan = FastPlan::default();
        for (pivot, column) in &pivots {
            let mut flow = graph.number(0.0);
            for (law_column, law) in &laws {
                if let Some((_, net)) = law_column.iter().find(|(state, _)| state == pivot) {
                    let term = graph.mul(*net, *law);
                    flow = graph.add(flow, term);
                }
            }
            plan.pivots.push(*pivot);
            plan.flows.push(flow);
            let others = columns[*column].iter().filter(|(state, _)| state != pivot);
            plan.totals.extend(others.map(|(state, factor)| Total {
                state: *state,
                pivot: *pivot,
                factor: *factor,
            }));
        }
        plan
    }

    /// Rewrites equations over amounts, with the slow reactions only, as equations over pivots and totals.
    pub(crate) fn rewrite(
        &self,
        graph: &mut Graph,
        rhs: &mut IdVec<StateId, NodeId>,
        (events, outputs, delays): (&mut [Event], &mut IdVec<OutputId, Output>, &mut [Delay]),
    ) -> (Vec<Fast>, Vec<JacobianEntry>) {
        if self.pivots.is_empty() {
            return (Vec::new(), Vec::new());
        }
        let slow = rhs.clone();
        for total in &self.totals {
            let with_pivot = graph.mul(total.factor, slow[total.pivot]);
            rhs[total.state] = graph.sub(rhs[total.state], with_pivot);
        }
        let fastness = graph.number(FASTNESS);
        for (pivot, flow) in self.pivots.iter().zip(&self.flows) {
            let fast = graph.mul(fastness, *flow);
            rhs[*pivot] = graph.add(rhs[*pivot], fast);
        }
        rhs.as_mut_slice().iter_mut().for_each(|node| *node = self.in_states(graph, *node));
        outputs.as_mut_slice().iter_mut().for_each(|output| output.node = self.in_states(graph, output.node));
        for event in events {
            let options = [Some(&mut event.trigger), event.delay.as_mut(), event.priority.as_mut()];
            let assigned = event.assignments.iter_mut().flat_map(|a| [Some(&mut a.value), a.factor.as_mut()]);
            let nodes = options.into_iter().chain(assigned).flatten().chain(&mut event.roots);
            nodes.for_each(|node| *node = self.in_states(graph, *node));
        }
        for delay in delays {
            for node in [&mut delay.lag, &mut delay.value, &mut delay.before] {
                *node = self.in_states(graph, *node);
            }
        }
        self.flows(graph)
    }

    fn flows(&self, graph: &mut Graph) -> (Vec<Fast>, Vec<JacobianEntry>) {
        let flows: Vec<NodeId> = self.flows.iter().map(|flow| self.in_states(graph, *flow)).collect();
        let symbols: Vec<Symbol> = self.pivots.iter().map(|pivot| Symbol::State(pivot.0)).collect();
        let entries = graph.jacobian(&flows, &symbols).into_iter().map(|partial| JacobianEntry {
            row: self.pivots[partial.row],
            col: self.pivots[partial.col],
            node: partial.node,
        });
        let entries = entries.collect();
        let fast = self.pivots.iter().zip(flows).map(|(state, flow)| Fast { state: *state, flow }).collect();
        (fast, entries)
    }

    /// An expression over amounts as one over pivots and totals.
    fn in_states(&self, graph: &mut Graph, node: NodeId) -> NodeId {
        graph.substitute(node, &mut |graph, symbol| {
            let Symbol::State(k) = symbol else { return None };
            let mut totals = self.totals.iter().filter(|total| total.state.0 == k).peekable();
            totals.peek()?;
            let mut sum = graph.symbol(symbol);
            for total in totals {
                let pivot = graph.symbol(Symbol::State(total.pivot.0));
                let part = graph.mul(total.factor, pivot);
                sum = graph.add(sum, part);
            }
            Some(sum)
        })
    }
}

/// The states a vector changes, and by how much.
type Column = Vec<(StateId, NodeId)>;

/// The state of a species that reactions change.
fn moved_state(values: &Values<'_>, id: VarId) -> Option<StateId> {
    match values.roles[id] {
        Role::State { id: state, .. } if values.model.changed_by_reactions(id) => Some(state),
        _ => None,
    }
}

fn is_zero(graph: &Graph, node: NodeId) -> bool {
    graph.as_number(node) == Some(0.0)
}

/// Makes a reduced basis of the space that the columns span (Gauss and Jordan); the pivots with their columns. Numbers are
/// better pivots than expressions, which might be zero, and large numbers better than small ones.
fn reduce(graph: &mut Graph, columns: &mut [Column]) -> Vec<(StateId, usize)> {
    let mut pivots: Vec<(StateId, usize)> = Vec::new();
    for j in 0..columns.len() {
        let size = |node: NodeId| graph.as_number(node).map_or(0.0, f64::abs);
        let best = columns[j].iter().copied().reduce(|a, b| if size(b.1) > size(a.1) { b } else { a });
        let Some((pivot, entry)) = best else { continue };
        columns[j].iter_mut().for_each(|(_, net)| *net = graph.div(*net, entry));
        let reduced = columns[j].clone();
        for (_, column) in columns.iter_mut().enumerate().filter(|(k, _)| *k != j) {
            let Some((_, times)) = column.iter().copied().find(|(state, _)| *state == pivot) else {
                continue;
            };
            subtract(graph, column, (&reduced, times));
            column.retain(|(state, net)| *state != pivot && graph.as_number(*net) != Some(0.0));
        }
        pivots.push((pivot, j));
    }
    pivots
}

/// `column -= times * other`.
fn subtract(graph: &mut Graph, column: &mut Column, (other, times): (&Column, NodeId)) {
    for (state, net) in other {
        let part = graph.mul(times, *net);
        match column.iter_mut().find(|(known, _)| known == state) {
            Some((_, sum)) => *sum = graph.sub(*sum, part),
            None => column.push((*state, graph.neg(part))),
        }
    }
}
