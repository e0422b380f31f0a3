//! The table and the figure.

use std::fmt::Write;
use std::path::Path;

use hepatica_report::{Axis, Figure, Plot, Series};

use crate::cases::{CASES, COMPARED, Case};
use crate::measure::{achieved, read_numbers};

/// Work against precision of one engine: achieved error, microseconds for each patient.
struct Curve {
    engine: &'static str,
    points: Vec<(f64, f64)>,
}

impl Curve {
    /// Microseconds at an achieved error, between the two nearest points on logarithmic scales; `None` outside them.
    fn at(&self, error: f64) -> Option<f64> {
        self.points.windows(2).find_map(|w| {
            let ((e1, t1), (e2, t2)) = (w[0], w[1]);
            let inside = (e1 >= error && error >= e2) || (e2 >= error && error >= e1);
            let share = if e1 == e2 { 0.0 } else { (error / e1).ln() / (e2 / e1).ln() };
            inside.then(|| t1 * (t2 / t1).powf(share))
        })
    }
}

const OURS: (&str, &str) = ("Hepatica", "ours");

/// Every engine and the ending of its files; ours first.
const ENGINES: [(&str, &str); 4] =
    [OURS, ("CVODE, KLU", "klu"), ("CVODE, dense", "dense"), ("libRoadRunner", "roadrunner")];

pub(crate) fn write(folder: &Path, docs: &Path, head: &str) {
    let mut text = head.replace("\\n", "\n");
    let mut figure = Figure::new("Work against precision").caption(
        "Time for each patient on one core against the error achieved; lower and further left is better.",
    );
    text.push_str("\n## At equal achieved error, one core\n\n| Model | Error | Hepatica, us | CVODE KLU | CVODE dense | libRoadRunner |\n|---|---|---|---|---|---|\n");
    let mut loads = String::new();
    let mut raw = String::new();
    for case in CASES {
        let (curves, facts) = read(case, folder, &mut raw);
        for error in [1e-4, 1e-6] {
            let ours = curves[0].at(error);
            let shown = ours.map_or("outside".to_string(), |t| format!("{t:.0}"));
            let _ = write!(text, "| {} | {error:e} | {shown} |", case.name);
            for curve in &curves[1..] {
                let cell = match (curve.at(error), ours) {
                    (Some(t), Some(o)) => format!(" {t:.0} us, {:.1} x |", t / o),
                    _ => " outside |".to_string(),
                };
                text.push_str(&cell);
            }
            text.push('\n');
        }
        loads.push_str(&facts);
        let mut plot = Plot::new(Axis::log10("achieved error"), Axis::log10("time per patient").unit("us"));
        plot = plot.title(case.name);
        for curve in curves {
            plot = plot.series(Series::line(curve.engine, curve.points));
        }
        figure = figure.panel(plot);
    }
    let _ = write!(
        text,
        "\n\"outside\": the error lies outside what the tolerances gave.\n\n![Work against precision](work-precision.svg)\n\n## Loading, all cores\n\n| Model | Load, ours | Load, libRoadRunner | Patients/s, one core (rtol 1e-4) | all cores |\n|---|---|---|---|---|\n{loads}"
    );
    let _ = write!(
        text,
        "\n## Measurements\n\n| Model | Engine | rtol | Achieved error | us for each patient | Steps |\n|---|---|---|---|---|---|\n{raw}"
    );
    std::fs::write(docs.join("benchmarks.md"), text).unwrap();
    std::fs::write(docs.join("work-precision.svg"), figure.svg(900.0)).unwrap();
}

/// The curves of a model from what stands in the folder, and the row of its load times.
fn read(case: &Case, folder: &Path, raw: &mut String) -> (Vec<Curve>, String) {
    let at = |ending: &str| folder.join(format!("{}.{ending}", case.name));
    let reference = read_numbers(&at("reference"));
    let n_states = reference.len() / (COMPARED * case.rows);
    let mut curves = Vec::new();
    let (mut loads, mut all_cores, mut at_1e_4) = (Vec::new(), String::new(), f64::NAN);
    for (engine, ending) in ENGINES {
        let mut curve = Curve { engine, points: Vec::new() };
        let mut load = String::from("not measured");
        let text = std::fs::read_to_string(at(&format!("{ending}.tsv"))).unwrap_or_default();
        for line in text.lines() {
            let cells: Vec<&str> = line.split('\t').collect();
            let seconds: f64 = cells[1].parse().unwrap();
            let last = cells.get(2).copied().unwrap_or("");
            match cells[0] {
                "load" => load = format!("{:.1} ms", seconds * 1e3),
                "all cores" => all_cores = format!("{:.0} ({last})", 1.0 / seconds),
                rtol => {
                    let found = read_numbers(&at(&format!("{ending}.{rtol}.bin")));
                    let (error, micros) = (achieved(&found, &reference, n_states, case.rows), seconds * 1e6);
                    curve.points.push((error, micros));
                    let _ = writeln!(
                        raw,
                        "| {} | {engine} | {rtol} | {error:.1e} | {micros:.0} | {last} |",
                        case.name
                    );
                    if engine == OURS.0 && rtol == "1e-4" {
                        at_1e_4 = 1.0 / seconds;
                    }
                }
            }
        }
        loads.push(load);
        curves.push(curve);
    }
    let facts = format!(
        "| {} | {} | {} | {at_1e_4:.0} | {all_cores} |\n",
        case.name,
        loads[0],
        loads[loads.len() - 1]
    );
    (curves, facts)
}
