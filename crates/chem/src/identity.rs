//! What is known about a compound beside its formula, and how well it is known.

use crate::identities::IDENTITIES;
use crate::{CasNumber, Compound};

/// The mass of the proton in Da (CODATA 2018), which turns a neutral mass into that of `[M+H]+` or `[M-H]-`.
pub const PROTON_MASS_DA: f64 = 1.007_276_466_621;

/// How well an identifier or number is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Found in an independent source.
    Confirmed,
    /// Computed from the structure.
    Computed,
    /// Stated somewhere and not found again, or general knowledge without a source.
    Unconfirmed,
}

impl Standing {
    /// The standing in one word.
    pub fn word(self) -> &'static str {
        match self {
            Standing::Confirmed => "confirmed",
            Standing::Computed => "computed",
            Standing::Unconfirmed => "unconfirmed",
        }
    }
}

/// A datum with how it is known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Known<T> {
    /// The datum.
    pub value: T,
    /// How well it is known.
    pub standing: Standing,
    /// From where.
    pub source: &'static str,
}

/// An acid dissociation constant in water at 25 °C.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AcidConstant {
    /// The group that loses the proton.
    pub group: &'static str,
    /// The negative decimal logarithm of the constant.
    pub pka: f64,
    /// Other values in use, lowest and highest.
    pub range: Option<(f64, f64)>,
    /// From where.
    pub source: &'static str,
}

/// A signal of a proton spectrum.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ProtonSignal {
    /// The protons that give it.
    pub group: &'static str,
    /// The chemical shift in ppm, lowest and highest.
    pub shift_ppm: (f64, f64),
    /// Its shape.
    pub shape: &'static str,
    /// The number of protons in one anion.
    pub protons: u32,
}

/// Identifiers and constants of a compound.
#[derive(Debug, PartialEq)]
pub struct Identity {
    /// The id of the [`Compound`].
    pub id: &'static str,
    /// A systematic name, empty when the id is one.
    pub systematic: &'static str,
    /// The structure as SMILES.
    pub smiles: Option<Known<&'static str>>,
    /// The hashed structure.
    pub inchikey: Option<Known<&'static str>>,
    /// The registry number as written.
    pub cas: Option<Known<&'static str>>,
    /// Its acid constants, the strongest acid first.
    pub acid_constants: &'static [AcidConstant],
    /// The proton spectrum to expect.
    pub protons: &'static [ProtonSignal],
    /// What a reader should know.
    pub notes: &'static [&'static str],
}

impl Identity {
    /// The registry number as a checked number.
    pub fn cas_number(&self) -> Option<CasNumber> {
        self.cas.and_then(|cas| CasNumber::parse(cas.value).ok())
    }
}

/// The identifiers of a compound, where the table has them.
pub fn identity(compound: &Compound) -> Option<&'static Identity> {
    IDENTITIES.iter().find(|i| i.id == compound.id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Element, find};

    #[test]
    fn every_entry_belongs_to_one_compound() {
        for (k, entry) in IDENTITIES.iter().enumerate() {
            assert_eq!(find(entry.id).map(|c| c.id), Ok(entry.id));
            assert!(IDENTITIES[..k].iter().all(|other| other.id != entry.id), "{} twice", entry.id);
        }
    }

    #[test]
    fn the_magnesium_salt_is_what_the_fact_sheet_says() {
        let salt = identity(find("Mg(NAC)2").unwrap()).unwrap();
        let key = salt.inchikey.unwrap();
        assert_eq!((key.value, key.standing), ("CDIFCTOKYOUYOT-SCGRZTRASA-L", Standing::Computed));
        let cas = salt.cas.unwrap();
        assert_eq!((cas.value, cas.standing), ("36330-79-7", Standing::Unconfirmed));
        assert!(salt.cas_number().unwrap().is_valid());
        let acid = identity(find("NAC").unwrap()).unwrap();
        assert_eq!(acid.inchikey.unwrap().value, "PWKSKIMOESPYIA-BYPYZUCNSA-N");
        assert_eq!(acid.cas.unwrap().standing, Standing::Confirmed);
        assert_eq!(acid.acid_constants.iter().map(|a| a.pka).collect::<Vec<_>>(), [3.24, 9.52]);
        assert_eq!(acid.protons.iter().map(|s| s.protons).sum::<u32>(), 6);
    }

    #[test]
    fn registry_numbers_have_right_check_digits() {
        for entry in IDENTITIES.iter().filter(|i| i.cas.is_some()) {
            assert!(entry.cas_number().is_some_and(CasNumber::is_valid), "{}", entry.id);
        }
    }

    #[test]
    fn keys_have_their_form() {
        for key in IDENTITIES.iter().filter_map(|i| i.inchikey) {
            let parts: Vec<usize> = key.value.split('-').map(str::len).collect();
            assert_eq!(parts, [14, 10, 1], "{}", key.value);
        }
    }

    /// Counts the atoms other than hydrogen that a SMILES text names and compares them with the formula.
    #[test]
    fn structures_have_the_heavy_atoms_of_their_formulas() {
        for entry in IDENTITIES {
            let Some(smiles) = entry.smiles else { continue };
            let formula = &find(entry.id).unwrap().formula;
            let mut text = smiles.value.replace("[nH]", "N");
            for metal in ["Mg", "Ca"] {
                let element = Element::from_symbol(metal).unwrap();
                assert_eq!(text.matches(metal).count() as u32, formula.count(element), "{}", entry.id);
                text = text.replace(metal, "");
            }
            for symbol in ["C", "N", "O", "S", "F"] {
                let element = Element::from_symbol(symbol).unwrap();
                let found = text.matches(symbol).count() + text.matches(&symbol.to_lowercase()).count();
                assert_eq!(found as u32, formula.count(element), "{} {symbol}", entry.id);
            }
        }
    }
}
