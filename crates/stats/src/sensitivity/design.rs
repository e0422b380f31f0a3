//! Where a model is evaluated.

use crate::StatsError;
use crate::random::{Key, uniform};

/// Points of the scheme of Saltelli et al., Comput Phys Commun 2010;181:259: every row has two independent points A and B,
/// and for each factor the point A with that factor's number of B.
///
/// The number of a factor depends on the seed, the row and the factor's own number only, so that a factor keeps its
/// numbers when others join.
#[derive(Clone, Debug, PartialEq)]
pub struct Design {
    rows: usize,
    numbers: Vec<u32>,
    key: Key,
}

/// Which of its row's points a point is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Block {
    A,
    B,
    /// A with the number of B for one factor.
    Swapped(usize),
}

impl Design {
    /// A design of some rows over factors, each with the number of its draws.
    ///
    /// # Errors
    /// Fewer than two rows, no factor, or two factors of one number.
    pub fn new(rows: usize, numbers: Vec<u32>, seed: u64) -> Result<Design, StatsError> {
        if rows < 2 {
            return Err(StatsError::TooFew { found: rows, needed: 2 });
        }
        if numbers.is_empty() {
            return Err(StatsError::TooFew { found: 0, needed: 1 });
        }
        let repeated = (0..numbers.len()).find(|i| numbers[..*i].contains(&numbers[*i]));
        if let Some(index) = repeated {
            let value = f64::from(numbers[index]);
            return Err(StatsError::Value { what: "a number no other factor has", index, value });
        }
        Ok(Design { rows, numbers, key: Key::new(seed) })
    }

    /// The number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The number of factors.
    pub fn factors(&self) -> usize {
        self.numbers.len()
    }

    /// The number of points: two more than there are factors, for every row.
    pub fn points(&self) -> usize {
        self.rows.saturating_mul(self.factors() + 2)
    }

    /// The numbers of a point, one per factor. Point `i` belongs to row `i / (factors + 2)`; its row's points are A, B,
    /// then A with one number of B for each factor in turn.
    pub fn point(&self, index: usize) -> Vec<f64> {
        let (row, place) = (index / (self.factors() + 2), index % (self.factors() + 2));
        let block = match place {
            0 => Block::A,
            1 => Block::B,
            _ => Block::Swapped(place - 2),
        };
        let of_b = |factor: usize| block == Block::B || block == Block::Swapped(factor);
        let number = |factor: usize| {
            let subject = 2 * row as u64 + u64::from(of_b(factor));
            uniform(&self.key, subject, self.numbers[factor])
        };
        (0..self.factors()).map(number).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_a_and_b_and_a_with_one_number_of_b() {
        let design = Design::new(3, vec![9, 4, 7], 5).unwrap();
        assert_eq!((design.points(), design.factors(), design.rows()), (15, 3, 3));
        for row in 0..3 {
            let point = |place: usize| design.point(5 * row + place);
            let (a, b) = (point(0), point(1));
            assert!(a.iter().zip(&b).all(|(a, b)| a != b));
            for factor in 0..3 {
                let mut expected = a.clone();
                expected[factor] = b[factor];
                assert_eq!(point(2 + factor), expected);
            }
        }
    }

    #[test]
    fn a_factor_keeps_its_numbers_when_others_join() {
        let (few, many) = (Design::new(2, vec![4], 1).unwrap(), Design::new(2, vec![8, 4, 1], 1).unwrap());
        assert_eq!(few.point(0)[0], many.point(0)[1]);
        assert_eq!(few.point(4)[0], many.point(6)[1]);
    }

    #[test]
    fn what_is_no_design_is_refused() {
        assert!(Design::new(1, vec![1], 0).is_err());
        assert!(Design::new(9, vec![], 0).is_err());
        assert!(Design::new(9, vec![1, 2, 1], 0).is_err());
    }
}
