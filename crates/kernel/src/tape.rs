//! Straight-line code over the memory of a block.

use crate::code::{Code, MAX_ARITY};

/// One instruction; `R` names a place (a [`crate::slot::Slot`] while a tape is made, then an address).
///
/// Operands beyond the code's arity repeat the first one, so that every field is a place that may be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instr<R> {
    /// What is computed.
    pub code: Code,
    /// The code's number, for a single jump to its loop; see [`instruction_number`].
    pub(crate) number: u8,
    /// How many terms a `Dot` takes from the tape's terms; zero for all other codes.
    pub count: u16,
    /// Where the value goes.
    pub out: R,
    /// Operands.
    pub args: [R; MAX_ARITY],
}

/// Straight-line code: instructions in order, then results to be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tape<R = u32> {
    /// The instructions in order.
    pub(crate) instrs: Vec<Instr<R>>,
    /// The terms of all `Dot`s, in order of use.
    pub(crate) terms: Vec<[R; 2]>,
    /// Where the results are after the last instruction.
    pub(crate) results: Vec<R>,
    /// Number of registers it needs.
    pub(crate) registers: u32,
}

/// Figures of one tape.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TapeStats {
    /// Number of instructions.
    pub instructions: usize,
    /// Multiplications, fused or not; a `Dot` has one per term.
    pub multiplications: usize,
    /// Divisions and reciprocals.
    pub divisions: usize,
    /// Registers in use at once.
    pub registers: usize,
}

impl<R> Instr<R> {
    /// An instruction with `count` terms.
    pub(crate) fn new(code: Code, count: u16, out: R, args: [R; MAX_ARITY]) -> Self {
        Instr { code, number: instruction_number(code, count), count, out, args }
    }
}

/// The most terms a `Dot` has whose loop the interpreter unrolls.
const UNROLLED_TERMS: u16 = 8;

/// The number of a code, or, for a `Dot` of few terms, one beyond those of all codes.
pub(crate) const fn instruction_number(code: Code, count: u16) -> u8 {
    match code {
        Code::Dot if count >= 2 && count <= UNROLLED_TERMS => Code::COUNT + count as u8,
        _ => code.number(),
    }
}

impl<R: Copy> Tape<R> {
    /// The instructions in order, each with the terms of its `Dot`.
    pub fn instructions(&self) -> impl Iterator<Item = (&Instr<R>, &[[R; 2]])> {
        let mut start = 0;
        self.instrs.iter().map(move |instr| {
            let terms = &self.terms[start..start + usize::from(instr.count)];
            start += terms.len();
            (instr, terms)
        })
    }

    /// Where the results are.
    pub fn results(&self) -> &[R] {
        &self.results
    }

    /// The same tape with every place renamed.
    pub(crate) fn map<S>(&self, mut place: impl FnMut(R) -> S) -> Tape<S> {
        Tape {
            instrs: self
                .instrs
                .iter()
                .map(|i| Instr::new(i.code, i.count, place(i.out), i.args.map(&mut place)))
                .collect(),
            terms: self.terms.iter().map(|t| t.map(&mut place)).collect(),
            results: self.results.iter().map(|r| place(*r)).collect(),
            registers: self.registers,
        }
    }

    /// Counts of what it does.
    pub fn stats(&self) -> TapeStats {
        let sum = |count: fn(Code) -> usize| self.instrs.iter().map(|i| count(i.code)).sum::<usize>();
        TapeStats {
            instructions: self.instrs.len(),
            multiplications: self.terms.len() + sum(Code::multiplications),
            divisions: sum(Code::divisions),
            registers: self.registers as usize,
        }
    }
}

impl Tape<u32> {
    /// Runs the tape for one lane: the definition of the bits every faster run must give.
    ///
    /// `memory` has the layout of the program the tape belongs to.
    pub fn interpret(&self, memory: &mut [f64]) {
        for (instr, terms) in self.instructions() {
            let first = instr.code.eval(instr.args.map(|r| memory[r as usize]));
            let add = |sum: f64, [u, v]: &[u32; 2]| memory[*u as usize].mul_add(memory[*v as usize], sum);
            memory[instr.out as usize] = terms.iter().fold(first, add);
        }
    }
}
