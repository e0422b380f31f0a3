//! Special functions, the same bits on every machine: only arithmetic and the portable elementary functions of
//! `libm`.

mod beta;
mod gamma;
mod normal;
mod student;

pub use beta::{beta_quantile, incomplete_beta};
pub use gamma::{gamma_quantile, incomplete_gamma, ln_gamma};
pub use normal::{normal_cdf, normal_quantile};
pub use student::{chi_squared_tail, f_p, student_p, student_quantile};

pub(crate) use gamma::incomplete_gamma_upper;
pub(crate) use normal::normal_density;
