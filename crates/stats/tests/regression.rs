//! Regression against published analyses, by its own closed forms, and by what it must refuse.

#![expect(clippy::unwrap_used, reason = "tests")]

use hepatica_stats::regression::{
    Curve, CurveFit, Limit, Observed, Parameter, Reading, RegressionError, SearchOptions, Standing,
    fit_curve, fit_line, fit_linear, profile,
};

fn near(got: f64, expected: f64, relative: f64) {
    assert!((got - expected).abs() <= relative * expected.abs(), "{got} is not {expected}");
}

/// R's `Puromycin`, treated cells: substrate in ppm and rate in counts/min/min (Treloar 1974; Bates and Watts 1988,
/// A1.3).
const PUROMYCIN: [(f64, f64); 12] = [
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

/// Michaelis-Menten with its slopes.
struct MichaelisMenten(Vec<f64>);

impl Curve for MichaelisMenten {
    fn values(&self, p: &[f64], values: &mut [f64]) {
        for (value, s) in values.iter_mut().zip(&self.0) {
            *value = p[0] * s / (p[1] + s);
        }
    }

    fn slopes(&self, p: &[f64], slopes: &mut [Vec<f64>]) -> bool {
        for (i, s) in self.0.iter().enumerate() {
            slopes[0][i] = s / (p[1] + s);
            slopes[1][i] = -p[0] * s / ((p[1] + s) * (p[1] + s));
        }
        true
    }
}

fn puromycin(parameters: &[Parameter]) -> (MichaelisMenten, Vec<f64>, CurveFit) {
    let (s, v): (Vec<f64>, Vec<f64>) = PUROMYCIN.iter().copied().unzip();
    let curve = MichaelisMenten(s);
    let observed = Observed { y: &v, weights: None };
    let fit = fit_curve(&curve, &observed, parameters, &SearchOptions::default()).unwrap();
    (curve, v, fit)
}

/// `summary` of `nls(rate ~ Vm*conc/(K + conc))` on the treated cells in R's help page of `nls`: Vm 212.7 (6.947),
/// K 0.06412 (0.008281), residual standard error 10.93 on 10 degrees; the digits beyond from Bates and Watts, who
/// give 212.7 and 0.0641, residual sum 1,195.4.
#[test]
fn puromycin_as_r_fits_it() {
    for parameters in [
        [Parameter::free(200.0), Parameter::free(0.05)],
        [Parameter::positive(50.0), Parameter::positive(2.0)],
    ] {
        let (curve, v, fit) = puromycin(&parameters);
        near(fit.parameters[0], 212.683_743, 1e-8);
        near(fit.parameters[1], 0.064_121_284, 1e-7);
        near(fit.standard_error(0).unwrap(), 6.947, 1e-4);
        near(fit.standard_error(1).unwrap(), 0.008_281, 1e-4);
        near(fit.residual_sd, 10.93, 1e-3);
        near(fit.residual_sum, 1_195.448_8, 1e-6);
        // R's `confint` gives 197.30213 to 229.29006 and 0.04692517 to 0.08615995, between points of the profile by a
        // spline, which costs it digits.
        let observed = Observed { y: &v, weights: None };
        for (k, low, high) in [(0, 197.302_13, 229.290_06), (1, 0.046_925_17, 0.086_159_95)] {
            let ends = profile(&curve, &observed, &parameters, &fit, (k, 0.95)).unwrap();
            let (Limit::At(l), Limit::At(h)) = (ends.low, ends.high) else { unreachable!("{ends:?}") };
            near(l, low, 2e-4);
            near(h, high, 2e-4);
            assert!(ends.trace.windows(2).all(|pair| pair[0].0 <= pair[1].0 && pair[0].1 <= pair[1].1));
        }
    }
}

#[test]
fn differenced_slopes_and_weights_of_replicates() {
    let (s, v): (Vec<f64>, Vec<f64>) = PUROMYCIN.iter().copied().unzip();
    let parameters = [Parameter::free(200.0), Parameter::free(0.05)];
    let (_, _, exact) = puromycin(&parameters);
    let by_differences = |p: &[f64], values: &mut [f64]| {
        values.iter_mut().zip(&s).for_each(|(value, s)| *value = p[0] * s / (p[1] + s));
    };
    let fit = fit_curve(
        &by_differences,
        &Observed { y: &v, weights: None },
        &parameters,
        &SearchOptions::default(),
    );
    let fit = fit.unwrap();
    near(fit.parameters[1], exact.parameters[1], 1e-8);
    near(fit.standard_error(1).unwrap(), exact.standard_error(1).unwrap(), 1e-7);
    // A point of weight 2 counts like two points.
    let twice: Vec<f64> = v.iter().chain(&v[..3]).copied().collect();
    let s_twice: Vec<f64> = s.iter().chain(&s[..3]).copied().collect();
    let weights: Vec<f64> = (0..12).map(|i| if i < 3 { 2.0 } else { 1.0 }).collect();
    let o = SearchOptions::default();
    let doubled =
        fit_curve(&MichaelisMenten(s_twice), &Observed { y: &twice, weights: None }, &parameters, &o)
            .unwrap();
    let weighted =
        fit_curve(&MichaelisMenten(s.clone()), &Observed { y: &v, weights: Some(&weights) }, &parameters, &o);
    let weighted = weighted.unwrap();
    near(weighted.parameters[1], doubled.parameters[1], 1e-8);
    near(weighted.residual_sum, doubled.residual_sum, 1e-9);
}

/// AIC, BIC and AICc by their definitions from R's `logLik` of the fit above: -44.71 on 3 degrees.
#[test]
fn likelihood_of_the_fit() {
    let (_, _, fit) = puromycin(&[Parameter::free(200.0), Parameter::free(0.05)]);
    let l = fit.likelihood;
    let n: f64 = 12.0;
    let expected = -0.5 * n * ((2.0 * std::f64::consts::PI * fit.residual_sum / n).ln() + 1.0);
    near(l.ln, expected, 1e-14);
    assert_eq!(l.parameters, 3);
    near(l.aic(), 6.0 - 2.0 * expected, 1e-14);
    near(l.aicc() - l.aic(), 2.0 * 3.0 * 4.0 / (12.0 - 4.0), 1e-10);
    near(l.bic(), 3.0 * n.ln() - 2.0 * expected, 1e-14);
}

#[test]
fn bounds_hold_and_are_said() {
    let parameters = [Parameter::free(150.0).between(0.0, 180.0), Parameter::positive(0.05)];
    let (curve, v, fit) = puromycin(&parameters);
    assert_eq!((fit.parameters[0], fit.standing[0]), (180.0, Standing::AtHigh));
    assert_eq!((fit.standard_error(0), fit.interval(0, 0.95)), (None, Ok(None)));
    // The other parameter is then the best with that one held.
    let alone = |p: &[f64], values: &mut [f64]| {
        values.iter_mut().zip(&PUROMYCIN).for_each(|(value, (s, _))| *value = 180.0 * s / (p[0] + s));
    };
    let observed = Observed { y: &v, weights: None };
    let held = fit_curve(&alone, &observed, &[Parameter::free(0.05)], &SearchOptions::default()).unwrap();
    near(fit.parameters[1], held.parameters[0], 1e-7);
    let ends = profile(&curve, &observed, &parameters, &fit, (0, 0.95)).unwrap();
    assert_eq!(ends.high, Limit::Bound(180.0));
}

#[test]
fn what_cannot_be_told_apart_is_refused() {
    // Far below Km only Vmax / Km shows.
    let s: Vec<f64> = (1..9).map(|i| 1e-12 * f64::from(i)).collect();
    let v: Vec<f64> = s.iter().enumerate().map(|(i, s)| 100.0 * s * (1.0 + 0.01 * (i % 3) as f64)).collect();
    let observed = Observed { y: &v, weights: None };
    let parameters = [Parameter::positive(50.0), Parameter::positive(1.0)];
    let found = fit_curve(&MichaelisMenten(s), &observed, &parameters, &SearchOptions::default());
    assert!(matches!(found, Err(RegressionError::NotIdentifiable { .. })), "{found:?}");
    // A parameter without effect, and a column that is the sum of others.
    let idle = |p: &[f64], values: &mut [f64]| values.fill(p[0]);
    let observed = Observed { y: &[1.0, 2.0, 4.0], weights: None };
    let parameters = [Parameter::free(1.0), Parameter::free(1.0)];
    let found = fit_curve(&idle, &observed, &parameters, &SearchOptions::default());
    assert_eq!(found.unwrap_err(), RegressionError::NotIdentifiable { parameter: 1, by: vec![] });
    let columns = [vec![1.0, 1.0, 1.0, 1.0], vec![1.0, 0.0, 1.0, 0.0], vec![0.0, 1.0, 0.0, 1.0]];
    let found = fit_linear(&columns, &Observed { y: &[1.0, 2.0, 3.0, 5.0], weights: None });
    assert!(matches!(found, Err(RegressionError::NotIdentifiable { .. })), "{found:?}");
}

#[test]
fn refusals() {
    let flat = |p: &[f64], values: &mut [f64]| values.fill(p[0]);
    let o = SearchOptions::default();
    let fit = |y: &[f64], w: Option<&[f64]>, p: Parameter| {
        fit_curve(&flat, &Observed { y, weights: w }, &[p], &o).unwrap_err().to_string()
    };
    let free = Parameter::free(1.0);
    assert_eq!(fit(&[1.0], None, free), "1 values are too few; 2 are needed");
    assert_eq!(fit(&[1.0, f64::NAN], None, free), "value 2 is NaN, not a finite number");
    assert_eq!(fit(&[1.0, 2.0], Some(&[1.0, 0.0]), free), "value 2 is 0, not a weight above zero");
    assert_eq!(fit(&[1.0, 2.0], Some(&[1.0]), free), "the lists have 2 and 1 values");
    let start = "not a start between the bounds, above zero on the logarithmic scale";
    assert!(fit(&[1.0, 2.0], None, free.between(2.0, 3.0)).ends_with(start));
    assert!(fit(&[1.0, 2.0], None, Parameter::positive(-1.0)).ends_with(start));
    let nowhere = |_: &[f64], values: &mut [f64]| values.fill(f64::NAN);
    let found = fit_curve(&nowhere, &Observed { y: &[1.0, 2.0], weights: None }, &[free], &o);
    assert_eq!(found.unwrap_err(), RegressionError::NoValue { index: 0, parameters: vec![1.0] });
    assert!(fit_line(&[1.0, 1.0, 1.0], &[1.0, 2.0, 3.0], None).is_err());
    assert!(fit_line(&[1.0, 2.0, 3.0], &[1.0, 2.0, 3.0], Some(&[1.0, 1.0, 0.0])).is_err());
}

/// R's `cars`, stopping distance (ft) on speed (mph), as `summary(lm(dist ~ speed))` and `predict` in R's manuals
/// print it: -17.5791 (6.7584), 3.9324 (0.4155), residual error 15.38 on 48 degrees; at 21 mph 65.00149 (confidence
/// 58.59 to 71.41).
#[test]
fn stopping_distances_as_r_fits_them() {
    let speed = [
        4., 4., 7., 7., 8., 9., 10., 10., 10., 11., 11., 12., 12., 12., 12., 13., 13., 13., 13., 14., 14.,
        14., 14., 15., 15., 15., 16., 16., 17., 17., 17., 18., 18., 18., 18., 19., 19., 19., 20., 20., 20.,
        20., 20., 22., 23., 24., 24., 24., 24., 25.,
    ];
    let dist = [
        2., 10., 4., 22., 16., 10., 18., 26., 34., 17., 28., 14., 20., 24., 28., 26., 34., 34., 46., 26.,
        36., 60., 80., 20., 26., 54., 32., 40., 32., 40., 50., 42., 56., 76., 84., 36., 46., 68., 32., 48.,
        52., 56., 64., 66., 54., 70., 92., 93., 120., 85.,
    ];
    let line = fit_line(&speed, &dist, None).unwrap();
    near(line.intercept, -17.579_095, 1e-7);
    near(line.slope, 3.932_408_8, 1e-7);
    near(line.intercept_se, 6.7584, 1e-4);
    near(line.slope_se, 0.4155, 1e-3);
    near(line.residual_sd, 15.38, 1e-4);
    near(line.at(21.0), 65.001_49, 1e-6);
    let slope = line.slope_interval(0.95).unwrap();
    near(slope.low, 3.096_964, 1e-6);
    near(slope.high, 4.767_853, 1e-6);
    let intercept = line.intercept_interval(0.95).unwrap();
    near(intercept.low, -31.167_850, 1e-6);
    near(intercept.high, -3.990_340, 1e-6);
}

/// The ends of what is read off are where the mean is at the end of its own prediction interval.
#[test]
fn reading_off_a_line_inverts_its_prediction() {
    let x = [1.0, 2.0, 5.0, 10.0, 20.0, 50.0];
    let y = [2.3, 4.1, 10.4, 20.9, 39.5, 102.0];
    let weights: Vec<f64> = x.iter().map(|x| 1.0 / (x * x)).collect();
    let line = fit_line(&x, &y, Some(&weights)).unwrap();
    let reading = Reading { mean: 15.0, replicates: 3, weight: 0.02 };
    let read = line.read(&reading, 0.9).unwrap();
    let ends = read.interval.unwrap();
    near(line.at(read.x), 15.0, 1e-14);
    let at = |x: f64| line.prediction_interval(x, 3.0 * 0.02, 0.9).unwrap();
    near(at(ends.low).high, 15.0, 1e-12);
    near(at(ends.high).low, 15.0, 1e-12);
    // A slope that may be zero excludes nothing.
    let flat = fit_line(&[1.0, 2.0, 3.0, 4.0], &[1.0, 1.3, 0.8, 1.2], None).unwrap();
    assert_eq!(flat.read(&Reading { mean: 1.1, replicates: 1, weight: 1.0 }, 0.95).unwrap().interval, None);
}
