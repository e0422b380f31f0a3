//! Text -> unit.

use std::ops::Range;

use crate::{ParseError, ParseErrorKind, Ratio, TooLarge, Unit, atoms, leading_number, refused, suggest};

/// How deep parentheses may nest.
const MAX_DEPTH: usize = 32;
/// The largest exponent written directly after a name, as in `m2` or `h-1`.
const MAX_BARE_EXPONENT: i32 = 9;

/// Reads a whole text as a unit.
pub(crate) fn unit(text: &str) -> Result<Unit, ParseError> {
    let mut reader = Reader { text, at: 0, depth: 0 };
    let unit = reader.product(true)?;
    match reader.peek() {
        None => Ok(unit),
        Some(_) => Err(reader.unexpected()),
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

impl Reader<'_> {
    fn product(&mut self, number_allowed: bool) -> Result<Unit, ParseError> {
        let start = self.at;
        let mut unit = self.first(number_allowed)?;
        loop {
            let divide = match self.peek() {
                Some('/') => true,
                Some('*' | '·' | '.' | '⋅') => false,
                _ => return Ok(unit),
            };
            self.bump();
            let factor = self.factor()?;
            let product = if divide { unit.per(&factor) } else { unit.times(&factor) };
            unit = product.map_err(|_| self.too_large(start))?;
        }
    }

    /// The first factor of a product, which may be a number such as the `1` of `1/h`.
    fn first(&mut self, number_allowed: bool) -> Result<Unit, ParseError> {
        if !(number_allowed && self.peek().is_some_and(|c| c.is_ascii_digit())) {
            return self.factor();
        }
        let start = self.at;
        let (value, length) = leading_number(&self.text[start..]).map_err(|e| e.shifted(start))?;
        self.at += length;
        Unit::dimensionless().scaled(value).map_err(|_| self.too_large(start))
    }

    fn factor(&mut self) -> Result<Unit, ParseError> {
        let start = {
            self.skip_space();
            self.at
        };
        let unit = match self.peek() {
            None => {
                return Err(ParseError::new(ParseErrorKind::Empty, 0..self.text.len())
                    .hint("write a unit, or `1` for none"));
            }
            Some('(') => self.parenthesis()?,
            Some(c) if is_name(c) => self.name()?,
            Some(_) => return Err(self.unexpected()),
        };
        let exponent = self.exponent()?;
        unit.pow(exponent).map_err(|_| self.too_large(start))
    }

    fn parenthesis(&mut self) -> Result<Unit, ParseError> {
        let start = self.at;
        self.bump();
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.too_large(start));
        }
        let unit = self.product(true)?;
        self.depth -= 1;
        match self.peek() {
            Some(')') => {
                self.bump();
                Ok(unit)
            }
            Some(_) => Err(self.unexpected()),
            None => Err(ParseError::new(ParseErrorKind::Unclosed, start..self.text.len())),
        }
    }

    fn name(&mut self) -> Result<Unit, ParseError> {
        let start = self.at;
        let length = self.text[start..].find(|c| !is_name(c)).unwrap_or(self.text.len() - start);
        self.at += length;
        named(&self.text[start..self.at]).map_err(|error| error.shifted(start))
    }

    fn exponent(&mut self) -> Result<Ratio, ParseError> {
        let rest = &self.text[self.at..];
        if let Some(length) = superscript_length(rest) {
            let digits: String = rest[..length].chars().filter_map(plain_digit).collect();
            return self.bare_exponent(&digits, length);
        }
        let bare = bare_exponent_length(rest);
        if bare > 0 {
            return self.bare_exponent(&rest[..bare], bare);
        }
        match self.peek() {
            Some('^') => {
                self.bump();
                self.raised()
            }
            _ => Ok(Ratio::ONE),
        }
    }

    /// An exponent without `^`: small, because a long number there is more likely a slip.
    fn bare_exponent(&mut self, digits: &str, length: usize) -> Result<Ratio, ParseError> {
        let range = self.at..self.at + length;
        self.at = range.end;
        let value = digits.parse::<i32>().ok().filter(|v| v.abs() <= MAX_BARE_EXPONENT && *v != 0);
        value.and_then(|v| Ratio::new(v, 1).ok()).ok_or_else(|| {
            ParseError::new(ParseErrorKind::BadExponent(self.text[range.clone()].to_string()), range)
                .hint("write a power as `^2`")
        })
    }

    /// After `^`: a whole number, a decimal number or a fraction in parentheses.
    fn raised(&mut self) -> Result<Ratio, ParseError> {
        self.skip_space();
        let start = self.at;
        let rest = &self.text[start..];
        let length = match rest.strip_prefix('(') {
            Some(inner) => inner.find(')').map_or(rest.len(), |i| i + 2),
            None => rest.find(|c: char| !(c.is_ascii_digit() || "+-.".contains(c))).unwrap_or(rest.len()),
        };
        self.at += length;
        let text = &rest[..length];
        ratio(text.trim_start_matches('(').trim_end_matches(')')).ok_or_else(|| {
            ParseError::new(ParseErrorKind::BadExponent(text.to_string()), start..start + length)
                .hint("an exponent is a whole number or a fraction such as `^(1/2)`")
        })
    }

    fn skip_space(&mut self) {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_start().len();
    }

    fn peek(&mut self) -> Option<char> {
        self.skip_space();
        self.text[self.at..].chars().next()
    }

    fn bump(&mut self) {
        self.at += self.text[self.at..].chars().next().map_or(0, char::len_utf8);
    }

    fn too_large(&self, start: usize) -> ParseError {
        ParseError::new(ParseErrorKind::TooLarge, start..self.at)
    }

    fn unexpected(&mut self) -> ParseError {
        self.skip_space();
        let rest = &self.text[self.at..];
        let length = rest.find(char::is_whitespace).unwrap_or(rest.len()).max(1).min(rest.len());
        let range: Range<usize> = self.at..self.at + length;
        let text = rest[..length].to_string();
        let hint = match rest.chars().next() {
            Some(c) if c.is_ascii_digit() => "a number may stand only in front of a unit",
            Some(c) if is_name(c) => "write `*` or `/` between units",
            _ => "a unit is a product such as `mg*h/L` or `mL/min/kg`",
        };
        ParseError::new(ParseErrorKind::Unexpected(text), range).hint(hint)
    }
}

fn named(name: &str) -> Result<Unit, ParseError> {
    if name == "dimensionless" {
        return Ok(Unit::dimensionless());
    }
    if let Some((prefix, atom)) = atoms::lookup(name) {
        return Ok(Unit::named(prefix, atom));
    }
    if let Some(entry) = refused::find(name) {
        let kind = match entry.why {
            Some(why) => ParseErrorKind::Ambiguous(name.to_string(), why),
            None => ParseErrorKind::Affine(name.to_string()),
        };
        return Err(ParseError::new(kind, 0..name.len()).hint(entry.instead));
    }
    let error = ParseError::new(ParseErrorKind::UnknownUnit(name.to_string()), 0..name.len());
    Err(match suggest::nearest(name) {
        Some(near) => error.hint(format!("did you mean `{near}`?")),
        None => error.hint("known are for example `mg`, `umol`, `L`, `h`, `kg`, `U` and their products"),
    })
}

fn is_name(c: char) -> bool {
    c.is_alphabetic() || c == '%' || c == '°' || c == '_' || c == '\''
}

fn ratio(text: &str) -> Option<Ratio> {
    match text.split_once('/') {
        Some((num, den)) => {
            let parts: Result<Ratio, TooLarge> =
                Ratio::new(num.trim().parse().ok()?, den.trim().parse().ok()?);
            parts.ok()
        }
        None => Ratio::from_f64(text.trim().parse().ok()?),
    }
}

/// The bytes of digits, with a sign, directly after a name.
fn bare_exponent_length(rest: &str) -> usize {
    let sign = usize::from(rest.starts_with('-'));
    let digits = rest[sign..].bytes().take_while(u8::is_ascii_digit).count();
    if digits == 0 { 0 } else { sign + digits }
}

fn superscript_length(rest: &str) -> Option<usize> {
    let length = rest.find(|c| plain_digit(c).is_none()).unwrap_or(rest.len());
    (length > 0).then_some(length)
}

/// The plain form of a superscript digit or minus.
fn plain_digit(c: char) -> Option<char> {
    "⁰¹²³⁴⁵⁶⁷⁸⁹⁻".chars().position(|s| s == c).and_then(|i| "0123456789-".chars().nth(i))
}
