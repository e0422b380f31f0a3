//! A compiled system.

use std::sync::Arc;

use hepatica_expr::eval::Evaluator;
use hepatica_expr::{NodeId, Symbol};
use hepatica_model::system::{OutputId, System, Target};

use crate::initial::{Initial, InitialError, InitialProgram};
use crate::program::Program;

/// A compiled system: its tapes, its values at time zero and the scalar evaluation of its event expressions.
///
/// It never changes; many blocks on many threads share one.
#[derive(Clone, Debug)]
pub struct Kernel {
    system: Arc<System>,
    program: Program,
    initial: InitialProgram,
    outputs: Vec<OutputId>,
}

/// Where an expression is evaluated for one patient.
#[derive(Clone, Copy, Debug)]
pub struct Point<'a> {
    /// Time.
    pub t: f64,
    /// The states.
    pub y: &'a [f64],
    /// The parameters.
    pub p: &'a [f64],
}

impl Kernel {
    pub(crate) fn new(
        system: Arc<System>,
        program: Program,
        initial: InitialProgram,
        outputs: Vec<OutputId>,
    ) -> Self {
        Kernel { system, program, initial, outputs }
    }

    /// The system it was compiled from.
    pub fn system(&self) -> &Arc<System> {
        &self.system
    }

    /// Its tapes.
    pub fn program(&self) -> &Program {
        &self.program
    }

    /// The outputs that the output tape computes, in its order.
    pub fn outputs(&self) -> &[OutputId] {
        &self.outputs
    }

    /// The number of states.
    pub fn n_states(&self) -> usize {
        self.program.n_states()
    }

    /// The number of parameters.
    pub fn n_params(&self) -> usize {
        self.program.n_params()
    }

    /// The full name of a state or parameter; empty when there is none.
    pub fn name(&self, target: Target) -> &str {
        Kernel::name_in(&self.system, target)
    }

    pub(crate) fn name_in(system: &System, target: Target) -> &str {
        match target {
            Target::State(id) => system.states.get(id).map_or("", |state| &state.name),
            Target::Param(id) => system.params.get(id).map_or("", |param| &param.name),
        }
    }

    /// The values of one patient at time zero: those of the model in order, where an override replaces the
    /// expression of its target, and everything computed from the target sees it.
    ///
    /// # Errors
    /// Targets that neither the model nor an override gives a value, and overrides of unknown targets.
    pub fn initial(&self, overrides: &[(Target, f64)]) -> Result<Initial, InitialError> {
        self.initial.run(overrides, |target| self.name(target).to_owned())
    }

    /// The values of expressions of the system for one patient, by the scalar interpreter of the graph: delays,
    /// priorities and assigned values of events. `scratch` is reused between calls.
    pub fn eval_scalar(&self, scratch: &mut Evaluator, nodes: &[NodeId], at: Point<'_>) -> Vec<f64> {
        let env = |symbol: Symbol| match symbol {
            Symbol::Time => at.t,
            Symbol::State(i) => at.y.get(i as usize).copied().unwrap_or(f64::NAN),
            Symbol::Param(i) => at.p.get(i as usize).copied().unwrap_or(f64::NAN),
            Symbol::Var(_) => f64::NAN,
        };
        scratch.eval(&self.system.graph, &env, nodes)
    }
}
