//! Draft -> draft, shorter and rounded differently: quotients merged, products contracted into sums.

use hepatica_expr::Op;

use crate::code::Code;
use crate::draft::{Draft, Operand, Step};

/// The draft with quotients merged, then products contracted. Nothing may be pinned yet.
pub(crate) fn fuse(draft: &Draft) -> Draft {
    rewritten(&rewritten(draft, Rewriter::merge_quotients), Rewriter::contract_products)
}

/// The draft with every live step rewritten, operands first. What a rewrite leaves unread is dead.
fn rewritten(draft: &Draft, rule: fn(&mut Rewriter, &Step) -> Operand) -> Draft {
    let made = Vec::with_capacity(draft.steps().len());
    let mut rewriter = Rewriter { uses: draft.uses(), made, draft: Draft::default() };
    for (index, step) in draft.steps().iter().enumerate() {
        // A dead step has no reader that could see what stands for it.
        let value = if rewriter.uses[index] == 0 { step.args[0] } else { rule(&mut rewriter, step) };
        rewriter.made.push(value);
    }
    rewriter.draft.results = draft.results.iter().map(|r| rewriter.renamed(*r)).collect();
    rewriter.draft
}

struct Rewriter {
    uses: Vec<u32>,
    /// What stands for each step of the source so far.
    made: Vec<Operand>,
    draft: Draft,
}

impl Rewriter {
    /// `(a/b)*(c/d)` and `(a/b)/c` with one division less, where the inner quotients are read only here.
    fn merge_quotients(&mut self, step: &Step) -> Operand {
        let [a, b, _] = step.args;
        match (step.code, self.quotient(a), self.quotient(b)) {
            (Code::Op(Op::Mul), Some([top, below]), Some([other_top, other_below])) => {
                let top = self.push(Op::Mul, [top, other_top]);
                let below = self.push(Op::Mul, [below, other_below]);
                self.push(Op::Div, [top, below])
            }
            (Code::Op(Op::Div), Some([top, below]), _) => {
                let divisor = self.renamed(b);
                let below = self.push(Op::Mul, [below, divisor]);
                self.push(Op::Div, [top, below])
            }
            _ => self.keep(step),
        }
    }

    /// A sum or difference with a product that is read only here as one fused multiply-add.
    ///
    /// A product read more often stays: a flux that leaves one state and enters another keeps one value, so that
    /// the two cancel exactly.
    fn contract_products(&mut self, step: &Step) -> Operand {
        let [a, b, _] = step.args;
        let codes = match step.code {
            Code::Op(Op::Add) => [Code::Op(Op::Fma), Code::Op(Op::Fma)],
            Code::Op(Op::Sub) => [Code::Fms, Code::Fnma],
            _ => return self.keep(step),
        };
        match (self.product(a), self.product(b)) {
            (_, Some([u, v])) => {
                let rest = self.renamed(a);
                self.draft.push(codes[1], &[u, v, rest])
            }
            (Some([u, v]), None) => {
                let rest = self.renamed(b);
                self.draft.push(codes[0], &[u, v, rest])
            }
            (None, None) => self.keep(step),
        }
    }

    fn renamed(&self, operand: Operand) -> Operand {
        match operand {
            Operand::Slot(_) => operand,
            Operand::Step(step) => self.made[step as usize],
        }
    }

    fn push(&mut self, op: Op, operands: [Operand; 2]) -> Operand {
        self.draft.push(Code::Op(op), &operands)
    }

    fn keep(&mut self, step: &Step) -> Operand {
        let args = step.args.map(|operand| self.renamed(operand));
        self.draft.push(step.code, &args[..step.code.arity()])
    }

    fn product(&self, operand: Operand) -> Option<[Operand; 2]> {
        self.read_once(operand, Op::Mul)
    }

    fn quotient(&self, operand: Operand) -> Option<[Operand; 2]> {
        self.read_once(operand, Op::Div)
    }

    /// The new operands of an operand of the source that is this operation and read only once.
    fn read_once(&self, operand: Operand, op: Op) -> Option<[Operand; 2]> {
        let Operand::Step(index) = operand else { return None };
        let Operand::Step(made) = self.made[index as usize] else { return None };
        let step = &self.draft.steps()[made as usize];
        let once = self.uses[index as usize] == 1 && step.code == Code::Op(op);
        once.then_some([step.args[0], step.args[1]])
    }
}
