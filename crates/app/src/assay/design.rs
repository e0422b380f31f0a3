//! `hepatica assay allocate` and `power`: a randomised list, and how many animals.

use std::path::PathBuf;

use hepatica_assay::groups::{Allocated, Assumed, Plan, Power, allocate as list, power as simulate};
use hepatica_report::number::short;
use hepatica_report::{Axis, Blocks, Cell, Column, Figure, Labels, Plot, Series, Table};
use hepatica_stats::Interval;
use serde_json::{Value, json};

use super::LEVEL;
use super::bench::{BenchRequest, Published, filled, page, publish};
use crate::answer::{Answer, NOT_A_DEVICE};
use crate::chem::layout;
use crate::refuse::Error;
use crate::world::World;

/// A list to make.
#[derive(Clone, Debug)]
pub struct AllocateRequest {
    /// The plan.
    pub groups: Vec<String>,
    /// Animals per group.
    pub per_group: u32,
    /// Animals of each group in a cage.
    pub per_cage: u32,
    /// Decides the order.
    pub seed: u64,
    /// Folder for the list.
    pub out: Option<PathBuf>,
    /// Replace a list that is already there.
    pub overwrite: bool,
}

/// Makes a randomised list.
///
/// # Errors
/// A plan that cannot be; a folder that already holds a report.
pub fn allocate(world: &dyn World, request: &AllocateRequest) -> Result<Answer, Error> {
    let plan = Plan {
        groups: request.groups.clone(),
        per_group: request.per_group,
        per_cage: request.per_cage,
        seed: request.seed,
    };
    let rows = list(&plan).map_err(Error::Argument)?;
    let columns = || vec![Column::value("animal"), Column::value("cage"), Column::text("group")];
    let cells = |a: &Allocated| {
        let group = Cell::Text(plan.groups[a.group].clone());
        vec![Cell::Number(f64::from(a.animal)), Cell::Number(f64::from(a.cage)), group]
    };
    let table = filled(columns(), rows.iter().map(cells).collect());
    let lead = format!(
        "{} animals in {} groups, {} of each in a cage; seed {}. Every cage holds every group, so that it is a block.",
        rows.len(),
        plan.groups.len(),
        plan.per_cage,
        plan.seed
    );
    let allocation = rows
        .iter()
        .map(|a| json!({ "animal": a.animal, "cage": a.cage, "group": plan.groups[a.group] }))
        .collect::<Vec<Value>>();
    let json = json!({
        "schema": "hepatica.assay.allocate/1", "notice": NOT_A_DEVICE,
        "groups": plan.groups, "per_group": plan.per_group, "per_cage": plan.per_cage, "seed": plan.seed,
        "allocation": allocation,
    });
    let text = format!("{lead}\n{}", layout::table(columns(), rows.iter().map(cells).collect()));
    let report =
        page("Randomised list", &[]).section("List", Blocks::new().paragraph(lead).table(table.clone()));
    let published = Published {
        answer: Answer { text, json },
        page: report,
        figures: vec![],
        tables: vec![("allocation".into(), table)],
    };
    publish(world, &bench(&request.out, request.overwrite), published)
}

/// A power to simulate.
#[derive(Clone, Debug)]
pub struct PowerRequest {
    /// Doses, mg/kg, rising.
    pub doses: Vec<f64>,
    /// The change of each dose against the control, %; below 0 for a fall.
    pub changes: Vec<f64>,
    /// Standard deviation of animals, % of the control's mean.
    pub cv: f64,
    /// Animals lost before the end, %.
    pub loss: f64,
    /// Wanted power for the highest dose, %.
    pub target: f64,
    /// Animals per group that are tried.
    pub numbers: Vec<u32>,
    /// Simulated studies per number.
    pub studies: u32,
    /// Decides the draws.
    pub seed: u64,
    /// Folder for the report.
    pub out: Option<PathBuf>,
    /// Replace a report that is already there.
    pub overwrite: bool,
}

/// Simulates the power of a study.
///
/// # Errors
/// Numbers out of range; a folder that already holds a report.
pub fn power(world: &dyn World, request: &PowerRequest) -> Result<Answer, Error> {
    let (doses, changes) = (&request.doses, &request.changes);
    if doses.len() != changes.len() || doses.is_empty() {
        let message =
            format!("{} doses and {} changes: one change per dose is needed", doses.len(), changes.len());
        return Err(Error::Argument(message));
    }
    let rising =
        doses.windows(2).all(|pair| pair[0] < pair[1]) && doses.iter().all(|d| d.is_finite() && *d > 0.0);
    let mut numbers = request.numbers.clone();
    numbers.sort_unstable();
    numbers.dedup();
    if !rising || numbers.is_empty() {
        return Err(Error::Argument(
            "doses must rise from above zero, and a number of animals be given".to_string(),
        ));
    }
    let means = std::iter::once(1.0).chain(changes.iter().map(|c| 1.0 + c / 100.0)).collect();
    let assumed = Assumed {
        means,
        cv: request.cv / 100.0,
        loss: request.loss / 100.0,
        studies: request.studies,
        seed: request.seed,
    };
    let found = simulate(&assumed, &numbers, request.target / 100.0)
        .map_err(|error| Error::Argument(error.to_string()))?;
    let table = power_table(request, &found);
    let verdict = verdict(request, &found);
    let figure = power_figure(request, &found);
    let terms = assumptions(request);
    let mut text = format!("{verdict}\n\n{}", table.text(100, hepatica_report::Rules::default()));
    text.push_str(&format!("\n{NOT_A_DEVICE}\n"));
    let report = page("How many animals", &[])
        .section(
            "Answer",
            Blocks::new().paragraph(verdict.clone()).figure(figure.clone()).table(table.clone()),
        )
        .section("What was assumed", Blocks::new().definitions(terms));
    let published = Published {
        answer: Answer { text, json: power_json(request, &found, &verdict) },
        page: report,
        figures: vec![("power".into(), figure)],
        tables: vec![("power".into(), table)],
    };
    publish(world, &bench(&request.out, request.overwrite), published)
}

fn bench(out: &Option<PathBuf>, overwrite: bool) -> BenchRequest {
    BenchRequest { run: PathBuf::new(), out: out.clone(), overwrite }
}

fn verdict(request: &PowerRequest, found: &Power) -> String {
    let highest = request.doses.last().copied().unwrap_or(f64::NAN);
    let target = short(request.target, 3);
    match found.needed.and_then(|n| found.curve.iter().find(|p| p.n == n)) {
        Some(p) => format!(
            "{} animals per group at the end, {} at the start, find {} mg/kg in at least {target} % of studies (Dunnett, two-sided, 5 %).",
            p.n,
            p.start,
            short(highest, 4)
        ),
        None => format!("No number tried finds {} mg/kg in {target} % of studies.", short(highest, 4)),
    }
}

fn assumptions(request: &PowerRequest) -> Vec<(String, String)> {
    let changes: Vec<String> = request
        .doses
        .iter()
        .zip(&request.changes)
        .map(|(d, c)| format!("{} % at {} mg/kg", short(*c, 3), short(*d, 4)))
        .collect();
    vec![
        ("Change against the control".into(), changes.join(", ")),
        ("Spread of animals".into(), format!("{} % of the control's mean, normal", short(request.cv, 3))),
        ("Lost before the end".into(), format!("{} %", short(request.loss, 3))),
        ("Simulated studies".into(), format!("{} per number, seed {}", request.studies, request.seed)),
        ("Level".into(), format!("{} for all comparisons together", short(1.0 - LEVEL, 2))),
    ]
}

fn percent(share: (f64, Interval)) -> Cell {
    Cell::interval(100.0 * share.0, 100.0 * share.1.low, 100.0 * share.1.high)
}

fn power_table(request: &PowerRequest, found: &Power) -> Table {
    let mut columns = vec![Column::value("n at the end"), Column::value("n at the start")];
    let each =
        request.doses.iter().map(|d| Column::interval(format!("{} mg/kg found", short(*d, 4)), 3).unit("%"));
    columns.extend(each);
    columns.push(Column::interval("False alarm", 2).unit("%"));
    let rows = found.curve.iter().map(|p| {
        let mut cells = vec![Cell::Number(f64::from(p.n)), Cell::Number(f64::from(p.start))];
        cells.extend(p.found.iter().map(|share| percent(*share)));
        cells.push(percent(p.false_alarm));
        cells
    });
    filled(columns, rows.collect()).caption("Brackets hold 95 % intervals of the simulation.")
}

fn power_figure(request: &PowerRequest, found: &Power) -> Figure {
    let axis = Axis::linear("Studies that find it").unit("%").range(0.0, 100.0);
    let mut plot = Plot::new(Axis::linear("Animals per group at the end"), axis)
        .across(request.target, format!("{} %", short(request.target, 3)));
    for (k, dose) in request.doses.iter().enumerate() {
        let points = found.curve.iter().map(|p| (f64::from(p.n), 100.0 * p.found[k].0));
        plot = plot.series(Series::line(format!("{} mg/kg", short(*dose, 4)), points));
    }
    Figure::new("Power by number of animals").labels(Labels::Legend).panel(plot)
}

fn power_json(request: &PowerRequest, found: &Power, verdict: &str) -> Value {
    let share = |(value, i): (f64, Interval)| json!({ "share": value, "interval_95": [i.low, i.high] });
    let curve = found.curve.iter().map(|p| {
        json!({
            "n_end": p.n, "n_start": p.start, "found": p.found.iter().map(|s| share(*s)).collect::<Vec<_>>(),
            "false_alarm": share(p.false_alarm),
        })
    });
    json!({
        "schema": "hepatica.assay.power/1", "notice": NOT_A_DEVICE, "verdict": verdict,
        "doses_mg_per_kg": request.doses, "changes_percent": request.changes, "cv_percent": request.cv,
        "loss_percent": request.loss, "target_percent": request.target, "studies": request.studies,
        "seed": request.seed, "needed_per_group_at_end": found.needed, "curve": curve.collect::<Vec<_>>(),
    })
}
