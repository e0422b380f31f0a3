//! The terminal slope.

/// Adjusted r2 this near the best counts as equal to it; more points then win.
const TIE: f64 = 1e-4;
/// The fewest points of a fit.
const MIN_POINTS: usize = 3;

/// A straight line through the logarithms of the last concentrations.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Terminal {
    /// The terminal rate, 1/time, above zero.
    pub lambda_z: f64,
    /// The logarithm of the line's concentration at time zero.
    pub intercept: f64,
    /// How many points it uses.
    pub points: usize,
    /// The time of the first of them.
    pub from: f64,
    /// The time of the last of them.
    pub to: f64,
    /// Coefficient of determination.
    pub r2: f64,
    /// The same adjusted for the number of points, `1 - (1 - r2)(n - 1)/(n - 2)`.
    pub r2_adjusted: f64,
}

impl Terminal {
    /// `ln 2 / lambda_z`.
    pub fn half_life(&self) -> f64 {
        std::f64::consts::LN_2 / self.lambda_z
    }

    /// The concentration on the line.
    pub fn at(&self, time: f64) -> f64 {
        libm::exp(self.intercept - self.lambda_z * time)
    }
}

/// The best line through the last points of a curve of positive concentrations, given in order of time.
///
/// Of the lines through the last n points, n from 3 to all, that fall: the one with the largest adjusted r2; among
/// those within 1e-4 of it, the one with the most points. `None` when none falls.
pub fn terminal_slope(times: &[f64], concentrations: &[f64]) -> Option<Terminal> {
    let n = times.len().min(concentrations.len());
    let lines: Vec<Terminal> = (MIN_POINTS..=n)
        .filter_map(|count| line(&times[n - count..n], &concentrations[n - count..n]))
        .collect();
    let best = lines.iter().map(|l| l.r2_adjusted).fold(f64::NEG_INFINITY, f64::max);
    lines.into_iter().rfind(|l| l.r2_adjusted >= best - TIE)
}

/// Least squares of the logarithm on time; `None` when it does not fall.
fn line(times: &[f64], concentrations: &[f64]) -> Option<Terminal> {
    let n = times.len() as f64;
    let logs: Vec<f64> = concentrations.iter().map(|c| libm::log(*c)).collect();
    let (mean_t, mean_y) = (times.iter().sum::<f64>() / n, logs.iter().sum::<f64>() / n);
    let deviations = times.iter().zip(&logs).map(|(t, y)| (t - mean_t, y - mean_y));
    let (mut tt, mut ty, mut yy) = (0.0, 0.0, 0.0);
    for (t, y) in deviations {
        tt += t * t;
        ty += t * y;
        yy += y * y;
    }
    let slope = ty / tt;
    if !(slope < 0.0 && slope.is_finite()) {
        return None;
    }
    let r2 = ty * ty / (tt * yy);
    Some(Terminal {
        lambda_z: -slope,
        intercept: mean_y - slope * mean_t,
        points: times.len(),
        from: times[0],
        to: times[times.len() - 1],
        r2,
        r2_adjusted: 1.0 - (1.0 - r2) * (n - 1.0) / (n - 2.0),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exponential_uses_all_points() {
        let times: Vec<f64> = (1..9).map(f64::from).collect();
        let values: Vec<f64> = times.iter().map(|t| 5.0 * (-0.3 * t).exp()).collect();
        let fit = terminal_slope(&times, &values).unwrap();
        assert_eq!((fit.points, fit.from, fit.to), (8, 1.0, 8.0));
        assert!((fit.lambda_z - 0.3).abs() < 1e-14 && (fit.at(0.0) - 5.0).abs() < 1e-12);
        assert!((fit.half_life() - std::f64::consts::LN_2 / 0.3).abs() < 1e-12);
    }

    #[test]
    fn a_phase_before_the_last_is_left_out() {
        let times: Vec<f64> = (0..10).map(f64::from).collect();
        let values: Vec<f64> = times.iter().map(|t| 100.0 * (-3.0 * t).exp() + (-0.1 * t).exp()).collect();
        let fit = terminal_slope(&times, &values).unwrap();
        assert!(fit.from >= 2.0 && (fit.lambda_z - 0.1).abs() < 0.01, "{fit:?}");
    }

    #[test]
    fn rising_flat_or_few_points_have_none() {
        assert_eq!(terminal_slope(&[1.0, 2.0, 3.0], &[1.0, 2.0, 3.0]), None);
        assert_eq!(terminal_slope(&[1.0, 2.0, 3.0], &[2.0, 2.0, 2.0]), None);
        assert_eq!(terminal_slope(&[1.0, 2.0], &[2.0, 1.0]), None);
    }
}
