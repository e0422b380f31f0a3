//! What stands beside a model without changing it: links, terms, and how sure a value is.

use hepatica_model::decl::{Expr, ExprKind, Path, Statement};
use hepatica_source::{Span, Spanned};

use super::element::Element;
use super::gather::Part;
use super::math::{Names, math_of, number_at};
use super::number::double;
use super::output::Output;
use super::space::{Package, Space};
use crate::antimony::qualifier_of;

/// The statements about what an element is called, linked with, and how sure its value is. `target` has no parts for the
/// model itself.
pub(super) fn describe(part: &Part<'_>, element: Element<'_>, target: &Path, output: &mut Output) {
    if let Some(term) = element.attribute("sboTerm") {
        let uris = vec![Spanned::new(term.text.into_owned(), term.span)];
        output.statements.push(annotation(target, "sboTerm", uris));
    }
    if let Some(annotation) = element.child("annotation") {
        links(annotation, target, output);
    }
    for uncertainty in element.list_of(Package::Distrib, "listOfUncertainties") {
        self::uncertainty(part, uncertainty, target, output);
    }
}

fn annotation(target: &Path, qualifier: &str, uris: Vec<Spanned<String>>) -> Statement {
    Statement::Annotate { target: target.clone(), qualifier: qualifier.to_string(), uris }
}

/// `rdf:RDF/rdf:Description/bqbiol:is/rdf:Bag/rdf:li`
fn links(element: Element<'_>, target: &Path, output: &mut Output) {
    let rdf = |element: &Element<'_>, name: &str| element.space() == Space::Rdf && element.name() == name;
    let descriptions = element
        .children()
        .filter(|child| rdf(child, "RDF"))
        .flat_map(Element::children)
        .filter(|child| rdf(child, "Description"));
    for relation in descriptions.flat_map(Element::children) {
        let prefix = match relation.space() {
            Space::Bqbiol => "bqbiol",
            Space::Bqmodel => "bqmodel",
            _ => continue,
        };
        let Some(qualifier) = qualifier_of(&format!("{prefix}:{}", relation.name())) else { continue };
        let items = relation.children().flat_map(Element::children).filter(|item| rdf(item, "li"));
        let uris: Vec<Spanned<String>> = items
            .filter_map(|item| item.attribute_of(Space::Rdf, "resource"))
            .map(|value| Spanned::new(value.text.into_owned(), value.span))
            .collect();
        if !uris.is_empty() {
            output.statements.push(annotation(target, qualifier, uris));
        }
    }
}

/// Names of parameters of uncertainty in SBML that expressions call otherwise.
const RENAMED: [(&str, &str); 2] =
    [("standardDeviation", "stdev"), ("coeffientOfVariation", "coefficientOfVariation")];

/// The parameters and spans of one uncertainty.
fn uncertainty(part: &Part<'_>, element: Element<'_>, target: &Path, output: &mut Output) {
    for item in element.children() {
        let span = item.span();
        let Some(kind) = item.package_attribute(Package::Distrib, "type") else { continue };
        let name = RENAMED.iter().find(|(sbml, _)| *sbml == kind.text).map_or(&*kind.text, |(_, name)| name);
        let of = |number: &str, variable: &str| value(part, item, (number, variable));
        let value = match item.name() {
            "uncertParameter" if kind.text == "distribution" => {
                math_of(item, &part.scope, &mut output.diagnostics)
            }
            "uncertParameter" => of("value", "var"),
            "uncertSpan" => {
                of("valueLower", "varLower").zip(of("valueUpper", "varUpper")).map(|(low, high)| Expr {
                    kind: ExprKind::Call("interval".to_string(), vec![low, high]),
                    span,
                })
            }
            _ => None,
        };
        if let Some(value) = value {
            let attribute = Spanned::new(name.to_string(), kind.span);
            output.statements.push(Statement::Uncertainty { target: target.clone(), attribute, value });
        }
    }
}

/// A number, or the name of a quantity.
fn value(part: &Part<'_>, item: Element<'_>, (number, variable): (&str, &str)) -> Option<Expr> {
    if let Some(text) = item.package_attribute(Package::Distrib, number) {
        return double(&text.text).ok().map(|value| number_at(value, text.span));
    }
    let name = item.package_attribute(Package::Distrib, variable)?;
    Some(part.scope.quantity(&name.text, name.span))
}

/// The model itself as the target of a statement.
pub(super) fn model_itself(span: Span) -> Path {
    Path { parts: Vec::new(), span }
}
