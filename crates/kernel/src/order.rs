//! A pivot order for a sparse matrix of known pattern, chosen once, the same for every patient.
//!
//! Greedy minimum-cost pivoting after Markowitz, Management Science 3 (1957) 255-269, on the pattern alone.
//! Pivots stand on the diagonal, where the iteration matrix `shift*M - J` is large for short steps; another
//! entry is taken only where every remaining diagonal entry is structurally zero (algebraic equations).

use crate::components::components;

/// A pivot: the row and the column it eliminates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pivot {
    /// The row.
    pub(crate) row: usize,
    /// The column.
    pub(crate) col: usize,
}

/// The pivots in the order of elimination, ties broken by index, one list for each block of states that determine
/// each other.
///
/// Blocks come in an order in which each needs only the solution of earlier ones, so that entries between blocks are
/// never eliminated and cause no fill (Duff, Erisman and Reid, *Direct Methods for Sparse Matrices*, chapter 6).
/// Where a diagonal entry is structurally zero, all states are one block.
///
/// # Errors
/// The smallest row left when no entry remains: every matrix of this pattern is singular.
pub(crate) fn order(n: usize, entries: &[(usize, usize)]) -> Result<Vec<Vec<Pivot>>, usize> {
    let mut on_diagonal = vec![false; n];
    entries.iter().filter(|(row, col)| row == col).for_each(|(row, _)| on_diagonal[*row] = true);
    let blocks = if on_diagonal.contains(&false) { vec![(0..n).collect()] } else { components(n, entries) };
    // The block of each state and its place there.
    let mut places = vec![(0, 0); n];
    for (block, members) in blocks.iter().enumerate() {
        members.iter().enumerate().for_each(|(place, state)| places[*state] = (block, place));
    }
    let mut inside = vec![Vec::new(); blocks.len()];
    for (row, col) in entries {
        let ((block, row), (other, col)) = (places[*row], places[*col]);
        if block == other {
            inside[block].push((row, col));
        }
    }
    blocks.iter().zip(inside).map(|(members, entries)| order_block(members, &entries)).collect()
}

/// The pivots of one block, whose entries are by place among its members.
fn order_block(members: &[usize], entries: &[(usize, usize)]) -> Result<Vec<Pivot>, usize> {
    let mut pattern = Pattern::new(members.len(), entries);
    let mut pivots = Vec::with_capacity(members.len());
    while pivots.len() < members.len() {
        let pivot = pattern
            .best_diagonal()
            .or_else(|| pattern.best_anywhere())
            .ok_or_else(|| members[pattern.rows_left.first().unwrap_or(0)])?;
        pattern.eliminate(pivot);
        pivots.push(Pivot { row: members[pivot.row], col: members[pivot.col] });
    }
    Ok(pivots)
}

/// A set of indices, one bit each.
#[derive(Clone)]
struct Bits(Vec<u64>);

impl Bits {
    fn new(n: usize) -> Self {
        Bits(vec![0; n.div_ceil(64)])
    }

    fn set(&mut self, i: usize, present: bool) {
        let bit = 1 << (i % 64);
        if present { self.0[i / 64] |= bit } else { self.0[i / 64] &= !bit }
    }

    fn has(&self, i: usize) -> bool {
        self.0[i / 64] >> (i % 64) & 1 == 1
    }

    fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.0.iter().enumerate().flat_map(|(k, word)| {
            std::iter::successors(Some(*word), |w| Some(w & w.wrapping_sub(1)))
                .take_while(|w| *w != 0)
                .map(move |w| 64 * k + w.trailing_zeros() as usize)
        })
    }

    fn first(&self) -> Option<usize> {
        self.iter().next()
    }
}

/// The rows and columns not yet eliminated.
struct Pattern {
    rows: Vec<Bits>,
    cols: Vec<Bits>,
    row_len: Vec<usize>,
    col_len: Vec<usize>,
    rows_left: Bits,
}

impl Pattern {
    fn new(n: usize, entries: &[(usize, usize)]) -> Self {
        let empty = || vec![Bits::new(n); n];
        let mut all = Bits::new(n);
        (0..n).for_each(|i| all.set(i, true));
        let mut pattern = Pattern {
            rows: empty(),
            cols: empty(),
            row_len: vec![0; n],
            col_len: vec![0; n],
            rows_left: all,
        };
        entries.iter().for_each(|(row, col)| pattern.insert(*row, *col));
        pattern
    }

    fn insert(&mut self, row: usize, col: usize) {
        if !self.rows[row].has(col) {
            self.rows[row].set(col, true);
            self.cols[col].set(row, true);
            self.row_len[row] += 1;
            self.col_len[col] += 1;
        }
    }

    /// Multiplications that a pivot costs: a multiplier for each other row of its column, times what is in its row.
    fn cost(&self, pivot: Pivot) -> usize {
        self.row_len[pivot.row] * (self.col_len[pivot.col] - 1)
    }

    fn best_diagonal(&self) -> Option<Pivot> {
        let diagonal = self.rows_left.iter().filter(|i| self.rows[*i].has(*i));
        diagonal.map(|i| Pivot { row: i, col: i }).min_by_key(|pivot| (self.cost(*pivot), pivot.row))
    }

    fn best_anywhere(&self) -> Option<Pivot> {
        let entries =
            self.rows_left.iter().flat_map(|row| self.rows[row].iter().map(move |col| Pivot { row, col }));
        entries.min_by_key(|pivot| (self.cost(*pivot), pivot.row, pivot.col))
    }

    /// Removes the pivot's row and column and adds the fill its elimination makes.
    fn eliminate(&mut self, pivot: Pivot) {
        let row: Vec<usize> = self.rows[pivot.row].iter().filter(|j| *j != pivot.col).collect();
        let col: Vec<usize> = self.cols[pivot.col].iter().filter(|i| *i != pivot.row).collect();
        for i in &col {
            row.iter().for_each(|j| self.insert(*i, *j));
            self.rows[*i].set(pivot.col, false);
            self.row_len[*i] -= 1;
        }
        for j in &row {
            self.cols[*j].set(pivot.row, false);
            self.col_len[*j] -= 1;
        }
        self.rows_left.set(pivot.row, false);
        self.rows[pivot.row] = Bits::new(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn diagonal(order: &[Pivot]) -> Vec<usize> {
        assert!(order.iter().all(|pivot| pivot.row == pivot.col));
        order.iter().map(|pivot| pivot.row).collect()
    }

    #[test]
    fn an_arrow_is_eliminated_from_its_tips() {
        let entries: Vec<_> = (0..6).flat_map(|i| [(i, i), (0, i), (i, 0)]).collect();
        let blocks = order(6, &entries).expect("is regular");
        assert_eq!(blocks.len(), 1);
        // At the end two rows are left and cost the same: the smaller index goes first.
        assert_eq!(diagonal(&blocks[0]), [1, 2, 3, 4, 0, 5]);
    }

    #[test]
    fn states_that_only_feed_others_are_blocks_of_their_own() {
        let entries = [(0, 0), (1, 1), (2, 2), (1, 0), (1, 2), (2, 1)];
        let blocks = order(3, &entries).expect("is regular");
        assert_eq!(blocks.iter().map(|b| diagonal(b)).collect::<Vec<_>>(), [vec![0], vec![1, 2]]);
    }

    #[test]
    fn missing_diagonals_are_pivoted_around_and_singular_patterns_refused() {
        let swap = order(2, &[(0, 1), (1, 0)]).expect("is regular");
        assert_eq!(swap, [[Pivot { row: 0, col: 1 }, Pivot { row: 1, col: 0 }]]);
        assert_eq!(order(3, &[(0, 0), (1, 0), (2, 0), (2, 2)]), Err(1));
    }
}
