//! Titres of one lot of Mg(NAC)2 -> what disagrees and what may be behind it.
//!
//! Thiol, magnesium and base are counted separately, so that their ratios tell impurities apart: SH/Mg is 2 and
//! base/Mg is 2 in the pure salt, whatever inert matter it is mixed with. A difference counts when it is larger than
//! twice its standard uncertainty (about 95 % coverage).

use crate::carbonate::Carbonate;
use crate::titre::{Found, Measured, Method};
use crate::{Compound, find};

/// How many standard uncertainties a difference must exceed to count.
pub const COVERAGE: f64 = 2.0;

/// What titres suggest.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Finding {
    /// All titres agree with each other and with the pure anhydrous salt.
    Consistent,
    /// A single titre says nothing about consistency.
    OneTitre,
    /// Thiol is short of magnesium: some of it is oxidised to the disulfide. The share oxidised.
    Disulfide(Measured),
    /// Thiol exceeds twice the magnesium: free acetylcysteine. Its share of the mass.
    FreeAcid(Measured),
    /// Magnesium exceeds that of the pure salt and half the thiol: magnesium beside the salt. In mmol per g.
    ExtraMagnesium(Measured),
    /// Base exceeds twice the magnesium found: carbonate that EDTA did not reach, or base without magnesium. The share
    /// of the mass, as basic magnesium carbonate.
    ResidualCarbonate(Measured),
    /// Base is short of twice the magnesium: magnesium of a strong acid, such as sulfate or chloride. In mmol per g.
    NeutralMagnesium(Measured),
    /// All agree below the pure salt: water, solvent or other inert matter. Its share of the mass.
    Inert(Measured),
    /// All agree above the pure salt, which cannot be: a weighing or a titrant is wrong. The share found.
    AboveWhole(Measured),
}

/// The ratios of what was found; each is 2 in the pure salt.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Ratios {
    /// Thiol over magnesium.
    pub thiol_per_magnesium: Option<Measured>,
    /// Base over magnesium.
    pub base_per_magnesium: Option<Measured>,
}

/// The ratios of the titres given.
pub fn ratios(found: &[Found]) -> Ratios {
    let of = |method| found.iter().find(|f| f.method == method).map(|f| f.mmol_per_g);
    // A sample without magnesium has no such ratio.
    let magnesium = of(Method::Edta).filter(|m| m.value > 0.0);
    let over = |top: Option<Measured>| top.zip(magnesium).map(|(top, bottom)| top.per(bottom));
    Ratios { thiol_per_magnesium: over(of(Method::Iodine)), base_per_magnesium: over(of(Method::Perchloric)) }
}

/// What the titres of a sample of Mg(NAC)2 suggest, most telling first.
pub fn diagnose(found: &[Found]) -> Vec<Finding> {
    if found.len() < 2 {
        let alone = found.iter().map(|f| f.share).flat_map(whole);
        return std::iter::once(Finding::OneTitre).chain(alone).collect();
    }
    let share = |method| found.iter().find(|f| f.method == method);
    let (iodine, edta, base) = (share(Method::Iodine), share(Method::Edta), share(Method::Perchloric));
    let mut findings = Vec::new();
    if let (Some(iodine), Some(edta)) = (iodine, edta) {
        findings.extend(thiol_and_magnesium(iodine, edta));
    }
    if let (Some(base), Some(edta)) = (base, edta) {
        findings.extend(base_and_magnesium(base, edta));
    }
    if let (Some(iodine), Some(base), None) = (iodine, base, edta) {
        findings.extend(thiol_and_magnesium(iodine, base));
    }
    match findings.first() {
        None => findings.extend(whole(mean(found))),
        // Oxidation takes no magnesium away; what magnesium is short of is something else again.
        Some(Finding::Disulfide(_)) => findings.extend(edta.or(base).and_then(|f| whole(f.share))),
        Some(_) => {}
    }
    if findings.is_empty() {
        findings.push(Finding::Consistent);
    }
    findings
}

/// Thiol against what counts the anions' partner: magnesium, or the base where EDTA was not used.
fn thiol_and_magnesium(iodine: &Found, partner: &Found) -> Option<Finding> {
    let difference = partner.share.minus(iodine.share);
    if !counts(difference) {
        return None;
    }
    let partner_mmol = partner.mmol_per_g.scaled(1.0 / Method::in_compound(partner.method, salt()?));
    if difference.value < 0.0 {
        // Every mole of free acid adds a thiol and nothing else.
        let free = iodine.mmol_per_g.minus(partner_mmol.scaled(2.0));
        return Some(Finding::FreeAcid(free.scaled(find("acetylcysteine").ok()?.molar_mass() / 1e3)));
    }
    if counts(partner.share.minus(Measured::exact(1.0))) && partner.share.value > 1.0 {
        let extra = partner_mmol.minus(iodine.mmol_per_g.scaled(0.5));
        return Some(Finding::ExtraMagnesium(extra));
    }
    let kept = iodine.share.per(partner.share);
    Some(Finding::Disulfide(Measured::exact(1.0).minus(kept)))
}

fn base_and_magnesium(base: &Found, edta: &Found) -> Option<Finding> {
    let difference = base.share.minus(edta.share);
    if !counts(difference) {
        return None;
    }
    // Half a mmol of magnesium or less per mmol of base that has no partner.
    let unmatched = base.mmol_per_g.scaled(0.5).minus(edta.mmol_per_g);
    if difference.value < 0.0 {
        return Some(Finding::NeutralMagnesium(unmatched.scaled(-1.0)));
    }
    let carbonate = Carbonate::find("4MgCO3.Mg(OH)2.5H2O")?;
    Some(Finding::ResidualCarbonate(unmatched.scaled(carbonate.g_per_mol_magnesium() / 1e3)))
}

/// Whether a share differs from that of the pure salt.
fn whole(share: Measured) -> Option<Finding> {
    let missing = Measured::exact(1.0).minus(share);
    match counts(missing) {
        false => None,
        true if missing.value > 0.0 => Some(Finding::Inert(missing)),
        true => Some(Finding::AboveWhole(share)),
    }
}

fn counts(difference: Measured) -> bool {
    difference.value.abs() > COVERAGE * difference.u
}

/// The mean of the shares, each weighted alike.
fn mean(found: &[Found]) -> Measured {
    let n = found.len() as f64;
    let value = found.iter().map(|f| f.share.value).sum::<f64>() / n;
    let variance = found.iter().map(|f| f.share.u * f.share.u).sum::<f64>();
    Measured::new(value, variance.sqrt() / n)
}

fn salt() -> Option<&'static Compound> {
    find("magnesium-acetylcysteinate").ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::titre::Titre;
    use crate::{Formula, find};
    use proptest::prelude::*;

    /// What a sample of known make would give: mmol of thiol, magnesium and base reached by EDTA or not, per g.
    #[derive(Clone, Copy, Default)]
    struct Make {
        thiol: f64,
        magnesium: f64,
        base: f64,
    }

    fn salt_mmol(share: f64) -> f64 {
        1e3 * share / salt().unwrap().molar_mass()
    }

    fn pure(share: f64) -> Make {
        let mmol = salt_mmol(share);
        Make { thiol: 2.0 * mmol, magnesium: mmol, base: 2.0 * mmol }
    }

    fn found(make: Make) -> Vec<Found> {
        let mass_g = 0.25;
        let titre = |method: Method, mmol_per_g: f64| {
            let molarity = method.usual_molarity();
            let volume = mmol_per_g * mass_g / method.found_per_titrant() / molarity;
            let titre = Titre {
                method,
                mass_mg: Measured::new(1e3 * mass_g, 0.1),
                volume_ml: Measured::new(volume, 0.02),
                molarity: Measured::new(molarity, 0.001 * molarity),
            };
            titre.found(salt().unwrap()).unwrap()
        };
        vec![
            titre(Method::Iodine, make.thiol),
            titre(Method::Edta, make.magnesium),
            titre(Method::Perchloric, make.base),
        ]
    }

    #[track_caller]
    fn near(found: Measured, expected: f64) {
        assert!((found.value - expected).abs() < 1e-9 && found.u > 0.0, "{found:?} {expected}");
    }

    #[test]
    fn pure_salt_is_consistent() {
        let found = found(pure(1.0));
        assert_eq!(diagnose(&found), [Finding::Consistent]);
        near(ratios(&found).thiol_per_magnesium.unwrap(), 2.0);
        near(ratios(&found).base_per_magnesium.unwrap(), 2.0);
    }

    #[test]
    fn all_low_alike_is_water() {
        let found = found(pure(0.95));
        let [Finding::Inert(share)] = diagnose(&found)[..] else { panic!("{:?}", diagnose(&found)) };
        near(share, 0.05);
        near(ratios(&found).thiol_per_magnesium.unwrap(), 2.0);
        assert!(matches!(diagnose(&super::tests::found(pure(1.05)))[..], [Finding::AboveWhole(_)]));
    }

    #[test]
    fn iodine_low_is_disulfide() {
        let make = Make { thiol: 0.9 * pure(1.0).thiol, ..pure(1.0) };
        let [Finding::Disulfide(share)] = diagnose(&found(make))[..] else { panic!() };
        near(share, 0.1);
        let wet = Make { thiol: 0.9 * pure(0.95).thiol, ..pure(0.95) };
        let [Finding::Disulfide(share), Finding::Inert(inert)] = diagnose(&found(wet))[..] else { panic!() };
        near(share, 0.1);
        near(inert, 0.05);
    }

    /// 5 % free acid by mass: iodine high, EDTA low.
    #[test]
    fn iodine_above_edta_is_free_acid() {
        let acid = 1e3 * 0.05 / find("NAC").unwrap().molar_mass();
        let make = Make { thiol: pure(0.95).thiol + acid, ..pure(0.95) };
        let found = found(make);
        assert!(found[0].share.value > 1.0 && found[1].share.value < 1.0);
        let [Finding::FreeAcid(share)] = diagnose(&found)[..] else { panic!() };
        near(share, 0.05);
    }

    /// 3 % of carbonate that dissolves in acetic acid only.
    #[test]
    fn base_above_edta_is_residual_carbonate() {
        let carbonate = Carbonate::find("4MgCO3.Mg(OH)2.5H2O").unwrap();
        let base = 2.0 * 1e3 * 0.03 / carbonate.g_per_mol_magnesium();
        let make = Make { base: pure(0.97).base + base, ..pure(0.97) };
        let [Finding::ResidualCarbonate(share)] = diagnose(&found(make))[..] else { panic!() };
        near(share, 0.03);
    }

    /// The same carbonate where EDTA reaches it looks like magnesium beside the salt, not like disulfide.
    #[test]
    fn dissolved_carbonate_is_extra_magnesium() {
        let carbonate = Carbonate::find("4MgCO3.Mg(OH)2.5H2O").unwrap();
        let magnesium = 1e3 * 0.05 / carbonate.g_per_mol_magnesium();
        let make = pure(0.95);
        let make = Make { magnesium: make.magnesium + magnesium, base: make.base + 2.0 * magnesium, ..make };
        let [Finding::ExtraMagnesium(mmol)] = diagnose(&found(make))[..] else { panic!() };
        near(mmol, magnesium);
    }

    #[test]
    fn magnesium_without_base_is_neutral() {
        let sulfate = 1e3 * 0.05 / Formula::parse("MgSO4").unwrap().molar_mass();
        let make = Make { magnesium: pure(0.95).magnesium + sulfate, ..pure(0.95) };
        let findings = diagnose(&found(make));
        let Some(Finding::NeutralMagnesium(mmol)) =
            findings.iter().find(|f| matches!(f, Finding::NeutralMagnesium(_)))
        else {
            panic!("{findings:?}")
        };
        near(*mmol, sulfate);
    }

    #[test]
    fn without_edta_and_alone() {
        let make = Make { thiol: 0.9 * pure(1.0).thiol, ..pure(1.0) };
        let found = found(make);
        assert!(matches!(diagnose(&[found[0], found[2]])[..], [Finding::Disulfide(_)]));
        assert!(matches!(diagnose(&found[..1])[..], [Finding::OneTitre, Finding::Inert(_)]));
        assert_eq!(diagnose(&found[1..2]), [Finding::OneTitre]);
        assert_eq!(ratios(&found[..1]), Ratios::default());
        // No magnesium at all gives no ratio, and no figure that is not finite.
        let bare = super::tests::found(Make { magnesium: 0.0, ..pure(1.0) });
        assert_eq!(ratios(&bare), Ratios::default());
        assert!(!diagnose(&bare).is_empty());
    }

    proptest! {
        /// Inert matter never changes the ratios, and its share is found.
        #[test]
        fn inert_matter_leaves_ratios(share in 0.5f64..0.98) {
            let found = found(pure(share));
            prop_assert!((ratios(&found).thiol_per_magnesium.unwrap().value - 2.0).abs() < 1e-12);
            let [Finding::Inert(inert)] = diagnose(&found)[..] else { panic!() };
            prop_assert!((inert.value - (1.0 - share)).abs() < 1e-12);
        }
    }
}
