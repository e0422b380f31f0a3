//! The table of identifiers and constants.
//!
//! SMILES were written from the structures; each was read by RDKit 2026.9.1, whose formula agrees with the table of
//! compounds and whose InChIKey is the one given here. "Computed" means no more than that: none of these keys was
//! looked up in a registry.

use crate::identity::{AcidConstant, Identity, Known, ProtonSignal, Standing};

const FROM_STRUCTURE: &str = "RDKit 2026.9.1 from the SMILES";
const WRITTEN: &str = "written from the structure";

const fn known(value: &'static str, standing: Standing, source: &'static str) -> Known<&'static str> {
    Known { value, standing, source }
}

/// An entry with a structure and nothing else; the constants below add to it.
const fn structure(
    id: &'static str,
    systematic: &'static str,
    smiles: &'static str,
    inchikey: &'static str,
) -> Identity {
    Identity {
        id,
        systematic,
        smiles: Some(known(smiles, Standing::Computed, WRITTEN)),
        inchikey: Some(known(inchikey, Standing::Computed, FROM_STRUCTURE)),
        cas: None,
        acid_constants: &[],
        protons: &[],
        notes: &[],
    }
}

/// The pKa of the carboxyl group of acetylcysteine.
pub(crate) const CARBOXYL_PKA: f64 = 3.24;
/// The pKa of its thiol.
pub(crate) const THIOL_PKA: f64 = 9.52;

/// The carboxyl group and the thiol of acetylcysteine. The first is the value of two compilations; for the thiol
/// one prints 9.5 and one 9.52.
const ACETYLCYSTEINE_ACIDS: &[AcidConstant] = &[
    AcidConstant {
        group: "COOH",
        pka: CARBOXYL_PKA,
        range: None,
        source: "chemicaldictionary.org; compound summary of N-acetylcysteine",
    },
    AcidConstant {
        group: "SH",
        pka: THIOL_PKA,
        range: Some((9.4, 9.8)),
        source: "orris.care, the compound summary prints 9.5; range: general knowledge",
    },
];

/// In D2O, where the protons of NH, OH and SH are exchanged and not seen. General knowledge of such groups, not the
/// spectrum of a reference sample.
const ACETYLCYSTEINE_PROTONS: &[ProtonSignal] = &[
    ProtonSignal { group: "CH3CO", shift_ppm: (2.0, 2.1), shape: "singlet", protons: 3 },
    ProtonSignal { group: "CH2S", shift_ppm: (2.85, 2.95), shape: "multiplet", protons: 2 },
    ProtonSignal { group: "CH", shift_ppm: (4.35, 4.45), shape: "doublet of doublets", protons: 1 },
];

pub(crate) static IDENTITIES: &[Identity] = &[
    structure(
        "acetaminophen",
        "N-(4-hydroxyphenyl)acetamide",
        "CC(=O)Nc1ccc(O)cc1",
        "RZVAJINKPMORJF-UHFFFAOYSA-N",
    ),
    structure(
        "acetaminophen-glucuronide",
        "",
        "CC(=O)Nc1ccc(cc1)O[C@@H]1O[C@@H]([C@@H](O)[C@H](O)[C@H]1O)C(=O)O",
        "IPROLSVTVHAQLE-BYNIDDHOSA-N",
    ),
    structure("acetaminophen-sulfate", "", "CC(=O)Nc1ccc(cc1)OS(=O)(=O)O", "IGTYILLPRJOVFY-UHFFFAOYSA-N"),
    structure(
        "napqi",
        "N-acetyl-1,4-benzoquinone imine",
        "CC(=O)N=C1C=CC(=O)C=C1",
        "URNSECGXFRDEDC-UHFFFAOYSA-N",
    ),
    Identity {
        cas: Some(known("616-91-1", Standing::Confirmed, "chemicaldictionary.org")),
        acid_constants: ACETYLCYSTEINE_ACIDS,
        protons: ACETYLCYSTEINE_PROTONS,
        ..structure(
            "acetylcysteine",
            "(2R)-2-acetamido-3-sulfanylpropanoic acid",
            "CC(=O)N[C@@H](CS)C(=O)O",
            "PWKSKIMOESPYIA-BYPYZUCNSA-N",
        )
    },
    Identity {
        cas: Some(known(
            "36330-79-7",
            Standing::Unconfirmed,
            "a vendor's page; found in no registry or other source",
        )),
        acid_constants: ACETYLCYSTEINE_ACIDS,
        protons: ACETYLCYSTEINE_PROTONS,
        notes: &[
            "both centres are R, as in L-cysteine",
            "anhydrous formula; the hydrate of a real lot is not known and must be measured",
            "the InChIKey was computed from the structure and not found in a database",
            "no licensed product and no pharmacokinetic or clinical data are known",
        ],
        ..structure(
            "magnesium-acetylcysteinate",
            "magnesium bis[(2R)-2-acetamido-3-sulfanylpropanoate]",
            "CC(=O)N[C@@H](CS)C(=O)[O-].CC(=O)N[C@@H](CS)C(=O)[O-].[Mg+2]",
            "CDIFCTOKYOUYOT-SCGRZTRASA-L",
        )
    },
    structure(
        "calcium-acetylcysteinate",
        "calcium bis[(2R)-2-acetamido-3-sulfanylpropanoate]",
        "CC(=O)N[C@@H](CS)C(=O)[O-].CC(=O)N[C@@H](CS)C(=O)[O-].[Ca+2]",
        "JTCRUDPZQHUMDE-SCGRZTRASA-L",
    ),
    structure(
        "lysine-acetylcysteinate",
        "",
        "CC(=O)N[C@@H](CS)C(=O)O.NCCCC[C@H](N)C(=O)O",
        "YLCSLYZPLGQZJS-VDQHJUMDSA-N",
    ),
    structure(
        "cysteine",
        "(2R)-2-amino-3-sulfanylpropanoic acid",
        "N[C@@H](CS)C(=O)O",
        "XUJNEKJLAYXESH-REOHCLBHSA-N",
    ),
    structure(
        "glutathione",
        "",
        "N[C@@H](CCC(=O)N[C@@H](CS)C(=O)NCC(=O)O)C(=O)O",
        "RWSXRVCMGQZWBV-WDSKDSINSA-N",
    ),
    structure(
        "glutathione-disulfide",
        "",
        "N[C@@H](CCC(=O)N[C@@H](CSSC[C@H](NC(=O)CC[C@H](N)C(=O)O)C(=O)NCC(=O)O)C(=O)NCC(=O)O)C(=O)O",
        "YPZRWBKMTBYPTK-BJDJZHNGSA-N",
    ),
    structure(
        "gamma-glutamylcysteine",
        "",
        "N[C@@H](CCC(=O)N[C@@H](CS)C(=O)O)C(=O)O",
        "RITKHVBHSGLULN-WHFBIAKZSA-N",
    ),
    structure(
        "diacetylcystine",
        "",
        "CC(=O)N[C@@H](CSSC[C@H](NC(C)=O)C(=O)O)C(=O)O",
        "YTPQSLLEROSACP-YUMQZZPRSA-N",
    ),
    structure(
        "nbd-fluoride",
        "4-fluoro-7-nitro-2,1,3-benzoxadiazole",
        "O=[N+]([O-])c1ccc(F)c2nonc12",
        "PGZIDERTDJHJFY-UHFFFAOYSA-N",
    ),
    Identity {
        notes: &["a potent carcinogen (IARC group 2A)"],
        ..structure(
            "dimethylnitrosamine",
            "N-nitrosodimethylamine",
            "CN(C)N=O",
            "UMFJAHHVKNCGLG-UHFFFAOYSA-N",
        )
    },
    Identity {
        notes: &[
            "often abbreviated I3C, which usually means indole-3-carbinol, another compound; go by the InChIKey",
        ],
        ..structure(
            "indole-3-carboxylic-acid",
            "1H-indole-3-carboxylic acid",
            "OC(=O)c1c[nH]c2ccccc12",
            "KMAKOBLIOCQGJP-UHFFFAOYSA-N",
        )
    },
    structure("ethanol", "", "CCO", "LFQSCWFLJHTTHZ-UHFFFAOYSA-N"),
    structure("acetaldehyde", "", "CC=O", "IKHGUXGNUITLKF-UHFFFAOYSA-N"),
    structure(
        "magnesium-sulfate-heptahydrate",
        "",
        "[Mg+2].[O-]S(=O)(=O)[O-].O.O.O.O.O.O.O",
        "WRUGWIBCXHJTDG-UHFFFAOYSA-L",
    ),
];
