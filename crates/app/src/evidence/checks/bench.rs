//! The bench and kinetics: dilutions, rates, halves, and models that a table does not support.

use std::f64::consts::LN_2;

use hepatica_assay::dilution::{Dilution, Step};
use hepatica_assay::reductase::{Counted, Path, Reaction, units_per_ml};

use super::{Check, input, number};

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "gsh-dilution",
        decides: "how far plasma is diluted when it is injected, and the acid in the mixture",
        owner: "assay",
        inputs: &[
            input("plasma, uL", 100.0),
            input("acid added, uL", 100.0),
            input("supernatant, uL", 50.0),
            input("reagent added, uL", 50.0),
            input("acid, %", 10.0),
        ],
        numbers: &[number("dilution", "4", "times"), number("acid in the mixture", "2.5", "%")],
        recompute: |_, x| {
            let [plasma, acid, supernatant, reagent, percent] = x else { return None };
            let step = |take_ul: f64, add_ul: f64| Step { name: String::new(), take_ul, add_ul };
            let steps = vec![step(*plasma, *acid), step(*supernatant, *reagent)];
            let chain = Dilution { steps, before_standards: 2 };
            // The acid is diluted by the plasma, and then as the supernatant is.
            let [_, second] = chain.steps.as_slice() else { return None };
            Some(vec![chain.factor(), percent / step(*acid, *plasma).factor() / second.factor()])
        },
    },
    Check {
        id: "reductase-extinction",
        decides: "the activity that a rate of absorbance is, with 6.22 per mM and cm",
        owner: "assay",
        inputs: &[input("rate, 1/min", 0.062), input("volume, mL", 1.0), input("sample, mL", 0.05)],
        numbers: &[number("activity", "0.1994", "U/mL")],
        recompute: |_, x| {
            let [rate, total_ml, sample_ml] = x else { return None };
            let reaction = Reaction {
                total_ml: *total_ml,
                sample_ml: *sample_ml,
                path: Path::Fixed(1.0),
                counted: Counted::Gssg,
                ceiling: 3.0,
            };
            Some(vec![units_per_ml(*rate, &reaction, 1.0)])
        },
    },
    Check {
        id: "glynac-halves",
        decides: "doses of GlyNAC are totals of which acetylcysteine is half",
        owner: "app",
        inputs: &[input("low, g", 2.4), input("medium, g", 4.8), input("high, g", 7.2)],
        numbers: &[
            number("NAC, low", "1.2", "g"),
            number("NAC, medium", "2.4", "g"),
            number("NAC, high", "3.6", "g"),
        ],
        // Glycine and acetylcysteine stand one to one by mass.
        recompute: |_, x| Some(x.iter().map(|total| total / 2.0).collect()),
    },
    Check {
        id: "mg-atp-share",
        decides: "how little the share of ATP that carries magnesium moves when free magnesium is halved",
        owner: "app",
        inputs: &[
            input("free magnesium, mM", 0.8),
            input("half of it, mM", 0.4),
            input("dissociation constant of MgATP, mM", 0.08),
        ],
        numbers: &[number("share at 0.8 mM", "0.91", ""), number("share at 0.4 mM", "0.83", "")],
        recompute: |_, x| {
            let [free, half, kd] = x else { return None };
            Some([free, half].map(|mg| mg / (mg + kd)).to_vec())
        },
    },
    Check {
        id: "nac-one-compartment",
        decides: "volume and half-life of a table do not give the clearance that was measured",
        owner: "app",
        inputs: &[
            input("volume, L/kg", 0.47),
            input("half-life, h", 5.58),
            input("clearance reported, L/h/kg", 0.11),
        ],
        numbers: &[
            number("clearance of one compartment", "0.058", "L/h/kg"),
            number("volume that the clearance needs", "0.89", "L/kg"),
        ],
        recompute: |_, x| {
            let [volume, half_life, clearance] = x else { return None };
            Some(vec![LN_2 * volume / half_life, clearance * half_life / LN_2])
        },
    },
    Check {
        id: "nac-borgstrom",
        decides: "clearance and mean residence time give the volume at steady state",
        owner: "app",
        inputs: &[input("clearance, L/h/kg", 0.21), input("mean residence time, h", 1.62)],
        numbers: &[number("volume at steady state", "0.340", "L/kg")],
        recompute: |_, x| Some(vec![x.first()? * x.get(1)?]),
    },
];
