//! Numbers as people write them.

use crate::{ParseError, ParseErrorKind};

/// A whole text as a finite number: digits, a decimal point, an exponent; white space around it is ignored.
///
/// # Errors
/// No number, something after it, `NaN`, `inf`, or a value beyond the range of `f64`.
pub fn parse_number(text: &str) -> Result<f64, ParseError> {
    let (value, end) = leading_number(text)?;
    let rest = text[end..].trim();
    if rest.is_empty() {
        return Ok(value);
    }
    let trimmed = text.trim();
    let start = text.len() - text.trim_start().len();
    let kind = ParseErrorKind::BadNumber(trimmed.to_string());
    let error = ParseError::new(kind, start..start + trimmed.len());
    Err(if rest.starts_with(',') {
        error.hint("write a decimal point and no thousands separator")
    } else {
        error
    })
}

/// The number a text starts with and the byte after it; white space in front is skipped.
///
/// # Errors
/// As [`parse_number`], except that anything may follow.
pub fn leading_number(text: &str) -> Result<(f64, usize), ParseError> {
    let start = text.len() - text.trim_start().len();
    let end = start + number_length(&text[start..]);
    if end == start {
        return Err(no_number(text, start));
    }
    let digits = &text[start..end];
    let value: f64 = digits
        .parse()
        .map_err(|_| ParseError::new(ParseErrorKind::BadNumber(digits.to_string()), start..end))?;
    let mantissa = digits.split(['e', 'E']).next().unwrap_or(digits);
    let vanished = value == 0.0 && mantissa.contains(|c: char| ('1'..='9').contains(&c));
    if !value.is_finite() || vanished {
        return Err(ParseError::new(ParseErrorKind::NotFinite(digits.to_string()), start..end)
            .hint("the number is beyond the range of double precision"));
    }
    Ok((value, end))
}

fn no_number(text: &str, start: usize) -> ParseError {
    let rest = &text[start..];
    if rest.is_empty() {
        return ParseError::new(ParseErrorKind::Empty, 0..text.len());
    }
    let word_end = rest.find(char::is_whitespace).unwrap_or(rest.len());
    let word = &rest[..word_end];
    let bare = word.trim_start_matches(['+', '-']).to_lowercase();
    let range = start..start + word_end;
    if ["nan", "inf", "infinity"].contains(&bare.as_str()) {
        return ParseError::new(ParseErrorKind::NotFinite(word.to_string()), range)
            .hint("give a finite number");
    }
    ParseError::new(ParseErrorKind::BadNumber(word.to_string()), range)
}

/// The bytes of the longest prefix that is a number: sign, digits with at most one point, exponent.
fn number_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let digits_from = |from: usize| bytes[from..].iter().take_while(|b| b.is_ascii_digit()).count();
    let mut at = usize::from(matches!(bytes.first(), Some(b'+' | b'-')));
    let whole = digits_from(at);
    at += whole;
    let mut decimals = 0;
    if bytes.get(at) == Some(&b'.') {
        decimals = digits_from(at + 1);
        if whole + decimals > 0 {
            at += 1 + decimals;
        }
    }
    if whole + decimals == 0 {
        return 0;
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
        let exponent = if at + 1 + sign <= bytes.len() { digits_from(at + 1 + sign) } else { 0 };
        if exponent > 0 {
            at += 1 + sign + exponent;
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_numbers() {
        for (text, value) in [("15", 15.0), (" -1.5e-3 ", -1.5e-3), (".5", 0.5), ("2.", 2.0), ("+3E2", 300.0)]
        {
            assert_eq!(parse_number(text), Ok(value), "{text}");
        }
        assert_eq!(leading_number("7d"), Ok((7.0, 1)));
        assert_eq!(leading_number("2e"), Ok((2.0, 1)));
        assert_eq!(leading_number(" 1.5.2"), Ok((1.5, 4)));
    }

    #[test]
    fn refuses_what_is_no_finite_number() {
        for text in [
            "", "  ", "x", ".", "-", "1,5", "1 2", "NaN", "nan", "-inf", "Infinity", "1e999", "1e-999",
            "0x10", "1_000",
        ] {
            assert!(parse_number(text).is_err(), "{text}");
        }
        assert!(matches!(parse_number("1e999").unwrap_err().kind, ParseErrorKind::NotFinite(_)));
        assert_eq!(parse_number("0e-999"), Ok(0.0));
    }
}
