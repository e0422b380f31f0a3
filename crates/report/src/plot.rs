//! The declaration of a plot: two axes, series, reference lines and shaded regions.

use crate::axis::Axis;
use crate::series::Series;

/// Something at a fixed value of one axis.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Guide {
    /// A horizontal line.
    Across(f64, String),
    /// A vertical line.
    Upright(f64, String),
    /// A vertical stripe between two values of x.
    Stripe(f64, f64, String),
    /// A horizontal layer between two values of y.
    Layer(f64, f64, String),
}

/// A plot of series over two axes.
#[derive(Clone, Debug, PartialEq)]
pub struct Plot {
    pub(crate) title: Option<String>,
    pub(crate) x: Axis,
    pub(crate) y: Axis,
    pub(crate) series: Vec<Series>,
    pub(crate) guides: Vec<Guide>,
}

impl Plot {
    /// A plot without series.
    #[must_use]
    pub fn new(x: Axis, y: Axis) -> Self {
        Self { title: None, x, y, series: Vec::new(), guides: Vec::new() }
    }

    /// The title of this panel; the figure has its own.
    #[must_use]
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = Some(title.into());
        self
    }

    /// Adds a series. Later ones lie above earlier ones of the same kind; bands lie below lines, lines below points.
    #[must_use]
    pub fn series(mut self, series: Series) -> Self {
        self.series.push(series);
        self
    }

    /// Adds a median line with nested percentile bands of the same name, widest first: each band is
    /// `(x, lower, upper)` in the order of `median`.
    #[must_use]
    pub fn fan(self, name: &str, median: &[(f64, f64)], bands: &[Vec<(f64, f64, f64)>]) -> Self {
        let nested =
            bands.iter().fold(self, |plot, band| plot.series(Series::band(name, band.iter().copied())));
        nested.series(Series::line(name, median.iter().copied()))
    }

    /// Adds a horizontal reference line; the axis extends to show it.
    #[must_use]
    pub fn across(mut self, y: f64, label: impl Into<String>) -> Self {
        self.guides.push(Guide::Across(y, label.into()));
        self
    }

    /// Adds a vertical reference line; the axis extends to show it.
    #[must_use]
    pub fn upright(mut self, x: f64, label: impl Into<String>) -> Self {
        self.guides.push(Guide::Upright(x, label.into()));
        self
    }

    /// Shades between two values of `x`. An infinite end reaches the edge.
    #[must_use]
    pub fn stripe(mut self, from: f64, to: f64, label: impl Into<String>) -> Self {
        self.guides.push(Guide::Stripe(from, to, label.into()));
        self
    }

    /// Shades between two values of `y`. An infinite end reaches the edge.
    #[must_use]
    pub fn layer(mut self, from: f64, to: f64, label: impl Into<String>) -> Self {
        self.guides.push(Guide::Layer(from, to, label.into()));
        self
    }
}
