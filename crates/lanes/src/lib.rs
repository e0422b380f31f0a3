//! Lanes: one number of each of `L` patients side by side, and arithmetic on them that gives the same bits in every width.
//!
//! Two crates evaluate over lanes and may not see each other: `kernel` (tapes) and `solve` (integrators).
//! What both need lives here: the aligned block [`Lanes`], the instruction set [`Isa`] handed in by `app`,
//! and the [`math`] kernels (exp, ln, pow) that scalar and lane evaluation share.
//!
//! A loop over lanes is written once, as a [`Body`] of plain `f64` arithmetic whose `run` is `#[inline(always)]`,
//! and run with an instruction set that the processor is known to have:
//!
//! ```
//! use hepatica_lanes::{Active, Body, Lanes, math};
//!
//! struct Decay<'a>(&'a mut [Lanes<16>]);
//!
//! impl Body for Decay<'_> {
//!     type Output = ();
//!     #[inline(always)]
//!     fn run(self) {
//!         for block in self.0 {
//!             for x in block.iter_mut() {
//!                 *x = math::exp(-*x);
//!             }
//!         }
//!     }
//! }
//!
//! let mut blocks = [Lanes::splat(1.0)];
//! Active::best().run(Decay(&mut blocks));
//! assert_eq!(blocks[0][7], math::exp(-1.0));
//! ```
//!
//! No caller needs `unsafe`: an [`Active`] can only be made by asking the processor ([`Isa::activate`]).
//!
//! What this crate does not do: it knows no expressions, no models and no integrators.

mod active;
mod flat;
mod isa;
pub mod math;

pub use active::{Active, Body};
pub use isa::Isa;

/// One value of each of `L` lanes, aligned to a cache line.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(C, align(64))]
pub struct Lanes<const L: usize>(pub [f64; L]);

impl<const L: usize> Lanes<L> {
    /// Zero in every lane.
    pub const ZERO: Self = Lanes([0.0; L]);

    /// The same value in every lane.
    pub const fn splat(value: f64) -> Self {
        Lanes([value; L])
    }
}

impl<const L: usize> Default for Lanes<L> {
    fn default() -> Self {
        Lanes::ZERO
    }
}

impl<const L: usize> std::ops::Deref for Lanes<L> {
    type Target = [f64; L];
    #[inline(always)]
    fn deref(&self) -> &[f64; L] {
        &self.0
    }
}

impl<const L: usize> std::ops::DerefMut for Lanes<L> {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut [f64; L] {
        &mut self.0
    }
}
