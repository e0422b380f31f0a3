//! Run file and sequence.

use hepatica_source::csv::Cell;
use hepatica_source::sheet::{self, Sheet};
use hepatica_source::table::{self, Problems, Table};
use hepatica_source::{Diagnostic, FileId, SourceMap, Spanned, has_errors};

use super::{Claim, Endogenous, Injection, Method, Role, Run};
use crate::dilution;
use crate::input::{self, Column};

/// Reads a run file.
pub fn read_run(map: &SourceMap, file: FileId) -> (Option<Run>, Vec<Diagnostic>) {
    let mut problems = Problems::default();
    let mut top = table::parse(map, file, &mut problems);
    if top.get("assay").is_none() {
        top.missing("assay", &mut problems);
    }
    input::word(&mut top, "assay", &[("gsh", ())], &mut problems);
    let title = top.text("title", &mut problems).map_or_else(String::new, |t| t.value);
    let sequence = top.required_text("sequence", &mut problems);
    let chromatograms = top.text("chromatograms", &mut problems);
    let ways = [
        ("surrogate-matrix", Endogenous::SurrogateMatrix),
        ("standard-addition", Endogenous::StandardAddition),
        ("background-subtraction", Endogenous::BackgroundSubtraction),
    ];
    let endogenous = input::word(&mut top, "endogenous", &ways, &mut problems);
    if top.get("endogenous").is_none() {
        top.missing("endogenous", &mut problems);
    }
    let mut section = |key: &str, needed: bool| {
        if needed && top.get(key).is_none() {
            top.missing(key, &mut problems);
        }
        top.table(key, &mut problems)
    };
    let needs_peaks = chromatograms.is_some();
    let (peak, internal) = (section("peak", needs_peaks), section("internal_standard", false));
    let (dilution, method) = (section("dilution", true), section("method", true));
    top.finish(&mut problems);
    let place = method.as_ref().map(|t| t.span);
    let (mut ceiling, mut retention) = (None, None);
    if let Some(mut peak) = peak {
        ceiling = peak.number("largest_signal", &mut problems).map(|c| c.value);
        retention = elution(peak, &mut problems);
    }
    let internal = internal.and_then(|table| elution(table, &mut problems));
    let dilution = dilution.and_then(|table| dilution::read(table, &mut problems));
    let method = method.and_then(|table| read_method(table, &mut problems));
    if !needs_peaks {
        retention = Some((0.0, 0.0));
    }
    let diagnostics = problems.diagnostics;
    let whole = (|| {
        Some(Run {
            title,
            sequence: sequence?,
            chromatograms,
            retention: retention?,
            internal,
            ceiling,
            dilution: dilution?,
            endogenous: endogenous?,
            method: method?,
            place: place?,
        })
    })();
    (whole.filter(|_| !has_errors(&diagnostics)), diagnostics)
}

fn elution(mut table: Table, problems: &mut Problems) -> Option<(f64, f64)> {
    let at = input::required(&mut table, "retention", "min", problems);
    let window = input::required(&mut table, "window", "min", problems);
    table.finish(problems);
    Some((at?, window?))
}

fn read_method(mut table: Table, problems: &mut Problems) -> Option<Method> {
    let mut text = |key: &str| table.text(key, problems).map_or_else(String::new, |t| t.value);
    let (matrix, reducing_agent, reagent) = (text("matrix"), text("reducing_agent"), text("reagent"));
    let claim =
        input::word(&mut table, "claim", &[("reduced", Claim::Reduced), ("total", Claim::Total)], problems);
    if table.get("claim").is_none() {
        table.missing("claim", problems);
    }
    let excitation = input::positive(&mut table, "excitation", "nm", problems);
    let emission = input::positive(&mut table, "emission", "nm", problems);
    let ph = table.number("ph", problems).map(|ph| ph.value);
    let stabilised = table.boolean("stabilised", problems).map(|b| b.value);
    table.finish(problems);
    let wavelengths = excitation.zip(emission);
    Some(Method { matrix, claim: claim?, reducing_agent, reagent, wavelengths, ph, stabilised })
}

struct Columns {
    nominal: Option<Column>,
    dilution: Option<Column>,
    area: Option<Column>,
}

/// Reads the sequence: `injection`, `role`, `group`, `nominal (umol/L)`, and optionally `dilution`, `haemolysed`
/// (`yes` or `no`), `area`, `note`.
pub fn read_sequence(map: &SourceMap, file: FileId, run: &Run) -> (Vec<Injection>, Vec<Diagnostic>) {
    let mut problems = Problems::default();
    let sheet = sheet::read(map, file, &mut problems);
    let known = ["injection", "role", "group", "nominal", "dilution", "haemolysed", "area", "note"];
    sheet.only(&known, &mut problems);
    let columns = Columns {
        nominal: input::column(&sheet, ("nominal", "umol/L"), true, &mut problems),
        dilution: input::column(&sheet, ("dilution", ""), false, &mut problems),
        area: input::column(&sheet, ("area", ""), run.chromatograms.is_none(), &mut problems),
    };
    for name in ["injection", "role", "group"] {
        sheet.require(name, &mut problems);
    }
    if has_errors(&problems.diagnostics) {
        return (Vec::new(), problems.diagnostics);
    }
    let mut injections = Vec::new();
    for row in &sheet.rows {
        injections.extend(read_injection(&sheet, row, &columns, &mut problems));
    }
    input::unique(injections.iter().map(|i: &Injection| &i.name), "the injection", &mut problems);
    (injections, problems.diagnostics)
}

fn read_injection(
    sheet: &Sheet<'_>,
    row: &[Cell<'_>],
    columns: &Columns,
    problems: &mut Problems,
) -> Option<Injection> {
    let name = input::text(sheet, row, "injection");
    let word = input::text(sheet, row, "role");
    let Some((_, role)) = Role::WORDS.iter().find(|(w, _)| *w == word.value) else {
        let words: Vec<&str> = Role::WORDS.iter().map(|(w, _)| *w).collect();
        problems.push(
            Diagnostic::error("gsh/role", format!("there is no role `{}`", word.value))
                .at(word.span, "")
                .hint(format!("one of: {}", words.join(", "))),
        );
        return None;
    };
    let nominal = match role {
        Role::Standard | Role::Qc | Role::Addition | Role::DilutionQc => {
            let column = columns.nominal?;
            let value = column.need(row, problems)?;
            // An addition of nothing is the unspiked sample; a standard or QC of nothing is none.
            let least = if *role == Role::Addition { 0.0 } else { f64::MIN_POSITIVE };
            if value < least {
                let message = format!("the nominal concentration of a {} must be above zero", word.value);
                problems.push(
                    Diagnostic::error("assay/not-positive", message)
                        .at(column.place(row), "")
                        .hint("a sample without addition has the role `zero`"),
                );
                return None;
            }
            Some(value)
        }
        _ => None,
    };
    let dilution = columns.dilution.and_then(|c| Some((c, c.read(row, problems)?)));
    let dilution = match dilution {
        Some((column, value)) if value <= 0.0 => {
            let message = "a dilution must be above zero";
            problems.push(Diagnostic::error("assay/not-positive", message).at(column.place(row), ""));
            return None;
        }
        Some((_, value)) => value,
        None => 1.0,
    };
    let group = input::text(sheet, row, "group");
    let needs_group = matches!(role, Role::Qc | Role::Sample | Role::Addition | Role::DilutionQc);
    if needs_group && group.value.is_empty() {
        let message = format!("injection `{}` has no group", name.value);
        let hint = "the level of a QC (low, medium, high), or the name of the sample";
        problems.push(Diagnostic::error("gsh/no-group", message).at(name.span, "").hint(hint));
        return None;
    }
    Some(Injection {
        role: *role,
        group: group.value,
        nominal,
        dilution,
        haemolysed: haemolysed(input::text(sheet, row, "haemolysed"), problems),
        area: columns.area.and_then(|c| area(c, row, problems)),
        name,
    })
}

fn haemolysed(word: Spanned<String>, problems: &mut Problems) -> bool {
    match word.value.as_str() {
        "yes" => true,
        "" | "no" => false,
        other => {
            let message = format!("`{other}` is neither yes nor no");
            problems.push(Diagnostic::error("gsh/haemolysed", message).at(word.span, ""));
            false
        }
    }
}

/// An area given instead of a chromatogram; an empty cell is a peak that was not found.
fn area(column: Column, row: &[Cell<'_>], problems: &mut Problems) -> Option<f64> {
    let value = column.read(row, problems)?;
    if value < 0.0 {
        let message = "an area cannot be negative";
        problems.push(
            Diagnostic::error("gsh/negative-area", message)
                .at(column.place(row), "")
                .hint("leave the cell empty when there is no peak"),
        );
        return None;
    }
    Some(value)
}
