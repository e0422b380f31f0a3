//! The assay bench: raw traces -> calibrated, accepted or rejected, explained numbers; and sheets to work by.
//!
//! ```text
//! read    : run file, tables        -> Run, wells or injections, Traces; diagnostics with row and column
//! analyse : Run, Traces             -> Report (results with uncertainty and flags, checks with their sources)
//! protocol: which, samples          -> Protocol (reagents, steps, controls, layout, what the source leaves out)
//! ```
//!
//! Reading order: [`trace`] reads signals over time and [`check`] judges a number by a limit with its source;
//! [`spread`] has means and their uncertainty. [`window`] finds the straight part of a kinetic trace and
//! [`reductase`] makes activities of it. [`chromatogram`] finds and measures peaks, [`calibration`] and [`dilution`]
//! turn them into concentrations, [`gsh`] accepts or rejects the run. [`ligase`] makes activities of
//! a product and [`kinetics`] constants of rates. [`airway`] scores pressure traces. [`groups`] compares doses
//! with a control. [`protocol`] has the sheets.
//!
//! What this crate does not do: it opens no files, draws nothing and simulates nothing; regression, tests and
//! intervals live in `stats`, molar masses in `chem`.

pub mod airway;
pub mod calibration;
pub mod check;
pub mod chromatogram;
pub mod dilution;
pub mod groups;
pub mod gsh;
mod input;
pub mod kinetics;
pub mod ligase;
pub mod protocol;
pub mod reductase;
pub mod spread;
pub mod trace;
pub mod window;
