//! Doses -> actions in order.

use hepatica_source::{Diagnostic, Span};

use crate::expand::{give, reset};
use crate::resolve::{Shape, not_negative, resolve};
use crate::timeline::Timeline;
use crate::{Dose, DoseError, Event, PortId, PortTable, Subject};

/// The most actions of one schedule.
const MAX_ACTIONS: usize = 1_000_000;

/// What happens to a model, in the order in which it applies.
///
/// Actions at one time apply in this order: what earlier records still give (lagged and additional doses), then
/// the records of that time in the order written, each as reset, steady state, dose; then the rates. An
/// observation at that time sees the state before all of them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Schedule {
    /// The actions.
    pub actions: Vec<Action>,
}

/// One change at one time.
#[derive(Clone, Debug, PartialEq)]
pub struct Action {
    /// When, in h.
    pub t_h: f64,
    /// What.
    pub kind: ActionKind,
}

/// The changes.
#[derive(Clone, Debug, PartialEq)]
pub enum ActionKind {
    /// The amount at a port grows.
    Add {
        /// Where.
        port: PortId,
        /// By how much.
        umol: f64,
    },
    /// From now on the amount at a port grows by this rate in all, whatever the rate was before.
    SetRate {
        /// Where.
        port: PortId,
        /// The sum of all infusions that run there; exactly zero when none does.
        umol_per_h: f64,
    },
    /// The amount at a port becomes this.
    Replace {
        /// Where.
        port: PortId,
        /// The new amount.
        umol: f64,
    },
    /// All states take their initial values. Every port an infusion was running at gets a `SetRate` at this time.
    Reset,
    /// All states take the values of a steady state of `pattern`, reached from the initial state.
    ToSteadyState {
        /// The doses that are repeated for ever.
        pattern: Pattern,
    },
    /// The steady state of `pattern`, reached from a state of zero, is added to the state.
    AddSteadyState {
        /// The doses that are repeated for ever.
        pattern: Pattern,
    },
}

/// Doses repeated for ever.
#[derive(Clone, Debug, PartialEq)]
pub enum Pattern {
    /// These rates in umol/h without end.
    Constant(Vec<(PortId, f64)>),
    /// A cycle. The wanted state is found in two steps: the state p that one cycle leads back to itself, just
    /// before offset 0; then p followed by the cycle for `advance_h`, the pulses at offset 0 included.
    Periodic {
        /// The length of the cycle in h.
        interval_h: f64,
        /// What happens at which offset in h from the start of the cycle, in order; the first offset is 0. Rates
        /// are the sum over this dose's infusions, those of earlier cycles included.
        cycle: Vec<(f64, Pulse)>,
        /// In (0, `interval_h`]. Zero or below only for [`LagBeyondInterval::Extrapolate`](crate::LagBeyondInterval):
        /// then the state just after the pulses at offset 0 is followed backwards at their rates.
        advance_h: f64,
    },
}

/// What happens within a cycle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Pulse {
    /// As [`ActionKind::Add`].
    Add {
        /// Where.
        port: PortId,
        /// By how much.
        umol: f64,
    },
    /// As [`ActionKind::SetRate`].
    SetRate {
        /// Where.
        port: PortId,
        /// The rate from now on.
        umol_per_h: f64,
    },
}

impl Schedule {
    /// What reaches each of `n_ports` ports until `t_h`, in umol, by additions and rates; what a steady state or
    /// a replacement puts there does not count.
    pub fn delivered_umol(&self, n_ports: usize, t_h: f64) -> Vec<f64> {
        let mut total = vec![0.0; n_ports];
        let mut rate = vec![(0.0, 0.0); n_ports];
        for action in self.actions.iter().take_while(|a| a.t_h <= t_h) {
            match action.kind {
                ActionKind::Add { port, umol } => total[port.index()] += umol,
                ActionKind::SetRate { port, umol_per_h } => {
                    let (since, old) = rate[port.index()];
                    total[port.index()] += old * (action.t_h - since);
                    rate[port.index()] = (action.t_h, umol_per_h);
                }
                _ => {}
            }
        }
        for (sum, (since, running)) in total.iter_mut().zip(rate) {
            // A rate of zero stays silent even when `t_h` is infinite.
            *sum += if running > 0.0 { running * (t_h - since) } else { 0.0 };
        }
        total
    }

    /// The time of the last action in h; zero without any.
    pub fn end_h(&self) -> f64 {
        self.actions.last().map_or(0.0, |a| a.t_h)
    }
}

/// Turns what was written about doses into actions for one subject and one model.
///
/// # Errors
/// Every refused dose, each as a diagnostic at its place.
pub fn schedule(events: &[Event], subject: &Subject, ports: &PortTable) -> Result<Schedule, Vec<Diagnostic>> {
    let mut refused = Vec::new();
    let mut order: Vec<&Event> = events.iter().collect();
    // Stable: records of one time stay in the order written.
    order.sort_by(|a, b| at_h(a).total_cmp(&at_h(b)));
    let mut timeline = Timeline::default();
    for event in order {
        if let Err((error, span)) = apply(&mut timeline, event, subject, ports) {
            refused.push(error.diagnostic(span));
        }
        if timeline.len() > MAX_ACTIONS {
            refused.push(DoseError::TooMany { limit: MAX_ACTIONS }.diagnostic(None));
            break;
        }
    }
    if refused.is_empty() { Ok(Schedule { actions: timeline.into_actions() }) } else { Err(refused) }
}

fn at_h(event: &Event) -> f64 {
    match event {
        Event::Give(dose) | Event::ResetAndGive(dose) | Event::Replace(dose) => dose.at_h,
        Event::Reset { at_h, .. } => *at_h,
    }
}

fn apply(
    timeline: &mut Timeline,
    event: &Event,
    subject: &Subject,
    ports: &PortTable,
) -> Result<(), (DoseError, Option<Span>)> {
    let dosed = |dose: &Dose| resolve(dose, subject, ports).map_err(|e| (e, dose.span));
    timeline.next_record();
    match event {
        Event::Give(dose) => give(timeline, &dosed(dose)?),
        Event::ResetAndGive(dose) => {
            let resolved = dosed(dose)?;
            reset(timeline, resolved.at_h);
            give(timeline, &resolved);
        }
        Event::Replace(dose) => {
            let resolved = dosed(dose)?;
            if resolved.shape != Shape::Bolus || resolved.steady_state.is_some() {
                let what = "a replacement is an infusion or has a steady state";
                return Err((DoseError::Unsupported { what }, dose.span));
            }
            crate::expand::replace(timeline, &resolved);
        }
        Event::Reset { at_h, span } => {
            reset(timeline, not_negative(*at_h, "the time of a reset").map_err(|e| (e, *span))?);
        }
    }
    Ok(())
}
