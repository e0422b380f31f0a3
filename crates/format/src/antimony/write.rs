//! Declarations -> text.
//!
//! The text reads back as the same declarations, up to places, display names of functions and the order in which
//! uncertainty and descriptions stand. What Antimony cannot say is refused by name rather than left out.

use std::fmt;

use hepatica_model::decl::{
    AssignKind, Declarations, Declared, Event, Expr, ExprKind, FixedNames, Function, Interaction,
    InteractionKind, Module, Participant, Path, Reaction, Statement, SymbolKind, UnaryOp, UnitExpr,
};

use super::infix::{Names, infix};
use super::token::Keyword;

/// Why declarations cannot be written as Antimony.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WriteError {
    /// A reaction that is always in equilibrium; its name.
    FastReaction(String),
    /// Text that holds the marks that would end it.
    Text(String),
    /// An expression that is too deep to be read back.
    TooDeep,
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            WriteError::FastReaction(name) => {
                write!(f, "unsupported: Antimony has no fast reactions such as `{name}`")
            }
            WriteError::Text(text) => write!(f, "unsupported: the text `{text}` holds the marks that end it"),
            WriteError::TooDeep => write!(f, "an expression is too deep to be read back"),
        }
    }
}

impl std::error::Error for WriteError {}

/// The declarations as Antimony, the main module marked and last.
///
/// # Errors
/// What Antimony cannot say; see [`WriteError`].
pub fn write(declarations: &Declarations) -> Result<String, WriteError> {
    let names = Names::of(declarations);
    let mut writer = Writer { names, out: String::new(), indent: "" };
    for function in &declarations.functions {
        writer.function(function)?;
    }
    let main = declarations.main;
    let others = (0..declarations.modules.len()).filter(|i| Some(*i) != main);
    for index in others.chain(main) {
        if let Some(module) = declarations.modules.get(index) {
            writer.module(module, Some(index) == main)?;
        }
    }
    Ok(writer.out)
}

type Done = Result<(), WriteError>;

struct Writer {
    names: Names,
    out: String,
    indent: &'static str,
}

impl Writer {
    fn line(&mut self, text: &str) {
        self.out.push_str(self.indent);
        self.out.push_str(text);
        self.out.push('\n');
    }

    fn expr(&self, expr: &Expr) -> Result<String, WriteError> {
        infix(expr, &self.names)
    }

    fn path(&self, path: &Path) -> String {
        self.names.path(&path.parts)
    }

    fn function(&mut self, function: &Function) -> Done {
        let inside = self.names.with_arguments(function);
        let arguments: Vec<String> = function.arguments.iter().map(|a| inside.name(&a.value)).collect();
        let body = infix(&function.body, &inside)?;
        let name = self.names.name(&function.name.value);
        self.line(&format!("function {name}({})", arguments.join(", ")));
        self.line(&format!("  {body};"));
        self.line("end");
        self.line("");
        Ok(())
    }

    fn module(&mut self, module: &Module, main: bool) -> Done {
        let name = self.names.name(&module.name.value);
        let interface: Vec<String> = module.interface.iter().map(|n| self.names.name(&n.value)).collect();
        let star = if main { "*" } else { "" };
        self.line(&format!("model {star}{name}({})", interface.join(", ")));
        self.indent = "  ";
        for statement in &module.statements {
            self.statement(statement)?;
        }
        self.indent = "";
        self.line("end");
        if let Some(text) = &module.display_name {
            let text = quoted(text)?;
            self.line(&format!("{name} is {text}"));
        }
        self.line("");
        Ok(())
    }

    fn statement(&mut self, statement: &Statement) -> Done {
        let text = match statement {
            Statement::Declare { kind, constant, substance_only, items } => {
                return self.declare(*kind, (*constant, *substance_only), items);
            }
            Statement::Locate { target, compartment } => {
                format!("{} in {};", self.path(target), self.path(compartment))
            }
            Statement::Assign { target, kind, value } => {
                format!("{}{} {};", self.path(target), sign(*kind), self.expr(value)?)
            }
            Statement::Clear { target, kind } => format!("{}{} ;", self.path(target), sign(*kind)),
            Statement::Reaction(reaction) => {
                let reaction = self.named_stoichiometries(reaction)?;
                self.reaction(&reaction, "")?
            }
            Statement::Event(event) => self.event(event, "")?,
            Statement::Redefine { submodel, definition } => {
                let within = format!("{}.", self.path(submodel));
                match &**definition {
                    Statement::Reaction(reaction) => self.reaction(reaction, &within)?,
                    Statement::Event(event) => self.event(event, &within)?,
                    Statement::Algebraic { name, residual } => {
                        let label = self.label(name.as_ref());
                        let inside = if label.is_empty() { "" } else { within.as_str() };
                        format!("{inside}{label}0 = {};", self.expr(residual)?)
                    }
                    other => return self.statement(other),
                }
            }
            Statement::Unit { name, value } => {
                format!("unit {} = {};", self.names.name(&name.value), self.unit(value, 0))
            }
            Statement::HasUnit { target, unit } => {
                format!("{} has {};", self.path(target), self.unit(unit, 0))
            }
            Statement::Submodel { name, module, arguments, time_conversion, extent_conversion } => {
                let arguments: Result<Vec<String>, _> = arguments.iter().map(|a| self.expr(a)).collect();
                let (name, module) = (self.names.name(&name.value), self.names.name(&module.value));
                let mut text = format!("{name}: {module}({})", arguments?.join(", "));
                for (word, factor) in [("timeconv", time_conversion), ("extentconv", extent_conversion)] {
                    if let Some(factor) = factor {
                        text.push_str(&format!(", {word} = {}", self.expr(factor)?));
                    }
                }
                text + ";"
            }
            Statement::Synchronise { left, right, factor } => match factor {
                Some(factor) => {
                    format!("{} * {} is {};", self.path(left), self.expr(factor)?, self.path(right))
                }
                None => format!("{} is {};", self.path(left), self.path(right)),
            },
            Statement::Delete { target } => format!("delete {};", self.path(target)),
            Statement::Algebraic { name, residual } => {
                format!("{}0 = {};", self.label(name.as_ref()), self.expr(residual)?)
            }
            Statement::ConversionFactor { target, factor } => {
                let target = if target.parts.is_empty() { "model".to_string() } else { self.path(target) };
                format!("{target}.conversionFactor = {};", self.path(factor))
            }
            Statement::Interaction(interaction) => self.interaction(interaction),
            Statement::Constraint { name, condition } => {
                format!("constraint {}{}", self.label(name.as_ref()), self.expr(condition)?)
            }
            Statement::Objective { name, maximize, value } => {
                let word = if *maximize { "maximize" } else { "minimize" };
                format!("{}{word} {};", self.label(name.as_ref()), self.expr(value)?)
            }
            Statement::DisplayName { target, text } => {
                format!("{} is {};", self.about(target), quoted(text)?)
            }
            Statement::Annotate { target, qualifier, uris } => {
                return self.annotate(target, qualifier, uris);
            }
            Statement::Uncertainty { target, attribute, value } => {
                format!("{}.{} = {};", self.path(target), attribute.value, self.uncertain(value)?)
            }
        };
        self.line(&text);
        Ok(())
    }

    fn label(&self, name: Option<&hepatica_model::decl::Name>) -> String {
        name.filter(|n| !n.value.is_empty())
            .map_or(String::new(), |n| format!("{}: ", self.names.name(&n.value)))
    }

    /// What a description speaks about.
    fn about(&self, target: &Path) -> String {
        if target.parts.is_empty() { "model".to_string() } else { self.path(target) }
    }

    fn declare(
        &mut self,
        kind: Option<SymbolKind>,
        (constant, substance_only): (Option<bool>, bool),
        items: &[Declared],
    ) -> Done {
        let mut head = Vec::new();
        // An event declares itself, and the reference does not read the word.
        if kind == Some(SymbolKind::Event) {
            return Ok(());
        }
        head.extend(constant.map(|constant| if constant { "const" } else { "var" }));
        head.extend(substance_only.then_some("substanceOnly"));
        head.extend(match kind {
            Some(SymbolKind::Species) => Some("species"),
            Some(SymbolKind::Compartment) => Some("compartment"),
            Some(SymbolKind::Reaction) => Some("reaction"),
            Some(SymbolKind::Unit) => Some("unit"),
            // What is neither constant nor variable needs a word that declares it.
            Some(SymbolKind::Quantity) if constant.is_none() => Some("formula"),
            Some(SymbolKind::Quantity | SymbolKind::Event) | None => None,
        });
        for item in items {
            let mut text = head.join(" ");
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(if item.boundary { "$" } else { "" });
            text.push_str(&self.path(&item.path));
            if let Some(compartment) = &item.compartment {
                text.push_str(&format!(" in {}", self.path(compartment)));
            }
            if let Some((kind, value)) = &item.value {
                text.push_str(&format!("{} {}", sign(*kind), self.expr(value)?));
            } else if head.is_empty() && !item.boundary && item.compartment.is_none() {
                text = format!("formula {text}");
            }
            self.line(&(text + ";"));
        }
        Ok(())
    }

    fn reaction(&self, reaction: &Reaction, within: &str) -> Result<String, WriteError> {
        if reaction.fast {
            return Err(WriteError::FastReaction(reaction.name.value.clone()));
        }
        let arrow = if reaction.reversible { "->" } else { "=>" };
        let law = reaction.law.as_ref().map(|law| self.expr(law)).transpose()?.unwrap_or_default();
        let (left, right) = (self.side(&reaction.reactants)?, self.side(&reaction.products)?);
        let name = self.names.name(&reaction.name.value);
        let place = match &reaction.compartment {
            Some(compartment) => format!(" in {}", self.path(compartment)),
            None => String::new(),
        };
        Ok(format!("{within}{name}: {left} {arrow} {right}; {law}{place};"))
    }

    /// A reaction whose stoichiometries are numbers and names; others get a name and a rule of their own.
    fn named_stoichiometries(&mut self, reaction: &Reaction) -> Result<Reaction, WriteError> {
        let mut reaction = reaction.clone();
        let name = reaction.name.value.clone();
        for participant in reaction.reactants.iter_mut().chain(&mut reaction.products) {
            let Some(written) = &mut participant.stoichiometry else { continue };
            let plain = match &written.kind {
                ExprKind::Name(parts) => parts.len() == 1,
                ExprKind::Number(value, None) => value.is_finite(),
                ExprKind::Unary(UnaryOp::Neg, a) => {
                    matches!(a.kind, ExprKind::Number(v, None) if v.is_finite())
                }
                _ => false,
            };
            if !plain {
                let value = self.expr(written)?;
                let own =
                    self.names.new_name(&format!("{name}_{}_stoich", participant.species.parts.join("_")));
                self.line(&format!("{own} := {value};"));
                written.kind = ExprKind::Name(vec![own]);
            }
        }
        Ok(reaction)
    }

    fn side(&self, side: &[Participant]) -> Result<String, WriteError> {
        let mut text = String::new();
        for (i, participant) in side.iter().enumerate() {
            if i > 0 {
                text.push_str(" + ");
            }
            if let Some(stoichiometry) = &participant.stoichiometry {
                text.push_str(&self.expr(stoichiometry)?);
                text.push(' ');
            }
            text.push_str(if participant.boundary { "$" } else { "" });
            text.push_str(&self.path(&participant.species));
        }
        Ok(text)
    }

    fn event(&self, event: &Event, within: &str) -> Result<String, WriteError> {
        let mut text = format!("{within}{}: at ", self.names.name(&event.name.value));
        if let Some(delay) = &event.delay {
            text.push_str(&format!("{} after ", self.expr(delay)?));
        }
        text.push_str(&self.expr(&event.trigger)?);
        if let Some(priority) = &event.priority {
            text.push_str(&format!(", priority = {}", self.expr(priority)?));
        }
        let options = [
            ("t0", event.initial_value),
            ("fromTrigger", event.values_from_trigger),
            ("persistent", event.persistent),
        ];
        for (word, _) in options.iter().filter(|(_, value)| !value) {
            text.push_str(&format!(", {word} = false"));
        }
        let set = event
            .assignments
            .iter()
            .map(|(target, value)| Ok(format!("{} = {}", self.path(target), self.expr(value)?)));
        let set = set.collect::<Result<Vec<_>, WriteError>>()?;
        Ok(format!("{text}: {};", set.join(", ")))
    }

    fn interaction(&self, interaction: &Interaction) -> String {
        let all = |paths: &[Path]| paths.iter().map(|p| self.path(p)).collect::<Vec<_>>().join(" + ");
        let arrow = match interaction.kind {
            InteractionKind::Activation => "-o",
            InteractionKind::Inhibition => "-|",
            InteractionKind::Influence => "-(",
        };
        let name = self.names.name(&interaction.name.value);
        format!("{name}: {} {arrow} {}; ;", all(&interaction.species), all(&interaction.reactions))
    }

    fn annotate(
        &mut self,
        target: &Path,
        qualifier: &str,
        uris: &[hepatica_source::Spanned<String>],
    ) -> Done {
        let about = self.about(target);
        if let Some(of) = qualifier.strip_suffix("sboTerm") {
            let dot = if of.is_empty() { "" } else { "." };
            for uri in uris {
                let of = of.trim_end_matches('.');
                self.line(&format!("{about}{dot}{of}.sboTerm = {};", uri.value));
            }
            return Ok(());
        }
        let (about, word) = match qualifier {
            "charge" => {
                uris.iter().for_each(|uri| self.line(&format!("{about}.charge = {};", uri.value)));
                return Ok(());
            }
            "chemicalFormula" => {
                for uri in uris {
                    let text = quoted(&uri.value)?;
                    self.line(&format!("{about}.chemicalFormula = {text};"));
                }
                return Ok(());
            }
            _ => match qualifier.rsplit_once('.') {
                // The name of an uncertainty is given with `is`.
                Some((of, "name")) if !of.starts_with("creator") => (format!("{about}.{of}"), "is"),
                Some((of, word)) if of.starts_with("kineticLaw") => (format!("{about}.{of}"), word),
                _ => (about, qualifier),
            },
        };
        let texts: Result<Vec<String>, _> = uris.iter().map(|uri| quoted(&uri.value)).collect();
        self.line(&format!("{about} {word} {};", texts?.join(", ")));
        Ok(())
    }

    fn uncertain(&self, value: &Expr) -> Result<String, WriteError> {
        match &value.kind {
            ExprKind::Call(name, ends) if name == "interval" => {
                let ends: Result<Vec<String>, _> = ends.iter().map(|end| self.expr(end)).collect();
                Ok(format!("{{{}}}", ends?.join(", ")))
            }
            _ => self.expr(value),
        }
    }

    /// A unit; `level` 0 takes any, 1 is a factor of a product or a base of a power.
    fn unit(&self, unit: &UnitExpr, level: u8) -> String {
        match unit {
            UnitExpr::Number(value, _) => super::infix::number(*value),
            UnitExpr::Name(name) => self.names.name(&name.value),
            UnitExpr::Mul(a, b) => {
                self.bracketed(format!("{} * {}", self.unit(a, 0), self.unit(b, 1)), level)
            }
            UnitExpr::Div(a, b) => {
                self.bracketed(format!("{} / {}", self.unit(a, 0), self.unit(b, 1)), level)
            }
            UnitExpr::Pow(a, power, _) => format!("{}^{power}", self.unit(a, 2)),
        }
    }

    fn bracketed(&self, text: String, level: u8) -> String {
        if level == 0 { text } else { format!("({text})") }
    }
}

/// The mark of an assignment.
fn sign(kind: AssignKind) -> &'static str {
    match kind {
        AssignKind::Initial => " =",
        AssignKind::Rule => " :=",
        AssignKind::Rate => "' =",
    }
}

/// A text in quotes, or between backticks when it has several lines or quotes in it.
fn quoted(text: &str) -> Result<String, WriteError> {
    if !text.contains(['"', '\n', '\r']) {
        return Ok(format!("\"{text}\""));
    }
    if text.contains("```") || text.ends_with('`') {
        return Err(WriteError::Text(text.chars().take(40).collect()));
    }
    Ok(format!("```{text}```"))
}

/// Whether a name may stand in Antimony as it is.
pub(super) fn is_name(name: &str, fixed: FixedNames) -> bool {
    let reserved = [
        "time",
        "pi",
        "exponentiale",
        "avogadro",
        "inf",
        "INF",
        "infinity",
        "nan",
        "NaN",
        "NAN",
        "notanumber",
    ];
    let constant = name.eq_ignore_ascii_case("true") || name.eq_ignore_ascii_case("false");
    let taken = fixed == FixedNames::Free && (constant || reserved.contains(&name));
    let mut letters = name.chars();
    letters.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && letters.all(|c| c.is_ascii_alphanumeric() || c == '_')
        && Keyword::of(name).is_none()
        && !taken
}
