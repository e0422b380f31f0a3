//! A one-compartment model with first-order absorption, followed exactly through a schedule.

use hepatica_dose::{Action, ActionKind, Pattern, Pulse, Schedule};

/// Two states in umol: the depot (port 0) and the central compartment (port 1).
pub(crate) type State = [f64; 2];

/// The model and what has happened to it.
pub(crate) struct Linear {
    /// Rate of absorption, 1/h.
    pub(crate) ka: f64,
    /// Rate of elimination, 1/h.
    pub(crate) k: f64,
}

impl Linear {
    /// The state after `dt` hours at constant rates; exact, also for negative `dt`.
    pub(crate) fn advance(&self, x: State, rates: State, dt: f64) -> State {
        let (ka, k) = (self.ka, self.k);
        let (ea, ek) = ((-ka * dt).exp(), (-k * dt).exp());
        let depot_excess = x[0] - rates[0] / ka;
        let depot = rates[0] / ka + depot_excess * ea;
        let central =
            x[1] * ek + (rates[0] + rates[1]) / k * (1.0 - ek) + ka * depot_excess * (ea - ek) / (k - ka);
        [depot, central]
    }

    /// The states at each time (rising), as an observation sees them: before (or `after`) the actions at that time.
    pub(crate) fn observe(&self, schedule: &Schedule, times: &[f64], after: bool) -> Vec<State> {
        let mut run = Run { model: self, x: [0.0; 2], rates: [0.0; 2], t: 0.0 };
        let mut actions = schedule.actions.iter().peekable();
        let mut seen = Vec::new();
        for time in times {
            while let Some(action) = actions.next_if(|a| a.t_h < *time || after && a.t_h <= *time) {
                run.to(action.t_h);
                run.apply(action);
            }
            run.to(*time);
            seen.push(run.x);
        }
        seen
    }
}

struct Run<'a> {
    model: &'a Linear,
    x: State,
    rates: State,
    t: f64,
}

impl Run<'_> {
    fn to(&mut self, t: f64) {
        self.x = self.model.advance(self.x, self.rates, t - self.t);
        self.t = t;
    }

    fn apply(&mut self, action: &Action) {
        match &action.kind {
            ActionKind::Add { port, umol } => self.x[port.index()] += umol,
            ActionKind::SetRate { port, umol_per_h } => self.rates[port.index()] = *umol_per_h,
            ActionKind::Replace { port, umol } => self.x[port.index()] = *umol,
            ActionKind::Reset => self.x = [0.0; 2],
            ActionKind::ToSteadyState { pattern } => self.x = steady(self.model, pattern),
            ActionKind::AddSteadyState { pattern } => {
                let s = steady(self.model, pattern);
                self.x = [self.x[0] + s[0], self.x[1] + s[1]];
            }
        }
    }
}

/// The steady state a pattern asks for.
fn steady(model: &Linear, pattern: &Pattern) -> State {
    let none = Run { model, x: [0.0; 2], rates: [0.0; 2], t: 0.0 };
    match pattern {
        Pattern::Constant(rates) => {
            let mut run = none;
            for (port, rate) in rates {
                run.rates[port.index()] += rate;
            }
            [run.rates[0] / model.ka, (run.rates[0] + run.rates[1]) / model.k]
        }
        Pattern::Periodic { interval_h, cycle, advance_h } => {
            let mut run = none;
            for _ in 0..500 {
                through(&mut run, cycle, *interval_h);
            }
            through(&mut run, cycle, *advance_h);
            run.x
        }
    }
}

/// From the start of a cycle for `until` hours; backwards from its start when that is negative.
fn through(run: &mut Run<'_>, cycle: &[(f64, Pulse)], until: f64) {
    run.t = 0.0;
    for (offset, pulse) in cycle.iter().filter(|(offset, _)| *offset == 0.0 || *offset < until) {
        run.to(*offset);
        match pulse {
            Pulse::Add { port, umol } => run.x[port.index()] += umol,
            Pulse::SetRate { port, umol_per_h } => run.rates[port.index()] = *umol_per_h,
        }
    }
    run.to(until);
}
