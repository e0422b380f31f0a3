//! The one unit system: text -> [`Unit`] and [`Quantity`] -> numbers in another unit.
//!
//! A [`Unit`] is a product of named units with rational exponents. It knows its [`Dimension`] and its
//! [`Factor`] to the coherent SI unit, kept as an exact fraction times a power of ten, so that `mg` to `g` is
//! one correctly rounded division. A [`Quantity`] is a number with a unit. What cannot be read with certainty
//! is refused: an unknown unit with the nearest known one as hint, an ambiguous one with the way to write it,
//! an affine scale (degrees Celsius) always.
//!
//! Beside the SI base dimensions there are two of our own: `item` (counted things, as SBML has them) and
//! activity (`U`, `IU`: enzyme and other arbitrary activity, which no conversion turns into moles per second).
//!
//! What this crate does not do: mass to amount needs a molar mass and lives in `chem` and `dose`.

mod atoms;
mod dimension;
mod error;
mod factor;
mod number;
mod parse;
mod quantity;
mod ratio;
mod refused;
mod suggest;
mod unit;

pub use dimension::{Base, Dimension};
pub use error::{ConvertError, ParseError, ParseErrorKind, TooLarge};
pub use factor::Factor;
pub use number::{leading_number, parse_number};
pub use quantity::Quantity;
pub use ratio::Ratio;
pub use unit::Unit;
