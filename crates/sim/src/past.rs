//! The past of each lane, for models with delays.
//!
//! A lane keeps the dense output of every step since its start, so that a value of any earlier time can be looked up:
//! 40 bytes per state and step, given back when the lane finishes. Before time zero nothing moves; states and parameters
//! have the values that their expressions for time zero give at that time (SBML Level 3 Version 2 core, section 3.4.6:
//! the value of a delayed expression before the beginning is that of the model's initial definition).
//!
//! A jump of a solution at `T` makes a jump of the right-hand side at `T + lag`, a jump of its derivative at `T + 2 lag`,
//! and so on (Bellen and Zennaro, Numerical Methods for Delay Differential Equations, section 2.2). Steps end at these
//! times, where the lag is constant between events, until the jump is in a derivative beyond the order of the method.

use std::sync::Arc;

use hepatica_expr::eval::Evaluator;
use hepatica_expr::{NodeId, Symbol};
use hepatica_kernel::{Kernel, Point};
use hepatica_model::system::{System, Target};
use hepatica_solve::DenseStep;

use crate::segment::Segment;

/// The order of the method: derivatives beyond it may jump within a step.
const SMOOTHEST: u32 = 5;
/// How many values of the past may be needed one by one for one value, as in `x := delay(x, 1) + 1` after a long time.
const MAX_DEPTH: usize = 500;
/// Two times closer than this, relative to their size, are the same moment: sums of lags are rounded.
const SAME_MOMENT: f64 = 8.0 * f64::EPSILON;
/// Part of a step by which a look-up is moved to find the rate of change of a delayed value.
const NUDGE: f64 = 1e-4;
/// Part of the whole time below which a lag that varies does not shorten steps; within them the solution is taken for
/// linear then.
const SHORTEST_VARYING_LAG: f64 = 1e-5;

/// Why a value of the past cannot be had.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Trouble {
    /// A lag that is negative or not a number.
    Lag(f64),
    /// A value needs values of the past without end.
    Depth,
}

/// The pasts of all lanes of a block.
#[derive(Debug)]
pub(crate) struct Past {
    kernel: Arc<Kernel>,
    delays: Vec<Lookup>,
    /// All delays, each after those its lag reads.
    order: Vec<usize>,
    /// Whether some value at time zero depends on time.
    starts_move: bool,
    lanes: Vec<LanePast>,
    scratch: Evaluator,
}

/// A delay, and what it needs.
#[derive(Clone, Debug)]
struct Lookup {
    lag: NodeId,
    value: NodeId,
    before: NodeId,
    /// The lag changes at events only.
    is_fixed: bool,
    /// The delays its value reads, each after those its lag reads.
    inner: Vec<usize>,
}

/// The past of one lane.
#[derive(Clone, Debug, Default)]
struct LanePast {
    is_active: bool,
    overrides: Vec<(Target, f64)>,
    start: (Vec<f64>, Vec<f64>),
    end: f64,
    segments: Vec<Segment>,
    params: Arc<[f64]>,
    /// Where the present step begins, and the state there.
    now: (f64, Vec<f64>),
    /// Times to come at which a derivative of this order jumps.
    breaks: Vec<(f64, u32)>,
    trouble: Option<Trouble>,
}

/// What a value of the past is looked up for.
#[derive(Clone, Copy)]
struct Present<'p> {
    lane: usize,
    t: f64,
    y: &'p [f64],
    p: &'p [f64],
    depth: usize,
}

/// Where a time lies.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    Before,
    Segment(usize),
    /// Behind the last step: between the state at its end and the present one.
    Ahead,
}

impl Past {
    /// The pasts of `lanes` lanes; `None` for a model without delays.
    pub(crate) fn new(kernel: &Arc<Kernel>, lanes: usize) -> Option<Past> {
        let system = kernel.system();
        if system.delays.is_empty() {
            return None;
        }
        let read_by = |node: NodeId| delayed_in(system, node);
        let delays = system.delays.iter().map(|delay| Lookup {
            lag: delay.lag,
            value: delay.value,
            before: delay.before,
            is_fixed: system.graph.is_constant_between_events(delay.lag),
            inner: ordered(system, read_by(delay.value).into_iter().chain(read_by(delay.before)).collect()),
        });
        let starts_move =
            system.initial.iter().any(|(_, node)| system.graph.symbols_of(*node).contains(&Symbol::Time));
        Some(Past {
            kernel: kernel.clone(),
            delays: delays.collect(),
            order: ordered(system, (0..system.delays.len()).collect()),
            starts_move,
            lanes: vec![LanePast::default(); lanes],
            scratch: Evaluator::default(),
        })
    }

    /// Begins a lane.
    pub(crate) fn begin(
        &mut self,
        lane: usize,
        overrides: &[(Target, f64)],
        start: (&[f64], &[f64]),
        end: f64,
    ) {
        let (y, p) = start;
        self.lanes[lane] = LanePast {
            is_active: true,
            overrides: overrides.to_vec(),
            start: (y.to_vec(), p.to_vec()),
            end,
            params: Arc::from(p),
            now: (0.0, y.to_vec()),
            ..LanePast::default()
        };
    }

    /// Gives the memory of a lane back.
    pub(crate) fn finish(&mut self, lane: usize) {
        self.lanes[lane] = LanePast::default();
    }

    /// Whether a lane is simulated.
    pub(crate) fn is_active(&self, lane: usize) -> bool {
        self.lanes[lane].is_active
    }

    /// What went wrong in a lane.
    pub(crate) fn trouble(&self, lane: usize) -> Option<Trouble> {
        self.lanes[lane].trouble
    }

    /// Keeps an accepted step.
    pub(crate) fn accept<const L: usize>(&mut self, lane: usize, step: &DenseStep<'_, L>) {
        let past = &mut self.lanes[lane];
        let t_new = step.t_new[lane];
        let segment = Segment::new(lane, step, past.params.clone());
        segment.state(t_new, &mut past.now.1);
        past.now.0 = t_new;
        past.segments.push(segment);
    }

    /// Forgets what is after `t`, where the lane starts again with the state `y` and the parameters `p`.
    ///
    /// `jumps` says that something was set there, so that the solution or its derivative jumps.
    pub(crate) fn restart(&mut self, lane: usize, t: f64, (y, p): (&[f64], &[f64]), jumps: bool) {
        let past = &mut self.lanes[lane];
        while past.segments.last().is_some_and(|segment| segment.from >= t && segment.from > 0.0) {
            past.segments.pop();
        }
        if let Some(last) = past.segments.last_mut() {
            last.to = last.to.min(t);
        }
        if *past.params != *p {
            past.params = Arc::from(p);
        }
        past.now = (t, y.to_vec());
        let reached = |at: f64| at <= t || same_moment(at, t);
        let order = past.breaks.iter().filter(|(at, _)| reached(*at)).map(|(_, order)| *order).min();
        past.breaks.retain(|(at, _)| !reached(*at));
        match order {
            _ if jumps => self.spread(lane, t, 0),
            Some(order) => self.spread(lane, t, order),
            None => {}
        }
    }

    /// Notes the times at which a jump of a derivative at `t` comes back.
    fn spread(&mut self, lane: usize, t: f64, order: u32) {
        if order == SMOOTHEST {
            return;
        }
        let (y, p) = (self.lanes[lane].now.1.clone(), self.lanes[lane].params.clone());
        for k in 0..self.delays.len() {
            if !self.delays[k].is_fixed {
                continue;
            }
            let at = Point { t, y: &y, p: &p, d: &[] };
            let lag = self.kernel.eval_scalar(&mut self.scratch, self.delays[k].lag, at);
            let breaks = &mut self.lanes[lane].breaks;
            if lag > 0.0 && lag.is_finite() && !breaks.iter().any(|(known, _)| same_moment(*known, t + lag)) {
                breaks.push((t + lag, order + 1));
            }
        }
    }

    /// The next time at which a jump comes back.
    pub(crate) fn next_break(&self, lane: usize) -> f64 {
        self.lanes[lane].breaks.iter().map(|(at, _)| *at).fold(f64::INFINITY, f64::min)
    }

    /// Whether only derivatives jump at `t` that no step sees: the lane need not start again.
    pub(crate) fn is_smooth_at(&self, lane: usize, t: f64) -> bool {
        let here = self.lanes[lane].breaks.iter().filter(|(at, _)| *at <= t || same_moment(*at, t));
        here.map(|(_, order)| *order).min().is_none_or(|order| order > 1)
    }

    /// How far the next step may go, so that it needs nothing of itself.
    pub(crate) fn reach(&mut self, lane: usize, t: f64, y: &[f64]) -> f64 {
        let p = self.lanes[lane].params.clone();
        let mut values = vec![f64::NAN; 2 * self.delays.len()];
        let present = Present { lane, t, y, p: &p, depth: 0 };
        let mut reach = f64::INFINITY;
        for i in 0..self.order.len() {
            let k = self.order[i];
            let lag = self.look_up(k, present, &mut values);
            let least =
                if self.delays[k].is_fixed { 0.0 } else { SHORTEST_VARYING_LAG * self.lanes[lane].end };
            if lag > 0.0 {
                reach = reach.min(lag.max(least));
            } else {
                reach = reach.min(if least > 0.0 { least } else { f64::INFINITY });
            }
        }
        t + reach
    }

    /// The value of every delay at `(t, y)` into the first half of `values`.
    pub(crate) fn look(&mut self, lane: usize, t: f64, (y, p): (&[f64], &[f64]), values: &mut [f64]) {
        let present = Present { lane, t, y, p, depth: 0 };
        for i in 0..self.order.len() {
            self.look_up(self.order[i], present, values);
        }
    }

    /// The time derivative of every delay into the second half of `values`, whose first half has their values.
    pub(crate) fn look_at_rates(
        &mut self,
        lane: usize,
        t: f64,
        (y, p): (&[f64], &[f64]),
        values: &mut [f64],
    ) {
        let n = self.delays.len();
        for i in 0..n {
            let k = self.order[i];
            let present = Present { lane, t, y, p, depth: 0 };
            let lag = self.lag(k, present, values);
            let s = t - lag;
            let place = self.place(lane, s, t);
            let step = match place {
                Place::Segment(i) => self.lanes[lane].segments[i].h,
                Place::Before => lag.max(f64::MIN_POSITIVE),
                Place::Ahead => t - self.lanes[lane].now.0,
            };
            let nudge = (NUDGE * step).max(f64::EPSILON.sqrt() * f64::EPSILON.sqrt() * t.abs());
            let [low, high] = [s - nudge, s + nudge].map(|s| self.value(k, s, place, present));
            let slope = (high - low) / ((s + nudge) - (s - nudge));
            let lag_slope = if self.delays[k].is_fixed {
                0.0
            } else {
                let later = self.lag(k, Present { t: t + nudge, ..present }, values);
                (later - lag) / nudge
            };
            let rate = slope * (1.0 - lag_slope);
            values[n + k] = if rate.is_finite() { rate } else { 0.0 };
        }
    }

    /// Looks one delay up into `values` and gives its lag.
    fn look_up(&mut self, k: usize, present: Present<'_>, values: &mut [f64]) -> f64 {
        let lag = self.lag(k, present, values);
        let s = present.t - lag;
        let place = self.place(present.lane, s, present.t);
        values[k] = self.value(k, s, place, present);
        lag
    }

    fn lag(&mut self, k: usize, present: Present<'_>, values: &[f64]) -> f64 {
        let at = Point { t: present.t, y: present.y, p: present.p, d: values };
        let lag = self.kernel.eval_scalar(&mut self.scratch, self.delays[k].lag, at);
        if lag.is_nan() || lag < 0.0 || lag == f64::INFINITY {
            self.lanes[present.lane].trouble.get_or_insert(Trouble::Lag(lag));
        }
        lag
    }

    /// Where a time lies, seen from `t`: at a jump a step that begins there sees what is after it, and one that ends
    /// there what is before it.
    fn place(&self, lane: usize, s: f64, t: f64) -> Place {
        let past = &self.lanes[lane];
        let begins = t == past.now.0;
        let is_start = same_lookup(s, 0.0, t);
        if is_start && !begins || s < 0.0 && !is_start {
            return Place::Before;
        }
        let after =
            past.segments.partition_point(|segment| segment.from <= s || same_lookup(segment.from, s, t));
        let Some(last) = after.checked_sub(1) else { return Place::Ahead };
        let at_start = same_lookup(past.segments[last].from, s, t);
        if at_start && !begins && last > 0 {
            return Place::Segment(last - 1);
        }
        let is_behind = s > past.segments[last].to && !same_lookup(past.segments[last].to, s, t);
        let starts_again = begins && same_lookup(past.now.0, s, t);
        if after == past.segments.len() && (is_behind || starts_again) {
            Place::Ahead
        } else {
            Place::Segment(last)
        }
    }

    /// The value of a delay at `s`, which is continued smoothly from its place.
    fn value(&mut self, k: usize, s: f64, place: Place, present: Present<'_>) -> f64 {
        let Present { lane, depth, .. } = present;
        if depth > MAX_DEPTH || self.lanes[lane].trouble.is_some() {
            self.lanes[lane].trouble.get_or_insert(Trouble::Depth);
            return f64::NAN;
        }
        let (y, p) = self.then(s, place, present);
        let node = if place == Place::Before { self.delays[k].before } else { self.delays[k].value };
        let mut values = Vec::new();
        if !self.delays[k].inner.is_empty() {
            values = vec![f64::NAN; self.delays.len()];
            let then = Present { lane, t: s, y: &y, p: &p, depth: depth + 1 };
            for i in 0..self.delays[k].inner.len() {
                self.look_up(self.delays[k].inner[i], then, &mut values);
            }
        }
        self.kernel.eval_scalar(&mut self.scratch, node, Point { t: s, y: &y, p: &p, d: &values })
    }

    /// States and parameters at `s`.
    fn then(&self, s: f64, place: Place, present: Present<'_>) -> (Vec<f64>, Arc<[f64]>) {
        let past = &self.lanes[present.lane];
        match place {
            Place::Before if self.starts_move => match self.kernel.initial_at(&past.overrides, s) {
                Ok(initial) => (initial.y0, Arc::from(initial.params)),
                Err(_) => (past.start.0.clone(), Arc::from(past.start.1.as_slice())),
            },
            Place::Before => (past.start.0.clone(), Arc::from(past.start.1.as_slice())),
            Place::Segment(i) => {
                let segment = &past.segments[i];
                let mut y = vec![0.0; past.now.1.len()];
                segment.state(s, &mut y);
                (y, segment.params.clone())
            }
            Place::Ahead => {
                let (from, to) = (past.now.0, present.t);
                let part = if to > from { ((s - from) / (to - from)).clamp(0.0, 1.0) } else { 1.0 };
                let between = |(a, b): (&f64, &f64)| a + part * (b - a);
                (past.now.1.iter().zip(present.y).map(between).collect(), Arc::from(present.p))
            }
        }
    }
}

/// Whether two times are the same but for rounding.
fn same_moment(a: f64, b: f64) -> bool {
    (a - b).abs() <= SAME_MOMENT * a.abs().max(b.abs())
}

/// The same for a time that was found by going back from `t`.
fn same_lookup(a: f64, b: f64, t: f64) -> bool {
    (a - b).abs() <= SAME_MOMENT * t.abs()
}

/// The delays an expression reads.
fn delayed_in(system: &System, node: NodeId) -> Vec<usize> {
    let delayed = |symbol| match symbol {
        Symbol::Delayed(k) => Some(k as usize).filter(|k| *k < system.delays.len()),
        _ => None,
    };
    system.graph.symbols_of(node).into_iter().filter_map(delayed).collect()
}

/// Delays and those their lags read, each after those its own lag reads.
fn ordered(system: &System, wanted: Vec<usize>) -> Vec<usize> {
    let mut order: Vec<usize> = Vec::new();
    let mut stack: Vec<(usize, bool)> = wanted.into_iter().rev().map(|k| (k, false)).collect();
    let mut opened = vec![false; system.delays.len()];
    while let Some((k, is_ready)) = stack.pop() {
        if is_ready {
            order.push(k);
        } else if !std::mem::replace(&mut opened[k], true) {
            stack.push((k, true));
            stack.extend(delayed_in(system, system.delays[k].lag).into_iter().map(|k| (k, false)));
        }
    }
    order
}
