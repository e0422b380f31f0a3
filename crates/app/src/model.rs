//! `hepatica model ...`: what models there are, what they say, and what they do by themselves.

use std::path::Path;

use hepatica_kernel::OutputSelection;
use hepatica_model::decl::Declarations;
use hepatica_report::csv::{CsvWriter, Field};
use hepatica_source::{SourceMap, render_all, render_short};
use serde_json::{Value, json};

use crate::library::Library;
use crate::load::{self, load_here};
use crate::refuse::{Error, diagnostic_json};
use crate::time_course::{SimulateRequest, time_course};
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

/// Reads a model without asking whether it can be simulated.
///
/// # Errors
/// No such model, or what cannot be read.
pub fn read(world: &dyn World, id: &str) -> Result<Declarations, Error> {
    let mut sources = SourceMap::new();
    let here = std::path::absolute(Path::new(".")).unwrap_or_default();
    let library = Library::near(world, &here);
    load::declarations(world, &library, (id, None), &mut sources).map(|read| read.declarations)
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
    let diagnostics: Vec<Value> = loaded.diagnostics.iter().map(|d| diagnostic_json(&sources, d)).collect();
    let json = json!({
        "schema": "hepatica.check/1",
        "model": id,
        "states": system.states.len(),
        "parameters": system.params.len(),
        "outputs": system.outputs.len(),
        "events": system.events.len(),
        "diagnostics": diagnostics,
    });
    let short = loaded.diagnostics.iter().map(|d| render_short(&sources, d) + "\n").collect();
    Ok(Checked { text, short, json })
}

/// Simulates a model without doses; the result is CSV.
///
/// # Errors
/// What is wrong with the model or the request, or why the simulation failed.
pub fn simulate_model(world: &dyn World, request: &SimulateRequest) -> Result<String, Error> {
    let course = time_course(world, request)?;
    let names = course.names.iter().map(String::as_str);
    let mut csv = CsvWriter::new(&std::iter::once("time").chain(names).collect::<Vec<_>>());
    for (row, time) in course.times.iter().enumerate() {
        let values = course.columns.iter().map(|c| Field::Number(c[row]));
        let fields: Vec<Field<'_>> = std::iter::once(Field::Number(*time)).chain(values).collect();
        csv.row(&fields).map_err(|e| Error::Argument(e.to_string()))?;
    }
    Ok(csv.finish())
}
