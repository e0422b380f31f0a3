//! A model as text: what was declared, flat, in notation close to Antimony.

use std::fmt;

use hepatica_expr::{NodeId, Symbol};

use super::{bracketed, heading, line};
use crate::model::{Event, Model, Participant, Reaction, Var, VarId, VarKind};

/// The longest expression that is written out, in operations, numbers and names.
const MAX_TREE: u64 = 20_000;

impl fmt::Display for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "model {}", self.name)?;
        self.fmt_units(f)?;
        self.fmt_vars(f, "compartments", |var| matches!(var.kind, VarKind::Compartment(_)))?;
        self.fmt_vars(f, "species", |var| matches!(var.kind, VarKind::Species(_)))?;
        self.fmt_vars(f, "parameters", |var| var.kind == VarKind::Parameter)?;
        heading(f, "reactions", self.reactions.len())?;
        self.reactions.iter().try_for_each(|reaction| line(f, &self.reaction_text(reaction)))?;
        heading(f, "events", self.events.len())?;
        self.events.iter().try_for_each(|event| line(f, &self.event_text(event)))
    }
}

impl Model {
    /// An expression of this model as people write it.
    pub fn infix(&self, node: NodeId) -> String {
        let size = self.graph.tree_size(node);
        if size > MAX_TREE {
            return format!("(an expression of {size} terms)");
        }
        self.graph.infix(node, &|symbol| match symbol {
            Symbol::Time => "time".to_string(),
            Symbol::Var(k) => self.vars.get(VarId(k)).map_or_else(|| format!("?{k}"), |var| var.name.clone()),
            Symbol::Delayed(k) => self.delays.get(k as usize).map_or_else(
                || format!("?{k}"),
                |delay| format!("delay({}, {})", self.infix(delay.value), self.infix(delay.lag)),
            ),
            Symbol::State(k) | Symbol::Param(k) => format!("?{k}"),
        })
    }

    fn fmt_units(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let units = &self.units;
        let named = [
            ("substance", &units.substance),
            ("extent", &units.extent),
            ("volume", &units.volume),
            ("area", &units.area),
            ("length", &units.length),
            ("time", &units.time),
        ];
        let known: Vec<String> = named
            .iter()
            .filter_map(|(name, unit)| Some(format!("{name} {}", unit.as_ref()?.shown)))
            .collect();
        if known.is_empty() { Ok(()) } else { line(f, &format!("units: {}", known.join(", "))) }
    }

    fn fmt_vars(&self, f: &mut fmt::Formatter<'_>, title: &str, wanted: fn(&Var) -> bool) -> fmt::Result {
        let vars: Vec<&Var> = self.vars.iter().filter(|var| wanted(var)).collect();
        heading(f, title, vars.len())?;
        vars.into_iter().try_for_each(|var| line(f, &self.var_text(var)))
    }

    fn var_text(&self, var: &Var) -> String {
        let mut text = if var.constant { "const ".to_string() } else { String::new() };
        if let VarKind::Species(species) = var.kind {
            let sign = if species.boundary { "$" } else { "" };
            let meaning = if species.substance_only { "amount" } else { "concentration" };
            let place = self.vars.get(species.compartment).map_or("?", |c| c.name.as_str());
            text.push_str(&format!("{sign}{} in {place}, {meaning}", var.name));
        } else {
            text.push_str(&var.name);
        }
        text.push_str(&bracketed(var.unit.as_ref().map_or("", |unit| &unit.shown)));
        if let Some(node) = var.initial {
            text.push_str(&format!(" = {}", self.infix(node)));
        }
        if let Some(node) = var.rule {
            text.push_str(&format!(" := {}", self.infix(node)));
        }
        if let Some(node) = var.rate {
            text.push_str(&format!("; {}' = {}", var.name, self.infix(node)));
        }
        text
    }

    fn reaction_text(&self, reaction: &Reaction) -> String {
        let var = self.vars.get(reaction.var);
        let side = |side: &[Participant]| {
            side.iter().map(|p| self.participant_text(p)).collect::<Vec<_>>().join(" + ")
        };
        let arrow = if reaction.reversible { "->" } else { "=>" };
        format!(
            "{}{}: {} {arrow} {}; {}",
            var.map_or("?", |v| v.name.as_str()),
            bracketed(var.and_then(|v| v.unit.as_ref()).map_or("", |unit| &unit.shown)),
            side(&reaction.reactants),
            side(&reaction.products),
            self.infix(reaction.law)
        )
    }

    fn participant_text(&self, participant: &Participant) -> String {
        let name = self.vars.get(participant.species).map_or("?", |v| v.name.as_str());
        let stoichiometry = participant.stoichiometry;
        match self.number(stoichiometry) {
            Some(1.0) => name.to_string(),
            Some(number) => format!("{number} {name}"),
            None => format!("({}) {name}", self.infix(stoichiometry)),
        }
    }

    fn event_text(&self, event: &Event) -> String {
        let mut text = format!("{}: at ", event.name);
        if let Some(delay) = event.delay {
            text.push_str(&format!("{} after ", self.infix(delay)));
        }
        text.push_str(&self.infix(event.trigger));
        if let Some(priority) = event.priority {
            text.push_str(&format!(", priority = {}", self.infix(priority)));
        }
        text.push_str(&format!(
            ", t0 = {}, fromTrigger = {}, persistent = {}: ",
            event.initial_value, event.values_from_trigger, event.persistent
        ));
        let set = |(var, node): &(VarId, NodeId)| {
            format!("{} = {}", self.vars.get(*var).map_or("?", |v| v.name.as_str()), self.infix(*node))
        };
        text.push_str(&event.assignments.iter().map(set).collect::<Vec<_>>().join(", "));
        text
    }
}
