//! What a document holds, and what of it is refused.

use hepatica_model::decl::{Function, Name, Path, Statement};
use hepatica_source::{Diagnostic, Spanned};

use super::element::Element;
use super::math::{expression, lambda_of};
use super::output::Output;
use super::scope::{Arguments, Scope};
use super::space::{Package, Space};
use super::{events, quantities, reactions, rules};

/// The elements of one model, with what its names mean.
pub(super) struct Part<'t> {
    pub(super) scope: Scope,
    pub(super) level: u32,
    pub(super) model: Element<'t>,
    pub(super) functions: Vec<Element<'t>>,
    pub(super) compartments: Vec<Element<'t>>,
    pub(super) species: Vec<Element<'t>>,
    pub(super) parameters: Vec<Element<'t>>,
    pub(super) initial_assignments: Vec<Element<'t>>,
    pub(super) rules: Vec<Element<'t>>,
    pub(super) reactions: Vec<Element<'t>>,
    pub(super) events: Vec<Element<'t>>,
}

/// Reads a whole document; gives the name of its model.
pub(super) fn document(root: Element<'_>, output: &mut Output) -> Name {
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
    let part = part(model, level, output);
    let parts = [part];
    for part in &parts {
        mentions(part, output);
        quantities::name_all(part, output);
        rules::note_assigned(part, output);
        events::name_events(part, output);
        reactions::name_stoichiometries(part, output);
    }
    for part in &parts {
        functions(part, output);
        quantities::quantities(part, output);
        rules::rules(part, output);
        reactions::reactions(part, output);
        events::events(part, output);
        conversion_factors(part, output);
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

fn part<'t>(model: Element<'t>, level: u32, output: &mut Output) -> Part<'t> {
    let list = |name: &'static str| model.list(name).collect::<Vec<_>>();
    let part = Part {
        scope: Scope::default(),
        level,
        model,
        functions: list("listOfFunctionDefinitions"),
        compartments: list("listOfCompartments"),
        species: list("listOfSpecies"),
        parameters: list("listOfParameters"),
        initial_assignments: list("listOfInitialAssignments"),
        rules: list("listOfRules"),
        reactions: list("listOfReactions"),
        events: list("listOfEvents"),
    };
    flux_balance(model, output);
    for submodel in model.list_of(Package::Comp, "listOfSubmodels") {
        output.diagnostics.push(
            Diagnostic::error(
                "unsupported/submodel",
                "comp: submodels are unsupported; nothing is simulated",
            )
            .at(submodel.span(), "refused here"),
        );
    }
    part
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
        let name = Spanned::new(part.scope.name(&id.text), id.span);
        let arguments = arguments.iter().map(|a| Spanned::new(a.text(), a.span())).collect();
        let body = expression(body, &Arguments { scope: &part.scope }, &mut output.diagnostics);
        output.functions.push(Function { name, arguments, body });
    }
}

/// The factors between extents and amounts, of the model and of single species.
fn conversion_factors(part: &Part<'_>, output: &mut Output) {
    let model = std::iter::once((part.model, None));
    let species = part.species.iter().map(|species| (*species, species.attribute("id")));
    let mut found = Vec::new();
    for (element, id) in model.chain(species) {
        let Some(value) = element.attribute("conversionFactor") else { continue };
        let Some(factor) = output.symbol(&value, &part.scope) else { continue };
        let target = match id {
            Some(id) => part.scope.path(&id.text, id.span),
            None => Path { parts: Vec::new(), span: value.span },
        };
        found.push(Statement::ConversionFactor { target, factor });
    }
    output.statements.append(&mut found);
}

impl Output {
    /// An element that SBML does not have in this place.
    pub(super) fn unexpected(&mut self, element: Element<'_>) {
        let message = format!("`{}` has no meaning here", element.name());
        self.diagnostics.push(Diagnostic::error("sbml/element", message).at(element.span(), "not read"));
    }
}
