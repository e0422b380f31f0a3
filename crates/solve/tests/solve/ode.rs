//! A small dense problem: one right-hand side per lane, derivatives by dual numbers, dense elimination per lane.

use hepatica_lanes::Lanes;
use hepatica_solve::{DenseStep, Problem, Vectors};

use crate::dual::{Dual, Num};

/// One system `M y' = f(t, y)`, written once for plain and dual numbers.
pub(crate) trait Ode: Clone {
    /// Number of states.
    fn n(&self) -> usize;

    /// The diagonal of `M`, when it is not the identity.
    fn mass(&self) -> Option<Vec<f64>> {
        None
    }

    fn f<T: Num>(&self, t: T, y: &[T], dy: &mut [T]);
}

/// Derivatives of `f` at a point: the Jacobian by rows, and `df/dt`.
pub(crate) struct Derivatives {
    pub(crate) jacobian: Vec<f64>,
    pub(crate) dfdt: Vec<f64>,
    y: Vec<Dual>,
    dy: Vec<Dual>,
}

impl Derivatives {
    pub(crate) fn new(n: usize) -> Self {
        let duals = vec![Dual::from(0.0); n];
        Derivatives { jacobian: vec![0.0; n * n], dfdt: vec![0.0; n], y: duals.clone(), dy: duals }
    }

    pub(crate) fn evaluate(&mut self, ode: &impl Ode, t: f64, y: &[f64]) {
        let n = y.len();
        for (dual, value) in self.y.iter_mut().zip(y) {
            *dual = Dual::from(*value);
        }
        for column in 0..n {
            self.y[column].slope = 1.0;
            ode.f(Dual::from(t), &self.y, &mut self.dy);
            self.y[column].slope = 0.0;
            for row in 0..n {
                self.jacobian[row * n + column] = self.dy[row].slope;
            }
        }
        ode.f(Dual { value: t, slope: 1.0 }, &self.y, &mut self.dy);
        for (dfdt, dual) in self.dfdt.iter_mut().zip(&self.dy) {
            *dfdt = dual.slope;
        }
    }
}

/// Eliminates `matrix` (by rows) and applies the same to `b`, which becomes the solution; false when singular.
pub(crate) fn eliminate(matrix: &mut [f64], b: &mut [f64], pivoting: bool) -> bool {
    let n = b.len();
    for k in 0..n {
        if pivoting {
            let size = |row: &usize| matrix[row * n + k].abs();
            let best = (k..n).max_by(|a, b| size(a).total_cmp(&size(b))).unwrap_or(k);
            if size(&best) == 0.0 || !size(&best).is_finite() {
                return false;
            }
            (0..n).for_each(|column| matrix.swap(k * n + column, best * n + column));
            b.swap(k, best);
        }
        for row in k + 1..n {
            let factor = matrix[row * n + k] / matrix[k * n + k];
            for column in k..n {
                matrix[row * n + column] -= factor * matrix[k * n + column];
            }
            b[row] -= factor * b[k];
        }
    }
    for k in (0..n).rev() {
        for column in k + 1..n {
            b[k] -= matrix[k * n + column] * b[column];
        }
        b[k] /= matrix[k * n + k];
    }
    true
}

/// `L` systems of the same size side by side.
pub(crate) struct DenseProblem<O, const L: usize> {
    pub(crate) odes: Vec<O>,
    mass: Option<Vec<f64>>,
    derivatives: Vec<Derivatives>,
    w: Vec<Vec<f64>>,
    /// `y`, `f`, `b` and `x` of all lanes.
    vectors: [Vec<Lanes<L>>; 4],
    matrix: Vec<f64>,
    y: Vec<f64>,
    dy: Vec<f64>,
    /// Steps told of in each lane: where they began, how long they were.
    pub(crate) told: Vec<(usize, f64, f64)>,
    /// Whether told steps are kept.
    pub(crate) listen: bool,
}

impl<O: Ode, const L: usize> DenseProblem<O, L> {
    pub(crate) fn new(odes: Vec<O>) -> Self {
        assert_eq!(odes.len(), L);
        let n = odes[0].n();
        DenseProblem {
            mass: odes[0].mass(),
            odes,
            derivatives: (0..L).map(|_| Derivatives::new(n)).collect(),
            w: vec![vec![0.0; n * n]; L],
            vectors: std::array::from_fn(|_| vec![Lanes::ZERO; n]),
            matrix: vec![0.0; n * n],
            y: vec![0.0; n],
            dy: vec![0.0; n],
            told: Vec::new(),
            listen: false,
        }
    }

    fn gather(&mut self, lane: usize) {
        for (value, all) in self.y.iter_mut().zip(&self.vectors[0]) {
            *value = all[lane];
        }
    }

    fn solve_lane(&mut self, lane: usize, pivoting: bool) -> bool {
        for (value, all) in self.y.iter_mut().zip(&self.vectors[2]) {
            *value = all[lane];
        }
        self.matrix.copy_from_slice(&self.w[lane]);
        let regular = eliminate(&mut self.matrix, &mut self.y, pivoting);
        for (all, value) in self.vectors[3].iter_mut().zip(&self.y) {
            all[lane] = *value;
        }
        regular
    }
}

impl<O: Ode, const L: usize> Problem<L> for DenseProblem<O, L> {
    fn n_states(&self) -> usize {
        self.odes[0].n()
    }

    fn mass(&self) -> Option<&[f64]> {
        self.mass.as_deref()
    }

    fn vectors(&mut self) -> Vectors<'_, L> {
        let [y, f, b, x] = &mut self.vectors;
        Vectors { y, f, b, x }
    }

    fn rhs(&mut self, t: &Lanes<L>) {
        for lane in 0..L {
            self.gather(lane);
            self.odes[lane].f(t[lane], &self.y, &mut self.dy);
            for (all, value) in self.vectors[1].iter_mut().zip(&self.dy) {
                all[lane] = *value;
            }
        }
    }

    fn linearise(&mut self, t: &Lanes<L>) -> bool {
        for lane in 0..L {
            self.gather(lane);
            self.derivatives[lane].evaluate(&self.odes[lane], t[lane], &self.y);
            for (all, value) in self.vectors[1].iter_mut().zip(&self.derivatives[lane].dfdt) {
                all[lane] = *value;
            }
        }
        true
    }

    fn factor(&mut self, shift: &Lanes<L>) {
        let n = self.n_states();
        for lane in 0..L {
            for (w, j) in self.w[lane].iter_mut().zip(&self.derivatives[lane].jacobian) {
                *w = -j;
            }
            for state in 0..n {
                let mass = self.mass.as_ref().map_or(1.0, |mass| mass[state]);
                self.w[lane][state * n + state] += shift[lane] * mass;
            }
        }
    }

    fn solve(&mut self) {
        for lane in 0..L {
            self.solve_lane(lane, false);
        }
    }

    fn solve_pivoted(&mut self, lane: usize) -> bool {
        self.solve_lane(lane, true)
    }

    fn residual(&mut self) {
        let n = self.n_states();
        let [_, r, b, x] = &mut self.vectors;
        for lane in 0..L {
            for row in 0..n {
                r[row][lane] =
                    (0..n).fold(b[row][lane], |sum, k| sum - self.w[lane][row * n + k] * x[k][lane]);
            }
        }
    }

    fn accepted(&mut self, lane: usize, step: &DenseStep<'_, L>) {
        if self.listen {
            self.told.push((lane, step.t_old[lane], step.h[lane]));
        }
    }
}
