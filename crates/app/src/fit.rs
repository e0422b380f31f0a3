//! `hepatica fit`: a study with data -> model values with intervals, tables and a report.

use std::path::{Path, PathBuf};

use hepatica_fit::estimate::problem::Asked;
use hepatica_fit::estimate::{
    CurveData, FitOptions, FitPlan, Fitted, Found, Problem, arrange, found, read_fit,
};
use hepatica_fit::{Curve, read_curves, without_repeats};
use hepatica_sim::Options;
use hepatica_source::{Diagnostic, SourceMap, has_errors, nearest};
use hepatica_trial::Study;

use crate::answer::Answer;
use crate::library::Library;
use crate::load::{Loaded, load, sha256};
use crate::refuse::Error;
use crate::run::{RunRequest, model_id, read_study};
use crate::world::{World, read_text};
use crate::{fit_moments, fit_page, fit_tables};

/// Confidence of the intervals.
const LEVEL: f64 = 0.95;

/// What to fit and how.
#[derive(Clone, Debug)]
pub struct FitRequest {
    /// The study file.
    pub study: PathBuf,
    /// Where results go; `results/<study>` when absent.
    pub out: Option<PathBuf>,
    /// Replace a result that is already there.
    pub overwrite: bool,
    /// Starts in place of the study's.
    pub starts: Option<usize>,
    /// Seed of the starts in place of the study's.
    pub seed: Option<u64>,
    /// Follow profiles; without them intervals come from the curvature at the minimum.
    pub profiles: bool,
    /// `name=value` settings that hold everywhere.
    pub set: Vec<String>,
    /// How to integrate; threads and instruction set do not change the answer.
    pub engine: Options,
}

impl FitRequest {
    /// A fit of a study with default options: tolerances two decades below those of a run, because the search compares
    /// sums of squares of neighbouring values.
    pub fn new(study: impl Into<PathBuf>) -> FitRequest {
        let engine = Options { rtol: 1e-8, atol: 1e-11, ..RunRequest::new("").options };
        FitRequest {
            study: study.into(),
            out: None,
            overwrite: false,
            starts: None,
            seed: None,
            profiles: true,
            set: Vec::new(),
            engine,
        }
    }
}

/// What a fit gave.
#[derive(Debug)]
pub struct FitResult {
    /// The answer.
    pub answer: Answer,
    /// Where the files are.
    pub folder: PathBuf,
    /// Warnings with their source lines.
    pub warnings: String,
    /// Values that the data do not bound.
    pub unbounded: usize,
}

/// Everything a fit found, for tables and the report.
pub(crate) struct Results {
    pub(crate) study: Study,
    pub(crate) plan: FitPlan,
    pub(crate) problem: Problem,
    pub(crate) fitted: Fitted,
    pub(crate) found: Vec<Found>,
    pub(crate) left_out: Vec<String>,
    pub(crate) loaded: Loaded,
    /// Name and SHA-256 of the study.
    pub(crate) file: (String, String),
    pub(crate) options: FitOptions,
    pub(crate) engine: Options,
}

/// Fits the model of a study to its data and writes the results.
///
/// # Errors
/// Refused input, values that the data cannot tell apart, an existing result, a failing file system.
pub fn fit(world: &dyn World, request: &FitRequest) -> Result<FitResult, Error> {
    let folder = folder(request)?;
    if world.exists(&folder.join("fit.json")) && !request.overwrite {
        return Err(Error::Exists(folder));
    }
    let mut sources = SourceMap::new();
    let text = read_text(world, &request.study)?;
    let file = sources.add(request.study.display().to_string(), text.clone());
    if let Some((plan, problems)) = hepatica_fit::moments::read(&sources, file) {
        let Some(plan) = plan.filter(|_| !has_errors(&problems)) else {
            return Err(Error::refused(&sources, problems));
        };
        return fit_moments::fit(world, request, (&plan, &text), (&folder, &mut sources));
    }
    let mut sources = SourceMap::new();
    let here = std::path::absolute(&request.study).unwrap_or_else(|_| request.study.clone());
    let library = Library::near(world, &here);
    let mut read = RunRequest::new(&request.study);
    read.set.clone_from(&request.set);
    let (study, mut warnings) = read_study(world, &library, &read, (&mut sources, None))?;
    let file = (request.study.display().to_string(), sha256(text.as_bytes()));
    let plan = read_plan(request, text, &mut sources)?;
    let loaded = load(world, &library, &model_id(&study), study.model_span, &mut sources)?;
    warnings.extend(loaded.diagnostics.iter().cloned());
    let (curves, left_out) = curves(world, (&library, &here), &plan, &mut sources)?;
    let asked =
        Asked { study: &study, fit: &plan, curves: &curves, model: &loaded.model, system: &loaded.system };
    let problem =
        arrange(&asked, request.engine.clone()).map_err(|problems| Error::refused(&sources, problems))?;
    let options = FitOptions {
        seed: plan.seed,
        starts: plan.starts,
        robust: plan.robust,
        profiles: request.profiles,
        level: LEVEL,
    };
    let fitted = hepatica_fit::estimate::fit(&problem, &options, &|line| world.progress(line));
    let fitted = fitted.map_err(|e| Error::Named {
        code: "fit/no-fit",
        message: e.to_string(),
        hint: "fewer values, other bounds, a prior or more data".into(),
    })?;
    let found = found(&problem, &fitted, LEVEL);
    let engine = request.engine.clone();
    let results = Results { study, plan, problem, fitted, found, left_out, loaded, file, options, engine };
    let files = write(world, &results, &folder)?;
    let unbounded = results.found.iter().filter(|f| !is_bounded(f)).count();
    let answer = Answer {
        text: fit_tables::text(&results, &folder),
        json: fit_tables::json(&results, &folder, &files),
    };
    Ok(FitResult { answer, folder, warnings: hepatica_source::render_all(&sources, &warnings), unbounded })
}

/// Whether the data bound a value on both sides within its range.
pub(crate) fn is_bounded(found: &Found) -> bool {
    found.notes.iter().all(|note| !note.contains("bound"))
}

fn folder(request: &FitRequest) -> Result<PathBuf, Error> {
    if let Some(out) = &request.out {
        return Ok(out.clone());
    }
    let stem = request.study.file_stem();
    let stem = stem.ok_or_else(|| Error::Argument(format!("{} is no file", request.study.display())))?;
    Ok(Path::new("results").join(stem))
}

fn read_plan(request: &FitRequest, text: String, sources: &mut SourceMap) -> Result<FitPlan, Error> {
    let file = sources.add(request.study.display().to_string(), text);
    let (plan, problems) = read_fit(sources, file);
    let Some(mut plan) = plan.filter(|_| !has_errors(&problems)) else {
        return Err(Error::refused(sources, problems));
    };
    plan.seed = request.seed.unwrap_or(plan.seed);
    plan.starts = request.starts.unwrap_or(plan.starts).max(1);
    Ok(plan)
}

/// The curves of each table of a plan, and what is left out.
fn curves(
    world: &dyn World,
    (library, study): (&Library, &Path),
    plan: &FitPlan,
    sources: &mut SourceMap,
) -> Result<(Vec<Vec<Curve>>, Vec<String>), Error> {
    let (mut all, mut left_out) = (Vec::new(), Vec::new());
    for data in &plan.curves {
        let beside = study.parent().unwrap_or(Path::new("")).join(&data.file);
        let (name, text) = match read_text(world, &beside) {
            Ok(text) => (beside.display().to_string(), text),
            Err(error) => match library.find(world, &data.file) {
                Some(found) => (found.name, found.text),
                None => return Err(error),
            },
        };
        let file = sources.add(name, text);
        let (curves, mut problems) = read_curves(sources, file);
        problems.extend(unknown_study(data, &curves));
        if has_errors(&problems) {
            return Err(Error::refused(sources, problems));
        }
        let wanted = |c: &Curve| {
            c.species == "human"
                && (data.analytes.is_empty() || data.analytes.contains(&c.analyte))
                && (data.studies.is_empty() || data.studies.contains(&c.study))
        };
        let wanted: Vec<Curve> = curves.into_iter().filter(wanted).collect();
        let why = |c: &Curve| {
            let name = format!("{} {}", c.study, c.analyte.name());
            c.left_out.iter().map(move |why| format!("{name}: {why}")).collect::<Vec<_>>()
        };
        left_out.extend(wanted.iter().flat_map(why));
        let (kept, repeated) = without_repeats(wanted);
        left_out.extend(repeated);
        all.push(kept);
    }
    Ok((all, left_out))
}

/// The first study that a table is asked for and does not have.
fn unknown_study(data: &CurveData, curves: &[Curve]) -> Option<Diagnostic> {
    let names = || curves.iter().map(|c| c.study.as_str());
    let study = data.studies.iter().find(|s| !names().any(|name| name == **s))?;
    let message = format!("the table has no study `{study}`");
    let problem = Diagnostic::error("fit/unknown-study", message).at(data.span, "");
    Some(match nearest(study, names()) {
        Some(near) => problem.hint(format!("did you mean `{near}`?")),
        None => problem,
    })
}

/// Writes all files; `fit.json` goes first and comes last, so that a folder that has it is complete.
fn write(world: &dyn World, results: &Results, folder: &Path) -> Result<Vec<String>, Error> {
    world.create_folder(folder).map_err(Error::io(folder, "create"))?;
    let last = folder.join("fit.json");
    world.remove(&last).map_err(Error::io(&last, "replace"))?;
    let mut names = Vec::new();
    let mut files = fit_tables::csv(results)
        .map_err(|e| Error::Argument(format!("a table has a row of {} fields", e.found)))?;
    files.push(("report.html", fit_page::render(results)));
    for (name, text) in files {
        let path = folder.join(name);
        world.write(&path, text.as_bytes()).map_err(Error::io(&path, "write"))?;
        names.push(name.to_string());
    }
    names.push("fit.json".into());
    let json = format!("{:#}\n", fit_tables::json(results, folder, &names));
    world.write(&last, json.as_bytes()).map_err(Error::io(&last, "write"))?;
    Ok(names)
}
