//! Chromatograms of plasma glutathione: tailed peaks by numerical convolution over a drifting baseline, an internal
//! neighbour, a shoulder at resolution 1.2, a clipped injection, a haemolysed sample.

use std::fmt::Write;

use serde_json::json;

use super::Simulated;
use super::noise::Noise;

/// mV of noise, and area in mV min per umol/L as injected.
const NOISE: f64 = 0.05;
const AREA_PER_UM: f64 = 4.0;
/// Standard deviation of the response from injection to injection.
const INJECTION: f64 = 0.02;
/// The detector ends here, mV.
const CEILING: f64 = 250.0;
/// Width and tail of the analyte, min.
const SHAPE: (f64, f64) = (0.06, 0.035);
const RETENTION: f64 = 5.6;

/// One injection: name, role, group, nominal, dilution, haemolysed; umol/L as injected; area of a shoulder over it.
struct Injection {
    row: String,
    injected: f64,
    shoulder: f64,
}

pub(crate) fn simulate(seed: u64) -> Simulated {
    let mut noise = Noise::new(seed);
    let (injections, truth) = plan();
    let head = format!("# simulated with known truth (truth.json); seed {seed}; no measurement\n");
    let mut sequence = head.clone() + "injection,role,group,nominal (umol/L),dilution,haemolysed\n";
    let mut chromatograms = head + "injection,time (min),signal (mV)\n";
    for (k, injection) in injections.iter().enumerate() {
        let name = format!("{:02}", k + 1);
        let _ = writeln!(sequence, "{name},{}", injection.row);
        write_trace(&mut chromatograms, &name, injection, &mut noise);
    }
    Simulated {
        files: vec![("gsh-sequence.csv".into(), sequence), ("gsh-chromatograms.csv".into(), chromatograms)],
        truth: json!({ "seed": seed, "area_per_umol_per_l": AREA_PER_UM, "samples": truth }),
    }
}

/// The run: standards as the solution injected, plasma diluted fourfold.
fn plan() -> (Vec<Injection>, Vec<serde_json::Value>) {
    let mut out = Vec::new();
    let mut add = |row: String, injected: f64, shoulder: f64| out.push(Injection { row, injected, shoulder });
    add("blank,,,,".into(), 0.0, 0.0);
    add("zero,,,,".into(), 0.0, 0.0);
    for level in [0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 5.0] {
        add(format!("standard,,{level},,"), level, 0.0);
    }
    add("carry-over,,,,".into(), 0.004, 0.0);
    for _ in 0..2 {
        for (group, level) in [("low", 0.15), ("medium", 2.0), ("high", 4.0)] {
            add(format!("qc,{group},{level},,"), level, 0.0);
        }
    }
    for _ in 0..5 {
        add("dilution-qc,tenfold,20,10,".into(), 2.0, 0.0);
    }
    // In plasma, umol/L; the area of the shoulder over that of the analyte; dilution beside the chain; haemolysed.
    let samples = [
        ("plasma 1", 3.1, 0.0, 1.0, false),
        ("plasma 2", 4.4, 0.0, 1.0, false),
        ("plasma 3", 2.2, 0.25, 1.0, false),
        ("plasma 4", 11.5, 0.0, 1.0, true),
        ("plasma 5", 0.12, 0.0, 1.0, false),
        ("plasma 6", 95.0, 0.0, 1.0, false),
        ("plasma 6 (diluted)", 95.0, 0.0, 10.0, false),
        ("plasma 7", 30.0, 0.0, 1.0, false),
    ];
    let mut truth = Vec::new();
    for (name, plasma, shoulder, dilution, haemolysed) in samples {
        for _ in 0..2 {
            let mark = if haemolysed { "yes" } else { "" };
            add(format!("sample,{name},,{dilution},{mark}"), plasma / 4.0 / dilution, shoulder);
        }
        truth.push(json!({ "sample": name, "umol_per_l": plasma }));
    }
    for added in [0.5, 1.0, 2.0] {
        add(format!("addition,plasma 1,{added},1,"), 3.1 / 4.0 + added, 0.0);
    }
    (out, truth)
}

/// 3.5 to 8.5 min, 2.5 points a second.
fn write_trace(out: &mut String, name: &str, injection: &Injection, noise: &mut Noise) {
    let factor = 1.0 + INJECTION * noise.normal();
    let jitter = 0.005 * noise.normal();
    let area = AREA_PER_UM * injection.injected * factor;
    // Resolution 1.2 of Gaussians is 2.04 widths at half height.
    let apart = 1.2 * 2.0 * 2.0 * SHAPE.0;
    let (a, b, phase) = (6.0 * noise.uniform(), noise.normal(), noise.uniform());
    for k in 0..750 {
        let t = 3.5 + f64::from(k) / 150.0;
        let mut y = 12.0 + a + 0.4 * b * (t - 6.0) + 0.7 * (0.9 * (t - 3.5) + 6.0 * phase).sin();
        y += area * tailed(t, RETENTION + jitter, SHAPE);
        y += area * injection.shoulder * tailed(t, RETENTION + jitter + apart, SHAPE);
        // What every injection holds: the front of the reagent, and a by-product.
        y += 25.0 * tailed(t, 3.9, (0.09, 0.12)) + 9.0 * tailed(t, 7.4, (0.08, 0.05));
        y = (y + NOISE * noise.normal()).min(CEILING);
        let _ = writeln!(out, "{name},{t:.4},{y:.3}");
    }
}

/// A Gaussian convolved with an exponential, unit area: midpoint sums over twelve time constants.
fn tailed(t: f64, centre: f64, (sigma, tau): (f64, f64)) -> f64 {
    if t < centre - 7.0 * sigma || t > centre + 7.0 * sigma + 14.0 * tau {
        return 0.0;
    }
    let n = 240;
    let step = 12.0 * tau / f64::from(n);
    let norm = step / tau / (sigma * (2.0 * std::f64::consts::PI).sqrt());
    let part = |k: i32| {
        let s = step * (f64::from(k) + 0.5);
        let u = (t - centre - s) / sigma;
        (-0.5 * u * u - s / tau).exp()
    };
    norm * (0..n).map(part).sum::<f64>()
}
