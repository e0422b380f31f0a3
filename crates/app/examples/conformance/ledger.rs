//! The ledger of what does not pass and why: `docs/conformance/<suite>.tsv`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::arguments::Suite;
use crate::case::{Outcome, Status};

fn path(suite: Suite) -> PathBuf {
    let name = format!("docs/conformance/{}.tsv", suite.name());
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..").join(name)
}

/// The status of each case in the ledger; empty when there is no ledger.
fn read(suite: Suite) -> Result<BTreeMap<String, String>, String> {
    let path = path(suite);
    if !path.exists() {
        return Ok(BTreeMap::new());
    }
    let text = std::fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
    let rows = text.lines().skip(1).filter_map(|line| {
        let mut fields = line.split('\t');
        Some((fields.next()?.to_string(), fields.next()?.to_string()))
    });
    Ok(rows.collect())
}

/// Cases that do worse than they may: a wrong number whatever the ledger says, a document that differs where it does not
/// say so, or not passing where it says nothing.
pub(crate) fn regressions(suite: Suite, outcomes: &[Outcome]) -> Result<Vec<String>, String> {
    let known = read(suite)?;
    let worse = |outcome: &&Outcome| match (outcome.status, known.get(&outcome.id).map(String::as_str)) {
        (Status::Passed, _) => false,
        (Status::Refused, known) => known.is_none(),
        (Status::Wrong, known) => outcome.is_simulated || known != Some("wrong"),
    };
    let line = |o: &Outcome| format!("{} {}: {}", o.id, o.status.word(), o.reason);
    Ok(outcomes.iter().filter(worse).map(line).collect())
}

/// Writes what does not pass.
pub(crate) fn write(suite: Suite, outcomes: &[Outcome]) -> Result<(), String> {
    let mut text = "id\tstatus\treason\n".to_string();
    for outcome in outcomes.iter().filter(|o| o.status != Status::Passed) {
        let reason = outcome.reason.replace(['\t', '\n'], " ");
        text.push_str(&format!("{}\t{}\t{reason}\n", outcome.id, outcome.status.word()));
    }
    let path = path(suite);
    let folder = path.parent().unwrap_or(&path);
    std::fs::create_dir_all(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    std::fs::write(&path, text).map_err(|e| format!("{}: {e}", path.display()))
}
