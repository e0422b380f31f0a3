//! The varying part of one tape, selected from the graph.

use hepatica_expr::index::Id;
use hepatica_expr::{Node, NodeId, Op};

use crate::code::Code;
use crate::draft::{Draft, Operand};
use crate::options::Rounding;
use crate::product::{Product, is_product};
use crate::select::Selector;
use crate::slot::Space;

const MUL: Code = Code::Op(Op::Mul);

/// What one tape computes, expression by expression.
pub(crate) struct Section<'s, 'a> {
    shared: &'s mut Selector<'a>,
    draft: Draft,
    memo: Vec<Option<Operand>>,
    /// How often each expression divides in this tape.
    divisors: Vec<u32>,
}

/// How the expressions of a tape read each other.
struct Needs {
    /// Varying expressions that the tape needs.
    needed: Vec<bool>,
    /// Those that are only ever a part of one product, which takes them in.
    absorbed: Vec<bool>,
}

impl<'s, 'a> Section<'s, 'a> {
    /// Selects everything that the roots need and that varies.
    pub(crate) fn new(shared: &'s mut Selector<'a>, roots: &[NodeId]) -> Self {
        let count = shared.graph().len();
        let Needs { needed, absorbed } = Needs::new(shared, roots);
        let chosen: Vec<NodeId> =
            (0..count).filter(|i| needed[*i] && !absorbed[*i]).map(NodeId::from_index).collect();
        let take_apart = |id: &NodeId| match shared.rounding() {
            Rounding::Fused if is_product(shared.graph(), *id) => Some(Product::new(shared, *id, &absorbed)),
            _ => None,
        };
        let products: Vec<Option<Product>> = chosen.iter().map(take_apart).collect();
        let mut divisors = vec![0; count];
        products.iter().flatten().flat_map(|p| &p.bottom).for_each(|id| divisors[id.index()] += 1);
        let draft = Draft::with_capacity(2 * chosen.len());
        let mut section = Section { shared, draft, memo: vec![None; count], divisors };
        for (id, product) in chosen.into_iter().zip(products) {
            let value = match product {
                Some(product) => section.product(&product),
                None => section.plain(id),
            };
            section.memo[id.index()] = Some(value);
        }
        section
    }

    /// The draft and the operand of each root.
    pub(crate) fn finish(mut self, roots: &[NodeId]) -> (Draft, Vec<Operand>) {
        let values = roots.iter().map(|root| self.value(*root)).collect();
        (self.draft, values)
    }

    fn value(&mut self, id: NodeId) -> Operand {
        match self.memo[id.index()] {
            Some(value) => value,
            None => self.shared.hoisted(id),
        }
    }

    /// An expression as it is written.
    fn plain(&mut self, id: NodeId) -> Operand {
        match self.shared.graph().node(id) {
            Node::Symbol(symbol) => self.shared.symbol(symbol),
            Node::Number(bits) => self.shared.constant(f64::from_bits(bits)),
            Node::Apply(op, args) => {
                let mut operands = [Operand::at(Space::Time, 0); 3];
                for (operand, arg) in operands.iter_mut().zip(&args[..op.arity()]) {
                    *operand = self.value(*arg);
                }
                self.draft.push(Code::Op(op), &operands[..op.arity()])
            }
        }
    }

    /// A product with one factor that is hoisted and at most one division of its own.
    fn product(&mut self, product: &Product) -> Operand {
        let mut factors = Vec::with_capacity(product.top.len() + product.bottom.len() + 1);
        let is_sign = product.fixed.is_empty() && product.number.abs() == 1.0;
        if !is_sign {
            factors.push(self.shared.hoisted_product(product.number, &product.fixed));
        }
        factors.extend(
            product.top.iter().map(|id| self.memo[id.index()].unwrap_or(Operand::at(Space::Time, 0))),
        );
        let mut below = Vec::with_capacity(product.bottom.len());
        for id in &product.bottom {
            let divisor = self.value(*id);
            match self.divisors[id.index()] {
                1 => below.push(divisor),
                _ => factors.push(self.draft.push(Code::Recip, &[divisor])),
            }
        }
        let value = match (self.multiplied(&factors), self.multiplied(&below)) {
            (Some(top), Some(below)) => self.draft.push(Code::Op(Op::Div), &[top, below]),
            (Some(top), None) => top,
            (None, Some(below)) => self.draft.push(Code::Recip, &[below]),
            (None, None) => self.shared.constant(1.0),
        };
        if is_sign && product.number < 0.0 { self.draft.push(Code::Op(Op::Neg), &[value]) } else { value }
    }

    /// The product of the factors from first to last; `None` where there is none.
    fn multiplied(&mut self, factors: &[Operand]) -> Option<Operand> {
        let (first, rest) = factors.split_first()?;
        Some(rest.iter().fold(*first, |product, factor| self.draft.push(MUL, &[product, *factor])))
    }
}

impl Needs {
    /// One sweep from the youngest expression suffices, as operands are older than what reads them.
    fn new(selector: &Selector<'_>, roots: &[NodeId]) -> Self {
        let graph = selector.graph();
        let mut needs = Needs { needed: vec![false; graph.len()], absorbed: vec![false; graph.len()] };
        // Readers of each expression, and whether the last of them is a product.
        let mut readers = vec![(0u32, false); graph.len()];
        for root in roots {
            needs.needed[root.index()] = selector.varies(*root);
            readers[root.index()].0 += 1;
        }
        for index in (0..graph.len()).rev().map(NodeId::from_index) {
            if !needs.needed[index.index()] {
                continue;
            }
            let product = is_product(graph, index);
            needs.absorbed[index.index()] =
                product && selector.rounding() == Rounding::Fused && readers[index.index()] == (1, true);
            for arg in graph.node(index).operands() {
                needs.needed[arg.index()] |= selector.varies(*arg);
                let (count, by_product) = &mut readers[arg.index()];
                *count += 1;
                *by_product = product;
            }
        }
        needs
    }
}
