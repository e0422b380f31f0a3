//! Values at time zero, rules, constraints, reactions and events as they were written.

use std::collections::BTreeSet;

use hepatica_model::decl::{
    BinaryOp, Event, Expr, ExprKind, Interaction, InteractionKind, Participant, Reaction, Statement,
    SymbolKind, UnaryOp,
};

use super::super::document::{Row, truth};
use super::super::metadata::Metadata;
use super::super::xml::number;
use super::flux::is_flux_bound;
use super::{DEFAULT_COMPARTMENT, Item, Writer, key};

impl<'d> Writer<'d> {
    pub(super) fn initial_assignments(&mut self) {
        let of = |name: &String| {
            let item = &self.items[name];
            let compartment = item.compartment.as_deref().unwrap_or(DEFAULT_COMPARTMENT);
            let in_attribute = |value: &&Expr| {
                literal(value).is_some()
                    || (item.kind == Some(SymbolKind::Species)
                        && !item.substance_only
                        && amount_in(value, compartment).is_some())
            };
            let is_quantity = !self.flux.is_objective(name);
            item.initial
                .filter(|value| is_quantity && !in_attribute(value))
                .map(|value| (name.clone(), value))
        };
        let rows: Vec<(String, &Expr)> = self.order.iter().filter_map(of).collect();
        if rows.is_empty() {
            return;
        }
        self.xml.open("listOfInitialAssignments", &[]);
        for (name, value) in rows {
            self.xml.open("initialAssignment", &[("symbol", &name)]);
            self.math(value);
            self.xml.close();
        }
        self.xml.close();
    }

    pub(super) fn rules(&mut self) {
        self.find_written_stoichiometries();
        let algebraic: Vec<(Option<&str>, &Expr)> = self
            .statements
            .iter()
            .filter_map(|s| match s {
                Statement::Algebraic { name, residual } => {
                    Some((name.as_ref().map(|name| name.value.as_str()), residual))
                }
                _ => None,
            })
            .collect();
        let mut rules: Vec<(&'static str, String, Expr)> = Vec::new();
        for name in self.order.iter().filter(|name| !self.flux.is_objective(name)) {
            let item = &self.items[name];
            rules.extend(item.rule.map(|rule| ("assignmentRule", name.clone(), rule.clone())));
            rules.extend(item.rate.map(|rate| ("rateRule", name.clone(), rate.clone())));
        }
        let stoichiometries = std::mem::take(&mut self.stoichiometries);
        rules.extend(stoichiometries.into_iter().map(|(name, value)| ("assignmentRule", name, value)));
        let bounds = self.flux.formulas.iter();
        rules.extend(bounds.map(|(name, value)| ("assignmentRule", name.clone(), (*value).clone())));
        if rules.is_empty() && algebraic.is_empty() {
            return;
        }
        self.xml.open("listOfRules", &[]);
        for (element, name, value) in rules {
            self.xml.open(element, &[("variable", &name)]);
            self.math(&value);
            self.xml.close();
        }
        for (i, (name, residual)) in algebraic.into_iter().enumerate() {
            let id = name.map_or_else(|| format!("_alg{i}"), str::to_string);
            self.xml.open("algebraicRule", &[("id", &id)]);
            self.math(residual);
            self.xml.close();
        }
        self.xml.close();
    }

    /// Stoichiometries that are neither a number nor the first use of a name get a name and a rule of their own.
    fn find_written_stoichiometries(&mut self) {
        let mut seen = BTreeSet::new();
        for statement in self.statements {
            let Statement::Reaction(reaction) = statement else { continue };
            for participant in reaction.reactants.iter().chain(&reaction.products) {
                let Some(written) = &participant.stoichiometry else { continue };
                let first = match &written.kind {
                    ExprKind::Name(parts) => {
                        let name = parts.join(".");
                        self.items.get(&name).is_some_and(|item| item.is_stoichiometry) && seen.insert(name)
                    }
                    _ => literal(written).is_some(),
                };
                if !first {
                    let id = stoichiometry_id(&reaction.name.value, &key(&participant.species));
                    self.stoichiometries.push((id, written.clone()));
                }
            }
        }
    }

    pub(super) fn constraints(&mut self) {
        let of = |s: &'d Statement| match s {
            Statement::Constraint { condition, .. } if !is_flux_bound(condition, self.statements) => {
                Some(condition)
            }
            _ => None,
        };
        let rows: Vec<&Expr> = self.statements.iter().filter_map(of).collect();
        if rows.is_empty() {
            return;
        }
        self.xml.open("listOfConstraints", &[]);
        for condition in rows {
            self.xml.open("constraint", &[]);
            self.math(condition);
            self.xml.close();
        }
        self.xml.close();
    }

    pub(super) fn reactions(&mut self) {
        if !self.statements.iter().any(|s| matches!(s, Statement::Reaction(_))) {
            return;
        }
        self.xml.open("listOfReactions", &[]);
        for statement in self.statements {
            if let Statement::Reaction(reaction) = statement {
                self.reaction(reaction);
            }
        }
        self.xml.close();
    }

    fn reaction(&mut self, reaction: &'d Reaction) {
        let name = &reaction.name.value;
        let nothing = Item::default();
        let annotations = self.items.get(name).map_or(Vec::new(), |item| item.annotations.clone());
        let metadata = Metadata::of(&annotations, name);
        let row = Row::default()
            .maybe("metaid", metadata.metaid())
            .maybe("sboTerm", metadata.sbo_term)
            .with("id", name.clone())
            .maybe("name", self.items.get(name).unwrap_or(&nothing).display_name)
            .with("reversible", truth(reaction.reversible))
            .maybe("compartment", reaction.compartment.as_ref().map(key))
            .and(self.flux.of_reaction(name));
        self.xml.open("reaction", &row.borrowed());
        metadata.write(&mut self.xml);
        self.side("listOfReactants", name, &reaction.reactants);
        self.side("listOfProducts", name, &reaction.products);
        self.modifiers(reaction);
        if let Some(law) = &reaction.law {
            self.xml.open("kineticLaw", &[]);
            self.math(law);
            self.xml.close();
        }
        self.xml.close();
    }

    fn side(&mut self, list: &'static str, reaction: &str, side: &[Participant]) {
        if side.is_empty() {
            return;
        }
        self.xml.open(list, &[]);
        for participant in side {
            let species = key(&participant.species);
            let row = match &participant.stoichiometry {
                None => Row::default()
                    .with("species", species)
                    .with("stoichiometry", "1")
                    .with("constant", "true"),
                Some(written) => self.reference(reaction, species, written),
            };
            self.xml.empty("speciesReference", &row.borrowed());
        }
        self.xml.close();
    }

    fn reference(&mut self, reaction: &str, species: String, written: &Expr) -> Row {
        if let Some(value) = literal(written) {
            let row = Row::default().with("species", species).with("stoichiometry", number(value));
            return row.with("constant", "true");
        }
        if let ExprKind::Name(parts) = &written.kind {
            let name = parts.join(".");
            let named = self.items.get(&name).filter(|item| item.is_stoichiometry);
            if let Some(item) = named.filter(|_| !self.used_stoichiometries.contains(&name)) {
                let row = Row::default()
                    .with("id", name.clone())
                    .maybe("name", item.display_name)
                    .with("species", species)
                    .maybe("stoichiometry", start(item))
                    .with("constant", truth(constant(item)));
                self.used_stoichiometries.insert(name);
                return row;
            }
        }
        let id = stoichiometry_id(reaction, &species);
        Row::default().with("id", id).with("species", species).with("constant", "false")
    }

    /// The species that a rate law names without turning them over, and those of interactions.
    fn modifiers(&mut self, reaction: &Reaction) {
        let name = &reaction.name.value;
        let influences: Vec<(&Interaction, String)> = self
            .statements
            .iter()
            .filter_map(|s| if let Statement::Interaction(i) = s { Some(i) } else { None })
            .filter(|i| i.reactions.iter().any(|r| key(r) == *name))
            .flat_map(|i| i.species.iter().map(move |s| (i, key(s))))
            .collect();
        let mut named = Vec::new();
        if let Some(law) = &reaction.law {
            names_in(law, &mut named);
        }
        let turned_over: Vec<String> =
            reaction.reactants.iter().chain(&reaction.products).map(|p| key(&p.species)).collect();
        let is_species = |n: &String| self.items.get(n).is_some_and(|i| i.kind == Some(SymbolKind::Species));
        named
            .retain(|n| is_species(n) && !turned_over.contains(n) && !influences.iter().any(|(_, s)| s == n));
        if named.is_empty() && influences.is_empty() {
            return;
        }
        self.xml.open("listOfModifiers", &[]);
        for (interaction, species) in influences {
            let term = match interaction.kind {
                InteractionKind::Activation => "SBO:0000459",
                InteractionKind::Inhibition => "SBO:0000020",
                InteractionKind::Influence => "SBO:0000019",
            };
            let row = [("sboTerm", term), ("name", interaction.name.value.as_str()), ("species", &species)];
            self.xml.empty("modifierSpeciesReference", &row);
        }
        for species in named {
            self.xml.empty("modifierSpeciesReference", &[("species", &species)]);
        }
        self.xml.close();
    }

    pub(super) fn events(&mut self) {
        if !self.statements.iter().any(|s| matches!(s, Statement::Event(_))) {
            return;
        }
        self.xml.open("listOfEvents", &[]);
        for statement in self.statements {
            if let Statement::Event(event) = statement {
                self.event(event);
            }
        }
        self.xml.close();
    }

    fn event(&mut self, event: &'d Event) {
        let name = &event.name.value;
        let row = Row::default()
            .with("id", name.clone())
            .maybe("name", self.items.get(name).and_then(|item| item.display_name))
            .with("useValuesFromTriggerTime", truth(event.values_from_trigger));
        self.xml.open("event", &row.borrowed());
        let trigger = [("initialValue", truth(event.initial_value)), ("persistent", truth(event.persistent))];
        self.xml.open("trigger", &trigger);
        self.math(&event.trigger);
        self.xml.close();
        for (element, value) in [("delay", &event.delay), ("priority", &event.priority)] {
            if let Some(value) = value {
                self.xml.open(element, &[]);
                self.math(value);
                self.xml.close();
            }
        }
        if !event.assignments.is_empty() {
            self.xml.open("listOfEventAssignments", &[]);
            for (target, value) in &event.assignments {
                self.xml.open("eventAssignment", &[("variable", &key(target))]);
                self.math(value);
                self.xml.close();
            }
            self.xml.close();
        }
        self.xml.close();
    }
}

fn stoichiometry_id(reaction: &str, species: &str) -> String {
    format!("{reaction}_{species}_stoich")
}

pub(super) fn constant(item: &Item<'_>) -> bool {
    item.constant.unwrap_or(item.rule.is_none() && item.rate.is_none() && !item.changes)
}

/// The value in an attribute, if it is a number; a rule that is a number says the value at time zero as well.
pub(super) fn start(item: &Item<'_>) -> Option<String> {
    item.rule.and_then(literal).or_else(|| item.initial.and_then(literal)).map(number)
}

/// A number, perhaps with minuses before it and without a unit.
pub(super) fn literal(expr: &Expr) -> Option<f64> {
    match &expr.kind {
        ExprKind::Number(value, None) => Some(*value),
        ExprKind::Unary(UnaryOp::Neg, a) => literal(a).map(|a| -a),
        _ => None,
    }
}

/// The amount of `amount/C` for a species in `C`.
pub(super) fn amount_in(value: &Expr, compartment: &str) -> Option<f64> {
    let ExprKind::Binary(BinaryOp::Div, amount, size) = &value.kind else { return None };
    let in_own = matches!(&size.kind, ExprKind::Name(parts) if parts.join(".") == compartment);
    if in_own { literal(amount) } else { None }
}

/// The names in an expression, each once, in the order met.
pub(super) fn names_in(expr: &Expr, found: &mut Vec<String>) {
    match &expr.kind {
        ExprKind::Name(parts) => {
            let name = parts.join(".");
            if !found.contains(&name) {
                found.push(name);
            }
        }
        ExprKind::Unary(_, a) => names_in(a, found),
        ExprKind::Binary(_, a, b) => {
            names_in(a, found);
            names_in(b, found);
        }
        ExprKind::Call(_, arguments) => arguments.iter().for_each(|a| names_in(a, found)),
        ExprKind::Number(..) | ExprKind::Boolean(_) | ExprKind::Time => {}
    }
}
