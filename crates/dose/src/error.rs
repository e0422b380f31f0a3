//! What can be wrong with a dose.

use std::error::Error;
use std::fmt;

use hepatica_source::{Diagnostic, Span};
use hepatica_unit::ConvertError;

/// A dose that is refused.
#[derive(Clone, Debug, PartialEq)]
pub enum DoseError {
    /// A mass of a drug whose molar mass is not known.
    NoMolarMass {
        /// The drug as written.
        drug: String,
        /// The nearest known one.
        nearest: Option<String>,
    },
    /// The model does not take this drug by this route.
    NoPort {
        /// The drug or the ion of a salt.
        drug: String,
        /// The route.
        route: String,
        /// What the model takes.
        known: Vec<String>,
    },
    /// A dose per kilogram for a subject without a weight.
    NoWeight,
    /// A unit that does not fit.
    Dimension {
        /// What is measured.
        what: &'static str,
        /// The unit found.
        found: String,
        /// What is wanted, in words.
        wanted: &'static str,
    },
    /// A conversion that failed.
    Convert(ConvertError),
    /// A number below zero.
    Negative {
        /// What it measures.
        what: &'static str,
        /// The number as written.
        value: String,
    },
    /// A number that is zero or below.
    NotPositive {
        /// What it measures.
        what: &'static str,
        /// The number as written.
        value: String,
    },
    /// A number that is not finite.
    NotFinite {
        /// What it measures.
        what: &'static str,
    },
    /// A parameter that the subject does not have.
    UnknownParameter {
        /// Its name.
        name: String,
        /// The nearest one it has.
        nearest: Option<String>,
    },
    /// A steady state without the interval of its doses.
    SteadyWithoutInterval,
    /// A combination that has no agreed meaning.
    Unsupported {
        /// The combination, as a sentence about "the dose".
        what: &'static str,
    },
    /// A pause that ends before it begins.
    BackwardInterruption {
        /// Begin in h.
        from_h: f64,
        /// End in h.
        until_h: f64,
    },
    /// More actions than the limit.
    TooMany {
        /// The limit.
        limit: usize,
    },
}

impl DoseError {
    /// The stable code for diagnostics.
    pub fn code(&self) -> &'static str {
        match self {
            DoseError::NoMolarMass { .. } => "dose/unknown-drug",
            DoseError::NoPort { .. } => "dose/no-port",
            DoseError::NoWeight => "dose/no-weight",
            DoseError::Dimension { .. } => "dose/dimension",
            DoseError::Convert(error) => error.code(),
            DoseError::Negative { .. } => "dose/negative",
            DoseError::NotPositive { .. } => "dose/not-positive",
            DoseError::NotFinite { .. } => "dose/not-finite",
            DoseError::UnknownParameter { .. } => "dose/unknown-parameter",
            DoseError::SteadyWithoutInterval => "dose/no-interval",
            DoseError::Unsupported { .. } => "dose/unsupported",
            DoseError::BackwardInterruption { .. } => "dose/interruption",
            DoseError::TooMany { .. } => "dose/too-many",
        }
    }

    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        let meant = |nearest: &Option<String>| nearest.as_ref().map(|n| format!("did you mean `{n}`?"));
        match self {
            DoseError::NoMolarMass { nearest, .. } => meant(nearest)
                .or_else(|| Some("give the dose in moles, or a drug whose molar mass is known".to_string())),
            DoseError::NoPort { known, .. } if known.is_empty() => Some(
                "the model takes no doses; annotate a species with `urn:hepatica:dose:<drug>:<route>`".into(),
            ),
            DoseError::NoPort { known, .. } => Some(format!("the model takes {}", known.join(", "))),
            DoseError::NoWeight => {
                Some("give the weight of the subject, as in weight = \"70 kg\"".to_string())
            }
            DoseError::Dimension { wanted, .. } => Some(format!("give {wanted}")),
            DoseError::UnknownParameter { nearest, .. } => meant(nearest),
            DoseError::SteadyWithoutInterval => Some("give the interval between the doses".to_string()),
            _ => None,
        }
    }

    /// As a diagnostic at the place the dose was written.
    pub fn diagnostic(&self, span: Option<Span>) -> Diagnostic {
        let mut diagnostic = Diagnostic::error(self.code(), self.to_string());
        if let Some(span) = span {
            diagnostic = diagnostic.at(span, "");
        }
        match self.hint() {
            Some(hint) => diagnostic.hint(hint),
            None => diagnostic,
        }
    }
}

impl fmt::Display for DoseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DoseError::NoMolarMass { drug, .. } => write!(f, "the molar mass of `{drug}` is not known"),
            DoseError::NoPort { drug, route, .. } => {
                write!(f, "the model takes no `{drug}` by the route `{route}`")
            }
            DoseError::NoWeight => write!(f, "a dose per kilogram needs the weight of the subject"),
            DoseError::Dimension { what, found, .. } => write!(f, "{what} cannot be given in `{found}`"),
            DoseError::Convert(error) => write!(f, "{error}"),
            DoseError::Negative { what, value } => write!(f, "{what} is negative: {value}"),
            DoseError::NotPositive { what, value } => write!(f, "{what} must be above zero, not {value}"),
            DoseError::NotFinite { what } => write!(f, "{what} is not a finite number"),
            DoseError::UnknownParameter { name, .. } => write!(f, "the subject has no parameter `{name}`"),
            DoseError::SteadyWithoutInterval => {
                write!(f, "a steady state needs the interval between the doses")
            }
            DoseError::Unsupported { what } => write!(f, "unsupported: {what}"),
            DoseError::BackwardInterruption { from_h, until_h } => {
                write!(f, "the interruption from {from_h} h ends at {until_h} h, before it begins")
            }
            DoseError::TooMany { limit } => write!(f, "the doses make more than {limit} actions"),
        }
    }
}

impl Error for DoseError {}

impl From<ConvertError> for DoseError {
    fn from(error: ConvertError) -> DoseError {
        DoseError::Convert(error)
    }
}
