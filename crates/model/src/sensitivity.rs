//! System -> the same system with the derivatives of its states by some of its values.
//!
//! The derivative `s` of the states `y' = f(y, p, t)` by a value obeys `s' = (df/dy) s + df/dp dp`, from the same
//! expression graph as the Jacobian: Hairer, Nørsett and Wanner, Solving Ordinary Differential Equations I, I.14. What is
//! added to a state from outside, a dose or an infusion, adds nothing to `s`. Values at time zero that are computed
//! from a chosen value follow it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use hepatica_expr::{Graph, IdVec, Node, NodeId, Op, Partial, Symbol};

use crate::system::{
    Assignment, JacobianEntry, Output, OutputId, Param, ParamId, State, StateId, System, Target,
};

/// A value that states are derived by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Direction {
    /// A parameter, or the value of a state at time zero.
    pub target: Target,
    /// By the logarithm of the value: derivatives have then the unit and the size of what is derived.
    pub is_log: bool,
}

/// A system whose last states are derivatives of the first.
#[derive(Clone, Debug)]
pub struct Sensitive {
    /// The states of the system as they were, then the derivatives that the outputs asked for need.
    pub system: Arc<System>,
    /// `slopes[output][direction]` of the outputs asked for; `None` where it is zero.
    pub slopes: Vec<Vec<Option<OutputId>>>,
    /// Values, and the parameters that hold their derivatives by a direction at time zero.
    derived: Vec<(Target, Target)>,
}

impl Sensitive {
    /// Values given at time zero, with the derivatives of given values, which follow nothing, set to zero.
    pub fn overrides(&self, given: &[(Target, f64)]) -> Vec<(Target, f64)> {
        let is_given = |target: &Target| given.iter().any(|(t, _)| t == target);
        let still = self.derived.iter().filter(|(of, _)| is_given(of)).map(|(_, by)| (*by, 0.0));
        given.iter().copied().chain(still).collect()
    }
}

/// Why a system has no derivatives by some of its values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SensitivityError {
    /// The system has algebraic equations, delays or fast reactions.
    Kind(&'static str),
    /// An event whose moment, or what it sets a parameter to, depends on a direction.
    Event(String),
    /// A moment at which an equation changes depends on a direction.
    Switch,
    /// The rate of a state jumps where a value that depends on a direction crosses another.
    Jump(String),
}

impl fmt::Display for SensitivityError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("derivatives by model values are unsupported for ")?;
        match self {
            SensitivityError::Kind(kind) => write!(f, "models with {kind}"),
            SensitivityError::Event(name) => {
                write!(f, "the event `{name}`: its moment, or a parameter it sets, depends on such a value")
            }
            SensitivityError::Switch => {
                f.write_str("equations that change at a time that depends on such a value")
            }
            SensitivityError::Jump(state) => {
                write!(
                    f,
                    "`{state}`: its rate jumps where a quantity that depends on such a value crosses another"
                )
            }
        }
    }
}

impl std::error::Error for SensitivityError {}

/// The system with the derivatives of some outputs by some values.
///
/// # Errors
/// What is unsupported: algebraic equations, delays, fast reactions, moments and jumps that depend on a direction.
pub fn sensitive(
    system: &System,
    by: &[Direction],
    outputs: &[OutputId],
) -> Result<Sensitive, SensitivityError> {
    if system.mass.is_some() {
        return Err(SensitivityError::Kind("algebraic equations"));
    }
    if !system.delays.is_empty() {
        return Err(SensitivityError::Kind("delays"));
    }
    if !system.fast.is_empty() || !system.totals.is_empty() {
        return Err(SensitivityError::Kind("fast reactions"));
    }
    let mut work = Work::new(system.clone(), by);
    work.start();
    let partials = Partials::of(&mut work, outputs);
    let kept = work.kept(&partials);
    work.refuse_jumps(&kept)?;
    work.name_states(&kept);
    work.add_equations(&kept, &partials);
    work.extend_events(&partials)?;
    let slopes = work.add_outputs(outputs, &partials);
    Ok(Sensitive { system: Arc::new(work.system), slopes, derived: work.derived })
}

/// A state and a direction.
type Place = (u32, usize);

/// The derivative of a row by a symbol, `lists[row]`.
type Lists = Vec<Vec<(Symbol, NodeId)>>;

/// What the equations, the outputs and the events are derived by states and parameters.
struct Partials {
    rhs: Lists,
    outputs: Lists,
    /// A list for each assignment, event after event.
    assigned: Lists,
}

impl Partials {
    fn of(work: &mut Work<'_>, outputs: &[OutputId]) -> Partials {
        let rhs = work.system.rhs.as_slice().to_vec();
        let asked: Vec<NodeId> = outputs.iter().map(|id| work.system.outputs[*id].node).collect();
        let set: Vec<NodeId> =
            work.system.events.iter().flat_map(|e| e.assignments.iter().map(|a| a.value)).collect();
        Partials { rhs: work.derive(&rhs), outputs: work.derive(&asked), assigned: work.derive(&set) }
    }
}

/// A system that grows.
struct Work<'a> {
    system: System,
    by: &'a [Direction],
    /// The derivative of a value at time zero by a direction, where it is not zero.
    at_zero: BTreeMap<(Target, usize), NodeId>,
    /// The same of parameters, as it can be read at any time.
    params: BTreeMap<(ParamId, usize), NodeId>,
    /// The symbols of the derivatives of states.
    states: BTreeMap<Place, NodeId>,
    derived: Vec<(Target, Target)>,
    n: u32,
}

impl<'a> Work<'a> {
    fn new(system: System, by: &'a [Direction]) -> Self {
        let n = system.states.len() as u32;
        Work {
            system,
            by,
            at_zero: BTreeMap::new(),
            params: BTreeMap::new(),
            states: BTreeMap::new(),
            derived: Vec::new(),
            n,
        }
    }

    /// Derivatives of values at time zero, each after those of what it is computed from.
    fn start(&mut self) {
        for (k, direction) in self.by.iter().enumerate() {
            let graph = &mut self.system.graph;
            let one = match direction.is_log {
                true => graph.symbol(symbol(direction.target)),
                false => graph.number(1.0),
            };
            self.at_zero.insert((direction.target, k), one);
            if let Target::Param(param) = direction.target {
                self.params.insert((param, k), one);
            }
        }
        let initial = self.system.initial.clone();
        let nodes: Vec<NodeId> = initial.iter().map(|(_, node)| *node).collect();
        let lists = self.derive(&nodes);
        for ((target, _), list) in initial.iter().zip(lists) {
            if self.by.iter().any(|d| d.target == *target) {
                continue;
            }
            for k in 0..self.by.len() {
                let at_zero = self.at_zero.clone();
                let of = |symbol: Symbol| at_zero.get(&(target_of(symbol)?, k)).copied();
                if let Some(slope) = chain(&mut self.system.graph, &list, &of) {
                    self.hold(*target, k, slope);
                }
            }
        }
    }

    /// Gives the derivative of a value at time zero a parameter of its own, which is readable at any time, and zero for a
    /// person whose value is given.
    fn hold(&mut self, target: Target, k: usize, slope: NodeId) {
        let name = match target {
            Target::State(id) => self.name(&format!("{}(0)", self.system.states[id].name), k),
            Target::Param(id) => self.name(&self.system.params[id].name, k),
        };
        let id = ParamId(self.system.params.len() as u32);
        self.system.params.push(Param { name, unit: String::new() });
        self.system.initial.push((Target::Param(id), slope));
        self.derived.push((target, Target::Param(id)));
        let symbol = self.system.graph.symbol(Symbol::Param(id.0));
        if let Target::Param(param) = target {
            self.params.insert((param, k), symbol);
        }
        self.at_zero.insert((target, k), symbol);
    }

    fn name(&self, of: &str, k: usize) -> String {
        let Direction { target, is_log } = self.by[k];
        let by = match target {
            Target::State(id) => &self.system.states[id].name,
            Target::Param(id) => &self.system.params[id].name,
        };
        if is_log { format!("d({of})/dln({by})") } else { format!("d({of})/d({by})") }
    }

    /// The derivatives of expressions by states and parameters.
    fn derive(&mut self, nodes: &[NodeId]) -> Lists {
        let states = (0..self.n).map(Symbol::State);
        let symbols: Vec<Symbol> =
            states.chain((0..self.system.params.len() as u32).map(Symbol::Param)).collect();
        let mut lists = vec![Vec::new(); nodes.len()];
        for Partial { row, col, node } in self.system.graph.jacobian(nodes, &symbols) {
            if self.system.graph.as_number(node) != Some(0.0) {
                lists[row].push((symbols[col], node));
            }
        }
        lists
    }

    /// The derivatives that are not zero and that the outputs need.
    fn kept(&self, partials: &Partials) -> BTreeSet<Place> {
        let targets: Vec<Target> =
            self.system.events.iter().flat_map(|e| e.assignments.iter().map(|a| a.target)).collect();
        let rows = || {
            let rhs =
                partials.rhs.iter().enumerate().map(|(i, list)| (Target::State(StateId(i as u32)), list));
            rhs.chain(targets.iter().copied().zip(&partials.assigned))
        };
        let mut moved: BTreeSet<Place> = self
            .at_zero
            .keys()
            .filter_map(|(target, k)| match target {
                Target::State(state) => Some((state.0, *k)),
                Target::Param(_) => None,
            })
            .collect();
        let read = |list: &Vec<(Symbol, NodeId)>| -> Vec<u32> {
            list.iter().filter_map(|(s, _)| if let Symbol::State(i) = s { Some(*i) } else { None }).collect()
        };
        let mut needed: BTreeSet<u32> = partials.outputs.iter().flat_map(read).collect();
        loop {
            let before = (moved.len(), needed.len());
            for (target, list) in rows() {
                let Target::State(StateId(row)) = target else { continue };
                for k in 0..self.by.len() {
                    let moves = list.iter().any(|(symbol, _)| match symbol {
                        Symbol::State(i) => moved.contains(&(*i, k)),
                        Symbol::Param(i) => self.params.contains_key(&(ParamId(*i), k)),
                        _ => false,
                    });
                    if moves {
                        moved.insert((row, k));
                    }
                }
                if needed.contains(&row) {
                    needed.extend(read(list));
                }
            }
            if before == (moved.len(), needed.len()) {
                return moved.into_iter().filter(|(state, _)| needed.contains(state)).collect();
            }
        }
    }

    /// Whether an expression depends on anything that has a derivative.
    fn depends(&self, node: NodeId, kept: &BTreeSet<Place>) -> bool {
        self.system.graph.reachable(&[node]).into_iter().any(|id| match self.system.graph.node(id) {
            Node::Symbol(Symbol::State(i)) => kept.range((i, 0)..=(i, usize::MAX)).next().is_some(),
            Node::Symbol(Symbol::Param(i)) => {
                (0..self.by.len()).any(|k| self.params.contains_key(&(ParamId(i), k)))
            }
            _ => false,
        })
    }

    /// Refuses what changes suddenly at a moment or a place that depends on a direction: the derivatives would jump there.
    fn refuse_jumps(&self, kept: &BTreeSet<Place>) -> Result<(), SensitivityError> {
        let System { graph, switches, events, rhs, states, .. } = &self.system;
        if switches.iter().any(|s| self.depends(s.offset, kept) || self.depends(s.slope, kept)) {
            return Err(SensitivityError::Switch);
        }
        for event in events {
            let factors = event.assignments.iter().filter_map(|a| a.factor);
            let moment = [Some(event.trigger), event.delay, event.priority];
            if moment.into_iter().flatten().chain(factors).any(|node| self.depends(node, kept)) {
                return Err(SensitivityError::Event(event.name.clone()));
            }
        }
        for (state, node) in rhs.enumerate() {
            let jumps = graph.reachable(&[*node]).into_iter().any(|id| {
                let sudden = matches!(
                    graph.node(id),
                    Node::Apply(
                        Op::Lt | Op::Le | Op::Eq | Op::Ne | Op::Floor | Op::Ceil | Op::Quotient | Op::Rem,
                        _
                    )
                );
                sudden && self.depends(id, kept)
            });
            if jumps {
                return Err(SensitivityError::Jump(states[state].name.clone()));
            }
        }
        Ok(())
    }

    /// Adds a state for each derivative, direction after direction.
    fn name_states(&mut self, kept: &BTreeSet<Place>) {
        let mut order: Vec<Place> = kept.iter().copied().collect();
        order.sort_by_key(|(state, k)| (*k, *state));
        for (state, k) in order {
            let State { name, unit } = &self.system.states[StateId(state)];
            let (name, unit) =
                (self.name(name, k), if self.by[k].is_log { unit.clone() } else { String::new() });
            let id = self.system.states.len() as u32;
            self.system.states.push(State { name, unit });
            let symbol = self.system.graph.symbol(Symbol::State(id));
            self.states.insert((state, k), symbol);
            let zero = self.system.graph.number(0.0);
            let start = self.at_zero.get(&(Target::State(StateId(state)), k)).copied();
            self.system.initial.push((Target::State(StateId(id)), start.unwrap_or(zero)));
        }
    }

    /// The derivative of an expression whose partial derivatives are known.
    fn slope(&mut self, list: &[(Symbol, NodeId)], k: usize) -> Option<NodeId> {
        let Work { system, states, params, .. } = self;
        let of = |symbol: Symbol| match symbol {
            Symbol::State(i) => states.get(&(i, k)).copied(),
            Symbol::Param(i) => params.get(&(ParamId(i), k)).copied(),
            _ => None,
        };
        chain(&mut system.graph, list, &of)
    }

    fn add_equations(&mut self, kept: &BTreeSet<Place>, partials: &Partials) {
        let mut order: Vec<Place> = kept.iter().copied().collect();
        order.sort_by_key(|(state, k)| (*k, *state));
        let mut rows = Vec::with_capacity(order.len());
        for (state, k) in order {
            let slope = self.slope(&partials.rhs[state as usize], k);
            rows.push(slope.unwrap_or_else(|| self.system.graph.number(0.0)));
        }
        let System { graph, rhs, jacobian, dfdt, states, .. } = &mut self.system;
        let symbols: Vec<Symbol> = states.ids().map(|state| Symbol::State(state.0)).collect();
        for Partial { row, col, node } in graph.jacobian(&rows, &symbols) {
            if graph.as_number(node) != Some(0.0) {
                let (row, col) = (StateId(self.n + row as u32), StateId(col as u32));
                jacobian.push(JacobianEntry { row, col, node });
            }
        }
        let mut explicit = vec![graph.number(0.0); rows.len()];
        for Partial { row, node, .. } in graph.jacobian(&rows, &[Symbol::Time]) {
            explicit[row] = node;
        }
        append(rhs, rows);
        append(dfdt, explicit);
    }

    /// What an event sets a state to, its derivatives are set to the derivatives of.
    fn extend_events(&mut self, partials: &Partials) -> Result<(), SensitivityError> {
        let mut next = 0;
        for event in 0..self.system.events.len() {
            let own = self.system.events[event].assignments.clone();
            let mut added = Vec::new();
            for Assignment { target, factor, .. } in own {
                let list = &partials.assigned[next];
                next += 1;
                for k in 0..self.by.len() {
                    let slope = self.slope(list, k);
                    let (id, value) = match target {
                        Target::Param(param) if slope.is_some() || self.params.contains_key(&(param, k)) => {
                            return Err(SensitivityError::Event(self.system.events[event].name.clone()));
                        }
                        Target::Param(_) => continue,
                        Target::State(StateId(state)) => match self.states.get(&(state, k)) {
                            Some(symbol) => (*symbol, slope),
                            None => continue,
                        },
                    };
                    let Node::Symbol(symbol) = self.system.graph.node(id) else { continue };
                    let Some(target) = target_of(symbol) else { continue };
                    let value = value.unwrap_or_else(|| self.system.graph.number(0.0));
                    added.push(Assignment { target, value, factor });
                }
            }
            self.system.events[event].assignments.extend(added);
        }
        Ok(())
    }

    fn add_outputs(&mut self, outputs: &[OutputId], partials: &Partials) -> Vec<Vec<Option<OutputId>>> {
        let mut slopes = Vec::with_capacity(outputs.len());
        for (id, list) in outputs.iter().zip(&partials.outputs) {
            let mut of = Vec::with_capacity(self.by.len());
            for k in 0..self.by.len() {
                let Some(node) = self.slope(list, k) else {
                    of.push(None);
                    continue;
                };
                let Output { name, unit, .. } = &self.system.outputs[*id];
                let (name, unit) =
                    (self.name(name, k), if self.by[k].is_log { unit.clone() } else { String::new() });
                of.push(Some(OutputId(self.system.outputs.len() as u32)));
                self.system.outputs.push(Output { name, node, unit });
            }
            slopes.push(of);
        }
        slopes
    }
}

/// The chain rule: what is derived, by symbols whose derivatives are known.
fn chain(
    graph: &mut Graph,
    list: &[(Symbol, NodeId)],
    of: &dyn Fn(Symbol) -> Option<NodeId>,
) -> Option<NodeId> {
    let mut sum = None;
    for (symbol, partial) in list {
        if let Some(slope) = of(*symbol) {
            let term = graph.mul(*partial, slope);
            sum = Some(sum.map_or(term, |sum| graph.add(sum, term)));
        }
    }
    sum.filter(|node| graph.as_number(*node) != Some(0.0))
}

fn append<I: hepatica_expr::Id, T>(to: &mut IdVec<I, T>, values: Vec<T>) {
    for value in values {
        to.push(value);
    }
}

fn symbol(target: Target) -> Symbol {
    match target {
        Target::State(id) => Symbol::State(id.0),
        Target::Param(id) => Symbol::Param(id.0),
    }
}

fn target_of(symbol: Symbol) -> Option<Target> {
    match symbol {
        Symbol::State(i) => Some(Target::State(StateId(i))),
        Symbol::Param(i) => Some(Target::Param(ParamId(i))),
        _ => None,
    }
}
