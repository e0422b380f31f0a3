//! A kernel with infusions, as the integrator sees it.

use hepatica_kernel::Block;
use hepatica_lanes::Lanes;
use hepatica_model::system::StateId;
use hepatica_solve::{Problem, Vectors};

/// `y' = f(t, y) + r`, where `r` is the infusion rate into a few states of each lane.
///
/// The rates are constant between stops, so neither the Jacobian nor df/dt knows them. Backwards, time is counted from
/// the start: `y' = -f(-t, y) - r`, whose matrix `s M + J` is the negative of the kernel's for the shift `-s`.
pub(crate) struct Driven<const L: usize> {
    block: Block<L>,
    forced: Vec<StateId>,
    rates: Vec<Lanes<L>>,
    direction: Direction,
}

/// Which way time runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    /// As always.
    Forwards,
    /// Only to extrapolate a steady state to before a dose.
    Backwards,
}

impl<const L: usize> Driven<L> {
    pub(crate) fn new(block: Block<L>, forced: Vec<StateId>, direction: Direction) -> Self {
        let rates = vec![Lanes::ZERO; forced.len()];
        Driven { block, forced, rates, direction }
    }

    /// Sets what a lane is driven with.
    pub(crate) fn load(&mut self, lane: usize, params: &[f64], rates: &[f64]) {
        self.block.set_params(lane, params);
        for (all, rate) in self.rates.iter_mut().zip(rates) {
            all[lane] = *rate;
        }
    }

    /// The states that infusions may go into.
    pub(crate) fn forced(&self) -> &[StateId] {
        &self.forced
    }
}

impl<const L: usize> Problem<L> for Driven<L> {
    fn n_states(&self) -> usize {
        self.block.kernel().n_states()
    }

    fn mass(&self) -> Option<&[f64]> {
        self.block.kernel().program().mass()
    }

    fn vectors(&mut self) -> Vectors<'_, L> {
        let hepatica_kernel::Vectors { y, f, b, x } = self.block.vectors();
        Vectors { y, f, b, x }
    }

    fn rhs(&mut self, t: &Lanes<L>) {
        self.block.rhs_placed(&self.clock(t));
        let f = self.block.vectors().f;
        for (state, rate) in self.forced.iter().zip(&self.rates) {
            let d = &mut f[state.0 as usize];
            for lane in 0..L {
                d[lane] += rate[lane];
            }
        }
        if self.direction == Direction::Backwards {
            negate(f);
        }
    }

    fn linearise(&mut self, t: &Lanes<L>) -> bool {
        // Backwards, d(-f(-t, y))/dt is df/dt again.
        self.block.linearise_placed(&self.clock(t))
    }

    fn factor(&mut self, shift: &Lanes<L>) {
        self.block.factor(&self.clock(shift));
    }

    fn solve(&mut self) {
        self.block.solve_placed();
        if self.direction == Direction::Backwards {
            negate(self.block.vectors().x);
        }
    }

    fn solve_pivoted(&mut self, lane: usize) -> bool {
        let solved = self.block.solve_pivoted_placed(lane);
        if solved && self.direction == Direction::Backwards {
            self.block.vectors().x.iter_mut().for_each(|x| x[lane] = -x[lane]);
        }
        solved
    }

    fn residual(&mut self) {
        match self.direction {
            Direction::Forwards => self.block.residual_placed(),
            Direction::Backwards => {
                // b - (-W) x, with W the kernel's matrix, is b - W (-x).
                negate(self.block.vectors().x);
                self.block.residual_placed();
                negate(self.block.vectors().x);
            }
        }
    }
}

impl<const L: usize> Driven<L> {
    /// Times, or shifts, as the kernel has them.
    fn clock(&self, t: &Lanes<L>) -> Lanes<L> {
        match self.direction {
            Direction::Forwards => *t,
            Direction::Backwards => Lanes(t.map(|t| -t)),
        }
    }
}

fn negate<const L: usize>(values: &mut [Lanes<L>]) {
    for value in values {
        *value = Lanes(value.map(|v| -v));
    }
}
