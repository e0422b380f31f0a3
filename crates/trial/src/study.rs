//! A study: the question as plain data.

use std::sync::Arc;

use hepatica_dose::{Course, Dose, Interruption};
use hepatica_source::{Diagnostic, Span, Spanned};

use crate::animals::Animals;
use crate::crossing::Crossing;
use crate::endpoint::Endpoint;
use crate::plausible::Accepted;
use crate::spec::{Observed, PopulationSpec, SubgroupSpec};

/// What is asked: arms of one model, compared over a time.
#[derive(Clone, Debug)]
pub struct Study {
    /// Its title.
    pub title: String,
    /// The question it answers, shown above the answer; may be empty.
    pub question: String,
    /// What can and cannot be concluded, the first paragraph of the report; may be empty.
    pub lead: String,
    /// The model's id, such as `human/overdose`, or a path.
    pub model: String,
    /// The number of liver zones, when the study asks for another variant of the model.
    pub zones: Option<u32>,
    /// Where the model's name stands in the study file.
    pub model_span: Option<Span>,
    /// Length of the simulation, h.
    pub duration_h: f64,
    /// Time between observations, h.
    pub every_h: f64,
    /// Who is treated.
    pub subject: Subject,
    /// Model values that hold in every arm.
    pub set: Vec<Override>,
    /// The arms, at least one, with different names.
    pub arms: Vec<Arm>,
    /// Endpoints besides those of the model's view.
    pub endpoints: Vec<Endpoint>,
    /// The ids of the endpoints shown first, in place of those of the model's view; may be empty.
    pub headline: Vec<Spanned<String>>,
    /// The factors the arms were built from, if they were.
    pub factors: Vec<Factor>,
    /// Who else is treated: the same virtual patients in every arm. Without it, one typical patient.
    pub population: Option<PopulationSpec>,
    /// Patients of the population who are told apart.
    pub subgroups: Vec<SubgroupSpec>,
    /// What was observed in people, to be compared with the population.
    pub observed: Vec<Observed>,
    /// What others found, shown beside the results.
    pub published: Vec<Published>,
    /// Refusals that it overrides.
    pub accepted: Vec<Accepted>,
    /// Groups with animals of their own.
    pub animals: Option<Animals>,
    /// Where along a parameter an endpoint passes a share of another arm's.
    pub crossings: Vec<Crossing>,
}

/// What others found in people or animals, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// Who was studied.
    pub who: String,
    /// What they were given.
    pub treatment: String,
    /// What was found.
    pub finding: String,
    /// Where it is published.
    pub citation: String,
}

/// The patient.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Subject {
    /// Body weight, kg.
    pub weight_kg: f64,
    /// Where the study says so; `None` for the weight of the model's typical subject.
    pub weight: Option<Span>,
}

/// One treatment.
#[derive(Clone, Debug)]
pub struct Arm {
    /// Its name, unique in the study.
    pub name: String,
    /// What is given.
    pub doses: Vec<Given>,
    /// Model values that hold in this arm.
    pub set: Vec<Override>,
    /// The level of each factor, when the arm comes from factors.
    pub levels: Vec<usize>,
    /// Where it stands.
    pub span: Span,
}

/// What is given, before the subject is known.
#[derive(Clone, Debug)]
pub enum Given {
    /// A dose as written.
    Dose(Box<Dose>),
    /// A course, whose doses depend on the subject's weight.
    Course {
        /// The course.
        course: Arc<Course>,
        /// Its variant; `None` is the default one.
        variant: Option<String>,
        /// When it starts, h.
        at_h: f64,
        /// Pauses, the same for every dose.
        interruptions: Vec<Interruption>,
        /// Where it is asked for.
        span: Span,
    },
}

impl Given {
    /// The doses for a subject.
    ///
    /// # Errors
    /// A variant the course does not have, or a weight it has no dose for.
    pub fn doses(&self, subject: &hepatica_dose::Subject) -> Result<Vec<Dose>, Diagnostic> {
        match self {
            Given::Dose(dose) => Ok(vec![(**dose).clone()]),
            Given::Course { course, variant, at_h, interruptions, span } => {
                let doses = course.doses(variant.as_deref(), *at_h, subject);
                let doses = doses.map_err(|error| error.diagnostic(Some(*span)))?;
                let placed = |dose| Dose { interruptions: interruptions.clone(), span: Some(*span), ..dose };
                Ok(doses.into_iter().map(placed).collect())
            }
        }
    }
}

/// A model value replaced by a study.
#[derive(Clone, Debug, PartialEq)]
pub struct Override {
    /// The name in the model.
    pub name: String,
    /// The number.
    pub value: f64,
    /// Its unit as written; `None` for a bare number, which is in the model's unit.
    pub unit: Option<String>,
    /// Where it stands; `None` when it came from the command line.
    pub span: Option<Span>,
}

/// Something that is varied: every combination of levels is an arm.
#[derive(Clone, Debug, PartialEq)]
pub struct Factor {
    /// What is varied.
    pub name: String,
    /// The levels by name.
    pub levels: Vec<String>,
}

impl Study {
    /// Times of observation: every `every_h` from zero, the end included.
    pub fn grid(&self) -> Vec<f64> {
        // Multiples rather than repeated sums, so that 8 h is exactly 8 whatever the interval.
        let steps = (self.duration_h / self.every_h + 1e-9).floor() as usize;
        let mut times: Vec<f64> = (0..=steps).map(|i| i as f64 * self.every_h).collect();
        if times.last().is_some_and(|last| *last < self.duration_h) {
            times.push(self.duration_h);
        }
        times
    }
}
