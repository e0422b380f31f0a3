//! A score, shown.

use hepatica_assay::groups::{Endpoint, Scored, Study};
use hepatica_report::number::short;
use hepatica_report::{Axis, Bars, Blocks, Callout, Cell, Column, Figure, Labels, Table};
use hepatica_stats::groups::Kappa;
use serde_json::{Value, json};

use super::{Shown, missing_words, p_shown, slug, titled};
use crate::assay::bench::filled;
use crate::evidence::ids_of;

pub(super) fn show(study: &Study, endpoint: &Endpoint, found: &Scored) -> Shown {
    let name = slug(&endpoint.name);
    let table = table(study, found);
    let figure = figure(study, endpoint, found);
    let mut blocks = Blocks::new().paragraph(format!(
        "{}: {}. Ranks against the control (Mann-Whitney, exact where feasible, Holm). Over all groups p {} (Kruskal-Wallis); trend over doses p {} (Jonckheere-Terpstra).",
        found.scale.name,
        found.scale.source,
        p_shown(found.kruskal.p),
        p_shown(found.trend.p())
    ));
    if let Some(missing) = missing_words(&found.missing, endpoint) {
        blocks = blocks.callout(Callout::Note, missing);
    }
    blocks = blocks.figure(figure.clone()).table(table.clone());
    if let Err(why) = &found.odds {
        blocks = blocks.callout(Callout::Note, format!("Odds ratios are not given: {why}."));
    }
    if let Some(words) = reader_words(found) {
        blocks = blocks.heading("Two readers").paragraph(words);
    }
    Shown {
        title: titled(&endpoint.name, &endpoint.unit),
        text: text(study, found),
        blocks,
        figure: Some((name.clone(), figure)),
        tables: vec![(name, table)],
        json: to_json(study, endpoint, found),
    }
}

/// A median as a score, or between two.
fn median(found: &Scored, arm: usize) -> String {
    let place = found.medians[arm];
    let (low, high) = (found.scale.scores[place.floor() as usize], found.scale.scores[place.ceil() as usize]);
    if low == high { low.to_string() } else { format!("{low} to {high}") }
}

fn table(study: &Study, found: &Scored) -> Table {
    let mut columns = vec![Column::text("Group")];
    let used: Vec<usize> =
        (0..found.scale.scores.len()).filter(|s| found.counts.iter().any(|c| c[*s] > 0)).collect();
    columns.extend(used.iter().map(|s| Column::value(found.scale.scores[*s])));
    columns.extend([
        Column::text("Median"),
        Column::number("Higher than control", 3).unit("% of pairs"),
        Column::text("p (Mann-Whitney, Holm)"),
        Column::text("p (Dunn, Holm)"),
        Column::interval("Odds ratio (95 %)", 3),
    ]);
    let row = |(k, arm): (usize, &hepatica_assay::groups::Arm)| {
        let mut cells = vec![Cell::Text(arm.name.clone())];
        cells.extend(used.iter().map(|s| Cell::Number(found.counts[k][*s] as f64)));
        cells.push(Cell::Text(median(found, k)));
        match k.checked_sub(1) {
            None => cells.extend([Cell::Missing, Cell::Missing, Cell::Missing, Cell::Missing]),
            Some(i) => {
                cells.push(Cell::Number(100.0 * found.ranks[i].share));
                cells.push(Cell::Text(p_shown(found.adjusted[i])));
                cells.push(Cell::Text(p_shown(found.dunn[i].adjusted)));
                cells.push(match &found.odds {
                    Ok(odds) => Cell::interval(odds[i].0, odds[i].1.low, odds[i].1.high),
                    Err(_) => Cell::Missing,
                });
            }
        }
        cells
    };
    filled(columns, study.arms.iter().enumerate().map(row).collect()).caption(
        "Animals by score. An odds ratio above 1 means higher scores than the control (proportional odds).",
    )
}

fn figure(study: &Study, endpoint: &Endpoint, found: &Scored) -> Figure {
    let names = study.arms.iter().map(|a| a.name.clone());
    let mut bars = Bars::new(Axis::linear("Animals").unit("%"), names);
    for (s, score) in found.scale.scores.iter().enumerate() {
        if found.counts.iter().all(|c| c[s] == 0) {
            continue;
        }
        let share = |c: &Vec<usize>| 100.0 * c[s] as f64 / c.iter().sum::<usize>().max(1) as f64;
        bars = bars.group(*score, found.counts.iter().map(share));
    }
    Figure::new(titled(&endpoint.name, &endpoint.unit))
        .caption("Share of the animals of a group with each score.")
        .labels(Labels::Legend)
        .panel(bars)
}

fn kappa_words(kappa: &Kappa) -> String {
    format!("{:.2} ({:.2} to {:.2})", kappa.kappa, kappa.interval.low, kappa.interval.high)
}

fn reader_words(found: &Scored) -> Option<String> {
    Some(match found.readers.as_ref()? {
        Ok(r) => format!(
            "{} animals read twice: weighted kappa {} with linear and {} with quadratic weights (95 % intervals); full agreement in {} %. The comparison above uses the first reader.",
            r.n,
            kappa_words(&r.linear),
            kappa_words(&r.quadratic),
            short(100.0 * r.linear.agreement, 3)
        ),
        Err(why) => format!("The agreement of the readers cannot be computed: {why}."),
    })
}

fn text(study: &Study, found: &Scored) -> String {
    let mut out = String::new();
    for (k, arm) in study.arms.iter().enumerate() {
        let n: usize = found.counts[k].iter().sum();
        let against = k.checked_sub(1).map_or(String::new(), |i| {
            let odds = match &found.odds {
                Ok(o) => format!(
                    ", odds ratio {} ({} to {})",
                    short(o[i].0, 3),
                    short(o[i].1.low, 3),
                    short(o[i].1.high, 3)
                ),
                Err(_) => String::new(),
            };
            format!("; p {} (Mann-Whitney, Holm){odds}", p_shown(found.adjusted[i]))
        });
        out.push_str(&format!("  {}: n {n}, median {}{against}\n", arm.name, median(found, k)));
    }
    out.push_str(&format!("  trend: Jonckheere p {}\n", p_shown(found.trend.p())));
    if let Err(why) = &found.odds {
        out.push_str(&format!("  no odds ratios: {why}\n"));
    }
    if let Some(words) = reader_words(found) {
        out.push_str(&format!("  {words}\n"));
    }
    if !found.missing.is_empty() {
        out.push_str(&format!("  without a score: {}\n", found.missing.join(", ")));
    }
    out
}

fn to_json(study: &Study, endpoint: &Endpoint, found: &Scored) -> Value {
    let kappa =
        |k: &Kappa| json!({ "kappa": k.kappa, "se": k.se, "interval_95": [k.interval.low, k.interval.high] });
    let readers = found.readers.as_ref().map(|r| match r {
        Ok(r) => json!({
            "n": r.n, "linear": kappa(&r.linear), "quadratic": kappa(&r.quadratic), "agreement": r.linear.agreement,
        }),
        Err(why) => json!({ "not_computed": why }),
    });
    let comparisons = (0..found.adjusted.len()).map(|i| {
        let odds = found
            .odds
            .as_ref()
            .ok()
            .map(|o| json!({ "ratio": o[i].0, "interval_95": [o[i].1.low, o[i].1.high], "p": o[i].2 }));
        let r = found.ranks[i];
        json!({
            "arm": study.arms[i + 1].name, "p": found.adjusted[i],
            "mann_whitney": { "u": r.u, "share": r.share, "exact_p": r.exact, "normal_p": r.normal },
            "dunn": { "z": found.dunn[i].z, "p": found.dunn[i].p, "holm": found.dunn[i].adjusted },
            "odds": odds,
        })
    });
    let groups = found.counts.iter().enumerate().map(
        |(k, counts)| json!({ "arm": study.arms[k].name, "counts": counts, "median": median(found, k) }),
    );
    json!({
        "name": endpoint.name, "unit": endpoint.unit, "kind": "scored",
        "scale": { "name": found.scale.name, "scores": found.scale.scores, "source": found.scale.source, "evidence": ids_of(found.scale.source) },
        "groups": groups.collect::<Vec<_>>(),
        "comparisons": comparisons.collect::<Vec<_>>(),
        "kruskal_wallis": { "h": found.kruskal.h, "df": found.kruskal.df, "p": found.kruskal.p },
        "jonckheere": { "j": found.trend.j, "z": found.trend.z, "p": found.trend.p(), "exact": found.trend.exact.is_some() },
        "no_odds": found.odds.as_ref().err(),
        "readers": readers,
        "missing": found.missing,
    })
}
