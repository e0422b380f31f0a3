//! What decides outcomes -> text, JSON and a report with tornado figures.

use hepatica_report::number::{decimals, percent, significant};
use hepatica_report::{
    Axis, Bars, Blocks, Callout, Cell, Column, Estimate, Figure, Narrow, Page, Rules, Table,
};
use hepatica_stats::sensitivity::{Share, SobolIndices};
use serde_json::{Value, json};

use crate::answer::NOT_A_DEVICE;
use crate::sensitivity::{DECISIVE, Factor, Found, Outcome};

/// The width a terminal is taken to have.
const WIDTH: usize = 150;

/// Factors of an outcome that are listed for a terminal.
const LISTED: usize = 8;

/// Bars of a tornado.
const BARS: usize = 15;

/// What must be said with every answer.
const MEANING: &str = "Shares of the variance over independent values: people by the spreads of the model, constants over their stated ranges (equal chances of equal logarithms). The range of a constant fitted here is its 95 % interval, that of any other what is plausible, not what data leave open; constants that were fitted together are not independent of each other. A wide range makes a constant look decisive.";

fn share(share: Share) -> Cell {
    Cell::interval(share.value, share.interval.low, share.interval.high)
}

fn share_text(share: Share) -> String {
    let two = |v: f64| decimals(v, 2);
    format!("{} ({} to {})", two(share.value), two(share.interval.low), two(share.interval.high))
}

/// What a factor's lowest and highest fifth give.
fn tails((low, high): (f64, f64)) -> String {
    format!("{} / {}", significant(low, 3), significant(high, 3))
}

fn kind(factor: &Factor) -> &'static str {
    if factor.is_constant() { "constant" } else { "person" }
}

/// A row per factor that is decisive for some outcome.
fn decisive_table(found: &Found) -> Table {
    let mut table = Table::new([
        Column::text("Decides"),
        Column::text("What"),
        Column::text("Kind"),
        Column::text("Standing"),
        Column::interval("Total share", 2),
        Column::text("Of"),
    ])
    .narrow(Narrow::Stack);
    for (factor, outcome, indices) in found.decisive() {
        let cells = [
            Cell::from(factor.name.clone()),
            Cell::from(if factor.label == factor.name { String::new() } else { factor.label.clone() }),
            Cell::from(kind(factor)),
            Cell::from(factor.standing()),
            share(indices.total),
            Cell::from(outcome.label.clone()),
        ];
        // The row has a cell per column by construction.
        let _ = table.push(cells);
    }
    table
}

/// The decisive constants by standing, as a sentence.
fn verdict(found: &Found) -> String {
    let decisive = found.decisive();
    let count = |standing: &str| {
        decisive.iter().filter(|(f, _, _)| f.is_constant() && f.standing() == standing).count()
    };
    let constants = decisive.iter().filter(|(f, _, _)| f.is_constant()).count();
    let people = decisive.len() - constants;
    format!(
        "{} of {} values are decisive for an outcome (a total share surely above {}): {people} that differ between people and {constants} constants, of which {} are assumed and {} calibrated.",
        decisive.len(),
        found.factors.len(),
        percent(DECISIVE, 1),
        count("assumed"),
        count("calibrated"),
    )
}

/// The first factors of an outcome.
fn outcome_table(found: &Found, outcome: &Outcome, most: usize, short: bool) -> Table {
    let mut columns = vec![
        Column::text("Value"),
        Column::text("Kind"),
        Column::text("Standing"),
        Column::text("Total share"),
        Column::text("First-order share"),
        Column::text("Mean in its lowest / highest fifth"),
    ];
    if !short {
        columns.push(Column::text("Over"));
        columns.push(Column::text("Evidence"));
    }
    let mut table = Table::new(columns).narrow(Narrow::Stack);
    for (factor, shares) in found.ranked(outcome).into_iter().take(most) {
        let mut cells = vec![
            factor.name.clone(),
            kind(factor).to_string(),
            factor.standing().to_string(),
            share_text(shares.indices.total),
            share_text(shares.indices.first),
            tails(shares.tails),
        ];
        if !short {
            cells.push(format!("{} {}", factor.written, factor.unit).trim_end().to_string());
            let cited = factor.background.evidence.iter().map(|(id, _)| id.as_str());
            cells.push(cited.collect::<Vec<_>>().join(", "));
        }
        let _ = table.push(cells.into_iter().map(Cell::from));
    }
    table
}

fn summary(outcome: &Outcome) -> String {
    let scale = if outcome.log { "log10 of " } else { "" };
    let unit = if outcome.unit.is_empty() { String::new() } else { format!(" {scale}{}", outcome.unit) };
    format!("mean {}, SD {}{unit}", significant(outcome.mean, 3), significant(outcome.sd, 3))
}

/// For a terminal.
pub(crate) fn text(found: &Found) -> String {
    let show = |table: Table| table.text(WIDTH, Rules::default());
    let mut text = format!(
        "What decides {}\n{} values varied over {} rows with seed {}: {} simulations of {}, {} failed\n",
        found.target,
        found.factors.len(),
        found.rows,
        found.seed,
        found.simulations,
        found.model,
        found.failed
    );
    if let Some(why) = &found.failure {
        text.push_str(&format!("the first failure: {why}\n"));
    }
    for outcome in &found.outcomes {
        text.push_str(&format!("\n{} ({})\n", outcome.label, summary(outcome)));
        match outcome.shares {
            Some(_) => text.push_str(&show(outcome_table(found, outcome, LISTED, true))),
            None => text.push_str("  does not vary\n"),
        }
    }
    text.push_str(&format!("\nDecisive\n{}", show(decisive_table(found))));
    text.push_str(&format!("  {}\n  {MEANING}\n\n{NOT_A_DEVICE}\n", verdict(found)));
    text
}

/// For programs.
pub(crate) fn json(found: &Found) -> Value {
    let number = |v: f64| if v.is_finite() { json!(v) } else { Value::Null };
    let share = |s: Share| json!({ "value": s.value, "low": s.interval.low, "high": s.interval.high });
    let both = |i: SobolIndices| (share(i.first), share(i.total));
    let factors: Vec<Value> = found
        .factors
        .iter()
        .map(|f| {
            let evidence = f.background.evidence.iter();
            let evidence: Vec<Value> =
                evidence.map(|(id, citation)| json!({ "id": id, "citation": citation })).collect();
            json!({
                "name": f.name,
                "label": f.label,
                "unit": f.unit,
                "kind": kind(f),
                "distribution": f.written,
                "standing": f.standing(),
                "status": f.background.status.map(|s| s.word()),
                "evidence": evidence,
            })
        })
        .collect();
    let outcomes: Vec<Value> = found
        .outcomes
        .iter()
        .map(|o| {
            let shares = found.factors.iter().zip(o.shares.iter().flatten());
            let shares: Vec<Value> = shares
                .map(|(f, s)| {
                    let (first, total) = both(s.indices);
                    let (low, high) = (number(s.tails.0), number(s.tails.1));
                    json!({ "factor": f.name, "first": first, "total": total, "mean_low": low, "mean_high": high })
                })
                .collect();
            json!({
                "kind": o.kind,
                "endpoint": o.endpoint,
                "label": o.label,
                "unit": o.unit,
                "arm": o.arm,
                "against": o.against,
                "scale": if o.log { "log10" } else { "linear" },
                "mean": number(o.mean),
                "sd": number(o.sd),
                "varies": o.shares.is_some(),
                "shares": shares,
            })
        })
        .collect();
    let decisive: Vec<Value> = found
        .decisive()
        .into_iter()
        .map(|(f, o, i)| {
            json!({ "factor": f.name, "kind": kind(f), "standing": f.standing(), "outcome": o.label, "total": share(i.total) })
        })
        .collect();
    json!({
        "schema": "hepatica.sensitivity/1",
        "target": found.target,
        "model": found.model,
        "seed": found.seed,
        "rows": found.rows,
        "simulations": found.simulations,
        "failed": found.failed,
        "first_failure": found.failure,
        "interval_level": 0.95,
        "factors": factors,
        "outcomes": outcomes,
        "decisive_above": DECISIVE,
        "decisive": decisive,
        "note": NOT_A_DEVICE,
    })
}

/// The report as one HTML file.
pub(crate) fn render(found: &Found) -> String {
    let lead = format!(
        "{}: {} values varied together in {} simulations",
        found.title,
        found.factors.len(),
        found.simulations
    );
    let mut blocks = Blocks::new().callout(Callout::Warning, MEANING).paragraph(verdict(found));
    if found.failed > 0 {
        let why = found.failure.clone().unwrap_or_default();
        let message = format!(
            "{} simulations failed and are left out with what needs them; the first: {why}",
            found.failed
        );
        blocks = blocks.callout(Callout::Warning, message);
    }
    blocks = blocks.table(decisive_table(found).caption(
        "Decisive values with their largest total share: the variance that would be left if all others were known; 95 % bootstrap intervals",
    ));
    let mut page = Page::new(format!("What decides {}", found.target)).lead(lead);
    page = page.section("Answer", blocks);
    let mut drawn = Blocks::new();
    for outcome in &found.outcomes {
        drawn = match outcome.shares {
            None => drawn.paragraph(format!("{}: does not vary.", outcome.label)),
            Some(_) => {
                let all = outcome_table(found, outcome, found.factors.len(), false);
                let all = Blocks::new().table(all);
                drawn.figure(tornado(found, outcome)).fold(format!("All values: {}", outcome.label), all)
            }
        };
    }
    page = page.section("Outcome by outcome", drawn);
    page.footer("Hepatica. For research and teaching only; not a medical device. Predictions must not guide the care of a patient.")
        .html()
}

/// The total shares of an outcome, the largest first, in the colour of the standing.
pub(crate) fn tornado(found: &Found, outcome: &Outcome) -> Figure {
    let ranked: Vec<_> =
        found.ranked(outcome).into_iter().take(BARS).filter(|(_, s)| s.indices.total.value > 0.0).collect();
    let arrow = |(low, high): (f64, f64)| match low.partial_cmp(&high) {
        Some(std::cmp::Ordering::Less) => " +",
        Some(std::cmp::Ordering::Greater) => " \u{2212}",
        _ => "",
    };
    let names = ranked.iter().map(|(f, s)| format!("{}{}", f.label, arrow(s.tails)));
    let mut bars =
        Bars::new(Axis::linear("Total share of the variance").from(0.0), names).horizontal().one_place();
    // The order of the legend, from the firmest to the weakest.
    for (standing, name) in [
        ("published", "published"),
        ("calibrated", "calibrated"),
        ("study", "given by the study"),
        ("predicted", "predicted"),
        ("hypothesis", "hypothesis"),
        ("assumed", "assumed"),
        ("not stated", "not stated"),
    ] {
        let of = |(factor, shares): &(&Factor, &crate::sensitivity::Shares)| {
            let Share { value, interval } = shares.indices.total;
            match factor.standing() == standing {
                true => Estimate::new(value, interval.low, interval.high),
                false => Estimate::from(f64::NAN),
            }
        };
        if ranked.iter().any(|(factor, _)| factor.standing() == standing) {
            bars = bars.group(name, ranked.iter().map(of));
        }
    }
    Figure::new(outcome.label.clone())
        .subtitle(summary(outcome))
        .caption("The larger the bar, the more of the spread of this outcome would be left if everything else were known. + and \u{2212}: the outcome rises or falls with the value. Whiskers: 95 % bootstrap intervals. Colours: what stands behind the spread or range.")
        .panel(bars)
}
