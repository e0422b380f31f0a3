//! What a kernel compiles: dense ids and one expression graph.
//!
//! All expressions of a [`System`] are over `Symbol::Time`, `Symbol::State(i)` and `Symbol::Param(j)`, with `i`
//! a [`StateId`] and `j` a [`ParamId`], and `Symbol::Delayed(k)`, one of its delays. Assignment rules are already
//! substituted.

use hepatica_expr::{Graph, IdVec, NodeId, define_id};

define_id! {
    /// A state of a [`System`].
    StateId
}
define_id! {
    /// A parameter of a [`System`]: constant between events, settable per patient.
    ParamId
}
define_id! {
    /// An output of a [`System`].
    OutputId
}

/// A system of differential equations with its events and outputs.
#[derive(Clone, Debug)]
pub struct System {
    /// The model it came from.
    pub name: String,
    /// All expressions.
    pub graph: Graph,
    /// The states: species as amounts, and variables with a rate rule.
    pub states: IdVec<StateId, State>,
    /// The parameters.
    pub params: IdVec<ParamId, Param>,
    /// Time derivative of each state.
    pub rhs: IdVec<StateId, NodeId>,
    /// The structurally nonzero entries of the Jacobian, sorted by row then column.
    pub jacobian: Vec<JacobianEntry>,
    /// Explicit time derivative of each right-hand side.
    pub dfdt: IdVec<StateId, NodeId>,
    /// Diagonal of the mass matrix; `None` is the identity. The equation of a state of mass zero is an algebraic one.
    pub mass: Option<IdVec<StateId, f64>>,
    /// Values of the past that expressions read as `Symbol::Delayed(k)`, with `k` the position here.
    pub delays: Vec<Delay>,
    /// The states that fast reactions change at once, as they are counted here: the others of their species are totals that
    /// fast reactions leave alone.
    pub fast: Vec<Fast>,
    /// The derivatives of [`Fast::flow`] by the states of `fast`.
    pub fast_jacobian: Vec<JacobianEntry>,
    /// The states that are no amounts but totals that fast reactions leave alone. Values at time zero, what events set
    /// and what doses add are amounts all the same.
    pub totals: Vec<Total>,
    /// Values at time zero, in an order in which each needs only earlier ones.
    /// A target that does not stand here has no value and must be given by the caller.
    pub initial: Vec<(Target, NodeId)>,
    /// Everything that can be reported, by name: states, species concentrations, rules, reaction rates, parameters.
    pub outputs: IdVec<OutputId, Output>,
    /// The events.
    pub events: Vec<Event>,
    /// Moments at which a condition of an event or an equation changes with time alone.
    pub switches: Vec<Switch>,
    /// A condition of an event depends on time in another way than [`System::switches`] says, so that the steps of a
    /// solution say nothing about when it changes.
    pub is_restless: bool,
}

/// A condition on time: it changes where `offset + slope * time` is zero.
///
/// Both are constant between events and switches. They may themselves ask for the time, to know which part of a
/// periodic function it is in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Switch {
    /// The value that the line of now has at time zero.
    pub offset: NodeId,
    /// Its change per unit of time.
    pub slope: NodeId,
}

/// A value of the past: what `value` was `lag` ago.
///
/// Before time zero states and parameters have the values that the expressions of [`System::initial`] give at that time.
/// In [`System::dfdt`] `Symbol::Delayed(n + k)`, with `n` the number of delays, is the time derivative of the `k`-th
/// delayed value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Delay {
    /// How long ago; not negative.
    pub lag: NodeId,
    /// What is looked up, over time, states, parameters and delayed values of then.
    pub value: NodeId,
    /// The same before time zero, when nothing moves: rates of change are zero.
    pub before: NodeId,
}

/// A state that fast reactions change, at a rate that exceeds every other one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fast {
    /// The state.
    pub state: StateId,
    /// What the fast reactions do to it by their rate laws; in equilibrium it is zero.
    pub flow: NodeId,
}

/// The amount behind a state is the state plus, for each of its totals, `factor` times the pivot.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Total {
    /// The state.
    pub state: StateId,
    /// One of the states of [`System::fast`].
    pub pivot: StateId,
    /// How much of the state one of the pivot takes, which is constant between events.
    pub factor: NodeId,
}

/// Something that has a value per patient.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Target {
    /// A state.
    State(StateId),
    /// A parameter.
    Param(ParamId),
}

/// A state.
#[derive(Clone, Debug)]
pub struct State {
    /// Its full name, dots between submodels.
    pub name: String,
    /// Its unit as text for people, e.g. `umol`; empty when the model does not say.
    pub unit: String,
}

/// A parameter.
#[derive(Clone, Debug)]
pub struct Param {
    /// Its full name.
    pub name: String,
    /// Its unit as text for people.
    pub unit: String,
}

/// One entry of the Jacobian.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct JacobianEntry {
    /// The equation.
    pub row: StateId,
    /// The state derived by.
    pub col: StateId,
    /// The derivative.
    pub node: NodeId,
}

/// Something that can be reported.
#[derive(Clone, Debug)]
pub struct Output {
    /// Its full name.
    pub name: String,
    /// Its value.
    pub node: NodeId,
    /// Its unit as text for people.
    pub unit: String,
}

/// An event.
#[derive(Clone, Debug)]
pub struct Event {
    /// Its name.
    pub name: String,
    /// The condition, 0 or 1.
    pub trigger: NodeId,
    /// Continuous functions; the trigger can change only where one of them changes sign.
    pub roots: Vec<NodeId>,
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
    /// What is set to what.
    pub assignments: Vec<Assignment>,
}

/// What an event sets.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Assignment {
    /// What is set.
    pub target: Target,
    /// The value, at the trigger or at the execution.
    pub value: NodeId,
    /// What the value is multiplied with at the execution, before anything is set: the size of the compartment, where the
    /// value is a concentration and the target an amount.
    pub factor: Option<NodeId>,
}

impl System {
    /// The state of this name. The state is an amount also where the name means a concentration.
    pub fn find_state(&self, name: &str) -> Option<StateId> {
        self.states.enumerate().find(|(_, state)| state.name == name).map(|(id, _)| id)
    }

    /// The parameter of this name.
    pub fn find_param(&self, name: &str) -> Option<ParamId> {
        self.params.enumerate().find(|(_, param)| param.name == name).map(|(id, _)| id)
    }

    /// The output of this name: a variable as its name stands in mathematics, `amount(S)` or `concentration(S)`.
    pub fn find_output(&self, name: &str) -> Option<OutputId> {
        self.outputs.enumerate().find(|(_, output)| output.name == name).map(|(id, _)| id)
    }
}
