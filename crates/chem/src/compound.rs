//! Compounds by name.

use std::error::Error;
use std::fmt;

use crate::table::COMPOUNDS;
use crate::{Element, Formula};

/// An ion of a salt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ion {
    /// Its name; the id of a [`Compound`] unless it is inert.
    pub name: &'static str,
    /// How many one formula unit gives.
    pub count: u32,
    /// It has no effect that is modelled, such as chloride; a dose passes it over.
    pub inert: bool,
}

/// A compound of the table.
#[derive(Debug, PartialEq)]
pub struct Compound {
    /// The one name used in ports and results.
    pub id: &'static str,
    /// Other names people write.
    pub names: &'static [&'static str],
    /// Its atoms.
    pub formula: Formula,
    /// The ions of a salt, none for anything else. Counted by amount: an acid's proton does not matter.
    pub ions: &'static [Ion],
}

impl Compound {
    pub(crate) const fn new(
        id: &'static str,
        names: &'static [&'static str],
        atoms: &[(Element, u32)],
        ions: &'static [Ion],
    ) -> Compound {
        Compound { id, names, formula: Formula::of(atoms), ions }
    }

    /// The molar mass in g/mol, which is ug/umol.
    pub fn molar_mass(&self) -> f64 {
        self.formula.molar_mass()
    }

    /// The parts a dose of it gives, each with how many per formula unit: the ions of a salt that have an
    /// effect, else the compound itself.
    pub fn parts(&'static self) -> Vec<(&'static str, u32)> {
        if self.ions.is_empty() {
            return vec![(self.id, 1)];
        }
        self.ions.iter().filter(|ion| !ion.inert).map(|ion| (ion.name, ion.count)).collect()
    }
}

/// All compounds, in the order of the table.
pub fn compounds() -> &'static [Compound] {
    COMPOUNDS
}

/// The compound with this id or other name; case, spaces, hyphens and underscores do not matter.
///
/// # Errors
/// The name is not in the table; the error carries the nearest one that is.
pub fn find(name: &str) -> Result<&'static Compound, UnknownCompound> {
    let wanted = folded(name);
    let all_names = |c: &'static Compound| std::iter::once(c.id).chain(c.names.iter().copied());
    COMPOUNDS.iter().find(|c| all_names(c).any(|n| folded(n) == wanted)).ok_or_else(|| {
        let nearest = hepatica_source::nearest(name, COMPOUNDS.iter().flat_map(all_names));
        UnknownCompound { name: name.to_string(), nearest: nearest.map(str::to_string) }
    })
}

fn folded(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, ' ' | '-' | '_')).flat_map(char::to_lowercase).collect()
}

/// A name that is no compound of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownCompound {
    /// The name as written.
    pub name: String,
    /// The nearest known name.
    pub nearest: Option<String>,
}

impl fmt::Display for UnknownCompound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unknown compound `{}`", self.name)
    }
}

impl Error for UnknownCompound {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_ions_are_known() {
        let mut seen = Vec::new();
        for compound in compounds() {
            for name in std::iter::once(&compound.id).chain(compound.names) {
                assert!(!seen.contains(&folded(name)), "{name} stands twice");
                seen.push(folded(name));
            }
            for ion in compound.ions.iter().filter(|i| !i.inert) {
                let part = find(ion.name).unwrap();
                assert_eq!(part.id, ion.name);
                assert!(part.ions.is_empty(), "an ion is not itself a salt");
            }
            if !compound.ions.is_empty() {
                assert!(!compound.parts().is_empty(), "{} would dose nothing", compound.id);
            }
        }
    }

    #[test]
    fn found_by_any_name() {
        for (name, id) in [
            ("APAP", "acetaminophen"),
            ("Paracetamol", "acetaminophen"),
            ("NAC", "acetylcysteine"),
            ("N-acetylcysteine", "acetylcysteine"),
            ("Mg(NAC)2", "magnesium-acetylcysteinate"),
            ("magnesium acetylcysteinate", "magnesium-acetylcysteinate"),
            ("GSH", "glutathione"),
        ] {
            assert_eq!(find(name).map(|c| c.id), Ok(id), "{name}");
        }
        let error = find("acetaminophe").unwrap_err();
        assert_eq!(error.nearest.as_deref(), Some("acetaminophen"));
        assert_eq!(find("xq7").unwrap_err().nearest, None);
    }

    /// Published molar masses in g/mol of the compounds that courses and models dose or report.
    #[test]
    fn molar_masses() {
        for (name, expected) in [
            ("acetaminophen", 151.165),
            ("acetaminophen-glucuronide", 327.289),
            ("acetaminophen-sulfate", 231.222),
            ("acetaminophen-cysteine", 270.303),
            ("acetaminophen-mercapturate", 312.340),
            ("acetaminophen-glutathione", 456.470),
            ("napqi", 149.149),
            ("acetylcysteine", 163.191),
            ("magnesium-acetylcysteinate", 348.671),
            ("calcium-acetylcysteinate", 364.444),
            ("lysine-acetylcysteinate", 309.381),
            ("glutathione", 307.321),
            ("glutathione-disulfide", 612.626),
            ("cysteine", 121.154),
            ("magnesium", 24.305),
            ("magnesium-oxide", 40.304),
            ("magnesium-citrate", 451.113),
            ("magnesium-chloride", 95.205),
            ("magnesium-chloride-hexahydrate", 203.295),
            ("magnesium-lactate", 202.445),
            ("magnesium-aspartate", 288.495),
            ("magnesium-sulfate-heptahydrate", 246.466),
            ("indole-3-carboxylic-acid", 161.160),
            ("dimethylnitrosamine", 74.083),
            ("gamma-glutamylcysteine", 250.269),
            ("nbd-fluoride", 183.098),
        ] {
            let mass = find(name).unwrap().molar_mass();
            assert!((mass - expected).abs() < 1e-3, "{name} {mass}");
        }
    }

    /// Older tables have sulfur as 32.067; published masses that differ from ours do so by that alone.
    #[test]
    fn masses_of_older_tables() {
        for (name, older) in [
            ("acetylcysteine", 163.198),
            ("magnesium-acetylcysteinate", 348.685),
            ("cysteine", 121.161),
            ("diacetylcystine", 324.38),
        ] {
            let compound = find(name).unwrap();
            let sulfur = f64::from(compound.formula.count(Element::S));
            let mass = compound.molar_mass() + sulfur * (32.067 - Element::S.weight());
            assert!((mass - older).abs() < 1e-3, "{name} {mass}");
        }
    }

    /// Equivalence factors of facts B.2: 1 mg of acetylcysteine as the magnesium salt.
    #[test]
    fn salt_equivalents() {
        let (salt, nac, mg) = (find("Mg(NAC)2").unwrap(), find("NAC").unwrap(), find("magnesium").unwrap());
        assert_eq!(salt.parts(), [("acetylcysteine", 2), ("magnesium", 1)]);
        let salt_per_nac = salt.molar_mass() / (2.0 * nac.molar_mass());
        assert!((salt_per_nac - 1.068291).abs() < 1e-6);
        assert!((mg.molar_mass() / (2.0 * nac.molar_mass()) - 0.0744680).abs() < 1e-7);
        // Computed vectors: mg of acetylcysteine, mg of the salt, mg and mmol of magnesium.
        for (nac_mg, salt_mg, mg_mg, mg_mmol) in [
            (600.0, 640.97, 44.681, 1.8383),
            (9_800.0, 10_469.25, 729.786, 30.0262),
            (10_500.0, 11_217.06, 781.914, 32.1709),
            (21_000.0, 22_434.11, 1_563.827, 64.3418),
            (93_100.0, 99_457.91, 6_932.967, 285.2486),
        ] {
            let mmol = nac_mg / nac.molar_mass() / 2.0;
            assert!((mmol - mg_mmol).abs() < 1e-4 && (mmol * mg.molar_mass() - mg_mg).abs() < 1e-3);
            assert!((mmol * salt.molar_mass() - salt_mg).abs() < 1e-2);
        }
        assert_eq!(find("magnesium-citrate").unwrap().parts(), [("magnesium", 3)]);
        assert_eq!(nac.parts(), [("acetylcysteine", 1)]);
        // 1 mg/L of acetaminophen is 6.615288 umol/L.
        assert!((1000.0 / find("apap").unwrap().molar_mass() - 6.615288).abs() < 1e-6);
    }
}
