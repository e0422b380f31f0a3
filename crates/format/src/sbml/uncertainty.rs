//! How sure a value is, in the package `distrib` (SBML Level 3 Package: Distributions, Version 1).

use hepatica_expr::{Node, NodeId, Symbol};
use hepatica_model::model::{Distribution, Model, Uncertainty, Var, VarId};

use super::additions::WriteError;
use super::document::{Document, Row};
use super::math::{Use, open_math};
use super::xml::number;

/// The namespace of the package.
pub(super) const NAMESPACE: &str = "http://www.sbml.org/sbml/level3/version1/distrib/version1";

/// Names of parameters that the package calls otherwise.
const RENAMED: [(&str, &str); 1] = [("coefficientOfVariation", "coeffientOfVariation")];

/// Whether any quantity of a model says how sure it is.
pub(super) fn is_needed(model: &Model) -> bool {
    model.vars.iter().any(says_something)
}

/// Whether a quantity says how sure it is.
pub(super) fn says_something(var: &Var) -> bool {
    var.uncertainty != Uncertainty::default()
}

impl Document<'_> {
    /// What a quantity says about its uncertainty, inside its open element.
    pub(super) fn uncertainty(&mut self, var: &Var) -> Result<(), WriteError> {
        if !says_something(var) {
            return Ok(());
        }
        let uncertainty = &var.uncertainty;
        self.xml.open("distrib:listOfUncertainties", &[]);
        self.xml.open("distrib:uncertainty", &[]);
        if let Some(distribution) = &uncertainty.distribution {
            self.distribution(distribution)?;
        }
        for (kind, node) in [("mean", uncertainty.mean), ("standardDeviation", uncertainty.stdev)] {
            if let Some(node) = node {
                self.parameter_or_span(var, kind, &[node])?;
            }
        }
        if let Some((low, high)) = uncertainty.range {
            self.parameter_or_span(var, "range", &[low, high])?;
        }
        for (name, nodes) in &uncertainty.others {
            let kind =
                RENAMED.iter().find(|(ours, _)| ours == name).map_or(name.as_str(), |(_, theirs)| theirs);
            self.parameter_or_span(var, kind, nodes)?;
        }
        self.xml.close();
        self.xml.close();
        Ok(())
    }

    fn distribution(&mut self, distribution: &Distribution) -> Result<(), WriteError> {
        let url = format!("http://www.sbml.org/sbml/symbols/distrib/{}", distribution.name);
        self.xml.open("distrib:uncertParameter", &[("distrib:type", "distribution")]);
        open_math(&mut self.xml);
        self.xml.open("apply", &[]);
        self.xml.leaf("csymbol", &[("encoding", "text"), ("definitionURL", &url)], &distribution.name);
        for argument in &distribution.arguments {
            self.content(*argument, Use::Number)?;
        }
        self.xml.close();
        self.xml.close();
        self.xml.close();
        Ok(())
    }

    /// A value, or the two ends of a span.
    fn parameter_or_span(&mut self, var: &Var, kind: &str, values: &[NodeId]) -> Result<(), WriteError> {
        let refused = || WriteError::Uncertainty(var.name.clone());
        let row = match values {
            [value] => self.operand(Row::default(), *value, ("distrib:value", "distrib:var")),
            [low, high] => self
                .operand(Row::default(), *low, ("distrib:valueLower", "distrib:varLower"))
                .and_then(|row| self.operand(row, *high, ("distrib:valueUpper", "distrib:varUpper"))),
            _ => None,
        };
        let name = if values.len() == 1 { "distrib:uncertParameter" } else { "distrib:uncertSpan" };
        let row = row.ok_or_else(refused)?.with("distrib:type", kind);
        self.xml.empty(name, &row.borrowed());
        Ok(())
    }

    /// A number or the name of a quantity as an attribute; the package has no room for more.
    fn operand(
        &self,
        row: Row,
        value: NodeId,
        (as_number, as_name): (&'static str, &'static str),
    ) -> Option<Row> {
        if let Some(value) = self.model.number(value) {
            return Some(row.with(as_number, number(value)));
        }
        match self.model.graph.node(value) {
            Node::Symbol(Symbol::Var(k)) => Some(row.with(as_name, self.ids.vars.get(VarId(k))?.clone())),
            _ => None,
        }
    }
}
