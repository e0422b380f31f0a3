//! The one table of operations.
//!
//! A row gives an operation's name in printed graphs, its operands, its value, its derivative, how people write
//! it and how MathML calls it; the enum, evaluation, differentiation, printing and the shared test suite come
//! from here. Truth is 1.0 and falsehood 0.0; any number but 0.0 counts as true, NaN included.
//!
//! Every value is a deterministic function of the operand bits: `exp`, `ln` and `pow` are the kernels of
//! [`hepatica_lanes::math`], the other elementary functions come from the pure-Rust `libm` crate, and nothing
//! is taken from the C library of the machine unless it is exact by definition (`fma`, `fmod`).

use hepatica_lanes::math;

use crate::rules::{self, Rule};
use crate::special;

/// How people write an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notation {
    /// Between its operands, with its binding strength (see [`crate::print`]).
    Infix(&'static str, u8),
    /// In front of its operand.
    Prefix(&'static str),
    /// As a function call.
    Call(&'static str),
    /// `piecewise(value, condition, otherwise)`.
    Piecewise,
}

macro_rules! ops {
    ($d:tt $($(#[$doc:meta])* $name:ident $text:literal ($($arg:ident),+) => $value:expr,
        $rule:expr, $notation:expr, $mathml:expr;)+) => {
        /// An operation of one, two or three operands.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum Op { $($(#[$doc])* $name,)+ }

        impl Op {
            /// Every operation, in the order of the table.
            pub const ALL: &'static [Op] = &[$(Op::$name,)+];

            /// The name used when a graph is printed and parsed.
            pub const fn name(self) -> &'static str {
                match self { $(Op::$name => $text,)+ }
            }

            /// How many operands it takes: 1, 2 or 3.
            pub const fn arity(self) -> usize {
                match self { $(Op::$name => [$(stringify!($arg)),+].len(),)+ }
            }

            /// Its value; operands beyond the arity are ignored.
            #[inline(always)]
            pub fn eval(self, a: f64, b: f64, c: f64) -> f64 {
                let _ = (b, c);
                match self {
                    $(Op::$name => { let [$($arg,)+ ..] = [a, b, c]; $value })+
                }
            }

            /// How people write it.
            pub const fn notation(self) -> Notation {
                match self { $(Op::$name => $notation,)+ }
            }

            /// Its element in MathML as SBML uses it; `None` for what a writer must compose.
            pub const fn mathml(self) -> Option<&'static str> {
                match self { $(Op::$name => $mathml,)+ }
            }

            /// How it is differentiated.
            pub(crate) const fn rule(self) -> Rule {
                match self { $(Op::$name => $rule,)+ }
            }
        }

        /// Chooses a body by operation, with the operation as a constant inside the body.
        ///
        /// `for_op!(op, OP => body)` is a `match` over the whole table in which `OP` is a `const`, so that
        /// `OP.eval(a, b, c)` is only that operation's arithmetic and a loop over lanes vectorises.
        #[macro_export]
        macro_rules! for_op {
            ($d op:expr, $d constant:ident => $d body:expr) => {
                match $d op {
                    $($crate::Op::$name => { const $d constant: $crate::Op = $crate::Op::$name; $d body })+
                }
            };
        }
    };
}

#[inline(always)]
fn truth(value: bool) -> f64 {
    if value { 1.0 } else { 0.0 }
}

use Notation::{Call, Infix, Piecewise, Prefix};
use Rule::{Flat, Slope, Whole};

ops! { $
    /// Sum.
    Add "add" (x, y) => x + y, Whole(rules::add), Infix("+", 5), Some("plus");
    /// Difference.
    Sub "sub" (x, y) => x - y, Whole(rules::sub), Infix("-", 5), Some("minus");
    /// Product.
    Mul "mul" (x, y) => x * y, Whole(rules::mul), Infix("*", 6), Some("times");
    /// Quotient.
    Div "div" (x, y) => x / y, Whole(rules::div), Infix("/", 6), Some("divide");
    /// Negation.
    Neg "neg" (x) => -x, Slope(|g, _, _| g.number(-1.0)), Prefix("-"), Some("minus");
    /// Fused multiply-add `x*y + z`, rounded once.
    Fma "fma" (x, y, z) => x.mul_add(y, z), Whole(rules::fma), Call("fma"), None;
    /// Natural exponential.
    Exp "exp" (x) => math::exp(x), Slope(|_, f, _| f), Call("exp"), Some("exp");
    /// Natural logarithm.
    Ln "ln" (x) => math::ln(x), Slope(|g, _, x| g.reciprocal(x)), Call("ln"), Some("ln");
    /// Logarithm to base ten.
    Log10 "log10" (x) => libm::log10(x), Slope(rules::log10), Call("log10"), Some("log");
    /// Power, as IEEE 754 `pow`: a negative base wants an integer exponent, `pow(x, 0)` is 1.
    Pow "pow" (x, y) => math::pow(x, y), Whole(rules::pow), Infix("^", 8), Some("power");
    /// Square root.
    Sqrt "sqrt" (x) => x.sqrt(), Slope(rules::sqrt), Call("sqrt"), Some("root");
    /// Absolute value.
    Abs "abs" (x) => x.abs(), Slope(rules::abs), Call("abs"), Some("abs");
    /// The smaller; NaN if either is NaN.
    Min "min" (x, y) => if x < y || x.is_nan() { x } else { y }, Whole(rules::min), Call("min"), Some("min");
    /// The larger; NaN if either is NaN.
    Max "max" (x, y) => if x > y || x.is_nan() { x } else { y }, Whole(rules::max), Call("max"), Some("max");
    /// Largest integer not above.
    Floor "floor" (x) => x.floor(), Flat, Call("floor"), Some("floor");
    /// Smallest integer not below.
    Ceil "ceil" (x) => x.ceil(), Flat, Call("ceil"), Some("ceiling");
    /// Sine of radians.
    Sin "sin" (x) => libm::sin(x), Slope(|g, _, x| g.apply(Op::Cos, &[x])), Call("sin"), Some("sin");
    /// Cosine of radians.
    Cos "cos" (x) => libm::cos(x), Slope(rules::cos), Call("cos"), Some("cos");
    /// Tangent of radians.
    Tan "tan" (x) => libm::tan(x), Slope(rules::tan), Call("tan"), Some("tan");
    /// Inverse sine.
    Asin "asin" (x) => libm::asin(x), Slope(rules::asin), Call("asin"), Some("arcsin");
    /// Inverse cosine.
    Acos "acos" (x) => libm::acos(x), Slope(rules::acos), Call("acos"), Some("arccos");
    /// Inverse tangent.
    Atan "atan" (x) => libm::atan(x), Slope(rules::atan), Call("atan"), Some("arctan");
    /// Hyperbolic sine.
    Sinh "sinh" (x) => libm::sinh(x), Slope(|g, _, x| g.apply(Op::Cosh, &[x])), Call("sinh"), Some("sinh");
    /// Hyperbolic cosine.
    Cosh "cosh" (x) => libm::cosh(x), Slope(|g, _, x| g.apply(Op::Sinh, &[x])), Call("cosh"), Some("cosh");
    /// Hyperbolic tangent.
    Tanh "tanh" (x) => libm::tanh(x), Slope(rules::tanh), Call("tanh"), Some("tanh");
    /// Inverse hyperbolic sine.
    Asinh "asinh" (x) => libm::asinh(x), Slope(rules::asinh), Call("asinh"), Some("arcsinh");
    /// Inverse hyperbolic cosine.
    Acosh "acosh" (x) => libm::acosh(x), Slope(rules::acosh), Call("acosh"), Some("arccosh");
    /// Inverse hyperbolic tangent.
    Atanh "atanh" (x) => libm::atanh(x), Slope(rules::atanh), Call("atanh"), Some("arctanh");
    /// Factorial, continued between the integers as `Gamma(x + 1)`.
    Factorial "factorial" (x) => special::factorial(x), Slope(rules::factorial), Call("factorial"), Some("factorial");
    /// Derivative of order `y + 1` of `ln(Gamma)` at `x`: digamma for `y = 0`, trigamma for `y = 1`.
    Polygamma "polygamma" (x, y) => special::polygamma(x, y), Whole(rules::polygamma), Call("polygamma"), None;
    /// Remainder of the division rounded towards zero; it has the sign of `x`.
    Rem "rem" (x, y) => x % y, Whole(rules::rem), Call("rem"), Some("rem");
    /// The quotient rounded towards zero: `x = quotient*y + rem`.
    Quotient "quotient" (x, y) => special::quotient(x, y), Flat, Call("quotient"), Some("quotient");
    /// 1 if less.
    Lt "lt" (x, y) => truth(x < y), Flat, Infix("<", 4), Some("lt");
    /// 1 if less or equal.
    Le "le" (x, y) => truth(x <= y), Flat, Infix("<=", 4), Some("leq");
    /// 1 if equal.
    Eq "eq" (x, y) => truth(x == y), Flat, Infix("==", 3), Some("eq");
    /// 1 if not equal.
    Ne "ne" (x, y) => truth(x != y), Flat, Infix("!=", 3), Some("neq");
    /// 1 if both are true.
    And "and" (x, y) => truth(x != 0.0 && y != 0.0), Flat, Infix("&&", 2), Some("and");
    /// 1 if either is true.
    Or "or" (x, y) => truth(x != 0.0 || y != 0.0), Flat, Infix("||", 1), Some("or");
    /// 1 if one is true and the other is not.
    Xor "xor" (x, y) => truth((x != 0.0) != (y != 0.0)), Flat, Call("xor"), Some("xor");
    /// 1 unless `x` is true and `y` is not.
    Implies "implies" (x, y) => truth(x == 0.0 || y != 0.0), Flat, Call("implies"), Some("implies");
    /// 1 if false.
    Not "not" (x) => truth(x == 0.0), Flat, Prefix("!"), Some("not");
    /// `y` if `x` is true, else `z`.
    Select "select" (x, y, z) => if x != 0.0 { y } else { z }, Whole(rules::select), Piecewise, Some("piecewise");
}

impl Op {
    /// The operation of a printed name.
    pub fn from_name(name: &str) -> Option<Op> {
        Op::ALL.iter().copied().find(|op| op.name() == name)
    }

    /// Whether the first two operands may be swapped; the sign of a zero aside, the bits stay the same.
    pub const fn is_commutative(self) -> bool {
        matches!(self, Op::Add | Op::Mul | Op::Fma | Op::Min | Op::Max | Op::Eq | Op::Ne)
            || matches!(self, Op::And | Op::Or | Op::Xor)
    }

    /// Whether the value is always 0.0 or 1.0.
    pub const fn is_truth(self) -> bool {
        matches!(self, Op::Lt | Op::Le | Op::Eq | Op::Ne | Op::And | Op::Or)
            || matches!(self, Op::Xor | Op::Implies | Op::Not)
    }
}
