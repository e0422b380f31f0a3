//! Dimensions: exponents of the base dimensions.

use std::fmt;

use crate::{Ratio, TooLarge};

/// A base dimension.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Base {
    /// Metre.
    Length,
    /// Kilogram.
    Mass,
    /// Second.
    Time,
    /// Ampere.
    Current,
    /// Kelvin.
    Temperature,
    /// Mole.
    Amount,
    /// Candela.
    Luminosity,
    /// Counted things; SBML keeps them apart from moles.
    Item,
    /// Enzyme or other arbitrary activity, in `U` or `IU`.
    Activity,
}

/// All base dimensions in the order of [`Dimension`]'s exponents.
const BASES: [Base; 9] = [
    Base::Length,
    Base::Mass,
    Base::Time,
    Base::Current,
    Base::Temperature,
    Base::Amount,
    Base::Luminosity,
    Base::Item,
    Base::Activity,
];

impl Base {
    /// The word used in messages.
    pub fn word(self) -> &'static str {
        match self {
            Base::Length => "length",
            Base::Mass => "mass",
            Base::Time => "time",
            Base::Current => "current",
            Base::Temperature => "temperature",
            Base::Amount => "amount",
            Base::Luminosity => "luminosity",
            Base::Item => "item",
            Base::Activity => "activity",
        }
    }
}

/// What a unit measures: the exponents of the base dimensions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Dimension([Ratio; 9]);

impl Dimension {
    /// A pure number.
    pub const NONE: Dimension = Dimension([Ratio::ZERO; 9]);

    /// A product of whole powers of base dimensions.
    pub(crate) fn of(powers: &[(Base, i8)]) -> Dimension {
        let mut exponents = [Ratio::ZERO; 9];
        for (base, power) in powers {
            exponents[*base as usize] = Ratio::whole(*power);
        }
        Dimension(exponents)
    }

    /// The exponent of a base dimension.
    pub fn exponent(&self, base: Base) -> Ratio {
        self.0[base as usize]
    }

    /// Whether it is a pure number.
    pub fn is_none(&self) -> bool {
        *self == Dimension::NONE
    }

    /// The dimension of a product.
    ///
    /// # Errors
    /// An exponent beyond 10,000.
    pub fn times(&self, other: &Dimension) -> Result<Dimension, TooLarge> {
        let mut product = *self;
        for (mine, theirs) in product.0.iter_mut().zip(other.0) {
            *mine = mine.plus(theirs)?;
        }
        Ok(product)
    }

    /// The dimension of a power.
    ///
    /// # Errors
    /// An exponent beyond 10,000.
    pub fn pow(&self, exponent: Ratio) -> Result<Dimension, TooLarge> {
        let mut power = *self;
        for mine in &mut power.0 {
            *mine = mine.times(exponent)?;
        }
        Ok(power)
    }
}

impl fmt::Display for Dimension {
    /// `mass/volume`, `amount/time`, `1`: for messages, with the everyday name where there is one.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut above = Vec::new();
        let mut below = Vec::new();
        for base in BASES {
            let exponent = self.exponent(base);
            let list = if exponent.is_negative() { &mut below } else { &mut above };
            if !exponent.is_zero() {
                list.push(power_word(base, exponent.abs()));
            }
        }
        let head = if above.is_empty() { "1".to_string() } else { above.join("*") };
        write!(f, "{head}")?;
        below.iter().try_for_each(|word| write!(f, "/{word}"))
    }
}

fn power_word(base: Base, exponent: Ratio) -> String {
    match (base, exponent.num(), exponent.den()) {
        (_, 1, 1) => base.word().to_string(),
        (Base::Length, 2, 1) => "area".to_string(),
        (Base::Length, 3, 1) => "volume".to_string(),
        _ => format!("{}^{exponent}", base.word()),
    }
}
