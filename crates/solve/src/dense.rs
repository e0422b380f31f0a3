//! The continuous solution of the last accepted step of each lane.

use hepatica_lanes::Lanes;

use crate::problem::{DENSE_COEFFICIENTS, DenseStep, dense_value};

/// Coefficients and extent of the last accepted step of every lane.
#[derive(Clone, Debug)]
pub(crate) struct Dense<const L: usize> {
    t_old: Lanes<L>,
    t_new: Lanes<L>,
    h: Lanes<L>,
    /// `y0, y1, k1, k2, k3`, each over all states.
    pub(crate) coefficients: [Vec<Lanes<L>>; DENSE_COEFFICIENTS],
}

impl<const L: usize> Dense<L> {
    pub(crate) fn new(n_states: usize) -> Self {
        let coefficients = std::array::from_fn(|_| vec![Lanes::ZERO; n_states]);
        Dense { t_old: Lanes::ZERO, t_new: Lanes::ZERO, h: Lanes::ZERO, coefficients }
    }

    /// Makes the solution of a lane the one point `(t, y)`.
    pub(crate) fn restart(&mut self, lane: usize, t: f64, y: &[f64]) {
        self.extend(lane, t, t, 0.0);
        let [y0, y1, slopes @ ..] = &mut self.coefficients;
        for (all, value) in y0.iter_mut().zip(y).chain(y1.iter_mut().zip(y)) {
            all[lane] = *value;
        }
        for all in slopes.iter_mut().flatten() {
            all[lane] = 0.0;
        }
    }

    /// Says over which times the coefficients of a lane are.
    pub(crate) fn extend(&mut self, lane: usize, t_old: f64, t_new: f64, h: f64) {
        self.t_old[lane] = t_old;
        self.t_new[lane] = t_new;
        self.h[lane] = h;
    }

    pub(crate) fn t_old(&self, lane: usize) -> f64 {
        self.t_old[lane]
    }

    /// `t` moved into the step.
    pub(crate) fn within(&self, lane: usize, t: f64) -> f64 {
        t.max(self.t_old[lane]).min(self.t_new[lane])
    }

    /// Where `t` is between the ends; the ends are met exactly, though `t_old + h` may be rounded.
    pub(crate) fn theta(&self, lane: usize, t: f64) -> f64 {
        if t >= self.t_new[lane] {
            1.0
        } else if t > self.t_old[lane] {
            ((t - self.t_old[lane]) / self.h[lane]).min(1.0)
        } else {
            0.0
        }
    }

    /// One state of a lane at `theta`.
    pub(crate) fn value(&self, lane: usize, theta: f64, state: usize) -> f64 {
        dense_value(self.coefficients.each_ref().map(|all| all[state][lane]), theta)
    }

    pub(crate) fn step(&self) -> DenseStep<'_, L> {
        DenseStep { t_old: &self.t_old, t_new: &self.t_new, h: &self.h, coefficients: &self.coefficients }
    }
}
