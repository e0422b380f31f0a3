//! `hepatica run`: a study file -> tables, figures, a report and a manifest.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use hepatica_kernel::{Kernel, OutputSelection};
use hepatica_lanes::Isa;
use hepatica_model::system::{OutputId, System};
use hepatica_sim::{Columns, Options, observe, simulate};
use hepatica_source::{Diagnostic, SourceMap, has_errors, nearest};
use hepatica_trial::{
    Arm, Endpoint, Outcomes, Plan, Population, Study, View, check_doses, plan, summarise, weigh,
};
use serde_json::Value;

use crate::computed::Results;
use crate::export::export_sbml;
use crate::identity::identity;
use crate::library::Library;
use crate::load::{self, Loaded, find_output};
use crate::population::Trial;
use crate::progress::Progress;
use crate::refuse::Error;
use crate::shard::{self, Shard};
use crate::time_course::parse_set;
use crate::world::{World, read_text};
use crate::{patients, results, summary, switches};

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
    /// Of a population, this patient alone (a number from 1, or the id of a subject) with the full time course.
    pub patient: Option<String>,
    /// Of a population, these patients only, to be merged.
    pub shard: Option<Shard>,
    /// Of a population, no row per patient, only what they add up to.
    pub summaries_only: bool,
    /// Also write `outcomes.csv` as `outcomes.parquet`; a feature of the program that it may lack.
    pub parquet: bool,
    /// Seconds between two moments at which what is complete of a population is stored.
    pub checkpoint_s: f64,
}

/// What is lost at most when a run is killed, against the time that storing takes.
const CHECKPOINT_S: f64 = 5.0;

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
            shard: None,
            summaries_only: false,
            parquet: false,
            checkpoint_s: CHECKPOINT_S,
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

/// Runs a study and writes its results. A population that was interrupted goes on where it stopped.
///
/// # Errors
/// Refused input, an existing result, or a failing file system; nothing is then left under a final name that was
/// not complete.
pub fn run(world: &dyn World, request: &RunRequest) -> Result<RunResult, Error> {
    let folder = folder(request)?;
    if request.shard.is_none() && world.exists(&folder.join("manifest.json")) && !request.overwrite {
        return Err(Error::Exists(folder));
    }
    let (warnings, prepared) = begin(world, request)?;
    let (identity, population) = (prepared.identity.clone(), prepared.population.clone());
    let (mut results, kernel) = compute(world, request, prepared)?;
    let Some(population) = population else {
        return finish(world, request, &results, (&folder, warnings), || Ok(()));
    };
    let (results_so_far, kernel, population, identity) = (&results, &kernel, &population, &identity);
    let trial = Trial { world, request, results: results_so_far, kernel, population, identity };
    if let Some(shard) = request.shard {
        return shard::run(&trial, shard, &folder, warnings);
    }
    let simulated = trial.simulate(0..population.size, &folder.join("outcomes.csv"))?;
    let outcome = trial.outcome(simulated.part, simulated.sample);
    results.cohort = Some(outcome);
    let mut named = None;
    let name_rows = || {
        named = Some(simulated.files.name_rows(world)?);
        Ok(())
    };
    let result = finish(world, request, &results, (&folder, warnings), name_rows)?;
    named.map_or(Ok(()), |named| named.forget(world))?;
    Ok(result)
}

/// Writes all results of a run; `name_rows` gives the rows of a population their name.
pub(crate) fn finish(
    world: &dyn World,
    request: &RunRequest,
    results: &Results,
    (folder, warnings): (&Path, String),
    name_rows: impl FnOnce() -> Result<(), Error>,
) -> Result<RunResult, Error> {
    let files = results::write(world, results, request, folder, name_rows)?;
    Ok(RunResult {
        text: summary::text(results, folder),
        json: summary::json(results, folder, &files),
        failures: summary::failures(results),
        warnings,
        folder: folder.to_path_buf(),
        files,
    })
}

/// The program was built without Parquet.
pub(crate) fn no_parquet() -> Error {
    Error::Named {
        code: "run/parquet",
        message: "this program was built without Parquet".into(),
        hint: "build it with `cargo build --release --features parquet`, or leave --parquet out".into(),
    }
}

/// Reads and checks everything a run needs; gives the warnings with their source lines.
pub(crate) fn begin(world: &dyn World, request: &RunRequest) -> Result<(String, Prepared), Error> {
    if request.parquet && cfg!(not(feature = "parquet")) {
        return Err(no_parquet());
    }
    if request.parquet && (request.summaries_only || request.shard.is_some()) {
        let message = "--parquet writes the rows of all patients: it goes with neither --summaries-only nor --shard; `hepatica merge` takes it";
        return Err(Error::Argument(message.into()));
    }
    let prepared = prepare(world, request, None)?;
    Ok((hepatica_source::render_all(&prepared.sources, &prepared.warnings), prepared))
}

/// [`begin`] of a study that is built into the program, on a model.
pub(crate) fn begin_shipped(
    world: &dyn World,
    request: &RunRequest,
    text: &str,
    model: &str,
) -> Result<(String, Prepared), Error> {
    let prepared = prepare(world, request, Some((text, model)))?;
    Ok((hepatica_source::render_all(&prepared.sources, &prepared.warnings), prepared))
}

/// A study that may be simulated: everything read, checked and planned.
pub(crate) struct Prepared {
    pub(crate) sources: SourceMap,
    warnings: Vec<Diagnostic>,
    pub(crate) study: Study,
    pub(crate) loaded: Loaded,
    pub(crate) view: View,
    pub(crate) plan: Plan,
    pub(crate) population: Option<Population>,
    pub(crate) endpoints: Vec<Endpoint>,
    /// What the bytes of the population follow from.
    pub(crate) identity: Value,
}

/// Study text -> Study, model text -> Model -> System, arms -> Plan.
fn prepare(
    world: &dyn World,
    request: &RunRequest,
    shipped: Option<(&str, &str)>,
) -> Result<Prepared, Error> {
    let mut sources = SourceMap::new();
    let library = Library::near(world, &absolute(&request.study));
    let (mut study, mut warnings) =
        read_study(world, &library, request, (&mut sources, shipped.map(|(text, _)| text)))?;
    if let Some((_, model)) = shipped {
        (study.model, study.zones, study.model_span) = (model.to_string(), None, None);
    }
    let (loaded, mut view) = model_of(world, &library, &mut study, &mut sources)?;
    warnings.extend(loaded.diagnostics.iter().cloned());
    let mut implausible = weigh(&mut study, &loaded.model);
    implausible.extend(check_doses(&study, &view.plausible_doses));
    if !implausible.is_empty() {
        return Err(Error::refused(&sources, implausible));
    }
    if !study.headline.is_empty() {
        view.headline = headline(&study, &view).map_err(|problems| Error::refused(&sources, problems))?;
    }
    let planned = plan(&study, &loaded.model, &loaded.system);
    let mut plan = planned.map_err(|problems| Error::refused(&sources, problems))?;
    let mut population =
        patients::read(world, request, (&study, &loaded, &view), (&mut sources, &mut warnings))?;
    let people = population.as_ref().map(|p| p.size);
    if let Some(label) = &request.patient {
        plan = patients::one(&study, plan, population.take(), label)?;
    }
    if population.is_none() && (request.shard.is_some() || request.summaries_only) {
        let message = "--shard and --summaries-only are for all patients of a study with a [population]";
        return Err(Error::Argument(message.into()));
    }
    let endpoints = endpoints(&study, &view, &loaded.system);
    let drawn = population.as_ref().map_or((0, 0), |p| (p.size, p.seed));
    let misfits = misfits(&study, &endpoints, people);
    if !misfits.is_empty() {
        return Err(Error::refused(&sources, misfits));
    }
    let identity = identity(request, &sources, drawn);
    Ok(Prepared { sources, warnings, study, loaded, view, plan, population, endpoints, identity })
}

/// What a study asks for that its arms, endpoints or population cannot give.
fn misfits(study: &Study, endpoints: &[Endpoint], population: Option<u64>) -> Vec<Diagnostic> {
    let ids: Vec<String> = endpoints.iter().map(|endpoint| endpoint.id.clone()).collect();
    let animals = study.animals.iter().flat_map(|a| a.check(study.arms.len(), population, &ids));
    let crossings = study.crossings.iter().flat_map(|crossing| crossing.check(&study.arms, &ids));
    animals.chain(crossings).collect()
}

/// The model of a study with its view. Where a study leaves a module off, the model without the module.
fn model_of(
    world: &dyn World,
    library: &Library,
    study: &mut Study,
    sources: &mut SourceMap,
) -> Result<(Loaded, View), Error> {
    let id = model_id(study);
    let loaded = load::load(world, library, &id, study.model_span, sources)?;
    let view = load::load_view(world, library, &id, sources)?;
    let Some(base) = switches::without(study, &view, &loaded.model) else { return Ok((loaded, view)) };
    let without = load::load(world, library, base, study.model_span, sources)?;
    let view = load::load_view(world, library, base, sources)?;
    switches::leave_out(study, &loaded.model, &without.model);
    Ok((without, view))
}

/// System -> Kernel, scenarios -> Trajectories -> Outcomes of the typical patient in every arm.
pub(crate) fn compute(
    world: &dyn World,
    request: &RunRequest,
    prepared: Prepared,
) -> Result<(Results, Arc<Kernel>), Error> {
    let Prepared { sources, study, loaded, view, plan, endpoints, .. } = prepared;
    let (outputs, written) = outputs(&view, &endpoints, request.columns, &loaded.system)?;
    let kernel = load::kernel(&loaded, OutputSelection::Some(outputs.clone()))?;
    if let Some(path) = &request.export_sbml {
        let text = export_sbml(&loaded.model, &loaded.system, &plan, 0)?;
        world.write(path, text.as_bytes()).map_err(Error::io(path, "write"))?;
    }
    let progress = Progress::new(world, "simulated", plan.scenarios.len() as u64, 0);
    let tell = |done: usize| progress.tell(done as u64);
    let trajectories = simulate(&kernel, &plan.scenarios, &request.options, &tell);
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
        switched: Vec::new(),
        cohort: None,
    };
    results.switched = switches::on(&results.study, &results.view, &results.loaded.model);
    let rows = (0..results.study.arms.len()).map(|arm| {
        let column = |output: &str| results.column(arm, output).to_vec();
        summarise(&results.view, &results.outcomes.endpoints, (1, arm), &results.trajectories[arm], &column)
    });
    results.outcomes.rows = rows.collect();
    Ok((results, kernel))
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

pub(crate) fn read_study(
    world: &dyn World,
    library: &Library,
    request: &RunRequest,
    (sources, shipped): (&mut SourceMap, Option<&str>),
) -> Result<(Study, Vec<Diagnostic>), Error> {
    let text = match shipped {
        Some(text) => text.to_string(),
        None => read_text(world, &request.study)?,
    };
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
pub(crate) fn model_id(study: &Study) -> String {
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

/// The endpoints a study wants to see first.
fn headline(study: &Study, view: &View) -> Result<Vec<String>, Vec<Diagnostic>> {
    let known = || view.endpoints.iter().chain(&study.endpoints).map(|e| e.id.as_str());
    let unknown = study.headline.iter().filter(|h| !known().any(|id| id == h.value));
    let problems: Vec<Diagnostic> = unknown
        .map(|h| {
            let hint = match nearest(&h.value, known()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("the endpoints are: {}", known().collect::<Vec<_>>().join(", ")),
            };
            let message = format!("`headline` names the unknown endpoint `{}`", h.value);
            Diagnostic::error("study/unknown-endpoint", message).at(h.span, "").hint(hint)
        })
        .collect();
    if !problems.is_empty() {
        return Err(problems);
    }
    Ok(study.headline.iter().map(|h| h.value.clone()).collect())
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
