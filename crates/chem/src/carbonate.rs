//! Magnesium carbonates: "magnesium basic carbonate" is not one compound, and which one it is decides whether a
//! recipe is 2:1.

use crate::Element::{C, H, Mg, O};
use crate::{Formula, find};

/// A carbonate `x MgCO3 . y Mg(OH)2 . z H2O`.
#[derive(Debug, PartialEq, Eq)]
pub struct Carbonate {
    /// Its formula as people write it.
    pub text: &'static str,
    /// Other names.
    names: &'static [&'static str],
    carbonate: u32,
    hydroxide: u32,
    water: u32,
}

const fn carbonate(text: &'static str, names: &'static [&'static str], parts: [u32; 3]) -> Carbonate {
    Carbonate { text, names, carbonate: parts[0], hydroxide: parts[1], water: parts[2] }
}

/// The carbonates on the market, light and heavy, and the anhydrous one.
pub static CARBONATES: &[Carbonate] = &[
    carbonate("4MgCO3.Mg(OH)2.4H2O", &["hydromagnesite"], [4, 1, 4]),
    carbonate("4MgCO3.Mg(OH)2.5H2O", &["dypingite", "pentahydrate"], [4, 1, 5]),
    carbonate("3MgCO3.Mg(OH)2.4H2O", &[], [3, 1, 4]),
    carbonate("3MgCO3.Mg(OH)2.3H2O", &[], [3, 1, 3]),
    carbonate("4MgCO3.Mg(OH)2.6H2O", &["hexahydrate"], [4, 1, 6]),
    carbonate("MgCO3", &["anhydrous"], [1, 0, 0]),
];

impl Carbonate {
    /// The carbonate with this formula or name.
    pub fn find(text: &str) -> Option<&'static Carbonate> {
        let wanted = text.replace(['·', '*', '⋅'], ".");
        let wanted = wanted.trim();
        CARBONATES.iter().find(|c| c.text == wanted || c.names.iter().any(|n| n.eq_ignore_ascii_case(wanted)))
    }

    /// Its sum formula.
    pub fn formula(&self) -> Formula {
        let (x, y, z) = (self.carbonate, self.hydroxide, self.water);
        Formula::of(&[(Mg, x + y), (C, x), (O, 3 * x + 2 * y + z), (H, 2 * y + 2 * z)])
    }

    /// The mass in g that has one mole of magnesium. Each mole of magnesium takes up two moles of acid, whether it
    /// comes as carbonate or as hydroxide.
    pub fn g_per_mol_magnesium(&self) -> f64 {
        self.formula().molar_mass() / f64::from(self.carbonate + self.hydroxide)
    }

    /// Moles of carbon dioxide set free for each mole of magnesium that dissolves in acid.
    pub fn co2_per_magnesium(&self) -> f64 {
        f64::from(self.carbonate) / f64::from(self.carbonate + self.hydroxide)
    }

    /// Its assay as magnesium oxide, 0 to 1.
    pub fn mgo_fraction(&self) -> f64 {
        mgo_molar_mass() / self.g_per_mol_magnesium()
    }
}

/// The molar mass of magnesium oxide in g/mol.
pub(crate) fn mgo_molar_mass() -> f64 {
    find("magnesium-oxide").map_or(f64::NAN, |c| c.molar_mass())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table of facts B.3: molar mass, g per mol of magnesium, percent MgO.
    #[test]
    fn the_table_of_hydrates() {
        for (text, molar_mass, per_mol, mgo) in [
            ("hydromagnesite", 467.63, 93.526, 43.1),
            ("4MgCO3·Mg(OH)2·5H2O", 485.65, 97.129, 41.5),
            ("3MgCO3.Mg(OH)2.4H2O", 383.32, 95.829, 42.1),
            ("3MgCO3.Mg(OH)2.3H2O", 365.30, 91.326, 44.1),
            ("hexahydrate", 503.66, 100.732, 40.0),
            ("MgCO3", 84.31, 84.313, 47.8),
        ] {
            let carbonate = Carbonate::find(text).unwrap();
            assert!((carbonate.formula().molar_mass() - molar_mass).abs() < 6e-3, "{text}");
            assert!((carbonate.g_per_mol_magnesium() - per_mol).abs() < 2e-3, "{text}");
            assert!((100.0 * carbonate.mgo_fraction() - mgo).abs() < 0.051, "{text}");
        }
        assert_eq!(Carbonate::find("chalk"), None);
    }
}
