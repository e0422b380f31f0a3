//! A kernel with infusions, as the integrator sees it.

use hepatica_kernel::Block;
use hepatica_lanes::Lanes;
use hepatica_model::system::StateId;
use hepatica_solve::{DenseStep, Problem, Vectors};

use crate::past::Past;

/// `y' = f(t, y) + r`, where `r` is the infusion rate into a few states of each lane.
///
/// The rates are constant between stops, so neither the Jacobian nor df/dt knows them. Backwards, time is counted from
/// the start: `y' = -f(-t, y) - r`, whose matrix `s M + J` is the negative of the kernel's for the shift `-s`.
pub(crate) struct Driven<const L: usize> {
    block: Block<L>,
    forced: Vec<StateId>,
    rates: Vec<Lanes<L>>,
    direction: Direction,
    /// For a model with delays.
    delayed: Option<Delayed>,
}

/// The pasts of the lanes, and room for one lane.
struct Delayed {
    past: Past,
    params: Vec<Vec<f64>>,
    y: Vec<f64>,
    values: Vec<f64>,
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
        let kernel = block.kernel().clone();
        let delayed = Past::new(&kernel, L).map(|past| Delayed {
            past,
            params: vec![Vec::new(); L],
            y: vec![0.0; kernel.n_states()],
            values: vec![0.0; 2 * kernel.system().delays.len()],
        });
        Driven { block, forced, rates, direction, delayed }
    }

    /// The pasts of the lanes of a model with delays.
    pub(crate) fn past(&mut self) -> Option<&mut Past> {
        self.delayed.as_mut().map(|delayed| &mut delayed.past)
    }

    /// Gives the block the values of the past at each lane's time.
    fn look(&mut self, t: &Lanes<L>, with_rates: bool) {
        let Some(Delayed { past, params, y: state, values }) = &mut self.delayed else { return };
        for lane in 0..L {
            if !past.is_active(lane) {
                continue;
            }
            for (value, all) in state.iter_mut().zip(self.block.vectors().y.iter()) {
                *value = all[lane];
            }
            past.look(lane, t[lane], (state, &params[lane]), values);
            if with_rates {
                past.look_at_rates(lane, t[lane], (state, &params[lane]), values);
            }
            self.block.set_delayed(lane, values);
        }
    }

    /// Sets what a lane is driven with.
    pub(crate) fn load(&mut self, lane: usize, params: &[f64], rates: &[f64]) {
        self.block.set_params(lane, params);
        if let Some(delayed) = &mut self.delayed {
            params.clone_into(&mut delayed.params[lane]);
        }
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
        self.look(t, false);
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
        self.look(t, true);
        // Backwards, d(-f(-t, y))/dt is df/dt again.
        self.block.linearise_placed(&self.clock(t))
    }

    fn accepted(&mut self, lane: usize, step: &DenseStep<'_, L>) {
        if let Some(past) = self.past() {
            past.accept(lane, step);
        }
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
