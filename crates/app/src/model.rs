//! `hepatica model ...`: what models there are, what they say, and what they do by themselves.

use std::path::Path;

use hepatica_kernel::OutputSelection;
use hepatica_model::system::{OutputId, Target};
use hepatica_report::csv::{CsvWriter, Field};
use hepatica_sim::{Options, Scenario, observe, simulate};
use hepatica_source::{SourceMap, render_all, render_short};
use hepatica_trial::study::Override;
use hepatica_unit::Quantity;
use serde_json::{Value, json};

use crate::library::Library;
use crate::load::find_output;
use crate::load::{self, Loaded};
use crate::refuse::Error;
use crate::world::World;

/// Which form of a model to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The text.
    Source,
    /// The equations.
    System,
    /// The tapes the equations are compiled to.
    Tape,
}

/// The built-in models: id, and display name or empty.
pub fn list(world: &dyn World) -> Vec<(String, String)> {
    let library = Library::default();
    let named = Library::model_ids().into_iter().map(|id| {
        let loaded = load::load(world, &library, &id, None, &mut SourceMap::new());
        let name = loaded.ok().and_then(|l| l.model.display_name).unwrap_or_default();
        (id, name)
    });
    named.collect()
}

/// The built-in models for programs.
pub fn list_json(models: &[(String, String)]) -> Value {
    let entries: Vec<Value> = models.iter().map(|(id, name)| json!({ "id": id, "name": name })).collect();
    json!({ "schema": "hepatica.models/1", "models": entries })
}

/// A model as text at a stage.
///
/// # Errors
/// No such model, or what is wrong with it.
pub fn show(world: &dyn World, id: &str, stage: Stage) -> Result<String, Error> {
    let mut sources = SourceMap::new();
    let loaded = load_here(world, id, &mut sources)?;
    Ok(match stage {
        Stage::Source => {
            let texts = sources.files().map(|f| format!("// {}\n{}", f.name, f.text));
            texts.collect::<Vec<_>>().join("\n")
        }
        Stage::System => loaded.system.to_string(),
        Stage::Tape => load::kernel(&loaded, OutputSelection::All)?.to_string(),
    })
}

/// What checking a model found.
#[derive(Clone, Debug)]
pub struct Checked {
    /// Diagnostics with their source lines, and a line about the model.
    pub text: String,
    /// One line per diagnostic.
    pub short: String,
    /// The same for programs.
    pub json: Value,
}

/// Checks a model.
///
/// # Errors
/// What is wrong with it.
pub fn check(world: &dyn World, id: &str) -> Result<Checked, Error> {
    let mut sources = SourceMap::new();
    let start = world.seconds();
    let loaded = load_here(world, id, &mut sources)?;
    let kernel = load::kernel(&loaded, OutputSelection::All)?;
    let milliseconds = (world.seconds() - start) * 1e3;
    let system = &loaded.system;
    let stats = kernel.program().stats();
    let text = format!(
        "{}{id}: no errors\n{} states, {} parameters, {} outputs, {} events; {} Jacobian entries, {} after elimination; {} terms computed once per patient\nread, checked and compiled in {milliseconds:.2} ms\n",
        render_all(&sources, &loaded.diagnostics),
        system.states.len(),
        system.params.len(),
        system.outputs.len(),
        system.events.len(),
        stats.jacobian_nonzeros,
        stats.factor_nonzeros,
        stats.hoisted,
    );
    let warnings: Vec<String> = loaded.diagnostics.iter().map(|d| render_short(&sources, d)).collect();
    let json = json!({
        "schema": "hepatica.check/1",
        "model": id,
        "states": system.states.len(),
        "parameters": system.params.len(),
        "outputs": system.outputs.len(),
        "events": system.events.len(),
        "warnings": warnings,
    });
    let short = warnings.join("\n");
    Ok(Checked { text, short, json })
}

/// How to simulate a model by itself.
#[derive(Clone, Debug)]
pub struct SimulateRequest {
    /// The model's id or path.
    pub model: String,
    /// Length, in the model's unit of time.
    pub duration: f64,
    /// Number of equal steps; a row more is reported.
    pub steps: usize,
    /// Outputs to report; all when empty.
    pub select: Vec<String>,
    /// `name=value` settings.
    pub set: Vec<String>,
    /// Tolerances and instruction set.
    pub options: Options,
}

/// Rows of one simulation that are kept in memory.
const MAX_STEPS: usize = 10_000_000;

/// Simulates a model without doses; the result is CSV.
///
/// # Errors
/// What is wrong with the model or the request, or why the simulation failed.
pub fn simulate_model(world: &dyn World, request: &SimulateRequest) -> Result<String, Error> {
    if !(request.duration > 0.0 && request.duration.is_finite())
        || request.steps == 0
        || request.steps > MAX_STEPS
    {
        let message = format!("the duration must be positive and the steps between 1 and {MAX_STEPS}");
        return Err(Error::Argument(message));
    }
    let mut sources = SourceMap::new();
    let loaded = load_here(world, &request.model, &mut sources)?;
    let system = &loaded.system;
    let select = |name: &String| find_output(system, name);
    let outputs: Vec<OutputId> = match request.select.is_empty() {
        true => system.outputs.ids().collect(),
        false => request.select.iter().map(select).collect::<Result<_, _>>()?,
    };
    let overrides = request.set.iter().map(|text| target(&loaded, &parse_set(text)?));
    let overrides = overrides.collect::<Result<Vec<_>, _>>()?;
    let kernel = load::kernel(&loaded, OutputSelection::Some(outputs.clone()))?;
    let step = |i: usize| request.duration * (i as f64 / request.steps as f64);
    let scenario =
        Scenario { overrides, actions: Vec::new(), times: (0..=request.steps).map(step).collect() };
    let trajectory = simulate(&kernel, &[scenario], &request.options, &|_| ())
        .map_err(|e| Error::Argument(e.to_string()))?
        .remove(0);
    if let Some(failure) = &trajectory.failure {
        return Err(Error::Argument(format!("{} was not simulated to the end: {failure}", request.model)));
    }
    let columns = observe(&kernel, &trajectory, request.options.isa).columns;
    let names = outputs.iter().map(|id| system.outputs[*id].name.as_str());
    let mut csv = CsvWriter::new(&std::iter::once("time").chain(names).collect::<Vec<_>>());
    for (row, time) in trajectory.times.iter().enumerate() {
        let values = columns.iter().map(|c| Field::Number(c[row]));
        let fields: Vec<Field<'_>> = std::iter::once(Field::Number(*time)).chain(values).collect();
        csv.row(&fields).map_err(|e| Error::Argument(e.to_string()))?;
    }
    Ok(csv.finish())
}

fn load_here(world: &dyn World, id: &str, sources: &mut SourceMap) -> Result<Loaded, Error> {
    let here = std::path::absolute(Path::new(".")).unwrap_or_default();
    load::load(world, &Library::near(world, &here), id, None, sources)
}

/// Reads `name=value` or `name=value unit`.
pub(crate) fn parse_set(text: &str) -> Result<Override, Error> {
    let refused = |why: String| Error::Argument(format!("--set {text}: {why}"));
    let (name, value) = text.split_once('=').ok_or_else(|| refused("write name=value".into()))?;
    let quantity = Quantity::parse(value).map_err(|e| refused(e.to_string()))?;
    let bare = value.trim().parse::<f64>().is_ok();
    let unit = (!bare).then(|| quantity.unit().to_string());
    Ok(Override { name: name.trim().to_string(), value: quantity.value(), unit, span: None })
}

fn target(loaded: &Loaded, set: &Override) -> Result<(Target, f64), Error> {
    let mut problems = Vec::new();
    let found = hepatica_trial::plan::target(set, &loaded.model, &loaded.system, &mut problems);
    found.ok_or_else(|| Error::refused(&SourceMap::new(), problems))
}
