//! A plate of glutathione reductase: NADPH falls by an enzyme that saturates with NADPH, after a second of mixing.

use std::fmt::Write;

use serde_json::json;

use super::Simulated;
use super::noise::Noise;

/// Absorption of NADPH per mM and cm.
const PER_MM_CM: f64 = 6.22;
/// mL in the well, mL of sample in it.
const VOLUMES: (f64, f64) = (0.2, 0.01);
/// Standard deviation of a reading.
const NOISE: f64 = 0.0015;
/// Standard deviation of pipetting, as a share of the sample.
const PIPETTING: f64 = 0.02;
/// NADPH at the start, mM.
const NADPH_MM: f64 = 0.22;

/// Samples with their true U/mL (of the undiluted lysate), other oxidation in U/mL, dilution and protein in mg/mL.
const SAMPLES: [(&str, f64, f64, f64, f64); 5] = [
    ("control 1", 0.42, 0.03, 1.0, 6.1),
    ("control 2", 0.47, 0.03, 1.0, 6.6),
    ("treated 1", 0.71, 0.04, 2.0, 6.3),
    ("treated 2", 1.46, 0.08, 4.0, 12.4),
    ("overloaded", 6.0, 0.1, 1.0, 8.0),
];

pub(crate) fn simulate(seed: u64) -> Simulated {
    let mut noise = Noise::new(seed);
    let head = format!("# simulated with known truth (truth.json); seed {seed}; no measurement\n");
    let mut wells = head.clone() + "well,role,sample,dilution,protein (mg/mL),a977,a900\n";
    let mut traces = head + "well,time (s),a340\n";
    let mut index = 0u32;
    let mut add = |role: &str, sample: (&str, f64, f64, f64), activity: f64, noise: &mut Noise| {
        let (name, dilution, protein, other) = sample;
        let well = format!("{}{}", char::from(b'A' + (index / 12) as u8), index % 12 + 1);
        index += 1;
        let path = 0.56 * (1.0 + 0.01 * noise.normal());
        let a900 = 0.041 + 0.001 * noise.normal();
        let a977 = a900 + 0.18 * path;
        let protein = if protein > 0.0 { protein.to_string() } else { String::new() };
        let _ = writeln!(wells, "{well},{role},{name},{dilution},{protein},{a977:.4},{a900:.4}");
        let taken = VOLUMES.1 / VOLUMES.0 / dilution * (1.0 + PIPETTING * noise.normal());
        trace(&mut traces, &well, path, (activity * taken, other * taken + 0.0003), noise);
    };
    for (name, activity, other, dilution, protein) in SAMPLES {
        for _ in 0..3 {
            add("sample", (name, dilution, protein, other), activity, &mut noise);
        }
        add("no-gssg", (name, dilution, protein, other), 0.0, &mut noise);
    }
    for _ in 0..3 {
        add("no-enzyme", ("", 1.0, 0.0, 0.0), 0.0, &mut noise);
    }
    let truth = SAMPLES.iter().map(|(name, activity, _, _, protein)| {
        json!({ "sample": name, "u_per_ml": activity, "u_per_mg": activity / protein })
    });
    Simulated {
        files: vec![("reductase-wells.csv".into(), wells), ("reductase-traces.csv".into(), traces)],
        truth: json!({ "seed": seed, "activities": truth.collect::<Vec<_>>() }),
    }
}

/// A reading every 10 s for 5 min. Rates in mM/min; the enzyme's falls with NADPH by a Michaelis constant of 8 uM.
fn trace(out: &mut String, well: &str, path: f64, (enzyme, other): (f64, f64), noise: &mut Noise) {
    const KM_MM: f64 = 0.008;
    let mut nadph = NADPH_MM;
    let scale = (NADPH_MM + KM_MM) / NADPH_MM;
    for second in 0..=300 {
        if second % 10 == 0 {
            let mixing = 0.02 * (-f64::from(second) / 6.0).exp();
            let a = PER_MM_CM * path * nadph + mixing + NOISE * noise.normal();
            let _ = writeln!(out, "{well},{second},{a:.4}");
        }
        nadph = (nadph - (enzyme * scale * nadph / (nadph + KM_MM) + other) / 60.0).max(0.0);
    }
}
