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
                _ => product.add(selector, id, (divides, absorbed)),
            }
        }
        product
    }

    fn add(&mut self, selector: &Selector<'_>, id: NodeId, (divides, absorbed): (bool, &[bool])) {
        match selector.number(id) {
            Some(number) if divides => self.number /= number,
            Some(number) => self.number *= number,
            None if !selector.varies(id) => self.fixed.push((id, divides)),
            None if divides => self.divide(selector, id, absorbed),
            None => self.top.push(id),
        }
    }

    /// Divides by a varying expression; of one that is the product of fixed factors and a single varying one, by each.
    ///
    /// A volume that is divided by in several units is then one divisor, whose reciprocal is shared.
    fn divide(&mut self, selector: &Selector<'_>, id: NodeId, absorbed: &[bool]) {
        let whole = scaled(selector, id).filter(|(_, _, core)| !absorbed[core.index()]);
        let Some((number, fixed, core)) = whole else {
            self.bottom.push(id);
            return;
        };
        self.number /= number;
        self.fixed.extend(fixed.into_iter().map(|(factor, divides)| (factor, !divides)));
        self.bottom.push(core);
    }
}

/// A number, fixed factors with whether each divides, and the varying factor of a product that has no other.
type Scaled = (f64, Vec<(NodeId, bool)>, NodeId);

/// Takes a varying product apart that has one varying factor and no varying divisor.
fn scaled(selector: &Selector<'_>, id: NodeId) -> Option<Scaled> {
    let (mut number, mut fixed, mut at) = (1.0, Vec::new(), id);
    while let Node::Apply(op, [a, b, _]) = selector.graph().node(at) {
        let (core, factor) = match op {
            Op::Neg => {
                number = -number;
                at = a;
                continue;
            }
            Op::Mul if !selector.varies(a) => (b, a),
            Op::Mul | Op::Div if !selector.varies(b) => (a, b),
            _ => break,
        };
        match (selector.number(factor), op) {
            (Some(value), Op::Div) => number /= value,
            (Some(value), _) => number *= value,
            (None, _) => fixed.push((factor, op == Op::Div)),
        }
        at = core;
    }
    (at != id).then_some((number, fixed, at))
}
