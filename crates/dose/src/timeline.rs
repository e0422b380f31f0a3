//! The actions of all records, brought into order.

use crate::PortId;
use crate::schedule::{Action, ActionKind};

/// Times nearer than this, relative to their size, are one time: rounding in `8 + 1` against `9` must not make
/// a step of 1e-15 h.
const SAME_TIME: f64 = 1e-12;

/// Whether two times are one.
pub(crate) fn same_time(a: f64, b: f64) -> bool {
    (a - b).abs() <= SAME_TIME * a.abs().max(b.abs()).max(1.0)
}

/// The order of a record's actions at its own time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Phase {
    Reset,
    SteadyState,
    Dose,
}

/// Where an action stands among those of one time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// What an earlier record still gives.
    Arrival(u32),
    /// What a record does at its own time.
    Record(u32, Phase),
    /// Rates come last.
    Rate,
}

#[derive(Debug)]
struct Item {
    t_h: f64,
    rank: Rank,
    kind: ActionKind,
}

#[derive(Debug)]
struct Run {
    port: PortId,
    umol_per_h: f64,
    start_h: f64,
    end_h: f64,
}

/// Collects what the records give. Records must come in order of time.
#[derive(Debug, Default)]
pub(crate) struct Timeline {
    record: u32,
    items: Vec<Item>,
    runs: Vec<Run>,
}

impl Timeline {
    /// What follows belongs to the next record.
    pub(crate) fn next_record(&mut self) {
        self.record += 1;
    }

    /// How many actions there may be.
    pub(crate) fn len(&self) -> usize {
        self.items.len() + 2 * self.runs.len()
    }

    /// A change the record makes at its own time.
    pub(crate) fn mark(&mut self, t_h: f64, phase: Phase, kind: ActionKind) {
        self.items.push(Item { t_h, rank: Rank::Record(self.record, phase), kind });
    }

    /// An addition or replacement by the record of `record_h`, at or after it.
    pub(crate) fn point(&mut self, t_h: f64, record_h: f64, kind: ActionKind) {
        let now = same_time(t_h, record_h);
        let rank = if now { Rank::Record(self.record, Phase::Dose) } else { Rank::Arrival(self.record) };
        self.items.push(Item { t_h: if now { record_h } else { t_h }, rank, kind });
    }

    /// A constant rate from `start_h` to `end_h`.
    pub(crate) fn infusion(&mut self, port: PortId, umol_per_h: f64, start_h: f64, end_h: f64) {
        if end_h > start_h {
            self.runs.push(Run { port, umol_per_h, start_h, end_h });
        }
    }

    /// Takes back what earlier records would still give after `t_h` and ends their infusions there.
    pub(crate) fn cancel_after(&mut self, t_h: f64) {
        self.items.retain(|item| item.t_h <= t_h || same_time(item.t_h, t_h));
        for run in &mut self.runs {
            run.end_h = run.end_h.min(t_h);
        }
        self.runs.retain(|run| run.start_h < run.end_h);
    }

    /// All actions in the order in which they apply.
    pub(crate) fn into_actions(self) -> Vec<Action> {
        let rates = rate_changes(self.runs);
        let mut items: Vec<Item> = self.items.into_iter().chain(rates).collect();
        items.sort_by(|a, b| a.t_h.total_cmp(&b.t_h));
        snap(&mut items);
        items.sort_by(|a, b| a.t_h.total_cmp(&b.t_h).then(a.rank.cmp(&b.rank)));
        let mut actions: Vec<Action> = Vec::with_capacity(items.len());
        for item in items {
            let action = Action { t_h: item.t_h, kind: item.kind };
            match superseded(&actions, &action) {
                Some(i) => actions[i] = action,
                None => actions.push(action),
            }
        }
        actions
    }
}

/// Gives times that are one the first of their values.
fn snap(items: &mut [Item]) {
    let mut first = f64::NEG_INFINITY;
    for item in items {
        if first.is_finite() && same_time(first, item.t_h) {
            item.t_h = first;
        } else {
            first = item.t_h;
        }
    }
}

/// The earlier setting of the same rate at the same time, if there is one. Rates come last at a time, so only
/// the actions at the end of the list can be it.
fn superseded(actions: &[Action], new: &Action) -> Option<usize> {
    let ActionKind::SetRate { port: new_port, .. } = new.kind else { return None };
    actions
        .iter()
        .enumerate()
        .rev()
        .take_while(|(_, a)| a.t_h == new.t_h)
        .find(|(_, a)| matches!(a.kind, ActionKind::SetRate { port, .. } if port == new_port))
        .map(|(i, _)| i)
}

/// The total rate at each port whenever an infusion there begins or ends.
fn rate_changes(mut runs: Vec<Run>) -> Vec<Item> {
    runs.sort_by(|a, b| a.port.cmp(&b.port).then(a.start_h.total_cmp(&b.start_h)));
    runs.chunk_by(|a, b| a.port == b.port).flat_map(port_changes).collect()
}

/// The changes of one port, its runs sorted by their start. Totals are summed anew each time, so that nothing is
/// left over when the last infusion ends.
fn port_changes(runs: &[Run]) -> Vec<Item> {
    let mut times: Vec<f64> = runs.iter().flat_map(|r| [r.start_h, r.end_h]).collect();
    times.sort_by(f64::total_cmp);
    times.dedup();
    let mut active: Vec<&Run> = Vec::new();
    let mut waiting = runs.iter().peekable();
    let mut changes = Vec::with_capacity(times.len());
    for t_h in times {
        active.retain(|run| run.end_h > t_h);
        while let Some(run) = waiting.next_if(|run| run.start_h <= t_h) {
            active.push(run);
        }
        let umol_per_h = active.iter().fold(0.0, |sum, run| sum + run.umol_per_h);
        let kind = ActionKind::SetRate { port: runs[0].port, umol_per_h };
        changes.push(Item { t_h, rank: Rank::Rate, kind });
    }
    changes
}
