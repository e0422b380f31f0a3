//! Languages in and out.
//!
//! ```text
//! Antimony text --antimony::parse-+-> Declarations --(model)--> Model --sbml::write--> SBML text
//! SBML text ---------sbml::parse--'
//! ```
//!
//! Reading order: [`antimony`] reads the authoring language; [`sbml`] reads and writes the language of other tools.
//! Nothing is evaluated here.
//!
//! What this crate does not do: it opens no file (an [`antimony::Imports`] of the caller does), resolves no
//! name and checks no unit (see `model`).

pub mod antimony;
pub mod sbml;
