//! Derivatives against closed forms and against differences.

use hepatica_expr::{Differentiator, Evaluator, Graph, NodeId, Op, Symbol};

const X: Symbol = Symbol::State(0);
const Y: Symbol = Symbol::State(1);
const Z: Symbol = Symbol::State(2);

/// Points inside the domain of the operation and away from its kinks.
fn points(op: Op) -> &'static [[f64; 3]] {
    match op {
        Op::Asin | Op::Acos | Op::Atanh => &[[0.3, 0.0, 0.0], [-0.7, 0.0, 0.0]],
        Op::Acosh => &[[1.2, 0.0, 0.0], [7.0, 0.0, 0.0]],
        Op::Ln | Op::Log10 | Op::Sqrt => &[[0.2, 0.0, 0.0], [40.0, 0.0, 0.0]],
        Op::Pow => &[[0.4, 2.5, 0.0], [3.0, -1.7, 0.0], [1.5, 0.3, 0.0]],
        Op::Polygamma => &[[0.6, 0.0, 0.0], [3.3, 1.0, 0.0], [-1.4, 2.0, 0.0]],
        Op::Rem | Op::Quotient => &[[7.3, 2.1, 0.0], [-7.3, 2.1, 0.0], [1.0, -3.3, 0.0]],
        _ => &[[0.7, 1.9, -0.4], [-1.3, 0.6, 2.2], [2.4, -1.1, 0.8]],
    }
}

/// Fourth-order central difference of an operation by one operand.
fn difference(op: Op, point: [f64; 3], operand: usize) -> f64 {
    let h = 4e-4 * point[operand].abs().max(0.1);
    let at = |steps: f64| {
        let mut p = point;
        p[operand] += steps * h;
        op.eval(p[0], p[1], p[2])
    };
    (8.0 * (at(1.0) - at(-1.0)) - (at(2.0) - at(-2.0))) / (12.0 * h)
}

#[test]
fn every_operation_has_the_derivative_of_its_values() {
    for &op in Op::ALL {
        let mut g = Graph::new();
        let args = [X, Y, Z].map(|symbol| g.symbol(symbol));
        let root = g.apply(op, &args);
        for (operand, symbol) in [X, Y, Z].into_iter().enumerate().take(op.arity()) {
            if op == Op::Polygamma && operand == 1 {
                continue;
            }
            let derivative = g.differentiate(root, symbol);
            for &point in points(op) {
                let env = |symbol| match symbol {
                    X => point[0],
                    Y => point[1],
                    _ => point[2],
                };
                let exact = Evaluator::default().eval_one(&g, &env, derivative);
                let approximate = difference(op, point, operand);
                let tolerance = 2e-8 * (1.0 + exact.abs());
                assert!((exact - approximate).abs() < tolerance, "{op:?} {point:?}: {exact} {approximate}");
            }
        }
    }
}

fn value(g: &Graph, root: NodeId, x: f64, y: f64) -> f64 {
    Evaluator::default().eval_one(g, &|s| if s == X { x } else { y }, root)
}

#[test]
fn michaelis_menten_has_its_closed_form() {
    let mut g = Graph::new();
    let [x, y] = [X, Y].map(|symbol| g.symbol(symbol));
    let (xy, sum) = (g.mul(x, y), g.add(x, y));
    let rate = g.div(xy, sum);
    let slope = g.differentiate(rate, X);
    for (s, k) in [(0.0, 2.0), (1.5, 0.3), (1e6, 1e-3)] {
        let expected: f64 = k * k / ((s + k) * (s + k));
        assert!((value(&g, slope, s, k) - expected).abs() <= 1e-12 * expected.max(1e-6));
    }
}

#[test]
fn powers_have_finite_slopes_at_zero_where_they_should() {
    let mut g = Graph::new();
    let [x, y] = [X, Y].map(|symbol| g.symbol(symbol));
    let power = g.pow(x, y);
    let (by_base, by_exponent) = (g.differentiate(power, X), g.differentiate(power, Y));
    assert_eq!(value(&g, by_base, 0.0, 1.0), 1.0);
    assert_eq!(value(&g, by_base, 0.0, 1.5), 0.0);
    assert_eq!(value(&g, by_base, 0.0, 0.0), 0.0);
    assert_eq!(value(&g, by_base, 3.0, 0.0), 0.0);
    assert_eq!(value(&g, by_base, 0.0, 0.5), f64::INFINITY);
    assert_eq!(value(&g, by_exponent, 0.0, 2.0), 0.0);
    assert_eq!(value(&g, by_base, -2.0, 3.0), 12.0);
    let log_free = g.reachable(&[by_base]).into_iter().map(|id| g.node(id));
    assert!(!log_free.into_iter().any(|node| matches!(node, hepatica_expr::Node::Apply(Op::Ln, _))));
}

#[test]
fn branches_are_differentiated_as_they_are_taken() {
    let mut g = Graph::new();
    let [x, y] = [X, Y].map(|symbol| g.symbol(symbol));
    let square = g.mul(x, x);
    let less = g.apply(Op::Lt, &[x, y]);
    let chosen = g.select(less, square, y);
    let slope = g.differentiate(chosen, X);
    assert_eq!((value(&g, slope, 1.0, 2.0), value(&g, slope, 3.0, 2.0)), (2.0, 0.0));
    let smaller = g.apply(Op::Min, &[square, y]);
    let slope = g.differentiate(smaller, X);
    assert_eq!((value(&g, slope, 1.0, 2.0), value(&g, slope, 3.0, 2.0)), (2.0, 0.0));
    let step = g.apply(Op::Floor, &[x]);
    let slope = g.differentiate(step, X);
    assert_eq!(g.as_number(slope), Some(0.0));
}

#[test]
fn a_jacobian_has_only_what_is_not_structurally_zero() {
    let mut g = Graph::new();
    let [x, y, z] = [X, Y, Z].map(|symbol| g.symbol(symbol));
    let rows = [g.mul(x, z), g.add(y, x), g.number(4.0)];
    let partials = g.jacobian(&rows, &[X, Y, Z, Symbol::Time]);
    let places: Vec<_> = partials.iter().map(|p| (p.row, p.col)).collect();
    assert_eq!(places, [(0, 0), (0, 2), (1, 0), (1, 1)]);
    assert_eq!(partials[0].node, z);
    assert_eq!(partials[1].node, x);
    assert_eq!(g.as_number(partials[3].node), Some(1.0));
}

#[test]
fn a_differentiator_remembers_between_calls() {
    let mut g = Graph::new();
    let [x, y] = [X, Y].map(|symbol| g.symbol(symbol));
    let product = g.mul(x, y);
    let exp = g.apply(Op::Exp, &[product]);
    let mut differentiator = Differentiator::new(&[X, Y]);
    let first = differentiator.gradient(&mut g, exp).to_vec();
    let count = g.len();
    assert_eq!(differentiator.gradient(&mut g, exp), first);
    let second = differentiator.gradient(&mut g, first[0].1).to_vec();
    assert_eq!(second.len(), 2);
    assert!(g.len() > count);
    assert_eq!(g.differentiate(first[0].1, Y), second[1].1);
}
