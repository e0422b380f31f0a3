//! Glutathione in plasma by liquid chromatography with fluorescence after NBD-F.
//!
//! Volumes, times and temperatures of the steps are those of the source protocol (vendor guide on magnesium
//! acetylcysteinate and glutathione, protocol 1); numbers of standards and controls are those of ICH M10 (2022).

use super::layout::plates;
use super::{Control, Gap, Protocol, Reagent, Size, Which, molar_mass, step};

/// Minutes of a run of the column: assumed, the source states no gradient.
const RUN_MIN: f64 = 20.0;

pub(super) fn sheet(size: Size) -> Protocol {
    let controls = controls();
    let names: Vec<(&str, u32)> = rack().collect();
    let layout = plates(&names, size.samples, &[("", 1)]);
    let tubes = u32::try_from(layout.len()).unwrap_or(u32::MAX);
    Protocol {
        which: Which::GshHplc,
        title: "Glutathione by HPLC with fluorescence (NBD-F)",
        size,
        reagents: reagents(tubes),
        steps: steps(),
        controls,
        layout,
        gaps: gaps(),
        notes: vec![
            "The solution injected is plasma diluted fourfold: 100 uL + 100 uL acid, then 50 uL + 50 uL reagent. A result is multiplied by 4 when standards are made up as the solution injected, by 2 when they enter at the derivatisation, by 1 when they pass through the acid as well.".into(),
            "Precipitated protein takes volume with it, about 4 to 5 % of that of plasma, so that the true factor of the first step is nearer to 1.95 than to 2; standards in a protein-containing matrix cancel it.".into(),
            "Run the standards before the samples, one QC of every level after the standards and one at the end, and the blank right after the highest standard.".into(),
        ],
    }
}

/// What stands on every rack beside the samples.
fn rack() -> impl Iterator<Item = (&'static str, u32)> {
    [
        ("blank (surrogate matrix, reagent)", 1),
        ("zero (surrogate matrix, internal standard if any)", 1),
        ("standard 1 (LLOQ)", 1),
        ("standard 2", 1),
        ("standard 3", 1),
        ("standard 4", 1),
        ("standard 5", 1),
        ("standard 6", 1),
        ("standard 7", 1),
        ("standard 8 (ULOQ)", 1),
        ("blank after ULOQ (carry-over)", 1),
        ("QC low", 2),
        ("QC medium", 2),
        ("QC high", 2),
        ("unspiked plasma pool", 1),
        ("plasma pool + low addition", 1),
        ("plasma pool + high addition", 1),
    ]
    .into_iter()
}

fn reagents(tubes: u32) -> Vec<Reagent> {
    let nbd_f = 1000.0 / molar_mass("C6H2FN3O3");
    vec![
        Reagent::plain("metaphosphoric acid, 10 %", "100 g/L in water, cold, made up fresh", 100.0, tubes)
            .weighed("metaphosphoric acid", 100.0),
        Reagent::plain(
            "NBD-F, 1 mg/mL",
            format!("1 mg/mL ({nbd_f:.3} mM) in the derivatisation buffer; half of that in the reaction; keep dark"),
            50.0,
            tubes,
        )
        .weighed("NBD-F", 1.0),
        Reagent::plain(
            "mobile phase",
            format!("phosphate buffer and acetonitrile; 1.0 mL/min over {RUN_MIN} min (the length is assumed)"),
            1000.0 * RUN_MIN,
            tubes,
        ),
        Reagent::plain(
            "GSH stock, 1 mM",
            format!("{:.1} mg per 100 mL of 5 % metaphosphoric acid, for standards and QCs from separate weighings", molar_mass("GSH") / 10.0),
            500.0,
            2,
        )
        .weighed("GSH", molar_mass("GSH") / 1000.0),
    ]
}

fn steps() -> Vec<super::Step> {
    vec![
        step("stabilise", "Acidify, or add NEM with serine-borate, within a minute of drawing: plasma glutathione is lost within minutes.").minutes(1.0).added(),
        step("plasma", "Blood into EDTA; centrifuge at once and take plasma. Note haemolysis of every sample.").celsius(4.0),
        step("reduce", "Only for total glutathione: reduce disulfides (TCEP, DTT or tributylphosphine).").added(),
        step("precipitate", "100 uL plasma + 100 uL 10 % metaphosphoric acid; vortex; 10,000 g.").minutes(10.0).celsius(4.0),
        step("check pH", "Bring an aliquot to the buffer and check that the mixture is at pH 8 to 9.5, where NBD-F reacts; the supernatant is near pH 1 to 2.").added(),
        step("derivatise", "50 uL supernatant + 50 uL NBD-F 1 mg/mL in buffer; in the dark.").minutes(30.0).celsius(60.0),
        step("cool", "Cool on ice and keep dark until injection.").minutes(5.0),
        step("inject", "C18, phosphate buffer and acetonitrile, 1.0 mL/min, excitation 470 nm, emission 530 nm.").minutes(RUN_MIN).celsius(28.0),
        step("quantify", "hepatica assay gsh: peaks, calibration, acceptance, results.").added(),
    ]
}

fn controls() -> Vec<Control> {
    let m10 = "ICH M10 (2022), 3.2 and 3.3";
    vec![
        Control { name: "blank", count: 1, shows: "nothing elutes with the analyte", source: m10 },
        Control { name: "zero", count: 1, shows: "the internal standard brings no analyte", source: m10 },
        Control {
            name: "standards",
            count: 8,
            shows: "the calibration; at least six levels must pass",
            source: m10,
        },
        Control {
            name: "QC low, medium, high",
            count: 6,
            shows: "the run may be accepted: two thirds of all and half of every level",
            source: m10,
        },
        Control {
            name: "blank after ULOQ",
            count: 1,
            shows: "carry-over is at most 20 % of the LLOQ",
            source: m10,
        },
        Control {
            name: "plasma pool with and without addition",
            count: 3,
            shows: "recovery and parallelism: plasma holds glutathione of its own",
            source: "ICH M10 (2022), 7.1 (endogenous analytes)",
        },
    ]
}

fn gaps() -> Vec<Gap> {
    vec![
        Gap {
            code: "gsh/no-reducing-step",
            what: "The source speaks of total glutathione and has no reducing step; as written it finds free reduced glutathione only.",
            mend: "Reduce with TCEP, DTT or tributylphosphine before the derivatisation, or call the result reduced glutathione. Total is GSH + 2 GSSG, and protein-bound glutathione where it is released.",
        },
        Gap {
            code: "gsh/acid-ph",
            what: "NBD-F is added to a supernatant of 5 % metaphosphoric acid (pH about 1 to 2); the buffer is not named.",
            mend: "Use a borate buffer strong enough to bring the mixture to pH 8 to 9.5, and measure it.",
        },
        Gap {
            code: "gsh/wavelength",
            what: "470 and 530 nm are the setting for NBD-amines; adducts at sulfur are excited near 420 nm, and glutathione has both groups.",
            mend: "Take spectra of the derivative, or use a reagent for thiols: SBD-F (385/515 nm) or ABD-F (380/510 nm).",
        },
        Gap {
            code: "gsh/late-acid",
            what: "Blood is centrifuged before acid is added; glutathione in plasma oxidises and is degraded within minutes.",
            mend: "Acidify or alkylate (NEM) at once and inhibit gamma-glutamyltransferase (serine-borate).",
        },
        Gap {
            code: "gsh/haemolysis",
            what: "Haemolysis is not checked; red cells hold about a thousand times as much glutathione as plasma.",
            mend: "Read absorbance at 414 nm or grade by eye, and mark the samples.",
        },
        Gap {
            code: "gsh/no-internal-standard",
            what: "No internal standard, no matrix of the standards, no QCs, no limit of quantification.",
            mend: "State where the standards enter; add an internal standard or standard addition, QCs and blanks as listed here.",
        },
    ]
}
