//! The rows of `nmtest`, for every test that follows them.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;

use hepatica_dose::Setting;
use hepatica_dose::nonmem::{Modelled, Record};

/// The table, unpacked from the conformance archive; nothing when that is not there.
pub(crate) fn table() -> Option<String> {
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
pub(crate) struct Row {
    pub(crate) record: Record,
    pub(crate) cp: f64,
}

/// The rows of each subject.
pub(crate) fn subjects(text: &str) -> BTreeMap<u32, Vec<Row>> {
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
