//! Expressions as written -> MathML.

use hepatica_model::decl::{BinaryOp, Expr, ExprKind, FixedNames, UnaryOp};

use super::math::constant;
use super::xml::Xml;

/// What MathML calls a function of the infix language; aliases stand together.
const ELEMENTS: &[(&[&str], &str)] = &[
    (&["exp"], "exp"),
    (&["ln"], "ln"),
    (&["pow", "power"], "power"),
    (&["abs"], "abs"),
    (&["min"], "min"),
    (&["max"], "max"),
    (&["floor"], "floor"),
    (&["ceil", "ceiling"], "ceiling"),
    (&["factorial"], "factorial"),
    (&["rem"], "rem"),
    (&["quotient"], "quotient"),
    (&["plus"], "plus"),
    (&["times"], "times"),
    (&["minus"], "minus"),
    (&["divide"], "divide"),
    (&["and"], "and"),
    (&["or"], "or"),
    (&["xor"], "xor"),
    (&["not"], "not"),
    (&["implies"], "implies"),
    (&["lt"], "lt"),
    (&["leq", "le"], "leq"),
    (&["gt"], "gt"),
    (&["geq", "ge"], "geq"),
    (&["eq"], "eq"),
    (&["neq", "ne"], "neq"),
    (&["sin"], "sin"),
    (&["cos"], "cos"),
    (&["tan"], "tan"),
    (&["sec"], "sec"),
    (&["csc"], "csc"),
    (&["cot"], "cot"),
    (&["sinh"], "sinh"),
    (&["cosh"], "cosh"),
    (&["tanh"], "tanh"),
    (&["sech"], "sech"),
    (&["csch"], "csch"),
    (&["coth"], "coth"),
    (&["asin", "arcsin"], "arcsin"),
    (&["acos", "arccos"], "arccos"),
    (&["atan", "arctan"], "arctan"),
    (&["asec", "arcsec"], "arcsec"),
    (&["acsc", "arccsc"], "arccsc"),
    (&["acot", "arccot"], "arccot"),
    (&["asinh", "arcsinh"], "arcsinh"),
    (&["acosh", "arccosh"], "arccosh"),
    (&["atanh", "arctanh"], "arctanh"),
    (&["asech", "arcsech"], "arcsech"),
    (&["acsch", "arccsch"], "arccsch"),
    (&["acoth", "arccoth"], "arccoth"),
];

/// Functions that SBML writes as symbols, with the ends of their addresses.
const SYMBOLS: &[(&str, &str)] = &[
    ("delay", "delay"),
    ("rateOf", "rateOf"),
    ("normal", "distrib/normal"),
    ("uniform", "distrib/uniform"),
    ("lognormal", "distrib/lognormal"),
    ("exponential", "distrib/exponential"),
    ("gamma", "distrib/gamma"),
    ("poisson", "distrib/poisson"),
    ("bernoulli", "distrib/bernoulli"),
    ("binomial", "distrib/binomial"),
    ("cauchy", "distrib/cauchy"),
    ("chisquare", "distrib/chisquare"),
    ("laplace", "distrib/laplace"),
    ("rayleigh", "distrib/rayleigh"),
];

/// Writes expressions of one model.
pub(super) struct Formula<'x, 'f> {
    pub(super) xml: &'x mut Xml,
    pub(super) names: FixedNames,
    /// The functions the model defines, which come before those every model knows.
    pub(super) functions: &'f [String],
    /// The identifier of a unit of a number.
    pub(super) unit: &'f dyn Fn(&str) -> Option<String>,
}

impl Formula<'_, '_> {
    /// The content of a `<math>` element.
    pub(super) fn write(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Number(value, unit) => self.number(*value, unit.as_deref()),
            ExprKind::Boolean(value) => self.xml.empty(if *value { "true" } else { "false" }, &[]),
            ExprKind::Time => self.symbol("time", "time"),
            ExprKind::Name(parts) => self.name(&parts.join(".")),
            ExprKind::Unary(UnaryOp::Plus, a) => self.write(a),
            ExprKind::Unary(op, a) => {
                let name = if *op == UnaryOp::Neg { "minus" } else { "not" };
                self.apply(name, &[a]);
            }
            ExprKind::Binary(op, a, b) => {
                let name = element(*op);
                if matches!(op, BinaryOp::Add | BinaryOp::Mul | BinaryOp::And | BinaryOp::Or) {
                    let mut operands = Vec::new();
                    operands_of(*op, a, &mut operands);
                    operands.push(b);
                    self.apply(name, &operands);
                } else {
                    self.apply(name, &[a, b]);
                }
            }
            ExprKind::Call(name, arguments) => {
                let arguments: Vec<&Expr> = arguments.iter().collect();
                self.call(name, &arguments);
            }
        }
    }

    fn apply(&mut self, name: &'static str, operands: &[&Expr]) {
        self.xml.open("apply", &[]);
        self.xml.empty(name, &[]);
        operands.iter().for_each(|operand| self.write(operand));
        self.xml.close();
    }

    fn number(&mut self, value: f64, unit: Option<&str>) {
        let unit = unit.and_then(|unit| (self.unit)(unit));
        match unit {
            Some(unit) if value.is_finite() => {
                let text = super::xml::number(value);
                let space = "http://www.sbml.org/sbml/level3/version2/core";
                self.xml.leaf("cn", &[("xmlns:sbml", space), ("sbml:units", &unit)], &text);
            }
            _ => constant(self.xml, value),
        }
    }

    fn symbol(&mut self, name: &str, end: &str) {
        let address = format!("http://www.sbml.org/sbml/symbols/{end}");
        self.xml.leaf("csymbol", &[("encoding", "text"), ("definitionURL", &address)], name);
    }

    fn name(&mut self, name: &str) {
        if self.names == FixedNames::Free {
            return self.xml.leaf("ci", &[], name);
        }
        match name {
            "time" => self.symbol("time", "time"),
            "avogadro" => self.symbol("avogadro", "avogadro"),
            "pi" => self.xml.empty("pi", &[]),
            "exponentiale" => self.xml.empty("exponentiale", &[]),
            _ => self.xml.leaf("ci", &[], name),
        }
    }

    fn call(&mut self, name: &str, arguments: &[&Expr]) {
        if self.functions.iter().any(|own| own == name) {
            return self.function(name, arguments);
        }
        if let Some((_, element)) = ELEMENTS.iter().find(|(names, _)| names.contains(&name)) {
            return self.apply(element, arguments);
        }
        if let Some((_, end)) = SYMBOLS.iter().find(|(known, _)| *known == name) {
            self.xml.open("apply", &[]);
            self.symbol(name, end);
            arguments.iter().for_each(|argument| self.write(argument));
            return self.xml.close();
        }
        match (name, arguments) {
            ("log", [_]) => self.apply("ln", arguments),
            ("log", [base, x]) => self.qualified("log", "logbase", Some(base), x),
            ("log10", [x]) => self.qualified("log", "logbase", None, x),
            ("sqrt" | "root", [x]) => self.apply("root", &[x]),
            ("root", [degree, x]) => self.qualified("root", "degree", Some(degree), x),
            ("sqr", [x]) => {
                self.xml.open("apply", &[]);
                self.xml.empty("power", &[]);
                self.write(x);
                constant(self.xml, 2.0);
                self.xml.close();
            }
            ("piecewise", _) => self.piecewise(arguments),
            _ => self.function(name, arguments),
        }
    }

    fn function(&mut self, name: &str, arguments: &[&Expr]) {
        self.xml.open("apply", &[]);
        self.xml.leaf("ci", &[], name);
        arguments.iter().for_each(|argument| self.write(argument));
        self.xml.close();
    }

    /// A function with a qualifier, which is 10 where none is given.
    fn qualified(&mut self, name: &'static str, qualifier: &'static str, by: Option<&Expr>, x: &Expr) {
        self.xml.open("apply", &[]);
        self.xml.empty(name, &[]);
        self.xml.open(qualifier, &[]);
        match by {
            Some(by) => self.write(by),
            None => constant(self.xml, 10.0),
        }
        self.xml.close();
        self.write(x);
        self.xml.close();
    }

    fn piecewise(&mut self, arguments: &[&Expr]) {
        self.xml.open("piecewise", &[]);
        for piece in arguments.chunks(2) {
            self.xml.open(if piece.len() == 2 { "piece" } else { "otherwise" }, &[]);
            piece.iter().for_each(|part| self.write(part));
            self.xml.close();
        }
        self.xml.close();
    }
}

fn operands_of<'e>(op: BinaryOp, expr: &'e Expr, operands: &mut Vec<&'e Expr>) {
    match &expr.kind {
        ExprKind::Binary(inner, a, b) if *inner == op => {
            operands_of(op, a, operands);
            operands.push(b);
        }
        _ => operands.push(expr),
    }
}

fn element(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::Add => "plus",
        BinaryOp::Sub => "minus",
        BinaryOp::Mul => "times",
        BinaryOp::Div => "divide",
        BinaryOp::Mod => "rem",
        BinaryOp::Pow => "power",
        BinaryOp::Lt => "lt",
        BinaryOp::Le => "leq",
        BinaryOp::Gt => "gt",
        BinaryOp::Ge => "geq",
        BinaryOp::Eq => "eq",
        BinaryOp::Ne => "neq",
        BinaryOp::And => "and",
        BinaryOp::Or => "or",
    }
}
