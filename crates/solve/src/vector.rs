//! One body of lane arithmetic, compiled for each instruction set.
//!
//! A body uses plain multiplication and addition in a written order. The compiler may not fuse or reorder them, so
//! each compilation gives the same bits.
#![expect(
    unsafe_code,
    reason = "calls a function compiled for an instruction set the processor was asked for"
)]

use hepatica_lanes::Isa;

/// Arithmetic to be compiled for each instruction set; `run` must be `#[inline(always)]` to take part in it.
pub(crate) trait Body {
    /// Does the work.
    fn run(self);
}

/// Runs a body with `isa`, or with what every processor has where this one lacks `isa`.
#[inline]
pub(crate) fn run(isa: Isa, body: impl Body) {
    #[cfg(target_arch = "x86_64")]
    if isa.is_available() {
        match isa {
            Isa::Baseline => {}
            // SAFETY: the processor was just found to have every feature the function enables.
            Isa::Avx2 => return unsafe { run_avx2(body) },
            // SAFETY: the processor was just found to have every feature the function enables.
            Isa::Avx512 => return unsafe { run_avx512(body) },
        }
    }
    body.run();
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn run_avx2(body: impl Body) {
    body.run();
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma,avx512f,avx512dq,avx512vl")]
fn run_avx512(body: impl Body) {
    body.run();
}
