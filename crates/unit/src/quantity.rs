//! Numbers with a unit.

use std::fmt;
use std::str::FromStr;

use crate::{ConvertError, ParseError, ParseErrorKind, Unit, leading_number};

/// A finite number with a unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Quantity {
    value: f64,
    unit: Unit,
}

impl Quantity {
    /// A number with its unit; `None` for a number that is not finite.
    pub fn new(value: f64, unit: Unit) -> Option<Quantity> {
        value.is_finite().then_some(Quantity { value, unit })
    }

    /// Reads `15 g`, `150 mg/kg`, `1e-3 mol`, `7d`; a bare number is dimensionless.
    ///
    /// # Errors
    /// Everything [`ParseError`] lists, with the bytes it is about.
    pub fn parse(text: &str) -> Result<Quantity, ParseError> {
        let (value, end) = leading_number(text)?;
        let rest = &text[end..];
        if rest.trim().is_empty() {
            return Ok(Quantity { value, unit: Unit::dimensionless() });
        }
        if let Some(c) = rest.trim_start().chars().next().filter(|c| ",_*/^".contains(*c)) {
            return Err(operator_after_number(text, c));
        }
        let unit = Unit::parse(rest).map_err(|error| error.shifted(end))?;
        Ok(Quantity { value, unit })
    }

    /// The number.
    pub fn value(&self) -> f64 {
        self.value
    }

    /// The unit.
    pub fn unit(&self) -> &Unit {
        &self.unit
    }

    /// The number in another unit.
    ///
    /// # Errors
    /// Both units by name when they measure different things; a result out of range.
    pub fn convert(&self, to: &Unit) -> Result<f64, ConvertError> {
        self.unit.convert(self.value, to)
    }

    /// The quantity in another unit.
    ///
    /// # Errors
    /// As [`Quantity::convert`].
    pub fn in_unit(&self, to: &Unit) -> Result<Quantity, ConvertError> {
        Ok(Quantity { value: self.convert(to)?, unit: to.clone() })
    }
}

fn operator_after_number(text: &str, c: char) -> ParseError {
    let trimmed = text.trim();
    let start = text.len() - text.trim_start().len();
    let hint = match c {
        ',' | '_' => "write a decimal point and no thousands separator",
        _ => "write the number, a space and the unit, such as `15 g`",
    };
    ParseError::new(ParseErrorKind::BadNumber(trimmed.to_string()), start..start + trimmed.len()).hint(hint)
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.value, self.unit)
    }
}

impl FromStr for Quantity {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Quantity, ParseError> {
        Quantity::parse(text)
    }
}
