//! Step size control of one lane.
//!
//! Gustafsson's predictive controller in the form of Hairer and Wanner, Solving Ordinary Differential Equations II,
//! 2nd ed. (1996), section IV.8, equations (8.24)-(8.25), with the constants of their section IV.7-IV.8:
//!
//! ```text
//! h_new = h * min( safety / q,  safety * (h/h_acc) * q_acc / q^2 ),   q = err^(1/k)
//! ```
//!
//! where `k` is the order of the estimate plus one, and `h_acc`, `q_acc` belong to the accepted step before.

use hepatica_lanes::{Active, Lanes, math};

use crate::vector::{self, Element};

/// Safety factor on the step.
const SAFETY: f64 = 0.9;
/// A step grows at most by this factor.
const MAX_GROWTH: f64 = 6.0;
/// After the first step, whose size was a guess on the safe side, the next may grow by this factor.
const MAX_FIRST_GROWTH: f64 = 1e3;
/// A step shrinks at most by this factor.
const MAX_SHRINK: f64 = 5.0;
/// An error of the step before below this does not count, or one lucky step would forbid growth in the next.
const MIN_ERROR_BEFORE: f64 = 1e-2;
/// After a rejected first step the guess was wrong altogether.
const FIRST_REJECT_SHRINK: f64 = 10.0;
/// After numbers that are not finite, or a singular matrix, there is no error to go by.
const TROUBLE_SHRINK: f64 = 4.0;

/// Step size control for one order of the error estimate.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Controller {
    /// `1/k`.
    exponent: f64,
    /// `q` of [`MIN_ERROR_BEFORE`].
    min_q_before: f64,
}

/// What the controller remembers of one lane.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Memory {
    before: Option<Accepted>,
    rejected_just_now: bool,
}

#[derive(Clone, Copy, Debug)]
struct Accepted {
    h: f64,
    q: f64,
}

impl Memory {
    /// Nothing is remembered.
    pub(crate) const NEW: Memory = Memory { before: None, rejected_just_now: false };
}

impl Controller {
    pub(crate) fn new(estimate_order: u32) -> Self {
        let exponent = 1.0 / f64::from(estimate_order + 1);
        Controller { exponent, min_q_before: math::pow(MIN_ERROR_BEFORE, exponent) }
    }

    /// `1/k`, with which an error becomes a ratio of step sizes.
    pub(crate) fn exponent(&self) -> f64 {
        self.exponent
    }

    /// `q` of the errors of all lanes.
    pub(crate) fn roots<const L: usize>(&self, isa: Active, error: Lanes<L>) -> Lanes<L> {
        let mut q = [Lanes::ZERO];
        vector::map(isa, Root { exponent: self.exponent }, [&[error]], &mut q);
        q[0]
    }

    /// The next step after one of length `h` with `q <= 1` was accepted.
    pub(crate) fn accept(&self, memory: &mut Memory, h: f64, q: f64) -> f64 {
        let plain = q / SAFETY;
        let predicted = memory.before.map_or(0.0, |b| (b.h / h) * q * q / (b.q * SAFETY));
        let growth = if memory.before.is_none() { MAX_FIRST_GROWTH } else { MAX_GROWTH };
        let divisor = plain.max(predicted).clamp(1.0 / growth, MAX_SHRINK);
        let divisor = if memory.rejected_just_now { divisor.max(1.0) } else { divisor };
        memory.before = Some(Accepted { h, q: q.max(self.min_q_before) });
        memory.rejected_just_now = false;
        h / divisor
    }

    /// The next step after one of length `h` with `q > 1` was rejected.
    pub(crate) fn reject(&self, memory: &mut Memory, h: f64, q: f64) -> f64 {
        memory.rejected_just_now = true;
        match memory.before {
            None => h / FIRST_REJECT_SHRINK,
            Some(_) => h / (q / SAFETY).min(MAX_SHRINK),
        }
    }

    /// The next step after one of length `h` gave no error at all.
    pub(crate) fn reject_trouble(&self, memory: &mut Memory, h: f64) -> f64 {
        memory.rejected_just_now = true;
        h / TROUBLE_SHRINK
    }
}

#[derive(Clone, Copy)]
struct Root {
    exponent: f64,
}

impl Element<1> for Root {
    #[inline(always)]
    fn at(self, [error]: [f64; 1], _: f64) -> f64 {
        math::pow(error, self.exponent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn growth_and_shrinkage_are_bounded() {
        let (controller, mut memory) = (Controller::new(4), Memory::NEW);
        assert_eq!(controller.reject(&mut memory, 1.0, 2.0), 0.1);
        let mut memory = Memory::NEW;
        assert_eq!(controller.accept(&mut memory, 1.0, 0.0), MAX_FIRST_GROWTH);
        assert_eq!(controller.accept(&mut memory, 1.0, 0.0), MAX_GROWTH);
        assert_eq!(controller.reject(&mut memory, 1.0, 1e30), 1.0 / MAX_SHRINK);
        assert_eq!(controller.reject_trouble(&mut memory, 1.0), 0.25);
    }

    #[test]
    fn a_step_does_not_grow_right_after_a_rejection() {
        let (controller, mut memory) = (Controller::new(4), Memory::NEW);
        controller.reject(&mut memory, 1.0, 2.0);
        assert_eq!(controller.accept(&mut memory, 0.1, 1e-9), 0.1);
        assert!(controller.accept(&mut memory, 0.1, 1e-9) > 0.1);
    }

    #[test]
    fn a_rising_error_is_foreseen() {
        let controller = Controller::new(4);
        let (mut rising, mut steady) = (Memory::NEW, Memory::NEW);
        controller.accept(&mut rising, 1.0, 0.6);
        controller.accept(&mut steady, 1.0, 0.9);
        assert!(controller.accept(&mut rising, 1.0, 0.9) < controller.accept(&mut steady, 1.0, 0.9));
    }

    #[test]
    fn roots_of_errors_keep_what_they_say_about_a_step() {
        let errors = [0.0, 1.0, 32.0, f64::NAN, f64::INFINITY, 1.0 / 32.0, 0.5, 2.0];
        let q = Controller::new(4).roots(Active::best(), Lanes(errors));
        assert_eq!((q[0], q[1]), (0.0, 1.0));
        assert!((q[2] - 2.0).abs() < 1e-15 && (q[5] - 0.5).abs() < 1e-15);
        assert!(q[3].is_nan() && q[4] == f64::INFINITY && q[6] < 1.0 && q[7] > 1.0);
    }
}
