//! Reactions, their local parameters and the stoichiometries of their species.

use hepatica_model::decl::{
    AssignKind, Declared, Expr, ExprKind, Name, Participant, Path, Reaction, Statement, SymbolKind,
};
use hepatica_source::{Diagnostic, Spanned};

use super::annotations::describe;
use super::element::Element;
use super::gather::Part;
use super::math::{math_of, number_at};
use super::output::{Output, Symbol};
use super::scope::{Meaning, Scope};
use super::units;

/// Notes the stoichiometries that have a name of their own, where anything speaks about them.
pub(super) fn name_stoichiometries(part: &Part<'_>, output: &mut Output) {
    let lists = ["listOfReactants", "listOfProducts"];
    let sides = part.reactions.iter().flat_map(|reaction| lists.map(|list| part.list(*reaction, list)));
    for reference in sides.flatten() {
        let Some(id) = reference.attribute("id") else { continue };
        let name = part.scope.name(&id.text);
        let varies = part.level >= 3 && !output.truth(reference, "constant", true);
        if varies || output.mentioned.contains(&name) || output.assigned.contains(&name) {
            output.define(&name, Symbol::Quantity, id.span);
        }
    }
}

/// The statements about reactions.
pub(super) fn reactions(part: &Part<'_>, output: &mut Output) {
    for element in &part.reactions {
        reaction(part, *element, output);
    }
}

fn reaction<'t>(part: &Part<'t>, element: Element<'t>, output: &mut Output) {
    let Some(id) = element.attribute("id") else { return };
    let path = part.scope.path(&id.text, id.span);
    let name: Name = Spanned::new(path.parts[0].clone(), id.span);
    let reactants = side(part, element, "listOfReactants", output);
    let products = side(part, element, "listOfProducts", output);
    let reversible = output.truth(element, "reversible", true);
    let fast = output.truth(element, "fast", false);
    let compartment = element.attribute("compartment").and_then(|value| output.symbol(&value, &part.scope));
    let law = part.child(element, "kineticLaw").and_then(|law| rate_law(part, law, &name.value, output));
    if law.is_none() {
        let message = format!("reaction `{}` has no rate law", name.value);
        output
            .diagnostics
            .push(Diagnostic::warning("sbml/no-law", message).at(element.span(), "it does not run"));
    }
    let law = Some(law.unwrap_or_else(|| number_at(0.0, element.span())));
    output.statements.push(Statement::Reaction(Reaction {
        name,
        reactants,
        products,
        reversible,
        fast,
        law,
        compartment,
    }));
    output.display_name(element, &path);
    describe(part, element, &path, output);
}

fn side<'t>(
    part: &Part<'t>,
    reaction: Element<'t>,
    list: &'static str,
    output: &mut Output,
) -> Vec<Participant> {
    let mut side = Vec::new();
    for reference in part.list(reaction, list) {
        let Some(value) = output.required(reference, "species") else { continue };
        let Some(species) = output.symbol(&value, &part.scope) else { continue };
        let stoichiometry = Some(stoichiometry(part, reference, output));
        side.push(Participant { stoichiometry, boundary: false, species });
    }
    side
}

/// How much of its species a reference turns over.
fn stoichiometry(part: &Part<'_>, reference: Element<'_>, output: &mut Output) -> Expr {
    let span = reference.span();
    if let Some(math) = reference.child("stoichiometryMath")
        && let Some(value) = math_of(math, &part.scope, &mut output.diagnostics)
    {
        return value;
    }
    // Level 3 has no default: a stoichiometry that nothing gives is not a number.
    let default = if part.level >= 3 { f64::NAN } else { 1.0 };
    let (number, place) = output.number(reference, "stoichiometry").unwrap_or((default, span));
    let written = number_at(number, place);
    let Some(id) = reference.attribute("id") else { return written };
    let path = part.scope.path(&id.text, id.span);
    if output.symbols.get(&path.parts[0]) != Some(&Symbol::Quantity) {
        return written;
    }
    let constant = part.level >= 3 && output.truth(reference, "constant", true);
    let item = Declared { path: path.clone(), boundary: false, compartment: None, value: None };
    output.declare(SymbolKind::Quantity, constant, false, item);
    if !output.assigned.contains(&path.parts[0]) {
        output.assign(path.clone(), AssignKind::Initial, written);
    }
    Expr { kind: ExprKind::Name(path.parts), span: id.span }
}

/// The rate of a reaction in the units of the whole model. Its local parameters become quantities of the model, named
/// after the reaction.
fn rate_law<'t>(part: &Part<'t>, law: Element<'t>, reaction: &str, output: &mut Output) -> Option<Expr> {
    let locals: Vec<Element<'_>> =
        part.list(law, "listOfParameters").chain(part.list(law, "listOfLocalParameters")).collect();
    if locals.is_empty() {
        return math_of(law, &part.scope, &mut output.diagnostics).map(|value| part.scope.flow(value));
    }
    let mut scope: Scope = part.scope.clone();
    for local in locals {
        let Some(id) = output.id(local) else { continue };
        let name = output.fresh(&format!("{reaction}_{}", id.text));
        let path = Path { parts: vec![name.clone()], span: id.span };
        let item = Declared { path: path.clone(), boundary: false, compartment: None, value: None };
        output.declare(SymbolKind::Quantity, true, false, item);
        output.define(&name, Symbol::Quantity, id.span);
        units::of_parameter(part, local, &path, output);
        describe(part, local, &path, output);
        let (value, span) = output.number(local, "value").unwrap_or((f64::NAN, id.span));
        output.assign(path, AssignKind::Initial, number_at(value, span));
        scope.names.insert(id.text.into_owned(), Meaning { name, factor: None });
    }
    math_of(law, &scope, &mut output.diagnostics).map(|value| part.scope.flow(value))
}
