//! What is drawn in a plot: lines, steps, points, bands and areas, each with a name.
//!
//! The name is the identity: parts with the same name share a colour and one legend entry, also across the panels
//! of a figure. A value that is not finite is a gap.

/// A broken line pattern, for meaning; colours alone already tell series apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dash {
    /// Long strokes.
    Long,
    /// Short strokes.
    Short,
    /// Dots.
    Dots,
    /// A stroke and a dot in turn.
    DashDot,
}

/// A point with an optional vertical interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Observation {
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) interval: Option<(f64, f64)>,
}

/// The geometry of a series.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Shape {
    Line(Vec<(f64, f64)>),
    Step(Vec<(f64, f64)>),
    Points(Vec<Observation>),
    Band(Vec<(f64, f64, f64)>),
    Area(Vec<(f64, f64)>),
}

/// One named part of a plot.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    pub(crate) name: String,
    pub(crate) shape: Shape,
    pub(crate) colour: Option<usize>,
    pub(crate) dash: Option<Dash>,
    pub(crate) thin: bool,
    pub(crate) muted: bool,
}

impl Series {
    fn new(name: impl Into<String>, shape: Shape) -> Self {
        Self { name: name.into(), shape, colour: None, dash: None, thin: false, muted: false }
    }

    /// A line through `(x, y)` in the order given.
    pub fn line(name: impl Into<String>, points: impl IntoIterator<Item = (f64, f64)>) -> Self {
        Self::new(name, Shape::Line(points.into_iter().collect()))
    }

    /// A line that keeps each value until the next `x`.
    pub fn step(name: impl Into<String>, points: impl IntoIterator<Item = (f64, f64)>) -> Self {
        Self::new(name, Shape::Step(points.into_iter().collect()))
    }

    /// Separate points `(x, y)`.
    pub fn points(name: impl Into<String>, points: impl IntoIterator<Item = (f64, f64)>) -> Self {
        let points = points.into_iter().map(|(x, y)| Observation { x, y, interval: None });
        Self::new(name, Shape::Points(points.collect()))
    }

    /// Points with error bars: `(x, y, lower, upper)`. Where an end is not finite no bar is drawn.
    pub fn intervals(
        name: impl Into<String>,
        points: impl IntoIterator<Item = (f64, f64, f64, f64)>,
    ) -> Self {
        let with = |(x, y, lower, upper)| Observation { x, y, interval: Some((lower, upper)) };
        Self::new(name, Shape::Points(points.into_iter().map(with).collect()))
    }

    /// The region between two curves: `(x, lower, upper)`. Several bands of one name nest, and darken inwards.
    pub fn band(name: impl Into<String>, points: impl IntoIterator<Item = (f64, f64, f64)>) -> Self {
        Self::new(name, Shape::Band(points.into_iter().collect()))
    }

    /// The region between a curve `(x, y)` and zero, or the floor of a logarithmic axis.
    pub fn area(name: impl Into<String>, points: impl IntoIterator<Item = (f64, f64)>) -> Self {
        Self::new(name, Shape::Area(points.into_iter().collect()))
    }

    /// Chooses the colour by its index in the palette (taken modulo 8). Without this, names get colours in the
    /// order in which they appear in the figure.
    #[must_use]
    pub fn colour(mut self, index: usize) -> Self {
        self.colour = Some(index);
        self
    }

    /// Draws the line with a pattern.
    #[must_use]
    pub fn dashed(mut self, dash: Dash) -> Self {
        self.dash = Some(dash);
        self
    }

    /// Draws a thin line, for one of many.
    #[must_use]
    pub fn thin(mut self) -> Self {
        self.thin = true;
        self
    }

    /// Draws in grey, as context or reference; takes no colour of the palette.
    #[must_use]
    pub fn muted(mut self) -> Self {
        self.muted = true;
        self
    }

    /// All points as `(x, y)`, ends of intervals included, for the extent of the axes.
    pub(crate) fn extent_points(&self) -> Box<dyn Iterator<Item = (f64, f64)> + '_> {
        match &self.shape {
            Shape::Line(points) | Shape::Step(points) | Shape::Area(points) => {
                Box::new(points.iter().copied())
            }
            Shape::Points(points) => Box::new(points.iter().flat_map(|p| {
                let (lower, upper) = p.interval.unwrap_or((p.y, p.y));
                [(p.x, p.y), (p.x, lower), (p.x, upper)]
            })),
            Shape::Band(points) => Box::new(points.iter().flat_map(|(x, lo, hi)| [(*x, *lo), (*x, *hi)])),
        }
    }

    /// The values themselves as `(x, y)`, each once; bands count by their upper end.
    pub(crate) fn values(&self) -> Box<dyn Iterator<Item = (f64, f64)> + '_> {
        match &self.shape {
            Shape::Line(points) | Shape::Step(points) | Shape::Area(points) => {
                Box::new(points.iter().copied())
            }
            Shape::Points(points) => Box::new(points.iter().map(|p| (p.x, p.y))),
            Shape::Band(points) => Box::new(points.iter().map(|(x, _, hi)| (*x, *hi))),
        }
    }
}
