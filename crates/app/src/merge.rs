//! `hepatica merge`: the shards in a folder -> the result of one run, to the byte.

use std::path::Path;

use hepatica_report::csv::CsvWriter;
use hepatica_stats::Mergeable;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::identity::{self, differences};
use crate::journal::header;
use crate::load::{hexadecimal, sha256};
use crate::part::{Part, Rows};
use crate::population::Trial;
use crate::refuse::Error;
use crate::room::{self, Need};
use crate::run::{self, Engine, RunRequest, RunResult};
use crate::shard::SCHEMA;
use crate::world::{Output, World, in_pieces};

/// A complete shard as its manifest describes it.
struct Found {
    /// The name of the manifest.
    manifest: String,
    /// Which shard, in words.
    words: String,
    /// First patient from 0, and the one after the last.
    start: u64,
    end: u64,
    made_from: Value,
    /// Names and SHA-256 of its files.
    files: Vec<(String, String)>,
}

/// How shards are put together.
#[derive(Clone, Debug)]
pub struct MergeChoices {
    /// Replace a result that is already there.
    pub overwrite: bool,
    /// Also write the rows as `outcomes.parquet`.
    pub parquet: bool,
    /// Threads and instruction set; how to integrate is that of the shards.
    pub engine: Engine,
}

/// Puts the shards in a folder together: the files of one run, beside them.
///
/// # Errors
/// Shards that are missing, doubled, overlapping or of different making, texts that have changed since, files that
/// are not what their manifests say; nothing is then left under a final name that was not complete.
pub fn merge(world: &dyn World, folder: &Path, choices: &MergeChoices) -> Result<RunResult, Error> {
    let MergeChoices { overwrite, parquet, engine } = choices;
    let (overwrite, parquet) = (*overwrite, *parquet);
    if world.exists(&folder.join("manifest.json")) && !overwrite {
        return Err(Error::Exists(folder.to_path_buf()));
    }
    let found = shards(world, folder)?;
    let Some(first) = found.first() else {
        return Err(refused(
            "merge/none",
            format!("{} holds no complete shard", folder.display()),
            "make them with `hepatica run STUDY --shard 1/7 --out DIR` and so on",
        ));
    };
    check_making(&found)?;
    let Some(request) = identity::request(&first.made_from) else {
        return Err(not_a_shard(&first.manifest));
    };
    check_ranges(world, folder, &found)?;
    let options = Engine { threads: engine.threads, isa: engine.isa, ..request.options.clone() };
    let request = RunRequest { out: Some(folder.to_path_buf()), overwrite, parquet, options, ..request };
    let (warnings, prepared) = run::begin(world, &request)?;
    let changed = differences(&first.made_from, &prepared.identity);
    if !changed.is_empty() {
        return Err(refused(
            "merge/changed",
            format!("since the shards were run there is a change in: {}", changed.join("; ")),
            "merge where the shards were run, with the same program and texts, or run the shards again",
        ));
    }
    let (identity, population) = (prepared.identity.clone(), prepared.population.clone());
    let (mut results, kernel) = run::compute(world, &request, prepared)?;
    let Some(population) = population else { return Err(not_a_shard(&first.manifest)) };
    let trial = Trial {
        world,
        request: &request,
        results: &results,
        kernel: &kernel,
        population: &population,
        identity: &identity,
    };
    let mut whole = trial.nothing(0..population.size);
    let sizes: u64 = merge_states(world, folder, &found, &mut whole)?;
    let rest = (16 << 20) + if parquet { sizes } else { 0 };
    room::check(world, folder, &Need { rows: sizes, rest }, 0)?;
    let rows = match request.summaries_only {
        true => None,
        false => {
            let head = CsvWriter::new(&header(&results.outcomes.endpoints)).finish();
            let (rows, file) = merge_rows(world, folder, &found, &head)?;
            whole.rows = rows;
            Some(file)
        }
    };
    let sample = trial.sample(0..population.size)?;
    let outcome = trial.outcome(whole, sample);
    results.cohort = Some(outcome);
    let path = folder.join("outcomes.csv");
    run::finish(world, &request, &results, (folder, warnings), || match rows {
        Some(file) => file.finish().map_err(Error::io(&path, "write")),
        None => world.remove(&path).map_err(Error::io(&path, "remove")),
    })
}

/// The complete shards of a folder, by their patients.
fn shards(world: &dyn World, folder: &Path) -> Result<Vec<Found>, Error> {
    let mut found = Vec::new();
    for name in world.list(folder).into_iter().filter(|name| name.ends_with(".json")) {
        let path = folder.join(&name);
        let bytes = world.read(&path).map_err(Error::io(&path, "read"))?;
        let Ok(said) = serde_json::from_slice::<Value>(&bytes) else { continue };
        if said["schema"] == SCHEMA {
            found.push(read(&name, &said).ok_or_else(|| not_a_shard(&name))?);
        }
    }
    found.sort_by_key(|shard| (shard.start, shard.end));
    Ok(found)
}

fn read(name: &str, said: &Value) -> Option<Found> {
    let files = said["files"].as_array()?.iter();
    let files = files.map(|f| Some((f["name"].as_str()?.to_string(), f["sha256"].as_str()?.to_string())));
    let shard = Found {
        manifest: name.to_string(),
        words: format!("shard {} of {}", said["shard"].as_u64()?, said["of"].as_u64()?),
        start: said["patients"]["first"].as_u64()?.checked_sub(1)?,
        end: said["patients"]["last"].as_u64()?,
        made_from: said["made_from"].clone(),
        files: files.collect::<Option<_>>()?,
    };
    (shard.start <= shard.end).then_some(shard)
}

/// All shards are made from the same texts with the same choices.
fn check_making(found: &[Found]) -> Result<(), Error> {
    for pair in found.windows(2) {
        let different = differences(&pair[0].made_from, &pair[1].made_from);
        if !different.is_empty() {
            return Err(refused(
                "merge/mismatch",
                format!("{} and {} differ in: {}", pair[0].manifest, pair[1].manifest, different.join("; ")),
                "run one of them again as the others were",
            ));
        }
    }
    Ok(())
}

/// Every patient is in one shard.
fn check_ranges(world: &dyn World, folder: &Path, found: &[Found]) -> Result<(), Error> {
    let size = found.first().and_then(|f| f.made_from["patients"].as_u64()).unwrap_or(0);
    let mut before: Option<&Found> = None;
    for shard in found.iter().filter(|shard| shard.start < shard.end) {
        let end = before.map_or(0, |before| before.end);
        match before {
            Some(before) if (before.start, before.end) == (shard.start, shard.end) => {
                return Err(refused(
                    "merge/duplicate",
                    format!("{} and {} hold the same patients", before.manifest, shard.manifest),
                    "remove one of them with its files",
                ));
            }
            Some(before) if shard.start < end => {
                return Err(refused(
                    "merge/overlap",
                    format!(
                        "{} (patients {} to {}) and {} (patients {} to {}) overlap",
                        before.manifest,
                        before.start + 1,
                        before.end,
                        shard.manifest,
                        shard.start + 1,
                        shard.end
                    ),
                    "merge shards of one division into so many parts",
                ));
            }
            _ if shard.start > end => return Err(missing(world, folder, found, end..shard.start)),
            _ => {}
        }
        before = Some(shard);
    }
    let end = before.map_or(0, |before| before.end);
    match end {
        end if end < size => Err(missing(world, folder, found, end..size)),
        end if end > size => Err(not_a_shard(before.map_or("", |b| &b.manifest))),
        _ => Ok(()),
    }
}

/// Patients that no shard holds, by the names of their shards where all shards are of one division.
fn missing(world: &dyn World, folder: &Path, found: &[Found], patients: std::ops::Range<u64>) -> Error {
    let size = found.first().and_then(|f| f.made_from["patients"].as_u64()).unwrap_or(0);
    let of = |f: &Found| f.words.rsplit(' ').next().and_then(|n| n.parse::<u64>().ok());
    let of = found.first().and_then(of).filter(|n| found.iter().all(|f| of(f) == Some(*n)));
    let all = of
        .into_iter()
        .flat_map(|of| (1..=of).filter_map(move |k| format!("{k}/{of}").parse::<crate::Shard>().ok()));
    let absent = all.filter(|shard| {
        let range = shard.patients(size);
        range.start < range.end && patients.start <= range.start && range.end <= patients.end
    });
    let names: Vec<String> = absent
        .map(|shard| {
            let begun = world.exists(&folder.join(format!("{}.checkpoint", shard.name())));
            if begun { format!("{shard} (begun, not complete)") } else { shard.to_string() }
        })
        .take(20)
        .collect();
    let names = if names.is_empty() { String::new() } else { format!(": {}", names.join(", ")) };
    refused(
        "merge/missing",
        format!("patients {} to {} are missing{names}", patients.start + 1, patients.end),
        "run the missing shards into this folder; those begun go on where they stopped",
    )
}

/// Adds what every shard counted; gives the length of all rows.
fn merge_states(world: &dyn World, folder: &Path, found: &[Found], whole: &mut Part) -> Result<u64, Error> {
    let mut rows = 0u64;
    for shard in found {
        let (name, sha) = shard.file(".state")?;
        let path = folder.join(name);
        let bytes = world.read(&path).map_err(Error::io(&path, "read"))?;
        let part = Part::from_bytes(&bytes).ok().filter(|_| sha256(&bytes) == sha);
        let agrees = |part: &Part| {
            part.is_complete()
                && (part.patients.start, part.patients.end) == (shard.start, shard.end)
                && part.identity == whole.identity
        };
        let part = part.filter(agrees).ok_or_else(|| changed(name, shard))?;
        whole.aggregate.merge(&part.aggregate);
        whole.done += part.done;
        rows = rows.saturating_add(part.rows.bytes);
    }
    Ok(rows)
}

/// The rows of all shards under one header.
fn merge_rows(
    world: &dyn World,
    folder: &Path,
    found: &[Found],
    head: &str,
) -> Result<(Rows, Box<dyn Output>), Error> {
    let path = folder.join("outcomes.csv");
    let mut file = world.open(&path).map_err(Error::io(&path, "write"))?;
    let mut whole = Sha256::new();
    let mut bytes = head.len() as u64;
    whole.update(head.as_bytes());
    file.write(head.as_bytes()).map_err(Error::io(&path, "write"))?;
    for shard in found {
        let (name, sha) = shard.file(".csv")?;
        let mut own = Sha256::new();
        let mut at = 0usize;
        let mut same_head = true;
        let mut failed = None;
        let mut take = |piece: &[u8]| {
            own.update(piece);
            let skip = head.len().saturating_sub(at).min(piece.len());
            same_head &= piece[..skip] == head.as_bytes()[at.min(head.len())..][..skip];
            at = at.saturating_add(piece.len());
            let rows = &piece[skip..];
            whole.update(rows);
            bytes += rows.len() as u64;
            file.write(rows).inspect_err(|e| failed = Some(e.kind()))
        };
        let source = folder.join(name);
        let read = world.reader(&source).and_then(|mut reader| in_pieces(&mut *reader, &mut take));
        let (at_fault, doing) = if failed.is_some() { (&path, "write") } else { (&source, "read") };
        read.map_err(Error::io(at_fault, doing))?;
        if !same_head || hexadecimal(&own.finalize()) != sha {
            return Err(changed(name, shard));
        }
    }
    Ok((Rows { bytes, sha256: hexadecimal(&whole.finalize()) }, file))
}

impl Found {
    /// A file by its ending, and its hash.
    fn file(&self, ending: &str) -> Result<(&str, &str), Error> {
        let found = self.files.iter().find(|(name, _)| name.ends_with(ending));
        let (name, sha) = found.ok_or_else(|| not_a_shard(&self.manifest))?;
        Ok((name, sha))
    }
}

fn refused(code: &'static str, message: String, hint: &str) -> Error {
    Error::Named { code, message, hint: hint.into() }
}

fn changed(file: &str, shard: &Found) -> Error {
    refused(
        "merge/damaged",
        format!("{file} is not what {} says it was", shard.manifest),
        &format!("copy it again, or run {} again with --overwrite", shard.words),
    )
}

fn not_a_shard(manifest: &str) -> Error {
    refused(
        "merge/manifest",
        format!("{manifest} is no manifest of a shard that can be read here"),
        "run the shard again",
    )
}
