//! Groups of animals under rising doses: biomarkers and histology scores against a control.
//!
//! ```text
//! read_groups: table            -> Study (animals, or published summaries)
//! analyse    : Study            -> Report (per endpoint: groups, checks, the test chosen and why, all others)
//! allocate   : groups, seed     -> a randomised list
//! power      : effects, numbers -> how often each dose is found
//! ```
//!
//! The unit is the animal. A cage is a block where it holds several groups; where it holds one group only, cage and
//! dose cannot be told apart, and the means of cages are compared beside the animals.

mod allocate;
mod continuous;
mod ordinal;
mod power;
mod published;
mod read;
mod response;
mod scale;
mod study;

pub use allocate::{Allocated, Plan, allocate};
pub use continuous::{Cages, Chosen, Measured, measured};
pub use ordinal::{Readers, Scored, scored};
pub use power::{Assumed, Power, Powered, power};
pub use published::{Against, Compared, Published, published};
pub use read::read_groups;
pub use response::{Emax, EmaxFit, Response, response};
pub use scale::Scale;
pub use study::{Animal, Arm, Endpoint, Kind, Spread, Study, Summary, SummaryRow};

/// The level of intervals.
pub const LEVEL: f64 = 0.95;

/// The P value below which a difference is called one.
pub const ALPHA: f64 = 1.0 - LEVEL;
