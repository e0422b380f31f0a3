//! Published means, shown.

use hepatica_assay::groups::{Compared, Published, Spread, Study, Summary};
use hepatica_report::number::short;
use hepatica_report::{Blocks, Callout, Cell, Column, Table};
use serde_json::{Value, json};

use super::{Shown, p_shown, slug, titled};
use crate::assay::bench::filled;

pub(super) fn show(study: &Study, summary: &Summary, found: &Published) -> Shown {
    let name = slug(&summary.name);
    let open = open(study, summary, found);
    let (given, compared) = (given_table(study, summary), compared_table(study, found));
    let mut blocks = Blocks::new();
    if !open.is_empty() {
        blocks = blocks.callout(Callout::Warning, open.clone());
    }
    let blocks = blocks.table(given).table(compared.clone());
    Shown {
        title: titled(&summary.name, &summary.unit),
        text: text(study, found, &open),
        blocks,
        figure: None,
        tables: vec![(name, compared)],
        json: to_json(study, summary, found),
    }
}

fn spread_name(spread: Spread) -> &'static str {
    match spread {
        Spread::Sd => "SD",
        Spread::Sem => "SEM",
        Spread::Unknown => "spread of unknown kind",
    }
}

/// What the source leaves open.
fn open(study: &Study, summary: &Summary, found: &Published) -> String {
    let mut words = Vec::new();
    if summary.spread == Spread::Unknown {
        words.push("The source does not say whether the spread is a standard deviation or a standard error: both readings are computed.".to_string());
    }
    if !found.unknown_n.is_empty() {
        let names: Vec<&str> = found.unknown_n.iter().map(|k| study.arms[*k].name.as_str()).collect();
        words.push(format!(
            "The number of animals is not known for {}: 2 to 10 are tried. Which is right only the source can say.",
            names.join(", ")
        ));
    }
    words.join(" ")
}

fn given_table(study: &Study, summary: &Summary) -> Table {
    let columns = vec![
        Column::text("Group"),
        Column::value("n"),
        Column::value("Mean").unit(summary.unit.clone()),
        Column::value(spread_name(summary.spread)).unit(summary.unit.clone()),
    ];
    let row = |row: &hepatica_assay::groups::SummaryRow| {
        vec![
            Cell::Text(study.arms[row.arm].name.clone()),
            row.n.map_or(Cell::Missing, |n| Cell::Number(n as f64)),
            Cell::Number(row.mean),
            Cell::Number(row.spread),
        ]
    };
    filled(columns, summary.rows.iter().map(row).collect()).caption("As published")
}

fn compared_table(study: &Study, found: &Published) -> Table {
    let columns = vec![
        Column::text("Spread is"),
        Column::text("n"),
        Column::text("Group"),
        Column::interval("Less control (Welch, 95 %)", 3),
        Column::number("t", 4),
        Column::number("Degrees of freedom", 4),
        Column::text("p (Welch)"),
        Column::text("p (Holm)"),
        Column::text("p (Dunnett)"),
    ];
    let rows = found.readings.iter().flat_map(|reading| {
        reading.against.iter().map(|a| {
            let w = a.welch;
            vec![
                Cell::Text(spread_name(reading.spread).into()),
                Cell::Text(reading.assumed_n.map_or("as given".into(), |n| n.to_string())),
                Cell::Text(study.arms[a.arm].name.clone()),
                Cell::interval(w.difference, w.interval.low, w.interval.high),
                Cell::Number(w.t),
                Cell::Number(w.df),
                Cell::Text(p_shown(w.p)),
                Cell::Text(p_shown(a.holm)),
                Cell::Text(p_shown(a.dunnett.p)),
            ]
        })
    });
    filled(columns, rows.collect()).caption("Each group against the control")
}

fn reading_name(reading: &Compared) -> String {
    let n = reading.assumed_n.map_or(String::new(), |n| format!(", n {n}"));
    format!("{}{n}", spread_name(reading.spread))
}

fn text(study: &Study, found: &Published, open: &str) -> String {
    let mut out = if open.is_empty() { String::new() } else { format!("  {open}\n") };
    for reading in &found.readings {
        for a in &reading.against {
            out.push_str(&format!(
                "  {}: {} less control {}, t {}, df {}, p {} (Welch), {} (Holm), {} (Dunnett)\n",
                reading_name(reading),
                study.arms[a.arm].name,
                short(a.welch.difference, 4),
                short(a.welch.t, 4),
                short(a.welch.df, 4),
                p_shown(a.welch.p),
                p_shown(a.holm),
                p_shown(a.dunnett.p)
            ));
        }
    }
    out
}

fn to_json(study: &Study, summary: &Summary, found: &Published) -> Value {
    let rows = summary
        .rows
        .iter()
        .map(|r| json!({ "arm": study.arms[r.arm].name, "n": r.n, "mean": r.mean, "spread": r.spread }));
    let readings = found.readings.iter().map(|reading| {
        let against = reading.against.iter().map(|a| {
            let w = a.welch;
            json!({
                "arm": study.arms[a.arm].name,
                "welch": {
                    "difference": w.difference, "se": w.se, "t": w.t, "df": w.df, "p": w.p,
                    "interval_95": [w.interval.low, w.interval.high], "holm": a.holm,
                },
                "dunnett": { "t": a.dunnett.t, "p": a.dunnett.p },
            })
        });
        json!({
            "spread": spread_name(reading.spread), "assumed_n": reading.assumed_n,
            "against_control": against.collect::<Vec<_>>(),
        })
    });
    json!({
        "name": summary.name, "unit": summary.unit, "kind": "published", "spread": spread_name(summary.spread),
        "unknown_n": found.unknown_n.iter().map(|k| study.arms[*k].name.clone()).collect::<Vec<_>>(),
        "rows": rows.collect::<Vec<_>>(),
        "readings": readings.collect::<Vec<_>>(),
    })
}
