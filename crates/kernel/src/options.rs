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
    /// Two rewrites, each correct to rounding where nothing over- or underflows, make tapes quicker:
    /// products and quotients that are read only once, by another product or quotient, are multiplied in another order, so
    /// that factors that do not vary are multiplied once per set of parameters, and there is one division or, for a
    /// divisor that a tape needs more than once, a reciprocal that is shared. A divisor that is fixed factors times one
    /// that varies is divided by one after the other, so that a volume in several units has one reciprocal;
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
