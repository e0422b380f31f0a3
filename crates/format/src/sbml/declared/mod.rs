//! Declarations of one module -> SBML Level 3 Version 2 Core, as they were written.
//!
//! Nothing is simplified: functions stay functions, and names without a value stay without one. Constraints and
//! interactions are written where SBML has a place for them, bounds of fluxes and an objective in the package "fbc";
//! uncertainty, creators and dates are not written.

mod dynamics;
mod flux;

use std::collections::{BTreeMap, BTreeSet};

use hepatica_model::decl::{AssignKind, Declarations, Expr, ExprKind, Path, Statement, SymbolKind, UnitExpr};
use hepatica_model::model::Annotation;
use hepatica_source::Diagnostic;
use hepatica_unit::{Ratio, Unit};

use super::document::{Row, truth};
use super::formula::Formula;
use super::math::open_math;
use super::metadata::Metadata;
use super::units::write_factors;
use super::xml::{Xml, number};
use dynamics::{amount_in, constant, names_in, start};
use flux::Flux;

/// The declarations of one module, as [`hepatica_model::flat`] gives them, as SBML.
///
/// # Errors
/// An objective of flux balance that the package "fbc" cannot hold, or a second one.
pub fn write_declarations(flat: &Declarations) -> Result<String, Box<Diagnostic>> {
    let mut writer = Writer::of(flat)?;
    writer.open();
    writer.functions();
    writer.units();
    writer.quantities();
    writer.initial_assignments();
    writer.rules();
    writer.constraints();
    writer.reactions();
    writer.events();
    writer.flux.write(&mut writer.xml);
    Ok(writer.xml.finish())
}

/// What is said about one name.
#[derive(Default)]
struct Item<'d> {
    kind: Option<SymbolKind>,
    constant: Option<bool>,
    boundary: bool,
    substance_only: bool,
    compartment: Option<String>,
    initial: Option<&'d Expr>,
    rule: Option<&'d Expr>,
    rate: Option<&'d Expr>,
    unit: Option<&'d UnitExpr>,
    conversion_factor: Option<String>,
    display_name: Option<&'d str>,
    annotations: Vec<Annotation>,
    /// An event or an algebraic rule may change it.
    changes: bool,
    /// It is the stoichiometry of a species reference and no parameter.
    is_stoichiometry: bool,
}

struct Writer<'d> {
    flat: &'d Declarations,
    xml: Xml,
    /// The names in the order met.
    order: Vec<String>,
    items: BTreeMap<String, Item<'d>>,
    units: BTreeMap<&'d str, &'d UnitExpr>,
    functions: Vec<String>,
    statements: &'d [Statement],
    /// Rules of stoichiometries that are no single name.
    stoichiometries: Vec<(String, Expr)>,
    own_default: bool,
    used_stoichiometries: BTreeSet<String>,
    flux: Flux<'d>,
}

const DEFAULT_COMPARTMENT: &str = "default_compartment";

fn key(path: &Path) -> String {
    path.parts.join(".")
}

impl<'d> Writer<'d> {
    fn of(flat: &'d Declarations) -> Result<Writer<'d>, Diagnostic> {
        let module = flat.main.and_then(|main| flat.modules.get(main));
        let statements = module.map_or(&[][..], |module| &module.statements);
        let mut writer = Writer {
            flat,
            xml: Xml::new(),
            order: Vec::new(),
            items: BTreeMap::new(),
            units: BTreeMap::new(),
            functions: flat.functions.iter().map(|f| f.name.value.clone()).collect(),
            statements,
            stoichiometries: Vec::new(),
            own_default: false,
            used_stoichiometries: BTreeSet::new(),
            flux: Flux::of(statements)?,
        };
        statements.iter().for_each(|statement| writer.gather(statement));
        writer.find_stoichiometries();
        let is_species =
            |item: &Item<'_>| item.kind == Some(SymbolKind::Species) && item.compartment.is_none();
        writer.own_default =
            writer.items.values().any(is_species) && !writer.items.contains_key(DEFAULT_COMPARTMENT);
        Ok(writer)
    }

    fn item(&mut self, name: String) -> &mut Item<'d> {
        if !self.items.contains_key(&name) {
            self.order.push(name.clone());
        }
        self.items.entry(name).or_default()
    }

    fn gather(&mut self, statement: &'d Statement) {
        match statement {
            Statement::Declare { kind, constant, substance_only, items } => {
                for declared in items {
                    let item = self.item(key(&declared.path));
                    item.kind = kind.or(item.kind);
                    item.constant = constant.or(item.constant);
                    item.substance_only |= substance_only;
                    item.boundary |= declared.boundary;
                    item.compartment = declared.compartment.as_ref().map(key).or(item.compartment.take());
                }
            }
            Statement::Assign { target, kind, value } => {
                let item = self.item(key(target));
                match kind {
                    AssignKind::Initial => item.initial = Some(value),
                    AssignKind::Rule => item.rule = Some(value),
                    AssignKind::Rate => item.rate = Some(value),
                }
            }
            Statement::HasUnit { target, unit } => self.item(key(target)).unit = Some(unit),
            Statement::Unit { name, value } => {
                self.units.insert(&name.value, value);
            }
            Statement::ConversionFactor { target, factor } => {
                self.item(key(target)).conversion_factor = Some(key(factor));
            }
            Statement::DisplayName { target, text } => self.item(key(target)).display_name = Some(text),
            Statement::Annotate { target, qualifier, uris } => {
                let annotations = uris.iter().map(|uri| Annotation {
                    qualifier: qualifier.clone(),
                    uri: uri.value.clone(),
                    span: uri.span,
                });
                let annotations: Vec<Annotation> = annotations.collect();
                self.item(key(target)).annotations.extend(annotations);
            }
            Statement::Event(event) => {
                for (target, _) in &event.assignments {
                    self.item(key(target)).changes = true;
                }
            }
            Statement::Algebraic { residual, .. } => {
                let mut names = Vec::new();
                names_in(residual, &mut names);
                // An algebraic rule may determine any of its names.
                names.into_iter().for_each(|name| self.item(name).changes = true);
            }
            _ => {}
        }
    }

    /// A quantity that stands before a species is the stoichiometry of its first reference.
    fn find_stoichiometries(&mut self) {
        for statement in self.statements {
            let Statement::Reaction(reaction) = statement else { continue };
            for participant in reaction.reactants.iter().chain(&reaction.products) {
                let Some(Expr { kind: ExprKind::Name(parts), .. }) = &participant.stoichiometry else {
                    continue;
                };
                let quantity = |item: &&mut Item<'d>| matches!(item.kind, None | Some(SymbolKind::Quantity));
                if let Some(item) = self.items.get_mut(&parts.join(".")).filter(quantity) {
                    item.is_stoichiometry = true;
                }
            }
        }
    }

    fn open(&mut self) {
        let core = "http://www.sbml.org/sbml/level3/version2/core";
        let row = Row::default().with("xmlns", core).with("level", "3").with("version", "2");
        self.xml.open("sbml", &row.and(self.flux.declare()).borrowed());
        let module = self.flat.main.and_then(|main| self.flat.modules.get(main));
        let id = module.map_or(String::new(), |module| module.name.value.clone());
        let about = self.items.get("").map_or(&[][..], |item| &item.annotations);
        let own = self.items.get(&id).filter(|item| item.kind.is_none());
        let mut annotations: Vec<Annotation> = about.to_vec();
        annotations.extend(own.into_iter().flat_map(|item| item.annotations.clone()));
        let metadata = Metadata::of(&annotations, &id);
        let unit = |name: &str| self.units.contains_key(name).then(|| name.to_string());
        let row = Row::default()
            .maybe("metaid", metadata.metaid())
            .maybe("sboTerm", metadata.sbo_term)
            .maybe("id", (!id.is_empty()).then_some(id.clone()))
            .maybe("name", module.and_then(|module| module.display_name.clone()))
            .maybe("substanceUnits", unit("substance"))
            .maybe("timeUnits", unit("time_unit"))
            .maybe("volumeUnits", unit("volume"))
            .maybe("areaUnits", unit("area"))
            .maybe("lengthUnits", unit("length"))
            .maybe("extentUnits", unit("extent").or_else(|| unit("substance")))
            .maybe("fbc:strict", self.flux.strict());
        self.xml.open("model", &row.borrowed());
        metadata.write(&mut self.xml);
    }

    pub(super) fn math(&mut self, expr: &Expr) {
        open_math(&mut self.xml);
        let unit = |name: &str| Some(name.to_string());
        let mut formula = Formula {
            xml: &mut self.xml,
            names: self.flat.fixed_names,
            functions: &self.functions,
            unit: &unit,
        };
        formula.write(expr);
        self.xml.close();
    }

    fn functions(&mut self) {
        if self.flat.functions.is_empty() {
            return;
        }
        self.xml.open("listOfFunctionDefinitions", &[]);
        for function in &self.flat.functions {
            self.xml.open("functionDefinition", &[("id", &function.name.value)]);
            open_math(&mut self.xml);
            self.xml.open("lambda", &[]);
            for argument in &function.arguments {
                self.xml.open("bvar", &[]);
                self.xml.leaf("ci", &[], &argument.value);
                self.xml.close();
            }
            let unit = |name: &str| Some(name.to_string());
            let mut formula = Formula {
                xml: &mut self.xml,
                names: self.flat.fixed_names,
                functions: &self.functions,
                unit: &unit,
            };
            formula.write(&function.body);
            self.xml.close();
            self.xml.close();
            self.xml.close();
        }
        self.xml.close();
    }

    fn units(&mut self) {
        if self.units.is_empty() {
            return;
        }
        self.xml.open("listOfUnitDefinitions", &[]);
        for statement in self.statements {
            let Statement::Unit { name, value } = statement else { continue };
            let shown = self.items.get(&name.value).and_then(|item| item.display_name);
            let row = Row::default().with("id", name.value.clone()).maybe("name", shown);
            self.xml.open("unitDefinition", &row.borrowed());
            if let Some(unit) = self.unit(value, 0) {
                self.xml.open("listOfUnits", &[]);
                write_factors(&mut self.xml, &unit);
                self.xml.close();
            }
            self.xml.close();
        }
        self.xml.close();
    }

    /// What a unit means; nothing for one that no one knows.
    fn unit(&self, written: &UnitExpr, depth: usize) -> Option<Unit> {
        if depth > 64 {
            return None;
        }
        let inner = |unit: &UnitExpr| self.unit(unit, depth + 1);
        match written {
            UnitExpr::Number(value, _) => Unit::dimensionless().scaled(*value).ok(),
            UnitExpr::Name(name) => match self.units.get(name.value.as_str()) {
                Some(own) => self.unit(own, depth + 1),
                None => Unit::parse(&name.value).ok(),
            },
            UnitExpr::Mul(a, b) => inner(a)?.times(&inner(b)?).ok(),
            UnitExpr::Div(a, b) => inner(a)?.per(&inner(b)?).ok(),
            UnitExpr::Pow(a, power, _) => inner(a)?.pow(Ratio::from_f64(*power)?).ok(),
        }
    }

    fn quantities(&mut self) {
        let of = |kinds: &[Option<SymbolKind>], items: &BTreeMap<String, Item<'d>>, order: &[String]| {
            let wanted = |name: &&String| {
                let item = &items[*name];
                kinds.contains(&item.kind) && !item.is_stoichiometry
            };
            order.iter().filter(wanted).cloned().collect::<Vec<String>>()
        };
        let compartments = of(&[Some(SymbolKind::Compartment)], &self.items, &self.order);
        if !compartments.is_empty() || self.own_default {
            self.xml.open("listOfCompartments", &[]);
            compartments.iter().for_each(|name| self.compartment(name));
            if self.own_default {
                let row = [
                    ("sboTerm", "SBO:0000410"),
                    ("id", DEFAULT_COMPARTMENT),
                    ("spatialDimensions", "3"),
                    ("size", "1"),
                    ("constant", "true"),
                ];
                self.xml.empty("compartment", &row);
            }
            self.xml.close();
        }
        self.list(
            "listOfSpecies",
            &of(&[Some(SymbolKind::Species)], &self.items, &self.order),
            Self::species,
        );
        let mut parameters = of(&[Some(SymbolKind::Quantity)], &self.items, &self.order);
        parameters.retain(|name| !self.flux.is_objective(name));
        if parameters.is_empty() && self.flux.numbers.is_empty() && self.flux.formulas.is_empty() {
            return;
        }
        self.xml.open("listOfParameters", &[]);
        parameters.iter().for_each(|name| self.parameter(name));
        for (id, value) in &self.flux.numbers {
            let value = number(*value);
            self.xml.empty("parameter", &[("id", id.as_str()), ("value", &value), ("constant", "true")]);
        }
        for (id, _) in &self.flux.formulas {
            self.xml.empty("parameter", &[("id", id.as_str()), ("constant", "false")]);
        }
        self.xml.close();
    }

    fn list(&mut self, list: &'static str, names: &[String], one: fn(&mut Self, &String)) {
        if names.is_empty() {
            return;
        }
        self.xml.open(list, &[]);
        names.iter().for_each(|name| one(self, name));
        self.xml.close();
    }

    fn described(&mut self, element: &'static str, name: &str, attributes: Row) {
        let item = &self.items[name];
        let metadata = Metadata::of(&item.annotations, name);
        let row = Row::default()
            .maybe("metaid", metadata.metaid())
            .maybe("sboTerm", metadata.sbo_term)
            .with("id", name)
            .maybe("name", item.display_name)
            .and(attributes);
        if metadata.is_empty() {
            return self.xml.empty(element, &row.borrowed());
        }
        self.xml.open(element, &row.borrowed());
        metadata.write(&mut self.xml);
        self.xml.close();
    }

    fn unit_of(&self, item: &Item<'_>) -> Option<String> {
        match item.unit {
            Some(UnitExpr::Name(name)) => Some(name.value.clone()),
            _ => None,
        }
    }

    fn compartment(&mut self, name: &String) {
        let item = &self.items[name];
        let row = Row::default()
            .with("spatialDimensions", "3")
            .maybe("size", start(item))
            .maybe("units", self.unit_of(item))
            .with("constant", truth(constant(item)));
        self.described("compartment", name, row);
    }

    fn species(&mut self, name: &String) {
        let item = &self.items[name];
        let compartment = item.compartment.clone().unwrap_or_else(|| DEFAULT_COMPARTMENT.to_string());
        let amount = item.initial.and_then(|value| amount_in(value, &compartment));
        let (attribute, value) = match (amount, item.substance_only) {
            (Some(amount), false) => ("initialAmount", Some(number(amount))),
            (_, true) => ("initialAmount", start(item)),
            (None, false) => ("initialConcentration", start(item)),
        };
        let fixed = item.constant == Some(true);
        let row = Row::default()
            .with("compartment", compartment)
            .maybe(attribute, value)
            .maybe("substanceUnits", self.unit_of(item).filter(|_| item.substance_only))
            .with("hasOnlySubstanceUnits", truth(item.substance_only))
            .with("boundaryCondition", truth(item.boundary || fixed))
            .with("constant", truth(fixed))
            .maybe("conversionFactor", item.conversion_factor.clone());
        self.described("species", name, row);
    }

    fn parameter(&mut self, name: &String) {
        let item = &self.items[name];
        let row = Row::default()
            .maybe("value", start(item))
            .maybe("units", self.unit_of(item))
            .with("constant", truth(constant(item)));
        self.described("parameter", name, row);
    }
}
