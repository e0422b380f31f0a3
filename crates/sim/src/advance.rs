//! The event loop: steps a block of lanes, each through its own scenario.

use std::sync::Arc;

use hepatica_kernel::{Block, Kernel};
use hepatica_model::system::{StateId, Target};
use hepatica_solve::{
    AbsoluteTolerance, Integrator, LaneStatus, OptionsError, Rodas5P, StepOptions, Tolerances,
};

use crate::driven::{Direction, Driven};
use crate::event::{self, Model, Moment, around};
use crate::locate::Locate;
use crate::past::{Past, Trouble};
use crate::scenario::{Action, Options, Scenario};
use crate::steady;
use crate::timeline::Timeline;
use crate::trajectory::{Failure, Trajectory};

/// Steps are no longer than this part of the whole time where a trigger depends on time in a way that steps cannot know,
/// as `sin(time) > 0.9` does.
const RESTLESS_PART: f64 = 1e-3;

/// What every block of a run shares.
#[derive(Clone, Copy)]
pub(crate) struct Shared<'a> {
    pub(crate) kernel: &'a Arc<Kernel>,
    pub(crate) options: &'a Options,
}

/// How long a thread waits whose lanes are all empty while others may still make room for more work.
const PAUSE: std::time::Duration = std::time::Duration::from_millis(1);

/// What there is for a free lane.
pub(crate) enum Next {
    /// A scenario, or why there is none, with its number.
    Scenario(usize, Result<Scenario, String>),
    /// Nothing now, but there will be.
    Later,
    /// Nothing more.
    End,
}

/// Where lanes get their scenarios from and leave their trajectories.
pub(crate) trait Work {
    /// The next scenario.
    fn next(&mut self) -> Next;
    /// A finished scenario.
    fn done(&mut self, index: usize, trajectory: Trajectory);
}

/// A block of `L` lanes on its way through a queue of scenarios.
pub(crate) struct Advance<'a, const L: usize> {
    shared: Shared<'a>,
    problem: Driven<L>,
    model: Model<'a>,
    integrator: Rodas5P<L>,
    lanes: [Option<Timeline>; L],
    y: Vec<f64>,
}

impl<'a, const L: usize> Advance<'a, L> {
    /// A block whose `forced` states may receive infusions.
    ///
    /// # Errors
    /// Tolerances that make no sense.
    pub(crate) fn new(
        shared: Shared<'a>,
        forced: Vec<StateId>,
        direction: Direction,
    ) -> Result<Self, OptionsError> {
        let Shared { kernel, options } = shared;
        let n = kernel.n_states();
        let atol = match options.atol_scale.is_empty() {
            true => AbsoluteTolerance::Scalar(options.atol),
            false => {
                AbsoluteTolerance::PerState(options.atol_scale.iter().map(|s| s * options.atol).collect())
            }
        };
        let tolerances = Tolerances { rtol: options.rtol, atol };
        let steps = StepOptions { max_steps: options.max_steps, ..StepOptions::default() };
        Ok(Advance {
            shared,
            problem: Driven::new(Block::new(kernel.clone(), options.isa), forced, direction),
            model: Model::new(kernel, options.atol),
            integrator: Rodas5P::new(n, &tolerances, options.isa, steps)?,
            lanes: std::array::from_fn(|_| None),
            y: vec![0.0; n],
        })
    }

    /// Works until the queue is empty and every lane has finished.
    pub(crate) fn run(&mut self, work: &mut dyn Work) {
        loop {
            let more = self.refill(work);
            if self.lanes.iter().all(Option::is_none) {
                if !more {
                    return;
                }
                std::thread::park_timeout(PAUSE);
                continue;
            }
            self.integrator.step(&mut self.problem);
            for lane in 0..L {
                let Some(mut timeline) = self.lanes[lane].take() else { continue };
                if self.after_step(lane, &mut timeline) {
                    self.lanes[lane] = Some(timeline);
                } else {
                    self.hand_over(lane, timeline, work);
                }
            }
        }
    }

    /// Fills free lanes; false when nothing more will come.
    fn refill(&mut self, work: &mut dyn Work) -> bool {
        for lane in 0..L {
            while self.lanes[lane].is_none() {
                let (index, scenario) = match work.next() {
                    Next::Scenario(index, scenario) => (index, scenario),
                    Next::Later => return true,
                    Next::End => return false,
                };
                let times = scenario.as_ref().map_or_else(|_| Default::default(), |s| s.times.clone());
                let begun = scenario.map_err(Failure::Initial).and_then(|s| self.begin(lane, index, s));
                match begun {
                    Ok((timeline, true)) => self.lanes[lane] = Some(timeline),
                    Ok((timeline, false)) => self.hand_over(lane, timeline, work),
                    Err(failure) => {
                        work.done(
                            index,
                            Trajectory { times, failure: Some(failure), ..Trajectory::default() },
                        );
                    }
                }
            }
        }
        true
    }

    fn hand_over(&mut self, lane: usize, mut timeline: Timeline, work: &mut dyn Work) {
        let counts = self.integrator.take_counters(lane);
        let counters = &mut timeline.trajectory.counters;
        counters.steps = counts.steps;
        counters.rejected = counts.rejected;
        counters.jacobians = counts.jacobians;
        counters.factorisations = counts.factorisations;
        counters.fallbacks = counts.pivoted;
        self.integrator.park(lane);
        if let Some(past) = self.problem.past() {
            past.finish(lane);
        }
        work.done(timeline.index, timeline.trajectory);
    }

    /// Puts a scenario on a lane; the flag says whether there is anything to integrate.
    fn begin(&mut self, lane: usize, index: usize, scenario: Scenario) -> Result<(Timeline, bool), Failure> {
        let initial = self.shared.kernel.initial(&scenario.overrides);
        let initial = initial.map_err(|e| Failure::Initial(e.to_string()))?;
        self.y.copy_from_slice(&initial.y0);
        let forced = self.problem.forced().len();
        let mut timeline = Timeline::new(index, scenario, initial.y0, initial.params, forced);
        event::arm(&self.model, &mut timeline);
        self.begin_past(lane, &timeline)?;
        let goes_on = self.stop(lane, &mut timeline, 0.0);
        Ok((timeline, goes_on))
    }

    /// What a lane was before time zero: its values there, with algebraic equations satisfied.
    fn begin_past(&mut self, lane: usize, timeline: &Timeline) -> Result<(), Failure> {
        let start = |past: &mut Past, y: &[f64]| {
            past.begin(lane, &timeline.overrides, (y, &timeline.params), timeline.t_end());
        };
        let Some(past) = self.problem.past() else { return Ok(()) };
        start(past, &self.y);
        self.model.settle(Some(past), Moment { lane, t: 0.0 }, (&mut self.y, &timeline.params))?;
        start(past, &self.y);
        Ok(())
    }

    /// Looks at what the last step did to a lane; false when the lane is finished.
    fn after_step(&mut self, lane: usize, timeline: &mut Timeline) -> bool {
        match self.integrator.status(lane) {
            LaneStatus::Idle | LaneStatus::Rejected => true,
            LaneStatus::Failed(failure) => {
                let of_past = self.trouble_with_past(lane);
                timeline.fail(of_past.unwrap_or(Failure::Step(failure)));
                false
            }
            LaneStatus::Accepted { reached_stop } => self.accepted(lane, timeline, reached_stop),
        }
    }

    /// An accepted step: model events first, then observations, then what is due at a stop.
    fn accepted(&mut self, lane: usize, timeline: &mut Timeline, reached_stop: bool) -> bool {
        let t = self.integrator.time(lane);
        if let Some(at) = self.first_change(lane, timeline) {
            timeline.crowd.note(at);
            if timeline.crowd.is_endless() {
                timeline.fail(Failure::EventCascade { t: at });
                return false;
            }
            self.record_before(lane, timeline, at, false);
            self.integrator.interpolate(lane, at, &mut self.y);
            return self.stop(lane, timeline, at);
        }
        let is_stop = reached_stop && t >= self.due(lane, timeline);
        self.record_before(lane, timeline, t, !is_stop);
        if !is_stop && !self.is_watched() {
            return !timeline.is_complete();
        }
        self.integrator.state(lane, &mut self.y);
        if !is_stop {
            return !timeline.is_complete() && self.go_on(lane, timeline, t);
        }
        self.stop(lane, timeline, t)
    }

    /// Everything that happens at one moment, with the lane's state in `self.y`; then the lane starts afresh. False when
    /// the lane is finished.
    fn stop(&mut self, lane: usize, timeline: &mut Timeline, t: f64) -> bool {
        let reached =
            self.happen(lane, timeline, t).and_then(|jumps| self.switch(lane, timeline, (t, jumps)));
        let (t, jumps) = match reached {
            Ok(reached) => reached,
            Err(failure) => {
                timeline.fail(failure);
                return false;
            }
        };
        if timeline.is_complete() {
            return false;
        }
        self.problem.load(lane, &timeline.params, &timeline.rates);
        let is_smooth = self.restart_past(lane, timeline, (t, jumps));
        if is_smooth && self.integrator.time(lane) == t {
            return self.go_on(lane, timeline, t);
        }
        let stop = self.stop_after(lane, timeline, t);
        self.integrator.start(lane, t, &self.y, stop, None);
        true
    }

    /// Doses, events and observations of one moment; whether anything was set.
    fn happen(&mut self, lane: usize, timeline: &mut Timeline, t: f64) -> Result<bool, Failure> {
        let is_dosed = timeline.has_due(t);
        if is_dosed {
            // An observation at the time of a dose sees the state before the dose.
            self.record_at(lane, timeline, t);
        }
        while let Some(due) = timeline.take_due(t) {
            self.apply(timeline, &due.action, t)?;
        }
        let moment = (Moment { lane, t }, &mut self.y[..]);
        let executed = event::process(&mut self.model, self.problem.past(), timeline, moment)?;
        self.record_at(lane, timeline, t);
        Ok(is_dosed || executed)
    }

    /// Passes a moment at which a condition on time changes, if it is here: what happens at it and just behind it.
    ///
    /// Steps end just before such a moment and begin just behind it, so that no step sees both sides.
    fn switch(
        &mut self,
        lane: usize,
        timeline: &mut Timeline,
        (mut t, mut jumps): (f64, bool),
    ) -> Result<(f64, bool), Failure> {
        loop {
            let at = self.model.next_switch(t, (&self.y, &timeline.params));
            timeline.switch = at;
            if at - around(at) > t || timeline.is_complete() {
                return Ok((t, jumps));
            }
            t = if t < at { at } else { at + around(at) };
            self.happen(lane, timeline, t)?;
            jumps = true;
        }
    }

    /// Lets a lane go on from its state in `self.y`, to a stop that its past allows.
    fn go_on(&mut self, lane: usize, timeline: &mut Timeline, t: f64) -> bool {
        if !self.is_watched() {
            return true;
        }
        if let Some(failure) = self.trouble_with_past(lane) {
            timeline.fail(failure);
            return false;
        }
        if self.model.switches_move() {
            // Those at hand were passed at the last stop.
            timeline.switch = self.model.next_switch(t + 4.0 * around(t), (&self.y, &timeline.params));
        }
        let stop = self.stop_after(lane, timeline, t);
        self.integrator.set_stop(lane, stop);
        true
    }

    /// Whether steps are kept shorter than the integrator would take them.
    fn is_watched(&mut self) -> bool {
        self.shared.kernel.system().is_restless || self.model.switches_move() || self.problem.past().is_some()
    }

    /// The first moment of the last step at which a trigger changes.
    fn first_change(&mut self, lane: usize, timeline: &Timeline) -> Option<f64> {
        if self.model.has_no_events() {
            return None;
        }
        let Advance { model, problem, integrator, y, .. } = self;
        Locate { model, past: problem.past(), integrator, lane, timeline, y }.first_change()
    }

    /// The next time at which something is due.
    fn due(&mut self, lane: usize, timeline: &Timeline) -> f64 {
        let of_past = self.problem.past().map_or(f64::INFINITY, |past| past.next_break(lane));
        let switch = timeline.switch - around(timeline.switch);
        timeline.next_stop().min(of_past).min(switch)
    }

    /// The end of the next step at the latest, from the state in `self.y`.
    fn stop_after(&mut self, lane: usize, timeline: &Timeline, t: f64) -> f64 {
        let mut due = self.due(lane, timeline);
        if self.shared.kernel.system().is_restless {
            due = due.min(t + RESTLESS_PART * timeline.t_end());
        }
        match self.problem.past() {
            Some(past) => due.min(past.reach(lane, t, &self.y)),
            None => due,
        }
    }

    /// Tells the past of a lane that it starts again at `t`; whether it may as well go on.
    fn restart_past(&mut self, lane: usize, timeline: &Timeline, (t, jumps): (f64, bool)) -> bool {
        let Some(past) = self.problem.past() else { return false };
        let is_smooth = !jumps && t > 0.0 && past.is_smooth_at(lane, t);
        past.restart(lane, t, (&self.y, &timeline.params), jumps || t == 0.0);
        is_smooth
    }

    /// Why the past of a lane could not be looked up.
    fn trouble_with_past(&mut self, lane: usize) -> Option<Failure> {
        let t = self.integrator.time(lane);
        Some(match self.problem.past()?.trouble(lane)? {
            Trouble::Lag(lag) => Failure::BadDelay { t, lag },
            Trouble::Depth => Failure::DelayTooDeep { t },
        })
    }

    /// Records the rows at `t`, with the state in `self.y`.
    fn record_at(&mut self, lane: usize, timeline: &mut Timeline, t: f64) {
        while timeline.next_row_until(t, true).is_some() {
            self.record(lane, timeline, t);
        }
    }

    /// Records a row with the state in `self.y`.
    fn record(&mut self, lane: usize, timeline: &mut Timeline, t: f64) {
        self.model.look(self.problem.past(), Moment { lane, t }, (&self.y, &timeline.params));
        timeline.record(&self.y, &self.model.delayed[..self.model.delayed.len() / 2]);
    }

    fn apply(&mut self, timeline: &mut Timeline, action: &Action, t: f64) -> Result<(), Failure> {
        match action {
            Action::Add { state, amount } => {
                let state = state.0 as usize;
                self.model.change_amounts((&mut self.y, &mut timeline.params), |y, _| y[state] += amount);
            }
            Action::Replace { state, amount } => {
                let state = state.0 as usize;
                self.model.change_amounts((&mut self.y, &mut timeline.params), |y, _| y[state] = *amount);
            }
            Action::SetRate { state, .. }
                if self.shared.kernel.system().totals.iter().any(|total| total.pivot == *state) =>
            {
                let name = self.shared.kernel.name(Target::State(*state)).to_string();
                return Err(Failure::InfusedFast { name });
            }
            Action::SetRate { state, rate } => {
                if let Some(slot) = self.problem.forced().iter().position(|s| s == state) {
                    timeline.rates[slot] = *rate;
                }
            }
            Action::Reset => {
                self.y.copy_from_slice(&timeline.y0);
                timeline.rates.fill(0.0);
            }
            Action::SteadyState(steady) => {
                let reached = steady::reach::<L>(self.shared, timeline, steady, t)?;
                if steady.add {
                    self.y.iter_mut().zip(&reached).for_each(|(y, r)| *y += r);
                } else {
                    self.y.copy_from_slice(&reached);
                    timeline.rates.fill(0.0);
                }
            }
        }
        Ok(())
    }

    /// Records the rows before `t`, and the one at `t` when `including`, from the dense output.
    fn record_before(&mut self, lane: usize, timeline: &mut Timeline, t: f64, including: bool) {
        if self.problem.past().is_none() {
            let integrator = &mut self.integrator;
            timeline.record_rows(t, including, |times, rows| integrator.interpolate_rows(lane, times, rows));
            return;
        }
        while let Some(time) = timeline.next_row_until(t, including) {
            self.integrator.interpolate(lane, time, &mut self.y);
            self.record(lane, timeline, time);
        }
    }
}
