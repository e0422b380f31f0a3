//! A table of subjects -> who the patients are.
//!
//! The header names the columns, with the unit of a quantity behind its name, as in `weight (kg)`. The column `id` names a
//! subject. A column is a model value or a covariate of the study; anything else is refused, so that a misspelt name
//! is not taken for a label.
//!
//! Subjects are kept in the order of their ids (numbers first, by value), and their draws are keyed by their ids:
//! the order of the rows has no meaning.

use hepatica_model::Model;
use hepatica_model::model::Var;
use hepatica_source::csv::{self, Cell};
use hepatica_source::{Code, Diagnostic, FileId, SourceMap, Span, Spanned, nearest};
use hepatica_unit::Unit;

use crate::plan::WEIGHT;
use crate::read::PLAUSIBLE_KG;
use crate::read_covariates::{MAX_LEVELS, unknown_level};
use crate::spec::{CovariateValues, PopulationSpec};

/// Problems that are told one by one; what follows is mostly their echo.
const MAX_TOLD: usize = 20;

/// The name of the column of ids.
const ID: &str = "id";

/// The subjects of a table.
#[derive(Clone, Debug, Default)]
pub struct Subjects {
    /// Their ids, in order.
    pub ids: Vec<String>,
    /// What the random numbers of each are keyed by.
    pub(crate) keys: Vec<u64>,
    /// What is known of them.
    pub(crate) columns: Vec<Column>,
}

/// What is known of every subject.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    pub(crate) name: Spanned<String>,
    /// The unit of its numbers; those of a model value are in the model's unit.
    pub(crate) unit: Option<Unit>,
    /// Its categories; empty for numbers.
    pub(crate) levels: Vec<String>,
    /// A number, or the place of a category, for each subject.
    pub(crate) values: Vec<f64>,
}

/// What the cells of a column must be.
enum Wanted {
    /// Numbers, in a unit to be converted, and the values the model allows for.
    Value { scale: Option<Box<(Unit, Unit)>>, range: Option<(f64, f64)> },
    /// Numbers of a covariate that acts by its number.
    Number,
    /// These categories.
    Levels,
    /// Numbers if the first row has a number, else categories as they come.
    Either,
}

impl Subjects {
    /// Reads a table for a study on a model. All problems are told, up to twenty; there are subjects when none of them
    /// is an error.
    pub fn read(
        map: &SourceMap,
        file: FileId,
        spec: &PopulationSpec,
        model: &Model,
    ) -> (Option<Subjects>, Vec<Diagnostic>) {
        let mut reader = Reader { spec, model, problems: Vec::new(), columns: Vec::new(), id: 0 };
        let mut rows = csv::rows(map, file);
        let width = match rows.next() {
            Some(Ok(header)) => reader.header(&header),
            Some(Err(problem)) => return (None, vec![problem]),
            None => {
                let problem = Diagnostic::error("subjects/empty", "the table of subjects is empty");
                let hint = "the first line names the columns: id,weight (kg),sex";
                return (None, vec![problem.at(Span::new(file, 0, 0), "").hint(hint)]);
            }
        };
        if hepatica_source::has_errors(&reader.problems) {
            return (None, reader.problems);
        }
        let mut ids: Vec<Spanned<String>> = Vec::new();
        for row in rows {
            match row {
                Ok(cells) if cells.len() == width => ids.extend(reader.row(&cells)),
                Ok(cells) => reader.ragged(&cells, width),
                Err(problem) => reader.problems.push(problem),
            }
            if reader.problems.len() >= MAX_TOLD {
                let message = format!("the rows after {MAX_TOLD} problems were not looked at");
                reader.problems.push(Diagnostic::error("subjects/many", message));
                return (None, reader.problems);
            }
        }
        if ids.is_empty() && reader.problems.is_empty() {
            let problem = Diagnostic::error("subjects/empty", "the table of subjects has no rows");
            reader.problems.push(problem.at(Span::new(file, 0, map.text(file).len().min(1)), ""));
        }
        if !reader.problems.is_empty() {
            return (None, reader.problems);
        }
        let order = in_order(&ids, &mut reader.problems);
        let outside = reader.outside();
        if !reader.problems.is_empty() {
            return (None, reader.problems);
        }
        let columns =
            reader.columns.into_iter().map(|(column, wanted)| column.sorted(&order, &wanted)).collect();
        let keys = order.iter().map(|&i| key(&ids[i].value)).collect();
        let ids = order.iter().map(|&i| std::mem::take(&mut ids[i].value)).collect();
        (Some(Subjects { ids, keys, columns }), outside)
    }
}

impl Column {
    /// The column in another order of the subjects; categories that were found in the rows are sorted, so that they do
    /// not depend on the order of the rows either.
    fn sorted(self, order: &[usize], wanted: &Wanted) -> Column {
        let mut levels = self.levels.clone();
        if matches!(wanted, Wanted::Either) {
            levels.sort();
        }
        let places: Vec<f64> =
            self.levels.iter().filter_map(|l| levels.iter().position(|s| s == l)).map(|i| i as f64).collect();
        let value = |i: &usize| places.get(self.values[*i] as usize).copied().unwrap_or(f64::NAN);
        let values = match levels.is_empty() {
            true => order.iter().map(|i| self.values[*i]).collect(),
            false => order.iter().map(value).collect(),
        };
        Column { levels, values, ..self }
    }
}

struct Reader<'a> {
    spec: &'a PopulationSpec,
    model: &'a Model,
    problems: Vec<Diagnostic>,
    /// Every column but the ids, in the order of the header.
    columns: Vec<(Column, Wanted)>,
    /// The place of the column of ids.
    id: usize,
}

impl Reader<'_> {
    /// Reads the header; gives the number of columns.
    fn header(&mut self, cells: &[Cell<'_>]) -> usize {
        let mut id = None;
        for (place, cell) in cells.iter().enumerate() {
            let (name, unit) = csv::heading(cell);
            if self.columns.iter().any(|(c, _)| c.name.value == name.value)
                || (id.is_some() && name.value == ID)
            {
                let message = format!("two columns are named `{}`", name.value);
                self.problem("subjects/duplicate-column", message, name.span);
            } else if name.value == ID {
                id = Some(place);
            } else if let Some((unit, levels, wanted)) = self.column(&name, unit) {
                self.columns.push((Column { name, unit, levels, values: Vec::new() }, wanted));
            }
        }
        let semicolons = cells.len() == 1 && cells[0].text.contains([';', '\t']);
        match id {
            Some(place) => self.id = place,
            None => {
                let hint = match semicolons {
                    true => "columns are separated by commas",
                    false => "name the column that tells subjects apart `id`",
                };
                if semicolons {
                    self.problems.clear();
                }
                let problem = Diagnostic::error("subjects/missing-column", "there is no column `id`");
                self.problems.extend(cells.first().map(|c| problem.at(c.span, "").hint(hint)));
            }
        }
        for covariate in &self.spec.covariates {
            let name = &covariate.name;
            let is_there = self.columns.iter().any(|(c, _)| c.name.value == name.value);
            if matches!(covariate.values, CovariateValues::Column(_)) && !is_there && !semicolons {
                let message = format!("the table of subjects has no column `{}`", name.value);
                self.problems.push(
                    Diagnostic::error("subjects/missing-column", message)
                        .at(name.span, "")
                        .hint("add the column, or give the covariate a distribution"),
                );
            }
        }
        cells.len()
    }

    /// Unit, categories and kind of a column.
    fn column(
        &mut self,
        name: &Spanned<String>,
        unit: Option<Spanned<String>>,
    ) -> Option<(Option<Unit>, Vec<String>, Wanted)> {
        let given = match &unit {
            None => None,
            Some(text) => Some(self.unit(text)?),
        };
        let covariate = self.spec.covariates.iter().find(|c| c.name.value == name.value);
        let var = self.model.vars.enumerate().find(|(_, v)| v.name == name.value);
        match covariate.map(|c| (&c.values, c.effects.is_empty())) {
            Some((CovariateValues::Column(levels), _)) if !levels.is_empty() => {
                if let Some(unit) = unit {
                    self.problem("subjects/unit", "categories have no unit".into(), unit.span);
                }
                let levels = levels.iter().map(|l| l.value.clone()).collect();
                return Some((None, levels, Wanted::Levels));
            }
            Some((CovariateValues::Column(_), false)) => return Some((given, Vec::new(), Wanted::Number)),
            Some((CovariateValues::Column(_), true)) if var.is_none() => {
                return Some((given, Vec::new(), Wanted::Either));
            }
            Some((CovariateValues::Number { .. } | CovariateValues::Category(_), _)) => {
                let message = format!("`{}` has a distribution in the study and a column", name.value);
                self.problem("subjects/twice", message, name.span);
                return None;
            }
            _ => {}
        }
        let Some((id, var)) = var else {
            self.unknown(name);
            return None;
        };
        let own = var.unit.as_ref().map(|u| u.unit.clone());
        let scale = self.scale(name, var, given, unit.as_ref().map(|u| u.span))?;
        let range = self.model.provenance(id).range;
        Some((own, Vec::new(), Wanted::Value { scale, range }))
    }

    /// From the unit of a column to that of a model value; `Some(None)` where nothing is to be converted.
    fn scale(
        &mut self,
        name: &Spanned<String>,
        var: &Var,
        given: Option<Unit>,
        at: Option<Span>,
    ) -> Option<Option<Box<(Unit, Unit)>>> {
        let Some(own) = &var.unit else { return Some(None) };
        let Some(given) = given else {
            if own.unit.is_compatible(&Unit::dimensionless()) {
                return Some(None);
            }
            let message = format!("the unit of `{}` is not stated", name.value);
            self.problems.push(
                Diagnostic::error("subjects/unit", message)
                    .at(name.span, "")
                    .hint(format!("write {} ({})", name.value, own.shown)),
            );
            return None;
        };
        if let Err(error) = given.convert(1.0, &own.unit) {
            self.problems.push(
                Diagnostic::error(error.code(), format!("column `{}`: {error}", name.value))
                    .at(at.unwrap_or(name.span), "")
                    .hint(format!("the model has `{}` in {}", name.value, own.shown)),
            );
            return None;
        }
        Some(Some(Box::new((given, own.unit.clone()))))
    }

    fn unit(&mut self, text: &Spanned<String>) -> Option<Unit> {
        match Unit::parse(&text.value) {
            Ok(unit) => Some(unit),
            Err(error) => {
                let mut problem = Diagnostic::error(error.code(), error.to_string()).at(text.span, "");
                problem.hint = error.hint;
                self.problems.push(problem);
                None
            }
        }
    }

    fn unknown(&mut self, name: &Spanned<String>) {
        let values = self.model.vars.iter().map(|v| v.name.as_str());
        let declared = self.spec.covariates.iter().map(|c| c.name.value.as_str());
        let hint = match nearest(&name.value, declared.chain(values)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => {
                "a covariate is declared in the study: [population.covariates], then its name = {}".into()
            }
        };
        let message = format!("column `{}` is no model value and no covariate of the study", name.value);
        let problem = Diagnostic::error("subjects/unknown-column", message);
        self.problems.push(problem.at(name.span, "").hint(hint));
    }

    /// Reads a row of the right width; gives its id.
    fn row(&mut self, cells: &[Cell<'_>]) -> Option<Spanned<String>> {
        let id = &cells[self.id];
        if id.text.is_empty() {
            self.problem("subjects/no-id", "this subject has no id".into(), id.span);
            return None;
        }
        let values = cells.iter().enumerate().filter(|(place, _)| *place != self.id).map(|(_, cell)| cell);
        for ((column, wanted), cell) in self.columns.iter_mut().zip(values) {
            match read_cell(column, wanted, cell) {
                Ok(value) => column.values.push(value),
                Err((code, message, hint)) => {
                    let message = format!("subject `{}`: {message}", id.text);
                    self.problems.push(Diagnostic::error(code, message).at(cell.span, "").hint(hint));
                }
            }
        }
        Some(Spanned::new(id.text.clone().into_owned(), id.span))
    }

    fn ragged(&mut self, cells: &[Cell<'_>], width: usize) {
        let message = format!("this row has {} cells; the header has {width}", cells.len());
        let all = cells.first().zip(cells.last()).map(|(first, last)| first.span.to(last.span));
        let problem = Diagnostic::error("subjects/ragged", message);
        let hint = "an empty cell still needs its comma; text with a comma stands in quotes";
        self.problems.extend(all.map(|span| problem.at(span, "").hint(hint)));
    }

    fn problem(&mut self, code: &'static str, message: String, span: Span) {
        self.problems.push(Diagnostic::error(code, message).at(span, ""));
    }

    /// Warnings of values outside the range that the model states for them.
    fn outside(&self) -> Vec<Diagnostic> {
        let mut warnings = Vec::new();
        for (column, wanted) in &self.columns {
            let Wanted::Value { range: Some((low, high)), .. } = wanted else { continue };
            let count = column.values.iter().filter(|v| !(*low..=*high).contains(*v)).count();
            if count > 0 {
                let name = &column.name.value;
                let message = format!(
                    "`{name}` of {count} of {} subjects lies outside {low} to {high}, the range of the model",
                    column.values.len()
                );
                warnings.push(Diagnostic::warning("subjects/range", message).at(column.name.span, ""));
            }
        }
        warnings
    }
}

/// The value of a cell; new categories are added to the column.
fn read_cell(
    column: &mut Column,
    wanted: &mut Wanted,
    cell: &Cell<'_>,
) -> Result<f64, (&'static str, String, String)> {
    let name = &column.name.value;
    let text = cell.text.as_ref();
    if text.is_empty() {
        let hint = "every subject needs a value; leave the column out to draw it";
        return Err(("subjects/missing-value", format!("`{name}` is empty"), hint.into()));
    }
    if matches!(wanted, Wanted::Either) && text.parse::<f64>().is_ok() {
        if !column.levels.is_empty() {
            let hint = "numbers alone, or state the categories of the covariate: levels = [..]";
            return Err(("subjects/mixed", format!("`{name}` has words and numbers"), hint.into()));
        }
        *wanted = Wanted::Number;
    }
    match wanted {
        Wanted::Value { .. } | Wanted::Number => {
            let Some(number) = cell.number() else {
                let hint = "numbers have a decimal point and no unit; the unit stands in the header";
                return Err((
                    "subjects/number",
                    format!("`{name}` is `{text}`, not a finite number"),
                    hint.into(),
                ));
            };
            let Wanted::Value { scale, .. } = wanted else { return Ok(number) };
            let value = match scale {
                Some(units) => units.0.convert(number, &units.1).unwrap_or(f64::NAN),
                None => number,
            };
            if !value.is_finite() || (name == WEIGHT && !PLAUSIBLE_KG.contains(&value)) {
                let hint = format!("between {} kg and {} kg", PLAUSIBLE_KG.start(), PLAUSIBLE_KG.end());
                let hint = if name == WEIGHT { hint } else { "a number the model can hold".into() };
                return Err(("subjects/value", format!("`{name}` is {text}, which is not plausible"), hint));
            }
            Ok(value)
        }
        Wanted::Levels => column.levels.iter().position(|l| l == text).map(|i| i as f64).ok_or_else(|| {
            let known: Vec<&str> = column.levels.iter().map(String::as_str).collect();
            let problem = unknown_level(name, &Spanned::new(text.to_string(), cell.span), &known);
            let Code(code) = problem.code;
            (code, problem.message, problem.hint.unwrap_or_default())
        }),
        Wanted::Either => match column.levels.iter().position(|l| l == text) {
            Some(place) => Ok(place as f64),
            None if column.levels.len() == MAX_LEVELS => {
                let hint = "leave the column out, or state its categories: levels = [..]";
                let message = format!("`{name}` has more than {MAX_LEVELS} categories");
                Err(("subjects/levels", message, hint.into()))
            }
            None => {
                column.levels.push(text.to_string());
                Ok((column.levels.len() - 1) as f64)
            }
        },
    }
}

/// The order of the subjects: ids that are whole numbers by their value, then all others as text. Ids that occur twice
/// are told.
fn in_order(ids: &[Spanned<String>], problems: &mut Vec<Diagnostic>) -> Vec<usize> {
    let mut order: Vec<usize> = (0..ids.len()).collect();
    let place = |i: usize| (number(&ids[i].value).unwrap_or(u64::MAX), ids[i].value.as_str(), i);
    order.sort_by(|a, b| place(*a).cmp(&place(*b)));
    for pair in order.windows(2) {
        let (a, b) = (&ids[pair[0]], &ids[pair[1]]);
        if problems.len() >= MAX_TOLD {
            break;
        }
        if a.value == b.value {
            problems.push(
                Diagnostic::error("subjects/duplicate", format!("two subjects have the id `{}`", a.value))
                    .at(b.span, "the second")
                    .at(a.span, "the first"),
            );
        }
    }
    let mut keys: Vec<(u64, usize)> = order.iter().map(|&i| (key(&ids[i].value), i)).collect();
    keys.sort_unstable();
    for pair in keys.windows(2).filter(|pair| pair[0].0 == pair[1].0) {
        let (a, b) = (&ids[pair[0].1], &ids[pair[1].1]);
        if a.value != b.value && problems.len() < MAX_TOLD {
            let message = format!("the ids `{}` and `{}` would draw the same numbers", a.value, b.value);
            let problem = Diagnostic::error("subjects/collision", message).at(b.span, "").at(a.span, "");
            problems.push(problem.hint("change one of them"));
        }
    }
    order
}

/// The number of an id such as `17`, written as a number is: from 1, no sign, no leading zero.
fn number(id: &str) -> Option<u64> {
    let plain = id.bytes().all(|b| b.is_ascii_digit()) && !id.starts_with('0') && id.len() <= 18;
    if plain { id.parse().ok() } else { None }
}

/// What the random numbers of a subject are keyed by: subject 17 draws what patient 17 of a population of any size
/// draws; another id is hashed (64-bit FNV-1a) into the upper half of the keys.
fn key(id: &str) -> u64 {
    const UPPER: u64 = 1 << 63;
    match number(id) {
        Some(number) => number - 1,
        None => {
            let hash = id.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
                (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
            });
            hash | UPPER
        }
    }
}
