//! A population in shards, interrupted, on a full disk: the same bytes, or a clear word and nothing half-written.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::support::{hepatica, root, run_study, study};

const STUDY: &str = r#"title = "Interrupted"
model = "human/overdose"
duration = "30 h"
every = "1 h"
[population]
size = 90
seed = 5
[population.vary]
weight = { median = "70 kg", log_sd = 0.18 }
[[arm]]
name = "untreated"
doses = [{ drug = "acetaminophen", dose = "300 mg/kg", route = "oral", at = "0 h" }]
[[arm]]
name = "NAC, 8 h"
doses = [
    { drug = "acetaminophen", dose = "300 mg/kg", route = "oral", at = "0 h" },
    { course = "nac-iv-3bag-21h", at = "8 h" },
]
"#;

/// Every file below a folder but those of shards, by its name.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut all = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        if entry.file_type().unwrap().is_dir() {
            all.extend(
                files(&entry.path()).into_iter().map(|(file, bytes)| (format!("{name}/{file}"), bytes)),
            );
        } else if !name.starts_with("shard-") {
            all.insert(name, std::fs::read(entry.path()).unwrap());
        }
    }
    all
}

fn assert_same(got: &Path, expected: &Path) {
    let (got, expected) = (files(got), files(expected));
    assert_eq!(got.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>());
    for (name, bytes) in expected {
        assert!(got[&name] == bytes, "{name} differs");
    }
}

/// Runs to a refusal with exit code 2; gives what it said.
fn refused(arguments: &[&str]) -> String {
    let output = hepatica(arguments);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{arguments:?}\n{said}");
    said
}

#[test]
fn one_shard_and_seven_are_one_run() {
    let folder = tempfile::tempdir().unwrap();
    let study = study(folder.path(), STUDY);
    let whole = folder.path().join("whole");
    run_study(&study, &whole, &["--threads", "2", "--set", "cyp_induction=1.1", "--rtol", "3e-7"]);
    for n in [1, 7] {
        let out = folder.path().join(format!("by-{n}"));
        for k in (1..=n).rev() {
            let (shard, threads) = (format!("{k}/{n}"), (k % 3 + 1).to_string());
            let more = ["--shard", &shard, "--threads", &threads, "--checkpoint", "0"];
            run_study(&study, &out, &[&more[..], &["--set", "cyp_induction=1.1", "--rtol", "3e-7"]].concat());
        }
        let output = hepatica(&["merge", &out.display().to_string()]);
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        assert_same(&out, &whole);
    }
}

#[test]
fn only_shards_that_are_one_run_are_merged() {
    let folder = tempfile::tempdir().unwrap();
    let study = study(folder.path(), STUDY);
    let out = folder.path().join("out");
    let dir = out.display().to_string();
    std::fs::create_dir(&out).unwrap();
    assert!(refused(&["merge", &dir]).contains("merge/none"));
    for shard in ["1/4", "3/4", "4/4"] {
        run_study(&study, &out, &["--shard", shard]);
    }
    assert!(refused(&["run", &study, "--out", &dir, "--shard", "3/4"]).contains("run/exists"));
    let said = refused(&["merge", &dir]);
    assert!(
        said.contains("merge/missing") && said.contains("patients 23 to 45 are missing: shard 2 of 4"),
        "{said}"
    );
    run_study(&study, &out, &["--shard", "2/4", "--seed", "6"]);
    let said = refused(&["merge", &dir]);
    assert!(said.contains("shard-2-of-4.json differ in: seed (5 and 6)"), "{said}");
    run_study(&study, &out, &["--shard", "2/4", "--overwrite"]);
    run_study(&study, &out, &["--shard", "1/3"]);
    assert!(refused(&["merge", &dir]).contains("shard-1-of-3.json (patients 1 to 30) overlap"));
    std::fs::copy(out.join("shard-1-of-4.json"), out.join("shard-1-of-3.json")).unwrap();
    assert!(
        refused(&["merge", &dir]).contains("shard-1-of-3.json and shard-1-of-4.json hold the same patients")
    );
    std::fs::remove_file(out.join("shard-1-of-3.json")).unwrap();
    for file in ["shard-3-of-4.csv", "shard-3-of-4.state"] {
        let path = out.join(file);
        let whole = std::fs::read(&path).unwrap();
        let mut changed = whole.clone();
        let middle = changed.len() / 2;
        changed[middle] ^= 1;
        std::fs::write(&path, changed).unwrap();
        let said = refused(&["merge", &dir]);
        assert!(said.contains(&format!("{file} is not what shard-3-of-4.json says")), "{said}");
        std::fs::write(&path, whole).unwrap();
        assert!(!out.join("outcomes.csv").exists() && !out.join("manifest.json").exists());
    }
    std::fs::write(&study, STUDY.replace("Interrupted", "Changed")).unwrap();
    let said = refused(&["merge", &dir]);
    assert!(said.contains("merge/changed") && said.contains("study.toml"), "{said}");
    std::fs::write(&study, STUDY).unwrap();
    assert_eq!(hepatica(&["merge", &dir]).status.code(), Some(0));
    assert!(refused(&["merge", &dir]).contains("run/exists"));
}

/// Starts a run, waits until some patients are stored, and kills it so that it can do nothing about it.
fn killed(study: &str, out: &Path, more: &[&str]) {
    let checkpoint = out.join("outcomes.checkpoint");
    let mut run = Command::new(env!("CARGO_BIN_EXE_hepatica"))
        .args(["run", study, "--out", &out.display().to_string(), "--checkpoint", "0", "--threads", "1"])
        .args(more)
        .current_dir(root())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    while !checkpoint.exists() && run.try_wait().unwrap().is_none() {
        std::thread::sleep(Duration::from_millis(2));
    }
    run.kill().unwrap();
    assert!(run.wait().unwrap().code().is_none(), "killed by the signal, not ended before");
    assert!(checkpoint.exists() && out.join("outcomes.csv.partial").exists());
    assert!(!out.join("outcomes.csv").exists() && !out.join("manifest.json").exists());
}

#[test]
fn a_killed_run_goes_on_to_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let text = STUDY.replace("size = 90", "size = 200");
    let study = study(folder.path(), &text);
    let whole = folder.path().join("whole");
    run_study(&study, &whole, &[]);
    for (name, more) in [("rows", &[][..]), ("summaries", &["--summaries-only"])] {
        let out = folder.path().join(name);
        killed(&study, &out, more);
        let partial = out.join("outcomes.csv.partial");
        // Something else is not mixed with what is there.
        let dir = out.display().to_string();
        let other: Vec<&str> = ["run", &study, "--out", &dir, "--rtol", "1e-7"]
            .into_iter()
            .chain(more.iter().copied())
            .collect();
        let said = refused(&other);
        assert!(said.contains("run/other") && said.contains("rtol"), "{said}");
        // Rows that were not stored yet, and a torn one.
        if more.is_empty() {
            let mut bytes = std::fs::read(&partial).unwrap();
            bytes.extend(b"199,untreated,1,2");
            std::fs::write(&partial, bytes).unwrap();
        }
        killed_again_or_done(&study, &out, more);
        run_study(&study, &out, &[more, &["--threads", "3"]].concat());
        if more.is_empty() {
            assert_same(&out, &whole);
        } else {
            assert!(!out.join("outcomes.csv").exists());
            for file in ["summary.csv", "comparisons.csv", "bands.csv"] {
                assert!(
                    std::fs::read(out.join(file)).unwrap() == std::fs::read(whole.join(file)).unwrap(),
                    "{file}"
                );
            }
        }
        let left: Vec<String> =
            files(&out).into_keys().filter(|n| n.contains("partial") || n.contains("checkpoint")).collect();
        assert!(left.is_empty(), "{left:?}");
    }
}

/// Kills a run that goes on, a moment after it began.
fn killed_again_or_done(study: &str, out: &Path, more: &[&str]) {
    let before = std::fs::read(out.join("outcomes.checkpoint")).unwrap();
    let mut run = Command::new(env!("CARGO_BIN_EXE_hepatica"))
        .args(["run", study, "--out", &out.display().to_string(), "--checkpoint", "0", "--threads", "2"])
        .args(more)
        .current_dir(root())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    while std::fs::read(out.join("outcomes.checkpoint")).is_ok_and(|now| now == before)
        && run.try_wait().unwrap().is_none()
    {
        std::thread::sleep(Duration::from_millis(1));
    }
    let _ = run.kill();
    let _ = run.wait();
    let _ = std::fs::remove_file(out.join("manifest.json"));
}

/// Rows that have their name while the rest of the result is missing are not simulated again.
#[test]
fn a_run_killed_at_the_very_end_goes_on_too() {
    let folder = tempfile::tempdir().unwrap();
    let study = study(folder.path(), STUDY);
    let whole = folder.path().join("whole");
    run_study(&study, &whole, &[]);
    let out = folder.path().join("out");
    killed(&study, &out, &[]);
    let damaged = std::fs::read(out.join("outcomes.checkpoint")).unwrap();
    // A checkpoint that is not whole counts as none.
    std::fs::write(out.join("outcomes.checkpoint"), &damaged[..damaged.len() - 1]).unwrap();
    run_study(&study, &out, &[]);
    assert_same(&out, &whole);
    // The state of a complete shard of one is that of a complete run.
    run_study(&study, &out, &["--shard", "1/1"]);
    std::fs::rename(out.join("shard-1-of-1.state"), out.join("outcomes.checkpoint")).unwrap();
    std::fs::remove_file(out.join("manifest.json")).unwrap();
    std::fs::remove_file(out.join("report.html")).unwrap();
    let text = run_study(&study, &out, &["--progress"]);
    assert!(text.contains("virtual patients"));
    assert_same(&out, &whole);
}

#[cfg(unix)]
#[test]
fn a_full_disk_is_told_and_leaves_no_half_file() {
    let folder = tempfile::tempdir().unwrap();
    let text = STUDY.replace("size = 90", "size = 300");
    let study = study(folder.path(), &text);
    let whole = folder.path().join("whole");
    run_study(&study, &whole, &[]);
    let out = folder.path().join("out");
    let dir = out.display().to_string();
    // A limit on the size of a file ends writes as a full disk does: 512-byte blocks, the signal ignored.
    for blocks in ["64", "400"] {
        let limited = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"");
        let output = Command::new("sh")
            .args(["-c", &limited, env!("CARGO_BIN_EXE_hepatica"), "run", &study, "--out", &dir])
            .current_dir(root())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains("cannot write") && said.contains("File too large"), "{said}");
        for name in files(&out).keys() {
            assert_ne!(name, "manifest.json");
            if !name.contains("partial") && !name.contains("checkpoint") {
                assert!(
                    std::fs::read(out.join(name)).unwrap() == std::fs::read(whole.join(name)).unwrap(),
                    "{name}"
                );
            }
        }
    }
    // With room again the same command goes on.
    run_study(&study, &out, &[]);
    assert_same(&out, &whole);
}

#[test]
fn what_cannot_fit_is_refused_before_it_is_begun() {
    let folder = tempfile::tempdir().unwrap();
    let text = STUDY.replace("size = 90", "size = 10000000000");
    let study = study(folder.path(), &text);
    let out = folder.path().join("out");
    let said = refused(&["run", &study, "--out", &out.display().to_string()]);
    assert!(said.contains("run/disk") && said.contains("TB") && said.contains("--summaries-only"), "{said}");
    assert!(!out.exists());
}

/// The estimate is near the truth.
#[test]
fn the_size_of_the_rows_is_known_before() {
    let folder = tempfile::tempdir().unwrap();
    let size = 10_000_000_000u64;
    let text = STUDY.replace("size = 90", &format!("size = {size}"));
    let study_of_many = study(folder.path(), &text);
    let said = refused(&["run", &study_of_many, "--out", &folder.path().join("no").display().to_string()]);
    let estimate: f64 = said.split("about ").nth(1).unwrap().split(" TB").next().unwrap().parse().unwrap();
    let out = folder.path().join("out");
    run_study(&study(folder.path(), &STUDY.replace("size = 90", "size = 400")), &out, &[]);
    let bytes = std::fs::metadata(out.join("outcomes.csv")).unwrap().len() as f64;
    // Numbers of patients have eight digits more there.
    let expected = (bytes / 400.0 + 2.0 * 8.4) * size as f64 * 1e-12;
    assert!((estimate / expected - 1.0).abs() < 0.08, "{estimate} TB estimated, {expected} TB expected");
}

#[test]
fn a_patient_who_fails_is_a_row_and_the_run_says_how_many() {
    let folder = tempfile::tempdir().unwrap();
    // Weights from grams to tonnes: the course has doses for some of them only.
    let text = STUDY.replace("log_sd = 0.18", "log_sd = 3");
    let study = study(folder.path(), &text);
    let out = folder.path().join("out");
    let output = hepatica(&["run", &study, "--out", &out.display().to_string()]);
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}{}", String::from_utf8_lossy(&output.stderr));
    let rows = std::fs::read_to_string(out.join("outcomes.csv")).unwrap();
    assert_eq!(rows.lines().count(), 1 + 2 * 90);
    let failed: Vec<&str> = rows.lines().filter(|line| line.contains(",failed,")).collect();
    assert!(failed.len() > 10 && failed.len() < 170, "{}", failed.len());
    assert!(failed.iter().all(|line| !line.ends_with(',')), "each has its reason");
    let count = format!("{} of 180 patients and arms could not be simulated to the end", failed.len());
    assert!(said.contains(&count) && said.contains("more, with their reasons in outcomes.csv"), "{said}");
    let comparisons = std::fs::read_to_string(out.join("comparisons.csv")).unwrap();
    let told: usize =
        comparisons.lines().skip(1).map(|l| l.rsplit(',').nth(13).unwrap().parse::<usize>().unwrap()).sum();
    assert_eq!(told, failed.len());
}

/// With the feature, the rows in columns follow from the rows alone; without it, the wish is refused.
#[test]
fn parquet_is_written_or_refused() {
    let folder = tempfile::tempdir().unwrap();
    let study = study(folder.path(), STUDY);
    let out = folder.path().join("one");
    let dir = out.display().to_string();
    if cfg!(not(feature = "parquet")) {
        assert!(refused(&["run", &study, "--out", &dir, "--parquet"]).contains("run/parquet"));
        assert!(!out.exists());
        return;
    }
    run_study(&study, &out, &["--parquet", "--threads", "1"]);
    let shards = folder.path().join("shards");
    for shard in ["1/2", "2/2"] {
        run_study(&study, &shards, &["--shard", shard]);
    }
    assert_eq!(hepatica(&["merge", &shards.display().to_string(), "--parquet"]).status.code(), Some(0));
    assert_same(&shards, &out);
    assert!(out.join("outcomes.parquet").exists());
    assert!(
        refused(&["run", &study, "--out", &dir, "--overwrite", "--parquet", "--summaries-only"])
            .contains("rows")
    );
}
