//! What a front end reads: statements with every name as written and every place kept.
//!
//! The types serve Antimony first; SBML maps onto the same statements.

use hepatica_source::{Span, Spanned};

/// A name as written, without dots.
pub type Name = Spanned<String>;

/// Everything one text and its imports declare.
#[derive(Clone, Debug, Default)]
pub struct Declarations {
    /// Modules in the order read, imported ones first.
    pub modules: Vec<Module>,
    /// User functions, visible everywhere.
    pub functions: Vec<Function>,
    /// The module to simulate: the one marked main (`*`), else the last of the main file.
    pub main: Option<usize>,
    /// What `time`, `pi`, `avogadro` and the like mean when they stand as names.
    pub fixed_names: FixedNames,
}

/// Whether some names mean the same in every model.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FixedNames {
    /// `time`, `pi`, `exponentiale`, `avogadro`, `inf`, `nan`, `true` and `false` cannot be declared (Antimony).
    #[default]
    Reserved,
    /// Every name is the model's own (SBML): time is [`ExprKind::Time`] and constants are numbers.
    Free,
}

/// A module (`model ... end`).
#[derive(Clone, Debug)]
pub struct Module {
    /// Its name; `__main` for statements outside any module.
    pub name: Name,
    /// Names a user of the module may bind by position.
    pub interface: Vec<Name>,
    /// What is shown to people instead of the name.
    pub display_name: Option<String>,
    /// The statements in order.
    pub statements: Vec<Statement>,
}

/// A user function `function f(x, y) ... end`.
#[derive(Clone, Debug)]
pub struct Function {
    /// Its name.
    pub name: Name,
    /// Its arguments.
    pub arguments: Vec<Name>,
    /// Its value.
    pub body: Expr,
}

/// A possibly dotted name: `a.b.c`.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    /// The parts, at least one.
    pub parts: Vec<String>,
    /// Where it stands.
    pub span: Span,
}

/// What a declared name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SymbolKind {
    /// An amount of substance in a compartment.
    Species,
    /// A volume.
    Compartment,
    /// Any other quantity (`formula`, or only `const`/`var`).
    Quantity,
    /// A reaction, declared before it is written out.
    Reaction,
    /// An event, declared before it is written out.
    Event,
    /// A unit, declared before it is defined.
    Unit,
}

/// One name of a declaration list.
#[derive(Clone, Debug)]
pub struct Declared {
    /// The name.
    pub path: Path,
    /// `$`: a species that reactions do not change.
    pub boundary: bool,
    /// `in C`.
    pub compartment: Option<Path>,
    /// `= value`, and how it is given.
    pub value: Option<(AssignKind, Expr)>,
}

/// How a value is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AssignKind {
    /// `x = e`: at time zero.
    Initial,
    /// `x := e`: always.
    Rule,
    /// `x' = e`: the rate of change.
    Rate,
}

/// One side of a reaction, one term.
#[derive(Clone, Debug)]
pub struct Participant {
    /// `2 A`, `n A`, or an expression; `None` is one. A name of its own (the `id` of a species reference in SBML) is
    /// that of a quantity, declared apart, which stands here as the expression.
    pub stoichiometry: Option<Expr>,
    /// `$A`.
    pub boundary: bool,
    /// The species.
    pub species: Path,
}

/// A reaction `J: 2 A + B -> C; rate`.
#[derive(Clone, Debug)]
pub struct Reaction {
    /// Its name; a made-up one when none is written.
    pub name: Name,
    /// Left side.
    pub reactants: Vec<Participant>,
    /// Right side.
    pub products: Vec<Participant>,
    /// `->` rather than `=>`.
    pub reversible: bool,
    /// So quick that it is always in equilibrium: its rate law says where, by being zero (SBML `fast`).
    pub fast: bool,
    /// The rate law, amount per time; a reaction without one does not run.
    pub law: Option<Expr>,
    /// `in C`.
    pub compartment: Option<Path>,
}

/// An event `E: at delay after trigger, option = ..: x = .., y = ..`.
///
/// Of events that are due at one moment the one of highest priority executes first; after each execution triggers and
/// priorities are looked at again. Those of equal priority follow in random order, those without one come last.
#[derive(Clone, Debug)]
pub struct Event {
    /// Its name; a made-up one when none is written.
    pub name: Name,
    /// The condition.
    pub trigger: Expr,
    /// Time between trigger and execution.
    pub delay: Option<Expr>,
    /// `priority = e`.
    pub priority: Option<Expr>,
    /// `t0 = b`: the trigger's value before time zero. Default true.
    pub initial_value: bool,
    /// `fromTrigger = b`: values are those at the trigger. Default true.
    pub values_from_trigger: bool,
    /// `persistent = b`: executes although the trigger became false during the delay. Default true.
    pub persistent: bool,
    /// What is set.
    pub assignments: Vec<(Path, Expr)>,
    /// Where the event stands.
    pub span: Span,
}

/// Species that influence reactions without being used up.
#[derive(Clone, Debug)]
pub struct Interaction {
    /// Its name; a made-up one when none is written.
    pub name: Name,
    /// How.
    pub kind: InteractionKind,
    /// The species.
    pub species: Vec<Path>,
    /// The reactions.
    pub reactions: Vec<Path>,
}

/// How a species influences a reaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InteractionKind {
    /// `-o`
    Activation,
    /// `-|`
    Inhibition,
    /// `-(`: one of the two.
    Influence,
}

/// A unit as written: a product of named units with powers and a factor, e.g. `1e-3 mole / litre^2`.
#[derive(Clone, Debug)]
pub enum UnitExpr {
    /// A number.
    Number(f64, Span),
    /// A named unit.
    Name(Name),
    /// Product.
    Mul(Box<UnitExpr>, Box<UnitExpr>),
    /// Quotient.
    Div(Box<UnitExpr>, Box<UnitExpr>),
    /// Power.
    Pow(Box<UnitExpr>, f64, Span),
}

/// One statement of a module.
#[derive(Clone, Debug)]
pub enum Statement {
    /// `species A in C, B = 3;` and the like.
    Declare {
        /// What the names stand for; `None` for a bare `const x`.
        kind: Option<SymbolKind>,
        /// `const` (true) or `var` (false), when written.
        constant: Option<bool>,
        /// `substanceOnly`: the name means the amount, not the concentration.
        substance_only: bool,
        /// The names.
        items: Vec<Declared>,
    },
    /// `A in C;`
    Locate {
        /// The species or reaction.
        target: Path,
        /// Where it is.
        compartment: Path,
    },
    /// `x = e`, `x := e`, `x' = e`.
    Assign {
        /// What is set.
        target: Path,
        /// How.
        kind: AssignKind,
        /// The value.
        value: Expr,
    },
    /// A reaction.
    Reaction(Reaction),
    /// An event.
    Event(Event),
    /// `unit x = ..;`
    Unit {
        /// Its name.
        name: Name,
        /// Its meaning.
        value: UnitExpr,
    },
    /// `x has unit;`
    HasUnit {
        /// What is measured.
        target: Path,
        /// In what; one name or an expression.
        unit: UnitExpr,
    },
    /// `A: module(x, y);`
    Submodel {
        /// The instance.
        name: Name,
        /// The module.
        module: Name,
        /// Names or numbers bound to the module's interface by position.
        arguments: Vec<Expr>,
        /// `timeconv = e`: one unit of the submodel's time is `e` of the outer model's.
        time_conversion: Option<Expr>,
        /// `extentconv = e`: one unit of the submodel's extent is `e` of the outer model's.
        extent_conversion: Option<Expr>,
    },
    /// `left is right;`: the two names are one thing; the right name is kept.
    Synchronise {
        /// One name.
        left: Path,
        /// The other.
        right: Path,
        /// `left is right / f`, `left * f is right`: the left value times this is the right one.
        factor: Option<Expr>,
    },
    /// `delete A.x;`: the submodel does not have it.
    Delete {
        /// What is taken away.
        target: Path,
    },
    /// `0 = e;`, `name: 0 = e;`: the value is zero at all times, which determines a variable that nothing else does.
    Algebraic {
        /// The name of the rule, where one is written.
        name: Option<Name>,
        /// What is zero.
        residual: Expr,
    },
    /// `S.conversionFactor = f`, `model.conversionFactor = f`: a reaction changes the species' amount by `f` times its
    /// extent; that of a species comes before that of the model.
    ConversionFactor {
        /// The species; no parts for the model itself.
        target: Path,
        /// A constant quantity.
        factor: Path,
    },
    /// `x = ;`, `x := ;`, `x' = ;`: what was said before is taken back.
    Clear {
        /// Whose value, rule or rate.
        target: Path,
        /// Which of them.
        kind: AssignKind,
    },
    /// `A.J: ..`: a reaction or an event of a submodel is written anew, in the names of the module it stands in.
    Redefine {
        /// The submodel.
        submodel: Path,
        /// The reaction or event, under its name in the submodel.
        definition: Box<Statement>,
    },
    /// `S -| J;` and the like: species that influence reactions. It says what is known and changes no equation.
    Interaction(Interaction),
    /// `constraint c: x < 3`, `3 < x`: what is expected to hold, or the bounds of a flux. It changes no equation.
    Constraint {
        /// The name, where one is written.
        name: Option<Name>,
        /// What should hold.
        condition: Expr,
    },
    /// `maximize J`: a problem of flux balance, which is not simulated.
    Objective {
        /// The name, where one is written.
        name: Option<Name>,
        /// `maximize` rather than `minimize`.
        maximize: bool,
        /// What is to be largest or smallest.
        value: Expr,
    },
    /// `x is "text";`
    DisplayName {
        /// What is named.
        target: Path,
        /// The text.
        text: String,
    },
    /// `x identity "uri", "uri";` (`target` is empty for `model`/`M` itself)
    Annotate {
        /// What is annotated.
        target: Path,
        /// The qualifier, e.g. `identity`, `description`.
        qualifier: String,
        /// The URIs.
        uris: Vec<Spanned<String>>,
    },
    /// `x.distribution = normal(..);`, `x.mean = ..;`
    Uncertainty {
        /// Whose.
        target: Path,
        /// `distribution`, `mean`, `stdev`, `range` ...
        attribute: Name,
        /// The value; an interval `{a, b}` is a call of `interval`.
        value: Expr,
    },
}

/// A mathematical expression as written.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Where it stands.
    pub span: Span,
}

/// The forms of an [`Expr`].
#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// A number, with a unit where one is written (`3 ml`).
    Number(f64, Option<String>),
    /// `true`, `false`.
    Boolean(bool),
    /// A possibly dotted name; also `time` where names are [`FixedNames::Reserved`].
    Name(Vec<String>),
    /// The independent variable, whatever the names of the model.
    Time,
    /// `-a`, `+a`, `!a`.
    Unary(UnaryOp, Box<Expr>),
    /// `a + b` and the like.
    Binary(BinaryOp, Box<Expr>, Box<Expr>),
    /// `f(a, b)`: a built-in function, `delay(x, tau)` and `rateOf(x)` among them, else a user function.
    Call(String, Vec<Expr>),
}

/// Operators in front of an operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnaryOp {
    /// `-`
    Neg,
    /// `+`
    Plus,
    /// `!`
    Not,
}

/// Operators between operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the operators")]
pub enum BinaryOp {
    Add,
    Sub,
    Mul,
    Div,
    Mod,
    Pow,
    Lt,
    Le,
    Gt,
    Ge,
    Eq,
    Ne,
    And,
    Or,
}
