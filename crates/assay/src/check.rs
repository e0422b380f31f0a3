//! A criterion, what was found, and whether it passed; every criterion carries its source.

use std::fmt;

/// What a number must be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Limit {
    /// Not above.
    AtMost(f64),
    /// Not below.
    AtLeast(f64),
    /// Between, both ends included.
    Within(f64, f64),
}

impl Limit {
    /// Whether a number is as it must be; a number that is none is not.
    pub fn holds(self, value: f64) -> bool {
        match self {
            Limit::AtMost(most) => value <= most,
            Limit::AtLeast(least) => value >= least,
            Limit::Within(low, high) => (low..=high).contains(&value),
        }
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Limit::AtMost(most) => write!(f, "at most {most}"),
            Limit::AtLeast(least) => write!(f, "at least {least}"),
            Limit::Within(low, high) => write!(f, "{low} to {high}"),
        }
    }
}

/// A criterion applied.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    /// A stable name, such as `m10/standards`.
    pub code: &'static str,
    /// What is judged, as a few words.
    pub what: String,
    /// What was found.
    pub found: f64,
    /// What it must be.
    pub limit: Limit,
    /// The unit of both; empty for counts.
    pub unit: &'static str,
    /// Where the criterion comes from.
    pub source: &'static str,
}

impl Check {
    /// Whether it passed.
    pub fn passed(&self) -> bool {
        self.limit.holds(self.found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_hold_at_their_ends_and_never_for_nan() {
        for limit in [Limit::AtMost(2.0), Limit::AtLeast(2.0), Limit::Within(2.0, 3.0)] {
            assert!(limit.holds(2.0) && !limit.holds(f64::NAN), "{limit}");
        }
        assert!(!Limit::Within(2.0, 3.0).holds(3.1) && !Limit::AtMost(2.0).holds(2.1));
    }
}
