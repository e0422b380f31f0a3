//! Expressions of the graph -> MathML.
//!
//! The graph has numbers only; MathML tells truths from numbers. A truth used as a number becomes
//! `piecewise(1, truth, 0)`, a number used as a truth becomes `number != 0`, so that strict readers agree.
//! Chains of sums, products and conditions are written as one element: readers limit the depth of a document.

use hepatica_expr::{IdVec, Node, NodeId, Op, Symbol};
use hepatica_model::model::{Delay, Model, VarId, VarKind};

use super::additions::WriteError;
use super::xml::Xml;

/// The most elements one expression may have when its shared parts are written out.
const MAX_ELEMENTS: u64 = 2_000_000;

const TIME: (&str, &str) = ("definitionURL", "http://www.sbml.org/sbml/symbols/time");
const DELAY: (&str, &str) = ("definitionURL", "http://www.sbml.org/sbml/symbols/delay");

const RATE_OF: (&str, &str) = ("definitionURL", "http://www.sbml.org/sbml/symbols/rateOf");

/// How a value is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    Number,
    Truth,
}

/// What is left to write, the next last.
enum Work {
    Node(NodeId, Use),
    Open(&'static str),
    Empty(&'static str),
    Number(f64),
    Delay,
    Close,
}

/// Writes `<math>` elements of one graph.
#[derive(Clone, Copy)]
pub(super) struct Math<'a> {
    /// Whose expressions.
    pub(super) model: &'a Model,
    /// The identifier of each variable.
    pub(super) ids: &'a IdVec<VarId, String>,
}

impl Math<'_> {
    /// A `<math>` element with one expression.
    pub(super) fn write(self, xml: &mut Xml, root: NodeId, usage: Use) -> Result<(), WriteError> {
        open_math(xml);
        self.content(xml, root, usage)?;
        xml.close();
        Ok(())
    }

    /// The expression alone.
    pub(super) fn content(self, xml: &mut Xml, root: NodeId, usage: Use) -> Result<(), WriteError> {
        if self.model.graph.tree_size(root) > MAX_ELEMENTS {
            return Err(WriteError::TooLarge);
        }
        let mut work = vec![Work::Node(root, usage)];
        let mut elements = 0;
        while let Some(next) = work.pop() {
            // The arguments of delays are not counted above.
            elements += 1;
            if elements > 2 * MAX_ELEMENTS {
                return Err(WriteError::TooLarge);
            }
            match next {
                Work::Node(id, usage) => self.node(xml, &mut work, id, usage)?,
                Work::Open(name) => xml.open(name, &[]),
                Work::Empty(name) => xml.empty(name, &[]),
                Work::Number(value) => constant(xml, value),
                Work::Delay => xml.leaf("csymbol", &[("encoding", "text"), DELAY], "delay"),
                Work::Close => xml.close(),
            }
        }
        Ok(())
    }

    fn node(self, xml: &mut Xml, work: &mut Vec<Work>, id: NodeId, usage: Use) -> Result<(), WriteError> {
        match self.model.graph.node(id) {
            Node::Number(bits) => {
                let value = f64::from_bits(bits);
                match usage {
                    Use::Number => constant(xml, value),
                    Use::Truth => xml.empty(if value == 0.0 { "false" } else { "true" }, &[]),
                }
                Ok(())
            }
            Node::Symbol(symbol) if usage == Use::Number => self.symbol(xml, work, symbol),
            Node::Apply(op, args) if op.is_truth() == (usage == Use::Truth) => self.apply(work, id, op, args),
            // Used as the other kind.
            _ if usage == Use::Truth => {
                push(
                    work,
                    [
                        Work::Open("apply"),
                        Work::Empty("neq"),
                        Work::Node(id, Use::Number),
                        Work::Number(0.0),
                        Work::Close,
                    ],
                );
                Ok(())
            }
            _ => {
                let one = [Work::Open("piece"), Work::Number(1.0), Work::Node(id, Use::Truth), Work::Close];
                let zero = [Work::Open("otherwise"), Work::Number(0.0), Work::Close];
                push(work, [Work::Open("piecewise")].into_iter().chain(one).chain(zero).chain([Work::Close]));
                Ok(())
            }
        }
    }

    fn symbol(self, xml: &mut Xml, work: &mut Vec<Work>, symbol: Symbol) -> Result<(), WriteError> {
        match symbol {
            Symbol::Time => xml.leaf("csymbol", &[("encoding", "text"), TIME], "time"),
            Symbol::Var(k) => {
                let var = self.model.vars.get(VarId(k)).ok_or(WriteError::ForeignSymbol)?;
                let id = |var| self.ids.get(var).ok_or(WriteError::ForeignSymbol);
                if let VarKind::RateOf(of) = var.kind {
                    xml.open("apply", &[]);
                    xml.leaf("csymbol", &[("encoding", "text"), RATE_OF], "rateOf");
                    xml.leaf("ci", &[], id(of)?);
                    xml.close();
                } else {
                    xml.leaf("ci", &[], id(VarId(k))?);
                }
            }
            Symbol::Delayed(k) => {
                let Delay { value, lag } =
                    *self.model.delays.get(k as usize).ok_or(WriteError::ForeignSymbol)?;
                let arguments = [Work::Node(value, Use::Number), Work::Node(lag, Use::Number)];
                push(
                    work,
                    [Work::Open("apply"), Work::Delay].into_iter().chain(arguments).chain([Work::Close]),
                );
            }
            Symbol::State(_) | Symbol::Param(_) => return Err(WriteError::ForeignSymbol),
        }
        Ok(())
    }

    fn apply(self, work: &mut Vec<Work>, id: NodeId, op: Op, args: [NodeId; 3]) -> Result<(), WriteError> {
        let operand = |id| Work::Node(id, operand_use(op));
        match op {
            Op::Select => self.piecewise(work, id),
            Op::Fma => {
                let product = [Work::Open("apply"), Work::Empty("times"), operand(args[0]), operand(args[1])];
                let sum = [Work::Open("apply"), Work::Empty("plus")];
                push(
                    work,
                    sum.into_iter().chain(product).chain([Work::Close, operand(args[2]), Work::Close]),
                );
            }
            _ => {
                let name = op.mathml().ok_or(WriteError::NoMathml(op.name()))?;
                let operands = self.operands(id, op);
                let head = [Work::Open("apply"), Work::Empty(name)];
                push(work, head.into_iter().chain(operands.into_iter().map(operand)).chain([Work::Close]));
            }
        }
        Ok(())
    }

    /// The operands of an operation; those of `((a op b) op c) op d` in one list, whose value is the same.
    fn operands(self, id: NodeId, op: Op) -> Vec<NodeId> {
        let Node::Apply(_, args) = self.model.graph.node(id) else { return vec![id] };
        if !matches!(op, Op::Add | Op::Mul | Op::And | Op::Or) {
            return args[..op.arity()].to_vec();
        }
        let mut operands = vec![args[1]];
        let mut left = args[0];
        while let Node::Apply(inner, [deeper, right, _]) = self.model.graph.node(left) {
            if inner != op {
                break;
            }
            operands.push(right);
            left = deeper;
        }
        operands.push(left);
        operands.reverse();
        operands
    }

    /// `piecewise(value, condition, ..., otherwise)`.
    fn piecewise(self, work: &mut Vec<Work>, id: NodeId) {
        let mut parts = vec![Work::Open("piecewise")];
        let mut at = id;
        while let Node::Apply(Op::Select, [condition, value, otherwise]) = self.model.graph.node(at) {
            let piece = [Work::Node(value, Use::Number), Work::Node(condition, Use::Truth)];
            parts.push(Work::Open("piece"));
            parts.extend(piece);
            parts.push(Work::Close);
            at = otherwise;
        }
        parts.extend([Work::Open("otherwise"), Work::Node(at, Use::Number), Work::Close, Work::Close]);
        push(work, parts);
    }
}

/// Puts work on the stack so that the first item is done first.
fn push(work: &mut Vec<Work>, items: impl IntoIterator<Item = Work>) {
    let start = work.len();
    work.extend(items);
    work[start..].reverse();
}

/// How an operation uses its operands.
fn operand_use(op: Op) -> Use {
    match op {
        Op::And | Op::Or | Op::Xor | Op::Implies | Op::Not => Use::Truth,
        _ => Use::Number,
    }
}

/// Opens a `<math>` element.
pub(super) fn open_math(xml: &mut Xml) {
    xml.open("math", &[("xmlns", "http://www.w3.org/1998/Math/MathML")]);
}

/// A `<cn>`. Decimal digits without an exponent are read back exactly by every reader; the `e-notation` of
/// MathML is not, because its two parts are multiplied.
pub(super) fn constant(xml: &mut Xml, value: f64) {
    if value.is_nan() {
        xml.empty("notanumber", &[]);
    } else if value.is_infinite() && value > 0.0 {
        xml.empty("infinity", &[]);
    } else if value.is_infinite() || (value.is_sign_negative() && value != 0.0) {
        xml.open("apply", &[]);
        xml.empty("minus", &[]);
        constant(xml, -value);
        xml.close();
    } else if value.fract() == 0.0 && value < 1e9 {
        xml.leaf("cn", &[("type", "integer")], &value.to_string());
    } else {
        xml.leaf("cn", &[], &value.to_string());
    }
}
