//! Time per problem of HIRES in lanes, on one core: `cargo bench -p hepatica-solve`.
//!
//! The right-hand side, its derivatives and the elimination are written by hand over lanes, without sparsity. They are
//! compiled for the target of the build, so `RUSTFLAGS=-Ctarget-cpu=native` gives them what the integrator has anyway.

use std::hint::black_box;
use std::time::Instant;

use hepatica_lanes::{Isa, Lanes};
use hepatica_solve::{
    AbsoluteTolerance, Counters, Integrator, LaneStatus, OptionsError, Problem, Rodas5P, StepOptions,
    Tolerances, Vectors,
};

const N: usize = 8;
const T_STOP: f64 = 321.8122;
/// Problems integrated per measurement; a multiple of every width.
const PROBLEMS: usize = 64;

/// Entries of the constant part of the Jacobian: row, column, value (Hairer and Wanner II, equation (IV.10.4)).
const LINEAR: [(usize, usize, f64); 20] = [
    (0, 0, -1.71),
    (0, 1, 0.43),
    (0, 2, 8.32),
    (1, 0, 1.71),
    (1, 1, -8.75),
    (2, 2, -10.03),
    (2, 3, 0.43),
    (2, 4, 0.035),
    (3, 1, 8.32),
    (3, 2, 1.71),
    (3, 3, -1.12),
    (4, 4, -1.745),
    (4, 5, 0.43),
    (4, 6, 0.43),
    (5, 3, 0.69),
    (5, 4, 1.71),
    (5, 5, -0.43),
    (5, 6, 0.69),
    (6, 6, -1.81),
    (7, 6, 1.81),
];

/// HIRES in every lane.
struct Hires<const L: usize> {
    jacobian: [[Lanes<L>; N]; N],
    w: [[Lanes<L>; N]; N],
    lu: [[Lanes<L>; N]; N],
    y: [Lanes<L>; N],
    f: [Lanes<L>; N],
    b: [Lanes<L>; N],
    x: [Lanes<L>; N],
}

impl<const L: usize> Problem<L> for Hires<L> {
    fn n_states(&self) -> usize {
        N
    }

    fn vectors(&mut self) -> Vectors<'_, L> {
        Vectors { y: &mut self.y, f: &mut self.f, b: &mut self.b, x: &mut self.x }
    }

    fn rhs(&mut self, _: &Lanes<L>) {
        let Hires { y, f: dy, .. } = self;
        dy.fill(Lanes::ZERO);
        dy[0] = Lanes::splat(0.0007);
        for (row, column, value) in LINEAR {
            add_product(&mut dy[row], value, &y[column]);
        }
        let (mut meeting, shared) = (y[5], y[7]);
        for lane in 0..L {
            meeting[lane] *= 280.0 * shared[lane];
        }
        for (row, sign) in [(5, -1.0), (6, 1.0), (7, -1.0)] {
            add_product(&mut dy[row], sign, &meeting);
        }
    }

    fn linearise(&mut self, _: &Lanes<L>) -> bool {
        let y = &self.y;
        self.jacobian = [[Lanes::ZERO; N]; N];
        for (row, column, value) in LINEAR {
            self.jacobian[row][column] = Lanes::splat(value);
        }
        for (row, sign) in [(5, -1.0), (6, 1.0), (7, -1.0)] {
            add_product(&mut self.jacobian[row][5], sign * 280.0, &y[7]);
            add_product(&mut self.jacobian[row][7], sign * 280.0, &y[5]);
        }
        false
    }

    fn factor(&mut self, shift: &Lanes<L>) {
        for (row, (w, jacobian)) in self.w.iter_mut().zip(&self.jacobian).enumerate() {
            for (column, (w, jacobian)) in w.iter_mut().zip(jacobian).enumerate() {
                for lane in 0..L {
                    w[lane] = if row == column { shift[lane] } else { 0.0 } - jacobian[lane];
                }
            }
        }
        self.lu = self.w;
        for k in 0..N {
            for row in k + 1..N {
                for lane in 0..L {
                    self.lu[row][k][lane] /= self.lu[k][k][lane];
                }
                for column in k + 1..N {
                    let (factor, upper) = (self.lu[row][k], self.lu[k][column]);
                    subtract_product(&mut self.lu[row][column], &factor, &upper);
                }
            }
        }
    }

    fn solve(&mut self) {
        self.x = self.b;
        let b = &mut self.x;
        for row in 0..N {
            for k in 0..row {
                let known = b[k];
                subtract_product(&mut b[row], &self.lu[row][k], &known);
            }
        }
        for row in (0..N).rev() {
            for k in row + 1..N {
                let known = b[k];
                subtract_product(&mut b[row], &self.lu[row][k], &known);
            }
            let pivot = &self.lu[row][row];
            for (b, pivot) in b[row].iter_mut().zip(pivot.iter()) {
                *b /= pivot;
            }
        }
    }

    fn solve_pivoted(&mut self, _: usize) -> bool {
        // HIRES never needs it; giving up would show as a failed lane.
        false
    }

    fn residual(&mut self) {
        for (row, w) in self.w.iter().enumerate() {
            self.f[row] = self.b[row];
            for (w, x) in w.iter().zip(&self.x) {
                subtract_product(&mut self.f[row], w, x);
            }
        }
    }
}

fn add_product<const L: usize>(sum: &mut Lanes<L>, factor: f64, term: &Lanes<L>) {
    for lane in 0..L {
        sum[lane] += factor * term[lane];
    }
}

fn subtract_product<const L: usize>(rest: &mut Lanes<L>, factor: &Lanes<L>, term: &Lanes<L>) {
    for lane in 0..L {
        rest[lane] -= factor[lane] * term[lane];
    }
}

/// Initial values that differ a little between problems.
fn start(problem: usize) -> [f64; N] {
    [1.0 + 1e-3 * problem as f64, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0057]
}

/// Integrates all problems, a lane taking the next as soon as it is free; gives the work done.
fn integrate<const L: usize>(isa: Isa, rtol: f64) -> Result<Counters, OptionsError> {
    let tolerances = Tolerances { rtol, atol: AbsoluteTolerance::Scalar(rtol * 1e-4) };
    let mut rodas = Rodas5P::<L>::new(N, &tolerances, isa, StepOptions::default())?;
    let zero = [[Lanes::ZERO; N]; N];
    let [y, f, b, x] = [[Lanes::ZERO; N]; 4];
    let mut hires = Hires { jacobian: zero, w: zero, lu: zero, y, f, b, x };
    for lane in 0..L {
        rodas.start(lane, 0.0, &start(lane), T_STOP, None);
    }
    let (mut begun, mut done) = (L, 0);
    while done < PROBLEMS {
        rodas.step(&mut hires);
        for lane in 0..L {
            if rodas.status(lane) != (LaneStatus::Accepted { reached_stop: true }) {
                continue;
            }
            done += 1;
            black_box(rodas.time(lane));
            if begun < PROBLEMS {
                rodas.start(lane, 0.0, &start(begun), T_STOP, None);
                begun += 1;
            } else {
                rodas.park(lane);
            }
        }
    }
    let mut sum = Counters::default();
    for lane in 0..L {
        let counters = rodas.counters(lane);
        sum.steps += counters.steps;
        sum.rejected += counters.rejected;
    }
    Ok(sum)
}

#[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
fn measure<const L: usize>(isa: Isa, rtol: f64) -> Result<(), OptionsError> {
    let mut best = f64::INFINITY;
    let mut counters = Counters::default();
    for _ in 0..40 {
        let begin = Instant::now();
        counters = integrate::<L>(isa, rtol)?;
        best = best.min(begin.elapsed().as_secs_f64());
    }
    let per_problem = best * 1e6 / PROBLEMS as f64;
    let steps = (counters.steps + counters.rejected) as f64 / PROBLEMS as f64;
    let isa = isa.name();
    println!(
        "{isa:8} {L:2} lanes  rtol {rtol:.0e}: {steps:6.1} steps, {per_problem:7.1} us per problem, {:4.0} ns per step",
        per_problem * 1e3 / steps
    );
    Ok(())
}

fn main() -> Result<(), OptionsError> {
    for rtol in [1e-4, 1e-6] {
        for isa in Isa::ALL.into_iter().filter(|isa| isa.is_available()) {
            measure::<1>(isa, rtol)?;
            measure::<8>(isa, rtol)?;
            measure::<16>(isa, rtol)?;
            measure::<32>(isa, rtol)?;
        }
    }
    Ok(())
}
