//! `hepatica nca`: concentrations over time -> parameters without a model, as tables of CDISC and as a report.

mod parameters;
mod read;
mod show;

use std::path::PathBuf;

use hepatica_source::{Diagnostic, SourceMap, has_errors};
use hepatica_stats::nca::{Analysis, AreaMethod, Given, Options, analyse, settle, steady};

use crate::answer::Answer;
use crate::refuse::Error;
use crate::world::{World, read_text};
use parameters::Parameter;

pub use hepatica_stats::nca::BelowRule;

/// A route, where no table of doses says it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Route {
    /// With absorption.
    #[default]
    Extravascular,
    /// Into the blood at once.
    Bolus,
    /// Into the blood at a constant rate; needs a duration.
    Infusion,
}

/// An analysis to do.
#[derive(Clone, Debug, Default)]
pub struct NcaRequest {
    /// The concentrations: CDISC PC, or subject, time and conc.
    pub concentrations: PathBuf,
    /// The doses: CDISC EX, or subject, dose, route and duration.
    pub doses: Option<PathBuf>,
    /// A dose for all subjects with its unit, such as `320 mg`.
    pub dose: Option<String>,
    /// A route for all subjects; the table of doses comes first.
    pub route: Option<Route>,
    /// The duration of an infusion, in the time unit of the concentrations.
    pub duration: Option<f64>,
    /// Areas by straight lines only; otherwise exponential where the curve falls.
    pub linear: bool,
    /// What stands for a concentration below the limit.
    pub below: BelowRule,
    /// Partial areas, from and to.
    pub partial: Vec<(f64, f64)>,
    /// The dosing interval, when the curves are those of a steady state.
    pub tau: Option<f64>,
    /// Folder for the report.
    pub out: Option<PathBuf>,
    /// Replace a report that is already there.
    pub overwrite: bool,
}

/// A curve of one subject and analyte.
#[derive(Clone, Debug)]
struct Curve {
    subject: String,
    analyte: String,
    times: Vec<f64>,
    concentrations: Vec<f64>,
    /// How many were below the limit.
    below: usize,
    given: Given,
    dose: Option<f64>,
}

/// The units of the tables.
#[derive(Clone, Debug, Default)]
struct Units {
    time: String,
    conc: String,
    dose: String,
}

/// A curve analysed.
struct Analysed {
    curve: Curve,
    analysis: Analysis,
    parameters: Vec<Parameter>,
}

/// Everything an analysis gives.
struct Found {
    results: Vec<Analysed>,
    units: Units,
    warnings: Vec<Diagnostic>,
    map: SourceMap,
}

/// Analyses every curve of a table.
///
/// # Errors
/// Files that cannot be read, tables that are refused, a folder that already holds a report.
pub fn nca(world: &dyn World, request: &NcaRequest) -> Result<Answer, Error> {
    let mut map = SourceMap::new();
    let text = read_text(world, &request.concentrations)?;
    let concentrations = map.add(request.concentrations.display().to_string(), text);
    let doses = match &request.doses {
        None => None,
        Some(path) => Some(map.add(path.display().to_string(), read_text(world, path)?)),
    };
    let mut problems = hepatica_source::table::Problems::default();
    let tables = read::tables(&map, (concentrations, doses), request, &mut problems)?;
    if has_errors(&problems.diagnostics) {
        return Err(Error::refused(&map, problems.diagnostics));
    }
    let Some((curves, units)) = tables else { return Err(Error::refused(&map, problems.diagnostics)) };
    let mut results = Vec::new();
    for curve in curves {
        let name = if curve.analyte.is_empty() {
            curve.subject.clone()
        } else {
            format!("{}, {}", curve.subject, curve.analyte)
        };
        match one(curve, &units, request) {
            Ok(result) => results.push(result),
            Err(why) => {
                let message = format!("{name}: no parameters: {why}");
                problems.push(Diagnostic::warning("nca/not-analysed", message));
            }
        }
    }
    if results.is_empty() {
        problems.push(Diagnostic::error("nca/nothing", "no curve can be analysed"));
        return Err(Error::refused(&map, problems.diagnostics));
    }
    let found = Found { results, units, warnings: problems.diagnostics, map };
    show::publish(world, request, &found)
}

fn one(mut curve: Curve, units: &Units, request: &NcaRequest) -> Result<Analysed, String> {
    let method = if request.linear { AreaMethod::Linear } else { AreaMethod::LinearUpLogDown };
    let options = Options { given: curve.given, dose: curve.dose, method };
    if request.tau.is_some() && curve.given != Given::Bolus && curve.times.first().is_some_and(|t| *t > 0.0) {
        // At steady state nothing starts from zero: the smallest concentration of the interval stands at its start.
        let least = curve.concentrations.iter().copied().fold(f64::INFINITY, f64::min);
        curve.times.insert(0, 0.0);
        curve.concentrations.insert(0, least);
    }
    let analysis = analyse(&curve.times, &curve.concentrations, &options).map_err(|e| e.to_string())?;
    let interval = request.tau.map(|tau| steady(&analysis, tau, &options).map_err(|e| e.to_string()));
    let interval = interval.transpose()?;
    let parameters = parameters::of(&analysis, interval.as_ref(), &options, (units, &request.partial));
    Ok(Analysed { curve, analysis, parameters })
}

/// The points of a curve by the rule for what lies below the limit.
fn settled(
    times: &[f64],
    readings: &[hepatica_stats::nca::Reading],
    rule: BelowRule,
) -> (Vec<f64>, Vec<f64>) {
    settle(readings, rule).into_iter().map(|(k, c)| (times[k], c)).unzip()
}
