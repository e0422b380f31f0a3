//! Draft -> draft with products contracted into fused multiply-adds.

use hepatica_expr::Op;

use crate::code::Code;
use crate::draft::{Draft, Operand, Step};

/// The draft with every product that is read once, by a sum or difference, contracted into it, and chains of
/// sums gathered into `Dot`s.
///
/// A product read more often stays: a flux that leaves one state and enters another keeps one value, so that
/// the two cancel exactly. Nothing may be pinned yet.
pub(crate) fn fuse(draft: &Draft) -> Draft {
    let mut fuser = Fuser {
        draft,
        uses: draft.uses(),
        made: Vec::with_capacity(draft.steps().len()),
        fused: Draft::default(),
    };
    for (index, step) in draft.steps().iter().enumerate() {
        let value = if fuser.uses[index] == 0 { step.args[0] } else { fuser.rewrite(step) };
        fuser.made.push(value);
    }
    fuser.fused.results = draft.results.iter().map(|r| fuser.renamed(*r)).collect();
    fuser.fused
}

struct Fuser<'a> {
    draft: &'a Draft,
    uses: Vec<u32>,
    /// The value of each step of the source so far.
    made: Vec<Operand>,
    fused: Draft,
}

impl Fuser<'_> {
    fn renamed(&self, operand: Operand) -> Operand {
        match operand {
            Operand::Slot(_) => operand,
            Operand::Step(step) => self.made[step as usize],
        }
    }

    fn rewrite(&mut self, step: &Step) -> Operand {
        let [a, b, _] = step.args;
        match step.code {
            Code::Op(Op::Add) => match (self.product(a), self.product(b)) {
                (_, Some([u, v])) => self.push(Code::Op(Op::Fma), &[u, v, a]),
                (Some([u, v]), None) => self.push(Code::Op(Op::Fma), &[u, v, b]),
                (None, None) => self.keep(step),
            },
            Code::Op(Op::Sub) => match (self.product(a), self.product(b)) {
                (_, Some([u, v])) => self.push(Code::Fnma, &[u, v, a]),
                (Some([u, v]), None) => self.push(Code::Fms, &[u, v, b]),
                (None, None) => self.keep(step),
            },
            _ => self.keep(step),
        }
    }

    fn push(&mut self, code: Code, operands: &[Operand; 3]) -> Operand {
        let operands = operands.map(|operand| self.renamed(operand));
        self.fused.push(code, &operands)
    }

    fn keep(&mut self, step: &Step) -> Operand {
        let args = step.args.map(|operand| self.renamed(operand));
        let terms: Vec<_> = step.terms.iter().map(|t| t.map(|operand| self.renamed(operand))).collect();
        match step.code {
            Code::Dot => self.fused.dot(args[0], &terms),
            code => self.fused.push(code, &args[..code.arity()]),
        }
    }

    /// The factors of an operand that is a product read only here.
    fn product(&self, operand: Operand) -> Option<[Operand; 2]> {
        let Operand::Step(index) = operand else { return None };
        let step = &self.draft.steps()[index as usize];
        let once = self.uses[index as usize] == 1 && step.code == Code::Op(Op::Mul);
        once.then_some([step.args[0], step.args[1]])
    }
}
