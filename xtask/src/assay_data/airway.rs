//! Insufflation pressures of guinea pigs, with the waveform of breaths:
//! a steady baseline with drift, histamine, then 2 mg of a salt.

use std::fmt::Write;

use serde_json::json;

use super::Simulated;
use super::noise::Noise;

/// Groups with the true mean peak in percent: of the order of the published table; the spread between animals is
/// assumed.
const GROUPS: [(&str, f64); 5] = [
    ("vehicle", 2.0),
    ("Mg(NAC)2", 25.0),
    ("NAC", 70.0),
    ("NAC lysine salt", 65.0),
    ("NAC calcium salt", 75.0),
];
const ANIMALS: u32 = 6;
const BETWEEN: f64 = 0.15;
/// Minutes of the doses of histamine and salt, and the end.
const STANDARD: f64 = 6.0;
const DOSE: f64 = 20.0;
const END: f64 = 32.0;

pub(crate) fn simulate(seed: u64) -> Simulated {
    let mut noise = Noise::new(seed);
    let head = format!("# simulated with known truth (truth.json); seed {seed}; no measurement\n");
    let mut animals = head.clone() + "animal,group,standard_at (min),dose_at (min)\n";
    let mut traces = head + "animal,time (s),pressure (cmH2O)\n";
    let mut truth = Vec::new();
    let mut number = 0;
    for (group, mean) in GROUPS {
        let mut peaks = Vec::new();
        for _ in 0..ANIMALS {
            number += 1;
            let name = format!("g{number:02}");
            let _ = writeln!(animals, "{name},{group},{STANDARD},{DOSE}");
            let peak = mean * (1.0 + BETWEEN * noise.normal());
            peaks.push(json!({ "animal": name, "peak_percent": peak }));
            trace(&mut traces, &name, peak, &mut noise);
        }
        truth.push(json!({ "group": group, "mean_percent": mean, "animals": peaks }));
    }
    Simulated {
        files: vec![("airway-animals.csv".into(), animals), ("airway-traces.csv".into(), traces)],
        truth: json!({ "seed": seed, "groups": truth }),
    }
}

/// A response that rises within a minute and decays over minutes, its largest value 1.
fn response(minutes: f64, rise: f64, fall: f64) -> f64 {
    if minutes <= 0.0 {
        return 0.0;
    }
    let at = (fall / rise).ln() * rise * fall / (fall - rise);
    let shape = |t: f64| (-t / fall).exp() - (-t / rise).exp();
    shape(minutes) / shape(at)
}

/// A sample every 2.5 s, two to a breath of 5 s: shorter breaths would make the file long and teach nothing more.
fn trace(out: &mut String, name: &str, peak: f64, noise: &mut Noise) {
    let base = 9.0 + 0.8 * noise.normal();
    let drift = 0.0015 * noise.normal();
    let standard = 60.0 * (1.0 + 0.1 * noise.normal());
    let samples = (END * 60.0 / 2.5) as u32;
    let mut breath = 1.0;
    for k in 0..samples {
        let minutes = f64::from(k) * 2.5 / 60.0;
        if k % 2 == 0 {
            breath = 1.0 + 0.008 * noise.normal();
        }
        let rise =
            standard * response(minutes - STANDARD, 0.3, 1.6) + peak * response(minutes - DOSE, 0.4, 3.0);
        let top = base * (1.0 + drift * minutes) * (1.0 + rise / 100.0) * breath;
        let phase = [1.0, 0.4][(k % 2) as usize];
        let _ = writeln!(out, "{name},{:.2},{:.3}", 60.0 * minutes, top * phase);
    }
}
