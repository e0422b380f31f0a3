//! What the graph shares and simplifies, and that values survive it.

use hepatica_expr::{Evaluator, Graph, NodeId, Op, Symbol, SymbolKind};

fn symbols<const N: usize>(graph: &mut Graph) -> [NodeId; N] {
    std::array::from_fn(|i| graph.symbol(Symbol::Var(i as u32)))
}

#[test]
fn the_order_of_commutative_operands_does_not_matter() {
    let mut g = Graph::new();
    let [x, y] = symbols(&mut g);
    let two = g.number(2.0);
    for op in Op::ALL.iter().copied().filter(|op| op.is_commutative()) {
        assert_eq!(g.apply(op, &[x, y, two]), g.apply(op, &[y, x, two]), "{}", op.name());
        assert_eq!(g.apply(op, &[x, two, y]), g.apply(op, &[two, x, y]), "{}", op.name());
    }
}

#[test]
fn neutral_and_absorbing_operands_vanish() {
    let mut g = Graph::new();
    let [x] = symbols(&mut g);
    let [zero, one, minus_one] = [0.0, 1.0, -1.0].map(|v| g.number(v));
    let minus_x = g.neg(x);
    assert_eq!(g.add(x, zero), x);
    assert_eq!(g.sub(x, zero), x);
    assert_eq!(g.sub(zero, x), minus_x);
    assert_eq!(g.sub(x, x), zero);
    assert_eq!(g.mul(x, one), x);
    assert_eq!(g.mul(zero, x), zero);
    assert_eq!(g.mul(x, minus_one), minus_x);
    assert_eq!(g.div(x, one), x);
    assert_eq!(g.div(x, minus_one), minus_x);
    assert_eq!(g.pow(x, one), x);
    assert_eq!(g.pow(x, zero), one);
    assert_eq!(g.pow(one, x), one);
    assert_eq!(g.apply(Op::Fma, &[x, zero, x]), x);
    assert_eq!(g.neg(minus_x), x);
}

#[test]
fn domain_errors_are_kept() {
    let mut g = Graph::new();
    let [x] = symbols(&mut g);
    let zero = g.number(0.0);
    let quotients = [g.div(x, x), g.div(zero, x)];
    let ln = g.apply(Op::Ln, &[x]);
    let exp_ln = g.apply(Op::Exp, &[ln]);
    let mut evaluator = Evaluator::default();
    for root in quotients {
        assert!(evaluator.eval_one(&g, &|_| 0.0, root).is_nan());
    }
    assert!(evaluator.eval_one(&g, &|_| -1.0, exp_ln).is_nan());
}

#[test]
fn signs_move_outwards_and_meet() {
    let mut g = Graph::new();
    let [x, y] = symbols(&mut g);
    let (minus_x, minus_y) = (g.neg(x), g.neg(y));
    let (sum, difference, product, quotient) = (g.add(x, y), g.sub(x, y), g.mul(x, y), g.div(x, y));
    assert_eq!(g.mul(minus_x, minus_y), product);
    assert_eq!(g.div(minus_x, minus_y), quotient);
    assert_eq!(g.mul(minus_x, y), g.neg(product));
    assert_eq!(g.div(x, minus_y), g.neg(quotient));
    assert_eq!(g.add(x, minus_y), difference);
    assert_eq!(g.sub(x, minus_y), sum);
    assert_eq!(g.add(minus_x, minus_y), g.neg(sum));
    assert_eq!(g.neg(difference), g.sub(y, x));
}

#[test]
fn small_integer_powers_are_products_that_share_squares() {
    let mut g = Graph::new();
    let [x] = symbols(&mut g);
    let square = g.mul(x, x);
    let fourth = g.mul(square, square);
    let four = g.number(4.0);
    assert_eq!(g.pow(x, four), fourth);
    let minus_four = g.number(-4.0);
    assert_eq!(g.pow(x, minus_four), g.reciprocal(fourth));
    let half = g.number(0.5);
    assert_eq!(g.pow(x, half), g.apply(Op::Sqrt, &[x]));
    let nine = g.number(9.0);
    let power = g.pow(x, nine);
    assert_eq!(g.node(power).operands().len(), 2, "large powers stay");
}

#[test]
fn known_truths_decide() {
    let mut g = Graph::new();
    let [x, y] = symbols(&mut g);
    let [no, yes, three] = [0.0, 1.0, 3.0].map(|v| g.number(v));
    let less = g.apply(Op::Lt, &[x, y]);
    assert_eq!(g.apply(Op::And, &[less, three]), less);
    assert_eq!(g.apply(Op::And, &[less, no]), no);
    assert_eq!(g.apply(Op::Or, &[no, less]), less);
    assert_eq!(g.apply(Op::Or, &[yes, less]), yes);
    assert_eq!(g.apply(Op::Xor, &[no, less]), less);
    assert_eq!(g.apply(Op::Xor, &[yes, less]), g.apply(Op::Not, &[less]));
    assert_eq!(g.apply(Op::Implies, &[no, less]), yes);
    let not_less = g.apply(Op::Not, &[less]);
    assert_eq!(g.apply(Op::Not, &[not_less]), less);
    assert_eq!(g.select(three, x, y), x);
    assert_eq!(g.select(no, x, y), y);
    assert_eq!(g.select(less, x, x), x);
    assert_eq!(g.select(not_less, x, y), g.select(less, y, x));
    assert_eq!(g.select(less, yes, no), less);
}

#[test]
fn numbers_fold_as_the_interpreter_says() {
    let mut g = Graph::new();
    let samples = [-2.5, -1.0, -0.0, 0.0, 0.5, 1.0, 3.0, 1e300, f64::INFINITY, f64::NEG_INFINITY, f64::NAN];
    for &op in Op::ALL {
        for a in samples {
            for b in samples {
                let args = [a, b, 0.75].map(|v| g.number(v));
                let folded = g.apply(op, &args);
                let folded = g.as_number(folded).unwrap();
                // The least of two zeros has the sign of the second, in the order in which operands are kept.
                let (x, y) = if op.is_commutative() && b.total_cmp(&a).is_lt() { (b, a) } else { (a, b) };
                let value = op.eval(x, y, 0.75);
                assert!(folded.to_bits() == value.to_bits() || (folded.is_nan() && value.is_nan()));
            }
        }
    }
}

#[test]
fn queries_see_the_structure() {
    let mut g = Graph::new();
    let [x, y] = symbols(&mut g);
    let (p, t) = (g.symbol(Symbol::Param(3)), g.symbol(Symbol::Time));
    let xp = g.mul(x, p);
    let sum = g.add(xp, t);
    assert_eq!(g.symbols_of(sum), [Symbol::Time, Symbol::Var(0), Symbol::Param(3)]);
    assert!(g.depends_on(sum, SymbolKind::Var) && !g.depends_on(sum, SymbolKind::State));
    let exp_p = g.apply(Op::Exp, &[p]);
    assert!(g.is_constant_between_events(exp_p) && !g.is_constant_between_events(xp));
    let doubled = g.mul(sum, sum);
    assert_eq!(g.tree_size(doubled), 11);
    assert_eq!(g.reachable(&[xp, y]).len(), 4);
}

#[test]
fn substitution_replaces_all_at_once() {
    let mut g = Graph::new();
    let [x, y] = symbols(&mut g);
    let difference = g.sub(x, y);
    let swapped = g.substitute(difference, &mut |_, symbol| match symbol {
        Symbol::Var(0) => Some(y),
        Symbol::Var(1) => Some(x),
        _ => None,
    });
    assert_eq!(swapped, g.sub(y, x));
    let zeroed = g.substitute(difference, &mut |g, s| (s == Symbol::Var(1)).then(|| g.number(0.0)));
    assert_eq!(zeroed, x);
}

#[test]
fn import_copies_into_another_graph() {
    let mut source = Graph::new();
    let [x, y] = symbols(&mut source);
    let xy = source.mul(x, y);
    let exp = source.apply(Op::Exp, &[xy]);
    let root = source.add(exp, xy);
    let mut target = Graph::new();
    let z = target.symbol(Symbol::State(7));
    let copies = target.import(&source, &[root, x], &mut |_, s| (s == Symbol::Var(0)).then_some(z));
    assert_eq!(copies[1], z);
    let env = |s| if s == Symbol::Var(1) { 0.25 } else { 1.5 };
    let (mut first, mut second) = (Evaluator::default(), Evaluator::default());
    assert_eq!(first.eval_one(&source, &env, root), second.eval_one(&target, &env, copies[0]));
}

#[test]
fn depth_is_no_limit() {
    let mut g = Graph::new();
    let x = g.symbol(Symbol::State(0));
    let mut sum = x;
    for i in 0..100_000 {
        let term = g.number(f64::from(i) + 1.5);
        let power = g.pow(x, term);
        sum = if i % 2 == 0 { g.add(sum, power) } else { g.mul(sum, power) };
    }
    let derivative = g.differentiate(sum, Symbol::State(0));
    let [value, slope] = Evaluator::default().eval(&g, &|_| 1.0, &[sum, derivative])[..] else { panic!() };
    assert!(value > 1.0 && slope > 1.0);
    assert_eq!(g.symbols_of(sum), [Symbol::State(0)]);
    let moved = g.substitute(sum, &mut |g, _| Some(g.symbol(Symbol::Param(0))));
    assert_eq!(g.symbols_of(moved), [Symbol::Param(0)]);
    assert!(g.tree_size(sum) > 100_000);
}
