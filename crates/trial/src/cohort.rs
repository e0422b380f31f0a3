//! The scenarios of every patient in every arm.

use hepatica_model::system::{StateId, Target};
use hepatica_sim::{Scenario, Source, bind};

use crate::plan::{Plan, doses_of};
use crate::population::Population;
use crate::study::Study;

/// Every patient in every arm: scenario `i` is patient `i / arms` in arm `i % arms`.
#[derive(Clone, Copy, Debug)]
pub struct Cohort<'a> {
    /// The arms.
    pub study: &'a Study,
    /// The arms on the model.
    pub plan: &'a Plan,
    /// The patients.
    pub population: &'a Population,
}

impl Cohort<'_> {
    /// The number of arms.
    pub fn arms(&self) -> usize {
        self.plan.scenarios.len()
    }

    /// Patient (from 0) and arm of a scenario.
    pub fn place(&self, index: usize) -> (u64, usize) {
        ((index / self.arms()) as u64, index % self.arms())
    }

    /// Which subgroups a patient (from 0) is in, in their order; empty where nobody is told apart.
    pub fn memberships(&self, patient: u64) -> Vec<bool> {
        match self.population.groups.is_empty() {
            true => Vec::new(),
            false => self.population.memberships(&self.population.values(patient)),
        }
    }

    /// A patient in an arm.
    ///
    /// # Errors
    /// A patient the doses or a covariate do not fit, as a sentence.
    pub fn patient(&self, patient: u64, arm: usize) -> Result<Scenario, String> {
        let scenario = self.with_values(&self.population.values(patient), arm)?;
        Ok(Scenario { seed: patient, ..scenario })
    }

    /// Whoever has these values, one per draw, in an arm.
    ///
    /// # Errors
    /// Values that the doses or a covariate do not fit, as a sentence.
    pub fn with_values(&self, values: &[f64], arm: usize) -> Result<Scenario, String> {
        let typical = &self.plan.scenarios[arm];
        let overrides = self.population.settings(values, &typical.overrides)?;
        let weight_of = |set: &[(Target, f64)]| {
            set.iter().find(|(t, _)| Some(*t) == self.plan.weight).map(|(_, value)| *value)
        };
        let weight = weight_of(&overrides).filter(|w| weight_of(&typical.overrides) != Some(*w));
        let actions = match weight {
            None => typical.actions.clone(),
            Some(weight_kg) => {
                let doses = doses_of(&self.study.arms[arm], weight_kg, &self.plan.ports);
                let (_, schedule) = doses
                    .map_err(|problems| problems.first().map_or_else(String::new, |p| p.message.clone()))?;
                bind(&schedule, &self.plan.port_states)
            }
        };
        Ok(Scenario { overrides, actions, times: typical.times.clone(), seed: 0 })
    }
}

impl Source for Cohort<'_> {
    fn count(&self) -> usize {
        usize::try_from(self.population.size).unwrap_or(usize::MAX).saturating_mul(self.arms())
    }

    fn scenario(&self, index: usize) -> Result<Scenario, String> {
        let (patient, arm) = self.place(index);
        self.patient(patient, arm)
    }

    fn infused(&self) -> Vec<StateId> {
        let mut states = self.plan.port_states.clone();
        states.sort_unstable();
        states.dedup();
        states
    }
}
