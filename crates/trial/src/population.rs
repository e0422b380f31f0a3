//! Virtual patients: how they differ.
//!
//! A patient's values are quantiles of counter-based uniform numbers keyed by the seed, the patient and the name of the
//! value. They do not depend on the other patients, on the arm, on the order of simulation, or on what else varies: the
//! same patients are in every arm, and fixing one value leaves the others as they were. A correlation changes the values
//! it names, all but the first of them in the order of the alphabet, and no others.

use std::sync::Arc;

use hepatica_model::system::Target;
use hepatica_source::Span;
use hepatica_stats::Copula;
use hepatica_stats::distribution::Distribution;
use hepatica_stats::random::{Key, uniform};
use hepatica_unit::Unit;

use crate::groups::Group;
use crate::subjects::Subjects;

/// The spreads of a study on a model.
#[derive(Clone, Debug)]
pub struct Population {
    /// How many patients.
    pub size: u64,
    /// The seed of their differences.
    pub seed: u64,
    /// What differs: the values of the model in its order, then those of the study, then the columns of the subjects.
    pub draws: Vec<Draw>,
    /// The correlations as `(first, second, rho)` by name.
    pub correlations: Vec<(String, String, f64)>,
    /// Patients who are told apart.
    pub groups: Vec<Group>,
    /// What covariates do to model values, all that give a value before those that multiply.
    pub effects: Vec<PlannedEffect>,
    /// The places of correlated draws in the order of their names, and how they go together.
    pub(crate) together: Option<(Vec<usize>, Copula)>,
    pub(crate) subjects: Option<Arc<Subjects>>,
}

/// One thing that differs between patients.
#[derive(Clone, Debug)]
pub struct Draw {
    /// Its name.
    pub name: String,
    /// The model value it sets; `None` for a covariate that is none.
    pub target: Option<Target>,
    /// The unit of its numbers.
    pub unit: Option<Unit>,
    /// Its categories, whose places are its values; empty for numbers.
    pub levels: Vec<String>,
    /// The distribution as written, such as `lognormal(0, 0.3)`.
    pub written: String,
    /// Who gave it.
    pub given: GivenBy,
    /// Where it stands, in the study or the table of subjects.
    pub span: Option<Span>,
    pub(crate) origin: Origin,
}

/// Who says how patients differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GivenBy {
    /// The model.
    Model,
    /// The study.
    Study,
    /// The table of subjects.
    Subjects,
    /// The range of a constant, in a sensitivity analysis.
    Range,
}

/// Where a patient's value comes from.
#[derive(Clone, Debug)]
pub(crate) enum Origin {
    /// It is drawn, with the number of its draw.
    Drawn(Distribution, u32),
    /// The column of the table of subjects.
    Column(usize),
}

/// What a covariate does to a model value.
#[derive(Clone, Debug)]
pub struct PlannedEffect {
    /// The covariate, by its place among the draws.
    pub draw: usize,
    /// In patients of this category, by its place; in all if `None`.
    pub level: Option<usize>,
    /// The name of the model value.
    pub name: String,
    /// What happens to it.
    pub action: Action,
    pub(crate) target: Target,
    /// The value in the model, which is multiplied where nothing else gives a value.
    pub(crate) base: f64,
}

/// What happens to a model value, in the units of the model and the covariate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Action {
    /// It has this value.
    Set(f64),
    /// It is multiplied.
    Scale(f64),
    /// It is multiplied by (covariate / reference)^exponent.
    Power {
        /// The covariate at which the factor is 1.
        reference: f64,
        /// The exponent.
        exponent: f64,
    },
}

impl GivenBy {
    /// The word for tables.
    pub fn word(self) -> &'static str {
        match self {
            GivenBy::Model => "model",
            GivenBy::Study => "study",
            GivenBy::Subjects => "subjects",
            GivenBy::Range => "range",
        }
    }
}

impl Population {
    /// The values of a patient (counted from 0) in the order of the draws; of categories, their places.
    pub fn values(&self, patient: u64) -> Vec<f64> {
        let key = Key::new(self.seed);
        let row = usize::try_from(patient).unwrap_or(usize::MAX);
        let subject = match &self.subjects {
            Some(subjects) => subjects.keys.get(row).copied().unwrap_or(u64::MAX),
            None => patient,
        };
        let mut values: Vec<f64> = self
            .draws
            .iter()
            .map(|d| match &d.origin {
                Origin::Drawn(_, number) => uniform(&key, subject, *number),
                Origin::Column(column) => {
                    let columns = self.subjects.iter().flat_map(|s| s.columns.get(*column));
                    columns.flat_map(|c| c.values.get(row)).copied().next().unwrap_or(f64::NAN)
                }
            })
            .collect();
        if let Some((places, copula)) = &self.together {
            let mut uniforms: Vec<f64> = places.iter().map(|place| values[*place]).collect();
            copula.correlate(&mut uniforms);
            places.iter().zip(uniforms).for_each(|(place, u)| values[*place] = u);
        }
        self.to_values(&mut values);
        values
    }

    /// The values at numbers between 0 and 1, one per draw: the quantiles of what is drawn. The column of a table keeps
    /// its number.
    pub fn values_at(&self, numbers: &[f64]) -> Vec<f64> {
        let mut values = numbers.to_vec();
        self.to_values(&mut values);
        values
    }

    fn to_values(&self, values: &mut [f64]) {
        for (value, draw) in values.iter_mut().zip(&self.draws) {
            if let Origin::Drawn(distribution, _) = &draw.origin {
                *value = distribution.quantile(*value);
            }
        }
    }

    /// What a patient is called: its number from 1, or the id of a subject.
    pub fn label(&self, patient: u64) -> String {
        let row = usize::try_from(patient).unwrap_or(usize::MAX);
        let id = self.subjects.as_ref().and_then(|s| s.ids.get(row));
        id.map_or_else(|| (patient + 1).to_string(), Clone::clone)
    }

    /// The patient (counted from 0) who is called so.
    pub fn find(&self, label: &str) -> Option<u64> {
        match &self.subjects {
            Some(subjects) => subjects.ids.iter().position(|id| id == label).map(|row| row as u64),
            None => label.parse().ok().filter(|n| (1..=self.size).contains(n)).map(|n: u64| n - 1),
        }
    }

    /// Whether the patients are the subjects of a table.
    pub fn has_subjects(&self) -> bool {
        self.subjects.is_some()
    }

    /// Which subgroups a patient with these values is in, in their order.
    pub fn memberships(&self, values: &[f64]) -> Vec<bool> {
        self.groups.iter().map(|group| group.holds(values)).collect()
    }

    /// Whether a draw is a label: no model value reads it.
    pub fn is_label(&self, draw: usize) -> bool {
        self.draws.get(draw).is_some_and(|d| d.target.is_none())
            && !self.effects.iter().any(|e| e.draw == draw)
    }

    /// The model values of a patient with these values; `typical` are those of the arm for a typical patient.
    ///
    /// # Errors
    /// A covariate that has no power, as a sentence.
    pub(crate) fn settings(
        &self,
        values: &[f64],
        typical: &[(Target, f64)],
    ) -> Result<Vec<(Target, f64)>, String> {
        let drawn: Vec<(Target, f64)> =
            self.draws.iter().zip(values).filter_map(|(d, v)| Some((d.target?, *v))).collect();
        let kept = typical.iter().filter(|(t, _)| !drawn.iter().any(|(d, _)| d == t));
        let mut settings: Vec<(Target, f64)> = kept.chain(&drawn).copied().collect();
        for effect in &self.effects {
            let value = values[effect.draw];
            if effect.level.is_some_and(|level| level as f64 != value) {
                continue;
            }
            let place = settings.iter().position(|(t, _)| *t == effect.target);
            let before = place.map_or(effect.base, |i| settings[i].1);
            let after = match effect.action {
                Action::Set(value) => value,
                Action::Scale(factor) => before * factor,
                Action::Power { reference, exponent } => {
                    if value <= 0.0 {
                        let name = &self.draws[effect.draw].name;
                        return Err(format!(
                            "the covariate `{name}` is {value}, not above 0, and scales `{}`",
                            effect.name
                        ));
                    }
                    before * libm::pow(value / reference, exponent)
                }
            };
            match place {
                Some(i) => settings[i].1 = after,
                None => settings.push((effect.target, after)),
            }
        }
        Ok(settings)
    }
}
