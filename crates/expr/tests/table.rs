//! The table of operations.

use hepatica_expr::{Op, for_op};

#[test]
fn a_constant_operation_is_only_its_arithmetic() {
    for &op in Op::ALL {
        let [a, b, c] = [0.7, 1.25, -0.5];
        let value = for_op!(op, OP => OP.eval(a, b, c));
        assert_eq!(value.to_bits(), op.eval(a, b, c).to_bits(), "{op:?}");
    }
}

#[test]
fn names_are_distinct_and_found() {
    for &op in Op::ALL {
        assert_eq!(Op::from_name(op.name()), Some(op));
        assert!((1..=3).contains(&op.arity()));
    }
    assert_eq!(Op::from_name("time"), None);
}

/// Values of published tables and of exact arithmetic.
#[test]
fn operations_have_their_values() {
    let cases = [
        (Op::Fma, [3.0, 4.0, 5.0], 17.0),
        (Op::Log10, [1e15, 0.0, 0.0], 15.0),
        (Op::Min, [-1.0, f64::NAN, 0.0], f64::NAN),
        (Op::Max, [f64::NAN, 3.0, 0.0], f64::NAN),
        (Op::Factorial, [5.0, 0.0, 0.0], 120.0),
        (Op::Factorial, [20.0, 0.0, 0.0], 2432902008176640000.0),
        (Op::Factorial, [-2.0, 0.0, 0.0], f64::NAN),
        (Op::Rem, [-7.5, 2.0, 0.0], -1.5),
        (Op::Rem, [7.5, -2.0, 0.0], 1.5),
        (Op::Quotient, [-7.5, 2.0, 0.0], -3.0),
        (Op::Quotient, [7.5, 2.0, 0.0], 3.0),
        // The double 0.1 is above a tenth, so it goes into 1 nine times, although 1 / 0.1 rounds to 10.
        (Op::Quotient, [1.0, 0.1, 0.0], 9.0),
        (Op::Xor, [2.0, 0.0, 0.0], 1.0),
        (Op::Xor, [2.0, 3.0, 0.0], 0.0),
        (Op::Implies, [1.0, 0.0, 0.0], 0.0),
        (Op::Implies, [0.0, 0.0, 0.0], 1.0),
        (Op::Not, [f64::NAN, 0.0, 0.0], 0.0),
        (Op::Select, [f64::NAN, 1.0, 2.0], 1.0),
    ];
    for (op, [a, b, c], expected) in cases {
        let value = op.eval(a, b, c);
        assert!(value == expected || (value.is_nan() && expected.is_nan()), "{op:?}({a}, {b}) = {value}");
    }
}

/// Abramowitz & Stegun: `psi(1) = -gamma`, `psi(1/2) = -gamma - 2 ln 2`, `psi'(1) = pi^2/6`,
/// `psi'(1/2) = pi^2/2`, `psi''(1) = -2 zeta(3)`; and the recurrence across the poles.
#[test]
fn polygamma_has_its_known_values() {
    const EULER: f64 = 0.5772156649015329;
    const ZETA_3: f64 = 1.2020569031595942;
    let pi_squared = std::f64::consts::PI.powi(2);
    let cases = [
        ([1.0, 0.0], -EULER),
        ([0.5, 0.0], -EULER - 2.0 * std::f64::consts::LN_2),
        ([-0.5, 0.0], 2.0 - EULER - 2.0 * std::f64::consts::LN_2),
        ([1.0, 1.0], pi_squared / 6.0),
        ([0.5, 1.0], pi_squared / 2.0),
        ([-0.5, 1.0], pi_squared / 2.0 + 4.0),
        ([1.0, 2.0], -2.0 * ZETA_3),
    ];
    for ([x, order], expected) in cases {
        let value = Op::Polygamma.eval(x, order, 0.0);
        assert!((value - expected).abs() <= 2e-15 * expected.abs().max(1.0), "psi_{order}({x}) = {value}");
    }
    for [x, order] in [[0.0, 0.0], [-3.0, 1.0], [1.0, 0.5], [1.0, -1.0], [1.0, 31.0], [-201.5, 0.0]] {
        assert!(Op::Polygamma.eval(x, order, 0.0).is_nan());
    }
}
