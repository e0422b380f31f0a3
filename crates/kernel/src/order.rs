//! A pivot order for a sparse matrix of known pattern, chosen once, the same for every patient.
//!
//! Greedy minimum-cost pivoting after Markowitz, Management Science 3 (1957) 255-269, on the pattern alone.
//! Pivots stand on the diagonal, where the iteration matrix `shift*M - J` is large for short steps; another
//! entry is taken only where every remaining diagonal entry is structurally zero (algebraic equations).

/// A pivot: the row and the column it eliminates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pivot {
    /// The row.
    pub(crate) row: usize,
    /// The column.
    pub(crate) col: usize,
}

/// The pivots in the order of elimination, ties broken by index.
///
/// A row that holds only its diagonal entry (a state whose rate depends on no other state) comes last: it can
/// never fill, and its column then needs no multiplier.
///
/// # Errors
/// The smallest row left when no entry remains: every matrix of this pattern is singular.
pub(crate) fn order(n: usize, entries: impl Iterator<Item = (usize, usize)>) -> Result<Vec<Pivot>, usize> {
    let mut pattern = Pattern::new(n, entries);
    let mut pivots = Vec::with_capacity(n);
    while pivots.len() < n {
        let pivot = pattern
            .best_diagonal()
            .or_else(|| pattern.best_anywhere())
            .ok_or_else(|| pattern.rows_left.first().unwrap_or(0))?;
        pattern.eliminate(pivot);
        pivots.push(pivot);
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
    cols_left: Bits,
}

impl Pattern {
    fn new(n: usize, entries: impl Iterator<Item = (usize, usize)>) -> Self {
        let empty = || vec![Bits::new(n); n];
        let mut all = Bits::new(n);
        (0..n).for_each(|i| all.set(i, true));
        let mut pattern = Pattern {
            rows: empty(),
            cols: empty(),
            row_len: vec![0; n],
            col_len: vec![0; n],
            rows_left: all.clone(),
            cols_left: all,
        };
        entries.for_each(|(row, col)| pattern.insert(row, col));
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
        let lonely_last = |i: &usize| self.row_len[*i] == 1 && self.col_len[*i] > 1;
        diagonal
            .map(|i| Pivot { row: i, col: i })
            .min_by_key(|pivot| (lonely_last(&pivot.row), self.cost(*pivot), pivot.row))
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
        self.cols_left.set(pivot.col, false);
        self.rows[pivot.row] = Bits::new(0);
    }
}
