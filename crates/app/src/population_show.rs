//! `hepatica population show`: how virtual patients differ, and what stands behind each spread.

use std::path::PathBuf;

use hepatica_model::Model;
use hepatica_source::{SourceMap, Status};
use hepatica_stats::groups::rank_correlation;
use hepatica_stats::{Sorted, StatsError};
use hepatica_trial::Population;
use hepatica_trial::population::GivenBy;

use crate::answer::Answer;
use crate::cohort_groups::does;
use crate::load::{Loaded, load_here};
use crate::population_tables;
use crate::references::References;
use crate::refuse::Error;
use crate::run::{self, RunRequest};
use crate::world::World;

/// Patients drawn at most: all values of the sample are kept.
const MOST: u64 = 1_000_000;

/// What to show.
#[derive(Clone, Debug)]
pub struct ShowRequest {
    /// The path of a study, or the id or path of a model.
    pub target: String,
    /// How many patients are drawn.
    pub size: u64,
    /// The seed of a model's patients, or one in place of the study's.
    pub seed: Option<u64>,
    /// Where a report is written, if one is wanted.
    pub report: Option<PathBuf>,
}

/// How patients differ, with a sample.
pub(crate) struct Differences {
    pub(crate) target: String,
    pub(crate) model: String,
    pub(crate) size: u64,
    pub(crate) seed: u64,
    pub(crate) values: Vec<Spread>,
    pub(crate) covariates: Vec<Known>,
    pub(crate) pairs: Vec<Pair>,
    /// The largest rank correlation in the sample between values that are independent, by chance.
    pub(crate) by_chance: Option<f64>,
}

/// A value that differs.
pub(crate) struct Spread {
    pub(crate) name: String,
    pub(crate) label: String,
    pub(crate) unit: String,
    pub(crate) written: String,
    pub(crate) given: GivenBy,
    pub(crate) background: Background,
    pub(crate) does: String,
    pub(crate) levels: Vec<String>,
    /// The values drawn, by patient; of categories, their places.
    pub(crate) drawn: Vec<f64>,
    pub(crate) sorted: Sorted,
}

/// What stands behind a number of the model.
#[derive(Clone, Default)]
pub(crate) struct Background {
    pub(crate) status: Option<Status>,
    pub(crate) range: Option<(f64, f64)>,
    /// Ids and citations.
    pub(crate) evidence: Vec<(String, String)>,
    pub(crate) links: Vec<String>,
}

impl Background {
    /// `published` for a spread with a source that measured or published it; else the word of its status.
    pub(crate) fn standing(&self) -> &'static str {
        match self.status {
            Some(Status::Observed | Status::Published) => "published",
            Some(status) => status.word(),
            None => "not stated",
        }
    }
}

/// Something known of a patient.
pub(crate) struct Known {
    pub(crate) name: String,
    pub(crate) label: String,
    pub(crate) unit: String,
    pub(crate) default: f64,
    pub(crate) range: Option<(f64, f64)>,
    /// Whether the study gives it a spread or an effect.
    pub(crate) varies: bool,
}

/// Two values that go together.
pub(crate) struct Pair {
    pub(crate) first: String,
    pub(crate) second: String,
    pub(crate) asked: f64,
    pub(crate) ranks: f64,
}

/// Shows how the patients of a study or a model differ.
///
/// # Errors
/// A study or model that is refused; a study without a population; more patients than can be kept.
pub fn show(world: &dyn World, request: &ShowRequest) -> Result<Answer, Error> {
    if !(2..=MOST).contains(&request.size) {
        return Err(Error::Argument(format!("--size takes 2 to {MOST} patients, not {}", request.size)));
    }
    let (loaded, population) = read(world, request)?;
    let references = References::near(world);
    let found = differences(&request.target, (&loaded, &population), request.size, &references);
    let found = found.map_err(|e| Error::Argument(format!("{}: {e}", request.target)))?;
    if let Some(path) = &request.report {
        let page = population_tables::page(&found);
        world.write(path, page.as_bytes()).map_err(Error::io(path, "write"))?;
    }
    Ok(Answer { text: population_tables::text(&found), json: population_tables::json(&found) })
}

fn read(world: &dyn World, request: &ShowRequest) -> Result<(Loaded, Population), Error> {
    if request.target.ends_with(".toml") {
        let mut run = RunRequest::new(&request.target);
        run.seed = request.seed;
        let (_, prepared) = run::begin(world, &run)?;
        let population = prepared.population.ok_or_else(|| Error::Named {
            code: "population/none",
            message: format!("{} has no [population]", request.target),
            hint: "name its model instead, or give it a [population]".into(),
        })?;
        return Ok((prepared.loaded, population));
    }
    let mut sources = SourceMap::new();
    let loaded = load_here(world, &request.target, &mut sources)?;
    let population = Population::of_model(request.seed.unwrap_or(1), &loaded.model, &loaded.system);
    let population = population.map_err(|problems| Error::refused(&sources, problems))?;
    Ok((loaded, population))
}

fn differences(
    target: &str,
    (loaded, population): (&Loaded, &Population),
    size: u64,
    references: &References,
) -> Result<Differences, StatsError> {
    let model = &loaded.model;
    let size = size.min(population.size);
    let rows: Vec<Vec<f64>> = (0..size).map(|patient| population.values(patient)).collect();
    let mut values = Vec::new();
    for (place, draw) in population.draws.iter().enumerate() {
        let drawn: Vec<f64> = rows.iter().map(|row| row[place]).collect();
        let of_model = draw.given == GivenBy::Model;
        values.push(Spread {
            name: draw.name.clone(),
            label: label(model, &draw.name),
            unit: unit_of(model, &draw.name, draw.unit.as_ref()),
            written: draw.written.clone(),
            given: draw.given,
            background: if of_model {
                background(model, &draw.name, references)
            } else {
                Background::default()
            },
            does: does(population, place),
            levels: draw.levels.clone(),
            sorted: Sorted::new(drawn.clone())?,
            drawn,
        });
    }
    let (pairs, by_chance) = pairs(population, &values)?;
    let covariates = covariates(loaded, population);
    let (model, seed) = (loaded.id.clone(), population.seed);
    Ok(Differences { target: target.into(), model, size, seed, values, covariates, pairs, by_chance })
}

/// The name for people, or that of the model.
pub(crate) fn label(model: &Model, name: &str) -> String {
    let var = model.vars.iter().find(|v| v.name == name);
    var.and_then(|v| v.display_name.clone()).unwrap_or_else(|| name.to_string())
}

/// What the model says behind a number.
pub(crate) fn background(model: &Model, name: &str, references: &References) -> Background {
    let Some((id, _)) = model.vars.enumerate().find(|(_, v)| v.name == name) else {
        return Background::default();
    };
    let said = model.provenance(id);
    let evidence = said.evidence.into_iter().map(|id| (id.clone(), references.citation(&id)));
    Background { status: said.status, range: said.range, evidence: evidence.collect(), links: said.sources }
}

/// The unit as the model writes it, else as it is; nothing for a number without one.
pub(crate) fn unit_of(model: &Model, name: &str, own: Option<&hepatica_unit::Unit>) -> String {
    let var = model.vars.iter().find(|v| v.name == name).and_then(|v| v.unit.as_ref());
    let plain = |unit: &hepatica_unit::Unit| unit.to_string() == "1";
    match (var, own) {
        (Some(of_model), _) if plain(&of_model.unit) => String::new(),
        (Some(of_model), _) => of_model.shown.clone(),
        (None, Some(own)) if !plain(own) => own.to_string(),
        _ => String::new(),
    }
}

/// The correlations asked for, with those of the ranks in the sample, and the largest of all other pairs.
fn pairs(population: &Population, values: &[Spread]) -> Result<(Vec<Pair>, Option<f64>), StatsError> {
    let mut asked = Vec::new();
    let mut by_chance: Option<f64> = None;
    for (place, first) in values.iter().enumerate() {
        for second in &values[place + 1..] {
            let ranks = rank_correlation(&first.drawn, &second.drawn)?;
            let named = population.correlations.iter().find(|(a, b, _)| {
                (*a == first.name && *b == second.name) || (*b == first.name && *a == second.name)
            });
            match named {
                Some((_, _, rho)) => asked.push(Pair {
                    first: first.name.clone(),
                    second: second.name.clone(),
                    asked: *rho,
                    ranks,
                }),
                None if ranks.abs() > by_chance.unwrap_or(-1.0) => by_chance = Some(ranks.abs()),
                None => {}
            }
        }
    }
    Ok((asked, by_chance))
}

fn covariates(loaded: &Loaded, population: &Population) -> Vec<Known> {
    let model = &loaded.model;
    let mut known = Vec::new();
    for (id, var) in model.vars.enumerate() {
        let said = model.provenance(id);
        if !said.covariate || loaded.system.find_param(&var.name).is_none() {
            continue;
        }
        known.push(Known {
            name: var.name.clone(),
            label: label(model, &var.name),
            unit: unit_of(model, &var.name, None),
            default: var.initial.and_then(|node| model.number(node)).unwrap_or(f64::NAN),
            range: said.range,
            varies: population.draws.iter().any(|d| d.name == var.name)
                || population.effects.iter().any(|e| e.name == var.name),
        });
    }
    known
}
