//! Enzyme kinetics: rates over substrate and inhibitor -> constants with intervals, or why there are none.
//!
//! ```text
//! read: run file, table -> Run, Rates
//! fit : Rates, laws     -> Fits (constants, profile intervals, AICc), the best first; or a refusal
//! ```

mod fit;
mod law;
mod read;

use hepatica_source::{Span, Spanned};
use hepatica_stats::regression::Limit;

pub use fit::fit_laws;
pub use law::Law;
pub use read::{read_rates, read_run};

/// How rates scatter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scatter {
    /// By the same amount everywhere.
    Constant,
    /// In proportion to the rate.
    Proportional,
}

/// A run file.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// Its title.
    pub title: String,
    /// The table of rates.
    pub rates: Spanned<String>,
    /// How rates scatter.
    pub scatter: Scatter,
    /// Laws to try; all that fit the data when empty.
    pub laws: Vec<Law>,
    /// The name of the substrate.
    pub substrate: String,
    /// The name of the inhibitor.
    pub inhibitor: String,
}

/// Rates as measured.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rates {
    /// Substrate, umol/L.
    pub substrate: Vec<f64>,
    /// Inhibitor, umol/L; zero where none.
    pub inhibitor: Vec<f64>,
    /// Rates, in the unit they were written in.
    pub rate: Vec<f64>,
    /// That unit.
    pub unit: String,
    /// Where each rate stands.
    pub places: Vec<Span>,
}

/// A constant with its interval.
#[derive(Clone, Debug, PartialEq)]
pub struct Constant {
    /// Its name.
    pub name: &'static str,
    /// Its value.
    pub value: f64,
    /// Its standard error by the curvature at the minimum.
    pub standard_error: Option<f64>,
    /// The ends of its profile interval at 95 %.
    pub profile: Option<(Limit, Limit)>,
}

/// A law fitted.
#[derive(Clone, Debug, PartialEq)]
pub struct Fit {
    /// The law.
    pub law: Law,
    /// Its constants.
    pub constants: Vec<Constant>,
    /// Residual standard deviation, in the unit of the rates (relative when they scatter in proportion).
    pub residual_sd: f64,
    /// Corrected criterion of Akaike.
    pub aicc: f64,
    /// Akaike weight among the laws tried.
    pub weight: f64,
    /// Observed less fitted.
    pub residuals: Vec<f64>,
    /// Why the data do not determine its constants; empty when they do.
    pub doubts: Vec<String>,
}

/// A law that could not be fitted.
#[derive(Clone, Debug, PartialEq)]
pub struct Refused {
    /// The law.
    pub law: Law,
    /// Why.
    pub why: String,
}

/// All laws tried.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// Fits, the smallest criterion first.
    pub fits: Vec<Fit>,
    /// Laws without a fit.
    pub refused: Vec<Refused>,
}
