//! `hepatica clinic regimen`: a regimen and a body weight -> bags, and a course for studies.

use std::path::{Path, PathBuf};

use hepatica_clinic::regimen::{Bag, Patient, Regimen, RegimenError, find, names, prepare};
use hepatica_clinic::regimen_check::{Check, label_checks};
use hepatica_clinic::regimen_course::as_course;
use hepatica_clinic::regimen_osmolarity;
use hepatica_clinic::regimen_rules::{Notice, dialysis, increased_rates};
use hepatica_dose::{Course, People, Variant, write_course};
use hepatica_report::number::short;
use hepatica_source::{SourceMap, nearest};
use serde_json::{Value, json};

use crate::answer::{Answer, NOT_A_DEVICE};
use crate::clinic_input as input;
use crate::clinic_regimen_text as text;
use crate::evidence::ids_of;
use crate::library::Library;
use crate::load::load_courses;
use crate::refuse::Error;
use crate::world::World;

/// What is asked, as typed; a unit is never guessed.
#[derive(Clone, Debug, Default)]
pub struct RegimenRequest {
    /// The regimen, such as `us-3bag`.
    pub name: String,
    /// Body weight.
    pub weight: String,
    /// `adult` or `child`, where volumes go by age.
    pub age: Option<String>,
    /// Fluid must be restricted.
    pub fluid_restricted: bool,
    /// The increased dose of large overdoses.
    pub increased_dose: bool,
    /// Say what changes during dialysis.
    pub dialysis: bool,
    /// Where to write the regimen as a course.
    pub as_course: Option<PathBuf>,
}

/// A regimen with all that is told of it.
pub(crate) struct Made {
    pub(crate) regimen: Regimen,
    pub(crate) request: RegimenRequest,
    /// g/mol of the drug.
    pub(crate) molar_mass: f64,
    pub(crate) checks: Vec<Check>,
}

/// Makes a regimen up; writes it as a course where asked.
///
/// # Errors
/// What cannot be read, a weight the regimen is not for, course records that contradict the label, a file that
/// exists or cannot be written.
pub fn regimen(world: &dyn World, request: &RegimenRequest) -> Result<Answer, Error> {
    let patient = patient(request)?;
    let here = std::path::absolute(Path::new(".")).unwrap_or_default();
    let library = Library::near(world, &here);
    let courses = courses(world, &library)?;
    let (course, base) = find(&courses, &request.name).ok_or_else(|| unknown(&courses, &request.name))?;
    let checks = checked(&courses, &request.name)?;
    let variant = chosen(course, base, request)?;
    let refused = |e: RegimenError| Error::Argument(format!("{}: {e} ({})", request.name, variant.source));
    let mut regimen = prepare(course, variant, &patient).map_err(refused)?;
    if request.increased_dose && base.increased.is_none() {
        regimen.notices.push(increased_rates(regimen.counted_kg));
    }
    if request.dialysis {
        regimen.notices.extend(dialysis(regimen.counted_kg));
    }
    if let Some(path) = &request.as_course {
        write(world, &library, course, &regimen, path)?;
    }
    let drug = hepatica_chem::find(&course.drug).map_err(|e| Error::Argument(e.to_string()))?;
    let made = Made { regimen, request: request.clone(), molar_mass: drug.molar_mass(), checks };
    Ok(Answer { text: text::render(&made), json: made.json() })
}

fn patient(request: &RegimenRequest) -> Result<Patient, Error> {
    let weight_kg = input::positive("weight", &request.weight, "kg")?;
    let words = ["adult", "child"];
    let age = input::optional("age", request.age.as_deref(), |o, text| input::word(o, text, &words, |w| w))?;
    let people = if age == Some("child") { People::Children } else { People::Everyone };
    Ok(Patient { weight_kg, people, fluid_restricted: request.fluid_restricted })
}

/// All courses of the library; one with errors refuses the question, because it may be the one asked for.
fn courses(world: &dyn World, library: &Library) -> Result<Vec<Course>, Error> {
    let mut sources = SourceMap::new();
    let read = load_courses(world, library, &mut sources);
    let diagnostics: Vec<_> = read.values().flat_map(|(_, d)| d.iter().cloned()).collect();
    if !diagnostics.is_empty() {
        return Err(Error::refused(&sources, diagnostics));
    }
    Ok(read.into_values().filter_map(|(course, _)| course).collect())
}

fn unknown(courses: &[Course], name: &str) -> Error {
    let known = names(courses);
    let hint =
        nearest(name, known.iter().copied()).map_or(String::new(), |n| format!("; did you mean `{n}`?"));
    Error::Argument(format!("there is no regimen `{name}`{hint} (known: {})", known.join(", ")))
}

/// The comparison with the label; records that contradict it are not used.
fn checked(courses: &[Course], name: &str) -> Result<Vec<Check>, Error> {
    let mut checks = label_checks(courses);
    checks.retain(|c| c.regimen == name);
    match checks.iter().find(|c| !c.holds()) {
        None => Ok(checks),
        Some(wrong) => Err(Error::Argument(format!(
            "the course record of {name} contradicts its label: bag {} at {} kg has {} mg/mL and not {} mg/mL",
            wrong.at.1 + 1,
            wrong.at.0,
            wrong.found_mg_per_ml.map_or("no".to_string(), |c| short(c, 5)),
            wrong.quoted_mg_per_ml,
        ))),
    }
}

fn chosen<'a>(course: &'a Course, base: &'a Variant, request: &RegimenRequest) -> Result<&'a Variant, Error> {
    match (&base.increased, request.increased_dose) {
        (Some(name), true) => course.variant(Some(name)).map_err(|e| Error::Argument(e.to_string())),
        _ => Ok(base),
    }
}

/// Writes the regimen as a course whose id is the name of the file.
fn write(
    world: &dyn World,
    library: &Library,
    course: &Course,
    regimen: &Regimen,
    path: &Path,
) -> Result<(), Error> {
    let refused = |why: &str| Error::Argument(format!("--as-course {}: {why}", path.display()));
    let stem = path.file_stem().and_then(|s| s.to_str());
    let id = match (path.extension().and_then(|e| e.to_str()), stem) {
        (Some("toml"), Some(stem)) => stem,
        _ => return Err(refused("the name of a course file ends in .toml")),
    };
    if world.exists(path) {
        return Err(refused("there is such a file; choose another name"));
    }
    if library.course_ids(world).iter().any(|known| known == id) {
        return Err(refused("there is a course of this name; choose another"));
    }
    let written = as_course(regimen, &course.drug, &course.route, id);
    let written = written.ok_or_else(|| refused("a dose is not a finite number"))?;
    world.write(path, write_course(&written).as_bytes()).map_err(Error::io(path, "write"))
}

impl Made {
    /// mmol of the drug in mg.
    pub(crate) fn mmol(&self, mg: f64) -> f64 {
        mg / self.molar_mass
    }

    /// When things happen, in h from the start, in order.
    pub(crate) fn timeline(&self) -> Vec<(f64, String)> {
        let mut events = Vec::new();
        for bag in &self.regimen.bags {
            match (bag.over_h, bag.every_h) {
                (Some(_), _) => {
                    events.push((bag.start_h, format!("{} starts", bag.name)));
                    events.push((bag.end_h(), format!("{} has run", bag.name)));
                }
                (None, Some(every_h)) => {
                    let what = format!("{}: first of {} doses, every {every_h} h", bag.name, bag.times);
                    events.push((bag.start_h, what));
                    events.push((bag.end_h(), format!("{}: last dose", bag.name)));
                }
                (None, None) => events.push((bag.start_h, bag.name.clone())),
            }
        }
        events
    }

    fn json(&self) -> Value {
        let regimen = &self.regimen;
        let weight_kg = regimen.patient.weight_kg;
        json!({
            "schema": "hepatica.regimen/1",
            "notice": NOT_A_DEVICE,
            "regimen": regimen.name,
            "title": regimen.title,
            "course": { "id": regimen.course.0, "variant": regimen.course.1 },
            "patient": {
                "weight_kg": weight_kg,
                "weight_lb": text::pounds(weight_kg),
                "counted_kg": regimen.counted_kg,
                "age": self.request.age,
                "fluid_restricted": self.request.fluid_restricted,
                "increased_dose": self.request.increased_dose,
                "dialysis": self.request.dialysis,
            },
            "product": {
                "name": regimen.product.name,
                "strength_mg_per_ml": regimen.product.strength_mg_per_ml,
                "container": regimen.product.container,
                "container_ml": regimen.product.container_ml,
            },
            "diluents": regimen.diluents,
            "bags": regimen.bags.iter().map(|bag| self.bag(bag)).collect::<Vec<_>>(),
            "total": {
                "dose_mg": regimen.total_mg(),
                "dose_mmol": self.mmol(regimen.total_mg()),
                "mg_per_kg": regimen.total_mg() / weight_kg,
                "fluid_ml": regimen.fluid_ml(),
                "fluid_ml_per_kg": regimen.fluid_ml() / weight_kg,
                "containers": regimen.containers(),
                "end_h": regimen.end_h(),
            },
            "timeline": self.timeline().iter().map(|(at_h, event)| json!({ "at_h": at_h, "event": event })).collect::<Vec<_>>(),
            "notices": regimen.notices.iter().map(notice).collect::<Vec<_>>(),
            "sources": regimen.sources,
            "evidence": regimen.sources.iter().map(|s| ids_of(s)).collect::<Vec<_>>(),
            "osmolarity_source": regimen_osmolarity::SOURCE,
            "self_test": self.checks.iter().map(check).collect::<Vec<_>>(),
            "written": self.request.as_course.as_ref().map(|p| p.display().to_string()),
        })
    }

    fn bag(&self, bag: &Bag) -> Value {
        let weight_kg = self.regimen.patient.weight_kg;
        json!({
            "name": bag.name,
            "start_h": bag.start_h,
            "end_h": bag.end_h(),
            "over_h": bag.over_h,
            "times": bag.times,
            "every_h": bag.every_h,
            "dose_mg": bag.dose_mg,
            "dose_mmol": self.mmol(bag.dose_mg),
            "mg_per_kg": bag.dose_mg / weight_kg,
            "nominal_mg_per_kg": bag.nominal_mg_per_kg,
            "mg_per_kg_h": bag.over_h.map(|h| bag.dose_mg / weight_kg / h),
            "concentrate_ml": bag.concentrate_ml,
            "diluent_ml": bag.diluent_ml,
            "total_ml": bag.total_ml,
            "rate_ml_per_h": bag.rate_ml_per_h,
            "printed_rate_ml_per_h": bag.printed_ml_per_h,
            "concentration_mg_per_ml": bag.mg_per_ml,
            "concentration_mmol_per_l": self.mmol(bag.mg_per_ml * 1000.0),
            "containers": bag.containers,
            "osmolarity": bag.osmolarity.iter().map(|o| json!({
                "diluent": o.diluent, "mosm_per_l": o.mosm_per_l, "quoted": o.quoted,
            })).collect::<Vec<_>>(),
        })
    }
}

pub(crate) fn notice(notice: &Notice) -> Value {
    json!({
        "code": notice.code, "text": notice.text, "source": notice.source, "unconfirmed": notice.unconfirmed,
        "evidence": notice.source.as_deref().map(ids_of),
    })
}

fn check(check: &Check) -> Value {
    json!({
        "weight_kg": check.at.0,
        "bag": check.at.1 + 1,
        "quoted_mg_per_ml": check.quoted_mg_per_ml,
        "found_mg_per_ml": check.found_mg_per_ml,
        "holds": check.holds(),
    })
}
