//! Eigenvalues of symmetric matrices.

/// Eigenvalues and orthonormal eigenvectors of a symmetric matrix, by Jacobi's rotations in fixed order.
///
/// Golub and Van Loan, Matrix Computations, 4th ed., 8.5 (cyclic by rows).
#[derive(Clone, Debug)]
pub(super) struct Eigen {
    /// The eigenvalues, in no order.
    pub(super) values: Vec<f64>,
    /// `vectors[i][k]` is coordinate `i` of vector `k`.
    vectors: Vec<Vec<f64>>,
}

/// Sweeps before the rest is taken for rounding; convergence is quadratic, about eight are needed.
const MAX_SWEEPS: usize = 40;

impl Eigen {
    pub(super) fn of(matrix: &[Vec<f64>]) -> Eigen {
        let n = matrix.len();
        let mut a = matrix.to_vec();
        let mut vectors: Vec<Vec<f64>> =
            (0..n).map(|i| (0..n).map(|j| f64::from(u8::from(i == j))).collect()).collect();
        for _ in 0..MAX_SWEEPS {
            let mut rotated = false;
            for p in 0..n {
                for q in p + 1..n {
                    if a[p][q].abs() > f64::EPSILON * (a[p][p] * a[q][q]).abs().sqrt() {
                        rotate(&mut a, &mut vectors, p, q);
                        rotated = true;
                    }
                }
            }
            if !rotated {
                break;
            }
        }
        Eigen { values: (0..n).map(|i| a[i][i]).collect(), vectors }
    }

    /// From coordinates along the eigenvectors to those of the matrix.
    pub(super) fn outward(&self, along: &[f64]) -> Vec<f64> {
        self.vectors.iter().map(|row| row.iter().zip(along).map(|(v, a)| v * a).sum()).collect()
    }

    /// From the coordinates of the matrix to those along the eigenvectors.
    pub(super) fn inward(&self, place: &[f64]) -> Vec<f64> {
        (0..place.len()).map(|k| self.vectors.iter().zip(place).map(|(row, p)| row[k] * p).sum()).collect()
    }
}

/// Makes one entry off the diagonal zero.
fn rotate(a: &mut [Vec<f64>], vectors: &mut [Vec<f64>], p: usize, q: usize) {
    let tau = (a[q][q] - a[p][p]) / (2.0 * a[p][q]);
    let t = tau.signum() / (tau.abs() + (1.0 + tau * tau).sqrt());
    let c = 1.0 / (1.0 + t * t).sqrt();
    let s = t * c;
    for row in a.iter_mut() {
        (row[p], row[q]) = (c * row[p] - s * row[q], s * row[p] + c * row[q]);
    }
    let (top, bottom) = a.split_at_mut(q);
    for (x, y) in top[p].iter_mut().zip(bottom[0].iter_mut()) {
        (*x, *y) = (c * *x - s * *y, s * *x + c * *y);
    }
    (a[p][q], a[q][p]) = (0.0, 0.0);
    for row in vectors.iter_mut() {
        (row[p], row[q]) = (c * row[p] - s * row[q], s * row[p] + c * row[q]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The second difference matrix of order 5 has eigenvalues 2 - 2 cos(k pi/6).
    #[test]
    fn known_eigenvalues_are_found() {
        let n = 5;
        let entry = |i: usize, j: usize| match i.abs_diff(j) {
            0 => 2.0,
            1 => -1.0,
            _ => 0.0,
        };
        let matrix: Vec<Vec<f64>> = (0..n).map(|i| (0..n).map(|j| entry(i, j)).collect()).collect();
        let eigen = Eigen::of(&matrix);
        let mut values = eigen.values.clone();
        values.sort_by(f64::total_cmp);
        for (k, value) in values.iter().enumerate() {
            let known = 2.0 - 2.0 * libm::cos((k + 1) as f64 * std::f64::consts::PI / 6.0);
            assert!((value - known).abs() < 1e-14, "{value} {known}");
        }
        let place = [1.0, -2.0, 3.0, 0.5, 0.25];
        let back = eigen.outward(&eigen.inward(&place));
        assert!(back.iter().zip(&place).all(|(b, p)| (b - p).abs() < 1e-14));
    }
}
