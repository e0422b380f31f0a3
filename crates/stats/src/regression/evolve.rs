//! The search for a minimum without slopes: for losses that come from counting, such as shares of a cohort.
//!
//! The covariance matrix adaptation of Hansen N, The CMA Evolution Strategy: A Tutorial, arXiv:1604.00772, equations
//! and default constants of its appendix A, with all weights above zero. A place is a point of the unit cube, each side
//! of which is the range of a parameter on its scale; what is drawn outside is mirrored at the sides.

use super::problem::Parameter;
use super::symmetric::Eigen;
use crate::StatsError;
use crate::random::{Key, standard_normal};

/// How long and how far a search without slopes goes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EvolveOptions {
    /// Seed of all draws.
    pub seed: u64,
    /// Generations before the search ends.
    pub generations: usize,
    /// Candidates of a generation; 0 for `4 + 3 ln n`.
    pub candidates: usize,
    /// The first standard deviation as a share of each range.
    pub spread: f64,
    /// The standard deviation, as a share of each range, at which the search has come to an end.
    pub still: f64,
}

impl Default for EvolveOptions {
    /// Seed 1, 200 generations, a spread of 0.2 (the tutorial: the optimum should lie within three of it), still at 1e-6.
    fn default() -> EvolveOptions {
        EvolveOptions { seed: 1, generations: 200, candidates: 0, spread: 0.2, still: 1e-6 }
    }
}

/// Where a search without slopes ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Evolved {
    /// The best candidate.
    pub parameters: Vec<f64>,
    /// Its loss.
    pub loss: f64,
    /// The best loss up to each generation.
    pub history: Vec<f64>,
    /// The standard deviation came down to [`EvolveOptions::still`].
    pub is_still: bool,
}

/// Searches for parameters of small loss. `losses` gives the losses of a generation of candidates in their order, so
/// that it may compute them at once; a loss that is not a number counts as infinite.
///
/// The start is a candidate of its own before the first generation. Same seed, same losses, same bits.
///
/// # Errors
/// No parameter, a start outside its bounds, a parameter without finite bounds (above zero on the logarithmic scale).
pub fn evolve(
    losses: &mut dyn FnMut(&[Vec<f64>]) -> Vec<f64>,
    parameters: &[Parameter],
    options: &EvolveOptions,
) -> Result<Evolved, StatsError> {
    if parameters.is_empty() {
        return Err(StatsError::TooFew { found: 0, needed: 1 });
    }
    let ranges: Vec<(f64, f64)> = parameters.iter().map(Parameter::range).collect();
    let is_closed = |k: &usize| {
        let (low, high) = ranges[*k];
        low.is_finite() && high.is_finite() && parameters[*k].is_possible()
    };
    if let Some(index) = (0..parameters.len()).find(|k| !is_closed(k)) {
        let what = "a start between finite bounds, above zero on the logarithmic scale";
        return Err(StatsError::Value { what, index, value: parameters[index].start });
    }
    let outward = |unit: &[f64]| -> Vec<f64> {
        let value = |((u, p), (low, high)): ((&f64, &Parameter), &(f64, f64))| {
            p.outward(low + mirrored(*u) * (high - low)).clamp(p.bounds.low, p.bounds.high)
        };
        unit.iter().zip(parameters).zip(&ranges).map(value).collect()
    };
    let start: Vec<f64> = parameters
        .iter()
        .zip(&ranges)
        .map(|(p, (low, high))| (p.inward(p.start) - low) / (high - low))
        .collect();
    let mut strategy = Strategy::new(start, options);
    let first = vec![parameters.iter().map(|p| p.start).collect::<Vec<f64>>()];
    let mut best = (first[0].clone(), losses(&first).first().copied().map_or(f64::INFINITY, worth));
    let mut history = Vec::new();
    for generation in 0..options.generations {
        let drawn = strategy.draw(generation as u64);
        let values: Vec<Vec<f64>> = drawn.iter().map(|c| outward(&c.place)).collect();
        let mut found: Vec<f64> = losses(&values).into_iter().map(worth).collect();
        found.resize(values.len(), f64::INFINITY);
        let mut order: Vec<usize> = (0..found.len()).collect();
        order.sort_by(|a, b| found[*a].total_cmp(&found[*b]).then(a.cmp(b)));
        if found[order[0]] < best.1 {
            best = (values[order[0]].clone(), found[order[0]]);
        }
        history.push(best.1);
        strategy.learn(&drawn, &order, generation);
        if strategy.widest() <= options.still {
            return Ok(Evolved { parameters: best.0, loss: best.1, history, is_still: true });
        }
    }
    Ok(Evolved { parameters: best.0, loss: best.1, history, is_still: false })
}

fn worth(loss: f64) -> f64 {
    if loss.is_nan() { f64::INFINITY } else { loss }
}

/// A coordinate mirrored into 0 to 1.
fn mirrored(u: f64) -> f64 {
    let rest = u.rem_euclid(2.0);
    if rest > 1.0 { 2.0 - rest } else { rest }
}

/// A candidate: where, and the step there in units of the spread.
struct Candidate {
    place: Vec<f64>,
    step: Vec<f64>,
}

/// The distribution candidates are drawn from, and how it learns.
struct Strategy {
    key: Key,
    candidates: usize,
    weights: Vec<f64>,
    /// The variance-effective number of parents.
    effective: f64,
    rates: Rates,
    mean: Vec<f64>,
    spread: f64,
    covariance: Vec<Vec<f64>>,
    eigen: Eigen,
    /// The paths of the spread and of the covariance.
    paths: [Vec<f64>; 2],
    /// The expected length of a normal vector.
    expected: f64,
}

/// Learning rates, by the names of the tutorial: c_sigma, d_sigma, c_c, c_1, c_mu.
struct Rates {
    spread: f64,
    damping: f64,
    path: f64,
    one: f64,
    many: f64,
}

impl Strategy {
    fn new(mean: Vec<f64>, options: &EvolveOptions) -> Strategy {
        let n = mean.len() as f64;
        let usual = 4 + (3.0 * libm::log(n)) as usize;
        let candidates = if options.candidates < 4 { usual } else { options.candidates };
        let parents = candidates / 2;
        let raw: Vec<f64> =
            (1..=parents).map(|i| libm::log(0.5 * (candidates as f64 + 1.0)) - libm::log(i as f64)).collect();
        let sum: f64 = raw.iter().sum();
        let weights: Vec<f64> = raw.iter().map(|w| w / sum).collect();
        let effective = 1.0 / weights.iter().map(|w| w * w).sum::<f64>();
        let spread = (effective + 2.0) / (n + effective + 5.0);
        let one = 2.0 / ((n + 1.3) * (n + 1.3) + effective);
        let many = 2.0 * (effective - 2.0 + 1.0 / effective) / ((n + 2.0) * (n + 2.0) + effective);
        let rates = Rates {
            spread,
            damping: 1.0 + 2.0 * (((effective - 1.0) / (n + 1.0)).sqrt() - 1.0).max(0.0) + spread,
            path: (4.0 + effective / n) / (n + 4.0 + 2.0 * effective / n),
            one,
            many: many.clamp(0.0, 1.0 - one),
        };
        let unit: Vec<Vec<f64>> =
            (0..mean.len()).map(|i| (0..mean.len()).map(|j| f64::from(u8::from(i == j))).collect()).collect();
        Strategy {
            key: Key::new(options.seed),
            candidates,
            weights,
            effective,
            rates,
            spread: options.spread,
            eigen: Eigen::of(&unit),
            covariance: unit,
            paths: [vec![0.0; mean.len()], vec![0.0; mean.len()]],
            expected: n.sqrt() * (1.0 - 1.0 / (4.0 * n) + 1.0 / (21.0 * n * n)),
            mean,
        }
    }

    /// The candidates of a generation; a draw belongs to generation, candidate and coordinate.
    fn draw(&self, generation: u64) -> Vec<Candidate> {
        let candidate = |k: usize| {
            let subject = generation * self.candidates as u64 + k as u64;
            let z: Vec<f64> = (0..self.mean.len())
                .map(|i| self.eigen.values[i].max(0.0).sqrt() * standard_normal(&self.key, subject, i as u32))
                .collect();
            let step = self.eigen.outward(&z);
            let place = self.mean.iter().zip(&step).map(|(m, s)| m + self.spread * s).collect();
            Candidate { place, step }
        };
        (0..self.candidates).map(candidate).collect()
    }

    fn learn(&mut self, drawn: &[Candidate], order: &[usize], generation: usize) {
        let n = self.mean.len();
        let mut step = vec![0.0; n];
        for (weight, k) in self.weights.iter().zip(order) {
            step.iter_mut().zip(&drawn[*k].step).for_each(|(s, d)| *s += weight * d);
        }
        self.mean.iter_mut().zip(&step).for_each(|(m, s)| *m += self.spread * s);
        let Rates { spread, damping, path, one, many } = self.rates;
        // The step as it would be if the covariance were the unit matrix.
        let mut plain = self.eigen.inward(&step);
        plain.iter_mut().zip(&self.eigen.values).for_each(|(p, v)| *p /= v.max(f64::MIN_POSITIVE).sqrt());
        let plain = self.eigen.outward(&plain);
        let keep = (spread * (2.0 - spread) * self.effective).sqrt();
        self.paths[0].iter_mut().zip(&plain).for_each(|(p, s)| *p = (1.0 - spread) * *p + keep * s);
        let size = self.paths[0].iter().map(|p| p * p).sum::<f64>().sqrt();
        let begun = 1.0 - libm::pow(1.0 - spread, 2.0 * (generation as f64 + 1.0));
        let is_steady = size / begun.sqrt() < (1.4 + 2.0 / (n as f64 + 1.0)) * self.expected;
        let keep = if is_steady { (path * (2.0 - path) * self.effective).sqrt() } else { 0.0 };
        self.paths[1].iter_mut().zip(&step).for_each(|(p, s)| *p = (1.0 - path) * *p + keep * s);
        let lost = if is_steady { 0.0 } else { path * (2.0 - path) };
        for i in 0..n {
            for j in 0..=i {
                let parents: f64 = self
                    .weights
                    .iter()
                    .zip(order)
                    .map(|(w, k)| w * drawn[*k].step[i] * drawn[*k].step[j])
                    .sum();
                let long = self.paths[1][i] * self.paths[1][j];
                let old = self.covariance[i][j];
                let new = (1.0 - one - many) * old + one * (long + lost * old) + many * parents;
                self.covariance[i][j] = new;
                self.covariance[j][i] = new;
            }
        }
        self.spread *= libm::exp(spread / damping * (size / self.expected - 1.0));
        self.eigen = Eigen::of(&self.covariance);
    }

    /// The largest standard deviation of a coordinate.
    fn widest(&self) -> f64 {
        self.spread * (0..self.mean.len()).map(|i| self.covariance[i][i].sqrt()).fold(0.0, f64::max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::regression::Parameter;

    fn each(of: impl Fn(&[f64]) -> f64) -> impl FnMut(&[Vec<f64>]) -> Vec<f64> {
        move |all| all.iter().map(|x| of(x)).collect()
    }

    /// Rosenbrock's valley in four dimensions; its minimum is at (1, 1, 1, 1).
    #[test]
    fn a_bent_valley_is_followed_to_its_end() {
        let valley = |x: &[f64]| -> f64 {
            x.windows(2).map(|w| 100.0 * (w[1] - w[0] * w[0]).powi(2) + (1.0 - w[0]).powi(2)).sum()
        };
        let parameters = [Parameter::free(-0.5).between(-3.0, 3.0); 4];
        let options = EvolveOptions { generations: 1000, still: 1e-9, ..EvolveOptions::default() };
        let found = evolve(&mut each(valley), &parameters, &options).expect("parameters are in order");
        assert!(found.is_still && found.loss < 1e-12, "{found:?}");
        assert!(found.parameters.iter().all(|p| (p - 1.0).abs() < 1e-5), "{found:?}");
        assert!(found.history.windows(2).all(|w| w[1] <= w[0]));
    }

    /// Places, not numbers of the processor: the same seed gives the same bits, another one another way.
    #[test]
    fn the_seed_decides_every_bit() {
        let parameters = [Parameter::positive(1.0).between(0.01, 100.0); 3];
        let loss = |x: &[f64]| x.iter().map(|v| libm::log(v / 7.0).powi(2)).sum::<f64>();
        let run = |seed| {
            let options = EvolveOptions { seed, generations: 40, ..EvolveOptions::default() };
            evolve(&mut each(loss), &parameters, &options).expect("parameters are in order")
        };
        assert_eq!(run(1), run(1));
        assert_ne!(run(1).history, run(2).history);
    }

    /// A minimum at a bound, losses that are no numbers, and what cannot be searched.
    #[test]
    fn bounds_are_kept_and_bad_losses_survived() {
        let parameters = [Parameter::free(0.5).between(0.0, 1.0), Parameter::positive(2.0).between(1.0, 4.0)];
        let loss = |x: &[f64]| {
            assert!((0.0..=1.0).contains(&x[0]) && (1.0..=4.0).contains(&x[1]));
            if x[1] > 3.5 { f64::NAN } else { x[0] + x[1] }
        };
        let options = EvolveOptions { generations: 400, ..EvolveOptions::default() };
        let found = evolve(&mut each(loss), &parameters, &options).expect("parameters are in order");
        assert!(found.loss < 1.0 + 1e-5, "{found:?}");
        let open = [Parameter::free(0.5)];
        assert!(evolve(&mut each(|_| 0.0), &open, &options).is_err());
        assert!(evolve(&mut each(|_| 0.0), &[], &options).is_err());
        let zero = [Parameter::positive(1.0).between(0.0, 2.0)];
        assert!(evolve(&mut each(|_| 0.0), &zero, &options).is_err());
    }
}
