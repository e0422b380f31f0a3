//! The first step of a lane that was given none.
//!
//! Hairer, Norsett and Wanner, Solving Ordinary Differential Equations I, 2nd ed. (1993), section II.4, "starting step
//! size", in the weighted norm of the error control. We differ: algebraic states are left out of the norms, as the
//! right-hand side is not their derivative; and where the book has the step 1e-6, which depends on the unit of time,
//! we take that fraction of the way to the stop.

use hepatica_lanes::{Lanes, math};

use crate::clock::Clocks;
use crate::options::CheckedTolerances;
use crate::problem::Problem;

/// Below this a norm says nothing about the scale of the solution.
const NEGLIGIBLE_NORM: f64 = 1e-5;
/// Part of the way to the stop to try when the solution gives no scale.
const FRACTION_OF_THE_WAY: f64 = 1e-6;
/// Below this both derivatives vanish.
const NEGLIGIBLE_DERIVATIVE: f64 = 1e-15;

/// State, tolerances and buffers with which first steps are found.
pub(crate) struct FirstStep<'a, const L: usize> {
    pub(crate) tolerances: &'a CheckedTolerances<L>,
    /// The diagonal of `M`.
    pub(crate) mass: &'a [f64],
    /// The state at the start.
    pub(crate) y: &'a [Lanes<L>],
    /// Room for the right-hand side there.
    pub(crate) f: &'a mut [Lanes<L>],
}

/// Chooses the first step of every lane that waits for one.
pub(crate) fn choose<P: Problem<L>, const L: usize>(
    problem: &mut P,
    clocks: &mut Clocks<L>,
    task: FirstStep<'_, L>,
) {
    let ways: [Option<f64>; L] = std::array::from_fn(|lane| clocks.needs_first_step(lane));
    if ways == [None; L] {
        return;
    }
    let FirstStep { tolerances, mass, y, f } = task;
    let (mut t, mut euler) = (clocks.t, Lanes::<L>::ZERO);
    problem.vectors().y.copy_from_slice(y);
    problem.rhs(&t);
    f.copy_from_slice(problem.vectors().f);
    for (lane, way) in waiting(&ways) {
        let probe = Probe { lane, tolerances, mass, y, f };
        euler[lane] = probe.euler_step(way);
        probe.euler_state(euler[lane], problem.vectors().y);
        t[lane] += euler[lane];
    }
    problem.rhs(&t);
    for (lane, way) in waiting(&ways) {
        let probe = Probe { lane, tolerances, mass, y, f };
        let f_ahead = problem.vectors().f;
        let h = probe.first_step(f_ahead, (euler[lane], way), clocks.controller.exponent());
        clocks.set_first_step(lane, h);
        clocks.lane_mut(lane).counters.rhs += 2;
    }
}

/// The lanes that wait for a step, and how far each may go.
fn waiting(ways: &[Option<f64>]) -> impl Iterator<Item = (usize, f64)> {
    ways.iter().enumerate().filter_map(|(lane, way)| way.map(|way| (lane, way)))
}

/// Values and derivatives of one lane.
struct Probe<'a, const L: usize> {
    lane: usize,
    tolerances: &'a CheckedTolerances<L>,
    mass: &'a [f64],
    y: &'a [Lanes<L>],
    f: &'a [Lanes<L>],
}

impl<const L: usize> Probe<'_, L> {
    /// Root mean square of `quantity(state)` over the differential states, in units of the tolerance.
    fn norm(&self, quantity: impl Fn(usize) -> f64) -> f64 {
        let (mut sum, mut count) = (0.0, 0u32);
        for (state, mass) in self.mass.iter().enumerate() {
            if *mass != 0.0 {
                let y = self.y[state][self.lane].abs();
                let weight = self.tolerances.atol[state][self.lane] + self.tolerances.rtol * y;
                let ratio = quantity(state) / weight;
                sum += ratio * ratio;
                count += 1;
            }
        }
        (sum / f64::from(count.max(1))).sqrt()
    }

    fn derivative(&self, f: &[Lanes<L>], state: usize) -> f64 {
        f[state][self.lane] / self.mass[state]
    }

    /// Length of the explicit Euler step that samples the second derivative; `way` is the time to the stop.
    fn euler_step(&self, way: f64) -> f64 {
        let value = self.norm(|state| self.y[state][self.lane]);
        let slope = self.norm(|state| self.derivative(self.f, state));
        let has_scale = value > NEGLIGIBLE_NORM && slope > NEGLIGIBLE_NORM;
        let h = if has_scale { 0.01 * (value / slope) } else { small_part(way) };
        if h > 0.0 && h.is_finite() { h.min(way) } else { small_part(way) }
    }

    /// Writes the state after the Euler step into `u`; algebraic states stay.
    fn euler_state(&self, h: f64, u: &mut [Lanes<L>]) {
        for (state, mass) in self.mass.iter().enumerate() {
            let slope = if *mass == 0.0 { 0.0 } else { self.derivative(self.f, state) };
            u[state][self.lane] = self.y[state][self.lane] + h * slope;
        }
    }

    /// The first step from the right-hand side `f_ahead` after an Euler step `h`.
    fn first_step(&self, f_ahead: &[Lanes<L>], (h, way): (f64, f64), exponent: f64) -> f64 {
        let slope = self.norm(|state| self.derivative(self.f, state));
        let change = self.norm(|state| self.derivative(f_ahead, state) - self.derivative(self.f, state));
        let steepest = slope.max(change / h);
        let by_order = if steepest > NEGLIGIBLE_DERIVATIVE {
            math::pow(0.01 / steepest, exponent)
        } else {
            small_part(way).max(h * 1e-3)
        };
        let first = (100.0 * h).min(by_order).min(way);
        if first > 0.0 && first.is_finite() && change.is_finite() { first } else { h * 1e-3 }
    }
}

fn small_part(way: f64) -> f64 {
    if way.is_finite() { FRACTION_OF_THE_WAY * way } else { FRACTION_OF_THE_WAY }
}
