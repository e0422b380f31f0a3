//! A model -> its pathway as a network: what is turned into what, and what acts on each step.
//!
//! Nothing is written twice: steps are the reactions of the model, and an influence is drawn where a rate depends on a
//! quantity, with the direction in which the rate moves when the quantity does.

use std::collections::BTreeMap;

use hepatica_expr::NodeId;
use hepatica_model::model::{Model, VarId};
use hepatica_report::{Figure, Link, Network, Node, Shape, Status};

use crate::influence::{Direction, Influences};

/// The pathway of a model, or of its submodel `part`, as a figure of its own width.
pub struct Pathway {
    /// The figure.
    pub figure: Figure,
    /// The width in pixels at which it is drawn at full size.
    pub width_px: f64,
}

impl Pathway {
    /// The complete SVG document.
    pub fn svg(&self) -> String {
        self.figure.svg(self.width_px)
    }
}

/// A quantity that acts on more steps than this is named below the figure instead of drawn to each of them.
const MOST_STEPS: usize = 6;

/// Draws a model, or a part of it; `None` where nothing in the part changes.
pub fn draw(model: &Model, part: Option<&str>, title: &str) -> Option<Pathway> {
    let (network, everywhere) = network(model, part);
    if network.is_empty() {
        return None;
    }
    let width_px = network.width() + 30.0;
    let mut caption = "Drawn from the equations. The colour of a step, or of a box without steps, is the weakest standing among its constants; hypotheses are off unless a study switches them on.".to_string();
    if !everywhere.is_empty() {
        caption += &format!(" Acts on many steps and is not drawn to them: {}.", everywhere.join(", "));
    }
    let figure = Figure::new(title).caption(caption).panel(network);
    Some(Pathway { figure, width_px })
}

/// The network of a model or of a part of it, and what acts on so many steps that it is not drawn to them.
fn network(model: &Model, part: Option<&str>) -> (Network, Vec<String>) {
    let mut drawing = Drawing {
        model,
        part,
        influences: Influences::new(model),
        network: Network::new(),
        nodes: BTreeMap::new(),
        acts: Vec::new(),
    };
    for reaction in 0..model.reactions.len() {
        if drawing.is_inside(model.reactions[reaction].var) {
            drawing.reaction(reaction);
        }
    }
    for (id, var) in model.vars.enumerate() {
        if let Some(rate) = var.rate
            && drawing.is_inside(id)
        {
            let at = drawing.node_of(id);
            drawing.acts_on((at, false), rate, &[id]);
        }
    }
    drawing.close();
    let everywhere = drawing.connect();
    (drawing.network, everywhere)
}

/// Whether a full name belongs to a submodel.
pub(crate) fn is_inside(name: &str, part: &str) -> bool {
    name.strip_prefix(part).is_some_and(|rest| rest.starts_with('.'))
}

/// A quantity acts on a node.
struct Acts {
    what: VarId,
    on: usize,
    on_a_step: bool,
    direction: Direction,
}

struct Drawing<'m> {
    model: &'m Model,
    part: Option<&'m str>,
    influences: Influences<'m>,
    network: Network,
    nodes: BTreeMap<VarId, usize>,
    acts: Vec<Acts>,
}

impl Drawing<'_> {
    fn is_inside(&self, id: VarId) -> bool {
        self.part.is_none_or(|part| is_inside(&self.model.vars[id].name, part))
    }

    fn reaction(&mut self, index: usize) {
        let model = self.model;
        let reaction = &model.reactions[index];
        let side = |side: &[hepatica_model::model::Participant]| -> Vec<VarId> {
            let mut ids: Vec<VarId> = side.iter().map(|p| p.species).collect();
            ids.dedup();
            ids
        };
        let (from, to) = (side(&reaction.reactants), side(&reaction.products));
        // What is used up speeds its own step up; what comes of a step that runs both ways slows it down.
        let own: Vec<VarId> =
            if reaction.reversible { from.iter().chain(&to).copied().collect() } else { from.clone() };
        let others = self.influences.of(reaction.law, &own);
        let status = self.influences.standing(reaction.law);
        let ends = (from.as_slice(), to.as_slice());
        if others.is_empty() {
            match ends {
                ([a], [b]) => {
                    let (a, b) = (self.node_of(*a), self.node_of(*b));
                    self.network.link(a, b, Link::Flow, status);
                    return;
                }
                ([a], []) => return self.opens(*a, false),
                ([], [b]) => return self.opens(*b, true),
                _ => {}
            }
        }
        let (label, detail) = (label(model, reaction.var), self.influences.text(reaction.law));
        let step = self
            .network
            .node(Node::new(Shape::Step, label.clone()).detail(format!("{label}: {detail}")).status(status));
        for id in &from {
            let node = self.node_of(*id);
            self.network.link(node, step, Link::Flow, status);
        }
        for id in &to {
            let node = self.node_of(*id);
            self.network.link(step, node, Link::Flow, status);
        }
        self.note((step, true), others);
    }

    /// Marks a node as supplied from outside, or losing to it.
    fn opens(&mut self, id: VarId, gains: bool) {
        let at = self.node_of(id);
        self.network.mark(at, gains, !gains);
    }

    fn acts_on(&mut self, on: (usize, bool), law: NodeId, own: &[VarId]) {
        let found = self.influences.of(law, own);
        self.note(on, found);
    }

    /// Takes note of what acts on a node.
    fn note(&mut self, (on, on_a_step): (usize, bool), found: Vec<(VarId, Direction)>) {
        for (what, direction) in found {
            self.acts.push(Acts { what, on, on_a_step, direction });
        }
    }

    /// Quantities of the part that follow from others are connected with them, until nothing new is named.
    fn close(&mut self) {
        let mut next = 0;
        while next < self.acts.len() {
            let id = self.acts[next].what;
            next += 1;
            let is_new = !self.nodes.contains_key(&id);
            let at = self.node_of(id);
            let is_rule = self.model.vars[id].rate.is_none() && !self.model.changed_by_reactions(id);
            if let Some(rule) = self.model.definition(id)
                && is_new
                && is_rule
                && (self.part.is_none() || self.is_inside(id))
            {
                self.acts_on((at, false), rule, &[id]);
            }
        }
    }

    /// Draws what acts on what; gives the labels of what acts on too many steps.
    fn connect(&mut self) -> Vec<String> {
        let steps = |what: VarId| self.acts.iter().filter(|a| a.what == what && a.on_a_step).count();
        let everywhere: Vec<VarId> =
            self.nodes.keys().copied().filter(|id| steps(*id) > MOST_STEPS).collect();
        for acts in std::mem::take(&mut self.acts) {
            if acts.on_a_step && everywhere.contains(&acts.what) {
                continue;
            }
            let link = match acts.direction.sign {
                1 => Link::Promotes,
                -1 => Link::Inhibits,
                _ => Link::Acts,
            };
            let node = self.node_of(acts.what);
            self.network.link(node, acts.on, link, acts.direction.hypothesis.then_some(Status::Hypothesis));
        }
        everywhere.into_iter().map(|id| label(self.model, id)).collect()
    }

    fn node_of(&mut self, id: VarId) -> usize {
        if let Some(at) = self.nodes.get(&id) {
            return *at;
        }
        let var = &self.model.vars[id];
        let flows = self.model.species(id).is_some();
        let shape = if flows { Shape::Pool } else { Shape::Quantity };
        let law = var.rate.or(self.model.definition(id));
        let status =
            law.map_or_else(|| self.model.provenance(id).status, |law| self.influences.standing(law));
        let status = if flows && var.rate.is_none() { None } else { status };
        let detail = law
            .map_or_else(|| var.name.clone(), |law| format!("{}: {}", var.name, self.influences.text(law)));
        let node = Node::new(shape, label(self.model, id)).detail(detail).status(status);
        let at = self.network.node(node);
        self.nodes.insert(id, at);
        at
    }
}

/// A quantity for people: its display name without the unit, else its name in words with the submodel behind it.
fn label(model: &Model, id: VarId) -> String {
    let var = &model.vars[id];
    if let Some(name) = &var.display_name {
        return match name.rfind(" (") {
            Some(at) if name.ends_with(')') => name[..at].to_string(),
            _ => name.clone(),
        };
    }
    let (place, name) = var.name.rsplit_once('.').unwrap_or(("", &var.name));
    let words = name.replace('_', " ");
    match place.rsplit('.').next().unwrap_or("") {
        "" => words,
        place => format!("{words} ({place})"),
    }
}
