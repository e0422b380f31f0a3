//! Doses between species by body surface.
//!
//! Source: US FDA, Guidance for Industry: Estimating the Maximum Safe Starting Dose in Initial Clinical Trials for
//! Therapeutics in Adult Healthy Volunteers, July 2005, table 1. The factor is body weight over body surface; it
//! scales a toxicologist's starting dose and says nothing about effect.

/// A species with its factor.
#[derive(Debug, PartialEq)]
pub struct Species {
    /// Its name.
    pub name: &'static str,
    /// Other names people write.
    names: &'static [&'static str],
    /// Body weight over body surface in kg/m2, as the guidance rounds it.
    pub km: f64,
}

const fn species(name: &'static str, names: &'static [&'static str], km: f64) -> Species {
    Species { name, names, km }
}

/// All species of the guidance.
pub static SPECIES: &[Species] = &[
    species("human", &["man", "adult"], 37.0),
    species("child", &["human child", "child of 20 kg"], 25.0),
    species("mouse", &["mice"], 3.0),
    species("hamster", &[], 5.0),
    species("rat", &["rats"], 6.0),
    species("ferret", &[], 7.0),
    species("guinea pig", &["guinea-pig", "guinea pigs"], 8.0),
    species("rabbit", &["rabbits"], 12.0),
    species("dog", &["dogs"], 20.0),
    species("monkey", &["cynomolgus", "rhesus", "stumptail"], 12.0),
    species("marmoset", &[], 6.0),
    species("squirrel monkey", &[], 7.0),
    species("baboon", &[], 20.0),
    species("micro-pig", &["micropig"], 27.0),
    species("mini-pig", &["minipig"], 35.0),
];

impl Species {
    /// The species with this name; case, spaces and hyphens do not matter.
    pub fn find(name: &str) -> Option<&'static Species> {
        let folded = |text: &str| -> String {
            text.chars().filter(|c| !matches!(c, ' ' | '-' | '_')).flat_map(char::to_lowercase).collect()
        };
        let wanted = folded(name);
        SPECIES.iter().find(|s| std::iter::once(&s.name).chain(s.names).any(|n| folded(n) == wanted))
    }
}

/// The dose per kilogram of `to` that is, by body surface, as large as `per_kg` in `from`.
pub fn equivalent_dose(per_kg: f64, from: &Species, to: &Species) -> f64 {
    per_kg * (from.km / to.km)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn factors_divide_as_the_guidance_prints_them() {
        // Table 1 also prints the animal dose divided by these, rounded to one decimal.
        for (name, divisor) in [
            ("mouse", 12.3),
            ("hamster", 7.4),
            ("rat", 6.2),
            ("ferret", 5.3),
            ("guinea pig", 4.6),
            ("rabbit", 3.1),
            ("dog", 1.8),
            ("Mini-Pig", 1.1),
        ] {
            let human = equivalent_dose(1.0, Species::find(name).unwrap(), Species::find("human").unwrap());
            assert!((1.0 / human - divisor).abs() < 0.051, "{name} {}", 1.0 / human);
        }
        assert_eq!(Species::find("elephant"), None);
    }

    #[test]
    fn there_and_back_is_the_same_dose() {
        for a in SPECIES {
            for b in SPECIES {
                assert!((equivalent_dose(equivalent_dose(25.0, a, b), b, a) / 25.0 - 1.0).abs() < 1e-15);
            }
        }
    }
}
