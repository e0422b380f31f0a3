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
            /// The loop over lanes of one code, known here.
            macro_rules! lanewise {
                ($code:expr) => {{
                    const CODE: Code = $code;
                    const ARITY: usize = CODE.arity();
                    match ARITY {
                        1 => unary(instr, memory, |a| CODE.eval([a, a, a, a])),
                        2 => binary(instr, memory, |a, b| CODE.eval([a, b, a, a])),
                        3 => ternary(instr, memory, |a, b, c| CODE.eval([a, b, c, a])),
                        _ => quaternary(instr, memory, |a, b, c, d| CODE.eval([a, b, c, d])),
                    }
                }};
            }
            /// One jump for the codes named, by their number; two for the rest.
            macro_rules! jump {
                ($($name:ident = $code:expr;)+) => {{
                    $(const $name: u8 = $code.number();)+
                    match instr.number {
                        DOT => terms = dot(instr, terms, memory),
                        $($name => lanewise!($code),)+
                        _ => match instr.code {
                            Code::Op(op) => for_op!(op, OP => lanewise!(Code::Op(OP))),
                            code => quaternary(instr, memory, |a, b, c, d| code.eval([a, b, c, d])),
                        },
                    }
                }};
            }
            jump! {
                ADD = Code::Op(Op::Add);
                SUB = Code::Op(Op::Sub);
                MUL = Code::Op(Op::Mul);
                DIV = Code::Op(Op::Div);
                NEG = Code::Op(Op::Neg);
                FMA = Code::Op(Op::Fma);
                FNMA = Code::Fnma;
                FMS = Code::Fms;
                RECIP = Code::Recip;
                NEG_RECIP = Code::NegRecip;
                COPY = Code::Copy;
                NEG_MUL = Code::NegMul;
                MUL3 = Code::Mul3;
                ADD_ADD = Code::AddAdd;
                ADD_SUB = Code::AddSub;
                SUB_ADD = Code::SubAdd;
                SUB_SUB = Code::SubSub;
                MUL_SUMS = Code::MulSums;
                DIV_SUM = Code::DivSum;
                SATURABLE = Code::Saturable;
                RECIP_SUM = Code::RecipSum;
                NEG_RECIP_SUM = Code::NegRecipSum;
                FMA_MUL = Code::FmaMul;
            }
        }
    }
}

const DOT: u8 = Code::Dot.number();

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
    let a = memory[instr.args[0] as usize];
    let b = memory[instr.args[1] as usize];
    let c = memory[instr.args[2] as usize];
    let out = &mut memory[instr.out as usize];
    for l in 0..L {
        out[l] = f(a[l], b[l], c[l]);
    }
}

#[inline(always)]
fn quaternary<const L: usize>(
    instr: &Instr<u32>,
    memory: &mut [Lanes<L>],
    f: impl Fn(f64, f64, f64, f64) -> f64,
) {
    let a = memory[instr.args[0] as usize];
    let b = memory[instr.args[1] as usize];
    let c = memory[instr.args[2] as usize];
    let d = memory[instr.args[3] as usize];
    let out = &mut memory[instr.out as usize];
    for l in 0..L {
        out[l] = f(a[l], b[l], c[l], d[l]);
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
