//! Parts of a curve: areas between any two times, and a dosing interval at steady state.

use super::analysis::{Analysis, Given, Options};
use super::area::{AreaMethod, Areas, areas};
use crate::StatsError;
use crate::error::all;

impl Analysis {
    /// The concentration at a time, between observations as areas are taken, beyond the last positive one along the
    /// terminal slope; `None` beyond it without one.
    pub fn at(&self, time: f64, method: AreaMethod) -> Option<f64> {
        if time > self.tlast {
            let terminal = self.terminal?;
            return Some(self.clast * libm::exp(-terminal.lambda_z * (time - self.tlast)));
        }
        let after = self.curve.iter().position(|(t, _)| *t >= time)?;
        let (t2, c2) = self.curve[after];
        if t2 == time {
            return Some(c2);
        }
        let (t1, c1) = *self.curve.get(after.checked_sub(1)?)?;
        let share = (time - t1) / (t2 - t1);
        if method == AreaMethod::LinearUpLogDown && c2 < c1 && c2 > 0.0 {
            return Some(c1 * libm::exp(share * libm::log(c2 / c1)));
        }
        Some(c1 + share * (c2 - c1))
    }

    /// The areas between two times; `None` when the curve does not reach them: before its start, or beyond the last
    /// positive concentration without a terminal slope.
    pub fn partial(&self, from: f64, to: f64, method: AreaMethod) -> Option<Areas> {
        if !(from < to && from.is_finite() && to.is_finite()) {
            return None;
        }
        let inside = self.curve.iter().filter(|(t, _)| *t > from && *t < to && *t <= self.tlast);
        let mut points = vec![(from, self.at(from, method)?)];
        points.extend(inside);
        let end = (to, self.at(to, method)?);
        if from >= self.tlast || to <= self.tlast {
            points.push(end);
            // Beyond the last positive concentration the curve is exponential by every method.
            let method = if from >= self.tlast { AreaMethod::LinearUpLogDown } else { method };
            return Some(sum(&points, method));
        }
        let before = sum(&points, method);
        let beyond = sum(&[(self.tlast, self.clast), end], AreaMethod::LinearUpLogDown);
        Some(Areas { auc: before.auc + beyond.auc, aumc: before.aumc + beyond.aumc })
    }
}

fn sum(points: &[(f64, f64)], method: AreaMethod) -> Areas {
    let (times, values): (Vec<f64>, Vec<f64>) = points.iter().copied().unzip();
    areas(&times, &values, method)
}

/// A dosing interval at steady state.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Steady {
    /// Its length.
    pub tau: f64,
    /// The area over it.
    pub auc: f64,
    /// The mean concentration, `auc / tau`.
    pub average: f64,
    /// The smallest observed concentration in it.
    pub min: f64,
    /// The largest.
    pub max: f64,
    /// The concentration at its end.
    pub trough: f64,
    /// `100 (max - min) / average`, %.
    pub fluctuation_percent: f64,
    /// `(max - min) / min`; infinite when the smallest is zero.
    pub swing: f64,
    /// `dose / auc`, over F when extravascular; `None` without a dose.
    pub clearance: Option<f64>,
    /// The volume of the terminal phase, `clearance / lambda_z`.
    pub vz: Option<f64>,
    /// Mean residence time, `(aumc + tau * area beyond tau) / auc`, for an infusion less half its duration.
    pub mrt: Option<f64>,
    /// `clearance * mrt`; only after intravenous dosing.
    pub vss: Option<f64>,
}

/// Describes a dosing interval from an analysis of the curve after a dose at steady state.
///
/// Gabrielsson J, Weiner D (2016), 2.8; the mean residence time: Smith IL, Schentag JJ, J Pharm Sci 1984;73:1637.
///
/// # Errors
/// An interval that is not above zero, or that the curve does not reach.
pub fn steady(analysis: &Analysis, tau: f64, options: &Options) -> Result<Steady, StatsError> {
    all(&[tau], "a dosing interval above zero", |t| t.is_finite() && t > 0.0)?;
    let unreached =
        StatsError::Value { what: "a dosing interval that the curve reaches", index: 0, value: tau };
    let over = analysis.partial(0.0, tau, options.method).ok_or_else(|| unreached.clone())?;
    let trough = analysis.at(tau, options.method).ok_or(unreached)?;
    let observed = analysis.curve.iter().filter(|(t, _)| *t <= tau).map(|(_, c)| *c);
    let (mut min, mut max) = (trough, f64::NEG_INFINITY);
    for c in observed {
        (min, max) = (min.min(c), max.max(c));
    }
    let average = over.auc / tau;
    let clearance = options.dose.map(|dose| dose / over.auc);
    let half = if let Given::Infusion(duration) = options.given { 0.5 * duration } else { 0.0 };
    let mrt = analysis.terminal.map(|t| (over.aumc + tau * trough / t.lambda_z) / over.auc - half);
    let intravenous = options.given != Given::Extravascular;
    Ok(Steady {
        tau,
        auc: over.auc,
        average,
        min,
        max,
        trough,
        fluctuation_percent: 100.0 * (max - min) / average,
        swing: (max - min) / min,
        clearance,
        vz: clearance.zip(analysis.terminal).map(|(cl, t)| cl / t.lambda_z),
        mrt,
        vss: clearance.zip(mrt).filter(|_| intravenous).map(|(cl, mrt)| cl * mrt),
    })
}

#[cfg(test)]
mod tests {
    use super::super::analyse;
    use super::*;

    fn near(got: f64, expected: f64) {
        assert!((got - expected).abs() <= 1e-11 * expected.abs(), "{got} is not {expected}");
    }

    /// A single bolus into one compartment: every partial area is `c0 / k (exp(-k from) - exp(-k to))`.
    #[test]
    fn parts_of_an_exponential() {
        let (c0, k): (f64, f64) = (8.0, 0.3);
        let times: Vec<f64> = (0..9).map(f64::from).collect();
        let c: Vec<f64> = times.iter().map(|t| c0 * (-k * t).exp()).collect();
        let method = AreaMethod::LinearUpLogDown;
        let found = analyse(&times, &c, &Options { given: Given::Bolus, dose: Some(1.0), method }).unwrap();
        for (from, to) in [(0.0, 8.0), (0.5, 3.25), (2.0, 12.0), (9.0, 20.0), (7.9, 8.1)] {
            let area = found.partial(from, to, method).unwrap();
            near(area.auc, c0 / k * ((-k * from).exp() - (-k * to).exp()));
            let moment = |t: f64| -(t / k + 1.0 / (k * k)) * c0 * (-k * t).exp();
            near(area.aumc, moment(to) - moment(from));
        }
        assert_eq!(found.partial(3.0, 3.0, method), None);
        // By straight lines the parts add up.
        let all = found.partial(0.0, 8.0, AreaMethod::Linear).unwrap().auc;
        let parts =
            [(0.0, 2.5), (2.5, 7.0), (7.0, 8.0)].map(|(a, b)| found.partial(a, b, AreaMethod::Linear));
        near(parts.iter().map(|p| p.unwrap().auc).sum(), all);
    }

    /// Boluses every tau into one compartment: the interval has the area of a single dose, and its clearance, volume and
    /// residence time are those of the compartment.
    #[test]
    fn steady_state_of_a_compartment() {
        let (dose, v, k, tau): (f64, f64, f64, f64) = (100.0, 20.0, 0.25, 6.0);
        let c0 = dose / v / (1.0 - (-k * tau).exp());
        let times: Vec<f64> = [0.0, 0.5, 1.0, 2.0, 4.0, 6.0].to_vec();
        let c: Vec<f64> = times.iter().map(|t| c0 * (-k * t).exp()).collect();
        let options = Options { given: Given::Bolus, dose: Some(dose), method: AreaMethod::LinearUpLogDown };
        let found = analyse(&times, &c, &options).unwrap();
        let s = steady(&found, tau, &options).unwrap();
        near(s.auc, dose / (k * v));
        near(s.clearance.unwrap(), k * v);
        near(s.vz.unwrap(), v);
        near(s.mrt.unwrap(), 1.0 / k);
        near(s.vss.unwrap(), v);
        near(s.max, c0);
        near(s.min, c0 * (-k * tau).exp());
        near(s.fluctuation_percent, 100.0 * (s.max - s.min) / s.average);
        assert!(steady(&found, 0.0, &options).is_err() && steady(&found, f64::NAN, &options).is_err());
    }

    #[test]
    fn a_curve_without_a_slope_does_not_reach_further() {
        let options = Options { given: Given::Extravascular, dose: None, method: AreaMethod::Linear };
        let found = analyse(&[0.0, 1.0, 2.0], &[0.0, 1.0, 2.0], &options).unwrap();
        assert_eq!(found.partial(0.0, 3.0, AreaMethod::Linear), None);
        assert!(steady(&found, 3.0, &options).is_err());
        near(found.partial(0.5, 1.5, AreaMethod::Linear).unwrap().auc, 1.0);
    }
}
