//! A population in shards: `run --shard k/N` simulates the k-th of N ranges of patients, `merge` makes of all of them
//! the result of one run.

use std::fmt;
use std::ops::Range;
use std::path::Path;
use std::str::FromStr;

use serde_json::{Value, json};

use crate::load::sha256;
use crate::population::Trial;
use crate::refuse::Error;
use crate::run::RunResult;

/// What a manifest of a shard says it is.
pub(crate) const SCHEMA: &str = "hepatica.shard/1";

/// One of so many ranges of patients, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shard {
    number: u64,
    of: u64,
}

impl FromStr for Shard {
    type Err = String;

    /// `3/7`.
    fn from_str(text: &str) -> Result<Shard, String> {
        let parts = text.split_once('/').and_then(|(k, n)| Some((k.parse().ok()?, n.parse().ok()?)));
        match parts {
            Some((number, of)) if (1..=of).contains(&number) => Ok(Shard { number, of }),
            _ => Err(format!("`{text}` is no shard; the third of seven is 3/7")),
        }
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "shard {} of {}", self.number, self.of)
    }
}

impl Shard {
    /// The patients, from 0: ranges that differ by one patient at most and together are all.
    pub(crate) fn patients(self, size: u64) -> Range<u64> {
        let bound = |k: u64| (u128::from(size) * u128::from(k) / u128::from(self.of)) as u64;
        bound(self.number - 1)..bound(self.number)
    }

    /// The name its files begin with.
    pub(crate) fn name(self) -> String {
        format!("shard-{}-of-{}", self.number, self.of)
    }
}

/// Simulates a shard into its files: rows, state, and last the manifest that says it is complete.
pub(crate) fn run(
    trial: &Trial<'_>,
    shard: Shard,
    folder: &Path,
    warnings: String,
) -> Result<RunResult, Error> {
    let (world, name) = (trial.world, shard.name());
    let manifest = folder.join(format!("{name}.json"));
    if world.exists(&manifest) && !trial.request.overwrite {
        return Err(Error::Named {
            code: "run/exists",
            message: format!("{} says that {shard} is complete", manifest.display()),
            hint: "put the shards together with `hepatica merge`, or replace it with --overwrite".into(),
        });
    }
    let patients = shard.patients(trial.population.size);
    let simulated = trial.simulate(patients.clone(), &folder.join(format!("{name}.csv")))?;
    world.remove(&manifest).map_err(Error::io(&manifest, "replace"))?;
    let write = |file: &str, bytes: &[u8]| {
        let path = folder.join(file);
        world.write(&path, bytes).map_err(Error::io(&path, "write"))
    };
    let state = simulated.part.to_bytes();
    write(&format!("{name}.state"), &state)?;
    let mut files = vec![json!({ "name": format!("{name}.state"), "sha256": sha256(&state) })];
    if !trial.request.summaries_only {
        files.push(json!({ "name": format!("{name}.csv"), "sha256": simulated.part.rows.sha256 }));
    }
    let named = simulated.files.name_rows(world)?;
    let said = json!({
        "schema": SCHEMA,
        "shard": shard.number,
        "of": shard.of,
        "patients": { "first": patients.start + 1, "last": patients.end },
        "made_from": trial.identity,
        "files": files,
    });
    write(&format!("{name}.json"), format!("{said:#}\n").as_bytes())?;
    named.forget(world)?;
    let failed = simulated.part.aggregate.failed();
    Ok(RunResult {
        folder: folder.to_path_buf(),
        files: files
            .iter()
            .filter_map(|f| Some(f["name"].as_str()?.to_string()))
            .chain([format!("{name}.json")])
            .collect(),
        text: text(shard, &patients, failed, folder),
        json: answer(&said, failed, folder),
        warnings,
        failures: usize::try_from(failed).unwrap_or(usize::MAX),
    })
}

fn text(shard: Shard, patients: &Range<u64>, failed: u64, folder: &Path) -> String {
    let who = match patients.end - patients.start {
        0 => "no patients".to_string(),
        _ => format!("patients {} to {}", patients.start + 1, patients.end),
    };
    let failed = if failed > 0 { format!("; {failed} not simulated to the end") } else { String::new() };
    format!(
        "{shard}: {who} are complete in {}{failed}\nWhen all {} are: hepatica merge {}\n",
        folder.display(),
        shard.of,
        folder.display()
    )
}

fn answer(said: &Value, failed: u64, folder: &Path) -> Value {
    let mut answer = said.clone();
    answer["failures"] = json!(failed);
    answer["folder"] = json!(folder.display().to_string());
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shards_are_all_patients_once() {
        for (size, of) in [(1, 1), (10, 3), (1000, 7), (3, 5), (u64::MAX, 7)] {
            let mut end = 0;
            for number in 1..=of {
                let patients = Shard { number, of }.patients(size);
                assert_eq!(patients.start, end);
                assert!((size / of..=size / of + 1).contains(&(patients.end - patients.start)));
                end = patients.end;
            }
            assert_eq!(end, size);
        }
    }

    #[test]
    fn shards_in_words() {
        assert_eq!("3/7".parse(), Ok(Shard { number: 3, of: 7 }));
        for bad in ["0/7", "8/7", "3", "a/7", "3/", "-1/7", "1/0"] {
            assert!(bad.parse::<Shard>().is_err(), "{bad}");
        }
    }
}
