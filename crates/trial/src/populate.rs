//! What a study says of its patients, on a model -> Population.

use std::sync::Arc;

use hepatica_model::Model;
use hepatica_model::system::{System, Target};
use hepatica_source::{Diagnostic, Span, Spanned, nearest};
use hepatica_stats::distribution::Distribution;
use hepatica_stats::{Copula, CopulaError};
use hepatica_unit::Unit;

use crate::groups::{find_draw, groups, in_unit_of};
use crate::population::{Action, Draw, GivenBy, Origin, PlannedEffect, Population};
use crate::spec::{
    Bounds, Change, Covariate, CovariateValues, Effect, Measured, PopulationSpec, Spread, Vary, Who,
};
use crate::study::Study;
use crate::subjects::Subjects;

/// The evidence of a number that is so by definition.
const DEFINITION: &str = "definition";

/// A model as values are looked up in it.
#[derive(Clone, Copy)]
struct On<'a> {
    model: &'a Model,
    system: &'a System,
}

impl Population {
    /// The spreads of the model, with those of the study and the columns of its subjects in their place.
    ///
    /// # Errors
    /// Names the model does not have, spreads that make no sense, values that are given twice, impossible
    /// correlations, subgroups of what does not differ: all of them.
    pub fn new(
        spec: &PopulationSpec,
        study: &Study,
        (model, system): (&Model, &System),
        subjects: Option<Subjects>,
    ) -> Result<Population, Vec<Diagnostic>> {
        let mut problems = Vec::new();
        let on = On { model, system };
        let mut draws = model_draws(&spec.fixed, on, &mut problems);
        let of_study = spec.vary.iter().filter_map(|v| study_draw(v, on, &mut problems)).collect::<Vec<_>>();
        let covariates = spec.covariates.iter().filter_map(|c| covariate_draw(c, on, &mut problems));
        let given: Vec<Draw> = of_study.into_iter().chain(covariates.collect::<Vec<_>>()).collect();
        let columns = subjects.iter().flat_map(|s| columns(s, system));
        for draw in given.into_iter().chain(columns) {
            if draws.iter().any(|d| d.name == draw.name && d.given != GivenBy::Model) {
                let message = format!("`{}` is given twice", draw.name);
                let problem = Diagnostic::error("population/twice", message);
                problems.push(draw.span.map_or(problem.clone(), |span| problem.at(span, "the second time")));
            }
            draws.retain(|d| d.name != draw.name);
            draws.push(draw);
        }
        check_fixed(spec, on, &mut problems);
        let effects = effects(spec, &draws, on, &mut problems);
        check_set(study, &draws, &effects, &mut problems);
        check_numbers(&draws, &mut problems);
        let together = together(spec, &draws, &mut problems);
        let groups = groups(&study.subgroups, &draws, &mut problems);
        check_observed(study, &groups.iter().map(|g| g.name.as_str()).collect::<Vec<_>>(), &mut problems);
        if !problems.is_empty() {
            return Err(problems);
        }
        let size = match &spec.who {
            Who::Drawn(size) => *size,
            Who::File(_) => subjects.as_ref().map_or(0, |s| s.ids.len() as u64),
        };
        let pairs = spec.correlate.iter();
        let correlations =
            pairs.map(|c| (c.first.value.clone(), c.second.value.clone(), c.rho.value)).collect();
        let (seed, subjects) = (spec.seed, subjects.map(Arc::new));
        Ok(Population { size, seed, draws, correlations, groups, effects, together, subjects })
    }

    /// The spreads of the model alone, for patients without end.
    ///
    /// # Errors
    /// Spreads that cannot be drawn from.
    pub fn of_model(seed: u64, model: &Model, system: &System) -> Result<Population, Vec<Diagnostic>> {
        let mut problems = Vec::new();
        let draws = model_draws(&[], On { model, system }, &mut problems);
        if problems.is_empty() { Ok(Population::of_draws(seed, draws)) } else { Err(problems) }
    }

    /// Patients without end who differ by these draws, and independently.
    pub fn of_draws(seed: u64, draws: Vec<Draw>) -> Population {
        Population {
            size: u64::MAX,
            seed,
            draws,
            correlations: Vec::new(),
            groups: Vec::new(),
            effects: Vec::new(),
            together: None,
            subjects: None,
        }
    }
}

/// The constants of a model as draws over their ranges: with equal chances of equal logarithms where the range is above
/// 0, else of equal values. Left out are covariates, what has a distribution of its own, what `held` names, constants
/// without a range, and what is so by definition, such as where a zone begins.
pub(crate) fn constant_draws(model: &Model, system: &System, held: &dyn Fn(&str) -> bool) -> Vec<Draw> {
    let mut draws = Vec::new();
    for (id, var) in model.vars.enumerate() {
        let provenance = model.provenance(id);
        let Some((low, high)) = provenance.range.filter(|(low, high)| low < high) else { continue };
        let defined = provenance.evidence.iter().any(|id| id == DEFINITION);
        if defined || provenance.covariate || var.uncertainty.distribution.is_some() || held(&var.name) {
            continue;
        }
        let Some(param) = system.find_param(&var.name) else { continue };
        let name = if low > 0.0 { "loguniform" } else { "uniform" };
        let Ok((distribution, written)) = named(name, &[low, high]) else { continue };
        draws.push(Draw {
            target: Some(Target::Param(param)),
            unit: var.unit.as_ref().map(|u| u.unit.clone()),
            levels: Vec::new(),
            written,
            given: GivenBy::Range,
            span: var.span,
            origin: Origin::Drawn(distribution, draw_number(&var.name)),
            name: var.name.clone(),
        });
    }
    draws
}

/// A number that belongs to a name whatever else is drawn: 32-bit FNV-1a.
fn draw_number(name: &str) -> u32 {
    name.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

fn model_draws(fixed: &[Spanned<String>], on: On<'_>, problems: &mut Vec<Diagnostic>) -> Vec<Draw> {
    let mut draws = Vec::new();
    for var in on.model.vars.iter() {
        let Some(spread) = &var.uncertainty.distribution else { continue };
        if fixed.iter().any(|f| f.value == var.name) {
            continue;
        }
        let Some(param) = on.system.find_param(&var.name) else { continue };
        let arguments: Option<Vec<f64>> =
            spread.arguments.iter().map(|node| on.model.number(*node)).collect();
        let distribution = match arguments {
            Some(arguments) => named(&spread.name, &arguments),
            None => Err("its arguments are not numbers".to_string()),
        };
        match distribution {
            Ok((distribution, written)) => draws.push(Draw {
                target: Some(Target::Param(param)),
                unit: var.unit.as_ref().map(|u| u.unit.clone()),
                levels: Vec::new(),
                written,
                given: GivenBy::Model,
                span: var.span,
                origin: Origin::Drawn(distribution, draw_number(&var.name)),
                name: var.name.clone(),
            }),
            Err(why) => {
                let message = format!("the distribution of `{}` cannot be drawn from: {why}", var.name);
                let problem = Diagnostic::error("population/distribution", message);
                problems.push(var.span.map_or(problem.clone(), |span| problem.at(span, "")));
            }
        }
    }
    draws
}

/// A distribution by name, and as written.
fn named(name: &str, arguments: &[f64]) -> Result<(Distribution, String), String> {
    let distribution = Distribution::from_name(name, arguments).map_err(|e| e.to_string())?;
    let arguments: Vec<String> = arguments.iter().map(f64::to_string).collect();
    Ok((distribution, format!("{name}({})", arguments.join(", "))))
}

/// The distribution of a spread whose numbers are brought to a unit by `scaled`.
fn distribution(
    spread: &Spread,
    scaled: impl Fn(f64) -> Result<f64, String>,
) -> Result<(Distribution, String), String> {
    let cut = |bounds: &Bounds, least: f64| -> Result<Option<[f64; 2]>, String> {
        let end = |bound: Option<f64>, without: f64| bound.map_or(Ok(without), &scaled);
        let is_cut = bounds.low.is_some() || bounds.high.is_some();
        Ok(if is_cut { Some([end(bounds.low, least)?, end(bounds.high, f64::INFINITY)?]) } else { None })
    };
    match spread {
        Spread::LogNormal { median, log_sd, bounds } => {
            let median = scaled(*median)?;
            if median <= 0.0 {
                return Err("the median of a log-normal spread is above zero".into());
            }
            let mu = libm::log(median);
            match cut(bounds, 0.0)? {
                Some([low, high]) => named("lognormal", &[mu, *log_sd, low, high]),
                None => named("lognormal", &[mu, *log_sd]),
            }
        }
        Spread::Normal { mean, sd, bounds } => {
            let (mean, sd) = (scaled(*mean)?, scaled(*sd)?);
            match cut(bounds, f64::NEG_INFINITY)? {
                Some([low, high]) => named("normal", &[mean, sd, low, high]),
                None => named("normal", &[mean, sd]),
            }
        }
        Spread::Uniform { low, high } => named("uniform", &[scaled(*low)?, scaled(*high)?]),
    }
}

/// Brings numbers in a unit as written to the unit of a model value.
fn scaler<'a>(text: Option<&'a str>, unit: Option<&'a Unit>) -> impl Fn(f64) -> Result<f64, String> + 'a {
    move |value| match (text, unit) {
        (Some(text), Some(unit)) => {
            let given = Unit::parse(text).map_err(|e| e.to_string())?;
            given.convert(value, unit).map_err(|e| e.to_string())
        }
        _ => Ok(value),
    }
}

fn study_draw(vary: &Vary, on: On<'_>, problems: &mut Vec<Diagnostic>) -> Option<Draw> {
    let Some(param) = on.system.find_param(&vary.name) else {
        problems.push(unknown(&vary.name, vary.span, on.system));
        return None;
    };
    let name = Spanned::new(vary.name.clone(), vary.span);
    number_draw(name, (&vary.spread, vary.unit.as_deref()), Some(Target::Param(param)), on, problems)
}

/// The unit of a model value.
fn unit_of(name: &str, model: &Model) -> Option<Unit> {
    model.vars.iter().find(|v| v.name == name).and_then(|v| v.unit.as_ref()).map(|u| u.unit.clone())
}

fn number_draw(
    name: Spanned<String>,
    (spread, written_unit): (&Spread, Option<&str>),
    target: Option<Target>,
    on: On<'_>,
    problems: &mut Vec<Diagnostic>,
) -> Option<Draw> {
    let unit = match target {
        Some(_) => unit_of(&name.value, on.model),
        None => written_unit.and_then(|text| Unit::parse(text).ok()),
    };
    match distribution(spread, scaler(written_unit, unit.as_ref())) {
        Ok((distribution, written)) => Some(Draw {
            target,
            unit,
            levels: Vec::new(),
            written,
            given: GivenBy::Study,
            span: Some(name.span),
            origin: Origin::Drawn(distribution, draw_number(&name.value)),
            name: name.value,
        }),
        Err(why) => {
            let message = format!("the spread of `{}` makes no sense: {why}", name.value);
            problems.push(Diagnostic::error("population/spread", message).at(name.span, ""));
            None
        }
    }
}

/// A drawn covariate; one that stands in the table of subjects comes with its column.
fn covariate_draw(covariate: &Covariate, on: On<'_>, problems: &mut Vec<Diagnostic>) -> Option<Draw> {
    let name = &covariate.name;
    let target = on.system.find_param(&name.value).map(Target::Param);
    let is_computed = on.model.vars.iter().any(|v| v.name == name.value) && target.is_none();
    if is_computed {
        let message = format!("`{}` is computed by the model and cannot be a covariate", name.value);
        problems.push(Diagnostic::error("population/covariate", message).at(name.span, ""));
        return None;
    }
    match &covariate.values {
        CovariateValues::Column(_) => None,
        CovariateValues::Number { spread, unit } => {
            number_draw(name.clone(), (spread, unit.as_deref()), target, on, problems)
        }
        CovariateValues::Category(shares) => {
            // A covariate of the model may be told in categories under its own name; they do what `set` and `scale` say.
            if target.is_some() && !is_covariate(&name.value, on.model) {
                let message = format!("`{}` is a number of the model and has no categories", name.value);
                problems.push(
                    Diagnostic::error("population/covariate", message)
                        .at(name.span, "")
                        .hint("give the covariate another name, and `set` the model value in each category"),
                );
                return None;
            }
            let probabilities: Vec<f64> = shares.iter().map(|(_, share)| *share).collect();
            let words: Vec<String> =
                shares.iter().map(|(level, share)| format!("{} {share}", level.value)).collect();
            let distribution = Distribution::Categorical { probabilities };
            Some(Draw {
                name: name.value.clone(),
                target: None,
                unit: None,
                levels: shares.iter().map(|(level, _)| level.value.clone()).collect(),
                written: words.join(", "),
                given: GivenBy::Study,
                span: Some(name.span),
                origin: Origin::Drawn(distribution, draw_number(&name.value)),
            })
        }
    }
}

/// Whether the model says that a value is something known of a patient.
fn is_covariate(name: &str, model: &Model) -> bool {
    let var = model.vars.enumerate().find(|(_, v)| v.name == name);
    var.is_some_and(|(id, _)| model.provenance(id).covariate)
}

/// The columns of a table of subjects.
fn columns<'a>(subjects: &'a Subjects, system: &'a System) -> impl Iterator<Item = Draw> + 'a {
    subjects.columns.iter().enumerate().map(|(place, column)| Draw {
        name: column.name.value.clone(),
        target: system.find_param(&column.name.value).map(Target::Param).filter(|_| column.levels.is_empty()),
        unit: column.unit.clone(),
        levels: column.levels.clone(),
        written: "as in the table of subjects".to_string(),
        given: GivenBy::Subjects,
        span: Some(column.name.span),
        origin: Origin::Column(place),
    })
}

fn check_fixed(spec: &PopulationSpec, on: On<'_>, problems: &mut Vec<Diagnostic>) {
    for name in &spec.fixed {
        if !on.model.vars.iter().any(|v| v.name == name.value) {
            problems.push(unknown(&name.value, name.span, on.system));
        }
    }
}

/// What covariates do to the model, values before factors.
fn effects(
    spec: &PopulationSpec,
    draws: &[Draw],
    on: On<'_>,
    problems: &mut Vec<Diagnostic>,
) -> Vec<PlannedEffect> {
    let mut planned: Vec<(PlannedEffect, Span)> = Vec::new();
    for covariate in &spec.covariates {
        let Some(place) = draws.iter().position(|d| d.name == covariate.name.value) else { continue };
        for effect in &covariate.effects {
            let found = plan_effect(effect, (place, &draws[place]), on, problems);
            planned.extend(found.map(|found| (found, effect.name.span)));
        }
    }
    let sets = |e: &PlannedEffect| matches!(e.action, Action::Set(_));
    for (i, (effect, span)) in planned.iter().enumerate().filter(|(_, (e, _))| sets(e)) {
        let other =
            planned[..i].iter().find(|(o, _)| sets(o) && o.name == effect.name && o.draw != effect.draw);
        if let Some((_, first)) = other {
            problems.push(
                Diagnostic::error("population/twice", format!("two covariates set `{}`", effect.name))
                    .at(*span, "the second")
                    .at(*first, "the first")
                    .hint("`scale` multiplies, and several covariates may"),
            );
        }
    }
    let mut effects: Vec<PlannedEffect> = planned.into_iter().map(|(effect, _)| effect).collect();
    effects.sort_by_key(|e| !sets(e));
    effects
}

fn plan_effect(
    effect: &Effect,
    (place, draw): (usize, &Draw),
    on: On<'_>,
    problems: &mut Vec<Diagnostic>,
) -> Option<PlannedEffect> {
    let name = &effect.name;
    let Some(param) = on.system.find_param(&name.value) else {
        problems.push(unknown(&name.value, name.span, on.system));
        return None;
    };
    let own = unit_of(&name.value, on.model);
    let measured = |value: f64, unit: &Option<String>| Measured {
        value,
        unit: unit.clone(),
        written: String::new(),
        span: name.span,
    };
    let action = match &effect.change {
        Change::Set { value, unit } => {
            Action::Set(in_unit_of(&measured(*value, unit), own.as_ref(), &name.value, problems)?)
        }
        Change::Scale(factor) => Action::Scale(*factor),
        Change::Power { reference, unit, exponent } => {
            let reference =
                in_unit_of(&measured(*reference, unit), draw.unit.as_ref(), &draw.name, problems)?;
            Action::Power { reference, exponent: *exponent }
        }
    };
    let var = on.model.vars.iter().find(|v| v.name == name.value);
    let base = var.and_then(|v| v.initial).and_then(|node| on.model.number(node));
    let level = effect.level.as_ref().and_then(|l| draw.levels.iter().position(|known| *known == l.value));
    let base = match (base, action) {
        (Some(base), _) => base,
        (None, Action::Set(_)) => f64::NAN,
        (None, _) => {
            let message = format!("`{}` has no number in the model that could be scaled", name.value);
            problems.push(Diagnostic::error("population/scale", message).at(name.span, ""));
            return None;
        }
    };
    let target = Target::Param(param);
    Some(PlannedEffect { draw: place, level, name: name.value.clone(), action, target, base })
}

/// Values that have two sources: the study sets them, a patient differs in them, a covariate gives them.
fn check_set(study: &Study, draws: &[Draw], effects: &[PlannedEffect], problems: &mut Vec<Diagnostic>) {
    let given = |name: &str| effects.iter().any(|e| e.name == name && matches!(e.action, Action::Set(_)));
    for set in study.set.iter().chain(study.arms.iter().flat_map(|a| &a.set)) {
        let varies = draws.iter().any(|d| d.target.is_some() && d.name == set.name);
        if varies || given(&set.name) {
            let message = format!("`{}` is set and varies between patients", set.name);
            let mut problem = Diagnostic::error("population/set", message)
                .hint(format!("add it to `fixed`: fixed = [\"{}\"]", set.name));
            let label = |span| hepatica_source::Label { span, text: String::new() };
            problem.labels.extend(set.span.map(label));
            problems.push(problem);
        }
    }
    for draw in draws.iter().filter(|d| d.target.is_some() && given(&d.name)) {
        let message = format!("`{}` differs between patients and is set by a covariate", draw.name);
        let problem = Diagnostic::error("population/set", message)
            .hint(format!("`scale` multiplies what differs; or fixed = [\"{}\"]", draw.name));
        problems.push(draw.span.map_or(problem.clone(), |span| problem.at(span, "")));
    }
}

fn check_numbers(draws: &[Draw], problems: &mut Vec<Diagnostic>) {
    for (i, draw) in draws.iter().enumerate() {
        let Origin::Drawn(_, number) = draw.origin else { continue };
        let same = |d: &&Draw| matches!(d.origin, Origin::Drawn(_, n) if n == number);
        if let Some(other) = draws[..i].iter().find(same) {
            let message = format!("`{}` and `{}` would draw the same numbers", draw.name, other.name);
            problems.push(Diagnostic::error("population/collision", message).hint("rename one of them"));
        }
    }
}

/// The correlated draws in the order of their names, so that the order of writing has no meaning.
fn together(
    spec: &PopulationSpec,
    draws: &[Draw],
    problems: &mut Vec<Diagnostic>,
) -> Option<(Vec<usize>, Copula)> {
    let before = problems.len();
    let mut pairs: Vec<(usize, usize, f64)> = Vec::new();
    for pair in &spec.correlate {
        let fixed =
            [&pair.first, &pair.second].into_iter().find(|n| spec.fixed.iter().any(|f| f.value == n.value));
        if let Some(name) = fixed {
            let message = format!("`{}` is fixed and goes together with nothing", name.value);
            problems.push(Diagnostic::error("population/fixed", message).at(name.span, ""));
            continue;
        }
        let first = find_draw(&pair.first, draws, problems);
        let second = find_draw(&pair.second, draws, problems);
        let (Some(a), Some(b)) = (first, second) else { continue };
        for (place, name) in [(a, &pair.first), (b, &pair.second)] {
            if matches!(draws[place].origin, Origin::Column(_)) {
                let message = format!("`{}` stands in the table of subjects as it is", name.value);
                problems.push(Diagnostic::error("population/column", message).at(name.span, "not drawn"));
            }
        }
        let message = if !(pair.rho.value > -1.0 && pair.rho.value < 1.0) {
            format!("the correlation is {}, not between -1 and 1", pair.rho.value)
        } else if a == b {
            format!("`{}` cannot be correlated with itself", pair.first.value)
        } else if pairs.iter().any(|(x, y, _)| (*x, *y) == (a, b) || (*x, *y) == (b, a)) {
            format!("the correlation of `{}` and `{}` is given twice", pair.first.value, pair.second.value)
        } else {
            pairs.push((a, b, pair.rho.value));
            continue;
        };
        problems.push(Diagnostic::error("population/correlation", message).at(pair.rho.span, ""));
    }
    let mut places: Vec<usize> = pairs.iter().flat_map(|(a, b, _)| [*a, *b]).collect();
    places.sort_by(|a, b| draws[*a].name.cmp(&draws[*b].name));
    places.dedup();
    if places.is_empty() || problems.len() > before {
        return None;
    }
    let rank = |place: usize| places.iter().position(|p| *p == place).unwrap_or(0);
    let ranked: Vec<(usize, usize, f64)> =
        pairs.iter().map(|(a, b, rho)| (rank(*a), rank(*b), *rho)).collect();
    match Copula::new(places.len(), &ranked) {
        Ok(copula) => Some((places, copula)),
        Err(error) => {
            let name = match error {
                CopulaError::Impossible { at } => places.get(at).map(|place| draws[*place].name.as_str()),
                CopulaError::Range { .. } => None,
            };
            let about = |n: &Spanned<String>| Some(n.value.as_str()) == name;
            let pair = spec.correlate.iter().rfind(|c| about(&c.first) || about(&c.second));
            let problem = Diagnostic::error("population/correlation", error.to_string())
                .hint("pairs that are not stated count as 0; state them, or choose smaller correlations");
            problems.push(pair.map_or(problem.clone(), |pair| problem.at(pair.rho.span, "with this one")));
            None
        }
    }
}

/// Observations of subgroups that the study does not have.
fn check_observed(study: &Study, groups: &[&str], problems: &mut Vec<Diagnostic>) {
    for name in study.observed.iter().filter_map(|o| o.subgroup.as_ref()) {
        if groups.contains(&name.value.as_str()) {
            continue;
        }
        let hint = match nearest(&name.value, groups.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("the subgroups are: {}", groups.join("; ")),
        };
        let message = format!("there is no subgroup `{}` to compare with", name.value);
        problems.push(Diagnostic::error("observed/unknown-subgroup", message).at(name.span, "").hint(hint));
    }
}

fn unknown(name: &str, span: Span, system: &System) -> Diagnostic {
    let near = nearest(name, system.params.iter().map(|p| p.name.as_str()));
    let problem =
        Diagnostic::error("study/unknown-value", format!("the model has no value `{name}` to vary"));
    let hint = near.map_or(
        "`hepatica model show ID --stage system` lists them; [population.covariates] takes other names"
            .into(),
        |n| format!("did you mean `{n}`?"),
    );
    problem.at(span, "").hint(hint)
}
