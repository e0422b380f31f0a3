//! Orthogonal factors of a dense matrix.

/// Householder's QR factors with column pivoting of a matrix whose columns are first scaled to unit length.
///
/// Businger P, Golub GH, Numer Math 1965;7:269; Golub and Van Loan, Matrix Computations, 4th ed., 5.4.2.
#[derive(Clone, Debug)]
pub(super) struct Factor {
    /// Columns in pivoted order: above the diagonal R, on and below it the reflectors.
    columns: Vec<Vec<f64>>,
    /// The diagonal of R.
    diagonal: Vec<f64>,
    /// Lengths of the columns as given; 0 for one without length.
    lengths: Vec<f64>,
    /// `pivots[k]` is the column as given that stands at place k.
    pivots: Vec<usize>,
    /// How many columns are independent.
    rank: usize,
}

impl Factor {
    /// Factors a matrix given by columns of equal length, at least as long as there are columns. A column counts as
    /// dependent when less than `tolerance` of its length is new.
    pub(super) fn new(mut columns: Vec<Vec<f64>>, tolerance: f64) -> Factor {
        let count = columns.len();
        let lengths: Vec<f64> = columns.iter().map(|c| length(c)).collect();
        for (column, size) in columns.iter_mut().zip(&lengths) {
            if *size > 0.0 {
                column.iter_mut().for_each(|v| *v /= size);
            }
        }
        let mut pivots: Vec<usize> = (0..count).collect();
        let mut diagonal = vec![0.0; count];
        let mut rank = count;
        for k in 0..count {
            let left = |column: &Vec<f64>| length(&column[k..]);
            let mut best = k;
            for j in k + 1..count {
                if left(&columns[j]) > left(&columns[best]) {
                    best = j;
                }
            }
            columns.swap(k, best);
            pivots.swap(k, best);
            let size = left(&columns[k]);
            if size.is_nan() || size <= tolerance {
                rank = k;
                break;
            }
            diagonal[k] = reflector(&mut columns[k][k..], size);
            let (done, rest) = columns.split_at_mut(k + 1);
            rest.iter_mut().for_each(|column| reflect(&done[k][k..], &mut column[k..]));
        }
        Factor { columns, diagonal, lengths, pivots, rank }
    }

    /// The first column, as given, that the pivoted ones before it make up for, and those that take part.
    pub(super) fn dependent(&self) -> Option<(usize, Vec<usize>)> {
        let k = self.rank;
        if k == self.columns.len() {
            return None;
        }
        let mut weights = self.columns[k][..k].to_vec();
        self.back_substitute(&mut weights);
        let largest = weights.iter().fold(0.0, |m: f64, w| m.max(w.abs()));
        let mut by: Vec<usize> =
            (0..k).filter(|i| weights[*i].abs() > 0.1 * largest).map(|i| self.pivots[i]).collect();
        by.sort_unstable();
        if self.lengths[self.pivots[k]] == 0.0 {
            by.clear();
        }
        Some((self.pivots[k], by))
    }

    /// Turns a right side into the coordinates of the factors: the first `rank` are what the columns explain.
    fn turned(&self, right: &[f64]) -> Vec<f64> {
        let mut turned = right.to_vec();
        for k in 0..self.rank {
            reflect(&self.columns[k][k..], &mut turned[k..]);
        }
        turned
    }

    /// The least-squares solution, zero for dependent columns, and the lengths of the explained part and of the rest.
    pub(super) fn solve(&self, right: &[f64]) -> (Vec<f64>, f64, f64) {
        let mut turned = self.turned(right);
        let (explained, rest) = (length(&turned[..self.rank]), length(&turned[self.rank..]));
        self.back_substitute(&mut turned[..self.rank]);
        let mut solution = vec![0.0; self.columns.len()];
        for (k, value) in turned[..self.rank].iter().enumerate() {
            let column = self.pivots[k];
            solution[column] = value / self.lengths[column];
        }
        (solution, explained, rest)
    }

    /// The solution `(r, x)` of `r + X x = first` and `X' r = second`, from which a least-squares solution and its
    /// residuals are corrected together: Björck Å, BIT 1967;7:257. The factor must have full rank.
    pub(super) fn solve_augmented(&self, first: &[f64], second: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let count = self.columns.len();
        let mut turned = self.turned(first);
        for k in 0..count {
            let column = self.pivots[k];
            let known: f64 = (0..k).map(|j| self.columns[k][j] * turned[j]).sum();
            let head = (second[column] / self.lengths[column] - known) / self.diagonal[k];
            // The head replaces what the columns explain, which the unknowns then take.
            turned.push(turned[k]);
            turned[k] = head;
        }
        let mut explained: Vec<f64> = turned.split_off(first.len());
        explained.iter_mut().zip(&turned).for_each(|(e, h)| *e -= h);
        self.back_substitute(&mut explained);
        let mut unknowns = vec![0.0; count];
        for (k, value) in explained.iter().enumerate() {
            unknowns[self.pivots[k]] = value / self.lengths[self.pivots[k]];
        }
        for k in (0..count).rev() {
            reflect(&self.columns[k][k..], &mut turned[k..]);
        }
        (turned, unknowns)
    }

    /// Solves with the first rows of R in place.
    fn back_substitute(&self, right: &mut [f64]) {
        for k in (0..right.len()).rev() {
            let known: f64 = (k + 1..right.len()).map(|j| self.columns[j][k] * right[j]).sum();
            right[k] = (right[k] - known) / self.diagonal[k];
        }
    }

    /// The inverse of the matrix' square `X'X`, row by row; the factor must have full rank.
    pub(super) fn inverse_square(&self) -> Vec<Vec<f64>> {
        let n = self.columns.len();
        // Columns of the inverse of R.
        let inverse: Vec<Vec<f64>> = (0..n)
            .map(|k| {
                let mut unit = vec![0.0; n];
                unit[k] = 1.0;
                self.back_substitute(&mut unit);
                unit
            })
            .collect();
        let mut square = vec![vec![0.0; n]; n];
        for i in 0..n {
            for j in 0..n {
                let sum: f64 = inverse.iter().map(|column| column[i] * column[j]).sum();
                let (a, b) = (self.pivots[i], self.pivots[j]);
                square[a][b] = sum / (self.lengths[a] * self.lengths[b]);
            }
        }
        square
    }
}

/// The Euclidean length, without overflow.
pub(super) fn length(values: &[f64]) -> f64 {
    let largest = values.iter().fold(0.0, |m: f64, v| if v.is_nan() { f64::NAN } else { m.max(v.abs()) });
    if !(largest > 0.0 && largest.is_finite()) {
        return largest;
    }
    let sum: f64 = values.iter().map(|v| (v / largest) * (v / largest)).sum();
    largest * sum.sqrt()
}

/// Makes the reflector that turns a vector of this length onto its first axis; gives what stands there then. The
/// vector becomes the reflector `v` of `I - 2 v v' / v'v`, scaled so that `v'v = 2`.
fn reflector(vector: &mut [f64], size: f64) -> f64 {
    let to = if vector[0] > 0.0 { -size } else { size };
    vector[0] -= to;
    let scale = std::f64::consts::SQRT_2 / length(vector);
    vector.iter_mut().for_each(|v| *v *= scale);
    to
}

fn reflect(reflector: &[f64], vector: &mut [f64]) {
    let along: f64 = reflector.iter().zip(vector.iter()).map(|(a, b)| a * b).sum();
    vector.iter_mut().zip(reflector).for_each(|(v, r)| *v -= along * r);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_system_by_hand() {
        let factor = Factor::new(vec![vec![1.0, 1.0, 1.0], vec![0.0, 1.0, 2.0]], 1e-12);
        let (solution, _, rest) = factor.solve(&[1.0, 3.0, 5.0]);
        assert!((solution[0] - 1.0).abs() < 1e-14 && (solution[1] - 2.0).abs() < 1e-14 && rest < 1e-14);
        let inverse = factor.inverse_square();
        for (i, row) in [[5.0 / 6.0, -0.5], [-0.5, 0.5]].iter().enumerate() {
            for (j, value) in row.iter().enumerate() {
                assert!((inverse[i][j] - value).abs() < 1e-14);
            }
        }
        assert_eq!(factor.dependent(), None);
    }

    #[test]
    fn dependent_columns_are_named() {
        let (a, b) = (vec![1.0, 2.0, 4.0, 3.0], vec![1.0, 0.0, 1.0, 5.0]);
        let sum: Vec<f64> = a.iter().zip(&b).map(|(a, b)| a + 2.0 * b).collect();
        let (column, by) = Factor::new(vec![a.clone(), b, sum], 1e-10).dependent().unwrap();
        let mut all = by.clone();
        all.push(column);
        all.sort_unstable();
        assert_eq!(all, [0, 1, 2]);
        let none = Factor::new(vec![a, vec![0.0; 4]], 1e-10);
        assert_eq!(none.dependent(), Some((1, vec![])));
    }
}
