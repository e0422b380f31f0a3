//! The assay bench: raw traces -> calibrated, accepted or rejected, explained numbers; and sheets to work by.
//!
//! ```text
//! protocol: which, samples -> Protocol (reagents, steps, controls, layout, what the source leaves out)
//! ```
//!
//! Reading order: [`protocol`] has the sheets.
//!
//! What this crate does not do: it opens no files, draws nothing and simulates nothing; regression, tests and
//! intervals live in `stats`, molar masses in `chem`.

pub mod protocol;
