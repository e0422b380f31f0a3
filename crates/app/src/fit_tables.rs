//! What a fit found -> JSON, CSV and text.

use std::path::Path;

use hepatica_fit::estimate::{Datum, Found};
use hepatica_report::csv::{CsvWriter, Field, RowWidth};
use hepatica_report::number::{decimals, percent, significant};
use hepatica_report::{Cell, Column, Rules, Table};
use hepatica_stats::{afe, gmfe, share_within_fold};
use serde_json::{Value, json};

use crate::answer::NOT_A_DEVICE;
use crate::fit::Results;

/// The width a terminal is taken to have.
const WIDTH: usize = 130;

/// Predictions of one study and analyte.
pub(crate) struct Group<'a> {
    pub(crate) name: &'a str,
    pub(crate) analyte: &'a str,
    pub(crate) times_h: Vec<f64>,
    pub(crate) observed: Vec<f64>,
    pub(crate) predicted: Vec<f64>,
}

/// The data of curves by study and analyte, in the order of the data.
pub(crate) fn groups(results: &Results) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for (d, predicted) in results.problem.data.iter().zip(&results.fitted.predictions) {
        if d.analyte.is_empty() {
            continue;
        }
        let found = groups.iter().position(|g| g.name == d.name && g.analyte == d.analyte);
        let place = found.unwrap_or_else(|| {
            let (name, analyte) = (d.name.as_str(), d.analyte.as_str());
            groups.push(Group { name, analyte, times_h: vec![], observed: vec![], predicted: vec![] });
            groups.len() - 1
        });
        groups[place].times_h.push(d.time_h);
        groups[place].observed.push(d.observed);
        groups[place].predicted.push(*predicted);
    }
    groups
}

/// The data that are no curves, with their predictions.
pub(crate) fn targets(results: &Results) -> Vec<(&Datum, f64)> {
    let all = results.problem.data.iter().zip(results.fitted.predictions.iter().copied());
    all.filter(|(d, _)| d.analyte.is_empty()).collect()
}

/// The values found, a row each.
pub(crate) fn value_table(results: &Results) -> Table {
    let columns = ["Value", "Unit", "Model", "Found", "95 % interval", "Information from prior", ""];
    let mut table = Table::new(columns.map(Column::text));
    for f in &results.found {
        let interval = f
            .interval()
            .map_or(String::new(), |i| format!("{} to {}", significant(i.low, 4), significant(i.high, 4)));
        let prior = f.prior_share.map_or(String::new(), |s| percent(s, 2));
        let (own, value) = (significant(f.own, 4), significant(f.value, 4));
        let cells = [f.name.clone(), f.unit.clone(), own, value, interval, prior, f.notes.join("; ")];
        let _ = table.push(cells.map(Cell::from));
    }
    table
}

/// The curves, a row each.
pub(crate) fn group_table(results: &Results) -> Table {
    let mut table = Table::new(["Study", "Analyte", "n", "GMFE", "AFE", "Within 2-fold"].map(Column::text));
    for g in groups(results) {
        let number = |found: Result<f64, hepatica_stats::StatsError>| found.unwrap_or(f64::NAN);
        let cells = [
            g.name.to_string(),
            g.analyte.to_string(),
            g.observed.len().to_string(),
            decimals(number(gmfe(&g.predicted, &g.observed)), 3),
            decimals(number(afe(&g.predicted, &g.observed)), 3),
            percent(number(share_within_fold(&g.predicted, &g.observed, 2.0)), 3),
        ];
        let _ = table.push(cells.map(Cell::from));
    }
    table
}

/// Published numbers, a row each.
pub(crate) fn target_table(results: &Results) -> Table {
    let columns = ["Published number", "Observed", "Predicted", "Predicted / observed", "Log SD", "Source"];
    let mut table = Table::new(columns.map(Column::text));
    for (d, predicted) in targets(results) {
        let source = results.plan.targets.iter().find(|t| t.name == d.name).map_or("", |t| &t.source);
        let cells = [
            d.name.clone(),
            significant(d.observed, 4),
            significant(predicted, 4),
            decimals(predicted / d.observed, 3),
            significant(d.log_sd, 2),
            source.to_string(),
        ];
        let _ = table.push(cells.map(Cell::from));
    }
    table
}

/// The starts, a row each.
pub(crate) fn start_table(results: &Results) -> Table {
    let mut table = Table::new(["Start", "Sum of squares", ""].map(Column::text));
    for (k, start) in results.fitted.starts.iter().enumerate() {
        let sum = start.to.as_ref().map_or(String::new(), |(_, sum)| significant(*sum, 6));
        let cells = [(k + 1).to_string(), sum, start.failure.clone().unwrap_or_default()];
        let _ = table.push(cells.map(Cell::from));
    }
    table
}

/// The answer for a terminal.
pub(crate) fn text(results: &Results, folder: &Path) -> String {
    let show = |table: Table| table.text(WIDTH, Rules::default());
    let fit = &results.fitted.fit;
    let mut text = format!("{}\n\n{}", results.study.title, show(value_table(results)));
    if !targets(results).is_empty() {
        text.push_str(&format!("\n{}", show(target_table(results))));
    }
    if !groups(results).is_empty() {
        text.push_str(&format!("\n{}", show(group_table(results))));
    }
    for why in &results.left_out {
        text.push_str(&format!("  left out: {why}\n"));
    }
    text.push_str(&format!(
        "\n{} observations and {} priors, {} values; residual SD {} of what was given; {} of {} starts came to the minimum.\n\
         Written to {}. {NOT_A_DEVICE}\n",
        results.problem.data.len(),
        results.problem.priors.len(),
        results.found.len(),
        significant(fit.residual_sd, 3),
        agreeing(results),
        results.fitted.starts.len(),
        folder.display(),
    ));
    text
}

/// Starts whose sum of squares is the best one's within a thousandth.
fn agreeing(results: &Results) -> usize {
    let sums = results.fitted.starts.iter().filter_map(|s| s.to.as_ref().map(|t| t.1));
    let best = sums.clone().fold(f64::INFINITY, f64::min);
    sums.filter(|sum| *sum <= best * 1.001).count()
}

/// The answer for programs.
pub(crate) fn json(results: &Results, folder: &Path, files: &[String]) -> Value {
    let fit = &results.fitted.fit;
    let texts: Vec<Value> =
        results.loaded.files.iter().map(|(name, hash)| json!({ "name": name, "sha256": hash })).collect();
    let starts: Vec<Value> = results
        .fitted
        .starts
        .iter()
        .map(|s| {
            let (to, sum) = s.to.clone().map_or((None, None), |(to, sum)| (Some(to), Some(sum)));
            json!({ "from": s.from, "to": to, "sum": sum, "failure": s.failure })
        })
        .collect();
    let count = results.found.len();
    let correlation: Vec<Vec<Value>> =
        (0..count).map(|i| (0..count).map(|j| number(fit.correlation(i, j))).collect()).collect();
    let targets: Vec<Value> = targets(results)
        .iter()
        .map(|(d, predicted)| {
            let source = results.plan.targets.iter().find(|t| t.name == d.name).map(|t| &t.source);
            json!({
                "name": d.name, "observed": d.observed, "predicted": number(Some(*predicted)),
                "log_sd": d.log_sd, "source": source,
            })
        })
        .collect();
    json!({
        "schema": "hepatica.fit/1",
        "hepatica": env!("CARGO_PKG_VERSION"),
        "study": { "file": results.file.0, "sha256": results.file.1, "title": results.study.title },
        "model": { "id": results.loaded.id, "name": results.loaded.model.name, "texts": texts },
        "options": {
            "seed": results.options.seed, "starts": results.options.starts, "robust": results.options.robust,
            "profiles": results.options.profiles, "level": results.options.level,
            "rtol": results.engine.rtol, "atol": results.engine.atol,
        },
        "values": results.found.iter().map(value).collect::<Vec<_>>(),
        "correlation": correlation,
        "curves": groups(results).iter().map(curve).collect::<Vec<_>>(),
        "targets": targets,
        "fit": {
            "observations": results.problem.data.len(), "priors": results.problem.priors.len(),
            "sum": fit.residual_sum, "df": fit.df, "residual_sd": fit.residual_sd, "steps": fit.steps,
        },
        "starts": starts,
        "left_out": results.left_out,
        "folder": folder.display().to_string(),
        "files": files,
        "note": NOT_A_DEVICE,
    })
}

fn number(value: Option<f64>) -> Value {
    value.filter(|v| v.is_finite()).map_or(Value::Null, |v| json!(v))
}

fn value(f: &Found) -> Value {
    let end = |high: bool| f.interval().map(|i| if high { i.high } else { i.low });
    json!({
        "name": f.name, "unit": f.unit, "model": number(Some(f.own)), "value": f.value,
        "low": number(end(false)), "high": number(end(true)),
        "interval": if f.profile.is_some() { "profile" } else { "curvature" },
        "curvature_low": number(f.wald.map(|i| i.low)), "curvature_high": number(f.wald.map(|i| i.high)),
        "prior_share": number(f.prior_share), "notes": f.notes,
    })
}

fn curve(g: &Group<'_>) -> Value {
    let of = |found: Result<f64, hepatica_stats::StatsError>| number(found.ok());
    json!({
        "name": g.name, "analyte": g.analyte, "n": g.observed.len(),
        "gmfe": of(gmfe(&g.predicted, &g.observed)), "afe": of(afe(&g.predicted, &g.observed)),
        "within_2fold": of(share_within_fold(&g.predicted, &g.observed, 2.0)),
    })
}

/// The tables as CSV.
pub(crate) fn csv(results: &Results) -> Result<Vec<(&'static str, String)>, RowWidth> {
    Ok(vec![
        ("values.csv", values(results)?),
        ("predictions.csv", predictions(results)?),
        ("profiles.csv", profiles(results)?),
        ("correlation.csv", correlations(results)?),
    ])
}

fn values(results: &Results) -> Result<String, RowWidth> {
    let mut csv = CsvWriter::new(&["name", "unit", "model", "value", "low", "high", "prior_share", "notes"]);
    for f in &results.found {
        let ends = f.interval().map_or((f64::NAN, f64::NAN), |i| (i.low, i.high));
        csv.row(&[
            Field::Text(&f.name),
            Field::Text(&f.unit),
            Field::Number(f.own),
            Field::Number(f.value),
            Field::Number(ends.0),
            Field::Number(ends.1),
            Field::Number(f.prior_share.unwrap_or(f64::NAN)),
            Field::Text(&f.notes.join("; ")),
        ])?;
    }
    Ok(csv.finish())
}

fn predictions(results: &Results) -> Result<String, RowWidth> {
    let header = ["name", "analyte", "time_h", "observed", "predicted", "log_sd", "residual", "weight_share"];
    let mut csv = CsvWriter::new(&header);
    let rows = results.problem.data.iter().zip(&results.fitted.predictions).zip(&results.fitted.shares);
    for ((d, predicted), share) in rows {
        csv.row(&[
            Field::Text(&d.name),
            Field::Text(&d.analyte),
            Field::Number(d.time_h),
            Field::Number(d.observed),
            Field::Number(*predicted),
            Field::Number(d.log_sd),
            // Standardised: in the deviations that were given.
            Field::Number(d.residual(*predicted)),
            Field::Number(*share),
        ])?;
    }
    Ok(csv.finish())
}

fn profiles(results: &Results) -> Result<String, RowWidth> {
    let mut csv = CsvWriter::new(&["name", "value", "signed_root"]);
    for (f, profile) in results.found.iter().zip(&results.fitted.profiles) {
        for (value, root) in profile.iter().flat_map(|p| &p.trace) {
            csv.row(&[Field::Text(&f.name), Field::Number(*value), Field::Number(*root)])?;
        }
    }
    Ok(csv.finish())
}

fn correlations(results: &Results) -> Result<String, RowWidth> {
    let mut csv = CsvWriter::new(&["first", "second", "correlation"]);
    for (i, first) in results.found.iter().enumerate() {
        for (j, second) in results.found.iter().enumerate().skip(i + 1) {
            let rho = results.fitted.fit.correlation(i, j).unwrap_or(f64::NAN);
            csv.row(&[Field::Text(&first.name), Field::Text(&second.name), Field::Number(rho)])?;
        }
    }
    Ok(csv.finish())
}
