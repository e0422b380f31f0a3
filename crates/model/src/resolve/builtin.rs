//! The names and functions every model knows, in one table.
//!
//! They are those of Antimony and SBML Level 3 Version 2 (core specification, section 3.4.3, and the infix
//! syntax of libSBML's `parseL3Formula`, whose `log(x)` is the natural logarithm in Antimony).

use hepatica_expr::{Graph, NodeId, Op};

use crate::decl::FixedNames;

/// How a function treats the units of its arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UnitRule {
    /// Arguments and value are pure numbers.
    Pure,
    /// The arguments have one unit, and so has the value.
    Same,
    /// The arguments have one unit; the value is a pure number.
    Ratio,
    /// The arguments have one unit; the value is true or false.
    Compare,
    /// Arguments and value are true or false.
    Logic,
    /// `x^y`.
    Power,
    /// `x^(1/n)` of `f(n, x)`, or of `f(x)` with `n` = 2.
    Root,
    /// `x^2`.
    Square,
    /// `a*b*...`.
    Product,
    /// `a/b`.
    Quotient,
    /// `piecewise(value, condition, ..., otherwise)`.
    Piecewise,
    /// `log(base, x)`: base and argument are pure numbers.
    Log,
}

/// A built-in function.
#[derive(Clone, Copy)]
pub(crate) struct Builtin {
    pub(crate) name: &'static str,
    /// Fewest and most arguments.
    pub(crate) arity: (usize, usize),
    pub(crate) units: UnitRule,
    /// Its value; called with a permitted number of arguments.
    pub(crate) build: fn(&mut Graph, &[NodeId]) -> NodeId,
}

/// As many arguments as wanted.
const ANY: usize = usize::MAX;

macro_rules! one {
    ($op:ident) => {
        |g, a| g.apply(Op::$op, &[a[0]])
    };
}

macro_rules! two {
    ($op:ident) => {
        |g, a| g.apply(Op::$op, &[a[0], a[1]])
    };
}

/// `f(a, b, c, ...)` from left to right.
macro_rules! fold {
    ($op:ident, $empty:expr) => {
        |g, a| fold(g, Op::$op, $empty, a)
    };
}

/// A comparison of each argument with the next one.
macro_rules! chain {
    ($compare:expr) => {
        |g, a| chain(g, a, $compare)
    };
}

/// One over the value of an operation.
macro_rules! inverse {
    ($op:ident) => {
        |g, a| {
            let value = g.apply(Op::$op, &[a[0]]);
            reciprocal(g, value)
        }
    };
}

/// An operation of one over the argument.
macro_rules! of_inverse {
    ($op:ident) => {
        |g, a| {
            let inverse = reciprocal(g, a[0]);
            g.apply(Op::$op, &[inverse])
        }
    };
}

macro_rules! table {
    ($($names:literal ($min:expr, $max:expr) $units:ident $build:expr;)+) => {
        /// Every built-in function; aliases stand in one string, separated by spaces.
        const TABLE: &[Builtin] = &[$(Builtin {
            name: $names, arity: ($min, $max), units: UnitRule::$units, build: $build,
        },)+];
    };
}

table! {
    "exp" (1, 1) Pure one!(Exp);
    "ln" (1, 1) Pure one!(Ln);
    "log" (1, 2) Log log;
    "log10" (1, 1) Pure one!(Log10);
    "pow power" (2, 2) Power two!(Pow);
    "sqrt" (1, 1) Root one!(Sqrt);
    "sqr" (1, 1) Square |g, a| g.mul(a[0], a[0]);
    "root" (1, 2) Root root;
    "abs" (1, 1) Same one!(Abs);
    "min" (1, ANY) Same fold!(Min, 0.0);
    "max" (1, ANY) Same fold!(Max, 0.0);
    "floor" (1, 1) Same one!(Floor);
    "ceil ceiling" (1, 1) Same one!(Ceil);
    "factorial" (1, 1) Pure one!(Factorial);
    "rem" (2, 2) Same two!(Rem);
    "quotient" (2, 2) Ratio two!(Quotient);
    "piecewise" (1, ANY) Piecewise piecewise;
    "plus" (0, ANY) Same fold!(Add, 0.0);
    "times" (0, ANY) Product fold!(Mul, 1.0);
    "minus" (1, 2) Same |g, a| if a.len() == 1 { g.neg(a[0]) } else { g.sub(a[0], a[1]) };
    "divide" (2, 2) Quotient |g, a| g.div(a[0], a[1]);
    "and" (0, ANY) Logic fold!(And, 1.0);
    "or" (0, ANY) Logic fold!(Or, 0.0);
    "xor" (0, ANY) Logic fold!(Xor, 0.0);
    "not" (1, 1) Logic one!(Not);
    "implies" (2, 2) Logic two!(Implies);
    "lt" (2, ANY) Compare chain!(|g, a, b| g.apply(Op::Lt, &[a, b]));
    "leq le" (2, ANY) Compare chain!(|g, a, b| g.apply(Op::Le, &[a, b]));
    "gt" (2, ANY) Compare chain!(|g, a, b| g.apply(Op::Lt, &[b, a]));
    "geq ge" (2, ANY) Compare chain!(|g, a, b| g.apply(Op::Le, &[b, a]));
    "eq" (2, ANY) Compare chain!(|g, a, b| g.apply(Op::Eq, &[a, b]));
    "neq ne" (2, 2) Compare chain!(|g, a, b| g.apply(Op::Ne, &[a, b]));
    "sin" (1, 1) Pure one!(Sin);
    "cos" (1, 1) Pure one!(Cos);
    "tan" (1, 1) Pure one!(Tan);
    "sec" (1, 1) Pure inverse!(Cos);
    "csc" (1, 1) Pure inverse!(Sin);
    "cot" (1, 1) Pure inverse!(Tan);
    "sinh" (1, 1) Pure one!(Sinh);
    "cosh" (1, 1) Pure one!(Cosh);
    "tanh" (1, 1) Pure one!(Tanh);
    "sech" (1, 1) Pure inverse!(Cosh);
    "csch" (1, 1) Pure inverse!(Sinh);
    "coth" (1, 1) Pure inverse!(Tanh);
    "asin arcsin" (1, 1) Pure one!(Asin);
    "acos arccos" (1, 1) Pure one!(Acos);
    "atan arctan" (1, 1) Pure one!(Atan);
    "asec arcsec" (1, 1) Pure of_inverse!(Acos);
    "acsc arccsc" (1, 1) Pure of_inverse!(Asin);
    "acot arccot" (1, 1) Pure of_inverse!(Atan);
    "asinh arcsinh" (1, 1) Pure one!(Asinh);
    "acosh arccosh" (1, 1) Pure one!(Acosh);
    "atanh arctanh" (1, 1) Pure one!(Atanh);
    "asech arcsech" (1, 1) Pure of_inverse!(Acosh);
    "acsch arccsch" (1, 1) Pure of_inverse!(Asinh);
    "acoth arccoth" (1, 1) Pure of_inverse!(Atanh);
}

/// Functions that languages have and this engine does not simulate: names, code, what to say.
const UNSUPPORTED: &[(&[&str], &str, &str)] = &[(
    &[
        "normal",
        "uniform",
        "lognormal",
        "exponential",
        "gamma",
        "poisson",
        "bernoulli",
        "binomial",
        "cauchy",
        "chisquare",
        "laplace",
        "rayleigh",
        "truncatedNormal",
    ],
    "unsupported/random",
    "random draws in mathematics are unsupported",
)];

/// Whether a name is that of a function that is not made of operations on its arguments.
pub(crate) fn is_special(name: &str) -> bool {
    matches!(name, "delay" | "rateOf")
}

/// The built-in function of a name.
pub(crate) fn builtin(name: &str) -> Option<&'static Builtin> {
    TABLE.iter().find(|row| row.name.split(' ').any(|alias| alias == name))
}

/// Whether every model knows a function of this name.
pub fn is_function(name: &str) -> bool {
    builtin(name).is_some() || is_special(name) || unsupported(name).is_some()
}

/// Whether a name has a fixed meaning where names are reserved: `time`, `pi`, `inf` and the like.
pub fn is_fixed(name: &str) -> bool {
    fixed(FixedNames::Reserved, name).is_some()
}

/// The names of all built-in functions.
pub(crate) fn names<'n>() -> impl Iterator<Item = &'n str> {
    TABLE.iter().flat_map(|row| row.name.split(' '))
}

/// Code and sentence for a function that is known but not simulated.
pub(crate) fn unsupported(name: &str) -> Option<(&'static str, &'static str)> {
    UNSUPPORTED.iter().find(|(names, ..)| names.contains(&name)).map(|(_, code, text)| (*code, *text))
}

/// The value of a name that always means the same number.
///
/// `avogadro` is 6.02214179e23 as SBML Level 3 fixes it (core specification, section 3.4.3).
fn constant(name: &str) -> Option<f64> {
    Some(match name {
        "pi" => std::f64::consts::PI,
        "exponentiale" => std::f64::consts::E,
        "avogadro" => 6.022_141_79e23,
        "true" => 1.0,
        "false" => 0.0,
        "inf" | "INF" | "infinity" => f64::INFINITY,
        "nan" | "NaN" | "notanumber" => f64::NAN,
        _ => return None,
    })
}

/// What a name means in every model.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Fixed {
    /// The independent variable.
    Time,
    /// A number.
    Number(f64),
}

/// The fixed meaning of a name: `time` and the constants, unless every name is the model's own.
pub(crate) fn fixed(names: FixedNames, name: &str) -> Option<Fixed> {
    match names {
        FixedNames::Free => None,
        FixedNames::Reserved if name == "time" => Some(Fixed::Time),
        FixedNames::Reserved => constant(name).map(Fixed::Number),
    }
}

fn fold(graph: &mut Graph, op: Op, empty: f64, arguments: &[NodeId]) -> NodeId {
    match arguments.split_first() {
        None => graph.number(empty),
        Some((first, rest)) => rest.iter().fold(*first, |sum, next| graph.apply(op, &[sum, *next])),
    }
}

fn chain(
    graph: &mut Graph,
    arguments: &[NodeId],
    compare: fn(&mut Graph, NodeId, NodeId) -> NodeId,
) -> NodeId {
    let pairs: Vec<NodeId> = arguments.windows(2).map(|pair| compare(graph, pair[0], pair[1])).collect();
    fold(graph, Op::And, 1.0, &pairs)
}

fn reciprocal(graph: &mut Graph, a: NodeId) -> NodeId {
    let one = graph.number(1.0);
    graph.div(one, a)
}

/// `log(x)` is natural; `log(b, x)` has the base `b`.
fn log(graph: &mut Graph, arguments: &[NodeId]) -> NodeId {
    let Some((base, x)) = arguments.first().zip(arguments.get(1)) else {
        return graph.apply(Op::Ln, arguments);
    };
    if graph.as_number(*base) == Some(10.0) {
        return graph.apply(Op::Log10, &[*x]);
    }
    let (above, below) = (graph.apply(Op::Ln, &[*x]), graph.apply(Op::Ln, &[*base]));
    graph.div(above, below)
}

/// `root(x)` is the square root; `root(n, x)` the `n`-th.
fn root(graph: &mut Graph, arguments: &[NodeId]) -> NodeId {
    let Some((degree, x)) = arguments.first().zip(arguments.get(1)) else {
        return graph.apply(Op::Sqrt, arguments);
    };
    if graph.as_number(*degree) == Some(2.0) {
        return graph.apply(Op::Sqrt, &[*x]);
    }
    let exponent = reciprocal(graph, *degree);
    graph.apply(Op::Pow, &[*x, exponent])
}

/// `piecewise(v1, c1, v2, c2, ..., otherwise)`; not a number where no condition holds and nothing is left over.
fn piecewise(graph: &mut Graph, arguments: &[NodeId]) -> NodeId {
    let pieces = arguments.chunks_exact(2);
    let otherwise = match pieces.remainder() {
        [last] => *last,
        _ => graph.number(f64::NAN),
    };
    let pieces: Vec<&[NodeId]> = pieces.collect();
    pieces.iter().rev().fold(otherwise, |rest, piece| graph.apply(Op::Select, &[piece[1], piece[0], rest]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use hepatica_expr::Symbol;
    use hepatica_expr::eval::Evaluator;

    fn value(name: &str, arguments: &[f64]) -> f64 {
        let mut graph = Graph::new();
        let nodes: Vec<NodeId> = arguments.iter().map(|a| graph.number(*a)).collect();
        let node = (builtin(name).unwrap().build)(&mut graph, &nodes);
        Evaluator::default().eval(&graph, &|_: Symbol| f64::NAN, &[node])[0]
    }

    #[test]
    fn functions_have_their_mathematical_values() {
        for (name, arguments, wanted) in [
            ("log", vec![2.0], 2f64.ln()),
            ("log", vec![2.0, 8.0], 3.0),
            ("log10", vec![1000.0], 3.0),
            ("log", vec![10.0, 100.0], 2.0),
            ("root", vec![3.0, 8.0], 2.0),
            ("root", vec![9.0], 3.0),
            ("pow", vec![2.0, 10.0], 1024.0),
            ("sqr", vec![-3.0], 9.0),
            ("min", vec![3.0, 1.0, 2.0], 1.0),
            ("max", vec![3.0, 1.0, 4.0], 4.0),
            ("ceiling", vec![1.2], 2.0),
            ("rem", vec![-7.0, 3.0], -1.0),
            ("quotient", vec![-7.0, 3.0], -2.0),
            ("factorial", vec![5.0], 120.0),
            ("plus", vec![], 0.0),
            ("times", vec![2.0, 3.0, 4.0], 24.0),
            ("minus", vec![2.0], -2.0),
            ("lt", vec![1.0, 2.0, 3.0], 1.0),
            ("lt", vec![1.0, 3.0, 2.0], 0.0),
            ("geq", vec![3.0, 3.0, 2.0], 1.0),
            ("xor", vec![1.0, 1.0, 1.0], 1.0),
            ("implies", vec![1.0, 0.0], 0.0),
            ("sec", vec![1.0], 1.0 / 1f64.cos()),
            ("arccot", vec![2.0], 0.5f64.atan()),
            ("arccosh", vec![2.0], 2f64.acosh()),
            ("coth", vec![0.5], 1.0 / 0.5f64.tanh()),
            ("piecewise", vec![1.0, 0.0, 2.0, 1.0, 3.0], 2.0),
            ("piecewise", vec![1.0, 0.0, 2.0, 0.0, 3.0], 3.0),
        ] {
            let got = value(name, &arguments);
            assert!(
                (got - wanted).abs() <= 1e-14 * wanted.abs().max(1.0),
                "{name}{arguments:?}: {got}, not {wanted}"
            );
        }
        assert!(value("piecewise", &[1.0, 0.0]).is_nan());
    }

    #[test]
    fn every_name_stands_once() {
        let mut all: Vec<&str> = names().collect();
        let n = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), n);
        assert!(
            all.iter().all(|name| unsupported(name).is_none() && fixed(FixedNames::Reserved, name).is_none())
        );
    }
}
