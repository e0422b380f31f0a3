//! The constants of the models with their evidence ids, read from the models and written nowhere else.

use hepatica_model::Model;
use hepatica_source::{SourceMap, Status};
use serde_json::{Value, json};

use crate::library::Library;
use crate::load;
use crate::refuse::Error;
use crate::world::World;

/// A constant of a model.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// The model's id.
    pub model: String,
    /// The constant's name in the model.
    pub name: String,
    /// Its value, where it is a number.
    pub value: Option<f64>,
    /// Its unit, as shown.
    pub unit: String,
    /// How sure it is.
    pub status: Option<Status>,
    /// The values it may take.
    pub range: Option<(f64, f64)>,
    /// Ids in the ledger.
    pub evidence: Vec<String>,
    /// Other links to sources.
    pub sources: Vec<String>,
}

/// The constants of every model built into the program that say where they come from, by model, in the order written.
///
/// # Errors
/// A model with errors.
pub fn parameters(world: &dyn World) -> Result<Vec<Parameter>, Error> {
    let mut found = Vec::new();
    for id in Library::model_ids() {
        let mut sources = SourceMap::new();
        let loaded = load::load(world, &Library::default(), &id, None, &mut sources)?;
        found.extend(of_model(&id, &loaded.model));
    }
    Ok(found)
}

fn of_model(id: &str, model: &Model) -> Vec<Parameter> {
    let mut found = Vec::new();
    for (var, declared) in model.vars.enumerate() {
        let provenance = model.provenance(var);
        let says_nothing = provenance.status.is_none()
            && provenance.evidence.is_empty()
            && provenance.sources.is_empty()
            && provenance.range.is_none();
        if says_nothing {
            continue;
        }
        found.push(Parameter {
            model: id.to_string(),
            name: declared.name.clone(),
            value: declared.initial.and_then(|node| model.number(node)),
            unit: declared.unit.as_ref().map_or(String::new(), |u| u.shown.clone()),
            status: provenance.status,
            range: provenance.range,
            evidence: provenance.evidence,
            sources: provenance.sources,
        });
    }
    found
}

pub(super) fn parameter_json(p: &Parameter) -> Value {
    json!({
        "model": p.model, "name": p.name, "value": p.value, "unit": p.unit,
        "status": p.status.map(Status::word), "range": p.range.map(|(low, high)| [low, high]),
        "evidence": p.evidence, "sources": p.sources,
    })
}
