//! Declarations -> checked Model -> System.
//!
//! ```text
//! Declarations --resolve--> Model --lower--> System
//! ```
//!
//! Reading order: [`decl`] is what a front end reads, every name as written; [`resolve()`] flattens submodels,
//! looks names up, refuses what cannot be, and checks units; [`model`] is its result, flat, with rules as they
//! were written, for [`lower()`] and for writers of other languages; [`provenance`] reads what a model's links
//! say about sources and doses; [`system`] is what a kernel compiles: dense ids, right-hand side, Jacobian,
//! events and outputs as nodes of one expression graph; [`sensitivity`] adds derivatives by model values to it. Models
//! and systems print as text; [`Model::set_value`] changes a checked model.
//!
//! What this crate does not do: it reads no language (see `format`) and simulates nothing.

mod change;
pub mod decl;
mod lower;
pub mod model;
mod print;
pub mod provenance;
mod resolve;
pub mod sensitivity;
pub mod system;
mod units;

pub use change::SetError;
pub use lower::lower;
pub use model::{Model, VarId};
pub use provenance::{DosePort, Provenance};
pub use resolve::{MAX_NAMES, ResolveOptions, flat, is_fixed, is_function, resolve, resolve_with};
pub use sensitivity::{Direction, Sensitive, SensitivityError, sensitive};
pub use system::System;
pub use units::shown as unit_text;
