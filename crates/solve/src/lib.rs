//! Stiff integrators over lanes.
//!
//! [`problem::Problem`] is what an integrator needs to know of a system. What this crate does not do: it knows
//! no expressions, no models, no doses and no events; the one event loop is in `sim`.

pub mod problem;
