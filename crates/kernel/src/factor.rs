//! Sparse LU as tapes: `W = shift*M - J` is factored, solved and checked entry by entry.
//!
//! With `A = J - shift*M = -W`, rows and columns in pivot order, the tapes compute (Doolittle's scheme; Duff,
//! Erisman and Reid, *Direct Methods for Sparse Matrices*, 2nd ed. 2017, section 3.6)
//!
//! ```text
//! l'_ij = (a_ij + sum_{k<j} l'_ik*u_kj) * d'_j      j < i     l' = -l
//! u_ij  =  a_ij + sum_{k<i} l'_ik*u_kj              j >= i
//! d'_i  = -1/u_ii
//! solve W x = b:   z_i = b_i + sum_o J_io*x_o + sum_{k<i} l'_ik*z_k
//!                  x_i = (z_i + sum_{j>i} u_ij*x_j) * d'_i
//! residual:        r_i = b_i + (-shift*m_i)*x_i + sum_j J_ij*x_j
//! ```
//!
//! where `i`, `j` and `k` are of one block (see [`crate::order`]) and `o` of earlier blocks, already solved.
//! The signs are chosen so that every sum is a chain of fused multiply-adds without negation.

use hepatica_expr::Op;

use crate::code::Code;
use crate::draft::{Draft, Operand};
use crate::order::{Pivot, order};
use crate::slot::{Slot, Space};

/// One entry of a matrix by place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Entry {
    /// The equation.
    pub(crate) row: usize,
    /// The state derived by.
    pub(crate) col: usize,
    /// Where its value is.
    pub(crate) value: Operand,
}

/// The iteration matrix by places: the Jacobian's entries, sorted by row then column, and a mass per state.
pub(crate) struct Matrix<'a> {
    /// The Jacobian.
    pub(crate) jacobian: &'a [Entry],
    /// The diagonal of the mass matrix.
    pub(crate) mass: &'a [f64],
}

/// The tapes of linear algebra, and the number of slots they keep.
pub(crate) struct Factored {
    /// `J`, shift -> factors.
    pub(crate) factor: Draft,
    /// Factors, `b` -> `x` in its places.
    pub(crate) solve: Draft,
    /// `J`, shift, `b`, `x` -> `b - W x` in the places of a derivative.
    pub(crate) residual: Draft,
    /// Slots of [`Space::Factor`].
    pub(crate) factors: u32,
    /// Slots of [`Space::Shift`].
    pub(crate) shifts: u32,
    /// Structurally nonzero entries of `L + U` inside the blocks, the unit diagonal of `L` not counted.
    pub(crate) nonzeros: usize,
}

/// How many products of factors elimination may need: every one of them is written into the tape. A dense matrix of 300 states
/// needs nine million.
pub(crate) const MAX_PRODUCTS: usize = 10_000_000;

/// Why a matrix has no tapes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Unfactored {
    /// This equation makes every matrix of the pattern singular.
    Singular(usize),
    /// Elimination takes more than [`MAX_PRODUCTS`].
    TooLarge,
}

/// Writes the tapes.
///
/// `constant` gives the place of a number.
///
/// # Errors
/// See [`Unfactored`].
pub(crate) fn factor(
    matrix: &Matrix<'_>,
    constant: impl FnMut(f64) -> Operand,
) -> Result<Factored, Unfactored> {
    let n = matrix.mass.len();
    let diagonal = (0..n).filter(|i| matrix.mass[*i] != 0.0).map(|i| (i, i));
    let entries: Vec<_> = matrix.jacobian.iter().map(|e| (e.row, e.col)).chain(diagonal).collect();
    let blocks = order(n, &entries).map_err(Unfactored::Singular)?;
    let mut writer = Writer::new(matrix, &blocks, constant);
    for step in 0..n {
        writer.eliminate(step);
        if writer.products > MAX_PRODUCTS {
            return Err(Unfactored::TooLarge);
        }
    }
    writer.solve(&blocks);
    writer.residual();
    Ok(Factored {
        nonzeros: n + writer.lower.iter().chain(&writer.upper).map(Vec::len).sum::<usize>(),
        factor: writer.factor,
        solve: writer.solve,
        residual: writer.residual,
        factors: writer.factors,
        shifts: writer.shifts,
    })
}

/// A column, in pivot order, and the value of a factor there.
type Factor = (usize, Operand);

struct Writer<'a> {
    matrix: &'a Matrix<'a>,
    pivots: Vec<Pivot>,
    /// Pivot step of each column.
    step_of_col: Vec<usize>,
    /// First step of the block of each step.
    block_start: Vec<usize>,
    /// First entry of each row of the Jacobian.
    row_start: Vec<usize>,
    /// `-shift*m` of each row, inside the factor draft and by place; `None` where `m` is zero.
    shifted: Vec<Option<(Operand, Slot)>>,
    /// `l'` and `u` beside the diagonal, by row in pivot order; then `d'`.
    lower: Vec<Vec<Factor>>,
    upper: Vec<Vec<Factor>>,
    reciprocals: Vec<Operand>,
    factor: Draft,
    solve: Draft,
    residual: Draft,
    factors: u32,
    shifts: u32,
    /// How many products of factors were written.
    products: usize,
}

impl<'a> Writer<'a> {
    fn new(matrix: &'a Matrix<'a>, blocks: &[Vec<Pivot>], constant: impl FnMut(f64) -> Operand) -> Self {
        let pivots = blocks.concat();
        let n = pivots.len();
        let mut block_start = Vec::with_capacity(n);
        blocks
            .iter()
            .for_each(|block| block_start.resize(block_start.len() + block.len(), block_start.len()));
        let mut step_of_col = vec![0; n];
        pivots.iter().enumerate().for_each(|(step, pivot)| step_of_col[pivot.col] = step);
        let row_start = (0..=n).map(|row| matrix.jacobian.partition_point(|e| e.row < row)).collect();
        let mut writer = Writer {
            matrix,
            pivots,
            step_of_col,
            block_start,
            row_start,
            shifted: Vec::with_capacity(n),
            lower: vec![Vec::new(); n],
            upper: vec![Vec::new(); n],
            reciprocals: Vec::with_capacity(n),
            factor: Draft::default(),
            solve: Draft::default(),
            residual: Draft::default(),
            factors: 0,
            shifts: 1,
            products: 0,
        };
        writer.shift(constant);
        writer
    }

    /// Writes `-shift*m` for every distinct mass.
    fn shift(&mut self, mut constant: impl FnMut(f64) -> Operand) {
        let shift = Operand::at(Space::Shift, 0);
        for mass in self.matrix.mass {
            let value = match *mass {
                0.0 => None,
                1.0 => Some(self.factor.push(Code::Op(Op::Neg), &[shift])),
                mass => Some(self.factor.push(Code::Op(Op::Mul), &[shift, constant(-mass)])),
            };
            let shifted = value.map(|value| {
                let wanted = Slot::new(Space::Shift, self.shifts);
                let slot = self.factor.pin(value, wanted);
                self.shifts += u32::from(slot == wanted);
                (value, slot)
            });
            self.shifted.push(shifted);
        }
    }

    fn jacobian_row(&self, row: usize) -> &'a [Entry] {
        &self.matrix.jacobian[self.row_start[row]..self.row_start[row + 1]]
    }

    /// Whether a column belongs to an earlier block than a step.
    fn is_outside(&self, step: usize, col: usize) -> bool {
        self.step_of_col[col] < self.block_start[step]
    }

    /// The entries of `A` in the row of a step and in its block, by column in pivot order.
    fn row(&mut self, step: usize) -> Row {
        let Pivot { row, .. } = self.pivots[step];
        let mut entries = Row::new();
        for entry in self.jacobian_row(row).iter().filter(|entry| !self.is_outside(step, entry.col)) {
            entries.insert(self.step_of_col[entry.col], (Some(entry.value), Vec::new()));
        }
        if let Some((shifted, _)) = self.shifted[row] {
            let (value, _) = entries.entry(self.step_of_col[row]).or_default();
            *value = Some(match *value {
                Some(diagonal) => self.factor.push(Code::Op(Op::Add), &[diagonal, shifted]),
                None => shifted,
            });
        }
        entries
    }

    /// Writes one row of `L` and `U` and the reciprocal of its pivot.
    fn eliminate(&mut self, step: usize) {
        let mut row = self.row(step);
        while let Some((col, (value, terms))) = row.pop_first() {
            let sum = self.sum(value, &terms);
            if col < step {
                let product = self.factor.push(Code::Op(Op::Mul), &[sum, self.reciprocals[col]]);
                let multiplier = self.keep(product);
                self.products += self.upper[col].len();
                for (j, u) in &self.upper[col] {
                    row.entry(*j).or_default().1.push([multiplier, *u]);
                }
                self.lower[step].push((col, multiplier));
            } else if col == step {
                let reciprocal = self.factor.push(Code::NegRecip, &[sum]);
                let kept = self.keep(reciprocal);
                self.reciprocals.push(kept);
            } else {
                let kept = self.keep(sum);
                self.upper[step].push((col, kept));
            }
        }
    }

    fn sum(&mut self, value: Option<Operand>, terms: &[[Operand; 2]]) -> Operand {
        match (value, terms) {
            (Some(value), terms) => self.factor.dot(value, terms),
            (None, [first, rest @ ..]) => {
                let product = self.factor.push(Code::Op(Op::Mul), first);
                self.factor.dot(product, rest)
            }
            // Every entry of a row has a value or a term.
            (None, []) => Operand::at(Space::Shift, 0),
        }
    }

    /// Pins a factor; later steps read it as a value of the draft, the solve by its place.
    fn keep(&mut self, value: Operand) -> Operand {
        let wanted = Slot::new(Space::Factor, self.factors);
        let slot = self.factor.pin(value, wanted);
        self.factors += u32::from(slot == wanted);
        value
    }

    /// Where a kept factor stands.
    fn place(&self, value: Operand) -> Operand {
        match value {
            Operand::Step(step) => self.factor.place(step).map_or(value, Operand::Slot),
            slot => slot,
        }
    }

    fn placed(&self, factors: &[Factor], values: &[Operand]) -> Vec<[Operand; 2]> {
        factors.iter().map(|(k, factor)| [self.place(*factor), values[*k]]).collect()
    }

    /// Writes forward and backward substitution, block by block.
    fn solve(&mut self, blocks: &[Vec<Pivot>]) {
        let n = self.pivots.len();
        let mut x = vec![Operand::at(Space::Rhs, 0); n];
        let mut values: Vec<Operand> = Vec::with_capacity(n);
        for block in blocks {
            let steps = values.len()..values.len() + block.len();
            for step in steps.clone() {
                let Pivot { row, .. } = self.pivots[step];
                let outside = self.jacobian_row(row).iter().filter(|entry| self.is_outside(step, entry.col));
                let mut terms: Vec<_> = outside.map(|entry| [entry.value, x[entry.col]]).collect();
                terms.extend(self.placed(&self.lower[step], &values));
                let value = self.solve.dot(Operand::at(Space::Rhs, row as u32), &terms);
                values.push(value);
            }
            for step in steps.rev() {
                let terms = self.placed(&self.upper[step], &values);
                let sum = self.solve.dot(values[step], &terms);
                let reciprocal = self.place(self.reciprocals[step]);
                values[step] = self.solve.push(Code::Op(Op::Mul), &[sum, reciprocal]);
                x[self.pivots[step].col] = values[step];
            }
        }
        self.solve.results = x;
        self.solve.place_results(Space::Solution);
    }

    /// Writes `b - W x`.
    fn residual(&mut self) {
        for row in 0..self.pivots.len() {
            let x = |col: usize| Operand::at(Space::Solution, col as u32);
            let mass = self.shifted[row].map(|(_, slot)| [Operand::Slot(slot), x(row)]);
            let entries = self.jacobian_row(row).iter().map(|e| [e.value, x(e.col)]);
            let terms: Vec<_> = mass.into_iter().chain(entries).collect();
            let r = self.residual.dot(Operand::at(Space::Rhs, row as u32), &terms);
            self.residual.results.push(r);
        }
        self.residual.place_results(Space::Derivative);
    }
}

/// Entries of one row by column in pivot order: the value it starts from and the products to add.
type Row = std::collections::BTreeMap<usize, (Option<Operand>, Vec<[Operand; 2]>)>;
