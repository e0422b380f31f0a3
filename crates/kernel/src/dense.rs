//! LU with partial pivoting for one lane, where the fixed pivot order failed.

/// A dense matrix and its factors (Golub and Van Loan, *Matrix Computations*, 4th ed. 2013, algorithm 3.4.1).
#[derive(Clone, Debug)]
pub struct DenseLu {
    n: usize,
    /// Row by row.
    a: Vec<f64>,
    /// The row swapped with row `k` at step `k`.
    swaps: Vec<usize>,
    x: Vec<f64>,
}

impl DenseLu {
    /// Room for an `n` by `n` matrix.
    pub fn new(n: usize) -> Self {
        DenseLu { n, a: vec![0.0; n * n], swaps: vec![0; n], x: vec![0.0; n] }
    }

    /// The matrix set to zero, to be filled row by row.
    pub fn cleared(&mut self) -> &mut [f64] {
        self.a.fill(0.0);
        &mut self.a
    }

    /// The vector that [`DenseLu::solve`] works on.
    pub fn vector(&mut self) -> &mut [f64] {
        &mut self.x
    }

    /// Factors the matrix in place; false when it is singular or not finite.
    pub fn factor(&mut self) -> bool {
        (0..self.n).all(|k| self.eliminate(k))
    }

    fn eliminate(&mut self, k: usize) -> bool {
        let n = self.n;
        let mut pivot = k;
        for i in k + 1..n {
            if self.a[i * n + k].abs() > self.a[pivot * n + k].abs() {
                pivot = i;
            }
        }
        self.swaps[k] = pivot;
        if pivot != k {
            let (above, below) = self.a.split_at_mut(pivot * n);
            above[k * n..(k + 1) * n].swap_with_slice(&mut below[..n]);
        }
        let diagonal = self.a[k * n + k];
        if diagonal == 0.0 || !diagonal.is_finite() {
            return false;
        }
        let (above, below) = self.a.split_at_mut((k + 1) * n);
        let upper = &above[k * n + k + 1..];
        for row in below.chunks_exact_mut(n) {
            let multiplier = row[k] / diagonal;
            row[k] = multiplier;
            for (entry, u) in row[k + 1..].iter_mut().zip(upper) {
                *entry = (-multiplier).mul_add(*u, *entry);
            }
        }
        true
    }

    /// Replaces the vector by the solution; false when that is not finite.
    pub fn solve(&mut self) -> bool {
        let n = self.n;
        for k in 0..n {
            self.x.swap(k, self.swaps[k]);
        }
        for i in 0..n {
            let row = &self.a[i * n..i * n + i];
            self.x[i] = row.iter().zip(&self.x).fold(self.x[i], |sum, (l, x)| (-l).mul_add(*x, sum));
        }
        for i in (0..n).rev() {
            let row = &self.a[i * n + i + 1..(i + 1) * n];
            let sum = row.iter().zip(&self.x[i + 1..]).fold(self.x[i], |sum, (u, x)| (-u).mul_add(*x, sum));
            self.x[i] = sum / self.a[i * n + i];
        }
        self.x.iter().all(|x| x.is_finite())
    }
}
