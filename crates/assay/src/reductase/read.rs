//! Run file and table of wells.

use hepatica_source::sheet::{self, Sheet};
use hepatica_source::table::{self, Problems};
use hepatica_source::{Diagnostic, FileId, SourceMap, Spanned, has_errors};

use super::{Counted, Path, Reaction, Role, Run, WATER_PER_CM, Well};
use crate::input::{self, Column};

/// The absorbance above which a photometer is not trusted when the run file says nothing: one photon in a thousand is
/// left at 3, of the order of the stray light of common instruments (assumed).
const CEILING: f64 = 3.0;

/// Reads a run file.
pub fn read_run(map: &SourceMap, file: FileId) -> (Option<Run>, Vec<Diagnostic>) {
    let mut problems = Problems::default();
    let mut top = table::parse(map, file, &mut problems);
    let assay = input::word(&mut top, "assay", &[("reductase", ())], &mut problems);
    let title = top.text("title", &mut problems).map_or_else(String::new, |t| t.value);
    let traces = top.required_text("traces", &mut problems);
    let wells = top.required_text("wells", &mut problems);
    let reaction = match top.table("reaction", &mut problems) {
        Some(table) => read_reaction(table, &mut problems),
        None => {
            top.missing("reaction", &mut problems);
            None
        }
    };
    if assay.is_none() && top.get("assay").is_none() {
        top.missing("assay", &mut problems);
    }
    top.finish(&mut problems);
    let diagnostics = problems.diagnostics;
    let run = match (traces, wells, reaction) {
        (Some(traces), Some(wells), Some(reaction)) if !has_errors(&diagnostics) => {
            Some(Run { title, traces, wells, reaction })
        }
        _ => None,
    };
    (run, diagnostics)
}

fn read_reaction(mut table: table::Table, problems: &mut Problems) -> Option<Reaction> {
    let total_ml = input::required(&mut table, "total_volume", "mL", problems);
    let sample_ml = input::required(&mut table, "sample_volume", "mL", problems);
    let path = match table.text("path", &mut Problems::default()) {
        Some(text) if text.value == "a977-a900" => Some(Path::Measured),
        _ => input::required(&mut table, "path", "cm", problems).map(Path::Fixed),
    };
    let counted = input::word(
        &mut table,
        "unit_counts",
        &[("NADPH", Counted::Gssg), ("GSSG", Counted::Gssg), ("GSH", Counted::Gsh)],
        problems,
    );
    if counted.is_none() && table.get("unit_counts").is_none() {
        table.missing("unit_counts", problems);
    }
    let ceiling = table.number("largest_absorbance", problems).map_or(CEILING, |c| c.value);
    if let (Some(total), Some(sample)) = (total_ml, sample_ml)
        && sample > total
    {
        let message = "more sample than there is volume";
        problems.push(Diagnostic::error("reductase/volumes", message).at(table.span, ""));
    }
    table.finish(problems);
    Some(Reaction { total_ml: total_ml?, sample_ml: sample_ml?, path: path?, counted: counted?, ceiling })
}

/// The columns of the table of wells.
struct Columns {
    dilution: Option<Column>,
    protein: Option<Column>,
    a977: Option<Column>,
    a900: Option<Column>,
}

/// Reads the table of wells: `well`, `role` (`sample`, `no-gssg`, `no-enzyme`), `sample`, and optionally `dilution`,
/// `protein (mg/mL)`, `a977`, `a900`.
pub fn read_wells(map: &SourceMap, file: FileId, run: &Run) -> (Vec<Well>, Vec<Diagnostic>) {
    let mut problems = Problems::default();
    let sheet = sheet::read(map, file, &mut problems);
    sheet.only(&["well", "role", "sample", "dilution", "protein", "a977", "a900", "note"], &mut problems);
    let measured = run.reaction.path == Path::Measured;
    let columns = Columns {
        dilution: input::column(&sheet, ("dilution", ""), false, &mut problems),
        protein: input::column(&sheet, ("protein", "mg/mL"), false, &mut problems),
        a977: input::column(&sheet, ("a977", ""), measured, &mut problems),
        a900: input::column(&sheet, ("a900", ""), measured, &mut problems),
    };
    for name in ["well", "role", "sample"] {
        sheet.require(name, &mut problems);
    }
    if has_errors(&problems.diagnostics) {
        return (Vec::new(), problems.diagnostics);
    }
    let rows = 0..sheet.rows.len();
    let wells: Vec<Well> =
        rows.filter_map(|row| read_well(&sheet, row, &columns, (run, &mut problems))).collect();
    input::unique(wells.iter().map(|w| &w.name), "the well", &mut problems);
    (wells, problems.diagnostics)
}

fn read_well(
    sheet: &Sheet<'_>,
    row: usize,
    columns: &Columns,
    (run, problems): (&Run, &mut Problems),
) -> Option<Well> {
    let cells = &sheet.rows[row];
    let name = input::text(sheet, cells, "well");
    let sample = input::text(sheet, cells, "sample");
    let role = input::text(sheet, cells, "role");
    let role = match role.value.as_str() {
        "sample" => Role::Sample,
        "no-gssg" => Role::NoGssg,
        "no-enzyme" => Role::NoEnzyme,
        other => {
            problems.push(
                Diagnostic::error("reductase/role", format!("there is no role `{other}`"))
                    .at(role.span, "")
                    .hint("one of: sample, no-gssg, no-enzyme"),
            );
            return None;
        }
    };
    if role != Role::NoEnzyme && sample.value.is_empty() {
        let message = format!("well `{}` has no sample", name.value);
        problems.push(Diagnostic::error("reductase/no-sample", message).at(sample.span, ""));
        return None;
    }
    let mut above_zero = |column: Option<Column>, what: &str| {
        let column = column?;
        let value = column.read(cells, problems)?;
        if value > 0.0 {
            return Some(value);
        }
        let message = format!("{what} must be above zero");
        problems.push(Diagnostic::error("assay/not-positive", message).at(column.place(cells), ""));
        None
    };
    let dilution = above_zero(columns.dilution, "the dilution").unwrap_or(1.0);
    let protein = above_zero(columns.protein, "protein");
    let path_cm = match run.reaction.path {
        Path::Fixed(cm) => cm,
        Path::Measured => measured_path(cells, columns, &name, problems)?,
    };
    Some(Well { name, role, sample: sample.value, dilution, protein, path_cm })
}

fn measured_path(
    cells: &[hepatica_source::csv::Cell<'_>],
    columns: &Columns,
    name: &Spanned<String>,
    problems: &mut Problems,
) -> Option<f64> {
    let a977 = columns.a977?.need(cells, problems)?;
    let a900 = columns.a900?.need(cells, problems)?;
    let cm = (a977 - a900) / WATER_PER_CM;
    if cm > 0.0 {
        return Some(cm);
    }
    let message = format!("A977 of well `{}` is not above its A900, so that it has no path", name.value);
    problems.push(
        Diagnostic::error("reductase/path", message)
            .at(columns.a977?.place(cells), "")
            .hint("check that the two columns are not swapped"),
    );
    None
}
