//! Runs a tape over blocks of lanes.
//!
//! One body, written once for any width, is compiled for every instruction set by [`hepatica_lanes::Active::run`]. Each
//! instruction reads its operands into locals before it writes, so it never matters which places coincide, and its loop
//! over lanes has a fixed length that the compiler turns into vector instructions. No lane reads another one.
#![expect(unsafe_code, reason = "the addresses of a verified tape are not checked at every instruction")]

use hepatica_expr::{Op, for_op};
use hepatica_lanes::{Body, Lanes};

use crate::code::Code;
use crate::program::{Part, Program};
use crate::tape::{Instr, Tape, instruction_number};

/// One run of a tape: every instruction for every lane.
pub(crate) struct Run<'a, const L: usize> {
    tape: &'a Tape,
    memory: &'a mut [Lanes<L>],
}

impl<'a, const L: usize> Run<'a, L> {
    /// A run of a tape of a program over a memory in its layout.
    ///
    /// A [`Program`] is made by `Unlinked::link` only, which verifies that every place of every tape is inside its space, so
    /// that each address is below the layout's total.
    pub(crate) fn new(program: &'a Program, part: Part, memory: &'a mut [Lanes<L>]) -> Self {
        assert_eq!(memory.len() as u64, program.layout().total(), "a memory has the layout of its program");
        Run { tape: program.tape(part), memory }
    }
}

impl<const L: usize> Body for Run<'_, L> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Run { tape, memory } = self;
        let memory = &mut Memory(memory);
        let mut terms = tape.terms.as_slice();
        let mut rest = tape.instrs.as_slice();
        while let Some((mut instr, tail)) = rest.split_first() {
            rest = tail;
            /// Instructions of one code, one after the other.
            macro_rules! run_of {
                ($number:ident => $work:expr) => {
                    loop {
                        $work;
                        match rest.split_first() {
                            Some((next, tail)) if next.number == $number => (instr, rest) = (next, tail),
                            _ => break,
                        }
                    }
                };
            }
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
            /// One jump for a run of the codes named, by their number; two for each of the rest.
            macro_rules! jump {
                ($($name:ident = $code:expr;)+) => {{
                    $(const $name: u8 = $code.number();)+
                    match instr.number {
                        DOT => terms = dot(instr, terms, memory),
                        DOT_2 => run_of!(DOT_2 => terms = dot_of::<2, L>(instr, terms, memory)),
                        DOT_3 => run_of!(DOT_3 => terms = dot_of::<3, L>(instr, terms, memory)),
                        DOT_4 => run_of!(DOT_4 => terms = dot_of::<4, L>(instr, terms, memory)),
                        DOT_5 => run_of!(DOT_5 => terms = dot_of::<5, L>(instr, terms, memory)),
                        DOT_6 => run_of!(DOT_6 => terms = dot_of::<6, L>(instr, terms, memory)),
                        DOT_7 => run_of!(DOT_7 => terms = dot_of::<7, L>(instr, terms, memory)),
                        DOT_8 => run_of!(DOT_8 => terms = dot_of::<8, L>(instr, terms, memory)),
                        $($name => run_of!($name => lanewise!($code)),)+
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
const DOT_2: u8 = instruction_number(Code::Dot, 2);
const DOT_3: u8 = instruction_number(Code::Dot, 3);
const DOT_4: u8 = instruction_number(Code::Dot, 4);
const DOT_5: u8 = instruction_number(Code::Dot, 5);
const DOT_6: u8 = instruction_number(Code::Dot, 6);
const DOT_7: u8 = instruction_number(Code::Dot, 7);
const DOT_8: u8 = instruction_number(Code::Dot, 8);

/// The memory of a block, whose addresses the verified tape keeps to.
struct Memory<'m, const L: usize>(&'m mut [Lanes<L>]);

impl<const L: usize> Memory<'_, L> {
    #[inline(always)]
    fn get(&self, address: u32) -> &Lanes<L> {
        debug_assert!((address as usize) < self.0.len(), "a verified tape keeps to its layout");
        // SAFETY: see `Run::new`: every address of the tape is below the length of the memory.
        unsafe { self.0.get_unchecked(address as usize) }
    }

    #[inline(always)]
    fn get_mut(&mut self, address: u32) -> &mut Lanes<L> {
        debug_assert!((address as usize) < self.0.len(), "a verified tape keeps to its layout");
        // SAFETY: as in `get`.
        unsafe { self.0.get_unchecked_mut(address as usize) }
    }
}

#[inline(always)]
fn unary<const L: usize>(instr: &Instr<u32>, memory: &mut Memory<'_, L>, f: impl Fn(f64) -> f64) {
    let a = *memory.get(instr.args[0]);
    let out = memory.get_mut(instr.out);
    for l in 0..L {
        out[l] = f(a[l]);
    }
}

#[inline(always)]
fn binary<const L: usize>(instr: &Instr<u32>, memory: &mut Memory<'_, L>, f: impl Fn(f64, f64) -> f64) {
    let [a, b] = [0, 1].map(|k| *memory.get(instr.args[k]));
    let out = memory.get_mut(instr.out);
    for l in 0..L {
        out[l] = f(a[l], b[l]);
    }
}

#[inline(always)]
fn ternary<const L: usize>(instr: &Instr<u32>, memory: &mut Memory<'_, L>, f: impl Fn(f64, f64, f64) -> f64) {
    let [a, b, c] = [0, 1, 2].map(|k| *memory.get(instr.args[k]));
    let out = memory.get_mut(instr.out);
    for l in 0..L {
        out[l] = f(a[l], b[l], c[l]);
    }
}

#[inline(always)]
fn quaternary<const L: usize>(
    instr: &Instr<u32>,
    memory: &mut Memory<'_, L>,
    f: impl Fn(f64, f64, f64, f64) -> f64,
) {
    let [a, b, c, d] = [0, 1, 2, 3].map(|k| *memory.get(instr.args[k]));
    let out = memory.get_mut(instr.out);
    for l in 0..L {
        out[l] = f(a[l], b[l], c[l], d[l]);
    }
}

/// Adds the products of the instruction's terms, and gives the terms left for later instructions.
#[inline(always)]
fn dot<'t, const L: usize>(
    instr: &Instr<u32>,
    terms: &'t [[u32; 2]],
    memory: &mut Memory<'_, L>,
) -> &'t [[u32; 2]] {
    let (mine, rest) = terms.split_at(usize::from(instr.count));
    let mut sum = *memory.get(instr.args[0]);
    for term in mine {
        add_product(&mut sum, term, memory);
    }
    *memory.get_mut(instr.out) = sum;
    rest
}

/// As [`dot`], of a number of terms known here: no loop whose end is to be guessed.
#[inline(always)]
fn dot_of<'t, const N: usize, const L: usize>(
    instr: &Instr<u32>,
    terms: &'t [[u32; 2]],
    memory: &mut Memory<'_, L>,
) -> &'t [[u32; 2]] {
    let Some((mine, rest)) = terms.split_first_chunk::<N>() else { return terms };
    let mut sum = *memory.get(instr.args[0]);
    for term in mine {
        add_product(&mut sum, term, memory);
    }
    *memory.get_mut(instr.out) = sum;
    rest
}

#[inline(always)]
fn add_product<const L: usize>(sum: &mut Lanes<L>, [a, b]: &[u32; 2], memory: &Memory<'_, L>) {
    let (a, b) = (memory.get(*a), memory.get(*b));
    for l in 0..L {
        sum[l] = a[l].mul_add(b[l], sum[l]);
    }
}
