//! Changing a checked model: values given by a study or on the command line.

use std::error::Error;
use std::fmt;

use hepatica_source::nearest;

use crate::model::{Model, VarId, VarKind};

/// Why a value cannot be given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SetError {
    /// There is no quantity of this name.
    Unknown {
        /// The name asked for.
        name: String,
        /// The nearest name there is.
        nearest: Option<String>,
    },
    /// A rule gives its value at all times.
    Ruled(String),
    /// It is the rate of a reaction.
    Reaction(String),
    /// The implicit compartment of species without one.
    Implicit(String),
    /// The value is not a finite number.
    NotFinite(String),
}

impl SetError {
    /// The stable code for diagnostics.
    pub fn code(&self) -> &'static str {
        match self {
            SetError::Unknown { .. } => "name/unknown",
            SetError::Ruled(_) => "value/ruled",
            SetError::Reaction(_) | SetError::Implicit(_) => "name/kind",
            SetError::NotFinite(_) => "value/not-finite",
        }
    }

    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            SetError::Unknown { nearest, .. } => {
                nearest.as_ref().map(|near| format!("did you mean `{near}`?"))
            }
            SetError::Ruled(_) => Some("give values to what its rule uses".to_string()),
            SetError::Reaction(_) => Some("give values to what its rate law uses".to_string()),
            SetError::Implicit(_) => Some("declare the compartment in the model".to_string()),
            SetError::NotFinite(_) => None,
        }
    }
}

impl fmt::Display for SetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SetError::Unknown { name, .. } => write!(f, "the model has no quantity `{name}`"),
            SetError::Ruled(name) => write!(f, "`{name}` follows a rule and cannot be given a value"),
            SetError::Reaction(name) => {
                write!(f, "`{name}` is the rate of a reaction and cannot be given a value")
            }
            SetError::Implicit(name) => write!(f, "`{name}` is always 1 and cannot be given another size"),
            SetError::NotFinite(name) => write!(f, "the value of `{name}` is not a finite number"),
        }
    }
}

impl Error for SetError {}

impl Model {
    /// Gives a quantity another value at time zero, in its unit: a species as its name stands in mathematics.
    /// A constant stays constant at the new value. What the model says about the old value's source and spread is
    /// removed with it.
    ///
    /// # Errors
    /// A name the model does not have (with the nearest it has), a quantity that has no value of its own, a value
    /// that is not finite. The model is then as before.
    pub fn set_value(&mut self, name: &str, value: f64) -> Result<VarId, SetError> {
        let Some(id) = self.find(name) else {
            let nearest = nearest(name, self.vars.iter().map(|var| var.name.as_str())).map(str::to_string);
            return Err(SetError::Unknown { name: name.to_string(), nearest });
        };
        let var = &mut self.vars[id];
        match var.kind {
            VarKind::Reaction(_) | VarKind::RateOf(_) => return Err(SetError::Reaction(name.to_string())),
            VarKind::Compartment(compartment) if compartment.implicit => {
                return Err(SetError::Implicit(name.to_string()));
            }
            _ if var.rule.is_some() => return Err(SetError::Ruled(name.to_string())),
            _ if !value.is_finite() => return Err(SetError::NotFinite(name.to_string())),
            _ => {}
        }
        var.initial = Some(self.graph.number(value));
        var.forget_source();
        Ok(id)
    }
}
