//! Expressions -> text that reads back as the same expression.

use std::collections::{BTreeMap, BTreeSet};

use hepatica_model::decl::{
    BinaryOp, Declarations, Expr, ExprKind, FixedNames, Function, Statement, UnaryOp,
};

use super::write::{WriteError, is_name};

/// How deep a text may be nested; the reader allows a little more.
const MAX_NESTING: usize = 190;

/// The names of some declarations as they are written.
pub(super) struct Names {
    /// Names that cannot stand as they are, and what stands for them.
    other: BTreeMap<String, String>,
    taken: BTreeSet<String>,
    fixed: FixedNames,
}

impl Names {
    /// Finds every name that something gives and a replacement for those that Antimony cannot hold.
    pub(super) fn of(declarations: &Declarations) -> Names {
        let mut names =
            Names { other: BTreeMap::new(), taken: BTreeSet::new(), fixed: declarations.fixed_names };
        let mut given: Vec<&str> = declarations.functions.iter().map(|f| f.name.value.as_str()).collect();
        for module in &declarations.modules {
            given.push(&module.name.value);
            given.extend(module.interface.iter().map(|name| name.value.as_str()));
            module.statements.iter().for_each(|statement| give(statement, &mut given));
        }
        names.taken.extend(given.iter().map(|name| name.to_string()));
        for name in given {
            names.replace(name);
        }
        names
    }

    /// The names inside a function.
    pub(super) fn with_arguments(&self, function: &Function) -> Names {
        let mut inside = Names { other: self.other.clone(), taken: self.taken.clone(), fixed: self.fixed };
        for argument in &function.arguments {
            inside.taken.insert(argument.value.clone());
            inside.replace(&argument.value);
        }
        inside
    }

    fn replace(&mut self, name: &str) {
        if is_name(name, self.fixed) || self.other.contains_key(name) {
            return;
        }
        let mut new: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
        if new.starts_with(|c: char| c.is_ascii_digit()) || new.is_empty() {
            new.insert(0, '_');
        }
        while !is_name(&new, FixedNames::Free) || !self.taken.insert(new.clone()) {
            new.push('_');
        }
        self.other.insert(name.to_string(), new);
    }

    /// A name that nothing has yet.
    pub(super) fn new_name(&mut self, wanted: &str) -> String {
        let mut name = wanted.replace(|c: char| !c.is_ascii_alphanumeric(), "_");
        while !is_name(&name, FixedNames::Free) || !self.taken.insert(name.clone()) {
            name.push('_');
        }
        name
    }

    /// A name as it is written.
    pub(super) fn name(&self, name: &str) -> String {
        self.other.get(name).map_or(name, String::as_str).to_string()
    }

    /// A name with dots as it is written.
    pub(super) fn path(&self, parts: &[String]) -> String {
        parts.iter().map(|part| self.name(part)).collect::<Vec<_>>().join(".")
    }
}

/// The names a statement gives to something.
fn give<'s>(statement: &'s Statement, given: &mut Vec<&'s str>) {
    let mut path = |path: &'s hepatica_model::decl::Path| given.extend(path.parts.iter().map(String::as_str));
    match statement {
        Statement::Declare { items, .. } => items.iter().for_each(|item| path(&item.path)),
        Statement::Assign { target, .. }
        | Statement::Clear { target, .. }
        | Statement::Locate { target, .. }
        | Statement::DisplayName { target, .. }
        | Statement::Annotate { target, .. } => path(target),
        Statement::Reaction(reaction) => {
            given.push(&reaction.name.value);
            let both = reaction.reactants.iter().chain(&reaction.products);
            both.for_each(|p| given.extend(p.species.parts.iter().map(String::as_str)));
        }
        Statement::Event(event) => given.push(&event.name.value),
        Statement::Unit { name, .. } | Statement::Submodel { name, .. } => given.push(&name.value),
        Statement::Interaction(interaction) => given.push(&interaction.name.value),
        Statement::Algebraic { name, .. }
        | Statement::Constraint { name, .. }
        | Statement::Objective { name, .. } => given.extend(name.as_ref().map(|name| name.value.as_str())),
        Statement::Redefine { definition, .. } => give(definition, given),
        _ => {}
    }
}

/// The expression as text.
///
/// # Errors
/// One that is too deep to be read back.
pub(super) fn infix(expr: &Expr, names: &Names) -> Result<String, WriteError> {
    let mut out = String::new();
    Infix { names, out: &mut out, depth: 0 }.expr(expr, 0)?;
    Ok(out)
}

/// A number in the shortest form that reads back the same.
pub(super) fn number(value: f64) -> String {
    if value.is_nan() {
        "nan".to_string()
    } else if value.is_infinite() {
        "inf".to_string()
    } else if value != 0.0 && !(1e-5..1e16).contains(&value.abs()) {
        format!("{value:e}")
    } else {
        value.to_string()
    }
}

struct Infix<'n, 'o> {
    names: &'n Names,
    out: &'o mut String,
    depth: usize,
}

/// How tight a sign binds: tighter than a product, looser than a power.
const SIGN: u8 = 5;
const POWER: u8 = 6;

impl Infix<'_, '_> {
    /// Writes an expression where anything that binds less tight than `least` needs parentheses.
    fn expr(&mut self, expr: &Expr, least: u8) -> Result<(), WriteError> {
        let level = level(expr);
        let open = level < least;
        if open {
            self.out.push('(');
        }
        self.depth += 1;
        if self.depth > MAX_NESTING {
            return Err(WriteError::TooDeep);
        }
        self.bare(expr, level)?;
        self.depth -= 1;
        if open {
            self.out.push(')');
        }
        Ok(())
    }

    fn bare(&mut self, expr: &Expr, level: u8) -> Result<(), WriteError> {
        match &expr.kind {
            ExprKind::Number(value, unit) => {
                if value.is_sign_negative() && !value.is_nan() {
                    self.out.push('-');
                }
                self.out.push_str(&number(value.abs()));
                if let Some(unit) = unit {
                    self.out.push(' ');
                    self.out.push_str(&self.names.name(unit));
                }
            }
            ExprKind::Boolean(value) => self.out.push_str(if *value { "true" } else { "false" }),
            ExprKind::Time => self.out.push_str("time"),
            ExprKind::Name(parts) => self.out.push_str(&self.names.path(parts)),
            ExprKind::Unary(op, a) => {
                self.out.push(match op {
                    UnaryOp::Neg => '-',
                    UnaryOp::Plus => '+',
                    UnaryOp::Not => '!',
                });
                // Two minus signs side by side would be something else.
                self.expr(a, if matches!(a.kind, ExprKind::Unary(..)) { POWER + 1 } else { SIGN })?;
            }
            ExprKind::Binary(BinaryOp::Pow, a, b) => {
                self.expr(a, POWER + 1)?;
                self.out.push('^');
                self.expr(b, POWER)?;
            }
            ExprKind::Binary(op, a, b) => {
                let tight = matches!(op, BinaryOp::Mul | BinaryOp::Div);
                // Comparisons in a row would be a chain.
                let left = if is_comparison(*op) { level + 1 } else { level };
                // `||` before `&&` reads the same without, but people are warned about it.
                let left = if *op == BinaryOp::And && matches!(a.kind, ExprKind::Binary(BinaryOp::Or, ..)) {
                    level + 1
                } else {
                    left
                };
                self.chain(a, left)?;
                self.out.push_str(&if tight { sign(*op).to_string() } else { format!(" {} ", sign(*op)) });
                self.expr(b, level + 1)?;
            }
            ExprKind::Call(name, arguments) => {
                self.out.push_str(&self.names.name(name));
                self.out.push('(');
                for (i, argument) in arguments.iter().enumerate() {
                    if i > 0 {
                        self.out.push_str(", ");
                    }
                    self.expr(argument, 0)?;
                }
                self.out.push(')');
            }
        }
        Ok(())
    }

    /// The left operand of a chain of operations, which costs no nesting.
    fn chain(&mut self, expr: &Expr, least: u8) -> Result<(), WriteError> {
        self.depth -= 1;
        self.expr(expr, least)?;
        self.depth += 1;
        Ok(())
    }
}

/// How tight an expression binds.
fn level(expr: &Expr) -> u8 {
    match &expr.kind {
        ExprKind::Number(value, unit) => {
            if value.is_sign_negative() && !value.is_nan() {
                SIGN
            } else if unit.is_some() {
                POWER
            } else {
                u8::MAX
            }
        }
        ExprKind::Unary(..) => SIGN,
        ExprKind::Binary(op, ..) => match op {
            BinaryOp::And | BinaryOp::Or => 1,
            op if is_comparison(*op) => 2,
            BinaryOp::Add | BinaryOp::Sub => 3,
            BinaryOp::Pow => POWER,
            _ => 4,
        },
        _ => u8::MAX,
    }
}

fn is_comparison(op: BinaryOp) -> bool {
    matches!(op, BinaryOp::Lt | BinaryOp::Le | BinaryOp::Gt | BinaryOp::Ge | BinaryOp::Eq | BinaryOp::Ne)
}

/// An operator as it is written.
pub(super) fn sign(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::Add => "+",
        BinaryOp::Sub => "-",
        BinaryOp::Mul => "*",
        BinaryOp::Div => "/",
        BinaryOp::Mod => "%",
        BinaryOp::Pow => "^",
        BinaryOp::Lt => "<",
        BinaryOp::Le => "<=",
        BinaryOp::Gt => ">",
        BinaryOp::Ge => ">=",
        BinaryOp::Eq => "==",
        BinaryOp::Ne => "!=",
        BinaryOp::And => "&&",
        BinaryOp::Or => "||",
    }
}
