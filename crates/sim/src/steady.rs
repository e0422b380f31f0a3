//! Steady state of doses given for ever, by repeating their cycle until nothing changes.
//!
//! The cycle is simulated by the same event loop as everything else. Convergence is judged on the states at
//! the starts of successive cycles: with changes `d1` and `d2` of the last two, the distance left is estimated as
//! `d2 * r / (1 - r)`, `r = d2 / d1` (the tail of a geometric series), and must be below the tolerance.

use hepatica_model::system::StateId;

use crate::advance::{Advance, Next, Shared, Work};
use crate::driven::Direction;
use crate::scenario::{Action, Options, Scenario, SteadyState, TimedAction};
use crate::timeline::Timeline;
use crate::trajectory::{Failure, Trajectory};

/// How many cycles are tried, one list after the other, each from the start.
const CYCLES: [usize; 4] = [32, 128, 512, 2048];

/// The distance from the steady state that is accepted, in units of the tolerance of a step: the error of the
/// integration itself is of this order.
const ACCEPTED: f64 = 10.0;

/// The wanted state of a dosing steady state.
pub(crate) fn reach<const L: usize>(
    shared: Shared<'_>,
    lane: &Timeline,
    steady: &SteadyState,
    t: f64,
) -> Result<Vec<f64>, Failure> {
    let n = shared.kernel.n_states();
    let mut left = f64::INFINITY;
    for cycles in CYCLES {
        let rows = repeat::<L>(shared, lane, steady, cycles)?;
        left = distance_left(&rows[..3 * n], shared);
        if left <= ACCEPTED {
            return match steady.advance > 0.0 {
                true => Ok(rows[3 * n..].to_vec()),
                false => backwards::<L>(shared, lane, steady, &rows[2 * n..3 * n]),
            };
        }
    }
    let cycles = CYCLES[CYCLES.len() - 1];
    Err(Failure::NoSteadyState { t, cycles, change: left * shared.options.rtol })
}

/// The states at the starts of the last three of `count` cycles, and `advance` into the one after them if that
/// lies forwards.
fn repeat<const L: usize>(
    shared: Shared<'_>,
    lane: &Timeline,
    steady: &SteadyState,
    count: usize,
) -> Result<Vec<f64>, Failure> {
    let at = |k: usize| k as f64 * steady.interval;
    let shifted = |k: usize| steady.cycle.iter().map(move |a| TimedAction { t: a.t + at(k), ..a.clone() });
    let mut actions = Vec::new();
    if steady.add {
        actions.extend(replace_all(&vec![0.0; shared.kernel.n_states()]));
    }
    actions.extend((0..=count).flat_map(shifted));
    let mut times: Vec<f64> = [count - 2, count - 1, count].map(at).to_vec();
    if steady.advance > 0.0 {
        times.push(at(count) + steady.advance);
    }
    let scenario =
        Scenario { overrides: lane.overrides.clone(), actions, times: times.into(), seed: lane.seed };
    run_one::<L>(shared, scenario, Direction::Forwards)
}

/// The state `-advance` before the start of a cycle, from the state just before the start.
fn backwards<const L: usize>(
    shared: Shared<'_>,
    lane: &Timeline,
    steady: &SteadyState,
    start: &[f64],
) -> Result<Vec<f64>, Failure> {
    let mut actions = replace_all(start);
    actions.extend(steady.cycle.iter().filter(|a| a.t == 0.0).cloned());
    // One observation at zero would see the state before the actions, so a step of any length must follow.
    let times = [(-steady.advance).max(f64::MIN_POSITIVE)];
    let scenario =
        Scenario { overrides: lane.overrides.clone(), actions, times: times.into(), seed: lane.seed };
    run_one::<L>(shared, scenario, Direction::Backwards)
}

fn replace_all(values: &[f64]) -> Vec<TimedAction> {
    let replace = |(i, amount): (usize, &f64)| {
        let action = Action::Replace { state: StateId(i as u32), amount: *amount };
        TimedAction { t: 0.0, action }
    };
    values.iter().enumerate().map(replace).collect()
}

fn run_one<const L: usize>(
    shared: Shared<'_>,
    scenario: Scenario,
    direction: Direction,
) -> Result<Vec<f64>, Failure> {
    let options = Options { rtol: 0.1 * shared.options.rtol, ..shared.options.clone() };
    let forced = crate::simulate::forced_states(std::slice::from_ref(&scenario));
    let mut work = One { scenario: Some(scenario), result: None };
    let shared = Shared { options: &options, ..shared };
    let block = Advance::<L>::new(shared, forced, direction);
    block.map_err(|e| Failure::Initial(e.to_string()))?.run(&mut work);
    match work.result.take() {
        Some(Trajectory { failure: Some(failure), .. }) => Err(failure),
        Some(trajectory) => Ok(trajectory.states),
        None => Ok(Vec::new()),
    }
}

/// The estimated distance of the last of three states from the steady state, in units of the tolerance of a step.
fn distance_left(states: &[f64], shared: Shared<'_>) -> f64 {
    let n = states.len() / 3;
    let norm = |a: &[f64], b: &[f64]| {
        let scaled = a
            .iter()
            .zip(b)
            .map(|(a, b)| (a - b).abs() / (shared.options.atol + shared.options.rtol * a.abs().max(b.abs())));
        scaled.fold(0.0, f64::max)
    };
    let [first, second, third] = [&states[..n], &states[n..2 * n], &states[2 * n..]];
    let (d1, d2) = (norm(second, first), norm(third, second));
    let ratio = if d1 > 0.0 { (d2 / d1).min(0.999_999) } else { 0.0 };
    d2.max(d2 * ratio / (1.0 - ratio))
}

/// A queue of one.
struct One {
    scenario: Option<Scenario>,
    result: Option<Trajectory>,
}

impl Work for One {
    fn next(&mut self) -> Next {
        self.scenario.take().map_or(Next::End, |s| Next::Scenario(0, Ok(s)))
    }

    fn done(&mut self, _index: usize, trajectory: Trajectory) {
        self.result = Some(trajectory);
    }
}
