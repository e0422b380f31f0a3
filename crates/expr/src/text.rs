//! A graph as lines of text that are read back and verified.
//!
//! ```text
//! %0 = state 3
//! %1 = number 0.5
//! %2 = mul %1 %0
//! roots %2
//! ```
//!
//! One line per node, numbered in order, operands before what uses them; the last line names the roots. Numbers
//! are written so that they read back bit for bit.

use std::fmt::{self, Write};

use crate::graph::{Graph, Node, NodeId, Symbol};
use crate::index::Id;
use crate::op::Op;

/// Why a text is not a graph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextError {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub fault: Fault,
}

/// What can be wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is neither a node nor the list of roots.
    Malformed,
    /// The node's number is not the next one.
    NotNext,
    /// There is no operation of this name.
    UnknownOperation(String),
    /// The operation takes another number of operands.
    WrongArity(Op),
    /// An operand is not a node of an earlier line.
    UnknownOperand(String),
    /// The number of a `number` or free variable cannot be read.
    BadNumber(String),
    /// The node stands on an earlier line already.
    Duplicate,
    /// The text ends without its roots, or goes on behind them.
    Roots,
}

impl fmt::Display for TextError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: ", self.line)?;
        match &self.fault {
            Fault::Malformed => write!(f, "expected `%N = operation operands` or `roots %N ..`"),
            Fault::NotNext => write!(f, "nodes must be numbered from 0 without gaps"),
            Fault::UnknownOperation(name) => write!(f, "there is no operation `{name}`"),
            Fault::WrongArity(op) => write!(f, "`{}` takes {} operands", op.name(), op.arity()),
            Fault::UnknownOperand(operand) => write!(f, "`{operand}` is not a node of an earlier line"),
            Fault::BadNumber(number) => write!(f, "`{number}` is not a number here"),
            Fault::Duplicate => write!(f, "the node stands on an earlier line already"),
            Fault::Roots => write!(f, "the last line, and only the last, must name the roots"),
        }
    }
}

impl std::error::Error for TextError {}

/// The roots and everything they consist of, as text.
pub fn print(graph: &Graph, roots: &[NodeId]) -> String {
    let order = graph.reachable(roots);
    let place = |id: &NodeId| order.binary_search(id).unwrap_or(usize::MAX);
    let mut text = String::new();
    for (index, id) in order.iter().enumerate() {
        let node = graph.node(*id);
        let _ = write!(text, "%{index} = {}", head(node));
        for operand in node.operands() {
            let _ = write!(text, " %{}", place(operand));
        }
        text.push('\n');
    }
    text.push_str("roots");
    for root in roots {
        let _ = write!(text, " %{}", place(root));
    }
    text.push('\n');
    text
}

fn head(node: Node) -> String {
    match node {
        Node::Number(bits) => format!("number {:?}", f64::from_bits(bits)),
        Node::Symbol(Symbol::Time) => "time".into(),
        Node::Symbol(Symbol::Var(i)) => format!("var {i}"),
        Node::Symbol(Symbol::Delayed(i)) => format!("delayed {i}"),
        Node::Symbol(Symbol::State(i)) => format!("state {i}"),
        Node::Symbol(Symbol::Param(i)) => format!("param {i}"),
        Node::Apply(op, _) => op.name().into(),
    }
}

/// The graph of a text and its roots. Nodes are taken as they stand, nothing is simplified.
///
/// # Errors
/// The first line that breaks what the module says of the form.
pub fn parse(text: &str) -> Result<(Graph, Vec<NodeId>), TextError> {
    let mut graph = Graph::new();
    let mut roots = None;
    let mut last = 0;
    for (index, line) in text.lines().enumerate() {
        last = index + 1;
        let at = |fault| TextError { line: last, fault };
        let words: Vec<&str> = line.split_whitespace().collect();
        match words[..] {
            _ if roots.is_some() => return Err(at(Fault::Roots)),
            ["roots", ref names @ ..] => roots = Some(operands(&graph, names).map_err(at)?),
            [id, "=", head, ref rest @ ..] => append(&mut graph, id, head, rest).map_err(at)?,
            _ => return Err(at(Fault::Malformed)),
        }
    }
    let roots = roots.ok_or(TextError { line: last + 1, fault: Fault::Roots })?;
    Ok((graph, roots))
}

fn append(graph: &mut Graph, id: &str, head: &str, rest: &[&str]) -> Result<(), Fault> {
    let next = graph.len();
    if id.strip_prefix('%').and_then(|digits| digits.parse().ok()) != Some(next) {
        return Err(Fault::NotNext);
    }
    let node = match (head, rest) {
        ("number", [value]) => Node::Number(read::<f64>(value)?.to_bits()),
        ("time", []) => Node::Symbol(Symbol::Time),
        ("var", [i]) => Node::Symbol(Symbol::Var(read(i)?)),
        ("delayed", [i]) => Node::Symbol(Symbol::Delayed(read(i)?)),
        ("state", [i]) => Node::Symbol(Symbol::State(read(i)?)),
        ("param", [i]) => Node::Symbol(Symbol::Param(read(i)?)),
        ("number" | "time" | "var" | "delayed" | "state" | "param", _) => {
            return Err(Fault::Malformed);
        }
        _ => operation(graph, head, rest)?,
    };
    if graph.intern(node).index() == next { Ok(()) } else { Err(Fault::Duplicate) }
}

fn operation(graph: &Graph, name: &str, names: &[&str]) -> Result<Node, Fault> {
    let op = Op::from_name(name).ok_or_else(|| Fault::UnknownOperation(name.into()))?;
    if names.len() != op.arity() {
        return Err(Fault::WrongArity(op));
    }
    let mut args = [NodeId(0); 3];
    args[..op.arity()].copy_from_slice(&operands(graph, names)?);
    Ok(Node::Apply(op, args))
}

fn operands(graph: &Graph, names: &[&str]) -> Result<Vec<NodeId>, Fault> {
    let operand = |name: &&str| {
        let index = name.strip_prefix('%').and_then(|digits| digits.parse::<u32>().ok());
        let known = index.filter(|index| (*index as usize) < graph.len());
        known.map(NodeId).ok_or_else(|| Fault::UnknownOperand((*name).into()))
    };
    names.iter().map(operand).collect()
}

fn read<T: std::str::FromStr>(word: &str) -> Result<T, Fault> {
    word.parse().map_err(|_| Fault::BadNumber(word.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_graph_reads_back_as_it_was_printed() {
        let text = "%0 = state 3\n%1 = number 0.1\n%2 = mul %1 %0\n%3 = time\n%4 = number NaN\n\
            %5 = number -inf\n%6 = number 5e-324\n%7 = select %0 %2 %3\n%8 = param 1\n%9 = fma %4 %5 %6\n\
            %10 = var 7\n%11 = number -0.0\n%12 = delayed 0\n\
            roots %7 %9 %8 %10 %11 %12 %7\n";
        let (graph, roots) = parse(text).unwrap();
        assert_eq!(print(&graph, &roots), text);
    }

    #[test]
    fn what_is_no_graph_is_refused_with_its_line() {
        let cases = [
            ("%0 = time\n%1 = sin %1\nroots\n", 2, Fault::UnknownOperand("%1".into())),
            ("%0 = time\n%1 = add %0\nroots\n", 2, Fault::WrongArity(Op::Add)),
            ("%0 = time\n%1 = sine %0\nroots\n", 2, Fault::UnknownOperation("sine".into())),
            ("%1 = time\nroots\n", 1, Fault::NotNext),
            ("%0 = time\n%1 = time\nroots\n", 2, Fault::Duplicate),
            ("%0 = number x\nroots\n", 1, Fault::BadNumber("x".into())),
            ("%0 = state -1\nroots\n", 1, Fault::BadNumber("-1".into())),
            ("%0 = time 3\nroots\n", 1, Fault::Malformed),
            ("%0 time\nroots\n", 1, Fault::Malformed),
            ("%0 = time\n", 2, Fault::Roots),
            ("", 1, Fault::Roots),
            ("roots\n%0 = time\n", 2, Fault::Roots),
        ];
        for (text, line, fault) in cases {
            assert_eq!(parse(text).err(), Some(TextError { line, fault }), "{text}");
        }
    }
}
