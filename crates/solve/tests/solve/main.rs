//! The integrators tested as mathematics: order, known solutions, published values, and what lanes must not do.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod allocation;
mod counts;
mod driver;
mod dual;
mod failures;
mod invariants;
mod known;
mod lanes;
mod linear_trouble;
mod ode;
mod order;
mod problems;
mod published;
mod radau;
mod stops;
