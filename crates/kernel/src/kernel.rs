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
    /// Values of the past, as [`System::delays`] lists them, then their time derivatives.
    pub d: &'a [f64],
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
        self.initial_at(overrides, 0.0)
    }

    /// As [`Kernel::initial`], with another time in the expressions: what a model says of the time before it begins.
    ///
    /// # Errors
    /// As [`Kernel::initial`].
    pub fn initial_at(&self, overrides: &[(Target, f64)], t: f64) -> Result<Initial, InitialError> {
        let mut initial = self.initial.run(overrides, t, |target| self.name(target).to_owned())?;
        self.to_states(&mut Evaluator::default(), &mut initial.y0, &initial.params);
        Ok(initial)
    }

    /// Turns the amounts of all states into the states: totals of fast reactions instead of amounts.
    pub fn to_states(&self, scratch: &mut Evaluator, y: &mut [f64], p: &[f64]) {
        self.shift(scratch, (y, p), -1.0);
    }

    /// Turns states into amounts, as [`Kernel::to_states`] turns them back.
    pub fn to_amounts(&self, scratch: &mut Evaluator, y: &mut [f64], p: &[f64]) {
        self.shift(scratch, (y, p), 1.0);
    }

    fn shift(&self, scratch: &mut Evaluator, (y, p): (&mut [f64], &[f64]), sign: f64) {
        for total in &self.system.totals {
            let factor = self.eval_scalar(scratch, total.factor, Point { t: 0.0, y, p, d: &[] });
            let pivot = y.get(total.pivot.0 as usize).copied().unwrap_or(f64::NAN);
            if let Some(state) = y.get_mut(total.state.0 as usize) {
                *state += sign * factor * pivot;
            }
        }
    }

    /// The value of an expression of the system for one patient, by the scalar interpreter of the graph: a delay, a
    /// priority or an assigned value of an event. `scratch` is reused between calls; after the first nothing is
    /// allocated.
    pub fn eval_scalar(&self, scratch: &mut Evaluator, node: NodeId, at: Point<'_>) -> f64 {
        scratch.eval_one(&self.system.graph, &|symbol| at.value(symbol), node)
    }

    /// The values of several expressions of the system for one patient.
    pub fn eval_scalars(&self, scratch: &mut Evaluator, nodes: &[NodeId], at: Point<'_>) -> Vec<f64> {
        scratch.eval(&self.system.graph, &|symbol| at.value(symbol), nodes)
    }
}

impl Point<'_> {
    /// The value of a free variable; NaN for one that the point does not have.
    fn value(&self, symbol: Symbol) -> f64 {
        let value = match symbol {
            Symbol::Time => Some(&self.t),
            Symbol::State(i) => self.y.get(i as usize),
            Symbol::Param(i) => self.p.get(i as usize),
            Symbol::Delayed(i) => self.d.get(i as usize),
            Symbol::Var(_) => None,
        };
        value.copied().unwrap_or(f64::NAN)
    }
}
