//! The event loop: steps a block of lanes, each through its own scenario.

use std::sync::Arc;

use hepatica_kernel::{Block, Kernel};
use hepatica_model::system::StateId;
use hepatica_solve::{
    AbsoluteTolerance, Integrator, LaneStatus, OptionsError, Rodas5P, StepOptions, Tolerances,
};

use crate::driven::{Direction, Driven};
use crate::event::{self, Model};
use crate::scenario::{Action, Options, Scenario};
use crate::steady;
use crate::timeline::Timeline;
use crate::trajectory::{Failure, Trajectory};

/// Interior points of a step at which triggers are looked at, as fractions; a trigger that is true for less
/// than a quarter of a step may be missed, as in every simulator that steps over time.
const TRIGGER_SAMPLES: [f64; 4] = [0.25, 0.5, 0.75, 1.0];

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
        let atol = AbsoluteTolerance::Scalar(options.atol);
        let tolerances = Tolerances { rtol: options.rtol, atol };
        let steps = StepOptions { max_steps: options.max_steps, ..StepOptions::default() };
        Ok(Advance {
            shared,
            problem: Driven::new(Block::new(kernel.clone(), options.isa), forced, direction),
            model: Model::new(kernel),
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
        let goes_on = self.stop(lane, &mut timeline, 0.0);
        Ok((timeline, goes_on))
    }

    /// Looks at what the last step did to a lane; false when the lane is finished.
    fn after_step(&mut self, lane: usize, timeline: &mut Timeline) -> bool {
        match self.integrator.status(lane) {
            LaneStatus::Idle | LaneStatus::Rejected => true,
            LaneStatus::Failed(failure) => {
                timeline.fail(Failure::Step(failure));
                false
            }
            LaneStatus::Accepted { reached_stop } => self.accepted(lane, timeline, reached_stop),
        }
    }

    /// An accepted step: model events first, then observations, then what is due at a stop.
    fn accepted(&mut self, lane: usize, timeline: &mut Timeline, reached_stop: bool) -> bool {
        let t = self.integrator.time(lane);
        if let Some(at) = self.first_trigger_change(lane, timeline) {
            self.record_before(lane, timeline, at, false);
            self.integrator.interpolate(lane, at, &mut self.y);
            return self.stop(lane, timeline, at);
        }
        self.record_before(lane, timeline, t, !reached_stop);
        if !reached_stop {
            return !timeline.is_complete();
        }
        self.integrator.state(lane, &mut self.y);
        self.stop(lane, timeline, t)
    }

    /// Everything that happens at one moment, with the lane's state in `self.y`; then the lane starts afresh.
    fn stop(&mut self, lane: usize, timeline: &mut Timeline, t: f64) -> bool {
        if timeline.has_due(t) {
            // An observation at the time of a dose sees the state before the dose.
            while timeline.next_row_until(t, true).is_some() {
                timeline.record(&self.y);
            }
        }
        while let Some(due) = timeline.take_due(t) {
            if let Err(failure) = self.apply(timeline, &due.action, t) {
                timeline.fail(failure);
                return false;
            }
        }
        if let Err(failure) = event::process(&mut self.model, timeline, t, &mut self.y) {
            timeline.fail(failure);
            return false;
        }
        while timeline.next_row_until(t, true).is_some() {
            timeline.record(&self.y);
        }
        if timeline.is_complete() {
            return false;
        }
        self.problem.load(lane, &timeline.params, &timeline.rates);
        self.integrator.start(lane, t, &self.y, timeline.next_stop(), None);
        true
    }

    fn apply(&mut self, timeline: &mut Timeline, action: &Action, t: f64) -> Result<(), Failure> {
        match action {
            Action::Add { state, amount } => self.y[state.0 as usize] += amount,
            Action::Replace { state, amount } => self.y[state.0 as usize] = *amount,
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
        while let Some(time) = timeline.next_row_until(t, including) {
            self.integrator.interpolate(lane, time, &mut self.y);
            timeline.record(&self.y);
        }
    }

    /// The first moment of the last step at which a trigger changes, found to the resolution of time.
    fn first_trigger_change(&mut self, lane: usize, timeline: &Timeline) -> Option<f64> {
        if self.model.has_no_events() {
            return None;
        }
        let (t_old, t) = (self.integrator.t_old(lane), self.integrator.time(lane));
        let mut lo = t_old;
        for fraction in TRIGGER_SAMPLES {
            let sample = if fraction == 1.0 { t } else { t_old + fraction * (t - t_old) };
            if self.trigger_changes_at(lane, timeline, sample) {
                return Some(self.bisect(lane, timeline, (lo, sample)));
            }
            lo = sample;
        }
        None
    }

    /// Halves an interval, unchanged at its start and changed at its end, down to the rounding of time.
    fn bisect(&mut self, lane: usize, timeline: &Timeline, (mut lo, mut hi): (f64, f64)) -> f64 {
        let resolution = f64::EPSILON * lo.abs().max(hi.abs());
        loop {
            let middle = lo + 0.5 * (hi - lo);
            if hi - lo <= resolution || middle <= lo || middle >= hi {
                return hi;
            }
            if self.trigger_changes_at(lane, timeline, middle) {
                hi = middle;
            } else {
                lo = middle;
            }
        }
    }

    fn trigger_changes_at(&mut self, lane: usize, timeline: &Timeline, t: f64) -> bool {
        self.integrator.interpolate(lane, t, &mut self.y);
        self.model.triggers(t, &self.y, &timeline.params) != timeline.events.triggers
    }
}
