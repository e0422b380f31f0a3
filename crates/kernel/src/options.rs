//! What a compilation may decide.

use hepatica_model::system::OutputId;

/// Everything that changes a [`crate::Kernel`] compiled from one system.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CompileOptions {
    /// How closely the tapes follow the rounding of the source graph.
    pub rounding: Rounding,
    /// Which outputs the output tape computes.
    pub outputs: OutputSelection,
}

/// How closely a tape follows the rounding of the source graph.
///
/// Either way a tape gives the same bits in every lane, width and instruction set; the choice is only between
/// two sets of bits, which differ by rounding.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rounding {
    /// Every operation is rounded as written: right-hand sides, outputs, roots and Jacobian entries have the very bits
    /// of the scalar interpreter of `hepatica_expr` on the source graph.
    AsWritten,
    /// Three rewrites, each correct to rounding where nothing over- or underflows, make tapes quicker:
    /// a product of two quotients, or a quotient of a quotient, that is read only once divides once;
    /// division by a number, a parameter-only term or a divisor that a tape needs twice becomes multiplication by the
    /// reciprocal (a divisor below 2^-1022 has none);
    /// a product read only once, by a sum or difference, becomes one fused multiply-add.
    #[default]
    Fused,
}

/// Which outputs are computed, in which order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum OutputSelection {
    /// All of the system, in its order.
    #[default]
    All,
    /// These, in this order.
    Some(Vec<OutputId>),
}
