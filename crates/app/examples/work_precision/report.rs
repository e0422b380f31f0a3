//! The table and the figure.

use std::fmt::Write;
use std::path::Path;

use hepatica_report::{Axis, Figure, Plot, Series};

use crate::cases::{CASES, COMPARED, Case};
use crate::measure::{TOLERANCES, achieved, assert_independent, read_numbers, run, time};

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

const PEERS: [(&str, &str); 3] =
    [("CVODE, KLU", "klu"), ("CVODE, dense", "dense"), ("libRoadRunner", "roadrunner")];

pub(crate) fn write(folder: &Path, docs: &Path, head: &str) {
    let mut text = head.replace("\\n", "\n");
    let mut figure = Figure::new("Work against precision").caption(
        "Time for each patient on one core against the error achieved; lower and further left is better.",
    );
    text.push_str("\n## At equal achieved error, one core\n\n| Model | Error | Hepatica, us | CVODE KLU | CVODE dense | libRoadRunner |\n|---|---|---|---|---|---|\n");
    let mut loads = String::new();
    let mut raw = String::new();
    for case in CASES {
        let (curves, facts) = measure(case, folder, &mut raw);
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
        "\n\"outside\": the error lies outside what the tolerances gave.\n\n![Work against precision](work-precision.svg)\n\n## Loading, all cores, memory\n\n| Model | Load, ours | Load, libRoadRunner | Patients/s, one core (rtol 1e-4) | all cores |\n|---|---|---|---|---|\n{loads}"
    );
    let _ = write!(text, "\nPeak memory of the process that measured ours: {}.\n", peak_memory());
    let _ = write!(
        text,
        "\n## Measurements\n\n| Model | Engine | rtol | Achieved error | us for each patient | Steps |\n|---|---|---|---|---|---|\n{raw}"
    );
    std::fs::write(docs.join("benchmarks.md"), text).unwrap();
    std::fs::write(docs.join("work-precision.svg"), figure.svg(900.0)).unwrap();
}

fn measure(case: &Case, folder: &Path, raw: &mut String) -> (Vec<Curve>, String) {
    let (loaded, kernel, load_s) = case.load();
    let scenarios = case.scenarios(&loaded);
    assert_independent(&kernel, &scenarios);
    let at = |ending: &str| folder.join(format!("{}.{ending}", case.name));
    let reference = read_numbers(&at("reference"));
    let error = |states: &[f64]| achieved(states, &reference, kernel.n_states(), case.rows);
    let mut ours = Curve { engine: "Hepatica", points: Vec::new() };
    for rtol in TOLERANCES {
        let (seconds, steps) = time(&kernel, &scenarios, rtol, 1);
        let found = run(&kernel, &scenarios[..COMPARED], rtol, 1);
        let states: Vec<f64> = found.iter().flat_map(|t| t.states.iter().copied()).collect();
        ours.points.push((error(&states), seconds * 1e6));
        let _ = writeln!(
            raw,
            "| {} | Hepatica | {rtol:e} | {:.1e} | {:.0} | {steps:.0} |",
            case.name,
            error(&states),
            seconds * 1e6
        );
    }
    let mut curves = vec![ours];
    let mut load_peer = String::from("not measured");
    for (engine, ending) in PEERS {
        let mut curve = Curve { engine, points: Vec::new() };
        let text = std::fs::read_to_string(at(&format!("{ending}.tsv"))).unwrap_or_default();
        for line in text.lines() {
            let cells: Vec<&str> = line.split('\t').collect();
            if cells[0] == "load" {
                load_peer = format!("{:.0} ms", cells[1].parse::<f64>().unwrap() * 1e3);
                continue;
            }
            let found = read_numbers(&at(&format!("{ending}.{}.bin", cells[0])));
            let micros = cells[1].parse::<f64>().unwrap() * 1e6;
            curve.points.push((error(&found), micros));
            let steps = cells.get(2).copied().unwrap_or("");
            let _ = writeln!(
                raw,
                "| {} | {engine} | {} | {:.1e} | {micros:.0} | {steps} |",
                case.name,
                cells[0],
                error(&found)
            );
        }
        curves.push(curve);
    }
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let (one, _) = time(&kernel, &scenarios, 1e-4, 1);
    let (all, _) = time(&kernel, &scenarios, 1e-4, threads);
    let facts = format!(
        "| {} | {:.1} ms | {load_peer} | {:.0} | {:.0} ({threads}) |\n",
        case.name,
        load_s * 1e3,
        1.0 / one,
        1.0 / all
    );
    (curves, facts)
}

/// The largest resident memory so far, where the system tells.
fn peak_memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"));
    line.map_or("unknown".to_string(), |l| l.trim().to_string())
}
