//! A population -> tables: proportions, comparisons, bands.
//!
//! Intervals here say how well this many virtual patients determine a proportion of the model's population
//! (Monte-Carlo error). They do not say how sure the model is.

use hepatica_report::csv::{CsvWriter, Field, RowWidth};
use hepatica_report::{Cell, Column, Table};
use hepatica_stats::compare::Estimate;
use hepatica_stats::{Interval, wilson};
use hepatica_trial::aggregate::PERCENTILES;
use serde_json::{Value, json};

use crate::computed::{CohortOutcome, Results};

/// Level of every interval.
pub(crate) const LEVEL: f64 = 0.95;

/// An estimate with its interval; NaN where there is none.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Estimated {
    pub(crate) value: f64,
    pub(crate) low: f64,
    pub(crate) high: f64,
}

impl Estimated {
    const NONE: Estimated = Estimated { value: f64::NAN, low: f64::NAN, high: f64::NAN };

    fn new(value: f64, interval: Option<Interval>) -> Estimated {
        interval.map_or(Estimated { value, ..Estimated::NONE }, |i| Estimated {
            value,
            low: i.low,
            high: i.high,
        })
    }

    fn json(self) -> Value {
        let number = |v: f64| if v.is_finite() { json!(v) } else { Value::Null };
        json!({ "value": number(self.value), "low": number(self.low), "high": number(self.high) })
    }
}

/// How an arm fares, and against the first arm.
pub(crate) struct Comparison {
    pub(crate) proportion: Estimated,
    /// The risk in this arm over that in the first, the same patients in both.
    pub(crate) ratio: Estimated,
    /// The risk in this arm less that in the first, the same patients in both.
    pub(crate) difference: Estimated,
}

/// The comparison of an arm with the first.
pub(crate) fn compare(cohort: &CohortOutcome, arm: usize) -> Comparison {
    let arms = &cohort.result.aggregate.arms;
    let this = &arms[arm];
    let share = this.events as f64 / this.patients as f64;
    let own = Estimated::new(share, wilson(this.events, this.patients, LEVEL).ok());
    if arm == 0 {
        return Comparison { proportion: own, ratio: Estimated::NONE, difference: Estimated::NONE };
    }
    let ratio = this.pairs.risk_ratio(LEVEL).ok();
    let difference = this.pairs.risk_difference(LEVEL).ok();
    let estimated =
        |e: Option<Estimate>| e.map_or(Estimated::NONE, |e| Estimated::new(e.value, Some(e.interval)));
    Comparison { proportion: own, ratio: estimated(ratio), difference: estimated(difference) }
}

/// `comparisons.csv`: a row per arm.
pub(crate) fn comparisons(results: &Results) -> Result<String, RowWidth> {
    let header = [
        "arm",
        "patients",
        "failed",
        "events",
        "proportion",
        "proportion_low",
        "proportion_high",
        "risk_ratio",
        "risk_ratio_low",
        "risk_ratio_high",
        "risk_difference",
        "risk_difference_low",
        "risk_difference_high",
        "number_needed_to_treat",
    ];
    let mut csv = CsvWriter::new(&header);
    let Some(cohort) = &results.cohort else { return Ok(csv.finish()) };
    for (arm, definition) in results.study.arms.iter().enumerate() {
        let counted = &cohort.result.aggregate.arms[arm];
        let found = compare(cohort, arm);
        let mut fields = vec![
            Field::Text(&definition.name),
            Field::Count(counted.patients),
            Field::Count(counted.failed),
            Field::Count(counted.events),
        ];
        for e in [found.proportion, found.ratio, found.difference] {
            fields.extend([e.value, e.low, e.high].map(Field::Number));
        }
        // Treating that many prevents one event; there is no such number where the risk does not fall.
        let saved = -found.difference.value;
        fields.push(if saved > 0.0 { Field::Number(1.0 / saved) } else { Field::Empty });
        csv.row(&fields)?;
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
        format!("patient {} in {}: {}", f.patient, arm.map_or("", |a| &a.name), f.why)
    });
    let more = failed.saturating_sub(aggregate.failures.len() as u64);
    let more = (more > 0).then(|| format!("and {more} more, with their reasons in outcomes.csv"));
    [format!(
        "{failed} of {all} patients and arms could not be simulated to the end; they are in no statistic."
    )]
    .into_iter()
    .chain(told)
    .chain(more)
    .collect()
}

/// The population for programs.
pub(crate) fn json(results: &Results, cohort: &CohortOutcome) -> Value {
    let arms = results.study.arms.iter().enumerate().map(|(arm, definition)| {
        let counted = &cohort.result.aggregate.arms[arm];
        let found = compare(cohort, arm);
        json!({
            "name": definition.name,
            "patients": counted.patients,
            "failed": counted.failed,
            "events": counted.events,
            "outcomes": counted.outcomes,
            "risk": found.proportion.json(),
            "risk_ratio": found.ratio.json(),
            "risk_difference": found.difference.json(),
        })
    });
    json!({
        "size": cohort.population.size,
        "seed": cohort.population.seed,
        "event": results.view.events,
        "interval_level": LEVEL,
        "interval_meaning": "Monte-Carlo error of the virtual population, not uncertainty of the model",
        "arms": arms.collect::<Vec<_>>(),
    })
}
