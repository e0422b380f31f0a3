//! Glutamate-cysteine ligase by the gamma-glutamylcysteine it makes.
//!
//! 37 degrees, the start with cysteine, 30 minutes and the stop with acid are those of the source (vendor guide on
//! magnesium acetylcysteinate and glutathione, protocol 3); it states no strengths and no volumes, which are
//! assumed here with glutamate and cysteine well above their Michaelis constants (about 1.9 and 0.1 mM: Reed MC et
//! al., Theor Biol Med Model 2008;5:8).

use super::layout::plates;
use super::{Control, Gap, Protocol, Reagent, Size, Which, molar_mass, step};

pub(super) fn sheet(size: Size) -> Protocol {
    let fixed = [
        ("reagents without sample", 2),
        ("gamma-GC standard, 0 uM", 1),
        ("gamma-GC standard, 1 uM", 1),
        ("gamma-GC standard, 3 uM", 1),
        ("gamma-GC standard, 10 uM", 1),
        ("gamma-GC standard, 30 uM", 1),
        ("gamma-GC standard, 60 uM", 1),
        ("gamma-GC standard, 100 uM", 1),
    ];
    let layout = plates(&fixed, size.samples, &[("", 2), (", time zero", 1), (", with BSO", 1)]);
    let tubes = u32::try_from(layout.len()).unwrap_or(u32::MAX);
    let reactions = 4 * size.samples + 2;
    let atp = molar_mass("C10H14N5Na2O13P3");
    Protocol {
        which: Which::Ligase,
        title: "Glutamate-cysteine ligase by gamma-glutamylcysteine",
        size,
        reagents: vec![
            Reagent::plain("Tris, magnesium, glutamate", "100 mM Tris pH 8.2, 20 mM MgCl2, 30 mM glutamate in the reaction (assumed)", 120.0, reactions),
            Reagent::plain("ATP, 50 mM", "disodium salt, brought to pH 7; 5 mM in the reaction", 20.0, reactions)
                .weighed("ATP, disodium salt", 50.0 * atp / 1000.0),
            Reagent::plain("inhibitor of GGT", "acivicin or serine-borate; 5 mM in the reaction (assumed)", 10.0, reactions),
            Reagent::plain("cysteine, 30 mM with DTT", "made up fresh with 30 mM DTT; 3 mM in the reaction", 20.0, reactions)
                .weighed("L-cysteine", 30.0 * molar_mass("C3H7NO2S") / 1000.0),
            Reagent::plain("metaphosphoric acid, 10 %", "stops the reaction and precipitates protein", 200.0, tubes)
                .weighed("metaphosphoric acid", 100.0),
        ],
        steps: vec![
            step("extract", "Cytosol in Tris with EDTA-free inhibitors of proteases; remove small molecules (spin column): glutathione of the sample inhibits the enzyme. Measure protein.").celsius(4.0).added(),
            step("pre-incubate", "120 uL buffer + 20 uL ATP + 10 uL inhibitor + 30 uL sample (200 uL at the end).").minutes(5.0).celsius(37.0),
            step("start", "20 uL cysteine. For `time zero` add the acid first.").celsius(37.0),
            step("incubate", "Prove on one sample that product grows in proportion to time and protein.").minutes(30.0).celsius(37.0),
            step("stop", "200 uL 10 % metaphosphoric acid; ice; spin.").minutes(10.0).celsius(4.0),
            step("derivatise", "As for glutathione; standards of gamma-GC in the stopped mixture."),
            step("chromatography", "Separate gamma-GC, cysteine and GSH; read gamma-GC and GSH."),
            step("compute", "hepatica assay ligase: calibration, blanks, nmol/min/mg.").added(),
        ],
        controls: vec![
            Control { name: "time zero", count: size.samples, shows: "gamma-GC that was there before; subtracted", source: "standard practice; the source has no blank" },
            Control { name: "with BSO", count: size.samples, shows: "what is not the ligase: BSO inhibits it", source: "Griffith OW, Meister A, J Biol Chem 1979;254:7558" },
            Control { name: "reagents without sample", count: 2, shows: "product of the reagents", source: "standard practice" },
            Control { name: "standards", count: 7, shows: "calibration of gamma-GC in the stopped mixture", source: "ICH M10 (2022), 3.2" },
        ],
        layout,
        gaps: gaps(),
        notes: vec!["nmol/min/mg = (product - blank in uM) x volume of the reaction in mL x dilution / (minutes x mg protein).".into()],
    }
}

fn gaps() -> Vec<Gap> {
    vec![
        Gap {
            code: "ligase/product-lost",
            what: "Glutathione synthetase with the glycine of the sample turns gamma-GC into GSH, and gamma-glutamyltransferase breaks it down; neither is blocked.",
            mend: "Inhibit gamma-glutamyltransferase, count gamma-GC and the rise of GSH together, or keep times short.",
        },
        Gap {
            code: "ligase/no-blank",
            what: "There is no blank.",
            mend: "Acid before cysteine (time zero), and BSO.",
        },
        Gap {
            code: "ligase/cysteine-oxidises",
            what: "Cysteine oxidises within the incubation.",
            mend: "Make it up fresh with DTT.",
        },
        Gap {
            code: "ligase/no-strengths",
            what: "The source states neither strengths nor volumes.",
            mend: "Those of this sheet are assumed; put your own into the run file.",
        },
        Gap {
            code: "ligase/elisa",
            what: "One reference of the source is an ELISA for the catalytic subunit, which measures mass and not activity.",
            mend: "Do not compare its numbers with activities.",
        },
    ]
}
