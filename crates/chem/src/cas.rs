//! CAS registry numbers: digits, hyphens and a check digit.
//!
//! The last digit is the sum of the others, each times its place counted from the right, modulo 10
//! (CAS, "Check Digit Verification of CAS Registry Numbers").

use std::error::Error;
use std::fmt;

/// A number in the form of a CAS registry number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CasNumber {
    body: u32,
    check: u32,
}

impl CasNumber {
    /// Reads `616-91-1`. The form is checked here, the check digit by [`CasNumber::is_valid`].
    ///
    /// # Errors
    /// Anything but two to seven digits, two digits and one digit with hyphens between.
    pub fn parse(text: &str) -> Result<CasNumber, NotCas> {
        let refused = || NotCas { text: text.to_string() };
        let parts: Vec<&str> = text.trim().split('-').collect();
        let [head, middle, check] = parts[..] else { return Err(refused()) };
        let digits = parts.iter().all(|p| p.bytes().all(|b| b.is_ascii_digit()));
        if !digits || !(2..=7).contains(&head.len()) || middle.len() != 2 || check.len() != 1 {
            return Err(refused());
        }
        let body = format!("{head}{middle}").parse().map_err(|_| refused())?;
        Ok(CasNumber { body, check: check.parse().map_err(|_| refused())? })
    }

    /// The sum of the digits before the last, each times its place counted from the right.
    pub fn weighted_sum(self) -> u32 {
        let mut rest = self.body;
        let mut sum = 0;
        for place in 1..=9 {
            sum += place * (rest % 10);
            rest /= 10;
        }
        sum
    }

    /// The check digit as written.
    pub fn check_digit(self) -> u32 {
        self.check
    }

    /// Whether the check digit is right. A right one does not make the number that of any compound.
    pub fn is_valid(self) -> bool {
        self.weighted_sum() % 10 == self.check
    }
}

impl fmt::Display for CasNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{:02}-{}", self.body / 100, self.body % 100, self.check)
    }
}

/// A text that has not the form of a CAS registry number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotCas {
    /// The text as written.
    pub text: String,
}

impl fmt::Display for NotCas {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` has not the form of a CAS number, such as 616-91-1", self.text)
    }
}

impl Error for NotCas {}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_number_of_the_source_has_a_right_check_digit() {
        let cas = CasNumber::parse("36330-79-7").unwrap();
        assert_eq!((cas.weighted_sum(), cas.check_digit(), cas.is_valid()), (107, 7, true));
        for text in ["616-91-1", "103-90-2", "7732-18-5"] {
            let cas = CasNumber::parse(text).unwrap();
            assert!(cas.is_valid() && cas.to_string() == text, "{text}");
        }
    }

    #[test]
    fn other_forms_are_refused() {
        for text in [
            "",
            "616911",
            "616-91",
            "6-91-1",
            "12345678-91-1",
            "616-9-1",
            "616-91-12",
            "a16-91-1",
            "٦١٦-91-1",
        ] {
            assert!(CasNumber::parse(text).is_err(), "{text}");
        }
    }

    proptest! {
        /// A wrong last digit is always found, and a right number reads back as it was printed.
        #[test]
        fn a_wrong_check_digit_is_found(body in 1000u32..999_999_999, by in 1u32..10) {
            let right = CasNumber { body, check: 0 }.weighted_sum() % 10;
            let right_number = CasNumber { body, check: right };
            prop_assert!(right_number.is_valid());
            let read = CasNumber::parse(&right_number.to_string()).unwrap();
            prop_assert_eq!(read, right_number);
            let wrong_number = CasNumber { body, check: (right + by) % 10 };
            prop_assert!(!wrong_number.is_valid());
        }
    }
}
