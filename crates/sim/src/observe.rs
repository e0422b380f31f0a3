//! Recorded states -> columns of outputs.

use std::sync::Arc;

use hepatica_kernel::{Block, Kernel};
use hepatica_lanes::{Isa, Lanes};

use crate::trajectory::Trajectory;

/// Rows evaluated at once; here a lane is a time, not a patient.
const ROWS: usize = 16;

/// Outputs over time: `columns[k][i]` is the kernel's output `k` at the trajectory's time `i`.
#[derive(Clone, Debug, PartialEq)]
pub struct Columns {
    /// One column per output the kernel was compiled for, in its order.
    pub columns: Vec<Vec<f64>>,
}

/// The values of the kernel's outputs at every recorded time of a trajectory.
pub fn observe(kernel: &Arc<Kernel>, trajectory: &Trajectory, isa: Isa) -> Columns {
    let outputs = kernel.outputs();
    let n = kernel.n_states();
    let rows = trajectory.states.len().checked_div(n).unwrap_or(trajectory.times.len());
    let mut columns = vec![Vec::with_capacity(rows); outputs.len()];
    let mut block = Block::<ROWS>::new(kernel.clone(), isa);
    let mut y = vec![Lanes::ZERO; n];
    let mut out = vec![Lanes::ZERO; outputs.len()];
    for (segment, (first, params)) in trajectory.params.iter().enumerate() {
        let end = trajectory.params.get(segment + 1).map_or(rows, |(next, _)| *next).min(rows);
        for lane in 0..ROWS {
            block.set_params(lane, params);
        }
        let mut start = *first;
        while start < end {
            let count = (end - start).min(ROWS);
            let t = gather(trajectory, start, count, &mut y);
            block.outputs(&t, &y, &mut out);
            for (column, values) in columns.iter_mut().zip(&out) {
                column.extend_from_slice(&values[..count]);
            }
            start += count;
        }
    }
    Columns { columns }
}

/// Times and states of `count` rows from `start`; lanes beyond repeat the last row.
fn gather(trajectory: &Trajectory, start: usize, count: usize, y: &mut [Lanes<ROWS>]) -> Lanes<ROWS> {
    let n = y.len();
    let mut t = Lanes::ZERO;
    for lane in 0..ROWS {
        let row = start + lane.min(count - 1);
        t[lane] = trajectory.times[row];
        for (state, values) in y.iter_mut().enumerate() {
            values[lane] = trajectory.states[row * n + state];
        }
    }
    t
}
