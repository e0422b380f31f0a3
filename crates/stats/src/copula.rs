//! Uniform numbers that depend on each other as normal numbers with given correlations do.
//!
//! A Gaussian copula keeps every marginal distribution: only which values meet changes. Source: Nelsen RB, An
//! Introduction to Copulas, 2nd ed. (2006), 2.3 and 3.1. The correlations are those of the normal numbers; the rank
//! correlation of the values is 6/pi asin(rho/2) (Pearson 1907; Kruskal WH, J Am Stat Assoc 1958;53:814), whatever
//! their distributions.

use std::error::Error;
use std::fmt;

use crate::special::{normal_cdf, normal_quantile};

/// A pivot below this share of the variance counts as none: rounding of the factorisation is about 1e-16 per step.
const SMALLEST_PIVOT: f64 = 1e-10;

/// The dependence of some uniform numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Copula {
    /// The lower Cholesky factor of the correlations, row after row.
    rows: Vec<Vec<f64>>,
}

/// Why numbers cannot be correlated so.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum CopulaError {
    /// A correlation that is not strictly between -1 and 1.
    Range {
        /// The correlation.
        rho: f64,
    },
    /// No normal numbers have these correlations: the matrix is not positive definite.
    Impossible {
        /// The first number that cannot go together with those before it.
        at: usize,
    },
}

impl fmt::Display for CopulaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CopulaError::Range { rho } => write!(f, "a correlation lies between -1 and 1; it is {rho}"),
            CopulaError::Impossible { .. } => {
                write!(f, "the correlations contradict each other: their matrix is not positive definite")
            }
        }
    }
}

impl Error for CopulaError {}

impl Copula {
    /// Correlations of `n` numbers as `(first, second, rho)` with places below `n`; pairs that are not named are
    /// uncorrelated.
    ///
    /// # Errors
    /// A correlation outside (-1, 1); correlations that no numbers have together.
    pub fn new(n: usize, pairs: &[(usize, usize, f64)]) -> Result<Copula, CopulaError> {
        let mut matrix: Vec<Vec<f64>> = (0..n).map(|i| (0..n).map(|j| f64::from(i == j)).collect()).collect();
        for &(i, j, rho) in pairs {
            if !(rho > -1.0 && rho < 1.0) || i == j {
                return Err(CopulaError::Range { rho });
            }
            matrix[i][j] = rho;
            matrix[j][i] = rho;
        }
        let mut rows: Vec<Vec<f64>> = Vec::with_capacity(n);
        for (i, given) in matrix.iter().enumerate() {
            let mut row: Vec<f64> = Vec::with_capacity(i + 1);
            for (j, above) in rows.iter().enumerate() {
                let known: f64 = row.iter().zip(above).map(|(a, b)| a * b).sum();
                row.push((given[j] - known) / above[j]);
            }
            let pivot = 1.0 - row.iter().map(|a| a * a).sum::<f64>();
            if pivot < SMALLEST_PIVOT {
                return Err(CopulaError::Impossible { at: i });
            }
            row.push(pivot.sqrt());
            rows.push(row);
        }
        Ok(Copula { rows })
    }

    /// Makes independent uniform numbers in (0, 1) depend on each other, in their places. The first stays as it is,
    /// and so does every number that is correlated with none before it; all stay inside (0, 1).
    ///
    /// Numbers beyond the `n` of the copula are left alone.
    pub fn correlate(&self, uniforms: &mut [f64]) {
        let normals: Vec<f64> = uniforms.iter().map(|u| normal_quantile(*u)).collect();
        for (row, uniform) in self.rows.iter().zip(uniforms) {
            if row[..row.len() - 1].iter().all(|a| *a == 0.0) {
                continue;
            }
            let normal: f64 = row.iter().zip(&normals).map(|(a, z)| a * z).sum();
            // The smallest distance of a uniform number from 0 and 1; see `random::uniform`.
            let least = 0.5 * f64::EPSILON;
            *uniform = normal_cdf(normal).clamp(least, 1.0 - least);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Key, uniform};

    /// Pearson's correlation of two lists.
    fn correlation(a: &[f64], b: &[f64]) -> f64 {
        let n = a.len() as f64;
        let (ma, mb) = (a.iter().sum::<f64>() / n, b.iter().sum::<f64>() / n);
        let cov: f64 = a.iter().zip(b).map(|(x, y)| (x - ma) * (y - mb)).sum();
        let var = |v: &[f64], m: f64| v.iter().map(|x| (x - m) * (x - m)).sum::<f64>();
        cov / (var(a, ma) * var(b, mb)).sqrt()
    }

    fn sample(copula: &Copula, n: usize, size: u64) -> Vec<Vec<f64>> {
        let key = Key::new(11);
        let mut columns = vec![Vec::new(); n];
        for subject in 0..size {
            let mut u: Vec<f64> = (0..n as u32).map(|draw| uniform(&key, subject, draw)).collect();
            copula.correlate(&mut u);
            columns.iter_mut().zip(u).for_each(|(column, u)| column.push(u));
        }
        columns
    }

    /// Normal scores have the correlations asked for, ranks 6/pi asin(rho/2), and marginals stay uniform; limits are
    /// five standard errors.
    #[test]
    fn correlations_and_marginals() {
        let pairs = [(0, 1, 0.6), (1, 2, -0.5), (3, 4, 0.9)];
        let copula = Copula::new(5, &pairs).unwrap();
        let size = 40_000;
        let columns = sample(&copula, 5, size);
        let scores: Vec<Vec<f64>> =
            columns.iter().map(|c| c.iter().map(|u| normal_quantile(*u)).collect()).collect();
        let error = 5.0 / (size as f64).sqrt();
        for i in 0..5 {
            for j in 0..i {
                let named = pairs.iter().find(|(a, b, _)| (*a, *b) == (j, i));
                let rho = named.map_or(0.0, |(.., rho)| *rho);
                let found = correlation(&scores[i], &scores[j]);
                assert!((found - rho).abs() < error * (1.0 - rho * rho) + 1e-12, "{i} {j} {found} {rho}");
                let rank = 6.0 / std::f64::consts::PI * libm::asin(rho / 2.0);
                assert!((correlation(&columns[i], &columns[j]) - rank).abs() < error, "{i} {j} {rank}");
            }
            let below = |limit: f64| columns[i].iter().filter(|u| **u < limit).count() as f64 / size as f64;
            for limit in [0.05, 0.5, 0.95] {
                assert!((below(limit) - limit).abs() < error * (limit * (1.0 - limit)).sqrt());
            }
        }
    }

    #[test]
    fn what_is_not_correlated_keeps_its_bits() {
        let copula = Copula::new(3, &[(0, 2, 0.7)]).unwrap();
        let mut u = [0.1, 0.2, 0.3, 0.4];
        copula.correlate(&mut u);
        assert_eq!((u[0], u[1], u[3]), (0.1, 0.2, 0.4));
        assert_ne!(u[2], 0.3);
        let mut extreme = [0.5 * f64::EPSILON; 3];
        Copula::new(3, &[(0, 1, 0.5), (0, 2, 0.5), (1, 2, 0.5)]).unwrap().correlate(&mut extreme);
        assert!(extreme.iter().all(|u| *u > 0.0 && *u < 1.0), "{extreme:?}");
    }

    #[test]
    fn refusals() {
        for rho in [1.0, -1.0, 1.5, f64::NAN] {
            assert!(matches!(Copula::new(2, &[(0, 1, rho)]), Err(CopulaError::Range { .. })), "{rho}");
        }
        assert!(Copula::new(2, &[(1, 1, 0.5)]).is_err());
        let chain = Copula::new(3, &[(0, 1, 0.9), (1, 2, 0.9)]);
        assert_eq!(chain, Err(CopulaError::Impossible { at: 2 }));
        assert!(Copula::new(3, &[(0, 1, 0.9), (1, 2, 0.9), (0, 2, 0.7)]).is_ok());
        // Three numbers cannot all be opposites: the limit is -1/2.
        let all = |rho| Copula::new(3, &[(0, 1, rho), (1, 2, rho), (0, 2, rho)]);
        assert!(all(-0.49).is_ok());
        assert_eq!(all(-0.5), Err(CopulaError::Impossible { at: 2 }));
    }
}
