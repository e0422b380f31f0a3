//! Course files -> courses. The form of the files is described in `docs/src/dosing.md`.

use hepatica_source::table::{Problems, Table, parse};
use hepatica_source::{Diagnostic, FileId, SourceMap, Span, Spanned};

use crate::preparation_read::preparation;
use crate::text::{parse_amount, parse_duration_h, parse_time_h, parse_weight_kg, read_value};
use crate::{Amount, Band, Course, Note, Repeats, Step, StepDose, Variant};

/// The variant of a course that names none.
pub(crate) const ONLY_VARIANT: &str = "standard";
/// The most doses of one step.
const MAX_TIMES: f64 = 10_000.0;

/// Reads a course file. The course is there only when nothing is wrong with it.
pub fn read_course(map: &SourceMap, file: FileId) -> (Option<Course>, Vec<Diagnostic>) {
    let mut problems = Problems::default();
    let mut table = parse(map, file, &mut problems);
    let course = course(&mut table, &mut problems);
    table.finish(&mut problems);
    let course = if problems.diagnostics.is_empty() { course } else { None };
    (course, problems.diagnostics)
}

fn course(table: &mut Table, problems: &mut Problems) -> Option<Course> {
    let id = table.required_text("id", problems);
    let title = table.required_text("title", problems);
    let drug = table.required_text("drug", problems);
    let route = table.required_text("route", problems);
    let sources = texts(table, "sources", problems);
    if let Some(drug) = &drug {
        check_drug(drug, problems);
    }
    let steps = steps(table, problems);
    let default = table.text("default", problems);
    let variants = variants(table, &steps, default.as_ref(), problems);
    Some(Course {
        id: id?.value,
        title: title?.value,
        drug: drug?.value,
        route: route?.value,
        sources,
        variants,
    })
}

fn check_drug(drug: &Spanned<String>, problems: &mut Problems) {
    let Err(unknown) = hepatica_chem::find(&drug.value) else { return };
    let error = Diagnostic::error("dose/unknown-drug", unknown.to_string()).at(drug.span, "not known");
    problems.push(match unknown.nearest {
        Some(near) => error.hint(format!("did you mean `{near}`?")),
        None => error,
    });
}

/// The variants, the default one first. They share the steps of the course unless they have their own.
fn variants(
    table: &mut Table,
    shared: &[Step],
    default: Option<&Spanned<String>>,
    problems: &mut Problems,
) -> Vec<Variant> {
    let mut found = Vec::new();
    if let Some(mut all) = table.table("variant", problems) {
        for (name, value) in all.entries().to_vec() {
            if let Some(table) = value.into_table(&name.value, problems) {
                found.push(variant(name.value, table, shared, problems));
            }
        }
    }
    if found.is_empty() {
        found.push(limits(ONLY_VARIANT.to_string(), table, shared.to_vec(), problems));
    }
    if let Some(empty) = found.iter().find(|v| v.steps.is_empty()) {
        let message = format!("the variant `{}` has no step", empty.name);
        problems.push(
            Diagnostic::error("course/no-step", message)
                .at(first_byte(table.span), "")
                .hint("add a [[step]]"),
        );
    }
    check_increased(&found, table.span, problems);
    put_default_first(&mut found, default, problems);
    found
}

/// The variant that is the increased dose of another must stand in the same file.
fn check_increased(variants: &[Variant], span: Span, problems: &mut Problems) {
    for variant in variants {
        let Some(increased) = &variant.increased else { continue };
        if !variants.iter().any(|v| v.name == *increased) {
            let message = format!(
                "the increased dose of `{}` is the variant `{increased}`, which does not stand here",
                variant.name
            );
            problems.push(Diagnostic::error("course/unknown-variant", message).at(first_byte(span), ""));
        }
    }
}

fn put_default_first(variants: &mut [Variant], default: Option<&Spanned<String>>, problems: &mut Problems) {
    let Some(default) = default else { return };
    match variants.iter().position(|v| v.name == default.value) {
        Some(place) => variants[..=place].rotate_right(1),
        None => {
            let message = format!("the default variant `{}` does not stand here", default.value);
            problems.push(
                Diagnostic::error("course/unknown-variant", message).at(default.span, "no such variant"),
            );
        }
    }
}

fn variant(name: String, mut table: Table, shared: &[Step], problems: &mut Problems) -> Variant {
    let own = steps(&mut table, problems);
    let steps = if own.is_empty() { shared.to_vec() } else { own };
    let variant = limits(name, &mut table, steps, problems);
    if variant.source.is_empty() {
        table.missing("source", problems);
    }
    table.finish(problems);
    variant
}

fn limits(name: String, table: &mut Table, steps: Vec<Step>, problems: &mut Problems) -> Variant {
    let preparation = preparation(table, steps.len(), problems);
    let mut word = |key: &str| table.text(key, problems).map(|t| t.value);
    Variant {
        name,
        source: word("source").unwrap_or_default(),
        regimen: word("regimen"),
        increased: word("increased"),
        applies: word("applies"),
        notes: notes(table, problems),
        weight_cap_kg: read_value(table, "weight_cap", parse_weight_kg, problems),
        min_weight_kg: read_value(table, "min_weight", parse_weight_kg, problems),
        below_weight_kg: read_value(table, "below_weight", parse_weight_kg, problems),
        steps,
        preparation,
    }
}

fn notes(table: &mut Table, problems: &mut Problems) -> Vec<Note> {
    let tables = table.tables("notes", problems);
    let note = |mut table: Table| {
        let says = table.required_text("says", problems);
        let source = table.text("source", problems).map(|t| t.value);
        let unconfirmed = table.boolean("unconfirmed", problems).is_some_and(|b| b.value);
        table.finish(problems);
        Some(Note { says: says?.value, source, unconfirmed })
    };
    tables.into_iter().filter_map(note).collect()
}

fn steps(table: &mut Table, problems: &mut Problems) -> Vec<Step> {
    let tables = table.tables("step", problems);
    let numbered = tables.into_iter().enumerate();
    numbered.filter_map(|(i, table)| step(i + 1, table, problems)).collect()
}

fn step(number: usize, mut table: Table, problems: &mut Problems) -> Option<Step> {
    let name = table.text("name", problems).map_or_else(|| format!("step {number}"), |t| t.value);
    let at_h = read_value(&mut table, "at", parse_time_h, problems);
    if table.get("at").is_none() {
        table.missing("at", problems);
    }
    let otherwise = read_value(&mut table, "dose", parse_amount, problems);
    let bands = bands(&mut table, problems);
    if bands.is_empty() && table.get("dose").is_none() {
        table.missing("dose", problems);
    }
    let over_h = read_value(&mut table, "over", parse_duration_h, problems);
    let repeats = repeats(&mut table, problems);
    table.finish(problems);
    Some(Step { name, at_h: at_h?, dose: StepDose { otherwise, bands }, over_h, repeats })
}

/// `every` and `times`, the number of doses in all; both or none.
fn repeats(table: &mut Table, problems: &mut Problems) -> Option<Repeats> {
    let interval_h = read_value(table, "every", parse_duration_h, problems);
    let times = table.number("times", problems);
    match (table.get("every").is_some(), table.get("times").is_some()) {
        (true, false) => table.missing("times", problems),
        (false, true) => table.missing("every", problems),
        _ => {}
    }
    let times = times?;
    if times.value.fract() != 0.0 || !(1.0..=MAX_TIMES).contains(&times.value) {
        let message = format!("`times` must be a whole number from 1 to {MAX_TIMES}, not {}", times.value);
        problems.push(Diagnostic::error("course/times", message).at(times.span, ""));
        return None;
    }
    Some(Repeats { interval_h: interval_h?, additional: times.value as u32 - 1 })
}

/// The bands of a step, which must follow one another without overlap.
fn bands(table: &mut Table, problems: &mut Problems) -> Vec<Band> {
    let tables = table.tables("bands", problems);
    let read: Vec<(Span, Band)> =
        tables.into_iter().filter_map(|t| Some((t.span, band(t, problems)?))).collect();
    for pair in read.windows(2) {
        let ((_, before), (span, band)) = (&pair[0], &pair[1]);
        if band.from_kg < before.below_kg {
            let message =
                format!("the band from {} kg overlaps the one below {} kg", band.from_kg, before.below_kg);
            problems.push(
                Diagnostic::error("course/bands", message).at(*span, "").hint("list bands by rising weight"),
            );
        }
    }
    read.into_iter().map(|(_, band)| band).collect()
}

fn band(mut table: Table, problems: &mut Problems) -> Option<Band> {
    let span = table.span;
    let from_kg = read_value(&mut table, "from", parse_weight_kg, problems);
    if table.get("from").is_none() {
        table.missing("from", problems);
    }
    let below_kg = match table.get("below").is_some() {
        true => read_value(&mut table, "below", parse_weight_kg, problems),
        false => Some(f64::INFINITY),
    };
    let dose: Option<Amount> = read_value(&mut table, "dose", parse_amount, problems);
    if table.get("dose").is_none() {
        table.missing("dose", problems);
    }
    table.finish(problems);
    let band = Band { from_kg: from_kg?, below_kg: below_kg?, dose: dose? };
    if band.from_kg >= band.below_kg {
        let message = format!("the band from {} kg ends at {} kg", band.from_kg, band.below_kg);
        problems.push(Diagnostic::error("course/bands", message).at(span, ""));
        return None;
    }
    Some(band)
}

/// The texts of a list without their places.
fn texts(table: &mut Table, key: &str, problems: &mut Problems) -> Vec<String> {
    table.texts(key, problems).into_iter().map(|text| text.value).collect()
}

fn first_byte(span: Span) -> Span {
    Span { end: (span.start + 1).min(span.end), ..span }
}
