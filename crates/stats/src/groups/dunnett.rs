//! Several groups against one control.

use super::Group;
use super::integrate::Rule;
use super::summary::pooled;
use crate::error::{all, level as check_level};
use crate::special::normal_cdf;
use crate::{Interval, StatsError};

/// Which departures count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sided {
    /// Above and below the control.
    Two,
    /// Above it only.
    Greater,
    /// Below it only.
    Less,
}

/// The joint distribution of Dunnett's statistics: multivariate t with the correlations `l_i l_j` that comparisons with
/// one control have, `l_i^2 = n_i / (n_i + n_0)`.
///
/// Dunnett CW, J Am Stat Assoc 1955;50:1096, and Biometrics 1964;20:482; the double integral over the control's mean
/// and the estimated deviation by Gauss-Legendre quadrature, to about 1e-11.
#[derive(Clone, Debug)]
pub struct Dunnett {
    loadings: Vec<f64>,
    normal: Rule,
    deviation: Rule,
}

/// A group against the control.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Comparison {
    /// Its mean less that of the control.
    pub difference: f64,
    /// The standard error of that.
    pub se: f64,
    /// Their ratio.
    pub t: f64,
    /// P value, adjusted for all comparisons.
    pub p: f64,
    /// The interval of the difference, simultaneous with all others; infinite on the open side when one-sided.
    pub interval: Interval,
}

impl Dunnett {
    /// For a control of n units, other groups of these numbers of units, and the degrees of freedom of the variance.
    ///
    /// # Errors
    /// No group, a number that is not above zero.
    pub fn new(control: f64, others: &[f64], df: f64) -> Result<Dunnett, StatsError> {
        if others.is_empty() {
            return Err(StatsError::TooFew { found: 0, needed: 1 });
        }
        let above_zero = |v: f64| v > 0.0;
        all(&[control, df], "a number above zero", above_zero)?;
        all(others, "a number above zero", above_zero)?;
        let loadings = others.iter().map(|n| (n / (n + control)).sqrt()).collect();
        Ok(Dunnett { loadings, normal: Rule::normal(), deviation: Rule::deviation(df) })
    }

    /// The chance that no statistic is further from zero than `t`, on the sides that count.
    pub fn within(&self, t: f64, sided: Sided) -> f64 {
        if sided == Sided::Two && t <= 0.0 {
            return 0.0;
        }
        let inside = self.deviation.of(|s| self.normal.of(|z| self.product(z, t * s, sided)));
        inside.clamp(0.0, 1.0)
    }

    /// The chance that every group is within the limit, given the control's departure and the deviation.
    fn product(&self, z: f64, limit: f64, sided: Sided) -> f64 {
        let one = |loading: &f64| {
            let own = (1.0 - loading * loading).sqrt();
            let above = normal_cdf((loading * z + limit) / own);
            if sided == Sided::Two { above - normal_cdf((loading * z - limit) / own) } else { above }
        };
        self.loadings.iter().map(one).product()
    }

    /// The limit that the largest statistic exceeds with chance `1 - level`.
    ///
    /// # Errors
    /// A level outside (0, 1).
    pub fn critical(&self, level: f64, sided: Sided) -> Result<f64, StatsError> {
        check_level(level)?;
        let (mut low, mut high) = (if sided == Sided::Two { 0.0 } else { -1.0 }, 2.0);
        while self.within(high, sided) < level && high < 1e9 {
            (low, high) = (high, 2.0 * high);
        }
        while sided != Sided::Two && self.within(low, sided) > level && low > -1e9 {
            (low, high) = (2.0 * low, low);
        }
        // Secants that keep the bracket; an end that stays twice counts half (the Illinois method).
        let (mut below, mut above) = (self.within(low, sided) - level, self.within(high, sided) - level);
        let mut stayed = 0;
        for _ in 0..60 {
            let middle = (low * above - high * below) / (above - below);
            let value = self.within(middle, sided) - level;
            if value.abs() < 1e-12 || high - low < 1e-10 * (1.0 + middle.abs()) {
                return Ok(middle);
            }
            if value < 0.0 {
                (low, below) = (middle, value);
                above *= if stayed == 1 { 0.5 } else { 1.0 };
                stayed = 1;
            } else {
                (high, above) = (middle, value);
                below *= if stayed == 2 { 0.5 } else { 1.0 };
                stayed = 2;
            }
        }
        Ok(0.5 * (low + high))
    }

    /// Compares groups with the first, which is the control, with their pooled variance.
    ///
    /// # Errors
    /// Fewer than two groups, no spread, a level outside (0, 1).
    pub fn compare(groups: &[Group], level: f64, sided: Sided) -> Result<Vec<Comparison>, StatsError> {
        let Some((control, others)) = groups.split_first() else {
            return Err(StatsError::TooFew { found: 0, needed: 2 });
        };
        let (variance, df) = pooled(groups);
        all(&[variance], "a spread above zero", |v| v > 0.0)?;
        let counts: Vec<f64> = others.iter().map(Group::count).collect();
        let distribution = Dunnett::new(control.count(), &counts, df)?;
        let limit = distribution.critical(level, sided)?;
        let one = |group: &Group| {
            let difference = group.mean - control.mean;
            let se = (variance * (1.0 / group.count() + 1.0 / control.count())).sqrt();
            let t = difference / se;
            let towards = match sided {
                Sided::Two => t.abs(),
                Sided::Greater => t,
                Sided::Less => -t,
            };
            let (low, high) = (difference - limit * se, difference + limit * se);
            let interval = match sided {
                Sided::Two => Interval { low, high },
                Sided::Greater => Interval { low, high: f64::INFINITY },
                Sided::Less => Interval { low: f64::NEG_INFINITY, high },
            };
            Comparison { difference, se, t, p: 1.0 - distribution.within(towards, sided), interval }
        };
        Ok(others.iter().map(one).collect())
    }
}
