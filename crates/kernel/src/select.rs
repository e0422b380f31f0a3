//! Graph -> drafts: which values are numbers, which belong to the parameters, which a tape must compute.

use rustc_hash::FxHashMap;

use hepatica_expr::index::Id;
use hepatica_expr::{Graph, Node, NodeId, Op, Symbol};
use hepatica_model::system::System;

use crate::code::Code;
use crate::draft::{Draft, Operand};
use crate::options::Rounding;
use crate::section::Section;
use crate::slot::{Slot, Space};

/// What an expression depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Class {
    /// Nothing: it is folded into a number.
    Number,
    /// Parameters: it is hoisted.
    Param,
    /// Time or states.
    Varying,
}

/// What all tapes of a kernel share while they are made: numbers and hoisted terms.
pub(crate) struct Selector<'a> {
    graph: &'a Graph,
    rounding: Rounding,
    classes: Vec<Class>,
    /// Values of numbers and folded expressions.
    numbers: Vec<f64>,
    constants: Vec<f64>,
    constant_ids: FxHashMap<u64, u32>,
    /// The steps that compute hoisted terms.
    hoist: Draft,
    hoisted: u32,
    hoist_memo: Vec<Option<Operand>>,
    /// A free variable that belongs to no state or parameter of the system, if one was met.
    stranger: Option<Symbol>,
    n_states: u32,
    n_params: u32,
    /// Values of the past and their time derivatives.
    n_delayed: u32,
}

impl<'a> Selector<'a> {
    /// Classifies every expression of the graph.
    pub(crate) fn new(system: &'a System, rounding: Rounding) -> Self {
        let graph = &system.graph;
        let mut selector = Selector {
            graph,
            rounding,
            stranger: None,
            n_states: system.states.len() as u32,
            n_params: system.params.len() as u32,
            n_delayed: 2 * system.delays.len() as u32,
            classes: Vec::with_capacity(graph.len()),
            numbers: Vec::with_capacity(graph.len()),
            constants: Vec::new(),
            constant_ids: FxHashMap::default(),
            hoist: Draft::default(),
            hoisted: 0,
            hoist_memo: vec![None; graph.len()],
        };
        for index in 0..graph.len() {
            let (class, number) = selector.classify(NodeId::from_index(index));
            selector.classes.push(class);
            selector.numbers.push(number);
        }
        selector
    }

    fn classify(&self, id: NodeId) -> (Class, f64) {
        match self.graph.node(id) {
            Node::Number(bits) => (Class::Number, f64::from_bits(bits)),
            Node::Symbol(Symbol::Param(_)) => (Class::Param, f64::NAN),
            Node::Symbol(_) => (Class::Varying, f64::NAN),
            Node::Apply(op, args) => {
                let args = &args[..op.arity()];
                let class = args.iter().map(|a| self.classes[a.index()]).max().unwrap_or(Class::Number);
                if class != Class::Number {
                    return (class, f64::NAN);
                }
                let value = |k: usize| args.get(k).map_or(f64::NAN, |a: &NodeId| self.numbers[a.index()]);
                (class, op.eval(value(0), value(1), value(2)))
            }
        }
    }

    /// The graph.
    pub(crate) fn graph(&self) -> &'a Graph {
        self.graph
    }

    /// How closely tapes follow the graph's rounding.
    pub(crate) fn rounding(&self) -> Rounding {
        self.rounding
    }

    /// Whether an expression depends on time or states.
    pub(crate) fn varies(&self, id: NodeId) -> bool {
        self.classes[id.index()] == Class::Varying
    }

    /// The number an expression is, if it depends on nothing.
    pub(crate) fn number(&self, id: NodeId) -> Option<f64> {
        (self.classes[id.index()] == Class::Number).then(|| self.numbers[id.index()])
    }

    /// The place of a number; equal bits share it.
    pub(crate) fn constant(&mut self, value: f64) -> Operand {
        let next = self.constants.len() as u32;
        let index = *self.constant_ids.entry(value.to_bits()).or_insert(next);
        if index == next {
            self.constants.push(value);
        }
        Operand::at(Space::Constant, index)
    }

    /// The draft of a tape that computes `roots`, with the operand of each.
    pub(crate) fn draft(&mut self, roots: &[NodeId]) -> (Draft, Vec<Operand>) {
        Section::new(self, roots).finish(roots)
    }

    /// What the drafts refer to, when all of them are selected.
    ///
    /// # Errors
    /// A free variable of a selected expression that is neither time nor a state or parameter of the system.
    pub(crate) fn finish(self) -> Result<Selected, Symbol> {
        match self.stranger {
            Some(symbol) => Err(symbol),
            None => Ok(Selected { hoist: self.hoist, hoisted: self.hoisted, constants: self.constants }),
        }
    }

    /// The place of a free variable.
    pub(crate) fn symbol(&mut self, symbol: Symbol) -> Operand {
        match symbol {
            Symbol::Time => Operand::at(Space::Time, 0),
            Symbol::State(index) if index < self.n_states => Operand::at(Space::State, index),
            Symbol::Param(index) if index < self.n_params => Operand::at(Space::Param, index),
            Symbol::Delayed(index) if index < self.n_delayed => Operand::at(Space::Delayed, index),
            stranger => {
                self.stranger = Some(stranger);
                Operand::at(Space::Time, 0)
            }
        }
    }

    /// The place of an expression that does not vary, for use by any tape.
    pub(crate) fn hoisted(&mut self, id: NodeId) -> Operand {
        let value = self.hoist_value(id);
        self.pin(value)
    }

    /// The place of a number times expressions that do not vary, each with whether it divides; at least one.
    pub(crate) fn hoisted_product(&mut self, number: f64, factors: &[(NodeId, bool)]) -> Operand {
        let mut product = None;
        for (id, divides) in factors {
            let value = self.hoist_value(*id);
            product = Some(match (product, divides) {
                (None, false) => value,
                (None, true) => self.hoist.push(Code::Recip, &[value]),
                (Some(product), false) => self.hoist.push(Code::Op(Op::Mul), &[product, value]),
                (Some(product), true) => self.hoist.push(Code::Op(Op::Div), &[product, value]),
            });
        }
        let product = match product {
            Some(product) if number == 1.0 => product,
            Some(product) if number == -1.0 => self.hoist.push(Code::Op(Op::Neg), &[product]),
            Some(product) => {
                let number = self.constant(number);
                self.hoist.push(Code::Op(Op::Mul), &[number, product])
            }
            None => self.constant(number),
        };
        self.pin(product)
    }

    fn pin(&mut self, value: Operand) -> Operand {
        let wanted = Slot::new(Space::Hoisted, self.hoisted);
        let slot = self.hoist.pin(value, wanted);
        self.hoisted += u32::from(slot == wanted);
        Operand::Slot(slot)
    }

    /// The value of an expression that does not vary, inside the hoist draft.
    fn hoist_value(&mut self, id: NodeId) -> Operand {
        let mut stack = vec![id];
        let mut value = Operand::at(Space::Constant, 0);
        while let Some(&id) = stack.last() {
            if let Some(known) = self.hoist_memo[id.index()] {
                value = known;
                stack.pop();
                continue;
            }
            value = match self.graph.node(id) {
                _ if self.classes[id.index()] == Class::Number => self.constant(self.numbers[id.index()]),
                Node::Apply(op, args) => {
                    let args = &args[..op.arity()];
                    let waiting = stack.len();
                    stack.extend(args.iter().filter(|a| self.hoist_memo[a.index()].is_none()));
                    if stack.len() > waiting {
                        continue;
                    }
                    let operands: Vec<Operand> =
                        args.iter().filter_map(|a| self.hoist_memo[a.index()]).collect();
                    self.hoist.push(Code::Op(op), &operands)
                }
                Node::Symbol(symbol) => self.symbol(symbol),
                Node::Number(bits) => self.constant(f64::from_bits(bits)),
            };
            self.hoist_memo[id.index()] = Some(value);
            stack.pop();
        }
        value
    }
}

/// What the drafts of all tapes refer to.
pub(crate) struct Selected {
    /// Computes the hoisted terms.
    pub(crate) hoist: Draft,
    /// Number of hoisted slots.
    pub(crate) hoisted: u32,
    /// The numbers.
    pub(crate) constants: Vec<f64>,
}
