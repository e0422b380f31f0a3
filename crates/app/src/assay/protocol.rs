//! `hepatica assay protocol`: a sheet to work by.

use std::path::PathBuf;

use hepatica_assay::protocol::{self as sheets, MAX_SAMPLES, Protocol, Reagent, Size, Which};
use hepatica_report::number::{short, significant};
use hepatica_report::{Blocks, Cell, Column, Figure, Page, Table, Timeline, Track};
use hepatica_source::nearest;
use serde_json::{Value, json};

use super::bench::{BenchRequest, Published, filled, page, publish};
use crate::answer::{Answer, NOT_A_DEVICE};
use crate::chem::layout::{facts, paragraph, table};
use crate::evidence::ids_of;
use crate::refuse::Error;
use crate::world::World;

/// Which sheet.
#[derive(Clone, Debug)]
pub struct ProtocolRequest {
    /// Its name, such as `gsh-hplc`.
    pub name: String,
    /// Samples, or animals.
    pub samples: u32,
    /// Decides random orders.
    pub seed: u64,
    /// Folder for the sheet as a page with its workflow; none is written without it.
    pub out: Option<PathBuf>,
    /// Replace a sheet that is already there.
    pub overwrite: bool,
}

/// Makes a sheet.
///
/// # Errors
/// An unknown name; a number of samples that is zero or too large; a folder that already holds a sheet.
pub fn protocol(world: &dyn World, request: &ProtocolRequest) -> Result<Answer, Error> {
    let which = named(&request.name)?;
    let size = Size { samples: request.samples, seed: request.seed };
    let sheet = sheets::protocol(which, size).ok_or_else(|| {
        let n = request.samples;
        Error::Argument(format!("--samples {n}: a sheet is made for 1 to {MAX_SAMPLES} {}", which.samples()))
    })?;
    let published = Published {
        answer: Answer { text: text(&sheet), json: to_json(&sheet) },
        page: sheet_page(&sheet),
        figures: vec![("workflow".into(), workflow(&sheet))],
        tables: vec![("layout".into(), layout_table(&sheet))],
    };
    let to = BenchRequest { run: PathBuf::new(), out: request.out.clone(), overwrite: request.overwrite };
    publish(world, &to, published)
}

/// The steps one below the other, from the left to the right in time; a step without a time is a mark.
fn workflow(sheet: &Protocol) -> Figure {
    let mut timeline = Timeline::new("Time stated by the protocol");
    let mut at_h = 0.0;
    for (k, step) in sheet.steps.iter().enumerate() {
        let kind = if step.of_source { "step of the source" } else { "added here" };
        let track = Track::new(format!("{} {}", k + 1, step.short));
        timeline = timeline.track(match step.minutes {
            Some(minutes) => {
                let end = at_h + minutes / 60.0;
                let celsius = step.celsius.map_or(String::new(), |c| format!(", {} °C", short(c, 3)));
                let track = track.span(kind, at_h, end, format!("{}{celsius}", time_words(minutes)));
                at_h = end;
                track
            }
            None => track.moment(kind, at_h, ""),
        });
    }
    Figure::new(format!("{}: the way of a sample", sheet.title))
        .caption("Bars are as long as the step takes; marks are steps whose time is not stated.")
        .panel(timeline)
}

fn reagent_columns() -> Vec<Column> {
    ["Solution", "Each", "Times", "Total", "Weigh"].map(Column::text).into()
}

fn layout_table(sheet: &Protocol) -> Table {
    let columns = vec![Column::value("Plate or block"), Column::text("Place"), Column::text("Content")];
    let row = |p: &sheets::Place| {
        vec![Cell::Number(f64::from(p.plate)), Cell::Text(p.well.clone()), Cell::Text(p.content.clone())]
    };
    filled(columns, sheet.layout.iter().map(row).collect())
}

fn sheet_page(sheet: &Protocol) -> Page {
    let step = |s: &sheets::Step| {
        let mark = if s.of_source { "" } else { "Added: " };
        format!("{mark}{}: {}", s.short, step_text(s))
    };
    let controls = sheet
        .controls
        .iter()
        .map(|c| vec![c.name.into(), Cell::Number(f64::from(c.count)), c.shows.into(), c.source.into()]);
    let control_columns =
        vec![Column::text("Control"), Column::value("Number"), Column::text("Shows"), Column::text("Source")];
    let gaps = sheet.gaps.iter().map(|g| (g.code.to_string(), format!("{} {}", g.what, g.mend)));
    let make_up = sheet.reagents.iter().map(|r| (r.name.to_string(), r.make_up.clone()));
    let title = format!("{}, {} {}", sheet.title, sheet.size.samples, sheet.which.samples());
    page(&title, &[])
        .section(
            "To make up",
            Blocks::new()
                .table(filled(reagent_columns(), sheet.reagents.iter().map(reagent_row).collect()))
                .definitions(make_up),
        )
        .section(
            "Steps",
            Blocks::new().figure(workflow(sheet)).list(sheet.steps.iter().map(step).collect::<Vec<_>>()),
        )
        .section("Beside the samples", Blocks::new().table(filled(control_columns, controls.collect())))
        .section("Layout", Blocks::new().table(layout_table(sheet)))
        .section("What the protocol of the source leaves out", Blocks::new().definitions(gaps))
        .section("To know", Blocks::new().list(sheet.notes.clone()))
}

fn named(name: &str) -> Result<Which, Error> {
    let names = Which::ALL.map(Which::name);
    Which::ALL.into_iter().find(|which| which.name() == name).ok_or_else(|| {
        let hint = nearest(name, names).map_or(String::new(), |near| format!("; did you mean `{near}`?"));
        Error::Argument(format!("there is no protocol `{name}`: {}{hint}", names.join(", ")))
    })
}

fn text(sheet: &Protocol) -> String {
    let mut out = format!("{}, {} {}\n", sheet.title, sheet.size.samples, sheet.which.samples());
    out.push_str("\nTo make up (10 % more than needed)\n");
    out.push_str(&table(reagent_columns(), sheet.reagents.iter().map(reagent_row).collect()));
    out.push_str(&facts(&sheet.reagents.iter().map(|r| (r.name, r.make_up.clone())).collect::<Vec<_>>()));
    out.push_str("\nSteps (+ marks what the source does not have)\n");
    for (k, step) in sheet.steps.iter().enumerate() {
        let mark = if step.of_source { ' ' } else { '+' };
        let name = format!("{mark}{:>2} {}", k + 1, step.short);
        out.push_str(&facts(&[(name.as_str(), step_text(step))]));
    }
    out.push_str("\nBeside the samples\n");
    out.push_str(&table(
        vec![Column::text("Control"), Column::value("Number"), Column::text("Shows"), Column::text("Source")],
        sheet
            .controls
            .iter()
            .map(|c| vec![c.name.into(), Cell::Number(f64::from(c.count)), c.shows.into(), c.source.into()])
            .collect(),
    ));
    out.push_str("\nLayout\n");
    let runs: Vec<(String, String)> = runs(sheet);
    out.push_str(&facts(&runs.iter().map(|(at, what)| (at.as_str(), what.clone())).collect::<Vec<_>>()));
    out.push_str("\nWhat the protocol of the source leaves out\n");
    for gap in &sheet.gaps {
        out.push_str(&facts(&[(gap.code, format!("{} {}", gap.what, gap.mend))]));
    }
    out.push('\n');
    for note in &sheet.notes {
        out.push_str(&paragraph(note));
    }
    out.push_str(NOT_A_DEVICE);
    out.push('\n');
    out
}

fn reagent_row(reagent: &Reagent) -> Vec<Cell> {
    let weigh = reagent.weigh.map_or(Cell::Missing, |(_, mg)| {
        let shown = if mg >= 1000.0 {
            format!("{} g", significant(mg / 1000.0, 3))
        } else {
            format!("{} mg", significant(mg, 3))
        };
        Cell::Text(shown)
    });
    vec![
        reagent.name.into(),
        Cell::Text(volume(reagent.each_ul)),
        Cell::Text(reagent.units.to_string()),
        Cell::Text(volume(1000.0 * reagent.total_ml())),
        weigh,
    ]
}

/// A volume in the unit people read it in.
fn volume(ul: f64) -> String {
    match ul {
        ul if ul >= 1e6 => format!("{} L", short(ul / 1e6, 3)),
        ul if ul >= 1000.0 => format!("{} mL", short(ul / 1000.0, 3)),
        ul => format!("{} uL", short(ul, 3)),
    }
}

/// Minutes as people read them, days from two on.
fn time_words(minutes: f64) -> String {
    match minutes {
        m if m >= 2880.0 => format!("{} d", short(m / 1440.0, 3)),
        m => format!("{} min", short(m, 3)),
    }
}

fn step_text(step: &sheets::Step) -> String {
    let minutes = step.minutes.map(time_words);
    let celsius = step.celsius.map(|c| format!("{} °C", short(c, 3)));
    let at: Vec<String> = minutes.into_iter().chain(celsius).collect();
    if at.is_empty() { step.text.clone() } else { format!("{} [{}]", step.text, at.join(", ")) }
}

/// Places of equal content that follow each other, as one line: `1:A1-A3`.
fn runs(sheet: &Protocol) -> Vec<(String, String)> {
    let mut out: Vec<(String, String, u32, String)> = Vec::new();
    for place in &sheet.layout {
        match out.last_mut() {
            Some((_, last, plate, content)) if *plate == place.plate && *content == place.content => {
                last.clone_from(&place.well);
            }
            _ => out.push((place.well.clone(), place.well.clone(), place.plate, place.content.clone())),
        }
    }
    let name = |(first, last, plate, content): (String, String, u32, String)| {
        let wells = if first == last { first } else { format!("{first}-{last}") };
        (format!("{plate}:{wells}"), content)
    };
    out.into_iter().map(name).collect()
}

fn to_json(sheet: &Protocol) -> Value {
    let reagents = sheet.reagents.iter().map(|r| {
        json!({
            "name": r.name, "make_up": r.make_up, "each_ul": r.each_ul, "units": r.units, "total_ml": r.total_ml(),
            "weigh": r.weigh.map(|(what, mg)| json!({ "what": what, "mg": mg })),
        })
    });
    let steps = sheet.steps.iter().enumerate().map(|(k, s)| {
        json!({
            "number": k + 1, "name": s.short, "text": s.text, "minutes": s.minutes, "celsius": s.celsius,
            "of_source": s.of_source,
        })
    });
    let controls = sheet
        .controls
        .iter()
        .map(|c| json!({ "name": c.name, "count": c.count, "shows": c.shows, "source": c.source, "evidence": ids_of(c.source) }));
    let layout = sheet
        .layout
        .iter()
        .map(|p| json!({ "plate": p.plate, "place": p.well, "content": p.content, "sample": p.sample }));
    let gaps = sheet.gaps.iter().map(|g| json!({ "code": g.code, "what": g.what, "mend": g.mend }));
    json!({
        "schema": "hepatica.assay.protocol/1",
        "notice": NOT_A_DEVICE,
        "protocol": sheet.which.name(),
        "title": sheet.title,
        "samples": sheet.size.samples,
        "seed": sheet.size.seed,
        "excess": sheets::EXCESS,
        "reagents": reagents.collect::<Vec<_>>(),
        "steps": steps.collect::<Vec<_>>(),
        "controls": controls.collect::<Vec<_>>(),
        "layout": layout.collect::<Vec<_>>(),
        "gaps": gaps.collect::<Vec<_>>(),
        "notes": sheet.notes,
    })
}
