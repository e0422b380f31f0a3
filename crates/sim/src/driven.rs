//! A kernel with infusions, as the integrator sees it.

use hepatica_kernel::Block;
use hepatica_lanes::Lanes;
use hepatica_model::system::StateId;
use hepatica_solve::problem::Problem;

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

    fn rhs(&mut self, t: &Lanes<L>, y: &[Lanes<L>], dy: &mut [Lanes<L>]) {
        self.block.rhs(&self.clock(t), y, dy);
        for (state, rate) in self.forced.iter().zip(&self.rates) {
            let d = &mut dy[state.0 as usize];
            for lane in 0..L {
                d[lane] += rate[lane];
            }
        }
        if self.direction == Direction::Backwards {
            negate(dy);
        }
    }

    fn linearise(&mut self, t: &Lanes<L>, y: &[Lanes<L>], dfdt: &mut [Lanes<L>]) {
        // Backwards, d(-f(-t, y))/dt is df/dt again.
        self.block.linearise(&self.clock(t), y, dfdt);
    }

    fn factor(&mut self, shift: &Lanes<L>) {
        self.block.factor(&self.clock(shift));
    }

    fn solve(&mut self, b: &mut [Lanes<L>]) {
        self.block.solve(b);
        if self.direction == Direction::Backwards {
            negate(b);
        }
    }

    fn solve_pivoted(&mut self, lane: usize, b: &mut [Lanes<L>]) -> bool {
        let solved = self.block.solve_pivoted(lane, b);
        if self.direction == Direction::Backwards {
            b.iter_mut().for_each(|x| x[lane] = -x[lane]);
        }
        solved
    }

    fn residual(&mut self, b: &[Lanes<L>], x: &[Lanes<L>], r: &mut [Lanes<L>]) {
        match self.direction {
            Direction::Forwards => self.block.residual(b, x, r),
            Direction::Backwards => {
                // b - (-W) x, with W the kernel's matrix: the negative of (-b) - W x.
                let mut minus_b = b.to_vec();
                negate(&mut minus_b);
                self.block.residual(&minus_b, x, r);
                negate(r);
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
