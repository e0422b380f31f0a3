//! Animals of a dose study: control and three doses over eight weeks, cages as blocks, two readers of histology.

use serde_json::json;

use super::Simulated;
use super::noise::Noise;

const DOSES: [f64; 4] = [0.0, 25.0, 50.0, 100.0];
const CAGES: usize = 5;
/// Animals of each dose in a cage.
const PER_CAGE: usize = 2;
/// True means by dose.
const ALT: [f64; 4] = [182.0, 165.0, 138.0, 105.0];
const HYDROXYPROLINE: [f64; 4] = [640.0, 610.0, 505.0, 430.0];
/// True places of a latent, continuous fibrosis on the Ishak scale.
const FIBROSIS: [f64; 4] = [4.9, 4.5, 3.7, 2.8];
/// Deviations of animals, as shares of the mean, and of cages.
const ANIMAL_CV: f64 = 0.16;
const CAGE_CV: f64 = 0.05;
const FIBROSIS_SD: f64 = 0.9;
const READER_SD: f64 = 0.35;

pub(crate) fn simulate(seed: u64) -> Simulated {
    let mut noise = Noise::new(seed);
    let mut text = format!(
        "# simulated, seed {seed}: no animal was treated; truth in truth.json\n\
         group,dose (mg/kg),animal,cage,ALT (U/L),hydroxyproline (ug/g),fibrosis reader 1 (Ishak),fibrosis reader 2 (Ishak)\n"
    );
    let mut animal = 0;
    for cage in 1..=CAGES {
        let shift = CAGE_CV * noise.normal();
        for (k, dose) in DOSES.iter().enumerate() {
            for _ in 0..PER_CAGE {
                animal += 1;
                let mut value = |mean: f64| mean * (1.0 + shift + ANIMAL_CV * noise.normal());
                let (alt, hydroxyproline) = (value(ALT[k]), value(HYDROXYPROLINE[k]));
                let latent = FIBROSIS[k] + FIBROSIS_SD * noise.normal();
                let mut read = || (latent + READER_SD * noise.normal()).round().clamp(0.0, 6.0);
                let (first, second) = (read(), read());
                let group = if k == 0 { "control".to_string() } else { format!("{dose} mg/kg") };
                // One animal died before its blood was taken.
                let alt = if animal == 19 { String::new() } else { format!("{alt:.0}") };
                text.push_str(&format!(
                    "{group},{dose},R{animal:02},C{cage},{alt},{hydroxyproline:.0},{first},{second}\n"
                ));
            }
        }
    }
    let truth = json!({
        "seed": seed, "doses_mg_per_kg": DOSES, "alt_u_per_l": ALT, "hydroxyproline_ug_per_g": HYDROXYPROLINE,
        "fibrosis_latent": FIBROSIS, "animal_cv": ANIMAL_CV, "cage_cv": CAGE_CV,
    });
    Simulated { files: vec![("groups.csv".into(), text)], truth }
}
