//! Expressions as people write them, and a walk for writers of other notations.
//!
//! Binding strengths, weakest first: `||` 1, `&&` 2, `==` and `!=` 3, other comparisons 4, sums 5, products 6,
//! signs and `!` 7, powers 8. What is written is read back with the same structure: the right operand of a sum or
//! product of equal strength, both operands of a power and operands of chained comparisons stand in parentheses.

use std::borrow::Cow;

use crate::graph::{Graph, Node, NodeId, Symbol};
use crate::op::{Notation, Op};

const COMPARISONS: std::ops::RangeInclusive<u8> = 3..=4;
const SIGN: u8 = 7;
const POWER: u8 = 8;
const CALL: u8 = 9;

/// One stop of [`Graph::visit`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visit {
    /// A number or a free variable.
    Leaf(Node),
    /// Before the operands of an operation.
    Enter(Op),
    /// Before an operand of an operation, with its position.
    Operand(Op, usize),
    /// After the operands.
    Leave(Op),
}

impl Graph {
    /// Visits an expression as the tree it is written as, operands from left to right.
    ///
    /// Shared parts are visited each time they occur: look at [`Graph::tree_size`] first.
    pub fn visit(&self, root: NodeId, visitor: &mut dyn FnMut(Visit)) {
        enum Todo {
            Node(NodeId),
            Stop(Visit),
        }
        let mut stack = vec![Todo::Node(root)];
        while let Some(todo) = stack.pop() {
            match todo {
                Todo::Stop(visit) => visitor(visit),
                Todo::Node(id) => match self.node(id) {
                    node @ Node::Apply(op, _) => {
                        visitor(Visit::Enter(op));
                        stack.push(Todo::Stop(Visit::Leave(op)));
                        for (index, operand) in node.operands().iter().enumerate().rev() {
                            stack.push(Todo::Node(*operand));
                            stack.push(Todo::Stop(Visit::Operand(op, index)));
                        }
                    }
                    leaf => visitor(Visit::Leaf(leaf)),
                },
            }
        }
    }

    /// An expression as people and Antimony write it; `name` names the free variables.
    ///
    /// Shared parts are written each time they occur: look at [`Graph::tree_size`] first.
    pub fn infix(&self, root: NodeId, name: &dyn Fn(Symbol) -> String) -> String {
        let mut text = String::new();
        let mut stack = vec![Piece::Node(root, 0)];
        while let Some(piece) = stack.pop() {
            match piece {
                Piece::Text(piece) => text.push_str(&piece),
                Piece::Node(id, weakest) => {
                    let (strength, mut pieces) = self.pieces(id, name);
                    if strength < weakest {
                        pieces.insert(0, Piece::Text("(".into()));
                        pieces.push(Piece::Text(")".into()));
                    }
                    stack.extend(pieces.into_iter().rev());
                }
            }
        }
        text
    }

    /// What an expression is written with, and how strongly it binds.
    fn pieces(&self, id: NodeId, name: &dyn Fn(Symbol) -> String) -> (u8, Vec<Piece>) {
        let node = self.node(id);
        let (op, args) = match node {
            Node::Number(bits) => {
                let value = f64::from_bits(bits);
                let strength = if value.is_sign_negative() { SIGN } else { CALL };
                return (strength, vec![Piece::Text(number(value).into())]);
            }
            Node::Symbol(symbol) => return (CALL, vec![Piece::Text(name(symbol).into())]),
            Node::Apply(op, args) => (op, args),
        };
        match op.notation() {
            Notation::Infix(sign, strength) => {
                let closed = strength == POWER || COMPARISONS.contains(&strength);
                let left = Piece::Node(args[0], if closed { strength + 1 } else { strength });
                let sign = if strength == POWER { Cow::from(sign) } else { format!(" {sign} ").into() };
                (strength, vec![left, Piece::Text(sign), Piece::Node(args[1], strength + 1)])
            }
            Notation::Prefix(sign) => (SIGN, vec![Piece::Text(sign.into()), Piece::Node(args[0], SIGN)]),
            Notation::Call(function) => (CALL, call(function, node.operands())),
            Notation::Piecewise => (CALL, call("piecewise", &[args[1], args[0], args[2]])),
        }
    }
}

enum Piece {
    Text(Cow<'static, str>),
    /// An expression, and how strongly it must bind to go without parentheses.
    Node(NodeId, u8),
}

fn call(function: &'static str, operands: &[NodeId]) -> Vec<Piece> {
    let mut pieces = vec![Piece::Text(function.into())];
    for (index, operand) in operands.iter().enumerate() {
        pieces.push(Piece::Text(if index == 0 { "(" } else { ", " }.into()));
        pieces.push(Piece::Node(*operand, 0));
    }
    pieces.push(Piece::Text(")".into()));
    pieces
}

/// The shortest text that reads back as the same number; `inf` and `nan` as Antimony writes them.
pub fn number(value: f64) -> String {
    if value.is_nan() {
        return "nan".into();
    }
    let magnitude = value.abs();
    let is_plain = magnitude == 0.0 || magnitude.is_infinite() || (1e-4..1e15).contains(&magnitude);
    if is_plain { format!("{value}") } else { format!("{value:e}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(symbol: Symbol) -> String {
        match symbol {
            Symbol::Time => "time".into(),
            Symbol::Var(i) | Symbol::State(i) | Symbol::Param(i) => ["a", "b", "c"][i as usize].into(),
            Symbol::Delayed(i) => ["d", "e", "f"][i as usize].into(),
        }
    }

    fn abc(g: &mut Graph) -> [NodeId; 3] {
        [0, 1, 2].map(|i| g.symbol(Symbol::Var(i)))
    }

    #[test]
    fn parentheses_stand_where_the_structure_needs_them() {
        let mut g = Graph::new();
        let [a, b, c] = abc(&mut g);
        let (ab, bc, b_minus_c) = (g.add(a, b), g.mul(b, c), g.sub(b, c));
        let minus_a = g.neg(a);
        let half = g.number(-1.5);
        let cases = [
            (g.add(a, bc), "a + b * c"),
            (g.mul(ab, c), "c * (a + b)"),
            (g.sub(a, b_minus_c), "a - (b - c)"),
            (g.sub(ab, c), "a + b - c"),
            (g.div(a, bc), "a / (b * c)"),
            (g.pow(minus_a, b), "(-a)^b"),
            (g.pow(a, half), "a^(-1.5)"),
            (g.select(ab, b, c), "piecewise(b, a + b, c)"),
        ];
        for (root, expected) in cases {
            assert_eq!(g.infix(root, &name), expected);
        }
        let power = g.pow(a, b);
        let (negated, tower) = (g.neg(power), g.pow(power, c));
        assert_eq!(g.infix(negated, &name), "-a^b");
        assert_eq!(g.infix(tower, &name), "(a^b)^c");
        let less = g.apply(Op::Lt, &[a, b]);
        let chained = g.apply(Op::Lt, &[less, c]);
        let both = g.apply(Op::And, &[less, chained]);
        let not = g.apply(Op::Not, &[both]);
        assert_eq!(g.infix(not, &name), "!(a < b && (a < b) < c)");
    }

    #[test]
    fn numbers_are_short_and_exact() {
        for (value, text) in
            [(0.1, "0.1"), (1e-9, "1e-9"), (6.02e23, "6.02e23"), (-3.0, "-3"), (1e5, "100000")]
        {
            assert_eq!(number(value), text);
            assert_eq!(text.parse::<f64>(), Ok(value));
        }
        assert_eq!([number(f64::NAN), number(f64::INFINITY)], ["nan", "inf"]);
    }

    #[test]
    fn a_visit_goes_through_the_tree_in_writing_order() {
        let mut g = Graph::new();
        let [a, b, _] = abc(&mut g);
        let sum = g.sub(b, a);
        let root = g.apply(Op::Exp, &[sum]);
        let mut seen = Vec::new();
        g.visit(root, &mut |visit| seen.push(visit));
        let expected = [
            Visit::Enter(Op::Exp),
            Visit::Operand(Op::Exp, 0),
            Visit::Enter(Op::Sub),
            Visit::Operand(Op::Sub, 0),
            Visit::Leaf(g.node(b)),
            Visit::Operand(Op::Sub, 1),
            Visit::Leaf(g.node(a)),
            Visit::Leave(Op::Sub),
            Visit::Leave(Op::Exp),
        ];
        assert_eq!(seen, expected);
    }
}
