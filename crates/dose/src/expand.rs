//! One record -> its additions and infusions on the timeline.

use crate::interrupt;
use crate::resolve::{Resolved, Shape};
use crate::schedule::ActionKind;
use crate::steady;
use crate::timeline::{Phase, Timeline};
use crate::{PortId, SteadyState};

/// A dose with everything it entails: steady state, repeats, interruptions, lag.
pub(crate) fn give(timeline: &mut Timeline, dose: &Resolved) {
    if let Some(mode) = dose.steady_state {
        to_steady_state(timeline, dose, mode);
    }
    if dose.shape == Shape::ConstantUntilNow {
        return;
    }
    let due = due_times(dose);
    for at_h in due {
        administer(timeline, dose, at_h);
    }
}

/// Everything returns to its initial state.
pub(crate) fn reset(timeline: &mut Timeline, at_h: f64) {
    timeline.cancel_after(at_h);
    timeline.mark(at_h, Phase::Reset, ActionKind::Reset);
}

/// The amounts at the ports become those of the dose.
pub(crate) fn replace(timeline: &mut Timeline, dose: &Resolved) {
    for at_h in due_times(dose).filter_map(|t| interrupt::bolus(t, &dose.interruptions)) {
        for (port, umol) in &dose.parts {
            let kind = ActionKind::Replace { port: *port, umol: *umol };
            timeline.point(at_h + dose.lag_h, dose.at_h, kind);
        }
    }
}

/// When the dose and its repeats are due by the prescription.
fn due_times(dose: &Resolved) -> impl Iterator<Item = f64> + use<> {
    let at_h = dose.at_h;
    let (interval_h, additional) = dose.repeats.map_or((0.0, 0), |r| (r.interval_h, r.additional));
    (0..=additional).map(move |i| at_h + f64::from(i) * interval_h)
}

/// One administration due at `due_h`.
fn administer(timeline: &mut Timeline, dose: &Resolved, due_h: f64) {
    match dose.shape {
        Shape::Bolus => {
            if let Some(given_h) = interrupt::bolus(due_h, &dose.interruptions) {
                arrive(timeline, dose, given_h + dose.lag_h);
            }
        }
        Shape::Infusion(duration_h) => {
            for (start, end) in interrupt::segments(due_h, due_h + duration_h, &dose.interruptions) {
                run(timeline, dose, start + dose.lag_h, end + dose.lag_h);
            }
        }
        Shape::ConstantUntilNow => {}
    }
}

fn arrive(timeline: &mut Timeline, dose: &Resolved, t_h: f64) {
    for (port, umol) in &dose.parts {
        timeline.point(t_h, dose.at_h, ActionKind::Add { port: *port, umol: *umol });
    }
}

fn run(timeline: &mut Timeline, dose: &Resolved, start_h: f64, end_h: f64) {
    for (port, umol_per_h) in rates(dose) {
        timeline.infusion(port, umol_per_h, start_h, end_h);
    }
}

/// The rate of the dose's infusion at each port.
pub(crate) fn rates(dose: &Resolved) -> Vec<(PortId, f64)> {
    match dose.shape {
        Shape::Infusion(duration_h) if duration_h > 0.0 => {
            dose.parts.iter().map(|(port, umol)| (*port, umol / duration_h)).collect()
        }
        Shape::ConstantUntilNow => dose.parts.clone(),
        _ => Vec::new(),
    }
}

/// The steady state at the time of the record, and what its past doses still give afterwards.
fn to_steady_state(timeline: &mut Timeline, dose: &Resolved, mode: SteadyState) {
    let past = steady::past(dose, mode.lag_rule());
    let pattern = past.pattern;
    let kind = match mode {
        SteadyState::Replace(_) => {
            timeline.cancel_after(dose.at_h);
            ActionKind::ToSteadyState { pattern }
        }
        SteadyState::Add(_) => ActionKind::AddSteadyState { pattern },
    };
    timeline.mark(dose.at_h, Phase::SteadyState, kind);
    for end_h in past.running_until_h {
        run(timeline, dose, dose.at_h, end_h);
    }
    for arrival_h in past.pending_at_h {
        match dose.shape {
            Shape::Infusion(duration_h) => run(timeline, dose, arrival_h, arrival_h + duration_h),
            _ => arrive(timeline, dose, arrival_h),
        }
    }
}
