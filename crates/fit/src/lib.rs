//! Models against observations: observed curves under their own protocol, cohorts of virtual patients, lines of
//! a qualification.
//!
//! ```text
//! Bench --simulate--> Series --measure--> Marks --judge--> Lines
//! ```
//!
//! Reading order: [`mod@bench`] is a model ready to answer; [`person`] is who swallows what; [`curve`] reads tables of
//! observations with the [`protocol`] of each, and [`predict`] compares; [`cohort`] draws the fixed cohorts of the
//! qualification; [`mod@marks`] measures one person; [`qualify`] is what must hold, line by line; [`estimate`] fits model values to data.
//!
//! What this crate does not do: it reads no file, draws nothing and knows no command.

pub mod bench;
pub mod cohort;
pub mod curve;
pub mod estimate;
pub mod marks;
pub mod moments;
pub mod person;
pub mod predict;
pub mod protocol;
pub mod qualify;

pub use bench::{Bench, FitError, Series};
pub use cohort::{Cohort, Member};
pub use curve::{Analyte, Curve, Point, read_curves, without_repeats};
pub use marks::{Marks, marks};
pub use person::{Person, oral, prescott};
pub use predict::{Compared, compare};
