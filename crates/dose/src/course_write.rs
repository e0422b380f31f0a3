//! Courses -> course files. What is written is read back as the same course.

use std::fmt::Write;

use crate::course_read::ONLY_VARIANT;
use crate::preparation_read::volume_text;
use crate::{Band, BandEnd, Course, Fill, Note, People, Preparation, Step, Variant, Volume, VolumeBand};

/// The text of a course file that [`read_course`](crate::read_course) reads back as `course`.
pub fn write_course(course: &Course) -> String {
    let mut text = String::from("# The form of this file is described in docs/src/dosing.md.\n");
    for (key, value) in
        [("id", &course.id), ("title", &course.title), ("drug", &course.drug), ("route", &course.route)]
    {
        put(&mut text, key, &quoted(value));
    }
    let only = course.variants.len() == 1 && course.variants.iter().all(|v| v.name == ONLY_VARIANT);
    if let (false, Some(first)) = (only, course.variants.first()) {
        put(&mut text, "default", &quoted(&first.name));
    }
    put(&mut text, "sources", &list(course.sources.iter().map(|s| quoted(s))));
    for variant in &course.variants {
        let path = if only { String::new() } else { format!("variant.{}", key(&variant.name)) };
        if !only {
            let _ = write!(text, "\n[{path}]\n");
        }
        write_variant(&mut text, variant, &path);
    }
    text
}

fn write_variant(text: &mut String, variant: &Variant, path: &str) {
    let own = |name: &str| if path.is_empty() { name.to_string() } else { format!("{path}.{name}") };
    let weight = |kg: Option<f64>| kg.map(|kg| format!("\"{kg} kg\""));
    let optional = |word: &Option<String>| word.as_ref().map(|w| quoted(w));
    put(text, "source", &quoted(&variant.source));
    for (key, value) in [
        ("regimen", optional(&variant.regimen)),
        ("increased", optional(&variant.increased)),
        ("applies", optional(&variant.applies)),
        ("weight_cap", weight(variant.weight_cap_kg)),
        ("min_weight", weight(variant.min_weight_kg)),
        ("below_weight", weight(variant.below_weight_kg)),
    ] {
        value.iter().for_each(|value| put(text, key, value));
    }
    if !variant.notes.is_empty() {
        put(text, "notes", &list(variant.notes.iter().map(note)));
    }
    for step in &variant.steps {
        let _ = write!(text, "\n[[{}]]\n", own("step"));
        write_step(text, step);
    }
    if let Some(preparation) = &variant.preparation {
        let path = own("preparation");
        let _ = write!(text, "\n[{path}]\n");
        write_preparation(text, preparation, &path);
    }
}

fn note(note: &Note) -> String {
    let source = note.source.as_ref().map_or(String::new(), |s| format!(", source = {}", quoted(s)));
    let unconfirmed = if note.unconfirmed { ", unconfirmed = true" } else { "" };
    format!("{{ says = {}{source}{unconfirmed} }}", quoted(&note.says))
}

fn write_step(text: &mut String, step: &Step) {
    put(text, "name", &quoted(&step.name));
    put(text, "at", &format!("\"{} h\"", step.at_h));
    if let Some(amount) = &step.dose.otherwise {
        put(text, "dose", &quoted(&amount.to_string()));
    }
    if let Some(over_h) = step.over_h {
        put(text, "over", &format!("\"{over_h} h\""));
    }
    if let Some(repeats) = step.repeats {
        put(text, "every", &format!("\"{} h\"", repeats.interval_h));
        put(text, "times", &(repeats.additional + 1).to_string());
    }
    if !step.dose.bands.is_empty() {
        put(text, "bands", &list(step.dose.bands.iter().map(band)));
    }
}

fn band(band: &Band) -> String {
    let below =
        if band.below_kg.is_finite() { format!("below = \"{} kg\", ", band.below_kg) } else { String::new() };
    format!("{{ from = \"{} kg\", {below}dose = {} }}", band.from_kg, quoted(&band.dose.to_string()))
}

fn write_preparation(text: &mut String, preparation: &Preparation, path: &str) {
    put(text, "product", &quoted(&preparation.product));
    put(text, "strength", &format!("\"{} mg/mL\"", preparation.strength_mg_per_ml));
    put(text, "container", &quoted(&preparation.container));
    put(text, "container_volume", &format!("\"{} mL\"", preparation.container_ml));
    put(text, "diluents", &list(preparation.diluents.iter().map(|d| quoted(d))));
    if let Some(mg_per_ml) = preparation.restricted_mg_per_ml {
        put(text, "fluid_restricted", &format!("\"{mg_per_ml} mg/mL\""));
    }
    for row in &preparation.bands {
        let _ = write!(text, "\n[[{path}.band]]\n");
        write_row(text, row);
    }
}

fn write_row(text: &mut String, row: &VolumeBand) {
    put(text, "from", &format!("\"{} kg\"", row.from_kg));
    match row.end {
        BandEnd::UpTo(kg) => put(text, "to", &format!("\"{kg} kg\"")),
        BandEnd::Below(kg) => put(text, "below", &format!("\"{kg} kg\"")),
        BandEnd::Open => {}
    }
    if row.people == People::Children {
        put(text, "people", "\"children\"");
    }
    let volumes = |v: &[Volume]| list(v.iter().map(|v| quoted(&volume_text(*v))));
    match &row.fill {
        Fill::Diluent(v) => put(text, "diluent", &volumes(v)),
        Fill::Total(v) => put(text, "total", &volumes(v)),
        Fill::Concentration(mg_per_ml) => put(text, "concentration", &format!("\"{mg_per_ml} mg/mL\"")),
    }
    if !row.concentrate_ml.is_empty() {
        put(text, "concentrate", &list(row.concentrate_ml.iter().map(|ml| format!("\"{ml} mL\""))));
    }
    if !row.rates_ml_per_h.is_empty() {
        put(text, "rates", &list(row.rates_ml_per_h.iter().map(|r| format!("\"{r} mL/h\""))));
    }
    if let Some(source) = &row.source {
        put(text, "source", &quoted(source));
    }
}

fn put(text: &mut String, key: &str, value: &str) {
    let _ = writeln!(text, "{key} = {value}");
}

fn list(items: impl Iterator<Item = String>) -> String {
    format!("[{}]", items.collect::<Vec<_>>().join(", "))
}

fn key(name: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if !name.is_empty() && name.chars().all(bare) { name.to_string() } else { quoted(name) }
}

/// A TOML basic string.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
