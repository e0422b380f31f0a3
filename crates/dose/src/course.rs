//! Courses: named sequences of doses.

use std::error::Error;
use std::fmt;

use hepatica_source::{Diagnostic, Span, nearest};

use crate::{Amount, Dose, Given, Infusion, Preparation, Repeats, Subject};

/// A named sequence of doses, such as three bags of acetylcysteine over 21 h.
#[derive(Clone, Debug, PartialEq)]
pub struct Course {
    /// The name used in study files.
    pub id: String,
    /// What is shown to people.
    pub title: String,
    /// The drug.
    pub drug: String,
    /// The route.
    pub route: String,
    /// Where the regimen is published.
    pub sources: Vec<String>,
    /// The forms in use, the default one first; at least one.
    pub variants: Vec<Variant>,
}

/// One form of a course: a jurisdiction, an edition of a label.
#[derive(Clone, Debug, PartialEq)]
pub struct Variant {
    /// Its name within the course.
    pub name: String,
    /// Where its limits are published.
    pub source: String,
    /// The name under which it is a regimen that can be made up, such as `us-3bag`.
    pub regimen: Option<String>,
    /// The variant that is its increased dose.
    pub increased: Option<String>,
    /// Whom and what it is for.
    pub applies: Option<String>,
    /// What is to be known of it.
    pub notes: Vec<Note>,
    /// The largest body weight that is counted for doses per kilogram, in kg.
    pub weight_cap_kg: Option<f64>,
    /// The smallest body weight it is for, in kg.
    pub min_weight_kg: Option<f64>,
    /// The body weight from which on it has no dose, in kg.
    pub below_weight_kg: Option<f64>,
    /// The doses.
    pub steps: Vec<Step>,
    /// How they are made up.
    pub preparation: Option<Preparation>,
}

/// A sentence to know about a variant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The sentence.
    pub says: String,
    /// Where it is published; `None` for what follows from the record itself.
    pub source: Option<String>,
    /// Whether a second source is wanting, so that nobody takes it for a rule.
    pub unconfirmed: bool,
}

/// One dose of a course, possibly repeated.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// What is shown to people, such as `bag 1`.
    pub name: String,
    /// When, in h from the start of the course.
    pub at_h: f64,
    /// How much.
    pub dose: StepDose,
    /// The duration of an infusion in h; `None` is at once.
    pub over_h: Option<f64>,
    /// Further doses like it.
    pub repeats: Option<Repeats>,
}

/// How much a step gives.
#[derive(Clone, Debug, PartialEq)]
pub struct StepDose {
    /// The dose outside all bands; `None` refuses a weight outside them.
    pub otherwise: Option<Amount>,
    /// Doses by body weight, as label tables give them.
    pub bands: Vec<Band>,
}

/// A dose for a range of body weights.
#[derive(Clone, Debug, PartialEq)]
pub struct Band {
    /// The smallest weight in kg.
    pub from_kg: f64,
    /// The weight in kg from which on the next band holds; infinite for a band without an end.
    pub below_kg: f64,
    /// The dose.
    pub dose: Amount,
}

impl Course {
    /// The variant of this name, or the default one.
    ///
    /// # Errors
    /// No variant has this name.
    pub fn variant(&self, name: Option<&str>) -> Result<&Variant, CourseError> {
        let found = match name {
            None => self.variants.first(),
            Some(name) => self.variants.iter().find(|v| v.name == name),
        };
        found.ok_or_else(|| CourseError::UnknownVariant {
            course: self.id.clone(),
            name: name.unwrap_or("").to_string(),
            known: self.variants.iter().map(|v| v.name.clone()).collect(),
        })
    }

    /// The doses for a subject when the course starts at `at_h`.
    ///
    /// # Errors
    /// An unknown variant, or a body weight the variant has no dose for.
    pub fn doses(
        &self,
        variant: Option<&str>,
        at_h: f64,
        subject: &Subject,
    ) -> Result<Vec<Dose>, CourseError> {
        let variant = self.variant(variant)?;
        self.check_weight(variant, subject.weight_kg)?;
        variant.steps.iter().map(|step| self.dose(variant, step, at_h, subject)).collect()
    }

    fn check_weight(&self, variant: &Variant, weight_kg: Option<f64>) -> Result<(), CourseError> {
        let Some(weight_kg) = weight_kg else { return Ok(()) };
        let too_light = variant.min_weight_kg.is_some_and(|min| weight_kg < min);
        let too_heavy = variant.below_weight_kg.is_some_and(|limit| weight_kg >= limit);
        if too_light || too_heavy { Err(self.outside(variant, weight_kg)) } else { Ok(()) }
    }

    fn outside(&self, variant: &Variant, weight_kg: f64) -> CourseError {
        CourseError::WeightOutside {
            course: self.id.clone(),
            variant: variant.name.clone(),
            weight_kg,
            from_kg: variant.min_weight_kg,
            below_kg: variant.below_weight_kg,
        }
    }

    fn dose(
        &self,
        variant: &Variant,
        step: &Step,
        at_h: f64,
        subject: &Subject,
    ) -> Result<Dose, CourseError> {
        let amount = self.amount(variant, step, subject.weight_kg)?;
        let given = step.over_h.map_or(Given::Bolus, |h| Given::Infusion(Infusion::DurationH(h)));
        let dose = Dose::new(&self.drug, &self.route, amount, at_h + step.at_h);
        Ok(Dose { given, repeats: step.repeats, ..dose })
    }

    /// The amount of a step with the variant's cap of body weight.
    fn amount(&self, variant: &Variant, step: &Step, weight_kg: Option<f64>) -> Result<Amount, CourseError> {
        let amount = match (step.dose.bands.as_slice(), weight_kg) {
            ([], _) => step.dose.otherwise.clone(),
            (_, None) => return Err(CourseError::NoWeight { course: self.id.clone() }),
            (bands, Some(kg)) => {
                let band = bands.iter().find(|b| b.from_kg <= kg && kg < b.below_kg);
                band.map(|b| b.dose.clone()).or_else(|| step.dose.otherwise.clone())
            }
        };
        let amount = amount.ok_or_else(|| self.outside(variant, weight_kg.unwrap_or(f64::NAN)))?;
        Ok(match (amount, variant.weight_cap_kg) {
            (Amount::PerKg(per_kg, mut cap), Some(limit)) => {
                cap.weight_kg = Some(cap.weight_kg.map_or(limit, |own| own.min(limit)));
                Amount::PerKg(per_kg, cap)
            }
            (amount, _) => amount,
        })
    }
}

/// Why a course has no doses for a subject.
#[derive(Clone, Debug, PartialEq)]
pub enum CourseError {
    /// No variant has this name.
    UnknownVariant {
        /// The course.
        course: String,
        /// The name.
        name: String,
        /// Those it has.
        known: Vec<String>,
    },
    /// The variant is not for this body weight.
    WeightOutside {
        /// The course.
        course: String,
        /// The variant.
        variant: String,
        /// The body weight in kg.
        weight_kg: f64,
        /// The smallest one it is for.
        from_kg: Option<f64>,
        /// The one from which on it is not.
        below_kg: Option<f64>,
    },
    /// Its doses go by body weight and the subject has none.
    NoWeight {
        /// The course.
        course: String,
    },
}

impl CourseError {
    /// As a diagnostic at the place the course was asked for.
    pub fn diagnostic(&self, span: Option<Span>) -> Diagnostic {
        let (code, hint) = match self {
            CourseError::UnknownVariant { name, known, .. } => {
                let hint = match nearest(name, known.iter().map(String::as_str)) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("known are {}", known.join(", ")),
                };
                ("course/unknown-variant", hint)
            }
            CourseError::WeightOutside { .. } => {
                ("course/weight", "choose another variant or course for this weight".to_string())
            }
            CourseError::NoWeight { .. } => {
                ("dose/no-weight", "give the weight of the subject, as in weight = \"70 kg\"".to_string())
            }
        };
        let diagnostic = Diagnostic::error(code, self.to_string()).hint(hint);
        match span {
            Some(span) => diagnostic.at(span, ""),
            None => diagnostic,
        }
    }
}

impl fmt::Display for CourseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CourseError::UnknownVariant { course, name, .. } => {
                write!(f, "the course `{course}` has no variant `{name}`")
            }
            CourseError::WeightOutside { course, variant, weight_kg, from_kg, below_kg } => {
                write!(f, "the course `{course}` ({variant}) has no dose for {weight_kg} kg")?;
                match (from_kg, below_kg) {
                    (Some(from), Some(below)) => write!(f, "; it is for {from} kg to below {below} kg"),
                    (Some(from), None) => write!(f, "; it is for {from} kg and above"),
                    (None, Some(below)) => write!(f, "; it is for below {below} kg"),
                    (None, None) => Ok(()),
                }
            }
            CourseError::NoWeight { course } => {
                write!(f, "the doses of the course `{course}` go by body weight, and the subject has none")
            }
        }
    }
}

impl Error for CourseError {}
