//! Glutathione reductase by the oxidation of NADPH at 340 nm, on plates of 96 wells.
//!
//! The order of addition, 25 degrees and the coefficient are those of the source (vendor guide on magnesium
//! acetylcysteinate and glutathione, protocol 2), which states no volumes and no strengths; those here are assumed,
//! near Carlberg I, Mannervik B, Methods Enzymol 1985;113:484.

use super::layout::plates;
use super::{Control, Gap, Protocol, Reagent, Size, Which, molar_mass, step};

/// Wells of each sample with substrate.
const REPLICATES: u32 = 3;

pub(super) fn sheet(size: Size) -> Protocol {
    let fixed = [("no enzyme", 3), ("reference enzyme", 3)];
    let layout = plates(&fixed, size.samples, &[("", REPLICATES), (", no GSSG", 1)]);
    let count = |wanted: &dyn Fn(&str) -> bool| {
        u32::try_from(layout.iter().filter(|p| wanted(&p.content)).count()).unwrap_or(u32::MAX)
    };
    let wells = count(&|_| true);
    let with_gssg = count(&|c| !c.ends_with("no GSSG"));
    let gssg = molar_mass("C20H32N6O12S2");
    let nadph = molar_mass("C21H26N7Na4O17P3");
    Protocol {
        which: Which::Reductase,
        title: "Glutathione reductase at 340 nm",
        size,
        reagents: vec![
            Reagent::plain("buffer", "0.1 M potassium phosphate pH 7.0 with 1 mM EDTA (assumed)", 150.0, wells),
            Reagent::plain("NADPH, 2 mM", "in 10 mM Tris pH 8, on ice, used within the day; 0.2 mM in the well", 20.0, wells)
                .weighed("NADPH, tetrasodium salt", 2.0 * nadph / 1000.0),
            Reagent::plain("GSSG, 10 mM", "in buffer, brought to pH 7; 1 mM in the well", 20.0, with_gssg)
                .weighed("GSSG", 10.0 * gssg / 1000.0),
        ],
        steps: vec![
            step("extract", "Lysate or homogenate in buffer; spin; measure protein of every sample.").celsius(4.0).added(),
            step("mix", "150 uL buffer + 20 uL NADPH + 10 uL sample in every well (200 uL at the end); buffer instead of sample in `no enzyme`.").celsius(25.0),
            step("warm up", "Read A340 until it is steady: it must lie between 0.6 and 1.2, and what falls now is no reductase.").minutes(3.0).celsius(25.0),
            step("start", "20 uL GSSG by multichannel; 20 uL buffer in `no GSSG`. Mix."),
            step("read", "A340 every 10 s; note the path length, or read A977 and A900 for it.").minutes(5.0).celsius(25.0),
            step("compute", "hepatica assay reductase: window, blanks, U/mL, U/mg.").added(),
        ],
        controls: vec![
            Control { name: "no GSSG", count: size.samples, shows: "other oxidation of NADPH by the sample; subtracted", source: "standard practice; the source has no blank" },
            Control { name: "no enzyme", count: 3, shows: "oxidation of NADPH by the reagents", source: "standard practice; the source has no blank" },
            Control { name: "reference enzyme", count: 3, shows: "the reagents work; a known activity comes back", source: "standard practice" },
        ],
        layout,
        gaps: gaps(),
        notes: vec![
            "1 U oxidises 1 umol NADPH in a minute, which is 1 umol GSSG reduced and 2 umol GSH formed: say which is meant.".into(),
            "U/mL = (slope of sample - slope of blank) x total volume x dilution / (6.22 x path length x volume of sample), slopes without sign.".into(),
        ],
    }
}

fn gaps() -> Vec<Gap> {
    vec![
        Gap {
            code: "reductase/no-volumes",
            what: "The source states neither volumes nor strengths of buffer, NADPH, GSSG and sample.",
            mend: "Those of this sheet are assumed; put your own into the run file, the result depends on them.",
        },
        Gap {
            code: "reductase/no-blank",
            what: "There is no blank; other enzymes of a lysate oxidise NADPH too.",
            mend: "Run every sample without GSSG, and the reagents without sample.",
        },
        Gap {
            code: "reductase/path-length",
            what: "6.22 per mM and cm holds for 1 cm; a well of 200 uL is about 0.5 to 0.6 cm deep.",
            mend: "Measure the path: (A977 - A900) / 0.18 for water, or calibrate with NADPH.",
        },
        Gap {
            code: "reductase/window",
            what: "No window, no limit to the substrate consumed and no limits of A340 are given.",
            mend: "Use the straight part, R2 at least 0.99, while less than 20 % of the NADPH is used; start between 0.6 and 1.2.",
        },
        Gap {
            code: "reductase/protein",
            what: "Protein is not measured, so that no specific activity follows.",
            mend: "Measure protein of every sample by a method that EDTA does not disturb.",
        },
    ]
}
