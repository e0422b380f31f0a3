//! The magnesium that a dose of acetylcysteine carries when it is given as its magnesium salt, Mg(NAC)2.
//!
//! Arithmetic from molar masses ([`hepatica_chem`]) and the limits of [`crate::magnesium_limits`]. No human has
//! been studied: whatever is said about Mg(NAC)2 in people is a prediction.

use hepatica_chem::{Compound, MagnesiumLoad, UnknownCompound, content, find};

use crate::magnesium_limits::{Effect, SERUM_BASELINE_MMOL_PER_L, VOLUMES_L_PER_KG, effects_at};

/// The compounds that the arithmetic needs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Masses {
    nac: &'static Compound,
    salt: &'static Compound,
    magnesium: &'static Compound,
}

impl Masses {
    /// From the table of compounds.
    ///
    /// # Errors
    /// A compound that the table lacks.
    pub fn new() -> Result<Masses, UnknownCompound> {
        Ok(Masses {
            nac: find("acetylcysteine")?,
            salt: find("magnesium-acetylcysteinate")?,
            magnesium: find("magnesium")?,
        })
    }

    /// The magnesium in an amount of acetylcysteine in mg, two of which bind one magnesium.
    pub fn load(&self, nac_mg: f64) -> Load {
        Load::new(nac_mg, nac_mg / self.nac.molar_mass() / 2.0, self)
    }

    /// The load that carries this much magnesium in mg.
    pub fn load_of_magnesium(&self, magnesium_mg: f64) -> Load {
        let mmol = magnesium_mg / self.magnesium.molar_mass();
        Load::new(2.0 * mmol * self.nac.molar_mass(), mmol, self)
    }
}

/// Magnesium carried by a dose.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Load {
    /// Acetylcysteine in mg.
    pub nac_mg: f64,
    /// The salt Mg(NAC)2 in mg.
    pub salt_mg: f64,
    /// Elemental magnesium in mg.
    pub magnesium_mg: f64,
    /// Magnesium in mmol.
    pub mmol: f64,
    /// Magnesium in mEq, two for each mmol.
    pub meq: f64,
    /// The magnesium sulfate heptahydrate with as much magnesium, in g.
    pub sulfate_g: f64,
}

impl Load {
    fn new(nac_mg: f64, mmol: f64, masses: &Masses) -> Load {
        let salt = content(masses.salt, mmol);
        let carried = |of: fn(&MagnesiumLoad) -> f64| salt.magnesium.as_ref().map_or(0.0, of);
        Load {
            nac_mg,
            salt_mg: salt.mg,
            magnesium_mg: carried(|m| m.mg),
            mmol,
            meq: carried(|m| m.meq),
            sulfate_g: carried(|m| m.sulfate_heptahydrate_mg) / 1000.0,
        }
    }

    /// Magnesium sulfate heptahydrate in mg/min when it runs in over so many hours.
    pub fn sulfate_mg_per_min(&self, over_h: f64) -> f64 {
        self.sulfate_g * 1000.0 / (over_h * 60.0)
    }

    /// Magnesium sulfate heptahydrate in g/h when it runs in over so many hours.
    pub fn sulfate_g_per_h(&self, over_h: f64) -> f64 {
        self.sulfate_g / over_h
    }

    /// How many times a limit in mg of magnesium it is.
    pub fn multiple_of(&self, limit_mg: f64) -> f64 {
        self.magnesium_mg / limit_mg
    }
}

/// The body weight in kg from which on a dose per kilogram, run in over `over_h`, is faster than a limit in mg of
/// magnesium sulfate heptahydrate per minute. `None` when it never is, because there is no dose.
pub fn weight_at_rate(
    masses: &Masses,
    nac_mg_per_kg: f64,
    over_h: f64,
    limit_mg_per_min: f64,
) -> Option<f64> {
    // The load is proportional to the dose, so the rate is proportional to the weight.
    positive(limit_mg_per_min / masses.load(nac_mg_per_kg).sulfate_mg_per_min(over_h))
}

/// The body weight in kg from which on a dose per kilogram holds more than a limit in g of magnesium sulfate
/// heptahydrate. `None` when it never does.
pub fn weight_at_total(masses: &Masses, nac_mg_per_kg: f64, limit_g: f64) -> Option<f64> {
    positive(limit_g / masses.load(nac_mg_per_kg).sulfate_g)
}

/// The largest amount of acetylcysteine in mg whose magnesium stays within a limit in mg.
pub fn nac_at_limit(masses: &Masses, limit_mg: f64) -> f64 {
    masses.load_of_magnesium(limit_mg).nac_mg
}

fn positive(kg: f64) -> Option<f64> {
    (kg.is_finite() && kg > 0.0).then_some(kg)
}

/// The serum magnesium that a dose leads to when none is excreted, at one volume of distribution.
#[derive(Clone, Debug, PartialEq)]
pub struct Rise {
    /// Volume of distribution in L/kg.
    pub volume_l_per_kg: f64,
    /// The rise in mmol/L.
    pub rise_mmol_per_l: f64,
    /// Baseline and rise together, in mmol/L.
    pub peak_mmol_per_l: f64,
    /// What is seen at such levels.
    pub effects: Vec<Effect>,
}

/// The rise of serum magnesium without elimination for each volume of distribution that is published.
///
/// `absorbed` is the fraction that reaches the blood, 1 for an infusion. The prediction is an upper bound with
/// working kidneys and the expectation in anuria.
pub fn predicted_rise(mmol: f64, absorbed: f64, weight_kg: f64) -> Vec<Rise> {
    let rise = |volume_l_per_kg: f64| {
        let rise_mmol_per_l = mmol * absorbed / weight_kg / volume_l_per_kg;
        let peak_mmol_per_l = SERUM_BASELINE_MMOL_PER_L + rise_mmol_per_l;
        Rise { volume_l_per_kg, rise_mmol_per_l, peak_mmol_per_l, effects: effects_at(peak_mmol_per_l) }
    };
    VOLUMES_L_PER_KG.into_iter().map(rise).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::magnesium_limits::{RATE_LIMIT_MG_PER_MIN, RENAL_LIMIT_G};

    fn masses() -> Masses {
        Masses::new().unwrap()
    }

    /// Whether a number rounds to the one printed, which tells how many places count.
    fn printed(value: f64, text: &str) -> bool {
        let places = text.split_once('.').map_or(0, |(_, decimals)| decimals.len());
        (value - text.parse::<f64>().unwrap()).abs() <= 0.5 * 10f64.powi(-(places as i32))
    }

    /// Each row: mg of acetylcysteine; the salt in g; magnesium in mg, mmol, mEq; MgSO4.7H2O in g; multiple of
    /// 350 mg, which has no meaning for infusions.
    #[test]
    fn the_reference_table() {
        let rows = [
            (600.0, ["0.641", "44.7", "1.84", "3.7", "0.45"], Some("0.13")),
            (1_200.0, ["1.282", "89.4", "3.68", "7.4", "0.91"], Some("0.26")),
            (4_700.0, ["5.021", "350", "14.4", "28.8", "3.55"], Some("1.00")),
            (3_357.0, ["3.586", "250", "10.3", "20.6", "2.5"], Some("0.71")),
            (140.0 * 70.0, ["10.47", "730", "30.0", "60", "7.40"], Some("2.1")),
            ((140.0 + 5.0 * 70.0) * 70.0, ["36.6", "2554", "105", "210", "25.9"], Some("7.3")),
            // Twice 285.2486 mmol are 570.50 mEq; a table that prints 571 has rounded twice.
            (1330.0 * 70.0, ["99.5", "6933", "285", "570.5", "70.3"], Some("19.8")),
            (150.0 * 70.0, ["11.22", "782", "32.2", "64.3", "7.93"], None),
            (300.0 * 70.0, ["22.43", "1564", "64.3", "128.7", "15.86"], None),
            (300.0 * 100.0, ["32.05", "2234", "91.9", "183.8", "22.65"], None),
        ];
        for (nac, expected, multiple) in rows {
            let load = masses().load(nac);
            let found = [load.salt_mg / 1000.0, load.magnesium_mg, load.mmol, load.meq, load.sulfate_g];
            for (value, text) in found.into_iter().zip(expected) {
                assert!(printed(value, text), "{nac}: {value} is not {text}");
            }
            if let Some(multiple) = multiple {
                assert!(printed(load.multiple_of(350.0), multiple), "{nac}");
            }
        }
        // The oral course in three days.
        assert!(printed(masses().load(93_100.0).multiple_of(350.0) / 3.0, "6.6"));
    }

    /// Computed vectors: mg of acetylcysteine; the salt, magnesium in mg and mmol, MgSO4.7H2O in g.
    #[test]
    fn computed_vectors() {
        for (nac, salt, mg, mmol, sulfate) in [
            (600.0, 640.97, 44.681, 1.8383, 0.4531),
            (9_800.0, 10_469.25, 729.786, 30.0262, 7.4004),
            (93_100.0, 99_457.91, 6_932.967, 285.2486, 70.3041),
            (10_500.0, 11_217.06, 781.914, 32.1709, 7.929),
            (21_000.0, 22_434.11, 1_563.827, 64.3418, 15.8581),
            (30_000.0, 32_048.73, 2_234.039, 91.9168, 22.6544),
        ] {
            let load = masses().load(nac);
            assert!((load.salt_mg - salt).abs() < 0.01 && (load.magnesium_mg - mg).abs() < 0.001, "{load:?}");
            assert!((load.mmol - mmol).abs() < 0.0001, "{load:?}");
            // The vector counts 246.47 g/mol to two places.
            assert!((load.sulfate_g / sulfate - 1.0).abs() < 2e-4, "{load:?}");
        }
        let back = masses().load_of_magnesium(masses().load(1234.5).magnesium_mg);
        assert!((back.nac_mg - 1234.5).abs() < 1e-9);
    }

    #[test]
    fn thresholds_come_out_of_the_arithmetic() {
        let masses = masses();
        let rate = weight_at_rate(&masses, 150.0, 1.0, RATE_LIMIT_MG_PER_MIN).unwrap();
        assert!((rate - 79.45).abs() <= 0.005, "{rate}");
        let total = weight_at_total(&masses, 300.0, RENAL_LIMIT_G).unwrap();
        assert!((total - 88.28).abs() <= 0.005, "{total}");
        // On both sides of each threshold.
        let at = |kg: f64| masses.load(150.0 * kg).sulfate_mg_per_min(1.0);
        assert!(at(79.45) <= 150.0 && at(79.46) > 150.0);
        let sum = |kg: f64| masses.load(300.0 * kg).sulfate_g;
        assert!(sum(88.28) <= 20.0 && sum(88.29) > 20.0);
        assert_eq!(weight_at_rate(&masses, 0.0, 1.0, 150.0), None);
        assert_eq!(weight_at_total(&masses, 0.0, 20.0), None);
        // The oral ceilings by the upper levels of 350 and 250 mg.
        assert!((nac_at_limit(&masses, 350.0) - 4700.0).abs() < 0.5);
        assert!((nac_at_limit(&masses, 250.0) - 3357.0).abs() < 0.5);
    }

    #[test]
    fn rates_of_gentler_regimens() {
        let per_h = |mg_per_kg: f64, over_h: f64| masses().load(70.0 * mg_per_kg).sulfate_g_per_h(over_h);
        assert!((masses().load(10_500.0).sulfate_mg_per_min(1.0) - 132.0).abs() < 0.5);
        assert!((masses().load(15_000.0).sulfate_mg_per_min(1.0) - 189.0).abs() < 0.5);
        for (mg_per_kg, over_h, expected) in [(200.0, 4.0, 2.64), (100.0, 2.0, 2.64), (200.0, 10.0, 1.06)] {
            assert!((per_h(mg_per_kg, over_h) - expected).abs() < 0.005, "{mg_per_kg}/{over_h}");
        }
    }

    #[test]
    fn the_rise_without_elimination() {
        let rises = |mg_per_kg: f64| -> Vec<f64> {
            let mmol = masses().load(mg_per_kg * 70.0).mmol;
            predicted_rise(mmol, 1.0, 70.0).iter().map(|r| r.rise_mmol_per_l).collect()
        };
        for (mg_per_kg, tolerance, expected) in
            [(150.0, 0.005, [2.30, 1.84, 1.53, 1.15]), (300.0, 0.05, [4.6, 3.7, 3.1, 2.3])]
        {
            for (found, expected) in rises(mg_per_kg).iter().zip(expected) {
                assert!((found - expected).abs() <= tolerance, "{mg_per_kg}: {found} {expected}");
            }
        }
        let peaks = predicted_rise(masses().load(10_500.0).mmol, 1.0, 70.0);
        assert!(
            (peaks[0].peak_mmol_per_l - 3.15).abs() < 0.005 && (peaks[3].peak_mmol_per_l - 2.0).abs() < 0.005
        );
        let half = predicted_rise(10.0, 0.5, 70.0)[0].rise_mmol_per_l;
        assert!((half - 10.0 * 0.5 / 70.0 / 0.2).abs() < 1e-12);
    }
}
