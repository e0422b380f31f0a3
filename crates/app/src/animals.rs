//! A population in groups -> the table of animals that `hepatica assay groups` reads.

use std::path::Path;

use hepatica_source::{SourceMap, csv};
use hepatica_stats::random::{Key, standard_normal};
use hepatica_trial::animals::{Animals, Error as Measuring};

use crate::computed::Results;
use crate::refuse::Error;
use crate::world::{World, read_text};

/// The table of the animals of a study; `folder` holds `outcomes.csv` of its population.
pub(crate) fn table(
    world: &dyn World,
    results: &Results,
    animals: &Animals,
    folder: &Path,
) -> Result<String, Error> {
    let text = read_text(world, &folder.join("outcomes.csv"))?;
    let mut map = SourceMap::new();
    let file = map.add("outcomes.csv", text);
    let broken = |what: &str| Error::Argument(format!("outcomes.csv of this study has no {what}"));
    let mut rows = csv::rows(&map, file);
    let header: Vec<String> = match rows.next() {
        Some(Ok(cells)) => cells.iter().map(|cell| cell.text.to_string()).collect(),
        _ => return Err(broken("header")),
    };
    let column = |name: &str| header.iter().position(|h| h == name).ok_or_else(|| broken(name));
    let (patient, arm) = (column("patient")?, column("arm")?);
    let columns: Vec<usize> =
        animals.measured.iter().map(|m| column(&m.endpoint.value)).collect::<Result<_, _>>()?;
    let key = Key::new(animals.seed);
    let mut out = head(animals);
    for row in rows {
        let row = row.map_err(|_| broken("readable rows"))?;
        let cell = |at: usize| row.get(at).map_or("", |cell| cell.text.as_ref());
        let group = results.study.arms.iter().position(|a| a.name == cell(arm));
        let number = cell(patient).parse::<u64>().ok();
        let (Some(group), Some(number)) = (group, number) else { continue };
        let first = group as u64 * animals.per_group;
        if number <= first || number > first + animals.per_group {
            continue;
        }
        let cage = (number - first - 1) / animals.per_cage + 1;
        out.push_str(&format!(
            "{},{},A{number:02},C{cage}",
            csv_text(&results.study.arms[group].name),
            animals.doses[group]
        ));
        for (k, (measured, at)) in animals.measured.iter().zip(&columns).enumerate() {
            let value = row.get(*at).and_then(csv::Cell::number);
            measure(&mut out, (&measured.error, value), |reader| {
                standard_normal(&key, number, (8 * k + reader) as u32)
            });
        }
        out.push('\n');
    }
    Ok(out)
}

fn head(animals: &Animals) -> String {
    let mut out = format!("# simulated, seed {}: no animal was treated\n", animals.seed);
    out.push_str(&format!("group,dose ({}),animal,cage", animals.dose_unit));
    for measured in &animals.measured {
        match &measured.error {
            Measuring::Relative(_) => out.push_str(&format!(",{}", csv_text(&measured.column))),
            Measuring::Read { scale, readers: 1, .. } => {
                out.push_str(&format!(",{} ({scale})", csv_text(&measured.column)));
            }
            Measuring::Read { scale, readers, .. } => {
                for reader in 1..=*readers {
                    out.push_str(&format!(",{} reader {reader} ({scale})", csv_text(&measured.column)));
                }
            }
        }
    }
    out.push('\n');
    out
}

/// A value as it is measured; one that is not there stays empty.
fn measure(out: &mut String, (error, value): (&Measuring, Option<f64>), normal: impl Fn(usize) -> f64) {
    let readers = if let Measuring::Read { readers, .. } = error { *readers } else { 1 };
    for reader in 0..readers as usize {
        out.push(',');
        let Some(value) = value else { continue };
        match error {
            Measuring::Relative(cv) => out.push_str(&format!("{:.4}", value * (1.0 + cv * normal(reader)))),
            Measuring::Read { most, sd, .. } => {
                let read = (value + sd * normal(reader)).round().clamp(0.0, *most);
                out.push_str(&format!("{read:.0}"));
            }
        }
    }
}

/// A text as a cell.
fn csv_text(text: &str) -> String {
    if text.contains([',', '"', '\n']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_string()
    }
}
