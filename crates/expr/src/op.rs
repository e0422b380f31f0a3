//! The one table of operations.
//!
//! A row gives an operation's name, its number of operands and its value; the enum, evaluation, printing and
//! the shared test suite come from here. Truth is 1.0 and falsehood 0.0; any number but 0.0 counts as true.

use hepatica_lanes::math;

macro_rules! ops {
    ($($(#[$doc:meta])* $name:ident $text:literal ($($arg:ident),+) => $value:expr;)+) => {
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
        }
    };
}

#[inline(always)]
fn truth(value: bool) -> f64 {
    if value { 1.0 } else { 0.0 }
}

ops! {
    /// Sum.
    Add "add" (x, y) => x + y;
    /// Difference.
    Sub "sub" (x, y) => x - y;
    /// Product.
    Mul "mul" (x, y) => x * y;
    /// Quotient.
    Div "div" (x, y) => x / y;
    /// Negation.
    Neg "neg" (x) => -x;
    /// Fused multiply-add `x*y + z`, rounded once.
    Fma "fma" (x, y, z) => x.mul_add(y, z);
    /// Natural exponential.
    Exp "exp" (x) => math::exp(x);
    /// Natural logarithm.
    Ln "ln" (x) => math::ln(x);
    /// Power.
    Pow "pow" (x, y) => math::pow(x, y);
    /// Square root.
    Sqrt "sqrt" (x) => x.sqrt();
    /// Absolute value.
    Abs "abs" (x) => x.abs();
    /// The smaller; NaN if either is NaN.
    Min "min" (x, y) => if x < y || x.is_nan() { x } else { y };
    /// The larger; NaN if either is NaN.
    Max "max" (x, y) => if x > y || x.is_nan() { x } else { y };
    /// Largest integer not above.
    Floor "floor" (x) => x.floor();
    /// Smallest integer not below.
    Ceil "ceil" (x) => x.ceil();
    /// 1 if less.
    Lt "lt" (x, y) => truth(x < y);
    /// 1 if less or equal.
    Le "le" (x, y) => truth(x <= y);
    /// 1 if equal.
    Eq "eq" (x, y) => truth(x == y);
    /// 1 if not equal.
    Ne "ne" (x, y) => truth(x != y);
    /// 1 if both are true.
    And "and" (x, y) => truth(x != 0.0 && y != 0.0);
    /// 1 if either is true.
    Or "or" (x, y) => truth(x != 0.0 || y != 0.0);
    /// 1 if false.
    Not "not" (x) => truth(x == 0.0);
    /// `y` if `x` is true, else `z`.
    Select "select" (x, y, z) => if x != 0.0 { y } else { z };
}
