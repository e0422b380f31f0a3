//! What to simulate.

use std::sync::Arc;

use hepatica_lanes::Isa;
use hepatica_model::system::{StateId, Target};

/// One patient under one course of doses.
#[derive(Clone, Debug, Default)]
pub struct Scenario {
    /// Values that replace those of the model at time zero.
    pub overrides: Vec<(Target, f64)>,
    /// Doses in the order they apply: by time, simultaneous ones as they stand.
    pub actions: Vec<TimedAction>,
    /// Times at which the states are recorded, ascending; the last is the end of the simulation.
    pub times: Arc<[f64]>,
    /// Seed of random choices: the order of simultaneous events of equal priority.
    pub seed: u64,
}

/// An action and when it applies, in the model's unit of time.
#[derive(Clone, Debug, PartialEq)]
pub struct TimedAction {
    /// When.
    pub t: f64,
    /// What.
    pub action: Action,
}

/// A sudden change of a lane that comes from outside the model.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// An amount is added to a state.
    Add {
        /// The state.
        state: StateId,
        /// The amount, in the state's unit.
        amount: f64,
    },
    /// From now on a state has a zero-order input of this rate in all, whatever it was before.
    SetRate {
        /// The state.
        state: StateId,
        /// The rate, in the state's unit per unit of time.
        rate: f64,
    },
    /// All states return to their values at time zero and all infusions stop.
    Reset,
    /// A state takes a value.
    Replace {
        /// The state.
        state: StateId,
        /// The value.
        amount: f64,
    },
    /// The states become, or grow by, the steady state of doses given for ever.
    SteadyState(Arc<SteadyState>),
}

/// Doses given for ever.
#[derive(Clone, Debug, PartialEq)]
pub struct SteadyState {
    /// Length of a cycle; positive.
    pub interval: f64,
    /// What happens in a cycle; times count from its start, are within it and ascend. Only [`Action::Add`] and
    /// [`Action::SetRate`] make sense here. Rates are sums over all doses that run, those of earlier cycles included.
    pub cycle: Vec<TimedAction>,
    /// Where in the cycle the wanted state is: in `(0, interval]` after its start, with the actions at the start
    /// included. Zero or below: before it, by following the state just after the actions at the start backwards
    /// at their rates, as NONMEM does for a lag longer than the interval.
    pub advance: f64,
    /// The steady state, reached from a state of zero, is added to the present state (`SS=2`) instead of
    /// replacing it by what is reached from the values at time zero (`SS=1`).
    pub add: bool,
}

/// How to simulate. All numbers are visible here; nothing else tunes a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// Relative tolerance of a step.
    pub rtol: f64,
    /// Absolute tolerance of a step, in the unit of each state.
    pub atol: f64,
    /// What the absolute tolerance of each state is multiplied with, above zero; one for every state when empty. For
    /// amounts in compartments that are far smaller than one.
    pub atol_scale: Arc<[f64]>,
    /// Steps one lane may try between two doses before it is given up.
    pub max_steps: u32,
    /// Threads; results do not depend on it.
    pub threads: usize,
    /// Instruction set; results do not depend on it.
    pub isa: Isa,
}

impl Default for Options {
    /// `rtol` 1e-6 and `atol` 1e-9: about five digits in every output of the human model, whose states are of
    /// the order of 1e-3 to 1e5; measured against runs at 1e-11.
    fn default() -> Self {
        let atol_scale = Arc::from([]);
        Options { rtol: 1e-6, atol: 1e-9, atol_scale, max_steps: 100_000, threads: 1, isa: Isa::Baseline }
    }
}
