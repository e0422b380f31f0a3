//! Unit definitions.
//!
//! Every unit is written over the SI base units with one factor, which no reader can misunderstand. Units that
//! SBML cannot express (arbitrary activity, `U` and `IU`) are left out, which SBML reads as "unknown".

use hepatica_model::model::{Model, ModelUnits, NamedUnit, Species, Var, VarKind};
use hepatica_unit::{Base, Unit};

use super::ids::Ids;
use super::xml::{Xml, number};

const KINDS: [(Base, &str); 8] = [
    (Base::Length, "metre"),
    (Base::Mass, "kilogram"),
    (Base::Time, "second"),
    (Base::Current, "ampere"),
    (Base::Temperature, "kelvin"),
    (Base::Amount, "mole"),
    (Base::Luminosity, "candela"),
    (Base::Item, "item"),
];

/// The base units of SBML (L3V2 core, table 2), which no definition may be called.
const RESERVED: &[&str] = &[
    "ampere",
    "avogadro",
    "becquerel",
    "candela",
    "coulomb",
    "dimensionless",
    "farad",
    "gram",
    "gray",
    "henry",
    "hertz",
    "item",
    "joule",
    "katal",
    "kelvin",
    "kilogram",
    "litre",
    "lumen",
    "lux",
    "metre",
    "mole",
    "newton",
    "ohm",
    "pascal",
    "radian",
    "second",
    "siemens",
    "sievert",
    "steradian",
    "tesla",
    "volt",
    "watt",
    "weber",
];

/// The unit definitions of a document.
pub(super) struct Units {
    definitions: Vec<(String, Unit)>,
    ids: Ids,
}

impl Units {
    /// The definitions a model makes itself.
    pub(super) fn of(model: &Model) -> Units {
        let mut units = Units { definitions: Vec::new(), ids: Ids::default() };
        for reserved in RESERVED {
            units.ids.reserve(reserved);
        }
        for definition in model.unit_definitions.iter().filter(|d| expressible(&d.unit)) {
            units.define(&definition.name, &definition.unit);
        }
        units
    }

    fn define(&mut self, name: &str, unit: &Unit) -> String {
        let id = self.ids.give(name);
        self.definitions.push((id.clone(), unit.clone()));
        id
    }

    /// The identifier of a unit, defined when it is new; `None` when SBML cannot express it.
    fn id(&mut self, unit: &Unit, name: &str) -> Option<String> {
        if !expressible(unit) {
            return None;
        }
        let known = self.definitions.iter().find(|(_, d)| d.is_equivalent(unit));
        Some(match known {
            Some((id, _)) => id.clone(),
            None => self.define(&spelled(name), unit),
        })
    }

    /// The identifier of a unit as a person wrote it.
    pub(super) fn named(&mut self, unit: Option<&NamedUnit>) -> Option<String> {
        unit.and_then(|u| self.id(&u.unit, &u.written))
    }

    /// The unit of a species' amount: its own for one that stands for its amount, else that of its
    /// concentration times that of its compartment.
    pub(super) fn substance(&mut self, model: &Model, var: &Var, species: Species) -> Option<String> {
        let own = var.unit.as_ref()?;
        if species.substance_only {
            return self.named(Some(own));
        }
        let volume = volume_unit(&model.units, &model.vars[species.compartment])?;
        let amount = own.unit.times(&volume.unit).ok()?;
        self.id(&amount, &format!("{} {}", own.written, volume.written))
    }

    /// `listOfUnitDefinitions`, unless there is none.
    pub(super) fn write(&self, xml: &mut Xml) {
        if self.definitions.is_empty() {
            return;
        }
        xml.open("listOfUnitDefinitions", &[]);
        for (id, unit) in &self.definitions {
            xml.open("unitDefinition", &[("id", id)]);
            xml.open("listOfUnits", &[]);
            write_factors(xml, unit);
            xml.close();
            xml.close();
        }
        xml.close();
    }
}

/// The unit of a compartment: its own, or the one the model has for volumes.
fn volume_unit<'m>(units: &'m ModelUnits, compartment: &'m Var) -> Option<&'m NamedUnit> {
    let is_compartment = matches!(compartment.kind, VarKind::Compartment(_));
    is_compartment.then(|| compartment.unit.as_ref().or(units.volume.as_ref())).flatten()
}

fn expressible(unit: &Unit) -> bool {
    unit.dimension().exponent(Base::Activity).is_zero()
}

/// The factor, then each base unit with its power.
pub(super) fn write_factors(xml: &mut Xml, unit: &Unit) {
    let dimension = unit.dimension();
    let factor = unit.factor().to_f64();
    let row = |xml: &mut Xml, kind: &str, exponent: f64, multiplier: f64| {
        let (exponent, multiplier) = (number(exponent), number(multiplier));
        let rest = [("kind", kind), ("exponent", &*exponent), ("scale", "0"), ("multiplier", &*multiplier)];
        xml.empty("unit", &rest);
    };
    if factor != 1.0 || dimension.is_none() {
        row(xml, "dimensionless", 1.0, factor);
    }
    for (base, kind) in KINDS {
        let exponent = dimension.exponent(base);
        if !exponent.is_zero() {
            row(xml, kind, exponent.to_f64(), 1.0);
        }
    }
}

/// A unit's text as a name: `umol/L` becomes `umol_per_L`.
fn spelled(text: &str) -> String {
    let words = text.replace('/', " per ").replace(['*', '(', ')'], " ").replace('^', "");
    let joined: Vec<&str> = words.split_whitespace().collect();
    if joined.is_empty() { "unit".to_string() } else { joined.join("_") }
}
