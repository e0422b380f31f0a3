//! Observed curves: a table of measured concentrations -> one curve per study and analyte, under its own protocol.
//!
//! A row is a measurement. Rows of one study, dose, route and analyte are a curve. Columns, in any order; others are
//! ignored:
//!
//! | column | content |
//! |---|---|
//! | `study`, `species`, `analyte`, `route` | names; species `human`, `mouse` or `rat` |
//! | `dose`, `dose_unit` | `mg`, `g`, `umol`, or one of them `/kg` |
//! | `time`, `time_unit` | `min`, `h` or `d` after the start |
//! | `value`, `unit` | a mass or amount concentration |
//! | `weight_kg`, `infusion_h`, `protocol`, `basis`, `matrix`, `drug` | optional |

use std::collections::BTreeMap;

use hepatica_source::csv::{Cell, MAX_BYTES, rows};
use hepatica_source::table::Problems;
use hepatica_source::{Diagnostic, FileId, SourceMap, Span, nearest};
use hepatica_unit::Unit;

use crate::protocol::{Protocol, protocol};

/// The columns a table must have.
const REQUIRED: [&str; 10] =
    ["study", "species", "dose", "dose_unit", "route", "time", "time_unit", "analyte", "value", "unit"];

/// Species and the body weight where a study states none, kg (assumed).
const SPECIES: [(&str, f64); 3] = [("human", 70.0), ("mouse", 0.025), ("rat", 0.25)];

/// A measured substance, as the models report it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Analyte {
    /// Acetaminophen itself.
    Acetaminophen,
    /// Its glucuronide.
    Glucuronide,
    /// Its sulfate.
    Sulfate,
    /// Acetylcysteine, total.
    Acetylcysteine,
    /// Glutathione in the liver.
    Glutathione,
}

impl Analyte {
    /// The name in tables and results.
    pub fn name(self) -> &'static str {
        match self {
            Analyte::Acetaminophen => "APAP",
            Analyte::Glucuronide => "APAP-glucuronide",
            Analyte::Sulfate => "APAP-sulfate",
            Analyte::Acetylcysteine => "NAC",
            Analyte::Glutathione => "GSH",
        }
    }

    /// Reads a name as tables write it.
    pub(crate) fn read(text: &str) -> Option<Analyte> {
        let plain: String = text.to_lowercase().chars().filter(|c| c.is_ascii_alphanumeric()).collect();
        Some(match plain.as_str() {
            "apap" | "acetaminophen" | "paracetamol" => Analyte::Acetaminophen,
            "apapglucuronide" | "acetaminophenglucuronide" | "paracetamolglucuronide" | "glucuronide" => {
                Analyte::Glucuronide
            }
            "apapsulfate" | "apapsulphate" | "acetaminophensulfate" | "paracetamolsulfate" | "sulfate" => {
                Analyte::Sulfate
            }
            "nac" | "totalnac" | "acetylcysteine" | "nacetylcysteine" => Analyte::Acetylcysteine,
            "gsh" | "glutathione" => Analyte::Glutathione,
            _ => return None,
        })
    }
}

/// A measurement.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// When, h after the start.
    pub time_h: f64,
    /// In umol/L of the substance itself, or umol/kg of tissue.
    pub value: f64,
}

/// One analyte of one study over time.
#[derive(Clone, Debug)]
pub struct Curve {
    /// The study.
    pub study: String,
    /// `human`, `mouse` or `rat`.
    pub species: String,
    /// What was measured.
    pub analyte: Analyte,
    /// Who and what was given.
    pub protocol: Protocol,
    /// Measurements above zero, by time.
    pub points: Vec<Point>,
    /// Rows that are left out, and why.
    pub left_out: Vec<String>,
}

/// The header of a table and where each known column is.
struct Header {
    columns: BTreeMap<String, usize>,
    width: usize,
}

/// Reads every curve of a table; what is wrong is told with its row and column, and the rest is read.
pub fn read_curves(map: &SourceMap, file: FileId) -> (Vec<Curve>, Vec<Diagnostic>) {
    let mut problems = Problems::default();
    let mut curves: Vec<Curve> = Vec::new();
    if map.text(file).len() > MAX_BYTES {
        let message = format!("the table is larger than {MAX_BYTES} bytes");
        return (curves, vec![Diagnostic::error("curve/too-large", message)]);
    }
    let mut lines = rows(map, file);
    let Some(header) = lines.next().and_then(|row| header(row, &mut problems)) else {
        if problems.diagnostics.is_empty() {
            problems.push(
                Diagnostic::error("curve/empty", "the table is empty")
                    .hint("its first row names the columns"),
            );
        }
        return (curves, problems.diagnostics);
    };
    for row in lines {
        match row {
            Ok(cells) => add(&cells, &header, &mut curves, &mut problems),
            Err(problem) => problems.push(problem),
        }
    }
    for curve in &mut curves {
        curve.points.sort_by(|a, b| a.time_h.total_cmp(&b.time_h));
        let before = curve.points.len();
        curve.points.dedup();
        if curve.points.len() < before {
            curve.left_out.push(format!("{} repeated row(s)", before - curve.points.len()));
        }
    }
    (curves, problems.diagnostics)
}

fn header(row: Result<Vec<Cell<'_>>, Diagnostic>, problems: &mut Problems) -> Option<Header> {
    let cells = row.map_err(|problem| problems.push(problem)).ok()?;
    let mut columns = BTreeMap::new();
    for (k, cell) in cells.iter().enumerate() {
        if columns.insert(cell.text.to_lowercase(), k).is_some() {
            let message = format!("the column `{}` stands twice", cell.text);
            problems.push(Diagnostic::error("curve/column", message).at(cell.span, ""));
        }
    }
    let span = cells.first().map(|c| c.span)?;
    let missing: Vec<&str> = REQUIRED.into_iter().filter(|name| !columns.contains_key(*name)).collect();
    if let Some(first) = missing.first() {
        let near = nearest(first, columns.keys().map(String::as_str));
        let hint = near
            .map_or(format!("needed: {}", REQUIRED.join(", ")), |n| format!("is `{n}` meant for `{first}`?"));
        let message = format!("there is no column `{}`", missing.join("`, `"));
        problems.push(Diagnostic::error("curve/column", message).at(span, "").hint(hint));
    }
    problems.diagnostics.is_empty().then_some(Header { columns, width: cells.len() })
}

/// The cells of one row by column.
pub(crate) struct Row<'a> {
    cells: &'a [Cell<'a>],
    header: &'a BTreeMap<String, usize>,
}

impl<'a> Row<'a> {
    /// The cell of a column that may be missing; empty cells are missing.
    pub(crate) fn cell(&self, column: &str) -> Option<&'a Cell<'a>> {
        self.cells.get(*self.header.get(column)?).filter(|c| !c.text.is_empty())
    }

    /// The text of a column, or nothing.
    pub(crate) fn text(&self, column: &str) -> &'a str {
        self.cell(column).map_or("", |c| c.text.as_ref())
    }

    /// The span of a column's cell, or of the row.
    pub(crate) fn span(&self, column: &str) -> Span {
        self.cell(column).unwrap_or(&self.cells[0]).span
    }

    /// A required number.
    pub(crate) fn number(&self, column: &str, problems: &mut Problems) -> Option<f64> {
        let found = self.cell(column).and_then(Cell::number);
        if found.is_none() {
            let message = format!("`{}` is not a number ({column})", self.text(column));
            let hint = "numbers have a decimal point and no unit";
            problems.push(Diagnostic::error("curve/number", message).at(self.span(column), "").hint(hint));
        }
        found
    }

    /// A number that may be missing.
    pub(crate) fn optional(&self, column: &str, problems: &mut Problems) -> Option<f64> {
        self.cell(column)?;
        // A note may stand behind a weight, as in `70 (assumed where unstated)`.
        let text = self.text(column);
        match text.split(" (").next().and_then(|t| t.trim().parse::<f64>().ok()).filter(|v| v.is_finite()) {
            Some(value) => Some(value),
            None => self.number(column, problems),
        }
    }

    /// The unit of a column of units.
    pub(crate) fn unit(&self, column: &str, problems: &mut Problems) -> Option<Unit> {
        let text = self.text(column);
        let unit = Unit::parse(text);
        if let Err(error) = &unit {
            let message = format!("`{text}`: {error}");
            problems.push(Diagnostic::error("curve/unit", message).at(self.span(column), ""));
        }
        unit.ok()
    }
}

fn add(cells: &[Cell<'_>], header: &Header, curves: &mut Vec<Curve>, problems: &mut Problems) {
    if cells.len() != header.width {
        let message = format!("the row has {} cells, the header {}", cells.len(), header.width);
        problems.push(Diagnostic::error("curve/ragged", message).at(cells[0].span, ""));
        return;
    }
    let row = Row { cells, header: &header.columns };
    let Some(analyte) = Analyte::read(row.text("analyte")) else {
        // Other analytes of a study are no mistake; they are told once per name by the caller's summary.
        return skipped(&row, curves);
    };
    let told = problems.diagnostics.len();
    let time = row.number("time", problems).zip(row.unit("time_unit", problems));
    let value = row.number("value", problems);
    let species = row.text("species").to_lowercase();
    let Some((_, weight_kg)) = SPECIES.iter().find(|(name, _)| *name == species) else {
        let message = format!("the species `{}` is unknown", row.text("species"));
        let diagnostic = Diagnostic::error("curve/species", message).at(row.span("species"), "");
        problems.push(diagnostic.hint("human, mouse or rat"));
        return;
    };
    let Some(given) = protocol(&row, *weight_kg, problems) else { return };
    let Some((time, unit)) = time else { return };
    let time_h = match unit.convert(time, &Unit::hour()) {
        Ok(time_h) => time_h,
        Err(error) => {
            problems.push(Diagnostic::error("curve/unit", error.to_string()).at(row.span("time_unit"), ""));
            return;
        }
    };
    let Some(value) = value else { return };
    let Some(value) = concentration(&row, analyte, value, problems) else { return };
    if problems.diagnostics.len() > told {
        return;
    }
    let key = (row.text("study"), species);
    let known = curves
        .iter_mut()
        .find(|c| c.study == key.0 && c.species == key.1 && c.analyte == analyte && c.protocol == given);
    let curve = match known {
        Some(curve) => curve,
        None => {
            curves.push(Curve {
                study: key.0.to_string(),
                species: key.1,
                analyte,
                protocol: given,
                points: Vec::new(),
                left_out: Vec::new(),
            });
            let last = curves.len() - 1;
            &mut curves[last]
        }
    };
    let unsure = "the basis of the values is unsure";
    if row.text("basis").starts_with("unsure") {
        if !curve.left_out.iter().any(|why| why == unsure) {
            curve.left_out.push(unsure.to_string());
        }
    } else if value > 0.0 {
        curve.points.push(Point { time_h, value });
    } else {
        curve.left_out.push(format!("{time_h} h: not above zero"));
    }
}

/// Leaves out curves that stand twice, in one table or in several: one analyte by the same route at the same times,
/// from studies whose names begin alike, with values within 5 % (digitised twice). The first one stays.
pub fn without_repeats(curves: Vec<Curve>) -> (Vec<Curve>, Vec<String>) {
    let (mut kept, mut left): (Vec<Curve>, Vec<String>) = (Vec::new(), Vec::new());
    for curve in curves {
        match kept.iter().find(|first| repeats(first, &curve)) {
            Some(first) => left.push(format!(
                "{} {}: stands as {} already",
                curve.study,
                curve.analyte.name(),
                first.study
            )),
            None => kept.push(curve),
        }
    }
    (kept, left)
}

/// Whether two curves are one.
fn repeats(a: &Curve, b: &Curve) -> bool {
    // `Prescott_1980_...` and `prescott_1980`: up to the year, else the first 13 letters.
    let stem = |name: &str| {
        let letters: Vec<char> = name.to_lowercase().chars().collect();
        let year = letters.windows(4).position(|w| w.iter().all(char::is_ascii_digit));
        letters.into_iter().take(year.map_or(13, |k| k + 4)).collect::<String>()
    };
    let near = |x: f64, y: f64| (x / y - 1.0).abs() <= 0.05;
    let same = |(p, q): (&Point, &Point)| (p.time_h - q.time_h).abs() < 1e-3 && near(p.value, q.value);
    let route = |c: &Curve| c.protocol.doses.first().map(|d| d.route.clone());
    a.analyte == b.analyte
        && a.species == b.species
        && route(a) == route(b)
        && stem(&a.study) == stem(&b.study)
        && !a.points.is_empty()
        && a.points.len() == b.points.len()
        && a.points.iter().zip(&b.points).all(same)
}

/// Notes an analyte that no model reports at the curve of its study.
fn skipped(row: &Row<'_>, curves: &mut [Curve]) {
    let note = format!("analyte {}: not compared", row.text("analyte"));
    let known = curves.iter_mut().find(|c| c.study == row.text("study"));
    if let Some(curve) = known.filter(|c| !c.left_out.contains(&note)) {
        curve.left_out.push(note);
    }
}

/// A measured value in umol/L of the substance itself, or umol/kg of tissue.
fn concentration(row: &Row<'_>, analyte: Analyte, value: f64, problems: &mut Problems) -> Option<f64> {
    // The words behind a unit, as in `umol/g tissue` or `mg/L (mass of the species itself)`, are a note.
    let text = row.text("unit");
    let text = text.split(" (").next().unwrap_or(text).trim_end_matches(" tissue").trim();
    let unit = match Unit::parse(text) {
        Ok(unit) => unit,
        Err(error) => {
            problems
                .push(Diagnostic::error("curve/unit", format!("`{text}`: {error}")).at(row.span("unit"), ""));
            return None;
        }
    };
    let molar = |text: &str| Unit::parse(text).ok().and_then(|wanted| unit.convert(value, &wanted).ok());
    if let Some(umol) = molar("umol/L").or_else(|| molar("umol/kg")) {
        return Some(umol);
    }
    let Some(mg_per_l) = molar("mg/L") else {
        let message = format!("`{text}` is not a concentration");
        let hint = "mg/L, ug/mL, umol/L, umol/g and the like";
        problems.push(Diagnostic::error("curve/unit", message).at(row.span("unit"), "").hint(hint));
        return None;
    };
    let parent = hepatica_chem::find("acetaminophen").ok()?.molar_mass();
    let mass = match analyte {
        _ if row.text("basis").contains("paracetamol equivalents") => parent,
        Analyte::Acetaminophen => parent,
        Analyte::Glucuronide => hepatica_chem::find("acetaminophen-glucuronide").ok()?.molar_mass(),
        Analyte::Sulfate => hepatica_chem::find("acetaminophen-sulfate").ok()?.molar_mass(),
        Analyte::Acetylcysteine => hepatica_chem::find("acetylcysteine").ok()?.molar_mass(),
        Analyte::Glutathione => hepatica_chem::find("glutathione").ok()?.molar_mass(),
    };
    Some(1e3 * mg_per_l / mass)
}

#[cfg(test)]
mod tests {
    use hepatica_source::render_short;

    use super::*;

    const HEADER: &str =
        "study,species,dose,dose_unit,route,infusion_h,protocol,time,time_unit,analyte,value,unit,basis\n";

    fn read(body: &str) -> (Vec<Curve>, Vec<String>) {
        let mut map = SourceMap::new();
        let file = map.add("c.csv", format!("{HEADER}{body}"));
        let (curves, problems) = read_curves(&map, file);
        let told = problems.iter().map(|p| render_short(&map, p)).collect();
        (curves, told)
    }

    #[test]
    fn a_curve_with_its_protocol_and_units() {
        let (curves, told) = read(
            "A,human,20,mg/kg,oral,,\"8 equal oral parts over 2 h, the first at 0 h\",120,min,paracetamol,15.1165,ug/mL,parent\n\
             A,human,20,mg/kg,oral,,\"8 equal oral parts over 2 h, the first at 0 h\",1,h,APAP,0,mg/L,\n",
        );
        assert_eq!(told, Vec::<String>::new());
        let curve = &curves[0];
        assert_eq!(curve.protocol.weight_kg, 70.0);
        let repeats = curve.protocol.doses[0].repeats.unwrap();
        assert_eq!((repeats.additional, repeats.interval_h), (7, 0.25));
        assert!(
            (curve.protocol.doses[0].amount.for_weight(Some(70.0)).unwrap().value() - 175.0).abs() < 1e-9
        );
        assert_eq!(curve.points.len(), 1);
        assert!((curve.points[0].time_h - 2.0).abs() < 1e-12);
        // 15.1165 mg/L of a drug of 151.165 g/mol.
        assert!((curve.points[0].value - 100.0).abs() < 0.02, "{}", curve.points[0].value);
        assert_eq!(curve.left_out, ["1 h: not above zero"]);
    }

    #[test]
    fn equivalents_of_the_parent_are_not_masses_of_the_conjugate() {
        let row = |basis: &str| {
            let body = format!("A,human,1,g,iv,0.25,15 min infusion,1,h,APAP-glucuronide,10,mg/L,{basis}\n");
            read(&body).0[0].points[0].value
        };
        // Molar masses 327.29 and 151.17: a factor of 2.165.
        assert!((row("paracetamol equivalents") / row("") - 2.165).abs() < 1e-3);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        let (curves, told) = read(
            "A,human,x,mg,oral,,,1,h,APAP,1,mg/L,\n\
             A,human,1,mg,rectal,,,1,h,APAP,1,mg/L,\n\
             A,human,1,mg,oral,,1 g every 6 h,1,h,APAP,1,mg/L,\n\
             A,human,1,mg,oral,,,1,h,APAP,nan,mg/L,\n\
             A,human,1,mg,oral,,,1,h,APAP,1,mmHg,\n\
             A,human,1,mg\n\
             A,human,1,h,oral,,,1,kg,APAP,1,mg/L,\n",
        );
        assert!(curves.is_empty());
        let codes: Vec<&str> = told.iter().map(|t| t.split(['[', ']']).nth(1).unwrap()).collect();
        assert_eq!(
            codes,
            [
                "curve/number",
                "curve/route",
                "curve/protocol",
                "curve/number",
                "curve/unit",
                "curve/ragged",
                "curve/dose"
            ]
        );
        assert!(told[0].starts_with("c.csv:2:9:"), "{told:?}");
        let mut map = SourceMap::new();
        let file = map.add("c.csv", "study,species,dos,dose_unit\n");
        let (_, problems) = read_curves(&map, file);
        assert!(render_short(&map, &problems[0]).contains("no column `dose`"));
    }

    #[test]
    fn a_curve_digitised_twice_counts_once() {
        let (curves, _) = read(
            "Smith_1990_PO,human,1,g,oral,,,1,h,APAP,10,mg/L,\n\
             smith_1990_po_1g,human,1,g,oral,,,1,h,APAP,10.3,mg/L,\n\
             Smith_1990_other,human,1,g,oral,,,1,h,APAP,12,mg/L,\n",
        );
        let (kept, left) = without_repeats(curves);
        assert_eq!(kept.len(), 2);
        assert_eq!(left, ["smith_1990_po_1g APAP: stands as Smith_1990_PO already"]);
    }
}
