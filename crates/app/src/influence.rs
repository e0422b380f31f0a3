//! What a rate depends on, and in which direction it moves with each.

use std::cell::RefCell;
use std::collections::BTreeMap;

use hepatica_expr::{Evaluator, Graph, NodeId, Symbol};
use hepatica_model::model::{Model, VarId, VarKind};
use hepatica_report::Status;
use hepatica_unit::Unit;

/// The states in which a rate is looked at, as multiples of the model's own values at time zero: a saturated rate shows
/// its direction at low values, a steep one at high ones.
const SCALES: [f64; 7] = [0.01, 0.1, 0.3, 1.0, 3.0, 10.0, 100.0];
/// The same for shares, which stay below one.
const SHARES: [f64; 7] = [0.01, 0.05, 0.1, 0.3, 0.5, 0.6, 0.75];
/// Values of what is zero at the start and of unknown size.
const UNKNOWN: [f64; 7] = [0.01, 1.0, 100.0, 1e4, 1e6, 1e8, 1e9];
/// The change that is tried.
const STEP: f64 = 1.3;
/// The evidence of numbers that are nobody's finding, such as a size of 1: they say nothing about the standing of a step.
const DEFINITION: &str = "definition";
/// A smaller relative change of a rate is rounding.
const LEAST: f64 = 1e-9;
/// The longest rate law shown where somebody points at a step, in nodes.
const LONGEST: u64 = 200;

/// How a rate moves with a quantity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Direction {
    /// 1 up, -1 down, 0 both, by state.
    pub(crate) sign: i8,
    /// Only with a hypothesis switched on.
    pub(crate) hypothesis: bool,
}

/// The dependences of a model's rates on what is drawn: states, and whatever has a name for people.
pub(crate) struct Influences<'m> {
    model: &'m Model,
    /// The model's expressions and those with rules put in.
    graph: RefCell<Graph>,
    expanded: RefCell<BTreeMap<VarId, NodeId>>,
    /// Values at time zero, hypotheses as written.
    values: Vec<f64>,
}

impl<'m> Influences<'m> {
    pub(crate) fn new(model: &'m Model) -> Self {
        let graph = RefCell::new(model.graph.clone());
        let mut found = Influences { model, graph, expanded: RefCell::default(), values: Vec::new() };
        found.values = found.start();
        found
    }

    /// The values at time zero; what has none counts as 1.
    fn start(&self) -> Vec<f64> {
        let vars = &self.model.vars;
        let mut values = vec![f64::NAN; vars.len()];
        // Each pass settles what needs only settled values; a chain is at most as long as the list.
        for _ in 0..vars.len() {
            let mut changed = false;
            for (id, var) in vars.enumerate() {
                let at = id.0 as usize;
                let Some(node) = var.initial.or(self.model.definition(id)).filter(|_| values[at].is_nan())
                else {
                    continue;
                };
                let value = self.evaluate(node, &values);
                changed |= !value.is_nan();
                values[at] = value;
            }
            if !changed {
                break;
            }
        }
        values.iter().map(|v| if v.is_finite() { *v } else { 1.0 }).collect()
    }

    fn evaluate(&self, node: NodeId, values: &[f64]) -> f64 {
        let env = |symbol: Symbol| match symbol {
            Symbol::Var(k) => values.get(k as usize).copied().unwrap_or(f64::NAN),
            _ => 1.0,
        };
        Evaluator::default().eval_one(&self.graph.borrow(), &env, node)
    }

    /// Whether a quantity is drawn where a rate depends on it; everything else is looked through.
    fn is_drawn(&self, id: VarId) -> bool {
        let var = &self.model.vars[id];
        match var.kind {
            VarKind::Species(species) => {
                let moves = self.model.changed_by_reactions(id) || var.rate.is_some();
                moves || (species.boundary && var.display_name.is_some())
            }
            VarKind::Compartment(_) => var.rate.is_some(),
            VarKind::Parameter => {
                let hypothesis = self.model.provenance(id).status == Some(Status::Hypothesis);
                var.rate.is_some() || (var.display_name.is_some() && !hypothesis)
            }
            VarKind::Reaction(_) | VarKind::RateOf(_) => false,
        }
    }

    /// An expression with what is not drawn put in.
    fn expand(&self, node: NodeId) -> NodeId {
        let symbols = self.graph.borrow().symbols_of(node);
        let mut with: BTreeMap<u32, NodeId> = BTreeMap::new();
        for symbol in symbols {
            let Symbol::Var(k) = symbol else { continue };
            let id = VarId(k);
            if self.is_drawn(id) {
                continue;
            }
            if let Some(definition) = self.model.definition(id) {
                let known = self.expanded.borrow().get(&id).copied();
                let expanded = known.unwrap_or_else(|| self.expand(definition));
                self.expanded.borrow_mut().insert(id, expanded);
                with.insert(k, expanded);
            }
        }
        let mut replace = |_: &mut Graph, symbol: Symbol| match symbol {
            Symbol::Var(k) => with.get(&k).copied(),
            _ => None,
        };
        self.graph.borrow_mut().substitute(node, &mut replace)
    }

    fn vars_of(&self, node: NodeId) -> Vec<VarId> {
        let symbols = self.graph.borrow().symbols_of(node);
        symbols
            .into_iter()
            .filter_map(|s| if let Symbol::Var(k) = s { Some(VarId(k)) } else { None })
            .collect()
    }

    /// What is drawn that a rate depends on, without `own`.
    pub(crate) fn of(&self, law: NodeId, own: &[VarId]) -> Vec<(VarId, Direction)> {
        let law = self.expand(law);
        let vars = self.vars_of(law);
        let (on, off) = (self.hypotheses(&vars, 1.0), self.hypotheses(&vars, 0.0));
        let drawn = vars.iter().copied().filter(|id| self.is_drawn(*id) && !own.contains(id));
        drawn
            .filter_map(|id| {
                let sign = |values: &[f64]| self.sign(law, id, (&vars, values));
                let plain = sign(&off);
                let found = plain.or_else(|| sign(&on))?;
                Some((id, Direction { sign: found, hypothesis: plain.is_none() }))
            })
            .collect()
    }

    /// The values with the hypotheses among some quantities set.
    fn hypotheses(&self, vars: &[VarId], to: f64) -> Vec<f64> {
        let mut values = self.values.clone();
        let is_hypothesis = |id: &&VarId| self.model.provenance(**id).status == Some(Status::Hypothesis);
        vars.iter().filter(is_hypothesis).for_each(|id| values[id.0 as usize] = to);
        values
    }

    /// The direction in which a rate moves with a quantity; `None` where it does not.
    fn sign(&self, law: NodeId, id: VarId, (vars, values): (&[VarId], &[f64])) -> Option<i8> {
        let (mut up, mut down) = (false, false);
        for k in 0..SCALES.len() {
            let mut state = values.to_vec();
            for var in vars.iter().filter(|var| self.is_drawn(**var)) {
                let at = &mut state[var.0 as usize];
                *at = self.scaled(*var, *at, k);
            }
            let before = self.evaluate(law, &state);
            state[id.0 as usize] *= STEP;
            let after = self.evaluate(law, &state);
            let change = after - before;
            if change.is_finite() && change.abs() > LEAST * before.abs().max(f64::MIN_POSITIVE) {
                up |= change > 0.0;
                down |= change < 0.0;
            }
        }
        match (up, down) {
            (true, false) => Some(1),
            (false, true) => Some(-1),
            (true, true) => Some(0),
            (false, false) => None,
        }
    }

    /// The value of a quantity in the `k`-th state that is looked at, within its range.
    fn scaled(&self, id: VarId, start: f64, k: usize) -> f64 {
        let var = &self.model.vars[id];
        let plain =
            var.unit.as_ref().is_some_and(|u| u.unit.dimension() == Unit::dimensionless().dimension());
        let value = match (plain && start.abs() <= 1.0, start == 0.0) {
            (true, true) => SHARES[k],
            (true, false) => start * SHARES[k],
            (false, true) => UNKNOWN[k],
            (false, false) => start * SCALES[k],
        };
        self.model.provenance(id).range.map_or(value, |(low, high)| value.clamp(low, high))
    }

    /// The weakest standing among the constants of a rate; hypotheses count where nothing else does.
    pub(crate) fn standing(&self, law: NodeId) -> Option<Status> {
        let expanded = self.expand(law);
        let provenances = self.vars_of(expanded).into_iter().map(|id| self.model.provenance(id));
        let findings =
            provenances.filter(|provenance| !provenance.evidence.iter().all(|id| id == DEFINITION));
        let found: Vec<Status> = findings.filter_map(|provenance| provenance.status).collect();
        let firm = found.iter().copied().filter(|s| *s != Status::Hypothesis).max();
        firm.or_else(|| found.into_iter().max())
    }

    /// A rate as it is written; a very long one is only named.
    pub(crate) fn text(&self, law: NodeId) -> String {
        if self.model.graph.tree_size(law) > LONGEST {
            return "a long expression".to_string();
        }
        self.model.graph.infix(law, &|symbol| name(self.model, symbol))
    }
}

/// A free variable of a model's expressions by name.
pub(crate) fn name(model: &Model, symbol: Symbol) -> String {
    match symbol {
        Symbol::Time => "time".to_string(),
        Symbol::Var(k) => model.vars.get(VarId(k)).map_or("?", |var| &var.name).to_string(),
        Symbol::Delayed(k) => format!("delayed[{k}]"),
        Symbol::State(k) | Symbol::Param(k) => format!("?{k}"),
    }
}
