//! Time, stop, step size and outcome of each lane.

use hepatica_lanes::Lanes;

use crate::controller::{Controller, Memory};
use crate::integrator::{Counters, Failure, LaneStatus};
use crate::options::StepOptions;

/// A step this much longer than proposed is still taken when it lands on the stop, to spare a tiny last one.
const STRETCH: f64 = 1.01;
/// The smallest step in units of the relative spacing of numbers at the time: the stages must differ in time.
const MIN_STEP_IN_EPSILONS: f64 = 16.0;
/// The smallest step around time zero, where numbers are dense; its reciprocal is far from overflow.
const MIN_STEP_AT_ZERO: f64 = 1e-280;

/// What came out of the arithmetic of a step in one lane.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Outcome {
    /// The error in units of the tolerance, as the controller's `q`; not finite when some number is not.
    Error(f64),
    /// The linear system was singular.
    Singular,
    /// The equations are not finite at the beginning of the step, so no step size can help.
    Hopeless,
}

/// Time and step size of one lane.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock {
    phase: Phase,
    /// What the last step did.
    pub(crate) status: LaneStatus,
    /// Time reached.
    pub(crate) t: f64,
    t_stop: f64,
    /// The step that would be tried next.
    pub(crate) proposal: f64,
    attempt: Attempt,
    attempts: u32,
    trouble: Option<Outcome>,
    memory: Memory,
    /// Work done.
    pub(crate) counters: Counters,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Phase {
    Idle,
    NeedsFirstStep,
    Running,
    Failed,
}

/// The step being tried.
#[derive(Clone, Copy, Debug)]
struct Attempt {
    h: f64,
    t_new: f64,
    lands: bool,
}

impl Clock {
    const NEW: Clock = Clock {
        phase: Phase::Idle,
        status: LaneStatus::Idle,
        t: 0.0,
        t_stop: 0.0,
        proposal: 1.0,
        attempt: Attempt { h: 1.0, t_new: 0.0, lands: false },
        attempts: 0,
        trouble: None,
        memory: Memory::NEW,
        counters: Counters {
            steps: 0,
            rejected: 0,
            rhs: 0,
            jacobians: 0,
            factorisations: 0,
            solves: 0,
            pivoted: 0,
        },
    };

    fn start(&mut self, t0: f64, t_stop: f64, h0: Option<f64>) {
        let given = h0.filter(|h| h.is_finite() && *h > 0.0);
        *self = Clock {
            phase: if given.is_some() { Phase::Running } else { Phase::NeedsFirstStep },
            t: t0,
            t_stop,
            proposal: given.unwrap_or(1.0),
            counters: self.counters,
            ..Clock::NEW
        };
        if !t0.is_finite() || t_stop.is_nan() {
            self.fail(Failure::NotFinite { t: t0 });
        }
    }

    fn fail(&mut self, failure: Failure) {
        self.phase = Phase::Failed;
        self.status = LaneStatus::Failed(failure);
    }

    fn before_stop(&self) -> bool {
        self.t < self.t_stop
    }

    /// Chooses the step to try; false when the lane takes no part.
    fn begin(&mut self, options: &StepOptions) -> bool {
        if matches!(self.phase, Phase::Idle | Phase::Failed) {
            return false;
        }
        if !self.before_stop() {
            self.status = LaneStatus::Accepted { reached_stop: true };
            return false;
        }
        if self.attempts == options.max_steps {
            self.fail(Failure::TooManySteps { t: self.t });
            return false;
        }
        self.attempts += 1;
        self.attempt = self.next_attempt(options);
        if !self.attempt.lands && self.attempt.h < self.smallest_step(options) {
            self.fail_for_small_step();
            return false;
        }
        true
    }

    /// The proposal, fitted between the bounds and the stop.
    ///
    /// A stop less than two steps away is reached in two equal ones rather than in a long and a tiny one; one that is a
    /// few of the smallest steps away is reached in one.
    fn next_attempt(&self, options: &StepOptions) -> Attempt {
        let h = self.proposal.min(options.h_max);
        let remaining = self.t_stop - self.t;
        let is_near = remaining <= 4.0 * self.smallest_step(options);
        if is_near || remaining <= (h * STRETCH).min(options.h_max) {
            return Attempt { h: remaining, t_new: self.t_stop, lands: true };
        }
        let h = if remaining < 2.0 * h { 0.5 * remaining } else { h };
        let t_new = self.t + h;
        Attempt { h: t_new - self.t, t_new, lands: false }
    }

    fn smallest_step(&self, options: &StepOptions) -> f64 {
        options.h_min.max(MIN_STEP_IN_EPSILONS * f64::EPSILON * self.t.abs()).max(MIN_STEP_AT_ZERO)
    }

    fn fail_for_small_step(&mut self) {
        let t = self.t;
        self.fail(match self.trouble {
            None => Failure::StepTooSmall { t, h: self.attempt.h },
            Some(Outcome::Singular) => Failure::Singular { t },
            Some(_) => Failure::NotFinite { t },
        });
    }

    /// Takes or refuses the attempted step; true when it was taken.
    fn conclude(&mut self, outcome: Outcome, controller: &Controller) -> bool {
        match outcome {
            Outcome::Error(q) if q <= 1.0 => self.accept(q, controller),
            Outcome::Error(q) if q.is_finite() => {
                self.trouble = None;
                self.proposal = controller.reject(&mut self.memory, self.attempt.h, q);
                self.refuse();
            }
            Outcome::Error(_) | Outcome::Singular => {
                self.trouble = Some(outcome);
                self.proposal = controller.reject_trouble(&mut self.memory, self.attempt.h);
                self.refuse();
            }
            Outcome::Hopeless => self.fail(Failure::NotFinite { t: self.t }),
        }
        matches!(self.status, LaneStatus::Accepted { .. })
    }

    fn refuse(&mut self) {
        self.status = LaneStatus::Rejected;
        self.counters.rejected += 1;
    }

    /// A step cut short by the stop says little about the step size: the proposal may only grow by it.
    fn accept(&mut self, q: f64, controller: &Controller) {
        let Attempt { h, t_new, lands } = self.attempt;
        let cut_short = lands && h < self.proposal;
        self.proposal = if cut_short {
            controller.accept(&mut self.memory.clone(), h, q).max(self.proposal)
        } else {
            controller.accept(&mut self.memory, h, q)
        };
        self.trouble = None;
        self.t = t_new;
        self.status = LaneStatus::Accepted { reached_stop: lands };
        self.counters.steps += 1;
    }
}

/// The clocks of all lanes, and what the arithmetic needs of them side by side.
#[derive(Clone, Debug)]
pub(crate) struct Clocks<const L: usize> {
    options: StepOptions,
    /// Step size control.
    pub(crate) controller: Controller,
    lanes: [Clock; L],
    /// Time at the beginning of the step.
    pub(crate) t: Lanes<L>,
    /// Length of the step; one where a lane takes no part, which keeps its numbers harmless.
    pub(crate) h: Lanes<L>,
    /// Lanes that take part in this step.
    pub(crate) active: [bool; L],
}

impl<const L: usize> Clocks<L> {
    pub(crate) fn new(options: StepOptions, controller: Controller) -> Self {
        Clocks {
            options,
            controller,
            lanes: [Clock::NEW; L],
            t: Lanes::ZERO,
            h: Lanes::splat(1.0),
            active: [false; L],
        }
    }

    pub(crate) fn start(&mut self, lane: usize, t0: f64, t_stop: f64, h0: Option<f64>) {
        self.lanes[lane].start(t0, t_stop, h0);
        if t0.is_finite() {
            self.t[lane] = t0;
        }
    }

    pub(crate) fn fail(&mut self, lane: usize, failure: Failure) {
        self.lanes[lane].fail(failure);
    }

    /// Moves the stop of a lane.
    pub(crate) fn set_stop(&mut self, lane: usize, t_stop: f64) {
        self.lanes[lane].t_stop = t_stop;
        if t_stop.is_nan() {
            let t = self.lanes[lane].t;
            self.fail(lane, Failure::NotFinite { t });
        }
    }

    /// Moves the time of a lane, within its last step.
    pub(crate) fn set_time(&mut self, lane: usize, t: f64) {
        let clock = &mut self.lanes[lane];
        clock.t = t;
        clock.status = LaneStatus::Accepted { reached_stop: !clock.before_stop() };
    }

    pub(crate) fn park(&mut self, lane: usize) {
        let clock = &mut self.lanes[lane];
        *clock = Clock { t: clock.t, counters: clock.counters, ..Clock::NEW };
    }

    pub(crate) fn lane(&self, lane: usize) -> &Clock {
        &self.lanes[lane]
    }

    pub(crate) fn lane_mut(&mut self, lane: usize) -> &mut Clock {
        &mut self.lanes[lane]
    }

    /// How far a lane may go that waits for its first step size; a lane at its stop goes on waiting.
    pub(crate) fn needs_first_step(&self, lane: usize) -> Option<f64> {
        let clock = &self.lanes[lane];
        let needs = clock.phase == Phase::NeedsFirstStep && clock.before_stop();
        needs.then(|| (clock.t_stop - clock.t).min(self.options.h_max))
    }

    /// Gives a lane its first step size; near a stop it may be asked to be smaller than a step can be.
    pub(crate) fn set_first_step(&mut self, lane: usize, h: f64) {
        // Twice, as the time at the end of the step is rounded.
        self.lanes[lane].proposal = h.max(2.0 * self.lanes[lane].smallest_step(&self.options));
        self.lanes[lane].phase = Phase::Running;
    }

    /// Chooses the step of every lane; false when no lane takes part.
    pub(crate) fn begin(&mut self) -> bool {
        for lane in 0..L {
            let clock = &mut self.lanes[lane];
            self.active[lane] = clock.begin(&self.options);
            self.h[lane] = if self.active[lane] { clock.attempt.h } else { 1.0 };
            if self.active[lane] {
                self.t[lane] = clock.t;
            }
        }
        self.active.contains(&true)
    }

    /// Takes or refuses the step of every lane; gives the lanes that went forward.
    pub(crate) fn conclude(&mut self, outcomes: &[Outcome; L]) -> [bool; L] {
        std::array::from_fn(|lane| {
            self.active[lane] && self.lanes[lane].conclude(outcomes[lane], &self.controller)
        })
    }
}
