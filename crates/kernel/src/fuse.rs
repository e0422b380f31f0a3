//! Draft -> draft: products contracted into sums, several steps combined into one.

use hepatica_expr::Op;

use crate::code::{Code, MAX_ARITY};
use crate::draft::{Draft, Operand, Step};

/// The draft with products contracted, which rounds differently.
pub(crate) fn contract(draft: &Draft) -> Draft {
    rewritten(draft, Rewriter::contract)
}

/// The draft with steps combined into codes that do the work of several, to the same bits.
pub(crate) fn combine(draft: &Draft) -> Draft {
    rewritten(draft, Rewriter::combine)
}

/// The draft with every live step rewritten, operands first. What a rewrite leaves unread is dead.
///
/// A rule may not give equal steps for different ones, as equal steps are not looked for again.
fn rewritten(draft: &Draft, rule: fn(&mut Rewriter, &Step) -> Operand) -> Draft {
    let made = Vec::with_capacity(draft.steps().len());
    let mut rewriter = Rewriter { uses: draft.uses(), made, draft: Draft::default() };
    for (index, step) in draft.steps().iter().enumerate() {
        // A dead step has no reader that could see what stands for it.
        let value = if rewriter.uses[index] == 0 { step.args[0] } else { rule(&mut rewriter, step) };
        rewriter.made.push(value);
    }
    for (step, slot) in draft.pins() {
        rewriter.draft.pin(rewriter.made[*step as usize], *slot);
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
    /// A sum or difference with a product that is read only here as one fused multiply-add.
    ///
    /// A product read more often stays: a flux that leaves one state and enters another keeps one value, so that
    /// the two cancel exactly.
    fn contract(&mut self, step: &Step) -> Operand {
        let [a, b, ..] = step.args;
        let codes = match step.code {
            ADD => [FMA, FMA],
            SUB => [Code::Fms, Code::Fnma],
            _ => return self.keep(step),
        };
        match (self.product(a), self.product(b)) {
            (_, Some([u, v])) => {
                let rest = self.renamed(a);
                self.draft.push_new(codes[1], &[u, v, rest])
            }
            (Some([u, v]), None) => {
                let rest = self.renamed(b);
                self.draft.push_new(codes[0], &[u, v, rest])
            }
            (None, None) => self.keep(step),
        }
    }

    /// One instruction where there were two or three.
    fn combine(&mut self, step: &Step) -> Operand {
        match self.combination(step) {
            Some((code, operands)) => self.draft.push_new(code, &operands[..code.arity()]),
            None => self.keep(step),
        }
    }

    /// The code that does the work of a step and of those of its operands that are computed for it only.
    fn combination(&self, step: &Step) -> Option<(Code, [Operand; MAX_ARITY])> {
        let [a, b, ..] = step.args;
        let (x, y) = (self.renamed(a), self.renamed(b));
        let found = match (step.code, self.inner(a), self.inner(b)) {
            (ADD, Some((ADD, [u, v, ..])), _) => (Code::AddAdd, [u, v, y, y]),
            (ADD, Some((SUB, [u, v, ..])), _) => (Code::SubAdd, [u, v, y, y]),
            (ADD, _, Some((ADD, [u, v, ..]))) => (Code::AddAdd, [u, v, x, x]),
            (ADD, _, Some((SUB, [u, v, ..]))) => (Code::SubAdd, [u, v, x, x]),
            (SUB, Some((ADD, [u, v, ..])), _) => (Code::AddSub, [u, v, y, y]),
            (SUB, Some((SUB, [u, v, ..])), _) => (Code::SubSub, [u, v, y, y]),
            (NEG, Some((MUL, [u, v, ..])), _) => (Code::NegMul, [u, v, v, v]),
            (MUL, Some((ADD, [u, v, ..])), Some((ADD, [w, z, ..]))) => (Code::MulSums, [u, v, w, z]),
            (MUL, Some((FMA, [u, v, w, _])), _) => (Code::FmaMul, [u, v, w, y]),
            (MUL, Some((MUL, [u, v, ..])), _) => (Code::Mul3, [u, v, y, y]),
            (MUL, _, Some((MUL, [u, v, ..]))) => (Code::Mul3, [u, v, x, x]),
            (DIV, Some((MUL, [u, v, ..])), Some((ADD, [w, z, ..]))) => (Code::Saturable, [u, v, w, z]),
            (DIV, _, Some((ADD, [w, z, ..]))) => (Code::DivSum, [x, w, z, z]),
            (Code::Recip, Some((ADD, [u, v, ..])), _) => (Code::RecipSum, [u, v, v, v]),
            (Code::NegRecip, Some((ADD, [u, v, ..])), _) => (Code::NegRecipSum, [u, v, v, v]),
            _ => return None,
        };
        Some(found)
    }

    /// The code and operands of an operand that is computed for this step only.
    fn inner(&self, operand: Operand) -> Option<(Code, [Operand; MAX_ARITY])> {
        let Operand::Step(index) = operand else { return None };
        let Operand::Step(made) = self.made[index as usize] else { return None };
        let step = &self.draft.steps()[made as usize];
        (self.uses[index as usize] == 1).then_some((step.code, step.args))
    }

    fn renamed(&self, operand: Operand) -> Operand {
        match operand {
            Operand::Slot(_) => operand,
            Operand::Step(step) => self.made[step as usize],
        }
    }

    fn keep(&mut self, step: &Step) -> Operand {
        let args = step.args.map(|operand| self.renamed(operand));
        if step.code == Code::Dot {
            let terms: Vec<_> = step.terms.iter().map(|t| t.map(|operand| self.renamed(operand))).collect();
            return self.draft.dot(args[0], &terms);
        }
        self.draft.push_new(step.code, &args[..step.code.arity()])
    }

    fn product(&self, operand: Operand) -> Option<[Operand; 2]> {
        self.binary(operand, MUL)
    }

    /// The operands of an operand that is this code, computed for this step only.
    fn binary(&self, operand: Operand, wanted: Code) -> Option<[Operand; 2]> {
        self.inner(operand).filter(|(code, _)| *code == wanted).map(|(_, [a, b, ..])| [a, b])
    }
}

const ADD: Code = Code::Op(Op::Add);
const SUB: Code = Code::Op(Op::Sub);
const MUL: Code = Code::Op(Op::Mul);
const DIV: Code = Code::Op(Op::Div);
const NEG: Code = Code::Op(Op::Neg);
const FMA: Code = Code::Op(Op::Fma);
