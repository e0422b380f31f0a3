//! Shorthands to build expressions.

use crate::graph::{Graph, NodeId};
use crate::op::Op;

impl Graph {
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

    /// The power.
    pub fn pow(&mut self, base: NodeId, exponent: NodeId) -> NodeId {
        self.apply(Op::Pow, &[base, exponent])
    }

    /// One over the expression.
    pub fn reciprocal(&mut self, a: NodeId) -> NodeId {
        let one = self.number(1.0);
        self.div(one, a)
    }

    /// `yes` where the condition is true, else `no`.
    pub fn select(&mut self, condition: NodeId, yes: NodeId, no: NodeId) -> NodeId {
        self.apply(Op::Select, &[condition, yes, no])
    }

    /// 1 where `a > b`, else 0.
    pub fn gt(&mut self, a: NodeId, b: NodeId) -> NodeId {
        self.apply(Op::Lt, &[b, a])
    }

    /// 1 where `a >= b`, else 0.
    pub fn ge(&mut self, a: NodeId, b: NodeId) -> NodeId {
        self.apply(Op::Le, &[b, a])
    }

    /// The sum of all terms; 0 for none.
    pub fn sum(&mut self, terms: &[NodeId]) -> NodeId {
        let zero = self.number(0.0);
        terms.iter().fold(zero, |sum, term| self.add(sum, *term))
    }

    /// The product of all factors; 1 for none.
    pub fn product(&mut self, factors: &[NodeId]) -> NodeId {
        let one = self.number(1.0);
        factors.iter().fold(one, |product, factor| self.mul(product, *factor))
    }
}
