//! The derivative of each operation, named in the table of operations.
//!
//! A tangent is the derivative of an operand; `None` is a structural zero, so that what cannot depend on a
//! symbol leaves no node and no entry in a Jacobian.

use crate::graph::{Graph, NodeId};
use crate::op::Op;

/// The derivative of a node; `None` where it is structurally zero.
pub(crate) type Tangent = Option<NodeId>;

/// How an operation is differentiated.
#[derive(Clone, Copy)]
pub(crate) enum Rule {
    /// Zero wherever the derivative exists.
    Flat,
    /// One operand: the slope at `(graph, f, x)`, multiplied by the operand's tangent.
    Slope(fn(&mut Graph, NodeId, NodeId) -> NodeId),
    /// Several operands: the whole tangent.
    Whole(fn(&mut Graph, &Chain) -> Tangent),
}

/// An operation with the tangents of its operands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Chain {
    /// The operation's node.
    pub(crate) f: NodeId,
    /// Its operands.
    pub(crate) args: [NodeId; 3],
    /// Their tangents.
    pub(crate) tangents: [Tangent; 3],
}

impl Rule {
    /// The tangent of an operation.
    pub(crate) fn tangent(self, graph: &mut Graph, chain: &Chain) -> Tangent {
        let tangent = match self {
            Rule::Flat => None,
            Rule::Slope(slope) => chain.tangents[0].map(|dx| {
                let slope = slope(graph, chain.f, chain.args[0]);
                graph.mul(slope, dx)
            }),
            Rule::Whole(rule) => rule(graph, chain),
        };
        tangent.filter(|&node| graph.as_number(node) != Some(0.0))
    }
}

fn sum(g: &mut Graph, a: Tangent, b: Tangent) -> Tangent {
    match (a, b) {
        (Some(a), Some(b)) => Some(g.add(a, b)),
        (one, None) | (None, one) => one,
    }
}

fn difference(g: &mut Graph, a: Tangent, b: Tangent) -> Tangent {
    match (a, b) {
        (Some(a), Some(b)) => Some(g.sub(a, b)),
        (a, None) => a,
        (None, Some(b)) => Some(g.neg(b)),
    }
}

fn scaled(g: &mut Graph, tangent: Tangent, factor: NodeId) -> Tangent {
    tangent.map(|t| g.mul(factor, t))
}

/// The tangent of the branch that `condition` chooses.
fn branch(g: &mut Graph, condition: NodeId, yes: Tangent, no: Tangent) -> Tangent {
    if yes.is_none() && no.is_none() {
        return None;
    }
    let zero = g.number(0.0);
    Some(g.apply(Op::Select, &[condition, yes.unwrap_or(zero), no.unwrap_or(zero)]))
}

pub(crate) fn add(g: &mut Graph, c: &Chain) -> Tangent {
    sum(g, c.tangents[0], c.tangents[1])
}

pub(crate) fn sub(g: &mut Graph, c: &Chain) -> Tangent {
    difference(g, c.tangents[0], c.tangents[1])
}

pub(crate) fn mul(g: &mut Graph, c: &Chain) -> Tangent {
    let [x, y, _] = c.args;
    let by_x = scaled(g, c.tangents[0], y);
    let by_y = scaled(g, c.tangents[1], x);
    sum(g, by_x, by_y)
}

/// `(dx - f*dy) / y`: one division, and no square of the divisor that could overflow.
pub(crate) fn div(g: &mut Graph, c: &Chain) -> Tangent {
    let by_y = scaled(g, c.tangents[1], c.f);
    let numerator = difference(g, c.tangents[0], by_y)?;
    Some(g.div(numerator, c.args[1]))
}

pub(crate) fn fma(g: &mut Graph, c: &Chain) -> Tangent {
    let product = mul(g, c);
    sum(g, product, c.tangents[2])
}

/// `y * x^(y-1) * dx + f * ln(x) * dy`, each term only where its operand depends on the symbol.
///
/// The first term keeps a power instead of `f / x` so that it is finite at `x = 0` where the true derivative
/// is. The exponent is `y - [y != 0]`: at `y = 0` it is 0 instead of -1 and the term is 0, not `0 * inf`.
/// The second term is 0 where `f` is, which is its limit for `x -> 0` at a positive exponent.
pub(crate) fn pow(g: &mut Graph, c: &Chain) -> Tangent {
    let [x, y, _] = c.args;
    let by_base = c.tangents[0].map(|dx| {
        let zero = g.number(0.0);
        let one_less = g.apply(Op::Ne, &[y, zero]);
        let exponent = g.sub(y, one_less);
        let power = g.pow(x, exponent);
        let slope = g.mul(y, power);
        g.mul(slope, dx)
    });
    let by_exponent = c.tangents[1].map(|dy| {
        let zero = g.number(0.0);
        let ln = g.apply(Op::Ln, &[x]);
        let product = g.mul(c.f, ln);
        let vanishes = g.apply(Op::Eq, &[c.f, zero]);
        let slope = g.apply(Op::Select, &[vanishes, zero, product]);
        g.mul(slope, dy)
    });
    sum(g, by_base, by_exponent)
}

pub(crate) fn log10(g: &mut Graph, _: NodeId, x: NodeId) -> NodeId {
    let factor = g.number(std::f64::consts::LOG10_E);
    g.div(factor, x)
}

pub(crate) fn sqrt(g: &mut Graph, f: NodeId, _: NodeId) -> NodeId {
    let half = g.number(0.5);
    g.div(half, f)
}

/// The slope at zero is taken from the right.
pub(crate) fn abs(g: &mut Graph, _: NodeId, x: NodeId) -> NodeId {
    let [zero, one, minus_one] = [0.0, 1.0, -1.0].map(|value| g.number(value));
    let negative = g.apply(Op::Lt, &[x, zero]);
    g.apply(Op::Select, &[negative, minus_one, one])
}

pub(crate) fn min(g: &mut Graph, c: &Chain) -> Tangent {
    let first = g.apply(Op::Lt, &[c.args[0], c.args[1]]);
    branch(g, first, c.tangents[0], c.tangents[1])
}

pub(crate) fn max(g: &mut Graph, c: &Chain) -> Tangent {
    let first = g.apply(Op::Lt, &[c.args[1], c.args[0]]);
    branch(g, first, c.tangents[0], c.tangents[1])
}

pub(crate) fn select(g: &mut Graph, c: &Chain) -> Tangent {
    branch(g, c.args[0], c.tangents[1], c.tangents[2])
}

pub(crate) fn cos(g: &mut Graph, _: NodeId, x: NodeId) -> NodeId {
    let sin = g.apply(Op::Sin, &[x]);
    g.neg(sin)
}

pub(crate) fn tan(g: &mut Graph, f: NodeId, _: NodeId) -> NodeId {
    one_plus_square(g, f)
}

/// `1 / sqrt(1 - x^2)`, with the difference as `(1 - x)*(1 + x)`, which does not cancel near the ends.
pub(crate) fn asin(g: &mut Graph, _: NodeId, x: NodeId) -> NodeId {
    let product = one_minus_square(g, x);
    let root = g.apply(Op::Sqrt, &[product]);
    g.reciprocal(root)
}

pub(crate) fn acos(g: &mut Graph, f: NodeId, x: NodeId) -> NodeId {
    let slope = asin(g, f, x);
    g.neg(slope)
}

pub(crate) fn atan(g: &mut Graph, _: NodeId, x: NodeId) -> NodeId {
    let denominator = one_plus_square(g, x);
    g.reciprocal(denominator)
}

/// `1 / cosh(x)^2`, which keeps its digits where `1 - tanh(x)^2` cancels; the quotient is squared, not the
/// cosh, so that nothing overflows before the slope itself is zero.
pub(crate) fn tanh(g: &mut Graph, _: NodeId, x: NodeId) -> NodeId {
    let cosh = g.apply(Op::Cosh, &[x]);
    let quotient = g.reciprocal(cosh);
    g.mul(quotient, quotient)
}

pub(crate) fn asinh(g: &mut Graph, _: NodeId, x: NodeId) -> NodeId {
    let square = one_plus_square(g, x);
    let root = g.apply(Op::Sqrt, &[square]);
    g.reciprocal(root)
}

/// `1 / (sqrt(x - 1) * sqrt(x + 1))`: NaN where acosh is, that is below 1.
pub(crate) fn acosh(g: &mut Graph, _: NodeId, x: NodeId) -> NodeId {
    let one = g.number(1.0);
    let below = g.sub(x, one);
    let above = g.add(x, one);
    let root_below = g.apply(Op::Sqrt, &[below]);
    let root_above = g.apply(Op::Sqrt, &[above]);
    let product = g.mul(root_below, root_above);
    g.reciprocal(product)
}

pub(crate) fn atanh(g: &mut Graph, _: NodeId, x: NodeId) -> NodeId {
    let product = one_minus_square(g, x);
    g.reciprocal(product)
}

/// `x! * digamma(x + 1)`.
pub(crate) fn factorial(g: &mut Graph, f: NodeId, x: NodeId) -> NodeId {
    let [zero, one] = [0.0, 1.0].map(|value| g.number(value));
    let next = g.add(x, one);
    let digamma = g.apply(Op::Polygamma, &[next, zero]);
    g.mul(f, digamma)
}

/// The next order; the order itself is an integer and has no derivative.
pub(crate) fn polygamma(g: &mut Graph, c: &Chain) -> Tangent {
    let dx = c.tangents[0]?;
    let one = g.number(1.0);
    let order = g.add(c.args[1], one);
    let slope = g.apply(Op::Polygamma, &[c.args[0], order]);
    Some(g.mul(slope, dx))
}

/// `dx - quotient*dy`, as the quotient is constant between its jumps.
pub(crate) fn rem(g: &mut Graph, c: &Chain) -> Tangent {
    let by_y = c.tangents[1].map(|dy| {
        let quotient = g.apply(Op::Quotient, &[c.args[0], c.args[1]]);
        g.mul(quotient, dy)
    });
    difference(g, c.tangents[0], by_y)
}

fn one_plus_square(g: &mut Graph, x: NodeId) -> NodeId {
    let one = g.number(1.0);
    let square = g.mul(x, x);
    g.add(one, square)
}

fn one_minus_square(g: &mut Graph, x: NodeId) -> NodeId {
    let one = g.number(1.0);
    let below = g.sub(one, x);
    let above = g.add(one, x);
    g.mul(below, above)
}
