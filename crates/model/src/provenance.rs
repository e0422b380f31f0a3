//! Where numbers come from and where doses go: what a model's annotations say to Hepatica.
//!
//! A quantity carries links of the form `x description "uri"`. Links that begin with `urn:hepatica:` have a
//! meaning here, all others are sources:
//!
//! | link | meaning |
//! |---|---|
//! | `urn:hepatica:status:assumed` | the status of the number, see [`Status`] |
//! | `urn:hepatica:evidence:ID` | the claim or reference of the evidence ledger it rests on |
//! | `urn:hepatica:dose:DRUG:ROUTE` | doses of this drug by this route go here |
//! | `urn:hepatica:role:covariate` | the number is something known of a patient, which a study may set |

use hepatica_source::Status;

use crate::model::{Model, Uncertainty, Var, VarId};

/// Links that mark where a dose goes.
pub(crate) const DOSE_PREFIX: &str = "urn:hepatica:dose:";
const STATUS_PREFIX: &str = "urn:hepatica:status:";
const EVIDENCE_PREFIX: &str = "urn:hepatica:evidence:";
const COVARIATE: &str = "urn:hepatica:role:covariate";

/// Where a number comes from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Provenance {
    /// How sure it is; `None` when the model does not say.
    pub status: Option<Status>,
    /// Ids in the evidence ledger, in the order written.
    pub evidence: Vec<String>,
    /// Links to sources, in the order written.
    pub sources: Vec<String>,
    /// The values it may take.
    pub range: Option<(f64, f64)>,
    /// Whether it is something known of a patient.
    pub covariate: bool,
}

/// A quantity that takes doses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DosePort {
    /// The drug, e.g. `acetaminophen`.
    pub drug: String,
    /// The route, e.g. `oral`.
    pub route: String,
    /// What a dose adds to.
    pub var: VarId,
}

impl Model {
    /// The quantities that take doses, in the order of declaration.
    pub fn dose_ports(&self) -> Vec<DosePort> {
        let mut ports = Vec::new();
        for (var, declared) in self.vars.enumerate() {
            for annotation in &declared.annotations {
                if let Some((drug, route)) = dose_port(&annotation.uri) {
                    ports.push(DosePort { drug: drug.to_string(), route: route.to_string(), var });
                }
            }
        }
        ports
    }

    /// Where the number of a variable comes from.
    pub fn provenance(&self, id: VarId) -> Provenance {
        let mut provenance = Provenance::default();
        let Some(var) = self.vars.get(id) else { return provenance };
        for uri in var.annotations.iter().filter(|a| a.qualifier == "description").map(|a| a.uri.as_str()) {
            if let Some(word) = uri.strip_prefix(STATUS_PREFIX) {
                provenance.status = Status::from_word(word).or(provenance.status);
            } else if let Some(id) = uri.strip_prefix(EVIDENCE_PREFIX) {
                provenance.evidence.push(id.to_string());
            } else if uri == COVARIATE {
                provenance.covariate = true;
            } else if !uri.starts_with(DOSE_PREFIX) {
                provenance.sources.push(uri.to_string());
            }
        }
        let number = |node| self.number(node);
        provenance.range = var.uncertainty.range.and_then(|(low, high)| number(low).zip(number(high)));
        provenance
    }
}

impl Var {
    /// Removes what is said about a value that was replaced; dose ports and identities stay.
    pub(crate) fn forget_source(&mut self) {
        self.uncertainty = Uncertainty::default();
        self.annotations.retain(|a| a.qualifier != "description" || dose_port(&a.uri).is_some());
    }
}

/// Drug and route of a link that marks a dose port.
pub(crate) fn dose_port(uri: &str) -> Option<(&str, &str)> {
    uri.strip_prefix(DOSE_PREFIX)?
        .split_once(':')
        .filter(|(drug, route)| !drug.is_empty() && !route.is_empty())
}

/// What is wrong with a link that claims to have a meaning here.
pub(crate) fn malformed(uri: &str) -> Option<String> {
    if !uri.starts_with("urn:hepatica:") || dose_port(uri).is_some() || uri == COVARIATE {
        return None;
    }
    let status = uri.strip_prefix(STATUS_PREFIX).map(Status::from_word);
    match (status, uri.strip_prefix(EVIDENCE_PREFIX)) {
        (Some(Some(_)), _) => None,
        (_, Some(id)) if !id.is_empty() => None,
        (Some(None), _) => Some(format!("a status is one of {}", Status::WORDS)),
        _ => Some(
            "write urn:hepatica:status:WORD, urn:hepatica:evidence:ID, urn:hepatica:dose:DRUG:ROUTE or urn:hepatica:role:covariate"
                .into(),
        ),
    }
}
