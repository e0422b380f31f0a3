//! Simplification, derivatives and substitution on random expressions.
//!
//! The expressions compute with integers below 2^50, where every operation used is exact: rewriting then may not
//! change a value at all, and a derivative must be the one that dual numbers give.

use hepatica_expr::{Evaluator, Graph, NodeId, Op, Symbol, text};
use proptest::prelude::*;

/// An expression as written, nothing simplified or shared.
#[derive(Clone, Debug)]
enum Raw {
    Number(i8),
    Symbol(u8),
    /// To a power from 0 to 8.
    Power(Box<Raw>, u8),
    Apply(Op, Vec<Raw>),
}

const N_SYMBOLS: usize = 3;

const UNARY: [Op; 5] = [Op::Neg, Op::Abs, Op::Floor, Op::Ceil, Op::Not];
const BINARY: [Op; 15] = [
    Op::Add,
    Op::Sub,
    Op::Mul,
    Op::Add,
    Op::Sub,
    Op::Mul,
    Op::Min,
    Op::Max,
    Op::Lt,
    Op::Le,
    Op::Eq,
    Op::Ne,
    Op::And,
    Op::Or,
    Op::Implies,
];
const TERNARY: [Op; 2] = [Op::Fma, Op::Select];

fn raw() -> impl Strategy<Value = Raw> {
    let leaf = prop_oneof![
        (-3i8..4).prop_map(Raw::Number),
        (0..N_SYMBOLS as u8).prop_map(Raw::Symbol),
        (0..N_SYMBOLS as u8).prop_map(Raw::Symbol)
    ];
    leaf.prop_recursive(6, 48, 3, |inner| {
        let apply = |ops: &'static [Op], n| {
            (prop::sample::select(ops), prop::collection::vec(inner.clone(), n))
                .prop_map(|(op, args)| Raw::Apply(op, args))
        };
        prop_oneof![
            1 => apply(&UNARY, 1),
            4 => apply(&BINARY, 2),
            1 => apply(&TERNARY, 3),
            1 => apply(&[Op::Xor], 2),
            1 => (inner.clone(), 0u8..9).prop_map(|(base, n)| Raw::Power(Box::new(base), n)),
        ]
    })
}

fn point() -> impl Strategy<Value = [f64; N_SYMBOLS]> {
    [-4i8..5, -4i8..5, -4i8..5].prop_map(|values| values.map(f64::from))
}

impl Raw {
    fn build(&self, g: &mut Graph, swap: bool) -> NodeId {
        match self {
            Raw::Number(value) => g.number(f64::from(*value)),
            Raw::Symbol(i) => g.symbol(Symbol::State(u32::from(*i))),
            Raw::Power(base, n) => {
                let base = base.build(g, swap);
                let n = g.number(f64::from(*n));
                g.pow(base, n)
            }
            Raw::Apply(op, args) => {
                let mut args: Vec<NodeId> = args.iter().map(|arg| arg.build(g, swap)).collect();
                if swap && op.is_commutative() {
                    args.swap(0, 1);
                }
                g.apply(*op, &args)
            }
        }
    }

    /// Value and derivative by the first symbol; `None` where an integer grows too large to be exact or where
    /// the derivative does not exist.
    fn dual(&self, at: &[f64; N_SYMBOLS]) -> Option<(f64, f64)> {
        let (value, slope) = match self {
            Raw::Number(value) => (f64::from(*value), 0.0),
            Raw::Symbol(i) => (at[usize::from(*i)], if *i == 0 { 1.0 } else { 0.0 }),
            Raw::Power(base, n) => {
                let (x, dx) = base.dual(at)?;
                let mut power = (1.0, 0.0);
                for _ in 0..*n {
                    power = (power.0 * x, power.1 * x + power.0 * dx);
                }
                power
            }
            Raw::Apply(op, args) => {
                let mut duals = [(0.0, 0.0); 3];
                for (dual, arg) in duals.iter_mut().zip(args) {
                    *dual = arg.dual(at)?;
                }
                let [(x, dx), (y, dy), (z, dz)] = duals;
                (op.eval(x, y, z), slope(*op, duals, [dx, dy, dz])?)
            }
        };
        let limit = 2f64.powi(50);
        (value.abs() < limit && slope.abs() < limit).then_some((value, slope))
    }
}

fn slope(op: Op, [(x, _), (y, _), _]: [(f64, f64); 3], [dx, dy, dz]: [f64; 3]) -> Option<f64> {
    let smooth = |is_smooth: bool, slope: f64| is_smooth.then_some(slope);
    match op {
        Op::Add => Some(dx + dy),
        Op::Sub => Some(dx - dy),
        Op::Mul => Some(dx * y + x * dy),
        Op::Fma => Some(dx * y + x * dy + dz),
        Op::Neg => Some(-dx),
        Op::Abs => smooth(x != 0.0 || dx == 0.0, if x < 0.0 { -dx } else { dx }),
        Op::Min => smooth(x != y || dx == dy, if x < y { dx } else { dy }),
        Op::Max => smooth(x != y || dx == dy, if x > y { dx } else { dy }),
        Op::Select => Some(if x != 0.0 { dy } else { dz }),
        _ => Some(0.0),
    }
}

fn value(g: &Graph, root: NodeId, at: &[f64; N_SYMBOLS]) -> f64 {
    let env = |symbol| match symbol {
        Symbol::State(i) => at[i as usize],
        _ => f64::NAN,
    };
    Evaluator::default().eval_one(g, &env, root)
}

/// Zeros of two signs are equal, and the least of them is whichever stands second.
#[test]
fn the_least_of_two_zeros_does_not_depend_on_their_order() {
    for op in [Op::Min, Op::Max] {
        let mut g = Graph::new();
        let (minus, plus) = (g.number(-0.0), g.number(0.0));
        let found = g.apply(op, &[minus, plus]);
        assert_eq!(g.apply(op, &[plus, minus]), found);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn simplification_preserves_the_value(raw in raw(), at in point()) {
        if let Some((expected, _)) = raw.dual(&at) {
            let mut g = Graph::new();
            let root = raw.build(&mut g, false);
            prop_assert_eq!(value(&g, root, &at), expected);
        }
    }

    #[test]
    fn derivatives_are_those_of_dual_numbers(raw in raw(), at in point()) {
        if let Some((_, expected)) = raw.dual(&at) {
            let mut g = Graph::new();
            let root = raw.build(&mut g, false);
            let derivative = g.differentiate(root, Symbol::State(0));
            prop_assert_eq!(value(&g, derivative, &at), expected);
        }
    }

    #[test]
    fn swapped_operands_give_the_same_node(raw in raw()) {
        let mut g = Graph::new();
        let root = raw.build(&mut g, false);
        prop_assert_eq!(raw.build(&mut g, true), root);
    }

    #[test]
    fn substitution_is_evaluation_at_the_value(outer in raw(), inner in raw(), at in point()) {
        let Some((replacement, _)) = inner.dual(&at) else { return Ok(()) };
        let moved = [replacement, at[1], at[2]];
        if let Some((expected, _)) = outer.dual(&moved) {
            let mut g = Graph::new();
            let (outer, inner) = (outer.build(&mut g, false), inner.build(&mut g, false));
            let root = g.substitute(outer, &mut |_, symbol| (symbol == Symbol::State(0)).then_some(inner));
            prop_assert_eq!(value(&g, root, &at), expected);
        }
    }

    #[test]
    fn operands_are_older_and_text_reads_back(raw in raw()) {
        let mut g = Graph::new();
        let root = raw.build(&mut g, false);
        g.differentiate(root, Symbol::State(0));
        for (id, node) in g.nodes() {
            prop_assert!(node.operands().iter().all(|operand| *operand < id));
        }
        let printed = text::print(&g, &[root]);
        let (parsed, roots) = text::parse(&printed).unwrap();
        prop_assert_eq!(text::print(&parsed, &roots), printed);
    }

    /// Products, quotients and powers have no cancellation: rewriting may move the last bits only.
    #[test]
    fn monomials_keep_their_value_to_rounding(
        steps in prop::collection::vec((0..4usize, 0..3usize, -9i8..10), 1..12),
        at in [0.1f64..4.0, 0.1f64..4.0, 0.1f64..4.0],
    ) {
        let mut g = Graph::new();
        let (mut root, mut expected) = (g.number(1.0), 1.0);
        for (kind, symbol, n) in steps {
            let (x, n) = (at[symbol], f64::from(n) / 2.0);
            let (variable, number) = (g.symbol(Symbol::State(symbol as u32)), g.number(n));
            (root, expected) = match kind {
                0 => (g.mul(root, variable), expected * x),
                1 => (g.div(root, variable), expected / x),
                2 => (g.mul(number, root), n * expected),
                _ => {
                    let power = g.pow(variable, number);
                    (g.div(power, root), Op::Pow.eval(x, n, 0.0) / expected)
                }
            };
        }
        let found = value(&g, root, &at);
        let is_close = (found - expected).abs() <= 1e-13 * expected.abs();
        prop_assert!(is_close || !expected.is_normal() || found == expected, "{} {}", found, expected);
    }
}
