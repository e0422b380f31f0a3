//! How patients differ -> text, JSON and a report.

use hepatica_report::number::{self, percent, short, significant};
use hepatica_report::{
    Axis, Blocks, Callout, Cell, Column, Figure, Forest, Narrow, Page, Plot, Rules, Series, Table,
};
use hepatica_trial::population::GivenBy;
use serde_json::{Value, json};

use crate::answer::NOT_A_DEVICE;
use crate::population_show::{Differences, Spread};

/// The width a terminal is taken to have.
const WIDTH: usize = 150;

/// Bins of a histogram.
const BINS: usize = 24;

/// Histograms drawn at most.
const DRAWN: usize = 36;

/// The probabilities whose quantiles are given.
pub(crate) const PERCENTILES: [f64; 5] = [0.05, 0.25, 0.5, 0.75, 0.95];

/// What a table of standings needs to be read with.
const LABELS: &str = "published: the spread is that of the source named; calibrated: chosen so that outcomes agree with a table of outcomes, which is then no prediction; assumed: chosen without data within the range";

/// Counts between edges that are equally far apart, on the logarithmic scale where all values are above 0.
pub(crate) struct Histogram {
    pub(crate) edges: Vec<f64>,
    pub(crate) counts: Vec<u64>,
}

/// The histogram of a sample; categories have a bin each.
pub(crate) fn histogram(spread: &Spread) -> Histogram {
    let values = spread.sorted.values();
    let (low, high) = (values[0], values[values.len() - 1]);
    let (bins, log) = match spread.levels.len() {
        0 => (BINS, low > 0.0),
        levels => (levels, false),
    };
    let (low, high) = if spread.levels.is_empty() { (low, high) } else { (-0.5, bins as f64 - 0.5) };
    let (from, to) = if log { (libm::log(low), libm::log(high)) } else { (low, high) };
    let edge = |i: usize| {
        let at = from + (to - from) * i as f64 / bins as f64;
        if log { libm::exp(at) } else { at }
    };
    let mut edges: Vec<f64> = (0..=bins).map(edge).collect();
    (edges[0], edges[bins]) = (low, high);
    let mut counts = vec![0; bins];
    for value in values {
        let above = edges[1..bins].partition_point(|edge| edge <= value);
        counts[above] += 1;
    }
    Histogram { edges, counts }
}

fn given(spread: &Spread) -> &'static str {
    match spread.given {
        GivenBy::Model => spread.background.standing(),
        other => other.word(),
    }
}

fn shares(spread: &Spread) -> String {
    let n = spread.drawn.len() as f64;
    let share = |(level, name): (usize, &String)| {
        let count = spread.drawn.iter().filter(|v| **v == level as f64).count();
        format!("{name} {}", percent(count as f64 / n, 2))
    };
    spread.levels.iter().enumerate().map(share).collect::<Vec<_>>().join(", ")
}

/// A row per value that differs.
fn value_table(found: &Differences, with_source: bool) -> Table {
    let mut columns = vec![
        Column::text("Value"),
        Column::text("What"),
        Column::text("Unit"),
        Column::text("Distribution"),
        Column::text("Standing"),
        Column::text("5 % / median / 95 % of the sample"),
        Column::text("Range"),
    ];
    if with_source {
        columns.push(Column::text("Evidence"));
    }
    let mut table = Table::new(columns).narrow(Narrow::Stack);
    for spread in &found.values {
        let sample = match spread.levels.is_empty() {
            false => shares(spread),
            true => [0.05, 0.5, 0.95].map(|p| significant(spread.sorted.quantile(p), 3)).join(" / "),
        };
        let range = spread.background.range.map_or(String::new(), |(lo, hi)| number::range(lo, hi, 3));
        let what = if spread.label == spread.name { String::new() } else { spread.label.clone() };
        let what = [what, spread.does.clone()].into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>();
        let mut cells = vec![
            spread.name.clone(),
            what.join("; "),
            spread.unit.clone(),
            spread.written.clone(),
            given(spread).to_string(),
            sample,
            range,
        ];
        if with_source {
            let cited = spread.background.evidence.iter().map(|(_, citation)| citation.clone());
            cells.push(cited.collect::<Vec<_>>().join("; "));
        }
        // The row has a cell per column by construction.
        let _ = table.push(cells.into_iter().map(Cell::from));
    }
    table
}

/// A row per covariate of the model.
fn covariate_table(found: &Differences) -> Table {
    let columns = ["Covariate", "What", "Default", "Unit", "Range", "In these patients"].map(Column::text);
    let mut table = Table::new(columns).narrow(Narrow::Stack);
    for known in &found.covariates {
        let _ = table.push([
            Cell::from(known.name.clone()),
            Cell::from(if known.label == known.name { String::new() } else { known.label.clone() }),
            Cell::from(short(known.default, 4)),
            Cell::from(known.unit.clone()),
            Cell::from(known.range.map_or(String::new(), |(lo, hi)| number::range(lo, hi, 3))),
            Cell::from(if known.varies { "differs" } else { "default" }),
        ]);
    }
    table
}

fn pair_table(found: &Differences) -> Table {
    let columns = [
        Column::text("Value"),
        Column::text("Goes with"),
        Column::number("Correlation asked for", 2),
        Column::number("Of the ranks in the sample", 2),
    ];
    let mut table = Table::new(columns);
    for pair in &found.pairs {
        let cells = [
            pair.first.as_str().into(),
            pair.second.as_str().into(),
            Cell::Number(pair.asked),
            Cell::Number(pair.ranks),
        ];
        let _ = table.push(cells);
    }
    table
}

fn independence(found: &Differences) -> String {
    let largest = found.by_chance.map_or(String::new(), |r| {
        format!(
            " The largest rank correlation of such a pair in this sample is {}, by chance.",
            significant(r, 2)
        )
    });
    match found.pairs.is_empty() {
        true => format!("All values differ independently of each other.{largest}"),
        false => format!("All other pairs are independent.{largest}"),
    }
}

/// For a terminal.
pub(crate) fn text(found: &Differences) -> String {
    let show = |table: Table| table.text(WIDTH, Rules::default());
    let mut text = format!(
        "Virtual patients of {}: {} drawn with seed {}\n\nWhat differs\n{}",
        found.target,
        found.size,
        found.seed,
        show(value_table(found, false))
    );
    text.push_str(&format!("  {LABELS}.\n"));
    if !found.covariates.is_empty() {
        text.push_str(&format!("\nCovariates of {}\n{}", found.model, show(covariate_table(found))));
    }
    text.push_str("\nCorrelations\n");
    if !found.pairs.is_empty() {
        text.push_str(&show(pair_table(found)));
    }
    text.push_str(&format!("  {}\n\n{NOT_A_DEVICE}\n", independence(found)));
    text
}

/// For programs.
pub(crate) fn json(found: &Differences) -> Value {
    let number = |v: f64| if v.is_finite() { json!(v) } else { Value::Null };
    let range =
        |r: Option<(f64, f64)>| r.map_or(Value::Null, |(low, high)| json!([number(low), number(high)]));
    let values: Vec<Value> = found
        .values
        .iter()
        .map(|spread| {
            let bins = histogram(spread);
            let evidence = spread.background.evidence.iter();
            let evidence: Vec<Value> =
                evidence.map(|(id, citation)| json!({ "id": id, "citation": citation })).collect();
            let percentiles: Vec<Value> = PERCENTILES
                .iter()
                .map(|p| json!({ "p": p, "value": number(spread.sorted.quantile(*p)) }))
                .collect();
            json!({
                "name": spread.name,
                "label": spread.label,
                "unit": spread.unit,
                "distribution": spread.written,
                "given_by": spread.given.word(),
                "standing": given(spread),
                "status": spread.background.status.map(|s| s.word()),
                "range": range(spread.background.range),
                "evidence": evidence,
                "links": spread.background.links,
                "does": spread.does,
                "levels": spread.levels,
                "percentiles": percentiles,
                "histogram": { "edges": bins.edges.iter().map(|e| number(*e)).collect::<Vec<_>>(), "counts": bins.counts },
            })
        })
        .collect();
    let covariates: Vec<Value> = found
        .covariates
        .iter()
        .map(|known| {
            json!({
                "name": known.name,
                "label": known.label,
                "unit": known.unit,
                "default": number(known.default),
                "range": range(known.range),
                "differs": known.varies,
            })
        })
        .collect();
    let pairs: Vec<Value> = found
        .pairs
        .iter()
        .map(|p| json!({ "first": p.first, "second": p.second, "asked": p.asked, "ranks": number(p.ranks) }))
        .collect();
    json!({
        "schema": "hepatica.population/1",
        "target": found.target,
        "model": found.model,
        "size": found.size,
        "seed": found.seed,
        "values": values,
        "covariates": covariates,
        "correlations": pairs,
        "largest_by_chance": found.by_chance.map_or(Value::Null, number),
        "note": NOT_A_DEVICE,
    })
}

/// The report as one HTML file.
pub(crate) fn page(found: &Differences) -> String {
    let lead = format!("{} virtual patients drawn with seed {}", found.size, found.seed);
    let blocks = Blocks::new()
        .callout(Callout::Warning, format!("{LABELS}."))
        .figure(spreads(found))
        .figure(histograms(found))
        .table(value_table(found, true).caption("What differs between the patients"));
    let mut page = Page::new(format!("Virtual patients of {}", found.target)).lead(lead);
    page = page.section("What differs", blocks);
    if !found.covariates.is_empty() {
        let table = covariate_table(found).caption("What may be known of a patient; a study sets it");
        page = page.section("Covariates", Blocks::new().table(table));
    }
    let mut blocks = Blocks::new().paragraph(independence(found));
    if !found.pairs.is_empty() {
        blocks =
            blocks.table(pair_table(found).caption("Correlations of the normal numbers behind the values"));
    }
    page = page.section("Correlations", blocks);
    page.footer("Hepatica. For research and teaching only; not a medical device. Predictions must not guide the care of a patient.")
        .html()
}

/// The spread of every factor that is about 1: median with 5 to 95 %, by standing.
fn spreads(found: &Differences) -> Figure {
    let mut forest = Forest::new(Axis::log10("Relative to the median")).reference(1.0, "");
    let factors = || found.values.iter().filter(|s| s.levels.is_empty() && s.sorted.values()[0] > 0.0);
    let mut words: Vec<&str> = factors().map(given).collect();
    words.sort_unstable();
    words.dedup();
    for word in words {
        forest = forest.heading(word);
        for spread in factors().filter(|s| given(s) == word) {
            let relative = |p: f64| spread.sorted.quantile(p) / spread.sorted.median();
            let estimate = hepatica_report::Estimate::new(1.0, relative(0.05), relative(0.95));
            forest = forest.row(spread.label.clone(), estimate);
        }
    }
    Figure::new("How much people differ")
        .caption("Lines reach from the 5 % to the 95 % quantile of the sample, relative to its median.")
        .panel(forest)
}

/// A panel per value: how many patients lie where.
fn histograms(found: &Differences) -> Figure {
    let mut figure = Figure::new("The values drawn")
        .caption("Share of the patients in equally wide classes, logarithmic where all values are above 0.")
        .columns(3);
    for spread in found.values.iter().filter(|s| s.levels.is_empty()).take(DRAWN) {
        let Histogram { edges, counts } = histogram(spread);
        let n = spread.drawn.len() as f64;
        let mut outline = vec![(edges[0], 0.0)];
        for (class, count) in edges.windows(2).zip(&counts) {
            let share = *count as f64 / n;
            outline.extend([(class[0], share), (class[1], share)]);
        }
        outline.push((edges[edges.len() - 1], 0.0));
        let log = spread.sorted.values()[0] > 0.0;
        let label = if spread.unit.is_empty() { "value" } else { &spread.unit };
        let x = if log { Axis::log10(label) } else { Axis::linear(label) };
        let plot = Plot::new(x, Axis::linear("Share").from(0.0))
            .title(spread.label.clone())
            .series(Series::area("virtual patients", outline));
        figure = figure.panel(plot);
    }
    figure
}
