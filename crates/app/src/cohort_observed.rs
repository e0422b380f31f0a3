//! What was observed in people beside what was predicted -> tables and a figure.

use hepatica_report::csv::{CsvWriter, Field, RowWidth};
use hepatica_report::{Axis, Cell, Column, Figure, Forest, Narrow, Table};
use hepatica_trial::{Compared, compare_observed};
use serde_json::{Value, json};

use crate::cohort_compare::{Estimated, LEVEL, finite};
use crate::cohort_figures::estimate;
use crate::computed::{CohortOutcome, Results};

/// What the two intervals mean.
const MEANING: &str = "Observed: Wilson's interval, chance among so few people. Predicted: Monte-Carlo error of the virtual population, not uncertainty of the model.";

/// Every observation of an arm that was simulated beside its prediction.
fn compared<'a>(results: &'a Results, cohort: &CohortOutcome) -> Vec<Compared<'a>> {
    let groups: Vec<String> = cohort.population.groups.iter().map(|g| g.name.clone()).collect();
    compare_observed(&results.study, (&results.view, &groups), &cohort.result.aggregate, LEVEL)
}

fn observed(row: &Compared<'_>) -> Estimated {
    Estimated::new(row.share, row.interval)
}

fn predicted(row: &Compared<'_>) -> Estimated {
    Estimated::new(row.predicted, row.predicted_interval)
}

/// Who was observed, for people.
fn who(row: &Compared<'_>) -> String {
    let group = row.observed.subgroup.as_ref().map_or(String::new(), |g| format!(", {}", g.value));
    let label =
        if row.observed.label.is_empty() { String::new() } else { format!(": {}", row.observed.label) };
    format!("{}{group}{label}", row.observed.arm.value)
}

/// `observed.csv`: a row per observation.
pub(crate) fn csv(results: &Results, cohort: &CohortOutcome) -> Result<String, RowWidth> {
    let mut csv = CsvWriter::new(&[
        "arm",
        "subgroup",
        "label",
        "outcomes",
        "observed_events",
        "observed_n",
        "observed",
        "observed_low",
        "observed_high",
        "predicted_events",
        "predicted_n",
        "predicted",
        "predicted_low",
        "predicted_high",
        "inside",
        "citation",
    ]);
    for row in compared(results, cohort) {
        let outcomes = row.outcomes.join("; ");
        let (seen, said) = (observed(&row), predicted(&row));
        csv.row(&[
            Field::Text(&row.observed.arm.value),
            Field::Text(row.observed.subgroup.as_ref().map_or("", |g| &g.value)),
            Field::Text(&row.observed.label),
            Field::Text(&outcomes),
            Field::Count(row.observed.events),
            Field::Count(row.observed.n),
            Field::Number(seen.value),
            Field::Number(seen.low),
            Field::Number(seen.high),
            Field::Count(row.predicted_events),
            Field::Count(row.predicted_n),
            Field::Number(said.value),
            Field::Number(said.low),
            Field::Number(said.high),
            Field::Text(if row.inside { "yes" } else { "no" }),
            Field::Text(&row.observed.citation),
        ])?;
    }
    Ok(csv.finish())
}

/// The observations for people; none where the study has none of these arms.
pub(crate) fn table(results: &Results, cohort: &CohortOutcome) -> Option<Table> {
    let rows = compared(results, cohort);
    if rows.is_empty() {
        return None;
    }
    let mut table = Table::new([
        Column::text("Observed in"),
        Column::text("Events of people"),
        Column::interval("Observed share", 3),
        Column::interval("Predicted share", 3),
        Column::text("Predicted inside"),
        Column::text("Source"),
    ])
    .caption("Shares of people and of virtual patients with the event; intervals as in the figure")
    .narrow(Narrow::Stack);
    for row in &rows {
        let cell = |e: Estimated| Cell::interval(e.value, e.low, e.high);
        // The row has a cell per column by construction.
        let _ = table.push([
            Cell::Text(who(row)),
            Cell::Text(format!("{} of {}", row.observed.events, row.observed.n)),
            cell(observed(row)),
            cell(predicted(row)),
            Cell::Text(if row.inside { "yes" } else { "no" }.into()),
            Cell::Text(row.observed.citation.clone()),
        ]);
    }
    Some(table)
}

/// Observed and predicted shares under each other; none without observations.
pub(crate) fn figure(results: &Results, cohort: &CohortOutcome) -> Option<Figure> {
    let rows = compared(results, cohort);
    if rows.is_empty() {
        return None;
    }
    let mut forest = Forest::new(Axis::linear("Share of patients").range(0.0, 1.0));
    for row in &rows {
        let events = format!("observed, {} of {}", row.observed.events, row.observed.n);
        forest = forest
            .heading(who(row))
            .row(events, estimate(observed(row)))
            .row("predicted", estimate(predicted(row)));
    }
    Some(Figure::new("Observed and predicted shares").caption(MEANING).panel(forest))
}

/// The observations for programs.
pub(crate) fn json(results: &Results, cohort: &CohortOutcome) -> Value {
    let entry = |row: Compared<'_>| {
        json!({
            "arm": row.observed.arm.value,
            "subgroup": row.observed.subgroup.as_ref().map(|g| &g.value),
            "label": row.observed.label,
            "outcomes": row.outcomes,
            "observed": {
                "events": row.observed.events,
                "n": row.observed.n,
                "share": observed(&row).json(),
                "interval": "Wilson",
            },
            "predicted": {
                "events": row.predicted_events,
                "n": row.predicted_n,
                "share": predicted(&row).json(),
            },
            "inside": row.inside,
            "difference": finite(row.predicted - row.share),
            "citation": row.observed.citation,
        })
    };
    compared(results, cohort).into_iter().map(entry).collect()
}
