//! A model by itself, over time: text -> equations -> columns of numbers.

use std::collections::BTreeMap;
use std::sync::Arc;

use hepatica_kernel::{Kernel, OutputSelection};
use hepatica_model::System;
use hepatica_model::system::{OutputId, Target};
use hepatica_sim::{Options, Scenario, observe, simulate};
use hepatica_source::SourceMap;
use hepatica_trial::study::Override;
use hepatica_unit::Quantity;

use crate::load::{self, Loaded, find_output};
use crate::refuse::Error;
use crate::world::World;

/// How to simulate a model by itself.
#[derive(Clone, Debug)]
pub struct SimulateRequest {
    /// The model's id or path.
    pub model: String,
    /// Length, in the model's unit of time.
    pub duration: f64,
    /// Number of equal steps; a row more is reported.
    pub steps: usize,
    /// What to report. Without columns, every output.
    pub columns: Vec<Column>,
    /// `name=value` settings.
    pub set: Vec<String>,
    /// Tolerances and instruction set.
    pub options: Options,
}

/// Something to report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// The name of a variable, or of an output such as `amount(S)`. Where the model has no such name, `a__b` finds `a.b`,
    /// the variable `b` of the submodel `a`.
    pub name: String,
    /// How a species is reported.
    pub form: Form,
}

/// How a species is reported.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    /// As its name stands in the mathematics of the model.
    #[default]
    AsNamed,
    /// As an amount of substance.
    Amount,
    /// As an amount of substance per size of its compartment.
    Concentration,
}

/// Numbers over time.
#[derive(Clone, Debug, PartialEq)]
pub struct TimeCourse {
    /// The times, ascending.
    pub times: Arc<[f64]>,
    /// The heading of each column.
    pub names: Vec<String>,
    /// The values of each column, one per time.
    pub columns: Vec<Vec<f64>>,
}

/// Rows of one simulation that are kept in memory.
const MAX_STEPS: usize = 10_000_000;

/// Simulates a model without doses.
///
/// # Errors
/// What is wrong with the model or the request, or why the simulation failed.
pub fn time_course(world: &dyn World, request: &SimulateRequest) -> Result<TimeCourse, Error> {
    if !(request.duration > 0.0 && request.duration.is_finite())
        || request.steps == 0
        || request.steps > MAX_STEPS
    {
        let message = format!("the duration must be positive and the steps between 1 and {MAX_STEPS}");
        return Err(Error::Argument(message));
    }
    let loaded = load::load_by_itself(world, &request.model, &mut SourceMap::new())?;
    let system = &loaded.system;
    let (names, outputs): (Vec<String>, Vec<OutputId>) = match request.columns.is_empty() {
        true => system.outputs.enumerate().map(|(id, output)| (output.name.clone(), id)).unzip(),
        false => {
            let found = request.columns.iter().map(|c| Ok((c.name.clone(), output_of(system, c)?)));
            found.collect::<Result<Vec<_>, Error>>()?.into_iter().unzip()
        }
    };
    let overrides = request.set.iter().map(|text| target(&loaded, &parse_set(text)?));
    let overrides = overrides.collect::<Result<Vec<_>, _>>()?;
    let kernel = load::kernel(&loaded, OutputSelection::Some(outputs))?;
    let step = |i: usize| request.duration * (i as f64 / request.steps as f64);
    let scenario =
        Scenario { overrides, actions: Vec::new(), times: (0..=request.steps).map(step).collect(), seed: 0 };
    let mut options = request.options.clone();
    options.atol_scale = tolerance_scale(&loaded, &kernel, &scenario.overrides);
    let trajectory = simulate(&kernel, &[scenario], &options, &|_| ())
        .map_err(|e| Error::Argument(e.to_string()))?
        .remove(0);
    if let Some(failure) = &trajectory.failure {
        return Err(Error::Argument(format!("{} was not simulated to the end: {failure}", request.model)));
    }
    let columns = observe(&kernel, &trajectory, request.options.isa).columns;
    Ok(TimeCourse { times: trajectory.times, names, columns })
}

/// Where a name means a concentration and the state is the amount, the absolute tolerance is meant for the concentration:
/// it is multiplied with the size of a compartment below one, as those of cells in litres are.
fn tolerance_scale(loaded: &Loaded, kernel: &Kernel, overrides: &[(Target, f64)]) -> Arc<[f64]> {
    let (model, system) = (&loaded.model, &loaded.system);
    // A model without values at time zero is refused by the simulation.
    let Ok(initial) = kernel.initial(overrides) else { return Arc::from([]) };
    let value = |name: &str| {
        let param = system.find_param(name).map(|id| initial.params[id.0 as usize]);
        param.or_else(|| system.find_state(name).map(|id| initial.y0[id.0 as usize]))
    };
    let places: BTreeMap<&str, &str> = model
        .vars
        .enumerate()
        .filter_map(|(id, var)| {
            let species = model.species(id).filter(|species| !species.substance_only)?;
            Some((var.name.as_str(), model.vars[species.compartment].name.as_str()))
        })
        .collect();
    let scale = |name: &str| {
        let size = places.get(name).and_then(|place| value(place));
        size.filter(|size| *size > 0.0 && *size < 1.0).unwrap_or(1.0)
    };
    system.states.iter().map(|state| scale(&state.name)).collect()
}

/// The output a column asks for.
fn output_of(system: &System, column: &Column) -> Result<OutputId, Error> {
    let dotted = column.name.replace("__", ".");
    let known = |name: &str| system.find_output(name).is_some();
    let name = if known(&column.name) || !known(&dotted) { &column.name } else { &dotted };
    // A species whose name means the form asked for has no output of that form beside it.
    let other = match column.form {
        Form::AsNamed => None,
        Form::Amount => system.find_output(&format!("amount({name})")),
        Form::Concentration => system.find_output(&format!("concentration({name})")),
    };
    match other {
        Some(id) => Ok(id),
        None => find_output(system, name),
    }
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
