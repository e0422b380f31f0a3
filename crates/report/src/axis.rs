//! What an axis shows: its label, unit, scale and range.

/// How values become distances.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scale {
    /// Equal steps, equal distances.
    Linear,
    /// Equal ratios, equal distances; values at or below zero have no place and are said to be left out.
    Log10,
    /// Linear in hours, with ticks in minutes, hours or days as the span asks.
    Time,
}

/// An axis of a plot.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    pub(crate) label: String,
    pub(crate) unit: Option<String>,
    pub(crate) scale: Scale,
    pub(crate) from: Option<f64>,
    pub(crate) to: Option<f64>,
}

impl Axis {
    /// A linear axis.
    pub fn linear(label: impl Into<String>) -> Self {
        Self { label: label.into(), unit: None, scale: Scale::Linear, from: None, to: None }
    }

    /// A logarithmic axis with decades. Without a lower end given it shows at most eight decades.
    pub fn log10(label: impl Into<String>) -> Self {
        Self { scale: Scale::Log10, ..Self::linear(label) }
    }

    /// A time axis; values are hours. The unit shown (min, h or d) follows the span.
    pub fn time(label: impl Into<String>) -> Self {
        Self { scale: Scale::Time, ..Self::linear(label) }
    }

    /// The unit, shown in brackets behind the label. A time axis chooses its own.
    #[must_use]
    pub fn unit(mut self, unit: impl Into<String>) -> Self {
        self.unit = Some(unit.into());
        self
    }

    /// The lower end. An end that is not finite, or not positive on a logarithmic axis, is ignored.
    #[must_use]
    pub fn from(mut self, value: f64) -> Self {
        self.from = self.usable(value).then_some(value);
        self
    }

    /// The upper end, with the same rule.
    #[must_use]
    pub fn to(mut self, value: f64) -> Self {
        self.to = self.usable(value).then_some(value);
        self
    }

    /// Both ends.
    #[must_use]
    pub fn range(self, from: f64, to: f64) -> Self {
        self.from(from).to(to)
    }

    /// Whether a value has a place on this kind of axis at all.
    pub(crate) fn usable(&self, value: f64) -> bool {
        value.abs() <= LARGEST && (self.scale != Scale::Log10 || value >= SMALLEST)
    }
}

/// Beyond this magnitude differences overflow; such values are treated like missing ones.
const LARGEST: f64 = 1e300;
/// Below this a positive value counts as zero, so that ratios stay finite.
const SMALLEST: f64 = 1e-300;
