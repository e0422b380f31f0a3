//! Model events of one lane: triggers, delays, priorities, executions (SBML Level 3 Version 2 core, section 4.12).
//!
//! After everything that changes a lane its algebraic equations are made to hold and its fast reactions to rest, before
//! any trigger is looked at.

use std::sync::Arc;

use hepatica_expr::eval::Evaluator;
use hepatica_expr::{NodeId, SymbolKind};
use hepatica_kernel::{Kernel, Point};
use hepatica_model::system::{Event, Target};
use hepatica_stats::random::{Key, uniform};

use crate::past::Past;
use crate::settle::{Settle, Where};
use crate::timeline::Timeline;
use crate::trajectory::Failure;

/// Executions at one time before a lane is given up as a cascade without end.
const MAX_EXECUTIONS_AT_ONE_TIME: usize = 10_000;

/// Triggers and pending executions.
#[derive(Debug, Default)]
pub(crate) struct EventState {
    /// The last seen value of each trigger.
    pub(crate) triggers: Vec<bool>,
    pending: Vec<Pending>,
    /// Random numbers drawn so far.
    draws: u32,
}

/// An event that was triggered and waits for its time.
#[derive(Debug)]
struct Pending {
    event: usize,
    at: f64,
    /// Values assigned, when they are those at the trigger.
    values: Option<Vec<f64>>,
}

impl EventState {
    /// The earliest pending execution.
    pub(crate) fn next_execution(&self) -> f64 {
        self.pending.iter().map(|p| p.at).fold(f64::INFINITY, f64::min)
    }
}

/// A lane at a moment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment {
    /// The lane.
    pub(crate) lane: usize,
    /// The time.
    pub(crate) t: f64,
}

/// What evaluates the expressions of a model for one lane at a time.
pub(crate) struct Model<'a> {
    kernel: &'a Arc<Kernel>,
    triggers: Vec<NodeId>,
    /// Functions whose sign changes are where triggers may change.
    roots: Vec<NodeId>,
    switches_move: bool,
    settle: Option<Settle>,
    atol: f64,
    scratch: Evaluator,
    /// Values of the past at the moment last looked at; there is room for their time derivatives.
    pub(crate) delayed: Vec<f64>,
}

impl<'a> Model<'a> {
    pub(crate) fn new(kernel: &'a Arc<Kernel>, atol: f64) -> Self {
        let triggers = kernel.system().events.iter().map(|e| e.trigger).collect();
        let roots = kernel.system().events.iter().flat_map(|e| e.roots.iter().copied()).collect();
        let delayed = vec![f64::NAN; 2 * kernel.system().delays.len()];
        let is_timed = |node| kernel.system().graph.depends_on(node, SymbolKind::Time);
        let switches_move = kernel.system().switches.iter().any(|s| is_timed(s.offset) || is_timed(s.slope));
        Model {
            kernel,
            triggers,
            roots,
            switches_move,
            settle: Settle::new(kernel),
            atol,
            scratch: Evaluator::default(),
            delayed,
        }
    }

    fn events(&self) -> &'a [Event] {
        &self.kernel.system().events
    }

    pub(crate) fn has_no_events(&self) -> bool {
        self.triggers.is_empty()
    }

    /// Looks up the values of the past for what is evaluated next.
    pub(crate) fn look(&mut self, past: Option<&mut Past>, at: Moment, (y, p): (&[f64], &[f64])) {
        if let Some(past) = past {
            past.look(at.lane, at.t, (y, p), &mut self.delayed);
        }
    }

    /// Makes algebraic equations hold and fast reactions rest.
    pub(crate) fn settle(
        &mut self,
        past: Option<&mut Past>,
        at: Moment,
        (y, p): (&mut [f64], &[f64]),
    ) -> Result<(), Failure> {
        if self.settle.is_none() {
            return Ok(());
        }
        self.look(past, at, (y, p));
        let Model { kernel, settle, atol, scratch, delayed, .. } = self;
        let place = Where { t: at.t, p, d: delayed, atol: *atol };
        settle.as_ref().map_or(Ok(()), |settle| settle.run((kernel, scratch), place, y))
    }

    fn value(&mut self, node: NodeId, t: f64, (y, p): (&[f64], &[f64])) -> f64 {
        self.kernel.eval_scalar(&mut self.scratch, node, Point { t, y, p, d: &self.delayed })
    }

    /// The value of every trigger.
    pub(crate) fn triggers(&mut self, t: f64, (y, p): (&[f64], &[f64])) -> Vec<bool> {
        let Model { kernel, triggers, scratch, delayed, .. } = self;
        let at = Point { t, y, p, d: delayed };
        triggers.iter().map(|node| kernel.eval_scalar(scratch, *node, at) != 0.0).collect()
    }

    /// Whether any trigger is not what it was last seen to be.
    pub(crate) fn triggers_differ(&mut self, t: f64, (y, p): (&[f64], &[f64]), seen: &[bool]) -> bool {
        let Model { kernel, triggers, scratch, delayed, .. } = self;
        let at = Point { t, y, p, d: delayed };
        triggers.iter().zip(seen).any(|(node, seen)| (kernel.eval_scalar(scratch, *node, at) != 0.0) != *seen)
    }

    /// Whether which moments are switches depends on the time.
    pub(crate) fn switches_move(&self) -> bool {
        self.switches_move
    }

    /// The number of root functions.
    pub(crate) fn n_roots(&self) -> usize {
        self.roots.len()
    }

    /// The value of a root function.
    pub(crate) fn root(&mut self, index: usize, t: f64, state: (&[f64], &[f64])) -> f64 {
        self.roots.get(index).copied().map_or(f64::NAN, |node| self.value(node, t, state))
    }

    /// The next moment after `t` at which a condition on time changes; infinite when there is none.
    pub(crate) fn next_switch(&mut self, t: f64, state: (&[f64], &[f64])) -> f64 {
        let mut next = f64::INFINITY;
        for switch in &self.kernel.system().switches {
            let [offset, slope] = [switch.offset, switch.slope].map(|node| self.value(node, t, state));
            let at = -offset / slope;
            if at + around(at) > t {
                next = next.min(at);
            }
        }
        next
    }

    /// Changes amounts, and the states with them.
    pub(crate) fn change_amounts(
        &mut self,
        (y, p): (&mut [f64], &mut [f64]),
        change: impl FnOnce(&mut [f64], &mut [f64]),
    ) {
        self.kernel.to_amounts(&mut self.scratch, y, p);
        change(y, p);
        self.kernel.to_states(&mut self.scratch, y, p);
    }

    /// The values an event assigns.
    fn assigned(&mut self, event: usize, t: f64, state: (&[f64], &[f64])) -> Vec<f64> {
        self.events()[event].assignments.iter().map(|a| self.value(a.value, t, state)).collect()
    }
}

/// How far from the computed moment of a switch its conditions may really change, by rounding.
pub(crate) fn around(at: f64) -> f64 {
    if at.is_finite() { (4.0 * f64::EPSILON * at.abs()).max(f64::MIN_POSITIVE) } else { 0.0 }
}

/// Sets the triggers to what they were before time zero, so that an event that asks for it fires at once.
pub(crate) fn arm(model: &Model<'_>, lane: &mut Timeline) {
    lane.events.triggers = model.events().iter().map(|e| e.initial_value).collect();
    lane.events.pending.clear();
}

/// Notices trigger changes at a moment, and executes everything due, highest priority first, until nothing is left.
///
/// Returns whether anything was executed.
pub(crate) fn process(
    model: &mut Model<'_>,
    mut past: Option<&mut Past>,
    lane: &mut Timeline,
    (at, y): (Moment, &mut [f64]),
) -> Result<bool, Failure> {
    let mut executed = 0;
    loop {
        model.settle(past.as_deref_mut(), at, (y, &lane.params))?;
        if model.has_no_events() {
            return Ok(false);
        }
        model.look(past.as_deref_mut(), at, (y, &lane.params));
        notice(model, lane, at.t, y);
        let Some(next) = choose(model, lane, at.t, y) else { return Ok(executed > 0) };
        if executed == MAX_EXECUTIONS_AT_ONE_TIME {
            return Err(Failure::EventCascade { t: at.t });
        }
        let pending = lane.events.pending.swap_remove(next);
        execute(model, lane, pending, (at.t, y));
        executed += 1;
    }
}

/// Updates triggers: a change to true schedules an execution, a change to false cancels those that do not persist.
fn notice(model: &mut Model<'_>, lane: &mut Timeline, t: f64, y: &[f64]) {
    let now = model.triggers(t, (y, &lane.params));
    for (index, event) in model.events().iter().enumerate() {
        let before = std::mem::replace(&mut lane.events.triggers[index], now[index]);
        if now[index] && !before {
            let delay = event.delay.map_or(0.0, |d| model.value(d, t, (y, &lane.params)));
            let values = event.values_from_trigger.then(|| model.assigned(index, t, (y, &lane.params)));
            lane.events.pending.push(Pending { event: index, at: t + delay.max(0.0), values });
        } else if before && !now[index] && !event.persistent {
            lane.events.pending.retain(|p| p.event != index);
        }
    }
}

/// The pending execution that goes first at `t`: the highest priority, by chance among equal ones; without a priority
/// after all others, in the order of the model.
fn choose(model: &mut Model<'_>, lane: &mut Timeline, t: f64, y: &[f64]) -> Option<usize> {
    let mut best: Vec<(usize, usize)> = Vec::new();
    let mut highest = None;
    for (position, pending) in lane.events.pending.iter().enumerate().filter(|(_, p)| p.at <= t) {
        let priority = model.events()[pending.event].priority;
        let priority = priority.map(|n| model.value(n, t, (y, &lane.params))).filter(|p| !p.is_nan());
        if best.is_empty() || priority.partial_cmp(&highest) == Some(std::cmp::Ordering::Greater) {
            best.clear();
            highest = priority;
        }
        if priority == highest {
            best.push((pending.event, position));
        }
    }
    best.sort_unstable();
    let chosen = match (highest, best.len()) {
        (Some(_), n) if n > 1 => {
            let chance = uniform(&Key::new(lane.seed), 0, lane.events.draws);
            lane.events.draws = lane.events.draws.wrapping_add(1);
            ((chance * n as f64) as usize).min(n - 1)
        }
        _ => 0,
    };
    best.get(chosen).map(|(_, position)| *position)
}

fn execute(model: &mut Model<'_>, lane: &mut Timeline, pending: Pending, (t, y): (f64, &mut [f64])) {
    let values = match pending.values {
        Some(values) => values,
        None => model.assigned(pending.event, t, (y, &lane.params)),
    };
    let before = lane.params.clone();
    let assignments = &model.events()[pending.event].assignments;
    // A concentration becomes an amount with the size that its compartment has before anything is set.
    let set: Vec<(Target, f64)> = assignments
        .iter()
        .zip(values)
        .map(|(a, value)| {
            let factor = a.factor.map_or(1.0, |factor| model.value(factor, t, (y, &lane.params)));
            (a.target, value * factor)
        })
        .collect();
    model.change_amounts((y, &mut lane.params), |y, p| {
        for (target, value) in set {
            match target {
                Target::State(s) => y[s.0 as usize] = value,
                Target::Param(s) => p[s.0 as usize] = value,
            }
        }
    });
    if lane.params != before {
        lane.params_changed();
    }
    lane.trajectory.counters.events += 1;
}
