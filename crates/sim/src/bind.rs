//! Actions on ports -> actions on states.

use std::sync::Arc;

use hepatica_dose::{ActionKind, Pattern, PortId, Pulse, Schedule};
use hepatica_model::system::StateId;

use crate::scenario::{Action, SteadyState, TimedAction};

/// Length of the cycle by which the steady state of a constant infusion is reached, h: any length serves, since
/// nothing happens in it; a day keeps the number of cycles small for drugs and for cells.
const CONSTANT_INFUSION_CYCLE_H: f64 = 24.0;

/// The actions of a schedule on the states behind its ports, in their order; `states[port]` is the state of a port.
///
/// The model must count time in h and these states in umol; the caller checks that.
pub fn bind(schedule: &Schedule, states: &[StateId]) -> Vec<TimedAction> {
    let state = |port: PortId| states[port.index()];
    let bound = schedule.actions.iter().map(|action| {
        let bound = match &action.kind {
            ActionKind::Add { port, umol } => Action::Add { state: state(*port), amount: *umol },
            ActionKind::SetRate { port, umol_per_h } => {
                Action::SetRate { state: state(*port), rate: *umol_per_h }
            }
            ActionKind::Replace { port, umol } => Action::Replace { state: state(*port), amount: *umol },
            ActionKind::Reset => Action::Reset,
            ActionKind::ToSteadyState { pattern } => steady(pattern, false, &state),
            ActionKind::AddSteadyState { pattern } => steady(pattern, true, &state),
        };
        TimedAction { t: action.t_h, action: bound }
    });
    bound.collect()
}

fn steady(pattern: &Pattern, add: bool, state: &dyn Fn(PortId) -> StateId) -> Action {
    let steady = match pattern {
        Pattern::Constant(rates) => {
            let set = |(port, rate): &(PortId, f64)| TimedAction {
                t: 0.0,
                action: Action::SetRate { state: state(*port), rate: *rate },
            };
            let interval = CONSTANT_INFUSION_CYCLE_H;
            SteadyState { interval, cycle: rates.iter().map(set).collect(), advance: interval, add }
        }
        Pattern::Periodic { interval_h, cycle, advance_h } => {
            let pulse = |(t, pulse): &(f64, Pulse)| TimedAction {
                t: *t,
                action: match *pulse {
                    Pulse::Add { port, umol } => Action::Add { state: state(port), amount: umol },
                    Pulse::SetRate { port, umol_per_h } => {
                        Action::SetRate { state: state(port), rate: umol_per_h }
                    }
                },
            };
            let cycle = cycle.iter().map(pulse).collect();
            SteadyState { interval: *interval_h, cycle, advance: *advance_h, add }
        }
    };
    Action::SteadyState(Arc::new(steady))
}
