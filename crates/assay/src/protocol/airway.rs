//! Bronchoconstriction in the anaesthetised guinea pig after Konzett and Roessler.
//!
//! Preparation and doses are those of the source (vendor guide on acetylcysteine magnesium: four compounds, 2 mg an
//! animal, into a vein, insufflation pressure at a side arm); the rest is added and marked so.

use super::layout::allocate;
use super::{Control, Gap, Place, Protocol, Reagent, Size, Which, step};

/// Compounds of the source with the name `chem` knows and mol of acetylcysteine in a mol.
const ARMS: [(&str, &str, f64); 4] = [
    ("Mg(NAC)2", "Mg(NAC)2", 2.0),
    ("NAC", "NAC", 1.0),
    ("NAC lysine salt", "C11H23N3O5S", 1.0),
    ("NAC calcium salt", "Ca(NAC)2", 2.0),
];

/// Mass of compound each animal gets, mg: the source.
const DOSE_MG: f64 = 2.0;

/// Volume it is given in, mL: assumed.
const VOLUME_ML: f64 = 0.5;

pub(super) fn sheet(size: Size) -> Protocol {
    let arms = allocate(size.samples, ARMS.len() as u32, size.seed);
    let layout = arms.iter().enumerate().map(|(k, arm)| Place {
        plate: k as u32 / ARMS.len() as u32 + 1,
        well: format!("animal {}", k + 1),
        content: ARMS[*arm as usize].0.to_string(),
        sample: Some(k as u32 + 1),
    });
    let per_arm = |arm: usize| arms.iter().filter(|a| **a as usize == arm).count().max(1) as u32;
    let mut reagents: Vec<Reagent> = ARMS
        .iter()
        .enumerate()
        .map(|(k, (name, _, _))| {
            let make_up = format!("{} mg/mL in saline, sterile, used within the hour", DOSE_MG / VOLUME_ML);
            Reagent::plain(name, make_up, 1000.0 * VOLUME_ML, per_arm(k)).weighed(name, DOSE_MG / VOLUME_ML)
        })
        .collect();
    reagents.push(Reagent::plain(
        "histamine, 20 ug/mL",
        "dihydrochloride in saline; 5 ug/kg brings the reference response (assumed; find the dose for your animals)",
        100.0,
        2 * size.samples,
    ));
    Protocol {
        which: Which::Airway,
        title: "Bronchoconstriction after Konzett and Roessler",
        size,
        reagents,
        steps: vec![
            step("anaesthetise", "Licence and humane end points first. Weigh; anaesthetise to surgical depth."),
            step("cannulate", "Trachea and jugular vein; artery for blood pressure."),
            step("ventilate", "Constant volume, fixed rate; note both, the weight, and whether the animal breathes against it."),
            step("record", "Pressure at the side arm, at least 10 samples a second; note whether it is insufflation pressure or overflow: they are different scales."),
            step("block reflexes", "Note vagotomy and propranolol, or their absence.").added(),
            step("steady baseline", "At least 5 min within 10 %.").minutes(5.0).added(),
            step("standardise", "Histamine into the vein; then wait for the baseline. Clamp the tube for a moment for the maximum.").minutes(10.0).added(),
            step("dose", "2 mg in 0.5 mL into the vein over 10 s; the one who doses does not know the compound."),
            step("follow", "At least 10 min: peak, area and the time until half is gone.").minutes(10.0),
            step("standardise again", "Histamine: the animal still responds.").minutes(10.0).added(),
            step("compute", "hepatica assay airway.").added(),
        ],
        controls: vec![
            Control { name: "vehicle", count: 1, shows: "volume and cold alone do nothing; one group, or first in every animal", source: "standard practice; the source has none" },
            Control { name: "histamine before and after", count: 2 * size.samples, shows: "responsiveness; responses are given as a share of it", source: "standard practice; the source has none" },
        ],
        layout: layout.collect(),
        gaps: gaps(),
        notes: dose_notes(),
    }
}

/// What equal masses are in acetylcysteine.
fn dose_notes() -> Vec<String> {
    let nac = super::molar_mass("NAC");
    let gives = ARMS
        .iter()
        .map(|(name, formula, n)| format!("{name} {:.3} mg", DOSE_MG * n * nac / super::molar_mass(formula)));
    vec![
        format!("Equal masses are not equal doses: 2 mg give, in acetylcysteine, {}.", gives.collect::<Vec<_>>().join(", ")),
        "Groups stand in blocks of four in a random order that the seed decides; keep the list from those who dose and read.".into(),
    ]
}

fn gaps() -> Vec<Gap> {
    vec![
        Gap {
            code: "airway/definition",
            what: "The source speaks of resistance and of insufflation pressure in one table. A rise of pressure in percent has no upper end; overflow in percent of the maximum ends at 100.",
            mend: "Store which one it is. Resistance follows from pressure only where the flow is known.",
        },
        Gap {
            code: "airway/no-n",
            what: "The number of animals, the meaning of the range behind the mean and the test are missing.",
            mend: "State n, SD and the test; the analysis shows what follows under either reading.",
        },
        Gap {
            code: "airway/equal-mass",
            what: "The salts are compared at equal mass.",
            mend: "Compare at equal acetylcysteine, or give both.",
        },
        Gap {
            code: "airway/route",
            what: "The reason given is bronchospasm by inhaled acetylcysteine; the compounds are injected into a vein.",
            mend: "Read the route in the patent before using it; nebulise if inhalation is the question.",
        },
        Gap {
            code: "airway/no-standard",
            what: "No baseline rule, no standardisation, nothing on reflexes.",
            mend: "As in the steps marked as added.",
        },
    ]
}
