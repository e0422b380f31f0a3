//! Text -> number in a fixed unit, for arguments and batch files.

use std::ops::Range;

use hepatica_unit::{Base, Quantity, Unit};

use crate::{Compound, Unreadable, find};

/// What a quantity must measure, and so in which unit it is handed out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// A mass in mg.
    Mass,
    /// A volume in mL.
    Volume,
    /// A concentration in mol/L.
    Molarity,
    /// A share of 1, written as a percentage or a number.
    Share,
    /// A body weight in kg.
    Weight,
}

impl Measure {
    fn unit(self) -> &'static str {
        match self {
            Measure::Mass => "mg",
            Measure::Volume => "mL",
            Measure::Molarity => "mol/L",
            Measure::Share => "",
            Measure::Weight => "kg",
        }
    }

    fn words(self) -> (&'static str, &'static str) {
        match self {
            Measure::Mass => ("a mass", "`600 mg`"),
            Measure::Volume => ("a volume", "`400 mL`"),
            Measure::Molarity => ("a concentration", "`0.05 mol/L`"),
            Measure::Share => ("a share", "`41.6 %`"),
            Measure::Weight => ("a body weight", "`70 kg`"),
        }
    }

    /// Reads a quantity above zero in the unit of this measure.
    ///
    /// # Errors
    /// No quantity, one of another kind, or one that is not above zero.
    pub fn read(self, text: &str) -> Result<f64, Unreadable> {
        let value = self.read_or_zero(text)?;
        if value > 0.0 {
            return Ok(value);
        }
        Err(Unreadable::new(
            "chem/not-positive",
            format!("{} must be above zero", self.words().0),
            trimmed(text),
        ))
    }

    /// Reads a quantity of zero or above.
    ///
    /// # Errors
    /// No quantity, one of another kind, or a negative one.
    pub fn read_or_zero(self, text: &str) -> Result<f64, Unreadable> {
        let (what, example) = self.words();
        let quantity = Quantity::parse(text)?;
        within_reason(quantity.value(), text)?;
        let bare = quantity.unit() == &Unit::dimensionless();
        let converted = match self {
            Measure::Share => quantity.convert(&Unit::dimensionless()),
            _ => Unit::parse(self.unit()).map_err(Unreadable::from).map(|unit| quantity.convert(&unit))?,
        };
        // `70 mg/kg` has no dimension but is no share of anything.
        let wrong = converted.is_err() || (self == Measure::Share && quantity.unit().divides_by(Base::Mass));
        let Some(value) = converted.ok().filter(|_| !wrong) else {
            let found = if bare { "without a unit".to_string() } else { format!("in `{}`", quantity.unit()) };
            let message = format!("{what} cannot be given {found}");
            return Err(Unreadable::new("chem/unit", message, trimmed(text)).hint(format!("write {example}")));
        };
        if value < 0.0 {
            return Err(Unreadable::new("chem/negative", format!("{what} is negative"), trimmed(text)));
        }
        Ok(value)
    }
}

/// Whether a dose is a total or per kilogram of body weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// The whole dose.
    Total,
    /// For each kilogram of body weight.
    PerKg,
}

/// An amount of a compound, as in `600 mg NAC` or `25 mg/kg Mg(NAC)2`.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedAmount {
    /// The compound.
    pub compound: &'static Compound,
    /// The amount in mmol, or mmol/kg.
    pub mmol: f64,
    /// Of what.
    pub basis: Basis,
}

impl NamedAmount {
    /// Reads a number, a unit and a compound. Milliequivalents are those of magnesium: 2 mEq are 1 mmol.
    ///
    /// # Errors
    /// A part that is missing or unknown, a unit that is neither mass nor amount (each also per kilogram of body
    /// weight), a number that is not above zero.
    pub fn read(text: &str) -> Result<NamedAmount, Unreadable> {
        let (number, number_end) = hepatica_unit::leading_number(text)?;
        within_reason(number, &text[..number_end])?;
        let rest = &text[number_end..];
        let unit_start = number_end + rest.len() - rest.trim_start().len();
        let unit_end = text[unit_start..].find(char::is_whitespace).map_or(text.len(), |at| unit_start + at);
        let name = text[unit_end..].trim();
        if name.is_empty() {
            return Err(Unreadable::new(
                "chem/no-compound",
                "a number, a unit and a compound are needed",
                trimmed(text),
            )
            .hint("write for example `600 mg NAC`"));
        }
        let name_start = text.len() - text[unit_end..].trim_start().len();
        let compound = find(name).map_err(|unknown| {
            let hint = unknown.nearest.as_ref().map_or_else(
                || "`hepatica chem list` has the compounds".to_string(),
                |near| format!("did you mean `{near}`?"),
            );
            Unreadable::new("chem/unknown-compound", unknown.to_string(), name_start..name_start + name.len())
                .hint(hint)
        })?;
        let (value, basis) = amount(&text[..unit_end], unit_start, compound)?;
        if !(value > 0.0 && value.is_finite()) {
            let message = "the amount must be above zero";
            return Err(Unreadable::new("chem/not-positive", message, trimmed(&text[..unit_end])));
        }
        Ok(NamedAmount { compound, mmol: value, basis })
    }
}

/// The amount in mmol of a quantity of a compound.
fn amount(text: &str, unit_start: usize, compound: &'static Compound) -> Result<(f64, Basis), Unreadable> {
    let unit_text = text[unit_start..].trim();
    let (equivalents, basis) = match unit_text {
        "mEq" => (true, Basis::Total),
        "mEq/kg" => (true, Basis::PerKg),
        _ => (false, Basis::Total),
    };
    if equivalents {
        let (value, _) = hepatica_unit::leading_number(text)?;
        let magnesium = compound.parts().iter().find(|(id, _)| *id == "magnesium").map(|(_, n)| *n);
        let per_unit = magnesium.ok_or_else(|| {
            let message = format!("milliequivalents of {} are not defined here", compound.id);
            Unreadable::new("chem/unit", message, unit_start..text.len())
                .hint("only those of magnesium are; give a mass or an amount")
        })?;
        return Ok((value / (MEQ_PER_MMOL * f64::from(per_unit)), basis));
    }
    let quantity = Quantity::parse(text)?;
    // Only the kilogram stands for body weight: `mg/g` or `mg/mg` would be a share of something else.
    let per_kg = unit_text.ends_with("/kg");
    let basis = if per_kg { Basis::PerKg } else { Basis::Total };
    let suffix = if per_kg { "/kg" } else { "" };
    let convert =
        |unit: &str| Unit::parse(&format!("{unit}{suffix}")).ok().and_then(|u| quantity.convert(&u).ok());
    let by_amount = convert("mmol");
    let by_mass = convert("mg");
    let mmol = by_amount.or(by_mass.map(|mg| mg / compound.molar_mass()));
    mmol.map(|mmol| (mmol, basis)).ok_or_else(|| {
        let message = if unit_text.is_empty() || quantity.unit() == &Unit::dimensionless() {
            "the dose has no unit".to_string()
        } else {
            format!("`{unit_text}` is no unit of a dose")
        };
        Unreadable::new("chem/unit", message, unit_start..text.len()).hint(
            "write a mass or an amount, `600 mg NAC`, `2 mmol NAC`, or either per kilogram, `25 mg/kg NAC`",
        )
    })
}

/// The magnitudes of numbers that are read, whatever their unit: what lies outside is a slip, and so far inside the
/// range of numbers no result overflows.
const MAGNITUDES: std::ops::RangeInclusive<f64> = 1e-12..=1e12;

fn within_reason(number: f64, text: &str) -> Result<(), Unreadable> {
    if number == 0.0 || MAGNITUDES.contains(&number.abs()) {
        return Ok(());
    }
    let message = "the number is beyond anything that is weighed or measured";
    Err(Unreadable::new("chem/out-of-range", message, trimmed(text)).hint("choose a unit that suits it"))
}

/// Milliequivalents in a mmol of magnesium, a divalent ion.
pub const MEQ_PER_MMOL: f64 = 2.0;

/// The bytes without the white space around them.
fn trimmed(text: &str) -> Range<usize> {
    let start = text.len() - text.trim_start().len();
    start..start + text.trim().len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() <= 1e-12 * b.abs()
    }

    #[test]
    fn quantities_in_their_units() {
        assert!(close(Measure::Mass.read("0.6 g").unwrap(), 600.0));
        assert!(close(Measure::Volume.read("0.4 L").unwrap(), 400.0));
        assert!(close(Measure::Molarity.read("0.05 M").unwrap(), 0.05));
        assert!(close(Measure::Molarity.read("50 mmol/L").unwrap(), 0.05));
        assert!(close(Measure::Share.read("41.6 %").unwrap(), 0.416));
        assert!(close(Measure::Weight.read("70000 g").unwrap(), 70.0));
    }

    #[test]
    fn other_units_are_refused() {
        for (measure, text, code) in [
            (Measure::Mass, "600", "chem/unit"),
            (Measure::Mass, "600 mL", "chem/unit"),
            (Measure::Mass, "-1 mg", "chem/negative"),
            (Measure::Mass, "0 mg", "chem/not-positive"),
            (Measure::Mass, "1e300 kg", "chem/out-of-range"),
            (Measure::Volume, "-1e-300 mL", "chem/out-of-range"),
            (Measure::Mass, "600 mgg", "unit/unknown"),
            (Measure::Volume, "14.3 mg", "chem/unit"),
            (Measure::Molarity, "5 g/L", "chem/unit"),
            (Measure::Share, "41.6 g", "chem/unit"),
            (Measure::Share, "416 mg/g", "chem/unit"),
            (Measure::Weight, "70", "chem/unit"),
        ] {
            assert_eq!(measure.read(text).unwrap_err().code, code, "{text}");
        }
        assert_eq!(Measure::Mass.read_or_zero("0 mg"), Ok(0.0));
    }

    #[test]
    fn named_amounts() {
        for (text, id, mmol, basis) in [
            ("600 mg NAC", "acetylcysteine", 600.0 / 163.191, Basis::Total),
            ("0.6 g N-acetylcysteine", "acetylcysteine", 600.0 / 163.191, Basis::Total),
            ("2 mmol Mg(NAC)2", "magnesium-acetylcysteinate", 2.0, Basis::Total),
            ("25 mg/kg mg-nac", "magnesium-acetylcysteinate", 25.0 / 348.671, Basis::PerKg),
            ("8 mEq magnesium", "magnesium", 4.0, Basis::Total),
            ("6 mEq magnesium citrate", "magnesium-citrate", 1.0, Basis::Total),
            ("1 mmol/kg NAC", "acetylcysteine", 1.0, Basis::PerKg),
        ] {
            let read = NamedAmount::read(text).unwrap_or_else(|e| panic!("{text}: {e}"));
            assert_eq!((read.compound.id, read.basis), (id, basis), "{text}");
            assert!((read.mmol - mmol).abs() < 1e-12 * mmol, "{text} {}", read.mmol);
        }
    }

    #[test]
    fn amounts_that_are_refused() {
        for (text, code, about) in [
            ("600 NAC", "chem/no-compound", "600 NAC"),
            ("600 mg", "chem/no-compound", "600 mg"),
            ("600 mL NAC", "chem/unit", "mL"),
            ("600 mg/L NAC", "chem/unit", "mg/L"),
            ("600 mg/kg/h NAC", "chem/unit", "mg/kg/h"),
            ("600 mg/mg NAC", "chem/unit", "mg/mg"),
            ("50 % NAC", "chem/unit", "%"),
            ("6 mEq NAC", "chem/unit", "mEq"),
            ("600 mgg NAC", "unit/unknown", "mgg"),
            ("600 mg acetylcystein", "chem/unknown-compound", "acetylcystein"),
            ("0 mg NAC", "chem/not-positive", "0 mg"),
            ("1e300 g NAC", "chem/out-of-range", "1e300"),
            ("1e-300 mEq magnesium", "chem/out-of-range", "1e-300"),
            ("-600 mg NAC", "chem/not-positive", "-600 mg"),
        ] {
            let error = NamedAmount::read(text).expect_err(text);
            assert_eq!((error.code, &text[error.range.clone()]), (code, about), "{text}: {error}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused_inside_it(text in "[0-9.]{0,4} ?(mg|g|mEq|mmol|mg/kg)? ?\\PC{0,8}") {
            if let Err(error) = NamedAmount::read(&text) {
                prop_assert!(text.get(error.range).is_some());
            }
        }

        /// The same dose in another unit is the same amount.
        #[test]
        fn units_do_not_matter(mg in 0.001f64..1e6) {
            let by = |text: String| NamedAmount::read(&text).map(|a| a.mmol).unwrap_or(f64::NAN);
            let reference = by(format!("{mg} mg NAC"));
            for other in [format!("{} g NAC", mg / 1e3), format!("{} ug NAC", mg * 1e3), format!("{} mmol NAC", mg / 163.191)] {
                prop_assert!((by(other) / reference - 1.0).abs() < 1e-12);
            }
        }
    }
}
