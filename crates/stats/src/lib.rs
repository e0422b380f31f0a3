//! Statistics on plain arrays: random numbers, distributions, how near predictions are, noncompartmental
//! analysis, regression, sensitivity, quantiles, sketches, intervals, comparisons.
//!
//! Every function states its definition and source. Random numbers are functions of a key and a place, without
//! state; all results are the same bits on every machine.
//!
//! What this crate does not do: it knows no unit, no patient and no model.

pub mod bytes;
pub mod compare;
mod copula;
pub mod distribution;
mod error;
mod exact;
mod fold;
pub mod groups;
mod interval;
mod mergeable;
pub mod nca;
mod quantile;
pub mod random;
pub mod regression;
pub mod sensitivity;
pub mod sketch;
mod special;
mod two_by_two;

pub use bytes::BytesError;
pub use copula::{Copula, CopulaError};
pub use error::StatsError;
pub use exact::{ExactSum, Moments};
pub use fold::{afe, gmfe, share_within_fold};
pub use interval::{Interval, clopper_pearson, implied_by_p, wilson};
pub use mergeable::Mergeable;
pub use quantile::{Sorted, quantile};
pub use special::{
    beta_quantile, chi_squared_tail, f_p, gamma_quantile, incomplete_beta, incomplete_gamma, ln_gamma,
    normal_cdf, normal_quantile, student_p, student_quantile,
};
pub use two_by_two::{Estimated, TwoByTwo, chi_squared_p, normal_p, rate_ratio, ratio_p, width_ratio};
