//! A population -> tables: proportions, comparisons, bands.

use hepatica_report::csv::{CsvWriter, Field, RowWidth};
use hepatica_report::{Cell, Column, Narrow, Table};
use hepatica_trial::aggregate::PERCENTILES;

use crate::cohort_compare::{self, Estimated, LEVEL, compare, counted};
use crate::computed::{CohortOutcome, Results};

/// `comparisons.csv`: a row per arm.
pub(crate) fn comparisons(results: &Results) -> Result<String, RowWidth> {
    let header: Vec<&str> = ["arm"].into_iter().chain(cohort_compare::HEADER).collect();
    let mut csv = CsvWriter::new(&header);
    let Some(cohort) = &results.cohort else { return Ok(csv.finish()) };
    for (arm, definition) in results.study.arms.iter().enumerate() {
        let mut row = vec![Field::Text(&definition.name)];
        row.extend(cohort_compare::fields(&counted(cohort, arm, None)));
        csv.row(&row)?;
    }
    Ok(csv.finish())
}

/// The mean of the differences of an endpoint between an arm and the first one, patient by patient, with Student's
/// interval.
pub(crate) fn difference(cohort: &CohortOutcome, arm: usize, k: usize) -> Estimated {
    let moments = &cohort.result.aggregate.arms[arm].differences[k];
    Estimated::new(moments.mean().unwrap_or(f64::NAN), moments.mean_interval(LEVEL).ok())
}

/// `differences.csv`: a row per endpoint and arm but the first.
pub(crate) fn differences(results: &Results) -> Result<String, RowWidth> {
    let mut csv = CsvWriter::new(&[
        "arm",
        "endpoint",
        "label",
        "unit",
        "status",
        "n",
        "mean_difference",
        "mean_difference_low",
        "mean_difference_high",
    ]);
    let Some(cohort) = &results.cohort else { return Ok(csv.finish()) };
    for (arm, definition) in results.study.arms.iter().enumerate().skip(1) {
        for (k, endpoint) in results.outcomes.endpoints.iter().enumerate() {
            let found = difference(cohort, arm, k);
            csv.row(&[
                Field::Text(&definition.name),
                Field::Text(&endpoint.id),
                Field::Text(&endpoint.label),
                Field::Text(&endpoint.unit),
                Field::Text(endpoint.status.word()),
                Field::Count(cohort.result.aggregate.arms[arm].differences[k].count()),
                Field::Number(found.value),
                Field::Number(found.low),
                Field::Number(found.high),
            ])?;
        }
    }
    Ok(csv.finish())
}

/// `bands.csv`: a row per arm, output and time.
pub(crate) fn bands(results: &Results) -> Result<String, RowWidth> {
    let mut csv = CsvWriter::new(&["arm", "output", "unit", "time_h", "n", "p5", "p25", "p50", "p75", "p95"]);
    let Some(cohort) = &results.cohort else { return Ok(csv.finish()) };
    let times = &results.plan.scenarios[0].times;
    for (arm, definition) in results.study.arms.iter().enumerate() {
        for (k, id) in cohort.banded.iter().enumerate() {
            let output = &results.loaded.system.outputs[*id];
            for (i, row) in cohort.result.band_rows.iter().enumerate() {
                let sketch = &cohort.result.aggregate.arms[arm].bands[k * cohort.result.band_rows.len() + i];
                let mut fields = vec![
                    Field::Text(&definition.name),
                    Field::Text(&output.name),
                    Field::Text(&output.unit),
                    Field::Number(times[*row]),
                    Field::Count(sketch.count()),
                ];
                let quantile = |p: &f64| Field::Number(sketch.quantile(*p).unwrap_or(f64::NAN));
                fields.extend(PERCENTILES.iter().map(quantile));
                csv.row(&fields)?;
            }
        }
    }
    Ok(csv.finish())
}

/// The answer of a population: a row per arm.
pub(crate) fn answer(results: &Results, cohort: &CohortOutcome) -> Table {
    let headline: Vec<usize> =
        results.view.headline.iter().filter_map(|id| results.outcomes.endpoint(id)).collect();
    let event = results.view.events.join(" or ");
    let medians = headline.iter().map(|k| {
        let endpoint = &results.outcomes.endpoints[*k];
        Column::interval(format!("{}: median (5-95 %)", endpoint.label), 3).unit(endpoint.unit.clone())
    });
    let columns = [Column::text("Arm"), Column::interval(format!("Risk of {event}"), 3)];
    let mut table = Table::new(columns.into_iter().chain(medians))
        .caption("Predicted in the virtual population; intervals of risks are Monte-Carlo error only");
    for (arm, definition) in results.study.arms.iter().enumerate() {
        let risk = compare(cohort, arm).proportion;
        let medians = headline.iter().map(|k| {
            let values = &cohort.result.aggregate.arms[arm].endpoints[*k];
            let quantile = |p: f64| values.quantile(p).unwrap_or(f64::NAN);
            Cell::interval(quantile(0.5), quantile(0.05), quantile(0.95))
        });
        let cells = [Cell::Text(definition.name.clone()), Cell::interval(risk.value, risk.low, risk.high)];
        // The row has a cell per column by construction.
        let _ = table.push(cells.into_iter().chain(medians));
    }
    table
}

/// How many patients could not be simulated to the end, and the first of them with the reason; nothing when all could.
pub(crate) fn failures(results: &Results, cohort: &CohortOutcome) -> Vec<String> {
    let aggregate = &cohort.result.aggregate;
    let failed = aggregate.failed();
    if failed == 0 {
        return Vec::new();
    }
    let all = cohort.population.size.saturating_mul(results.study.arms.len() as u64);
    let told = aggregate.failures.iter().map(|f| {
        let arm = usize::try_from(f.arm).ok().and_then(|arm| results.study.arms.get(arm));
        let patient = cohort.population.label(f.patient.saturating_sub(1));
        format!("patient {patient} in {}: {}", arm.map_or("", |a| &a.name), f.why)
    });
    let more = failed.saturating_sub(aggregate.failures.len() as u64);
    let place =
        if cohort.result.outcomes_sha256.is_some() { ", with their reasons in outcomes.csv" } else { "" };
    let more = (more > 0).then(|| format!("and {more} more{place}"));
    [format!(
        "{failed} of {all} patients and arms could not be simulated to the end; they are in no statistic."
    )]
    .into_iter()
    .chain(told)
    .chain(more)
    .collect()
}

/// Every further arm against the first; none where there is one arm only.
pub(crate) fn against_first(results: &Results, cohort: &CohortOutcome) -> Option<Table> {
    let arms = &results.study.arms;
    if arms.len() < 2 {
        return None;
    }
    let mut table = Table::new([
        Column::text("Arm"),
        Column::interval("Risk ratio", 3),
        Column::interval("Risk difference", 3),
        Column::text("Number needed to treat"),
    ])
    .caption(format!(
        "Against {}, the same patients in both; NNTB: to benefit, NNTH: to harm; intervals are Monte-Carlo error only",
        arms[0].name
    ))
    .narrow(Narrow::Scroll);
    for (arm, definition) in arms.iter().enumerate().skip(1) {
        let found = compare(cohort, arm);
        let cell = |e: Estimated| Cell::interval(e.value, e.low, e.high);
        let needed = found.needed.map_or(String::new(), |n| n.to_string());
        let cells = [Cell::Text(definition.name.clone()), cell(found.ratio), cell(found.difference)];
        // The row has a cell per column by construction.
        let _ = table.push(cells.into_iter().chain([Cell::Text(needed)]));
    }
    Some(table)
}
