//! The statements as they come to be, and the names that are taken.

use std::collections::{BTreeMap, BTreeSet};

use hepatica_model::decl::{AssignKind, Declared, Expr, Function, Path, Statement, SymbolKind, UnitExpr};
use hepatica_source::{Diagnostic, Problems, Span};

use super::element::{Element, Value};
use super::math::shown;
use super::number::{self, NumberError};
use super::scope::Scope;

/// What a symbol of the flat model is, for those that refer to it.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Symbol {
    /// A compartment; the flag marks those without dimensions.
    Compartment { dimensionless: bool },
    /// A species.
    Species,
    /// A parameter, or the stoichiometry of a species reference.
    Quantity,
    /// A reaction.
    Reaction,
}

/// The flat model under construction.
#[derive(Debug, Default)]
pub(super) struct Output {
    pub(super) display_name: Option<String>,
    pub(super) statements: Vec<Statement>,
    pub(super) functions: Vec<Function>,
    pub(super) diagnostics: Problems,
    /// Everything that has a value.
    pub(super) symbols: BTreeMap<String, Symbol>,
    /// Names in use, those without a value included.
    taken: BTreeSet<String>,
    /// Symbols whose value an initial assignment or rule gives.
    pub(super) assigned: BTreeSet<String>,
    /// What the sizes of compartments are counted in, as far as known.
    pub(super) compartment_units: BTreeMap<String, UnitExpr>,
    /// Names that mathematics, rules or events speak about.
    pub(super) mentioned: BTreeSet<String>,
}

impl Output {
    /// Nothing but what was found wrong before.
    pub(super) fn new(diagnostics: Problems) -> Self {
        Output { diagnostics, ..Output::default() }
    }

    /// Keeps a name from being made up for something else.
    pub(super) fn reserve(&mut self, name: String) {
        self.taken.insert(name);
    }

    /// A name that nothing else has, as near to the wanted one as can be.
    pub(super) fn fresh(&mut self, wanted: &str) -> String {
        let mut name = wanted.to_string();
        while !self.taken.insert(name.clone()) {
            name.push('_');
        }
        name
    }

    /// Notes something that has a value; a second thing of the same name is refused.
    pub(super) fn define(&mut self, name: &str, symbol: Symbol, span: Span) {
        self.taken.insert(name.to_string());
        if self.symbols.insert(name.to_string(), symbol).is_some() {
            self.diagnostics.push(
                Diagnostic::error("name/twice", format!("`{name}` stands for two things"))
                    .at(span, "the second"),
            );
        }
    }

    /// The id of an element that must have one.
    pub(super) fn id<'t>(&mut self, element: Element<'t>) -> Option<Value<'t>> {
        self.required(element, "id")
    }

    /// An attribute an element must have.
    pub(super) fn required<'t>(&mut self, element: Element<'t>, name: &str) -> Option<Value<'t>> {
        let found = element.attribute(name);
        if found.is_none() {
            let message = format!("`{}` has no `{name}`", element.name());
            self.diagnostics.push(
                Diagnostic::error("sbml/attribute", message).at(element.span(), "an attribute is missing"),
            );
        }
        found
    }

    /// A number in an attribute.
    pub(super) fn number(&mut self, element: Element<'_>, name: &str) -> Option<(f64, Span)> {
        let value = element.attribute(name)?;
        match number::double(&value.text) {
            Ok(number) => Some((number, value.span)),
            Err(error) => {
                let message = match error {
                    NumberError::Malformed => format!("`{}` is no number", shown(&value.text)),
                    NumberError::TooLarge => {
                        format!("`{}` is larger than any number here", shown(&value.text))
                    }
                };
                self.diagnostics
                    .push(Diagnostic::error("sbml/number", message).at(value.span, format!("the {name}")));
                None
            }
        }
    }

    /// A truth in an attribute, or what it is when it is not written.
    pub(super) fn truth(&mut self, element: Element<'_>, name: &str, default: bool) -> bool {
        let Some(value) = element.attribute(name) else { return default };
        number::boolean(&value.text).unwrap_or_else(|| {
            let message = format!("`{}` is neither true nor false", shown(&value.text));
            self.diagnostics
                .push(Diagnostic::error("sbml/truth", message).at(value.span, format!("`{name}`")));
            default
        })
    }

    /// The symbol an attribute names, as a path; refused when there is none.
    pub(super) fn symbol(&mut self, value: &Value<'_>, scope: &Scope) -> Option<Path> {
        let path = scope.path(&value.text, value.span);
        if self.symbols.contains_key(&path.parts[0]) {
            return Some(path);
        }
        let known = self.symbols.keys().map(String::as_str);
        // Every name is compared with every other: not for what is only counted.
        let near = (!self.diagnostics.is_full()).then(|| hepatica_source::nearest(&path.parts[0], known));
        let hint = near.flatten().map(|near| format!("did you mean `{near}`?"));
        let mut problem =
            Diagnostic::error("name/unknown", format!("there is nothing called `{}`", value.text))
                .at(value.span, "unknown");
        problem.hint = hint;
        self.diagnostics.push(problem);
        None
    }

    /// `name = value`, `name := value`, `name' = value`.
    pub(super) fn assign(&mut self, target: Path, kind: AssignKind, value: Expr) {
        self.statements.push(Statement::Assign { target, kind, value });
    }

    /// Declares one name.
    pub(super) fn declare(&mut self, kind: SymbolKind, constant: bool, substance_only: bool, item: Declared) {
        self.statements.push(Statement::Declare {
            kind: Some(kind),
            constant: Some(constant),
            substance_only,
            items: vec![item],
        });
    }

    /// What people call it.
    pub(super) fn display_name(&mut self, element: Element<'_>, target: &Path) {
        if let Some(name) = element.attribute("name").filter(|name| name.text != target.parts[0].as_str()) {
            let text = name.text.into_owned();
            self.statements.push(Statement::DisplayName { target: target.clone(), text });
        }
    }
}
