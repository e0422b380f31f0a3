//! Derivatives with respect to many symbols at once.

use rustc_hash::FxHashMap;

use crate::graph::{Graph, Node, NodeId, Symbol};
use crate::index::Id;
use crate::rules::{Chain, Tangent};

/// A structurally nonzero derivative: of expression `row` by symbol `col`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Partial {
    /// Position in the list of expressions.
    pub row: usize,
    /// Position in the list of symbols.
    pub col: usize,
    /// The derivative.
    pub node: NodeId,
}

/// Where a node's gradient lies in the arena.
#[derive(Clone, Copy, Debug)]
struct Range {
    start: u32,
    end: u32,
}

const NOT_YET: Range = Range { start: u32::MAX, end: u32::MAX };

/// Differentiates expressions of one graph with respect to a fixed list of symbols.
///
/// Each node is differentiated once for all symbols it depends on and remembered, so the second of two
/// expressions that share a part costs only what is new in it. A `Differentiator` belongs to the graph it was
/// first used with.
#[derive(Clone, Debug)]
pub struct Differentiator {
    columns: FxHashMap<Symbol, usize>,
    ranges: Vec<Range>,
    arena: Vec<(usize, NodeId)>,
}

impl Differentiator {
    /// For derivatives by these symbols; a symbol's column is its position.
    pub fn new(symbols: &[Symbol]) -> Self {
        let columns = symbols.iter().enumerate().map(|(column, symbol)| (*symbol, column)).collect();
        Differentiator { columns, ranges: Vec::new(), arena: Vec::new() }
    }

    /// The structurally nonzero derivatives of an expression as `(column, derivative)`, columns ascending.
    pub fn gradient(&mut self, graph: &mut Graph, root: NodeId) -> &[(usize, NodeId)] {
        let known = &self.ranges;
        let is_known = |id: NodeId| known.get(id.index()).is_some_and(|range| range.start != u32::MAX);
        let new = graph.reachable_unless(&[root], is_known);
        if self.ranges.len() <= root.index() {
            self.ranges.resize(root.index() + 1, NOT_YET);
        }
        for id in new {
            let start = self.arena.len() as u32;
            self.append_gradient(graph, id);
            self.ranges[id.index()] = Range { start, end: self.arena.len() as u32 };
        }
        self.slice(root)
    }

    fn slice(&self, id: NodeId) -> &[(usize, NodeId)] {
        let range = self.ranges[id.index()];
        &self.arena[range.start as usize..range.end as usize]
    }

    /// Appends the gradient of a node whose operands have theirs.
    fn append_gradient(&mut self, graph: &mut Graph, id: NodeId) {
        match graph.node(id) {
            Node::Number(_) => {}
            Node::Symbol(symbol) => {
                if let Some(column) = self.columns.get(&symbol) {
                    self.arena.push((*column, graph.number(1.0)));
                }
            }
            node @ Node::Apply(..) => self.append_chain(graph, id, node),
        }
    }

    /// Merges the operands' gradients column by column.
    fn append_chain(&mut self, graph: &mut Graph, id: NodeId, node: Node) {
        let Node::Apply(op, args) = node else { return };
        let mut ranges = [Range { start: 0, end: 0 }; 3];
        for (range, arg) in ranges.iter_mut().zip(node.operands()) {
            *range = self.ranges[arg.index()];
        }
        let rule = op.rule();
        while let Some((column, tangents)) = self.next_column(&mut ranges) {
            if let Some(tangent) = rule.tangent(graph, &Chain { f: id, args, tangents }) {
                self.arena.push((column, tangent));
            }
        }
    }

    /// Takes the lowest column off the fronts of the ranges.
    fn next_column(&self, ranges: &mut [Range; 3]) -> Option<(usize, [Tangent; 3])> {
        let front = |range: &Range| (range.start < range.end).then(|| self.arena[range.start as usize]);
        let column = ranges.iter().filter_map(front).map(|(column, _)| column).min()?;
        let mut tangents = [None; 3];
        for (tangent, range) in tangents.iter_mut().zip(ranges.iter_mut()) {
            if let Some((_, node)) = front(range).filter(|(at, _)| *at == column) {
                *tangent = Some(node);
                range.start += 1;
            }
        }
        Some((column, tangents))
    }
}

impl Graph {
    /// The structurally nonzero derivatives of `rows` by `symbols`, sorted by row, then column.
    pub fn jacobian(&mut self, rows: &[NodeId], symbols: &[Symbol]) -> Vec<Partial> {
        let mut differentiator = Differentiator::new(symbols);
        let mut partials = Vec::new();
        for (row, root) in rows.iter().enumerate() {
            let gradient = differentiator.gradient(self, *root);
            partials.extend(gradient.iter().map(|&(col, node)| Partial { row, col, node }));
        }
        partials
    }
}
