//! Products, quotients and negations of one another, taken apart.

use hepatica_expr::index::Id;
use hepatica_expr::{Graph, Node, NodeId, Op};

use crate::select::Selector;

/// A product taken apart: `number * fixed * top / bottom`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Product {
    /// The product of all numbers, signs included.
    pub(crate) number: f64,
    /// Factors that do not vary, with whether each divides.
    pub(crate) fixed: Vec<(NodeId, bool)>,
    /// Varying factors, as written.
    pub(crate) top: Vec<NodeId>,
    /// Varying divisors, as written.
    pub(crate) bottom: Vec<NodeId>,
}

/// Whether a node is a product, a quotient or a negation.
pub(crate) fn is_product(graph: &Graph, id: NodeId) -> bool {
    matches!(graph.node(id), Node::Apply(Op::Mul | Op::Div | Op::Neg, _))
}

impl Product {
    /// Takes a product apart, going into operands that `absorbed` says are of no other use.
    pub(crate) fn new(selector: &Selector<'_>, root: NodeId, absorbed: &[bool]) -> Self {
        let mut product = Product { number: 1.0, ..Product::default() };
        let mut open = vec![(root, false)];
        while let Some((id, divides)) = open.pop() {
            match selector.graph().node(id) {
                Node::Apply(op @ (Op::Mul | Op::Div | Op::Neg), [a, b, _])
                    if id == root || absorbed[id.index()] =>
                {
                    if op == Op::Neg {
                        product.number = -product.number;
                    } else {
                        open.push((b, divides ^ (op == Op::Div)));
                    }
                    open.push((a, divides));
                }
                _ => product.add(selector, id, divides),
            }
        }
        product
    }

    fn add(&mut self, selector: &Selector<'_>, id: NodeId, divides: bool) {
        match selector.number(id) {
            Some(number) if divides => self.number /= number,
            Some(number) => self.number *= number,
            None if !selector.varies(id) => self.fixed.push((id, divides)),
            None if divides => self.bottom.push(id),
            None => self.top.push(id),
        }
    }
}
