//! The declaration of a forest plot: rows of estimates with intervals.

use crate::axis::Axis;
use crate::bars::Estimate;

/// A row of a forest plot.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum ForestRow {
    /// A heading over the rows that follow.
    Heading(String),
    /// An estimate.
    Estimate { label: String, estimate: Estimate, summary: bool },
}

/// Rows of estimates with intervals over a common axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Forest {
    pub(crate) title: Option<String>,
    pub(crate) axis: Axis,
    pub(crate) rows: Vec<ForestRow>,
    pub(crate) reference: Option<(f64, String)>,
    pub(crate) digits: usize,
}

impl Forest {
    /// A forest plot without rows.
    #[must_use]
    pub fn new(axis: Axis) -> Self {
        Self { title: None, axis, rows: Vec::new(), reference: None, digits: 3 }
    }

    /// The title of this panel.
    #[must_use]
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = Some(title.into());
        self
    }

    /// Adds a heading over the rows that follow.
    #[must_use]
    pub fn heading(mut self, label: impl Into<String>) -> Self {
        self.rows.push(ForestRow::Heading(label.into()));
        self
    }

    /// Adds an estimate.
    #[must_use]
    pub fn row(mut self, label: impl Into<String>, estimate: impl Into<Estimate>) -> Self {
        let (label, estimate) = (label.into(), estimate.into());
        self.rows.push(ForestRow::Estimate { label, estimate, summary: false });
        self
    }

    /// Adds an estimate over all rows, drawn as a diamond as wide as its interval.
    #[must_use]
    pub fn summary(mut self, label: impl Into<String>, estimate: impl Into<Estimate>) -> Self {
        let (label, estimate) = (label.into(), estimate.into());
        self.rows.push(ForestRow::Estimate { label, estimate, summary: true });
        self
    }

    /// Adds a labelled vertical line, such as the value of no effect.
    #[must_use]
    pub fn reference(mut self, value: f64, label: impl Into<String>) -> Self {
        self.reference = Some((value, label.into()));
        self
    }

    /// Significant digits of the estimates written beside the rows; three by default.
    #[must_use]
    pub fn digits(mut self, digits: usize) -> Self {
        self.digits = digits;
        self
    }
}
