//! Declarations -> checked Model -> System.
//!
//! ```text
//! Declarations --resolve--> Model --lower--> System
//! ```
//!
//! [`decl`] is what a front end reads, every name as written; [`system`] is what a kernel compiles: dense ids,
//! right-hand side, Jacobian, events and outputs as nodes of one expression graph.
//!
//! What this crate does not do: it reads no language (see `format`) and simulates nothing.

pub mod decl;
pub mod system;
