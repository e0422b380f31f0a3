//! A batch -> its stoichiometry, yields and gas.
//!
//! `10 RCOOH + 4 MgCO3.Mg(OH)2.x H2O -> 5 Mg(RCOO)2 + 4 CO2 + (6 + x) H2O`, and likewise for other carbonates: each
//! mole of magnesium takes up two of acetylcysteine.

use crate::acidity::Solution;
use crate::batch::{Batch, MagnesiumSource, Route};
use crate::carbonate::{CARBONATES, Carbonate, mgo_molar_mass};
use crate::{Element, find};

/// The volume in L of a mole of gas at 25 °C and 1 atm (8.314463 J/(mol K) * 298.15 K / 101325 Pa).
const GAS_L_PER_MOL: f64 = 24.465;
/// Moles of carbon dioxide per mole of magnesium where the carbonate is not known: that of `4 MgCO3.Mg(OH)2`.
const USUAL_CO2_PER_MAGNESIUM: f64 = 0.8;
/// Reagents that agree within this share are taken to be 2:1; finer than any balance and assay.
const EXACT: f64 = 1e-9;

/// Which reagent runs out first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limiting {
    /// Acetylcysteine; carbonate is left over.
    Acetylcysteine,
    /// Magnesium; free acid is left over.
    Magnesium,
    /// Neither: 2:1.
    Neither,
}

impl Limiting {
    fn of(acid_mol: f64, magnesium_mol: f64) -> Limiting {
        let needed = 0.5 * acid_mol;
        match magnesium_mol / needed - 1.0 {
            over if over.abs() <= EXACT => Limiting::Neither,
            over if over > 0.0 => Limiting::Acetylcysteine,
            _ => Limiting::Magnesium,
        }
    }

    /// The limiting reagent in words.
    pub fn word(self) -> &'static str {
        match self {
            Limiting::Acetylcysteine => "acetylcysteine",
            Limiting::Magnesium => "magnesium",
            Limiting::Neither => "neither",
        }
    }
}

/// The batch if the carbonate were of one kind.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ByCarbonate {
    /// The kind.
    pub carbonate: &'static Carbonate,
    /// Its magnesium in mol.
    pub magnesium_mol: f64,
    /// Moles of acetylcysteine per mole of magnesium; 2 is the salt.
    pub acid_per_magnesium: f64,
    /// The mass in g that makes it 2:1.
    pub exact_g: f64,
    /// What runs out first.
    pub limiting: Limiting,
    /// The most salt in g that can form.
    pub theoretical_g: f64,
}

/// What a route gave.
#[derive(Clone, Debug, PartialEq)]
pub struct RouteYield {
    /// The route as given.
    pub route: Route,
    /// The most salt in g its aliquot can hold.
    pub theoretical_g: f64,
    /// The share of it found.
    pub share: f64,
    /// The same at both ends of the rounding of the mass.
    pub share_range: (f64, f64),
    /// The share if the product were a mono- and a dihydrate.
    pub as_hydrates: [f64; 2],
    /// Why more may have been found than there can be; absent up to 100 %.
    pub excess: Option<Excess>,
}

/// A yield above 100 %: each figure would explain it alone.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Excess {
    /// The share of the product that would be solvent or water.
    pub residual_share: f64,
    /// The aliquot in mL that would hold as much.
    pub aliquot_ml: f64,
    /// The rounding of the mass reaches down to 100 %.
    pub within_rounding: bool,
}

/// What a batch comes to.
#[derive(Clone, Debug, PartialEq)]
pub struct Synthesis {
    /// Acetylcysteine in mol.
    pub acid_mol: f64,
    /// Magnesium needed for 2:1 in mol.
    pub magnesium_needed_mol: f64,
    /// Magnesium needed in g.
    pub magnesium_needed_g: f64,
    /// Magnesium taken to be there in mol: as given, or, for an unspecified carbonate, as near to 2:1 as its kinds allow.
    pub magnesium_mol: f64,
    /// What runs out first.
    pub limiting: Limiting,
    /// The assay as MgO, 0 to 1, that would make the batch 2:1.
    pub exact_mgo_share: f64,
    /// Each kind of carbonate.
    pub by_carbonate: Vec<ByCarbonate>,
    /// The place in `by_carbonate` of the kind nearest to 2:1.
    pub nearest: usize,
    /// The most salt in g that can form.
    pub theoretical_g: f64,
    /// Carbon dioxide in mol.
    pub co2_mol: f64,
    /// Carbon dioxide in L at 25 °C and 1 atm.
    pub co2_l: f64,
    /// The salt in the solution in mol/L.
    pub salt_molar: f64,
    /// Each route.
    pub routes: Vec<RouteYield>,
    /// All products over all the salt that can form, where the routes use up the whole solution.
    pub overall_share: Option<f64>,
    /// The solution once everything has dissolved, without carbon dioxide.
    pub solution: Solution,
}

/// Works out a batch.
pub fn assess(batch: &Batch) -> Synthesis {
    let acid_mol = batch.acetylcysteine_g * batch.assay / molar_mass("acetylcysteine");
    let needed = 0.5 * acid_mol;
    let by_carbonate: Vec<ByCarbonate> =
        CARBONATES.iter().map(|c| with_carbonate(c, batch.carbonate_g, acid_mol)).collect();
    let magnesium_mol = magnesium(batch, needed, &by_carbonate);
    let dissolved = magnesium_mol.min(needed);
    let theoretical_g = dissolved * salt_molar_mass();
    let volume_l = batch.volume_ml() / 1e3;
    let off = |row: &ByCarbonate| (row.acid_per_magnesium / 2.0).ln().abs();
    let nearest =
        (0..by_carbonate.len()).min_by(|a, b| off(&by_carbonate[*a]).total_cmp(&off(&by_carbonate[*b])));
    let nearest = nearest.unwrap_or(0);
    let co2_per_magnesium = match batch.carbonate {
        MagnesiumSource::Kind(kind) => kind.co2_per_magnesium(),
        MagnesiumSource::Unspecified | MagnesiumSource::AsMgo(_) => USUAL_CO2_PER_MAGNESIUM,
    };
    let salt_per_ml = theoretical_g / batch.volume_ml();
    let routes: Vec<RouteYield> = batch.routes.iter().map(|r| route_yield(r, salt_per_ml)).collect();
    let used: f64 = batch.routes.iter().map(|r| r.aliquot_ml).sum();
    let found: f64 = batch.routes.iter().map(|r| r.mass_g).sum();
    let whole = (used / batch.volume_ml() - 1.0).abs() < 1e-9;
    Synthesis {
        acid_mol,
        magnesium_needed_mol: needed,
        magnesium_needed_g: needed * Element::Mg.weight(),
        magnesium_mol,
        limiting: Limiting::of(acid_mol, magnesium_mol),
        exact_mgo_share: needed * mgo_molar_mass() / batch.carbonate_g,
        by_carbonate,
        nearest,
        theoretical_g,
        co2_mol: dissolved * co2_per_magnesium,
        co2_l: dissolved * co2_per_magnesium * GAS_L_PER_MOL,
        salt_molar: dissolved / volume_l,
        routes,
        overall_share: whole.then_some(found / theoretical_g),
        solution: Solution {
            acetylcysteine: acid_mol / volume_l,
            magnesium: dissolved / volume_l,
            co2_atm: 0.0,
        },
    }
}

/// The magnesium of the batch in mol. An unspecified carbonate has as much as makes it 2:1, within what its kinds hold.
fn magnesium(batch: &Batch, needed: f64, by_carbonate: &[ByCarbonate]) -> f64 {
    match batch.carbonate {
        MagnesiumSource::Kind(kind) => batch.carbonate_g / kind.g_per_mol_magnesium(),
        MagnesiumSource::AsMgo(share) => batch.carbonate_g * share / mgo_molar_mass(),
        MagnesiumSource::Unspecified => {
            let amounts = || by_carbonate.iter().map(|row| row.magnesium_mol);
            needed.min(amounts().fold(0.0, f64::max)).max(amounts().fold(f64::INFINITY, f64::min))
        }
    }
}

fn with_carbonate(carbonate: &'static Carbonate, carbonate_g: f64, acid_mol: f64) -> ByCarbonate {
    let magnesium_mol = carbonate_g / carbonate.g_per_mol_magnesium();
    let needed = 0.5 * acid_mol;
    ByCarbonate {
        carbonate,
        magnesium_mol,
        acid_per_magnesium: acid_mol / magnesium_mol,
        exact_g: needed * carbonate.g_per_mol_magnesium(),
        limiting: Limiting::of(acid_mol, magnesium_mol),
        theoretical_g: needed.min(magnesium_mol) * salt_molar_mass(),
    }
}

fn route_yield(route: &Route, salt_per_ml: f64) -> RouteYield {
    let theoretical_g = salt_per_ml * route.aliquot_ml;
    let share = route.mass_g / theoretical_g;
    let share_range = (
        (route.mass_g - route.rounding_g) / theoretical_g,
        (route.mass_g + route.rounding_g) / theoretical_g,
    );
    let excess = (share > 1.0).then(|| Excess {
        residual_share: 1.0 - 1.0 / share,
        aliquot_ml: route.aliquot_ml * share,
        within_rounding: share_range.0 <= 1.0,
    });
    let water = 2.0 * Element::H.weight() + Element::O.weight();
    let as_hydrates = [1.0, 2.0].map(|n| share * salt_molar_mass() / (salt_molar_mass() + n * water));
    RouteYield { route: route.clone(), theoretical_g, share, share_range, as_hydrates, excess }
}

fn molar_mass(name: &str) -> f64 {
    find(name).map_or(f64::NAN, |c| c.molar_mass())
}

fn salt_molar_mass() -> f64 {
    molar_mass("magnesium-acetylcysteinate")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn route(name: &str, mass_g: f64) -> Route {
        let (name, procedure) = (name.to_string(), String::new());
        Route { name, procedure, aliquot_ml: 200.0, solvents: Vec::new(), mass_g, rounding_g: 0.05 }
    }

    fn source_batch() -> Batch {
        Batch {
            title: String::new(),
            source: String::new(),
            acetylcysteine_g: 19.6,
            assay: 1.0,
            carbonate_g: 5.82,
            carbonate: MagnesiumSource::Unspecified,
            water_ml: 400.0,
            solution_ml: None,
            ph: Some(5.1),
            routes: vec![route("freeze-dried", 9.6), route("precipitated", 10.5)],
        }
    }

    #[track_caller]
    fn near(value: f64, expected: f64, last_digit: f64) {
        assert!((value - expected).abs() <= 0.5000001 * last_digit, "{value} is not {expected}");
    }

    fn pentahydrate() -> Batch {
        let kind = Carbonate::find("4MgCO3.Mg(OH)2.5H2O").unwrap();
        Batch { carbonate: MagnesiumSource::Kind(kind), ..source_batch() }
    }

    /// Facts B.3, the table of carbonates: mol of Mg in 5.82 g, NAC:Mg, the exact mass.
    #[test]
    fn the_source_by_carbonate() {
        let synthesis = assess(&source_batch());
        near(synthesis.acid_mol, 0.120105, 1e-6);
        near(synthesis.magnesium_needed_mol, 0.060052, 1.1e-6);
        near(synthesis.magnesium_needed_g, 1.4596, 1e-4);
        for (row, (mol, ratio, exact)) in synthesis.by_carbonate.iter().zip([
            (0.06223, 1.930, 5.616),
            (0.05992, 2.0044, 5.833),
            (0.06073, 1.978, 5.755),
            (0.06373, 1.885, 5.484),
            (0.05778, 2.079, 6.049),
            (0.06903, 1.740, 5.063),
        ]) {
            near(row.magnesium_mol, mol, 1e-5);
            near(row.acid_per_magnesium, ratio, 1e-3);
            near(row.exact_g, exact, 1.1e-3);
        }
        assert_eq!(synthesis.by_carbonate[synthesis.nearest].carbonate.text, "4MgCO3.Mg(OH)2.5H2O");
        near(100.0 * synthesis.exact_mgo_share, 41.59, 0.01);
    }

    /// Facts B.3, yields, gas and concentrations.
    #[test]
    fn the_source_in_figures() {
        let synthesis = assess(&source_batch());
        assert_eq!(synthesis.limiting, Limiting::Neither);
        near(synthesis.theoretical_g, 20.939, 1.1e-3);
        let [dry, wet] = &synthesis.routes[..] else { panic!() };
        near(dry.theoretical_g, 10.469, 1.1e-3);
        near(100.0 * dry.share, 91.7, 0.1);
        assert!(dry.excess.is_none());
        near(100.0 * wet.share, 100.3, 0.1);
        near(100.0 * wet.share_range.0, 99.8, 0.1);
        near(100.0 * wet.share_range.1, 100.8, 0.1);
        let excess = wet.excess.unwrap();
        near(100.0 * excess.residual_share, 0.29, 0.01);
        assert!(excess.within_rounding);
        near(100.0 * wet.as_hydrates[0], 95.4, 0.1);
        near(100.0 * wet.as_hydrates[1], 90.9, 0.1);
        near(100.0 * synthesis.overall_share.unwrap(), 96.0, 0.1);
        near(synthesis.co2_mol, 0.0480, 1e-4);
        near(synthesis.co2_l, 1.18, 0.01);
        near(synthesis.salt_molar, 0.1501, 1e-4);
        near(synthesis.salt_molar * salt_molar_mass(), 52.3, 0.1);
        near(synthesis.solution.acetylcysteine, 0.300, 1e-3);
    }

    #[test]
    fn with_the_pentahydrate_magnesium_runs_out() {
        let synthesis = assess(&pentahydrate());
        assert_eq!(synthesis.limiting, Limiting::Magnesium);
        near(synthesis.theoretical_g, 20.892, 1.1e-3);
        near(synthesis.routes[0].theoretical_g, 10.446, 1.1e-3);
        near(100.0 * synthesis.routes[0].share, 91.9, 0.1);
        near(100.0 * synthesis.routes[1].share, 100.5, 0.1);
        assert!(
            synthesis.routes[1].excess.unwrap().within_rounding
                == (10.45 <= synthesis.routes[1].theoretical_g)
        );
        // The same by assay instead of by kind.
        let share = Carbonate::find("pentahydrate").unwrap().mgo_fraction();
        let by_assay = assess(&Batch { carbonate: MagnesiumSource::AsMgo(share), ..source_batch() });
        near(by_assay.theoretical_g, synthesis.theoretical_g, 1e-9);
    }

    /// Facts B.3: a solution of 413 mL instead of 400.
    #[test]
    fn the_volume_of_the_solution_matters() {
        let synthesis = assess(&Batch { solution_ml: Some(413.0), ..source_batch() });
        near(synthesis.routes[0].theoretical_g, 10.14, 0.01);
        near(100.0 * synthesis.routes[0].share, 94.7, 0.1);
        // 103.55 stands on the edge of its rounding.
        near(100.0 * synthesis.routes[1].share, 103.6, 0.11);
        assert!(!synthesis.routes[1].excess.unwrap().within_rounding);
        assert_eq!(synthesis.overall_share, None);
    }

    #[test]
    fn too_little_and_too_much_carbonate() {
        let little = assess(&Batch { carbonate_g: 3.0, ..source_batch() });
        assert_eq!(little.limiting, Limiting::Magnesium);
        assert_eq!(little.by_carbonate[little.nearest].carbonate.text, "MgCO3");
        near(little.magnesium_mol, 3.0 / 84.313, 1e-6);
        let much = assess(&Batch { carbonate_g: 9.0, ..source_batch() });
        assert_eq!(much.limiting, Limiting::Acetylcysteine);
        near(much.theoretical_g, 20.939, 1.1e-3);
        near(2.0 * much.solution.magnesium / much.solution.acetylcysteine, 1.0, 1e-9);
    }

    proptest! {
        /// Nothing that is a ratio depends on the scale; everything else is proportional to it.
        #[test]
        fn scale_does_not_matter(times in 0.01f64..1000.0, acid in 1.0f64..50.0, carbonate in 1.0f64..20.0) {
            for mut batch in [source_batch(), pentahydrate()] {
                (batch.acetylcysteine_g, batch.carbonate_g) = (acid, carbonate);
                let (one, many) = (assess(&batch), assess(&batch.scaled(times)));
                let same = |a: f64, b: f64| (a / b - 1.0).abs() < 1e-12;
                prop_assert!(same(many.theoretical_g, one.theoretical_g * times));
                prop_assert!(same(many.co2_l, one.co2_l * times));
                prop_assert!(same(many.solution.acetylcysteine, one.solution.acetylcysteine));
                prop_assert!(same(many.solution.magnesium, one.solution.magnesium));
                for (a, b) in many.routes.iter().zip(&one.routes) {
                    prop_assert!(same(a.share, b.share) && a.excess.is_some() == b.excess.is_some());
                }
                prop_assert_eq!(many.limiting, one.limiting);
            }
        }

        /// Atoms are kept: the salt holds no more magnesium or acid than was weighed.
        #[test]
        fn the_salt_holds_no_more_than_was_weighed(acid in 0.1f64..50.0, carbonate in 0.1f64..20.0) {
            let batch = Batch { acetylcysteine_g: acid, carbonate_g: carbonate, ..pentahydrate() };
            let synthesis = assess(&batch);
            let salt_mol = synthesis.theoretical_g / salt_molar_mass();
            prop_assert!(2.0 * salt_mol <= synthesis.acid_mol * (1.0 + 1e-12));
            prop_assert!(salt_mol <= synthesis.magnesium_mol * (1.0 + 1e-12));
        }
    }
}
