//! What of a group its mean is judged by.

use crate::StatsError;
use crate::error::all;

/// Number, mean and spread of a group.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Group {
    /// How many independent units.
    pub n: usize,
    /// Their mean.
    pub mean: f64,
    /// Their standard deviation, with n - 1.
    pub sd: f64,
}

impl Group {
    /// From the values of at least two units.
    ///
    /// # Errors
    /// Fewer than two values, or one that is not finite.
    pub fn of(values: &[f64]) -> Result<Group, StatsError> {
        if values.len() < 2 {
            return Err(StatsError::TooFew { found: values.len(), needed: 2 });
        }
        all(values, "a finite number", f64::is_finite)?;
        let n = values.len() as f64;
        let rough = values.iter().sum::<f64>() / n;
        // The mean of what is left takes off the rounding of the first.
        let mean = rough + values.iter().map(|v| v - rough).sum::<f64>() / n;
        let square: f64 = values.iter().map(|v| (v - mean) * (v - mean)).sum();
        Ok(Group { n: values.len(), mean, sd: (square / (n - 1.0)).sqrt() })
    }

    /// From a published mean and standard deviation.
    ///
    /// # Errors
    /// n below 2, a mean that is not finite, a deviation below zero.
    pub fn with_sd(n: usize, mean: f64, sd: f64) -> Result<Group, StatsError> {
        if n < 2 {
            return Err(StatsError::TooFew { found: n, needed: 2 });
        }
        all(&[mean], "a finite number", f64::is_finite)?;
        all(&[sd], "a deviation from zero on", |s| s.is_finite() && s >= 0.0)?;
        Ok(Group { n, mean, sd })
    }

    /// From a published mean and standard error of the mean.
    ///
    /// # Errors
    /// As [`Group::with_sd`].
    pub fn with_sem(n: usize, mean: f64, sem: f64) -> Result<Group, StatsError> {
        Group::with_sd(n, mean, sem * (n as f64).sqrt())
    }

    /// n as a number.
    pub(crate) fn count(&self) -> f64 {
        self.n as f64
    }

    /// The square of the standard error of the mean.
    pub(crate) fn error_square(&self) -> f64 {
        self.sd * self.sd / self.count()
    }
}

/// The variance within groups and its degrees of freedom.
pub(crate) fn pooled(groups: &[Group]) -> (f64, f64) {
    let df: f64 = groups.iter().map(|g| g.count() - 1.0).sum();
    let square: f64 = groups.iter().map(|g| (g.count() - 1.0) * g.sd * g.sd).sum();
    (square / df, df)
}
