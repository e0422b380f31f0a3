//! The 54 dosing scenarios of `nmtest` (NONMEM output) through the whole engine: Antimony text, tapes, Rodas5P, event loop.

#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "tests look for data outside the repository"
)]

#[path = "../../dose/tests/support/nmtest.rs"]
mod nmtest;

use std::sync::Arc;

use hepatica_dose::nonmem::{Compartment, Record, events};
use hepatica_dose::{LagBeyondInterval, PortTable, Subject, schedule};
use hepatica_kernel::{CompileOptions, Kernel, compile};
use hepatica_lanes::Isa;
use hepatica_model::system::StateId;
use hepatica_sim::{Options, Scenario, bind, observe, simulate};
use hepatica_source::{SourceMap, has_errors};
use nmtest::{Row, subjects, table};

const MODEL: &str = "
    compartment body = 1
    substanceOnly species depot in body, central in body
    depot = 0; central = 0; KA = 1.5; CL = 1.1; V = 20
    absorption: depot -> central; KA*depot
    elimination: central -> ; CL/V*central
    cp := 1000*central/V
";

/// Later than an action at the same time by less than any rate of the model can notice: rows of a NONMEM table
/// see what stands above them, while our observations see the state before a dose.
const JUST_AFTER_H: f64 = 1e-9;

fn kernel() -> Arc<Kernel> {
    let mut map = SourceMap::new();
    let file = map.add("nmtest.ant", MODEL);
    let (declarations, problems) =
        hepatica_format::antimony::parse(&mut map, file, &hepatica_format::antimony::NoImports);
    let (model, more) = hepatica_model::resolve(&declarations);
    assert!(!has_errors(&problems) && !has_errors(&more), "{problems:?} {more:?}");
    let system = Arc::new(hepatica_model::lower(&model));
    Arc::new(compile(system, &CompileOptions::default()).unwrap())
}

/// What the engine gives for the rows of a subject.
fn simulated(kernel: &Arc<Kernel>, rows: &[Row]) -> Vec<f64> {
    let drug = |route: &str| Compartment { drug: "drug".into(), route: route.into() };
    let ports = PortTable::new(["drug:oral", "drug:iv"]).unwrap();
    let states = ["depot", "central"].map(|name| {
        let system = kernel.system();
        system.states.ids().find(|s| system.states[*s].name == name).unwrap()
    });
    let records: Vec<Record> = rows.iter().map(|r| r.record.clone()).collect();
    let table = events(&records, &[drug("oral"), drug("iv")], LagBeyondInterval::Extrapolate).unwrap();
    let cp = kernel.outputs().iter().position(|o| kernel.system().outputs[*o].name == "cp").unwrap();
    let mut reported = Vec::new();
    for seen in table.observations.chunk_by(|a, b| a.events_seen == b.events_seen) {
        let doses = &table.events[..seen[0].events_seen];
        let schedule = schedule(doses, &Subject::default(), &ports).unwrap();
        let actions = bind(&schedule, &states.map(|s: StateId| s));
        let times: Arc<[f64]> = seen.iter().map(|o| o.t_h + JUST_AFTER_H).collect();
        let scenario = Scenario { actions, times, ..Scenario::default() };
        let options = Options { rtol: 1e-8, atol: 1e-10, isa: Isa::best(), ..Options::default() };
        let trajectory = simulate(kernel, &[scenario], &options, &|_| ()).unwrap().remove(0);
        assert_eq!(trajectory.failure, None);
        reported.extend_from_slice(&observe(kernel, &trajectory, Isa::best()).columns[cp]);
    }
    reported
}

#[test]
fn all_scenarios_agree_with_nonmem() {
    let Some(text) = table() else { return };
    let subjects = subjects(&text);
    assert_eq!(subjects.len(), 54);
    let kernel = kernel();
    let mut wrong = Vec::new();
    for (id, rows) in &subjects {
        let found = simulated(&kernel, rows);
        assert_eq!(found.len(), rows.len());
        // The score of the suite: 1e-4 relative plus 0.05.
        let off = rows
            .iter()
            .zip(found)
            .filter(|(row, cp)| (cp - row.cp).abs() > 0.05 + 1e-4 * row.cp.abs())
            .count();
        if off > 0 {
            wrong.push((*id, off));
        }
    }
    println!("{} of {} scenarios pass", subjects.len() - wrong.len(), subjects.len());
    assert!(wrong.is_empty(), "(id, rows off): {wrong:?}");
}
