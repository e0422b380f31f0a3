//! Expressions as a graph in which each distinct expression stands once.

use rustc_hash::FxHashMap;

use crate::differentiate::Differentiator;
use crate::index::Id;
use crate::op::Op;
use crate::simplify;

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
    /// A value of the past: one of the delays that a model or system lists.
    Delayed(u32),
    /// A state of a system of differential equations.
    State(u32),
    /// A parameter, constant between events.
    Param(u32),
}

/// What kind of free variable a [`Symbol`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SymbolKind {
    /// The independent variable.
    Time,
    /// A variable of a resolved model.
    Var,
    /// A value of the past.
    Delayed,
    /// A state.
    State,
    /// A parameter.
    Param,
}

impl Symbol {
    /// What kind of free variable it is.
    pub const fn kind(self) -> SymbolKind {
        match self {
            Symbol::Time => SymbolKind::Time,
            Symbol::Var(_) => SymbolKind::Var,
            Symbol::Delayed(_) => SymbolKind::Delayed,
            Symbol::State(_) => SymbolKind::State,
            Symbol::Param(_) => SymbolKind::Param,
        }
    }
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

impl Node {
    /// The operands; empty for a number or a free variable.
    pub fn operands(&self) -> &[NodeId] {
        match self {
            Node::Apply(op, args) => &args[..op.arity()],
            Node::Number(_) | Node::Symbol(_) => &[],
        }
    }
}

/// A store of expressions without duplicates.
///
/// Nodes are never changed or removed, and a node's operands have smaller ids than the node, so ascending ids
/// are an order in which everything can be evaluated.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    nodes: Vec<Node>,
    /// Which kinds of symbols each node depends on, one bit per [`SymbolKind`].
    kinds: Vec<u8>,
    ids: FxHashMap<Node, NodeId>,
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

    /// All expressions with their ids, operands before what uses them.
    pub fn nodes(&self) -> impl Iterator<Item = (NodeId, Node)> + '_ {
        self.nodes.iter().enumerate().map(|(index, node)| (NodeId::from_index(index), *node))
    }

    /// How many distinct expressions there are.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    pub(crate) fn intern(&mut self, node: Node) -> NodeId {
        if let Some(id) = self.ids.get(&node) {
            return *id;
        }
        let kinds = match node {
            Node::Number(_) => 0,
            Node::Symbol(symbol) => 1 << symbol.kind() as u8,
            Node::Apply(..) => node.operands().iter().fold(0, |bits, arg| bits | self.kinds[arg.index()]),
        };
        let id = NodeId::from_index(self.nodes.len());
        self.nodes.push(node);
        self.kinds.push(kinds);
        self.ids.insert(node, id);
        id
    }

    /// A number. All NaNs are one node.
    pub fn number(&mut self, value: f64) -> NodeId {
        let value = if value.is_nan() { f64::NAN } else { value };
        self.intern(Node::Number(value.to_bits()))
    }

    /// A free variable.
    pub fn symbol(&mut self, symbol: Symbol) -> NodeId {
        self.intern(Node::Symbol(symbol))
    }

    /// An operation on as many operands as it takes, simplified as [`crate::simplify`] says.
    ///
    /// # Panics
    /// If fewer operands are given than the operation takes, or an operand is not of this graph.
    pub fn apply(&mut self, op: Op, operands: &[NodeId]) -> NodeId {
        let mut args = [NodeId(0); 3];
        args[..op.arity()].copy_from_slice(&operands[..op.arity()]);
        simplify::apply(self, op, args)
    }

    /// The number a node is, if it is one.
    pub fn as_number(&self, id: NodeId) -> Option<f64> {
        match self.node(id) {
            Node::Number(bits) => Some(f64::from_bits(bits)),
            _ => None,
        }
    }

    /// One bit per [`SymbolKind`] an expression depends on.
    pub(crate) fn kinds(&self, id: NodeId) -> u8 {
        self.kinds[id.index()]
    }

    /// Whether an expression depends on any free variable of a kind, as far as its structure says.
    pub fn depends_on(&self, id: NodeId, kind: SymbolKind) -> bool {
        self.kinds[id.index()] & (1 << kind as u8) != 0
    }

    /// Whether an expression depends on parameters and numbers only, so that it is constant between events.
    pub fn is_constant_between_events(&self, id: NodeId) -> bool {
        self.kinds[id.index()] & !(1 << SymbolKind::Param as u8) == 0
    }

    /// The derivative of `id` with respect to a free variable.
    ///
    /// For many expressions or symbols use one [`Differentiator`] or [`Graph::jacobian`], which share the work.
    pub fn differentiate(&mut self, id: NodeId, symbol: Symbol) -> NodeId {
        let entry = Differentiator::new(&[symbol]).gradient(self, id).first().map(|partial| partial.1);
        entry.unwrap_or_else(|| self.number(0.0))
    }
}
