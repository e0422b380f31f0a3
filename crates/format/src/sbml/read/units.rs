//! Units: definitions, those of the whole model, and those of single quantities.
//!
//! Units change no number; what does not fit is a warning. A species counts in substance per size of its compartment
//! unless its name means the amount, so that is the unit its name gets.

use std::collections::BTreeMap;

use hepatica_model::decl::{Name, Path, Statement, UnitExpr};
use hepatica_source::{Diagnostic, Span, Spanned};

use super::element::{Element, Value};
use super::gather::Part;
use super::output::Output;

/// How many factors a unit may have: what works on units does so by recursion.
const MAX_FACTORS: usize = 64;

/// The names of units of the whole model in expressions, the attributes of Level 3 that give them and the units that
/// Level 2 has for them (L2V4, section 4.4.3), as a base unit and its power.
const WIDE: [(&str, &str, &str, (&str, f64)); 6] = [
    ("substance", "substanceUnits", "substance", ("mole", 1.0)),
    ("time_unit", "timeUnits", "time", ("second", 1.0)),
    ("volume", "volumeUnits", "volume", ("litre", 1.0)),
    ("area", "areaUnits", "area", ("metre", 2.0)),
    ("length", "lengthUnits", "length", ("metre", 1.0)),
    ("extent", "extentUnits", "", ("mole", 1.0)),
];

/// Which unit the ids of a model's definitions have in the flat model.
pub(super) fn name_units(part: &Part<'_>) -> BTreeMap<String, String> {
    let mut names = BTreeMap::new();
    for id in part.units.iter().filter_map(|unit| unit.attribute("id")) {
        let id = id.text.into_owned();
        let wide = match part.level {
            2 => WIDE.iter().find(|(_, _, in_level_2, _)| *in_level_2 == id).map(|(name, ..)| *name),
            _ => WIDE
                .iter()
                .find(|(name, attribute, ..)| {
                    *name == id && part.model.attribute(attribute).is_some_and(|value| value.text == id)
                })
                .map(|(name, ..)| *name),
        };
        let name = match wide.filter(|_| part.scope.prefix.is_empty()) {
            Some(wide) => wide.to_string(),
            // A definition that only happens to be called like a unit of the whole model is not one.
            None if WIDE.iter().any(|(name, ..)| *name == id) => format!("{}{id}_", part.scope.prefix),
            None => format!("{}{id}", part.scope.prefix),
        };
        names.insert(id, name);
    }
    names
}

/// The statements about units of a model and of the whole.
pub(super) fn units(part: &Part<'_>, output: &mut Output) {
    for element in &part.units {
        let Some(id) = output.id(*element) else { continue };
        let name = part.scope.units.get(&*id.text).cloned().unwrap_or_default();
        let value = definition(*element, output);
        output.statements.push(Statement::Unit { name: Spanned::new(name, id.span), value });
    }
    if part.scope.prefix.is_empty() {
        whole(part, output);
    }
}

/// The units of the whole model that no definition gives by its name.
fn whole(part: &Part<'_>, output: &mut Output) {
    let defined = |name: &str| part.scope.units.values().any(|known| known == name);
    for (name, attribute, in_level_2, (base, power)) in WIDE {
        if defined(name) {
            continue;
        }
        let span = part.model.span();
        let value = match part.level {
            2 if in_level_2.is_empty() => continue,
            2 => powered(UnitExpr::Name(Spanned::new(base.to_string(), span)), power, span),
            _ => match part.model.attribute(attribute) {
                Some(value) => part.unit(&value),
                None => continue,
            },
        };
        output.statements.push(Statement::Unit { name: Spanned::new(name.to_string(), span), value });
    }
}

/// `unitDefinition`: the product of its units.
fn definition(element: Element<'_>, output: &mut Output) -> UnitExpr {
    let mut product: Option<UnitExpr> = None;
    for (index, unit) in element.list("listOfUnits").enumerate() {
        if index >= MAX_FACTORS {
            let message = format!("a unit has more than {MAX_FACTORS} factors");
            output.diagnostics.push(
                Diagnostic::error("limit/unit", message)
                    .at(unit.span(), "not read further")
                    .hint("define parts of it as units of their own"),
            );
            break;
        }
        let Some(kind) = output.required(unit, "kind") else { continue };
        let mut number =
            |name: &str, default: f64| output.number(unit, name).map_or(default, |(value, _)| value);
        let (exponent, scale, multiplier) =
            (number("exponent", 1.0), number("scale", 0.0), number("multiplier", 1.0));
        if number("offset", 0.0) != 0.0 {
            output.diagnostics.push(
                Diagnostic::warning("sbml/unit-offset", "a unit with an offset is read without it")
                    .at(unit.span(), "only its scale counts"),
            );
        }
        // Written as a decimal number, a power of ten is exact.
        let factor = format!("1e{scale}").parse::<f64>().unwrap_or(f64::NAN) * multiplier;
        let mut value = UnitExpr::Name(Spanned::new(kind.text.into_owned(), kind.span));
        if factor != 1.0 {
            value = UnitExpr::Mul(Box::new(UnitExpr::Number(factor, kind.span)), Box::new(value));
        }
        let value = powered(value, exponent, kind.span);
        product = Some(match product {
            Some(product) => UnitExpr::Mul(Box::new(product), Box::new(value)),
            None => value,
        });
    }
    product.unwrap_or_else(|| dimensionless(element.span()))
}

fn powered(unit: UnitExpr, power: f64, span: Span) -> UnitExpr {
    if power == 1.0 { unit } else { UnitExpr::Pow(Box::new(unit), power, span) }
}

fn dimensionless(span: Span) -> UnitExpr {
    UnitExpr::Name(Spanned::new("dimensionless".to_string(), span))
}

impl Part<'_> {
    /// The unit an attribute names.
    pub(super) fn unit(&self, value: &Value<'_>) -> UnitExpr {
        let name: Name = Spanned::new(self.scope.unit_name(&value.text), value.span);
        let known = self.scope.units.contains_key(&*value.text);
        let in_level_2 = WIDE.iter().find(|(_, _, name, _)| self.level == 2 && !known && *name == value.text);
        match in_level_2 {
            Some((_, _, _, (base, power))) => {
                powered(UnitExpr::Name(Spanned::new(base.to_string(), value.span)), *power, value.span)
            }
            None => UnitExpr::Name(name),
        }
    }
}

/// The unit of a compartment, where its document says it or its dimensions do.
pub(super) fn of_compartment(part: &Part<'_>, element: Element<'_>, path: &Path, output: &mut Output) {
    let wide = |name: &str| {
        let given =
            part.level == 2 || WIDE.iter().any(|(n, a, ..)| *n == name && part.model.attribute(a).is_some());
        given.then(|| UnitExpr::Name(Spanned::new(name.to_string(), element.span())))
    };
    let dimensions = element.attribute("spatialDimensions");
    let unit = match (element.attribute("units"), dimensions.as_ref().map(|value| value.text.trim())) {
        (Some(value), _) => Some(part.unit(&value)),
        (None, Some("2")) => wide("area"),
        (None, Some("1")) => wide("length"),
        (None, Some("0")) => Some(dimensionless(element.span())),
        (None, _) => {
            // The unit of volumes, which the quantity has without being told.
            output.compartment_units.extend(wide("volume").map(|unit| (path.parts[0].clone(), unit)));
            None
        }
    };
    if let Some(unit) = unit {
        output.compartment_units.insert(path.parts[0].clone(), unit.clone());
        output.statements.push(Statement::HasUnit { target: path.clone(), unit });
    }
}

/// The unit of a species' name, where its document says what its substance is counted in.
pub(super) fn of_species(
    part: &Part<'_>,
    element: Element<'_>,
    (path, compartment, substance_only): (&Path, &str, bool),
    output: &mut Output,
) {
    let Some(value) = element.attribute("substanceUnits").or_else(|| element.attribute("units")) else {
        return;
    };
    let substance = part.unit(&value);
    let unit = match (substance_only, output.compartment_units.get(compartment)) {
        (true, _) => substance,
        (false, Some(size)) => UnitExpr::Div(Box::new(substance), Box::new(size.clone())),
        (false, None) => return,
    };
    output.statements.push(Statement::HasUnit { target: path.clone(), unit });
}

/// The unit of a parameter, where its document says it.
pub(super) fn of_parameter(part: &Part<'_>, element: Element<'_>, path: &Path, output: &mut Output) {
    if let Some(value) = element.attribute("units") {
        let unit = part.unit(&value);
        output.statements.push(Statement::HasUnit { target: path.clone(), unit });
    }
}
