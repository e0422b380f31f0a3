//! Sums without rounding, so that order does not matter.

mod moments;
mod sum;

pub use moments::Moments;
pub use sum::ExactSum;
