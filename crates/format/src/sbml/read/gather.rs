//! What a document holds, and what of it is refused.

use std::collections::BTreeSet;

use hepatica_model::MAX_NAMES;
use hepatica_model::decl::{Function, Name, Statement};
use hepatica_source::{Diagnostic, SourceMap, Spanned};

use super::compose::{Instance, compose};
use super::element::Element;
use super::library::Library;
use super::math::{Names, expression, lambda_of};
use super::output::Output;
use super::scope::{Arguments, Scope};
use super::space::{Package, Space};
use super::tree::NodeId;
use super::{annotations, events, quantities, reactions, rules, units};

/// What counts of one model, with what its names mean.
pub(super) struct Part<'t> {
    pub(super) scope: Scope,
    pub(super) level: u32,
    pub(super) functions: Vec<Element<'t>>,
    pub(super) units: Vec<Element<'t>>,
    pub(super) compartments: Vec<Element<'t>>,
    pub(super) species: Vec<Element<'t>>,
    pub(super) parameters: Vec<Element<'t>>,
    pub(super) initial_assignments: Vec<Element<'t>>,
    pub(super) rules: Vec<Element<'t>>,
    pub(super) reactions: Vec<Element<'t>>,
    pub(super) events: Vec<Element<'t>>,
    pub(super) model: Element<'t>,
    /// Elements that another model deletes or replaces.
    removed: BTreeSet<NodeId>,
}

impl<'t> Part<'t> {
    fn new(instance: Instance<'t>, level: u32) -> Part<'t> {
        let Instance { model, scope, removed, .. } = instance;
        let list = |name: &'static str| {
            model.list(name).filter(|element| !removed.contains(&element.id)).collect::<Vec<_>>()
        };
        Part {
            functions: list("listOfFunctionDefinitions"),
            units: list("listOfUnitDefinitions"),
            compartments: list("listOfCompartments"),
            species: list("listOfSpecies"),
            parameters: list("listOfParameters"),
            initial_assignments: list("listOfInitialAssignments"),
            rules: list("listOfRules"),
            reactions: list("listOfReactions"),
            events: list("listOfEvents"),
            scope,
            level,
            model,
            removed,
        }
    }

    /// What counts of a list inside an element.
    pub(super) fn list(&self, element: Element<'t>, name: &'static str) -> impl Iterator<Item = Element<'t>> {
        element.list(name).filter(|item| !self.removed.contains(&item.id))
    }

    /// The element of this name inside an element, if it counts.
    pub(super) fn child(&self, element: Element<'t>, name: &str) -> Option<Element<'t>> {
        element.child(name).filter(|child| !self.removed.contains(&child.id))
    }
}

/// Reads a whole document; gives the name of its model.
pub(super) fn document<'t>(
    library: &'t Library,
    map: &'t SourceMap,
    root: Element<'t>,
    output: &mut Output,
) -> Name {
    let empty = Spanned::new(String::new(), root.span());
    let Some(level) = level(root, output) else { return empty };
    packages(root, output);
    let Some(model) = root.child("model") else {
        output.diagnostics.push(
            Diagnostic::error("sbml/no-model", "the document has no model")
                .at(root.span(), "nothing to simulate"),
        );
        return empty;
    };
    let instances = compose(library, map, model, &mut output.diagnostics);
    let mut parts: Vec<Part<'t>> = instances.into_iter().map(|instance| Part::new(instance, level)).collect();
    for part in &mut parts {
        part.scope.units = units::name_units(part);
    }
    for part in &parts {
        flux_balance(part.model, output);
        mentions(part, output);
        quantities::name_all(part, output);
        rules::note_assigned(part, output);
        events::name_events(part, output);
    }
    if output.symbols.len() > MAX_NAMES {
        let message = format!("the model has more than {MAX_NAMES} names");
        let problem = Diagnostic::error("limit/names", message).at(model.span(), "not read further");
        output.diagnostics.push(problem.hint("a model of this size has to be split"));
        return empty;
    }
    for part in &parts {
        reactions::name_stoichiometries(part, output);
    }
    for part in &parts {
        functions(part, output);
        units::units(part, output);
        quantities::quantities(part, output);
        rules::rules(part, output);
        reactions::reactions(part, output);
        events::events(part, output);
        conversion_factors(part, output);
    }
    if let Some(whole) = parts.first() {
        annotations::describe(whole, model, &annotations::model_itself(model.span()), output);
    }
    output.display_name = model.attribute("name").map(|name| name.text.into_owned());
    match model.attribute("id") {
        Some(id) => Spanned::new(id.text.into_owned(), id.span),
        None => Spanned::new("model".to_string(), model.span()),
    }
}

/// The level, if it is one that is read.
fn level(root: Element<'_>, output: &mut Output) -> Option<u32> {
    let number = |name: &str| root.attribute(name).and_then(|value| value.text.trim().parse::<u32>().ok());
    let problem = match (root.name(), number("level"), number("version")) {
        ("sbml", Some(level @ 2..=3), Some(_)) if root.space() == Space::Core => return Some(level),
        ("sbml", Some(level), Some(version)) => Diagnostic::error(
            "unsupported/sbml-level",
            format!("SBML Level {level} Version {version} is unsupported; nothing is simulated"),
        )
        .at(root.span(), "Level 2 Version 1 to Level 3 Version 2 are read")
        .hint("convert the file with a tool of libSBML"),
        _ => Diagnostic::error("sbml/not-sbml", "this is not an SBML document")
            .at(root.span(), "the outermost element is `<sbml level=\"..\" version=\"..\">`"),
    };
    output.diagnostics.push(problem);
    None
}

/// Refuses packages that a simulation would need and that are not simulated.
fn packages(root: Element<'_>, output: &mut Output) {
    for package in root.required_packages() {
        let refused = match package {
            Package::Comp | Package::Distrib | Package::Fbc | Package::ExtendedMath => continue,
            Package::Layout | Package::Render | Package::Groups => continue,
            Package::Qual => "qual: logical models are not simulated",
            Package::Multi => "multi: species made of parts are not simulated",
            Package::Spatial => "spatial: processes in space are not simulated",
            Package::Arrays => "arrays: arrays are not simulated",
            Package::Dyn => "dyn: moving parts are not simulated",
            Package::Unknown => "the document requires a package that is not known",
        };
        output.diagnostics.push(
            Diagnostic::error("unsupported/package", format!("{refused}; nothing is simulated"))
                .at(root.span(), "required by the document"),
        );
    }
}

/// A model with an objective is solved, not simulated.
fn flux_balance(model: Element<'_>, output: &mut Output) {
    let lists = ["listOfObjectives", "listOfFluxBounds"];
    let found = model.children().find(|child| lists.iter().any(|list| child.is_of(Package::Fbc, list)));
    if let Some(list) = found {
        let message = "fbc: flux balance is not simulated";
        output.diagnostics.push(
            Diagnostic::error("unsupported/fbc", message)
                .at(list.span(), "an optimisation, not a time course")
                .hint("give every reaction a rate law and remove the objective"),
        );
    }
}

/// Every name that mathematics of a model speaks about.
fn mentions(part: &Part<'_>, output: &mut Output) {
    let mut open = vec![part.model];
    while let Some(element) = open.pop() {
        if element.space() == Space::Math && element.name() == "ci" {
            output.mentioned.insert(part.scope.name(&element.text()));
        }
        open.extend(element.children());
    }
}

/// The user functions of a model.
fn functions(part: &Part<'_>, output: &mut Output) {
    for element in &part.functions {
        let Some(id) = output.id(*element) else { continue };
        // A definition without mathematics says nothing; whoever calls it is told that it is unknown.
        let Some((arguments, Some(body))) = lambda_of(*element) else { continue };
        let name = Spanned::new(part.scope.function(&id.text), id.span);
        let arguments = arguments.iter().map(|a| Spanned::new(a.text(), a.span())).collect();
        let body = expression(body, &Arguments { scope: &part.scope }, &mut output.diagnostics);
        output.functions.push(Function { name, arguments, body });
    }
}

/// The factors between extents and the amounts of species: that of the species, else that of its model.
fn conversion_factors(part: &Part<'_>, output: &mut Output) {
    let of_model = part.model.attribute("conversionFactor");
    for species in &part.species {
        let factor = species.attribute("conversionFactor").or_else(|| of_model.clone());
        let (Some(id), Some(value)) = (species.attribute("id"), factor) else { continue };
        let Some(factor) = output.symbol(&value, &part.scope) else { continue };
        let target = part.scope.path(&id.text, id.span);
        output.statements.push(Statement::ConversionFactor { target, factor });
    }
}

impl Output {
    /// An element that SBML does not have in this place.
    pub(super) fn unexpected(&mut self, element: Element<'_>) {
        let message = format!("`{}` has no meaning here", element.name());
        self.diagnostics.push(Diagnostic::error("sbml/element", message).at(element.span(), "not read"));
    }
}
