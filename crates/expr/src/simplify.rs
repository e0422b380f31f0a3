//! What [`Graph::apply`] simplifies, and why each rewrite is allowed.
//!
//! The convention: at operands that are finite, a simplified expression has the value of the unsimplified one,
//! up to
//! - rounding: the last bits may differ where a rewrite computes in another order (`pow(x, 3)` as a product,
//!   merged constant factors), never by cancellation;
//! - range: an intermediate result that over- or underflows may do so in one form and not in the other;
//! - the sign of a zero, which carries no meaning here.
//!
//! A domain error stays one: nothing turns NaN at finite operands into a number, so `x/x`, `0/x` and
//! `exp(ln(x))` stay as they are. Operands that are infinite or NaN are outside the convention: `0*x` and `x-x`
//! are 0 although `0*inf` and `inf-inf` are NaN. Operations on numbers only are computed by [`Op::eval`] as they
//! stand, so a literal `0*inf` is NaN.
//!
//! Commutative operands stand in one order (numbers first, then by age) so that `a + b` and `b + a` are one node.
//! Sums and products of more than two operands keep the order in which they were written.

use crate::graph::{Graph, Node, NodeId};
use crate::op::Op;

/// Integer powers up to this are products.
const LARGEST_PRODUCT_POWER: f64 = 8.0;

/// The node of an operation, simplified.
pub(crate) fn apply(g: &mut Graph, op: Op, args: [NodeId; 3]) -> NodeId {
    let args = ordered(g, op, args);
    if let Some(value) = constant(g, op, args) {
        return g.number(value);
    }
    rewrite(g, op, args).unwrap_or_else(|| g.intern(Node::Apply(op, args)))
}

/// The value of an operation on numbers only.
fn constant(g: &Graph, op: Op, args: [NodeId; 3]) -> Option<f64> {
    let mut values = [f64::NAN; 3];
    for (value, arg) in values.iter_mut().zip(&args[..op.arity()]) {
        *value = g.as_number(*arg)?;
    }
    Some(op.eval(values[0], values[1], values[2]))
}

/// The operands of a commutative operation in the order in which they are kept: numbers first, by their value (minus zero
/// before zero, of which `min` gives the second), then the older node.
fn ordered(g: &Graph, op: Op, args: [NodeId; 3]) -> [NodeId; 3] {
    let [a, b, c] = args;
    let is_before = match (g.as_number(b), g.as_number(a)) {
        (Some(b), Some(a)) => b.total_cmp(&a).is_lt(),
        (Some(_), None) => true,
        (None, Some(_)) => false,
        (None, None) => b < a,
    };
    if op.is_commutative() && is_before { [b, a, c] } else { args }
}

fn rewrite(g: &mut Graph, op: Op, [a, b, c]: [NodeId; 3]) -> Option<NodeId> {
    match op {
        Op::Add => add(g, a, b),
        Op::Sub => sub(g, a, b),
        Op::Mul => mul(g, a, b),
        Op::Div => div(g, a, b),
        Op::Neg => neg(g, a),
        Op::Fma => fma(g, a, b, c),
        Op::Pow => pow(g, a, b),
        Op::Abs => abs(g, a),
        Op::Min | Op::Max => (a == b).then_some(a),
        Op::Floor | Op::Ceil => is_integer(g, a).then_some(a),
        Op::Lt => (a == b).then(|| g.number(0.0)),
        Op::And | Op::Or | Op::Xor => connective(g, op, a, b),
        Op::Implies => implies(g, a, b),
        Op::Not => not(g, a),
        Op::Ne => (is(g, a, 0.0) && is_truth(g, b)).then_some(b),
        Op::Select => select(g, a, b, c),
        _ => None,
    }
}

fn is(g: &Graph, id: NodeId, value: f64) -> bool {
    g.as_number(id) == Some(value)
}

fn negated(g: &Graph, id: NodeId) -> Option<NodeId> {
    match g.node(id) {
        Node::Apply(Op::Neg, [x, ..]) => Some(x),
        _ => None,
    }
}

fn add(g: &mut Graph, a: NodeId, b: NodeId) -> Option<NodeId> {
    if is(g, a, 0.0) {
        return Some(b);
    }
    if a == b {
        let two = g.number(2.0);
        return Some(g.mul(two, a));
    }
    if let Some(y) = negated(g, b) {
        return Some(g.sub(a, y));
    }
    negated(g, a).map(|x| g.sub(b, x))
}

fn sub(g: &mut Graph, a: NodeId, b: NodeId) -> Option<NodeId> {
    if is(g, b, 0.0) {
        return Some(a);
    }
    if is(g, a, 0.0) {
        return Some(g.neg(b));
    }
    if a == b {
        return Some(g.number(0.0));
    }
    if let Some(y) = negated(g, b) {
        return Some(g.add(a, y));
    }
    negated(g, a).map(|x| {
        let sum = g.add(x, b);
        g.neg(sum)
    })
}

fn neg(g: &mut Graph, a: NodeId) -> Option<NodeId> {
    match g.node(a) {
        Node::Apply(Op::Neg, [x, ..]) => Some(x),
        Node::Apply(Op::Sub, [x, y, _]) => Some(g.sub(y, x)),
        Node::Apply(op @ (Op::Mul | Op::Div), [x, y, _]) => {
            let factor = g.as_number(x)?;
            let factor = g.number(-factor);
            Some(g.apply(op, &[factor, y]))
        }
        _ => None,
    }
}

fn mul(g: &mut Graph, a: NodeId, b: NodeId) -> Option<NodeId> {
    if let Some(factor) = g.as_number(a) {
        return scale(g, factor, b);
    }
    if let Some(node) = signs_outside(g, Op::Mul, a, b) {
        return Some(node);
    }
    quotient_of_one(g, b).map(|y| g.div(a, y)).or_else(|| quotient_of_one(g, a).map(|x| g.div(b, x)))
}

/// `y` if the node is `1/y`; `a * (1/y)` is `a/y`, which rounds once less.
fn quotient_of_one(g: &Graph, id: NodeId) -> Option<NodeId> {
    match g.node(id) {
        Node::Apply(Op::Div, [x, y, _]) if is(g, x, 1.0) => Some(y),
        _ => None,
    }
}

/// A number times an expression.
fn scale(g: &mut Graph, factor: f64, b: NodeId) -> Option<NodeId> {
    if factor == 0.0 {
        return Some(g.number(0.0));
    }
    if factor == 1.0 {
        return Some(b);
    }
    if factor == -1.0 {
        return Some(g.neg(b));
    }
    let Node::Apply(op, [x, y, _]) = g.node(b) else { return None };
    match op {
        Op::Neg => {
            let factor = g.number(-factor);
            Some(g.mul(factor, x))
        }
        // Only where the merged factor is a normal number does the merge stay within rounding.
        Op::Mul | Op::Div => {
            let merged = g.as_number(x).map(|inner| factor * inner).filter(|merged| merged.is_normal())?;
            let merged = g.number(merged);
            Some(g.apply(op, &[merged, y]))
        }
        _ => None,
    }
}

fn div(g: &mut Graph, a: NodeId, b: NodeId) -> Option<NodeId> {
    if let Some(divisor) = g.as_number(b) {
        return divide_by(g, a, divisor);
    }
    signs_outside(g, Op::Div, a, b)
}

/// A product or quotient with the negations of its operands taken out.
fn signs_outside(g: &mut Graph, op: Op, a: NodeId, b: NodeId) -> Option<NodeId> {
    let (x, y) = (negated(g, a), negated(g, b));
    if x.is_none() && y.is_none() {
        return None;
    }
    let plain = g.apply(op, &[x.unwrap_or(a), y.unwrap_or(b)]);
    Some(if x.is_some() && y.is_some() { plain } else { g.neg(plain) })
}

/// Division by a power of two is an exact product; any other divisor stays, as its reciprocal would round.
fn divide_by(g: &mut Graph, a: NodeId, divisor: f64) -> Option<NodeId> {
    let reciprocal = 1.0 / divisor;
    let is_power_of_two = divisor.is_normal() && divisor.to_bits().trailing_zeros() >= 52;
    if is_power_of_two && reciprocal.is_normal() {
        let factor = g.number(reciprocal);
        return Some(g.mul(factor, a));
    }
    negated(g, a).map(|x| {
        let divisor = g.number(-divisor);
        g.div(x, divisor)
    })
}

/// A product by 1 or -1 is exact, so one rounding is left; a sum with an exact zero product likewise.
fn fma(g: &mut Graph, a: NodeId, b: NodeId, c: NodeId) -> Option<NodeId> {
    if is(g, c, 0.0) {
        return Some(g.mul(a, b));
    }
    match g.as_number(a)? {
        0.0 => Some(c),
        1.0 => Some(g.add(b, c)),
        -1.0 => Some(g.sub(c, b)),
        _ => None,
    }
}

fn pow(g: &mut Graph, base: NodeId, exponent: NodeId) -> Option<NodeId> {
    if is(g, base, 1.0) {
        return Some(base);
    }
    let n = g.as_number(exponent)?;
    if n.abs() == 0.5 {
        let root = g.apply(Op::Sqrt, &[base]);
        return Some(if n < 0.0 { g.reciprocal(root) } else { root });
    }
    if n.abs() > LARGEST_PRODUCT_POWER || n.floor() != n {
        return None;
    }
    let power = integer_power(g, base, n.abs() as u32);
    Some(if n < 0.0 { g.reciprocal(power) } else { power })
}

/// By squaring, so that powers of one base share their squares.
fn integer_power(g: &mut Graph, base: NodeId, n: u32) -> NodeId {
    match n {
        0 => g.number(1.0),
        1 => base,
        _ => {
            let half = integer_power(g, base, n / 2);
            let square = g.mul(half, half);
            if n.is_multiple_of(2) { square } else { g.mul(square, base) }
        }
    }
}

fn abs(g: &mut Graph, a: NodeId) -> Option<NodeId> {
    match g.node(a) {
        Node::Apply(Op::Neg, [x, ..]) => Some(g.apply(Op::Abs, &[x])),
        Node::Apply(Op::Abs | Op::Sqrt | Op::Exp, _) => Some(a),
        _ => None,
    }
}

fn is_integer(g: &Graph, a: NodeId) -> bool {
    matches!(g.node(a), Node::Apply(Op::Floor | Op::Ceil | Op::Quotient, _)) || is_truth(g, a)
}

fn is_truth(g: &Graph, a: NodeId) -> bool {
    match g.node(a) {
        Node::Apply(op, _) => op.is_truth(),
        Node::Number(bits) => [0.0, 1.0].contains(&f64::from_bits(bits)),
        Node::Symbol(_) => false,
    }
}

/// 1 where the expression is true, else 0.
fn as_truth(g: &mut Graph, a: NodeId) -> NodeId {
    let zero = g.number(0.0);
    g.apply(Op::Ne, &[zero, a])
}

fn not(g: &mut Graph, a: NodeId) -> Option<NodeId> {
    match g.node(a) {
        Node::Apply(Op::Not, [x, ..]) => Some(as_truth(g, x)),
        Node::Apply(Op::Eq, [x, y, _]) => Some(g.apply(Op::Ne, &[x, y])),
        Node::Apply(Op::Ne, [x, y, _]) => Some(g.apply(Op::Eq, &[x, y])),
        _ => None,
    }
}

/// `and`, `or`, `xor` with a known or an equal operand.
fn connective(g: &mut Graph, op: Op, a: NodeId, b: NodeId) -> Option<NodeId> {
    if a == b {
        return Some(if op == Op::Xor { g.number(0.0) } else { as_truth(g, a) });
    }
    let known = g.as_number(a)? != 0.0;
    Some(match (op, known) {
        (Op::And, true) | (Op::Or | Op::Xor, false) => as_truth(g, b),
        (Op::And, false) => g.number(0.0),
        (Op::Or, true) => g.number(1.0),
        _ => g.apply(Op::Not, &[b]),
    })
}

fn implies(g: &mut Graph, a: NodeId, b: NodeId) -> Option<NodeId> {
    if a == b {
        return Some(g.number(1.0));
    }
    if let Some(condition) = g.as_number(a) {
        return Some(if condition != 0.0 { as_truth(g, b) } else { g.number(1.0) });
    }
    let conclusion = g.as_number(b)?;
    Some(if conclusion != 0.0 { g.number(1.0) } else { g.apply(Op::Not, &[a]) })
}

fn select(g: &mut Graph, condition: NodeId, yes: NodeId, no: NodeId) -> Option<NodeId> {
    if let Some(value) = g.as_number(condition) {
        return Some(if value != 0.0 { yes } else { no });
    }
    if yes == no {
        return Some(yes);
    }
    if is(g, yes, 1.0) && is(g, no, 0.0) {
        return Some(as_truth(g, condition));
    }
    match g.node(condition) {
        Node::Apply(Op::Not, [x, ..]) => Some(g.select(x, no, yes)),
        Node::Apply(Op::Ne, [x, y, _]) if is(g, x, 0.0) => Some(g.select(y, yes, no)),
        _ => None,
    }
}
