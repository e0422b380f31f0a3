//! The declaration of a bar chart: categories, groups of bars with whiskers.

use crate::axis::Axis;

/// A value with an optional interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The value; not finite where there is none.
    pub value: f64,
    /// The lower and upper end.
    pub interval: Option<(f64, f64)>,
}

impl Estimate {
    /// A value with an interval.
    #[must_use]
    pub fn new(value: f64, lower: f64, upper: f64) -> Self {
        Self { value, interval: Some((lower, upper)) }
    }
}

impl From<f64> for Estimate {
    fn from(value: f64) -> Self {
        Self { value, interval: None }
    }
}

/// Which way bars grow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Growth {
    /// Upwards, unless the names of the categories are too long for the width.
    #[default]
    Upwards,
    /// To the right.
    Rightwards,
}

/// Bars over categories, one per group.
#[derive(Clone, Debug, PartialEq)]
pub struct Bars {
    pub(crate) title: Option<String>,
    pub(crate) axis: Axis,
    pub(crate) categories: Vec<String>,
    pub(crate) groups: Vec<(String, Vec<Estimate>)>,
    pub(crate) reference: Option<(f64, String)>,
    pub(crate) growth: Growth,
    pub(crate) one_place: bool,
}

impl Bars {
    /// A bar chart of a measure. The axis starts at zero (on a logarithmic axis at its floor).
    pub fn new<S: Into<String>>(axis: Axis, categories: impl IntoIterator<Item = S>) -> Self {
        Self {
            title: None,
            axis,
            categories: categories.into_iter().map(Into::into).collect(),
            groups: Vec::new(),
            reference: None,
            growth: Growth::Upwards,
            one_place: false,
        }
    }

    /// The title of this panel.
    #[must_use]
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = Some(title.into());
        self
    }

    /// Adds a group: one estimate per category, in their order. Categories beyond the values given stay empty;
    /// values beyond the categories are not drawn, and a note says so.
    #[must_use]
    pub fn group<E: Into<Estimate>>(
        mut self,
        name: impl Into<String>,
        values: impl IntoIterator<Item = E>,
    ) -> Self {
        self.groups.push((name.into(), values.into_iter().map(Into::into).collect()));
        self
    }

    /// Adds a labelled line at a value.
    #[must_use]
    pub fn reference(mut self, value: f64, label: impl Into<String>) -> Self {
        self.reference = Some((value, label.into()));
        self
    }

    /// Gives all groups one place in their category, for groups of which each category has one: a bar takes the colour of
    /// its group. Estimates that are not finite are no bars.
    #[must_use]
    pub fn one_place(mut self) -> Self {
        self.one_place = true;
        self
    }

    /// Places side by side in a category.
    pub(crate) fn places(&self) -> usize {
        if self.one_place { self.groups.len().min(1) } else { self.groups.len() }
    }

    /// The place of a group in its category.
    pub(crate) fn place(&self, group: usize) -> usize {
        if self.one_place { 0 } else { group }
    }

    /// Lets bars grow to the right at any width.
    #[must_use]
    pub fn horizontal(mut self) -> Self {
        self.growth = Growth::Rightwards;
        self
    }
}
