//! `hepatica chem convert`: an amount of one compound as another that gives the same.

use hepatica_chem::{
    Basis, Compound, Content, Equivalence, Measure, NamedAmount, SPECIES, Species, content, equivalent,
    equivalent_dose, find,
};
use hepatica_clinic::magnesium_limits::{BLOCKED_AS_ANTIDOTE, UL_EFSA_MG, UL_IOM_MG};
use hepatica_report::number::{short, significant};
use hepatica_report::{Cell, Column};
use hepatica_source::Diagnostic;
use serde_json::{Value, json};

use super::layout::{paragraph, percent, table, warnings, with_unit};
use super::{measure, read, refused};
use crate::answer::{Answer, NOT_A_DEVICE};
use crate::evidence::ids_of;
use crate::refuse::Error;

/// The source of the factors between species.
const SPECIES_SOURCE: &str = "US FDA, Estimating the Maximum Safe Starting Dose, July 2005, table 1";
/// An equal mass that differs by more than this share is worth a warning.
const SWAP_TOLERANCE: f64 = 0.001;

/// What to convert.
#[derive(Clone, Debug, Default)]
pub struct ConvertRequest {
    /// Number, unit and compound: `600 mg NAC`, `25 mg/kg Mg(NAC)2`.
    pub amount: String,
    /// The compound to convert to.
    pub to: String,
    /// The species a dose per kilogram was given to.
    pub species: Option<String>,
    /// The species to scale it to; human when absent.
    pub to_species: Option<String>,
    /// The body weight a dose per kilogram is for.
    pub weight: Option<String>,
}

/// A dose between species.
struct Scaled {
    from: &'static Species,
    to: &'static Species,
    /// The factor of the dose per kilogram.
    factor: f64,
}

/// Converts an amount.
///
/// # Errors
/// What of the request cannot be read; compounds without a common part; a species or a weight for a dose that is not
/// per kilogram.
pub fn convert(request: &ConvertRequest) -> Result<Answer, Error> {
    let from = read("AMOUNT", &request.amount, NamedAmount::read)?;
    let to = target(&request.to)?;
    let scaled = scaled(request, from.basis)?;
    let weight_kg = weight(request, from.basis)?;
    let equal = equivalent(from.compound, from.mmol, to).map_err(|e| {
        refused("--to", &request.to, 0..request.to.len(), |span| {
            Diagnostic::error("chem/no-common-part", e.to_string()).at(span, "").hint(
                "convert between compounds that give acetylcysteine, or between those that give magnesium",
            )
        })
    })?;
    let result = Conversion { from, to, equal, scaled, weight_kg };
    Ok(Answer { text: result.text(), json: result.json() })
}

/// One compound of a group of steps.
struct Step {
    group: String,
    compound: &'static Compound,
    carried: Content,
    per_kg: bool,
}

struct Conversion {
    from: NamedAmount,
    to: &'static Compound,
    equal: Equivalence,
    scaled: Option<Scaled>,
    weight_kg: Option<f64>,
}

fn target(name: &str) -> Result<&'static Compound, Error> {
    find(name).map_err(|unknown| {
        let hint = unknown.nearest.as_ref().map_or_else(
            || "`hepatica chem list` has the compounds".to_string(),
            |near| format!("did you mean `{near}`?"),
        );
        refused("--to", name, 0..name.len(), |span| {
            Diagnostic::error("chem/unknown-compound", unknown.to_string()).at(span, "").hint(hint)
        })
    })
}

fn scaled(request: &ConvertRequest, basis: Basis) -> Result<Option<Scaled>, Error> {
    let Some(name) = &request.species else {
        return match &request.to_species {
            None => Ok(None),
            Some(_) => {
                Err(Error::Argument("--to-species needs --species, the one the dose was given to".into()))
            }
        };
    };
    if basis == Basis::Total {
        let message =
            "only a dose per kilogram is scaled between species; write for example `25 mg/kg Mg(NAC)2`";
        return Err(Error::Argument(message.into()));
    }
    let from = species("--species", name)?;
    let to = species("--to-species", request.to_species.as_deref().unwrap_or("human"))?;
    Ok(Some(Scaled { from, to, factor: equivalent_dose(1.0, from, to) }))
}

fn species(argument: &str, name: &str) -> Result<&'static Species, Error> {
    Species::find(name).ok_or_else(|| {
        let known: Vec<&str> = SPECIES.iter().map(|s| s.name).collect();
        refused(argument, name, 0..name.len(), |span| {
            Diagnostic::error("chem/unknown-species", format!("no factor is known for `{name}`"))
                .at(span, "")
                .hint(format!("known: {}", known.join(", ")))
        })
    })
}

fn weight(request: &ConvertRequest, basis: Basis) -> Result<Option<f64>, Error> {
    let Some(text) = &request.weight else { return Ok(None) };
    let kg = measure("--weight", text, Measure::Weight)?;
    if basis == Basis::Total {
        return Err(Error::Argument("--weight belongs to a dose per kilogram; this one is a total".into()));
    }
    Ok(Some(kg))
}

impl Conversion {
    /// As given and as the target; both scaled to the other species; both for a body weight.
    fn steps(&self) -> Vec<Step> {
        let per_kg = self.from.basis == Basis::PerKg;
        let factor = self.scaled.as_ref().map_or(1.0, |s| s.factor);
        let mut groups = vec![("as given".to_string(), 1.0, per_kg)];
        if let Some(scaled) = &self.scaled {
            groups.push((format!("{} to {}", scaled.from.name, scaled.to.name), factor, true));
        }
        if let Some(kg) = self.weight_kg {
            groups.push((format!("for {} kg", short(kg, 6)), factor * kg, false));
        }
        let mut steps = Vec::new();
        for (group, times, per_kg) in groups {
            let of = |compound, mmol: f64| Step {
                group: group.clone(),
                compound,
                carried: content(compound, mmol * times),
                per_kg,
            };
            steps.push(of(self.from.compound, self.from.mmol));
            // A compound converted to itself, as for scaling alone, is told once.
            if self.to.id != self.from.compound.id {
                steps.push(of(self.to, self.equal.mmol));
            }
        }
        steps
    }

    fn warnings(&self) -> Vec<String> {
        let mut out = Vec::new();
        let swap = self.equal.swap_error;
        if swap.abs() > SWAP_TOLERANCE {
            let direction = if swap < 0.0 { "under-doses" } else { "over-doses" };
            out.push(format!(
                "the same mass of {} in place of {} {direction} {} by {}; convert by amount, never mg for mg",
                self.to.id,
                self.from.compound.id,
                self.equal.shared,
                percent(swap.abs(), 2)
            ));
        }
        let salt = "magnesium-acetylcysteinate";
        if self.to.id == salt || self.from.compound.id == salt {
            out.push(BLOCKED_AS_ANTIDOTE.into());
        }
        if self.scaled.is_some() {
            out.push(format!(
                "body-surface scaling sets a starting dose for toxicology and predicts no effect ({SPECIES_SOURCE})"
            ));
        }
        out
    }

    fn text(&self) -> String {
        let mut out = String::new();
        let steps = self.steps();
        for pair in steps.chunk_by(|a, b| a.group == b.group) {
            out.push_str(&section(pair));
            out.push('\n');
        }
        out.push_str(&warnings(&self.warnings()));
        out.push_str(&paragraph(&format!(
            "Kept equal: {}. Anhydrous formula units unless the name says otherwise; molar masses from the abridged standard atomic weights 2021 (IUPAC); 1 mmol of magnesium is 2 mEq; upper levels of magnesium from supplements by the Institute of Medicine 1997 and EFSA.",
            self.equal.shared
        )));
        out.push_str(&format!("{NOT_A_DEVICE}\n"));
        out
    }

    fn json(&self) -> Value {
        let step = |step: &Step| {
            let carried = &step.carried;
            json!({
                "step": step.group,
                "compound": step.compound.id,
                "per_kg": step.per_kg,
                "mass_mg": carried.mg,
                "amount_mmol": carried.mmol,
                "acetylcysteine_mg": carried.acetylcysteine_mg,
                "magnesium": carried.magnesium.map(|m| json!({
                    "mg": m.mg,
                    "mmol": m.mmol,
                    "meq": m.meq,
                    "as_magnesium_sulfate_heptahydrate_mg": m.sulfate_heptahydrate_mg,
                    "multiple_of_upper_level_iom": (!step.per_kg).then_some(m.mg / UL_IOM_MG),
                    "multiple_of_upper_level_efsa": (!step.per_kg).then_some(m.mg / UL_EFSA_MG),
                })),
            })
        };
        json!({
            "schema": "hepatica.chem.convert/1",
            "kept_equal": self.equal.shared,
            "steps": self.steps().iter().map(step).collect::<Vec<_>>(),
            "mass_for_mass_error": self.equal.swap_error,
            "species": self.scaled.as_ref().map(|s| json!({
                "from": s.from.name, "from_km": s.from.km, "to": s.to.name, "to_km": s.to.km,
                "factor": s.factor, "source": SPECIES_SOURCE, "evidence": ids_of(SPECIES_SOURCE),
            })),
            "weight_kg": self.weight_kg,
            "warnings": self.warnings(),
            "notice": NOT_A_DEVICE,
        })
    }
}

/// The compounds of one group of steps side by side: many quantities of few compounds read better downwards.
fn section(steps: &[Step]) -> String {
    let heading = steps.first().map_or("", |s| s.group.as_str());
    let compounds = steps.iter().map(|s| Column::text(s.compound.id));
    let columns = std::iter::once(Column::text(heading)).chain(compounds).collect();
    let row = |name: &str, value: &dyn Fn(&Step) -> Option<(f64, &'static str)>| {
        let cell = |step: &Step| match value(step) {
            Some((value, unit)) => {
                let per = if step.per_kg { "/kg" } else { "" };
                Cell::Text(with_unit(value, 6, &format!("{unit}{per}")))
            }
            None => Cell::Missing,
        };
        std::iter::once(Cell::from(name)).chain(steps.iter().map(cell)).collect::<Vec<_>>()
    };
    let nac = |s: &Step| (s.carried.acetylcysteine_mg > 0.0).then_some((s.carried.acetylcysteine_mg, "mg"));
    let rows = vec![
        row("mass", &|s| Some((s.carried.mg, "mg"))),
        row("amount", &|s| Some((s.carried.mmol, "mmol"))),
        row("acetylcysteine", &nac),
        row("magnesium", &|s| s.carried.magnesium.map(|m| (m.mg, "mg"))),
        row("magnesium, amount", &|s| s.carried.magnesium.map(|m| (m.mmol, "mmol"))),
        row("magnesium, charge", &|s| s.carried.magnesium.map(|m| (m.meq, "mEq"))),
        row("as MgSO4.7H2O", &|s| s.carried.magnesium.map(|m| (m.sulfate_heptahydrate_mg, "mg"))),
    ];
    let of_limit = |name: String, limit_mg: f64| {
        let multiple = |s: &Step| s.carried.magnesium.filter(|_| !s.per_kg).map(|m| m.mg / limit_mg);
        let cell = |s: &Step| multiple(s).map_or(Cell::Missing, |m| Cell::Text(significant(m, 3)));
        std::iter::once(Cell::Text(name)).chain(steps.iter().map(cell)).collect::<Vec<_>>()
    };
    let mut rows = rows;
    rows.push(of_limit(format!("times {UL_IOM_MG} mg Mg/day (IOM)"), UL_IOM_MG));
    rows.push(of_limit(format!("times {UL_EFSA_MG} mg Mg/day (EFSA)"), UL_EFSA_MG));
    let shown = rows.into_iter().filter(|row: &Vec<Cell>| row.iter().skip(1).any(|c| *c != Cell::Missing));
    table(columns, shown.collect())
}
