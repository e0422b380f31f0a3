//! Checks every value, rule, rate, rate law and event of a model.

use std::collections::HashMap;

use hepatica_source::Span;

use super::define::{Define, name_of, place};
use super::infer::{Infer, Measure};
use super::ledger::{Ledger, UnitId};
use super::messages::{Side, mismatch};
use super::wide::{Wide, named, read_definitions};
use crate::decl::{Expr, ExprKind};
use crate::model::{Model, NamedUnit, VarId, VarKind};
use crate::resolve::{
    Bound, Entity, EntityId, EventDef, Functions, Once, PerEntity, ReactionDef, Table, Value,
    dependency_order, filled,
};

/// Finds and checks all units; gives the model its units and unit definitions.
pub(crate) fn check_units<'a>(
    table: &Table<'a>,
    (vars, functions): (&PerEntity<Option<VarId>>, &Functions<'a>),
    model: &mut Model,
    diagnostics: &mut Once,
) {
    let mut ledger = Ledger::new();
    let (wide, definitions) = read_definitions(table, &mut ledger, diagnostics);
    model.unit_definitions = definitions;
    model.units = named(&wide, &ledger);
    let time = wide.time().map_or(Measure::Unknown, Measure::Unit);
    let names = filled(table.n_names(), Measure::Unknown);
    let infer = Infer { table, functions, ledger, names, time, diagnostics, calls: HashMap::new(), depth: 0 };
    let mut checker = Checker { infer, vars, wide, model, declared: filled(table.n_names(), None) };
    checker.find_units();
    for (id, entity) in table.roots() {
        checker.check(id, entity);
    }
    for rule in &table.algebraic {
        checker.infer.measure(rule.residual);
    }
    let units = checker.units();
    for (var, unit) in units {
        model.vars[var].unit = Some(unit);
    }
}

/// The unit something must have.
struct Wanted {
    measure: Measure,
    /// Where it is said, and of what.
    place: Span,
    what: String,
}

struct Checker<'m, 'a> {
    infer: Infer<'m, 'a>,
    vars: &'m PerEntity<Option<VarId>>,
    wide: Wide,
    model: &'m Model,
    /// Where the unit of a name is written, and as what.
    declared: PerEntity<Option<(Span, Option<String>)>>,
}

impl<'a> Checker<'_, 'a> {
    /// Declared units first, then those that follow from definitions, each after what it needs.
    fn find_units(&mut self) {
        let table = self.infer.table;
        let mut entities: HashMap<VarId, EntityId> = HashMap::new();
        for (id, entity) in table.roots() {
            if let Some(var) = self.vars[id] {
                entities.insert(var, id);
            }
            self.read_declared(id, entity);
        }
        let order: Vec<EntityId> =
            dependency_order(self.model).iter().filter_map(|var| entities.get(var).copied()).collect();
        // Species need the unit of their compartment, and compartments need nothing.
        for pass in [true, false] {
            for id in &order {
                if self.infer.names[*id] == Measure::Unknown && self.is_place(*id) == pass {
                    let measure = self.implied(*id, table.get(*id));
                    self.infer.names[*id] = measure.of_name();
                }
            }
        }
    }

    fn is_place(&self, id: EntityId) -> bool {
        self.vars[id].is_some_and(|var| matches!(self.model.vars[var].kind, VarKind::Compartment(_)))
    }

    fn read_declared(&mut self, id: EntityId, entity: &Entity<'a>) {
        for (bound, _) in entity.unit.iter().chain(&entity.other_units) {
            let mut define = Define { table: self.infer.table, ledger: &mut self.infer.ledger };
            let unit = match define.unit(bound.scope, bound.item) {
                Ok(unit) => unit,
                Err(problem) => {
                    self.infer.diagnostics.push(problem);
                    continue;
                }
            };
            let here = place(bound.item);
            match (self.infer.names[id], &self.declared[id]) {
                (Measure::Unit(first), Some((there, _))) if first != unit => {
                    let (a, b) = (self.infer.ledger.text(first), self.infer.ledger.text(unit));
                    let message = format!("`{}` is in `{a}` and in `{b}`", entity.name);
                    let what = format!("`{}`", entity.name);
                    let sides =
                        [Side::named(first, *there, what), Side::named(unit, here, "the same quantity")];
                    self.infer.diagnostics.push(mismatch(&self.infer.ledger, message, sides));
                }
                (Measure::Unit(_), _) => {}
                _ => {
                    self.infer.names[id] = Measure::Unit(unit);
                    self.declared[id] = Some((here, name_of(bound.item).map(str::to_string)));
                }
            }
        }
    }

    /// The unit of a name that is not written.
    fn implied(&mut self, id: EntityId, entity: &Entity<'a>) -> Measure {
        let known = |unit: Option<UnitId>| unit.map_or(Measure::Unknown, Measure::Unit);
        let kind = self.vars[id].map(|var| self.model.vars[var].kind);
        let value = match entity.value {
            Some(Value::Initial(bound) | Value::Rule(bound)) => Some(bound),
            None => None,
        };
        match kind {
            Some(VarKind::Compartment(_)) => match value.filter(|v| has_unit(v.item)) {
                Some(value) => self.infer.measure(value),
                None => known(self.wide.volume()),
            },
            Some(VarKind::Species(species)) => {
                let substance = known(self.wide.substance());
                let volume = self.volume(entity);
                if species.substance_only { substance } else { self.infer.per(substance, volume) }
            }
            Some(VarKind::Reaction(_)) => {
                let extent = known(self.wide.extent());
                let flow = self.infer.per(extent, self.infer.time);
                let law = entity.reaction.as_ref().and_then(|r| r.law);
                match (flow, law) {
                    (Measure::Unknown, Some(law)) => self.infer.measure(law),
                    _ => flow,
                }
            }
            Some(VarKind::Parameter | VarKind::RateOf(_)) => {
                value.map_or(Measure::Unknown, |value| self.infer.measure(value))
            }
            None => Measure::Unknown,
        }
    }

    /// The unit of the compartment of a species.
    fn volume(&self, species: &Entity<'a>) -> Measure {
        match species.compartment {
            Some((compartment, _)) => self.infer.of(compartment),
            None => self.wide.volume().map_or(Measure::Unknown, Measure::Unit),
        }
    }

    fn check(&mut self, id: EntityId, entity: &Entity<'a>) {
        if let Some(reaction) = &entity.reaction {
            self.reaction(id, entity, reaction);
        } else if let Some(event) = &entity.event {
            self.event(event);
        } else {
            if let Some(Value::Initial(value) | Value::Rule(value)) = entity.value {
                self.fits((id, entity), value);
            }
            if let Some(rate) = entity.rate {
                let measure = self.infer.per(self.infer.of(id), self.infer.time);
                let what = format!("the rate of `{}`", entity.name);
                self.demand(&Wanted { measure, place: entity.span, what }, rate);
            }
        }
        for (attribute, bound) in &entity.uncertainty {
            self.spread((id, entity), &attribute.value, *bound);
        }
    }

    /// An expression that must have the unit of a name.
    fn fits(&mut self, (id, entity): (EntityId, &Entity<'a>), value: Bound<'a, Expr>) {
        let place = self.declared[id].as_ref().map_or(entity.span, |(span, _)| *span);
        let wanted = Wanted { measure: self.infer.of(id), place, what: format!("`{}`", entity.name) };
        self.demand(&wanted, value);
    }

    /// Gives the unit of an expression, and complains when it is another than the wanted one.
    fn demand(&mut self, wanted: &Wanted, value: Bound<'a, Expr>) -> Measure {
        let got = self.infer.measure(value);
        if let (Measure::Unit(want), Measure::Unit(have)) = (wanted.measure, got)
            && want != have
        {
            let (a, b) = (self.infer.ledger.text(want), self.infer.ledger.text(have));
            let message = format!("{} is in `{a}`, not in `{b}`", wanted.what);
            let sides = [
                Side::expression(have, value.item.span),
                Side::named(want, wanted.place, wanted.what.as_str()),
            ];
            self.complain(message, sides);
        }
        got
    }

    fn reaction(&mut self, id: EntityId, entity: &Entity<'a>, reaction: &ReactionDef<'a>) {
        let Some(law) = reaction.law else { return };
        let extent = self.wide.extent().map_or(Measure::Unknown, Measure::Unit);
        let flow = self.infer.per(extent, self.infer.time);
        let what = format!("the rate of reaction `{}`, extent per time,", entity.name);
        let wanted = Wanted { measure: flow, place: reaction.written.name.span, what };
        let got = self.demand(&wanted, law);
        if self.declared[id].is_some() {
            self.fits((id, entity), law);
        }
        let written = reaction.written.reactants.iter().chain(&reaction.written.products);
        let ids: Vec<_> = reaction.reactants.iter().chain(&reaction.products).copied().collect();
        for (participant, species) in written.zip(ids) {
            if let Some(species) = species {
                self.turnover(species, participant.species.span, flow, (got, law.item.span));
            }
        }
    }

    /// A reaction changes its species in their own unit of substance per time.
    fn turnover(&mut self, species: EntityId, span: Span, flow: Measure, (law, law_span): (Measure, Span)) {
        let root = self.infer.table.root(species);
        let Some(kind) = self.vars[root].and_then(|var| self.model.species(var)).filter(|s| !s.boundary)
        else {
            return;
        };
        let mut amount = self.infer.of(root);
        if !kind.substance_only {
            let volume = self.volume(self.infer.table.get(root));
            amount = self.infer.times(amount, volume);
        }
        let change = self.infer.per(amount, self.infer.time);
        let (unit, flow_span) = match (flow, law) {
            (Measure::Unit(flow), _) => (flow, law_span),
            (_, Measure::Unit(law)) => (law, law_span),
            _ => return,
        };
        if let Some(change) = change.unit().filter(|change| *change != unit) {
            let name = &self.infer.table.get(root).name;
            let (a, b) = (self.infer.ledger.text(unit), self.infer.ledger.text(change));
            let message = format!("a reaction in `{a}` cannot change `{name}` in `{b}`");
            let sides = [
                Side::named(change, span, format!("the amount of `{name}` per time")),
                Side::named(unit, flow_span, "the rate of the reaction"),
            ];
            self.complain(message, sides);
        }
    }

    fn event(&mut self, event: &EventDef<'a>) {
        let scope = event.scope;
        let bind = |item: &'a Expr| Bound { scope, item };
        self.infer.measure(bind(&event.written.trigger));
        if let Some(priority) = &event.written.priority {
            self.infer.measure(bind(priority));
        }
        if let Some(delay) = &event.written.delay {
            let (measure, place) = (self.infer.time, event.written.name.span);
            self.demand(&Wanted { measure, place, what: "a delay".to_string() }, bind(delay));
        }
        for ((path, value), target) in event.written.assignments.iter().zip(&event.targets) {
            let measure = target.map_or(Measure::Unknown, |target| self.infer.of(target));
            let wanted = Wanted { measure, place: path.span, what: format!("`{}`", path.parts.join(".")) };
            self.demand(&wanted, bind(value));
        }
    }

    /// Means, deviations, ranges and the distributions that are given by them have the unit of the quantity.
    fn spread(&mut self, (id, entity): (EntityId, &Entity<'a>), attribute: &str, bound: Bound<'a, Expr>) {
        let parts: &'a [Expr] = match (attribute, &bound.item.kind) {
            ("mean" | "stdev" | "standardDeviation" | "stddev" | "median", _) => {
                std::slice::from_ref(bound.item)
            }
            ("range", ExprKind::Call(_, ends)) => ends,
            ("distribution", ExprKind::Call(name, arguments)) if name == "normal" || name == "uniform" => {
                arguments
            }
            _ => return,
        };
        for item in parts {
            self.fits((id, entity), Bound { scope: bound.scope, item });
        }
    }

    fn complain(&mut self, message: String, sides: [Side; 2]) {
        self.infer.diagnostics.push(mismatch(&self.infer.ledger, message, sides));
    }

    /// The unit of each variable.
    fn units(&self) -> Vec<(VarId, NamedUnit)> {
        let mut texts: HashMap<UnitId, String> = HashMap::new();
        let mut units = Vec::new();
        for (id, _) in self.infer.table.roots() {
            let (Some(var), Some(unit)) = (self.vars[id], self.infer.of(id).unit()) else { continue };
            let shown = texts.entry(unit).or_insert_with(|| self.infer.ledger.text(unit)).clone();
            let written = self.declared[id].as_ref().and_then(|(_, name)| name.clone());
            let unit = self.infer.ledger.unit(unit).clone();
            units.push((var, NamedUnit { unit, written: written.unwrap_or_else(|| shown.clone()), shown }));
        }
        units
    }
}

/// Whether a value is a number with a unit.
fn has_unit(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Number(_, unit) => unit.is_some(),
        ExprKind::Unary(_, inner) => has_unit(inner),
        _ => false,
    }
}
