//! A flat, checked model: what a writer prints and [`crate::lower()`] turns into equations.
//!
//! All expressions are nodes of one graph over `Symbol::Time`, `Symbol::Var(k)` with `k` a [`VarId`], and
//! `Symbol::Delayed(k)`, one of [`Model::delays`]. A name stands for the same quantity everywhere: a species for its concentration (amount over compartment size)
//! unless [`Species::substance_only`], a reaction for its rate. Rules are kept as they were written.

use hepatica_expr::{Graph, IdVec, NodeId, define_id};
use hepatica_source::Span;
use hepatica_unit::Unit;

define_id! {
    /// A variable of a [`Model`].
    VarId
}

/// A flat, checked model.
#[derive(Clone, Debug, Default)]
pub struct Model {
    /// Name of the main module.
    pub name: String,
    /// What is shown to people instead of the name.
    pub display_name: Option<String>,
    /// What is said about the model as a whole.
    pub annotations: Vec<Annotation>,
    /// All expressions.
    pub graph: Graph,
    /// Every named quantity, in the order of declaration.
    pub vars: IdVec<VarId, Var>,
    /// The reactions, in the order of declaration.
    pub reactions: Vec<Reaction>,
    /// The events, in the order of declaration.
    pub events: Vec<Event>,
    /// The algebraic rules, in the order of declaration.
    pub algebraic: Vec<AlgebraicRule>,
    /// Values of the past that expressions read as `Symbol::Delayed(k)`, with `k` the position here; a delay reads only
    /// those before it.
    pub delays: Vec<Delay>,
    /// The units of what has no name of its own.
    pub units: ModelUnits,
    /// The units the model defines, by their full names, in the order of definition.
    pub unit_definitions: Vec<UnitDefinition>,
}

/// The units a model counts in, where it says so.
#[derive(Clone, Debug, Default)]
pub struct ModelUnits {
    /// Of amounts of species.
    pub substance: Option<NamedUnit>,
    /// Of what reactions have turned over.
    pub extent: Option<NamedUnit>,
    /// Of compartments.
    pub volume: Option<NamedUnit>,
    /// Of two-dimensional compartments.
    pub area: Option<NamedUnit>,
    /// Of one-dimensional compartments.
    pub length: Option<NamedUnit>,
    /// Of time.
    pub time: Option<NamedUnit>,
}

/// A unit, and how it is written.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedUnit {
    /// The unit.
    pub unit: Unit,
    /// The name the model gives it, e.g. `umol_per_L`; the same as `shown` where it gives none.
    pub written: String,
    /// For people, e.g. `umol/L`.
    pub shown: String,
}

/// `unit uM = 1e-6 mole / litre`.
#[derive(Clone, Debug, PartialEq)]
pub struct UnitDefinition {
    /// Its full name.
    pub name: String,
    /// What it means.
    pub unit: Unit,
}

/// `0 = e`.
#[derive(Clone, Debug)]
pub struct AlgebraicRule {
    /// The name of the rule, where it has one.
    pub name: Option<String>,
    /// What is zero at all times.
    pub residual: NodeId,
    /// Where it stands.
    pub span: Span,
}

/// `delay(value, lag)`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Delay {
    /// What is looked up.
    pub value: NodeId,
    /// How long ago.
    pub lag: NodeId,
}

/// How an algebraic rule determines a variable.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Determined {
    /// The rule is linear in the variable with a factor that is constant between events: it says this value.
    Solved(NodeId),
    /// The rule with this index in [`Model::algebraic`] has to be solved numerically.
    Implicit(usize),
}

/// A named quantity.
#[derive(Clone, Debug)]
pub struct Var {
    /// Its full name, dots between submodels.
    pub name: String,
    /// What is shown to people instead of the name.
    pub display_name: Option<String>,
    /// What it is.
    pub kind: VarKind,
    /// Its unit as it stands in mathematics (a concentration for a species), declared or inferred.
    pub unit: Option<NamedUnit>,
    /// It never changes.
    pub constant: bool,
    /// Its value at time zero, unless a rule gives it.
    pub initial: Option<NodeId>,
    /// Its value at all times.
    pub rule: Option<NodeId>,
    /// Its rate of change.
    pub rate: Option<NodeId>,
    /// What an algebraic rule says of it.
    pub determined: Option<Determined>,
    /// How it differs between subjects, or how sure its value is.
    pub uncertainty: Uncertainty,
    /// What is said about it.
    pub annotations: Vec<Annotation>,
    /// Where it is first named; `None` for the implicit compartment.
    pub span: Option<Span>,
    /// Where its value, rule, rate or rate law stands.
    pub defined: Option<Span>,
}

/// What a [`Var`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VarKind {
    /// A volume.
    Compartment(Compartment),
    /// An amount of substance in a compartment.
    Species(Species),
    /// Any other quantity.
    Parameter,
    /// The rate of a reaction; the index into [`Model::reactions`].
    Reaction(usize),
    /// `rateOf(x)`: the rate of change of a variable that follows no rule. It is no quantity of its own.
    RateOf(VarId),
}

/// What is particular to a compartment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Compartment {
    /// It was not written: the compartment of size 1 of species without one.
    pub implicit: bool,
}

/// What is particular to a species.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Species {
    /// Where it is.
    pub compartment: VarId,
    /// Its name means the amount, not the concentration.
    pub substance_only: bool,
    /// Reactions do not change it.
    pub boundary: bool,
    /// A reaction changes its amount by this constant times its extent.
    pub conversion_factor: Option<VarId>,
}

/// A reaction.
#[derive(Clone, Debug)]
pub struct Reaction {
    /// The variable that is its rate; carries name, unit and annotations.
    pub var: VarId,
    /// Left side, in the order written.
    pub reactants: Vec<Participant>,
    /// Right side, in the order written.
    pub products: Vec<Participant>,
    /// Written with `->`. Kept for writers; it does not change the rate.
    pub reversible: bool,
    /// It is always in equilibrium.
    pub fast: bool,
    /// Rate in extent per time.
    pub law: NodeId,
    /// `in C`.
    pub compartment: Option<VarId>,
}

/// A species in a reaction.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Participant {
    /// The species.
    pub species: VarId,
    /// How much of it one extent turns over: a number, or an expression that may change with time.
    pub stoichiometry: NodeId,
}

/// An event.
#[derive(Clone, Debug)]
pub struct Event {
    /// Its full name.
    pub name: String,
    /// What is shown to people instead of the name.
    pub display_name: Option<String>,
    /// The condition.
    pub trigger: NodeId,
    /// Time between trigger and execution.
    pub delay: Option<NodeId>,
    /// Which of several simultaneous events goes first: the highest.
    pub priority: Option<NodeId>,
    /// The trigger's value before time zero.
    pub initial_value: bool,
    /// Assigned values are those at the trigger, not at the execution.
    pub values_from_trigger: bool,
    /// It executes although the trigger became false during the delay.
    pub persistent: bool,
    /// What is set to what, each as its name stands in mathematics.
    pub assignments: Vec<(VarId, NodeId)>,
    /// Where it stands.
    pub span: Span,
}

/// What a model says about the spread of a value.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Uncertainty {
    /// Its distribution.
    pub distribution: Option<Distribution>,
    /// Its mean.
    pub mean: Option<NodeId>,
    /// Its standard deviation.
    pub stdev: Option<NodeId>,
    /// The values it may take.
    pub range: Option<(NodeId, NodeId)>,
    /// Anything else by its attribute's name, e.g. `median`, `confidenceInterval`, in the order written.
    pub others: Vec<(String, Vec<NodeId>)>,
}

/// A named distribution with its arguments in the order written, e.g. `normal(mean, sd)`.
#[derive(Clone, Debug, PartialEq)]
pub struct Distribution {
    /// `normal`, `lognormal`, `uniform` ...
    pub name: String,
    /// The arguments.
    pub arguments: Vec<NodeId>,
}

/// A link from a quantity to the outside: `x description "https://identifiers.org/doi/.."`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Annotation {
    /// `identity`, `description` ...
    pub qualifier: String,
    /// The link.
    pub uri: String,
    /// Where it stands.
    pub span: Span,
}

impl Model {
    /// What gives a variable its value at all times: its rule, the rate law of a reaction, or a solved algebraic rule.
    pub fn definition(&self, id: VarId) -> Option<NodeId> {
        let var = self.vars.get(id)?;
        match (var.kind, var.determined) {
            (VarKind::Reaction(index), _) => self.reactions.get(index).map(|reaction| reaction.law),
            (_, Some(Determined::Solved(node))) => Some(node),
            _ => var.rule,
        }
    }

    /// The variable with this full name.
    pub fn find(&self, name: &str) -> Option<VarId> {
        self.vars.enumerate().find(|(_, var)| var.name == name).map(|(id, _)| id)
    }

    /// The value of an expression that is a plain number.
    pub fn number(&self, node: NodeId) -> Option<f64> {
        self.graph.as_number(node)
    }

    /// The species data of a variable, if it is one.
    pub fn species(&self, id: VarId) -> Option<Species> {
        match self.vars.get(id)?.kind {
            VarKind::Species(species) => Some(species),
            _ => None,
        }
    }

    /// Whether reactions change the variable.
    pub fn changed_by_reactions(&self, id: VarId) -> bool {
        let free = self.species(id).is_some_and(|s| !s.boundary) && !self.vars[id].constant;
        free && self.reactions.iter().any(|r| r.participants().any(|p| p.species == id))
    }
}

impl Reaction {
    /// Both sides, the left first.
    pub fn participants(&self) -> impl Iterator<Item = &Participant> {
        self.reactants.iter().chain(&self.products)
    }
}
