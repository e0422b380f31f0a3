//! The instruction set a block runs with: the one place where code compiled for a wider machine is called.
#![expect(
    unsafe_code,
    reason = "calling a function compiled for an instruction set is unsafe where the set may be missing"
)]

use hepatica_lanes::{Isa, Lanes};

use crate::run::run;
use crate::tape::Tape;

/// An instruction set that this processor has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Available(Isa);

impl Available {
    /// The set asked for, or the baseline where the processor lacks it; the bits are the same.
    pub(crate) fn or_baseline(isa: Isa) -> Self {
        Available(if isa.is_available() { isa } else { Isa::Baseline })
    }

    /// Which one it is.
    pub(crate) fn isa(self) -> Isa {
        self.0
    }

    /// Runs a tape.
    pub(crate) fn run<const L: usize>(self, tape: &Tape, memory: &mut [Lanes<L>]) {
        match self.0 {
            // SAFETY: an `Available` holds a set only after `Isa::is_available` said the processor has it.
            #[cfg(target_arch = "x86_64")]
            Isa::Avx2 => unsafe { run_avx2(tape, memory) },
            // SAFETY: as above.
            #[cfg(target_arch = "x86_64")]
            Isa::Avx512 => unsafe { run_avx512(tape, memory) },
            _ => run(tape, memory),
        }
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn run_avx2<const L: usize>(tape: &Tape, memory: &mut [Lanes<L>]) {
    run(tape, memory);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512dq,avx512vl,avx2,fma")]
fn run_avx512<const L: usize>(tape: &Tape, memory: &mut [Lanes<L>]) {
    run(tape, memory);
}
