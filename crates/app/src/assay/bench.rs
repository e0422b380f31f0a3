//! What the analyses of the bench share: opening run files and tables, and writing what came out.

use std::path::{Path, PathBuf};

use hepatica_assay::check::Check;
use hepatica_assay::spread::Uncertain;
use hepatica_report::number::{interval, short, significant};
use hepatica_report::{
    Axis, Bars, Blocks, Callout, Cell, Column, Estimate, Figure, Labels, Narrow, Page, Table,
};
use hepatica_source::{Diagnostic, FileId, SourceMap, Spanned, has_errors, render_short};
use serde_json::{Value, json};

use crate::answer::{Answer, NOT_A_DEVICE};
use crate::evidence::ids_of;
use crate::figures::WIDTH;
use crate::refuse::{Error, diagnostic_json};
use crate::world::{World, read_text};

/// An analysis to do: a run file, and where its report goes.
#[derive(Clone, Debug, Default)]
pub struct BenchRequest {
    /// The run file.
    pub run: PathBuf,
    /// Folder for the report, the figures and the tables; none are written without it.
    pub out: Option<PathBuf>,
    /// Replace a report that is already there.
    pub overwrite: bool,
}

/// The texts of an analysis.
pub(crate) struct Bench<'w> {
    pub(crate) world: &'w dyn World,
    pub(crate) run: PathBuf,
    pub(crate) map: SourceMap,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

impl<'w> Bench<'w> {
    pub(crate) fn open(world: &'w dyn World, run: &Path) -> Result<(Bench<'w>, FileId), Error> {
        let mut map = SourceMap::new();
        let file = map.add(run.display().to_string(), read_text(world, run)?);
        Ok((Bench { world, run: run.to_path_buf(), map, diagnostics: Vec::new() }, file))
    }

    /// Opens a file that the run file names, relative to it.
    pub(crate) fn beside(&mut self, name: &Spanned<String>) -> Result<FileId, Error> {
        let folder = self.run.parent().unwrap_or(Path::new(""));
        let path = folder.join(&name.value);
        match read_text(self.world, &path) {
            Ok(text) => Ok(self.map.add(path.display().to_string(), text)),
            Err(Error::Io { error, .. }) => {
                let message = format!("cannot read {}: {error}", path.display());
                self.diagnostics.push(
                    Diagnostic::error("assay/file", message)
                        .at(name.span, "named here")
                        .hint("the name is relative to the run file"),
                );
                Err(self.refusal())
            }
            Err(other) => Err(other),
        }
    }

    /// Takes what was found wrong; errors end the analysis.
    pub(crate) fn take<T>(&mut self, (value, found): (T, Vec<Diagnostic>)) -> Result<T, Error> {
        self.diagnostics.extend(found);
        if has_errors(&self.diagnostics) { Err(self.refusal()) } else { Ok(value) }
    }

    /// The same for what cannot be missing without an error.
    pub(crate) fn need<T>(&mut self, (value, found): (Option<T>, Vec<Diagnostic>)) -> Result<T, Error> {
        match self.take((value, found))? {
            Some(value) => Ok(value),
            None => Err(self.refusal()),
        }
    }

    pub(crate) fn refusal(&self) -> Error {
        Error::refused(&self.map, self.diagnostics.clone())
    }

    /// Warnings as people read them.
    pub(crate) fn warnings(&self) -> String {
        self.diagnostics.iter().map(|d| render_short(&self.map, d) + "\n").collect()
    }

    pub(crate) fn warnings_json(&self) -> Vec<Value> {
        self.diagnostics.iter().map(|d| diagnostic_json(&self.map, d)).collect()
    }

    /// Warnings as blocks of a page.
    pub(crate) fn warning_blocks(&self) -> Blocks {
        let said = self.diagnostics.iter().map(|d| render_short(&self.map, d));
        if self.diagnostics.is_empty() {
            return Blocks::new().paragraph("Nothing to warn of.");
        }
        Blocks::new().list(said.collect::<Vec<_>>())
    }
}

/// What an analysis gave, ready to be shown and written.
pub(crate) struct Published {
    pub(crate) answer: Answer,
    pub(crate) page: Page,
    pub(crate) figures: Vec<(String, Figure)>,
    pub(crate) tables: Vec<(String, Table)>,
}

/// Writes page, figures, tables and JSON when a folder was asked for; the page comes last.
pub(crate) fn publish(
    world: &dyn World,
    request: &BenchRequest,
    published: Published,
) -> Result<Answer, Error> {
    let Some(folder) = &request.out else { return Ok(published.answer) };
    let page = folder.join("report.html");
    if world.exists(&page) && !request.overwrite {
        return Err(Error::Exists(folder.clone()));
    }
    world.create_folder(folder).map_err(Error::io(folder, "create"))?;
    let mut files: Vec<(String, String)> = Vec::new();
    for (name, figure) in &published.figures {
        files.push((format!("{name}.svg"), figure.svg(WIDTH)));
    }
    for (name, table) in &published.tables {
        files.push((format!("{name}.csv"), table.csv()));
    }
    files.push(("result.json".into(), format!("{:#}\n", published.answer.json)));
    files.push(("report.html".into(), published.page.html()));
    for (name, text) in files {
        let path = folder.join(name);
        world.write(&path, text.as_bytes()).map_err(Error::io(&path, "write"))?;
    }
    let mut answer = published.answer;
    answer.text.push_str(&format!("Written to {}\n", folder.display()));
    Ok(answer)
}

/// The page of an analysis without its sections.
pub(crate) fn page(title: &str, notes: &[String]) -> Page {
    let page = Page::new(title.to_string());
    let lead =
        if notes.is_empty() { String::new() } else { format!("Notes of the tables: {}.", notes.join("; ")) };
    page.lead(lead).footer(format!("Hepatica. {NOT_A_DEVICE}"))
}

/// A table whose rows have a cell per column by construction.
pub(crate) fn filled(columns: Vec<Column>, rows: Vec<Vec<Cell>>) -> Table {
    let mut table = Table::new(columns).narrow(Narrow::Scroll);
    for row in rows {
        let _ = table.push(row);
    }
    table
}

/// Checks as a table.
pub(crate) fn check_table(checks: &[Check]) -> Table {
    let columns = vec![
        Column::text("Verdict"),
        Column::text("What"),
        Column::text("Found"),
        Column::text("Must be"),
        Column::text("Source"),
    ];
    let rows = checks.iter().map(|check| {
        let unit = if check.unit.is_empty() { String::new() } else { format!(" {}", check.unit) };
        vec![
            verdict(check.passed()).into(),
            Cell::Text(check.what.clone()),
            Cell::Text(format!("{}{unit}", short(check.found, 4))),
            Cell::Text(format!("{}{unit}", check.limit)),
            check.source.into(),
        ]
    });
    filled(columns, rows.collect())
}

pub(crate) fn verdict(passed: bool) -> &'static str {
    if passed { "passed" } else { "FAILED" }
}

/// Checks for a page: what failed stands out, the whole list folds away.
pub(crate) fn check_blocks(checks: &[Check]) -> Blocks {
    let failed: Vec<Check> = checks.iter().filter(|c| !c.passed()).cloned().collect();
    let mut blocks = Blocks::new().paragraph(format!(
        "{} of {} checks passed.",
        checks.len() - failed.len(),
        checks.len()
    ));
    if !failed.is_empty() {
        blocks = blocks
            .callout(
                Callout::Warning,
                "Some checks failed; the numbers they concern are not to be reported as they stand.",
            )
            .table(check_table(&failed).caption("What failed"));
    }
    blocks.fold("All checks", Blocks::new().table(check_table(checks)))
}

pub(crate) fn check_json(checks: &[Check]) -> Vec<Value> {
    let one = |c: &Check| {
        json!({
            "code": c.code, "what": c.what, "found": c.found, "limit": c.limit.to_string(), "unit": c.unit,
            "passed": c.passed(), "source": c.source, "evidence": ids_of(c.source),
        })
    };
    checks.iter().map(one).collect()
}

/// How many checks passed, and those that did not, for a terminal.
pub(crate) fn check_text(checks: &[Check]) -> String {
    let failed = checks.iter().filter(|c| !c.passed());
    let mut out =
        format!("\n{} of {} checks passed\n", checks.iter().filter(|c| c.passed()).count(), checks.len());
    for c in failed {
        let unit = if c.unit.is_empty() { String::new() } else { format!(" {}", c.unit) };
        let found = short(c.found, 4);
        out.push_str(&format!(
            "  FAILED {}: {found}{unit}, must be {}{unit} ({})\n",
            c.what, c.limit, c.source
        ));
    }
    out
}

/// A number with its 95 % interval.
pub(crate) fn shown(value: &Uncertain, digits: usize) -> String {
    match value.interval() {
        Some(i) => interval(value.value, i.low, i.high, digits),
        None => significant(value.value, digits),
    }
}

/// The same as a cell.
pub(crate) fn cell(value: &Uncertain) -> Cell {
    match value.interval() {
        Some(i) => Cell::interval(value.value, i.low, i.high),
        None => Cell::Number(value.value),
    }
}

pub(crate) fn uncertain_json(value: &Uncertain) -> Value {
    let interval = value.interval();
    json!({
        "value": value.value,
        "standard_uncertainty": value.u.is_finite().then_some(value.u),
        "df": value.df.is_finite().then_some(value.df),
        "interval_95": interval.map(|i| [i.low, i.high]),
    })
}

/// Bars of activities by sample with their 95 % intervals.
pub(crate) fn activity_figure<'a>(
    title: &str,
    unit: &str,
    activities: impl Iterator<Item = (&'a str, &'a Uncertain)>,
) -> Figure {
    let (names, values): (Vec<&str>, Vec<&Uncertain>) = activities.unzip();
    let bars = values.into_iter().map(|a| match a.interval() {
        Some(i) => Estimate::new(a.value, i.low, i.high),
        None => a.value.into(),
    });
    let bars = Bars::new(Axis::linear("Activity").unit(unit), names).group("activity", bars);
    Figure::new(title).labels(Labels::Hidden).panel(bars)
}
