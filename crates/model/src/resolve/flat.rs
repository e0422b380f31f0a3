//! Declarations with submodels -> declarations of one module, as they were written.
//!
//! Nothing is evaluated and nothing checked beyond what bringing the names together needs: what front ends can write
//! and this engine does not simulate is kept. Names of submodels get the name of their instance in front, with an
//! underscore, as libAntimony names them.

use std::collections::BTreeSet;

use hepatica_source::{Diagnostic, Problems, Severity, Span, Spanned};

use super::builtin::Fixed;
use super::classify::{Class, class_of};
use super::flatten::flatten;
use super::scale::Scale;
use super::table::{Bound, Entity, EntityId, Lookup, PerEntity, ScopeId, Table, Value, filled};
use crate::decl::{
    AssignKind, BinaryOp, Declarations, Declared, Event, Expr, ExprKind, Interaction, Module, Name, Path,
    Reaction, Statement, SymbolKind, UnitExpr,
};

/// One module with everything the main module and its submodels say; no submodels, conversions or deletions are left.
///
/// The diagnostics are about names that lead nowhere and the like; with an error among them something is missing.
pub fn flat(declarations: &Declarations) -> (Declarations, Vec<Diagnostic>) {
    let Some(main) = declarations.main.and_then(|main| declarations.modules.get(main)) else {
        return (declarations.clone(), Vec::new());
    };
    let mut problems = Problems::default();
    let (table, _) = flatten(declarations, &mut problems);
    let mut diagnostics = problems.into_diagnostics();
    // What is refused by name can be written all the same.
    diagnostics.retain(|d| d.severity != Severity::Error || !d.code.0.starts_with("unsupported/"));
    let mut flat = Flat::new(&table);
    flat.units();
    for (id, entity) in table.roots() {
        flat.entity(id, entity);
    }
    flat.others();
    let mut statements = flat.statements;
    statements.extend(main.statements.iter().filter(|s| is_about(s, main)).cloned());
    let module = Module {
        name: main.name.clone(),
        interface: Vec::new(),
        display_name: main.display_name.clone(),
        statements,
    };
    let functions = declarations.functions.clone();
    let fixed_names = declarations.fixed_names;
    (Declarations { modules: vec![module], functions, main: Some(0), fixed_names }, diagnostics)
}

/// Whether a statement speaks about the model itself.
fn is_about(statement: &Statement, main: &Module) -> bool {
    let (Statement::Annotate { target, .. } | Statement::DisplayName { target, .. }) = statement else {
        return false;
    };
    super::flatten::is_model(target, main)
}

struct Flat<'t, 'a> {
    table: &'t Table<'a>,
    names: PerEntity<String>,
    taken: BTreeSet<String>,
    set_by_event: PerEntity<bool>,
    statements: Vec<Statement>,
}

impl<'t, 'a> Flat<'t, 'a> {
    fn new(table: &'t Table<'a>) -> Self {
        let mut flat = Flat {
            table,
            names: filled(table.n_names(), String::new()),
            taken: BTreeSet::new(),
            set_by_event: filled(table.n_names(), false),
            statements: Vec::new(),
        };
        for event in table.roots().filter_map(|(_, entity)| entity.event.as_ref()) {
            event.targets.iter().flatten().for_each(|id| flat.set_by_event[table.root(*id)] = true);
        }
        // Names without dots come first, so that they keep theirs.
        for dotted in [false, true] {
            for (id, entity) in table.roots().filter(|(_, e)| e.name.contains('.') == dotted) {
                flat.names[id] = flat.give(&entity.name);
            }
        }
        flat
    }

    fn give(&mut self, name: &str) -> String {
        let mut name = name.replace('.', "_");
        while !self.taken.insert(name.clone()) {
            name.push('_');
        }
        name
    }

    fn name(&self, id: EntityId) -> String {
        self.names[self.table.root(id)].clone()
    }

    fn path(&self, id: EntityId, span: Span) -> Path {
        Path { parts: vec![self.name(id)], span }
    }

    fn units(&mut self) {
        for scope in self.table.scopes.ids() {
            for (name, value) in &self.table.scopes[scope].unit_order {
                let name = Spanned::new(self.unit_name(scope, &name.value), name.span);
                let value = self.unit(scope, value);
                self.statements.push(Statement::Unit { name, value });
            }
        }
    }

    /// The name of a unit that an instance defines or that one around it does; else the name itself.
    fn unit_name(&self, scope: ScopeId, name: &str) -> String {
        let mut at = Some(scope);
        while let Some(scope) = at {
            let instance = &self.table.scopes[scope];
            if instance.units.contains_key(name) && !instance.prefix.is_empty() {
                return format!("{}_{name}", instance.prefix.replace('.', "_"));
            }
            at = instance.parent.filter(|_| !instance.units.contains_key(name));
        }
        name.to_string()
    }

    fn unit(&self, scope: ScopeId, unit: &UnitExpr) -> UnitExpr {
        let inner = |unit: &UnitExpr| Box::new(self.unit(scope, unit));
        match unit {
            UnitExpr::Number(..) => unit.clone(),
            UnitExpr::Name(name) => {
                UnitExpr::Name(Spanned::new(self.unit_name(scope, &name.value), name.span))
            }
            UnitExpr::Mul(a, b) => UnitExpr::Mul(inner(a), inner(b)),
            UnitExpr::Div(a, b) => UnitExpr::Div(inner(a), inner(b)),
            UnitExpr::Pow(a, power, span) => UnitExpr::Pow(inner(a), *power, *span),
        }
    }

    fn entity(&mut self, id: EntityId, entity: &Entity<'a>) {
        let class = class_of(entity);
        let described = entity.unit.is_some()
            || entity.display_name.is_some()
            || !entity.uncertainty.is_empty()
            || !entity.annotations.is_empty();
        let used = entity.used.is_some() || entity.interface || self.set_by_event[id];
        let is_there = entity.declared || used || described;
        if !is_there || self.table.deleted.iter().any(|gone| self.table.root(*gone) == id) {
            return;
        }
        let path = self.path(id, entity.span);
        match (&entity.reaction, &entity.event) {
            (Some(_), _) => self.reaction(&path, entity),
            (None, Some(_)) => self.event(&path, entity),
            (None, None) => self.quantity(&path, entity, class),
        }
        if let Some((unit, span)) = entity.unit {
            let unit = self.unit(unit.scope, unit.item);
            self.statements.push(Statement::HasUnit { target: Path { span, ..path.clone() }, unit });
        }
        if let Some((factor, span)) =
            entity.conversion_factor.or(self.table.scopes[entity.scope].conversion_factor)
            && class == Class::Species
        {
            let factor = self.path(factor, span);
            self.statements.push(Statement::ConversionFactor { target: path.clone(), factor });
        }
        if let Some(text) = entity.display_name {
            self.statements.push(Statement::DisplayName { target: path.clone(), text: text.to_string() });
        }
        for (qualifier, uri) in &entity.annotations {
            let (qualifier, uris) = (qualifier.to_string(), vec![(*uri).clone()]);
            self.statements.push(Statement::Annotate { target: path.clone(), qualifier, uris });
        }
        for (attribute, value) in &entity.uncertainty {
            let value = self.expr(*value);
            let attribute = (*attribute).clone();
            self.statements.push(Statement::Uncertainty { target: path.clone(), attribute, value });
        }
    }

    fn quantity(&mut self, path: &Path, entity: &Entity<'a>, class: Class) {
        let kind = match class {
            Class::Compartment => SymbolKind::Compartment,
            // A place alone makes no species, as in libAntimony.
            Class::Species if entity.kind.is_some() => SymbolKind::Species,
            _ => SymbolKind::Quantity,
        };
        let compartment = entity.compartment.map(|(id, span)| self.path(id, span));
        let item = Declared { path: path.clone(), boundary: entity.boundary, compartment, value: None };
        self.statements.push(Statement::Declare {
            kind: Some(kind),
            constant: entity.constant.map(|(constant, _)| constant),
            substance_only: entity.is_amount(),
            items: vec![item],
        });
        if let Some(value) = entity.value {
            let (kind, bound) = match value {
                Value::Initial(bound) => (AssignKind::Initial, bound),
                Value::Rule(bound) => (AssignKind::Rule, bound),
            };
            let value = self.scaled(self.expr(bound), &entity.value_scales);
            self.statements.push(Statement::Assign { target: path.clone(), kind, value });
        }
        if let Some(rate) = entity.rate {
            let value = self.scaled(self.expr(rate), &self.table.rate_outwards(rate.scope));
            let value = self.scaled(value, &entity.rate_scales);
            self.statements.push(Statement::Assign { target: path.clone(), kind: AssignKind::Rate, value });
        }
    }

    fn reaction(&mut self, path: &Path, entity: &Entity<'a>) {
        let Some(def) = &entity.reaction else { return };
        let written = def.written;
        let side = |participants: &'a [crate::decl::Participant], ids: &[Option<EntityId>]| {
            let one = |(participant, id): (&'a crate::decl::Participant, &Option<EntityId>)| {
                let species = self.path((*id)?, participant.species.span);
                let stoichiometry = participant.stoichiometry.as_ref();
                let stoichiometry = stoichiometry.map(|item| self.expr(Bound { scope: def.scope, item }));
                Some(crate::decl::Participant { stoichiometry, species, ..participant.clone() })
            };
            participants.iter().zip(ids).filter_map(one).collect::<Vec<_>>()
        };
        let law = def.law.map(|law| self.scaled(self.expr(law), &self.table.law_outwards(law.scope)));
        let reaction = Reaction {
            name: Spanned::new(path.parts.join("."), path.span),
            reactants: side(&written.reactants, &def.reactants),
            products: side(&written.products, &def.products),
            reversible: written.reversible,
            fast: written.fast,
            law,
            compartment: entity.compartment.map(|(id, span)| self.path(id, span)),
        };
        self.statements.push(Statement::Reaction(reaction));
    }

    fn event(&mut self, path: &Path, entity: &Entity<'a>) {
        let Some(def) = &entity.event else { return };
        let written = def.written;
        let expr = |item: &'a Expr| self.expr(Bound { scope: def.scope, item });
        let delay = written.delay.as_ref().filter(|_| !def.without_delay).map(expr);
        let delay = delay.map(|delay| self.scaled(delay, &self.table.time_outwards(def.scope)));
        let assignments = written.assignments.iter().zip(&def.targets).filter_map(|((target, value), id)| {
            let id = (*id)?;
            let value = self.scaled(expr(value), &self.table.to_kept(id));
            Some((self.path(id, target.span), value))
        });
        let event = Event {
            name: Spanned::new(path.parts.join("."), path.span),
            trigger: expr(&written.trigger),
            delay,
            priority: written.priority.as_ref().filter(|_| !def.without_priority).map(expr),
            assignments: assignments.collect(),
            ..written.clone()
        };
        self.statements.push(Statement::Event(event));
    }

    /// Rules, constraints, interactions and objectives, and what is said about what has no value.
    fn others(&mut self) {
        // Those that are left after deletions, as they were last written.
        for rule in &self.table.algebraic {
            let name = rule.name.map(|name| Spanned::new(self.label(rule.scope, &name.value), name.span));
            let residual = self.expr(rule.residual);
            self.statements.push(Statement::Algebraic { name, residual });
        }
        for (scope, statement) in self.table.others.clone() {
            let expr = |item: &'a Expr| self.expr(Bound { scope, item });
            let label = |name: &Option<Name>| {
                name.as_ref().map(|n| Spanned::new(self.label(scope, &n.value), n.span))
            };
            let flat = match statement {
                Statement::Constraint { name, condition } => {
                    Statement::Constraint { name: label(name), condition: expr(condition) }
                }
                Statement::Objective { name, maximize, value } => {
                    Statement::Objective { name: label(name), maximize: *maximize, value: expr(value) }
                }
                Statement::Interaction(interaction) => match self.interaction(scope, interaction) {
                    Some(interaction) => Statement::Interaction(interaction),
                    None => continue,
                },
                Statement::DisplayName { target, text } => {
                    Statement::DisplayName { target: self.label_path(scope, target), text: text.clone() }
                }
                Statement::Annotate { target, qualifier, uris } => Statement::Annotate {
                    target: self.label_path(scope, target),
                    qualifier: qualifier.clone(),
                    uris: uris.clone(),
                },
                _ => continue,
            };
            self.statements.push(flat);
        }
    }

    fn interaction(&self, scope: ScopeId, written: &Interaction) -> Option<Interaction> {
        let all = |paths: &[Path]| -> Vec<Path> {
            let one = |path: &Path| match self.table.lookup(scope, &path.parts) {
                Lookup::Entity(id) if self.table.get(id).declared => Some(self.path(id, path.span)),
                _ => None,
            };
            paths.iter().filter_map(one).collect()
        };
        let (species, reactions) = (all(&written.species), all(&written.reactions));
        let name = Spanned::new(self.label(scope, &written.name.value), written.name.span);
        (!species.is_empty() && !reactions.is_empty()).then_some(Interaction {
            name,
            kind: written.kind,
            species,
            reactions,
        })
    }

    fn label(&self, scope: ScopeId, name: &str) -> String {
        self.table.full_name(scope, name).replace('.', "_")
    }

    fn label_path(&self, scope: ScopeId, path: &Path) -> Path {
        let name = path.parts.join(".");
        let name = match self.table.scopes[scope].units.contains_key(name.as_str()) {
            true => self.unit_name(scope, &name),
            false => self.label(scope, &name),
        };
        Path { parts: vec![name], span: path.span }
    }

    /// An expression in the names of the one module.
    fn expr(&self, bound: Bound<'a, Expr>) -> Expr {
        let scope = bound.scope;
        let span = bound.item.span;
        let inner = |item: &'a Expr| self.expr(Bound { scope, item });
        let kind = match &bound.item.kind {
            ExprKind::Number(value, unit) => {
                ExprKind::Number(*value, unit.as_ref().map(|unit| self.unit_name(scope, unit)))
            }
            ExprKind::Boolean(value) => ExprKind::Boolean(*value),
            ExprKind::Time => return self.time(scope, bound.item),
            ExprKind::Name(parts) => return self.quantity_in(scope, parts, bound.item),
            ExprKind::Unary(op, a) => ExprKind::Unary(*op, Box::new(inner(a))),
            ExprKind::Binary(op, a, b) => ExprKind::Binary(*op, Box::new(inner(a)), Box::new(inner(b))),
            ExprKind::Call(name, arguments) => {
                let mut arguments: Vec<Expr> = arguments.iter().map(inner).collect();
                if let ("delay", [_, lag]) = (name.as_str(), arguments.as_mut_slice()) {
                    *lag = self.scaled(lag.clone(), &self.table.time_outwards(scope));
                }
                let call = Expr { kind: ExprKind::Call(name.clone(), arguments), span };
                if name == "rateOf" {
                    return self.scaled(call, &self.table.time_outwards(scope));
                }
                return call;
            }
        };
        Expr { kind, span }
    }

    fn time(&self, scope: ScopeId, written: &Expr) -> Expr {
        self.scaled(written.clone(), &self.table.time_inwards(scope))
    }

    fn quantity_in(&self, scope: ScopeId, parts: &[String], written: &Expr) -> Expr {
        if let [name] = parts {
            match self.table.fixed(name) {
                Some(Fixed::Time) => return self.time(scope, written),
                Some(Fixed::Number(_)) => return written.clone(),
                None => {}
            }
        }
        let Lookup::Entity(id) = self.table.lookup(scope, parts) else { return written.clone() };
        let mut scales = self.table.out_of_kept(id);
        if self.table.get(id).reaction.is_some() {
            scales.extend(self.table.law_inwards(scope));
        }
        let name = Expr { kind: ExprKind::Name(vec![self.name(id)]), span: written.span };
        self.scaled(name, &scales)
    }

    fn scaled(&self, value: Expr, scales: &[Scale<'a>]) -> Expr {
        scales.iter().fold(value, |value, scale| {
            let span = value.span;
            let op = if scale.divide { BinaryOp::Div } else { BinaryOp::Mul };
            let kind = ExprKind::Binary(op, Box::new(value), Box::new(self.expr(scale.factor)));
            Expr { kind, span }
        })
    }
}
