//! Two means.

use super::Group;
use super::summary::pooled;
use crate::error::{all, level as check_level};
use crate::special::{student_p, student_quantile};
use crate::{Interval, StatsError};

/// The comparison of two means.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MeanTest {
    /// First mean less second.
    pub difference: f64,
    /// Its standard error.
    pub se: f64,
    /// Their ratio.
    pub t: f64,
    /// Degrees of freedom.
    pub df: f64,
    /// Two-sided P value.
    pub p: f64,
    /// The interval of the difference.
    pub interval: Interval,
}

/// Welch's test: the variances may differ. Degrees of freedom by Welch and Satterthwaite.
///
/// Welch BL, Biometrika 1947;34:28.
///
/// # Errors
/// No spread in both groups, a level outside (0, 1).
pub fn welch(a: &Group, b: &Group, level: f64) -> Result<MeanTest, StatsError> {
    let (va, vb) = (a.error_square(), b.error_square());
    let df = (va + vb) * (va + vb) / (va * va / (a.count() - 1.0) + vb * vb / (b.count() - 1.0));
    compare(a.mean - b.mean, (va + vb).sqrt(), df, level)
}

/// Student's test: the variances are taken as equal.
///
/// # Errors
/// As [`welch`].
pub fn student(a: &Group, b: &Group, level: f64) -> Result<MeanTest, StatsError> {
    let (variance, df) = pooled(&[*a, *b]);
    compare(a.mean - b.mean, (variance * (1.0 / a.count() + 1.0 / b.count())).sqrt(), df, level)
}

fn compare(difference: f64, se: f64, df: f64, level: f64) -> Result<MeanTest, StatsError> {
    check_level(level)?;
    all(&[se], "a spread above zero", |s| s > 0.0)?;
    let t = difference / se;
    let half = student_quantile(df, 0.5 + 0.5 * level) * se;
    let interval = Interval { low: difference - half, high: difference + half };
    Ok(MeanTest { difference, se, t, df, p: student_p(df, t), interval })
}
