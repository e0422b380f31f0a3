//! The continuous solution of the last accepted step of each lane.

use hepatica_lanes::{Active, Body, Lanes};

use crate::problem::{DENSE_COEFFICIENTS, DenseStep, dense_value};

/// Coefficients and extent of the last accepted step of every lane.
#[derive(Clone, Debug)]
pub(crate) struct Dense<const L: usize> {
    t_old: Lanes<L>,
    t_new: Lanes<L>,
    h: Lanes<L>,
    /// `y0, y1, k1, k2, k3`, each over all states.
    pub(crate) coefficients: [Vec<Lanes<L>>; DENSE_COEFFICIENTS],
    /// Those of one lane side by side.
    gathered: [Vec<f64>; DENSE_COEFFICIENTS],
}

impl<const L: usize> Dense<L> {
    pub(crate) fn new(n_states: usize) -> Self {
        Dense {
            t_old: Lanes::ZERO,
            t_new: Lanes::ZERO,
            h: Lanes::ZERO,
            coefficients: std::array::from_fn(|_| vec![Lanes::ZERO; n_states]),
            gathered: std::array::from_fn(|_| vec![0.0; n_states]),
        }
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
        let [y0, y1, k1, k2, k3] = &self.coefficients;
        let of_lane = [y0[state][lane], y1[state][lane], k1[state][lane], k2[state][lane], k3[state][lane]];
        dense_value(of_lane, theta)
    }

    /// All states of a lane at several times, one row of states after the other.
    ///
    /// The coefficients of a lane lie far apart: they are fetched once for all rows.
    pub(crate) fn rows(&mut self, isa: Active, lane: usize, times: &[f64], rows: &mut [f64]) {
        for (gathered, all) in self.gathered.iter_mut().zip(&self.coefficients) {
            gathered.iter_mut().zip(all).for_each(|(value, lanes)| *value = lanes[lane]);
        }
        let n = self.gathered[0].len().max(1);
        for (t, row) in times.iter().zip(rows.chunks_exact_mut(n)) {
            isa.run(Row { theta: self.theta(lane, *t), coefficients: &self.gathered, row });
        }
    }

    pub(crate) fn step(&self) -> DenseStep<'_, L> {
        DenseStep { t_old: &self.t_old, t_new: &self.t_new, h: &self.h, coefficients: &self.coefficients }
    }
}

/// One row: the states of a lane at `theta`.
struct Row<'a> {
    theta: f64,
    coefficients: &'a [Vec<f64>; DENSE_COEFFICIENTS],
    row: &'a mut [f64],
}

impl Body for Row<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let n = self.row.len();
        let [y0, y1, k1, k2, k3] = self.coefficients;
        let (y0, y1, k1, k2, k3) = (&y0[..n], &y1[..n], &k1[..n], &k2[..n], &k3[..n]);
        for (i, value) in self.row.iter_mut().enumerate() {
            *value = dense_value([y0[i], y1[i], k1[i], k2[i], k3[i]], self.theta);
        }
    }
}
