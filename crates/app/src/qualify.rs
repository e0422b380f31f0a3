//! `hepatica qualify`: the human model against observed curves, outcome tables and everything that must hold.

use std::path::{Path, PathBuf};

use hepatica_fit::qualify::{
    Animal, Check, Dataset, Line, Outcome, SEEDS, Subject, checks, cohort_lines, curve_lines, datasets,
    typical_lines,
};
use hepatica_fit::{Curve, read_curves, without_repeats};
use hepatica_report::number::{decimals, percent, significant};
use hepatica_report::{Cell, Column, Rules, Table};
use hepatica_sim::Options;
use hepatica_source::{FileId, SourceMap, has_errors};
use serde_json::{Value, json};

use crate::answer::{Answer, NOT_A_DEVICE};
use crate::evidence::ids_of;
use crate::library::Library;
use crate::load::load;
use crate::qualify_page;
use crate::refuse::Error;
use crate::world::{World, read_text};

/// The model that is qualified.
pub(crate) const MODEL: &str = "human/overdose";

/// The models of animals with the species whose curves they answer for and the body weight of their lines, kg.
const ANIMALS: [(&str, &str, f64); 2] = [("mouse", "mouse/overdose", 0.025), ("rat", "rat/overdose", 0.25)];

/// The table of curves that ships.
const SHIPPED: &str = "evidence/data/human_apap_plasma.csv";

/// The width a terminal is taken to have.
const WIDTH: usize = 150;

/// What to qualify with.
#[derive(Clone, Debug, Default)]
pub struct QualifyRequest {
    /// Tables of observed curves, or folders of them, besides the shipped one.
    pub data: Vec<PathBuf>,
    /// Only the curves: no lines of typical patients and cohorts.
    pub curves_only: bool,
    /// Where a report is written, if one is wanted.
    pub report: Option<PathBuf>,
    /// How to integrate; threads and instruction set do not change the answer.
    pub engine: Options,
}

/// Everything a qualification found.
#[derive(Debug)]
pub(crate) struct Qualification {
    pub(crate) datasets: Vec<Dataset>,
    pub(crate) left_out: Vec<String>,
    pub(crate) lines: Vec<Line>,
    pub(crate) outcomes: Vec<Outcome>,
    /// Curves over the spread of virtual people; made for a report only.
    pub(crate) checks: Vec<Check>,
}

impl Qualification {
    /// Lines that fail.
    pub(crate) fn failures(&self) -> usize {
        self.lines.iter().filter(|l| l.fails()).count()
    }
}

/// A qualification and whether all of it holds.
#[derive(Debug)]
pub struct Qualified {
    /// The answer.
    pub answer: Answer,
    /// How many lines fail.
    pub failures: usize,
}

/// Qualifies the human model.
///
/// # Errors
/// Tables that cannot be read, with row and column; a model that cannot be simulated.
pub fn qualify(world: &dyn World, request: &QualifyRequest) -> Result<Qualified, Error> {
    let mut sources = SourceMap::new();
    let library = Library::near(world, Path::new("."));
    let loaded = load(world, &library, MODEL, None, &mut sources)?;
    let options = &request.engine;
    let subject = Subject { model: &loaded.model, system: &loaded.system, options, values: &[] };
    let failed = |e: hepatica_fit::FitError| Error::Argument(format!("{MODEL}: {e}"));
    let Curves { shipped, given, animals, mut left_out } = curves(world, &library, request, &mut sources)?;
    let (mut found, left) = datasets(&subject, &shipped).map_err(failed)?;
    left_out.extend(left);
    let mut lines = curve_lines(&found).map_err(failed)?;
    let (more, left) = datasets(&subject, &given).map_err(failed)?;
    found.extend(more);
    left_out.extend(left);
    let mut outcomes = Vec::new();
    if !request.curves_only {
        lines.extend(typical_lines(&subject).map_err(failed)?);
    }
    for (species, id, weight_kg) in ANIMALS {
        let of: Vec<Curve> = animals.iter().filter(|c| c.species == species).cloned().collect();
        if of.is_empty() && request.curves_only {
            continue;
        }
        let failed = |e: hepatica_fit::FitError| Error::Argument(format!("{id}: {e}"));
        let loaded = load(world, &library, id, None, &mut sources)?;
        let (model, system) = (&loaded.model, &loaded.system);
        let (more, left) = datasets(&Subject { model, system, options, values: &[] }, &of).map_err(failed)?;
        found.extend(more);
        left_out.extend(left);
        if !request.curves_only {
            let animal = Animal { model, system, options, weight_kg };
            let more = if species == "mouse" { animal.mouse_lines() } else { animal.rat_lines() };
            lines.extend(more.map_err(failed)?);
        }
    }
    if !request.curves_only {
        for seed in SEEDS {
            world.progress(&format!("cohorts of seed {seed}"));
            let (more, tables) = cohort_lines(&subject, seed).map_err(failed)?;
            lines.extend(more);
            outcomes.extend(tables);
        }
    }
    let mut seen = Vec::new();
    if request.report.is_some() {
        world.progress("virtual people under the protocols of the curves");
        for part in [&shipped, &given] {
            seen.extend(checks(&subject, part).map_err(failed)?);
        }
    }
    let qualification = Qualification { datasets: found, left_out, lines, outcomes, checks: seen };
    if let Some(path) = &request.report {
        let page = qualify_page::render(&qualification);
        world.write(path, page.as_bytes()).map_err(Error::io(path, "write"))?;
    }
    let answer = Answer { text: text(&qualification), json: to_json(&qualification) };
    Ok(Qualified { answer, failures: qualification.failures() })
}

/// What is compared and what is not.
struct Curves {
    shipped: Vec<Curve>,
    given: Vec<Curve>,
    animals: Vec<Curve>,
    left_out: Vec<String>,
}

/// The shipped curves, the curves of the request that do not stand among them, and what is left out.
fn curves(
    world: &dyn World,
    library: &Library,
    request: &QualifyRequest,
    sources: &mut SourceMap,
) -> Result<Curves, Error> {
    let found =
        library.find(world, SHIPPED).ok_or_else(|| Error::Argument(format!("there is no {SHIPPED}")))?;
    let file = sources.add(found.name, found.text);
    let mut all = read_table(sources, file)?;
    let shipped = all.len();
    for path in files(world, &request.data)? {
        let text = read_text(world, &path)?;
        let file = sources.add(path.display().to_string(), text);
        all.extend(read_table(sources, file)?);
    }
    let own: Vec<String> = all[..shipped].iter().map(|c| c.study.clone()).collect();
    let mut left: Vec<String> = all
        .iter()
        .flat_map(|c| c.left_out.iter().map(|why| format!("{} {}: {why}", c.study, c.analyte.name())))
        .collect();
    let (kept, repeated) = without_repeats(all);
    left.extend(repeated);
    let (human, animals): (Vec<Curve>, Vec<Curve>) = kept.into_iter().partition(|c| c.species == "human");
    let (shipped, given) = human.into_iter().partition(|c| own.contains(&c.study));
    Ok(Curves { shipped, given, animals, left_out: left })
}

fn read_table(sources: &SourceMap, file: FileId) -> Result<Vec<Curve>, Error> {
    let (curves, problems) = read_curves(sources, file);
    if has_errors(&problems) { Err(Error::refused(sources, problems)) } else { Ok(curves) }
}

/// The tables of some paths; a folder stands for its `.csv` files by name.
fn files(world: &dyn World, paths: &[PathBuf]) -> Result<Vec<PathBuf>, Error> {
    let mut files = Vec::new();
    for path in paths {
        let mut inside: Vec<String> =
            world.list(path).into_iter().filter(|name| name.ends_with(".csv")).collect();
        inside.sort();
        if inside.is_empty() {
            files.push(path.clone());
        }
        files.extend(inside.iter().map(|name| path.join(name)));
    }
    Ok(files)
}

/// A line with what the cohort of each seed gave.
struct Grouped<'a> {
    lines: Vec<&'a Line>,
}

impl Grouped<'_> {
    fn joined(&self, show: &dyn Fn(&Line) -> String) -> String {
        self.lines.iter().map(|l| show(l)).collect::<Vec<_>>().join(" / ")
    }

    fn fails(&self) -> bool {
        self.lines.iter().any(|l| l.fails())
    }

    fn verdict(&self) -> &'static str {
        match (self.lines[0].reported, self.fails()) {
            (true, _) => "shown",
            (false, false) => "holds",
            (false, true) => "FAILS",
        }
    }
}

/// Lines of one name together, those that fail first.
fn grouped(lines: &[Line]) -> Vec<Grouped<'_>> {
    let mut groups: Vec<Grouped<'_>> = Vec::new();
    for line in lines {
        match groups.iter_mut().find(|g| g.lines[0].id == line.id) {
            Some(group) => group.lines.push(line),
            None => groups.push(Grouped { lines: vec![line] }),
        }
    }
    groups.sort_by_key(|g| !g.fails());
    groups
}

/// The lines, one row for all seeds, failures first.
pub(crate) fn line_table(lines: &[Line], with_source: bool) -> Table {
    let names = ["", "What", "Found", "Wanted", "On", "Line", "Source"];
    let shown = if with_source { names.len() } else { names.len() - 1 };
    let mut table = Table::new(names[..shown].iter().map(|n| Column::text(*n)));
    for group in grouped(lines) {
        let line = group.lines[0];
        let cells = [
            group.verdict().to_string(),
            line.text.clone(),
            group.joined(&|l| significant(l.found, 3)),
            wanted(line),
            group.joined(&|l| l.base.map_or(String::new(), |b| b.count.to_string())),
            line.id.clone(),
            line.source.to_string(),
        ];
        // The row has a cell per column by construction.
        let _ = table
            .push(cells.into_iter().take(shown).map(|c| Cell::from(c.trim_matches([' ', '/']).to_string())));
    }
    table
}

fn wanted(line: &Line) -> String {
    match (line.low.is_finite(), line.high.is_finite()) {
        (true, true) => format!("{} to {}", significant(line.low, 4), significant(line.high, 4)),
        (true, false) => format!("at least {}", significant(line.low, 4)),
        _ => format!("at most {}", significant(line.high, 4)),
    }
}

/// The curves, one row each.
pub(crate) fn dataset_table(datasets: &[Dataset]) -> Table {
    let columns = ["Study", "Analyte", "n", "GMFE", "AFE", "Within 2-fold"].map(Column::text);
    let mut table = Table::new(columns);
    for d in datasets {
        let cells = [
            d.name.clone(),
            d.analyte.name().to_string(),
            d.compared.observed.len().to_string(),
            decimals(d.gmfe, 3),
            decimals(d.afe, 3),
            percent(d.within_2fold, 3),
        ];
        let _ = table.push(cells.map(Cell::from));
    }
    table
}

/// The outcome tables, one row each.
pub(crate) fn outcome_table(outcomes: &[Outcome]) -> Table {
    let columns =
        ["Outcome", "Published", "95 % interval", "Seed", "Model", "", "Status", "Source"].map(Column::text);
    let mut table = Table::new(columns);
    for o in outcomes {
        let cells = [
            o.name.clone(),
            format!("{} of {}", o.events, o.n),
            format!("{} to {}", percent(o.interval.low, 3), percent(o.interval.high, 3)),
            o.seed.to_string(),
            percent(o.predicted, 3),
            if o.inside() { "inside" } else { "outside" }.to_string(),
            o.standing.word().to_string(),
            o.source.to_string(),
        ];
        let _ = table.push(cells.map(Cell::from));
    }
    table
}

fn text(q: &Qualification) -> String {
    let show = |table: Table| table.text(WIDTH, Rules::default());
    let mut text = format!("Qualification of {MODEL}\n\nCurves\n{}", show(dataset_table(&q.datasets)));
    for why in &q.left_out {
        text.push_str(&format!("  left out: {why}\n"));
    }
    if !q.outcomes.is_empty() {
        text.push_str(&format!("\nOutcomes\n{}", show(outcome_table(&q.outcomes))));
    }
    text.push_str(&format!("\nLines\n{}", show(line_table(&q.lines, false))));
    let gated = q.lines.iter().filter(|l| !l.reported).count();
    text.push_str(&format!("\n{} of {gated} lines hold. {NOT_A_DEVICE}\n", gated - q.failures()));
    text
}

fn to_json(q: &Qualification) -> Value {
    let number = |v: f64| if v.is_finite() { json!(v) } else { Value::Null };
    let datasets: Vec<Value> = q
        .datasets
        .iter()
        .map(|d| {
            json!({
                "name": d.name,
                "analyte": d.analyte.name(),
                "n": d.compared.observed.len(),
                "gmfe": d.gmfe,
                "afe": d.afe,
                "within_2fold": d.within_2fold,
            })
        })
        .collect();
    let outcomes: Vec<Value> = q
        .outcomes
        .iter()
        .map(|o| {
            json!({
                "name": o.name,
                "seed": o.seed,
                "events": o.events,
                "n": o.n,
                "observed": o.events as f64 / o.n as f64,
                "lo": o.interval.low,
                "hi": o.interval.high,
                "predicted": o.predicted,
                "inside": o.inside(),
                "status": o.standing.word(),
                "source": o.source, "evidence": ids_of(o.source),
            })
        })
        .collect();
    let lines: Vec<Value> = q
        .lines
        .iter()
        .map(|l| {
            json!({
                "id": l.id,
                "text": l.text,
                "seed": l.seed,
                "found": number(l.found),
                "low": number(l.low),
                "high": number(l.high),
                "count": l.base.map(|b| b.count),
                "needed": l.base.map(|b| b.needed),
                "gated": !l.reported,
                "holds": l.holds(),
                "status": l.standing.word(),
                "source": l.source, "evidence": ids_of(l.source),
            })
        })
        .collect();
    json!({
        "schema": "hepatica.qualify/1",
        "model": MODEL,
        "datasets": datasets,
        "outcomes": outcomes,
        "lines": lines,
        "left_out": q.left_out,
        "failures": q.failures(),
        "note": NOT_A_DEVICE,
    })
}
