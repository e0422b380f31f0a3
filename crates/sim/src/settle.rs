//! States that satisfy algebraic equations, and fast reactions in equilibrium.
//!
//! At the start, and after every dose and event, the algebraic states are solved for with the other states as they are:
//! damped Newton steps (Deuflhard, Newton Methods for Nonlinear Problems, section 2.1: a step is taken when the next
//! simplified step is shorter), from the present values and, where that fails, from a few others. Fast reactions run
//! while nothing else moves, by linearly implicit Euler steps that grow as the reactions come to rest (Deuflhard, section
//! 6.4), so that of several equilibria the one is found to which the reactions lead.

use hepatica_expr::NodeId;
use hepatica_expr::eval::Evaluator;
use hepatica_kernel::{DenseLu, Kernel, Point};
use hepatica_model::system::JacobianEntry;

use crate::trajectory::Failure;

/// Where the search begins besides the present values.
const STARTS: [f64; 8] = [1.0, 0.0, -1.0, 0.1, 10.0, -10.0, 1e3, 1e-3];
/// Newton steps from one start.
const MAX_STEPS: usize = 60;
/// The smallest part of a Newton step that is tried.
const SMALLEST_PART: f64 = 1e-4;
/// A step this small, relative to the values, ends the search; rounding allows no much smaller one.
const CONVERGED: f64 = 1e-13;
/// A step this small is accepted when it does not shrink any more.
const ACCEPTED: f64 = 1e-9;
/// A change of this part of the absolute tolerance is none.
const NEGLIGIBLE: f64 = 1e-4;
/// Steps of the fast reactions before they are given up.
const MAX_FAST_STEPS: usize = 5_000;
/// The largest change by a step of the fast reactions, relative to the largest amount.
const FAST_CHANGE: f64 = 0.2;
/// A step this many times longer than the slowest fast reaction takes leads to the equilibrium itself.
const LONG: f64 = 1e10;

/// What is solved for.
#[derive(Debug)]
pub(crate) struct Settle {
    algebraic: Equations,
    fast: Equations,
}

/// As many equations as unknown states.
#[derive(Debug, Default)]
struct Equations {
    states: Vec<usize>,
    residuals: Vec<NodeId>,
    /// Equation, unknown, derivative.
    jacobian: Vec<(usize, usize, NodeId)>,
}

impl Equations {
    fn new(states: Vec<usize>, residuals: Vec<NodeId>, jacobian: &[JacobianEntry]) -> Equations {
        let place = |i: u32| states.iter().position(|state| *state == i as usize);
        let entry = |e: &JacobianEntry| Some((place(e.row.0)?, place(e.col.0)?, e.node));
        let jacobian = jacobian.iter().filter_map(entry).collect();
        Equations { states, residuals, jacobian }
    }

    fn values(&self, y: &[f64]) -> Vec<f64> {
        self.states.iter().map(|i| y[*i]).collect()
    }

    fn put(&self, y: &mut [f64], values: &[f64]) {
        for (i, value) in self.states.iter().zip(values) {
            y[*i] = *value;
        }
    }

    fn add(&self, y: &mut [f64], step: &[f64], part: f64) {
        for (i, step) in self.states.iter().zip(step) {
            y[*i] += part * step;
        }
    }
}

/// Where the equations are solved, and how finely.
#[derive(Clone, Copy)]
pub(crate) struct Where<'w> {
    pub(crate) t: f64,
    pub(crate) p: &'w [f64],
    pub(crate) d: &'w [f64],
    pub(crate) atol: f64,
}

impl Settle {
    /// The equations of a model; `None` when it has none.
    pub(crate) fn new(kernel: &Kernel) -> Option<Settle> {
        let system = kernel.system();
        let is_algebraic = |i: &usize| system.mass.as_ref().is_some_and(|mass| mass.as_slice()[*i] == 0.0);
        let states: Vec<usize> = (0..system.states.len()).filter(is_algebraic).collect();
        let residuals = states.iter().map(|i| system.rhs.as_slice()[*i]).collect();
        let algebraic = Equations::new(states, residuals, &system.jacobian);
        let states = system.fast.iter().map(|fast| fast.state.0 as usize).collect();
        let flows = system.fast.iter().map(|fast| fast.flow).collect();
        let fast = Equations::new(states, flows, &system.fast_jacobian);
        let has_any = !algebraic.states.is_empty() || !fast.states.is_empty();
        has_any.then_some(Settle { algebraic, fast })
    }

    /// Makes `y` satisfy the equations.
    ///
    /// # Errors
    /// No values were found that do.
    pub(crate) fn run(
        &self,
        (kernel, scratch): (&Kernel, &mut Evaluator),
        at: Where<'_>,
        y: &mut [f64],
    ) -> Result<(), Failure> {
        let mut of = Solver { kernel, scratch, at };
        if !self.algebraic.states.is_empty() && !of.newton_from_several(&self.algebraic, y) {
            return Err(Failure::Inconsistent { t: at.t });
        }
        if self.fast.states.is_empty() {
            return Ok(());
        }
        for _ in 0..MAX_FAST_STEPS {
            let is_done = of.relax(&self.fast, y);
            if !self.algebraic.states.is_empty() && !of.newton(&self.algebraic, y) {
                return Err(Failure::Inconsistent { t: at.t });
            }
            match is_done {
                // With algebraic equations between them, the equilibrium is found when it stays.
                Some(change) if self.algebraic.states.is_empty() || change <= CONVERGED => return Ok(()),
                Some(_) => {}
                None => break,
            }
        }
        Err(Failure::NoEquilibrium { t: at.t })
    }
}

struct Solver<'s> {
    kernel: &'s Kernel,
    scratch: &'s mut Evaluator,
    at: Where<'s>,
}

impl Solver<'_> {
    fn residuals(&mut self, equations: &Equations, y: &[f64]) -> Vec<f64> {
        let at = Point { t: self.at.t, y, p: self.at.p, d: self.at.d };
        self.kernel.eval_scalars(self.scratch, &equations.residuals, at)
    }

    fn jacobian(&mut self, equations: &Equations, y: &[f64]) -> Vec<f64> {
        let n = equations.states.len();
        let at = Point { t: self.at.t, y, p: self.at.p, d: self.at.d };
        let mut matrix = vec![0.0; n * n];
        for (row, col, node) in &equations.jacobian {
            matrix[row * n + col] += self.kernel.eval_scalar(self.scratch, *node, at);
        }
        matrix
    }

    fn newton_from_several(&mut self, equations: &Equations, y: &mut [f64]) -> bool {
        let first = equations.values(y);
        let others = STARTS.iter().map(|start| vec![*start; first.len()]);
        for start in std::iter::once(first.clone()).chain(others) {
            equations.put(y, &start);
            if self.newton(equations, y) {
                return true;
            }
        }
        equations.put(y, &first);
        false
    }

    /// Damped Newton steps until the equations hold; false when they do not come to hold.
    fn newton(&mut self, equations: &Equations, y: &mut [f64]) -> bool {
        let mut last = f64::INFINITY;
        for _ in 0..MAX_STEPS {
            let residuals = self.residuals(equations, y);
            let Some(mut lu) = factored(&self.jacobian(equations, y)) else { return false };
            let Some(step) = solved(&mut lu, &residuals) else { return false };
            let size = self.size(&equations.values(y), &step);
            if size <= CONVERGED || (size <= ACCEPTED && size >= 0.5 * last) {
                equations.add(y, &step, -1.0);
                return true;
            }
            last = size;
            if !self.damped(equations, y, (&mut lu, &step, size)) {
                return false;
            }
        }
        false
    }

    /// Goes as far along a Newton step as it makes the next one shorter.
    fn damped(
        &mut self,
        equations: &Equations,
        y: &mut [f64],
        (lu, step, size): (&mut DenseLu, &[f64], f64),
    ) -> bool {
        let mut part = 1.0;
        let before = equations.values(y);
        while part >= SMALLEST_PART {
            equations.add(y, step, -part);
            let residuals = self.residuals(equations, y);
            let next = solved(lu, &residuals).map(|next| self.size(&before, &next));
            if next.is_some_and(|next| next <= (1.0 - 0.25 * part) * size || next <= CONVERGED) {
                return true;
            }
            equations.put(y, &before);
            part *= 0.5;
        }
        false
    }

    /// The largest change relative to its value.
    fn size(&self, values: &[f64], step: &[f64]) -> f64 {
        let ratio = |(value, step): (&f64, &f64)| {
            let step = step.abs();
            if step <= NEGLIGIBLE * self.at.atol { 0.0 } else { step / value.abs().max(step) }
        };
        values.iter().zip(step).map(ratio).fold(0.0, f64::max)
    }

    /// Lets the fast reactions run to their end; the largest relative change, or `None` when they have none.
    fn relax(&mut self, equations: &Equations, y: &mut [f64]) -> Option<f64> {
        let n = equations.states.len();
        let begin = equations.values(y);
        let (mut tau, mut last) = (0.0, 0.0);
        for _ in 0..MAX_FAST_STEPS {
            let flows = self.residuals(equations, y);
            if flows.iter().all(|flow| *flow == 0.0) {
                return Some(self.size(&begin, &difference(&begin, &equations.values(y))));
            }
            let jacobian = self.jacobian(equations, y);
            let quickest = jacobian.iter().fold(0.0, |a: f64, b| a.max(b.abs()));
            let largest = equations.values(y).iter().fold(0.0, |a: f64, b| a.max(b.abs()));
            if tau == 0.0 {
                let flow = flows.iter().fold(0.0, |a: f64, b| a.max(b.abs()));
                let relative = flow / largest.max(self.at.atol);
                tau = 1e-3 / quickest.max(relative).max(f64::MIN_POSITIVE);
            }
            let mut matrix: Vec<f64> = jacobian.iter().map(|entry| -entry).collect();
            (0..n).for_each(|i| matrix[i * n + i] += 1.0 / tau);
            let step = factored(&matrix).and_then(|mut lu| solved(&mut lu, &flows));
            let allowed = (FAST_CHANGE * largest).max(2.0 * last).max(NEGLIGIBLE * self.at.atol);
            let change = step.as_ref().map(|step| step.iter().fold(0.0, |a: f64, b| a.max(b.abs())));
            let (Some(step), Some(change)) = (step, change.filter(|c| *c <= allowed || last == 0.0)) else {
                tau *= 0.25;
                if tau == 0.0 {
                    return None;
                }
                continue;
            };
            equations.add(y, &step, 1.0);
            last = change;
            let is_still = change <= CONVERGED * largest || change <= NEGLIGIBLE * self.at.atol;
            if is_still && tau * quickest >= LONG {
                return Some(self.size(&begin, &difference(&begin, &equations.values(y))));
            }
            tau *= if change <= 0.1 * allowed { 10.0 } else { 2.0 };
        }
        None
    }
}

fn difference(a: &[f64], b: &[f64]) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| a - b).collect()
}

/// The factors of a matrix; `None` when it is singular.
fn factored(matrix: &[f64]) -> Option<DenseLu> {
    let mut lu = DenseLu::new(matrix.len().isqrt());
    lu.cleared().copy_from_slice(matrix);
    lu.factor().then_some(lu)
}

fn solved(lu: &mut DenseLu, b: &[f64]) -> Option<Vec<f64>> {
    lu.vector().copy_from_slice(b);
    lu.solve().then(|| lu.vector().to_vec())
}
