//! The analysis of one curve.

use crate::StatsError;
use crate::error::{all, same_length};
use crate::nca::{AreaMethod, Areas, Terminal, areas, terminal_slope};

/// How the drug was given at time zero.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Given {
    /// By a route with absorption; clearance and volumes are over the unknown bioavailability.
    Extravascular,
    /// Into the blood at once; the concentration at time zero is extrapolated when it is not observed.
    Bolus,
    /// Into the blood at a constant rate for this long.
    Infusion(f64),
}

/// What is known besides the curve.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// How it was given.
    pub given: Given,
    /// The dose; without it there is no clearance and no volume.
    pub dose: Option<f64>,
    /// How areas are taken.
    pub method: AreaMethod,
}

/// What a curve says. Units are those of the input: t, c, and c x t for areas.
#[derive(Clone, Debug, PartialEq)]
pub struct Analysis {
    /// The points areas are taken over: those observed, and one at time zero.
    pub curve: Vec<(f64, f64)>,
    /// The largest observed concentration.
    pub cmax: f64,
    /// When it was first observed.
    pub tmax: f64,
    /// The time of the last observation before the first positive one; zero when the first is positive.
    pub tlag: f64,
    /// The last positive concentration.
    pub clast: f64,
    /// When it was observed.
    pub tlast: f64,
    /// The concentration at time zero after a bolus, observed or extrapolated.
    pub c0: Option<f64>,
    /// Areas from zero to `tlast`.
    pub last: Areas,
    /// The area to the first observation after `tlast`, which is zero; `last.auc` when there is none.
    pub auc_all: f64,
    /// The share in % of `observed.auc` that lies before the first observation of a bolus.
    pub back_extrapolated_percent: Option<f64>,
    /// Mean residence time from `last`; for an infusion less half its duration.
    pub mrt_last: f64,
    /// The terminal line, when there is one, and what follows from it.
    pub terminal: Option<Terminal>,
    /// Extrapolated to infinity from the observed `clast`.
    pub observed: Option<Extrapolated>,
    /// Extrapolated to infinity from the terminal line at `tlast`.
    pub predicted: Option<Extrapolated>,
}

/// What follows from areas extrapolated to infinity.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Extrapolated {
    /// Area under the curve to infinity.
    pub auc: f64,
    /// The share of it in % that is extrapolated.
    pub auc_extrapolated_percent: f64,
    /// Area under the first moment to infinity.
    pub aumc: f64,
    /// The share of it in % that is extrapolated.
    pub aumc_extrapolated_percent: f64,
    /// Mean residence time; for an infusion less half its duration. With absorption, that of absorption included.
    pub mrt: f64,
    /// With a dose.
    pub by_dose: Option<ByDose>,
}

/// What follows from the dose.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ByDose {
    /// Clearance, over F when extravascular.
    pub clearance: f64,
    /// Volume of the terminal phase, over F when extravascular.
    pub vz: f64,
    /// Volume at steady state; only after intravenous dosing.
    pub vss: Option<f64>,
}

/// Analyses a curve after a single dose at time zero.
///
/// Concentrations below the limit of quantification are the caller's to set to zero or leave out. Where time zero
/// is not observed, the curve starts there at zero, after a bolus at `c0`; a curve at steady state has its smallest
/// concentration there, which the caller puts in front.
///
/// # Errors
/// No positive concentration, lists of different length, times that do not rise from zero or later, a concentration
/// that is negative or not finite, a dose or duration that is not above zero.
pub fn analyse(times: &[f64], concentrations: &[f64], options: &Options) -> Result<Analysis, StatsError> {
    check(times, concentrations, options)?;
    let peak = first_of_largest(concentrations);
    let last = concentrations.iter().rposition(|c| *c > 0.0);
    let last = last.ok_or(StatsError::TooFew { found: 0, needed: 1 })?;
    let c0 = (options.given == Given::Bolus).then(|| initial(times, concentrations));
    let start = Start::new(times, concentrations, c0);
    let to_last = last + 1 + start.added;
    let areas_last = areas(&start.times[..to_last], &start.values[..to_last], options.method);
    let to_zero = (to_last + 1).min(start.times.len());
    let terminal = terminal(times, concentrations, peak, last, options.given);
    let tail = Tail { areas: areas_last, tlast: times[last], options };
    let observed = terminal.map(|line| tail.extrapolated(concentrations[last], line.lambda_z));
    let before_first =
        areas(&start.times[..1 + start.added], &start.values[..1 + start.added], options.method);
    Ok(Analysis {
        curve: start.times.iter().copied().zip(start.values.iter().copied()).collect(),
        cmax: concentrations[peak],
        tmax: times[peak],
        tlag: lag(times, concentrations),
        clast: concentrations[last],
        tlast: times[last],
        c0,
        last: areas_last,
        auc_all: areas(&start.times[..to_zero], &start.values[..to_zero], options.method).auc,
        back_extrapolated_percent: c0.and(observed).map(|o| 100.0 * before_first.auc / o.auc),
        mrt_last: areas_last.aumc / areas_last.auc - tail.half_infusion(),
        terminal,
        observed,
        predicted: terminal.map(|line| tail.extrapolated(line.at(times[last]), line.lambda_z)),
    })
}

fn check(times: &[f64], concentrations: &[f64], options: &Options) -> Result<(), StatsError> {
    same_length(times, concentrations)?;
    all(times, "a time from zero on", |t| t.is_finite() && t >= 0.0)?;
    all(concentrations, "a concentration from zero on", |c| c.is_finite() && c >= 0.0)?;
    if let Some(i) = times.windows(2).position(|pair| pair[1] <= pair[0]) {
        return Err(StatsError::Value {
            what: "later than the time before",
            index: i + 1,
            value: times[i + 1],
        });
    }
    let duration = if let Given::Infusion(duration) = options.given { Some(duration) } else { None };
    let positive = |value: Option<f64>, what| all(value.as_slice(), what, |v| v.is_finite() && v > 0.0);
    positive(options.dose, "a dose above zero")?;
    positive(duration, "a duration above zero")
}

fn first_of_largest(values: &[f64]) -> usize {
    let largest = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    values.iter().position(|v| *v == largest).unwrap_or(0)
}

fn lag(times: &[f64], concentrations: &[f64]) -> f64 {
    let first_positive = concentrations.iter().position(|c| *c > 0.0).unwrap_or(0);
    first_positive.checked_sub(1).map_or(0.0, |before| times[before])
}

/// The concentration at time zero after a bolus: observed there, else on the exponential through the first two
/// points when it falls, else the first concentration.
fn initial(times: &[f64], c: &[f64]) -> f64 {
    if times[0] == 0.0 || c.len() < 2 || c[1] >= c[0] || c[1] <= 0.0 {
        return c[0];
    }
    let rate = libm::log(c[0] / c[1]) / (times[1] - times[0]);
    c[0] * libm::exp(rate * times[0])
}

/// The curve from time zero on.
struct Start {
    times: Vec<f64>,
    values: Vec<f64>,
    /// One when a point at time zero was put in front, else zero.
    added: usize,
}

impl Start {
    fn new(times: &[f64], values: &[f64], c0: Option<f64>) -> Start {
        let (mut times, mut values) = (times.to_vec(), values.to_vec());
        let added = usize::from(times[0] > 0.0);
        if added == 1 {
            times.insert(0, 0.0);
            values.insert(0, c0.unwrap_or(0.0));
        }
        Start { times, values, added }
    }
}

/// The line through the positive points after the peak; after a bolus the peak belongs to them.
fn terminal(times: &[f64], c: &[f64], peak: usize, last: usize, given: Given) -> Option<Terminal> {
    let from = if given == Given::Bolus { peak } else { peak + 1 };
    let positive: Vec<(f64, f64)> =
        (from..=last).map(|i| (times[i], c[i])).filter(|(_, c)| *c > 0.0).collect();
    let (times, values): (Vec<f64>, Vec<f64>) = positive.into_iter().unzip();
    terminal_slope(&times, &values)
}

/// What is needed to go on to infinity.
struct Tail<'a> {
    areas: Areas,
    tlast: f64,
    options: &'a Options,
}

impl Tail<'_> {
    fn half_infusion(&self) -> f64 {
        if let Given::Infusion(duration) = self.options.given { 0.5 * duration } else { 0.0 }
    }

    fn extrapolated(&self, clast: f64, lambda_z: f64) -> Extrapolated {
        let auc_tail = clast / lambda_z;
        let aumc_tail = self.tlast * auc_tail + auc_tail / lambda_z;
        let (auc, aumc) = (self.areas.auc + auc_tail, self.areas.aumc + aumc_tail);
        let mrt = aumc / auc - self.half_infusion();
        let intravenous = self.options.given != Given::Extravascular;
        let by_dose = self.options.dose.map(|dose| {
            let clearance = dose / auc;
            ByDose { clearance, vz: clearance / lambda_z, vss: intravenous.then_some(clearance * mrt) }
        });
        Extrapolated {
            auc,
            auc_extrapolated_percent: 100.0 * auc_tail / auc,
            aumc,
            aumc_extrapolated_percent: 100.0 * aumc_tail / aumc,
            mrt,
            by_dose,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(given: Given) -> Options {
        Options { given, dose: Some(100.0), method: AreaMethod::LinearUpLogDown }
    }

    /// One compartment after a bolus: every parameter has a closed form, and the logarithmic rule is exact.
    #[test]
    fn a_bolus_into_one_compartment() {
        let (k, v): (f64, f64) = (0.2, 25.0);
        let times: Vec<f64> = [0.5, 1.0, 2.0, 4.0, 8.0, 12.0].to_vec();
        let c: Vec<f64> = times.iter().map(|t| 100.0 / v * (-k * t).exp()).collect();
        let found = analyse(&times, &c, &options(Given::Bolus)).unwrap();
        let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-11 * b.abs(), "{a} {b}");
        near(found.c0.unwrap(), 4.0);
        assert_eq!(found.terminal.unwrap().points, 6);
        for to_infinity in [found.observed.unwrap(), found.predicted.unwrap()] {
            near(to_infinity.auc, 4.0 / k);
            near(to_infinity.aumc, 4.0 / (k * k));
            near(to_infinity.mrt, 1.0 / k);
            let by_dose = to_infinity.by_dose.unwrap();
            near(by_dose.clearance, k * v);
            near(by_dose.vz, v);
            near(by_dose.vss.unwrap(), v);
        }
        near(found.back_extrapolated_percent.unwrap(), 100.0 * (1.0 - (-k * 0.5f64).exp()));
        assert_eq!((found.tmax, found.tlast, found.tlag), (0.5, 12.0, 0.0));
    }

    #[test]
    fn an_infusion_takes_half_its_duration_off_the_residence_time() {
        let (times, c) = ([1.0, 2.0, 3.0, 4.0], [8.0, 4.0, 2.0, 1.0]);
        let slow = analyse(&times, &c, &options(Given::Infusion(0.5))).unwrap();
        let none = analyse(&times, &c, &options(Given::Extravascular)).unwrap();
        assert!((none.mrt_last - slow.mrt_last - 0.25).abs() < 1e-14);
        assert!((none.observed.unwrap().mrt - slow.observed.unwrap().mrt - 0.25).abs() < 1e-14);
        assert_eq!(none.observed.unwrap().by_dose.unwrap().vss, None);
    }

    #[test]
    fn zeros_before_and_after() {
        let times = [0.0, 0.5, 1.0, 2.0, 3.0, 4.0, 6.0, 8.0];
        let c = [0.0, 0.0, 3.0, 6.0, 4.0, 2.0, 1.0, 0.0];
        let linear = Options { method: AreaMethod::Linear, ..options(Given::Extravascular) };
        let found = analyse(&times, &c, &linear).unwrap();
        assert_eq!((found.tlag, found.tlast, found.clast), (0.5, 6.0, 1.0));
        assert_eq!(found.last.auc, 0.75 + 4.5 + 5.0 + 3.0 + 3.0);
        assert_eq!(found.auc_all, found.last.auc + 1.0);
        assert_eq!(found.terminal.unwrap().points, 3);
    }

    #[test]
    fn without_a_terminal_slope_there_is_no_extrapolation() {
        let found = analyse(&[0.0, 1.0, 2.0], &[0.0, 1.0, 2.0], &options(Given::Extravascular)).unwrap();
        assert!(found.terminal.is_none() && found.observed.is_none() && found.predicted.is_none());
    }

    #[test]
    fn refusals() {
        let o = options(Given::Extravascular);
        assert!(analyse(&[], &[], &o).is_err());
        assert!(analyse(&[1.0], &[0.0], &o).is_err());
        assert!(analyse(&[1.0, 1.0], &[1.0, 1.0], &o).is_err());
        assert!(analyse(&[-1.0], &[1.0], &o).is_err());
        assert!(analyse(&[1.0], &[-1.0], &o).is_err());
        assert!(analyse(&[1.0], &[f64::NAN], &o).is_err());
        assert!(analyse(&[1.0, 2.0], &[1.0], &o).is_err());
        assert!(analyse(&[1.0], &[1.0], &Options { dose: Some(0.0), ..o }).is_err());
        assert!(analyse(&[1.0], &[1.0], &options(Given::Infusion(0.0))).is_err());
    }
}
