//! The operations of a tape: those of the graph and a few more that rounding or factorisation calls for.

use hepatica_expr::Op;

/// What an instruction computes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Code {
    /// An operation of the graph.
    Op(Op),
    /// `c - a*b`, rounded once.
    Fnma,
    /// `a*b - c`, rounded once.
    Fms,
    /// `1/a`.
    Recip,
    /// `-1/a`.
    NegRecip,
    /// `a` itself.
    Copy,
    /// `a + sum of b_k*c_k`: a chain of fused multiply-adds, from the first term to the last.
    Dot,
}

impl Code {
    /// The codes that are not operations of the graph.
    pub const EXTRA: [Code; 6] = [Code::Fnma, Code::Fms, Code::Recip, Code::NegRecip, Code::Copy, Code::Dot];

    /// The name in the text of a tape.
    pub const fn name(self) -> &'static str {
        match self {
            Code::Op(op) => op.name(),
            Code::Fnma => "fnma",
            Code::Fms => "fms",
            Code::Recip => "recip",
            Code::NegRecip => "negrecip",
            Code::Copy => "copy",
            Code::Dot => "dot",
        }
    }

    /// The code of a name.
    pub fn from_name(name: &str) -> Option<Code> {
        let graph = Op::ALL.iter().map(|op| Code::Op(*op));
        graph.chain(Code::EXTRA).find(|code| code.name() == name)
    }

    /// Number of operands, the terms of a `Dot` not counted.
    pub const fn arity(self) -> usize {
        match self {
            Code::Op(op) => op.arity(),
            Code::Fnma | Code::Fms => 3,
            Code::Recip | Code::NegRecip | Code::Copy | Code::Dot => 1,
        }
    }

    /// Its value for one lane; operands beyond the arity are ignored, and a `Dot` is taken to have no terms.
    #[inline(always)]
    pub fn eval(self, a: f64, b: f64, c: f64) -> f64 {
        match self {
            Code::Op(op) => op.eval(a, b, c),
            Code::Fnma => (-a).mul_add(b, c),
            Code::Fms => a.mul_add(b, -c),
            Code::Recip => 1.0 / a,
            Code::NegRecip => -1.0 / a,
            Code::Copy | Code::Dot => a,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_found_by_its_name_and_is_one_byte() {
        for code in Op::ALL.iter().map(|op| Code::Op(*op)).chain(Code::EXTRA) {
            assert_eq!(Code::from_name(code.name()), Some(code));
        }
        assert_eq!(Code::from_name("nothing"), None);
        assert_eq!(size_of::<Code>(), 1);
    }
}
