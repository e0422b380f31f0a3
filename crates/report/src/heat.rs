//! The declaration of a heat table: values over two lists of conditions, as colours and numbers.

/// The colours from low to high.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ramp {
    /// Pale to deep blue: more of something neutral.
    #[default]
    Neutral,
    /// Pale to dark red: more of something harmful.
    Harm,
}

/// How values are written into cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellText {
    /// With this many significant digits.
    Digits(usize),
    /// A fraction as a percentage without decimals.
    Percent,
}

/// Values over rows and columns.
#[derive(Clone, Debug, PartialEq)]
pub struct Heat {
    pub(crate) title: Option<String>,
    pub(crate) measure: String,
    pub(crate) down: String,
    pub(crate) across: String,
    pub(crate) columns: Vec<String>,
    pub(crate) rows: Vec<(String, Vec<f64>)>,
    pub(crate) ramp: Ramp,
    pub(crate) range: Option<(f64, f64)>,
    pub(crate) text: CellText,
}

impl Heat {
    /// A heat table of `measure`. `down` says what differs between rows, `across` what differs between columns.
    pub fn new(measure: impl Into<String>, down: impl Into<String>, across: impl Into<String>) -> Self {
        Self {
            title: None,
            measure: measure.into(),
            down: down.into(),
            across: across.into(),
            columns: Vec::new(),
            rows: Vec::new(),
            ramp: Ramp::Neutral,
            range: None,
            text: CellText::Digits(3),
        }
    }

    /// The title of this panel.
    #[must_use]
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = Some(title.into());
        self
    }

    /// The names of the columns.
    #[must_use]
    pub fn columns<S: Into<String>>(mut self, names: impl IntoIterator<Item = S>) -> Self {
        self.columns = names.into_iter().map(Into::into).collect();
        self
    }

    /// Adds a row with a value per column; a value that is not finite, or not given, is shown as missing.
    #[must_use]
    pub fn row(mut self, name: impl Into<String>, values: impl IntoIterator<Item = f64>) -> Self {
        self.rows.push((name.into(), values.into_iter().collect()));
        self
    }

    /// The colours.
    #[must_use]
    pub fn ramp(mut self, ramp: Ramp) -> Self {
        self.ramp = ramp;
        self
    }

    /// The values of the palest and darkest colour; values beyond take the end colours. Without it, the data decide.
    #[must_use]
    pub fn range(mut self, low: f64, high: f64) -> Self {
        self.range = (low.is_finite() && high.is_finite() && low < high).then_some((low, high));
        self
    }

    /// How values are written.
    #[must_use]
    pub fn text(mut self, text: CellText) -> Self {
        self.text = text;
        self
    }
}
