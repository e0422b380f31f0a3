//! `hepatica run`: a study file -> tables, figures, a report and a manifest.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use hepatica_kernel::{Kernel, OutputSelection};
use hepatica_lanes::Isa;
use hepatica_model::system::{OutputId, System};
use hepatica_sim::{Columns, Options, observe, simulate};
use hepatica_source::{Diagnostic, SourceMap, has_errors};
use hepatica_trial::{Arm, Cohort, Endpoint, Outcomes, Plan, Population, Study, View, plan, summarise};

use crate::cohort::{Measured, simulate_cohort};
use crate::computed::{CohortOutcome, Results};
use crate::export::export_sbml;
use crate::library::Library;
use crate::load::{self, Loaded, find_output};
use crate::refuse::Error;
use crate::time_course::parse_set;
use crate::world::{Progress, World, read_text};
use crate::{results, summary};

/// How to integrate.
pub use hepatica_sim::Options as Engine;

/// What to run and how.
#[derive(Clone, Debug)]
pub struct RunRequest {
    /// The study file.
    pub study: PathBuf,
    /// Where results go; `results/<study>` when absent.
    pub out: Option<PathBuf>,
    /// Replace a result that is already there.
    pub overwrite: bool,
    /// Seed of the virtual patients in place of the study's.
    pub seed: Option<u64>,
    /// How to simulate.
    pub options: Options,
    /// `name=value` settings that hold in every arm.
    pub set: Vec<String>,
    /// Run this arm only.
    pub arm: Option<String>,
    /// Columns of `timecourse.csv`.
    pub columns: ColumnChoice,
    /// Write the first arm as SBML with its doses as events.
    pub export_sbml: Option<PathBuf>,
    /// Of a population, this patient alone (counted from 1) with the full time course.
    pub patient: Option<u64>,
}

/// Which outputs `timecourse.csv` has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnChoice {
    /// Those the model's view draws.
    View,
    /// Every output of the model.
    All,
}

impl RunRequest {
    /// A run of a study with default options.
    pub fn new(study: impl Into<PathBuf>) -> Self {
        RunRequest {
            study: study.into(),
            out: None,
            overwrite: false,
            seed: None,
            options: Options { isa: Isa::best(), ..Options::default() },
            set: Vec::new(),
            arm: None,
            columns: ColumnChoice::View,
            export_sbml: None,
            patient: None,
        }
    }
}

/// What a run gave.
#[derive(Debug)]
pub struct RunResult {
    /// Where the files are.
    pub folder: PathBuf,
    /// The files written, relative to the folder.
    pub files: Vec<String>,
    /// The answer for a terminal.
    pub text: String,
    /// The answer for programs; the schema is in the documentation.
    pub json: serde_json::Value,
    /// Warnings, with their source lines.
    pub warnings: String,
    /// Arms that could not be simulated to the end.
    pub failures: usize,
}

/// Runs a study and writes its results.
///
/// # Errors
/// Refused input, an existing result, or a failing file system; nothing is then left under a final name that was
/// not complete.
pub fn run(world: &dyn World, request: &RunRequest) -> Result<RunResult, Error> {
    let folder = folder(request)?;
    if world.exists(&folder.join("manifest.json")) && !request.overwrite {
        return Err(Error::Exists(folder));
    }
    let prepared = prepare(world, request)?;
    let warnings = hepatica_source::render_all(&prepared.sources, &prepared.warnings);
    let results = compute(world, request, prepared, &folder)?;
    let files = results::write(world, &results, request, &folder)?;
    Ok(RunResult {
        text: summary::text(&results, &folder),
        json: summary::json(&results, &folder, &files),
        failures: summary::failures(&results),
        warnings,
        folder,
        files,
    })
}

/// A study that may be simulated: everything read, checked and planned.
struct Prepared {
    sources: SourceMap,
    warnings: Vec<Diagnostic>,
    study: Study,
    loaded: Loaded,
    view: View,
    plan: Plan,
    population: Option<Population>,
    endpoints: Vec<Endpoint>,
}

/// Study text -> Study, model text -> Model -> System, arms -> Plan.
fn prepare(world: &dyn World, request: &RunRequest) -> Result<Prepared, Error> {
    let mut sources = SourceMap::new();
    let library = Library::near(world, &absolute(&request.study));
    let (study, mut warnings) = read_study(world, &library, request, &mut sources)?;
    let id = model_id(&study);
    let loaded = load::load(world, &library, &id, study.model_span, &mut sources)?;
    warnings.extend(loaded.diagnostics.iter().cloned());
    let view = load::load_view(world, &library, &id, &mut sources)?;
    let refused = |d: Vec<Diagnostic>| Error::refused(&sources, d);
    let mut plan = plan(&study, &loaded.model, &loaded.system).map_err(refused)?;
    let mut population = match &study.population {
        Some(spec) => Some(Population::new(spec, &study, &loaded.model, &loaded.system).map_err(refused)?),
        None => None,
    };
    if let Some(number) = request.patient {
        plan = one_patient(&study, plan, population.take(), number)?;
    }
    let endpoints = endpoints(&study, &view, &loaded.system);
    Ok(Prepared { sources, warnings, study, loaded, view, plan, population, endpoints })
}

/// System -> Kernel, scenarios -> Trajectories -> Outcomes; of a population, the rows are written on the way.
fn compute(
    world: &dyn World,
    request: &RunRequest,
    prepared: Prepared,
    folder: &Path,
) -> Result<Results, Error> {
    let Prepared { sources, study, loaded, view, plan, population, endpoints, .. } = prepared;
    let (outputs, written) = outputs(&view, &endpoints, request.columns, &loaded.system)?;
    let kernel = load::kernel(&loaded, OutputSelection::Some(outputs.clone()))?;
    if let Some(path) = &request.export_sbml {
        let text = export_sbml(&loaded.model, &loaded.system, &plan, 0)?;
        world.write(path, text.as_bytes()).map_err(Error::io(path, "write"))?;
    }
    let progress = Progress { world, total: plan.scenarios.len() };
    let trajectories = simulate(&kernel, &plan.scenarios, &request.options, &|done| progress.tell(done));
    let trajectories = trajectories.map_err(|e| Error::Argument(e.to_string()))?;
    progress.finish();
    let observed: Vec<Columns> =
        trajectories.iter().map(|t| observe(&kernel, t, request.options.isa)).collect();
    let study_name = request.study.display().to_string();
    let study_text = sources.files().find(|f| f.name == study_name).map_or("", |f| &f.text);
    let study_hash = load::sha256(study_text.as_bytes());
    let outcomes = Outcomes { endpoints, rows: Vec::new() };
    let mut results = Results {
        study,
        study_name,
        study_hash,
        loaded,
        view,
        plan,
        outputs,
        written,
        trajectories,
        observed,
        outcomes,
        cohort: None,
    };
    let rows = (0..results.study.arms.len()).map(|arm| {
        let column = |output: &str| results.column(arm, output).to_vec();
        summarise(&results.view, &results.outcomes.endpoints, (1, arm), &results.trajectories[arm], &column)
    });
    results.outcomes.rows = rows.collect();
    if let Some(population) = population {
        results.cohort = Some(compute_cohort(world, request, (&results, &kernel, folder), population)?);
    }
    Ok(results)
}

/// The patients of a population in the arms of a study.
fn compute_cohort(
    world: &dyn World,
    request: &RunRequest,
    (results, kernel, folder): (&Results, &Arc<Kernel>, &Path),
    population: Population,
) -> Result<CohortOutcome, Error> {
    world.create_folder(folder).map_err(Error::io(folder, "create"))?;
    let Results { study, plan, view, outputs, loaded, .. } = results;
    let endpoints = &results.outcomes.endpoints;
    let banded = banded(view, outputs, &loaded.system);
    let columns = endpoint_columns(endpoints, outputs, &loaded.system);
    let measured = Measured { view, endpoints, columns, banded: banded.clone() };
    let cohort = Cohort { study, plan, population: &population };
    let result = simulate_cohort(world, kernel, &cohort, &measured, (&request.options, folder))?;
    let banded = banded.into_iter().map(|k| outputs[k]).collect();
    Ok(CohortOutcome { population, result, banded })
}

/// The plan of one patient of a population in every arm.
fn one_patient(
    study: &Study,
    plan: Plan,
    population: Option<Population>,
    number: u64,
) -> Result<Plan, Error> {
    let Some(population) = population.filter(|p| (1..=p.size).contains(&number)) else {
        let message = match &study.population {
            Some(spec) => format!("there is no patient {number}; the population has {}", spec.size),
            None => "the study has no [population], so --patient has no meaning".to_string(),
        };
        return Err(Error::Argument(message));
    };
    let cohort = Cohort { study, plan: &plan, population: &population };
    let scenarios = (0..cohort.arms()).map(|arm| cohort.patient(number - 1, arm).map_err(Error::Argument));
    let scenarios = scenarios.collect::<Result<Vec<_>, _>>()?;
    Ok(Plan { scenarios, ..plan })
}

/// The columns that bands are kept of: what the view draws.
fn banded(view: &View, outputs: &[OutputId], system: &System) -> Vec<usize> {
    let shown = view.figures.iter().flat_map(|f| f.outputs.iter().map(|s| s.output.as_str()));
    let mut columns: Vec<usize> =
        shown.filter_map(|name| outputs.iter().position(|id| system.outputs[*id].name == name)).collect();
    columns.sort_unstable();
    columns.dedup();
    columns
}

fn endpoint_columns(endpoints: &[Endpoint], outputs: &[OutputId], system: &System) -> Vec<(String, usize)> {
    let column = |e: &Endpoint| {
        let position = outputs.iter().position(|id| system.outputs[*id].name == e.output);
        position.map(|k| (e.output.clone(), k))
    };
    endpoints.iter().filter_map(column).collect()
}

/// Where results go.
fn folder(request: &RunRequest) -> Result<PathBuf, Error> {
    if let Some(out) = &request.out {
        return Ok(out.clone());
    }
    let stem = request.study.file_stem();
    let stem = stem.ok_or_else(|| Error::Argument(format!("{} is no file", request.study.display())))?;
    Ok(Path::new("results").join(stem))
}

/// A path whose parents lead up to where the program was started.
fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf())
}

fn read_study(
    world: &dyn World,
    library: &Library,
    request: &RunRequest,
    sources: &mut SourceMap,
) -> Result<(Study, Vec<Diagnostic>), Error> {
    let text = read_text(world, &request.study)?;
    let file = sources.add(request.study.display().to_string(), text);
    let courses = load::load_courses(world, library, sources);
    let (study, diagnostics) = hepatica_trial::read(sources, file, &courses);
    let Some(mut study) = study.filter(|_| !has_errors(&diagnostics)) else {
        return Err(Error::refused(sources, diagnostics));
    };
    if let (Some(seed), Some(population)) = (request.seed, &mut study.population) {
        population.seed = seed;
    }
    for text in &request.set {
        study.set.push(parse_set(text)?);
    }
    if let Some(name) = &request.arm {
        only(&mut study, name)?;
    }
    Ok((study, diagnostics))
}

/// Keeps one arm; factors then no longer describe the study.
fn only(study: &mut Study, name: &str) -> Result<(), Error> {
    let names: Vec<String> = study.arms.iter().map(|a| a.name.clone()).collect();
    study.arms.retain(|arm: &Arm| arm.name == *name);
    study.factors.clear();
    if study.arms.is_empty() {
        return Err(Error::Argument(format!("there is no arm `{name}`; the arms are: {}", names.join("; "))));
    }
    Ok(())
}

/// The model's id, or that of its variant with the number of zones the study asks for.
fn model_id(study: &Study) -> String {
    match study.zones {
        Some(zones) => format!("{}-{zones}z", study.model),
        None => study.model.clone(),
    }
}

/// The endpoints of the view, then those of the study that are not among them; optional ones where the model has
/// their output.
fn endpoints(study: &Study, view: &View, system: &System) -> Vec<Endpoint> {
    let of_view = view.endpoints.iter().filter(|v| !study.endpoints.iter().any(|s| s.id == v.id));
    let all = of_view.chain(&study.endpoints);
    all.filter(|e| !e.optional || system.find_output(&e.output).is_some()).cloned().collect()
}

/// The outputs that are observed, and those of them that `timecourse.csv` has; a model without a view reports
/// everything.
fn outputs(
    view: &View,
    endpoints: &[Endpoint],
    choice: ColumnChoice,
    system: &System,
) -> Result<(Vec<OutputId>, Vec<OutputId>), Error> {
    let shown = view.figures.iter().flat_map(|f| f.outputs.iter().map(|s| s.output.as_str()));
    let shown: Vec<&str> = shown.collect();
    let mut written = Vec::new();
    if choice == ColumnChoice::All || shown.is_empty() {
        written.extend(system.outputs.ids());
    } else {
        for name in &shown {
            written.push(find_output(system, name)?);
        }
    }
    let mut seen = std::collections::BTreeSet::new();
    written.retain(|id| seen.insert(*id));
    let mut observed = written.clone();
    for name in shown.into_iter().chain(endpoints.iter().map(|e| e.output.as_str())) {
        let id = find_output(system, name)?;
        if seen.insert(id) {
            observed.push(id);
        }
    }
    Ok((observed, written))
}
