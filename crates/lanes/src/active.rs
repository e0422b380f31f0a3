//! One body of lane arithmetic, compiled for each instruction set.
#![expect(
    unsafe_code,
    reason = "calls functions compiled for an instruction set the processor was asked for"
)]

use crate::isa::Isa;

/// Arithmetic that is compiled once for each instruction set and run with one of them.
///
/// `run` must be `#[inline(always)]`, and so must what it calls in its loops: only code that is inlined into the
/// functions of this module is compiled for their instruction set.
pub trait Body {
    /// What it gives.
    type Output;

    /// Does the work.
    fn run(self) -> Self::Output;
}

/// An instruction set this processor is known to have; made by [`Isa::activate`] only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Active {
    isa: Isa,
}

impl Isa {
    /// The permission to use it, or `None` where this processor lacks it.
    pub fn activate(self) -> Option<Active> {
        self.is_available().then_some(Active { isa: self })
    }
}

impl Active {
    /// The instruction set every processor has.
    pub const BASELINE: Active = Active { isa: Isa::Baseline };

    /// The widest instruction set this processor can run.
    pub fn best() -> Active {
        Active { isa: Isa::best() }
    }

    /// Which instruction set it is.
    pub const fn isa(self) -> Isa {
        self.isa
    }

    /// Runs a body with this instruction set.
    ///
    /// The bits do not depend on the choice: a compiler may not fuse a product into a sum or reorder a sum, and
    /// `f64::mul_add` is rounded once everywhere.
    #[inline]
    pub fn run<B: Body>(self, body: B) -> B::Output {
        match self.isa {
            #[cfg(target_arch = "x86_64")]
            // SAFETY: `Active` is made only after `is_available` found avx2 and fma on this processor.
            Isa::Avx2 => unsafe { run_avx2(body) },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: `Active` is made only after `is_available` found all five features on this processor.
            Isa::Avx512 => unsafe { run_avx512(body) },
            _ => body.run(),
        }
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn run_avx2<B: Body>(body: B) -> B::Output {
    body.run()
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma,avx512f,avx512dq,avx512vl")]
fn run_avx512<B: Body>(body: B) -> B::Output {
    body.run()
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Dot<'a>(&'a [f64], &'a [f64]);

    impl Body for Dot<'_> {
        type Output = f64;

        #[inline(always)]
        fn run(self) -> f64 {
            self.0.iter().zip(self.1).fold(0.0, |sum, (a, b)| a.mul_add(*b, sum))
        }
    }

    #[test]
    fn every_instruction_set_gives_the_same_bits() {
        let a: Vec<f64> = (0..37).map(|i| 1.0 / f64::from(i + 3)).collect();
        let b: Vec<f64> = (0..37).map(|i| f64::from(i).sqrt() - 3.0).collect();
        let expected = Active::BASELINE.run(Dot(&a, &b));
        for active in Isa::ALL.into_iter().filter_map(Isa::activate) {
            assert_eq!(active.run(Dot(&a, &b)).to_bits(), expected.to_bits(), "{}", active.isa().name());
        }
    }

    #[test]
    fn the_best_is_available() {
        assert!(Active::best().isa().is_available());
        assert_eq!(Isa::Baseline.activate(), Some(Active::BASELINE));
    }
}
