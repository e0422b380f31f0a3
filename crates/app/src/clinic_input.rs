//! Words -> numbers for the rules of the clinic. Every number needs its unit, and what cannot be meant is refused.

use hepatica_clinic::level::mg_per_l_from_umol_per_l;
use hepatica_unit::{Quantity, Unit};

use crate::refuse::Error;

/// A refusal of an option by its name.
pub(crate) fn refused(option: &str, text: &str, why: impl std::fmt::Display) -> Error {
    Error::Argument(format!("--{option} \"{text}\": {why}"))
}

/// A number in one of the units given; gives the number and which unit fits.
fn measured(option: &str, text: &str, units: &[&str]) -> Result<(f64, usize), Error> {
    let quantity = Quantity::parse(text).map_err(|e| refused(option, text, e))?;
    for (place, name) in units.iter().enumerate() {
        let unit = Unit::parse(name).map_err(|e| refused(option, text, e))?;
        if quantity.unit().is_compatible(&unit) {
            let value = quantity.convert(&unit).map_err(|e| refused(option, text, e))?;
            return if value >= 0.0 {
                Ok((value, place))
            } else {
                Err(refused(option, text, "is below zero"))
            };
        }
    }
    let wanted = units.join(" or ");
    let why = match text.trim().parse::<f64>() {
        Ok(_) => format!("the unit is missing and is never guessed; give it in {wanted}"),
        Err(_) => format!("`{}` is no unit of this quantity; give it in {wanted}", quantity.unit()),
    };
    Err(refused(option, text, why))
}

/// A number in one unit.
pub(crate) fn in_unit(option: &str, text: &str, unit: &str) -> Result<f64, Error> {
    measured(option, text, &[unit]).map(|(value, _)| value)
}

/// A number in one unit, above zero.
pub(crate) fn positive(option: &str, text: &str, unit: &str) -> Result<f64, Error> {
    let value = in_unit(option, text, unit)?;
    if value > 0.0 { Ok(value) } else { Err(refused(option, text, "must be above zero")) }
}

/// A bare number, such as an INR.
pub(crate) fn bare(option: &str, text: &str) -> Result<f64, Error> {
    match text.trim().parse::<f64>() {
        Ok(value) if value.is_finite() && value > 0.0 => Ok(value),
        Ok(_) => Err(refused(option, text, "must be above zero")),
        Err(_) => Err(refused(option, text, "is a plain number without a unit")),
    }
}

/// A level of acetaminophen as typed and in mg/L.
#[derive(Clone, Debug)]
pub(crate) struct Level {
    /// In mg/L.
    pub(crate) mg_per_l: f64,
    /// The digits as typed when the unit is an amount: the number in umol/L.
    pub(crate) umol_per_l: Option<f64>,
}

/// Reads a level of acetaminophen in mass or amount per volume.
pub(crate) fn level(option: &str, text: &str) -> Result<Level, Error> {
    match measured(option, text, &["mg/L", "umol/L"])? {
        (mg_per_l, 0) => Ok(Level { mg_per_l, umol_per_l: None }),
        (umol, _) => Ok(Level { mg_per_l: mg_per_l_from_umol_per_l(umol), umol_per_l: Some(umol) }),
    }
}

/// Reads a dose as mass or as mass per body weight, in mg.
pub(crate) fn dose_mg(option: &str, text: &str, weight_kg: Option<f64>) -> Result<f64, Error> {
    match measured(option, text, &["mg", "mg/kg"])? {
        (mg, 0) => Ok(mg),
        (per_kg, _) => {
            let weight_kg =
                weight_kg.ok_or_else(|| refused(option, text, "a dose per kg needs --weight as well"))?;
            Ok(per_kg * weight_kg)
        }
    }
}

/// Reads an age in years: `30 years`, `18 months`, or any unit of time.
pub(crate) fn age_years(option: &str, text: &str) -> Result<f64, Error> {
    const HOURS_PER_YEAR: f64 = 365.25 * 24.0;
    for (word, years) in [("years", 1.0), ("year", 1.0), ("months", 1.0 / 12.0), ("month", 1.0 / 12.0)] {
        if let Some(number) = text.trim().strip_suffix(word) {
            return Ok(bare(option, number)? * years);
        }
    }
    Ok(in_unit(option, text, "h")? / HOURS_PER_YEAR)
}

/// Reads `6 h..9 h`, both ends in hours, the smaller first.
pub(crate) fn range_h(option: &str, text: &str) -> Result<(f64, f64), Error> {
    let (from, to) =
        text.split_once("..").ok_or_else(|| refused(option, text, "write FROM..TO, such as 6 h..9 h"))?;
    let (from, to) = (in_unit(option, from, "h")?, in_unit(option, to, "h")?);
    if from <= to { Ok((from, to)) } else { Err(refused(option, text, "the first time is the longer one")) }
}

/// Reads a word of a closed list.
pub(crate) fn word<T: Copy>(
    option: &str,
    text: &str,
    all: &[T],
    name: impl Fn(T) -> &'static str,
) -> Result<T, Error> {
    let folded = text.trim().to_lowercase();
    all.iter().copied().find(|t| name(*t) == folded).ok_or_else(|| {
        let names: Vec<&str> = all.iter().map(|t| name(*t)).collect();
        refused(option, text, format!("is none of {}", names.join(", ")))
    })
}

/// Reads `yes` or `no`.
pub(crate) fn yes_or_no(option: &str, text: &str) -> Result<bool, Error> {
    Ok(word(option, text, &["yes", "no"], |w| w)? == "yes")
}

/// Reads a concentration given as mass or amount per volume, in the first unit; `factor` takes the second to it.
pub(crate) fn concentration(option: &str, text: &str, units: [&str; 2], factor: f64) -> Result<f64, Error> {
    match measured(option, text, &units)? {
        (value, 0) => Ok(value),
        (value, _) => Ok(value * factor),
    }
}

/// Applies a reader to an option that may be absent.
pub(crate) fn optional<T>(
    option: &str,
    text: Option<&str>,
    read: impl FnOnce(&str, &str) -> Result<T, Error>,
) -> Result<Option<T>, Error> {
    text.map(|text| read(option, text)).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_required_and_known() {
        assert_eq!(level("level", "75 mg/L").unwrap().mg_per_l, 75.0);
        assert_eq!(level("level", "75 ug/mL").unwrap().mg_per_l, 75.0);
        assert!((level("level", "992.2932 umol/L").unwrap().mg_per_l - 150.0).abs() < 1e-4);
        for (text, why) in [
            ("75", "unit is missing"),
            ("75 h", "no unit of this quantity"),
            ("75 mg/dag", "unknown unit"),
            ("-5 mg/L", "below zero"),
            ("", "number"),
        ] {
            let message = level("level", text).unwrap_err().to_string();
            assert!(message.contains(why), "{message}");
        }
    }

    #[test]
    fn ages_ranges_and_doses() {
        assert_eq!(age_years("age", "30 years").unwrap(), 30.0);
        assert_eq!(age_years("age", "18 months").unwrap(), 1.5);
        assert!((age_years("age", "365.25 d").unwrap() - 1.0).abs() < 1e-12);
        assert_eq!(range_h("time-range", "6 h..540 min").unwrap(), (6.0, 9.0));
        assert!(range_h("time-range", "9 h..6 h").is_err() && range_h("time-range", "6 h").is_err());
        assert_eq!(dose_mg("dose", "0.2 g/kg", Some(50.0)).unwrap(), 10_000.0);
        assert!(dose_mg("dose", "200 mg/kg", None).is_err());
    }
}
