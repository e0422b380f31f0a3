//! Run file and table of tubes.

use hepatica_source::sheet;
use hepatica_source::table::{self, Problems, Table};
use hepatica_source::{Diagnostic, FileId, SourceMap, has_errors};

use super::{Role, Run, Tube};
use crate::{dilution, input};

/// Reads a run file.
pub fn read_run(map: &SourceMap, file: FileId) -> (Option<Run>, Vec<Diagnostic>) {
    let mut problems = Problems::default();
    let mut top = table::parse(map, file, &mut problems);
    if top.get("assay").is_none() {
        top.missing("assay", &mut problems);
    }
    input::word(&mut top, "assay", &[("ligase", ())], &mut problems);
    let title = top.text("title", &mut problems).map_or_else(String::new, |t| t.value);
    let tubes = top.required_text("tubes", &mut problems);
    let mut section = |key: &str| -> Option<Table> {
        if top.get(key).is_none() {
            top.missing(key, &mut problems);
        }
        top.table(key, &mut problems)
    };
    let (reaction, dilution) = (section("reaction"), section("dilution"));
    top.finish(&mut problems);
    let dilution = dilution.and_then(|table| dilution::read(table, &mut problems));
    let run = reaction.and_then(|mut table| {
        let reaction_ml = input::required(&mut table, "volume", "mL", &mut problems);
        let sample_ml = input::required(&mut table, "sample_volume", "mL", &mut problems);
        let minutes = input::required(&mut table, "time", "min", &mut problems);
        let cysteine = input::positive(&mut table, "cysteine", "umol/L", &mut problems);
        let ggt_inhibited = table.boolean("ggt_inhibited", &mut problems).map(|b| b.value);
        let synthetase_idle = table.boolean("synthetase_idle", &mut problems).map(|b| b.value);
        let place = table.span;
        table.finish(&mut problems);
        Some(Run {
            title,
            tubes: tubes?,
            reaction_ml: reaction_ml?,
            sample_ml: sample_ml?,
            minutes: minutes?,
            cysteine,
            dilution: dilution?,
            ggt_inhibited,
            synthetase_idle,
            place,
        })
    });
    (run.filter(|_| !has_errors(&problems.diagnostics)), problems.diagnostics)
}

/// Reads the table of tubes: `tube`, `role` (`standard`, `sample`, `blank`, `reagents`), `sample`,
/// `nominal (umol/L)`, `area`, `protein (mg/mL)`, and optionally `gsh (umol/L)` and `note`.
pub fn read_tubes(map: &SourceMap, file: FileId) -> (Vec<Tube>, Vec<Diagnostic>) {
    let mut problems = Problems::default();
    let sheet = sheet::read(map, file, &mut problems);
    sheet.only(&["tube", "role", "sample", "nominal", "area", "gsh", "protein", "note"], &mut problems);
    for name in ["tube", "role", "sample"] {
        sheet.require(name, &mut problems);
    }
    let nominal = input::column(&sheet, ("nominal", "umol/L"), true, &mut problems);
    let area = input::column(&sheet, ("area", ""), true, &mut problems);
    let gsh = input::column(&sheet, ("gsh", "umol/L"), false, &mut problems);
    let protein = input::column(&sheet, ("protein", "mg/mL"), true, &mut problems);
    let (Some(nominal), Some(area), Some(protein)) = (nominal, area, protein) else {
        return (Vec::new(), problems.diagnostics);
    };
    if has_errors(&problems.diagnostics) {
        return (Vec::new(), problems.diagnostics);
    }
    let roles = [
        ("standard", Role::Standard),
        ("sample", Role::Sample),
        ("blank", Role::Blank),
        ("reagents", Role::Reagents),
    ];
    let mut tubes: Vec<Tube> = Vec::new();
    for row in &sheet.rows {
        let name = input::text(&sheet, row, "tube");
        let word = input::text(&sheet, row, "role");
        let sample = input::text(&sheet, row, "sample").value;
        let Some((_, role)) = roles.iter().find(|(w, _)| *w == word.value) else {
            problems.push(
                Diagnostic::error("ligase/role", format!("there is no role `{}`", word.value))
                    .at(word.span, "")
                    .hint("one of: standard, sample, blank, reagents"),
            );
            continue;
        };
        let Some(found) = area.need(row, &mut problems) else { continue };
        let level = if *role == Role::Standard { nominal.need(row, &mut problems) } else { None };
        let mass = if *role == Role::Sample { protein.need(row, &mut problems) } else { None };
        let mut refuse = |wrong: bool, message: String, at| {
            if wrong {
                problems.push(Diagnostic::error("assay/not-positive", message).at(at, ""));
            }
        };
        refuse(found < 0.0, "an area cannot be negative".into(), area.place(row));
        refuse(level.is_some_and(|l| l < 0.0), "a standard cannot be negative".into(), nominal.place(row));
        refuse(mass.is_some_and(|m| m <= 0.0), "protein must be above zero".into(), protein.place(row));
        let nameless = sample.is_empty() && matches!(role, Role::Sample | Role::Blank);
        refuse(nameless, format!("tube `{}` has no sample", name.value), name.span);
        let gsh = gsh.and_then(|column| column.read(row, &mut problems));
        tubes.push(Tube { role: *role, sample, nominal: level, area: found, gsh, protein: mass, name });
    }
    input::unique(tubes.iter().map(|t| &t.name), "the tube", &mut problems);
    (tubes, problems.diagnostics)
}
