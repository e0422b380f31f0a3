//! The integrators tested as mathematics: order, known solutions, published values, and what lanes must not do.

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
