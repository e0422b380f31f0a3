//! `hepatica model ...`: what models there are, what they say, and what they do by themselves.

use std::path::Path;

use hepatica_kernel::OutputSelection;
use hepatica_model::Model;
use hepatica_model::decl::Declarations;
use hepatica_report::csv::{CsvWriter, Field};
use hepatica_report::{Cell, Column, Rules, Table};
use hepatica_source::{SourceMap, Status, render_all, render_short};
use hepatica_trial::about::About;
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

/// A built-in model in a line.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Its id.
    pub id: String,
    /// Its display name, or empty.
    pub name: String,
    /// What it is for, what its numbers are, what speaks for and against it; `None` where no view says so.
    pub about: Option<About>,
    /// How many of its constants have each standing, from the firmest to the weakest; only those that occur.
    pub constants: Vec<(Status, usize)>,
}

/// The built-in models, sorted by id.
///
/// # Errors
/// A built-in model or view that cannot be read.
pub fn list(world: &dyn World) -> Result<Vec<Listed>, Error> {
    let library = Library::default();
    let listed = Library::model_ids().into_iter().map(|id| {
        let mut sources = SourceMap::new();
        let model = load::load(world, &library, &id, None, &mut sources)?.model;
        let about = load::load_view(world, &library, &id, &mut sources)?.about;
        Ok(Listed { id, constants: constants(&model), name: model.display_name.unwrap_or_default(), about })
    });
    listed.collect()
}

/// How many constants of a model have each standing.
fn constants(model: &Model) -> Vec<(Status, usize)> {
    let of = |status| move |found: &Option<Status>| *found == Some(status);
    let found: Vec<Option<Status>> = model.vars.ids().map(|id| model.provenance(id).status).collect();
    let counted = Status::ALL.map(|status| (status, found.iter().filter(|s| of(status)(s)).count()));
    counted.into_iter().filter(|(_, n)| *n > 0).collect()
}

/// The built-in models for people.
pub fn list_text(models: &[Listed]) -> String {
    let columns = ["Model", "Standing", "Purpose", "Credibility", "Constants"].map(Column::text);
    let mut table = Table::new(columns);
    for model in models {
        let about = |of: fn(&About) -> &str| model.about.as_ref().map_or("", of).to_string();
        let counts: Vec<String> = model.constants.iter().map(|(s, n)| format!("{n} {}", s.word())).collect();
        let cells = [
            model.id.clone(),
            about(|a| a.status.word()),
            about(|a| &a.purpose),
            about(|a| &a.credibility),
            counts.join(", "),
        ];
        // The row has a cell per column by construction.
        let _ = table.push(cells.map(Cell::Text));
    }
    table.text(LIST_WIDTH, Rules::default())
}

/// The width a terminal is taken to have for the list of models.
const LIST_WIDTH: usize = 140;

/// The built-in models for programs.
pub fn list_json(models: &[Listed]) -> Value {
    let entries: Vec<Value> = models
        .iter()
        .map(|model| {
            let about = |of: fn(&About) -> &str| model.about.as_ref().map(of);
            let constants = model.constants.iter().map(|(s, n)| (s.word().to_string(), json!(n)));
            json!({
                "id": model.id,
                "name": model.name,
                "purpose": about(|a| &a.purpose),
                "status": about(|a| a.status.word()),
                "credibility": about(|a| &a.credibility),
                "constants": constants.collect::<serde_json::Map<_, _>>(),
            })
        })
        .collect();
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
