//! Noncompartmental analysis of one concentration curve.
//!
//! [`analyse`] takes times and concentrations and gives what the curve says without a model: peak, areas,
//! terminal slope, and with a dose clearance and volumes. Definitions are those of Gabrielsson J, Weiner D,
//! Pharmacokinetic and Pharmacodynamic Data Analysis, 5th ed. (2016), chapter 2; results are checked against
//! published output of the usual program.

mod analysis;
mod area;
mod below;
mod partial;
mod terminal;

pub use analysis::{Analysis, ByDose, Extrapolated, Given, Options, analyse};
pub use area::{AreaMethod, Areas, areas};
pub use below::{BelowRule, Reading, settle};
pub use partial::{Steady, steady};
pub use terminal::{Terminal, terminal_slope};
