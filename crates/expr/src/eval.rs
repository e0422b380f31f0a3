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
#[derive(Clone, Debug, Default)]
pub struct Evaluator {
    values: Vec<f64>,
    done: Vec<bool>,
}

impl Evaluator {
    /// The values of `roots` in order.
    pub fn eval(&mut self, graph: &Graph, env: &dyn Env, roots: &[NodeId]) -> Vec<f64> {
        self.values.clear();
        self.values.resize(graph.len(), f64::NAN);
        self.done.clear();
        self.done.resize(graph.len(), false);
        let mut stack: Vec<NodeId> = roots.to_vec();
        while let Some(&id) = stack.last() {
            if self.done[id.index()] {
                stack.pop();
                continue;
            }
            let value = match graph.node(id) {
                Node::Number(bits) => f64::from_bits(bits),
                Node::Symbol(symbol) => env.value(symbol),
                Node::Apply(op, args) => {
                    let waiting: Vec<NodeId> =
                        args[..op.arity()].iter().copied().filter(|a| !self.done[a.index()]).collect();
                    if !waiting.is_empty() {
                        stack.extend(waiting);
                        continue;
                    }
                    let [a, b, c] = args.map(|a| self.values.get(a.index()).copied().unwrap_or(f64::NAN));
                    op.eval(a, b, c)
                }
            };
            self.values[id.index()] = value;
            self.done[id.index()] = true;
            stack.pop();
        }
        roots.iter().map(|r| self.values[r.index()]).collect()
    }
}
