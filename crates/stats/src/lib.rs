//! Statistics on plain arrays: how near predictions are, noncompartmental analysis, quantiles, intervals.
//!
//! Every function states its definition and source; none draws random numbers.
//!
//! What this crate does not do: it knows no unit, no patient and no model.

mod error;
mod fold;
mod interval;
pub mod nca;
mod quantile;
mod special;

pub use error::StatsError;
pub use fold::{afe, gmfe, share_within_fold};
pub use interval::{Interval, clopper_pearson, wilson};
pub use quantile::{Sorted, quantile};
pub use special::{incomplete_beta, ln_gamma, normal_quantile};
