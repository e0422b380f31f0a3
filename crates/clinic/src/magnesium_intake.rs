//! Intake of magnesium: what is recommended, what is too much, what the salts hold, and advice to distrust.

use hepatica_chem::{UnknownCompound, find};

use crate::magnesium_limits::{EGFR_LIMIT, UL_EFSA_MG, UL_IOM_MG};
use crate::regimen_rules::Notice;

/// Sex, for recommendations that differ by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sex {
    /// Female.
    Female,
    /// Male.
    Male,
}

/// A state of life in which recommendations for women differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Neither of the others.
    Usual,
    /// Pregnant.
    Pregnancy,
    /// Breastfeeding.
    Lactation,
}

/// A person.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Person {
    /// Age in years.
    pub age_y: f64,
    /// Sex.
    pub sex: Sex,
    /// State of life.
    pub stage: Stage,
    /// Estimated filtration in mL/min/1.73 m2, if known.
    pub egfr: Option<f64>,
}

/// Dietary reference values in mg/day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reference {
    /// Recommended allowance, or adequate intake below 1 year (Institute of Medicine 1997).
    pub iom_mg: f64,
    /// Adequate intake of adults (EFSA 2015); not given here below 18 years.
    pub efsa_mg: Option<f64>,
    /// Upper level from supplements (Institute of Medicine 1997); none is set below 1 year.
    pub ul_iom_mg: Option<f64>,
    /// Upper level from supplements in Europe (Scientific Committee on Food 2001); none is set below 4 years.
    pub ul_efsa_mg: Option<f64>,
}

/// First year of an age group, and its allowance in mg/day for females and males (Institute of Medicine 1997).
const ALLOWANCE: [(f64, f64, f64); 8] = [
    (0.0, 30.0, 30.0),
    (0.5, 75.0, 75.0),
    (1.0, 80.0, 80.0),
    (4.0, 130.0, 130.0),
    (9.0, 240.0, 240.0),
    (14.0, 360.0, 410.0),
    (19.0, 310.0, 400.0),
    (31.0, 320.0, 420.0),
];

/// First year of an age group, and its allowance in pregnancy and lactation (Institute of Medicine 1997).
const MOTHERS: [(f64, f64, f64); 3] = [(0.0, 400.0, 360.0), (19.0, 350.0, 310.0), (31.0, 360.0, 320.0)];

/// The reference values of a person.
pub fn reference(person: &Person) -> Reference {
    let age = person.age_y;
    let row = |rows: &[(f64, f64, f64)]| {
        rows.iter().rev().find(|(from, ..)| age >= *from).map_or((f64::NAN, f64::NAN), |(_, a, b)| (*a, *b))
    };
    let iom_mg = match (person.stage, person.sex) {
        (Stage::Pregnancy, _) => row(&MOTHERS).0,
        (Stage::Lactation, _) => row(&MOTHERS).1,
        (Stage::Usual, Sex::Female) => row(&ALLOWANCE).0,
        (Stage::Usual, Sex::Male) => row(&ALLOWANCE).1,
    };
    let efsa = match person.sex {
        Sex::Female => 300.0,
        Sex::Male => 350.0,
    };
    let ul_iom_mg = match age {
        age if age >= 9.0 => Some(UL_IOM_MG),
        age if age >= 4.0 => Some(110.0),
        age if age >= 1.0 => Some(65.0),
        _ => None,
    };
    Reference {
        iom_mg,
        efsa_mg: (age >= 18.0).then_some(efsa),
        ul_iom_mg,
        ul_efsa_mg: (age >= 4.0).then_some(UL_EFSA_MG),
    }
}

/// A form in which magnesium is taken.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Form {
    /// What people call it.
    pub name: &'static str,
    /// The compound whose share of magnesium is counted.
    pub compound: &'static str,
    /// What is known of its absorption.
    pub absorption: &'static str,
}

/// Forms with a known composition. Products may hold other hydrates; what counts is the elemental amount on
/// their label.
pub const FORMS: [Form; 7] = [
    Form { name: "oxide", compound: "magnesium-oxide", absorption: "about 4 % (Firoz and Graber 2001)" },
    Form { name: "citrate", compound: "magnesium-citrate", absorption: "more than oxide (Walker 2003)" },
    Form {
        name: "chloride",
        compound: "magnesium-chloride-hexahydrate",
        absorption: "more than oxide, like lactate and aspartate (Firoz and Graber 2001)",
    },
    Form {
        name: "lactate",
        compound: "magnesium-lactate",
        absorption: "more than oxide, like chloride and aspartate (Firoz and Graber 2001)",
    },
    Form {
        name: "aspartate",
        compound: "magnesium-aspartate",
        absorption: "more than oxide, like chloride and lactate (Firoz and Graber 2001)",
    },
    Form {
        name: "sulfate",
        compound: "magnesium-sulfate-heptahydrate",
        absorption: "poor by mouth, a laxative; baths and creams have no adequate human evidence",
    },
    Form {
        name: "acetylcysteinate",
        compound: "magnesium-acetylcysteinate",
        absorption: "not studied in people",
    },
];

/// The form of this name.
pub fn form(name: &str) -> Option<&'static Form> {
    FORMS.iter().find(|f| f.name == name)
}

impl Form {
    /// The share of elemental magnesium by mass.
    ///
    /// # Errors
    /// A compound that the table of compounds lacks.
    pub fn magnesium_fraction(&self) -> Result<f64, UnknownCompound> {
        let compound = find(self.compound)?;
        let magnesium = find("magnesium")?.molar_mass();
        let parts = compound.parts();
        let count = parts.iter().find(|(id, _)| *id == "magnesium").map_or(0, |(_, count)| *count);
        Ok(f64::from(count) * magnesium / compound.molar_mass())
    }
}

/// What is thought of an amount of magnesium a day.
#[derive(Clone, Debug, PartialEq)]
pub struct Advice {
    /// Elemental magnesium in mg/day.
    pub magnesium_mg: f64,
    /// The reference values.
    pub reference: Reference,
    /// Whether the amount is blocked.
    pub blocked: bool,
    /// Reasons and remarks.
    pub notices: Vec<Notice>,
}

/// Assesses magnesium from supplements, in mg of the element a day.
pub fn assess(magnesium_mg: f64, person: &Person) -> Advice {
    let reference = reference(person);
    let mut blocking = Vec::new();
    let mut notices = Vec::new();
    if let Some(egfr) = person.egfr.filter(|e| *e < EGFR_LIMIT) {
        let text =
            format!("An eGFR of {egfr} mL/min/1.73 m2 is below {EGFR_LIMIT}: magnesium gathers in the body.");
        blocking.push(
            Notice::new("magnesium/renal", text).by("KDIGO stage 4; magnesium sulfate injection, US label"),
        );
    }
    match reference.ul_iom_mg {
        None => blocking.push(
            Notice::new("magnesium/infant", "No upper level is set below 1 year: food and formula only.")
                .by("Institute of Medicine 1997"),
        ),
        Some(ul) if magnesium_mg > ul => {
            let text = format!(
                "{magnesium_mg:.0} mg a day is {:.2} times the upper level of {ul} mg.",
                magnesium_mg / ul
            );
            blocking.push(Notice::new("magnesium/upper-level", text).by("Institute of Medicine 1997"));
        }
        Some(_) => {}
    }
    if let Some(ul) = reference.ul_efsa_mg.filter(|ul| magnesium_mg > *ul) {
        let text = format!("{magnesium_mg:.0} mg a day is above the European upper level of {ul} mg.");
        notices.push(Notice::new("magnesium/efsa", text).by("Scientific Committee on Food 2001, EFSA"));
    }
    if person.egfr.is_none() {
        let text =
            "With impaired kidneys any supplement needs a doctor; the renal function is not given (--egfr).";
        notices.push(Notice::new("magnesium/renal-unknown", text));
    }
    let text =
        "The upper levels are for supplements and medicines, on top of food; the allowances include food.";
    notices.push(Notice::new("magnesium/from-food", text).by("Institute of Medicine 1997"));
    let blocked = !blocking.is_empty();
    blocking.extend(notices);
    Advice { magnesium_mg, reference, blocked, notices: blocking }
}

/// What a level of serum magnesium in mmol/L says.
pub fn serum(mmol_per_l: f64) -> Notice {
    let (code, text) = match mmol_per_l {
        x if x < 0.70 => ("magnesium/low", "below the reference interval of 0.70 to 1.00 mmol/L: deficiency"),
        x if x < 0.85 => (
            "magnesium/low-normal",
            "inside the reference interval, but below 0.85 mmol/L deficiency is possible (Costello 2016)",
        ),
        x if x <= 1.00 => ("magnesium/normal", "inside the reference interval of 0.70 to 1.00 mmol/L"),
        x if x <= 1.05 => ("magnesium/high-normal", "above the reference interval, not above 1.05 mmol/L"),
        _ => ("magnesium/high", "hypermagnesaemia, above 1.05 mmol/L: no magnesium"),
    };
    Notice::new(code, format!("{mmol_per_l:.3} mmol/L of magnesium in serum is {text}."))
        .by("NHS laboratories; MSD Manual; less than 1 % of the magnesium of the body is in the serum")
}

/// Advice found in popular articles that must not be followed, and why.
pub fn flagged_advice() -> Vec<Notice> {
    let multiples = [1_000.0, 2_000.0].map(|mg: f64| mg / UL_IOM_MG);
    let rows = [
        (
            "magnesium/advice-grams",
            format!(
                "\"1 to 2 g of magnesium a day\" is {:.1} to {:.1} times the upper level of {UL_IOM_MG} mg ({:.0} to {:.0} times the European one). Blocked.",
                multiples[0],
                multiples[1],
                1_000.0 / UL_EFSA_MG,
                2_000.0 / UL_EFSA_MG
            ),
        ),
        (
            "magnesium/advice-600-900",
            "\"600 to 900 mg a day\" has no support and is above both upper levels. Blocked.".to_string(),
        ),
        (
            "magnesium/advice-titration",
            "Raising the dose until stools are loose is unsafe with impaired kidneys, and loose stools are the effect the upper level is meant to prevent.".to_string(),
        ),
        (
            "magnesium/advice-skin",
            "Baths, creams and \"the most efficient form\" (threonate): no adequate human evidence.".to_string(),
        ),
        (
            "magnesium/advice-liver",
            "\"Every 100 mg lowers liver mortality by 49 %\" is one observational study with a borderline result and an erratum (Wu 2017); it must not be carried beyond the intakes observed.".to_string(),
        ),
    ];
    rows.into_iter().map(|(code, text)| Notice::new(code, text)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(age_y: f64, sex: Sex, stage: Stage) -> Person {
        Person { age_y, sex, stage, egfr: Some(90.0) }
    }

    #[test]
    fn allowances_by_age_and_sex() {
        for (age, female, male) in [
            (0.4, 30.0, 30.0),
            (0.5, 75.0, 75.0),
            (1.0, 80.0, 80.0),
            (3.9, 80.0, 80.0),
            (4.0, 130.0, 130.0),
            (9.0, 240.0, 240.0),
            (14.0, 360.0, 410.0),
            (19.0, 310.0, 400.0),
            (30.9, 310.0, 400.0),
            (31.0, 320.0, 420.0),
            (80.0, 320.0, 420.0),
        ] {
            assert_eq!(reference(&person(age, Sex::Female, Stage::Usual)).iom_mg, female, "{age}");
            assert_eq!(reference(&person(age, Sex::Male, Stage::Usual)).iom_mg, male, "{age}");
        }
        for (age, pregnancy, lactation) in [(17.0, 400.0, 360.0), (25.0, 350.0, 310.0), (35.0, 360.0, 320.0)]
        {
            assert_eq!(reference(&person(age, Sex::Female, Stage::Pregnancy)).iom_mg, pregnancy);
            assert_eq!(reference(&person(age, Sex::Female, Stage::Lactation)).iom_mg, lactation);
        }
    }

    #[test]
    fn upper_levels_by_age() {
        for (age, iom, efsa) in [
            (0.9, None, None),
            (1.0, Some(65.0), None),
            (3.9, Some(65.0), None),
            (4.0, Some(110.0), Some(250.0)),
            (9.0, Some(350.0), Some(250.0)),
            (40.0, Some(350.0), Some(250.0)),
        ] {
            let found = reference(&person(age, Sex::Male, Stage::Usual));
            assert_eq!((found.ul_iom_mg, found.ul_efsa_mg), (iom, efsa), "{age}");
        }
    }

    #[test]
    fn amounts_above_the_upper_level_are_blocked() {
        let adult = person(40.0, Sex::Male, Stage::Usual);
        for (mg, blocked) in [(250.0, false), (350.0, false), (350.1, true), (600.0, true), (1000.0, true)] {
            assert_eq!(assess(mg, &adult).blocked, blocked, "{mg}");
        }
        assert!(assess(100.0, &Person { egfr: Some(29.0), ..adult }).blocked);
        assert!(assess(100.0, &person(2.0, Sex::Female, Stage::Usual)).blocked);
        assert!(assess(10.0, &person(0.5, Sex::Female, Stage::Usual)).blocked);
        // The advice of 1 to 2 g a day is 2.9 to 5.7 times the upper level.
        let text = &flagged_advice()[0].text;
        assert!(text.contains("2.9 to 5.7") && text.contains("4 to 8"), "{text}");
    }

    /// Shares of magnesium in percent, from published molar masses.
    #[test]
    fn forms_hold_magnesium() {
        for (name, percent) in [
            ("oxide", 60.30),
            ("citrate", 16.16),
            ("chloride", 11.96),
            ("lactate", 12.01),
            ("aspartate", 8.42),
            ("sulfate", 9.86),
            ("acetylcysteinate", 6.971),
        ] {
            let found = form(name).unwrap().magnesium_fraction().unwrap() * 100.0;
            assert!((found - percent).abs() < 0.01, "{name} {found}");
        }
        assert_eq!(form("threonate"), None);
    }

    #[test]
    fn serum_levels() {
        for (level, code) in [
            (0.69, "magnesium/low"),
            (0.70, "magnesium/low-normal"),
            (0.84, "magnesium/low-normal"),
            (0.85, "magnesium/normal"),
            (1.00, "magnesium/normal"),
            (1.05, "magnesium/high-normal"),
            (1.06, "magnesium/high"),
        ] {
            assert_eq!(serum(level).code, code, "{level}");
        }
    }
}
