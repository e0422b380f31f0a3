//! Subgroups of a population, and how its patients differ -> tables and a figure.

use hepatica_report::csv::{CsvWriter, Field, RowWidth};
use hepatica_report::{Axis, Blocks, Cell, Column, Figure, Forest, Narrow, Table, number};
use hepatica_trial::Population;
use hepatica_trial::population::{Action, GivenBy};

use crate::cohort_compare::{self, comparison, counted};
use crate::cohort_figures::{DRAWN_ARMS, estimate};
use crate::computed::{CohortOutcome, Results};

/// The heading over subgroups with conditions of their own.
const OWN: &str = "defined in the study";

/// `subgroups.csv`: a row per arm and subgroup.
pub(crate) fn csv(results: &Results, cohort: &CohortOutcome) -> Result<String, RowWidth> {
    let header: Vec<&str> = ["arm", "subgroup", "by"].into_iter().chain(cohort_compare::HEADER).collect();
    let mut csv = CsvWriter::new(&header);
    for (arm, definition) in results.study.arms.iter().enumerate() {
        for (place, group) in cohort.population.groups.iter().enumerate() {
            let mut row =
                vec![Field::Text(&definition.name), Field::Text(&group.name), Field::Text(&group.by)];
            row.extend(cohort_compare::fields(&counted(cohort, arm, Some(place))));
            csv.row(&row)?;
        }
    }
    Ok(csv.finish())
}

/// Risks of every subgroup in every arm; none without subgroups.
pub(crate) fn table(results: &Results, cohort: &CohortOutcome) -> Option<Table> {
    if cohort.population.groups.is_empty() {
        return None;
    }
    let arms = results.study.arms.iter().take(DRAWN_ARMS);
    let risks = arms.map(|arm| Column::interval(format!("Risk, {}", arm.name), 3));
    let columns = [Column::text("Subgroup"), Column::text("Patients")];
    let mut table = Table::new(columns.into_iter().chain(risks))
        .caption("Predicted risk by subgroup; intervals are Monte-Carlo error only")
        .narrow(Narrow::Scroll);
    for (place, group) in cohort.population.groups.iter().enumerate() {
        let of_arm = |arm| counted(cohort, arm, Some(place));
        let first = of_arm(0);
        let risks = (0..results.study.arms.len().min(DRAWN_ARMS)).map(|arm| {
            let risk = comparison(&of_arm(arm)).proportion;
            Cell::interval(risk.value, risk.low, risk.high)
        });
        let patients = Cell::Text((first.patients + first.failed).to_string());
        // The row has a cell per column by construction.
        let _ = table.push([Cell::Text(group.name.clone()), patients].into_iter().chain(risks));
    }
    Some(table)
}

/// Risk differences against the first arm by subgroup, a panel per arm; none without subgroups or a second arm.
pub(crate) fn figure(results: &Results, cohort: &CohortOutcome) -> Option<Figure> {
    let arms = &results.study.arms;
    if cohort.population.groups.is_empty() || arms.len() < 2 {
        return None;
    }
    let event = results.view.events.join(" or ");
    let mut figure = Figure::new(format!("Against {} by subgroup (predicted)", arms[0].name))
        .caption("Differences of the risk with Monte-Carlo intervals; the same virtual patients are in every arm. Subgroups are told apart by covariates, and nothing was randomised by them.")
        .columns(1);
    for (arm, definition) in arms.iter().enumerate().skip(1).take(DRAWN_ARMS) {
        let axis = Axis::linear(format!("Difference of the risk of {event}"));
        let mut forest = Forest::new(axis).title(definition.name.clone()).reference(0.0, "no difference");
        let mut heading = "";
        for (place, group) in cohort.population.groups.iter().enumerate() {
            // A group with conditions of its own is told apart by nothing but its name.
            let by = if group.by == group.name { OWN } else { group.by.as_str() };
            if by != heading {
                forest = forest.heading(by);
            }
            heading = by;
            let found = comparison(&counted(cohort, arm, Some(place)));
            let short = group.name.strip_prefix(by).map(|rest| rest.trim_start_matches([':', ' ']));
            forest = forest.row(short.unwrap_or(&group.name), estimate(found.difference));
        }
        let all = comparison(&counted(cohort, arm, None));
        figure = figure.panel(forest.summary("All patients", estimate(all.difference)));
    }
    Some(figure)
}

/// How the patients of a population differ.
pub(crate) fn patients(population: &Population) -> Blocks {
    let mut spreads = Table::new([
        Column::text("Value"),
        Column::text("Unit"),
        Column::text("Distribution"),
        Column::text("Given by"),
        Column::text("What it does"),
    ])
    .caption("What differs between the patients; independently of each other where no correlation is stated")
    .narrow(Narrow::Scroll);
    for (place, draw) in population.draws.iter().enumerate() {
        let unit = draw.unit.as_ref().map_or(String::new(), ToString::to_string);
        let unit = if unit == "1" { String::new() } else { unit };
        let cells = [
            draw.name.clone(),
            unit,
            draw.written.clone(),
            draw.given.word().into(),
            does(population, place),
        ];
        // The row has a cell per column by construction.
        let _ = spreads.push(cells.map(Cell::from));
    }
    let mut blocks = Blocks::new().table(spreads);
    if !population.correlations.is_empty() {
        let mut pairs =
            Table::new([Column::text("Value"), Column::text("Goes with"), Column::number("Correlation", 3)])
                .caption("Correlations of the normal numbers behind the values (Gaussian copula)");
        for (first, second, rho) in &population.correlations {
            let _ = pairs.push([first.as_str().into(), second.as_str().into(), Cell::Number(*rho)]);
        }
        blocks = blocks.table(pairs);
    }
    blocks
}

/// What a value that differs does to the model.
pub(crate) fn does(population: &Population, place: usize) -> String {
    let draw = &population.draws[place];
    if population.is_label(place) {
        return "nothing: a label for subgroups".to_string();
    }
    let mut parts = Vec::new();
    if draw.target.is_some() && draw.given != GivenBy::Model {
        parts.push("sets the value of the model".to_string());
    }
    for effect in population.effects.iter().filter(|e| e.draw == place) {
        let level = effect.level.and_then(|level| draw.levels.get(level));
        let when = level.map_or(String::new(), |level| format!("{level}: "));
        let short = |value: f64| number::short(value, 4);
        let what = match effect.action {
            Action::Set(value) => format!("{} = {}", effect.name, short(value)),
            Action::Scale(factor) => format!("{} x {}", effect.name, short(factor)),
            Action::Power { reference, exponent } => {
                format!("{} x ({} / {})^{}", effect.name, draw.name, short(reference), short(exponent))
            }
        };
        parts.push(format!("{when}{what}"));
    }
    parts.join("; ")
}
