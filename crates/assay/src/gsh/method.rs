//! What a method leaves open.

use hepatica_source::Diagnostic;

use super::{Claim, Run};

/// Warnings about the method; each is at the table of the run file that describes it.
pub(super) fn warnings(run: &Run) -> Vec<Diagnostic> {
    let m = &run.method;
    let mut out = Vec::new();
    let mut warn = |code: &'static str, when: bool, message: &str, hint: &str| {
        if when {
            let start = hepatica_source::Span { end: run.place.start + 1, ..run.place };
            out.push(Diagnostic::warning(code, message).at(start, "").hint(hint));
        }
    };
    warn(
        "gsh/no-reducing-step",
        m.claim == Claim::Total && m.reducing_agent.is_empty(),
        "total glutathione is claimed and nothing is reduced: this is free reduced glutathione",
        "reduce with TCEP, DTT or tributylphosphine, or claim \"reduced\"; total is GSH + 2 GSSG",
    );
    warn(
        "gsh/reduced-after-reduction",
        m.claim == Claim::Reduced && !m.reducing_agent.is_empty(),
        "reduced glutathione is claimed and disulfides are reduced before",
        "claim \"total\", or leave the reduction out",
    );
    let nbd = m.reagent.eq_ignore_ascii_case("NBD-F");
    warn(
        "gsh/wavelength",
        nbd && m.wavelengths.is_some_and(|(excitation, _)| (excitation - 470.0).abs() <= 10.0),
        "470 nm excites NBD-amines; adducts at sulfur are excited near 420 nm, and glutathione has both groups",
        "show which product is read, or use SBD-F (385/515 nm) or ABD-F (380/510 nm)",
    );
    warn(
        "gsh/wavelength-unstated",
        m.wavelengths.is_none(),
        "excitation and emission are not stated",
        "add excitation and emission to [method]",
    );
    warn(
        "gsh/acid-ph",
        nbd && m.ph.is_none_or(|ph| !(8.0..=9.5).contains(&ph)),
        "NBD-F needs pH 8 to 9.5, and the pH of the mixture is not stated to be there; after metaphosphoric acid it is near 1 to 2",
        "measure it in the mixture and give it as ph",
    );
    warn(
        "gsh/late-acid",
        m.stabilised != Some(true),
        "it is not stated that blood was acidified or alkylated at once; glutathione of plasma is lost within minutes",
        "acidify or add NEM with an inhibitor of GGT within a minute, and set stabilised = true",
    );
    warn(
        "gsh/volume",
        m.matrix == "plasma" && run.dilution.factor() > 1.0,
        "precipitated protein takes 4 to 5 % of the volume of plasma with it, so that the factor of the chain is too large by about as much",
        "let the standards pass through the precipitation in a protein-containing matrix",
    );
    out
}
