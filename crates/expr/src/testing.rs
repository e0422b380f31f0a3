//! The conformance suite: what an evaluator must agree on with the scalar interpreter, bit for bit.
//!
//! [`cases`] gives graphs over time, states and parameters with points to evaluate them at; [`Case::expected`]
//! gives the interpreter's values. Every operation occurs with its operands as states, as parameters (so that
//! an evaluator that hoists them is tested) and as a mixture with numbers, at special values in all
//! combinations; random graphs share nodes and combine operations. Everything is deterministic.

use crate::eval::Evaluator;
use crate::graph::{Graph, NodeId, Symbol};
use crate::op::Op;

/// Values that go wrong first.
pub const SPECIAL_VALUES: [f64; 16] = [
    0.0,
    -0.0,
    1.0,
    -1.0,
    0.5,
    2.0,
    -3.0,
    -2.5,
    1e-3,
    710.0,
    5e-324,
    -1e-310,
    1e300,
    f64::INFINITY,
    f64::NEG_INFINITY,
    f64::NAN,
];

/// Values of the free variables of a [`Case`].
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// The independent variable.
    pub time: f64,
    /// The states, [`Case::N_STATES`] of them.
    pub states: Vec<f64>,
    /// The parameters, [`Case::N_PARAMS`] of them.
    pub params: Vec<f64>,
}

/// Expressions with points to evaluate them at.
#[derive(Clone, Debug)]
pub struct Case {
    /// What it is about.
    pub name: String,
    /// All expressions.
    pub graph: Graph,
    /// What is to be evaluated.
    pub roots: Vec<NodeId>,
    /// Where.
    pub points: Vec<Point>,
}

impl Case {
    /// How many states the expressions may depend on.
    pub const N_STATES: usize = 4;
    /// How many parameters the expressions may depend on.
    pub const N_PARAMS: usize = 4;

    /// The value of each root at each point: `expected[point][root]`.
    pub fn expected(&self) -> Vec<Vec<f64>> {
        let mut evaluator = Evaluator::default();
        let at = |point: &Point| evaluator.eval(&self.graph, &|symbol| point.value(symbol), &self.roots);
        self.points.iter().map(at).collect()
    }
}

impl Point {
    /// The value of a free variable; NaN for one the suite does not use.
    pub fn value(&self, symbol: Symbol) -> f64 {
        let value = match symbol {
            Symbol::Time => Some(&self.time),
            Symbol::State(i) => self.states.get(i as usize),
            Symbol::Param(i) => self.params.get(i as usize),
            Symbol::Var(_) | Symbol::Delayed(_) => None,
        };
        value.copied().unwrap_or(f64::NAN)
    }
}

/// Whether two values are the same bits, or both NaN: which NaN an operation gives is not defined.
pub fn same(a: f64, b: f64) -> bool {
    a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan())
}

/// The whole suite.
pub fn cases() -> Vec<Case> {
    let operations = Op::ALL.iter().map(|op| operation_case(*op));
    let random = (0..48).map(random_case);
    operations.chain(random).chain([kinetics_case()]).collect()
}

/// One operation on states, parameters and numbers, at special values.
fn operation_case(op: Op) -> Case {
    let mut graph = Graph::new();
    let states = [0, 1, 2].map(|i| graph.symbol(Symbol::State(i)));
    let params = [0, 1, 2].map(|i| graph.symbol(Symbol::Param(i)));
    let numbers = [0.75, -1.5, 3.0].map(|value| graph.number(value));
    let mut operands = vec![states, params, [states[0], params[1], states[2]], [states[0]; 3]];
    for i in 0..3 {
        let mut mixed = states;
        mixed[i] = numbers[i];
        operands.push(mixed);
        let mut mixed = params;
        mixed[i] = states[i];
        operands.push(mixed);
    }
    let roots = operands.iter().map(|args| graph.apply(op, args)).collect();
    Case { name: format!("operation {}", op.name()), graph, roots, points: special_points(op.arity()) }
}

/// All combinations of special values for the first `arity` states and parameters.
fn special_points(arity: usize) -> Vec<Point> {
    let n = SPECIAL_VALUES.len();
    let point = |combination: usize| {
        let value = |i: usize| SPECIAL_VALUES[combination / n.pow(i as u32) % n];
        let values: Vec<f64> = (0..4).map(|i| if i < arity { value(i) } else { 1.0 }).collect();
        Point { time: 0.25, states: values.clone(), params: values }
    };
    (0..n.pow(arity as u32)).map(point).collect()
}

/// The SplitMix64 sequence (Steele, Lea, Flood, OOPSLA 2014).
struct Sequence(u64);

impl Sequence {
    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        (self.bits() % n as u64) as usize
    }

    fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * (self.bits() >> 11) as f64 / (1u64 << 53) as f64
    }

    fn values(&mut self, n: usize) -> Vec<f64> {
        (0..n).map(|_| self.between(-4.0, 4.0)).collect()
    }
}

/// A graph of random operations on random earlier nodes.
fn random_case(seed: u64) -> Case {
    let mut sequence = Sequence(seed);
    let mut graph = Graph::new();
    let mut pool = vec![graph.symbol(Symbol::Time)];
    pool.extend((0..Case::N_STATES as u32).map(|i| graph.symbol(Symbol::State(i))));
    pool.extend((0..Case::N_PARAMS as u32).map(|i| graph.symbol(Symbol::Param(i))));
    pool.extend([0.5, 2.0, -1.25].map(|value| graph.number(value)));
    for _ in 0..80 {
        let op = Op::ALL[sequence.below(Op::ALL.len())];
        let operands = [0; 3].map(|_| pool[sequence.below(pool.len())]);
        pool.push(graph.apply(op, &operands));
    }
    let roots = pool.split_off(pool.len() - 40);
    let point = |_| Point {
        time: sequence.between(0.0, 10.0),
        states: sequence.values(Case::N_STATES),
        params: sequence.values(Case::N_PARAMS),
    };
    let points = (0..37).map(point).collect();
    Case { name: format!("random graph {seed}"), graph, roots, points }
}

/// Rate laws as models have them, with their derivatives by every state and time.
fn kinetics_case() -> Case {
    let mut g = Graph::new();
    let [a, b, c, d] = [0, 1, 2, 3].map(|i| g.symbol(Symbol::State(i)));
    let [vmax, km, hill, ki] = [0, 1, 2, 3].map(|i| g.symbol(Symbol::Param(i)));
    let time = g.symbol(Symbol::Time);
    let saturation = g.add(km, a);
    let substrate = g.mul(vmax, a);
    let michaelis = g.div(substrate, saturation);
    let (power, half) = (g.pow(b, hill), g.pow(ki, hill));
    let sum = g.add(half, power);
    let response = g.div(power, sum);
    let ratio = g.div(c, ki);
    let one = g.number(1.0);
    let inhibition = g.add(one, ratio);
    let inhibited = g.div(michaelis, inhibition);
    let elapsed = g.mul(km, time);
    let exponent = g.neg(elapsed);
    let decay = g.apply(Op::Exp, &[exponent]);
    let absorption = g.mul(decay, d);
    let total = g.sum(&[inhibited, response, absorption]);
    let rhs = [michaelis, response, inhibited, absorption, total];
    let symbols = [0, 1, 2, 3].map(Symbol::State);
    let partials = g.jacobian(&rhs, &[&symbols[..], &[Symbol::Time]].concat());
    let roots = rhs.into_iter().chain(partials.into_iter().map(|partial| partial.node)).collect();
    let mut sequence = Sequence(77);
    let point = |i| Point {
        time: f64::from(i) * 0.5,
        states: sequence.values(4).into_iter().map(f64::abs).collect(),
        params: sequence.values(4).into_iter().map(f64::abs).collect(),
    };
    let points = (0..61).map(point).collect();
    Case { name: "kinetics".into(), graph: g, roots, points }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text;

    #[test]
    fn every_operation_survives_into_the_suite() {
        let cases = cases();
        let is_used = |op: Op| {
            cases.iter().any(|case| {
                let is_op =
                    |&id: &NodeId| matches!(case.graph.node(id), crate::Node::Apply(found, _) if found == op);
                case.graph.reachable(&case.roots).iter().any(is_op)
            })
        };
        assert!(Op::ALL.iter().all(|op| is_used(*op)));
    }

    #[test]
    fn the_suite_reads_back_and_evaluates_alike() {
        for mut case in cases().into_iter().rev().take(20) {
            let expected = case.expected();
            let text = text::print(&case.graph, &case.roots);
            (case.graph, case.roots) = text::parse(&text).unwrap();
            assert_eq!(text::print(&case.graph, &case.roots), text, "{}", case.name);
            for (a, b) in case.expected().iter().zip(&expected) {
                assert!(a.iter().zip(b).all(|(a, b)| same(*a, *b)), "{}", case.name);
            }
        }
    }
}
