//! The `[preparation]` of a course file. Its form is described in `docs/src/dosing.md`.

use hepatica_chem::Unreadable;
use hepatica_source::table::{Kind, Problems, Table};
use hepatica_source::{Diagnostic, Span};

use crate::text::{
    parse_flow_ml_per_h, parse_strength_mg_per_ml, parse_volume, parse_volume_ml, parse_weight_kg,
    read_value, required_text,
};
use crate::{BandEnd, Fill, People, Preparation, Volume, VolumeBand};

/// Reads the preparation of a variant with `steps` steps, if it has one.
pub(crate) fn preparation(table: &mut Table, steps: usize, problems: &mut Problems) -> Option<Preparation> {
    let mut table = table.table("preparation", problems)?;
    let before = problems.diagnostics.len();
    let product = table.required_text("product", problems);
    let strength = required(&mut table, "strength", parse_strength_mg_per_ml, problems);
    let container = table.required_text("container", problems);
    let container_ml = required(&mut table, "container_volume", parse_volume_ml, problems);
    let diluents = list(&mut table, "diluents", |text| Ok(text.to_string()), problems);
    let restricted = read_value(&mut table, "fluid_restricted", parse_strength_mg_per_ml, problems);
    let rows = table.tables("band", problems);
    if rows.is_empty() {
        table.missing("band", problems);
    }
    let read: Vec<(Span, VolumeBand)> =
        rows.into_iter().filter_map(|t| Some((t.span, band(t, steps, problems)?))).collect();
    check_order(&read, problems);
    table.finish(problems);
    if problems.diagnostics.len() > before {
        return None;
    }
    Some(Preparation {
        product: product?.value,
        strength_mg_per_ml: strength?,
        container: container?.value,
        container_ml: container_ml?,
        diluents,
        restricted_mg_per_ml: restricted,
        bands: read.into_iter().map(|(_, band)| band).collect(),
    })
}

/// Rows of the same people follow one another by rising weight.
fn check_order(read: &[(Span, VolumeBand)], problems: &mut Problems) {
    for people in [People::Everyone, People::Children] {
        let rows: Vec<&(Span, VolumeBand)> = read.iter().filter(|(_, b)| b.people == people).collect();
        for pair in rows.windows(2) {
            let (before, (span, band)) = (&pair[0].1, pair[1]);
            if band.from_kg < before.end.kg() {
                let message =
                    format!("the row from {} kg overlaps the one to {} kg", band.from_kg, before.end.kg());
                problems.push(
                    Diagnostic::error("course/bands", message)
                        .at(*span, "")
                        .hint("list rows by rising weight"),
                );
            }
        }
    }
}

fn band(mut table: Table, steps: usize, problems: &mut Problems) -> Option<VolumeBand> {
    let span = table.span;
    let before = problems.diagnostics.len();
    let from_kg = required(&mut table, "from", parse_weight_kg, problems);
    let end = end(&mut table, problems);
    let people = people(&mut table, problems);
    let fill = fill(&mut table, problems);
    let concentrate_ml = list(&mut table, "concentrate", parse_volume_ml, problems);
    let rates_ml_per_h = list(&mut table, "rates", parse_flow_ml_per_h, problems);
    let source = table.text("source", problems).map(|t| t.value);
    table.finish(problems);
    let band = VolumeBand {
        from_kg: from_kg?,
        end: end?,
        people,
        fill: fill?,
        concentrate_ml,
        rates_ml_per_h,
        source,
    };
    if band.end.kg() < band.from_kg {
        let message = format!("the row from {} kg ends at {} kg", band.from_kg, band.end.kg());
        problems.push(Diagnostic::error("course/bands", message).at(span, ""));
        return None;
    }
    if problems.diagnostics.len() > before {
        return None;
    }
    let printed = [("concentrate", band.concentrate_ml.len()), ("rates", band.rates_ml_per_h.len())];
    let volumes = band.fill.steps().map(|n| ("the volumes", n));
    let counts = printed.into_iter().filter(|(_, n)| *n > 0).chain(volumes);
    for (what, count) in counts {
        if count != steps {
            let message = format!("{what}: {count} given, and the variant has {steps} step(s)");
            problems.push(Diagnostic::error("course/preparation", message).at(span, "").hint("one per step"));
            return None;
        }
    }
    Some(band)
}

fn end(table: &mut Table, problems: &mut Problems) -> Option<BandEnd> {
    let to = read_value(table, "to", parse_weight_kg, problems);
    let below = read_value(table, "below", parse_weight_kg, problems);
    match (to, below, table.get("to").is_some() || table.get("below").is_some()) {
        (Some(kg), None, _) => Some(BandEnd::UpTo(kg)),
        (None, Some(kg), _) => Some(BandEnd::Below(kg)),
        (None, None, false) => Some(BandEnd::Open),
        (None, None, true) => None,
        (Some(_), Some(_), _) => {
            let message = "a row ends either `to` a weight or `below` one";
            problems.push(Diagnostic::error("course/bands", message).at(table.span, ""));
            None
        }
    }
}

fn people(table: &mut Table, problems: &mut Problems) -> People {
    match table.text("people", problems) {
        None => People::Everyone,
        Some(word) if word.value == "children" => People::Children,
        Some(word) => {
            let message = format!("unknown people `{}`", word.value);
            problems.push(
                Diagnostic::error("course/people", message)
                    .at(word.span, "")
                    .hint("`children`, or nothing for everyone"),
            );
            People::Everyone
        }
    }
}

fn fill(table: &mut Table, problems: &mut Problems) -> Option<Fill> {
    let (diluent, total) =
        (list(table, "diluent", parse_volume, problems), list(table, "total", parse_volume, problems));
    let concentration = read_value(table, "concentration", parse_strength_mg_per_ml, problems);
    let keys = ["diluent", "total", "concentration"];
    let stated = keys.iter().filter(|key| table.get(key).is_some()).count();
    if stated != 1 {
        let message = format!("a row needs one of `diluent`, `total` and `concentration`, and has {stated}");
        problems.push(Diagnostic::error("course/preparation", message).at(table.span, ""));
        return None;
    }
    Some(match concentration {
        Some(mg_per_ml) => Fill::Concentration(mg_per_ml),
        None if table.get("diluent").is_some() => Fill::Diluent(diluent),
        None => Fill::Total(total),
    })
}

/// A list of texts, each read by `parse`; what is wrong is reported and left out.
fn list<T>(
    table: &mut Table,
    key: &str,
    parse: impl Fn(&str) -> Result<T, Unreadable>,
    problems: &mut Problems,
) -> Vec<T> {
    let mut found: Vec<T> = Vec::new();
    for value in table.array(key, problems) {
        match value.kind {
            Kind::Text(text) => match parse(&text) {
                Ok(item) => found.push(item),
                Err(error) => problems.push(error.diagnostic(value.span, text.len())),
            },
            other => {
                let message = format!("`{key}` is a list of texts, not of {}", other.word());
                problems.push(Diagnostic::error("toml/wrong-kind", message).at(value.span, ""));
            }
        }
    }
    found
}

fn required<T>(
    table: &mut Table,
    key: &str,
    parse: impl Fn(&str) -> Result<T, Unreadable>,
    problems: &mut Problems,
) -> Option<T> {
    required_text(table, key, parse, problems).map(|read| read.value)
}

/// The text [`parse_volume`] reads.
pub(crate) fn volume_text(volume: Volume) -> String {
    match volume {
        Volume::Fixed(ml) => format!("{ml} mL"),
        Volume::PerKg { ml_per_kg, max_ml: None } => format!("{ml_per_kg} mL/kg"),
        Volume::PerKg { ml_per_kg, max_ml: Some(max) } => format!("{ml_per_kg} mL/kg max {max} mL"),
    }
}
