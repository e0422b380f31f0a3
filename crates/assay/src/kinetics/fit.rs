//! Rates -> constants.

use hepatica_stats::regression::{
    CurveFit, Limit, Observed, Parameter, RegressionError, SearchOptions, fit_curve, profile,
};

use super::{Constant, Fit, Law, Rates, Refused, Report, Run, Scatter};
use crate::spread::LEVEL;

/// Michaelis constants from which the search starts, over the first guess.
const STARTS: [f64; 3] = [1.0, 0.2, 5.0];

/// Fits the laws of a run, or all that the data can tell apart, to all inhibitor levels at once.
///
/// A fit whose data do not determine the Michaelis constant keeps its doubts: no substrate on one side of it, or a
/// profile interval that has no end.
pub fn fit_laws(run: &Run, rates: &Rates) -> Report {
    let inhibited = rates.inhibitor.iter().any(|i| *i > 0.0);
    let laws: Vec<Law> = match run.laws.as_slice() {
        [] => Law::ALL.into_iter().filter(|law| law.inhibited() == inhibited).collect(),
        laws => laws.to_vec(),
    };
    let mut report = Report { fits: Vec::new(), refused: Vec::new() };
    for law in laws {
        match fit_law(law, run, rates) {
            Ok(fit) => report.fits.push(fit),
            Err(why) => report.refused.push(Refused { law, why }),
        }
    }
    report.fits.sort_by(|a, b| a.aicc.total_cmp(&b.aicc));
    let best = report.fits.first().map_or(0.0, |f| f.aicc);
    let relative = |f: &Fit| if f.aicc.is_finite() { libm::exp(-0.5 * (f.aicc - best)) } else { 0.0 };
    let total: f64 = report.fits.iter().map(relative).sum();
    for fit in &mut report.fits {
        fit.weight = if total > 0.0 { relative(fit) / total } else { f64::NAN };
    }
    report
}

fn fit_law(law: Law, run: &Run, rates: &Rates) -> Result<Fit, String> {
    let n = rates.rate.len();
    if n <= law.constants().len() + 1 {
        return Err(format!("{n} rates are too few for {} constants and a scatter", law.constants().len()));
    }
    let inhibitors: Vec<f64> = rates.inhibitor.iter().copied().filter(|i| *i > 0.0).collect();
    if law.inhibited() && inhibitors.is_empty() {
        return Err("there is no inhibitor in the data".into());
    }
    let weights: Option<Vec<f64>> = match run.scatter {
        Scatter::Constant => None,
        Scatter::Proportional => Some(rates.rate.iter().map(|v| 1.0 / (v * v)).collect()),
    };
    let observed = Observed { y: &rates.rate, weights: weights.as_deref() };
    let curve = |p: &[f64], values: &mut [f64]| {
        for ((value, s), i) in values.iter_mut().zip(&rates.substrate).zip(&rates.inhibitor) {
            *value = law.rate(p, *s, *i);
        }
    };
    let highest = rates.rate.iter().copied().fold(0.0, f64::max);
    let most = rates.substrate.iter().copied().fold(0.0, f64::max);
    if highest <= 0.0 || most <= 0.0 {
        return Err("no rate or no substrate is above zero".into());
    }
    let half = half_substrate(rates, highest);
    let middling = inhibitors.iter().sum::<f64>() / inhibitors.len().max(1) as f64;
    let mut best: Option<(CurveFit, Vec<Parameter>)> = None;
    let mut last = RegressionError::Numbers(hepatica_stats::StatsError::TooFew { found: n, needed: n });
    for factor in STARTS {
        let parameters = law.start((1.2 * highest, half * factor), most, middling);
        match fit_curve(&curve, &observed, &parameters, &SearchOptions::default()) {
            Ok(fit) if best.as_ref().is_none_or(|(b, _)| fit.residual_sum < b.residual_sum) => {
                best = Some((fit, parameters));
            }
            Ok(_) => {}
            Err(error) => last = error,
        }
    }
    let Some((fit, parameters)) = best else { return Err(named(&last, law)) };
    let constants = law.constants().iter().enumerate().map(|(k, name)| {
        let ends = profile(&curve, &observed, &parameters, &fit, (k, LEVEL)).ok();
        Constant {
            name,
            value: fit.parameters[k],
            standard_error: fit.standard_error(k),
            profile: ends.map(|p| (p.low, p.high)),
        }
    });
    let constants: Vec<Constant> = constants.collect();
    Ok(Fit {
        law,
        residual_sd: fit.residual_sd,
        aicc: fit.likelihood.aicc(),
        weight: f64::NAN,
        residuals: fit.residuals.clone(),
        doubts: doubts(rates, &constants),
        constants,
    })
}

/// What keeps the data from determining the constants.
fn doubts(rates: &Rates, constants: &[Constant]) -> Vec<String> {
    let mut out = Vec::new();
    let (name, km) = (constants[1].name, constants[1].value);
    let used = || rates.substrate.iter().copied().filter(|s| *s > 0.0);
    let (least, most) = (used().fold(f64::INFINITY, f64::min), used().fold(0.0, f64::max));
    if most < km {
        out.push(format!("all substrate concentrations lie below {name}; only Vmax/{name} is determined"));
    }
    if least > km {
        out.push(format!("all substrate concentrations lie above {name}; only Vmax is determined"));
    }
    for constant in constants {
        let open = match constant.profile {
            None => true,
            Some((low, high)) => !matches!((low, high), (Limit::At(_), Limit::At(_))),
        };
        if open {
            out.push(format!("the interval of {} has no end on one side at least", constant.name));
        }
    }
    out
}

/// The substrate at half of the highest rate, by the point whose rate is nearest to it.
fn half_substrate(rates: &Rates, highest: f64) -> f64 {
    let pairs = rates.substrate.iter().zip(&rates.rate).filter(|(s, _)| **s > 0.0);
    let near = pairs.min_by(|a, b| (a.1 - 0.5 * highest).abs().total_cmp(&(b.1 - 0.5 * highest).abs()));
    near.map_or(1.0, |(s, _)| *s)
}

/// An error of the regression with the names of the constants.
fn named(error: &RegressionError, law: Law) -> String {
    let name = |k: usize| law.constants().get(k).copied().unwrap_or("?");
    match error {
        RegressionError::NotIdentifiable { parameter, by } if by.is_empty() => {
            format!("the data do not depend on {}", name(*parameter))
        }
        RegressionError::NotIdentifiable { parameter, by } => {
            let by: Vec<&str> = by.iter().map(|k| name(*k)).collect();
            format!("the data cannot tell {} from {}", name(*parameter), by.join(", "))
        }
        RegressionError::NotConverged { .. } => {
            "the search found no minimum; the data do not determine the constants".to_string()
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hepatica_source::{FileId, Span, Spanned};

    fn run(laws: Vec<Law>) -> Run {
        Run {
            title: String::new(),
            rates: Spanned::new(String::new(), Span::new(FileId(0), 0, 0)),
            scatter: Scatter::Constant,
            laws,
            substrate: "S".into(),
            inhibitor: "I".into(),
        }
    }

    fn rates(points: &[(f64, f64, f64)]) -> Rates {
        Rates {
            substrate: points.iter().map(|p| p.0).collect(),
            inhibitor: points.iter().map(|p| p.1).collect(),
            rate: points.iter().map(|p| p.2).collect(),
            ..Rates::default()
        }
    }

    /// The treated cells of Puromycin (Bates and Watts 1988, A1.3): R's `nls` gives Vm 212.7 (6.947), K 0.06412
    /// (0.008281), residual standard error 10.93; its profile intervals are 197.3 to 229.3 and 0.0469 to 0.0862.
    #[test]
    fn puromycin() {
        let data = [
            (0.02, 76.0),
            (0.02, 47.0),
            (0.06, 97.0),
            (0.06, 107.0),
            (0.11, 123.0),
            (0.11, 139.0),
            (0.22, 159.0),
            (0.22, 152.0),
            (0.56, 191.0),
            (0.56, 201.0),
            (1.10, 207.0),
            (1.10, 200.0),
        ];
        let points: Vec<(f64, f64, f64)> = data.iter().map(|(s, v)| (*s, 0.0, *v)).collect();
        let report = fit_laws(&run(vec![Law::MichaelisMenten]), &rates(&points));
        let fit = &report.fits[0];
        let near = |a: f64, b: f64| (a / b - 1.0).abs() < 1e-3;
        assert!(near(fit.constants[0].value, 212.7) && near(fit.constants[1].value, 0.06412), "{fit:?}");
        assert!(near(fit.residual_sd, 10.93));
        assert!(near(fit.constants[0].standard_error.unwrap(), 6.947));
        for (k, low, high) in [(0, 197.3, 229.3), (1, 0.04693, 0.08616)] {
            let (Limit::At(l), Limit::At(h)) = fit.constants[k].profile.unwrap() else { panic!("open") };
            assert!(near(l, low) && near(h, high), "{l} {h}");
        }
        assert!(fit.doubts.is_empty());
    }

    fn grid(law: Law, p: &[f64]) -> Vec<(f64, f64, f64)> {
        let mut points = Vec::new();
        for i in [0.0, 50.0, 150.0, 400.0] {
            for (k, s) in [20.0, 50.0, 100.0, 200.0, 500.0, 1000.0].into_iter().enumerate() {
                let jitter = if (k + i as usize).is_multiple_of(2) { 1.004 } else { 0.996 };
                points.push((s, i, law.rate(p, s, i) * jitter));
            }
        }
        points
    }

    #[test]
    fn the_right_kind_of_inhibition_is_told() {
        for (law, p) in [
            (Law::Competitive, vec![10.0, 100.0, 120.0]),
            (Law::Uncompetitive, vec![10.0, 100.0, 120.0]),
            (Law::Mixed, vec![10.0, 100.0, 80.0, 300.0]),
        ] {
            let report = fit_laws(&run(Vec::new()), &rates(&grid(law, &p)));
            let best = &report.fits[0];
            assert_eq!(
                best.law,
                law,
                "{:?}",
                report.fits.iter().map(|f| (f.law, f.aicc)).collect::<Vec<_>>()
            );
            for (constant, p) in best.constants.iter().zip(&p) {
                assert!((constant.value / p - 1.0).abs() < 0.05, "{constant:?} {p}");
            }
            assert!(best.weight > 0.6);
        }
    }

    #[test]
    fn a_design_that_cannot_tell_the_constant_is_doubted() {
        let low: Vec<(f64, f64, f64)> = (1..9)
            .map(|k| (f64::from(k), 0.0, 0.1 * f64::from(k) + if k % 2 == 0 { 0.01 } else { -0.01 }))
            .collect();
        let report = fit_laws(&run(vec![Law::MichaelisMenten]), &rates(&low));
        assert!(report.fits.iter().all(|f| !f.doubts.is_empty()), "{report:?}");
        let flat: Vec<(f64, f64, f64)> = (1..9)
            .map(|k| (1000.0 * f64::from(k), 0.0, 10.0 + if k % 2 == 0 { 0.1 } else { -0.1 }))
            .collect();
        let report = fit_laws(&run(vec![Law::MichaelisMenten]), &rates(&flat));
        assert!(report.fits.iter().all(|f| !f.doubts.is_empty()), "{report:?}");
        let few = fit_laws(&run(vec![Law::Mixed]), &rates(&low[..3]));
        assert!(few.fits.is_empty() && few.refused[0].why.contains("too few"));
    }
}
