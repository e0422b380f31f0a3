//! The table of compounds.
//!
//! Formulas: PubChem compound pages of the named substances; the molar masses that follow from them are tested
//! against published values. Citrate is trimagnesium dicitrate; hydrates carry their water in the name.

use crate::Element::{C, Ca, Cl, F, H, Mg, N, O, S};
use crate::{Compound, Ion};

const fn ion(name: &'static str, count: u32) -> Ion {
    Ion { name, count, inert: false }
}

const fn inert(name: &'static str, count: u32) -> Ion {
    Ion { name, count, inert: true }
}

pub(crate) static COMPOUNDS: &[Compound] = &[
    Compound::new("acetaminophen", &["paracetamol", "APAP"], &[(C, 8), (H, 9), (N, 1), (O, 2)], &[]),
    Compound::new("acetaminophen-glucuronide", &["APAP-gluc"], &[(C, 14), (H, 17), (N, 1), (O, 8)], &[]),
    Compound::new(
        "acetaminophen-sulfate",
        &["acetaminophen sulphate", "APAP-sulf"],
        &[(C, 8), (H, 9), (N, 1), (O, 5), (S, 1)],
        &[],
    ),
    Compound::new(
        "acetaminophen-cysteine",
        &["3-cysteinylacetaminophen", "APAP-cys"],
        &[(C, 11), (H, 14), (N, 2), (O, 4), (S, 1)],
        &[],
    ),
    Compound::new(
        "acetaminophen-mercapturate",
        &["APAP-mercapturate", "APAP-NAC"],
        &[(C, 13), (H, 16), (N, 2), (O, 5), (S, 1)],
        &[],
    ),
    Compound::new(
        "acetaminophen-glutathione",
        &["APAP-GSH"],
        &[(C, 18), (H, 24), (N, 4), (O, 8), (S, 1)],
        &[],
    ),
    Compound::new("napqi", &["N-acetyl-p-benzoquinone imine"], &[(C, 8), (H, 7), (N, 1), (O, 2)], &[]),
    Compound::new(
        "acetylcysteine",
        &["N-acetylcysteine", "N-acetyl-L-cysteine", "NAC"],
        &[(C, 5), (H, 9), (N, 1), (O, 3), (S, 1)],
        &[],
    ),
    Compound::new(
        "magnesium-acetylcysteinate",
        &["magnesium bis-acetylcysteinate", "magnesium N-acetylcysteinate", "Mg(NAC)2", "mg-nac"],
        &[(C, 10), (H, 16), (Mg, 1), (N, 2), (O, 6), (S, 2)],
        &[ion("acetylcysteine", 2), ion("magnesium", 1)],
    ),
    Compound::new(
        "calcium-acetylcysteinate",
        &["calcium N-acetylcysteinate", "Ca(NAC)2", "ca-nac"],
        &[(C, 10), (H, 16), (Ca, 1), (N, 2), (O, 6), (S, 2)],
        &[ion("acetylcysteine", 2), inert("calcium", 1)],
    ),
    Compound::new(
        "lysine-acetylcysteinate",
        &["lysine N-acetylcysteinate", "NAC-lysine", "Nacystelyn"],
        &[(C, 11), (H, 23), (N, 3), (O, 5), (S, 1)],
        &[ion("acetylcysteine", 1), inert("lysine", 1)],
    ),
    Compound::new("cysteine", &["L-cysteine"], &[(C, 3), (H, 7), (N, 1), (O, 2), (S, 1)], &[]),
    Compound::new("glutathione", &["GSH"], &[(C, 10), (H, 17), (N, 3), (O, 6), (S, 1)], &[]),
    Compound::new("glutathione-disulfide", &["GSSG"], &[(C, 20), (H, 32), (N, 6), (O, 12), (S, 2)], &[]),
    Compound::new(
        "gamma-glutamylcysteine",
        &["gamma-Glu-Cys", "gGC"],
        &[(C, 8), (H, 14), (N, 2), (O, 5), (S, 1)],
        &[],
    ),
    Compound::new(
        "diacetylcystine",
        &["N,N'-diacetylcystine", "N,N'-diacetyl-L-cystine", "NAC disulfide"],
        &[(C, 10), (H, 16), (N, 2), (O, 6), (S, 2)],
        &[],
    ),
    Compound::new("magnesium", &["Mg"], &[(Mg, 1)], &[]),
    Compound::new("magnesium-oxide", &["MgO"], &[(Mg, 1), (O, 1)], &[ion("magnesium", 1), inert("oxide", 1)]),
    Compound::new(
        "magnesium-citrate",
        &["trimagnesium dicitrate"],
        &[(C, 12), (H, 10), (Mg, 3), (O, 14)],
        &[ion("magnesium", 3), inert("citrate", 2)],
    ),
    Compound::new(
        "magnesium-chloride",
        &["MgCl2"],
        &[(Cl, 2), (Mg, 1)],
        &[ion("magnesium", 1), inert("chloride", 2)],
    ),
    Compound::new(
        "magnesium-chloride-hexahydrate",
        &["MgCl2.6H2O"],
        &[(Cl, 2), (H, 12), (Mg, 1), (O, 6)],
        &[ion("magnesium", 1), inert("chloride", 2)],
    ),
    Compound::new(
        "magnesium-lactate",
        &[],
        &[(C, 6), (H, 10), (Mg, 1), (O, 6)],
        &[ion("magnesium", 1), inert("lactate", 2)],
    ),
    Compound::new(
        "magnesium-aspartate",
        &[],
        &[(C, 8), (H, 12), (Mg, 1), (N, 2), (O, 8)],
        &[ion("magnesium", 1), inert("aspartate", 2)],
    ),
    Compound::new(
        "magnesium-sulfate-heptahydrate",
        &["magnesium sulphate heptahydrate", "Epsom salt", "MgSO4.7H2O"],
        &[(H, 14), (Mg, 1), (O, 11), (S, 1)],
        &[ion("magnesium", 1), inert("sulfate", 1)],
    ),
    Compound::new("ethanol", &["alcohol"], &[(C, 2), (H, 6), (O, 1)], &[]),
    Compound::new("acetaldehyde", &[], &[(C, 2), (H, 4), (O, 1)], &[]),
    Compound::new("indole-3-carboxylic-acid", &[], &[(C, 9), (H, 7), (N, 1), (O, 2)], &[]),
    Compound::new(
        "nbd-fluoride",
        &["NBD-F", "4-fluoro-7-nitrobenzofurazan"],
        &[(C, 6), (F, 1), (H, 2), (N, 3), (O, 3)],
        &[],
    ),
    Compound::new("dimethylnitrosamine", &["DMN", "NDMA"], &[(C, 2), (H, 6), (N, 2), (O, 1)], &[]),
];
