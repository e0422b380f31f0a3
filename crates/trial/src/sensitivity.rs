//! People and constants varied together: every point of a design of sensitivity in every arm.

use hepatica_model::Model;
use hepatica_model::system::{StateId, System, Target};
use hepatica_sim::{Scenario, Source};
use hepatica_stats::StatsError;
use hepatica_stats::sensitivity::Design;

use crate::cohort::Cohort;
use crate::plan::Plan;
use crate::populate::constant_draws;
use crate::population::{Draw, Origin, Population};

/// What is varied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Varied {
    /// What differs between people.
    People,
    /// The constants of the model over their ranges, in the typical patient.
    Constants,
    /// Both at once.
    Both,
}

/// Why values cannot be varied independently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotIndependent {
    /// The population has correlations.
    Correlated,
    /// The population has a table of subjects.
    Subjects,
    /// Nothing is left to vary.
    Nothing,
}

impl Population {
    /// This population with what a sensitivity analysis varies: its draws, the constants of the model, or both. Constants
    /// that the plan sets in every arm keep their value.
    ///
    /// # Errors
    /// Values that are not independent of each other, or nothing to vary.
    pub fn varied(
        mut self,
        what: Varied,
        (model, system): (&Model, &System),
        plan: &Plan,
    ) -> Result<Population, NotIndependent> {
        if what != Varied::Constants && !self.correlations.is_empty() {
            return Err(NotIndependent::Correlated);
        }
        if self.has_subjects() {
            return Err(NotIndependent::Subjects);
        }
        if what == Varied::Constants {
            self = Population { size: self.size, ..Population::of_draws(self.seed, Vec::new()) };
        }
        self.groups.clear();
        if what != Varied::People {
            let set = |name: &str| {
                let target = system.find_param(name).map(Target::Param);
                plan.scenarios.iter().flat_map(|s| &s.overrides).any(|(t, _)| Some(*t) == target)
            };
            let names: Vec<String> = self.draws.iter().map(|d| d.name.clone()).collect();
            let held = |name: &str| set(name) || names.iter().any(|n| n == name);
            let constants: Vec<Draw> = constant_draws(model, system, &held);
            self.draws.extend(constants);
        }
        if self.draws.is_empty() { Err(NotIndependent::Nothing) } else { Ok(self) }
    }

    /// A design over the draws, keyed by their own numbers.
    ///
    /// # Errors
    /// Too few rows.
    pub fn design(&self, rows: usize) -> Result<Design, StatsError> {
        let number = |draw: &Draw| match draw.origin {
            Origin::Drawn(_, number) => number,
            Origin::Column(place) => place as u32,
        };
        Design::new(rows, self.draws.iter().map(number).collect(), self.seed)
    }
}

/// Every point of a design in every arm: scenario `i` is point `i / arms` in arm `i % arms`.
#[derive(Clone, Copy, Debug)]
pub struct Points<'a> {
    /// Who is simulated, and how.
    pub cohort: Cohort<'a>,
    /// Where.
    pub design: &'a Design,
}

impl Source for Points<'_> {
    fn count(&self) -> usize {
        self.design.points().saturating_mul(self.cohort.arms())
    }

    fn scenario(&self, index: usize) -> Result<Scenario, String> {
        let (point, arm) = (index / self.cohort.arms(), index % self.cohort.arms());
        let values = self.cohort.population.values_at(&self.design.point(point));
        self.cohort.with_values(&values, arm)
    }

    fn infused(&self) -> Vec<StateId> {
        self.cohort.infused()
    }
}
