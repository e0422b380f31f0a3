//! Test problems, each with where it comes from.

use crate::dual::Num;
use crate::ode::Ode;

fn c<T: Num>(value: f64) -> T {
    T::from(value)
}

/// `y1 = exp(sin t)`, `y2 = 1/(1 + t^2)`: nonlinear, non-autonomous, coupled by a term that vanishes on the solution.
#[derive(Clone)]
pub(crate) struct NonAutonomous;

impl Ode for NonAutonomous {
    fn n(&self) -> usize {
        2
    }
    fn f<T: Num>(&self, t: T, y: &[T], dy: &mut [T]) {
        dy[0] = t.cos() * y[0];
        dy[1] = -c::<T>(2.0) * t * y[1] * y[1] + y[0] * (c::<T>(1.0) - y[1] * (c::<T>(1.0) + t * t));
    }
}

impl NonAutonomous {
    pub(crate) fn solution(t: f64) -> [f64; 2] {
        [t.sin().exp(), 1.0 / (1.0 + t * t)]
    }
}

/// Kaps' problem, stiff for small `epsilon`, with `y1 = exp(-2t)` and `y2 = exp(-t)` for each of them (Dekker and
/// Verwer, Stability of Runge-Kutta Methods for Stiff Nonlinear Differential Equations, 1984).
#[derive(Clone)]
pub(crate) struct Kaps {
    pub(crate) epsilon: f64,
}

impl Ode for Kaps {
    fn n(&self) -> usize {
        2
    }
    fn f<T: Num>(&self, _: T, y: &[T], dy: &mut [T]) {
        let fast = c::<T>(1.0 / self.epsilon);
        dy[0] = -(fast + c::<T>(2.0)) * y[0] + fast * y[1] * y[1];
        dy[1] = y[0] - y[1] - y[1] * y[1];
    }
}

impl Kaps {
    pub(crate) fn solution(t: f64) -> [f64; 2] {
        [(-2.0 * t).exp(), (-t).exp()]
    }
}

/// Prothero and Robinson, Math Comp 28:145 (1974): `y' = lambda (y - phi) + phi'` with `phi = sin(t + 1/4)`.
#[derive(Clone)]
pub(crate) struct ProtheroRobinson {
    pub(crate) lambda: f64,
}

impl Ode for ProtheroRobinson {
    fn n(&self) -> usize {
        1
    }
    fn f<T: Num>(&self, t: T, y: &[T], dy: &mut [T]) {
        let phase = t + c::<T>(0.25);
        dy[0] = c::<T>(self.lambda) * (y[0] - phase.sin()) + phase.cos();
    }
}

impl ProtheroRobinson {
    pub(crate) fn solution(t: f64) -> [f64; 1] {
        [(t + 0.25).sin()]
    }
}

/// `y' = z (1 + x - t)`, `0 = y^2 + z^2 - 1`, `x' = 1`: index 1, with `y = sin t`, `z = cos t`.
#[derive(Clone)]
pub(crate) struct CircleDae;

impl Ode for CircleDae {
    fn n(&self) -> usize {
        3
    }
    fn mass(&self) -> Option<Vec<f64>> {
        Some(vec![1.0, 0.0, 1.0])
    }
    fn f<T: Num>(&self, t: T, y: &[T], dy: &mut [T]) {
        dy[0] = y[1] * (c::<T>(1.0) + y[2] - t);
        dy[1] = y[0] * y[0] + y[1] * y[1] - c::<T>(1.0);
        dy[2] = c::<T>(1.0) + y[0] - t.sin();
    }
}

impl CircleDae {
    pub(crate) fn solution(t: f64) -> [f64; 3] {
        [t.sin(), t.cos(), t]
    }
}

/// A chain of first-order losses, `y_i' = k_(i-1) y_(i-1) - k_i y_i`, begun with everything in the first.
#[derive(Clone)]
pub(crate) struct DecayChain {
    pub(crate) rates: Vec<f64>,
}

impl Ode for DecayChain {
    fn n(&self) -> usize {
        self.rates.len()
    }
    fn f<T: Num>(&self, _: T, y: &[T], dy: &mut [T]) {
        let mut into = c::<T>(0.0);
        for (state, rate) in self.rates.iter().enumerate() {
            let out = c::<T>(*rate) * y[state];
            dy[state] = into - out;
            into = out;
        }
    }
}

impl DecayChain {
    /// Bateman's solution (1910), for distinct rates.
    pub(crate) fn solution(&self, t: f64) -> Vec<f64> {
        let k = &self.rates;
        let weight = |i: usize, last: usize| -> f64 {
            (0..=last).filter(|j| *j != i).map(|j| 1.0 / (k[j] - k[i])).product()
        };
        let amount = |last: usize| -> f64 {
            let passed: f64 = k[..last].iter().product();
            passed * (0..=last).map(|i| weight(i, last) * (-k[i] * t).exp()).sum::<f64>()
        };
        (0..k.len()).map(amount).collect()
    }
}

/// Logistic growth `y' = r y (1 - y/capacity)`.
#[derive(Clone)]
pub(crate) struct Logistic {
    pub(crate) r: f64,
    pub(crate) capacity: f64,
}

impl Ode for Logistic {
    fn n(&self) -> usize {
        1
    }
    fn f<T: Num>(&self, _: T, y: &[T], dy: &mut [T]) {
        dy[0] = c::<T>(self.r) * y[0] * (c::<T>(1.0) - y[0] / c::<T>(self.capacity));
    }
}

impl Logistic {
    pub(crate) fn solution(&self, y0: f64, t: f64) -> f64 {
        self.capacity / (1.0 + (self.capacity / y0 - 1.0) * (-self.r * t).exp())
    }
}

/// Robertson's kinetics (1966); as three rates, or with the third replaced by conservation of mass. `speed` scales time.
#[derive(Clone)]
pub(crate) struct Robertson {
    pub(crate) speed: f64,
    pub(crate) algebraic: bool,
}

impl Ode for Robertson {
    fn n(&self) -> usize {
        3
    }
    fn mass(&self) -> Option<Vec<f64>> {
        self.algebraic.then(|| vec![1.0, 1.0, 0.0])
    }
    fn f<T: Num>(&self, _: T, y: &[T], dy: &mut [T]) {
        let first = c::<T>(0.04 * self.speed) * y[0];
        let second = c::<T>(1e4 * self.speed) * y[1] * y[2];
        let third = c::<T>(3e7 * self.speed) * y[1] * y[1];
        dy[0] = second - first;
        dy[1] = first - second - third;
        dy[2] = if self.algebraic { y[0] + y[1] + y[2] - c::<T>(1.0) } else { third };
    }
}

/// HIRES, Schaefer (1975), as in Hairer and Wanner II, equation (IV.10.4).
#[derive(Clone)]
pub(crate) struct Hires;

impl Hires {
    pub(crate) const START: [f64; 8] = [1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0057];
    pub(crate) const END: f64 = 321.8122;
}

impl Ode for Hires {
    fn n(&self) -> usize {
        8
    }
    fn f<T: Num>(&self, _: T, y: &[T], dy: &mut [T]) {
        let k = |factor: f64, state: usize| c::<T>(factor) * y[state];
        let meeting = c::<T>(280.0) * y[5] * y[7];
        dy[0] = k(-1.71, 0) + k(0.43, 1) + k(8.32, 2) + c::<T>(0.0007);
        dy[1] = k(1.71, 0) - k(8.75, 1);
        dy[2] = k(-10.03, 2) + k(0.43, 3) + k(0.035, 4);
        dy[3] = k(8.32, 1) + k(1.71, 2) - k(1.12, 3);
        dy[4] = k(-1.745, 4) + k(0.43, 5) + k(0.43, 6);
        dy[5] = k(0.69, 3) + k(1.71, 4) - k(0.43, 5) + k(0.69, 6) - meeting;
        dy[6] = meeting - k(1.81, 6);
        dy[7] = k(1.81, 6) - meeting;
    }
}

/// Van der Pol's oscillator as in Hairer and Wanner II, equation (IV.10.1), where `epsilon = 1e-6`.
#[derive(Clone)]
pub(crate) struct VanDerPol {
    pub(crate) epsilon: f64,
}

impl Ode for VanDerPol {
    fn n(&self) -> usize {
        2
    }
    fn f<T: Num>(&self, _: T, y: &[T], dy: &mut [T]) {
        dy[0] = y[1];
        dy[1] = ((c::<T>(1.0) - y[0] * y[0]) * y[1] - y[0]) / c::<T>(self.epsilon);
    }
}

/// The Oregonator, Field and Noyes (1974), as in Hairer and Wanner II, equation (IV.10.3).
#[derive(Clone)]
pub(crate) struct Oregonator;

impl Ode for Oregonator {
    fn n(&self) -> usize {
        3
    }
    fn f<T: Num>(&self, _: T, y: &[T], dy: &mut [T]) {
        let one = c::<T>(1.0);
        dy[0] = c::<T>(77.27) * (y[1] + y[0] * (one - c::<T>(8.375e-6) * y[0] - y[1]));
        dy[1] = (y[2] - (one + y[0]) * y[1]) / c::<T>(77.27);
        dy[2] = c::<T>(0.161) * (y[0] - y[2]);
    }
}
