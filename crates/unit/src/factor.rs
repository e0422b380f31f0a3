//! Exact conversion factors.

use crate::ratio::gcd;
use crate::{Ratio, TooLarge};

/// Whole numbers up to here are exact in an `f64`.
const EXACT: f64 = 9_007_199_254_740_992.0;
/// The largest power of ten kept; far beyond any `f64`, so that a product of huge powers is refused early.
const MAX_EXP10: i64 = 1_000_000;

/// A positive factor `num / den * 10^exp10`.
///
/// `num` and `den` are whole and without common divisor as long as the value allows it; a root or a very long
/// product falls back to a rounded `num` with `den` one. Products of usual units are therefore exact, and a
/// conversion rounds at most twice.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Factor {
    num: f64,
    den: f64,
    exp10: i32,
}

impl Factor {
    /// One.
    pub const ONE: Factor = Factor { num: 1.0, den: 1.0, exp10: 0 };

    /// `digits * 10^exp10` of a table entry: `digits` is a positive whole number.
    pub(crate) fn decimal(digits: u64, exp10: i32) -> Factor {
        Factor { num: digits as f64, den: 1.0, exp10 }.normal().unwrap_or(Factor::ONE)
    }

    /// The factor a positive number means, read from its shortest decimal text: 0.1 is exactly a tenth.
    ///
    /// # Errors
    /// A number that is not positive and finite.
    pub fn from_f64(value: f64) -> Result<Factor, TooLarge> {
        if !(value.is_finite() && value > 0.0) {
            return Err(TooLarge);
        }
        let text = format!("{value:e}");
        let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let decimals = mantissa.split_once('.').map_or(0, |(_, tail)| tail.len() as i32);
        let digits: f64 = mantissa.replace('.', "").parse().map_err(|_| TooLarge)?;
        let exponent: i32 = exponent.parse().map_err(|_| TooLarge)?;
        Factor { num: digits, den: 1.0, exp10: exponent - decimals }.normal()
    }

    /// The value, correctly rounded where the fraction is exact; infinite or zero beyond the range of `f64`.
    pub fn to_f64(self) -> f64 {
        self.apply(1.0)
    }

    /// `value` times this factor.
    pub(crate) fn apply(self, value: f64) -> f64 {
        let up = self.num * power_of_ten(self.exp10.max(0));
        let down = self.den * power_of_ten((-self.exp10).max(0));
        if up.is_finite() && down.is_finite() {
            return value * up / down;
        }
        // The power of ten alone leaves the range of f64; value and mantissa may bring it back.
        let half = self.exp10 / 2;
        let ten = |e: i32| if e < 0 { 1.0 / power_of_ten(-e) } else { power_of_ten(e) };
        value * self.num / self.den * ten(half) * ten(self.exp10 - half)
    }

    /// Product.
    pub(crate) fn times(self, other: Factor) -> Result<Factor, TooLarge> {
        let exp10 = self.exp10.checked_add(other.exp10).ok_or(TooLarge)?;
        let (a, d) = cancelled(self.num, other.den);
        let (c, b) = cancelled(other.num, self.den);
        Factor { num: a * c, den: b * d, exp10 }.normal()
    }

    /// One over this.
    pub(crate) fn inverse(self) -> Factor {
        Factor { num: self.den, den: self.num, exp10: -self.exp10 }
    }

    /// Power with a rational exponent.
    pub(crate) fn pow(self, exponent: Ratio) -> Result<Factor, TooLarge> {
        let root = self.root(exponent.den())?;
        let base = if exponent.is_negative() { root.inverse() } else { root };
        let mut result = Factor::ONE;
        let mut square = base;
        let mut left = exponent.num().unsigned_abs();
        while left > 0 {
            if left & 1 == 1 {
                result = result.times(square)?;
            }
            left >>= 1;
            if left > 0 {
                square = square.times(square)?;
            }
        }
        Ok(result)
    }

    fn root(self, degree: i32) -> Result<Factor, TooLarge> {
        if degree == 1 {
            return Ok(self);
        }
        // 10^(q*k + r) has the root 10^k * (10^r)^(1/q).
        let rest = self.exp10.rem_euclid(degree);
        let exp10 = (self.exp10 - rest) / degree;
        let num = whole_root(self.num * power_of_ten(rest), degree);
        Factor { num, den: whole_root(self.den, degree), exp10 }.normal()
    }

    fn normal(self) -> Result<Factor, TooLarge> {
        let (mut num, mut den, mut exp10) = (self.num, self.den, i64::from(self.exp10));
        if !(is_whole(num) && is_whole(den)) {
            (num, den) = (num / den, 1.0);
        }
        if !(num.is_finite() && num > 0.0) {
            return Err(TooLarge);
        }
        exp10 += stripped_tens(&mut num) - stripped_tens(&mut den);
        if !is_whole(num) || !is_whole(den) {
            let shift = num.log10().floor() as i32;
            num = Factor { num: 1.0, den: 1.0, exp10: -shift }.apply(num);
            exp10 += i64::from(shift);
        } else {
            (num, den) = cancelled(num, den);
        }
        if exp10.abs() > MAX_EXP10 {
            return Err(TooLarge);
        }
        Ok(Factor { num, den, exp10: exp10 as i32 })
    }
}

/// `10^exponent`, correctly rounded; infinite beyond 308.
fn power_of_ten(exponent: i32) -> f64 {
    format!("1e{exponent}").parse().unwrap_or(f64::INFINITY)
}

fn is_whole(x: f64) -> bool {
    x.fract() == 0.0 && x.abs() < EXACT
}

/// Both without their common divisor, where both are whole.
fn cancelled(a: f64, b: f64) -> (f64, f64) {
    if !(is_whole(a) && is_whole(b)) {
        return (a, b);
    }
    let divisor = gcd(a as u64, b as u64).max(1) as f64;
    (a / divisor, b / divisor)
}

/// Divides tens out of a whole number and counts them.
fn stripped_tens(x: &mut f64) -> i64 {
    let mut count = 0;
    while is_whole(*x) && *x >= 10.0 && *x % 10.0 == 0.0 {
        *x /= 10.0;
        count += 1;
    }
    count
}

/// The root, made whole when it is one exactly.
fn whole_root(x: f64, degree: i32) -> f64 {
    let root = if degree == 2 { x.sqrt() } else { x.powf(1.0 / f64::from(degree)) };
    let near = root.round();
    let back = (0..degree.min(64)).fold(1.0, |product, _| product * near);
    if is_whole(x) && back == x { near } else { root }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_of_table_factors_are_exact() {
        let hour = Factor::decimal(3600, 0);
        let milli = Factor::decimal(1, -3);
        let there = hour.times(milli).and_then(|x| x.times(hour.inverse())).map(Factor::to_f64);
        assert_eq!(there, Ok(0.001));
    }

    #[test]
    fn decimal_text_is_what_a_number_means() {
        assert_eq!(Factor::from_f64(0.1), Ok(Factor::decimal(1, -1)));
        assert_eq!(Factor::from_f64(3600.0), Ok(Factor::decimal(36, 2)));
        assert_eq!(Factor::from_f64(1e-300).map(Factor::to_f64), Ok(1e-300));
        for bad in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert_eq!(Factor::from_f64(bad), Err(TooLarge));
        }
    }

    #[test]
    fn roots_are_exact_where_they_exist() {
        assert_eq!(Factor::decimal(36, 2).pow(Ratio::HALF), Ok(Factor::decimal(60, 0)));
        let root = Factor::decimal(1, -3).pow(Ratio::HALF).map(Factor::to_f64).unwrap();
        assert!((root - 1e-3f64.sqrt()).abs() < 1e-17);
        let back = Factor::decimal(1, -3).pow(Ratio::HALF).and_then(|r| r.times(r)).unwrap();
        assert!((back.to_f64() - 1e-3).abs() < 1e-17);
    }

    #[test]
    fn huge_powers_are_refused_or_stay_finite_in_parts() {
        let big = Factor::decimal(36, 2).pow(Ratio::new(500, 1).unwrap()).unwrap();
        assert_eq!(big.to_f64(), f64::INFINITY);
        assert!((big.times(big.inverse()).unwrap().to_f64() - 1.0).abs() < 1e-12);
        let kilo = Factor::decimal(1, 30).pow(Ratio::new(10_000, 1).unwrap()).unwrap();
        assert!(kilo.pow(Ratio::new(10_000, 1).unwrap()).is_err());
    }
}
