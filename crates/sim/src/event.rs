//! Model events of one lane: triggers, delays, priorities, executions (SBML L3V2 section 4.12).

use hepatica_expr::NodeId;
use hepatica_expr::eval::Evaluator;
use hepatica_kernel::{Kernel, Point};
use hepatica_model::system::{Event, Target};

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

/// The events of a model and what evaluates their expressions for one lane.
pub(crate) struct Model<'a> {
    kernel: &'a Kernel,
    triggers: Vec<NodeId>,
    scratch: Evaluator,
}

impl<'a> Model<'a> {
    pub(crate) fn new(kernel: &'a Kernel) -> Self {
        let triggers = kernel.system().events.iter().map(|e| e.trigger).collect();
        Model { kernel, triggers, scratch: Evaluator::default() }
    }

    fn events(&self) -> &'a [Event] {
        &self.kernel.system().events
    }

    pub(crate) fn has_no_events(&self) -> bool {
        self.triggers.is_empty()
    }

    fn value(&mut self, node: NodeId, at: Point<'_>) -> f64 {
        self.kernel.eval_scalar(&mut self.scratch, node, at)
    }

    /// The value of every trigger.
    pub(crate) fn triggers(&mut self, t: f64, y: &[f64], p: &[f64]) -> Vec<bool> {
        let Model { kernel, triggers, scratch } = self;
        triggers.iter().map(|node| kernel.eval_scalar(scratch, *node, Point { t, y, p }) != 0.0).collect()
    }

    /// The values an event assigns.
    fn assigned(&mut self, event: usize, at: Point<'_>) -> Vec<f64> {
        self.events()[event].assignments.iter().map(|(_, node)| self.value(*node, at)).collect()
    }
}

/// Sets the triggers to what they were before time zero, so that an event that asks for it fires at once.
pub(crate) fn arm(model: &Model<'_>, lane: &mut Timeline) {
    lane.events.triggers = model.events().iter().map(|e| e.initial_value).collect();
    lane.events.pending.clear();
}

/// Notices trigger changes at `t`, and executes everything due, highest priority first, until nothing is left.
///
/// Returns whether anything was executed.
pub(crate) fn process(
    model: &mut Model<'_>,
    lane: &mut Timeline,
    t: f64,
    y: &mut [f64],
) -> Result<bool, Failure> {
    if model.has_no_events() {
        return Ok(false);
    }
    let mut executed = 0;
    loop {
        notice(model, lane, t, y);
        let Some(next) = choose(model, lane, t, y) else { return Ok(executed > 0) };
        if executed == MAX_EXECUTIONS_AT_ONE_TIME {
            return Err(Failure::EventCascade { t });
        }
        let pending = lane.events.pending.swap_remove(next);
        execute(model, lane, pending, (t, y));
        executed += 1;
    }
}

/// Updates triggers: a change to true schedules an execution, a change to false cancels those that do not persist.
fn notice(model: &mut Model<'_>, lane: &mut Timeline, t: f64, y: &[f64]) {
    let now = model.triggers(t, y, &lane.params);
    for (index, event) in model.events().iter().enumerate() {
        let at = Point { t, y, p: &lane.params };
        let before = std::mem::replace(&mut lane.events.triggers[index], now[index]);
        if now[index] && !before {
            let delay = event.delay.map_or(0.0, |d| model.value(d, at));
            let values = event.values_from_trigger.then(|| model.assigned(index, at));
            lane.events.pending.push(Pending { event: index, at: t + delay.max(0.0), values });
        } else if before && !now[index] && !event.persistent {
            lane.events.pending.retain(|p| p.event != index);
        }
    }
}

/// The pending execution that goes first at `t`: the highest priority, then the order of the model.
fn choose(model: &mut Model<'_>, lane: &Timeline, t: f64, y: &[f64]) -> Option<usize> {
    let at = Point { t, y, p: &lane.params };
    let due = lane.events.pending.iter().enumerate().filter(|(_, p)| p.at <= t);
    let ranked = due.map(|(position, p)| {
        let priority = model.events()[p.event].priority.map(|n| model.value(n, at));
        (priority.unwrap_or(f64::NEG_INFINITY), p.event, position)
    });
    ranked.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1))).map(|(_, _, position)| position)
}

fn execute(model: &mut Model<'_>, lane: &mut Timeline, pending: Pending, (t, y): (f64, &mut [f64])) {
    let values = match pending.values {
        Some(values) => values,
        None => model.assigned(pending.event, Point { t, y, p: &lane.params }),
    };
    let mut params_changed = false;
    for ((target, _), value) in model.events()[pending.event].assignments.iter().zip(values) {
        match target {
            Target::State(s) => y[s.0 as usize] = value,
            Target::Param(p) => {
                lane.params[p.0 as usize] = value;
                params_changed = true;
            }
        }
    }
    if params_changed {
        lane.params_changed();
    }
    lane.trajectory.counters.events += 1;
}
