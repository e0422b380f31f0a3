//! One lane's way through its scenario: what comes next, and what has been recorded.

use std::sync::Arc;

use hepatica_model::system::Target;

use crate::crowd::Crowd;
use crate::event::EventState;
use crate::scenario::{Scenario, TimedAction};
use crate::trajectory::{Failure, Trajectory};

/// What a lane is doing.
#[derive(Debug)]
pub(crate) struct Timeline {
    /// Which scenario, as counted by the caller.
    pub(crate) index: usize,
    actions: Vec<TimedAction>,
    next_action: usize,
    next_row: usize,
    /// Values that replaced those of the model.
    pub(crate) overrides: Vec<(Target, f64)>,
    /// Values at time zero, for a reset.
    pub(crate) y0: Vec<f64>,
    /// Parameters in force.
    pub(crate) params: Vec<f64>,
    /// Infusion rate into each forced state.
    pub(crate) rates: Vec<f64>,
    /// Triggers and pending executions.
    pub(crate) events: EventState,
    /// The next moment at which a condition on time alone changes.
    pub(crate) switch: f64,
    /// Trigger changes that crowd together.
    pub(crate) crowd: Crowd,
    /// Seed of random choices.
    pub(crate) seed: u64,
    /// What has been recorded.
    pub(crate) trajectory: Trajectory,
}

impl Timeline {
    pub(crate) fn new(
        index: usize,
        scenario: Scenario,
        y0: Vec<f64>,
        params: Vec<f64>,
        forced: usize,
    ) -> Self {
        let mut trajectory = Trajectory { times: scenario.times, ..Trajectory::default() };
        trajectory.states.reserve_exact(trajectory.times.len() * y0.len());
        trajectory.params.push((0, Arc::from(params.as_slice())));
        Timeline {
            index,
            actions: scenario.actions,
            next_action: 0,
            next_row: 0,
            overrides: scenario.overrides,
            y0,
            params,
            rates: vec![0.0; forced],
            events: EventState::default(),
            switch: f64::INFINITY,
            crowd: Crowd::default(),
            seed: scenario.seed,
            trajectory,
        }
    }

    /// The end of the simulation.
    pub(crate) fn t_end(&self) -> f64 {
        self.trajectory.times.last().copied().unwrap_or(0.0)
    }

    /// The next time at which the integrator must stop: a dose, a delayed event or the end.
    pub(crate) fn next_stop(&self) -> f64 {
        let action = self.actions.get(self.next_action).map_or(f64::INFINITY, |a| a.t);
        action.min(self.events.next_execution()).min(self.t_end())
    }

    /// Takes the next action if it is due.
    pub(crate) fn take_due(&mut self, t: f64) -> Option<TimedAction> {
        let due = self.actions.get(self.next_action).filter(|a| a.t <= t)?.clone();
        self.next_action += 1;
        Some(due)
    }

    /// Whether an action is due.
    pub(crate) fn has_due(&self, t: f64) -> bool {
        self.actions.get(self.next_action).is_some_and(|a| a.t <= t)
    }

    /// The time of the next row to record, if it is before `t`, or at `t` when `including`.
    pub(crate) fn next_row_until(&self, t: f64, including: bool) -> Option<f64> {
        let time = *self.trajectory.times.get(self.next_row)?;
        (time < t || (including && time == t)).then_some(time)
    }

    /// Records the rows before `t`, and the one at `t` when `including`, of a model without delays: `write` is given
    /// their times, and room for the states of each.
    pub(crate) fn record_rows(&mut self, t: f64, including: bool, write: impl FnOnce(&[f64], &mut [f64])) {
        let Trajectory { times, states, .. } = &mut self.trajectory;
        let ahead = &times[self.next_row..];
        let count = ahead.iter().take_while(|time| **time < t || (including && **time == t)).count();
        if count > 0 {
            let start = states.len();
            states.resize(start + count * self.y0.len(), 0.0);
            write(&ahead[..count], &mut states[start..]);
            self.next_row += count;
        }
    }

    /// Records the states, and the values of the past, of the next row.
    pub(crate) fn record(&mut self, y: &[f64], delayed: &[f64]) {
        self.trajectory.states.extend_from_slice(y);
        self.trajectory.delayed.extend_from_slice(delayed);
        self.next_row += 1;
    }

    /// Notes that the parameters in force changed before the next row.
    pub(crate) fn params_changed(&mut self) {
        let values: Arc<[f64]> = Arc::from(self.params.as_slice());
        match self.trajectory.params.last_mut() {
            Some((row, last)) if *row == self.next_row => *last = values,
            _ => self.trajectory.params.push((self.next_row, values)),
        }
    }

    /// Whether everything asked for is recorded.
    pub(crate) fn is_complete(&self) -> bool {
        self.next_row == self.trajectory.times.len()
    }

    /// Ends the lane early.
    pub(crate) fn fail(&mut self, failure: Failure) {
        self.trajectory.failure = Some(failure);
    }
}
