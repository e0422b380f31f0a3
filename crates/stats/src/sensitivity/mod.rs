//! Global sensitivity: which inputs decide the spread of an output.
//!
//! ```text
//! Design --point--> inputs --(a model)--> outputs --sobol_indices--> shares of the variance with intervals
//! ```
//!
//! The inputs are independent numbers, uniform in (0, 1); a model turns each into a value by the quantile of its
//! distribution. One design serves all outputs of a model.

mod design;
mod sobol;
mod tails;

pub use design::Design;
pub use sobol::{Bootstrap, Share, SobolIndices, sobol_indices};
pub use tails::tail_means;
