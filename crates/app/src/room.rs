//! Whether a result fits on the disk, before it is begun.

use std::ops::Range;
use std::path::Path;

use hepatica_report::csv::CsvWriter;
use hepatica_trial::{Aggregate, Endpoint, Study};

use crate::cohort::Sampled;
use crate::journal::{header, push};
use crate::refuse::Error;
use crate::world::World;

/// What rows may be longer than those of the sample on average.
const MARGIN: f64 = 1.03;

/// Report, figures and tables, besides what grows with the number of sketches.
const FIXED_BYTES: u64 = 16 << 20;

/// Stored bytes of a sketch of many patients: ten powers of two of 512 bins, two to three bytes each.
const SKETCH_BYTES: u64 = 12 << 10;

/// What a population will write.
pub(crate) struct Need {
    /// The rows, estimated from those of a sample.
    pub(crate) rows: u64,
    /// Two checkpoints, of which one replaces the other, and everything else.
    pub(crate) rest: u64,
}

/// What the patients of a range will write.
///
/// # Errors
/// A row that does not fit its header.
pub(crate) fn need(
    sample: &[Sampled],
    study: &Study,
    endpoints: &[Endpoint],
    (patients, keeps_rows): (&Range<u64>, bool),
    aggregate: &Aggregate,
) -> Result<Need, Error> {
    let sketches: usize = aggregate.arms.iter().map(|a| a.endpoints.len() + a.bands.len()).sum();
    let rest = 2 * SKETCH_BYTES * sketches as u64 + FIXED_BYTES;
    if !keeps_rows {
        return Ok(Need { rows: 0, rest });
    }
    let mut csv = CsvWriter::new(&header(endpoints));
    let head = csv.take().len();
    for sampled in sample {
        let mut row = sampled.row.clone();
        // The largest number has the most digits; the ids of subjects are as long as those of the first.
        if row.label == row.patient.to_string() {
            row.label = patients.end.to_string();
        }
        push(&mut csv, &row, &study.arms[row.arm].name)?;
    }
    let sampled = (sample.len() / study.arms.len().max(1)).max(1);
    let each = csv.pending() as f64 / sampled as f64;
    let rows = head as f64 + MARGIN * each * (patients.end - patients.start) as f64;
    Ok(Need { rows: rows as u64, rest })
}

/// Refuses what does not fit below a folder; `written` bytes of the rows are there already.
///
/// # Errors
/// Too little room, with the numbers; where the file system does not say how much there is, the run may begin.
pub(crate) fn check(world: &dyn World, folder: &Path, need: &Need, written: u64) -> Result<(), Error> {
    let Ok(free) = world.free_bytes(folder) else { return Ok(()) };
    let needed = need.rows.saturating_sub(written).saturating_add(need.rest);
    if needed <= free {
        return Ok(());
    }
    let rows = match need.rows {
        0 => "the summaries".to_string(),
        rows => format!("the rows of all patients are about {}, and with the rest", bytes(rows)),
    };
    Err(Error::Named {
        code: "run/disk",
        message: format!(
            "{rows} about {} have to be written, but {} has {} free",
            bytes(needed),
            folder.display(),
            bytes(free)
        ),
        hint: match need.rows {
            0 => "make room, or choose another folder with --out".into(),
            _ => "ask for summaries without rows with --summaries-only, make room, choose another folder with --out, or split the run with --shard".into(),
        },
    })
}

/// A number of bytes as people say it, in powers of ten.
pub(crate) fn bytes(n: u64) -> String {
    let n = n as f64;
    match n {
        n if n < 1e6 => format!("{:.0} kB", (n / 1e3).ceil()),
        n if n < 1e9 => format!("{:.1} MB", n / 1e6),
        n if n < 1e12 => format!("{:.1} GB", n / 1e9),
        n => format!("{:.2} TB", n / 1e12),
    }
}
