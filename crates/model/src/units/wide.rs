//! The units of what has no name of its own: `unit substance = ..`, `unit time_unit = ..`.

use std::collections::HashSet;

use hepatica_source::Span;

use super::define::{Define, place};
use super::ledger::{Ledger, UnitId};
use super::messages::{Side, mismatch};
use crate::model::{ModelUnits, NamedUnit, UnitDefinition};
use crate::resolve::{Once, Table};

/// The names Antimony reserves for them.
const NAMES: [&str; 6] = ["substance", "extent", "volume", "area", "length", "time_unit"];

/// The ids of the units of a whole model.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Wide {
    found: [Option<(UnitId, Span)>; 6],
}

impl Wide {
    fn get(&self, name: &str) -> Option<UnitId> {
        let index = NAMES.iter().position(|n| *n == name)?;
        self.found[index].map(|(unit, _)| unit)
    }

    pub(crate) fn substance(&self) -> Option<UnitId> {
        self.get("substance")
    }

    /// Of extents: that of substances where the model does not say.
    pub(crate) fn extent(&self) -> Option<UnitId> {
        self.get("extent").or_else(|| self.substance())
    }

    pub(crate) fn volume(&self) -> Option<UnitId> {
        self.get("volume")
    }

    pub(crate) fn time(&self) -> Option<UnitId> {
        self.get("time_unit")
    }
}

/// Reads every definition of every instance: the definitions themselves for writers, and the units of the whole
/// model, on which all submodels must agree, because nothing converts between them.
pub(crate) fn read_definitions(
    table: &Table<'_>,
    ledger: &mut Ledger,
    diagnostics: &mut Once,
) -> (Wide, Vec<UnitDefinition>) {
    let mut wide = Wide::default();
    let mut definitions: Vec<(String, UnitId)> = Vec::new();
    let (mut known, mut names) = (HashSet::new(), HashSet::new());
    for (scope, instance) in table.scopes.enumerate() {
        for (name, written) in &instance.unit_order {
            let unit = match (Define { table, ledger }).unit(scope, written) {
                Ok(unit) => unit,
                Err(problem) => {
                    diagnostics.push(problem);
                    continue;
                }
            };
            if let Some(index) = NAMES.iter().position(|n| *n == name.value) {
                let here = (unit, place(written));
                match wide.found[index] {
                    Some((first, there)) if first != here.0 => {
                        let (a, b) = (ledger.text(here.0), ledger.text(first));
                        let message =
                            format!("`{}` is `{a}` in `{}` and `{b}` elsewhere", name.value, instance.prefix);
                        let sides =
                            [Side::named(here.0, here.1, "this"), Side::named(first, there, "the other")];
                        diagnostics.push(mismatch(ledger, message, sides));
                    }
                    Some(_) => {}
                    None => wide.found[index] = Some(here),
                }
            }
            // Submodels repeat the definitions they use; one of each is kept.
            if !known.contains(&(name.value.clone(), unit)) {
                let taken = names.contains(&name.value);
                let name = if taken { table.full_name(scope, &name.value) } else { name.value.clone() };
                names.insert(name.clone());
                known.insert((name.clone(), unit));
                definitions.push((name, unit));
            }
        }
    }
    let definition = |(name, unit)| UnitDefinition { name, unit: ledger.unit(unit).clone() };
    (wide, definitions.into_iter().map(definition).collect())
}

/// The units of a whole model for its readers.
pub(crate) fn named(wide: &Wide, ledger: &Ledger) -> ModelUnits {
    let of = |name: &str| {
        let unit = ledger.unit(wide.get(name)?).clone();
        Some(NamedUnit { unit, written: name.to_string(), shown: ledger.text(wide.get(name)?) })
    };
    ModelUnits {
        substance: of("substance"),
        extent: of("extent"),
        volume: of("volume"),
        area: of("area"),
        length: of("length"),
        time: of("time_unit"),
    }
}
