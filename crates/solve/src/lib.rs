//! Stiff integrators over lanes: `M y' = f(t, y)` in `L` lanes at once, each lane with its own time, step and stop.
//!
//! ```text
//! start a lane -> step all lanes -> look at each lane -> interpolate, move its stop, restart or park it
//! ```
//!
//! What this crate does not do: it knows no expressions, no models, no doses and no events; the one event loop
//! is in `sim`. It reads no other lane when it decides about one, so a lane gives the same bits alone, among any
//! neighbours, in every width and with every instruction set.
//!
//! Modules in reading order:
//! - [`problem`]: what an integrator needs to know of a system;
//! - [`integrator`]: what the event loop needs to know of an integrator;
//! - [`options`]: tolerances and limits, checked;
//! - [`rodas5p`]: the default method;
//! - `clock`, `controller`, `first_step`: time and step size of a lane, shared by all methods;
//! - `linear`: solves that are checked, and repeated with pivoting where they were bad;
//! - `dense`: the continuous solution of the last step;
//! - `vector`: elementwise arithmetic and sums, compiled for each instruction set.

mod clock;
mod controller;
mod dense;
mod first_step;
pub mod integrator;
mod linear;
pub mod options;
pub mod problem;
pub mod rodas5p;
mod vector;

pub use integrator::{Counters, Failure, Integrator, LaneStatus};
pub use options::{AbsoluteTolerance, OptionsError, StepOptions, Tolerances};
pub use problem::{DENSE_COEFFICIENTS, DenseStep, Problem, Vectors, dense_value};
pub use rodas5p::Rodas5P;
