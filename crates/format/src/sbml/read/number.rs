//! Numbers and truths as XML Schema and MathML write them.

/// Why a number could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NumberError {
    /// It is none.
    Malformed,
    /// It is finite as written and infinite in double precision.
    TooLarge,
}

/// A `double` of XML Schema: decimal, `INF`, `-INF`, `NaN`.
pub(super) fn double(text: &str) -> Result<f64, NumberError> {
    match text.trim() {
        "INF" | "+INF" => Ok(f64::INFINITY),
        "-INF" => Ok(f64::NEG_INFINITY),
        "NaN" => Ok(f64::NAN),
        other => decimal(other),
    }
}

/// Digits, perhaps with a sign, a point and an exponent; not the words that Rust also reads as numbers.
fn decimal(text: &str) -> Result<f64, NumberError> {
    let plain = |c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.' | 'e' | 'E');
    if !text.chars().all(plain) {
        return Err(NumberError::Malformed);
    }
    let value: f64 = text.parse().map_err(|_| NumberError::Malformed)?;
    if value.is_finite() { Ok(value) } else { Err(NumberError::TooLarge) }
}

/// A `boolean` of XML Schema.
pub(super) fn boolean(text: &str) -> Option<bool> {
    match text.trim() {
        "true" | "1" => Some(true),
        "false" | "0" => Some(false),
        _ => None,
    }
}

/// The value of a `<cn>` of a type, from the texts between its separators.
///
/// The two parts of `e-notation` are read as one decimal number, which rounds once.
pub(super) fn constant(kind: &str, pieces: &[String]) -> Result<f64, NumberError> {
    match (kind, pieces) {
        ("real" | "integer", [text]) => double(text),
        ("e-notation", [mantissa, exponent]) => decimal(&format!("{}e{}", mantissa.trim(), exponent.trim())),
        // Some tools write the whole number into an element that claims to have two parts.
        ("e-notation", [text]) => double(text),
        ("rational", [above, below]) => Ok(double(above)? / double(below)?),
        _ => Err(NumberError::Malformed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_written() {
        for (text, value) in
            [("1", 1.0), (" -2.5e3 ", -2500.0), ("INF", f64::INFINITY), (".5", 0.5), ("5.", 5.0)]
        {
            assert_eq!(double(text), Ok(value), "{text}");
        }
        assert!(double("NaN").unwrap().is_nan());
        for text in ["", "inf", "nan", "infinity", "1,5", "0x10", "1e", "1_000"] {
            assert_eq!(double(text), Err(NumberError::Malformed), "{text}");
        }
        assert_eq!(double("1e999999999"), Err(NumberError::TooLarge));
    }

    #[test]
    fn constants_have_one_or_two_parts() {
        let parts = |parts: &[&str]| parts.iter().map(|p| p.to_string()).collect::<Vec<_>>();
        assert_eq!(constant("integer", &parts(&["3"])), Ok(3.0));
        assert_eq!(constant("e-notation", &parts(&["1.2", "-3"])), Ok(1.2e-3));
        assert_eq!(constant("rational", &parts(&["1", "4"])), Ok(0.25));
        assert_eq!(constant("rational", &parts(&["1"])), Err(NumberError::Malformed));
        assert_eq!(constant("complex", &parts(&["1", "2"])), Err(NumberError::Malformed));
    }
}
