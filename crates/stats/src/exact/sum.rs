//! A sum in fixed point, wide enough for every number.

use crate::bytes::{BytesError, Reader, Writer};

/// Bits per limb that count; the rest of a limb collects carries.
const LIMB_BITS: u32 = 32;

/// The lowest bit that a number can have is 2^-1074 and the highest 2^1023: 2,098 bits, and 64 more for as many
/// summands as can be counted.
const LIMBS: usize = 68;

/// Exponent of the lowest bit.
const LOWEST: i32 = -1074;

/// Summands after which the limbs pass their carries on. One adds less than 2^32 to a limb, so that 2^30 of them
/// and what stands there stay inside 63 bits.
const CARRY_AFTER: u32 = 1 << 30;

/// The exact sum of any numbers: the same for every order and every partition.
///
/// A long accumulator in fixed point: Kulisch U, Miranker WL, SIAM Rev 1986;28:1. Infinite summands and NaN are
/// counted and give what ordinary addition gives. About 600 bytes.
#[derive(Clone, Debug)]
pub struct ExactSum {
    /// Value: the sum of `limbs[i] * 2^(32 i - 1074)`.
    limbs: [i64; LIMBS],
    /// Summands since carries were passed on.
    pending: u32,
    /// How many were plus infinity, minus infinity, not a number.
    special: [u64; 3],
}

impl Default for ExactSum {
    fn default() -> ExactSum {
        ExactSum { limbs: [0; LIMBS], pending: 0, special: [0; 3] }
    }
}

impl PartialEq for ExactSum {
    fn eq(&self, other: &ExactSum) -> bool {
        self.special == other.special && self.carried() == other.carried()
    }
}

impl ExactSum {
    /// The sum of nothing.
    pub fn new() -> ExactSum {
        ExactSum::default()
    }

    /// Adds a number.
    pub fn add(&mut self, x: f64) {
        if !x.is_finite() {
            let place = if x.is_nan() { 2 } else { usize::from(x < 0.0) };
            self.special[place] += 1;
            return;
        }
        let bits = x.to_bits();
        let exponent = (bits >> 52 & 0x7ff) as u32;
        let fraction = bits & ((1 << 52) - 1);
        // Numbers below the normal ones have the exponent 0, stand where exponent 1 does, and lack the hidden bit.
        let mantissa = if exponent == 0 { fraction } else { fraction | 1 << 52 };
        let place = exponent.saturating_sub(1);
        let limb = (place / LIMB_BITS) as usize;
        let wide = u128::from(mantissa) << (place % LIMB_BITS);
        for (part, to) in self.limbs[limb..limb + 3].iter_mut().enumerate() {
            let piece = i64::from((wide >> (LIMB_BITS as usize * part)) as u32);
            *to += if x < 0.0 { -piece } else { piece };
        }
        self.pending += 1;
        if self.pending >= CARRY_AFTER {
            self.carry();
        }
    }

    /// Adds all that another sum holds.
    pub fn merge(&mut self, other: &ExactSum) {
        self.carry();
        for (to, limb) in self.limbs.iter_mut().zip(other.carried()) {
            *to += limb;
        }
        self.pending = 1;
        for (to, count) in self.special.iter_mut().zip(other.special) {
            *to += count;
        }
    }

    /// The sum, rounded once.
    pub fn value(&self) -> f64 {
        self.over(1)
    }

    /// The sum divided by a count, rounded once (towards 0 below the normal numbers); NaN over 0.
    pub fn over(&self, n: u64) -> f64 {
        let [plus, minus, nan] = self.special;
        if n == 0 || nan > 0 || (plus > 0 && minus > 0) {
            return f64::NAN;
        }
        if plus > 0 || minus > 0 {
            return if plus > 0 { f64::INFINITY } else { f64::NEG_INFINITY };
        }
        let (negative, magnitude) = self.magnitude();
        let (quotient, rest) = divided(magnitude, n);
        let value = rounded(&quotient, rest);
        if negative { -value } else { value }
    }

    /// The sum as two numbers: itself rounded, and what that leaves, rounded; together about 106 bits.
    pub(crate) fn pair(&self) -> (f64, f64) {
        let high = self.value();
        if !high.is_finite() {
            return (high, 0.0);
        }
        let mut rest = self.clone();
        rest.add(-high);
        (high, rest.value())
    }

    /// Passes carries on: all limbs but the last in 0 to 2^32, which makes the limbs unique.
    fn carry(&mut self) {
        self.limbs = self.carried();
        self.pending = 0;
    }

    fn carried(&self) -> [i64; LIMBS] {
        let mut limbs = self.limbs;
        let mut carry = 0;
        for limb in &mut limbs[..LIMBS - 1] {
            let whole = *limb + carry;
            carry = whole >> LIMB_BITS;
            *limb = whole & i64::from(u32::MAX);
        }
        limbs[LIMBS - 1] += carry;
        limbs
    }

    /// Sign and absolute value, whose limbs are all in 0 to 2^32 except the last, which is at least 0.
    fn magnitude(&self) -> (bool, [i64; LIMBS]) {
        let limbs = self.carried();
        if limbs[LIMBS - 1] >= 0 {
            return (false, limbs);
        }
        let opposite = ExactSum { limbs: limbs.map(|limb| -limb), ..ExactSum::default() };
        (true, opposite.carried())
    }

    /// How many summands were plus infinity, minus infinity, not a number.
    pub(crate) fn special(&self) -> [u64; 3] {
        self.special
    }

    pub(crate) fn write(&self, to: &mut Writer) {
        self.special.iter().for_each(|count| to.count(*count));
        let limbs = self.carried();
        let used = || limbs.iter().enumerate().filter(|(_, limb)| **limb != 0);
        to.count(used().count() as u64);
        for (place, limb) in used() {
            to.count(place as u64);
            to.word(*limb as u64);
        }
    }

    pub(crate) fn read(from: &mut Reader<'_>) -> Result<ExactSum, BytesError> {
        let mut sum = ExactSum::default();
        for count in &mut sum.special {
            *count = from.count()?;
        }
        let mut free = 0;
        for _ in 0..from.count()? {
            let place = from.count()? as usize;
            from.check(place >= free && place < LIMBS, "places of a sum in rising order")?;
            free = place + 1;
            let limb = from.word()? as i64;
            // The last limb carries the sign and stays far below this for 2^64 summands.
            let low = if place + 1 == LIMBS { -1 << LIMB_BITS } else { 0 };
            from.check(limb != 0 && (low..1 << LIMB_BITS).contains(&limb), "parts of a sum in their range")?;
            sum.limbs[place] = limb;
        }
        Ok(sum)
    }
}

/// Long division of a number by limbs; quotient and whether something is left.
fn divided(limbs: [i64; LIMBS], n: u64) -> ([u64; LIMBS], bool) {
    let mut quotient = [0; LIMBS];
    let mut rest = 0u128;
    for (to, limb) in quotient.iter_mut().zip(limbs).rev() {
        rest = rest << LIMB_BITS | limb as u128;
        *to = (rest / u128::from(n)) as u64;
        rest %= u128::from(n);
    }
    (quotient, rest != 0)
}

/// The nearest number, ties to even; `rest` says that something positive lies below the last limb.
fn rounded(limbs: &[u64; LIMBS], rest: bool) -> f64 {
    let Some(top) = limbs.iter().rposition(|limb| *limb != 0) else { return 0.0 };
    // Three limbs hold 65 leading bits or more; what lies below only breaks ties.
    let base = top.saturating_sub(2);
    let mut window =
        limbs[base..=top].iter().rev().fold(0u128, |sum, limb| sum << LIMB_BITS | u128::from(*limb));
    let mut exponent = LOWEST + (LIMB_BITS as usize * base) as i32;
    let mut sticky = rest || limbs[..base].iter().any(|limb| *limb != 0);
    // Down to 64 bits, so that the conversion below rounds once; the last bit takes all that is lost.
    let excess = (128 - window.leading_zeros()).saturating_sub(64);
    sticky |= window & ((1 << excess) - 1) != 0;
    window >>= excess;
    exponent += excess as i32;
    if window >> 53 != 0 {
        window |= u128::from(sticky);
    }
    libm::scalbn(window as f64, exponent)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sum(values: &[f64]) -> f64 {
        let mut sum = ExactSum::new();
        values.iter().for_each(|x| sum.add(*x));
        sum.value()
    }

    #[test]
    fn nothing_is_lost() {
        assert_eq!(sum(&[]), 0.0);
        assert_eq!(sum(&[1e308, 1.0, 5e-324, -1e308]), 1.0);
        assert_eq!(sum(&[1e308, 5e-324, -1e308]), 5e-324);
        assert_eq!(sum(&[f64::MAX, f64::MAX, -f64::MAX]), f64::MAX);
        assert_eq!(sum(&[-f64::MAX, -f64::MAX]), f64::NEG_INFINITY);
        assert_eq!(sum(&[0.1; 10]), 1.0);
        assert_eq!(sum(&[-0.1; 10]), -1.0);
        assert_eq!(sum(&[-5e-324, -5e-324]), -1e-323);
    }

    /// Halves go to the even neighbour; the smallest rest decides.
    #[test]
    fn rounds_to_nearest() {
        let half = 0.5 * f64::EPSILON;
        assert_eq!(sum(&[1.0, half]), 1.0);
        assert_eq!(sum(&[1.0, half, 5e-324]), 1.0 + f64::EPSILON);
        assert_eq!(sum(&[1.0, half, -5e-324]), 1.0);
        assert_eq!(sum(&[1.0 + f64::EPSILON, half]), 1.0 + 2.0 * f64::EPSILON);
        assert_eq!(sum(&[-1.0, -half, -5e-324]), -1.0 - f64::EPSILON);
    }

    #[test]
    fn means_are_rounded_once() {
        let mut sum = ExactSum::new();
        [1.0, 1.0, -3.0].iter().for_each(|x| sum.add(*x));
        assert_eq!((sum.over(3), sum.over(7)), (-1.0 / 3.0, -1.0 / 7.0));
        assert!(sum.over(0).is_nan());
        let mut large = ExactSum::new();
        (0..1000).for_each(|_| large.add(f64::MAX));
        assert_eq!((large.value(), large.over(1000)), (f64::INFINITY, f64::MAX));
    }

    #[test]
    fn infinities_and_nan() {
        assert_eq!(sum(&[1.0, f64::INFINITY]), f64::INFINITY);
        assert_eq!(sum(&[1.0, f64::NEG_INFINITY]), f64::NEG_INFINITY);
        assert!(sum(&[f64::INFINITY, f64::NEG_INFINITY]).is_nan() && sum(&[f64::NAN]).is_nan());
    }

    #[test]
    fn carries_are_passed_on_in_time() {
        let mut sum = ExactSum::new();
        for value in [f64::from(u32::MAX), -1.5, 3e-10] {
            sum.add(value);
            sum.pending = CARRY_AFTER - 1;
            sum.add(value);
            assert_eq!(sum.pending, 0);
        }
        assert_eq!(sum.value(), 2.0 * (f64::from(u32::MAX) - 1.5) + 6e-10);
    }

    proptest! {
        /// Whole numbers that i128 holds.
        #[test]
        fn as_whole_numbers(values in prop::collection::vec(-(1i64 << 53)..1 << 53, 0..50), n in 1u64..1000) {
            let mut sum = ExactSum::new();
            values.iter().for_each(|x| sum.add(*x as f64));
            let whole: i128 = values.iter().map(|x| i128::from(*x)).sum();
            prop_assert_eq!(sum.value(), whole as f64);
            let (high, low) = sum.pair();
            prop_assert_eq!(high as i128 + low as i128, whole);
            // A quotient of numbers that are exact is rounded once by the processor too.
            if whole.abs() < 1 << 53 {
                prop_assert_eq!(sum.over(n), whole as f64 / n as f64);
            }
        }

        #[test]
        fn order_and_partition_do_not_matter(
            bits in prop::collection::vec(any::<u64>(), 0..40),
            parts in prop::collection::vec(0usize..5, 40),
        ) {
            let values: Vec<f64> = bits.iter().map(|b| f64::from_bits(*b)).collect();
            let mut forward = ExactSum::new();
            values.iter().for_each(|x| forward.add(*x));
            let mut shares = vec![ExactSum::new(); 5];
            values.iter().zip(&parts).rev().for_each(|(x, part)| shares[*part].add(*x));
            let mut merged = ExactSum::new();
            shares.iter().for_each(|share| merged.merge(share));
            prop_assert_eq!(&merged, &forward);
            let write = |sum: &ExactSum| {
                let mut to = Writer::new(b"test");
                sum.write(&mut to);
                to.finish()
            };
            let bytes = write(&forward);
            prop_assert_eq!(&bytes, &write(&merged));
            let mut reader = Reader::new(&bytes, b"test").unwrap();
            let back = ExactSum::read(&mut reader).unwrap();
            reader.finish().unwrap();
            prop_assert_eq!(back, forward);
        }
    }
}
