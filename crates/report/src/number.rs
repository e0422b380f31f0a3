//! Numbers as people read them, and as machines read them.
//!
//! Every number of a report, a figure or the terminal passes through this module, so that one rule decides on
//! digits, separators and signs. A value that is not finite is shown as [`MISSING`]: a reader never meets `NaN`.

/// What stands in place of a value that does not exist.
pub const MISSING: &str = "–";

/// Below this magnitude, and from [`PLAIN_TO`] on, a number is written with a power of ten.
const PLAIN_FROM: i32 = -4;
/// The first decimal exponent that is written with a power of ten.
const PLAIN_TO: i32 = 7;
/// Durations from this many hours on are told in days.
const DAYS_FROM_H: f64 = 48.0;

/// `value` with exactly `digits` significant digits, zeros at the end kept: `significant(1.2, 3)` is `1.20`.
///
/// Thousands are separated by a comma from 10,000 on; a power of ten appears only below 0.0001 and from ten
/// million on. `digits` is held between 1 and 17.
#[must_use]
pub fn significant(value: f64, digits: usize) -> String {
    written(value, digits, false)
}

/// Like [`significant`], without zeros at the end of the fraction: `short(1.20, 3)` is `1.2`.
#[must_use]
pub fn short(value: f64, digits: usize) -> String {
    written(value, digits, true)
}

/// `value` with a fixed number of decimals, with separated thousands and a true minus sign.
#[must_use]
pub fn decimals(value: f64, decimals: usize) -> String {
    if !value.is_finite() {
        return MISSING.to_owned();
    }
    let plain = format!("{:.*}", decimals.min(17), value.abs());
    signed(value < 0.0 && plain.bytes().any(|b| (b'1'..=b'9').contains(&b)), &separated(&plain))
}

/// A whole number with separated thousands.
#[must_use]
pub fn count(value: u64) -> String {
    separated(&value.to_string())
}

/// A duration given in hours: `30 min`, `8 h`, `3.5 d`; from 48 h on in days.
#[must_use]
pub fn hours(value_h: f64) -> String {
    let size = value_h.abs();
    if !value_h.is_finite() {
        MISSING.to_owned()
    } else if size >= DAYS_FROM_H {
        format!("{} d", short(value_h / 24.0, 3))
    } else if size >= 1.0 || size == 0.0 {
        format!("{} h", short(value_h, 3))
    } else {
        format!("{} min", short(value_h * 60.0, 2))
    }
}

/// A fraction as a percentage with `digits` significant digits: `percent(0.123, 2)` is `12 %`.
#[must_use]
pub fn percent(fraction: f64, digits: usize) -> String {
    let percent = fraction * 100.0;
    if percent.is_finite() { format!("{} %", short(percent, digits)) } else { MISSING.to_owned() }
}

/// Two ends of a range: `1.2–3.4`, or with the word "to" where a negative end would make the dash ambiguous.
#[must_use]
pub fn range(lower: f64, upper: f64, digits: usize) -> String {
    let joint = if lower < 0.0 || upper < 0.0 { " to " } else { "–" };
    format!("{}{joint}{}", end(lower, digits), end(upper, digits))
}

/// An estimate with its interval: `2.1 (1.2–3.4)`. `digits` are those of the estimate; the ends have as many
/// decimals, unless that would lose them.
#[must_use]
pub fn interval(value: f64, lower: f64, upper: f64, digits: usize) -> String {
    let Some(places) = common_decimals(value, [lower, upper], digits) else {
        return format!("{} ({})", significant(value, digits), range(lower, upper, digits));
    };
    let joint = if lower < 0.0 || upper < 0.0 { " to " } else { "–" };
    let [value, lower, upper] = [value, lower, upper].map(|number| decimals(number, places));
    format!("{value} ({lower}{joint}{upper})")
}

/// The decimals of `value` with `digits` significant digits, if they suit the ends of its interval as well.
fn common_decimals(value: f64, ends: [f64; 2], digits: usize) -> Option<usize> {
    if !value.is_finite() || value == 0.0 {
        return None;
    }
    let (_, exponent) = rounded(value.abs(), digits.clamp(1, 17));
    let places = i32::try_from(digits.clamp(1, 17)).ok()? - 1 - exponent;
    let least = 0.5 * 10f64.powi(-places);
    let kept = |end: f64| end == 0.0 || (end.abs() >= least && end.abs() < 1e7);
    let plain = (PLAIN_FROM..PLAIN_TO).contains(&exponent);
    (plain && ends.into_iter().all(kept)).then_some(places).and_then(|places| usize::try_from(places).ok())
}

/// The shortest text that reads back as the same `f64`, for files: no separators, an ASCII minus, and an
/// exponent (`1e-9`) only outside 1e-5 to 1e16. `NaN` is the empty text; infinities are `inf` and `-inf`.
#[must_use]
pub fn exact(value: f64) -> String {
    let size = value.abs();
    if value.is_nan() {
        String::new()
    } else if value.is_infinite() || size == 0.0 || (1e-5..1e16).contains(&size) {
        format!("{value}")
    } else {
        format!("{value:e}")
    }
}

/// An end of a range; an infinite end is an open one.
fn end(value: f64, digits: usize) -> String {
    if value == f64::INFINITY {
        "∞".to_owned()
    } else if value == f64::NEG_INFINITY {
        "−∞".to_owned()
    } else {
        significant(value, digits)
    }
}

fn written(value: f64, digits: usize, trim: bool) -> String {
    if !value.is_finite() {
        return MISSING.to_owned();
    }
    if value == 0.0 {
        return "0".to_owned();
    }
    let (mantissa, exponent) = rounded(value.abs(), digits.clamp(1, 17));
    let body = if (PLAIN_FROM..PLAIN_TO).contains(&exponent) {
        separated(&trimmed(positional(&mantissa, exponent), trim))
    } else {
        let fraction =
            if mantissa.len() > 1 { format!("{}.{}", &mantissa[..1], &mantissa[1..]) } else { mantissa };
        format!("{}×10{}", trimmed(fraction, trim), superscript(exponent))
    };
    signed(value < 0.0, &body)
}

/// The decimal digits of a positive number, correctly rounded, and the exponent of the first of them.
fn rounded(value: f64, digits: usize) -> (String, i32) {
    let text = format!("{:.*e}", digits - 1, value);
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    (mantissa.replace('.', ""), exponent.parse().unwrap_or(0))
}

/// Digits placed around the decimal point; an integer part longer than the digits is filled with zeros.
fn positional(digits: &str, exponent: i32) -> String {
    if exponent < 0 {
        let zeros = "0".repeat(exponent.unsigned_abs() as usize - 1);
        return format!("0.{zeros}{digits}");
    }
    let whole = exponent.unsigned_abs() as usize + 1;
    if digits.len() <= whole {
        format!("{digits}{}", "0".repeat(whole - digits.len()))
    } else {
        format!("{}.{}", &digits[..whole], &digits[whole..])
    }
}

fn trimmed(text: String, trim: bool) -> String {
    if trim && text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

/// Commas between groups of three in the integer part, from five digits on.
fn separated(plain: &str) -> String {
    let (whole, fraction) = plain.split_once('.').map_or((plain, None), |(w, f)| (w, Some(f)));
    let mut text = String::with_capacity(plain.len() + 4);
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && whole.len() > 4 && (whole.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if let Some(fraction) = fraction {
        text.push('.');
        text.push_str(fraction);
    }
    text
}

fn signed(negative: bool, body: &str) -> String {
    if negative { format!("−{body}") } else { body.to_owned() }
}

/// An exponent in superscript characters: `⁻⁵`.
pub(crate) fn superscript(exponent: i32) -> String {
    const DIGITS: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    let digits = exponent.unsigned_abs().to_string();
    let sign = if exponent < 0 { "⁻" } else { "" };
    let raised = digits.bytes().map(|b| DIGITS[usize::from(b - b'0')]);
    sign.chars().chain(raised).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn digits_are_kept_and_rounded() {
        let cases = [
            (1.2, 3, "1.20"),
            (0.000_123_45, 3, "0.000123"),
            (0.000_012_345, 3, "1.23×10⁻⁵"),
            (9.999, 3, "10.0"),
            (999_950.0, 4, "1,000,000"),
            (12_345.0, 3, "12,300"),
            (1234.0, 4, "1234"),
            (-0.5, 1, "−0.5"),
            (-6.02e23, 3, "−6.02×10²³"),
            (0.0, 3, "0"),
        ];
        for (value, digits, text) in cases {
            assert_eq!(significant(value, digits), text, "{value}");
        }
        assert_eq!(short(15.0, 3), "15");
        assert_eq!(short(1e9, 3), "1×10⁹");
        assert_eq!(short(10_000.0, 1), "10,000");
    }

    #[test]
    fn values_that_do_not_exist_are_a_dash() {
        for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            for text in [significant(value, 3), short(value, 3), decimals(value, 2), hours(value)] {
                assert_eq!(text, MISSING);
            }
            assert_eq!(percent(value, 2), MISSING);
        }
        assert_eq!(range(1.0, f64::INFINITY, 2), "1.0–∞");
    }

    #[test]
    fn durations_choose_their_unit() {
        let cases = [(0.0, "0 h"), (0.25, "15 min"), (8.0, "8 h"), (47.5, "47.5 h"), (84.0, "3.5 d")];
        for (value, text) in cases {
            assert_eq!(hours(value), text);
        }
    }

    #[test]
    fn decimals_never_show_a_negative_zero() {
        assert_eq!(decimals(-0.001, 2), "0.00");
        assert_eq!(decimals(-1234.5, 1), "−1234.5");
        assert_eq!(count(1_234_567), "1,234,567");
    }

    #[test]
    fn ranges_and_percentages() {
        assert_eq!(range(1.2, 3.4, 2), "1.2–3.4");
        assert_eq!(range(-1.0, 1.0, 2), "−1.0 to 1.0");
        assert_eq!(interval(2.0, 1.0, 4.0, 2), "2.0 (1.0–4.0)");
        assert_eq!(interval(1.04, 0.93, 11.6, 3), "1.04 (0.93–11.60)");
        assert_eq!(interval(5230.0, 4710.0, 6100.0, 2), "5200 (4700–6100)");
        assert_eq!(interval(3.0, 0.001, 4e8, 2), "3.0 (0.0010–4.0×10⁸)");
        assert_eq!(interval(-1.0, -2.5, 0.0, 2), "−1.0 (−2.5 to 0.0)");
        assert_eq!(interval(f64::NAN, 0.1, f64::INFINITY, 2), "– (0.10–∞)");
        assert_eq!(percent(0.123, 2), "12 %");
    }

    proptest! {
        #[test]
        fn exact_text_reads_back_as_the_same_bits(bits in any::<u64>()) {
            let value = f64::from_bits(bits);
            prop_assume!(!value.is_nan());
            prop_assert_eq!(exact(value).parse::<f64>().unwrap().to_bits(), value.to_bits());
        }

        #[test]
        fn significant_text_is_within_half_a_unit_of_its_last_digit(value in -1e12f64..1e12, digits in 1usize..10) {
            let text = significant(value, digits).replace(',', "").replace('−', "-");
            let (mantissa, power) = text.split_once("×10").unwrap_or((&text, ""));
            let exponent: i32 = power.chars().map(|c| match c {
                '⁻' => '-',
                raised => char::from(b"0123456789"["⁰¹²³⁴⁵⁶⁷⁸⁹".chars().position(|d| d == raised).unwrap()]),
            }).collect::<String>().parse().unwrap_or(0);
            let read: f64 = format!("{mantissa}e{exponent}").parse().unwrap();
            prop_assert!((read - value).abs() <= value.abs() * 0.5001 * 10f64.powi(1 - i32::try_from(digits).unwrap()));
        }
    }
}
