//! `hepatica assay ...`: what comes off the bench, as numbers one may publish, and sheets to work by.
//!
//! Each command is a request of plain data in and an [`Answer`](crate::Answer) out; `hepatica_assay` computes, this maps.

mod airway;
mod bench;
mod design;
mod groups;
mod gsh;
mod gsh_figures;
mod kinetics;
mod ligase;
mod protocol;
mod reductase;

pub use airway::{airway, airway_source};
pub use bench::BenchRequest;
pub use design::{AllocateRequest, PowerRequest, allocate, power};
pub use groups::{GroupsRequest, groups};
pub use gsh::gsh;
pub use kinetics::kinetics;
pub use ligase::ligase;
pub use protocol::{ProtocolRequest, protocol};
pub use reductase::reductase;

/// The level of intervals.
const LEVEL: f64 = hepatica_assay::groups::LEVEL;
