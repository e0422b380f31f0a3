//! An amount of one compound -> the amount of another that gives the same, and what it carries.
//!
//! Everything here is linear in the amount, so that mmol may as well be mmol per kilogram of body weight.

use std::error::Error;
use std::fmt;

use crate::measure::MEQ_PER_MMOL;
use crate::{Compound, find};

/// The part that is kept equal when two compounds share both.
const FIRST: &str = "acetylcysteine";
const MAGNESIUM: &str = "magnesium";

/// The amount of a compound that gives as much of a part as another compound does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Equivalence {
    /// The id of the part that is kept equal.
    pub shared: &'static str,
    /// The amount of the target in mmol.
    pub mmol: f64,
    /// What an equal mass of the target would give of the part, relative to the source: -0.0639 is 6.39 % too little.
    pub swap_error: f64,
}

/// The amount of `to` that gives as much acetylcysteine as `mmol` of `from`, or, when they do not share that, as much
/// of the first part they do share.
///
/// # Errors
/// They share no part.
pub fn equivalent(
    from: &'static Compound,
    mmol: f64,
    to: &'static Compound,
) -> Result<Equivalence, NoCommonPart> {
    let target = to.parts();
    let mut shared: Vec<(&'static str, f64, f64)> = Vec::new();
    for (id, count) in from.parts() {
        if let Some((_, other)) = target.iter().find(|(other, _)| *other == id) {
            shared.push((id, f64::from(count), f64::from(*other)));
        }
    }
    let best = shared.iter().find(|(id, ..)| *id == FIRST).or(shared.first());
    let (id, in_from, in_to) = best.ok_or(NoCommonPart { from: from.id, to: to.id })?;
    let swap = (in_to / to.molar_mass()) / (in_from / from.molar_mass());
    Ok(Equivalence { shared: id, mmol: mmol * in_from / in_to, swap_error: swap - 1.0 })
}

/// Two compounds without a common part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoCommonPart {
    /// The source's id.
    pub from: &'static str,
    /// The target's id.
    pub to: &'static str,
}

impl fmt::Display for NoCommonPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} and {} share no part that could be kept equal", self.from, self.to)
    }
}

impl Error for NoCommonPart {}

/// The magnesium an amount of a compound carries.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MagnesiumLoad {
    /// The amount in mmol.
    pub mmol: f64,
    /// The mass of the element in mg.
    pub mg: f64,
    /// Milliequivalents, two to the mmol.
    pub meq: f64,
    /// The mass in mg of magnesium sulfate heptahydrate with as much magnesium.
    pub sulfate_heptahydrate_mg: f64,
}

/// What an amount of a compound weighs and carries.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Content {
    /// The amount in mmol.
    pub mmol: f64,
    /// The mass in mg.
    pub mg: f64,
    /// The mass in mg of acetylcysteine it gives, zero where it gives none.
    pub acetylcysteine_mg: f64,
    /// The magnesium it gives, where it gives any.
    pub magnesium: Option<MagnesiumLoad>,
}

/// What `mmol` of a compound weighs and carries.
pub fn content(compound: &'static Compound, mmol: f64) -> Content {
    let parts = compound.parts();
    let count = |id: &str| parts.iter().find(|(part, _)| *part == id).map_or(0.0, |(_, n)| f64::from(*n));
    let mass_of = |name: &str| find(name).map_or(0.0, Compound::molar_mass);
    let magnesium_mmol = mmol * count(MAGNESIUM);
    let magnesium = (count(MAGNESIUM) > 0.0).then(|| MagnesiumLoad {
        mmol: magnesium_mmol,
        mg: magnesium_mmol * mass_of(MAGNESIUM),
        meq: magnesium_mmol * MEQ_PER_MMOL,
        sulfate_heptahydrate_mg: magnesium_mmol * mass_of("magnesium-sulfate-heptahydrate"),
    });
    Content {
        mmol,
        mg: mmol * compound.molar_mass(),
        acetylcysteine_mg: mmol * count(FIRST) * mass_of(FIRST),
        magnesium,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Species, equivalent_dose};
    use proptest::prelude::*;

    fn named(name: &str) -> &'static Compound {
        find(name).unwrap()
    }

    fn from_mg(name: &str, mg: f64) -> Content {
        content(named(name), mg / named(name).molar_mass())
    }

    #[track_caller]
    fn near(value: f64, expected: f64, last_digit: f64) {
        assert!((value - expected).abs() <= 0.5000001 * last_digit, "{value} is not {expected}");
    }

    /// Facts B.2.
    #[test]
    fn equivalence_factors() {
        let (nac, salt) = (named("NAC"), named("Mg(NAC)2"));
        let one = equivalent(nac, 1.0 / nac.molar_mass(), salt).unwrap();
        let as_salt = content(salt, one.mmol);
        near(as_salt.mg, 1.068291, 1e-6);
        let magnesium = as_salt.magnesium.unwrap();
        near(magnesium.mg, 0.0744680, 1e-7);
        near(magnesium.mmol, 0.00306389, 1e-8);
        let gram = from_mg("Mg(NAC)2", 1000.0);
        near(gram.acetylcysteine_mg, 936.07, 0.01);
        near(gram.magnesium.unwrap().mg, 69.708, 1e-3);
        near(gram.magnesium.unwrap().mmol, 2.86803, 1e-5);
        // Printed as twice the rounded 2.86803.
        near(gram.acetylcysteine_mg / nac.molar_mass(), 5.73606, 2e-5);
        let mole = content(salt, 1.0);
        near(mole.mg, 348.671, 1e-3);
        near(mole.acetylcysteine_mg, 326.382, 1e-3);
        let magnesium = mole.magnesium.unwrap();
        near(magnesium.mg, 24.305, 1e-3);
        near(magnesium.meq, 2.0, 1e-9);
        near(magnesium.sulfate_heptahydrate_mg, 246.47, 0.01);
        let sulfate = from_mg("MgSO4.7H2O", 1000.0).magnesium.unwrap();
        near(sulfate.mmol, 4.057, 1e-3);
        near(sulfate.meq, 8.115, 1e-3);
        near(100.0 * one.swap_error, -6.39, 0.01);
        assert_eq!(one.shared, "acetylcysteine");
    }

    /// The shares of acetylcysteine of facts B.1.
    #[test]
    fn mass_fractions() {
        for (name, share) in
            [("NAC", 1.0), ("Mg(NAC)2", 0.936074), ("Ca(NAC)2", 0.895562), ("NAC-lysine", 0.527476)]
        {
            near(from_mg(name, 1.0).acetylcysteine_mg, share, 1.2e-6);
        }
    }

    /// Facts B.7 and the computed magnesium loads: mg of acetylcysteine, mg of salt, mg and mmol of magnesium, mEq,
    /// g of the sulfate.
    #[test]
    fn magnesium_of_doses_given_as_the_salt() {
        let (nac, salt) = (named("NAC"), named("Mg(NAC)2"));
        for (nac_mg, salt_mg, mg, mmol, sulfate_g) in [
            (600.0, 640.97, 44.681, 1.8383, 0.4531),
            (9_800.0, 10_469.25, 729.786, 30.0262, 7.4004),
            (10_500.0, 11_217.06, 781.914, 32.1709, 7.929),
            (21_000.0, 22_434.11, 1_563.827, 64.3418, 15.8581),
            (30_000.0, 32_048.73, 2_234.039, 91.9168, 22.6544),
            (93_100.0, 99_457.91, 6_932.967, 285.2486, 70.3041),
        ] {
            let equal = equivalent(nac, nac_mg / nac.molar_mass(), salt).unwrap();
            let as_salt = content(salt, equal.mmol);
            near(as_salt.mg, salt_mg, 0.01);
            let magnesium = as_salt.magnesium.unwrap();
            near(magnesium.mg, mg, 1e-3);
            near(magnesium.mmol, mmol, 1e-4);
            near(magnesium.meq, 2.0 * mmol, 2e-4);
            near(magnesium.sulfate_heptahydrate_mg / 1e3, sulfate_g, 1e-4);
        }
    }

    /// Facts B.6: rat doses of the salt in mg/kg, and the human dose by body surface.
    #[test]
    fn rat_doses() {
        let (rat, human) = (Species::find("rat").unwrap(), Species::find("human").unwrap());
        for (salt, nac, mg, mmol, human_mg_kg, human_mg) in [
            (25.0, 23.402, 1.7427, 0.0717, 4.054, 283.8),
            (50.0, 46.804, 3.4854, 0.1434, 8.108, 567.6),
            (100.0, 93.607, 6.9708, 0.2868, 16.216, 1135.1),
        ] {
            let carried = from_mg("Mg(NAC)2", salt);
            near(carried.acetylcysteine_mg, nac, 1e-3);
            near(carried.magnesium.unwrap().mg, mg, 1e-4);
            near(carried.magnesium.unwrap().mmol, mmol, 1e-4);
            let equal = equivalent_dose(salt, rat, human);
            near(equal, human_mg_kg, 1e-3);
            near(70.0 * equal, human_mg, 0.1);
        }
    }

    /// Facts B.6: 2 mg of each salt is an equal mass, not an equal dose of acetylcysteine, and the ranking by effect
    /// per mg of acetylcysteine is another one.
    #[test]
    fn equal_masses_are_not_equal_doses() {
        for (name, effect_percent, nac_mg, per_mg) in [
            ("Mg(NAC)2", 25.0, 1.872, 13.35),
            ("NAC", 70.0, 2.0, 35.0),
            ("NAC-lysine", 65.0, 1.055, 61.6),
            ("Ca(NAC)2", 75.0, 1.791, 41.9),
        ] {
            let given = from_mg(name, 2.0).acetylcysteine_mg;
            near(given, nac_mg, 1e-3);
            assert!((effect_percent / given - per_mg).abs() <= 0.05, "{name} {}", effect_percent / given);
        }
    }

    #[test]
    fn without_a_common_part_there_is_no_equivalent() {
        for (from, to) in [("NAC", "magnesium"), ("acetaminophen", "Mg(NAC)2"), ("NAC", "diacetylcystine")] {
            let error = equivalent(named(from), 1.0, named(to)).unwrap_err();
            assert!(error.to_string().contains(named(to).id));
        }
        assert_eq!(equivalent(named("Mg"), 3.0, named("magnesium citrate")).unwrap().mmol, 1.0);
        assert_eq!(equivalent(named("Mg(NAC)2"), 1.0, named("Ca(NAC)2")).unwrap().shared, "acetylcysteine");
    }

    proptest! {
        /// There and back is the same amount, and the amount scales.
        #[test]
        fn there_and_back(mmol in 1e-6f64..1e6, k in 0usize..5, times in 0.01f64..100.0) {
            let names = ["NAC", "Mg(NAC)2", "Ca(NAC)2", "NAC-lysine", "Mg(NAC)2"];
            let (a, b) = (named(names[k]), named(names[(k + 1) % 5]));
            let there = equivalent(a, mmol, b).unwrap();
            let back = equivalent(b, there.mmol, a).unwrap();
            prop_assert!((back.mmol / mmol - 1.0).abs() < 1e-14);
            prop_assert!(((1.0 + there.swap_error) * (1.0 + back.swap_error) - 1.0).abs() < 1e-12);
            let scaled = equivalent(a, mmol * times, b).unwrap();
            prop_assert!((scaled.mmol / (there.mmol * times) - 1.0).abs() < 1e-14);
            let kept = content(a, mmol).acetylcysteine_mg / content(b, there.mmol).acetylcysteine_mg;
            prop_assert!((kept - 1.0).abs() < 1e-12);
        }
    }
}
