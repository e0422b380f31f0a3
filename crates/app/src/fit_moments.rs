//! `hepatica fit` of a calibration by moments: constants such that cohorts of people take published numbers.

use std::path::Path;

use hepatica_fit::moments::{Found, Plan, Problem, constants};
use hepatica_fit::qualify::Subject;
use hepatica_fit::{Curve, read_curves, without_repeats};
use hepatica_report::csv::{CsvWriter, Field, RowWidth};
use hepatica_report::number::significant;
use hepatica_report::{Cell, Column, Rules, Table};
use hepatica_source::{Diagnostic, SourceMap, Spanned, has_errors, nearest};
use hepatica_stats::normal_quantile;
use serde_json::{Value, json};

use crate::answer::{Answer, NOT_A_DEVICE};
use crate::fit::{FitRequest, FitResult};
use crate::library::Library;
use crate::load::{Loaded, load, sha256};
use crate::refuse::Error;
use crate::run::RunRequest;
use crate::world::World;

/// The width a terminal is taken to have.
const WIDTH: usize = 130;

/// What a search found, for tables.
struct Results<'a> {
    plan: &'a Plan,
    problem: &'a Problem<'a>,
    loaded: &'a Loaded,
    found: Found,
    /// What the lines are with the values found.
    lines: Vec<(f64, f64)>,
    study: (String, String),
}

/// Searches the constants of a plan and writes the results.
///
/// # Errors
/// Names the model does not have, tables that cannot be read, constants at which nobody can be simulated, a failing
/// file system.
pub(crate) fn fit(
    world: &dyn World,
    request: &FitRequest,
    (plan, text): (&Plan, &str),
    (folder, sources): (&Path, &mut SourceMap),
) -> Result<FitResult, Error> {
    let here = std::path::absolute(&request.study).unwrap_or_else(|_| request.study.clone());
    let library = Library::near(world, &here);
    let loaded = load(world, &library, &plan.model.value, Some(plan.model.span), sources)?;
    // Five digits suffice for cohorts; the typical patient is followed as in a qualification.
    let engine = &request.engine;
    let usual = RunRequest::new("").options;
    let options = hepatica_sim::Options { rtol: usual.rtol, atol: usual.atol, ..engine.clone() };
    let (model, system) = (&loaded.model, &loaded.system);
    let subject = Subject { model, system, options: &options, values: &[] };
    let constants = match constants(plan, &subject) {
        Ok(constants) => constants,
        Err(unknown) => return Err(Error::refused(sources, unknown_names(plan, &loaded, &unknown))),
    };
    let (curves, _) = without_repeats(curves(world, &library, &plan.curves, sources)?);
    let moments = plan.moments.iter().map(|(m, _)| m.clone()).collect();
    let problem = Problem {
        subject,
        constants,
        moments,
        curves,
        curve_log_sd: plan.curve_log_sd,
        seed: request.seed.unwrap_or(plan.seed),
        sizes: plan.sizes,
    };
    let failed = |e: hepatica_fit::FitError| Error::Argument(format!("{}: {e}", plan.model.value));
    let progress = |_: &[f64], sum: f64| world.progress(&format!("sum of squares {}", significant(sum, 5)));
    let found = problem.fit(plan.rounds, &progress).map_err(failed)?;
    let trial = problem.simulate(&found.values).map_err(failed)?;
    let line = |id: &str| trial.lines.iter().find(|l| l.id == id).map_or(f64::NAN, |l| l.found);
    let lines = problem.moments.iter().zip(&found.residuals).map(|(m, r)| (line(&m.line), *r)).collect();
    let study = (request.study.display().to_string(), sha256(text.as_bytes()));
    let results = Results { plan, problem: &problem, loaded: &loaded, found, lines, study };
    let files = write(world, &results, folder)?;
    let answer = Answer { text: show(&results, folder), json: to_json(&results, folder, &files) };
    let warnings = hepatica_source::render_all(sources, &loaded.diagnostics);
    Ok(FitResult { answer, folder: folder.to_path_buf(), warnings, unbounded: 0 })
}

fn unknown_names(plan: &Plan, loaded: &Loaded, unknown: &[usize]) -> Vec<Diagnostic> {
    let known: Vec<&str> = loaded.system.params.iter().map(|p| p.name.as_str()).collect();
    let problem = |k: &usize| {
        let name = &plan.constants[*k].name;
        let what = if plan.constants[*k].spread { "log-normal spread" } else { "value" };
        let found = Diagnostic::error("fit/unknown", format!("the model has no {what} `{}`", name.value));
        let found = found.at(name.span, "");
        match nearest(&name.value, known.iter().copied()) {
            Some(near) => found.hint(format!("did you mean `{near}`?")),
            None => found,
        }
    };
    unknown.iter().map(problem).collect()
}

/// The human curves of some tables of the library.
fn curves(
    world: &dyn World,
    library: &Library,
    files: &[Spanned<String>],
    sources: &mut SourceMap,
) -> Result<Vec<Curve>, Error> {
    let mut all = Vec::new();
    for name in files {
        let Some(found) = library.find(world, &name.value) else {
            let problem = Diagnostic::error("fit/no-table", format!("there is no `{}`", name.value));
            return Err(Error::refused(sources, vec![problem.at(name.span, "")]));
        };
        let file = sources.add(found.name, found.text);
        let (curves, problems) = read_curves(sources, file);
        if has_errors(&problems) {
            return Err(Error::refused(sources, problems));
        }
        all.extend(curves.into_iter().filter(|c| c.species == "human"));
    }
    Ok(all)
}

/// The ends of a 95 % interval of a constant, by its standard error on the logarithm.
fn interval(results: &Results<'_>, k: usize) -> (f64, f64) {
    let half = normal_quantile(0.975) * results.found.log_se[k];
    let value = results.found.values[k];
    (value * libm::exp(-half), value * libm::exp(half))
}

fn name(results: &Results<'_>, k: usize) -> String {
    let constant = &results.problem.constants[k];
    if constant.spread { format!("{} (log SD)", constant.name) } else { constant.name.clone() }
}

fn write(world: &dyn World, results: &Results<'_>, folder: &Path) -> Result<Vec<String>, Error> {
    world.create_folder(folder).map_err(Error::io(folder, "create"))?;
    let last = folder.join("fit.json");
    world.remove(&last).map_err(Error::io(&last, "replace"))?;
    let tables =
        tables(results).map_err(|e| Error::Argument(format!("a table has a row of {} fields", e.found)))?;
    let mut names = Vec::new();
    for (name, text) in tables {
        let path = folder.join(name);
        world.write(&path, text.as_bytes()).map_err(Error::io(&path, "write"))?;
        names.push(name.to_string());
    }
    names.push("fit.json".into());
    let json = format!("{:#}\n", to_json(results, folder, &names));
    world.write(&last, json.as_bytes()).map_err(Error::io(&last, "write"))?;
    Ok(names)
}

fn tables(results: &Results<'_>) -> Result<[(&'static str, String); 2], RowWidth> {
    let mut values = CsvWriter::new(&["name", "model", "value", "low", "high", "prior"]);
    for (k, constant) in results.problem.constants.iter().enumerate() {
        let (low, high) = interval(results, k);
        values.row(&[
            Field::Text(&name(results, k)),
            Field::Number(constant.own),
            Field::Number(results.found.values[k]),
            Field::Number(low),
            Field::Number(high),
            Field::Number(constant.prior),
        ])?;
    }
    let mut moments = CsvWriter::new(&["line", "wanted", "found", "residual_sd", "source"]);
    for ((moment, source), (found, residual)) in results.plan.moments.iter().zip(&results.lines) {
        moments.row(&[
            Field::Text(&moment.line),
            Field::Number(moment.wanted),
            Field::Number(*found),
            Field::Number(*residual),
            Field::Text(source),
        ])?;
    }
    Ok([("values.csv", values.finish()), ("moments.csv", moments.finish())])
}

fn show(results: &Results<'_>, folder: &Path) -> String {
    let mut values = Table::new(["Value", "Model", "Found", "95 % interval", "Prior"].map(Column::text));
    for (k, constant) in results.problem.constants.iter().enumerate() {
        let (low, high) = interval(results, k);
        let cells = [
            name(results, k),
            significant(constant.own, 4),
            significant(results.found.values[k], 4),
            format!("{} to {}", significant(low, 4), significant(high, 4)),
            significant(constant.prior, 4),
        ];
        let _ = values.push(cells.map(Cell::from));
    }
    let mut moments = Table::new(["Line", "Wanted", "Found", "Residual (SD)", "Source"].map(Column::text));
    for ((moment, source), (found, residual)) in results.plan.moments.iter().zip(&results.lines) {
        let cells = [
            moment.line.clone(),
            significant(moment.wanted, 4),
            significant(*found, 4),
            significant(*residual, 2),
            source.clone(),
        ];
        let _ = moments.push(cells.map(Cell::from));
    }
    let show = |table: Table| table.text(WIDTH, Rules::default());
    format!(
        "{}\n\n{}\n{}\nsum of squares {}; results in {}\n{NOT_A_DEVICE}\n",
        results.plan.title,
        show(values),
        show(moments),
        significant(results.found.sum, 6),
        folder.display()
    )
}

fn to_json(results: &Results<'_>, folder: &Path, files: &[String]) -> Value {
    let number = |v: f64| if v.is_finite() { json!(v) } else { Value::Null };
    let values: Vec<Value> = results
        .problem
        .constants
        .iter()
        .enumerate()
        .map(|(k, c)| {
            let (low, high) = interval(results, k);
            json!({
                "name": c.name, "spread": c.spread, "model": c.own, "value": results.found.values[k],
                "low": number(low), "high": number(high), "prior": c.prior, "prior_log_sd": c.prior_log_sd,
                "notes": Vec::<String>::new(),
            })
        })
        .collect();
    let moments: Vec<Value> = results
        .plan
        .moments
        .iter()
        .zip(&results.lines)
        .map(|((m, source), (found, residual))| {
            json!({ "line": m.line, "wanted": m.wanted, "found": number(*found), "residual": number(*residual), "source": source })
        })
        .collect();
    json!({
        "schema": "hepatica.fit-moments/1",
        "hepatica": env!("CARGO_PKG_VERSION"),
        "study": { "file": results.study.0, "sha256": results.study.1, "title": results.plan.title },
        "model": results.loaded.id,
        "seed": results.problem.seed,
        "values": values,
        "moments": moments,
        "sum": results.found.sum,
        "folder": folder.display().to_string(),
        "files": files,
        "note": NOT_A_DEVICE,
    })
}
