//! Runs a tape over blocks of lanes.
//!
//! One body, written once for any width, is compiled for every instruction set by [`crate::dispatch`]. Each
//! instruction reads its operands into locals before it writes, so it never matters which places coincide, and its loop
//! over lanes has a fixed length that the compiler turns into vector instructions. No lane reads another one.

use hepatica_expr::Op;
use hepatica_lanes::Lanes;

use crate::code::Code;
use crate::tape::{Instr, Tape};

/// Runs every instruction of a tape for every lane.
#[inline(always)]
pub(crate) fn run<const L: usize>(tape: &Tape, memory: &mut [Lanes<L>]) {
    let mut terms = tape.terms.as_slice();
    for instr in &tape.instrs {
        // Codes named here get a loop of their own; the order of the table does not matter.
        macro_rules! dispatch {
            (1: $($one:pat => $f:expr,)+ 2: $($two:pat => $g:expr,)+ 3: $($three:pat => $h:expr,)+) => {
                match instr.code {
                    $($one => unary(instr, memory, |a| $f.eval(a, a, a)),)+
                    $($two => binary(instr, memory, |a, b| $g.eval(a, b, a)),)+
                    $($three => ternary(instr, memory, |a, b, c| $h.eval(a, b, c)),)+
                    Code::Dot => terms = dot(instr, terms, memory),
                    code => ternary(instr, memory, |a, b, c| code.eval(a, b, c)),
                }
            };
        }
        dispatch! {
            1:
            Code::Op(Op::Neg) => Op::Neg,
            Code::Op(Op::Exp) => Op::Exp,
            Code::Op(Op::Ln) => Op::Ln,
            Code::Op(Op::Sqrt) => Op::Sqrt,
            Code::Op(Op::Abs) => Op::Abs,
            Code::Recip => Code::Recip,
            Code::NegRecip => Code::NegRecip,
            Code::Copy => Code::Copy,
            2:
            Code::Op(Op::Add) => Op::Add,
            Code::Op(Op::Sub) => Op::Sub,
            Code::Op(Op::Mul) => Op::Mul,
            Code::Op(Op::Div) => Op::Div,
            Code::Op(Op::Pow) => Op::Pow,
            Code::Op(Op::Min) => Op::Min,
            Code::Op(Op::Max) => Op::Max,
            Code::Op(Op::Lt) => Op::Lt,
            Code::Op(Op::Le) => Op::Le,
            Code::Op(Op::And) => Op::And,
            3:
            Code::Op(Op::Fma) => Op::Fma,
            Code::Op(Op::Select) => Op::Select,
            Code::Fnma => Code::Fnma,
            Code::Fms => Code::Fms,
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
