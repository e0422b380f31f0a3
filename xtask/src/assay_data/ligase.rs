//! Tubes of glutamate-cysteine ligase, and rates of the enzyme inhibited by glutathione.

use std::fmt::Write;

use serde_json::json;

use super::Simulated;
use super::noise::Noise;

/// Area per umol/L in the stopped mixture, and the spread of a tube.
const AREA: f64 = 2.4;
const SPREAD: f64 = 0.025;
/// Largest rate (nmol/min/mg), Michaelis constant of glutamate (umol/L), inhibition by glutathione (umol/L): the
/// constants for glutamate and glutathione are those of Reed MC et al., Theor Biol Med Model 2008;5:8.
const LAW: (f64, f64, f64) = (9.0, 1900.0, 8200.0);

pub(crate) fn simulate(seed: u64) -> Simulated {
    let mut noise = Noise::new(seed);
    let head = format!("# simulated with known truth (truth.json); seed {seed}; no measurement\n");
    let mut tubes = head.clone() + "tube,role,sample,nominal (umol/L),area,gsh (umol/L),protein (mg/mL)\n";
    let mut number = 0;
    let mut add = |role: &str, sample: &str, level: &str, (ggc, gsh, protein): (f64, f64, &str)| {
        number += 1;
        let area = AREA * ggc * (1.0 + SPREAD * noise.normal()) + 0.05 * noise.normal().abs();
        let gsh =
            if gsh > 0.0 { format!("{:.3}", gsh * (1.0 + SPREAD * noise.normal())) } else { String::new() };
        let _ = writeln!(tubes, "T{number:02},{role},{sample},{level},{area:.3},{gsh},{protein}");
    };
    for level in ["0.5", "1", "3", "10", "30", "60", "100"] {
        add("standard", "", level, (level.parse().unwrap_or(0.0), 0.0, ""));
    }
    // True nmol/min/mg, protein in mg/mL, share of the product that became GSH; 30 uL in 200 uL, 30 min, 200 uL acid.
    let samples = [
        ("control 1", 5.2, 4.1, 0.12),
        ("control 2", 4.8, 3.8, 0.10),
        ("treated 1", 8.4, 4.0, 0.13),
        ("treated 2", 9.1, 3.9, 0.12),
    ];
    let mut truth = Vec::new();
    for (name, activity, protein, as_gsh) in samples {
        let product = activity * 30.0 * protein * 0.030 / 0.2 / 2.0;
        let (own_ggc, own_gsh) = (0.8, 2.0);
        let made = (own_ggc + product * (1.0 - as_gsh), own_gsh + product * as_gsh, protein.to_string());
        for _ in 0..3 {
            add("sample", name, "", (made.0, made.1, &made.2));
        }
        for _ in 0..2 {
            add("blank", name, "", (own_ggc, own_gsh, &made.2));
        }
        truth.push(json!({ "sample": name, "nmol_per_min_mg": activity }));
    }
    Simulated {
        files: vec![
            ("ligase-tubes.csv".into(), tubes),
            ("kinetics-rates.csv".into(), rates(&head, &mut noise)),
        ],
        truth: json!({
            "seed": seed, "activities": truth,
            "kinetics": { "law": "competitive", "Vmax": LAW.0, "Km": LAW.1, "Kic": LAW.2 },
        }),
    }
}

/// Rates over glutamate at four levels of glutathione, competitive.
fn rates(head: &str, noise: &mut Noise) -> String {
    let mut out = head.to_string() + "substrate (mmol/L),inhibitor (mmol/L),rate (nmol/min/mg)\n";
    for inhibitor in [0.0, 4.0, 8.0, 16.0] {
        for substrate in [0.4, 0.8, 1.6, 3.2, 6.4, 12.8] {
            for _ in 0..2 {
                let km = LAW.1 / 1000.0 * (1.0 + inhibitor / (LAW.2 / 1000.0));
                let rate = LAW.0 * substrate / (km + substrate) + 0.08 * noise.normal();
                let _ = writeln!(out, "{substrate},{inhibitor},{rate:.4}");
            }
        }
    }
    out
}
