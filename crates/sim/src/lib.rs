//! Kernel + scenarios -> Trajectories: the one event loop.
//!
//! ```text
//! Scenario --simulate--> Trajectory --observe--> columns of outputs
//! ```
//!
//! Reading order: [`scenario`] is what to simulate, [`trajectory`] what comes out; `advance` is the event loop
//! of one block of lanes; `timeline` is one lane's doses, observations and pending events; `crowd` are events that come too thick; `driven` joins a
//! kernel with infusions for the integrator; `steady` brings a lane to a dosing steady state; [`bind()`] puts a
//! schedule of doses on a model's states; [`observe()`]
//! turns recorded states into outputs; [`simulate()`] spreads scenarios over lanes and threads.
//!
//! Simultaneity, stated once: an observation at the time of a dose sees the state before the dose; an
//! observation at the time of a model event sees the state after it.
//!
//! What this crate does not do: it reads no study, summarises nothing and does no IO.

mod advance;
pub mod bind;
mod crowd;
mod driven;
mod event;
mod locate;
pub mod observe;
mod past;
pub mod scenario;
mod segment;
mod settle;
mod simulate;
mod steady;
mod timeline;
pub mod trajectory;

pub use bind::bind;
pub use observe::{Columns, Observer, observe};
pub use scenario::{Action, Options, Scenario, TimedAction};
pub use simulate::{Admission, Progress, Source, simulate, simulate_each};
pub use trajectory::{Counters, Failure, Trajectory};
