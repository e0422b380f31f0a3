//! Subgroups of a population, by the covariates of its patients.

use hepatica_source::{Diagnostic, Spanned, nearest};
use hepatica_unit::Unit;

use crate::population::Draw;
use crate::read_covariates::unknown_level;
use crate::spec::{GroupCondition, GroupTest, Measured, SubgroupSpec};

/// Subgroups of one study; more are a slip, such as a cut per kilogram.
const MAX_GROUPS: usize = 1000;

/// Patients who are told apart.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// Its name, unique in the study.
    pub name: String,
    /// What they are told apart by; the name of the group for one with conditions of its own.
    pub by: String,
    tests: Vec<Test>,
}

/// A condition on a draw.
#[derive(Clone, Debug, PartialEq)]
enum Test {
    /// The draw is one of these categories.
    OneOf(usize, Vec<usize>),
    /// The draw is at least the first number and less than the second.
    Range(usize, f64, f64),
}

impl Group {
    /// Whether a patient with these values of the draws is in it.
    pub(crate) fn holds(&self, values: &[f64]) -> bool {
        self.tests.iter().all(|test| match test {
            Test::OneOf(draw, levels) => levels.iter().any(|level| values[*draw] == *level as f64),
            Test::Range(draw, low, high) => values[*draw] >= *low && values[*draw] < *high,
        })
    }
}

/// The subgroups of a study on what differs between its patients; what is wrong is added to `problems`.
pub(crate) fn groups(specs: &[SubgroupSpec], draws: &[Draw], problems: &mut Vec<Diagnostic>) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for spec in specs {
        let (found, span) = match spec {
            SubgroupSpec::Where { name, all } => {
                let tests: Vec<Option<Test>> =
                    all.iter().map(|condition| test(condition, draws, problems)).collect();
                let tests: Option<Vec<Test>> = tests.into_iter().collect();
                let group =
                    tests.map(|tests| Group { name: name.value.clone(), by: name.value.clone(), tests });
                (group.into_iter().collect(), name.span)
            }
            SubgroupSpec::By { covariate, cuts } => {
                (by(covariate, cuts, draws, problems).unwrap_or_default(), covariate.span)
            }
        };
        for group in found {
            if groups.iter().any(|g| g.name == group.name) {
                let message = format!("two subgroups are named `{}`", group.name);
                problems.push(Diagnostic::error("subgroup/duplicate", message).at(span, "the second"));
            }
            groups.push(group);
        }
    }
    if groups.len() > MAX_GROUPS {
        let message = format!("{} subgroups; at most {MAX_GROUPS} are counted", groups.len());
        problems.push(Diagnostic::error("subgroup/many", message));
    }
    groups
}

/// What differs between patients and has this name; another name is reported.
pub(crate) fn find_draw(
    name: &Spanned<String>,
    draws: &[Draw],
    problems: &mut Vec<Diagnostic>,
) -> Option<usize> {
    let found = draws.iter().position(|d| d.name == name.value);
    if found.is_none() {
        let names = || draws.iter().map(|d| d.name.as_str());
        let hint = match nearest(&name.value, names()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("what differs: {}", names().collect::<Vec<_>>().join(", ")),
        };
        let message = format!("`{}` does not differ between the patients", name.value);
        problems.push(Diagnostic::error("population/unknown", message).at(name.span, "").hint(hint));
    }
    found
}

fn test(condition: &GroupCondition, draws: &[Draw], problems: &mut Vec<Diagnostic>) -> Option<Test> {
    let place = find_draw(&condition.covariate, draws, problems)?;
    let draw = &draws[place];
    match &condition.test {
        GroupTest::OneOf(levels) => {
            if draw.levels.is_empty() {
                problems.push(wrong_kind(&condition.covariate, "numbers", "{ from = .., below = .. }"));
                return None;
            }
            let known: Vec<&str> = draw.levels.iter().map(String::as_str).collect();
            let mut places = Vec::new();
            for level in levels {
                match known.iter().position(|k| *k == level.value) {
                    Some(i) => places.push(i),
                    None => problems.push(unknown_level(&draw.name, level, &known)),
                }
            }
            Some(Test::OneOf(place, places))
        }
        GroupTest::Range { from, below } => {
            if !draw.levels.is_empty() {
                problems.push(wrong_kind(&condition.covariate, "categories", "one of them in quotes"));
                return None;
            }
            let low = end(from.as_ref(), f64::NEG_INFINITY, draw, problems)?;
            let high = end(below.as_ref(), f64::INFINITY, draw, problems)?;
            if low >= high {
                let message = format!("no `{}` is at least {low} and below {high}", draw.name);
                problems.push(
                    Diagnostic::error("subgroup/empty-range", message).at(condition.covariate.span, ""),
                );
            }
            Some(Test::Range(place, low, high))
        }
    }
}

fn wrong_kind(name: &Spanned<String>, has: &str, wanted: &str) -> Diagnostic {
    Diagnostic::error("subgroup/kind", format!("the values of `{}` are {has}", name.value))
        .at(name.span, "")
        .hint(format!("write {wanted}"))
}

fn end(
    measured: Option<&Measured>,
    without: f64,
    draw: &Draw,
    problems: &mut Vec<Diagnostic>,
) -> Option<f64> {
    measured.map_or(Some(without), |m| in_unit_of(m, draw.unit.as_ref(), &draw.name, problems))
}

/// A number as written in the unit of what it is about; another kind of unit is reported.
pub(crate) fn in_unit_of(
    measured: &Measured,
    unit: Option<&Unit>,
    name: &str,
    problems: &mut Vec<Diagnostic>,
) -> Option<f64> {
    let (Some(text), Some(unit)) = (&measured.unit, unit) else { return Some(measured.value) };
    let given = Unit::parse(text).ok()?;
    match given.convert(measured.value, unit) {
        Ok(value) => Some(value),
        Err(error) => {
            problems.push(
                Diagnostic::error(error.code(), format!("`{name}`: {error}"))
                    .at(measured.span, "")
                    .hint(format!("give it in a unit such as {unit}")),
            );
            None
        }
    }
}

/// A group per category, or per range between cuts.
fn by(
    covariate: &Spanned<String>,
    cuts: &[Measured],
    draws: &[Draw],
    problems: &mut Vec<Diagnostic>,
) -> Option<Vec<Group>> {
    let place = find_draw(covariate, draws, problems)?;
    let draw = &draws[place];
    let group = |name: String, test: Test| Group { name, by: draw.name.clone(), tests: vec![test] };
    if !draw.levels.is_empty() {
        if !cuts.is_empty() {
            problems.push(wrong_kind(covariate, "categories", "`by` without `cuts`"));
            return None;
        }
        let levels = draw.levels.iter().enumerate();
        let named = |(i, level): (usize, &String)| {
            group(format!("{}: {level}", draw.name), Test::OneOf(place, vec![i]))
        };
        return Some(levels.map(named).collect());
    }
    if cuts.is_empty() {
        problems.push(wrong_kind(
            covariate,
            "numbers",
            "where its ranges begin: cuts = [\"60 kg\", \"80 kg\"]",
        ));
        return None;
    }
    let numbers: Option<Vec<f64>> =
        cuts.iter().map(|cut| in_unit_of(cut, draw.unit.as_ref(), &draw.name, problems)).collect();
    let numbers = numbers?;
    if let Some(i) = numbers.windows(2).position(|pair| pair[0] >= pair[1]) {
        let problem = Diagnostic::error("subgroup/cuts", "the cuts must ascend");
        problems.push(problem.at(cuts[i + 1].span, "not above the one before"));
        return None;
    }
    let ends = [&[f64::NEG_INFINITY][..], &numbers, &[f64::INFINITY]].concat();
    let names = |i: usize| match (i.checked_sub(1).map(|i| &cuts[i].written), cuts.get(i).map(|c| &c.written))
    {
        (None, Some(below)) => format!("{} below {below}", draw.name),
        (Some(from), Some(below)) => format!("{} {from} to below {below}", draw.name),
        (Some(from), None) => format!("{} from {from}", draw.name),
        (None, None) => draw.name.clone(),
    };
    Some((0..ends.len() - 1).map(|i| group(names(i), Test::Range(place, ends[i], ends[i + 1]))).collect())
}
