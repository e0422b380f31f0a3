//! Statements of modules -> one table of names.
//!
//! Statements take effect in order, as in libAntimony: a submodel brings its names with what it says about
//! them, and later statements outside override it.

use std::collections::HashMap;

use hepatica_source::{Diagnostic, Problems, Span};

use super::delete::delete;
use super::names::{unknown_in_instance, unknown_instance};
use super::table::{AlgebraicDef, Bound, EntityId, EventDef, Lookup, ReactionDef, ScopeId, Table};
use super::unsupported::Unsupported;
use super::values;
use crate::decl::{
    AssignKind, Declarations, Declared, Event, Expr, ExprKind, Module, Name, Participant, Path, Reaction,
    Statement, SymbolKind,
};

/// Builds the table of the main module and all it contains; the flag says that it is too large to go on with.
pub(crate) fn flatten<'a>(decls: &'a Declarations, diagnostics: &mut Problems) -> (Table<'a>, bool) {
    let mut modules = HashMap::new();
    for (i, module) in decls.modules.iter().enumerate() {
        if let Some(first) = modules.insert(module.name.value.as_str(), i) {
            let first: &Module = &decls.modules[first];
            diagnostics.push(
                Diagnostic::error("name/twice", format!("module `{}` is defined twice", module.name.value))
                    .at(module.name.span, "the second time")
                    .at(first.name.span, "the first time"),
            );
        }
    }
    let table = Table::new(decls.fixed_names);
    let mut flattener = Flattener { decls, modules, table, diagnostics, active: Vec::new(), full: false };
    if let Some(main) = decls.main.filter(|main| *main < decls.modules.len()) {
        flattener.instantiate(main, None);
    }
    let (mut table, full) = (flattener.table, flattener.full);
    place_participants(&mut table);
    delete(&mut table);
    (table, full)
}

/// A species without a compartment is in that of the last reaction with one that turns it over, as in libAntimony.
fn place_participants(table: &mut Table<'_>) {
    let mut places = Vec::new();
    for reaction in table.roots().filter_map(|(_, entity)| entity.reaction.as_ref().zip(entity.compartment)) {
        let (reaction, place) = reaction;
        let species = reaction.reactants.iter().chain(&reaction.products).flatten().map(|id| table.root(*id));
        places.extend(species.filter(|id| table.get(*id).compartment.is_none()).map(|id| (id, place)));
    }
    for (species, place) in places {
        table.get_mut(species).compartment = Some(place);
    }
}

/// The table being built.
pub(super) struct Flattener<'a, 'd> {
    pub(super) decls: &'a Declarations,
    pub(super) modules: HashMap<&'a str, usize>,
    pub(super) table: Table<'a>,
    pub(super) diagnostics: &'d mut Problems,
    /// The modules being instantiated, the outermost first.
    pub(super) active: Vec<usize>,
    /// The limit on names was reached and said.
    pub(super) full: bool,
}

impl<'a> Flattener<'a, '_> {
    pub(super) fn instantiate(&mut self, module: usize, within: Option<(ScopeId, &str)>) -> ScopeId {
        let scope = self.table.add_scope(within);
        let module_text = &self.decls.modules[module];
        for name in &module_text.interface {
            let id = self.table.mention(scope, &name.value, name.span);
            self.table.get_mut(id).interface = true;
        }
        self.active.push(module);
        for statement in &module_text.statements {
            if self.is_full(&module_text.name) {
                break;
            }
            self.statement(scope, statement);
        }
        self.is_full(&module_text.name);
        self.active.pop();
        scope
    }

    fn statement(&mut self, scope: ScopeId, statement: &'a Statement) {
        match statement {
            Statement::Declare { kind, constant, substance_only, items } => {
                for item in items {
                    self.declare(scope, (*kind, *constant, *substance_only), item);
                }
            }
            Statement::Locate { target, compartment } => {
                if let Lookup::Instance(inner) = self.table.lookup(scope, &target.parts) {
                    self.locate_all(scope, inner, compartment);
                } else if let Some(id) = self.target(scope, target) {
                    self.locate(scope, id, compartment);
                }
            }
            Statement::Assign { target, kind, value } => {
                if let Some(id) = self.target(scope, target) {
                    self.assign(scope, (id, target.span), *kind, value);
                }
            }
            Statement::Reaction(reaction) => {
                let id = self.table.mention(scope, &reaction.name.value, reaction.name.span);
                self.reaction((scope, id), reaction);
            }
            Statement::Event(event) => {
                let id = self.table.mention(scope, &event.name.value, event.name.span);
                self.event((scope, id), event);
            }
            Statement::Unit { name, value } => {
                let scope = &mut self.table.scopes[scope];
                scope.units.insert(&name.value, value);
                scope.unit_order.push((name, value));
            }
            Statement::HasUnit { target, unit } => {
                if let Some(id) = self.target(scope, target) {
                    self.table.get_mut(id).unit = Some((Bound { scope, item: unit }, target.span));
                }
            }
            Statement::Submodel { name, module, arguments, time_conversion, extent_conversion } => {
                let conversions = (time_conversion.as_ref(), extent_conversion.as_ref());
                self.submodel(scope, (name, module), arguments, conversions);
            }
            Statement::Synchronise { left, right, factor } => {
                self.synchronise(scope, (left, right), factor.as_ref());
            }
            Statement::Delete { target } => self.delete(scope, target),
            Statement::Clear { target, kind } => {
                if let Some(id) = self.target(scope, target) {
                    values::clear(self.table.get_mut(id), *kind);
                }
            }
            Statement::Redefine { submodel, definition } => self.redefine(scope, submodel, definition),
            Statement::Interaction(interaction) => {
                self.table.scopes[scope].labels.insert(&interaction.name.value);
                self.table.others.push((scope, statement));
                for species in &interaction.species {
                    self.influences(scope, species);
                }
            }
            Statement::Constraint { name, condition } => {
                self.table.scopes[scope].labels.extend(name.iter().map(|name| name.value.as_str()));
                self.mention_in(scope, condition);
                self.table.others.push((scope, statement));
            }
            Statement::Objective { name, value, .. } => {
                self.table.scopes[scope].labels.extend(name.iter().map(|name| name.value.as_str()));
                self.mention_in(scope, value);
                self.table.others.push((scope, statement));
                self.refuse(Unsupported::FluxBalance, value.span);
            }
            Statement::Algebraic { name, residual } => {
                self.table.scopes[scope].labels.extend(name.iter().map(|name| name.value.as_str()));
                let residual = self.residual(scope, residual);
                self.table.algebraic.push(AlgebraicDef { scope, name: name.as_ref(), residual });
                self.table.others.push((scope, statement));
            }
            Statement::ConversionFactor { target, factor } => self.conversion_factor(scope, target, factor),
            Statement::DisplayName { target, .. } | Statement::Annotate { target, .. }
                if self.is_label(scope, target) =>
            {
                self.table.others.push((scope, statement));
            }
            Statement::DisplayName { target, text } => {
                if let Some(id) = self.described(scope, target) {
                    self.table.get_mut(id).display_name = Some(text);
                }
            }
            Statement::Annotate { target, qualifier, uris } => {
                if let Some(id) = self.described(scope, target) {
                    self.table
                        .get_mut(id)
                        .annotations
                        .extend(uris.iter().map(|uri| (qualifier.as_str(), uri)));
                }
            }
            Statement::Uncertainty { target, attribute, value } => {
                self.mention_in(scope, value);
                if let Some(id) = self.target(scope, target) {
                    self.table.get_mut(id).uncertainty.push((attribute, Bound { scope, item: value }));
                }
            }
        }
    }

    /// What an algebraic rule says is zero; one of the names it speaks about gets its value from it.
    fn residual(&mut self, scope: ScopeId, residual: &'a Expr) -> Bound<'a, Expr> {
        self.mention_in(scope, residual);
        let mut stack = vec![residual];
        while let Some(expr) = stack.pop() {
            match &expr.kind {
                ExprKind::Number(..) | ExprKind::Boolean(_) | ExprKind::Time => {}
                ExprKind::Name(parts) => {
                    if let Lookup::Entity(id) = self.table.lookup(scope, parts) {
                        self.table.get_mut(id).in_algebraic_rule = true;
                    }
                }
                ExprKind::Unary(_, a) => stack.push(a),
                ExprKind::Binary(_, a, b) => stack.extend([&**a, &**b]),
                ExprKind::Call(_, arguments) => stack.extend(arguments),
            }
        }
        Bound { scope, item: residual }
    }

    /// The algebraic rule of this name in an instance.
    fn algebraic_rule(&self, scope: ScopeId, name: &str) -> Option<usize> {
        let is_it =
            |rule: &AlgebraicDef<'_>| rule.scope == scope && rule.name.is_some_and(|n| n.value == name);
        self.table.algebraic.iter().position(is_it)
    }

    fn refuse(&mut self, what: Unsupported, span: Span) {
        self.diagnostics.push(what.refuse(span));
    }

    /// Whether a description speaks about something that has no value: a unit, a rule, a constraint.
    fn is_label(&self, scope: ScopeId, target: &Path) -> bool {
        let [name] = target.parts.as_slice() else { return false };
        let scope = &self.table.scopes[scope];
        let name = name.as_str();
        let known = scope.labels.contains(name)
            || scope.units.contains_key(name)
            || scope.instances.contains_key(name);
        known && !scope.names.contains_key(name)
    }

    /// What an annotation speaks about; `None` for the model itself, which is read elsewhere.
    fn described(&mut self, scope: ScopeId, path: &'a Path) -> Option<EntityId> {
        if is_model(path, &self.decls.modules[*self.active.last()?]) {
            None
        } else {
            self.target(scope, path)
        }
    }

    /// What a statement is about: a name of this instance, new if need be, or one of an inner instance.
    pub(super) fn target(&mut self, scope: ScopeId, path: &'a Path) -> Option<EntityId> {
        match path.parts.as_slice() {
            [] => None,
            [name] if self.table.fixed(name).is_some() => {
                self.diagnostics.push(
                    Diagnostic::error("name/reserved", format!("`{name}` has a fixed meaning"))
                        .at(path.span, "cannot be given another")
                        .hint("choose another name"),
                );
                None
            }
            [name] if self.table.scopes[scope].instances.contains_key(name.as_str()) => {
                self.diagnostics.push(
                    Diagnostic::error("name/kind", format!("`{name}` is a submodel"))
                        .at(path.span, "used as a quantity")
                        .hint(format!("name one of its quantities: `{name}.x`")),
                );
                None
            }
            [name] => Some(self.table.mention(scope, name, path.span)),
            parts => self.inner(path, self.table.lookup(scope, parts)),
        }
    }

    pub(super) fn inner(&mut self, path: &Path, found: Lookup) -> Option<EntityId> {
        let problem = match found {
            Lookup::Entity(id) => return Some(id),
            Lookup::Unknown(at, part) if part + 1 < path.parts.len() => {
                unknown_instance(&self.table, at, &path.parts[part], path.span)
            }
            Lookup::Unknown(at, part) => unknown_in_instance(&self.table, at, &path.parts[part], path.span),
            Lookup::Instance(_) => {
                Diagnostic::error("name/kind", format!("`{}` is a submodel", path.parts.join(".")))
                    .at(path.span, "used as a quantity")
            }
        };
        self.diagnostics.push(problem);
        None
    }

    fn declare(
        &mut self,
        scope: ScopeId,
        (kind, constant, substance_only): (Option<SymbolKind>, Option<bool>, bool),
        item: &'a Declared,
    ) {
        if kind == Some(SymbolKind::Unit) {
            self.table.scopes[scope].labels.extend(item.path.parts.first().map(String::as_str));
            return;
        }
        let Some(id) = self.target(scope, &item.path) else { return };
        let span = item.path.span;
        if let Some(kind) = kind {
            values::claim(self.table.get_mut(id), kind, span, self.diagnostics);
        }
        let entity = self.table.get_mut(id);
        entity.declared = true;
        entity.boundary |= item.boundary;
        if kind == Some(SymbolKind::Species) {
            let before = entity.substance_only.is_some_and(|(amount, _)| amount);
            entity.substance_only = Some((before || substance_only, span));
        }
        if let Some(constant) = constant {
            entity.constant = Some((constant, span));
        }
        if let Some(compartment) = &item.compartment {
            self.locate(scope, id, compartment);
        }
        if let Some((kind, value)) = &item.value {
            self.assign(scope, (id, span), *kind, value);
        }
    }

    fn locate(&mut self, scope: ScopeId, id: EntityId, compartment: &'a Path) {
        let Some(within) = self.target(scope, compartment) else { return };
        values::claim(
            self.table.get_mut(within),
            SymbolKind::Compartment,
            compartment.span,
            self.diagnostics,
        );
        let within_entity = self.table.get_mut(within);
        within_entity.used.get_or_insert(compartment.span);
        let entity = self.table.get_mut(id);
        entity.declared = true;
        entity.compartment = Some((within, compartment.span));
    }

    /// Places the species of an instance that have no compartment.
    fn locate_all(&mut self, scope: ScopeId, inner: ScopeId, compartment: &'a Path) {
        for id in self.table.inside(inner) {
            let entity = self.table.get(id);
            if entity.is_species() && entity.compartment.is_none() {
                self.locate(scope, id, compartment);
            }
        }
    }

    fn assign(&mut self, scope: ScopeId, (id, span): (EntityId, Span), kind: AssignKind, value: &'a Expr) {
        self.mention_in(scope, value);
        let scales = self.table.to_kept(id);
        let entity = self.table.get_mut(id);
        entity.declared = true;
        match kind {
            AssignKind::Rate => entity.rate_scales = scales,
            AssignKind::Initial | AssignKind::Rule => entity.value_scales = scales,
        }
        values::assign(entity, kind, Bound { scope, item: value }, span, self.diagnostics);
    }

    fn delete(&mut self, scope: ScopeId, target: &'a Path) {
        match self.table.lookup(scope, &target.parts) {
            Lookup::Instance(inner) => {
                let within = self.table.inside(inner);
                self.table.deleted.extend(within);
            }
            Lookup::Unknown(inner, part) if part + 1 == target.parts.len() => {
                match self.algebraic_rule(inner, &target.parts[part]) {
                    Some(rule) => drop(self.table.algebraic.remove(rule)),
                    None => {
                        let id = self.target(scope, target);
                        self.table.deleted.extend(id);
                    }
                }
            }
            _ => {
                let id = self.target(scope, target);
                self.table.deleted.extend(id);
            }
        }
    }

    /// What influences a reaction is a species, unless something else is known of it.
    fn influences(&mut self, scope: ScopeId, species: &'a Path) {
        if let Some(id) = self.target(scope, species) {
            let entity = self.table.get_mut(id);
            let nothing_known = entity.value.is_none() && entity.rate.is_none();
            entity.declared = true;
            entity.used.get_or_insert(species.span);
            if nothing_known {
                entity.kind.get_or_insert((SymbolKind::Species, species.span));
            }
        }
    }

    /// A reaction or an event of an inner instance, in the names of this one.
    fn redefine(&mut self, scope: ScopeId, submodel: &'a Path, definition: &'a Statement) {
        let inner = match self.table.lookup(scope, &submodel.parts) {
            Lookup::Instance(inner) => inner,
            Lookup::Unknown(at, part) => {
                let problem = unknown_instance(&self.table, at, &submodel.parts[part], submodel.span);
                return self.diagnostics.push(problem);
            }
            Lookup::Entity(_) => {
                let name = submodel.parts.join(".");
                let problem = Diagnostic::error("name/kind", format!("`{name}` is no submodel"))
                    .at(submodel.span, "expected a submodel");
                return self.diagnostics.push(problem);
            }
        };
        match definition {
            Statement::Reaction(reaction) => {
                let id = self.table.mention(inner, &reaction.name.value, reaction.name.span);
                self.table.get_mut(id).reaction = None;
                self.reaction((scope, id), reaction);
            }
            Statement::Event(event) => {
                let id = self.table.mention(inner, &event.name.value, event.name.span);
                self.table.get_mut(id).event = None;
                self.event((scope, id), event);
            }
            Statement::Algebraic { name: Some(name), residual } => {
                let residual = self.residual(scope, residual);
                match self.algebraic_rule(inner, &name.value) {
                    Some(rule) => self.table.algebraic[rule].residual = residual,
                    None => {
                        let rule = AlgebraicDef { scope: inner, name: Some(name), residual };
                        self.table.algebraic.push(rule);
                    }
                }
            }
            other => self.statement(inner, other),
        }
    }

    fn conversion_factor(&mut self, scope: ScopeId, target: &'a Path, factor: &'a Path) {
        let Some(factor_id) = self.target(scope, factor) else { return };
        self.table.get_mut(factor_id).used.get_or_insert(factor.span);
        if target.parts.is_empty() {
            self.table.scopes[scope].conversion_factor = Some((factor_id, factor.span));
        } else if let Some(id) = self.target(scope, target) {
            self.table.get_mut(id).conversion_factor = Some((factor_id, factor.span));
        }
    }

    fn reaction(&mut self, (scope, id): (ScopeId, EntityId), reaction: &'a Reaction) {
        let reactants = self.participants(scope, &reaction.reactants);
        let products = self.participants(scope, &reaction.products);
        if let Some(law) = &reaction.law {
            self.mention_in(scope, law);
        }
        if let Some(compartment) = &reaction.compartment {
            self.locate(scope, id, compartment);
        }
        let entity = self.table.get_mut(id);
        values::claim(entity, SymbolKind::Reaction, reaction.name.span, self.diagnostics);
        entity.declared = true;
        if let Some(first) = &entity.reaction {
            self.diagnostics.push(twice("reaction", &reaction.name, first.written.name.span));
            return;
        }
        let law = reaction.law.as_ref().map(|item| Bound { scope, item });
        // `J = law` may stand in front of the reaction it belongs to.
        let law = law.or_else(|| values::take_initial(entity));
        entity.reaction = Some(ReactionDef { scope, written: reaction, law, reactants, products });
    }

    fn participants(&mut self, scope: ScopeId, side: &'a [Participant]) -> Vec<Option<EntityId>> {
        let one = |p: &'a Participant| {
            if let Some(stoichiometry) = &p.stoichiometry {
                self.mention_in(scope, stoichiometry);
            }
            let id = self.target(scope, &p.species)?;
            let entity = self.table.get_mut(id);
            values::claim(entity, SymbolKind::Species, p.species.span, self.diagnostics);
            entity.declared = true;
            entity.boundary |= p.boundary;
            entity.used.get_or_insert(p.species.span);
            Some(id)
        };
        side.iter().map(one).collect()
    }

    fn event(&mut self, (scope, id): (ScopeId, EntityId), event: &'a Event) {
        let parts = [Some(&event.trigger), event.delay.as_ref(), event.priority.as_ref()];
        for part in parts.into_iter().flatten().chain(event.assignments.iter().map(|(_, value)| value)) {
            self.mention_in(scope, part);
        }
        let targets = event.assignments.iter().map(|(path, _)| self.target(scope, path)).collect();
        let entity = self.table.get_mut(id);
        values::claim(entity, SymbolKind::Event, event.name.span, self.diagnostics);
        entity.declared = true;
        if let Some(first) = &entity.event {
            self.diagnostics.push(twice("event", &event.name, first.written.name.span));
            return;
        }
        entity.event =
            Some(EventDef { scope, written: event, targets, without_delay: false, without_priority: false });
    }

    /// Makes the names of an expression known, so that other instances may give them values.
    pub(super) fn mention_in(&mut self, scope: ScopeId, expr: &'a Expr) {
        match &expr.kind {
            ExprKind::Number(..) | ExprKind::Boolean(_) | ExprKind::Time => {}
            ExprKind::Name(parts) => {
                let id = match parts.as_slice() {
                    [name] if self.table.fixed(name).is_some() => return,
                    [name] if self.table.scopes[scope].instances.contains_key(name.as_str()) => return,
                    [name] => self.table.mention(scope, name, expr.span),
                    parts => match self.table.lookup(scope, parts) {
                        Lookup::Entity(id) => id,
                        _ => return,
                    },
                };
                self.table.get_mut(id).used.get_or_insert(expr.span);
            }
            ExprKind::Unary(_, a) => self.mention_in(scope, a),
            ExprKind::Binary(_, a, b) => {
                self.mention_in(scope, a);
                self.mention_in(scope, b);
            }
            ExprKind::Call(_, arguments) => arguments.iter().for_each(|a| self.mention_in(scope, a)),
        }
    }
}

/// Whether an annotation or display name speaks about the model itself.
pub(crate) fn is_model(path: &Path, module: &Module) -> bool {
    match path.parts.as_slice() {
        [] => true,
        [name] => *name == "model" || *name == module.name.value,
        _ => false,
    }
}

fn twice(what: &str, name: &Name, first: Span) -> Diagnostic {
    Diagnostic::error("name/twice", format!("{what} `{}` is defined twice", name.value))
        .at(name.span, "the second time")
        .at(first, "the first time")
        .hint("give one of them another name")
}
