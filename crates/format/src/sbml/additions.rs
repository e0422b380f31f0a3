//! What one patient has beyond the model: values and doses.

use std::fmt;

use hepatica_model::model::{Model, Var, VarId, VarKind};

/// What to write beside the model.
#[derive(Clone, Debug, Default)]
pub struct WriteOptions {
    /// Values at time zero in place of the model's own, each as the name stands in mathematics (a species by
    /// its concentration unless it stands for its amount). For what a rule gives, a value is refused.
    pub values: Vec<(VarId, f64)>,
    /// What happens at one time, for example a bolus.
    pub interventions: Vec<Intervention>,
    /// What flows in between two times, for example an infusion.
    pub inputs: Vec<Input>,
}

/// Changes at one time. Of several at the same time, each sees the changes of those before it.
#[derive(Clone, Debug, PartialEq)]
pub struct Intervention {
    /// The name of the event; made unique if need be.
    pub name: String,
    /// When, in the model's unit of time.
    pub time: f64,
    /// What is changed; a species by its amount, anything else by its value.
    pub changes: Vec<(VarId, Change)>,
}

/// How a value changes. A species' amount is in the model's unit of substance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Change {
    /// By this much more (or less).
    Add(f64),
    /// To this.
    Set(f64),
}

/// A constant inflow. Inflows into one target add up.
///
/// It is written as a parameter that is 0 but for the time of the inflow, which events switch, and a reaction
/// that makes the target at that rate (or, for a target with a rate rule, a term of that rule).
#[derive(Clone, Debug, PartialEq)]
pub struct Input {
    /// The name of parameter, reaction and events; made unique if need be.
    pub name: String,
    /// Where it flows.
    pub target: VarId,
    /// Amount of substance per time for a species, value per time for anything else.
    pub rate: f64,
    /// From when, in the model's unit of time.
    pub start: f64,
    /// Until when.
    pub stop: f64,
}

/// Why a model could not be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WriteError {
    /// An expression has too many elements when its shared parts are written out.
    TooLarge,
    /// An expression speaks about something that is no variable of the model.
    ForeignSymbol,
    /// An operation that MathML does not have, by name.
    NoMathml(&'static str),
    /// An uncertainty that is neither a number nor the name of a quantity; whose.
    Uncertainty(String),
    /// A stoichiometry that is no number; the species.
    Stoichiometry(String),
    /// A fast reaction, which SBML Level 3 Version 2 does not have; its name.
    FastReaction(String),
    /// A value or dose for a variable that is not in the model.
    UnknownVariable,
    /// A value or dose for a variable that cannot take it: its name and why.
    NotSettable(String, &'static str),
    /// A time, value or rate that is not finite, or an inflow that ends before it starts; the name.
    BadNumber(String),
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            WriteError::TooLarge => {
                write!(f, "an expression of the model is too large to be written as SBML")
            }
            WriteError::ForeignSymbol => write!(f, "an expression does not belong to the model"),
            WriteError::NoMathml(op) => write!(f, "SBML has no operation `{op}`"),
            WriteError::Uncertainty(name) => {
                write!(f, "SBML can only say numbers and names about the uncertainty of `{name}`")
            }
            WriteError::Stoichiometry(species) => {
                write!(f, "the stoichiometry of `{species}` is no number; writing it is unsupported")
            }
            WriteError::FastReaction(name) => {
                write!(f, "SBML Level 3 Version 2 has no fast reactions such as `{name}`")
            }
            WriteError::UnknownVariable => {
                write!(f, "a value or dose is for a variable that is not in the model")
            }
            WriteError::NotSettable(name, why) => write!(f, "`{name}` cannot be set: {why}"),
            WriteError::BadNumber(name) => write!(f, "a time, value or rate of `{name}` makes no sense"),
        }
    }
}

impl std::error::Error for WriteError {}

const BY_RULE: &str = "a rule gives its value at all times";

impl WriteOptions {
    /// Refuses what the model cannot take.
    pub(super) fn check(&self, model: &Model) -> Result<(), WriteError> {
        for (id, value) in &self.values {
            let var = settable(model, *id)?;
            if value.is_infinite() {
                return Err(WriteError::BadNumber(var.name.clone()));
            }
        }
        self.interventions.iter().try_for_each(|i| i.check(model))?;
        self.inputs.iter().try_for_each(|i| i.check(model))
    }

    /// The value a variable has in place of its own; the last one given.
    pub(super) fn value(&self, id: VarId) -> Option<f64> {
        self.values.iter().rev().find(|(other, _)| *other == id).map(|(_, value)| *value)
    }

    /// Whether an intervention changes a variable.
    pub(super) fn changes(&self, id: VarId) -> bool {
        self.interventions.iter().any(|i| i.changes.iter().any(|(target, _)| *target == id))
    }
}

impl Intervention {
    fn check(&self, model: &Model) -> Result<(), WriteError> {
        let finite = |change: &Change| match change {
            Change::Add(x) | Change::Set(x) => x.is_finite(),
        };
        if !self.time.is_finite() || !self.changes.iter().all(|(_, c)| finite(c)) {
            return Err(WriteError::BadNumber(self.name.clone()));
        }
        self.changes.iter().try_for_each(|(id, _)| settable(model, *id).map(|_| ()))
    }
}

impl Input {
    fn check(&self, model: &Model) -> Result<(), WriteError> {
        let times = self.start.is_finite() && self.stop.is_finite() && self.start <= self.stop;
        if !times || !self.rate.is_finite() {
            return Err(WriteError::BadNumber(self.name.clone()));
        }
        let var = settable(model, self.target)?;
        let by_reactions = matches!(var.kind, VarKind::Species(s) if !s.boundary);
        if by_reactions || var.rate.is_some() {
            return Ok(());
        }
        Err(WriteError::NotSettable(
            var.name.clone(),
            "nothing can flow into it: no reaction or rate changes it",
        ))
    }
}

/// The variable, if it has a value of its own.
fn settable(model: &Model, id: VarId) -> Result<&Var, WriteError> {
    let var = model.vars.get(id).ok_or(WriteError::UnknownVariable)?;
    match (&var.kind, var.rule) {
        (VarKind::Reaction(_), _) => {
            Err(WriteError::NotSettable(var.name.clone(), "it is the rate of a reaction"))
        }
        (_, Some(_)) => Err(WriteError::NotSettable(var.name.clone(), BY_RULE)),
        _ => Ok(var),
    }
}
