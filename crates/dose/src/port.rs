//! Where a model takes doses.

use std::error::Error;
use std::fmt;

use crate::DoseError;

/// The place of a port in a [`PortTable`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PortId(pub u32);

impl PortId {
    /// As a place in a list.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// The ports of a model in a fixed order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PortTable {
    ports: Vec<Port>,
    untracked: Vec<String>,
}

#[derive(Clone, Debug, PartialEq)]
struct Port {
    name: String,
    drug: String,
    route: String,
}

impl PortTable {
    /// Ports named `<drug>:<route>`, as annotated in a model by `urn:hepatica:dose:<drug>:<route>`.
    ///
    /// # Errors
    /// A name of another form, or two names of one port.
    pub fn new<S: Into<String>>(names: impl IntoIterator<Item = S>) -> Result<PortTable, BadPort> {
        let mut ports: Vec<Port> = Vec::new();
        for name in names.into_iter().map(Into::into) {
            let (drug, route) = match name.rsplit_once(':') {
                Some((drug, route)) if !drug.is_empty() && !route.is_empty() => (drug, route),
                _ => return Err(BadPort::Form(name)),
            };
            let (drug, route) = (canonical_drug(drug), canonical_route(route));
            if ports.iter().any(|p| p.drug == drug && p.route == route) {
                return Err(BadPort::Twice(name));
            }
            ports.push(Port { name, drug, route });
        }
        Ok(PortTable { ports, untracked: Vec::new() })
    }

    /// The same ports of a model that says it does not follow some drugs: a dose of a salt passes over an ion
    /// that is named here and has no port, instead of being refused.
    #[must_use]
    pub fn without_tracking<S: AsRef<str>>(mut self, drugs: impl IntoIterator<Item = S>) -> PortTable {
        self.untracked.extend(drugs.into_iter().map(|d| canonical_drug(d.as_ref())));
        self
    }

    /// How many ports.
    pub fn len(&self) -> usize {
        self.ports.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ports.is_empty()
    }

    /// The names in order, as given.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.ports.iter().map(|p| p.name.as_str())
    }

    /// The name of a port, as given; empty for a port of another table.
    pub fn name(&self, port: PortId) -> &str {
        self.ports.get(port.index()).map_or("", |p| p.name.as_str())
    }

    /// The port of a drug and route, both by any of their names.
    pub fn find(&self, drug: &str, route: &str) -> Option<PortId> {
        let (drug, route) = (canonical_drug(drug), canonical_route(route));
        self.ports.iter().position(|p| p.drug == drug && p.route == route).map(|i| PortId(i as u32))
    }

    /// The ports one mole of the drug reaches and how many moles reach each: the drug's own port, or those of
    /// its ions when it is a salt without one.
    pub(crate) fn parts(&self, drug: &str, route: &str) -> Result<Vec<(PortId, f64)>, DoseError> {
        if let Some(port) = self.find(drug, route) {
            return Ok(vec![(port, 1.0)]);
        }
        let parts = hepatica_chem::find(drug).map_or_else(|_| vec![(drug, 1)], |c| c.parts());
        let mut found = Vec::new();
        for (part, count) in parts {
            match self.find(part, route) {
                Some(port) => found.push((port, f64::from(count))),
                None if self.untracked.contains(&canonical_drug(part)) => {}
                None => return Err(self.no_port(part, route)),
            }
        }
        if found.is_empty() { Err(self.no_port(drug, route)) } else { Ok(found) }
    }

    fn no_port(&self, drug: &str, route: &str) -> DoseError {
        let known = self.names().map(|n| format!("`{n}`")).collect();
        DoseError::NoPort { drug: drug.to_string(), route: route.to_string(), known }
    }
}

/// Whether two names are those of one drug.
pub fn same_drug(a: &str, b: &str) -> bool {
    canonical_drug(a) == canonical_drug(b)
}

/// A port that cannot be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadPort {
    /// Not `<drug>:<route>`.
    Form(String),
    /// Two names of one drug and route.
    Twice(String),
}

impl fmt::Display for BadPort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BadPort::Form(name) => write!(f, "`{name}` is no port; write `<drug>:<route>`"),
            BadPort::Twice(name) => write!(f, "`{name}` is declared twice"),
        }
    }
}

impl Error for BadPort {}

/// The id of a known drug, else the name in lower case.
fn canonical_drug(name: &str) -> String {
    hepatica_chem::find(name).map_or_else(|_| name.trim().to_lowercase(), |c| c.id.to_string())
}

/// The short name of a route: `po` and `per os` are `oral`, `intravenous` is `iv`.
pub fn canonical_route(name: &str) -> String {
    let plain: String = name.trim().to_lowercase().chars().filter(|c| *c != '.').collect();
    let short = match plain.as_str() {
        "po" | "per os" | "peroral" => "oral",
        "intravenous" => "iv",
        "intraperitoneal" => "ip",
        "subcutaneous" => "sc",
        "intramuscular" => "im",
        "inhalation" => "inhaled",
        other => other,
    };
    short.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_ports_by_any_name() {
        let ports = PortTable::new(["nac:intravenous", "acetaminophen:oral", "x:depot"]).unwrap();
        assert_eq!(ports.find("N-acetylcysteine", "i.v."), Some(PortId(0)));
        assert_eq!(ports.find("paracetamol", "PO"), Some(PortId(1)));
        assert_eq!(ports.find("X", "depot"), Some(PortId(2)));
        assert_eq!(ports.find("paracetamol", "iv"), None);
        assert_eq!(PortTable::new(["nac"]), Err(BadPort::Form("nac".into())));
        assert_eq!(
            PortTable::new(["nac:iv", "acetylcysteine:iv"]),
            Err(BadPort::Twice("acetylcysteine:iv".into()))
        );
    }

    #[test]
    fn a_salt_reaches_the_ports_of_its_ions() {
        let both = PortTable::new(["acetylcysteine:iv", "magnesium:iv"]).unwrap();
        assert_eq!(both.parts("Mg(NAC)2", "iv"), Ok(vec![(PortId(0), 2.0), (PortId(1), 1.0)]));
        let one = PortTable::new(["acetylcysteine:iv"]).unwrap();
        let error = one.parts("Mg(NAC)2", "iv").unwrap_err();
        assert_eq!(error.to_string(), "the model takes no `magnesium` by the route `iv`");
        assert_eq!(error.hint().as_deref(), Some("the model takes `acetylcysteine:iv`"));
        let waived = one.clone().without_tracking(["Mg"]);
        assert_eq!(waived.parts("Mg(NAC)2", "iv"), Ok(vec![(PortId(0), 2.0)]));
        assert!(waived.parts("magnesium-oxide", "iv").is_err(), "a dose that reaches nothing is refused");
    }
}
