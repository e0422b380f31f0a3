//! Expressions as a graph in which each distinct expression stands once.

use std::collections::HashMap;

use crate::index::Id;
use crate::op::Op;

crate::define_id! {
    /// An expression of a [`Graph`].
    NodeId
}

/// A free variable. The layers above give the numbers a meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Symbol {
    /// The independent variable.
    Time,
    /// A variable of a resolved model, before it is lowered.
    Var(u32),
    /// A state of a system of differential equations.
    State(u32),
    /// A parameter, constant between events.
    Param(u32),
}

/// One expression; operands are always older than the expression itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Node {
    /// A number, as its bits so that nodes can be compared.
    Number(u64),
    /// A free variable.
    Symbol(Symbol),
    /// An operation; operands beyond its arity are `NodeId(0)`.
    Apply(Op, [NodeId; 3]),
}

/// A store of expressions without duplicates.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    nodes: Vec<Node>,
    ids: HashMap<Node, NodeId>,
}

impl Graph {
    /// An empty graph.
    pub fn new() -> Self {
        Graph::default()
    }

    /// The expression behind an id.
    pub fn node(&self, id: NodeId) -> Node {
        self.nodes[id.index()]
    }

    /// How many distinct expressions there are.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    fn intern(&mut self, node: Node) -> NodeId {
        if let Some(id) = self.ids.get(&node) {
            return *id;
        }
        let id = NodeId::from_index(self.nodes.len());
        self.nodes.push(node);
        self.ids.insert(node, id);
        id
    }

    /// A number.
    pub fn number(&mut self, value: f64) -> NodeId {
        self.intern(Node::Number(value.to_bits()))
    }

    /// A free variable.
    pub fn symbol(&mut self, symbol: Symbol) -> NodeId {
        self.intern(Node::Symbol(symbol))
    }

    /// An operation on as many operands as it takes, simplified.
    pub fn apply(&mut self, op: Op, operands: &[NodeId]) -> NodeId {
        let mut args = [NodeId(0); 3];
        args[..op.arity()].copy_from_slice(&operands[..op.arity()]);
        self.intern(Node::Apply(op, args))
    }

    /// The number a node is, if it is one.
    pub fn as_number(&self, id: NodeId) -> Option<f64> {
        match self.node(id) {
            Node::Number(bits) => Some(f64::from_bits(bits)),
            _ => None,
        }
    }

    /// The derivative of `id` with respect to a free variable.
    pub fn differentiate(&mut self, id: NodeId, symbol: Symbol) -> NodeId {
        let _ = (id, symbol);
        unimplemented!("written next")
    }

    /// The free variables of an expression, sorted, each once.
    pub fn symbols_of(&self, id: NodeId) -> Vec<Symbol> {
        let _ = id;
        unimplemented!("written next")
    }

    /// `id` with free variables replaced where `replace` gives a node.
    pub fn substitute(
        &mut self,
        id: NodeId,
        replace: &mut dyn FnMut(&mut Graph, Symbol) -> Option<NodeId>,
    ) -> NodeId {
        let _ = (id, replace);
        unimplemented!("written next")
    }

    /// The sum.
    pub fn add(&mut self, a: NodeId, b: NodeId) -> NodeId {
        self.apply(Op::Add, &[a, b])
    }

    /// The difference.
    pub fn sub(&mut self, a: NodeId, b: NodeId) -> NodeId {
        self.apply(Op::Sub, &[a, b])
    }

    /// The product.
    pub fn mul(&mut self, a: NodeId, b: NodeId) -> NodeId {
        self.apply(Op::Mul, &[a, b])
    }

    /// The quotient.
    pub fn div(&mut self, a: NodeId, b: NodeId) -> NodeId {
        self.apply(Op::Div, &[a, b])
    }

    /// The negation.
    pub fn neg(&mut self, a: NodeId) -> NodeId {
        self.apply(Op::Neg, &[a])
    }
}
