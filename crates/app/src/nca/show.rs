//! What was found, as text, as PP, as a page.

use hepatica_report::number::{exact, short, significant};
use hepatica_report::{
    Axis, Blocks, Callout, Cell, Column, Figure, Labels, Narrow, Page, Plot, Rules, Series, Table,
};
use hepatica_source::render_short;
use hepatica_stats::nca::{BelowRule, Given};
use hepatica_stats::{Moments, Sorted};
use serde_json::{Value, json};

use super::{Analysed, Found, NcaRequest};
use crate::answer::{Answer, NOT_A_DEVICE};
use crate::figures::WIDTH;
use crate::refuse::{Error, diagnostic_json};
use crate::world::World;

/// Curves drawn each in a panel; the others stand in the tables.
const MOST_PANELS: usize = 24;
/// The parameters a reader looks for first.
const FIRST: &[&str] = &[
    "CMAX", "TMAX", "AUCLST", "AUCIFO", "AUCPEO", "LAMZHL", "LAMZNPT", "CLO", "CLFO", "VZO", "VZFO", "VSSO",
    "AUCTAU", "CAVG", "CLTAU", "CLFTAU",
];

/// The answer; with a folder, the report as well.
pub(super) fn publish(world: &dyn World, request: &NcaRequest, found: &Found) -> Result<Answer, Error> {
    let answer = Answer { text: text(request, found), json: to_json(request, found) };
    let Some(folder) = &request.out else { return Ok(answer) };
    let page_path = folder.join("report.html");
    if world.exists(&page_path) && !request.overwrite {
        return Err(Error::Exists(folder.clone()));
    }
    world.create_folder(folder).map_err(Error::io(folder, "create"))?;
    let curves = curves(found);
    let files = [
        ("curves.svg", curves.svg(WIDTH)),
        ("pp.csv", pp(found).csv()),
        ("parameters.csv", wide(found).csv()),
        ("result.json", format!("{:#}\n", answer.json)),
        ("report.html", page(request, found, curves).html()),
    ];
    for (name, text) in files {
        let path = folder.join(name);
        world.write(&path, text.as_bytes()).map_err(Error::io(&path, "write"))?;
    }
    let mut answer = answer;
    answer.text.push_str(&format!("Written to {}\n", folder.display()));
    Ok(answer)
}

fn method_words(request: &NcaRequest) -> &'static str {
    if request.linear { "linear trapezoids" } else { "linear up, logarithmic down" }
}

fn below_words(rule: BelowRule) -> &'static str {
    match rule {
        BelowRule::ByPlace => {
            "zero before the first measured concentration and after the last, left out between"
        }
        BelowRule::Zero => "zero",
        BelowRule::LeftOut => "left out",
        BelowRule::Half => "half the limit",
    }
}

fn given_words(given: Given) -> String {
    match given {
        Given::Extravascular => "extravascular".to_string(),
        Given::Bolus => "bolus".to_string(),
        Given::Infusion(duration) => format!("infusion over {}", short(duration, 4)),
    }
}

/// The codes that any curve has, of those looked for first.
fn first_codes(found: &Found) -> Vec<(&'static str, String)> {
    let unit = |code: &str| {
        let mut all = found.results.iter().flat_map(|r| &r.parameters);
        all.find(|p| p.code == code).map(|p| p.unit.clone())
    };
    FIRST.iter().filter_map(|code| Some((*code, unit(code)?))).collect()
}

fn value(result: &Analysed, code: &str) -> Option<f64> {
    result.parameters.iter().find(|p| p.code == code).map(|p| p.value)
}

/// A row per curve with the parameters looked for first, and their geometric means.
fn wide(found: &Found) -> Table {
    let codes = first_codes(found);
    let analytes = found.results.iter().any(|r| !r.curve.analyte.is_empty());
    let mut columns = vec![Column::text("Subject")];
    if analytes {
        columns.push(Column::text("Analyte"));
    }
    let digits = |code: &str, unit: &str| match code {
        "LAMZNPT" => Column::value(code),
        _ => Column::number(code, 4).unit(unit.to_string()),
    };
    columns.extend(codes.iter().map(|(code, unit)| digits(code, unit)));
    let mut table =
        Table::new(columns).narrow(Narrow::Scroll).caption("Parameters of each curve, by CDISC code");
    for result in &found.results {
        let mut cells = vec![Cell::Text(result.curve.subject.clone())];
        if analytes {
            cells.push(Cell::Text(result.curve.analyte.clone()));
        }
        cells.extend(codes.iter().map(|(code, _)| value(result, code).map_or(Cell::Missing, Cell::Number)));
        // The row has a cell per column by construction.
        let _ = table.push(cells);
    }
    table
}

/// Median and range over the curves.
fn summary(found: &Found) -> Table {
    let columns = vec![
        Column::text("Parameter"),
        Column::text("Unit"),
        Column::value("n"),
        Column::number("Median", 4),
        Column::number("Smallest", 4),
        Column::number("Largest", 4),
        Column::number("Geometric mean", 4),
        Column::number("Geometric CV", 3).unit("%"),
    ];
    let mut table = Table::new(columns).narrow(Narrow::Scroll).caption("Over all curves");
    for (code, unit) in first_codes(found) {
        let values: Vec<f64> = found.results.iter().filter_map(|r| value(r, code)).collect();
        let n = values.len() as f64;
        let Ok(sorted) = Sorted::new(values) else { continue };
        let all = sorted.values();
        let mut logs = Moments::new();
        all.iter().filter(|v| **v > 0.0).for_each(|v| logs.insert(v.ln()));
        // Times, counts and shares have no geometric mean worth reading.
        let scaled = !matches!(code, "TMAX" | "LAMZNPT" | "AUCPEO");
        let positive = scaled && logs.count() as usize == all.len();
        let of_logs = |value: Option<f64>| value.filter(|_| positive).map_or(Cell::Missing, Cell::Number);
        let cells = [
            Cell::from(code),
            Cell::Text(unit),
            Cell::Number(n),
            Cell::Number(sorted.median()),
            Cell::Number(all[0]),
            Cell::Number(all[all.len() - 1]),
            of_logs(logs.mean().map(f64::exp)),
            of_logs(logs.variance().map(|v| 100.0 * v.exp_m1().sqrt())),
        ];
        let _ = table.push(cells);
    }
    table
}

/// The parameters as CDISC PP has them, one a row.
fn pp(found: &Found) -> Table {
    let names = [
        "DOMAIN", "USUBJID", "PPSEQ", "PPTESTCD", "PPTEST", "PPCAT", "PPORRES", "PPORRESU", "PPSTRESN",
        "PPSTRESU", "PPSTINT", "PPENINT",
    ];
    let mut table = Table::new(names.map(Column::text));
    let mut counts = std::collections::BTreeMap::new();
    for result in &found.results {
        for p in &result.parameters {
            let seq = counts.entry(result.curve.subject.clone()).or_insert(0);
            *seq += 1;
            let value = exact(p.value);
            let ends =
                p.between.map_or([String::new(), String::new()], |(a, b)| [iso(a, found), iso(b, found)]);
            let cells = [
                "PP".to_string(),
                result.curve.subject.clone(),
                seq.to_string(),
                p.code.to_string(),
                p.name.clone(),
                result.curve.analyte.clone(),
                value.clone(),
                p.unit.clone(),
                value,
                p.unit.clone(),
                ends[0].clone(),
                ends[1].clone(),
            ];
            let _ = table.push(cells.map(Cell::Text));
        }
    }
    table
}

/// An elapsed time as ISO 8601, where the unit has a letter there; otherwise with the unit as written.
fn iso(time: f64, found: &Found) -> String {
    match found.units.time.as_str() {
        "h" => format!("PT{}H", exact(time)),
        "min" => format!("PT{}M", exact(time)),
        "d" => format!("P{}D", exact(time)),
        unit => format!("{} {unit}", exact(time)),
    }
}

fn text(request: &NcaRequest, found: &Found) -> String {
    let warnings = found.warnings.iter().map(|d| render_short(&found.map, d) + "\n");
    let mut out: String = warnings.collect();
    out.push_str(&format!(
        "{} curves; areas by {}; below the limit: {}\n\n",
        found.results.len(),
        method_words(request),
        below_words(request.below)
    ));
    out.push_str(&wide(found).text(160, Rules::default()));
    out.push_str(&format!("\n{NOT_A_DEVICE}\n"));
    out
}

fn to_json(request: &NcaRequest, found: &Found) -> Value {
    let curves = found.results.iter().map(|r| {
        let parameters = r.parameters.iter().map(|p| {
            json!({ "code": p.code, "name": p.name, "value": p.value, "unit": p.unit, "between": p.between.map(|(a, b)| [a, b]) })
        });
        json!({
            "subject": r.curve.subject, "analyte": r.curve.analyte, "given": given_words(r.curve.given),
            "dose": r.curve.dose, "points": r.curve.times.len(), "below_limit": r.curve.below,
            "parameters": parameters.collect::<Vec<_>>(),
        })
    });
    json!({
        "schema": "hepatica.nca/1",
        "notice": NOT_A_DEVICE,
        "method": method_words(request),
        "below_limit": below_words(request.below),
        "lambda_z": "last n >= 3 positive points after the peak (with it after a bolus) with a falling slope; best adjusted r2, within 1e-4 the most points",
        "units": { "time": found.units.time, "concentration": found.units.conc, "dose": found.units.dose },
        "curves": curves.collect::<Vec<_>>(),
        "warnings": found.warnings.iter().map(|d| diagnostic_json(&found.map, d)).collect::<Vec<_>>(),
    })
}

/// Every curve on a logarithmic axis with its terminal line.
fn curves(found: &Found) -> Figure {
    let left_out = found.results.len().saturating_sub(MOST_PANELS);
    let more =
        if left_out > 0 { format!(" {left_out} further curves stand in the tables.") } else { String::new() };
    let mut figure = Figure::new("Concentrations with their terminal slopes")
        .caption(format!("Logarithmic axis; concentrations of zero have no place there. The line is the terminal slope over the points it uses.{more}"))
        .columns(4)
        .labels(Labels::Hidden);
    for r in found.results.iter().take(MOST_PANELS) {
        let title = format!("{} {}", r.curve.subject, r.curve.analyte);
        let points = r.curve.times.iter().copied().zip(r.curve.concentrations.iter().copied());
        let positive: Vec<(f64, f64)> = points.filter(|(_, c)| *c > 0.0).collect();
        let mut plot = Plot::new(
            Axis::linear("Time").unit(found.units.time.clone()),
            Axis::log10("Concentration").unit(found.units.conc.clone()),
        )
        .title(title.trim().to_string())
        .series(Series::line("curve", positive.clone()).muted().thin())
        .series(Series::points("observed", positive));
        if let Some(t) = r.analysis.terminal {
            plot = plot.series(Series::line("terminal slope", [t.from, t.to].map(|x| (x, t.at(x)))));
        }
        figure = figure.panel(plot);
    }
    figure
}

fn page(request: &NcaRequest, found: &Found, curves: Figure) -> Page {
    let poor: Vec<String> = found.results.iter().filter_map(doubts).collect();
    let mut answer = Blocks::new();
    if !poor.is_empty() {
        answer = answer.callout(Callout::Warning, "Some parameters rest on little; see Doubts.");
    }
    answer = answer.table(summary(found)).table(wide(found));
    let mut doubts = Blocks::new();
    doubts = if poor.is_empty() { doubts.paragraph("None found.") } else { doubts.list(poor) };
    let warnings = found.warnings.iter().map(|d| render_short(&found.map, d)).collect::<Vec<_>>();
    if !warnings.is_empty() {
        doubts = doubts.heading("Warnings of the tables").list(warnings);
    }
    let doses: Vec<String> = found
        .results
        .iter()
        .map(|r| {
            let dose =
                r.curve.dose.map_or("no dose".into(), |d| format!("{} {}", short(d, 5), found.units.dose));
            format!("{dose}, {}", given_words(r.curve.given))
        })
        .collect();
    let mut distinct = doses.clone();
    distinct.sort();
    distinct.dedup();
    let below: usize = found.results.iter().map(|r| r.curve.below).sum();
    let mut terms = vec![
        ("Doses".to_string(), distinct.into_iter().take(12).collect::<Vec<_>>().join("; ")),
        ("Areas".to_string(), method_words(request).to_string()),
        ("Below the limit".to_string(), format!("{below} samples: {}", below_words(request.below))),
        ("Terminal slope".to_string(), "of the lines through the last three or more positive concentrations after the peak (with it after a bolus) that fall, the one with the best adjusted r2; within 0.0001 of it the one with the most points".to_string()),
    ];
    if let Some(tau) = request.tau {
        terms.push((
            "Steady state".to_string(),
            format!("dosing interval {} {}", short(tau, 5), found.units.time),
        ));
    }
    Page::new("Noncompartmental analysis")
        .lead("What the curves say without a model.")
        .section("Parameters", answer)
        .section("Curves", Blocks::new().figure(curves))
        .section("Doubts", doubts)
        .section("How it was computed", Blocks::new().definitions(terms))
        .footer(format!("Hepatica. {NOT_A_DEVICE}"))
}

/// What limits the trust in a curve's parameters: a tail that is mostly extrapolated, a slope over less than two
/// half-lives, a poor fit. Limits as usual in reports of such analyses; Gabrielsson and Weiner (2016), 2.8.
fn doubts(r: &Analysed) -> Option<String> {
    let mut said = Vec::new();
    match (r.analysis.terminal, r.analysis.observed) {
        (Some(t), Some(o)) => {
            if o.auc_extrapolated_percent > 20.0 {
                said.push(format!(
                    "{} % of the area to infinity is extrapolated",
                    significant(o.auc_extrapolated_percent, 3)
                ));
            }
            let spanned = (t.to - t.from) / t.half_life();
            if spanned < 2.0 {
                said.push(format!("the terminal slope spans {} half-lives", significant(spanned, 2)));
            }
            if t.r2_adjusted < 0.8 {
                said.push(format!("adjusted r2 of the terminal slope is {}", significant(t.r2_adjusted, 3)));
            }
        }
        _ => said.push("there is no terminal slope: nothing is extrapolated".to_string()),
    }
    (!said.is_empty())
        .then(|| format!("{} {}: {}.", r.curve.subject, r.curve.analyte, said.join("; ")).replace(" :", ":"))
}
