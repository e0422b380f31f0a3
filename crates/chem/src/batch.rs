//! A batch of the magnesium salt as data: what was weighed and what was found.

use hepatica_source::table::{self, Problems, Table};
use hepatica_source::{Diagnostic, FileId, SourceMap, Span, Spanned, has_errors};

use crate::carbonate::{CARBONATES, Carbonate};
use crate::measure::Measure;

/// What is known of the magnesium carbonate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum MagnesiumSource {
    /// Only that it is a basic carbonate.
    Unspecified,
    /// Its formula.
    Kind(&'static Carbonate),
    /// Its assay as magnesium oxide, 0 to 1.
    AsMgo(f64),
}

/// A solvent added on a route.
#[derive(Clone, Debug, PartialEq)]
pub struct Solvent {
    /// Its name.
    pub name: String,
    /// Its volume in mL.
    pub ml: f64,
}

/// A way from an aliquot of the solution to the dry salt.
#[derive(Clone, Debug, PartialEq)]
pub struct Route {
    /// Its name.
    pub name: String,
    /// What is done.
    pub procedure: String,
    /// The volume of solution in mL.
    pub aliquot_ml: f64,
    /// What is added, in order.
    pub solvents: Vec<Solvent>,
    /// The mass found in g.
    pub mass_g: f64,
    /// Half of the last digit of that mass in g: it is known no better.
    pub rounding_g: f64,
}

/// A batch.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    /// What it is.
    pub title: String,
    /// From where the figures are.
    pub source: String,
    /// Acetylcysteine in g, as weighed.
    pub acetylcysteine_g: f64,
    /// Its assay, 0 to 1.
    pub assay: f64,
    /// Magnesium carbonate in g.
    pub carbonate_g: f64,
    /// Which one.
    pub carbonate: MagnesiumSource,
    /// Water in mL.
    pub water_ml: f64,
    /// The volume of the solution in mL where it was measured; else that of the water is taken.
    pub solution_ml: Option<f64>,
    /// The pH found.
    pub ph: Option<f64>,
    /// The routes.
    pub routes: Vec<Route>,
}

impl Batch {
    /// The volume aliquots are taken of, in mL.
    pub fn volume_ml(&self) -> f64 {
        self.solution_ml.unwrap_or(self.water_ml)
    }

    /// The same recipe, `times` as large.
    pub fn scaled(&self, times: f64) -> Batch {
        let mut batch = self.clone();
        for value in [&mut batch.acetylcysteine_g, &mut batch.carbonate_g, &mut batch.water_ml] {
            *value *= times;
        }
        batch.solution_ml = self.solution_ml.map(|ml| ml * times);
        for route in &mut batch.routes {
            route.aliquot_ml *= times;
            route.mass_g *= times;
            route.rounding_g *= times;
            route.solvents.iter_mut().for_each(|s| s.ml *= times);
        }
        batch
    }

    /// Reads a batch file; every problem is reported.
    pub fn read(sources: &SourceMap, file: FileId) -> (Option<Batch>, Vec<Diagnostic>) {
        let mut problems = Problems::default();
        let mut table = table::parse(sources, file, &mut problems);
        let batch = read_batch(&mut table, &mut problems);
        table.finish(&mut problems);
        let batch = batch.filter(|_| !has_errors(&problems.diagnostics));
        (batch, problems.diagnostics)
    }
}

fn read_batch(table: &mut Table, problems: &mut Problems) -> Option<Batch> {
    let title = table.required_text("title", problems);
    let source = table.text("source", problems).map_or_else(String::new, |s| s.value);
    let acid = required(table, "acetylcysteine", Measure::Mass, problems);
    let assay = optional(table, "assay", Measure::Share, problems);
    let carbonate = required(table, "carbonate", Measure::Mass, problems);
    let kind = magnesium_source(table, problems);
    let water = required(table, "water", Measure::Volume, problems);
    let solution = optional(table, "solution", Measure::Volume, problems);
    let ph = read_ph(table, problems);
    let mut routes = Vec::new();
    for mut entry in table.tables("route", problems) {
        routes.extend(read_route(&mut entry, problems));
        entry.finish(problems);
    }
    let (acid, water) = (acid?, water?);
    let volume = solution.as_ref().unwrap_or(&water);
    let taken: f64 = routes.iter().map(|r| r.aliquot_ml).sum();
    if taken > volume.value * (1.0 + 1e-9) {
        let message = format!("the routes take {taken} mL of {} mL of solution", volume.value);
        problems.push(Diagnostic::error("batch/aliquots", message).at(volume.span, "not as much as that"));
    }
    if let Some(assay) = assay.as_ref().filter(|a| a.value > 1.0) {
        problems.push(share_above_one(assay.span));
    }
    Some(Batch {
        title: title?.value,
        source,
        acetylcysteine_g: acid.value / 1e3,
        assay: assay.map_or(1.0, |a| a.value),
        carbonate_g: carbonate?.value / 1e3,
        carbonate: kind,
        water_ml: water.value,
        solution_ml: solution.map(|s| s.value),
        ph,
        routes,
    })
}

fn read_ph(table: &mut Table, problems: &mut Problems) -> Option<f64> {
    let ph = table.number("ph", problems)?;
    if (0.0..=14.0).contains(&ph.value) {
        return Some(ph.value);
    }
    let message = format!("a pH of {} is not one of water", ph.value);
    problems.push(Diagnostic::error("batch/ph", message).at(ph.span, "").hint("write a number from 0 to 14"));
    None
}

fn read_route(table: &mut Table, problems: &mut Problems) -> Option<Route> {
    let name = table.required_text("name", problems);
    let procedure = table.text("procedure", problems).map_or_else(String::new, |s| s.value);
    let aliquot = required(table, "aliquot", Measure::Volume, problems);
    let mass = required(table, "mass", Measure::Mass, problems);
    let resolution = optional(table, "resolution", Measure::Mass, problems);
    let mut solvents = Vec::new();
    for mut entry in table.tables("solvents", problems) {
        let name = entry.required_text("name", problems);
        let volume = required(&mut entry, "volume", Measure::Volume, problems);
        entry.finish(problems);
        solvents
            .extend(name.zip(volume).map(|(name, volume)| Solvent { name: name.value, ml: volume.value }));
    }
    Some(Route {
        name: name?.value,
        procedure,
        aliquot_ml: aliquot?.value,
        solvents,
        mass_g: mass?.value / 1e3,
        rounding_g: resolution.map_or(0.0, |r| 0.5 * r.value / 1e3),
    })
}

fn magnesium_source(table: &mut Table, problems: &mut Problems) -> MagnesiumSource {
    let kind = table.text("carbonate_kind", problems);
    let mgo = optional(table, "carbonate_as_mgo", Measure::Share, problems);
    match (kind, mgo) {
        (Some(kind), Some(_)) => {
            let message = "the carbonate is given twice, by kind and by assay";
            problems.push(
                Diagnostic::error("batch/carbonate", message).at(kind.span, "").hint("keep one of them"),
            );
            MagnesiumSource::Unspecified
        }
        (None, Some(mgo)) if mgo.value <= 1.0 => MagnesiumSource::AsMgo(mgo.value),
        (None, Some(mgo)) => {
            problems.push(share_above_one(mgo.span));
            MagnesiumSource::Unspecified
        }
        (Some(kind), None) => Carbonate::find(&kind.value).map_or_else(
            || {
                problems.push(unknown_carbonate(&kind));
                MagnesiumSource::Unspecified
            },
            MagnesiumSource::Kind,
        ),
        (None, None) => MagnesiumSource::Unspecified,
    }
}

fn unknown_carbonate(kind: &Spanned<String>) -> Diagnostic {
    let known: Vec<&str> = CARBONATES.iter().map(|c| c.text).collect();
    Diagnostic::error("batch/carbonate", format!("`{}` is no carbonate known here", kind.value))
        .at(kind.span, "")
        .hint(format!("one of {}; or give the assay as carbonate_as_mgo = \"41.6 %\"", known.join(", ")))
}

fn share_above_one(span: Span) -> Diagnostic {
    Diagnostic::error("batch/share", "a share is at most 100 %")
        .at(span, "more than the whole")
        .hint("write `99.5 %`")
}

fn required(table: &mut Table, key: &str, measure: Measure, problems: &mut Problems) -> Option<Spanned<f64>> {
    let text = table.required_text(key, problems)?;
    read_measure(text, measure, problems)
}

fn optional(table: &mut Table, key: &str, measure: Measure, problems: &mut Problems) -> Option<Spanned<f64>> {
    let text = table.text(key, problems)?;
    read_measure(text, measure, problems)
}

fn read_measure(text: Spanned<String>, measure: Measure, problems: &mut Problems) -> Option<Spanned<f64>> {
    match measure.read(&text.value) {
        Ok(value) => Some(Spanned::new(value, text.span)),
        Err(error) => {
            let mut diagnostic = Diagnostic::error(error.code, error.message).at(text.span, "");
            if let Some(hint) = error.hint {
                diagnostic = diagnostic.hint(hint);
            }
            problems.push(diagnostic);
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hepatica_source::render_short;

    const GOOD: &str = r#"title = "T"
acetylcysteine = "19.6 g"
carbonate = "5.82 g"
water = "400 mL"
[[route]]
name = "dry"
aliquot = "200 mL"
mass = "9.6 g"
resolution = "0.1 g"
solvents = [{ name = "ethanol", volume = "30 mL" }]
"#;

    fn read(text: &str) -> (Option<Batch>, Vec<String>) {
        let mut sources = SourceMap::new();
        let file = sources.add("batch.toml", text);
        let (batch, problems) = Batch::read(&sources, file);
        (batch, problems.iter().map(|d| render_short(&sources, d)).collect())
    }

    #[test]
    fn a_batch_is_read() {
        let (batch, problems) = read(GOOD);
        assert_eq!(problems, Vec::<String>::new());
        let batch = batch.unwrap();
        assert_eq!((batch.acetylcysteine_g, batch.carbonate_g, batch.volume_ml()), (19.6, 5.82, 400.0));
        assert_eq!((batch.routes[0].mass_g, batch.routes[0].rounding_g), (9.6, 0.05));
        assert_eq!(batch.carbonate, MagnesiumSource::Unspecified);
        assert_eq!(batch.scaled(2.0).routes[0].solvents[0].ml, 60.0);
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (from, to, expected) in [
            ("19.6 g", "19.6", "batch.toml:2:18: error[chem/unit]: a mass cannot be given without a unit"),
            ("19.6 g", "19.6 mL", "a mass cannot be given in `mL`"),
            ("5.82 g", "0 g", "a mass must be above zero"),
            ("400 mL", "400 g", "batch.toml:4:9: error[chem/unit]: a volume cannot be given in `g`"),
            ("\"200 mL\"", "\"500 mL\"", "the routes take 500 mL of 400 mL"),
            ("water =", "watr =", "unknown key `watr`"),
            ("water =", "ph = 15\nwater =", "a pH of 15"),
            ("water =", "carbonate_kind = \"chalk\"\nwater =", "`chalk` is no carbonate known here"),
            ("water =", "carbonate_as_mgo = \"141 %\"\nwater =", "at most 100 %"),
            ("water =", "assay = \"101 %\"\nwater =", "at most 100 %"),
            (
                "water =",
                "carbonate_as_mgo = \"41 %\"\ncarbonate_kind = \"MgCO3\"\nwater =",
                "given twice, by kind and by assay",
            ),
        ] {
            let (batch, problems) = read(&GOOD.replacen(from, to, 1));
            assert!(batch.is_none(), "{to}");
            assert!(problems.iter().any(|p| p.contains(expected)), "{to}: {problems:?}");
        }
    }
}
