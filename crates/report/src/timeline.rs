//! The declaration of a timeline: rows with spans and moments, such as infusions and oral doses per arm.

use crate::axis::Axis;

/// Something on a row of a timeline.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Happening {
    pub(crate) kind: String,
    pub(crate) label: String,
    pub(crate) start: f64,
    /// The end of a span; a moment has none.
    pub(crate) end: Option<f64>,
}

/// A row of a timeline.
#[derive(Clone, Debug, PartialEq)]
pub struct Track {
    pub(crate) name: String,
    pub(crate) happenings: Vec<Happening>,
}

impl Track {
    /// A row without content.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), happenings: Vec::new() }
    }

    /// Adds a span in hours, drawn as a bar: `kind` decides the colour, `label` is written in or above it.
    #[must_use]
    pub fn span(
        mut self,
        kind: impl Into<String>,
        start_h: f64,
        end_h: f64,
        label: impl Into<String>,
    ) -> Self {
        let (kind, label) = (kind.into(), label.into());
        self.happenings.push(Happening { kind, label, start: start_h, end: Some(end_h) });
        self
    }

    /// Adds a moment in hours, drawn as a marker. Equal moments that follow each other are labelled once,
    /// with their number.
    #[must_use]
    pub fn moment(mut self, kind: impl Into<String>, at_h: f64, label: impl Into<String>) -> Self {
        let (kind, label) = (kind.into(), label.into());
        self.happenings.push(Happening { kind, label, start: at_h, end: None });
        self
    }
}

/// Rows of spans and moments over a common time axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Timeline {
    pub(crate) title: Option<String>,
    pub(crate) axis: Axis,
    pub(crate) tracks: Vec<Track>,
}

impl Timeline {
    /// A timeline over hours; `label` names its axis.
    pub fn new(label: impl Into<String>) -> Self {
        Self { title: None, axis: Axis::time(label), tracks: Vec::new() }
    }

    /// The title of this panel.
    #[must_use]
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = Some(title.into());
        self
    }

    /// Fixes the time shown, in hours.
    #[must_use]
    pub fn range(mut self, from_h: f64, to_h: f64) -> Self {
        self.axis = self.axis.range(from_h, to_h);
        self
    }

    /// Adds a row.
    #[must_use]
    pub fn track(mut self, track: Track) -> Self {
        self.tracks.push(track);
        self
    }
}
