//! Quantities that are defined by themselves.

use std::collections::BTreeSet;

use hepatica_expr::{Graph, IdVec, NodeId, Symbol};
use hepatica_source::Diagnostic;

use crate::model::{Model, Var, VarId, VarKind};

/// The most places shown of one cycle.
const MAX_SHOWN: usize = 6;
/// The most names said of one cycle.
const MAX_NAMED: usize = 20;

/// Refuses cycles among rules and rate laws, and among values at time zero.
pub(crate) fn check_cycles(model: &Model, diagnostics: &mut Vec<Diagnostic>) {
    for cycle in walk(&always(model, &model.graph)).cycles {
        diagnostics.push(refused(model, &cycle, "value/cycle", "is defined by itself"));
    }
    let at_zero = at_zero(model);
    for cycle in walk(&at_zero).cycles {
        // A cycle of rules has been said already; this one needs a value at time zero.
        if cycle.iter().any(|id| model.definition(*id).is_none()) {
            diagnostics.push(refused(model, &cycle, "value/cycle", "is given at time zero by itself"));
        }
    }
}

/// All variables, each after those its value at time zero needs, as far as there are no cycles.
pub(crate) fn dependency_order(model: &Model) -> Vec<VarId> {
    walk(&at_zero(model)).order
}

/// All variables, each after those its value at any time needs, as far as there are no cycles.
///
/// The expressions are those of `graph`, which is the model's.
pub(crate) fn evaluation_order(model: &Model, graph: &Graph) -> Vec<VarId> {
    walk(&always(model, graph)).order
}

fn always(model: &Model, graph: &Graph) -> IdVec<VarId, Vec<VarId>> {
    model.vars.ids().map(|id| needs_of(model, graph, id)).collect()
}

fn at_zero(model: &Model) -> IdVec<VarId, Vec<VarId>> {
    model.vars.ids().map(|id| needed_at_zero(model, id)).collect()
}

/// What the value of a variable at any time needs.
pub(crate) fn needs_of(model: &Model, graph: &Graph, id: VarId) -> Vec<VarId> {
    match (model.definition(id), model.vars[id].kind) {
        (_, VarKind::RateOf(of)) => needed_by_rate((model, graph), of),
        (Some(node), _) => vars_of((model, graph), node),
        // An implicit algebraic variable is a state in its own right.
        (None, _) if model.vars[id].determined.is_some() => Vec::new(),
        // A concentration is the amount over the size of the compartment.
        (None, VarKind::Species(s)) if !s.substance_only => vec![s.compartment],
        _ => Vec::new(),
    }
}

fn needed_at_zero(model: &Model, id: VarId) -> Vec<VarId> {
    if let VarKind::RateOf(of) = model.vars[id].kind {
        return needed_by_rate((model, &model.graph), of);
    }
    let node = model.definition(id).or(model.vars[id].initial);
    node.map_or(Vec::new(), |node| vars_of((model, &model.graph), node))
}

/// What the rate of change of a variable needs.
fn needed_by_rate((model, graph): (&Model, &Graph), of: VarId) -> Vec<VarId> {
    let vars_of = |node| vars_of((model, graph), node);
    let mut needed: Vec<VarId> = model.vars[of].rate.map_or(Vec::new(), vars_of);
    let Some(species) = model.species(of) else { return needed };
    needed.extend(species.conversion_factor);
    if !species.substance_only {
        needed.extend([of, species.compartment]);
        needed.extend(model.vars[species.compartment].rate.iter().flat_map(|rate| vars_of(*rate)));
    }
    for reaction in &model.reactions {
        for participant in reaction.participants().filter(|p| p.species == of) {
            needed.push(reaction.var);
            needed.extend(vars_of(participant.stoichiometry));
        }
    }
    needed
}

/// The variables that an expression reads, also those that its lags need.
fn vars_of((model, graph): (&Model, &Graph), node: NodeId) -> Vec<VarId> {
    let mut found: Vec<VarId> = Vec::new();
    let mut lags = BTreeSet::new();
    let mut stack = vec![node];
    while let Some(node) = stack.pop() {
        for symbol in graph.symbols_of(node) {
            match symbol {
                Symbol::Var(k) if model.vars.get(VarId(k)).is_some() => found.push(VarId(k)),
                Symbol::Delayed(k) if lags.insert(k) => {
                    stack.extend(model.delays.get(k as usize).map(|delay| delay.lag));
                }
                _ => {}
            }
        }
    }
    found
}

/// What a depth-first walk finds.
struct Walk {
    /// Everything, each after what it needs.
    order: Vec<VarId>,
    /// The cycles met first, each name in at most one of them.
    cycles: Vec<Vec<VarId>>,
    /// What is in one of them.
    in_cycle: BTreeSet<VarId>,
}

#[derive(Clone, Copy, PartialEq)]
enum Mark {
    New,
    Open,
    Done,
}

/// Walks with an own stack: a chain of definitions may be as long as a text.
fn walk(needs: &IdVec<VarId, Vec<VarId>>) -> Walk {
    let mut marks: IdVec<VarId, Mark> = IdVec::from(vec![Mark::New; needs.len()]);
    let mut found =
        Walk { order: Vec::with_capacity(needs.len()), cycles: Vec::new(), in_cycle: BTreeSet::new() };
    for start in needs.ids() {
        let mut path = if marks[start] == Mark::New { vec![(start, 0)] } else { Vec::new() };
        marks[start] = if path.is_empty() { marks[start] } else { Mark::Open };
        while let Some((id, next)) = path.pop() {
            let Some(&need) = needs[id].get(next) else {
                marks[id] = Mark::Done;
                found.order.push(id);
                continue;
            };
            path.push((id, next + 1));
            match marks[need] {
                Mark::Done => {}
                Mark::New => {
                    marks[need] = Mark::Open;
                    path.push((need, 0));
                }
                Mark::Open => found.close(&path, need),
            }
        }
    }
    found
}

impl Walk {
    fn close(&mut self, path: &[(VarId, usize)], back_to: VarId) {
        let from = path.iter().position(|(id, _)| *id == back_to).unwrap_or(0);
        let cycle: Vec<VarId> = path[from..].iter().map(|(id, _)| *id).collect();
        if !cycle.iter().any(|id| self.in_cycle.contains(id)) {
            self.in_cycle.extend(&cycle);
            self.cycles.push(cycle);
        }
    }
}

fn refused(model: &Model, cycle: &[VarId], code: &'static str, what: &str) -> Diagnostic {
    let var = |id: &VarId| -> &Var { &model.vars[*id] };
    let first = var(&cycle[0]);
    let mut chain: Vec<&str> = cycle.iter().take(MAX_NAMED).map(|id| var(id).name.as_str()).collect();
    if cycle.len() > MAX_NAMED {
        chain.push("...");
    }
    chain.push(&first.name);
    let mut problem = Diagnostic::error(code, format!("`{}` {what}: {}", first.name, chain.join(" -> ")));
    for id in cycle.iter().take(MAX_SHOWN) {
        if let Some(span) = var(id).defined.or(var(id).span) {
            problem = problem.at(span, format!("`{}`", var(id).name));
        }
    }
    problem.hint("break the chain: give one of them a value, or a rate of change")
}
