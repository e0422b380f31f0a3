//! Regression: lines with weights, linear models, curves.
//!
//! [`fit_line`] is for calibration (with intervals, prediction and its inverse), [`fit_linear`] for any model that is
//! linear in its parameters, [`fit_curve`] for the rest, with bounds, parameters on a logarithmic scale, and
//! [`profile`] for intervals that do not trust the curvature at the minimum; [`evolve`] searches losses that have no
//! slopes. A design that cannot tell its
//! parameters apart is refused, not answered with a number.
//!
//! Weights are reciprocals of relative variances: the variance of an observation is `s^2 / weight`, and `s^2` is
//! estimated. Sums of squares are weighted.

mod criteria;
mod curve;
mod error;
mod evolve;
mod factor;
mod line;
mod linear;
mod problem;
mod profile;
mod search;
mod symmetric;

pub use criteria::Likelihood;
pub use curve::{CurveFit, Standing, fit_curve};
pub use error::RegressionError;
pub use evolve::{EvolveOptions, Evolved, evolve};
pub use line::{Inverse, Line, Reading, fit_line};
pub use linear::{LinearFit, fit_linear};
pub use problem::{Bounds, Curve, Observed, Parameter, Scale};
pub use profile::{Limit, Profile, ProfileOptions, profile, profile_with};
pub use search::{Ended, SearchOptions};
