//! Radau IIA of order 5, written for truth and not for speed: the reference for problems without a known solution.
//!
//! Hairer and Wanner II, section IV.5, table 5.6. The full system of the three stages is solved by Newton's method with
//! the Jacobian of each stage, and the error is estimated by doing each step again in two halves.

use crate::ode::{Derivatives, Ode, eliminate};

const STAGES: usize = 3;
const NEWTON_STEPS: usize = 12;

struct Tableau {
    a: [[f64; STAGES]; STAGES],
    c: [f64; STAGES],
}

fn tableau() -> Tableau {
    let s = 6.0f64.sqrt();
    Tableau {
        a: [
            [(88.0 - 7.0 * s) / 360.0, (296.0 - 169.0 * s) / 1800.0, (-2.0 + 3.0 * s) / 225.0],
            [(296.0 + 169.0 * s) / 1800.0, (88.0 + 7.0 * s) / 360.0, (-2.0 - 3.0 * s) / 225.0],
            [(16.0 - s) / 36.0, (16.0 + s) / 36.0, 1.0 / 9.0],
        ],
        c: [(4.0 - s) / 10.0, (4.0 + s) / 10.0, 1.0],
    }
}

struct Radau<'a, O> {
    ode: &'a O,
    mass: Vec<f64>,
    tableau: Tableau,
    derivatives: Derivatives,
    rtol: f64,
    atol: f64,
}

impl<O: Ode> Radau<'_, O> {
    fn scale(&self, value: f64) -> f64 {
        self.atol + self.rtol * value.abs()
    }

    /// `y(t + h)`, or nothing when Newton's method does not converge.
    fn step(&mut self, t: f64, y: &[f64], h: f64) -> Option<Vec<f64>> {
        let n = y.len();
        let size = STAGES * n;
        let mut z = vec![0.0; size];
        for _ in 0..NEWTON_STEPS {
            let mut matrix = vec![0.0; size * size];
            let mut b: Vec<f64> = (0..size).map(|row| -self.mass[row % n] * z[row]).collect();
            (0..size).for_each(|row| matrix[row * size + row] = self.mass[row % n]);
            for j in 0..STAGES {
                let (u, mut f) = (shifted(y, &z[j * n..(j + 1) * n]), vec![0.0; n]);
                let time = t + self.tableau.c[j] * h;
                self.ode.f(time, &u, &mut f);
                self.derivatives.evaluate(self.ode, time, &u);
                for i in 0..STAGES {
                    let ha = h * self.tableau.a[i][j];
                    for row in 0..n {
                        b[i * n + row] += ha * f[row];
                        for column in 0..n {
                            let slope = self.derivatives.jacobian[row * n + column];
                            matrix[(i * n + row) * size + j * n + column] -= ha * slope;
                        }
                    }
                }
            }
            if !eliminate(&mut matrix, &mut b, true) {
                return None;
            }
            z.iter_mut().zip(&b).for_each(|(z, b)| *z += b);
            let change = (0..size).map(|k| b[k].abs() / self.scale(y[k % n])).fold(0.0, f64::max);
            if change < 1e-3 {
                return Some(shifted(y, &z[2 * n..]));
            }
        }
        None
    }

    /// One step in two halves, and the difference from the whole step in units of the tolerance.
    fn doubled(&mut self, t: f64, y: &[f64], h: f64) -> Option<(Vec<f64>, f64)> {
        let whole = self.step(t, y, h)?;
        let half = self.step(t, y, 0.5 * h)?;
        let end = self.step(t + 0.5 * h, &half, 0.5 * h)?;
        let error = |k: usize| (end[k] - whole[k]).abs() / self.scale(end[k]);
        let error = (0..y.len()).map(error).fold(0.0, f64::max);
        Some((end, error))
    }
}

fn shifted(y: &[f64], z: &[f64]) -> Vec<f64> {
    y.iter().zip(z).map(|(y, z)| y + z).collect()
}

/// `y(t_stop)` from `(t0, y0)`.
pub(crate) fn reference<O: Ode>(
    ode: &O,
    t0: f64,
    y0: &[f64],
    t_stop: f64,
    (rtol, atol): (f64, f64),
) -> Vec<f64> {
    let n = ode.n();
    let mass = ode.mass().unwrap_or(vec![1.0; n]);
    let mut radau = Radau { ode, mass, tableau: tableau(), derivatives: Derivatives::new(n), rtol, atol };
    let (mut t, mut y, mut h) = (t0, y0.to_vec(), 1e-6 * (t_stop - t0));
    while t < t_stop {
        h = h.min(t_stop - t);
        match radau.doubled(t, &y, h) {
            Some((end, error)) if error <= 1.0 => {
                t = if h == t_stop - t { t_stop } else { t + h };
                y = end;
                h *= (0.9 * error.max(1e-8).powf(-1.0 / 6.0)).min(8.0);
            }
            Some((_, error)) => h *= (0.9 * error.powf(-1.0 / 6.0)).max(0.1),
            None => h *= 0.25,
        }
        assert!(h > 1e-15 * (t_stop - t0), "the reference method met a step it cannot take");
    }
    y
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::driver::relative_error;
    use crate::problems::{CircleDae, Kaps};

    #[test]
    fn the_reference_meets_known_solutions() {
        for epsilon in [1.0, 1e-6] {
            let kaps = Kaps { epsilon };
            let found = reference(&kaps, 0.0, &Kaps::solution(0.0), 1.0, (1e-12, 1e-14));
            let error = relative_error(&found, &Kaps::solution(1.0), 0.0);
            assert!(error < 1e-11, "{error}");
        }
        let found = reference(&CircleDae, 0.0, &CircleDae::solution(0.0), 1.0, (1e-12, 1e-14));
        assert!(relative_error(&found, &CircleDae::solution(1.0), 0.0) < 1e-11);
    }
}
