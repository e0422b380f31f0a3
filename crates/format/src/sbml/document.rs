//! The document in the order SBML prescribes: units, compartments, species, parameters, initial assignments,
//! rules, reactions, events.

use std::collections::BTreeSet;

use hepatica_expr::NodeId;
use hepatica_model::model::{Model, Species, Var, VarId, VarKind};

use super::additions::{WriteError, WriteOptions};
use super::ids::ModelIds;
use super::math::{Math, Use};
use super::metadata::Metadata;
use super::uncertainty;
use super::units::Units;
use super::xml::{Xml, number};

/// A model with its additions as SBML L3V2.
///
/// # Errors
/// A value or dose that the model cannot take, or an expression that SBML cannot hold; see [`WriteError`].
pub fn write(model: &Model, options: &WriteOptions) -> Result<String, WriteError> {
    options.check(model)?;
    let mut document = Document::of(model, options);
    document.open();
    document.lists()?;
    Ok(document.xml.finish())
}

/// The attributes of an element under construction.
#[derive(Default)]
pub(super) struct Row(Vec<(&'static str, String)>);

impl Row {
    /// Adds an attribute.
    pub(super) fn with(mut self, key: &'static str, value: impl Into<String>) -> Row {
        self.0.push((key, value.into()));
        self
    }

    /// Adds an attribute if there is a value.
    pub(super) fn maybe(mut self, key: &'static str, value: Option<impl Into<String>>) -> Row {
        self.0.extend(value.map(|v| (key, v.into())));
        self
    }

    /// Adds the attributes of another row.
    pub(super) fn and(mut self, other: Row) -> Row {
        self.0.extend(other.0);
        self
    }

    pub(super) fn borrowed(&self) -> Vec<(&'static str, &str)> {
        self.0.iter().map(|(k, v)| (*k, v.as_str())).collect()
    }
}

/// A document under construction.
pub(super) struct Document<'m> {
    pub(super) model: &'m Model,
    pub(super) options: &'m WriteOptions,
    pub(super) ids: ModelIds,
    pub(super) xml: Xml,
    model_id: String,
    units: Units,
    /// The variables that an event or an intervention sets.
    assigned: BTreeSet<VarId>,
    /// The parameters of the inputs, in their order.
    pub(super) input_ids: Vec<String>,
}

impl<'m> Document<'m> {
    fn of(model: &'m Model, options: &'m WriteOptions) -> Document<'m> {
        let mut ids = ModelIds::of(model);
        let model_id = ids.given.give(&model.name);
        let input_ids = options.inputs.iter().map(|i| ids.given.give(&i.name)).collect();
        let mut assigned: BTreeSet<VarId> =
            model.events.iter().flat_map(|e| e.assignments.iter().map(|(id, _)| *id)).collect();
        assigned.extend(model.vars.ids().filter(|id| options.changes(*id)));
        let units = Units::of(model);
        Document { model, options, ids, xml: Xml::new(), model_id, units, assigned, input_ids }
    }

    fn open(&mut self) {
        let core = "http://www.sbml.org/sbml/level3/version2/core";
        let mut row = Row::default().with("xmlns", core).with("level", "3").with("version", "2");
        if uncertainty::is_needed(self.model) {
            row = row.with("xmlns:distrib", uncertainty::NAMESPACE).with("distrib:required", "true");
        }
        self.xml.open("sbml", &row.borrowed());
        let model = self.model;
        let metadata = Metadata::of(&model.annotations, &self.model_id);
        let substance = self.units.named(model.units.substance.as_ref());
        let extent = self.units.named(model.units.extent.as_ref()).or_else(|| substance.clone());
        let row = Row::default()
            .maybe("metaid", metadata.metaid())
            .maybe("sboTerm", metadata.sbo_term)
            .with("id", self.model_id.clone())
            .maybe("name", model.display_name.clone())
            .maybe("substanceUnits", substance)
            .maybe("timeUnits", self.units.named(model.units.time.as_ref()))
            .maybe("volumeUnits", self.units.named(model.units.volume.as_ref()))
            .maybe("areaUnits", self.units.named(model.units.area.as_ref()))
            .maybe("lengthUnits", self.units.named(model.units.length.as_ref()))
            .maybe("extentUnits", extent);
        self.xml.open("model", &row.borrowed());
        metadata.write(&mut self.xml);
    }

    fn lists(&mut self) -> Result<(), WriteError> {
        let quantities: Vec<(VarId, &'m Var)> = self.model.vars.enumerate().collect();
        let of = |test: fn(&VarKind) -> bool| quantities.iter().filter(move |(_, v)| test(&v.kind)).copied();
        let compartments: Vec<_> =
            of(|k| matches!(k, VarKind::Compartment(_))).map(|(id, v)| self.compartment(id, v)).collect();
        let species: Vec<_> = quantities
            .iter()
            .filter_map(|(id, v)| self.model.species(*id).map(|s| (*id, *v, s)))
            .map(|(id, v, s)| self.species(id, v, s))
            .collect();
        let mut parameters: Vec<_> =
            of(|k| matches!(k, VarKind::Parameter)).map(|(id, v)| self.parameter(id, v)).collect();
        parameters.extend(self.input_parameters());
        self.units.write(&mut self.xml);
        self.list("listOfCompartments", "compartment", &compartments)?;
        self.list("listOfSpecies", "species", &species)?;
        self.list("listOfParameters", "parameter", &parameters)?;
        self.initial_assignments()?;
        self.rules()?;
        self.reactions()?;
        self.events()
    }

    fn list(
        &mut self,
        list: &'static str,
        name: &'static str,
        rows: &[(Row, Option<&'m Var>, String)],
    ) -> Result<(), WriteError> {
        if rows.is_empty() {
            return Ok(());
        }
        self.xml.open(list, &[]);
        for (row, var, id) in rows {
            self.described(name, row, (*var, id))?;
        }
        self.xml.close();
        Ok(())
    }

    /// An element that holds only what is said about it.
    fn described(
        &mut self,
        name: &'static str,
        row: &Row,
        (var, id): (Option<&'m Var>, &str),
    ) -> Result<(), WriteError> {
        let metadata = Metadata::of(var.map_or(&[], |var| &var.annotations), id);
        let uncertain = var.filter(|var| uncertainty::says_something(var));
        if metadata.is_empty() && uncertain.is_none() {
            self.xml.empty(name, &row.borrowed());
            return Ok(());
        }
        self.xml.open(name, &row.borrowed());
        metadata.write(&mut self.xml);
        if let Some(var) = uncertain {
            self.uncertainty(var)?;
        }
        self.xml.close();
        Ok(())
    }

    /// Opens an element with what is said about it.
    pub(super) fn open_described(&mut self, name: &'static str, row: &Row, metadata: &Metadata<'_>) {
        self.xml.open(name, &row.borrowed());
        metadata.write(&mut self.xml);
    }

    /// The first attributes of a variable's element.
    pub(super) fn head(&self, id: VarId, var: &Var) -> Row {
        let metadata = Metadata::of(&var.annotations, &self.ids.vars[id]);
        Row::default()
            .maybe("metaid", metadata.metaid())
            .maybe("sboTerm", metadata.sbo_term)
            .with("id", self.ids.vars[id].clone())
            .maybe("name", var.display_name.clone())
    }

    /// The number a variable starts from, unless it starts from an expression.
    fn start(&self, id: VarId, var: &Var) -> Option<String> {
        let own = var.initial.and_then(|node| self.model.number(node));
        self.options.value(id).or(own).map(number)
    }

    fn constant(&self, id: VarId, var: &Var) -> &'static str {
        truth(var.constant && var.rule.is_none() && var.rate.is_none() && !self.assigned.contains(&id))
    }

    fn compartment(&mut self, id: VarId, var: &'m Var) -> (Row, Option<&'m Var>, String) {
        let row = self
            .head(id, var)
            .with("spatialDimensions", "3")
            .maybe("size", self.start(id, var))
            .maybe("units", self.units.named(var.unit.as_ref()))
            .with("constant", self.constant(id, var));
        (row, Some(var), self.ids.vars[id].clone())
    }

    fn species(&mut self, id: VarId, var: &'m Var, species: Species) -> (Row, Option<&'m Var>, String) {
        let start = if species.substance_only { "initialAmount" } else { "initialConcentration" };
        let row = self
            .head(id, var)
            .with("compartment", self.ids.vars[species.compartment].clone())
            .maybe(start, self.start(id, var))
            .maybe("substanceUnits", self.units.substance(self.model, var, species))
            .with("hasOnlySubstanceUnits", truth(species.substance_only))
            .with("boundaryCondition", truth(species.boundary))
            .with("constant", "false")
            .maybe("conversionFactor", species.conversion_factor.map(|factor| self.ids.vars[factor].clone()));
        (row, Some(var), self.ids.vars[id].clone())
    }

    fn parameter(&mut self, id: VarId, var: &'m Var) -> (Row, Option<&'m Var>, String) {
        let row = self
            .head(id, var)
            .maybe("value", self.start(id, var))
            .maybe("units", self.units.named(var.unit.as_ref()))
            .with("constant", self.constant(id, var));
        (row, Some(var), self.ids.vars[id].clone())
    }

    /// A parameter per input: its rate, or 0 until it starts.
    fn input_parameters(&self) -> Vec<(Row, Option<&'m Var>, String)> {
        let row = |(input, id): (&super::Input, &String)| {
            let start = if input.start <= 0.0 && input.stop > 0.0 { input.rate } else { 0.0 };
            let row =
                Row::default().with("id", id.clone()).with("value", number(start)).with("constant", "false");
            (row, None, id.clone())
        };
        self.options.inputs.iter().zip(&self.input_ids).map(row).collect()
    }

    /// Expressions in the names of the document, and the document to write them into.
    pub(super) fn math(&mut self, node: NodeId, usage: Use) -> Result<(), WriteError> {
        let math = Math { model: self.model, ids: &self.ids.vars };
        math.write(&mut self.xml, node, usage)
    }

    /// An expression without its `<math>` element.
    pub(super) fn content(&mut self, node: NodeId, usage: Use) -> Result<(), WriteError> {
        let math = Math { model: self.model, ids: &self.ids.vars };
        math.content(&mut self.xml, node, usage)
    }

    fn initial_assignments(&mut self) -> Result<(), WriteError> {
        let calculated = |id: &VarId, var: &Var| {
            let node = var.initial.filter(|node| self.model.number(*node).is_none());
            node.filter(|_| self.options.value(*id).is_none() && var.rule.is_none())
        };
        let rows: Vec<(VarId, NodeId)> = self
            .model
            .vars
            .enumerate()
            .filter_map(|(id, v)| calculated(&id, v).map(|node| (id, node)))
            .collect();
        if rows.is_empty() {
            return Ok(());
        }
        self.xml.open("listOfInitialAssignments", &[]);
        for (id, node) in rows {
            let symbol = self.ids.vars[id].clone();
            self.xml.open("initialAssignment", &[("symbol", &symbol)]);
            self.math(node, Use::Number)?;
            self.xml.close();
        }
        self.xml.close();
        Ok(())
    }
}

/// A truth as SBML attributes have it.
pub(super) fn truth(value: bool) -> &'static str {
    if value { "true" } else { "false" }
}
