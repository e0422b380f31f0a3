//! Figures: a title, panels in a grid that follows the width, a legend, a caption and notes.

use crate::bars::Bars;
use crate::forest::Forest;
use crate::heat::Heat;
use crate::network::Network;
use crate::plot::Plot;
use crate::timeline::Timeline;

/// How the names of lines are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Labels {
    /// At the ends of the lines where there is room, else in a legend above.
    #[default]
    Auto,
    /// In a legend above the panels.
    Legend,
    /// Not at all.
    Hidden,
}

/// One panel of a figure.
#[derive(Clone, Debug, PartialEq)]
pub enum Panel {
    /// Series over two axes.
    Plot(Plot),
    /// Bars over categories.
    Bars(Bars),
    /// Estimates with intervals.
    Forest(Forest),
    /// What happened when.
    Timeline(Timeline),
    /// A grid of coloured values.
    Heat(Heat),
    /// Things, steps between them and what acts on them.
    Network(Network),
}

impl From<Plot> for Panel {
    fn from(plot: Plot) -> Self {
        Panel::Plot(plot)
    }
}

impl From<Bars> for Panel {
    fn from(bars: Bars) -> Self {
        Panel::Bars(bars)
    }
}

impl From<Forest> for Panel {
    fn from(forest: Forest) -> Self {
        Panel::Forest(forest)
    }
}

impl From<Timeline> for Panel {
    fn from(timeline: Timeline) -> Self {
        Panel::Timeline(timeline)
    }
}

impl From<Network> for Panel {
    fn from(network: Network) -> Self {
        Panel::Network(network)
    }
}

impl From<Heat> for Panel {
    fn from(heat: Heat) -> Self {
        Panel::Heat(heat)
    }
}

/// A figure: one panel, or several as small multiples.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    pub(crate) title: String,
    pub(crate) subtitle: String,
    pub(crate) caption: String,
    pub(crate) panels: Vec<Panel>,
    pub(crate) labels: Labels,
    pub(crate) columns: Option<usize>,
    pub(crate) shared_x: bool,
    pub(crate) shared_y: bool,
}

impl Figure {
    /// A figure without panels. The title says what is seen, at best as a sentence.
    pub fn new(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            subtitle: String::new(),
            caption: String::new(),
            panels: Vec::new(),
            labels: Labels::Auto,
            columns: None,
            shared_x: false,
            shared_y: false,
        }
    }

    /// A line below the title: what is measured, in whom.
    #[must_use]
    pub fn subtitle(mut self, text: impl Into<String>) -> Self {
        self.subtitle = text.into();
        self
    }

    /// Text below the figure: how to read it, what bands and bars mean, where data come from.
    #[must_use]
    pub fn caption(mut self, text: impl Into<String>) -> Self {
        self.caption = text.into();
        self
    }

    /// Adds a panel.
    #[must_use]
    pub fn panel(mut self, panel: impl Into<Panel>) -> Self {
        self.panels.push(panel.into());
        self
    }

    /// How names are shown.
    #[must_use]
    pub fn labels(mut self, labels: Labels) -> Self {
        self.labels = labels;
        self
    }

    /// At most this many panels beside each other; fewer where the width is small.
    #[must_use]
    pub fn columns(mut self, columns: usize) -> Self {
        self.columns = Some(columns.max(1));
        self
    }

    /// Gives all plots the same horizontal range. Only for plots with the same kind of horizontal axis.
    #[must_use]
    pub fn share_x(mut self) -> Self {
        self.shared_x = true;
        self
    }

    /// Gives all plots the same vertical range. Only for plots with the same kind of vertical axis.
    #[must_use]
    pub fn share_y(mut self) -> Self {
        self.shared_y = true;
        self
    }

    /// A complete SVG document with its own style sheet, for a file. It needs no script, font or network, carries
    /// its title and a description for screen readers, and follows a light or dark screen. `width` is the width
    /// in pixels (held between 240 and 2000); the height follows from the content.
    #[must_use]
    pub fn svg(&self, width: f64) -> String {
        crate::arrange::document(self, width)
    }
}
