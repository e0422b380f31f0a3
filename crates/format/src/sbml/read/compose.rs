//! Models made of models: instances, what is deleted and what replaces what.
//!
//! The rules are those of the SBML Level 3 package Hierarchical Model Composition, Version 1. An instance keeps its own
//! document; what changes is which of its elements still count and what its names mean. Names of inner models get those of
//! the submodels around them in front: `outer__inner__x`.

use std::collections::{BTreeMap, BTreeSet};

use hepatica_model::decl::{BinaryOp, Expr};
use hepatica_source::{Diagnostic, Problems, SourceMap};

use super::element::{Element, Value};
use super::library::Library;
use super::math::{Names, binary};
use super::scope::{Meaning, Scope};
use super::space::{Package, Space};
use super::tree::NodeId;

/// The most instances of models in one model, so that models which multiply each other cannot exhaust memory.
const MAX_INSTANCES: usize = 10_000;
/// The deepest nesting of submodels.
const MAX_DEPTH: usize = 64;
/// The longest chain of replacements of one name, and of references into submodels.
const MAX_CHAIN: usize = 200;

/// A model in its place.
pub(super) struct Instance<'t> {
    pub(super) model: Element<'t>,
    pub(super) scope: Scope,
    /// Elements that are deleted or replaced.
    pub(super) removed: BTreeSet<NodeId>,
    parent: Option<usize>,
    /// The `submodel` element it comes from.
    submodel: Option<Element<'t>>,
    children: BTreeMap<String, usize>,
    /// Names that are those of another instance, with the factor from here to there.
    elsewhere: BTreeMap<String, Elsewhere<'t>>,
}

/// A name of another instance.
#[derive(Clone)]
struct Elsewhere<'t> {
    instance: usize,
    name: String,
    /// The conversion factor and the instance whose names it uses.
    factor: Option<(usize, Value<'t>)>,
}

/// The instances of a model, itself first, each before those inside it.
pub(super) fn compose<'t>(
    library: &'t Library,
    map: &'t SourceMap,
    model: Element<'t>,
    diagnostics: &mut Problems,
) -> Vec<Instance<'t>> {
    let mut composer = Composer { library, map, instances: Vec::new(), diagnostics };
    composer.instantiate(model, None, None, String::new());
    for index in 0..composer.instances.len() {
        composer.deletions(index);
        composer.replacements(index);
    }
    composer.name();
    let removed = composer.removed_instances();
    let kept = composer.instances.into_iter().zip(removed).filter(|(_, removed)| !removed);
    kept.map(|(instance, _)| instance).collect()
}

struct Composer<'t, 'd> {
    library: &'t Library,
    map: &'t SourceMap,
    instances: Vec<Instance<'t>>,
    diagnostics: &'d mut Problems,
}

impl<'t> Composer<'t, '_> {
    fn instantiate(
        &mut self,
        model: Element<'t>,
        parent: Option<usize>,
        submodel: Option<Element<'t>>,
        prefix: String,
    ) -> usize {
        let index = self.instances.len();
        self.instances.push(Instance {
            model,
            scope: Scope { prefix: prefix.clone(), ..Scope::default() },
            removed: BTreeSet::new(),
            parent,
            submodel,
            children: BTreeMap::new(),
            elsewhere: BTreeMap::new(),
        });
        for submodel in model.list_of(Package::Comp, "listOfSubmodels") {
            let of = |name: &str| submodel.package_attribute(Package::Comp, name);
            let (Some(id), Some(reference)) = (of("id"), of("modelRef")) else {
                self.refuse(submodel, "comp/submodel", "a submodel has no `id` or no `modelRef`");
                continue;
            };
            let Some(inner) = self.library.find(self.map, &reference.text, model) else {
                let message = format!("there is no model `{}`", reference.text);
                self.diagnostics
                    .push(Diagnostic::error("comp/model", message).at(reference.span, "not in the document"));
                continue;
            };
            if !self.may_nest(index, inner, submodel) {
                continue;
            }
            let child =
                self.instantiate(inner, Some(index), Some(submodel), format!("{prefix}{}__", id.text));
            self.instances[index].children.insert(id.text.into_owned(), child);
        }
        index
    }

    fn may_nest(&mut self, outer: usize, model: Element<'t>, at: Element<'t>) -> bool {
        let mut depth = 0;
        let mut around = Some(outer);
        while let Some(index) = around {
            if self.instances[index].model.is_same(model) {
                self.refuse(at, "comp/recursion", "a model contains itself");
                return false;
            }
            depth += 1;
            around = self.instances[index].parent;
        }
        if depth >= MAX_DEPTH || self.instances.len() >= MAX_INSTANCES {
            self.refuse(at, "comp/too-large", "too many models inside each other");
            return false;
        }
        true
    }

    fn deletions(&mut self, index: usize) {
        let Some(submodel) = self.instances[index].submodel else { return };
        for deletion in submodel.list_of(Package::Comp, "listOfDeletions") {
            if let Some((instance, element)) = self.referenced(index, deletion) {
                self.instances[instance].removed.insert(element.id);
            }
        }
    }

    fn replacements(&mut self, index: usize) {
        let model = self.instances[index].model;
        let mut open: Vec<Element<'t>> = model.children().collect();
        while let Some(element) = open.pop() {
            for reference in element.list_of(Package::Comp, "listOfReplacedElements") {
                self.replaced(index, element, reference);
            }
            let by = element.children().find(|child| child.is_of(Package::Comp, "replacedBy"));
            if let Some(reference) = by {
                self.replaced_by(index, element, reference);
            }
            open.extend(element.children().filter(|child| child.space() == Space::Core));
        }
    }

    /// `element` stands for an element of a submodel.
    fn replaced(&mut self, index: usize, element: Element<'t>, reference: Element<'t>) {
        if reference.package_attribute(Package::Comp, "deletion").is_some() {
            // It only says why something was deleted.
            return;
        }
        let Some((instance, inner)) = self.referenced_in(index, reference) else { return };
        self.instances[instance].removed.insert(inner.id);
        let factor = reference.package_attribute(Package::Comp, "conversionFactor");
        if let (Some(from), Some(to)) = (id_of(inner), id_of(element)) {
            let factor = factor.map(|value| (index, value));
            let elsewhere = Elsewhere { instance: index, name: to, factor };
            self.instances[instance].elsewhere.insert(from, elsewhere);
        }
    }

    /// An element of a submodel stands for `element`, under the name of `element`.
    fn replaced_by(&mut self, index: usize, element: Element<'t>, reference: Element<'t>) {
        let Some((instance, inner)) = self.referenced_in(index, reference) else { return };
        self.instances[index].removed.insert(element.id);
        if let (Some(from), Some(to)) = (id_of(inner), id_of(element)) {
            let elsewhere = Elsewhere { instance: index, name: to, factor: None };
            self.instances[instance].elsewhere.insert(from, elsewhere);
        }
    }

    /// The element in the submodel that `submodelRef` names.
    fn referenced_in(&mut self, index: usize, reference: Element<'t>) -> Option<(usize, Element<'t>)> {
        let Some(submodel) = reference.package_attribute(Package::Comp, "submodelRef") else {
            self.refuse(reference, "comp/reference", "a replacement names no submodel");
            return None;
        };
        let Some(child) = self.instances[index].children.get(submodel.text.as_ref()).copied() else {
            let message = format!("there is no submodel `{}`", submodel.text);
            self.diagnostics.push(Diagnostic::error("comp/reference", message).at(submodel.span, "unknown"));
            return None;
        };
        self.referenced(child, reference)
    }

    /// The element of an instance that a reference names, in a submodel of it where the reference goes on.
    fn referenced(&mut self, index: usize, reference: Element<'t>) -> Option<(usize, Element<'t>)> {
        let (mut index, mut reference) = (index, reference);
        for _ in 0..MAX_CHAIN {
            let found = target(self.instances[index].model, reference);
            let Some((element, through)) = found else {
                self.refuse(reference, "comp/reference", "nothing in the submodel is called so");
                return None;
            };
            // A port may itself lead into a submodel, and so may the reference to it.
            let inner = |e: Element<'t>| e.children().find(|child| child.is_of(Package::Comp, "sBaseRef"));
            let next = through.and_then(inner).or_else(|| inner(reference));
            let Some(next) = next else { return Some((index, element)) };
            let child = id_of(element).and_then(|id| self.instances[index].children.get(&id).copied());
            let Some(child) = child else {
                self.refuse(next, "comp/reference", "a reference goes into what is no submodel");
                return None;
            };
            if through.and_then(inner).is_some()
                && let Some(rest) = inner(reference)
            {
                // The port ends somewhere inside, from where the reference goes on.
                let (instance, element) = self.referenced(child, next)?;
                let id = id_of(element)?;
                index = self.instances[instance].children.get(&id).copied()?;
                reference = rest;
                continue;
            }
            (index, reference) = (child, next);
        }
        self.refuse(reference, "comp/reference", "a reference has no end");
        None
    }

    /// Gives every instance its names, outer instances first.
    fn name(&mut self) {
        for index in 0..self.instances.len() {
            let (time, extent) = self.conversions(index);
            (self.instances[index].scope.time, self.instances[index].scope.extent) = (time, extent);
        }
        for index in 0..self.instances.len() {
            let names: Vec<String> = self.instances[index].elsewhere.keys().cloned().collect();
            for name in names {
                let meaning = self.meaning(index, &name);
                self.instances[index].scope.names.insert(name, meaning);
            }
            self.rates_of_reactions(index);
        }
    }

    /// What a name of an instance is in the flat model, through all replacements.
    fn meaning(&self, index: usize, name: &str) -> Meaning {
        let (mut index, mut name) = (index, name.to_string());
        let mut factor: Option<Expr> = None;
        for _ in 0..MAX_CHAIN {
            let Some(elsewhere) = self.instances[index].elsewhere.get(&name) else { break };
            if let Some((of, value)) = &elsewhere.factor {
                let step = self.factor(*of, value);
                factor = Some(match factor {
                    Some(factor) => binary(BinaryOp::Mul, factor, step),
                    None => step,
                });
            }
            (index, name) = (elsewhere.instance, elsewhere.name.clone());
        }
        Meaning { name: format!("{}{name}", self.instances[index].scope.prefix), factor }
    }

    /// A conversion factor by its name in an instance.
    fn factor(&self, index: usize, value: &Value<'t>) -> Expr {
        let meaning = self.meaning(index, &value.text);
        let mut scope = Scope::default();
        scope.names.insert(value.text.to_string(), meaning);
        scope.quantity(&value.text, value.span)
    }

    /// One unit of an instance's time and extent in those of the whole.
    fn conversions(&self, index: usize) -> (Option<Expr>, Option<Expr>) {
        let of = |attribute: &str| {
            let mut product: Option<Expr> = None;
            let mut at = index;
            while let (Some(parent), Some(submodel)) =
                (self.instances[at].parent, self.instances[at].submodel)
            {
                if let Some(value) = submodel.package_attribute(Package::Comp, attribute) {
                    let factor = self.factor(parent, &value);
                    product = Some(match product {
                        Some(product) => binary(BinaryOp::Mul, product, factor),
                        None => factor,
                    });
                }
                at = parent;
            }
            product
        };
        (of("timeConversionFactor"), of("extentConversionFactor"))
    }

    /// Inside a model with its own time or extent, the name of a reaction stands for its rate there.
    fn rates_of_reactions(&mut self, index: usize) {
        let scope = &self.instances[index].scope;
        let factor = match (scope.extent.clone(), scope.time.clone()) {
            (None, None) => return,
            (Some(extent), None) => extent,
            (Some(extent), Some(time)) => binary(BinaryOp::Div, extent, time),
            (None, Some(time)) => {
                let one = super::math::number_at(1.0, time.span);
                binary(BinaryOp::Div, one, time)
            }
        };
        // A reaction that another model replaces keeps the rate it has there.
        let Instance { model, removed, .. } = &self.instances[index];
        let own = model.list("listOfReactions").filter(|reaction| !removed.contains(&reaction.id));
        let reactions: Vec<String> = own.filter_map(id_of).collect();
        for reaction in reactions {
            let name = self.instances[index].scope.name(&reaction);
            let meaning = Meaning { name, factor: Some(factor.clone()) };
            self.instances[index].scope.names.insert(reaction, meaning);
        }
    }

    /// Which instances are gone because their submodel, or one around it, is.
    fn removed_instances(&self) -> Vec<bool> {
        let mut removed: Vec<bool> = Vec::with_capacity(self.instances.len());
        for instance in &self.instances {
            let gone = match (instance.parent, instance.submodel) {
                (Some(parent), Some(submodel)) => {
                    removed[parent] || self.instances[parent].removed.contains(&submodel.id)
                }
                _ => false,
            };
            removed.push(gone);
        }
        removed
    }

    fn refuse(&mut self, at: Element<'t>, code: &'static str, message: &str) {
        self.diagnostics.push(Diagnostic::error(code, message).at(at.span(), "refused here"));
    }
}

/// The id of an element, of SBML itself or of the package.
fn id_of(element: Element<'_>) -> Option<String> {
    let id = element.attribute("id").or_else(|| element.package_attribute(Package::Comp, "id"));
    id.map(|value| value.text.into_owned())
}

/// What a reference names in a model, and the port it goes through.
fn target<'t>(model: Element<'t>, reference: Element<'t>) -> Option<(Element<'t>, Option<Element<'t>>)> {
    let of = |name: &str| reference.package_attribute(Package::Comp, name);
    if let Some(port) = of("portRef") {
        let port = model
            .list_of(Package::Comp, "listOfPorts")
            .find(|candidate| id_of(*candidate).as_deref() == Some(&*port.text))?;
        return target(model, port).map(|(element, _)| (element, Some(port)));
    }
    let found = if let Some(id) = of("idRef") {
        search(model, |element| {
            let unit = element.is("unitDefinition") || element.is("localParameter");
            !unit && !element.is_of(Package::Comp, "port") && id_of(element).as_deref() == Some(&*id.text)
        })
    } else if let Some(unit) = of("unitRef") {
        search(model, |element| {
            element.is("unitDefinition") && id_of(element).as_deref() == Some(&*unit.text)
        })
    } else if let Some(metaid) = of("metaIdRef") {
        search(model, |element| element.attribute("metaid").is_some_and(|value| value.text == metaid.text))
    } else {
        None
    };
    found.map(|element| (element, None))
}

/// The first element inside a model that fits.
fn search<'t>(model: Element<'t>, fits: impl Fn(Element<'t>) -> bool) -> Option<Element<'t>> {
    let mut open: Vec<Element<'t>> = model.children().collect();
    while let Some(element) = open.pop() {
        if matches!(element.space(), Space::Core | Space::Package(Package::Comp)) {
            if fits(element) {
                return Some(element);
            }
            open.extend(element.children());
        }
    }
    None
}
