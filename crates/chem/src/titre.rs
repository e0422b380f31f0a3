//! Titres of the salt: how much titrant a mass takes, and what a volume of titrant found.
//!
//! ```text
//! iodine      2 RSH + I2 -> RSSR + 2 I- + 2 H+                     thiol
//! EDTA        Mg2+ + H2Y2- -> MgY2- + 2 H+                         magnesium, pH 10, eriochrome black T
//! perchloric  RCOO- + HClO4 -> RCOOH + ClO4-, in acetic acid       base
//! ```
//!
//! Standard uncertainties are propagated to first order (JCGM 100:2008, equation 10): relative uncertainties of
//! factors and divisors add in quadrature, inputs taken as independent. Every titration has a weighing of its own.

use crate::{Compound, Element};

/// A value with its standard uncertainty, in the same unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measured {
    /// The value.
    pub value: f64,
    /// Its standard uncertainty.
    pub u: f64,
}

impl Measured {
    /// A value with its standard uncertainty.
    pub fn new(value: f64, u: f64) -> Measured {
        Measured { value, u }
    }

    /// A value without uncertainty.
    pub fn exact(value: f64) -> Measured {
        Measured { value, u: 0.0 }
    }

    fn relative(self) -> f64 {
        if self.value == 0.0 { 0.0 } else { self.u / self.value }
    }

    /// The product.
    pub fn times(self, other: Measured) -> Measured {
        Measured::new(self.value * other.value, (self.u * other.value).hypot(other.u * self.value))
    }

    /// The quotient.
    pub fn per(self, other: Measured) -> Measured {
        let value = self.value / other.value;
        Measured::new(value, (self.u / other.value).hypot(value * other.relative()))
    }

    /// The difference.
    pub fn minus(self, other: Measured) -> Measured {
        Measured::new(self.value - other.value, self.u.hypot(other.u))
    }

    /// The multiple by an exact number.
    pub fn scaled(self, by: f64) -> Measured {
        Measured::new(self.value * by, self.u * by.abs())
    }
}

/// A way to titrate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Thiol with iodine.
    Iodine,
    /// Magnesium with EDTA.
    Edta,
    /// Base with perchloric acid in acetic acid.
    Perchloric,
}

impl Method {
    /// All of them.
    pub const ALL: [Method; 3] = [Method::Iodine, Method::Edta, Method::Perchloric];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Method::Iodine => "iodine",
            Method::Edta => "EDTA",
            Method::Perchloric => "perchloric acid",
        }
    }

    /// What it finds.
    pub fn finds(self) -> &'static str {
        match self {
            Method::Iodine => "thiol",
            Method::Edta => "magnesium",
            Method::Perchloric => "base",
        }
    }

    /// The usual strength of the titrant in mol/L; with these all three take the same volume.
    pub fn usual_molarity(self) -> f64 {
        match self {
            Method::Iodine | Method::Edta => 0.05,
            Method::Perchloric => 0.1,
        }
    }

    /// Moles of what is found per mole of titrant: an iodine takes two thiols.
    pub fn found_per_titrant(self) -> f64 {
        match self {
            Method::Iodine => 2.0,
            Method::Edta | Method::Perchloric => 1.0,
        }
    }

    /// Moles of what is found in one mole of a compound; zero where the method does not apply.
    pub fn in_compound(self, compound: &Compound) -> f64 {
        let thiols = match compound.id {
            "acetylcysteine" | "lysine-acetylcysteinate" => 1.0,
            "magnesium-acetylcysteinate" => 2.0,
            _ => 0.0,
        };
        let is_salt = compound.id == "magnesium-acetylcysteinate";
        match self {
            Method::Iodine => thiols,
            Method::Edta if is_salt => f64::from(compound.formula.count(Element::Mg)),
            Method::Perchloric if is_salt => 2.0,
            Method::Edta | Method::Perchloric => 0.0,
        }
    }

    /// Milligrams of a compound that 1 mL of titrant takes; `None` where the method does not apply.
    pub fn mg_per_ml(self, compound: &Compound, molarity: f64) -> Option<f64> {
        let per_mole = self.in_compound(compound);
        (per_mole > 0.0).then(|| molarity * self.found_per_titrant() / per_mole * compound.molar_mass())
    }

    /// The volume of titrant in mL that a mass in mg of the pure compound takes.
    pub fn expected_ml(self, compound: &Compound, mass_mg: Measured, molarity: Measured) -> Option<Measured> {
        let per_molar = self.mg_per_ml(compound, 1.0)?;
        Some(mass_mg.per(molarity).scaled(1.0 / per_molar))
    }
}

/// One titration.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Titre {
    /// How.
    pub method: Method,
    /// The mass weighed in mg.
    pub mass_mg: Measured,
    /// The volume used in mL, less the blank.
    pub volume_ml: Measured,
    /// The strength of the titrant in mol/L.
    pub molarity: Measured,
}

/// What a titration found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Found {
    /// How.
    pub method: Method,
    /// Thiol, magnesium or base in mmol per gram of sample.
    pub mmol_per_g: Measured,
    /// The mass of the compound, if it alone was found, in mg.
    pub compound_mg: Measured,
    /// That mass over the mass weighed.
    pub share: Measured,
}

impl Titre {
    /// What was found, as the compound; `None` where the method does not apply to it.
    pub fn found(&self, compound: &Compound) -> Option<Found> {
        let per_molar = self.method.mg_per_ml(compound, 1.0)?;
        let titrant_mmol = self.volume_ml.times(self.molarity);
        let compound_mg = titrant_mmol.scaled(per_molar);
        let mmol = titrant_mmol.scaled(self.method.found_per_titrant());
        Some(Found {
            method: self.method,
            mmol_per_g: mmol.per(self.mass_mg).scaled(1e3),
            compound_mg,
            share: compound_mg.per(self.mass_mg),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::find;
    use proptest::prelude::*;

    fn salt() -> &'static Compound {
        find("Mg(NAC)2").unwrap()
    }

    #[track_caller]
    fn near(value: f64, expected: f64, last_digit: f64) {
        assert!((value - expected).abs() <= 0.5000001 * last_digit, "{value} is not {expected}");
    }

    /// Facts B.5 and the computed titre factors.
    #[test]
    fn milligrams_per_millilitre() {
        for method in Method::ALL {
            near(method.mg_per_ml(salt(), method.usual_molarity()).unwrap(), 17.4336, 1e-4);
        }
        near(Method::Iodine.mg_per_ml(find("NAC").unwrap(), 0.05).unwrap(), 16.319, 1e-3);
        near(Method::Edta.mg_per_ml(salt(), 0.1).unwrap(), 34.867, 1e-3);
        assert_eq!(Method::Edta.mg_per_ml(find("NAC").unwrap(), 0.05), None);
        // Magnesium per mL of 0.05 and 0.1 mol/L EDTA, and the share of SH (33.07 g/mol) in the salt.
        near(0.05 * Element::Mg.weight(), 1.21525, 1e-5);
        near(0.1 * Element::Mg.weight(), 2.4305, 1e-4);
        let thiol = Element::S.weight() + Element::H.weight();
        near(100.0 * 2.0 * thiol / salt().molar_mass(), 18.97, 0.01);
    }

    /// Facts B.5: the same volume by all three.
    #[test]
    fn volumes_of_pure_salt() {
        for (mg, ml) in [(200.0, 11.472), (250.0, 14.340), (300.0, 17.208)] {
            for method in Method::ALL {
                let molarity = Measured::exact(method.usual_molarity());
                let volume = method.expected_ml(salt(), Measured::exact(mg), molarity).unwrap();
                near(volume.value, ml, 1e-3);
                let titre = Titre { method, mass_mg: Measured::exact(mg), volume_ml: volume, molarity };
                near(titre.found(salt()).unwrap().share.value, 1.0, 1e-12);
            }
        }
    }

    /// A worked case by hand: 250.0(1) mg, 14.30(2) mL, 0.0500(1) mol/L.
    #[test]
    fn uncertainty_by_hand() {
        let titre = Titre {
            method: Method::Edta,
            mass_mg: Measured::new(250.0, 0.1),
            volume_ml: Measured::new(14.30, 0.02),
            molarity: Measured::new(0.05, 0.0001),
        };
        let found = titre.found(salt()).unwrap();
        let relative =
            ((0.1f64 / 250.0).powi(2) + (0.02f64 / 14.30).powi(2) + (0.0001f64 / 0.05).powi(2)).sqrt();
        near(found.share.u / found.share.value, relative, 1e-12);
        near(found.mmol_per_g.u / found.mmol_per_g.value, relative, 1e-12);
        near(found.mmol_per_g.value, 2.86, 1e-9);
    }

    proptest! {
        /// First order agrees with finite differences of the formula itself.
        #[test]
        fn first_order_is_the_derivative(
            mass in 50.0f64..500.0, volume in 1.0f64..40.0, molarity in 0.01f64..0.2, k in 0usize..3,
        ) {
            let u = [0.1, 0.02, 0.0002];
            let share = |m: f64, v: f64, c: f64| {
                let exact = Measured::exact;
                let titre = Titre { method: Method::ALL[k], mass_mg: exact(m), volume_ml: exact(v), molarity: exact(c) };
                titre.found(salt()).map_or(f64::NAN, |f| f.share.value)
            };
            let h = 1e-6;
            let slopes = [
                (share(mass * (1.0 + h), volume, molarity) - share(mass * (1.0 - h), volume, molarity)) / (2.0 * h * mass),
                (share(mass, volume * (1.0 + h), molarity) - share(mass, volume * (1.0 - h), molarity)) / (2.0 * h * volume),
                (share(mass, volume, molarity * (1.0 + h)) - share(mass, volume, molarity * (1.0 - h))) / (2.0 * h * molarity),
            ];
            let expected = slopes.iter().zip(u).map(|(s, u)| (s * u) * (s * u)).sum::<f64>().sqrt();
            let titre = Titre {
                method: Method::ALL[k],
                mass_mg: Measured::new(mass, u[0]),
                volume_ml: Measured::new(volume, u[1]),
                molarity: Measured::new(molarity, u[2]),
            };
            let found = titre.found(salt()).unwrap().share.u;
            prop_assert!((found / expected - 1.0).abs() < 1e-6, "{} {}", found, expected);
        }

        /// The share does not change when mass and volume grow together.
        #[test]
        fn scale_does_not_matter(mass in 50.0f64..500.0, volume in 1.0f64..40.0, times in 0.1f64..10.0) {
            let share = |times: f64| Titre {
                method: Method::Iodine,
                mass_mg: Measured::exact(mass * times),
                volume_ml: Measured::exact(volume * times),
                molarity: Measured::exact(0.05),
            }.found(salt()).map_or(f64::NAN, |f| f.share.value);
            prop_assert!((share(times) / share(1.0) - 1.0).abs() < 1e-12);
        }
    }
}
