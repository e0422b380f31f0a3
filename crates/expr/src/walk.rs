//! Walks over graphs: what an expression consists of, and copies of it with something replaced.
//!
//! No walk recurses, so that the depth of an expression (a sum of 100 000 terms) is no limit.

use rustc_hash::FxHashMap;

use crate::graph::{Graph, Node, NodeId, Symbol};
use crate::index::Id;

/// Gives the node a free variable is replaced by, built in the graph given; `None` keeps the variable.
pub type Replace<'a> = dyn FnMut(&mut Graph, Symbol) -> Option<NodeId> + 'a;

impl Graph {
    /// The roots and everything they consist of, each once, operands before what uses them.
    pub fn reachable(&self, roots: &[NodeId]) -> Vec<NodeId> {
        self.reachable_unless(roots, |_| false)
    }

    /// Like [`Graph::reachable`], without looking into or behind the nodes that `stop` names.
    pub(crate) fn reachable_unless(&self, roots: &[NodeId], stop: impl Fn(NodeId) -> bool) -> Vec<NodeId> {
        let highest = roots.iter().map(|id| id.index() + 1).max().unwrap_or(0);
        let mut seen = vec![false; highest];
        let mut found: Vec<NodeId> = Vec::new();
        let mut visit = |ids: &[NodeId], found: &mut Vec<NodeId>| {
            for &id in ids {
                if !seen[id.index()] && !stop(id) {
                    seen[id.index()] = true;
                    found.push(id);
                }
            }
        };
        visit(roots, &mut found);
        let mut next = 0;
        while let Some(&id) = found.get(next) {
            visit(self.node(id).operands(), &mut found);
            next += 1;
        }
        found.sort_unstable();
        found
    }

    /// The free variables of an expression, sorted, each once.
    pub fn symbols_of(&self, id: NodeId) -> Vec<Symbol> {
        self.symbols_of_all(&[id])
    }

    /// The free variables of several expressions, sorted, each once.
    pub fn symbols_of_all(&self, roots: &[NodeId]) -> Vec<Symbol> {
        let is_number = |id: NodeId| self.kinds(id) == 0;
        let nodes = self.reachable_unless(roots, is_number).into_iter().map(|id| self.node(id));
        let mut symbols: Vec<Symbol> = nodes
            .filter_map(|node| if let Node::Symbol(symbol) = node { Some(symbol) } else { None })
            .collect();
        symbols.sort_unstable();
        symbols
    }

    /// How many nodes an expression has when written out as a tree, where shared parts repeat.
    ///
    /// It grows exponentially with the depth of sharing; saturates at `u64::MAX`. Writers check it first.
    pub fn tree_size(&self, id: NodeId) -> u64 {
        let order = self.reachable(&[id]);
        let mut sizes = vec![0u64; id.index() + 1];
        for node in order {
            let operands = self.node(node);
            let below = operands.operands().iter().map(|arg| sizes[arg.index()]);
            sizes[node.index()] = below.fold(1, u64::saturating_add);
        }
        sizes[id.index()]
    }

    /// `id` with free variables replaced where `replace` gives a node.
    ///
    /// All variables are replaced at once: what a replacement brings in is not searched again. `replace` is asked
    /// once for each variable, in the order in which they entered the graph.
    pub fn substitute(
        &mut self,
        id: NodeId,
        replace: &mut dyn FnMut(&mut Graph, Symbol) -> Option<NodeId>,
    ) -> NodeId {
        self.substitute_all(&[id], replace)[0]
    }

    /// [`Graph::substitute`] for several expressions, sharing the work.
    pub fn substitute_all(&mut self, roots: &[NodeId], replace: &mut Replace<'_>) -> Vec<NodeId> {
        let nodes: Vec<(NodeId, Node)> =
            self.reachable(roots).into_iter().map(|id| (id, self.node(id))).collect();
        self.rebuild(&nodes, roots, replace)
    }

    /// Copies expressions of another graph into this one, with free variables replaced where `replace` gives a
    /// node of this graph.
    pub fn import(&mut self, other: &Graph, roots: &[NodeId], replace: &mut Replace<'_>) -> Vec<NodeId> {
        let nodes: Vec<(NodeId, Node)> =
            other.reachable(roots).into_iter().map(|id| (id, other.node(id))).collect();
        self.rebuild(&nodes, roots, replace)
    }

    /// Builds nodes that come in topological order anew.
    fn rebuild(
        &mut self,
        nodes: &[(NodeId, Node)],
        roots: &[NodeId],
        replace: &mut Replace<'_>,
    ) -> Vec<NodeId> {
        let mut copies: FxHashMap<NodeId, NodeId> = FxHashMap::default();
        copies.reserve(nodes.len());
        for &(id, node) in nodes {
            let copy = match node {
                Node::Number(bits) => self.number(f64::from_bits(bits)),
                Node::Symbol(symbol) => match replace(self, symbol) {
                    Some(replacement) => replacement,
                    None => self.symbol(symbol),
                },
                Node::Apply(op, args) => {
                    let args = args.map(|arg| copies.get(&arg).copied().unwrap_or(arg));
                    self.apply(op, &args)
                }
            };
            copies.insert(id, copy);
        }
        roots.iter().map(|root| copies[root]).collect()
    }
}
