//! The fixed cohorts of the qualification.
//!
//! A member's numbers depend on the seed and the member's number only: model factors as `trial` draws them, and what
//! the cohort adds (dose, times, the error of one level) from draws of their own.

use hepatica_model::Model;
use hepatica_model::system::{System, Target};
use hepatica_stats::distribution::Distribution;
use hepatica_stats::random::{Key, standard_normal, uniform};
use hepatica_trial::Population;

use crate::bench::FitError;

/// Draws that the cohort adds to those of the population, by number; those of the population are hashes of
/// names, far from these.
#[derive(Clone, Copy, Debug)]
enum Added {
    Weight = 1,
    Dose = 2,
    LevelTime = 3,
    LevelError = 4,
    Treatment = 5,
    Presentation = 6,
}

/// Body weight: log-normal, median 70 kg, log SD 0.18.
const WEIGHT: (f64, f64) = (70.0, 0.18);

/// Relative error of one measured level.
const LEVEL_ERROR: f64 = 0.05;

/// People who differ.
#[derive(Clone, Debug)]
pub struct Cohort {
    population: Population,
    key: Key,
    dose: (f64, f64),
    /// Powers of the personal factors, by draw; 1 leaves the spread of the model.
    powers: Vec<f64>,
}

/// One person of a cohort.
#[derive(Clone, Debug)]
pub struct Member {
    /// Body weight, kg.
    pub weight_kg: f64,
    /// Model values.
    pub values: Vec<(Target, f64)>,
    /// Swallowed dose, g.
    pub dose_g: f64,
    /// When the one level is drawn, h; uniform in 4 to 15 h.
    pub level_at_h: f64,
    /// What the measured level is divided by the true one.
    pub level_error: f64,
    /// Where in a window of treatment this person starts, 0 to 1.
    pub treatment: f64,
    /// When this person presents, h: log-normal, median 10 h, log SD 0.9, within 4 to 60 h.
    pub presentation_h: f64,
}

impl Cohort {
    /// A cohort by seed, with doses log-normal by median (g) and log SD.
    ///
    /// # Errors
    /// Spreads of the model that cannot be drawn from.
    pub fn new(model: &Model, system: &System, seed: u64, dose: (f64, f64)) -> Result<Cohort, FitError> {
        let population = Population::of_model(seed, model, system).map_err(|problems| {
            FitError::Compile(problems.first().map_or_else(String::new, |p| p.message.clone()))
        })?;
        let powers = vec![1.0; population.draws.len()];
        Ok(Cohort { population, key: Key::new(seed), dose, powers })
    }

    /// The cohort with the log SD of some personal factors multiplied; the factors are log-normal around 1, so
    /// that a power of the factor does it.
    ///
    /// # Errors
    /// Names that are not drawn.
    pub fn with_spreads(mut self, ratios: &[(&str, f64)]) -> Result<Cohort, FitError> {
        for (name, ratio) in ratios {
            let at = self.population.draws.iter().position(|d| d.name == *name);
            self.powers[at.ok_or_else(|| FitError::Missing((*name).to_string()))?] = *ratio;
        }
        Ok(self)
    }

    /// The log SD of a personal factor; `None` for what is not drawn or not log-normal.
    pub fn log_sd(&self, name: &str) -> Option<f64> {
        let draw = self.population.draws.iter().find(|d| d.name == name)?;
        let (_, sd) = draw.written.strip_prefix("lognormal(")?.strip_suffix(')')?.split_once(',')?;
        sd.trim().parse().ok()
    }

    /// A person by number, from 0.
    pub fn member(&self, number: u64) -> Member {
        let u = |draw: Added| uniform(&self.key, number, draw as u32);
        let z = |draw: Added| standard_normal(&self.key, number, draw as u32);
        let log_normal = |(median, log_sd): (f64, f64), draw| median * libm::exp(log_sd * z(draw));
        let values = self.population.values(number);
        Member {
            weight_kg: log_normal(WEIGHT, Added::Weight),
            values: self
                .population
                .draws
                .iter()
                .zip(values.into_iter().zip(&self.powers))
                .filter_map(|(d, (v, power))| {
                    Some((d.target?, if *power == 1.0 { v } else { libm::pow(v, *power) }))
                })
                .collect(),
            dose_g: log_normal(self.dose, Added::Dose),
            level_at_h: 4.0 + 11.0 * u(Added::LevelTime),
            level_error: libm::exp(LEVEL_ERROR * z(Added::LevelError)),
            treatment: u(Added::Treatment),
            presentation_h: presentation(u(Added::Presentation)),
        }
    }
}

/// Log-normal with median 10 h and log SD 0.9, within 4 to 60 h.
fn presentation(u: f64) -> f64 {
    let (mu, sigma) = (libm::log(10.0), 0.9);
    Distribution::TruncatedLogNormal { mu, sigma, low: 4.0, high: 60.0 }.quantile(u)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nobody_differs(seed: u64) -> Cohort {
        let population = Population::of_draws(seed, Vec::new());
        Cohort { population, key: Key::new(seed), dose: (11.0, 0.6), powers: Vec::new() }
    }

    /// Medians and log SDs of 20 000 members within five standard errors; windows kept.
    #[test]
    fn members_follow_their_laws() {
        let cohort = nobody_differs(5);
        let members: Vec<Member> = (0..20_000).map(|i| cohort.member(i)).collect();
        let spread = |of: &dyn Fn(&Member) -> f64| {
            let logs: Vec<f64> = members.iter().map(|m| libm::log(of(m))).collect();
            let mean = logs.iter().sum::<f64>() / logs.len() as f64;
            let sd = (logs.iter().map(|l| (l - mean).powi(2)).sum::<f64>() / logs.len() as f64).sqrt();
            (libm::exp(mean), sd)
        };
        for (found, (median, log_sd)) in [
            (spread(&|m| m.dose_g), (11.0, 0.6)),
            (spread(&|m| m.weight_kg), (70.0, 0.18)),
            (spread(&|m| m.level_error), (1.0, 0.05)),
        ] {
            let error = 5.0 * log_sd / 20_000f64.sqrt();
            assert!((found.0 / median - 1.0).abs() < 1.1 * error, "{found:?} {median}");
            assert!((found.1 - log_sd).abs() < error, "{found:?} {log_sd}");
        }
        assert!(members.iter().all(|m| (4.0..=15.0).contains(&m.level_at_h)));
        assert!(members.iter().all(|m| (4.0..=60.0).contains(&m.presentation_h)));
        let mut presented: Vec<f64> = members.iter().map(|m| m.presentation_h).collect();
        presented.sort_by(f64::total_cmp);
        // Median of the truncated law: Phi((ln m - ln 10)/0.9) is halfway between the bounds, m = 11.60 h.
        assert!((presented[10_000] - 11.60).abs() < 0.4, "{}", presented[10_000]);
    }

    #[test]
    fn a_member_depends_on_seed_and_number_only() {
        let (a, b) = (nobody_differs(1).member(77), nobody_differs(1).member(77));
        assert_eq!((a.dose_g, a.presentation_h), (b.dose_g, b.presentation_h));
        assert_ne!(a.dose_g, nobody_differs(2).member(77).dose_g);
    }
}
