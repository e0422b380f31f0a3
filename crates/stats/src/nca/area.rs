//! Areas under a curve and its first moment.

/// How the curve runs between two observations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AreaMethod {
    /// Straight.
    #[default]
    Linear,
    /// Straight where it rises or reaches zero, exponential where it falls.
    LinearUpLogDown,
}

/// The area under a curve and under its first moment.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Areas {
    /// Area under the curve, concentration x time.
    pub auc: f64,
    /// Area under time x concentration, concentration x time^2.
    pub aumc: f64,
}

/// The areas under points `(times, values)` of equal number, the times rising.
pub fn areas(times: &[f64], values: &[f64], method: AreaMethod) -> Areas {
    let points = times.iter().copied().zip(values.iter().copied());
    let pieces = points.clone().zip(points.skip(1)).map(|(a, b)| piece(a, b, method));
    pieces.fold(Areas::default(), |sum, p| Areas { auc: sum.auc + p.auc, aumc: sum.aumc + p.aumc })
}

fn piece((t1, c1): (f64, f64), (t2, c2): (f64, f64), method: AreaMethod) -> Areas {
    let dt = t2 - t1;
    if method == AreaMethod::LinearUpLogDown && c2 < c1 && c2 > 0.0 {
        let k = libm::log(c1 / c2) / dt;
        return Areas { auc: (c1 - c2) / k, aumc: (t1 * c1 - t2 * c2) / k + (c1 - c2) / (k * k) };
    }
    Areas { auc: 0.5 * dt * (c1 + c2), aumc: 0.5 * dt * (t1 * c1 + t2 * c2) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn straight_lines_are_exact() {
        let line = areas(&[0.0, 2.0, 5.0], &[4.0, 2.0, 5.0], AreaMethod::Linear);
        assert_eq!(line.auc, 6.0 + 10.5);
    }

    #[test]
    fn exponentials_are_exact_on_the_way_down() {
        let times: Vec<f64> = (0..6).map(f64::from).collect();
        let values: Vec<f64> = times.iter().map(|t| 3.0 * (-0.4 * t).exp()).collect();
        let sum = areas(&times, &values, AreaMethod::LinearUpLogDown);
        let end = (-0.4f64 * 5.0).exp();
        assert!((sum.auc - 3.0 / 0.4 * (1.0 - end)).abs() < 1e-13);
        let moment = 3.0 * (1.0 / 0.16 - end * (5.0 / 0.4 + 1.0 / 0.16));
        assert!((sum.aumc - moment).abs() < 1e-12, "{} {moment}", sum.aumc);
    }

    #[test]
    fn a_fall_to_zero_is_straight() {
        assert_eq!(areas(&[0.0, 1.0], &[2.0, 0.0], AreaMethod::LinearUpLogDown).auc, 1.0);
    }
}
