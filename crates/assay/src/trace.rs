//! Traces: a signal over time, many in one long table.

use std::collections::BTreeMap;

use hepatica_source::sheet::{self, Sheet};
use hepatica_source::table::Problems;
use hepatica_source::{Diagnostic, FileId, SourceMap, Span};

use crate::input::{self, Column};

/// Signal over time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trace {
    /// Times, rising, in the unit asked for.
    pub time: Vec<f64>,
    /// Signal at each time.
    pub signal: Vec<f64>,
    /// Where each signal stands.
    pub places: Vec<Span>,
}

/// What the columns of a table of traces are called.
#[derive(Clone, Copy, Debug)]
pub struct Shape<'a> {
    /// The column that names the trace.
    pub key: &'a str,
    /// The unit times are wanted in.
    pub time_unit: &'a str,
    /// The column of the signal.
    pub signal: &'a str,
    /// The unit signals are wanted in; `None` leaves them as they are.
    pub signal_unit: Option<&'a str>,
}

/// The traces of a table, by name.
#[derive(Clone, Debug, Default)]
pub struct Traces {
    /// By name.
    pub by_name: BTreeMap<String, Trace>,
    /// The unit behind the name of the signal, as written.
    pub signal_unit: String,
    /// Notes of the table.
    pub notes: Vec<String>,
}

/// Reads a long table of traces: a row per point. Times that do not rise are reported, and so is what is no number.
pub fn read(map: &SourceMap, file: FileId, shape: Shape<'_>, problems: &mut Problems) -> Traces {
    let sheet = sheet::read(map, file, problems);
    let mut traces = Traces { notes: sheet.notes.clone(), ..Traces::default() };
    let key = sheet.require(shape.key, problems);
    let time = input::column(&sheet, ("time", shape.time_unit), true, problems);
    let signal = signal_column(&sheet, shape, problems);
    let (Some(key), Some(time), Some(signal)) = (key, time, signal) else { return traces };
    let named = sheet.find(shape.signal).and_then(|index| sheet.headings[index].unit.clone());
    traces.signal_unit = named.map(|unit| unit.value).unwrap_or_default();
    let mut falls: Vec<(String, Span)> = Vec::new();
    for row in &sheet.rows {
        let (Some(t), Some(y)) = (time.need(row, problems), signal.need(row, problems)) else { continue };
        let trace = traces.by_name.entry(row[key].text.to_string()).or_default();
        if trace.time.last().is_some_and(|last| *last >= t) {
            falls.push((row[key].text.to_string(), time.place(row)));
            continue;
        }
        trace.time.push(t);
        trace.signal.push(y);
        trace.places.push(signal.place(row));
    }
    report_falls(&falls, problems);
    traces
}

fn signal_column(sheet: &Sheet<'_>, shape: Shape<'_>, problems: &mut Problems) -> Option<Column> {
    input::column(sheet, (shape.signal, shape.signal_unit.unwrap_or("")), true, problems)
}

/// The first fall of every trace is shown, with how many follow.
fn report_falls(falls: &[(String, Span)], problems: &mut Problems) {
    let mut counts: BTreeMap<&str, (Span, usize)> = BTreeMap::new();
    for (name, span) in falls {
        counts.entry(name).or_insert((*span, 0)).1 += 1;
    }
    for (name, (span, count)) in counts {
        let message = format!("the times of `{name}` do not rise ({count} rows)");
        problems.push(
            Diagnostic::error("trace/time", message)
                .at(span, "not after the row before")
                .hint("check that time and signal are not swapped and that no name is used for two traces"),
        );
    }
}
