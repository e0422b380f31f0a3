//! Units: products of named units.

use std::fmt;
use std::str::FromStr;

use crate::atoms::{self, ATOMS, PREFIXES};
use crate::{Base, ConvertError, Dimension, Factor, ParseError, Ratio, TooLarge, parse};

/// A named unit with its prefix and exponent; prefix and atom are places in the tables.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Term {
    pub(crate) prefix: usize,
    pub(crate) atom: usize,
    pub(crate) exponent: Ratio,
}

/// A unit of measurement.
///
/// It is printed in a canonical form that parses back to the same unit: terms in the order they were written,
/// divisors each after a `/`, as in `mL/min/kg`. `==` compares the written form; two spellings of one unit
/// (`mg/L` and `ug/mL`) are compared with [`Unit::is_equivalent`].
#[derive(Clone, Debug, PartialEq)]
pub struct Unit {
    /// A number in front, from units defined in a model such as `1e-3 mole`.
    scale: Factor,
    terms: Vec<Term>,
    dimension: Dimension,
    factor: Factor,
}

impl Unit {
    /// The pure number.
    pub fn dimensionless() -> Unit {
        Unit { scale: Factor::ONE, terms: Vec::new(), dimension: Dimension::NONE, factor: Factor::ONE }
    }

    /// Gram.
    pub fn gram() -> Unit {
        Unit::named(0, atoms::GRAM)
    }

    /// Kilogram.
    pub fn kilogram() -> Unit {
        Unit::with_prefix("k", atoms::GRAM)
    }

    /// Milligram.
    pub fn milligram() -> Unit {
        Unit::with_prefix("m", atoms::GRAM)
    }

    /// Mole.
    pub fn mole() -> Unit {
        Unit::named(0, atoms::MOLE)
    }

    /// Micromole.
    pub fn micromole() -> Unit {
        Unit::with_prefix("u", atoms::MOLE)
    }

    /// Litre.
    pub fn litre() -> Unit {
        Unit::named(0, atoms::LITRE_ATOM)
    }

    /// Second.
    pub fn second() -> Unit {
        Unit::named(0, atoms::SECOND)
    }

    /// Hour.
    pub fn hour() -> Unit {
        Unit::named(0, atoms::HOUR)
    }

    /// Reads a unit: names with prefixes, `*` (or `·`, `.`), `/`, parentheses, powers (`^2`, `^(1/2)`, `m2`,
    /// `h-1`, `²`); a number may stand in front. `a/b*c` is read from left to right, `(a/b)*c`.
    ///
    /// # Errors
    /// Everything [`ParseError`] lists, with the bytes it is about.
    pub fn parse(text: &str) -> Result<Unit, ParseError> {
        parse::unit(text)
    }

    /// What it measures.
    pub fn dimension(&self) -> Dimension {
        self.dimension
    }

    /// The factor to the coherent SI unit of its dimension (metre, kilogram, second, mole, ...).
    pub fn factor(&self) -> Factor {
        self.factor
    }

    /// Whether one of its divisors has a part of `base`: true for mass in `mg/kg`, whose dimension is none.
    pub fn divides_by(&self, base: Base) -> bool {
        let has = |t: &Term| !Dimension::of(ATOMS[t.atom].powers).exponent(base).is_zero();
        self.terms.iter().any(|t| t.exponent.is_negative() && has(t))
    }

    /// Whether both measure the same thing.
    pub fn is_compatible(&self, other: &Unit) -> bool {
        self.dimension == other.dimension
    }

    /// Whether both are the same unit, however written: same dimension, factors equal to 1e-12.
    pub fn is_equivalent(&self, other: &Unit) -> bool {
        let ratio = self.factor.times(other.factor.inverse()).map_or(f64::NAN, Factor::to_f64);
        self.is_compatible(other) && (ratio - 1.0).abs() <= 1e-12
    }

    /// Product.
    ///
    /// # Errors
    /// An exponent or factor out of range.
    pub fn times(&self, other: &Unit) -> Result<Unit, TooLarge> {
        let mut terms = self.terms.clone();
        for term in &other.terms {
            match terms.iter().position(|t| (t.prefix, t.atom) == (term.prefix, term.atom)) {
                Some(i) => terms[i].exponent = terms[i].exponent.plus(term.exponent)?,
                None => terms.push(*term),
            }
        }
        terms.retain(|t| !t.exponent.is_zero());
        Ok(Unit {
            scale: self.scale.times(other.scale)?,
            terms,
            dimension: self.dimension.times(&other.dimension)?,
            factor: self.factor.times(other.factor)?,
        })
    }

    /// Quotient.
    ///
    /// # Errors
    /// An exponent or factor out of range.
    pub fn per(&self, other: &Unit) -> Result<Unit, TooLarge> {
        self.times(&other.pow(Ratio::whole(-1))?)
    }

    /// Power.
    ///
    /// # Errors
    /// An exponent or factor out of range.
    pub fn pow(&self, exponent: Ratio) -> Result<Unit, TooLarge> {
        let mut terms = self.terms.clone();
        for term in &mut terms {
            term.exponent = term.exponent.times(exponent)?;
        }
        terms.retain(|t| !t.exponent.is_zero());
        let (dimension, factor) = (self.dimension.pow(exponent)?, self.factor.pow(exponent)?);
        Ok(Unit { scale: self.scale.pow(exponent)?, terms, dimension, factor })
    }

    /// A multiple: `mole.scaled(1e-3)` is a millimole, printed `0.001*mol`.
    ///
    /// # Errors
    /// A multiplier that is not positive and finite.
    pub fn scaled(&self, multiplier: f64) -> Result<Unit, TooLarge> {
        let number = Factor::from_f64(multiplier)?;
        let (scale, factor) = (self.scale.times(number)?, self.factor.times(number)?);
        Ok(Unit { scale, factor, ..self.clone() })
    }

    /// `value` of this unit in another.
    ///
    /// # Errors
    /// Both units by name when they measure different things; a result out of range.
    pub fn convert(&self, value: f64, to: &Unit) -> Result<f64, ConvertError> {
        if !self.is_compatible(to) {
            return Err(ConvertError::Mismatch {
                from: self.to_string(),
                from_dimension: self.dimension.to_string(),
                to: to.to_string(),
                to_dimension: to.dimension.to_string(),
            });
        }
        let overflow = || ConvertError::Overflow { from: self.to_string(), to: to.to_string() };
        let ratio = self.factor.times(to.factor.inverse()).map_err(|_| overflow())?;
        let converted = ratio.apply(value);
        let vanished = converted == 0.0 && value != 0.0;
        if converted.is_finite() && !vanished { Ok(converted) } else { Err(overflow()) }
    }

    pub(crate) fn named(prefix: usize, atom: usize) -> Unit {
        let entry = &ATOMS[atom];
        let (digits, exp10) = entry.factor;
        let terms = vec![Term { prefix, atom, exponent: Ratio::ONE }];
        Unit {
            scale: Factor::ONE,
            terms,
            dimension: Dimension::of(entry.powers),
            factor: Factor::decimal(digits, exp10 + PREFIXES[prefix].exp10),
        }
    }

    fn with_prefix(symbol: &str, atom: usize) -> Unit {
        Unit::named(atoms::prefix_of(symbol).unwrap_or(0), atom)
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut empty = self.scale == Factor::ONE;
        if !empty {
            write!(f, "{}", self.scale.to_f64())?;
        }
        for term in self.terms.iter().filter(|t| !t.exponent.is_negative()) {
            let sign = if empty { "" } else { "*" };
            write!(f, "{sign}{}", TermText(term))?;
            empty = false;
        }
        if empty {
            write!(f, "1")?;
        }
        for term in self.terms.iter().filter(|t| t.exponent.is_negative()) {
            write!(f, "/{}", TermText(term))?;
        }
        Ok(())
    }
}

/// A term without the sign of its exponent.
struct TermText<'a>(&'a Term);

impl fmt::Display for TermText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let exponent = self.0.exponent.abs();
        write!(f, "{}{}", PREFIXES[self.0.prefix].symbol, ATOMS[self.0.atom].symbols[0])?;
        if exponent == Ratio::ONE { Ok(()) } else { write!(f, "^{exponent}") }
    }
}

impl FromStr for Unit {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Unit, ParseError> {
        Unit::parse(text)
    }
}
