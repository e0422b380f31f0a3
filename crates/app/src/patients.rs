//! What a study says of its patients, with the table of subjects it names -> Population.

use std::path::Path;

use hepatica_source::{Diagnostic, SourceMap, csv};
use hepatica_trial::spec::{PopulationSpec, Who};
use hepatica_trial::{Cohort, Plan, Population, Study, Subjects, View, check_outcomes};

use crate::load::Loaded;
use crate::refuse::Error;
use crate::run::RunRequest;
use crate::world::{World, read_text};

/// The population of a study, if it has one; the table of subjects is read from beside the study.
///
/// # Errors
/// What is wrong with the population, the table, or the observations it is to be compared with.
pub(crate) fn read(
    world: &dyn World,
    request: &RunRequest,
    (study, loaded, view): (&Study, &Loaded, &View),
    (sources, warnings): (&mut SourceMap, &mut Vec<Diagnostic>),
) -> Result<Option<Population>, Error> {
    let Some(spec) = &study.population else { return Ok(None) };
    let subjects = match &spec.who {
        Who::Drawn(_) => None,
        Who::File(name) => {
            let folder = request.study.parent().unwrap_or(Path::new(""));
            Some(subjects(world, &folder.join(&name.value), (spec, loaded), (sources, warnings))?)
        }
    };
    let population = Population::new(spec, study, (&loaded.model, &loaded.system), subjects);
    let mut problems = check_outcomes(study, view);
    match population {
        Ok(population) if problems.is_empty() => Ok(Some(population)),
        Ok(_) => Err(Error::refused(sources, problems)),
        Err(more) => {
            problems.extend(more);
            Err(Error::refused(sources, problems))
        }
    }
}

fn subjects(
    world: &dyn World,
    path: &Path,
    (spec, loaded): (&PopulationSpec, &Loaded),
    (sources, warnings): (&mut SourceMap, &mut Vec<Diagnostic>),
) -> Result<Subjects, Error> {
    let length = world.length(path).map_err(Error::io(path, "read"))?;
    if length > csv::MAX_BYTES as u64 {
        let message = format!(
            "{} has {} MiB; a table of subjects has at most {} MiB: give larger populations by distributions",
            path.display(),
            length >> 20,
            csv::MAX_BYTES >> 20
        );
        return Err(Error::Argument(message));
    }
    let text = read_text(world, path)?;
    let file = sources.add(path.display().to_string(), text);
    let (subjects, problems) = Subjects::read(sources, file, spec, &loaded.model);
    match subjects {
        Some(subjects) => {
            warnings.extend(problems);
            Ok(subjects)
        }
        None => Err(Error::refused(sources, problems)),
    }
}

/// The plan of one patient of a population in every arm.
///
/// # Errors
/// No such patient, or one whom the doses do not fit.
pub(crate) fn one(
    study: &Study,
    plan: Plan,
    population: Option<Population>,
    label: &str,
) -> Result<Plan, Error> {
    let Some(population) = population else {
        let message = "the study has no [population], so --patient has no meaning";
        return Err(Error::Argument(message.to_string()));
    };
    let Some(patient) = population.find(label) else {
        let among = match population.has_subjects() {
            true => format!("{} subjects of the table", population.size),
            false => format!("patients 1 to {}", population.size),
        };
        return Err(Error::Argument(format!("there is no patient {label} among the {among}")));
    };
    let cohort = Cohort { study, plan: &plan, population: &population };
    let scenarios = (0..cohort.arms()).map(|arm| cohort.patient(patient, arm).map_err(Error::Argument));
    let scenarios = scenarios.collect::<Result<Vec<_>, _>>()?;
    Ok(Plan { scenarios, ..plan })
}
