//! The operations of a tape: those of the graph, and some that do the work of several in one instruction.
//!
//! At few lanes a tape's time is that of its instructions, hardly of their arithmetic, so the commonest pairs and
//! triples of biochemistry have a code. Each rounds as its parts would; only those that say so round once.

use hepatica_expr::Op;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident $text:literal ($($arg:ident),+) => $value:expr;)+) => {
        /// What an instruction computes.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Code {
            /// An operation of the graph.
            Op(Op),
            $($(#[$doc])* $name,)+
        }

        /// The codes that are not operations of the graph, by number.
        #[derive(Clone, Copy)]
        enum Extra { $($name,)+ }

        impl Code {
            /// A number of its own for each code, those that are not operations of the graph first.
            pub(crate) const fn number(self) -> u8 {
                match self {
                    Code::Op(op) => Self::EXTRA.len() as u8 + op as u8,
                    $(Code::$name => Extra::$name as u8,)+
                }
            }

            /// The codes that are not operations of the graph.
            pub const EXTRA: &'static [Code] = &[$(Code::$name,)+];

            /// Every number of a code is below this one.
            pub(crate) const COUNT: u8 = (Self::EXTRA.len() + Op::ALL.len()) as u8;

            /// The name in the text of a tape.
            pub const fn name(self) -> &'static str {
                match self {
                    Code::Op(op) => op.name(),
                    $(Code::$name => $text,)+
                }
            }

            /// Number of operands, the terms of a `Dot` not counted.
            pub const fn arity(self) -> usize {
                match self {
                    Code::Op(op) => op.arity(),
                    $(Code::$name => [$(stringify!($arg)),+].len(),)+
                }
            }

            /// Its value for one lane; operands beyond the arity are ignored, and a `Dot` is taken to have no terms.
            #[inline(always)]
            pub fn eval(self, operands: [f64; MAX_ARITY]) -> f64 {
                match self {
                    Code::Op(op) => op.eval(operands[0], operands[1], operands[2]),
                    $(Code::$name => { let [$($arg,)+ ..] = operands; $value })+
                }
            }
        }
    };
}

/// The most operands a code has.
pub const MAX_ARITY: usize = 4;

codes! {
    /// `z - x*y`, rounded once.
    Fnma "fnma" (x, y, z) => (-x).mul_add(y, z);
    /// `x*y - z`, rounded once.
    Fms "fms" (x, y, z) => x.mul_add(y, -z);
    /// `1/x`.
    Recip "recip" (x) => 1.0 / x;
    /// `-1/x`.
    NegRecip "negrecip" (x) => -1.0 / x;
    /// `x` itself.
    Copy "copy" (x) => x;
    /// `-(x*y)`.
    NegMul "negmul" (x, y) => -(x * y);
    /// `(x*y)*z`, each product rounded.
    Mul3 "mul3" (x, y, z) => (x * y) * z;
    /// `(x + y) + z`, each step rounded.
    AddAdd "addadd" (x, y, z) => (x + y) + z;
    /// `(x + y) - z`, each step rounded.
    AddSub "addsub" (x, y, z) => (x + y) - z;
    /// `(x - y) + z`, each step rounded.
    SubAdd "subadd" (x, y, z) => (x - y) + z;
    /// `(x - y) - z`, each step rounded.
    SubSub "subsub" (x, y, z) => (x - y) - z;
    /// `(x + y)*(z + w)`, each step rounded.
    MulSums "mulsums" (x, y, z, w) => (x + y) * (z + w);
    /// `x/(y + z)`, each step rounded.
    DivSum "divsum" (x, y, z) => x / (y + z);
    /// `(x*y)/(z + w)`, each step rounded: a saturable rate.
    Saturable "saturable" (x, y, z, w) => (x * y) / (z + w);
    /// `1/(x + y)`, each step rounded.
    RecipSum "recipsum" (x, y) => 1.0 / (x + y);
    /// `-1/(x + y)`, each step rounded.
    NegRecipSum "negrecipsum" (x, y) => -1.0 / (x + y);
    /// `x*y + z`, rounded once, times `w`.
    FmaMul "fmamul" (x, y, z, w) => x.mul_add(y, z) * w;
    /// `x + sum of a_k*b_k`: a chain of fused multiply-adds, from the first term to the last.
    Dot "dot" (x) => x;
}

impl Code {
    /// The code of a name.
    pub fn from_name(name: &str) -> Option<Code> {
        let graph = Op::ALL.iter().map(|op| Code::Op(*op));
        graph.chain(Code::EXTRA.iter().copied()).find(|code| code.name() == name)
    }

    /// Multiplications it does, fused or not, the terms of a `Dot` not counted.
    pub const fn multiplications(self) -> usize {
        match self {
            Code::Op(Op::Mul | Op::Fma) | Code::Fnma | Code::Fms | Code::NegMul => 1,
            Code::MulSums | Code::Saturable => 1,
            Code::Mul3 | Code::FmaMul => 2,
            _ => 0,
        }
    }

    /// Divisions it does.
    pub const fn divisions(self) -> usize {
        match self {
            Code::Op(Op::Div) | Code::Recip | Code::NegRecip => 1,
            Code::DivSum | Code::Saturable | Code::RecipSum | Code::NegRecipSum => 1,
            _ => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_found_by_its_name_and_is_one_byte() {
        for code in Op::ALL.iter().map(|op| Code::Op(*op)).chain(Code::EXTRA.iter().copied()) {
            assert_eq!(Code::from_name(code.name()), Some(code));
        }
        assert_eq!(Code::from_name("nothing"), None);
        assert_eq!(size_of::<Code>(), 1);
    }
}
