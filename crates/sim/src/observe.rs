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
    Observer::new(kernel, isa).observe(trajectory)
}

/// Evaluates the outputs of many trajectories with one block.
#[derive(Clone, Debug)]
pub struct Observer {
    kernel: Arc<Kernel>,
    block: Block<ROWS>,
    y: Vec<Lanes<ROWS>>,
    out: Vec<Lanes<ROWS>>,
}

impl Observer {
    /// An observer of a kernel's trajectories.
    pub fn new(kernel: &Arc<Kernel>, isa: Isa) -> Observer {
        Observer {
            block: Block::new(kernel.clone(), isa),
            y: vec![Lanes::ZERO; kernel.n_states()],
            out: vec![Lanes::ZERO; kernel.outputs().len()],
            kernel: kernel.clone(),
        }
    }

    /// The values of the kernel's outputs at every recorded time of a trajectory.
    pub fn observe(&mut self, trajectory: &Trajectory) -> Columns {
        let rows = trajectory.states.len().checked_div(self.y.len()).unwrap_or(trajectory.times.len());
        let mut columns = vec![Vec::with_capacity(rows); self.kernel.outputs().len()];
        for (segment, (first, params)) in trajectory.params.iter().enumerate() {
            let end = trajectory.params.get(segment + 1).map_or(rows, |(next, _)| *next).min(rows);
            for lane in 0..ROWS {
                self.block.set_params(lane, params);
            }
            let mut start = *first;
            while start < end {
                let count = (end - start).min(ROWS);
                self.set_delayed(trajectory, start, count);
                let t = gather(trajectory, start, count, &mut self.y);
                self.block.outputs(&t, &self.y, &mut self.out);
                for (column, values) in columns.iter_mut().zip(&self.out) {
                    column.extend_from_slice(&values[..count]);
                }
                start += count;
            }
        }
        Columns { columns }
    }
}

impl Observer {
    /// Values of the past of `count` rows from `start`; outputs read no time derivatives of them.
    fn set_delayed(&mut self, trajectory: &Trajectory, start: usize, count: usize) {
        let n = self.kernel.system().delays.len();
        if n == 0 {
            return;
        }
        let mut values = vec![f64::NAN; 2 * n];
        for lane in 0..ROWS {
            let row = start + lane.min(count - 1);
            values[..n].copy_from_slice(&trajectory.delayed[row * n..(row + 1) * n]);
            self.block.set_delayed(lane, &values);
        }
    }
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
