//! Runs a tape over blocks of lanes.
//!
//! One body, written once for any width, is compiled for every instruction set by [`hepatica_lanes::Active::run`]. Each
//! instruction reads its operands into locals before it writes, so it never matters which places coincide, and its loop
//! over lanes has a fixed length that the compiler turns into vector instructions. No lane reads another one.

use hepatica_expr::{Op, for_op};
use hepatica_lanes::{Body, Lanes};

use crate::code::Code;
use crate::tape::{Instr, Tape};

/// One run of a tape: every instruction for every lane.
pub(crate) struct Run<'a, const L: usize> {
    /// The tape.
    pub(crate) tape: &'a Tape,
    /// The memory of the block, in the layout of the tape's program.
    pub(crate) memory: &'a mut [Lanes<L>],
}

impl<const L: usize> Body for Run<'_, L> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Run { tape, memory } = self;
        let mut terms = tape.terms.as_slice();
        for instr in &tape.instrs {
            match instr.code {
                // These few are most of any tape; named here, they need one jump instead of two.
                Code::Op(Op::Add) => binary(instr, memory, |a, b| Op::Add.eval(a, b, a)),
                Code::Op(Op::Sub) => binary(instr, memory, |a, b| Op::Sub.eval(a, b, a)),
                Code::Op(Op::Mul) => binary(instr, memory, |a, b| Op::Mul.eval(a, b, a)),
                Code::Op(Op::Div) => binary(instr, memory, |a, b| Op::Div.eval(a, b, a)),
                Code::Op(Op::Fma) => ternary(instr, memory, |a, b, c| Op::Fma.eval(a, b, c)),
                Code::Op(op) => for_op!(op, OP => match OP.arity() {
                    1 => unary(instr, memory, |a| OP.eval(a, a, a)),
                    2 => binary(instr, memory, |a, b| OP.eval(a, b, a)),
                    _ => ternary(instr, memory, |a, b, c| OP.eval(a, b, c)),
                }),
                Code::Fnma => ternary(instr, memory, |a, b, c| Code::Fnma.eval(a, b, c)),
                Code::Fms => ternary(instr, memory, |a, b, c| Code::Fms.eval(a, b, c)),
                Code::Recip => unary(instr, memory, |a| Code::Recip.eval(a, a, a)),
                Code::NegRecip => unary(instr, memory, |a| Code::NegRecip.eval(a, a, a)),
                Code::Copy => unary(instr, memory, |a| a),
                Code::Dot => terms = dot(instr, terms, memory),
            }
        }
    }
}

#[inline(always)]
fn unary<const L: usize>(instr: &Instr<u32>, memory: &mut [Lanes<L>], f: impl Fn(f64) -> f64) {
    let a = memory[instr.args[0] as usize];
    let out = &mut memory[instr.out as usize];
    for l in 0..L {
        out[l] = f(a[l]);
    }
}

#[inline(always)]
fn binary<const L: usize>(instr: &Instr<u32>, memory: &mut [Lanes<L>], f: impl Fn(f64, f64) -> f64) {
    let a = memory[instr.args[0] as usize];
    let b = memory[instr.args[1] as usize];
    let out = &mut memory[instr.out as usize];
    for l in 0..L {
        out[l] = f(a[l], b[l]);
    }
}

#[inline(always)]
fn ternary<const L: usize>(instr: &Instr<u32>, memory: &mut [Lanes<L>], f: impl Fn(f64, f64, f64) -> f64) {
    let [a, b, c] = instr.args.map(|r| memory[r as usize]);
    let out = &mut memory[instr.out as usize];
    for l in 0..L {
        out[l] = f(a[l], b[l], c[l]);
    }
}

/// Adds the products of the instruction's terms, and gives the terms left for later instructions.
#[inline(always)]
fn dot<'t, const L: usize>(
    instr: &Instr<u32>,
    terms: &'t [[u32; 2]],
    memory: &mut [Lanes<L>],
) -> &'t [[u32; 2]] {
    let (mine, rest) = terms.split_at(usize::from(instr.count));
    let mut sum = memory[instr.args[0] as usize];
    for [a, b] in mine {
        let (a, b) = (&memory[*a as usize], &memory[*b as usize]);
        for l in 0..L {
            sum[l] = a[l].mul_add(b[l], sum[l]);
        }
    }
    memory[instr.out as usize] = sum;
    rest
}
