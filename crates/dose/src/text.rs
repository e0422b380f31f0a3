//! Amounts, times and weights as people write them.

use std::ops::Range;

use hepatica_chem::Unreadable;
use hepatica_source::Spanned;
use hepatica_source::table::{Problems, Table};
use hepatica_unit::{Base, Quantity, Unit};

use crate::amount::{Basis, basis};
use crate::{Amount, Cap, Volume};

/// The text of a key, read by `parse`; what is wrong is labelled inside the text. Nothing when the key is absent.
pub fn read_text<T>(
    table: &mut Table,
    key: &str,
    parse: impl Fn(&str) -> Result<T, Unreadable>,
    problems: &mut Problems,
) -> Option<Spanned<T>> {
    let text = table.text(key, problems)?;
    match parse(&text.value) {
        Ok(value) => Some(Spanned::new(value, text.span)),
        Err(error) => {
            problems.push(error.diagnostic(text.span, text.value.len()));
            None
        }
    }
}

/// As [`read_text`] without the place of the text.
pub(crate) fn read_value<T>(
    table: &mut Table,
    key: &str,
    parse: impl Fn(&str) -> Result<T, Unreadable>,
    problems: &mut Problems,
) -> Option<T> {
    read_text(table, key, parse, problems).map(|read| read.value)
}

/// As [`read_text`], of a key that must be there.
pub fn required_text<T>(
    table: &mut Table,
    key: &str,
    parse: impl Fn(&str) -> Result<T, Unreadable>,
    problems: &mut Problems,
) -> Option<Spanned<T>> {
    if table.get(key).is_none() {
        table.missing(key, problems);
    }
    read_text(table, key, parse, problems)
}

/// Reads `15 g`, `10 mmol`, `150 mg/kg`, `150 mg/kg max 15 g`, `150 mg/kg weight max 100 kg`.
///
/// # Errors
/// No such form, a unit that is no dose, a negative number, a cap on a dose that is not per kilogram.
pub fn parse_amount(text: &str) -> Result<Amount, Unreadable> {
    let head_end =
        [" max ", " weight max "].iter().filter_map(|word| text.find(word)).min().unwrap_or(text.len());
    let head = &text[..head_end];
    let quantity = not_negative(head, "the dose")?;
    let cap = caps(&text[head_end..]).map_err(|e| e.shifted(head_end))?;
    match basis(quantity.unit()) {
        Some(Basis::PerKg(unit)) => {
            let per_kg = Quantity::new(quantity.value(), unit);
            per_kg.map(|q| Amount::PerKg(q, cap)).ok_or_else(|| no_dose(head))
        }
        Some(Basis::Total(_)) if cap == Cap::default() => Ok(Amount::Total(quantity)),
        Some(Basis::Total(_)) => {
            let range = head_end..text.len();
            Err(Unreadable::new("dose/cap", "only a dose per kilogram has a cap", range)
                .hint("write `150 mg/kg max 15 g`"))
        }
        None => Err(no_dose(head)),
    }
}

/// Reads a rate of infusion, `100 mg/h`, `12.5 mg/kg/h`, `20 umol/min`, as the amount per hour.
///
/// # Errors
/// No such form, a unit that is no dose per time, a number that is not above zero.
pub fn parse_rate(text: &str) -> Result<Amount, Unreadable> {
    let quantity = not_negative(text, "the rate")?;
    let wrong = || {
        Unreadable::new(
            "dose/dimension",
            format!("`{}` is no rate of infusion", quantity.unit()),
            trimmed(text),
        )
        .hint("give a rate such as `100 mg/h` or `12.5 mg/kg/h`")
    };
    let per_hour = quantity.unit().times(&Unit::hour()).map_err(|_| wrong())?;
    // `mg/min` times `h` keeps both time units; an hour's worth is the same number of `mg*h/min`.
    let hourly = |unit: Unit| Quantity::new(quantity.value(), unit).ok_or_else(wrong);
    if quantity.value() == 0.0 {
        return Err(Unreadable::new("dose/not-positive", "the rate must be above zero", trimmed(text)));
    }
    match basis(&per_hour) {
        Some(Basis::Total(unit)) => Ok(Amount::Total(hourly(unit)?)),
        Some(Basis::PerKg(unit)) => Ok(Amount::PerKg(hourly(unit)?, Cap::default())),
        None => Err(wrong()),
    }
}

/// Reads a time on the clock of the study, `8 h`, `30 min`, `2 d`, in h.
///
/// # Errors
/// No time, or a negative one.
pub fn parse_time_h(text: &str) -> Result<f64, Unreadable> {
    measured(text, "a time", &Unit::hour(), "`8 h`, `30 min` or `2 d`")
}

/// Reads a duration or interval in h, which must be above zero.
///
/// # Errors
/// No time, or one that is not above zero.
pub fn parse_duration_h(text: &str) -> Result<f64, Unreadable> {
    positive(text, "a duration", measured(text, "a duration", &Unit::hour(), "`8 h`, `30 min` or `2 d`")?)
}

/// Reads a body weight in kg.
///
/// # Errors
/// No mass, or one that is not above zero.
pub fn parse_weight_kg(text: &str) -> Result<f64, Unreadable> {
    positive(text, "a body weight", measured(text, "a body weight", &Unit::kilogram(), "`70 kg`")?)
}

/// Reads a volume in mL, which must be above zero.
///
/// # Errors
/// No volume, or one that is not above zero.
pub fn parse_volume_ml(text: &str) -> Result<f64, Unreadable> {
    compound(text, "a volume", "mL", "`100 mL`")
}

/// Reads a volume, `100 mL`, `3 mL/kg` or `3 mL/kg max 200 mL`.
///
/// # Errors
/// No such form, or a number that is not above zero.
pub fn parse_volume(text: &str) -> Result<Volume, Unreadable> {
    let (head, limit) = match text.split_once(" max ") {
        Some((head, limit)) => (head, Some(limit)),
        None => (text, None),
    };
    let per_kg = Quantity::parse(head).is_ok_and(|q| q.unit().divides_by(Base::Mass));
    if !per_kg {
        return parse_volume_ml(text).map(Volume::Fixed);
    }
    let ml_per_kg = compound(head, "a volume per kilogram", "mL/kg", "`3 mL/kg`")?;
    let from = text.len() - limit.map_or(0, str::len);
    let max_ml = limit.map(parse_volume_ml).transpose().map_err(|e| e.shifted(from))?;
    Ok(Volume::PerKg { ml_per_kg, max_ml })
}

/// Reads a mass per volume in mg/mL, which must be above zero.
///
/// # Errors
/// No mass per volume, or one that is not above zero.
pub fn parse_strength_mg_per_ml(text: &str) -> Result<f64, Unreadable> {
    compound(text, "a strength", "mg/mL", "`200 mg/mL`")
}

/// Reads a rate of flow in mL/h, which must be above zero.
///
/// # Errors
/// No volume per time, or one that is not above zero.
pub(crate) fn parse_flow_ml_per_h(text: &str) -> Result<f64, Unreadable> {
    compound(text, "a rate of flow", "mL/h", "`125 mL/h`")
}

/// A number above zero in a unit that is written here.
fn compound(text: &str, what: &'static str, unit: &str, example: &str) -> Result<f64, Unreadable> {
    positive(text, what, measured(text, what, &Unit::parse(unit)?, example)?)
}

fn measured(text: &str, what: &'static str, unit: &Unit, example: &str) -> Result<f64, Unreadable> {
    let quantity = not_negative(text, what)?;
    quantity.convert(unit).map_err(|_| {
        let found = if quantity.unit() == &Unit::dimensionless() {
            "without a unit".into()
        } else {
            format!("in `{}`", quantity.unit())
        };
        Unreadable::new("dose/dimension", format!("{what} cannot be given {found}"), trimmed(text))
            .hint(format!("write {example}"))
    })
}

fn positive(text: &str, what: &'static str, value: f64) -> Result<f64, Unreadable> {
    if value > 0.0 {
        return Ok(value);
    }
    Err(Unreadable::new("dose/not-positive", format!("{what} must be above zero"), trimmed(text)))
}

fn not_negative(text: &str, what: &str) -> Result<Quantity, Unreadable> {
    let quantity = Quantity::parse(text)?;
    if quantity.value() < 0.0 {
        return Err(Unreadable::new(
            "dose/negative",
            format!("{what} is negative: {quantity}"),
            trimmed(text),
        ));
    }
    Ok(quantity)
}

fn no_dose(text: &str) -> Unreadable {
    let unit = Quantity::parse(text).map_or(String::new(), |q| q.unit().to_string());
    let message =
        if unit == "1" { "the dose has no unit".into() } else { format!("`{unit}` is no unit of a dose") };
    Unreadable::new("dose/dimension", message, trimmed(text))
        .hint("write a dose such as `15 g`, `150 mg/kg` or `10 mmol`")
}

/// The caps after a dose: ` max 15 g`, ` weight max 100 kg`, each at most once.
fn caps(text: &str) -> Result<Cap, Unreadable> {
    let mut cap = Cap::default();
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        let is_weight = rest.starts_with(" weight max ");
        let word = if is_weight { " weight max " } else { " max " };
        let body = rest.strip_prefix(word).unwrap_or(rest);
        let end = [" max ", " weight max "].iter().filter_map(|w| body.find(w)).min().unwrap_or(body.len());
        let from = at + rest.len() - body.len();
        let value = &body[..end];
        if is_weight {
            cap.weight_kg = Some(parse_weight_kg(value).map_err(|e| e.shifted(from))?);
        } else {
            cap.total = Some(total_cap(value).map_err(|e| e.shifted(from))?);
        }
        at = from + end;
    }
    Ok(cap)
}

/// The largest dose; kilograms are refused because `max 100 kg` means the body weight.
fn total_cap(text: &str) -> Result<Quantity, Unreadable> {
    let quantity = not_negative(text, "the cap")?;
    let total = matches!(basis(quantity.unit()), Some(Basis::Total(_)));
    if total && quantity.unit() == &Unit::kilogram() {
        return Err(Unreadable::new(
            "dose/cap",
            "a cap in kilograms would be a dose of kilograms",
            trimmed(text),
        )
        .hint("write `weight max 100 kg` for the body weight that is counted"));
    }
    if total { Ok(quantity) } else { Err(no_dose(text)) }
}

/// The bytes without the white space around them.
fn trimmed(text: &str) -> Range<usize> {
    let start = text.len() - text.trim_start().len();
    start..start + text.trim().len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use hepatica_source::Span;

    fn amount(text: &str, weight_kg: f64) -> String {
        parse_amount(text)
            .unwrap_or_else(|e| panic!("{text}: {e:?}"))
            .for_weight(Some(weight_kg))
            .unwrap()
            .to_string()
    }

    #[test]
    fn amounts() {
        assert_eq!(amount("15 g", 70.0), "15 g");
        assert_eq!(amount("150 mg/kg", 70.0), "10500 mg");
        assert_eq!(amount("150 mg/kg max 15 g", 120.0), "15 g");
        assert_eq!(amount("150 mg/kg max 15 g", 80.0), "12000 mg");
        assert_eq!(amount("150 mg/kg weight max 100 kg", 120.0), "15000 mg");
        assert_eq!(amount("0.5 mmol/kg", 10.0), "5 mmol");
        for text in
            ["15 g", "150 mg/kg max 15 g", "150 mg/kg weight max 100 kg", "1 mmol/kg max 3 g weight max 9 kg"]
        {
            assert_eq!(parse_amount(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn rates() {
        let hourly = |text: &str, to: &str| {
            let amount = parse_rate(text).unwrap().for_weight(Some(10.0)).unwrap();
            amount.convert(&Unit::parse(to).unwrap()).unwrap()
        };
        assert_eq!(hourly("100 mg/h", "mg"), 100.0);
        assert_eq!(hourly("12.5 mg/kg/h", "mg"), 125.0);
        assert_eq!(hourly("2 umol/min", "umol"), 120.0);
        for (text, code) in
            [("100 mg", "dose/dimension"), ("0 mg/h", "dose/not-positive"), ("-1 mg/h", "dose/negative")]
        {
            assert_eq!(parse_rate(text).unwrap_err().code, code, "{text}");
        }
    }

    #[test]
    fn times_and_weights() {
        assert_eq!(parse_time_h("2 d"), Ok(48.0));
        assert_eq!(parse_time_h("0 h"), Ok(0.0));
        assert_eq!(parse_duration_h("90 min"), Ok(1.5));
        assert_eq!(parse_weight_kg("70000 g"), Ok(70.0));
        for (text, message) in [
            ("8", "a time cannot be given without a unit"),
            ("8 mg", "a time cannot be given in `mg`"),
            ("-8 h", "a time is negative: -8 h"),
            ("8 hours later", "`later` does not belong into a unit"),
            ("nan h", "`nan` is not a finite number"),
        ] {
            assert_eq!(parse_time_h(text).unwrap_err().message, message, "{text}");
        }
        assert_eq!(parse_duration_h("0 h").unwrap_err().code, "dose/not-positive");
        assert_eq!(parse_weight_kg("0 kg").unwrap_err().code, "dose/not-positive");
    }

    #[test]
    fn refused_amounts_point_at_the_fault() {
        let table = [
            ("15", "dose/dimension", 0..2, "the dose has no unit"),
            ("15 %", "dose/dimension", 0..4, "`%` is no unit of a dose"),
            ("15 mL", "dose/dimension", 0..5, "`mL` is no unit of a dose"),
            ("15 mgg", "unit/unknown", 3..6, "unknown unit `mgg`"),
            ("-15 g", "dose/negative", 0..5, "the dose is negative: -15 g"),
            ("15 g max 10 g", "dose/cap", 4..13, "only a dose per kilogram has a cap"),
            ("150 mg/kg max 100 kg", "dose/cap", 14..20, "a cap in kilograms would be a dose of kilograms"),
            ("150 mg/kg weight max 100 mgg", "unit/unknown", 25..28, "unknown unit `mgg`"),
            ("150 mg/kg max 15 h", "dose/dimension", 14..18, "`h` is no unit of a dose"),
        ];
        for (text, code, range, message) in table {
            let error = parse_amount(text).unwrap_err();
            assert_eq!((error.code, error.range, error.message.as_str()), (code, range, message), "{text}");
        }
    }

    #[test]
    fn labels_lie_inside_the_quotes() {
        let file = hepatica_source::FileId(0);
        let error = parse_amount("15 mgg").unwrap_err();
        let at = |start, end| error.diagnostic(Span::new(file, start, end), 6).labels[0].span;
        assert_eq!(at(7, 15), Span::new(file, 11, 14));
        assert_eq!(at(8, 14), Span::new(file, 11, 14));
        assert_eq!(at(7, 30), Span::new(file, 7, 30));
    }
}
