//! The scalar interpreter: the meaning of every operation.

use crate::graph::{Graph, Node, NodeId, Symbol};
use crate::index::Id;

/// Values of the free variables.
pub trait Env {
    /// The value of a free variable.
    fn value(&self, symbol: Symbol) -> f64;
}

impl<F: Fn(Symbol) -> f64> Env for F {
    fn value(&self, symbol: Symbol) -> f64 {
        self(symbol)
    }
}

/// Scratch space for [`Evaluator::eval`]: each node is evaluated at most once per call.
///
/// After the first call on a graph only the result is allocated.
#[derive(Clone, Debug, Default)]
pub struct Evaluator {
    values: Vec<f64>,
    /// The call in which a node got its value.
    call_of: Vec<u32>,
    call: u32,
    stack: Vec<NodeId>,
}

impl Evaluator {
    /// The values of `roots` in order.
    pub fn eval(&mut self, graph: &Graph, env: &dyn Env, roots: &[NodeId]) -> Vec<f64> {
        self.begin(graph);
        roots.iter().map(|&root| self.value(graph, env, root)).collect()
    }

    /// The value of one expression; allocates nothing after the first call on a graph.
    pub fn eval_one(&mut self, graph: &Graph, env: &dyn Env, root: NodeId) -> f64 {
        self.begin(graph);
        self.value(graph, env, root)
    }

    /// Forgets all values.
    fn begin(&mut self, graph: &Graph) {
        if self.call == u32::MAX {
            self.call_of.clear();
            self.call = 0;
        }
        self.call += 1;
        if self.values.len() < graph.len() {
            self.values.resize(graph.len(), f64::NAN);
        }
        if self.call_of.len() < graph.len() {
            self.call_of.resize(graph.len(), 0);
        }
    }

    fn is_done(&self, id: NodeId) -> bool {
        self.call_of[id.index()] == self.call
    }

    fn value(&mut self, graph: &Graph, env: &dyn Env, root: NodeId) -> f64 {
        self.stack.clear();
        self.stack.push(root);
        while let Some(&id) = self.stack.last() {
            if !self.is_done(id) {
                let Some(value) = self.compute(graph, env, id) else { continue };
                self.values[id.index()] = value;
                self.call_of[id.index()] = self.call;
            }
            self.stack.pop();
        }
        self.values[root.index()]
    }

    /// The value of a node, or `None` after pushing the operands it waits for.
    fn compute(&mut self, graph: &Graph, env: &dyn Env, id: NodeId) -> Option<f64> {
        let node = graph.node(id);
        match node {
            Node::Number(bits) => Some(f64::from_bits(bits)),
            Node::Symbol(symbol) => Some(env.value(symbol)),
            Node::Apply(op, args) => {
                let waiting = self.stack.len();
                for &arg in node.operands() {
                    if !self.is_done(arg) {
                        self.stack.push(arg);
                    }
                }
                let [a, b, c] = args.map(|arg| self.values[arg.index()]);
                (self.stack.len() == waiting).then(|| op.eval(a, b, c))
            }
        }
    }
}
