//! Curated models with trajectories on which two simulators agree.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use hepatica_app::time_course::{Column, Form};

use crate::arguments::Arguments;
use crate::case::{Case, Rule, Table, Task};

/// The rule of agreement between the two simulators (README of the suite, section 5).
pub(crate) const AGREEMENT: Rule = Rule::Column { absolute: 1e-12, relative: 1e-4, of_column: 1e-6 };

/// The models of BioModels; those without an agreed trajectory need only end.
pub(crate) fn biomodels(arguments: &Arguments) -> Result<Vec<Case>, String> {
    let folder = inner(&arguments.folder, "sbml")?;
    let rows = rows(arguments, "id")?;
    let cases = rows.iter().map(|row| {
        let id = &row["id"];
        let consensus = row.get("ref").is_none_or(|kind| kind == "consensus");
        let (rule, expected) = match consensus {
            true => (AGREEMENT, Table::read(&folder.join("expected").join(format!("{id}.csv")))),
            false => (Rule::Ends, Ok(Table::default())),
        };
        let model = folder.join("sbml").join(format!("{id}.xml"));
        let tag = row.get("ref").cloned().unwrap_or_else(|| "consensus".to_string());
        case(id, tag, model, (number(row, "T"), rule), expected)
    });
    Ok(cases.collect())
}

/// The dosed whole-body models.
pub(crate) fn pbpk(arguments: &Arguments) -> Result<Vec<Case>, String> {
    let folder = inner(&arguments.folder, "pbpk")?.join("pbpk");
    let rows = rows(arguments, "id")?;
    let cases = rows.iter().map(|row| {
        let id = &row["id"];
        let expected = Table::read(&folder.join(format!("{id}.csv")));
        let model = folder.join(format!("{id}.xml"));
        case(id, "pbpk".to_string(), model, (number(row, "T"), AGREEMENT), expected)
    });
    Ok(cases.collect())
}

/// The folder that holds one of this name: the one given, or `biomodels` in it.
pub(crate) fn inner(folder: &Path, wanted: &str) -> Result<PathBuf, String> {
    let places = [folder.to_path_buf(), folder.join("biomodels")];
    let found = places.into_iter().find(|place| place.join(wanted).is_dir());
    found.ok_or_else(|| format!("{} has no folder {wanted}", folder.display()))
}

pub(crate) type Row = BTreeMap<String, String>;

/// The rows of the manifest, which has this column.
pub(crate) fn rows(arguments: &Arguments, column: &str) -> Result<Vec<Row>, String> {
    let path = arguments.manifest.as_ref().ok_or("--manifest FILE says which cases there are")?;
    let text = std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
    let mut lines = text.lines();
    let names: Vec<&str> = lines.next().unwrap_or("").split('\t').collect();
    let row =
        |line: &str| names.iter().map(|n| n.to_string()).zip(line.split('\t').map(String::from)).collect();
    let rows: Vec<Row> = lines.filter(|line| !line.is_empty()).map(row).collect();
    match rows.iter().all(|row| row.contains_key(column)) {
        true => Ok(rows),
        false => Err(format!("{} has no column {column}", path.display())),
    }
}

fn number(row: &Row, name: &str) -> f64 {
    row.get(name).and_then(|text| text.parse().ok()).unwrap_or(f64::NAN)
}

/// A case from its expected table: `[S]` is a concentration, a plain name is what the model means by it, or an amount.
pub(crate) fn case(
    id: &str,
    tag: String,
    model: PathBuf,
    (end, rule): (f64, Rule),
    expected: Result<Table, String>,
) -> Case {
    let column = |name: &String| match name.strip_prefix('[').and_then(|name| name.strip_suffix(']')) {
        Some(name) => Column { name: name.to_string(), form: Form::Concentration },
        None => Column { name: name.clone(), form: Form::Amount },
    };
    let table = expected.as_ref().ok();
    let columns = table.map_or(Vec::new(), |table| table.names.iter().map(column).collect());
    let times = table.map_or(&[][..], |table| &table.times);
    let duration = times.last().copied().filter(|t| *t > 0.0).unwrap_or(if end > 0.0 { end } else { 100.0 });
    let steps = times.len().checked_sub(1).filter(|n| *n > 0).unwrap_or(100);
    let (id, tags) = (id.to_string(), vec![tag]);
    Case { id, tags, model, duration, steps, columns, expected, rule, task: Task::Simulate }
}
