//! Compartments, species and parameters -> declarations and values at time zero.

use hepatica_model::decl::{AssignKind, BinaryOp, Declared, Path, SymbolKind};
use hepatica_source::{Diagnostic, Span};

use super::annotations::describe;
use super::element::Element;
use super::gather::Part;
use super::math::{Names, binary, number_at};
use super::output::{Output, Symbol};
use super::units;

/// Notes what a model has, so that everything else can refer to it.
pub(super) fn name_all(part: &Part<'_>, output: &mut Output) {
    let dimensions = |element: Element<'_>| {
        element.attribute("spatialDimensions").is_some_and(|value| value.text.trim().parse() == Ok(0.0))
    };
    for element in &part.compartments {
        if let Some(id) = output.id(*element) {
            let symbol = Symbol::Compartment { dimensionless: dimensions(*element) };
            output.define(&part.scope.name(&id.text), symbol, id.span);
        }
    }
    for (elements, symbol) in [
        (&part.species, Symbol::Species),
        (&part.parameters, Symbol::Quantity),
        (&part.reactions, Symbol::Reaction),
    ] {
        for element in elements {
            if let Some(id) = output.id(*element) {
                output.define(&part.scope.name(&id.text), symbol.clone(), id.span);
            }
        }
    }
}

/// The statements about compartments, species and parameters.
pub(super) fn quantities(part: &Part<'_>, output: &mut Output) {
    for element in &part.compartments {
        compartment(part, *element, output);
    }
    for element in &part.species {
        species(part, *element, output);
    }
    for element in &part.parameters {
        parameter(part, *element, output);
    }
}

fn compartment(part: &Part<'_>, element: Element<'_>, output: &mut Output) {
    let Some(id) = element.attribute("id") else { return };
    let path = part.scope.path(&id.text, id.span);
    let constant = output.truth(element, "constant", true);
    output.declare(SymbolKind::Compartment, constant, false, plain(&path));
    output.display_name(element, &path);
    units::of_compartment(part, element, &path, output);
    describe(part, element, &path, output);
    value(output, element, "size", &path);
}

fn parameter(part: &Part<'_>, element: Element<'_>, output: &mut Output) {
    let Some(id) = element.attribute("id") else { return };
    let path = part.scope.path(&id.text, id.span);
    let constant = output.truth(element, "constant", true);
    output.declare(SymbolKind::Quantity, constant, false, plain(&path));
    output.display_name(element, &path);
    units::of_parameter(part, element, &path, output);
    describe(part, element, &path, output);
    value(output, element, "value", &path);
}

fn species(part: &Part<'_>, element: Element<'_>, output: &mut Output) {
    let Some(id) = element.attribute("id") else { return };
    let path = part.scope.path(&id.text, id.span);
    let Some(within) = output.required(element, "compartment") else { return };
    let Some(compartment) = output.symbol(&within, &part.scope) else { return };
    let dimensionless =
        output.symbols.get(&compartment.parts[0]) == Some(&Symbol::Compartment { dimensionless: true });
    // A species in a compartment without size has no concentration, so its name means the amount.
    let substance_only = output.truth(element, "hasOnlySubstanceUnits", false) || dimensionless;
    let boundary = output.truth(element, "boundaryCondition", false);
    let constant = output.truth(element, "constant", false);
    let within_name = compartment.parts[0].clone();
    let item = Declared { path: path.clone(), boundary, compartment: Some(compartment), value: None };
    output.declare(SymbolKind::Species, constant, substance_only, item);
    output.display_name(element, &path);
    units::of_species(part, element, (&path, &within_name, substance_only), output);
    describe(part, element, &path, output);
    initial_species(part, element, (&path, &within.text, substance_only), output);
}

/// The value of a species at time zero as its name stands in mathematics.
fn initial_species(
    part: &Part<'_>,
    element: Element<'_>,
    (path, compartment, substance_only): (&Path, &str, bool),
    output: &mut Output,
) {
    if output.assigned.contains(&path.parts[0]) {
        return;
    }
    let amount = output.number(element, "initialAmount");
    let concentration = output.number(element, "initialConcentration");
    let size = |span: Span| part.scope.quantity(compartment, span);
    let value = match (amount, concentration, substance_only) {
        (Some((value, span)), _, true) | (None, Some((value, span)), false) => number_at(value, span),
        (Some((value, span)), _, false) => binary(BinaryOp::Div, number_at(value, span), size(span)),
        (None, Some((value, span)), true) => binary(BinaryOp::Mul, number_at(value, span), size(span)),
        (None, None, _) => return missing(output, element, path),
    };
    output.assign(path.clone(), AssignKind::Initial, value);
}

/// The number an attribute gives a quantity, unless something else gives it its value.
fn value(output: &mut Output, element: Element<'_>, attribute: &'static str, path: &Path) {
    if output.assigned.contains(&path.parts[0]) {
        return;
    }
    match output.number(element, attribute) {
        Some((number, span)) => output.assign(path.clone(), AssignKind::Initial, number_at(number, span)),
        None => missing(output, element, path),
    }
}

/// SBML allows a quantity without a value; what is computed from it is not a number.
fn missing(output: &mut Output, element: Element<'_>, path: &Path) {
    let message = format!("{} `{}` has no value", element.name(), path.parts[0]);
    output.diagnostics.push(
        Diagnostic::warning("sbml/no-value", message)
            .at(path.span, "what is computed from it is not a number"),
    );
    output.assign(path.clone(), AssignKind::Initial, number_at(f64::NAN, path.span));
}

fn plain(path: &Path) -> Declared {
    Declared { path: path.clone(), boundary: false, compartment: None, value: None }
}
