//! The table of names -> variables, reactions and events of a model.

use std::collections::HashMap;

use hepatica_expr::NodeId;
use hepatica_source::Diagnostic;

use super::algebraic::determine;
use super::classify::Class;
use super::express::Express;
use super::flatten::is_model;
use super::functions::Functions;
use super::once::Once;
use super::table::{Bound, Entity, EntityId, EventDef, PerEntity, ReactionDef, Table, Value, filled};
use crate::decl::{self, Declarations, Expr, ExprKind, Statement};
use crate::model::{
    AlgebraicRule, Annotation, Compartment, Distribution, Event, Model, Participant, Reaction, Species,
    Uncertainty, Var, VarId, VarKind,
};

/// The compartment of species without one, as libAntimony names it.
const DEFAULT_COMPARTMENT: &str = "default_compartment";

/// The model, and the variable of each kept name.
pub(crate) fn assemble<'a>(
    declarations: &'a Declarations,
    (table, classes): (&Table<'a>, &PerEntity<Class>),
    functions: &Functions<'a>,
    diagnostics: &mut Vec<Diagnostic>,
) -> (Model, PerEntity<Option<VarId>>) {
    let mut model = header(declarations);
    let vars = number(table, classes, &mut model);
    let graph = &mut std::mem::take(&mut model.graph);
    let express = Express {
        table,
        functions,
        vars: &vars,
        graph,
        delays: Vec::new(),
        diagnostics: Once::from(std::mem::take(diagnostics)),
        calls: HashMap::new(),
        rates: Vec::new(),
        n_vars: model.vars.len(),
        depth: 0,
        written: 0,
    };
    let mut assembler = Assembler { express, classes, set_by_event: set_by_event(table) };
    for (id, entity) in table.roots() {
        if let Some(var) = vars[id] {
            assembler.fill(&mut model.vars[var], (id, entity));
        }
        if let (Some(reaction), Some(var)) = (&entity.reaction, vars[id]) {
            let reaction = assembler.reaction(var, reaction, entity);
            model.reactions.push(reaction);
        } else if let Some(event) = entity.event.as_ref().filter(|_| classes[id] == Class::Event) {
            let event = assembler.event(event, entity);
            model.events.push(event);
        }
    }
    for rule in &table.algebraic {
        let residual = assembler.express.node(rule.residual);
        let name = rule.name.map(|name| table.full_name(rule.scope, &name.value));
        model.algebraic.push(AlgebraicRule { name, residual, span: rule.residual.item.span });
    }
    let rates = std::mem::take(&mut assembler.express.rates);
    for of in rates {
        let name = format!("rateOf({})", model.vars[of].name);
        model.vars.push(rate_of(name, of));
    }
    let set_by_event = assembler.set_by_event;
    model.delays = assembler.express.delays;
    *diagnostics = assembler.express.diagnostics.list;
    model.graph = std::mem::take(graph);
    determine(&mut model, (table, &vars, &set_by_event), diagnostics);
    (model, vars)
}

fn header(declarations: &Declarations) -> Model {
    let mut model = Model::default();
    let Some(main) = declarations.main.and_then(|main| declarations.modules.get(main)) else { return model };
    model.name = main.name.value.clone();
    model.display_name = main.display_name.clone();
    for statement in &main.statements {
        match statement {
            Statement::Annotate { target, qualifier, uris } if is_model(target, main) => {
                model.annotations.extend(uris.iter().map(|uri| annotation(qualifier, uri)));
            }
            Statement::DisplayName { target, text } if is_model(target, main) => {
                model.display_name = Some(text.clone());
            }
            _ => {}
        }
    }
    model
}

fn annotation(qualifier: &str, uri: &hepatica_source::Spanned<String>) -> Annotation {
    Annotation { qualifier: qualifier.to_string(), uri: uri.value.clone(), span: uri.span }
}

/// Gives every quantity a variable, in the order of the table.
fn number(table: &Table<'_>, classes: &PerEntity<Class>, model: &mut Model) -> PerEntity<Option<VarId>> {
    let mut vars: PerEntity<Option<VarId>> = filled(table.n_names(), None);
    let mut n_reactions = 0;
    for (id, entity) in table.roots() {
        let kind = match classes[id] {
            Class::Nothing | Class::Event => continue,
            Class::Compartment => VarKind::Compartment(Compartment { implicit: false }),
            // The compartment is filled in below, when every compartment has its variable.
            Class::Species | Class::Parameter => VarKind::Parameter,
            Class::Reaction => {
                n_reactions += 1;
                VarKind::Reaction(n_reactions - 1)
            }
        };
        vars[id] = Some(model.vars.push(named(entity, kind)));
    }
    let mut default = None;
    for (id, entity) in table.roots() {
        let Some(var) = vars[id].filter(|_| classes[id] == Class::Species) else { continue };
        let written = entity.compartment.and_then(|(c, _)| vars[table.root(c)]);
        let compartment =
            written.unwrap_or_else(|| *default.get_or_insert_with(|| default_compartment(model)));
        let fixed = entity.constant.is_some_and(|(constant, _)| constant);
        let factor = entity.conversion_factor.or(table.scopes[entity.scope].conversion_factor);
        model.vars[var].kind = VarKind::Species(Species {
            compartment,
            conversion_factor: factor.and_then(|(id, _)| vars[table.root(id)]),
            substance_only: entity.is_amount(),
            boundary: entity.boundary || fixed,
        });
    }
    vars
}

/// The compartment of species that have none: the one of that name, or a new one of size 1.
fn default_compartment(model: &mut Model) -> VarId {
    let found = model.find(DEFAULT_COMPARTMENT);
    if let Some(id) = found.filter(|id| matches!(model.vars[*id].kind, VarKind::Compartment(_))) {
        return id;
    }
    let size = model.graph.number(1.0);
    model.vars.push(Var {
        name: DEFAULT_COMPARTMENT.to_string(),
        display_name: None,
        kind: VarKind::Compartment(Compartment { implicit: true }),
        unit: None,
        constant: true,
        initial: Some(size),
        rule: None,
        rate: None,
        determined: None,
        uncertainty: Uncertainty::default(),
        annotations: Vec::new(),
        span: None,
        defined: None,
    })
}

/// The variable that stands for the rate of change of another one.
fn rate_of(name: String, of: VarId) -> Var {
    Var {
        name,
        display_name: None,
        kind: VarKind::RateOf(of),
        unit: None,
        constant: false,
        initial: None,
        rule: None,
        rate: None,
        determined: None,
        uncertainty: Uncertainty::default(),
        annotations: Vec::new(),
        span: None,
        defined: None,
    }
}

fn named(entity: &Entity<'_>, kind: VarKind) -> Var {
    let value = match entity.value {
        Some(Value::Initial(bound) | Value::Rule(bound)) => Some(bound.item.span),
        None => None,
    };
    let law = entity.reaction.as_ref().map(|r| r.law.map_or(r.written.name.span, |law| law.item.span));
    Var {
        name: entity.name.clone(),
        display_name: entity.display_name.map(str::to_string),
        kind,
        unit: None,
        constant: false,
        initial: None,
        rule: None,
        rate: None,
        determined: None,
        uncertainty: Uncertainty::default(),
        annotations: entity.annotations.iter().map(|(qualifier, uri)| annotation(qualifier, uri)).collect(),
        span: Some(entity.span),
        defined: law.or(entity.rate.map(|rate| rate.item.span)).or(value),
    }
}

/// Which kept names some event changes.
fn set_by_event(table: &Table<'_>) -> PerEntity<bool> {
    let mut set = filled(table.n_names(), false);
    for event in table.roots().filter_map(|(_, entity)| entity.event.as_ref()) {
        event.targets.iter().flatten().for_each(|target| set[table.root(*target)] = true);
    }
    set
}

struct Assembler<'m, 'a> {
    express: Express<'m, 'a>,
    classes: &'m PerEntity<Class>,
    set_by_event: PerEntity<bool>,
}

impl<'a> Assembler<'_, 'a> {
    fn fill(&mut self, var: &mut Var, (id, entity): (EntityId, &Entity<'a>)) {
        var.uncertainty = self.uncertainty(entity);
        if entity.reaction.is_some() {
            return;
        }
        match entity.value {
            Some(Value::Initial(bound)) => var.initial = Some(self.value(bound, entity)),
            Some(Value::Rule(bound)) => var.rule = Some(self.value(bound, entity)),
            None => {}
        }
        var.rate = entity.rate.map(|rate| {
            let node = self.express.node(rate);
            let node = self.express.scaled(node, &self.express.table.rate_outwards(rate.scope));
            self.express.scaled(node, &entity.rate_scales)
        });
        let changes = var.rule.is_some() || var.rate.is_some() || self.set_by_event[id];
        let free_species = matches!(var.kind, VarKind::Species(s) if !s.boundary);
        var.constant = match entity.constant {
            Some((constant, _)) => constant,
            None => !changes && !free_species,
        };
    }

    fn value(&mut self, bound: Bound<'a, Expr>, entity: &Entity<'a>) -> NodeId {
        let node = self.express.node(bound);
        self.express.scaled(node, &entity.value_scales)
    }

    fn reaction(&mut self, var: VarId, def: &ReactionDef<'a>, entity: &Entity<'a>) -> Reaction {
        let law = match def.law {
            Some(law) => {
                let node = self.express.node(law);
                self.express.scaled(node, &self.express.table.law_outwards(law.scope))
            }
            None => self.express.graph.number(f64::NAN),
        };
        let compartment = entity.compartment.and_then(|(id, _)| self.var(id));
        Reaction {
            var,
            reactants: self.side(def, &def.written.reactants, &def.reactants),
            products: self.side(def, &def.written.products, &def.products),
            reversible: def.written.reversible,
            fast: def.written.fast,
            law,
            compartment,
        }
    }

    fn side(
        &mut self,
        def: &ReactionDef<'a>,
        written: &'a [decl::Participant],
        ids: &[Option<EntityId>],
    ) -> Vec<Participant> {
        let mut side = Vec::new();
        for (participant, id) in written.iter().zip(ids) {
            let stoichiometry = match &participant.stoichiometry {
                Some(item) => self.stoichiometry(Bound { scope: def.scope, item }),
                None => self.express.graph.number(1.0),
            };
            if let Some(species) = id.and_then(|id| self.var(id)) {
                side.push(Participant { species, stoichiometry });
            }
        }
        side
    }

    /// How much of a species one extent turns over.
    fn stoichiometry(&mut self, bound: Bound<'a, Expr>) -> NodeId {
        let node = self.express.node(bound);
        if let Some(number) = self.express.graph.as_number(node).filter(|n| !n.is_finite()) {
            self.express.diagnostics.push(
                Diagnostic::error("reaction/stoichiometry", format!("`{number}` is no stoichiometry"))
                    .at(bound.item.span, "not a finite number"),
            );
        }
        node
    }

    fn event(&mut self, def: &EventDef<'a>, entity: &Entity<'a>) -> Event {
        let written = def.written;
        let mut node = |item: &'a Expr| self.express.node(Bound { scope: def.scope, item });
        let trigger = node(&written.trigger);
        let delay = written.delay.as_ref().filter(|_| !def.without_delay).map(&mut node);
        let priority = written.priority.as_ref().filter(|_| !def.without_priority).map(&mut node);
        let values: Vec<NodeId> = written.assignments.iter().map(|(_, value)| node(value)).collect();
        let delay =
            delay.map(|delay| self.express.scaled(delay, &self.express.table.time_outwards(def.scope)));
        let mut assignments = Vec::new();
        for (target, value) in def.targets.iter().zip(values) {
            let Some(id) = *target else { continue };
            let value = self.express.scaled(value, &self.express.table.to_kept(id));
            assignments.extend(self.var(id).map(|target| (target, value)));
        }
        Event {
            name: entity.name.clone(),
            display_name: entity.display_name.map(str::to_string),
            trigger,
            delay,
            priority,
            initial_value: written.initial_value,
            values_from_trigger: written.values_from_trigger,
            persistent: written.persistent,
            assignments,
            span: written.span,
        }
    }

    fn var(&self, id: EntityId) -> Option<VarId> {
        let root = self.express.table.root(id);
        self.express.vars[root].filter(|_| self.classes[root] != Class::Nothing)
    }

    fn uncertainty(&mut self, entity: &Entity<'a>) -> Uncertainty {
        let mut uncertainty = Uncertainty::default();
        for (attribute, bound) in &entity.uncertainty {
            self.attribute(&mut uncertainty, attribute, *bound);
        }
        uncertainty
    }

    fn attribute(&mut self, to: &mut Uncertainty, attribute: &'a decl::Name, bound: Bound<'a, Expr>) {
        let mut node = |item: &'a Expr| self.express.node(Bound { scope: bound.scope, item });
        match (attribute.value.as_str(), &bound.item.kind) {
            ("distribution", ExprKind::Call(name, arguments)) => {
                let arguments = arguments.iter().map(&mut node).collect();
                to.distribution = Some(Distribution { name: name.clone(), arguments });
            }
            ("distribution", _) => self.express.diagnostics.push(
                Diagnostic::error(
                    "uncertainty/distribution",
                    "a distribution is a function of its parameters",
                )
                .at(bound.item.span, "no distribution")
                .hint("write, for example, `normal(1, 0.2)`"),
            ),
            ("range", ExprKind::Call(name, ends)) if name == "interval" && ends.len() == 2 => {
                to.range = Some((node(&ends[0]), node(&ends[1])));
            }
            ("range", _) => self.express.diagnostics.push(
                Diagnostic::error("uncertainty/range", "a range has a lower and an upper end")
                    .at(bound.item.span, "no range")
                    .hint("write `{low, high}`"),
            ),
            ("mean", _) => to.mean = Some(node(bound.item)),
            ("stdev" | "standardDeviation" | "stddev", _) => to.stdev = Some(node(bound.item)),
            (other, ExprKind::Call(name, ends)) if name == "interval" => {
                to.others.push((other.to_string(), ends.iter().map(&mut node).collect()));
            }
            (other, _) => to.others.push((other.to_string(), vec![node(bound.item)])),
        }
    }
}
