//! The 54 dosing scenarios of `nmtest` (NONMEM output): bolus, infusion, modelled rate and duration, lag, F, ADDL,
//! II, SS 1 and 2, EVID 1, 3 and 4, followed by the exact linear model.

#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "tests look for data outside the repository"
)]

#[path = "support/nmtest.rs"]
mod nmtest;
mod support;

use hepatica_dose::nonmem::{Compartment, Record, events};
use hepatica_dose::{LagBeyondInterval, PortTable, Setting, Subject, schedule};
use nmtest::{Row, subjects, table};
use support::Linear;

const KA: f64 = 1.5;
const CL: f64 = 1.1;
const V: f64 = 20.0;

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
