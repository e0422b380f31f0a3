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

/// The times of a subject's rows that are off, by the score of the suite: 1e-4 relative plus 0.05.
fn rows_off(rows: &[Row], rule: LagBeyondInterval) -> Vec<f64> {
    let drug = |route: &str| Compartment { drug: "drug".into(), route: route.into() };
    let ports = PortTable::new(["drug:oral", "drug:iv"]).unwrap();
    let records: Vec<Record> = rows.iter().map(|r| r.record.clone()).collect();
    let table = events(&records, &[drug("oral"), drug("iv")], rule).unwrap();
    let model = Linear { ka: KA, k: CL / V };
    let mut reported = Vec::new();
    for seen in table.observations.chunk_by(|a, b| a.events_seen == b.events_seen) {
        let schedule = schedule(&table.events[..seen[0].events_seen], &Subject::default(), &ports).unwrap();
        let times: Vec<f64> = seen.iter().map(|o| o.t_h).collect();
        reported.extend(model.observe(&schedule, &times, true).iter().map(|x| 1000.0 * x[1] / V));
    }
    assert_eq!(reported.len(), rows.len());
    let off = rows.iter().zip(reported).filter(|(row, cp)| (cp - row.cp).abs() > 0.05 + 1e-4 * row.cp.abs());
    off.map(|(row, _)| row.record.time_h).collect()
}

#[test]
fn all_scenarios_agree_with_nonmem() {
    let Some(text) = table() else { return };
    let subjects = subjects(&text);
    assert_eq!(subjects.len(), 54);
    let off: Vec<(u32, usize)> = subjects
        .iter()
        .map(|(id, rows)| (*id, rows_off(rows, LagBeyondInterval::Extrapolate).len()))
        .collect();
    let wrong: Vec<&(u32, usize)> = off.iter().filter(|(_, n)| *n > 0).collect();
    println!("{} of {} scenarios pass", off.len() - wrong.len(), off.len());
    assert!(wrong.is_empty(), "(id, rows off): {wrong:?}");
}

/// When the last dose of the latest steady state that was given before it arrives; `None` when its lag is within
/// its interval, or there is no steady state.
fn pending_until(rows: &[Row]) -> Option<f64> {
    let latest = rows.iter().map(|r| &r.record).rfind(|r| r.steady_state > 0)?;
    let Setting::Fixed(lag) = latest.modelled.lag_h else { return None };
    (lag > latest.interval_h).then_some(latest.time_h + lag - latest.interval_h)
}

/// Without extrapolation only the scenarios with a steady state and a lag beyond the interval differ, and only
/// before their pending doses arrive.
#[test]
fn pending_doses_differ_only_where_they_are_pending() {
    let Some(text) = table() else { return };
    let mut differing = Vec::new();
    for (id, rows) in &subjects(&text) {
        let off = rows_off(rows, LagBeyondInterval::Pending);
        assert_eq!(pending_until(rows).is_some(), !off.is_empty(), "{id}");
        if let Some(until) = pending_until(rows) {
            assert!(off.iter().all(|t| *t < until), "{id}: {off:?} until {until}");
            differing.push(*id);
        }
    }
    assert_eq!(differing, [409, 410, 411, 415, 509, 510, 610, 709, 809, 825, 909, 1009]);
}
