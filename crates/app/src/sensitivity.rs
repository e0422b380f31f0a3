//! `hepatica sensitivity`: what decides the outcomes of a study, of all that differs between people and of all constants.
//!
//! ```text
//! study -> Population + constants -> Design -> every point in every arm -> outcomes -> shares of their variance
//! ```

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use hepatica_kernel::OutputSelection;
use hepatica_model::system::OutputId;
use hepatica_sim::{Observer, Options, Trajectory, simulate_each};
use hepatica_stats::sensitivity::{Bootstrap, Design, SobolIndices, sobol_indices, tail_means};
use hepatica_trial::population::GivenBy;
pub use hepatica_trial::sensitivity::Varied;
use hepatica_trial::sensitivity::{NotIndependent, Points};
use hepatica_trial::{Cohort, Endpoint, PatientRow, Population, summarise};

use crate::answer::Answer;
use crate::load::{self, find_output};
use crate::population_show::{Background, background, label, unit_of};
use crate::progress::Progress;
use crate::references::References;
use crate::refuse::Error;
use crate::run::{self, Prepared, RunRequest};
use crate::sensitivity_page;
use crate::world::World;

/// The study of a model that is asked about without one.
const SHIPPED: &str = include_str!("../../../studies/sensitivity.toml");

/// Its name.
const SHIPPED_NAME: &str = "studies/sensitivity.toml";

/// How intervals are made; the seed is far from those of populations.
const BOOTSTRAP: Bootstrap = Bootstrap { replicates: 300, level: 0.95, seed: 0x5eed_b007 };

/// A factor is decisive for an outcome when the lower end of its total share is above this: assumed.
pub(crate) const DECISIVE: f64 = 0.05;

/// An endpoint that is no fraction and whose values are all above 0 and reach over more than this factor is taken on the
/// logarithmic scale.
const DECADES: f64 = 100.0;

/// What is asked.
#[derive(Clone, Debug)]
pub struct SensitivityRequest {
    /// The path of a study, or the id of a model, which is asked under the shipped study.
    pub target: String,
    /// Rows of the design; each is (factors + 2) simulations in every arm.
    pub rows: usize,
    /// The seed in place of the study's.
    pub seed: Option<u64>,
    /// What is varied.
    pub varied: Varied,
    /// Endpoints by id; those of the study and the headline of the view when there is none.
    pub endpoints: Vec<String>,
    /// Where a report is written, if one is wanted.
    pub report: Option<PathBuf>,
    /// How to integrate; threads and instruction set do not change the answer.
    pub engine: Options,
}

/// An answer, and whether everybody could be simulated.
#[derive(Debug)]
pub struct Sensitivity {
    /// The answer.
    pub answer: Answer,
    /// Simulations that failed.
    pub failed: usize,
}

/// Everything found.
pub(crate) struct Found {
    pub(crate) target: String,
    pub(crate) title: String,
    pub(crate) model: String,
    pub(crate) seed: u64,
    pub(crate) rows: usize,
    pub(crate) simulations: usize,
    pub(crate) failed: usize,
    /// Why the first of them failed.
    pub(crate) failure: Option<String>,
    pub(crate) factors: Vec<Factor>,
    pub(crate) outcomes: Vec<Outcome>,
}

/// What is varied.
pub(crate) struct Factor {
    pub(crate) name: String,
    pub(crate) label: String,
    pub(crate) unit: String,
    pub(crate) written: String,
    pub(crate) given: GivenBy,
    pub(crate) background: Background,
}

impl Factor {
    /// Whether it is a constant of the model, not something that differs between people.
    pub(crate) fn is_constant(&self) -> bool {
        self.given == GivenBy::Range
    }

    /// What stands behind it, in a word.
    pub(crate) fn standing(&self) -> &'static str {
        match self.given {
            GivenBy::Study | GivenBy::Subjects => "study",
            GivenBy::Model | GivenBy::Range => self.background.standing(),
        }
    }
}

/// What comes out.
pub(crate) struct Outcome {
    pub(crate) kind: &'static str,
    pub(crate) endpoint: Option<String>,
    pub(crate) label: String,
    pub(crate) unit: String,
    pub(crate) arm: String,
    pub(crate) against: Option<String>,
    pub(crate) log: bool,
    pub(crate) mean: f64,
    pub(crate) sd: f64,
    /// Per factor; none where the outcome does not vary.
    pub(crate) shares: Option<Vec<Shares>>,
}

/// What a factor does to an outcome.
pub(crate) struct Shares {
    pub(crate) indices: SobolIndices,
    /// The mean outcome where the factor is in its lowest and its highest fifth.
    pub(crate) tails: (f64, f64),
}

impl Found {
    /// The factors of an outcome by their total share, the largest first.
    pub(crate) fn ranked<'a>(&'a self, outcome: &'a Outcome) -> Vec<(&'a Factor, &'a Shares)> {
        let mut ranked: Vec<_> = self.factors.iter().zip(outcome.shares.iter().flatten()).collect();
        // A stable sort: equal shares keep the order of the model.
        ranked.sort_by(|a, b| b.1.indices.total.value.total_cmp(&a.1.indices.total.value));
        ranked
    }

    /// The factors that are decisive for an outcome, each with its largest total share and the outcome of it.
    pub(crate) fn decisive(&self) -> Vec<(&Factor, &Outcome, SobolIndices)> {
        let mut decisive: Vec<(&Factor, &Outcome, SobolIndices)> = Vec::new();
        for (k, factor) in self.factors.iter().enumerate() {
            let all = self.outcomes.iter().filter_map(|o| Some((o, o.shares.as_ref()?.get(k)?.indices)));
            let enough = all.filter(|(_, i)| i.total.interval.low > DECISIVE);
            let most = enough.max_by(|a, b| a.1.total.value.total_cmp(&b.1.total.value));
            decisive.extend(most.map(|(outcome, indices)| (factor, outcome, indices)));
        }
        decisive.sort_by(|a, b| b.2.total.value.total_cmp(&a.2.total.value));
        decisive
    }
}

/// Asks what decides the outcomes of a study.
///
/// # Errors
/// A study that is refused, values that are not independent, endpoints that do not exist, too few rows.
pub fn sensitivity(world: &dyn World, request: &SensitivityRequest) -> Result<Sensitivity, Error> {
    let (prepared, population) = prepare(world, request)?;
    let design = population.design(request.rows).map_err(|e| Error::Argument(format!("--rows: {e}")))?;
    let endpoints = chosen(&prepared, &request.endpoints)?;
    let rows = simulate(world, &prepared, (&population, &design), &request.engine)?;
    let failed = rows.iter().filter(|row| row.failure.is_some()).count();
    let outcomes = outcomes(&prepared, &endpoints, &rows, &design)?;
    let references = References::near(world);
    let model = &prepared.loaded.model;
    let factors = population.draws.iter().map(|draw| Factor {
        name: draw.name.clone(),
        label: label(model, &draw.name),
        unit: unit_of(model, &draw.name, draw.unit.as_ref()),
        written: draw.written.clone(),
        given: draw.given,
        background: background(model, &draw.name, &references),
    });
    let found = Found {
        target: request.target.clone(),
        title: prepared.study.title.clone(),
        model: prepared.loaded.id.clone(),
        seed: population.seed,
        rows: request.rows,
        simulations: rows.len(),
        failed,
        failure: rows.iter().find_map(|row| row.failure.clone()),
        factors: factors.collect(),
        outcomes,
    };
    if let Some(path) = &request.report {
        let page = sensitivity_page::render(&found);
        world.write(path, page.as_bytes()).map_err(Error::io(path, "write"))?;
    }
    let answer = Answer { text: sensitivity_page::text(&found), json: sensitivity_page::json(&found) };
    Ok(Sensitivity { answer, failed })
}

fn prepare(world: &dyn World, request: &SensitivityRequest) -> Result<(Prepared, Population), Error> {
    let is_study = request.target.ends_with(".toml");
    let mut run = RunRequest::new(if is_study { &request.target } else { SHIPPED_NAME });
    run.seed = request.seed;
    let (_, mut prepared) = match is_study {
        true => run::begin(world, &run)?,
        false => run::begin_shipped(world, &run, SHIPPED, &request.target)?,
    };
    let (model, system) = (&prepared.loaded.model, &prepared.loaded.system);
    let population = match prepared.population.take() {
        Some(population) => population,
        None => Population::of_model(request.seed.unwrap_or(1), model, system)
            .map_err(|problems| Error::refused(&prepared.sources, problems))?,
    };
    let varied = population.varied(request.varied, (model, system), &prepared.plan);
    let population = varied.map_err(|why| refused(why, &request.target))?;
    Ok((prepared, population))
}

fn refused(why: NotIndependent, target: &str) -> Error {
    let (code, message, hint) = match why {
        NotIndependent::Correlated => (
            "sensitivity/correlated",
            "correlated values have no shares of the variance of their own",
            "leave `correlate` out of a copy of the study; nothing was simulated",
        ),
        NotIndependent::Subjects => (
            "sensitivity/subjects",
            "a table of subjects has no distributions to draw from",
            "give the population `size` and distributions; nothing was simulated",
        ),
        NotIndependent::Nothing => (
            "sensitivity/nothing",
            "nothing varies: no value has a distribution and no constant a range",
            "give the study a [population.vary]",
        ),
    };
    Error::Named { code, message: format!("{target}: {message}"), hint: hint.into() }
}

/// The endpoints asked for, else those of the headline and of the study.
fn chosen(prepared: &Prepared, asked: &[String]) -> Result<Vec<usize>, Error> {
    let place = |id: &String| prepared.endpoints.iter().position(|e| e.id == *id);
    let known = || prepared.endpoints.iter().map(|e| e.id.as_str());
    if asked.is_empty() {
        let of_study = prepared.study.endpoints.iter().map(|e| &e.id);
        let mut all: Vec<usize> = prepared.view.headline.iter().chain(of_study).filter_map(place).collect();
        let mut seen = std::collections::BTreeSet::new();
        all.retain(|k| seen.insert(*k));
        if all.is_empty() {
            let message = "neither the view of the model nor the study names endpoints; add [[endpoint]]";
            return Err(Error::Argument(message.into()));
        }
        return Ok(all);
    }
    let find = |id: &String| {
        place(id).ok_or_else(|| {
            let near = hepatica_source::nearest(id, known());
            let hint = near.map_or(String::new(), |n| format!("; did you mean `{n}`?"));
            Error::Argument(format!("there is no endpoint `{id}`{hint}"))
        })
    };
    asked.iter().map(find).collect()
}

/// Every point in every arm, in their order.
fn simulate(
    world: &dyn World,
    prepared: &Prepared,
    (population, design): (&Population, &Design),
    options: &Options,
) -> Result<Vec<PatientRow>, Error> {
    let Prepared { study, plan, loaded, view, endpoints, .. } = prepared;
    let outputs = outputs(prepared)?;
    let ids = outputs.iter().map(|(_, id)| *id).collect();
    let kernel = load::kernel(loaded, OutputSelection::Some(ids))?;
    let cohort = Cohort { study, plan, population };
    let arms = cohort.arms();
    let points = Points { cohort, design };
    let total = design.points().saturating_mul(arms);
    let progress = Progress::new(world, "simulated", total as u64, 0);
    let done: Mutex<Vec<(usize, PatientRow)>> = Mutex::new(Vec::with_capacity(total));
    let sink = || {
        let mut observer = Observer::new(&kernel, options.isa);
        let (done, progress, outputs) = (&done, &progress, &outputs);
        move |index: usize, trajectory: Trajectory| {
            let observed = observer.observe(&trajectory);
            let column = |output: &str| {
                let found = outputs.iter().position(|(name, _)| name == output);
                found.map_or_else(Vec::new, |k| observed.columns[k].clone())
            };
            let place = (index / arms + 1, index % arms);
            let row = summarise(view, endpoints, place, &trajectory, &column);
            let mut done = done.lock().unwrap_or_else(PoisonError::into_inner);
            done.push((index, row));
            progress.tell(done.len() as u64);
        }
    };
    simulate_each(&kernel, &points, options, &sink).map_err(|e| Error::Argument(e.to_string()))?;
    progress.finish();
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(index, _)| *index);
    Ok(done.into_iter().map(|(_, row)| row).collect())
}

/// The outputs that endpoints need, each once, in the order of their columns.
fn outputs(prepared: &Prepared) -> Result<Vec<(String, OutputId)>, Error> {
    let mut outputs: Vec<(String, OutputId)> = Vec::new();
    for endpoint in &prepared.endpoints {
        if !outputs.iter().any(|(name, _)| *name == endpoint.output) {
            outputs.push((endpoint.output.clone(), find_output(&prepared.loaded.system, &endpoint.output)?));
        }
    }
    Ok(outputs)
}

/// The outcomes in the first arm, then what every other arm changes.
fn outcomes(
    prepared: &Prepared,
    endpoints: &[usize],
    rows: &[PatientRow],
    design: &Design,
) -> Result<Vec<Outcome>, Error> {
    let arms = prepared.study.arms.len();
    let value = |row: &PatientRow, k: usize| row.values[k];
    let event = |row: &PatientRow| match row.failure {
        Some(_) => f64::NAN,
        None => f64::from(u8::from(prepared.view.events.contains(&row.outcome))),
    };
    let in_arm = |arm: usize| rows.iter().skip(arm).step_by(arms);
    let mut outcomes = Vec::new();
    for k in endpoints {
        let values: Vec<f64> = in_arm(0).map(|row| value(row, *k)).collect();
        outcomes.push(measured(prepared, Some(&prepared.endpoints[*k]), (0, None), values, design)?);
    }
    let events = !prepared.view.events.is_empty();
    if events {
        outcomes.push(measured(prepared, None, (0, None), in_arm(0).map(event).collect(), design)?);
    }
    for arm in 1..arms {
        let pairs = || in_arm(arm).zip(in_arm(0));
        if let Some(k) = endpoints.first() {
            let values = pairs().map(|(with, without)| value(with, *k) - value(without, *k)).collect();
            outcomes.push(measured(prepared, Some(&prepared.endpoints[*k]), (arm, Some(0)), values, design)?);
        }
        if events {
            let values = pairs().map(|(with, without)| event(without) - event(with)).collect();
            outcomes.push(measured(prepared, None, (arm, Some(0)), values, design)?);
        }
    }
    Ok(outcomes)
}

/// One outcome with what every factor does to it; an endpoint, else the event of the view.
fn measured(
    prepared: &Prepared,
    endpoint: Option<&Endpoint>,
    (arm, against): (usize, Option<usize>),
    mut values: Vec<f64>,
    design: &Design,
) -> Result<Outcome, Error> {
    let finite = || values.iter().copied().filter(|v| v.is_finite());
    let (low, high) = (finite().fold(f64::INFINITY, f64::min), finite().fold(0.0, f64::max));
    let scaled = endpoint.is_some_and(|e| !e.unit.starts_with("fraction"));
    let log = against.is_none() && scaled && low > 0.0 && high > DECADES * low;
    if log {
        values.iter_mut().for_each(|v| *v = libm::log10(*v));
    }
    let name_of = endpoint.map_or("the event", |e| e.id.as_str());
    let failed = |e: hepatica_stats::StatsError| {
        Error::Argument(format!("no shares of {name_of} can be told: {e}; more --rows may help"))
    };
    let indices = sobol_indices(&values, design.factors(), BOOTSTRAP).map_err(failed)?;
    let shares = indices.map(|indices| {
        let tails = tail_means(design, &values, 0.2);
        indices.into_iter().zip(tails).map(|(indices, tails)| Shares { indices, tails }).collect()
    });
    let n = values.iter().filter(|v| v.is_finite()).count() as f64;
    let sum = |of: &dyn Fn(f64) -> f64| values.iter().filter(|v| v.is_finite()).map(|v| of(*v)).sum::<f64>();
    let mean = sum(&|v| v) / n;
    let sd = (sum(&|v| (v - mean).powi(2)) / (n - 1.0).max(1.0)).sqrt();
    let event = prepared.view.events.join(" or ");
    let kind = match (endpoint, against) {
        (Some(_), None) => "endpoint",
        (None, None) => "event",
        (Some(_), Some(_)) => "difference",
        (None, Some(_)) => "event avoided",
    };
    let what = endpoint.map_or(event, |e| e.label.clone());
    let name = |arm: usize| prepared.study.arms[arm].name.clone();
    let label = match (endpoint, against) {
        (_, None) if log => format!("log10 of {what}, {}", name(arm)),
        (_, None) => format!("{what}, {}", name(arm)),
        (Some(_), Some(first)) => format!("{what}: {} against {}", name(arm), name(first)),
        (None, Some(first)) => format!("{what} avoided: {} against {}", name(arm), name(first)),
    };
    Ok(Outcome {
        kind,
        endpoint: endpoint.map(|e| e.id.clone()),
        label,
        unit: endpoint.map_or(String::new(), |e| e.unit.clone()),
        arm: name(arm),
        against: against.map(name),
        log,
        mean,
        sd,
        shares,
    })
}
