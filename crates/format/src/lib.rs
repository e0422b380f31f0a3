//! Languages in and out.
//!
//! ```text
//! Antimony text --antimony::parse--> Declarations --(model)--> Model
//! ```
//!
//! Reading order: [`antimony`] reads the authoring language; nothing is evaluated here.
//!
//! What this crate does not do: it opens no file (an [`antimony::Imports`] of the caller does), resolves no
//! name and checks no unit (see `model`).

pub mod antimony;
