//! How an endpoint follows the dose.

use hepatica_stats::regression::{
    Bounds, CurveFit, Line, Observed, Parameter, Profile, RegressionError, Scale, SearchOptions, fit_curve,
    fit_line, profile,
};

use super::{LEVEL, Study};

/// `e0 + emax dose / (ed50 + dose)` with profile intervals.
#[derive(Clone, Debug, PartialEq)]
pub struct EmaxFit {
    /// The fit; parameters e0, emax, ed50 (mg/kg).
    pub fit: CurveFit,
    /// Their profile intervals.
    pub profiles: Vec<Profile>,
}

/// An Emax curve, or why there is none.
pub type Emax = Result<EmaxFit, String>;

/// Dose and response.
#[derive(Clone, Debug, PartialEq)]
pub struct Response {
    /// The straight line through all animals.
    pub line: Line,
    /// The saturating curve.
    pub emax: Emax,
}

/// Fits a line and a saturating curve to the animals; `None` without doses, or with fewer than two different ones.
pub fn response(study: &Study, values: &[Vec<f64>]) -> Option<Response> {
    let doses = study.arms.iter().map(|arm| arm.dose).collect::<Option<Vec<f64>>>()?;
    let at = doses.iter().zip(values).flat_map(|(dose, v)| std::iter::repeat_n(*dose, v.len()));
    let x: Vec<f64> = at.collect();
    let y: Vec<f64> = values.iter().flatten().copied().collect();
    let line = fit_line(&x, &y, None).ok()?;
    Some(Response { emax: emax(&x, &y, &line), line })
}

fn emax(x: &[f64], y: &[f64], line: &Line) -> Emax {
    let levels = {
        let mut doses = x.to_vec();
        doses.sort_by(f64::total_cmp);
        doses.dedup();
        doses
    };
    let Some((lowest, highest)) = levels.iter().find(|d| **d > 0.0).zip(levels.last()) else {
        return Err("there is no dose above zero".to_string());
    };
    if levels.len() < 4 {
        return Err(format!("{} doses are too few for three constants; 4 are needed", levels.len()));
    }
    let curve = |p: &[f64], values: &mut [f64]| {
        values.iter_mut().zip(x).for_each(|(value, dose)| *value = p[0] + p[1] * dose / (p[2] + dose));
    };
    let observed = Observed { y, weights: None };
    // A half-effect dose a hundred times outside the doses given shows no half of an effect.
    let bounds = Bounds { low: lowest / 100.0, high: highest * 100.0 };
    let ed50 = |start: f64| Parameter { start, bounds, scale: Scale::Log };
    let effect = line.slope * highest;
    let tried: Vec<(Vec<Parameter>, Result<CurveFit, RegressionError>)> = levels[1..]
        .iter()
        .map(|start| {
            let parameters =
                vec![Parameter::free(line.intercept), Parameter::free(2.0 * effect), ed50(*start)];
            let fit = fit_curve(&curve, &observed, &parameters, &SearchOptions::default());
            (parameters, fit)
        })
        .collect();
    let best = tried
        .iter()
        .filter_map(|(parameters, fit)| Some((parameters, fit.as_ref().ok()?)))
        .min_by(|a, b| a.1.residual_sum.total_cmp(&b.1.residual_sum));
    let Some((parameters, fit)) = best else {
        let why = tried.first().and_then(|(_, fit)| fit.as_ref().err()).map(ToString::to_string);
        return Err(format!("no curve was found: {}", why.unwrap_or_default()));
    };
    if fit.standard_error(2).is_none() {
        return Err("these doses do not show where half of the effect is reached".to_string());
    }
    let profiles = (0..3)
        .map(|k| profile(&curve, &observed, parameters, fit, (k, LEVEL)))
        .collect::<Result<Vec<Profile>, RegressionError>>()
        .map_err(|error| error.to_string())?;
    Ok(EmaxFit { fit: fit.clone(), profiles })
}
