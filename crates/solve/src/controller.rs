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

use hepatica_lanes::math;

/// Safety factor on the step.
const SAFETY: f64 = 0.9;
/// A step grows at most by this factor.
const MAX_GROWTH: f64 = 6.0;
/// A step shrinks at most by this factor.
const MAX_SHRINK: f64 = 5.0;
/// An error of the step before below this does not count, or one lucky step would forbid growth in the next.
const MIN_ERROR_BEFORE: f64 = 1e-2;
/// After a rejected first step the guess was wrong altogether.
const FIRST_REJECT_SHRINK: f64 = 10.0;
/// After numbers that are not finite, or a singular matrix, there is no error to go by.
const TROUBLE_SHRINK: f64 = 4.0;

/// The memory of the controller of one lane.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Controller {
    before: Option<Accepted>,
    rejected_just_now: bool,
}

#[derive(Clone, Copy, Debug)]
struct Accepted {
    h: f64,
    q: f64,
}

impl Controller {
    /// Remembers nothing.
    pub(crate) const NEW: Controller = Controller { before: None, rejected_just_now: false };

    /// The next step after one of length `h` with error `error <= 1` was accepted.
    pub(crate) fn accept(&mut self, h: f64, error: f64, estimate_order: u32) -> f64 {
        let q = root(error, estimate_order);
        let plain = q / SAFETY;
        let predicted = self.before.map_or(0.0, |b| (b.h / h) * q * q / (b.q * SAFETY));
        let divisor = plain.max(predicted).clamp(1.0 / MAX_GROWTH, MAX_SHRINK);
        let divisor = if self.rejected_just_now { divisor.max(1.0) } else { divisor };
        self.before = Some(Accepted { h, q: q.max(root(MIN_ERROR_BEFORE, estimate_order)) });
        self.rejected_just_now = false;
        h / divisor
    }

    /// The next step after one of length `h` with error `error > 1` was rejected.
    pub(crate) fn reject(&mut self, h: f64, error: f64, estimate_order: u32) -> f64 {
        self.rejected_just_now = true;
        match self.before {
            None => h / FIRST_REJECT_SHRINK,
            Some(_) => h / (root(error, estimate_order) / SAFETY).min(MAX_SHRINK),
        }
    }

    /// The next step after one of length `h` gave no error at all.
    pub(crate) fn reject_trouble(&mut self, h: f64) -> f64 {
        self.rejected_just_now = true;
        h / TROUBLE_SHRINK
    }
}

fn root(error: f64, estimate_order: u32) -> f64 {
    if error > 0.0 { math::pow(error, 1.0 / f64::from(estimate_order + 1)) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn growth_and_shrinkage_are_bounded() {
        let mut controller = Controller::NEW;
        assert_eq!(controller.accept(1.0, 0.0, 4), MAX_GROWTH);
        assert_eq!(controller.reject(1.0, 1e30, 4), 1.0 / MAX_SHRINK);
        let mut fresh = Controller::NEW;
        assert_eq!(fresh.reject(1.0, 2.0, 4), 0.1);
        assert_eq!(controller.reject_trouble(1.0), 0.25);
    }

    #[test]
    fn a_step_does_not_grow_right_after_a_rejection() {
        let mut controller = Controller::NEW;
        controller.reject(1.0, 2.0, 4);
        assert_eq!(controller.accept(0.1, 1e-9, 4), 0.1);
        assert!(controller.accept(0.1, 1e-9, 4) > 0.1);
    }

    #[test]
    fn a_rising_error_is_foreseen() {
        let (mut rising, mut steady) = (Controller::NEW, Controller::NEW);
        rising.accept(1.0, 0.05, 4);
        steady.accept(1.0, 0.5, 4);
        assert!(rising.accept(1.0, 0.5, 4) < steady.accept(1.0, 0.5, 4));
    }
}
