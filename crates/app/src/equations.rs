//! A model -> its equations and constants as text for a page.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use hepatica_expr::NodeId;
use hepatica_model::model::{Model, Participant, VarId, VarKind};
use hepatica_report::number;

use crate::influence::name;

/// Expressions longer than this, in nodes, are said to be left out.
const LONGEST: u64 = 2_000;

/// The equations of a model in Markdown: steps, rates of change, definitions, values at the start, events, constants.
/// A submodel that repeats another (`zone2` after `zone1`) is named and not written out.
pub fn markdown(model: &Model) -> String {
    let repeats = repeats(model);
    let text = Text { model, repeats: &repeats };
    let mut out = String::new();
    let mut section = |title: &str, body: String| {
        if !body.is_empty() {
            // Writing to a String cannot fail.
            let _ = write!(out, "### {title}\n\n```text\n{body}```\n\n");
        }
    };
    section("Steps", text.steps());
    section("Rates of change", text.rates());
    section("Definitions", text.definitions());
    section("Start", text.starts());
    section("Events", text.events());
    if !repeats.is_empty() {
        let said: Vec<String> =
            repeats.iter().map(|(copy, first)| format!("`{copy}` as `{first}`")).collect();
        let _ = write!(out, "The same equations, not repeated here, hold in {}.\n\n", said.join(", "));
    }
    out.push_str(&text.constants());
    out
}

/// Submodels whose quantities are named like those of an earlier one: the copy, and what it repeats.
fn repeats(model: &Model) -> BTreeMap<String, String> {
    let mut parts: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for var in model.vars.iter() {
        if let Some((part, rest)) = var.name.split_once('.') {
            parts.entry(part).or_default().insert(rest);
        }
    }
    let stem = |part: &str| part.trim_end_matches(|c: char| c.is_ascii_digit()).to_string();
    let mut found = BTreeMap::new();
    for (part, names) in &parts {
        let first = parts.iter().find(|(other, same)| stem(other) == stem(part) && *same == names);
        if let Some((first, _)) = first.filter(|(first, _)| *first != part && stem(part) != **part) {
            found.insert((*part).to_string(), (*first).to_string());
        }
    }
    found
}

struct Text<'m> {
    model: &'m Model,
    repeats: &'m BTreeMap<String, String>,
}

impl Text<'_> {
    fn is_written(&self, name: &str) -> bool {
        name.split_once('.').is_none_or(|(part, _)| !self.repeats.contains_key(part))
    }

    fn expression(&self, node: NodeId) -> String {
        if self.model.graph.tree_size(node) > LONGEST {
            return "(too long to be shown)".to_string();
        }
        self.model.graph.infix(node, &|symbol| name(self.model, symbol))
    }

    fn vars(&self) -> impl Iterator<Item = (VarId, &hepatica_model::model::Var)> {
        self.model.vars.enumerate().filter(|(_, var)| self.is_written(&var.name))
    }

    fn steps(&self) -> String {
        let mut out = String::new();
        for reaction in &self.model.reactions {
            let title = &self.model.vars[reaction.var].name;
            if !self.is_written(title) {
                continue;
            }
            let arrow = if reaction.reversible { "->" } else { "=>" };
            let (from, to) = (self.side(&reaction.reactants), self.side(&reaction.products));
            let _ = writeln!(out, "{title}: {from} {arrow} {to}\n    {}", self.expression(reaction.law));
        }
        out
    }

    fn side(&self, side: &[Participant]) -> String {
        let terms = side.iter().map(|participant| {
            let species = &self.model.vars[participant.species].name;
            match self.model.number(participant.stoichiometry) {
                Some(1.0) => species.clone(),
                _ => format!("{} {species}", self.expression(participant.stoichiometry)),
            }
        });
        terms.collect::<Vec<_>>().join(" + ")
    }

    fn rates(&self) -> String {
        let rates = self.vars().filter_map(|(_, var)| var.rate.map(|rate| (var, rate)));
        rates.map(|(var, rate)| format!("{}' = {}\n", var.name, self.expression(rate))).collect()
    }

    fn definitions(&self) -> String {
        let rules = self.vars().filter(|(_, var)| !matches!(var.kind, VarKind::Reaction(_)));
        let rules = rules.filter_map(|(id, var)| self.model.definition(id).map(|rule| (var, rule)));
        rules.map(|(var, rule)| format!("{} := {}\n", var.name, self.expression(rule))).collect()
    }

    /// What is not zero at the start, among what changes.
    fn starts(&self) -> String {
        let moves = |(id, var): &(VarId, &hepatica_model::model::Var)| {
            var.rate.is_some() || self.model.changed_by_reactions(*id)
        };
        let starts = self.vars().filter(moves).filter_map(|(_, var)| var.initial.map(|node| (var, node)));
        let starts = starts.filter(|(_, node)| self.model.number(*node) != Some(0.0));
        starts.map(|(var, node)| format!("{} = {}\n", var.name, self.expression(node))).collect()
    }

    fn events(&self) -> String {
        let mut out = String::new();
        for event in self.model.events.iter().filter(|event| self.is_written(&event.name)) {
            let _ = writeln!(out, "{}: at {}", event.name, self.expression(event.trigger));
            for (var, value) in &event.assignments {
                let _ = writeln!(out, "    {} = {}", self.model.vars[*var].name, self.expression(*value));
            }
        }
        out
    }

    fn constants(&self) -> String {
        let mut rows = String::new();
        for (id, var) in self.vars() {
            let provenance = self.model.provenance(id);
            let (Some(standing), Some(initial)) = (provenance.status, var.initial) else { continue };
            let value =
                self.model.number(initial).map_or_else(|| self.expression(initial), |v| number::short(v, 6));
            let unit = var.unit.as_ref().map_or("", |unit| unit.shown.as_str());
            let range = provenance.range.map_or(String::new(), |(low, high)| number::range(low, high, 3));
            let evidence = provenance.evidence.join(", ");
            let _ = writeln!(
                rows,
                "| `{}` | {value} | {unit} | {} | {range} | {evidence} |",
                var.name,
                standing.word()
            );
        }
        if rows.is_empty() {
            return rows;
        }
        format!(
            "### Constants\n\n| constant | value | unit | standing | range | evidence |\n|---|---|---|---|---|---|\n{rows}"
        )
    }
}
