//! Values at time zero.

use std::fmt;

use hepatica_expr::index::Id;
use hepatica_expr::{Node, NodeId, Op, Symbol};
use hepatica_model::system::{ParamId, StateId, System, Target};

/// The values of one patient at time zero.
#[derive(Clone, Debug, PartialEq)]
pub struct Initial {
    /// The states.
    pub y0: Vec<f64>,
    /// The parameters.
    pub params: Vec<f64>,
}

/// Why a patient has no values at time zero.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InitialError {
    /// The model gives these no value and the caller neither.
    Missing {
        /// Their names, in the order of the system.
        names: Vec<String>,
    },
    /// The caller gives a value for something the system does not have.
    UnknownTarget(Target),
}

impl fmt::Display for InitialError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            InitialError::Missing { names } => {
                write!(f, "no value at time zero for `{}`; give one", names.join("`, `"))
            }
            InitialError::UnknownTarget(target) => write!(f, "the system has no {target:?}"),
        }
    }
}

impl std::error::Error for InitialError {}

/// One step; values are numbered in the order they are computed.
#[derive(Clone, Copy, Debug)]
enum Step {
    Number(f64),
    /// The time, which is zero but for a look before the beginning.
    Time,
    /// The value of a target, by its position.
    Read(u32),
    Apply(Op, [u32; 3]),
    /// Gives a target the value of a step, unless the caller gave it one.
    Assign(u32, u32),
}

/// The initial values of a system as steps for the scalar operations of the expression graph.
#[derive(Clone, Debug)]
pub(crate) struct InitialProgram {
    steps: Vec<Step>,
    /// Whether the system gives each target a value; states come first, then parameters.
    assigned: Vec<bool>,
    n_states: u32,
}

impl InitialProgram {
    /// Puts the initial values of a system in steps.
    ///
    /// # Errors
    /// A target whose value reads another one that is assigned later.
    pub(crate) fn new(system: &System) -> Result<Self, Target> {
        let n_states = system.states.len() as u32;
        let mut writer = Writer {
            system,
            program: InitialProgram {
                steps: Vec::new(),
                assigned: vec![false; system.states.len() + system.params.len()],
                n_states,
            },
            memo: vec![None; system.graph.len()],
            later: vec![false; system.states.len() + system.params.len()],
        };
        for (target, _) in &system.initial {
            let position = writer.program.position(*target).ok_or(*target)?;
            writer.later[position] = true;
        }
        for (target, node) in &system.initial {
            writer.write(*target, *node).ok_or(*target)?;
        }
        Ok(writer.program)
    }

    fn position(&self, target: Target) -> Option<usize> {
        let (position, end) = match target {
            Target::State(StateId(i)) => (i as usize, self.n_states as usize),
            Target::Param(ParamId(i)) => (self.n_states as usize + i as usize, self.assigned.len()),
        };
        (position < end).then_some(position)
    }

    fn target(&self, position: usize) -> Target {
        match (position as u32).checked_sub(self.n_states) {
            None => Target::State(StateId(position as u32)),
            Some(param) => Target::Param(ParamId(param)),
        }
    }

    /// The values at time zero; an override replaces the expression of its target, and what is computed from the
    /// target sees it. Of several overrides of one target the last counts.
    ///
    /// # Errors
    /// Targets without a value, or overrides of unknown targets.
    pub(crate) fn run(
        &self,
        overrides: &[(Target, f64)],
        t: f64,
        name: impl Fn(Target) -> String,
    ) -> Result<Initial, InitialError> {
        let mut given = vec![false; self.assigned.len()];
        let mut targets = vec![f64::NAN; self.assigned.len()];
        for (target, value) in overrides {
            let position = self.position(*target).ok_or(InitialError::UnknownTarget(*target))?;
            given[position] = true;
            targets[position] = *value;
        }
        let missing = (0..given.len()).filter(|i| !given[*i] && !self.assigned[*i]);
        let names: Vec<String> = missing.map(|i| name(self.target(i))).collect();
        if !names.is_empty() {
            return Err(InitialError::Missing { names });
        }
        self.evaluate(t, &given, &mut targets);
        let params = targets.split_off(self.n_states as usize);
        Ok(Initial { y0: targets, params })
    }

    fn evaluate(&self, t: f64, given: &[bool], targets: &mut [f64]) {
        let mut values = vec![f64::NAN; self.steps.len()];
        for (k, step) in self.steps.iter().enumerate() {
            values[k] = match *step {
                Step::Number(value) => value,
                Step::Time => t,
                Step::Read(target) => targets[target as usize],
                Step::Apply(op, args) => {
                    let [a, b, c] = args.map(|a| values[a as usize]);
                    op.eval(a, b, c)
                }
                Step::Assign(target, value) => {
                    let target = target as usize;
                    if !given[target] {
                        targets[target] = values[value as usize];
                    }
                    targets[target]
                }
            };
        }
    }
}

struct Writer<'a> {
    system: &'a System,
    program: InitialProgram,
    /// The step of each expression that has one. A value never changes: a target is read only after its assignment.
    memo: Vec<Option<u32>>,
    /// Targets that are assigned further on.
    later: Vec<bool>,
}

impl Writer<'_> {
    /// Writes the steps of one target; `None` when it reads what is assigned later.
    fn write(&mut self, target: Target, node: NodeId) -> Option<()> {
        let value = self.value(node)?;
        let position = self.program.position(target)?;
        self.program.steps.push(Step::Assign(position as u32, value));
        self.program.assigned[position] = true;
        self.later[position] = false;
        Some(())
    }

    fn value(&mut self, root: NodeId) -> Option<u32> {
        let mut stack = vec![root];
        while let Some(&id) = stack.last() {
            if self.memo[id.index()].is_some() {
                stack.pop();
                continue;
            }
            let step = match self.system.graph.node(id) {
                Node::Number(bits) => Step::Number(f64::from_bits(bits)),
                Node::Symbol(symbol) => self.read(symbol)?,
                Node::Apply(op, args) => {
                    let waiting = stack.len();
                    stack.extend(args[..op.arity()].iter().filter(|a| self.memo[a.index()].is_none()));
                    if stack.len() > waiting {
                        continue;
                    }
                    let mut steps = [0; 3];
                    for (step, arg) in steps.iter_mut().zip(&args[..op.arity()]) {
                        *step = self.memo[arg.index()]?;
                    }
                    Step::Apply(op, steps)
                }
            };
            self.program.steps.push(step);
            self.memo[id.index()] = Some((self.program.steps.len() - 1) as u32);
            stack.pop();
        }
        self.memo[root.index()]
    }

    fn read(&self, symbol: Symbol) -> Option<Step> {
        let target = match symbol {
            Symbol::Time => return Some(Step::Time),
            Symbol::State(i) => Target::State(StateId(i)),
            Symbol::Param(i) => Target::Param(ParamId(i)),
            Symbol::Var(_) | Symbol::Delayed(_) => return None,
        };
        let position = self.program.position(target)?;
        (!self.later[position]).then_some(Step::Read(position as u32))
    }
}
