//! Tables of concentrations and doses, CDISC or plain, as curves.

use std::collections::BTreeMap;

use hepatica_source::csv::Cell;
use hepatica_source::sheet::{self, Sheet};
use hepatica_source::table::Problems;
use hepatica_source::{Diagnostic, FileId, SourceMap, Span, has_errors};
use hepatica_stats::nca::{Given, Reading};
use hepatica_unit::{Quantity, Unit};

use super::{Curve, NcaRequest, Route, Units, settled};
use crate::refuse::Error;

/// The columns of a table of concentrations under either naming.
struct Columns {
    subject: usize,
    time: usize,
    conc: usize,
    /// The result as text, where a number may be missing because it is below the limit (PCSTRESC).
    text: Option<usize>,
    limit: Option<usize>,
    analyte: Option<usize>,
    /// The column of units (PCSTRESU), where the heading has none.
    unit: Option<usize>,
    dose: Option<usize>,
}

/// A dose and how it was given, with the unit of the dose.
#[derive(Clone, Debug)]
struct Dosed {
    dose: Option<f64>,
    given: Given,
    span: Span,
}

/// Reads both tables; `None` when nothing can be said of them.
pub(super) fn tables(
    map: &SourceMap,
    (concentrations, doses): (FileId, Option<FileId>),
    request: &NcaRequest,
    problems: &mut Problems,
) -> Result<Option<(Vec<Curve>, Units)>, Error> {
    let sheet = sheet::read(map, concentrations, problems);
    if has_errors(&problems.diagnostics) {
        return Ok(None);
    }
    let Some(columns) = find(&sheet, problems) else { return Ok(None) };
    let mut units = units(&sheet, &columns, problems);
    let given = for_all(request, &mut units)?;
    let dosed = match doses {
        None => BTreeMap::new(),
        Some(file) => {
            let sheet = sheet::read(map, file, problems);
            exposure(&sheet, request, &mut units, problems)
        }
    };
    let rows = rows(&sheet, &columns, problems);
    if has_errors(&problems.diagnostics) {
        return Ok(None);
    }
    let mut curves = Vec::new();
    for ((subject, analyte), points) in rows {
        let own = dosed.get(&subject);
        if doses.is_some() && own.is_none() {
            let message = format!("there is no dose for subject `{subject}`");
            let hint = "its clearance and volumes are left out";
            problems.push(Diagnostic::warning("nca/no-dose", message).at(points.span, "").hint(hint));
        }
        let (dose, route) = own.map_or((given.0, given.1), |d| (d.dose, d.given));
        let (times, values) = settled(&points.times, &points.readings, request.below);
        let below = points.readings.iter().filter(|r| matches!(r, Reading::Below(_))).count();
        let dose = points.dose.or(dose);
        curves.push(Curve { subject, analyte, times, concentrations: values, below, given: route, dose });
    }
    Ok(Some((curves, units)))
}

fn find(sheet: &Sheet<'_>, problems: &mut Problems) -> Option<Columns> {
    let cdisc = sheet.find("pcstresn").is_some() || sheet.find("usubjid").is_some();
    let (subject, conc) = if cdisc { ("usubjid", "pcstresn") } else { ("subject", "conc") };
    let first = |names: &[&str]| names.iter().find_map(|name| sheet.find(name));
    let time = if cdisc { first(&["pceltm", "pctptnum", "time"]) } else { sheet.find("time") };
    let time = match time {
        Some(time) => Some(time),
        None => sheet.require(if cdisc { "pceltm" } else { "time" }, problems),
    };
    let (subject, conc) = (sheet.require(subject, problems), sheet.require(conc, problems));
    Some(Columns {
        subject: subject?,
        time: time?,
        conc: conc?,
        text: sheet.find("pcstresc"),
        limit: first(&["pclloq", "lloq"]),
        analyte: first(&["pctestcd", "analyte"]),
        unit: sheet.find("pcstresu"),
        dose: sheet.find("dose").filter(|_| !cdisc),
    })
}

/// The units of headings and of unit columns; a table has one unit of concentration.
fn units(sheet: &Sheet<'_>, columns: &Columns, problems: &mut Problems) -> Units {
    let heading = |at: usize| sheet.headings[at].unit.as_ref().map(|u| u.value.clone());
    let need = |problems: &mut Problems, at: usize, what: &str, example: &str| {
        heading(at).unwrap_or_else(|| {
            let message = format!("the column of {what} has no unit");
            let hint = format!("write it behind the name, as in `{example}`");
            problems
                .push(Diagnostic::error("nca/no-unit", message).at(sheet.headings[at].span, "").hint(hint));
            String::new()
        })
    };
    let time = match sheet.headings[columns.time].name.as_str() {
        "pceltm" => "h".to_string(),
        _ => need(problems, columns.time, "times", "time (h)"),
    };
    let conc = match columns.unit {
        None => need(problems, columns.conc, "concentrations", "conc (mg/L)"),
        Some(at) => {
            let mut found: Vec<&Cell<'_>> = sheet.rows.iter().map(|row| &row[at]).collect();
            found.retain(|cell| !cell.text.is_empty());
            if let Some(other) = found.iter().find(|cell| cell.text != found[0].text) {
                let message = format!("two units of concentration: `{}` and `{}`", found[0].text, other.text);
                problems.push(
                    Diagnostic::error("nca/two-units", message)
                        .at(other.span, "another unit here")
                        .hint("PCSTRESN is in one standard unit"),
                );
            }
            found.first().map_or(String::new(), |cell| cell.text.to_string())
        }
    };
    let dose = columns.dose.map_or(String::new(), |at| need(problems, at, "doses", "dose (mg)"));
    Units { time, conc, dose }
}

/// Dose and route that hold for all subjects.
fn for_all(request: &NcaRequest, units: &mut Units) -> Result<(Option<f64>, Given), Error> {
    let mut dose = None;
    if let Some(text) = &request.dose {
        let split = text.trim().split_once(' ').map(|(n, unit)| (n.parse::<f64>(), unit.trim()));
        let Some((Ok(value), unit)) = split.filter(|(_, unit)| !unit.is_empty()) else {
            return Err(Error::Argument(format!(
                "--dose `{text}`: write a number and its unit, such as \"320 mg\""
            )));
        };
        if !(value > 0.0 && value.is_finite()) {
            return Err(Error::Argument(format!("--dose `{text}`: a dose is above zero")));
        }
        units.dose = unit.to_string();
        dose = Some(value);
    }
    let given = match (request.route.unwrap_or_default(), request.duration) {
        (Route::Extravascular, None) => Given::Extravascular,
        (Route::Bolus, None) => Given::Bolus,
        (Route::Infusion, Some(duration)) if duration > 0.0 && duration.is_finite() => {
            Given::Infusion(duration)
        }
        (Route::Infusion, _) => {
            return Err(Error::Argument("an infusion needs --duration, above zero".to_string()));
        }
        (_, Some(_)) => return Err(Error::Argument("--duration belongs to --route infusion".to_string())),
    };
    Ok((dose, given))
}

/// One dose per subject, from EX or a plain table.
fn exposure(
    sheet: &Sheet<'_>,
    request: &NcaRequest,
    units: &mut Units,
    problems: &mut Problems,
) -> BTreeMap<String, Dosed> {
    let mut doses: BTreeMap<String, Dosed> = BTreeMap::new();
    let cdisc = sheet.find("exdose").is_some();
    let names = if cdisc { ["usubjid", "exdose"] } else { ["subject", "dose"] };
    let (subject, dose) = (sheet.require(names[0], problems), sheet.require(names[1], problems));
    let (Some(subject), Some(dose)) = (subject, dose) else { return doses };
    let find = |cdisc_name: &str, plain: &str| sheet.find(if cdisc { cdisc_name } else { plain });
    let (route, duration, unit) =
        (find("exroute", "route"), find("exdur", "duration"), find("exdosu", "unit"));
    for row in &sheet.rows {
        let value = number(&row[dose], problems);
        if let Some(value) = value
            && value <= 0.0
        {
            problems.push(Diagnostic::error("nca/dose", "a dose is above zero").at(row[dose].span, ""));
        }
        let written = match unit {
            Some(at) => row[at].text.to_string(),
            None => sheet.headings[dose].unit.as_ref().map_or(String::new(), |u| u.value.clone()),
        };
        if written.is_empty() || (!units.dose.is_empty() && units.dose != written) {
            let (message, span) = if written.is_empty() {
                ("the dose has no unit".to_string(), sheet.headings[dose].span)
            } else {
                (format!("two units of dose: `{}` and `{written}`", units.dose), row[dose].span)
            };
            problems.push(Diagnostic::error("nca/dose-unit", message).at(span, ""));
        }
        units.dose = written;
        let time_unit = units.time.as_str();
        let lasts = duration.and_then(|at| lasting(&row[at], time_unit, problems));
        let given = given(route.map(|at| &row[at]), lasts, request, problems);
        let dosed = Dosed { dose: value, given, span: row[subject].span };
        match doses.get(row[subject].text.as_ref()) {
            Some(first) => {
                let message = format!("subject `{}` has several doses", row[subject].text);
                let hint = "give the table of one dose; at steady state that of the interval, with --tau";
                problems.push(
                    Diagnostic::error("nca/several-doses", message)
                        .at(row[subject].span, "again here")
                        .at(first.span, "first here")
                        .hint(hint),
                );
            }
            None => {
                doses.insert(row[subject].text.to_string(), dosed);
            }
        }
    }
    doses
}

/// How a dose was given, in the words of CDISC.
fn given(
    cell: Option<&Cell<'_>>,
    lasts: Option<f64>,
    request: &NcaRequest,
    problems: &mut Problems,
) -> Given {
    let Some(cell) = cell else {
        return match (request.route.unwrap_or_default(), lasts.or(request.duration)) {
            (Route::Bolus, _) => Given::Bolus,
            (Route::Infusion, Some(duration)) => Given::Infusion(duration),
            _ => Given::Extravascular,
        };
    };
    let word = cell.text.to_uppercase();
    match (word.as_str(), lasts) {
        (
            "ORAL" | "EXTRAVASCULAR" | "SUBCUTANEOUS" | "INTRAMUSCULAR" | "INTRAPERITONEAL" | "TRANSDERMAL",
            _,
        ) => Given::Extravascular,
        ("INTRAVENOUS DRIP" | "INFUSION" | "INTRAVENOUS", Some(duration)) => Given::Infusion(duration),
        ("INTRAVENOUS BOLUS" | "BOLUS" | "INTRAVENOUS", None) => Given::Bolus,
        _ => {
            let message = format!("the route `{}` is not known, or an infusion has no duration", cell.text);
            let hint = "ORAL, SUBCUTANEOUS, INTRAMUSCULAR, INTRAPERITONEAL, TRANSDERMAL, INTRAVENOUS BOLUS, or INTRAVENOUS DRIP with a duration";
            problems.push(Diagnostic::error("nca/route", message).at(cell.span, "").hint(hint));
            Given::Extravascular
        }
    }
}

/// The duration of an infusion: ISO 8601 (`PT15M`), a quantity (`15 min`), or a number in the unit of time.
fn lasting(cell: &Cell<'_>, time_unit: &str, problems: &mut Problems) -> Option<f64> {
    if cell.text.is_empty() {
        return None;
    }
    let hours = iso_hours(&cell.text)
        .and_then(|h| Unit::parse("h").ok()?.convert(h, &Unit::parse(time_unit).ok()?).ok());
    let quantity = || Quantity::parse(&cell.text).ok()?.convert(&Unit::parse(time_unit).ok()?).ok();
    let found = hours.or_else(|| cell.number()).or_else(quantity).filter(|d| *d > 0.0 && d.is_finite());
    if found.is_none() {
        let message = format!("`{}` is no duration above zero", cell.text);
        let hint = "such as PT15M, 15 min, or a number in the unit of time";
        problems.push(Diagnostic::error("nca/duration", message).at(cell.span, "").hint(hint));
    }
    found
}

/// Hours of an ISO 8601 duration of days, hours, minutes and seconds; negative with a leading minus.
fn iso_hours(text: &str) -> Option<f64> {
    let (sign, rest) = text.strip_prefix('-').map_or((1.0, text), |rest| (-1.0, rest));
    let rest = rest.strip_prefix('P')?;
    let (days, clock) = rest.split_once('T').unwrap_or((rest, ""));
    let mut hours = 0.0;
    for (mut part, units) in
        [(days, [("D", 24.0)].as_slice()), (clock, &[("H", 1.0), ("M", 1.0 / 60.0), ("S", 1.0 / 3600.0)])]
    {
        for (letter, factor) in units {
            if let Some((number, after)) = part.split_once(letter) {
                hours += number.parse::<f64>().ok().filter(|n| n.is_finite() && *n >= 0.0)? * factor;
                part = after;
            }
        }
        if !part.is_empty() {
            return None;
        }
    }
    (!matches!(rest, "" | "T")).then_some(sign * hours)
}

fn number(cell: &Cell<'_>, problems: &mut Problems) -> Option<f64> {
    match sheet::number(cell) {
        Ok(Some(value)) => Some(value),
        Ok(None) => {
            problems.push(Diagnostic::error("nca/empty-cell", "a number is missing here").at(cell.span, ""));
            None
        }
        Err(diagnostic) => {
            problems.push(*diagnostic);
            None
        }
    }
}

/// The readings of one subject and analyte.
struct Points {
    times: Vec<f64>,
    readings: Vec<Reading>,
    dose: Option<f64>,
    span: Span,
}

fn rows(sheet: &Sheet<'_>, columns: &Columns, problems: &mut Problems) -> Vec<((String, String), Points)> {
    let mut curves: Vec<((String, String), Points)> = Vec::new();
    let iso = sheet.headings[columns.time].name == "pceltm";
    for row in &sheet.rows {
        let time = &row[columns.time];
        let t = if iso {
            let hours = iso_hours(&time.text);
            if hours.is_none() {
                let message = format!("`{}` is no ISO 8601 duration", time.text);
                problems
                    .push(Diagnostic::error("nca/time", message).at(time.span, "").hint("such as PT1H30M"));
            }
            hours
        } else {
            number(time, problems)
        };
        let Some(reading) = reading(row, columns, problems) else { continue };
        let Some(t) = t else { continue };
        if t < 0.0 {
            let message = "a time before the dose";
            let hint = "give the pre-dose sample the time 0";
            problems.push(Diagnostic::error("nca/time", message).at(time.span, "").hint(hint));
            continue;
        }
        let dose = columns.dose.and_then(|at| number(&row[at], problems));
        let analyte = columns.analyte.map_or(String::new(), |at| row[at].text.to_string());
        let key = (row[columns.subject].text.to_string(), analyte);
        let place = match curves.iter().position(|(k, _)| *k == key) {
            Some(place) => place,
            None => {
                let span = row[columns.subject].span;
                curves.push((key, Points { times: vec![], readings: vec![], dose, span }));
                curves.len() - 1
            }
        };
        let points = &mut curves[place].1;
        if points.times.last().is_some_and(|last| *last >= t) {
            let message = "times of a subject must rise";
            let hint = "two samples of one time, rows out of order, or columns swapped";
            problems.push(
                Diagnostic::error("nca/times", message)
                    .at(time.span, "not later than the row before")
                    .hint(hint),
            );
            continue;
        }
        points.times.push(t);
        points.readings.push(reading);
    }
    curves
}

/// A concentration, or that it is below the limit; `None` for an empty cell and for what was reported.
fn reading(row: &[Cell<'_>], columns: &Columns, problems: &mut Problems) -> Option<Reading> {
    let limit = columns.limit.and_then(|at| row[at].number());
    let words = |text: &str| {
        let word = text.trim().to_uppercase();
        matches!(word.as_str(), "BLQ" | "BLOQ" | "BQL" | "<LLOQ" | "ND" | "BELOW LLOQ")
    };
    let cell = &row[columns.conc];
    let as_text = columns.text.map(|at| &row[at]);
    if as_text.is_some_and(|c| words(&c.text) || c.text.starts_with('<')) || words(&cell.text) {
        return Some(Reading::Below(limit));
    }
    if let Some(stated) = cell.text.strip_prefix('<') {
        return Some(Reading::Below(stated.trim().parse().ok().or(limit)));
    }
    if cell.text.is_empty() {
        let message = "there is no concentration here; the sample is left out";
        problems.push(Diagnostic::warning("nca/no-sample", message).at(row[columns.time].span, ""));
        return None;
    }
    let value = number(cell, problems)?;
    if value < 0.0 {
        problems.push(Diagnostic::error("nca/negative", "a concentration below zero").at(cell.span, ""));
        return None;
    }
    // A number below its own limit was not measured either.
    if limit.is_some_and(|limit| value < limit) && value > 0.0 {
        return Some(Reading::Below(limit));
    }
    Some(Reading::Value(value))
}
