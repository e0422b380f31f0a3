//! Model values fitted to data: one vector of values for all of it.
//!
//! ```text
//! [fit] of a study --read--> Plan --arrange--> Problem --search--> Fitted
//! ```
//!
//! Reading order: [`plan`] is what a study asks for, [`mod@read`] reads it; [`measure`] is what is taken from a
//! simulated curve, with its derivatives by the curve; [`engine`] simulates values and their derivatives by model
//! values; [`problem`] puts them together as a curve that the regression of `stats` fits; [`search`] is the fit from
//! several starts, with profiles; [`standing`] says what the data tell of each value.

pub mod engine;
pub mod measure;
pub mod plan;
pub mod problem;
pub mod read;
pub mod search;
pub mod standing;

pub use engine::Engine;
pub use measure::{Measured, What, Window};
pub use plan::{CurveData, Early, Estimated, FitPlan, Prior, Target};
pub use problem::{Datum, Experiment, Problem, arrange};
pub use read::read_fit;
pub use search::{FitOptions, Fitted, Start, fit};
pub use standing::{Found, found};
