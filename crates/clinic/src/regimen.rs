//! A course and a body weight -> bags: dose, volumes, rate, concentration, containers, clock.
//!
//! The doses, volumes and limits are those of the course record, the same that a simulated patient is given;
//! nothing here knows a dose. The product is added to the diluent, never substituted for a part of it: the
//! extreme concentrations that the US label quotes come out only that way ([`crate::regimen_check`]).

use hepatica_dose::{
    Amount, Course, CourseError, Fill, People, Preparation, Step, Subject, Variant, VolumeBand,
};
use hepatica_unit::Unit;

use crate::regimen_osmolarity::{Osmolarity, osmolarities};
use crate::regimen_rules::{Notice, notices};

/// Body weights that are taken for one: from a preterm newborn to the heaviest person on record.
pub const PLAUSIBLE_KG: std::ops::RangeInclusive<f64> = 0.5..=650.0;

/// A part of a container that is rounding and opens no further one.
const ROUNDING: f64 = 1e-9;

/// For whom bags are made up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Patient {
    /// Body weight in kg.
    pub weight_kg: f64,
    /// Whether rows for children hold.
    pub people: People,
    /// Fluid must be restricted.
    pub fluid_restricted: bool,
}

/// A course made up for one patient.
#[derive(Clone, Debug, PartialEq)]
pub struct Regimen {
    /// Its name, such as `us-3bag`.
    pub name: String,
    /// The title of the course.
    pub title: String,
    /// The course and the variant it is.
    pub course: (String, String),
    /// The patient.
    pub patient: Patient,
    /// The body weight that counts for doses per kilogram, in kg.
    pub counted_kg: f64,
    /// The product, its strength in mg/mL and its container.
    pub product: Product,
    /// The bags, or doses by mouth, in order.
    pub bags: Vec<Bag>,
    /// Diluents, the preferred one first.
    pub diluents: Vec<String>,
    /// What is to be known, with sources.
    pub notices: Vec<Notice>,
    /// Where it is published.
    pub sources: Vec<String>,
}

/// What bags are made of.
#[derive(Clone, Debug, PartialEq)]
pub struct Product {
    /// Its name.
    pub name: String,
    /// mg/mL.
    pub strength_mg_per_ml: f64,
    /// `vial` or `ampoule`.
    pub container: String,
    /// mL in one container.
    pub container_ml: f64,
}

/// One bag, or one dose by mouth with its repeats.
#[derive(Clone, Debug, PartialEq)]
pub struct Bag {
    /// Its name.
    pub name: String,
    /// When it begins, in h from the start.
    pub start_h: f64,
    /// How long it runs, in h; `None` for a dose by mouth.
    pub over_h: Option<f64>,
    /// How many such doses there are, and the time between them in h.
    pub times: u32,
    /// Time between repeats, in h.
    pub every_h: Option<f64>,
    /// The dose in mg.
    pub dose_mg: f64,
    /// What the course asks for per kilogram of counted weight, in mg/kg; `None` where only a table does.
    pub nominal_mg_per_kg: Option<f64>,
    /// The volume of the product, in mL.
    pub concentrate_ml: f64,
    /// The volume of the diluent, in mL.
    pub diluent_ml: f64,
    /// Both together, in mL.
    pub total_ml: f64,
    /// The rate that empties the bag in time, in mL/h.
    pub rate_ml_per_h: Option<f64>,
    /// The rate that the table prints, in mL/h.
    pub printed_ml_per_h: Option<f64>,
    /// The concentration of the mixture, in mg/mL.
    pub mg_per_ml: f64,
    /// Containers opened for one dose.
    pub containers: u32,
    /// Osmolarity by diluent, where it is known.
    pub osmolarity: Vec<Osmolarity>,
}

impl Bag {
    /// The end of it in h from the start; the last repeat counts.
    pub fn end_h(&self) -> f64 {
        self.start_h + self.every_h.unwrap_or(0.0) * f64::from(self.times - 1) + self.over_h.unwrap_or(0.0)
    }

    /// What is given by all repeats, in mg.
    pub fn total_mg(&self) -> f64 {
        self.dose_mg * f64::from(self.times)
    }
}

impl Regimen {
    /// What all bags give, in mg.
    pub fn total_mg(&self) -> f64 {
        self.bags.iter().map(Bag::total_mg).sum()
    }

    /// The fluid of all bags, in mL.
    pub fn fluid_ml(&self) -> f64 {
        self.bags.iter().map(|b| b.total_ml * f64::from(b.times)).sum()
    }

    /// When the last bag has run, in h from the start.
    pub fn end_h(&self) -> f64 {
        self.bags.iter().map(Bag::end_h).fold(0.0, f64::max)
    }

    /// Containers opened for all bags.
    pub fn containers(&self) -> u32 {
        self.bags.iter().map(|b| b.containers * b.times).sum()
    }
}

/// Why a course cannot be made up.
#[derive(Clone, Debug, PartialEq)]
pub enum RegimenError {
    /// The course has no dose for the patient.
    Course(CourseError),
    /// A body weight that is a slip.
    Weight {
        /// In kg.
        weight_kg: f64,
    },
    /// The variant does not say how it is made up.
    NoPreparation {
        /// The course and variant.
        course: String,
    },
    /// Its table has no row for the weight.
    NoRow {
        /// The regimen.
        regimen: String,
        /// In kg.
        weight_kg: f64,
    },
    /// A dose that is not a mass.
    NotMass {
        /// The step.
        step: String,
    },
    /// A volume that the product alone exceeds.
    TooSmall {
        /// The step.
        step: String,
        /// The volume stated, in mL.
        total_ml: f64,
    },
}

impl std::fmt::Display for RegimenError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            RegimenError::Course(error) => write!(f, "{error}"),
            RegimenError::Weight { weight_kg } => {
                let (low, high) = (PLAUSIBLE_KG.start(), PLAUSIBLE_KG.end());
                write!(f, "a body weight of {weight_kg} kg is not plausible; between {low} kg and {high} kg")
            }
            RegimenError::NoPreparation { course } => {
                write!(f, "the course {course} does not say how its doses are made up")
            }
            RegimenError::NoRow { regimen, weight_kg } => {
                write!(f, "the table of {regimen} has no row for {weight_kg} kg")
            }
            RegimenError::NotMass { step } => write!(f, "the dose of {step} is not a mass"),
            RegimenError::TooSmall { step, total_ml } => {
                write!(f, "{step}: the product alone is more than the {total_ml} mL of the mixture")
            }
        }
    }
}

impl std::error::Error for RegimenError {}

/// The course and variant of a regimen by its name.
pub fn find<'a>(courses: &'a [Course], name: &str) -> Option<(&'a Course, &'a Variant)> {
    let variants = courses.iter().flat_map(|c| c.variants.iter().map(move |v| (c, v)));
    variants.into_iter().find(|(_, v)| v.regimen.as_deref() == Some(name))
}

/// The names of all regimens, sorted.
pub fn names(courses: &[Course]) -> Vec<&str> {
    let mut names: Vec<&str> =
        courses.iter().flat_map(|c| &c.variants).filter_map(|v| v.regimen.as_deref()).collect();
    names.sort_unstable();
    names
}

/// Makes a variant of a course up for a patient.
///
/// # Errors
/// See [`RegimenError`].
pub fn prepare(course: &Course, variant: &Variant, patient: &Patient) -> Result<Regimen, RegimenError> {
    let weight_kg = patient.weight_kg;
    if !PLAUSIBLE_KG.contains(&weight_kg) {
        return Err(RegimenError::Weight { weight_kg });
    }
    let subject = Subject { weight_kg: Some(weight_kg), ..Subject::default() };
    let doses = course.doses(Some(&variant.name), 0.0, &subject).map_err(RegimenError::Course)?;
    let id = || format!("{} ({})", course.id, variant.name);
    let preparation =
        variant.preparation.as_ref().ok_or_else(|| RegimenError::NoPreparation { course: id() })?;
    let name = variant.regimen.clone().unwrap_or_else(|| variant.name.clone());
    let (band, in_gap) = preparation
        .band(weight_kg, patient.people)
        .ok_or_else(|| RegimenError::NoRow { regimen: name.clone(), weight_kg })?;
    let counted_kg = variant.weight_cap_kg.map_or(weight_kg, |cap| weight_kg.min(cap));
    let row = Row { preparation, band, patient };
    let steps = variant.steps.iter().zip(doses.iter().map(|d| &d.amount)).enumerate();
    let bags = steps.map(|(i, (step, amount))| row.bag(i, step, amount)).collect::<Result<Vec<_>, _>>()?;
    let mut sources = vec![variant.source.clone()];
    sources.extend(band.source.iter().chain(&course.sources).cloned());
    let mut regimen = Regimen {
        name,
        title: course.title.clone(),
        course: (course.id.clone(), variant.name.clone()),
        patient: *patient,
        counted_kg,
        product: Product {
            name: preparation.product.clone(),
            strength_mg_per_ml: preparation.strength_mg_per_ml,
            container: preparation.container.clone(),
            container_ml: preparation.container_ml,
        },
        bags,
        diluents: preparation.diluents.clone(),
        notices: Vec::new(),
        sources,
    };
    regimen.notices = notices(&regimen, variant, preparation, in_gap.then_some(band.from_kg));
    Ok(regimen)
}

/// The row of the table that holds for a patient.
struct Row<'a> {
    preparation: &'a Preparation,
    band: &'a VolumeBand,
    patient: &'a Patient,
}

impl Row<'_> {
    fn bag(&self, place: usize, step: &Step, amount: &Amount) -> Result<Bag, RegimenError> {
        let not_mass = || RegimenError::NotMass { step: step.name.clone() };
        let quantity = amount.for_weight(Some(self.patient.weight_kg)).map_err(|_| not_mass())?;
        let dose_mg = quantity.convert(&Unit::milligram()).map_err(|_| not_mass())?;
        let strength = self.preparation.strength_mg_per_ml;
        let printed_ml = self.band.concentrate_ml.get(place).copied();
        let concentrate_ml = printed_ml.unwrap_or(dose_mg / strength);
        let printed_total = self.total_ml(place, dose_mg, concentrate_ml);
        if printed_total < concentrate_ml {
            return Err(RegimenError::TooSmall { step: step.name.clone(), total_ml: printed_total });
        }
        let total_ml = self.restricted(dose_mg, printed_total);
        let changed = total_ml < printed_total;
        let mg_per_ml = dose_mg / total_ml;
        let on_iv = step.over_h.is_some();
        Ok(Bag {
            name: step.name.clone(),
            start_h: step.at_h,
            over_h: step.over_h,
            times: step.repeats.map_or(1, |r| r.additional + 1),
            every_h: step.repeats.map(|r| r.interval_h),
            dose_mg,
            nominal_mg_per_kg: step.dose.otherwise.as_ref().and_then(mg_per_kg),
            concentrate_ml,
            diluent_ml: total_ml - concentrate_ml,
            total_ml,
            rate_ml_per_h: step.over_h.map(|h| total_ml / h),
            printed_ml_per_h: self.band.rates_ml_per_h.get(place).copied().filter(|_| !changed),
            mg_per_ml,
            containers: containers(concentrate_ml, self.preparation.container_ml),
            osmolarity: if on_iv { osmolarities(mg_per_ml, &self.preparation.diluents) } else { Vec::new() },
        })
    }

    /// The volume of the mixture as the table has it, in mL.
    fn total_ml(&self, place: usize, dose_mg: f64, concentrate_ml: f64) -> f64 {
        let kg = self.patient.weight_kg;
        match &self.band.fill {
            Fill::Diluent(volumes) => concentrate_ml + volumes.get(place).map_or(0.0, |v| v.for_weight(kg)),
            Fill::Total(volumes) => volumes.get(place).map_or(concentrate_ml, |v| v.for_weight(kg)),
            Fill::Concentration(mg_per_ml) => dose_mg / mg_per_ml,
        }
    }

    /// The smallest volume of the mixture when fluid is restricted, in mL.
    fn restricted(&self, dose_mg: f64, total_ml: f64) -> f64 {
        match self.preparation.restricted_mg_per_ml.filter(|_| self.patient.fluid_restricted) {
            Some(mg_per_ml) => total_ml.min(dose_mg / mg_per_ml),
            None => total_ml,
        }
    }
}

/// Containers that hold a volume.
fn containers(ml: f64, container_ml: f64) -> u32 {
    (ml / container_ml - ROUNDING).ceil().max(1.0) as u32
}

fn mg_per_kg(amount: &Amount) -> Option<f64> {
    match amount {
        Amount::PerKg(per_kg, _) => per_kg.convert(&Unit::milligram()).ok(),
        Amount::Total(_) => None,
    }
}
