//! Units of everything a model computes: dimension and scale.
//!
//! Things without a unit fit anything. A bare number is pure in a product and takes the other side's unit in a
//! sum or comparison. A species stands for its concentration, substance per volume, unless it is an amount; a
//! rate law is extent per time; the rate of `x` has the unit of `x` per time.

mod check;
mod define;
mod infer;
mod ledger;
mod messages;
mod shown;
mod wide;

pub(crate) use check::check_units;
pub use shown::shown;
