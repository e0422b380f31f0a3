//! Steady states: the cycle that repeats, and what it leaves running.

use crate::expand::rates;
use crate::resolve::{Resolved, Shape};
use crate::schedule::{Pattern, Pulse};
use crate::timeline::same_time;
use crate::{LagBeyondInterval, PortId};

/// The doses given for ever before a record.
#[derive(Debug)]
pub(crate) struct Past {
    /// The cycle that repeats.
    pub(crate) pattern: Pattern,
    /// When their infusions that run at the record end, in h.
    pub(crate) running_until_h: Vec<f64>,
    /// When their doses that are given but have not arrived will arrive, in h.
    pub(crate) pending_at_h: Vec<f64>,
}

/// What doses at `at_h - interval`, `at_h - 2 interval`, ... mean at `at_h`.
pub(crate) fn past(dose: &Resolved, rule: LagBeyondInterval) -> Past {
    let Some(repeats) = dose.repeats else {
        let pattern = Pattern::Constant(rates(dose));
        return Past { pattern, running_until_h: Vec::new(), pending_at_h: Vec::new() };
    };
    let interval_h = repeats.interval_h;
    let lag = Lag::new(dose.lag_h, interval_h, rule);
    let last_arrival_h = dose.at_h - lag.advance_h;
    let pending_at_h =
        (0..lag.pending).rev().map(|j| last_arrival_h + (f64::from(j) + 1.0) * interval_h).collect();
    let pattern = Pattern::Periodic { interval_h, cycle: cycle(dose, interval_h), advance_h: lag.advance_h };
    Past { pattern, running_until_h: still_running(dose, interval_h, last_arrival_h), pending_at_h }
}

/// Where the lag puts the record within the cycle.
struct Lag {
    /// Time from the last arrival that counts to the record.
    advance_h: f64,
    /// How many doses are on their way at the record.
    pending: u32,
}

impl Lag {
    fn new(lag_h: f64, interval_h: f64, rule: LagBeyondInterval) -> Lag {
        if rule == LagBeyondInterval::Extrapolate {
            return Lag { advance_h: interval_h - lag_h, pending: 0 };
        }
        let mut pending = (lag_h / interval_h).floor();
        // A lag of a whole number of intervals up to rounding: a dose arrives just at the record.
        if same_time((pending + 1.0) * interval_h, lag_h) {
            pending += 1.0;
        }
        let advance_h = (interval_h - (lag_h - pending * interval_h)).min(interval_h);
        Lag { advance_h, pending: pending as u32 }
    }
}

/// The pulses from one arrival to the next.
fn cycle(dose: &Resolved, interval_h: f64) -> Vec<(f64, Pulse)> {
    let Shape::Infusion(duration_h) = dose.shape else {
        return dose
            .parts
            .iter()
            .map(|(port, umol)| (0.0, Pulse::Add { port: *port, umol: *umol }))
            .collect();
    };
    let older = older_running(duration_h, interval_h);
    let end_h = duration_h - f64::from(older) * interval_h;
    let set = |count: u32, (port, rate): (PortId, f64)| Pulse::SetRate {
        port,
        umol_per_h: f64::from(count) * rate,
    };
    let rates = rates(dose);
    let mut pulses: Vec<(f64, Pulse)> = rates.iter().map(|part| (0.0, set(older + 1, *part))).collect();
    if end_h < interval_h && !same_time(end_h, interval_h) {
        pulses.extend(rates.iter().map(|part| (end_h, set(older, *part))));
    }
    pulses
}

/// How many infusions of earlier cycles still run when one begins.
fn older_running(duration_h: f64, interval_h: f64) -> u32 {
    let cycles = duration_h / interval_h;
    let whole = cycles.round();
    let ending_now = same_time(whole * interval_h, duration_h);
    (if ending_now { whole - 1.0 } else { cycles.floor() }).max(0.0) as u32
}

/// The ends of the infusions that run at the record, the latest last.
fn still_running(dose: &Resolved, interval_h: f64, last_arrival_h: f64) -> Vec<f64> {
    let Shape::Infusion(duration_h) = dose.shape else { return Vec::new() };
    // Extrapolation follows the rates just after the last arrival, also when that lies after the record.
    let now_h = dose.at_h.max(last_arrival_h);
    (0..=older_running(duration_h, interval_h))
        .rev()
        .map(|n| last_arrival_h - f64::from(n) * interval_h + duration_h)
        .filter(|end_h| *end_h > now_h && !same_time(*end_h, now_h))
        .collect()
}
