//! Peak memory of populations of growing size, as a section of `docs/src/benchmarks.md`.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::{command, page};

/// Where the section begins.
pub(crate) const HEADING: &str = "## Memory of a population";

/// Sizes of a population whose patients are simulated for a few hours: the memory is that of the numbers kept, and
/// the time is bearable.
const SHORT: [u64; 3] = [1_000, 100_000, 1_000_000];
/// Sizes of the shipped study: four arms, a week.
const SHIPPED: [u64; 2] = [1_000, 10_000];

/// Measures and writes the section.
pub(crate) fn run() -> Result<(), String> {
    command::cargo(&["build", "--release", "--locked", "--package", "hepatica"])?;
    let root = command::root();
    let shipped = std::fs::read_to_string(root.join("studies/population.toml")).map_err(|e| e.to_string())?;
    let first_arm =
        shipped.match_indices("[[arm]]").nth(1).map_or(shipped.as_str(), |(at, _)| &shipped[..at]);
    let short = first_arm.replace("\"7 d\"", "\"4 h\"");
    let mut rows = String::new();
    for (what, text, sizes) in
        [("one arm, 4 h", short.as_str(), &SHORT[..]), ("`studies/population.toml`", &shipped, &SHIPPED)]
    {
        for size in sizes {
            let measured = measure(&root, text, *size)?;
            let (peak, seconds, bytes) = (measured.peak_mb, measured.seconds, measured.rows_mb);
            println!("{what}, {size} patients: {peak:.0} MB, {seconds:.0} s");
            rows.push_str(&format!("| {what} | {size} | {peak:.0} | {bytes:.1} | {seconds:.0} |\n"));
        }
    }
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let section = format!(
        "{HEADING}\n\nPeak resident memory of `hepatica run` on the human model, {cores} threads, report included. The numbers kept of a \
         population grow with the range of its values and not with its size.\n\n\
         | Study | Patients | Peak memory, MB | outcomes.csv, MB | s |\n|---|---|---|---|---|\n{rows}"
    );
    page::replace(&root.join("docs/src/benchmarks.md"), HEADING, &section)
}

struct Measured {
    peak_mb: f64,
    rows_mb: f64,
    seconds: f64,
}

/// Runs a study with another number of patients.
#[expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
fn measure(root: &Path, text: &str, size: u64) -> Result<Measured, String> {
    let folder = root.join("target/bench/memory");
    std::fs::create_dir_all(&folder).map_err(|e| e.to_string())?;
    let study = folder.join(format!("{size}.toml"));
    let text = text.replace("size = 1000", &format!("size = {size}"));
    std::fs::write(&study, text).map_err(|e| e.to_string())?;
    let out = folder.join("out");
    let begun = Instant::now();
    let mut run = Command::new(root.join("target/release/hepatica"))
        .arg("run")
        .arg(&study)
        .arg("--out")
        .arg(&out)
        .arg("--overwrite")
        .stdout(Stdio::null())
        .spawn()
        .map_err(|e| e.to_string())?;
    // The system keeps the peak, and forgets it with the process.
    let status = format!("/proc/{}/status", run.id());
    let mut peak_kb = 0.0f64;
    let code = loop {
        let now = std::fs::read_to_string(&status).unwrap_or_default();
        let line = now.lines().find_map(|l| l.strip_prefix("VmHWM:"));
        let kb = line.and_then(|l| l.trim().strip_suffix(" kB")?.parse().ok());
        peak_kb = peak_kb.max(kb.unwrap_or(0.0));
        if let Some(code) = run.try_wait().map_err(|e| e.to_string())? {
            break code;
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    if !code.success() || peak_kb == 0.0 {
        return Err(format!("{}: {code}, peak {peak_kb} kB", study.display()));
    }
    let rows = std::fs::metadata(out.join("outcomes.csv")).map_err(|e| e.to_string())?;
    let (peak_mb, rows_mb) = (peak_kb * 1024e-6, rows.len() as f64 * 1e-6);
    Ok(Measured { peak_mb, rows_mb, seconds: begun.elapsed().as_secs_f64() })
}
