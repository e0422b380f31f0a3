//! Lanes: one number of each of `L` patients side by side, and arithmetic on them that gives the same bits in every width.
//!
//! Two crates evaluate over lanes and may not see each other: `kernel` (tapes) and `solve` (integrators).
//! What both need lives here: the aligned block [`Lanes`], the instruction set [`Isa`] handed in by `app`,
//! and the [`math`] kernels (exp, ln, pow) that scalar and lane evaluation share.
//!
//! What this crate does not do: it knows no expressions, no models and no integrators.

mod isa;
pub mod math;

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
