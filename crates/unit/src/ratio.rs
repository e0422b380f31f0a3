//! Rational exponents.

use std::fmt;

use crate::TooLarge;

/// The largest numerator or denominator of an exponent.
const LIMIT: i64 = 10_000;
/// The largest denominator looked for when an exponent is given as a decimal number.
const MAX_DECIMAL_DENOMINATOR: i32 = 100;

/// A reduced fraction with a positive denominator, the exponent of a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Ratio {
    num: i32,
    den: i32,
}

impl Ratio {
    /// Zero.
    pub const ZERO: Ratio = Ratio { num: 0, den: 1 };
    /// One.
    pub const ONE: Ratio = Ratio { num: 1, den: 1 };
    /// One half, the exponent of a square root.
    pub const HALF: Ratio = Ratio { num: 1, den: 2 };

    /// `num / den`, reduced.
    ///
    /// # Errors
    /// A zero denominator, or a reduced part beyond 10,000.
    pub fn new(num: i32, den: i32) -> Result<Ratio, TooLarge> {
        Ratio::reduced(i64::from(num), i64::from(den))
    }

    /// A whole number known to be small.
    pub(crate) const fn whole(num: i8) -> Ratio {
        Ratio { num: num as i32, den: 1 }
    }

    /// The fraction with a denominator of at most 100 that equals `value` to 1e-12, if there is one.
    pub fn from_f64(value: f64) -> Option<Ratio> {
        (1..=MAX_DECIMAL_DENOMINATOR).find_map(|den| {
            let num = (value * f64::from(den)).round();
            let near = (num / f64::from(den) - value).abs() <= 1e-12 * value.abs().max(1.0);
            (near && num.abs() <= LIMIT as f64).then(|| Ratio::new(num as i32, den).ok())?
        })
    }

    /// Numerator.
    pub fn num(self) -> i32 {
        self.num
    }

    /// Denominator, at least one.
    pub fn den(self) -> i32 {
        self.den
    }

    /// The value as a number.
    pub fn to_f64(self) -> f64 {
        f64::from(self.num) / f64::from(self.den)
    }

    /// Whether it is zero.
    pub fn is_zero(self) -> bool {
        self.num == 0
    }

    /// Whether it is below zero.
    pub fn is_negative(self) -> bool {
        self.num < 0
    }

    /// Sum.
    pub(crate) fn plus(self, other: Ratio) -> Result<Ratio, TooLarge> {
        let (a, b, c, d) = self.wide(other);
        Ratio::reduced(a * d + c * b, b * d)
    }

    /// Product.
    pub(crate) fn times(self, other: Ratio) -> Result<Ratio, TooLarge> {
        let (a, b, c, d) = self.wide(other);
        Ratio::reduced(a * c, b * d)
    }

    /// The same without its sign.
    pub(crate) fn abs(self) -> Ratio {
        Ratio { num: self.num.abs(), den: self.den }
    }

    fn wide(self, other: Ratio) -> (i64, i64, i64, i64) {
        (i64::from(self.num), i64::from(self.den), i64::from(other.num), i64::from(other.den))
    }

    fn reduced(num: i64, den: i64) -> Result<Ratio, TooLarge> {
        if den == 0 {
            return Err(TooLarge);
        }
        let divisor = gcd(num.unsigned_abs(), den.unsigned_abs()).max(1) as i64 * den.signum();
        let (num, den) = (num / divisor, den / divisor);
        if num.abs() > LIMIT || den > LIMIT {
            return Err(TooLarge);
        }
        Ok(Ratio { num: num as i32, den: den as i32 })
    }
}

impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.den == 1 { write!(f, "{}", self.num) } else { write!(f, "({}/{})", self.num, self.den) }
    }
}

/// The greatest common divisor; of zero and `b` it is `b`.
pub(crate) fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reduces_and_keeps_the_denominator_positive() {
        assert_eq!(Ratio::new(2, -4), Ratio::new(-1, 2));
        assert_eq!(Ratio::new(0, 7), Ok(Ratio::ZERO));
        assert_eq!(Ratio::new(1, 0), Err(TooLarge));
        assert_eq!(Ratio::new(20_001, 1), Err(TooLarge));
        assert!(Ratio::new(i32::MIN, -1).is_err());
    }

    #[test]
    fn decimals_become_fractions() {
        assert_eq!(Ratio::from_f64(0.5), Some(Ratio::HALF));
        assert_eq!(Ratio::from_f64(-2.0), Ratio::new(-2, 1).ok());
        assert_eq!(Ratio::from_f64(1.0 / 3.0), Ratio::new(1, 3).ok());
        assert_eq!(Ratio::from_f64(std::f64::consts::PI), None);
        assert_eq!(Ratio::from_f64(f64::NAN), None);
        assert_eq!(Ratio::from_f64(f64::INFINITY), None);
    }
}
