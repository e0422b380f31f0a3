//! All units a check meets, each once, with products remembered.

use std::collections::{BTreeMap, HashMap};

use hepatica_expr::{IdVec, define_id};
use hepatica_unit::{Dimension, ParseError, Ratio, TooLarge, Unit};

use super::shown::shown;
use crate::resolve::ScopeId;

define_id! {
    /// A unit of a [`Ledger`]; equal ids are the same unit, however it was spelt.
    UnitId
}

/// The pure number, in every ledger.
pub(crate) const ONE: UnitId = UnitId(0);

/// How far the factors of two units may be apart, relative to one of them, to be the same.
const SAME: f64 = 1e-12;
/// After how many unknown spellings no other is looked up.
const MAX_UNKNOWN: usize = 200;

/// A store of units without duplicates.
#[derive(Debug)]
pub(crate) struct Ledger {
    units: IdVec<UnitId, Unit>,
    /// Units of one dimension by the bits of their factors.
    by_factor: HashMap<Dimension, BTreeMap<u64, UnitId>>,
    /// How many spellings were unknown.
    unknown: usize,
    products: HashMap<(UnitId, UnitId), UnitId>,
    powers: HashMap<(UnitId, i32, i32), UnitId>,
    /// Known units by their spelling.
    spelt: HashMap<String, UnitId>,
    /// Factors by their bits.
    factors: HashMap<u64, UnitId>,
    /// Units by the instance and name that define them, so that definitions which use each other twice cost no
    /// more than others.
    pub(crate) defined: HashMap<ScopeId, HashMap<String, UnitId>>,
}

impl Ledger {
    /// A ledger with the pure number.
    pub(crate) fn new() -> Self {
        let mut ledger = Ledger {
            units: IdVec::new(),
            by_factor: HashMap::new(),
            unknown: 0,
            products: HashMap::new(),
            powers: HashMap::new(),
            spelt: HashMap::new(),
            factors: HashMap::new(),
            defined: HashMap::new(),
        };
        ledger.intern(Unit::dimensionless());
        ledger
    }

    /// The id of a unit.
    pub(crate) fn intern(&mut self, unit: Unit) -> UnitId {
        let factor = unit.factor().to_f64();
        // Factors are positive, so that they and their bits are in the same order.
        let near = (factor * (1.0 - SAME)).to_bits()..=(factor * (1.0 + SAME)).to_bits();
        let alike = self.by_factor.entry(unit.dimension()).or_default();
        if let Some(known) = alike.range(near).map(|(_, id)| *id).min() {
            return known;
        }
        let id = self.units.push(unit);
        alike.insert(factor.to_bits(), id);
        id
    }

    /// A unit by a spelling that everyone knows.
    pub(crate) fn parse(&mut self, text: &str) -> Result<UnitId, ParseError> {
        if let Some(known) = self.spelt.get(text) {
            return Ok(*known);
        }
        let id = Unit::parse(text).map(|unit| self.intern(unit)).inspect_err(|_| self.unknown += 1)?;
        self.spelt.insert(text.to_string(), id);
        Ok(id)
    }

    /// Whether so many spellings were unknown that no other is looked up: finding what might be meant takes its time.
    pub(crate) fn is_tired(&self) -> bool {
        self.unknown >= MAX_UNKNOWN
    }

    /// Whether a spelling was met before.
    pub(crate) fn is_spelt(&self, text: &str) -> bool {
        self.spelt.contains_key(text)
    }

    /// A multiple of the pure number.
    pub(crate) fn factor(&mut self, number: f64) -> Result<UnitId, TooLarge> {
        if let Some(known) = self.factors.get(&number.to_bits()) {
            return Ok(*known);
        }
        let id = Unit::dimensionless().scaled(number).map(|unit| self.intern(unit))?;
        self.factors.insert(number.to_bits(), id);
        Ok(id)
    }

    /// The unit itself.
    pub(crate) fn unit(&self, id: UnitId) -> &Unit {
        &self.units[id]
    }

    /// The unit as people write it.
    pub(crate) fn text(&self, id: UnitId) -> String {
        shown(self.unit(id))
    }

    /// Product.
    pub(crate) fn times(&mut self, a: UnitId, b: UnitId) -> Result<UnitId, TooLarge> {
        if let Some(known) = self.products.get(&(a, b)) {
            return Ok(*known);
        }
        let product = self.unit(a).times(self.unit(b))?;
        let id = self.intern(product);
        self.products.insert((a, b), id);
        Ok(id)
    }

    /// Quotient.
    pub(crate) fn per(&mut self, a: UnitId, b: UnitId) -> Result<UnitId, TooLarge> {
        let inverse = self.power(b, Ratio::new(-1, 1)?)?;
        self.times(a, inverse)
    }

    /// Power.
    pub(crate) fn power(&mut self, a: UnitId, exponent: Ratio) -> Result<UnitId, TooLarge> {
        let key = (a, exponent.num(), exponent.den());
        if let Some(known) = self.powers.get(&key) {
            return Ok(*known);
        }
        let power = self.unit(a).pow(exponent)?;
        let id = self.intern(power);
        self.powers.insert(key, id);
        Ok(id)
    }
}
