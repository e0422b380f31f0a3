//! The 54 dosing scenarios of `nmtest` (NONMEM output): bolus, infusion, modelled rate and duration, lag, F, ADDL,
//! II, SS 1 and 2, EVID 1, 3 and 4, followed by the exact linear model.

#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "tests look for data outside the repository"
)]

mod support;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;

use hepatica_dose::nonmem::{Compartment, Modelled, Record, events};
use hepatica_dose::{LagBeyondInterval, PortTable, Setting, Subject, schedule};
use support::Linear;

const KA: f64 = 1.5;
const CL: f64 = 1.1;
const V: f64 = 20.0;

/// The table, unpacked from the conformance archive; nothing when that is not there.
fn table() -> Option<String> {
    let shared = std::env::var("HEPATICA_SHARED").map(PathBuf::from);
    let shared = shared.unwrap_or_else(|_| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"));
    let archive = shared.join("suite/pkdata_nca.tar.xz");
    if !archive.exists() {
        println!("skipped: {} is not there (set HEPATICA_SHARED)", archive.display());
        return None;
    }
    let name = "pkdata/nlmixr2data/nmtest.csv";
    let out = Command::new("tar").arg("xJOf").arg(&archive).arg(name).output().unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    Some(String::from_utf8(out.stdout).unwrap())
}

/// A row: its record and the concentration that NONMEM reports there.
struct Row {
    record: Record,
    cp: f64,
}

/// The rows of each subject.
fn subjects(text: &str) -> BTreeMap<u32, Vec<Row>> {
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().unwrap().split(',').map(|h| h.trim_matches('"')).collect();
    let mut all: BTreeMap<u32, Vec<Row>> = BTreeMap::new();
    for line in lines {
        let cells: Vec<f64> = line.split(',').map(|c| c.parse().unwrap()).collect();
        let get = |name: &str| cells[header.iter().position(|h| *h == name).unwrap()];
        all.entry(get("id") as u32).or_default().push(row(get));
    }
    all
}

/// Lag, F, modelled rate and duration belong to compartment 2; compartment 1 has none.
fn row(get: impl Fn(&str) -> f64) -> Row {
    let central = get("cmt") == 2.0;
    let of_central = |name: &str, otherwise: f64| Setting::Fixed(if central { get(name) } else { otherwise });
    let record = Record {
        time_h: get("time"),
        evid: get("evid") as u32,
        compartment: get("cmt") as usize,
        amount: get("amt"),
        rate: get("rate"),
        interval_h: get("ii"),
        additional: get("addl") as u32,
        steady_state: get("ss") as u32,
        modelled: Modelled {
            lag_h: of_central("lagt", 0.0),
            bioavailability: of_central("bioav", 1.0),
            rate: of_central("rat2", 0.0),
            duration_h: of_central("dur2", 0.0),
        },
    };
    Row { record, cp: get("cp") }
}

/// How many rows of a subject are off, by the score of the suite: 1e-4 relative plus 0.05.
fn rows_off(rows: &[Row], rule: LagBeyondInterval) -> usize {
    let drug = |route: &str| Compartment { drug: "drug".into(), route: route.into() };
    let ports = PortTable::new(["drug:oral", "drug:iv"]).unwrap();
    let records: Vec<Record> = rows.iter().map(|r| r.record.clone()).collect();
    let table = events(&records, &[drug("oral"), drug("iv")], rule).unwrap();
    let model = Linear { ka: KA, k: CL / V };
    let off = table.observations.iter().zip(rows).filter(|(seen, row)| {
        let known = &table.events[..seen.events_seen];
        let schedule = schedule(known, &Subject::default(), &ports).unwrap();
        let cp = 1000.0 * model.observe(&schedule, &[seen.t_h], true)[0][1] / V;
        (cp - row.cp).abs() > 0.05 + 1e-4 * row.cp.abs()
    });
    off.count()
}

#[test]
fn all_scenarios_agree_with_nonmem() {
    let Some(text) = table() else { return };
    let subjects = subjects(&text);
    assert_eq!(subjects.len(), 54);
    let off: Vec<(u32, usize)> =
        subjects.iter().map(|(id, rows)| (*id, rows_off(rows, LagBeyondInterval::Extrapolate))).collect();
    let wrong: Vec<&(u32, usize)> = off.iter().filter(|(_, n)| *n > 0).collect();
    println!("{} of {} scenarios pass", off.len() - wrong.len(), off.len());
    assert!(wrong.is_empty(), "(id, rows off): {wrong:?}");
}

/// Without extrapolation only the scenarios with a steady state and a lag beyond the interval differ, and only
/// before their pending doses arrive.
#[test]
fn pending_doses_differ_only_where_they_are_pending() {
    let Some(text) = table() else { return };
    let subjects = subjects(&text);
    let mut differing = Vec::new();
    for (id, rows) in &subjects {
        let first = &rows[0].record;
        let lag = match first.modelled.lag_h {
            Setting::Fixed(lag) => lag,
            Setting::Parameter(_) => 0.0,
        };
        let beyond = first.steady_state > 0 && lag > first.interval_h;
        let off = rows_off(rows, LagBeyondInterval::Pending);
        assert_eq!(beyond, off > 0, "{id}");
        if beyond {
            differing.push(*id);
        }
    }
    assert_eq!(differing, [409, 410, 411, 415, 509, 510, 610, 709, 809, 825, 909, 1009]);
}
