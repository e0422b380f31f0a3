//! MathML -> expressions.
//!
//! The subset and its meaning are those of SBML Level 3 Version 2 (core specification, section 3.4).

use hepatica_model::decl::{BinaryOp, Expr, ExprKind, UnaryOp};
use hepatica_source::{Diagnostic, Problems, Span};

use super::element::Element;
use super::number::{self, NumberError};
use super::space::Space;

/// How deep mathematics may be nested: what works on expressions does so by recursion.
const MAX_NESTING: usize = 500;

/// How many characters of a number that is none are shown.
const MAX_SHOWN: usize = 40;

/// What the names of a piece of mathematics mean.
pub(super) trait Names {
    /// What `<ci>name</ci>` stands for.
    fn quantity(&self, name: &str, span: Span) -> Expr;
    /// The name of the unit a number is written with.
    fn unit(&self, id: &str) -> String;
    /// The name of the user function `name`.
    fn function(&self, name: &str) -> String;
    /// The independent variable.
    fn time(&self, span: Span) -> Expr;
    /// A duration as written, in the time of the whole model.
    fn duration(&self, written: Expr) -> Expr;
    /// A rate of change in the time of the whole model, as it is written.
    fn rate(&self, value: Expr) -> Expr;
}

/// The expression inside the `<math>` of an element; `None` when there is none, which Level 3 Version 2 allows.
pub(super) fn math_of(element: Element<'_>, names: &dyn Names, diagnostics: &mut Problems) -> Option<Expr> {
    let math = element.children().find(|child| child.space() == Space::Math && child.name() == "math")?;
    let content = math.children().next()?;
    Some(Mathematics { names, diagnostics, depth: 0 }.expr(content))
}

/// The arguments and the body of the `<lambda>` of a function definition.
pub(super) fn lambda_of<'t>(element: Element<'t>) -> Option<(Vec<Element<'t>>, Option<Element<'t>>)> {
    let math = element.children().find(|child| child.space() == Space::Math && child.name() == "math")?;
    let lambda = unwrapped(math.children().next()?);
    if lambda.name() != "lambda" {
        return None;
    }
    let bound = |child: &Element<'t>| child.name() == "bvar";
    let arguments = lambda.children().filter(bound).filter_map(|b| b.children().next()).collect();
    Some((arguments, lambda.children().find(|child| !bound(child))))
}

/// The expression of a MathML element.
pub(super) fn expression(element: Element<'_>, names: &dyn Names, diagnostics: &mut Problems) -> Expr {
    Mathematics { names, diagnostics, depth: 0 }.expr(element)
}

/// A number as an expression.
pub(super) fn number_at(value: f64, span: Span) -> Expr {
    Expr { kind: ExprKind::Number(value, None), span }
}

/// The first part of `<semantics>`; any other element itself.
fn unwrapped(element: Element<'_>) -> Element<'_> {
    match element.name() {
        "semantics" => element.children().next().unwrap_or(element),
        _ => element,
    }
}

/// A piece of a document in a message, cut where it goes on and on.
pub(super) fn shown(text: &str) -> String {
    match text.char_indices().nth(MAX_SHOWN) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text.to_string(),
    }
}

/// Functions of MathML whose name in expressions is another one.
const RENAMED: &[(&str, &str)] = &[("ceiling", "ceil"), ("power", "pow")];

/// Functions of MathML that stand for themselves.
const FUNCTIONS: &[&str] = &[
    "plus",
    "times",
    "minus",
    "divide",
    "abs",
    "exp",
    "ln",
    "floor",
    "factorial",
    "and",
    "or",
    "xor",
    "not",
    "implies",
    "eq",
    "neq",
    "gt",
    "lt",
    "geq",
    "leq",
    "sin",
    "cos",
    "tan",
    "sec",
    "csc",
    "cot",
    "sinh",
    "cosh",
    "tanh",
    "sech",
    "csch",
    "coth",
    "arcsin",
    "arccos",
    "arctan",
    "arcsec",
    "arccsc",
    "arccot",
    "arcsinh",
    "arccosh",
    "arctanh",
    "arcsech",
    "arccsch",
    "arccoth",
    "max",
    "min",
    "rem",
    "quotient",
];

struct Mathematics<'r> {
    names: &'r dyn Names,
    diagnostics: &'r mut Problems,
    depth: usize,
}

impl Mathematics<'_> {
    fn expr(&mut self, element: Element<'_>) -> Expr {
        let span = element.span();
        if self.depth >= MAX_NESTING {
            let message = format!("mathematics is nested more than {MAX_NESTING} deep");
            return self.refuse(Diagnostic::error("limit/math", message).at(span, "too deep"));
        }
        self.depth += 1;
        let expr = self.content(element, span);
        self.depth -= 1;
        expr
    }

    fn content(&mut self, element: Element<'_>, span: Span) -> Expr {
        let kind = match element.name() {
            "apply" => return self.apply(element, span),
            "piecewise" => return self.piecewise(element, span),
            "semantics" => match element.children().next() {
                Some(first) => return self.expr(first),
                None => return self.unknown(element, span),
            },
            "cn" => return self.number(element, span),
            "ci" => return self.names.quantity(&element.text(), span),
            "csymbol" => return self.symbol(element, span),
            "true" => ExprKind::Boolean(true),
            "false" => ExprKind::Boolean(false),
            "pi" => ExprKind::Number(std::f64::consts::PI, None),
            "exponentiale" => ExprKind::Number(std::f64::consts::E, None),
            "infinity" => ExprKind::Number(f64::INFINITY, None),
            "notanumber" => ExprKind::Number(f64::NAN, None),
            _ => return self.unknown(element, span),
        };
        Expr { kind, span }
    }

    fn unknown(&mut self, element: Element<'_>, span: Span) -> Expr {
        let message = format!("`{}` is not part of the mathematics of SBML", element.name());
        self.refuse(Diagnostic::error("sbml/math", message).at(span, "cannot be evaluated"))
    }

    fn refuse(&mut self, problem: Diagnostic) -> Expr {
        let span = problem.labels.first().map(|label| label.span);
        self.diagnostics.push(problem);
        number_at(f64::NAN, span.unwrap_or(Span::new(hepatica_source::FileId(0), 0, 0)))
    }

    fn number(&mut self, element: Element<'_>, span: Span) -> Expr {
        let kind = element.attribute("type").map_or("real".into(), |value| value.text);
        let pieces = element.texts();
        match number::constant(&kind, &pieces) {
            Ok(value) => {
                let unit = element.attribute("units").map(|unit| self.names.unit(&unit.text));
                Expr { kind: ExprKind::Number(value, unit), span }
            }
            Err(error) => {
                let message = match error {
                    NumberError::Malformed => format!("`{}` is no number", shown(&pieces.join(" "))),
                    NumberError::TooLarge => {
                        format!("`{}` is larger than any number here", shown(&pieces.join(" ")))
                    }
                };
                self.refuse(Diagnostic::error("sbml/number", message).at(span, "this number"))
            }
        }
    }

    fn symbol(&mut self, element: Element<'_>, span: Span) -> Expr {
        match symbol_of(element).as_deref() {
            Some("time") => self.names.time(span),
            // Its value is fixed by SBML Level 3 (core specification, section 3.4.6).
            Some("avogadro") => number_at(6.022_141_79e23, span),
            _ => self.unknown(element, span),
        }
    }

    fn apply(&mut self, element: Element<'_>, span: Span) -> Expr {
        let mut children = element.children();
        let Some(head) = children.next().map(unwrapped) else { return self.unknown(element, span) };
        let qualifier = |name: &str| element.children().find(|child| child.name() == name);
        let (logbase, degree) = (qualifier("logbase"), qualifier("degree"));
        let operands: Vec<Element<'_>> =
            children.filter(|child| !matches!(child.name(), "logbase" | "degree")).collect();
        let mut arguments: Vec<Expr> = operands.iter().map(|operand| self.expr(*operand)).collect();
        let name = match head.name() {
            "ci" => {
                let name = self.names.function(&head.text());
                return Expr { kind: ExprKind::Call(name, arguments), span };
            }
            "csymbol" => return self.call_symbol(head, arguments, span),
            "log" => match logbase.and_then(|base| base.children().next()) {
                Some(base) => {
                    arguments.insert(0, self.expr(base));
                    "log"
                }
                None => "log10",
            },
            "root" => match degree.and_then(|degree| degree.children().next()) {
                Some(degree) => {
                    arguments.insert(0, self.expr(degree));
                    "root"
                }
                None => "sqrt",
            },
            other => match RENAMED.iter().find(|(mathml, _)| *mathml == other) {
                Some((_, name)) => name,
                None if FUNCTIONS.contains(&other) => other,
                None => return self.unknown(head, head.span()),
            },
        };
        operation(name, arguments, span)
    }

    fn call_symbol(&mut self, head: Element<'_>, mut arguments: Vec<Expr>, span: Span) -> Expr {
        match symbol_of(head).as_deref() {
            Some("delay") => {
                if arguments.len() == 2
                    && let Some(duration) = arguments.pop()
                {
                    arguments.push(self.names.duration(duration));
                }
                Expr { kind: ExprKind::Call("delay".to_string(), arguments), span }
            }
            Some("rateOf") => {
                self.names.rate(Expr { kind: ExprKind::Call("rateOf".to_string(), arguments), span })
            }
            Some(other) if other.starts_with("distrib/") => {
                let name = other.trim_start_matches("distrib/").to_string();
                Expr { kind: ExprKind::Call(name, arguments), span }
            }
            _ => self.unknown(head, head.span()),
        }
    }

    fn piecewise(&mut self, element: Element<'_>, span: Span) -> Expr {
        let mut arguments = Vec::new();
        let mut otherwise = None;
        for child in element.children() {
            let mut parts = child.children();
            match (child.name(), parts.next(), parts.next()) {
                ("piece", Some(value), Some(condition)) => {
                    arguments.push(self.expr(value));
                    arguments.push(self.expr(condition));
                }
                ("otherwise", Some(value), None) => otherwise = Some(self.expr(value)),
                _ => return self.unknown(child, child.span()),
            }
        }
        arguments.extend(otherwise);
        if arguments.is_empty() {
            return number_at(f64::NAN, span);
        }
        Expr { kind: ExprKind::Call("piecewise".to_string(), arguments), span }
    }
}

/// The last part of the URL of a `<csymbol>` of SBML: `time`, `delay`, `distrib/normal`.
fn symbol_of(element: Element<'_>) -> Option<String> {
    let url = element.attribute("definitionURL")?;
    url.text.trim().strip_prefix("http://www.sbml.org/sbml/symbols/").map(str::to_string)
}

/// An operation as its operator where it has one for this many operands.
fn operation(name: &str, mut arguments: Vec<Expr>, span: Span) -> Expr {
    let binary = match name {
        "plus" => Some(BinaryOp::Add),
        "minus" => Some(BinaryOp::Sub),
        "times" => Some(BinaryOp::Mul),
        "divide" => Some(BinaryOp::Div),
        "pow" => Some(BinaryOp::Pow),
        "lt" => Some(BinaryOp::Lt),
        "leq" => Some(BinaryOp::Le),
        "gt" => Some(BinaryOp::Gt),
        "geq" => Some(BinaryOp::Ge),
        "eq" => Some(BinaryOp::Eq),
        "neq" => Some(BinaryOp::Ne),
        "and" => Some(BinaryOp::And),
        "or" => Some(BinaryOp::Or),
        _ => None,
    };
    let unary = match name {
        "minus" => Some(UnaryOp::Neg),
        "not" => Some(UnaryOp::Not),
        _ => None,
    };
    let kind = match (arguments.len(), binary, unary) {
        (2, Some(op), _) => {
            let second = arguments.pop();
            match (arguments.pop(), second) {
                (Some(a), Some(b)) => ExprKind::Binary(op, Box::new(a), Box::new(b)),
                _ => ExprKind::Call(name.to_string(), arguments),
            }
        }
        (1, _, Some(op)) => match arguments.pop() {
            Some(operand) => ExprKind::Unary(op, Box::new(operand)),
            None => ExprKind::Call(name.to_string(), arguments),
        },
        _ => ExprKind::Call(name.to_string(), arguments),
    };
    Expr { kind, span }
}

/// `a * b` and the like, at the place of `a`.
pub(super) fn binary(op: BinaryOp, a: Expr, b: Expr) -> Expr {
    let span = a.span;
    Expr { kind: ExprKind::Binary(op, Box::new(a), Box::new(b)), span }
}
