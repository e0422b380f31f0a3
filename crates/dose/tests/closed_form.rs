//! Every cell of route x lag x F x additional doses x steady state against the superposition of closed forms.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

mod support;

use std::collections::BTreeMap;

use hepatica_dose::{
    Amount, Dose, Event, Given, Infusion, LagBeyondInterval, PortTable, Repeats, Setting, SteadyState,
    Subject, schedule,
};
use support::Linear;

const KA: f64 = 1.5;
const K: f64 = 0.055;
const DOSE: f64 = 100.0;
const INTERVAL: f64 = 12.0;
/// An earlier dose, which a steady state replaces or is added to.
const PRIOR: f64 = 40.0;
/// When the tested dose is given.
const AT: f64 = 3.0;

/// How the tested dose is given; durations are those without bioavailability.
#[derive(Clone, Copy, Debug)]
enum How {
    Bolus,
    Rate(f64),
    Duration(f64),
    ModelledRate(f64),
    ModelledDuration(f64),
}

/// One unit of drug `t` hours after it entered the depot or the central compartment at once, umol in central.
fn impulse(oral: bool, t: f64) -> f64 {
    match (t >= 0.0, oral) {
        (false, _) => 0.0,
        (true, false) => (-K * t).exp(),
        (true, true) => KA / (KA - K) * ((-K * t).exp() - (-KA * t).exp()),
    }
}

/// The same for a unit rate that began `t` hours ago and does not end.
fn step(oral: bool, t: f64) -> f64 {
    let growth = |rate: f64| (1.0 - (-rate * t).exp()) / rate;
    match (t >= 0.0, oral) {
        (false, _) => 0.0,
        (true, false) => growth(K),
        (true, true) => KA / (KA - K) * (growth(K) - growth(KA)),
    }
}

/// The central amount `t` hours after one administration arrived.
fn response(how: How, oral: bool, share: f64, t: f64) -> f64 {
    let (rate, duration) = match how {
        How::Bolus => return share * DOSE * impulse(oral, t),
        How::Rate(d) | How::ModelledRate(d) => (DOSE / d, share * d),
        How::Duration(d) | How::ModelledDuration(d) => (share * DOSE / d, d),
    };
    rate * (step(oral, t) - step(oral, t - duration))
}

struct Cell {
    how: How,
    oral: bool,
    lag: f64,
    share: f64,
    additional: u32,
    steady: Option<SteadyState>,
}

impl Cell {
    fn dose(&self) -> Dose {
        let given = match self.how {
            How::Bolus => Given::Bolus,
            How::Rate(d) => Given::Infusion(Infusion::Rate(Box::new(Amount::micromoles(DOSE / d).unwrap()))),
            How::Duration(d) => Given::Infusion(Infusion::DurationH(d)),
            How::ModelledRate(_) => Given::Infusion(Infusion::ModelledRate(Setting::Parameter("R".into()))),
            How::ModelledDuration(_) => {
                Given::Infusion(Infusion::ModelledDuration(Setting::Parameter("D".into())))
            }
        };
        Dose {
            given,
            lag_h: Setting::Parameter("lag".into()),
            bioavailability: Setting::Fixed(self.share),
            repeats: Some(Repeats { interval_h: INTERVAL, additional: self.additional }),
            steady_state: self.steady,
            ..Dose::new("drug", self.route(), Amount::micromoles(DOSE).unwrap(), AT)
        }
    }

    fn route(&self) -> &'static str {
        if self.oral { "oral" } else { "iv" }
    }

    fn subject(&self) -> Subject {
        let (rate, duration) = match self.how {
            How::ModelledRate(d) => (DOSE / d, f64::NAN),
            How::ModelledDuration(d) => (f64::NAN, d),
            _ => (f64::NAN, f64::NAN),
        };
        let parameters = BTreeMap::from([
            ("R".to_string(), rate),
            ("D".to_string(), duration),
            ("lag".to_string(), self.lag),
        ]);
        Subject { weight_kg: None, parameters }
    }

    /// The central amount by superposition.
    fn expected(&self, t: f64) -> f64 {
        let past = if self.steady.is_some() && t >= AT { 400 } else { 0 };
        let replaced = matches!(self.steady, Some(SteadyState::Replace(_))) && t >= AT;
        let prior = if replaced { 0.0 } else { PRIOR * impulse(false, t) };
        let arrivals = (-past..=i64::from(self.additional)).map(|j| AT + self.lag + j as f64 * INTERVAL);
        // A past dose that arrives before the record is part of the steady state, which begins at the record.
        prior + arrivals.map(|arrival| response(self.how, self.oral, self.share, t - arrival)).sum::<f64>()
    }

    fn name(&self) -> String {
        let Cell { how, lag, share, additional, steady, .. } = self;
        format!("{how:?} {} lag {lag} F {share} addl {additional} {steady:?}", self.route())
    }
}

fn check(cell: &Cell) {
    let ports = PortTable::new(["drug:oral", "drug:iv"]).unwrap();
    let prior = Dose::new("drug", "iv", Amount::micromoles(PRIOR).unwrap(), 0.0);
    let events = [Event::Give(prior), Event::Give(cell.dose())];
    let schedule = schedule(&events, &cell.subject(), &ports).unwrap();
    // Off the times of doses, so that before and after are the same.
    let times: Vec<f64> = (0..60).map(|i| 0.013 + 1.517 * f64::from(i)).collect();
    let model = Linear { ka: KA, k: K };
    for (t, x) in times.iter().zip(model.observe(&schedule, &times, false)) {
        let expected = cell.expected(*t);
        let tolerance = 1e-10 * (DOSE + expected.abs());
        assert!((x[1] - expected).abs() <= tolerance, "{} at {t}: {} not {expected}", cell.name(), x[1]);
    }
}

#[test]
fn every_cell_agrees_with_its_closed_form() {
    let mut hows = vec![How::Bolus];
    // Shorter than the interval, equal to it, a whole number of intervals, and longer than two.
    for d in [5.0, INTERVAL, 2.0 * INTERVAL, 30.0] {
        hows.extend([How::Rate(d), How::Duration(d), How::ModelledRate(d), How::ModelledDuration(d)]);
    }
    let rule = LagBeyondInterval::Pending;
    let modes = [None, Some(SteadyState::Replace(rule)), Some(SteadyState::Add(rule))];
    let mut cells = 0;
    for how in hows {
        for oral in [false, true] {
            for lag in [0.0, 1.3, INTERVAL, 29.4] {
                for share in [1.0, 0.6, 0.0] {
                    for additional in [0, 3] {
                        for steady in modes {
                            check(&Cell { how, oral, lag, share, additional, steady });
                            cells += 1;
                        }
                    }
                }
            }
        }
    }
    assert_eq!(cells, 17 * 2 * 4 * 3 * 2 * 3);
}

/// NONMEM's way with a lag beyond the interval agrees with the other once the last pending dose is due.
#[test]
fn extrapolation_ends_where_the_pending_doses_arrive() {
    let ports = PortTable::new(["drug:oral", "drug:iv"]).unwrap();
    let lag = 29.4;
    let run = |rule: LagBeyondInterval, times: &[f64]| {
        let steady = Some(SteadyState::Replace(rule));
        let cell = Cell { how: How::Duration(5.0), oral: false, lag, share: 1.0, additional: 2, steady };
        let schedule = schedule(&[Event::Give(cell.dose())], &cell.subject(), &ports).unwrap();
        Linear { ka: KA, k: K }.observe(&schedule, times, false)
    };
    let times = [AT + 0.1, AT + lag - INTERVAL + 0.01, AT + 20.0, AT + 50.0];
    let (pending, extrapolated) =
        (run(LagBeyondInterval::Pending, &times), run(LagBeyondInterval::Extrapolate, &times));
    assert!((pending[0][1] - extrapolated[0][1]).abs() > 10.0);
    for (p, e) in pending.iter().zip(&extrapolated).skip(1) {
        assert!((p[1] - e[1]).abs() < 1e-9, "{p:?} {e:?}");
    }
}

#[test]
fn the_steady_state_of_a_constant_infusion_ends_at_its_record() {
    let ports = PortTable::new(["drug:oral", "drug:iv"]).unwrap();
    let dose = Dose {
        given: Given::Infusion(Infusion::Rate(Box::new(Amount::micromoles(10.0).unwrap()))),
        steady_state: Some(SteadyState::Replace(LagBeyondInterval::Pending)),
        ..Dose::new("drug", "oral", Amount::micromoles(0.0).unwrap(), 2.0)
    };
    let schedule = schedule(&[dose.into()], &Subject::default(), &ports).unwrap();
    let x = Linear { ka: KA, k: K }.observe(&schedule, &[2.0, 7.0], true);
    assert!((x[0][0] - 10.0 / KA).abs() < 1e-12 && (x[0][1] - 10.0 / K).abs() < 1e-9);
    let later = 10.0 / K * (-K * 5.0f64).exp() + 10.0 / KA * impulse(true, 5.0);
    assert!((x[1][1] - later).abs() < 1e-9);
}
