//! Rules, reactions and events, with the doses.

use hepatica_expr::{NodeId, Symbol};
use hepatica_model::model::{Event, Participant, Reaction, VarId, VarKind};

use super::additions::{Change, Input, Intervention, WriteError};
use super::document::{Document, Row, truth};
use super::math::{Math, Use, constant, open_math};
use super::metadata::Metadata;
use super::xml::{Xml, number};

impl Document<'_> {
    pub(super) fn rules(&mut self) -> Result<(), WriteError> {
        let model = self.model;
        if model.algebraic.is_empty() && model.vars.iter().all(|v| v.rule.is_none() && v.rate.is_none()) {
            return Ok(());
        }
        self.xml.open("listOfRules", &[]);
        for (id, var) in model.vars.enumerate() {
            let variable = self.ids.vars[id].clone();
            if let Some(rule) = var.rule {
                self.xml.open("assignmentRule", &[("variable", &variable)]);
                self.math(rule, Use::Number)?;
                self.xml.close();
            } else if let Some(rate) = var.rate {
                self.xml.open("rateRule", &[("variable", &variable)]);
                self.rate_with_inputs(id, rate)?;
                self.xml.close();
            }
        }
        for rule in &model.algebraic {
            self.xml.open("algebraicRule", &[]);
            self.math(rule.residual, Use::Number)?;
            self.xml.close();
        }
        self.xml.close();
        Ok(())
    }

    /// A rate of change plus the inputs into the variable.
    fn rate_with_inputs(&mut self, id: VarId, rate: NodeId) -> Result<(), WriteError> {
        let inputs: Vec<String> = self.inputs_into(id).map(|(_, parameter)| parameter.clone()).collect();
        if inputs.is_empty() {
            return self.math(rate, Use::Number);
        }
        open_math(&mut self.xml);
        self.xml.open("apply", &[]);
        self.xml.empty("plus", &[]);
        let math = Math { model: self.model, ids: &self.ids.vars };
        math.content(&mut self.xml, rate, Use::Number)?;
        for parameter in inputs {
            self.per_compartment(id, |xml| xml.leaf("ci", &[], &parameter));
        }
        self.xml.close();
        self.xml.close();
        Ok(())
    }

    fn inputs_into(&self, id: VarId) -> impl Iterator<Item = (&Input, &String)> {
        self.options.inputs.iter().zip(&self.input_ids).filter(move |(input, _)| input.target == id)
    }

    /// An amount as the name of its variable stands in mathematics: over the compartment for a concentration.
    fn per_compartment(&mut self, id: VarId, amount: impl FnOnce(&mut Xml)) {
        match self.model.vars[id].kind {
            VarKind::Species(s) if !s.substance_only => {
                self.xml.open("apply", &[]);
                self.xml.empty("divide", &[]);
                amount(&mut self.xml);
                self.xml.leaf("ci", &[], &self.ids.vars[s.compartment]);
                self.xml.close();
            }
            _ => amount(&mut self.xml),
        }
    }

    pub(super) fn reactions(&mut self) -> Result<(), WriteError> {
        let inflows: Vec<(VarId, String)> = self
            .options
            .inputs
            .iter()
            .zip(&self.input_ids)
            .filter(|(input, _)| self.model.vars[input.target].rate.is_none())
            .map(|(input, parameter)| (input.target, parameter.clone()))
            .collect();
        if self.model.reactions.is_empty() && inflows.is_empty() {
            return Ok(());
        }
        self.xml.open("listOfReactions", &[]);
        for reaction in &self.model.reactions {
            if reaction.fast {
                return Err(WriteError::FastReaction(self.model.vars[reaction.var].name.clone()));
            }
            self.reaction(reaction)?;
        }
        for (target, parameter) in inflows {
            self.inflow(target, &parameter);
        }
        self.xml.close();
        Ok(())
    }

    fn reaction(&mut self, reaction: &Reaction) -> Result<(), WriteError> {
        let var = &self.model.vars[reaction.var];
        let metadata = Metadata::of(&var.annotations, &self.ids.vars[reaction.var]);
        let row = self
            .head(reaction.var, var)
            .with("reversible", truth(reaction.reversible))
            .maybe("compartment", reaction.compartment.map(|c| self.ids.vars[c].clone()));
        self.open_described("reaction", &row, &metadata);
        self.uncertainty(var)?;
        self.side("listOfReactants", &reaction.reactants)?;
        self.side("listOfProducts", &reaction.products)?;
        self.modifiers(reaction);
        self.xml.open("kineticLaw", &[]);
        self.math(reaction.law, Use::Number)?;
        self.xml.close();
        self.xml.close();
        Ok(())
    }

    fn side(&mut self, list: &'static str, participants: &[Participant]) -> Result<(), WriteError> {
        if participants.is_empty() {
            return Ok(());
        }
        self.xml.open(list, &[]);
        for participant in participants {
            let Some(stoichiometry) = self.model.number(participant.stoichiometry) else {
                let species = &self.model.vars[participant.species].name;
                return Err(WriteError::Stoichiometry(species.clone()));
            };
            self.species_reference(&self.ids.vars[participant.species].clone(), stoichiometry);
        }
        self.xml.close();
        Ok(())
    }

    fn species_reference(&mut self, species: &str, stoichiometry: f64) {
        let stoichiometry = number(stoichiometry);
        let row = [("species", species), ("stoichiometry", &*stoichiometry), ("constant", "true")];
        self.xml.empty("speciesReference", &row);
    }

    /// The species that a rate law names without turning them over.
    fn modifiers(&mut self, reaction: &Reaction) {
        let named = self.model.graph.symbols_of(reaction.law).into_iter().filter_map(|symbol| match symbol {
            Symbol::Var(k) => Some(VarId(k)),
            _ => None,
        });
        let turned_over = |id: &VarId| reaction.participants().any(|p| p.species == *id);
        let modifiers: Vec<VarId> =
            named.filter(|id| self.model.species(*id).is_some() && !turned_over(id)).collect();
        if modifiers.is_empty() {
            return;
        }
        self.xml.open("listOfModifiers", &[]);
        for id in modifiers {
            self.xml.empty("modifierSpeciesReference", &[("species", &self.ids.vars[id])]);
        }
        self.xml.close();
    }

    /// `-> target; parameter`
    fn inflow(&mut self, target: VarId, parameter: &str) {
        let id = self.ids.given.give(&format!("{parameter}_inflow"));
        let species = self.ids.vars[target].clone();
        self.xml.open("reaction", &[("id", &id), ("reversible", "false")]);
        self.xml.open("listOfProducts", &[]);
        self.species_reference(&species, 1.0);
        self.xml.close();
        self.xml.open("kineticLaw", &[]);
        open_math(&mut self.xml);
        self.xml.leaf("ci", &[], parameter);
        self.xml.close();
        self.xml.close();
        self.xml.close();
    }

    pub(super) fn events(&mut self) -> Result<(), WriteError> {
        let (model, options) = (self.model, self.options);
        if model.events.is_empty() && options.interventions.is_empty() && options.inputs.is_empty() {
            return Ok(());
        }
        self.xml.open("listOfEvents", &[]);
        for (event, id) in model.events.iter().zip(self.ids.events.clone()) {
            self.event(event, &id)?;
        }
        for (i, intervention) in options.interventions.iter().enumerate() {
            self.intervention(intervention, options.interventions.len() - i);
        }
        for (input, parameter) in options.inputs.iter().zip(self.input_ids.clone()) {
            self.switches(input, &parameter);
        }
        self.xml.close();
        Ok(())
    }

    fn event(&mut self, event: &Event, id: &str) -> Result<(), WriteError> {
        let row = Row::default()
            .with("id", id)
            .maybe("name", event.display_name.clone())
            .with("useValuesFromTriggerTime", truth(event.values_from_trigger));
        self.open_described("event", &row, &Metadata::of(&[], id));
        let trigger = [("initialValue", truth(event.initial_value)), ("persistent", truth(event.persistent))];
        self.xml.open("trigger", &trigger);
        self.math(event.trigger, Use::Truth)?;
        self.xml.close();
        for (name, node) in [("delay", event.delay), ("priority", event.priority)] {
            if let Some(node) = node {
                self.xml.open(name, &[]);
                self.math(node, Use::Number)?;
                self.xml.close();
            }
        }
        if !event.assignments.is_empty() {
            self.xml.open("listOfEventAssignments", &[]);
            for (target, value) in &event.assignments {
                self.xml.open("eventAssignment", &[("variable", &self.ids.vars[*target])]);
                self.math(*value, Use::Number)?;
                self.xml.close();
            }
            self.xml.close();
        }
        self.xml.close();
        Ok(())
    }

    /// Opens an event that happens once, as soon as `time` is reached. It uses the values at its execution, so
    /// that of several at the same time each sees what the others did.
    fn open_at(&mut self, name: &str, time: f64, priority: Option<f64>) {
        let id = self.ids.given.give(name);
        self.xml.open("event", &[("id", &id), ("useValuesFromTriggerTime", "false")]);
        self.xml.open("trigger", &[("initialValue", "false"), ("persistent", "true")]);
        open_math(&mut self.xml);
        self.xml.open("apply", &[]);
        self.xml.empty("geq", &[]);
        let time_symbol = "http://www.sbml.org/sbml/symbols/time";
        self.xml.leaf("csymbol", &[("encoding", "text"), ("definitionURL", time_symbol)], "time");
        constant(&mut self.xml, time);
        self.xml.close();
        self.xml.close();
        self.xml.close();
        if let Some(priority) = priority {
            self.xml.open("priority", &[]);
            open_math(&mut self.xml);
            constant(&mut self.xml, priority);
            self.xml.close();
            self.xml.close();
        }
        self.xml.open("listOfEventAssignments", &[]);
    }

    /// Earlier interventions have the higher priority, so that those at the same time happen in order. A
    /// variable that is changed again goes into a further event, because SBML sets it once per event.
    fn intervention(&mut self, intervention: &Intervention, priority: usize) {
        let mut rest = intervention.changes.as_slice();
        while !rest.is_empty() {
            let repeated = |n: &usize| rest[..*n].iter().any(|(id, _)| *id == rest[*n].0);
            let n = (1..rest.len()).find(repeated).unwrap_or(rest.len());
            let (now, later) = rest.split_at(n);
            let order = priority as f64 + later.len() as f64 / (1.0 + intervention.changes.len() as f64);
            self.open_at(&intervention.name, intervention.time, Some(order));
            for (target, change) in now {
                self.change(*target, *change);
            }
            self.xml.close();
            self.xml.close();
            rest = later;
        }
    }

    fn change(&mut self, target: VarId, change: Change) {
        let variable = self.ids.vars[target].clone();
        self.xml.open("eventAssignment", &[("variable", &variable)]);
        open_math(&mut self.xml);
        match change {
            Change::Set(amount) => self.per_compartment(target, |xml| constant(xml, amount)),
            Change::Add(amount) => {
                self.xml.open("apply", &[]);
                self.xml.empty("plus", &[]);
                self.xml.leaf("ci", &[], &variable);
                self.per_compartment(target, |xml| constant(xml, amount));
                self.xml.close();
            }
        }
        self.xml.close();
        self.xml.close();
    }

    /// The events that switch an input on, unless it flows from the start, and off.
    fn switches(&mut self, input: &Input, parameter: &str) {
        let flows_from_start = input.start <= 0.0;
        let on =
            (!flows_from_start && input.stop > input.start).then_some(("start", input.start, input.rate));
        let off = (input.stop > 0.0 && input.stop > input.start).then_some(("stop", input.stop, 0.0));
        for (word, time, rate) in on.into_iter().chain(off) {
            self.open_at(&format!("{parameter}_{word}"), time, None);
            self.xml.open("eventAssignment", &[("variable", parameter)]);
            open_math(&mut self.xml);
            constant(&mut self.xml, rate);
            self.xml.close();
            self.xml.close();
            self.xml.close();
            self.xml.close();
        }
    }
}
