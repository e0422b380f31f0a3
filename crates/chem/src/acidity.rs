//! The pH of a solution of acetylcysteine and dissolved magnesium carbonate, by charge balance.
//!
//! `2 [Mg2+] + [H+] = [A-] + 2 [A2-] + [OH-] + [HCO3-] + 2 [CO3 2-]`, with acetylcysteine as the acid H2A, at 25 °C.
//! Carbon dioxide is held at a partial pressure, as it is above an effervescing or an open vessel. Complexes of
//! magnesium and precipitation are left out; the first is weak, the second does not happen below pH 7.
//!
//! Single-ion activities by Davies (Ion Association, 1962): `-log g = A z^2 (sqrt(I)/(1+sqrt(I)) - 0.3 I)`, which
//! serves up to an ionic strength of about 0.5 mol/L.

use crate::identities::{CARBOXYL_PKA, THIOL_PKA};

/// Ionization of water, `-log Kw` at 25 °C (IAPWS R11-07, 13.995 rounded).
const WATER_PK: f64 = 14.0;
/// Dissolved carbon dioxide to hydrogen carbonate, `-log K1` at 25 °C (Plummer and Busenberg, Geochim Cosmochim
/// Acta 1982;46:1011).
const CARBONIC_PK1: f64 = 6.35;
/// Hydrogen carbonate to carbonate, `-log K2`, the same source.
const CARBONIC_PK2: f64 = 10.33;
/// Solubility of carbon dioxide in water at 25 °C in mol/(L atm): 3.3e-4 mol/(m3 Pa) of Sander, Atmos Chem Phys
/// 2015;15:4399. Salting out, some 5 to 10 % at the strength of these solutions, is left out.
const CO2_SOLUBILITY: f64 = 0.0334;
/// The Debye-Hückel constant of water at 25 °C in (L/mol)^0.5.
const DEBYE_HUCKEL: f64 = 0.509;
/// The ionic strength in mol/L beyond which the Davies equation is not to be trusted.
const DAVIES_LIMIT: f64 = 0.5;
/// The ionic strength in mol/L at which activity coefficients are held; far beyond the equation's reach, it only
/// keeps the numbers finite.
const HELD_FROM: f64 = 2.0;
/// The highest pressure of carbon dioxide in atm that is tried as an explanation.
const MAX_CO2_ATM: f64 = 100.0;
/// The partial pressure of carbon dioxide in air in atm.
pub const AIR_CO2_ATM: f64 = 4.2e-4;

/// How ions are taken to act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activity {
    /// Activity equals concentration.
    Ideal,
    /// By the Davies equation.
    Davies,
}

/// What is in the solution.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Solution {
    /// Acetylcysteine, in every form, in mol/L.
    pub acetylcysteine: f64,
    /// Magnesium in mol/L.
    pub magnesium: f64,
    /// Partial pressure of carbon dioxide in atm; zero for a degassed solution.
    pub co2_atm: f64,
}

/// The pH and what it was computed with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Acidity {
    /// Minus the logarithm of the activity of H+.
    pub ph: f64,
    /// The ionic strength in mol/L.
    pub ionic_strength: f64,
    /// The ionic strength is beyond the reach of the activity model.
    pub beyond_model: bool,
}

/// Charges of a solution at a pH, in mol/L.
struct Charges {
    hydrogen: f64,
    once: f64,
    twice: f64,
    hydroxide: f64,
    bicarbonate: f64,
    carbonate: f64,
}

impl Charges {
    fn at(ph: f64, solution: &Solution, g: [f64; 2]) -> Charges {
        let activity = 10f64.powf(-ph);
        let [g1, g2] = g;
        let once_per_acid = 10f64.powf(ph - CARBOXYL_PKA) / g1;
        let twice_per_acid = once_per_acid * 10f64.powf(ph - THIOL_PKA) * g1 / g2;
        let acid = solution.acetylcysteine / (1.0 + once_per_acid + twice_per_acid);
        let bicarbonate = CO2_SOLUBILITY * solution.co2_atm * 10f64.powf(ph - CARBONIC_PK1) / g1;
        Charges {
            hydrogen: activity / g1,
            once: acid * once_per_acid,
            twice: acid * twice_per_acid,
            hydroxide: 10f64.powf(ph - WATER_PK) / g1,
            bicarbonate,
            carbonate: bicarbonate * 10f64.powf(ph - CARBONIC_PK2) * g1 / g2,
        }
    }

    /// Negative less positive charge without that of magnesium.
    fn excess(&self) -> f64 {
        self.once + 2.0 * self.twice + self.hydroxide + self.bicarbonate + 2.0 * self.carbonate
            - self.hydrogen
    }

    fn ionic_strength(&self, magnesium: f64) -> f64 {
        let single = self.hydrogen + self.once + self.hydroxide + self.bicarbonate;
        0.5 * (single + 4.0 * (magnesium + self.twice + self.carbonate))
    }
}

/// Activity coefficients of ions with one and two charges.
fn coefficients(activity: Activity, ionic_strength: f64) -> [f64; 2] {
    let held = ionic_strength.min(HELD_FROM);
    let root = held.sqrt();
    let per_charge = match activity {
        Activity::Ideal => 0.0,
        Activity::Davies => DEBYE_HUCKEL * (root / (1.0 + root) - 0.3 * held),
    };
    [10f64.powf(-per_charge), 10f64.powf(-4.0 * per_charge)]
}

/// Rounds in which pH and ionic strength are brought into agreement; about ten are enough.
const ROUNDS: usize = 50;
/// Relative change of the ionic strength below which they agree.
const AGREED: f64 = 1e-14;
/// Halvings of the range of pH.
const HALVINGS: usize = 60;

/// The pH of a solution.
pub fn acidity(solution: &Solution, activity: Activity) -> Acidity {
    let mut ionic_strength = 3.0 * solution.magnesium;
    let mut ph = 7.0;
    for _ in 0..ROUNDS {
        let g = coefficients(activity, ionic_strength);
        // The negative charge rises with the pH, so that one pH fits.
        let (mut low, mut high) = (-2.0, 16.0);
        for _ in 0..HALVINGS {
            ph = 0.5 * (low + high);
            if Charges::at(ph, solution, g).excess() < 2.0 * solution.magnesium {
                low = ph
            } else {
                high = ph
            }
        }
        let before = ionic_strength;
        ionic_strength = Charges::at(ph, solution, g).ionic_strength(solution.magnesium);
        if (ionic_strength - before).abs() <= AGREED * ionic_strength {
            break;
        }
    }
    let beyond_model = activity == Activity::Davies && ionic_strength > DAVIES_LIMIT;
    Acidity { ph, ionic_strength, beyond_model }
}

/// The ratio 2 Mg : acetylcysteine at which a solution without carbon dioxide has this pH; 1 is the exact salt.
pub fn neutralised_share(ph: f64, acetylcysteine: f64, activity: Activity) -> f64 {
    let mut magnesium = 0.5 * acetylcysteine;
    let mut ionic_strength = 3.0 * magnesium;
    for _ in 0..ROUNDS {
        let solution = Solution { acetylcysteine, magnesium, co2_atm: 0.0 };
        let charges = Charges::at(ph, &solution, coefficients(activity, ionic_strength));
        magnesium = 0.5 * charges.excess().max(0.0);
        ionic_strength = charges.ionic_strength(magnesium);
    }
    2.0 * magnesium / acetylcysteine
}

/// The partial pressure of carbon dioxide in atm at which a solution has this pH; `None` when it is at or above the
/// pH of the degassed solution, or below what 100 atm would make it.
pub fn co2_pressure(ph: f64, solution: &Solution, activity: Activity) -> Option<f64> {
    let without = Solution { co2_atm: 0.0, ..*solution };
    let most = Solution { co2_atm: MAX_CO2_ATM, ..*solution };
    if ph >= acidity(&without, activity).ph || ph < acidity(&most, activity).ph {
        return None;
    }
    let (mut low, mut high) = (-12.0f64, MAX_CO2_ATM.log10());
    for _ in 0..HALVINGS {
        let log_atm = 0.5 * (low + high);
        let trial = Solution { co2_atm: 10f64.powf(log_atm), ..*solution };
        if acidity(&trial, activity).ph > ph { low = log_atm } else { high = log_atm }
    }
    Some(10f64.powf(0.5 * (low + high)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The source's solution: 19.6 g of acetylcysteine in 400 mL, neutralised exactly.
    const ACID: f64 = 0.300_263;

    fn ph(share: f64, co2_atm: f64, activity: Activity) -> f64 {
        let solution = Solution { acetylcysteine: ACID, magnesium: 0.5 * share * ACID, co2_atm };
        acidity(&solution, activity).ph
    }

    /// Facts B.4, each as stated.
    #[test]
    fn the_values_of_the_fact_sheet() {
        for (share, co2_atm, activity, expected) in [
            (0.0, 0.0, Activity::Ideal, 1.89),
            (1.0, 0.0, Activity::Ideal, 6.38),
            (1.0, 1.0, Activity::Ideal, 5.27),
            (1.0, 1.0, Activity::Davies, 5.13),
            (1.0, 0.1, Activity::Ideal, 5.76),
            (1.0, AIR_CO2_ATM, Activity::Ideal, 6.37),
            (0.990, 0.0, Activity::Ideal, 5.23),
            (0.980, 0.0, Activity::Ideal, 4.93),
            (0.95, 0.0, Activity::Ideal, 4.52),
        ] {
            let found = ph(share, co2_atm, activity);
            assert!((found - expected).abs() <= 0.0051, "{share} {co2_atm} {activity:?}: {found}");
        }
        // Degassed, with activities, the lower end of "about 6.1 to 6.4".
        assert!((ph(1.0, 0.0, Activity::Davies) - 6.11).abs() < 0.005);
        let degassed = Solution { acetylcysteine: ACID, magnesium: 0.5 * ACID, co2_atm: 0.0 };
        let found = acidity(&degassed, Activity::Davies);
        assert!((found.ionic_strength - 0.45).abs() < 5e-3 && !found.beyond_model);
        assert!((neutralised_share(5.1, ACID, Activity::Ideal) - 0.986).abs() < 5e-4);
    }

    /// The exact salt of an acid with two groups has the mean of their pK, whatever else holds.
    #[test]
    fn half_neutralised_is_the_mean_of_both() {
        assert!((ph(1.0, 0.0, Activity::Ideal) - 0.5 * (3.24 + 9.52)).abs() < 1e-3);
        // Water alone.
        let water = Solution { acetylcysteine: 0.0, magnesium: 0.0, co2_atm: 0.0 };
        assert!((acidity(&water, Activity::Ideal).ph - 7.0).abs() < 1e-9);
        // Water under air: 10^-(6.35) * 0.0334 * 4.2e-4 = [H+]^2.
        let rain = Solution { co2_atm: AIR_CO2_ATM, ..water };
        let expected = -0.5 * (CO2_SOLUBILITY * AIR_CO2_ATM * 10f64.powf(-6.35)).log10();
        assert!((acidity(&rain, Activity::Ideal).ph - expected).abs() < 1e-3);
    }

    #[test]
    fn strong_solutions_are_beyond_the_model() {
        let strong = Solution { acetylcysteine: 1.0, magnesium: 0.5, co2_atm: 0.0 };
        assert!(acidity(&strong, Activity::Davies).beyond_model);
        for molar in [1e-9, 1e3, 1e9] {
            let odd = Solution { acetylcysteine: molar, magnesium: molar, co2_atm: 1.0 };
            for activity in [Activity::Ideal, Activity::Davies] {
                assert!(acidity(&odd, activity).ph.is_finite());
                assert!(neutralised_share(5.0, molar, activity).is_finite());
            }
        }
    }

    /// A pH above that of the degassed salt, and one far below any that carbon dioxide makes.
    #[test]
    fn carbon_dioxide_does_not_explain_everything() {
        let salt = Solution { acetylcysteine: ACID, magnesium: 0.5 * ACID, co2_atm: 0.0 };
        for ph in [7.0, 1.0] {
            assert_eq!(co2_pressure(ph, &salt, Activity::Ideal), None);
        }
        assert!(co2_pressure(5.1, &salt, Activity::Ideal).is_some_and(|atm| atm > 1.0));
    }

    proptest! {
        /// More base raises the pH, more carbon dioxide lowers it.
        #[test]
        fn monotone(share in 0.0f64..1.4, more in 0.01f64..0.3, log_atm in -4.0f64..0.5) {
            for activity in [Activity::Ideal, Activity::Davies] {
                let co2_atm = 10f64.powf(log_atm);
                prop_assert!(ph(share + more, co2_atm, activity) > ph(share, co2_atm, activity));
                if share > 0.9 {
                    prop_assert!(ph(share, co2_atm * 2.0, activity) < ph(share, co2_atm, activity));
                }
            }
        }

        /// The share and the pressure read back from a pH are those it came from.
        #[test]
        fn inverses(share in 0.2f64..1.3, log_atm in -3.0f64..0.5) {
            for activity in [Activity::Ideal, Activity::Davies] {
                let found = neutralised_share(ph(share, 0.0, activity), ACID, activity);
                prop_assert!((found / share - 1.0).abs() < 1e-9, "{} {}", found, share);
            }
            let solution = Solution { acetylcysteine: ACID, magnesium: 0.5 * ACID, co2_atm: 10f64.powf(log_atm) };
            let from = acidity(&solution, Activity::Davies).ph;
            let pressure = co2_pressure(from, &solution, Activity::Davies).unwrap();
            prop_assert!((pressure / solution.co2_atm - 1.0).abs() < 1e-6);
        }
    }
}
