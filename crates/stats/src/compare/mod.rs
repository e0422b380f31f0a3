//! Two arms against each other: risk ratio, risk difference, number needed to treat, with intervals.
//!
//! [`Share`]s of different patients are compared by [`risk_ratio`] and [`risk_difference`], the same patients in
//! both arms by [`Pairs`]; intervals of pairs are narrower, because what the patients have in common cancels.
//! The mean of paired differences of a measured quantity is [`crate::Moments::mean_interval`].
//!
//! For simulated patients the intervals hold the Monte-Carlo error of a finite number of patients and nothing
//! else: more patients make them as narrow as one likes, while the error of the model stays.

mod needed;
mod pairs;
mod score;
mod unpaired;

pub use needed::NumberNeeded;
pub use pairs::Pairs;
pub use unpaired::{Share, risk_difference, risk_ratio, risk_ratio_score};

use crate::Interval;

/// An estimate with its interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The estimate; infinite for a ratio to no events, NaN where there are no events at all.
    pub value: f64,
    /// Its interval; from 0 to infinity for a ratio that the numbers do not limit.
    pub interval: Interval,
    /// How the interval was made.
    pub method: Method,
}

/// How an interval was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Ratio of independent shares: normal approximation of the logarithm. Katz D et al., Biometrics
    /// 1978;34:469.
    LogWald,
    /// Ratio of independent shares: score test. Koopman PAR, Biometrics 1984;40:513.
    Koopman,
    /// Difference of independent shares from their Wilson intervals. Newcombe RG, Stat Med 1998;17:873, method 10.
    Newcombe,
    /// Difference of paired shares: score test. Tango T, Stat Med 1998;17:891.
    Tango,
    /// Ratio of paired shares: score test. Nam JM, Blackwelder WC, Stat Med 2002;21:689; Tang NS et al., Stat Med
    /// 2003;22:1217.
    NamBlackwelder,
}

impl Method {
    /// Name and source in a few words, for tables.
    pub fn label(self) -> &'static str {
        match self {
            Method::LogWald => "log-Wald (Katz 1978)",
            Method::Koopman => "score (Koopman 1984)",
            Method::Newcombe => "hybrid score (Newcombe 1998)",
            Method::Tango => "paired score (Tango 1998)",
            Method::NamBlackwelder => "paired score (Nam and Blackwelder 2002)",
        }
    }
}
