//! A block: one kernel evaluated for `L` patients at once.

use std::ops::Range;
use std::sync::Arc;

use hepatica_lanes::{Active, Isa, Lanes};

use crate::dense::DenseLu;
use crate::kernel::Kernel;
use crate::program::{Part, Program};
use crate::run::Run;
use crate::slot::{Slot, Space};

/// A kernel evaluated for `L` patients at once, each in its lane with its own parameters, time and states.
///
/// Slices over states have length [`Kernel::n_states`]; those over roots, triggers and outputs the length of the
/// tape's results. A lane's bits depend on that lane only. Nothing is allocated after [`Block::new`].
///
/// Sixteen lanes are a good width: fewer leave the time to the instructions, not their arithmetic; more gain little, need a
/// first-level cache above 48 KiB from about 40 states on, and let patients with short steps wait for more others.
/// Nanoseconds per lane on one core of a recent Xeon server, from the example `timing`, whose
/// networks are of saturable rates (24 states: 24 divisions in 90 instructions):
///
/// | lanes | states | right-hand side | linearise | factor + solve |
/// |---|---|---|---|---|
/// | 8, AVX-512 | 24 | 23 | 40 | 49 |
/// | **16, AVX-512** | 24 | 18 | 30 | 33 |
/// | 32, AVX-512 | 24 | 17 | 28 | 29 |
/// | 16, AVX2 | 24 | 19 | 34 | 36 |
/// | 16, baseline without fused multiply-add | 24 | 26 | 82 | 286 |
/// | 8, AVX-512 | 90 | 97 | 190 | 173 |
/// | **16, AVX-512** | 90 | 88 | 134 | 141 |
/// | 32, AVX-512 | 90 | 85 | 121 | 142 |
///
/// # Panics
/// All methods panic where a slice has another length than said, or a lane is not below `L`.
#[derive(Clone, Debug)]
pub struct Block<const L: usize> {
    kernel: Arc<Kernel>,
    isa: Active,
    memory: Vec<Lanes<L>>,
    places: Places,
    /// Parameters have changed since hoisted terms were computed.
    stale: bool,
    dense: DenseLu,
    /// The lane whose pivoted factors `dense` holds.
    pivoted: Option<usize>,
}

/// The vectors of a block, one number per state: what evaluations and solves read and write.
#[derive(Debug)]
pub struct Vectors<'a, const L: usize> {
    /// The states at which the next evaluation is made.
    pub y: &'a mut [Lanes<L>],
    /// What the last right-hand side, time derivative or residual resulted in.
    pub f: &'a mut [Lanes<L>],
    /// The right-hand side of the linear system.
    pub b: &'a mut [Lanes<L>],
    /// Its solution.
    pub x: &'a mut [Lanes<L>],
}

/// The addresses that a block reads and writes itself.
#[derive(Clone, Debug)]
struct Places {
    param: Range<usize>,
    state: Range<usize>,
    delayed: Range<usize>,
    rhs: Range<usize>,
    solution: Range<usize>,
    derivative: Range<usize>,
    time: usize,
    shift: usize,
}

impl Places {
    fn new(program: &Program) -> Self {
        let layout = program.layout();
        Places {
            param: layout.range(Space::Param),
            state: layout.range(Space::State),
            delayed: layout.range(Space::Delayed),
            rhs: layout.range(Space::Rhs),
            solution: layout.range(Space::Solution),
            derivative: layout.range(Space::Derivative),
            time: layout.address(Slot::new(Space::Time, 0)) as usize,
            shift: layout.address(Slot::new(Space::Shift, 0)) as usize,
        }
    }
}

impl<const L: usize> Block<L> {
    /// A block whose parameters are all NaN, until they are set.
    ///
    /// An instruction set that the processor lacks is replaced by the baseline, which gives the same bits.
    pub fn new(kernel: Arc<Kernel>, isa: Isa) -> Self {
        let program = kernel.program();
        let places = Places::new(program);
        let mut memory = vec![Lanes::ZERO; program.layout().total() as usize];
        let constants = program.layout().range(Space::Constant);
        for (slot, constant) in memory[constants].iter_mut().zip(&program.constants) {
            *slot = Lanes::splat(*constant);
        }
        memory[places.param.clone()].fill(Lanes::splat(f64::NAN));
        let dense = DenseLu::new(program.n_states());
        Block {
            isa: isa.activate().unwrap_or(Active::BASELINE),
            memory,
            places,
            stale: true,
            dense,
            pivoted: None,
            kernel,
        }
    }

    /// The kernel.
    pub fn kernel(&self) -> &Arc<Kernel> {
        &self.kernel
    }

    /// The instruction set it runs with.
    pub fn isa(&self) -> Isa {
        self.isa.isa()
    }

    /// Gives a lane its parameters, in the order of the system.
    pub fn set_params(&mut self, lane: usize, params: &[f64]) {
        assert_eq!(params.len(), self.places.param.len(), "a patient has one value per parameter");
        for (slot, value) in self.memory[self.places.param.clone()].iter_mut().zip(params) {
            slot[lane] = *value;
        }
        self.stale = true;
    }

    /// Gives a lane the values of the past that the next evaluation reads, and their time derivatives.
    pub fn set_delayed(&mut self, lane: usize, values: &[f64]) {
        assert_eq!(values.len(), self.places.delayed.len(), "a patient has two numbers per delay");
        for (slot, value) in self.memory[self.places.delayed.clone()].iter_mut().zip(values) {
            slot[lane] = *value;
        }
    }

    /// Computes what depends on parameters only, if they have changed. Every evaluation does so by itself; this
    /// chooses the moment.
    pub fn prepare(&mut self) {
        if std::mem::replace(&mut self.stale, false) {
            self.run(Part::Hoist);
        }
    }

    fn run(&mut self, part: Part) {
        self.isa.run(Run::new(self.kernel.program(), part, &mut self.memory));
    }

    /// The vectors, to be written before and read after an evaluation or a solve.
    pub fn vectors(&mut self) -> Vectors<'_, L> {
        let Places { state, rhs, solution, derivative, .. } = self.places.clone();
        let (before_b, from_b) = self.memory.split_at_mut(rhs.start);
        let (b, from_x) = from_b.split_at_mut(solution.start - rhs.start);
        let (x, from_f) = from_x.split_at_mut(derivative.start - solution.start);
        Vectors { y: &mut before_b[state], f: &mut from_f[..derivative.len()], b, x }
    }

    /// Runs a tape at a time and the states in [`Block::vectors`].
    fn evaluate_placed(&mut self, part: Part, t: &Lanes<L>) {
        self.prepare();
        self.memory[self.places.time] = *t;
        self.run(part);
    }

    /// Runs a tape at a time and state.
    fn evaluate(&mut self, part: Part, t: &Lanes<L>, y: &[Lanes<L>], out: &mut [Lanes<L>]) {
        self.vectors().y.copy_from_slice(y);
        self.evaluate_placed(part, t);
        self.results(part, out);
    }

    fn results(&self, part: Part, out: &mut [Lanes<L>]) {
        let results = self.kernel.program().tape(part).results();
        assert_eq!(out.len(), results.len(), "tape {} has its own number of results", part.name());
        for (value, place) in out.iter_mut().zip(results) {
            *value = self.memory[*place as usize];
        }
    }

    /// `f = f(t, y)` of the vectors.
    pub fn rhs_placed(&mut self, t: &Lanes<L>) {
        self.evaluate_placed(Part::Rhs, t);
    }

    /// Evaluates and keeps the Jacobian at the vector `y`, and writes `df/dt` to the vector `f`; false, and `f` left alone,
    /// where time is in no right-hand side. Factor again before solving.
    pub fn linearise_placed(&mut self, t: &Lanes<L>) -> bool {
        self.pivoted = None;
        self.evaluate_placed(Part::Linearise, t);
        !self.kernel.program().is_autonomous()
    }

    /// Solves `W x = b` of the vectors.
    pub fn solve_placed(&mut self) {
        self.run(Part::Solve);
    }

    /// `f = b - W x` of the vectors.
    pub fn residual_placed(&mut self) {
        self.run(Part::Residual);
    }

    /// `dy = f(t, y)`.
    pub fn rhs(&mut self, t: &Lanes<L>, y: &[Lanes<L>], dy: &mut [Lanes<L>]) {
        self.evaluate(Part::Rhs, t, y, dy);
    }

    /// Evaluates and keeps the Jacobian at `(t, y)`, and writes `df/dt`. Factor again before solving.
    pub fn linearise(&mut self, t: &Lanes<L>, y: &[Lanes<L>], dfdt: &mut [Lanes<L>]) {
        self.vectors().y.copy_from_slice(y);
        if self.linearise_placed(t) {
            self.results(Part::Linearise, dfdt);
        } else {
            dfdt.fill(Lanes::ZERO);
        }
    }

    /// An entry of the kept Jacobian, in the order of [`Program::jacobian`].
    pub fn jacobian_entry(&self, k: usize) -> &Lanes<L> {
        &self.memory[self.kernel.program().jacobian()[k].place as usize]
    }

    /// Factors `W = shift*M - J` with the kept Jacobian.
    pub fn factor(&mut self, shift: &Lanes<L>) {
        self.pivoted = None;
        self.memory[self.places.shift] = *shift;
        self.run(Part::Factor);
    }

    /// Solves `W x = b` in place.
    pub fn solve(&mut self, b: &mut [Lanes<L>]) {
        self.vectors().b.copy_from_slice(b);
        self.solve_placed();
        b.copy_from_slice(self.vectors().x);
    }

    /// `r = b - W x`.
    pub fn residual(&mut self, b: &[Lanes<L>], x: &[Lanes<L>], r: &mut [Lanes<L>]) {
        let vectors = self.vectors();
        vectors.b.copy_from_slice(b);
        vectors.x.copy_from_slice(x);
        self.residual_placed();
        r.copy_from_slice(self.vectors().f);
    }

    /// As [`Block::solve_pivoted_placed`], in place.
    pub fn solve_pivoted(&mut self, lane: usize, b: &mut [Lanes<L>]) -> bool {
        self.vectors().b.copy_from_slice(b);
        let solved = self.solve_pivoted_placed(lane);
        if solved {
            b.iter_mut().zip(self.vectors().x).for_each(|(b, x)| b[lane] = x[lane]);
        }
        solved
    }

    /// Solves `W x = b` of the vectors for one lane with partial pivoting; other lanes of `x` are left alone.
    /// False, and `x` untouched, when `W` is singular or the solution is not finite.
    ///
    /// Factors are reused until the next factorisation, so that several solves for one lane cost one elimination.
    pub fn solve_pivoted_placed(&mut self, lane: usize) -> bool {
        if self.pivoted != Some(lane) {
            self.pivoted = None;
            self.fill_dense(lane);
            if !self.dense.factor() {
                return false;
            }
            self.pivoted = Some(lane);
        }
        for (x, b) in self.dense.vector().iter_mut().zip(&self.memory[self.places.rhs.clone()]) {
            *x = b[lane];
        }
        let solved = self.dense.solve();
        if solved {
            let solution = &mut self.memory[self.places.solution.clone()];
            solution.iter_mut().zip(self.dense.vector().iter()).for_each(|(all, x)| all[lane] = *x);
        }
        solved
    }

    /// Writes `W` of one lane into the dense matrix.
    fn fill_dense(&mut self, lane: usize) {
        let program = self.kernel.program();
        let n = program.n_states();
        let shift = self.memory[self.places.shift][lane];
        let a = self.dense.cleared();
        for entry in program.jacobian() {
            a[entry.row as usize * n + entry.col as usize] = -self.memory[entry.place as usize][lane];
        }
        for i in 0..n {
            a[i * n + i] += shift * program.mass().map_or(1.0, |mass| mass[i]);
        }
    }

    /// The number of root functions.
    pub fn n_roots(&self) -> usize {
        self.kernel.program().tape(Part::Roots).results().len()
    }

    /// All root functions, event by event in the order of the system.
    pub fn roots(&mut self, t: &Lanes<L>, y: &[Lanes<L>], g: &mut [Lanes<L>]) {
        self.evaluate(Part::Roots, t, y, g);
    }

    /// The trigger of each event, 0 or 1, in the order of the system.
    pub fn triggers(&mut self, t: &Lanes<L>, y: &[Lanes<L>], out: &mut [Lanes<L>]) {
        self.evaluate(Part::Triggers, t, y, out);
    }

    /// The selected outputs, in the order of [`Kernel::outputs`].
    pub fn outputs(&mut self, t: &Lanes<L>, y: &[Lanes<L>], out: &mut [Lanes<L>]) {
        self.evaluate(Part::Outputs, t, y, out);
    }
}
