//! One step of a lane's past.

use std::sync::Arc;

use hepatica_solve::{DENSE_COEFFICIENTS, DenseStep, dense_value};

/// The dense output of one accepted step of one lane, and the parameters in force.
#[derive(Clone, Debug)]
pub(crate) struct Segment {
    /// Where it begins.
    pub(crate) from: f64,
    /// Where it ends: before the end of the step where an event stopped it.
    pub(crate) to: f64,
    /// Where the step ended.
    end: f64,
    /// Length of the step.
    pub(crate) h: f64,
    /// The parameters in force.
    pub(crate) params: Arc<[f64]>,
    /// The coefficients of each state, one state after the other.
    coefficients: Vec<[f64; DENSE_COEFFICIENTS]>,
}

impl Segment {
    /// A copy of a lane's last step.
    pub(crate) fn new<const L: usize>(lane: usize, step: &DenseStep<'_, L>, params: Arc<[f64]>) -> Segment {
        let n = step.coefficients[0].len();
        let of_state = |state: usize| step.coefficients.each_ref().map(|all| all[state][lane]);
        Segment {
            from: step.t_old[lane],
            to: step.t_new[lane],
            end: step.t_new[lane],
            h: step.h[lane],
            params,
            coefficients: (0..n).map(of_state).collect(),
        }
    }

    /// The state at `s`; the polynomial is continued beyond both ends.
    pub(crate) fn state(&self, s: f64, y: &mut [f64]) {
        let theta = if s == self.end { 1.0 } else { (s - self.from) / self.h };
        for (value, coefficients) in y.iter_mut().zip(&self.coefficients) {
            *value = dense_value(*coefficients, theta);
        }
    }
}
