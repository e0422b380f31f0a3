//! A system as text: equations with named parts, and the sparsity of the Jacobian.
//!
//! A part that has a name, or occurs twice, is written once under its name (`#3` for one without) and used by it,
//! so that the text grows with the graph and not with the tree it stands for.

use std::collections::HashMap;
use std::fmt;

use hepatica_expr::{Graph, Id, Node, NodeId, Symbol};

use super::{bracketed, heading, line};
use crate::system::{Event, StateId, System, Target};

impl fmt::Display for System {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = Text::new(self);
        writeln!(f, "system {}", self.name)?;
        heading(f, "states", self.states.len())?;
        for (id, state) in self.states.enumerate() {
            let unit = bracketed(&state.unit);
            line(f, &format!("{}{unit}{}", text.state(id.0), text.start(Target::State(id))))?;
        }
        heading(f, "parameters", self.params.len())?;
        for (id, param) in self.params.enumerate() {
            let unit = bracketed(&param.unit);
            line(f, &format!("{}{unit}{}", param.name, text.start(Target::Param(id))))?;
        }
        heading(f, "definitions", text.definitions.len())?;
        for definition in &text.definitions {
            line(
                f,
                &format!(
                    "{}{} = {}",
                    definition.name,
                    bracketed(&definition.unit),
                    text.infix(definition.node)
                ),
            )?;
        }
        heading(f, "equations", self.rhs.len())?;
        for (id, node) in self.rhs.enumerate() {
            let is_algebraic = self.mass.as_ref().is_some_and(|mass| mass[id] == 0.0);
            let left = if is_algebraic { "0".to_string() } else { format!("d/dt {}", text.state(id.0)) };
            line(f, &format!("{left} = {}", text.of(*node)))?;
        }
        for (k, delay) in self.delays.iter().enumerate() {
            let (value, lag) = (text.of(delay.value), text.of(delay.lag));
            line(f, &format!("{} = {value}, {lag} ago", text.delayed(k as u32)))?;
        }
        text.fmt_jacobian(f)?;
        heading(f, "events", self.events.len())?;
        self.events.iter().try_for_each(|event| line(f, &text.event(event)))
    }
}

/// A part written under its own name.
struct Definition {
    name: String,
    unit: String,
    /// In the copied graph.
    node: NodeId,
}

/// The system's expressions, copied with the parts that have definitions replaced by their names.
struct Text<'s> {
    system: &'s System,
    graph: Graph,
    definitions: Vec<Definition>,
    copies: HashMap<NodeId, NodeId>,
    starts: HashMap<Target, NodeId>,
}

impl<'s> Text<'s> {
    fn new(system: &'s System) -> Self {
        let roots = roots(system);
        let order = system.graph.reachable(&roots);
        let uses = uses(&system.graph, &order, &roots);
        let named = named(system);
        let starts = system.initial.iter().copied().collect();
        let mut text =
            Text { system, graph: Graph::new(), definitions: Vec::new(), copies: HashMap::new(), starts };
        let mut shared = 0;
        for id in order {
            let copy = text.copy(id);
            let output = named.get(&id).map(|i| &system.outputs.as_slice()[*i]);
            let is_shared = uses.get(&id).is_some_and(|n| *n > 1) && is_compound(&text.graph, copy);
            let (name, unit) = match output {
                Some(output) => (output.name.clone(), output.unit.clone()),
                None if is_shared => {
                    shared += 1;
                    (format!("#{shared}"), String::new())
                }
                None => continue,
            };
            let symbol = text.graph.symbol(Symbol::Var(text.definitions.len() as u32));
            text.definitions.push(Definition { name, unit, node: copy });
            text.copies.insert(id, symbol);
        }
        text
    }

    /// Copies one node; its operands are copied already.
    fn copy(&mut self, id: NodeId) -> NodeId {
        let copy = match self.system.graph.node(id) {
            Node::Number(bits) => self.graph.number(f64::from_bits(bits)),
            Node::Symbol(symbol) => self.graph.symbol(symbol),
            node @ Node::Apply(op, _) => {
                let operands: Vec<NodeId> =
                    node.operands().iter().map(|o| self.copies.get(o).copied().unwrap_or(*o)).collect();
                self.graph.apply(op, &operands)
            }
        };
        self.copies.insert(id, copy);
        copy
    }

    /// An expression of the system.
    fn of(&self, node: NodeId) -> String {
        self.copies.get(&node).map_or_else(|| "?".to_string(), |copy| self.infix(*copy))
    }

    /// An expression of the copied graph.
    fn infix(&self, node: NodeId) -> String {
        self.graph.infix(node, &|symbol| match symbol {
            Symbol::Time => "time".to_string(),
            Symbol::State(i) => self.state(i),
            Symbol::Param(i) => {
                self.system.params.as_slice().get(i as usize).map_or("?", |p| &p.name).to_string()
            }
            Symbol::Delayed(i) => self.delayed(i),
            Symbol::Var(i) => self.definitions.get(i as usize).map_or("?", |d| &d.name).to_string(),
        })
    }

    /// A delay by its position, or the time derivative of one.
    fn delayed(&self, index: u32) -> String {
        let n = self.system.delays.len() as u32;
        if index < n { format!("delayed[{index}]") } else { format!("delayed[{}]'", index - n) }
    }

    /// A state by the name of the output that is the state itself: `amount(S)` where `S` is a concentration.
    fn state(&self, index: u32) -> String {
        let Some(state) = self.system.states.as_slice().get(index as usize) else { return "?".to_string() };
        let is_state = |node| self.system.graph.node(node) == Node::Symbol(Symbol::State(index));
        let output = self.system.outputs.iter().find(|output| is_state(output.node));
        output.map_or_else(|| state.name.clone(), |output| output.name.clone())
    }

    fn start(&self, target: Target) -> String {
        self.starts.get(&target).map_or(String::new(), |node| format!(" = {}", self.of(*node)))
    }

    fn fmt_jacobian(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let n = self.system.states.len();
        heading(f, &format!("jacobian: entries of {n} x {n}"), self.system.jacobian.len())?;
        for row in self.system.states.ids() {
            let entries = self.system.jacobian.iter().filter(|entry| entry.row == row);
            let columns: Vec<String> = entries.map(|entry| self.state(entry.col.0)).collect();
            if !columns.is_empty() {
                line(f, &format!("{}: {}", self.state(row.0), columns.join(" ")))?;
            }
        }
        Ok(())
    }

    fn event(&self, event: &Event) -> String {
        let roots: Vec<String> = event.roots.iter().map(|root| self.of(*root)).collect();
        let target = |target: Target| match target {
            Target::State(StateId(i)) => self.state(i),
            Target::Param(id) => self.system.params.get(id).map_or("?", |p| &p.name).to_string(),
        };
        let set: Vec<String> = event
            .assignments
            .iter()
            .map(|a| match a.factor {
                Some(factor) => {
                    format!("{} = {} * ({})", target(a.target), self.of(a.value), self.of(factor))
                }
                None => format!("{} = {}", target(a.target), self.of(a.value)),
            })
            .collect();
        let delay = event.delay.map_or(String::new(), |delay| format!("{} after ", self.of(delay)));
        format!(
            "{}: at {delay}{}: {}; roots {}",
            event.name,
            self.of(event.trigger),
            set.join(", "),
            roots.join(", ")
        )
    }
}

/// Everything that is printed.
fn roots(system: &System) -> Vec<NodeId> {
    let mut roots: Vec<NodeId> = system.rhs.iter().copied().collect();
    roots.extend(system.outputs.iter().map(|output| output.node));
    roots.extend(system.initial.iter().map(|(_, node)| *node));
    for event in &system.events {
        roots.push(event.trigger);
        roots.extend(event.delay.iter().chain(&event.priority).chain(&event.roots));
        roots.extend(event.assignments.iter().flat_map(|a| [Some(a.value), a.factor]).flatten());
    }
    roots
}

/// How often each part is used.
fn uses(graph: &Graph, order: &[NodeId], roots: &[NodeId]) -> HashMap<NodeId, usize> {
    let mut uses = HashMap::new();
    let operands = order.iter().flat_map(|id| match graph.node(*id) {
        Node::Apply(op, args) => args[..op.arity()].to_vec(),
        Node::Number(_) | Node::Symbol(_) => Vec::new(),
    });
    operands.chain(roots.iter().copied()).for_each(|id| *uses.entry(id).or_insert(0) += 1);
    uses
}

/// The first output that a compound expression is the value of.
fn named(system: &System) -> HashMap<NodeId, usize> {
    let mut named = HashMap::new();
    for (id, output) in system.outputs.enumerate() {
        if matches!(system.graph.node(output.node), Node::Apply(..)) {
            named.entry(output.node).or_insert(id.index());
        }
    }
    named
}

/// More than one operation.
fn is_compound(graph: &Graph, id: NodeId) -> bool {
    graph.node(id).operands().iter().any(|operand| matches!(graph.node(*operand), Node::Apply(..)))
}
