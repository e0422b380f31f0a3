//! Virtual patients as a study writes them: how many, how they differ, what is told apart and compared.

use hepatica_source::{Span, Spanned};

/// Virtual patients.
#[derive(Clone, Debug)]
pub struct PopulationSpec {
    /// How many, or which.
    pub who: Who,
    /// The seed of their differences.
    pub seed: u64,
    /// Spreads that replace or add to those of the model.
    pub vary: Vec<Vary>,
    /// What is known of a patient.
    pub covariates: Vec<Covariate>,
    /// Values that go together.
    pub correlate: Vec<Correlation>,
    /// Model values that do not differ although the model has a spread for them.
    pub fixed: Vec<Spanned<String>>,
    /// Where it stands.
    pub span: Span,
}

/// Who the patients are.
#[derive(Clone, Debug)]
pub enum Who {
    /// This many, drawn.
    Drawn(u64),
    /// The subjects of a table; the path as written.
    File(Spanned<String>),
}

/// How a model value differs between patients.
#[derive(Clone, Debug, PartialEq)]
pub struct Vary {
    /// The name in the model.
    pub name: String,
    /// The spread.
    pub spread: Spread,
    /// Unit of its numbers as written; `None` for bare numbers, which are in the model's unit.
    pub unit: Option<String>,
    /// Where it stands.
    pub span: Span,
}

/// A spread as people write it. A bound cuts the distribution off; what is left is scaled to a whole.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Spread {
    /// Log-normal with its median and the standard deviation of the logarithm, both before it is cut off.
    LogNormal {
        /// The median.
        median: f64,
        /// Standard deviation of the natural logarithm.
        log_sd: f64,
        /// Where it is cut off.
        bounds: Bounds,
    },
    /// Normal, mean and deviation before it is cut off.
    Normal {
        /// The mean.
        mean: f64,
        /// The standard deviation.
        sd: f64,
        /// Where it is cut off.
        bounds: Bounds,
    },
    /// Uniform.
    Uniform {
        /// Lower end.
        low: f64,
        /// Upper end.
        high: f64,
    },
}

/// Where a distribution is cut off.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bounds {
    /// The smallest value.
    pub low: Option<f64>,
    /// The largest value.
    pub high: Option<f64>,
}

/// Something known of a patient: a model value, something that acts on model values, or a label.
#[derive(Clone, Debug)]
pub struct Covariate {
    /// Its name; the name of a model value sets that value.
    pub name: Spanned<String>,
    /// Where its values come from.
    pub values: CovariateValues,
    /// What it does to model values.
    pub effects: Vec<Effect>,
}

/// Where the values of a covariate come from.
#[derive(Clone, Debug)]
pub enum CovariateValues {
    /// Drawn numbers.
    Number {
        /// The distribution.
        spread: Spread,
        /// Unit of its numbers as written.
        unit: Option<String>,
    },
    /// Drawn categories with their shares, in the order written.
    Category(Vec<(Spanned<String>, f64)>),
    /// The column of this name in the table of subjects; with its categories when it has categories.
    Column(Vec<Spanned<String>>),
}

/// What a covariate does to a model value.
#[derive(Clone, Debug)]
pub struct Effect {
    /// In patients of this category; `None` for a number, which acts in all.
    pub level: Option<Spanned<String>>,
    /// The model value.
    pub name: Spanned<String>,
    /// What happens to it.
    pub change: Change,
}

/// A change of a model value.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// It has this value.
    Set {
        /// The number.
        value: f64,
        /// Its unit as written; `None` for a bare number, which is in the model's unit.
        unit: Option<String>,
    },
    /// It is multiplied by this factor.
    Scale(f64),
    /// It is multiplied by (covariate / reference)^exponent.
    Power {
        /// The covariate at which the factor is 1.
        reference: f64,
        /// The unit of the reference as written.
        unit: Option<String>,
        /// The exponent.
        exponent: f64,
    },
}

/// Two values that go together.
#[derive(Clone, Debug, PartialEq)]
pub struct Correlation {
    /// The one.
    pub first: Spanned<String>,
    /// The other.
    pub second: Spanned<String>,
    /// The correlation of the normal numbers behind them.
    pub rho: Spanned<f64>,
}

/// A number as written, with its unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    /// The number.
    pub value: f64,
    /// Its unit; `None` for a bare number.
    pub unit: Option<String>,
    /// The text as written, for names.
    pub written: String,
    /// Where it stands.
    pub span: Span,
}

/// Patients who are told apart.
#[derive(Clone, Debug)]
pub enum SubgroupSpec {
    /// One group: those for whom all conditions hold.
    Where {
        /// Its name.
        name: Spanned<String>,
        /// The conditions.
        all: Vec<GroupCondition>,
    },
    /// A group per category of a covariate, or per range between cuts.
    By {
        /// The covariate.
        covariate: Spanned<String>,
        /// Where ranges begin, ascending; empty for categories.
        cuts: Vec<Measured>,
    },
}

/// A condition on one covariate.
#[derive(Clone, Debug)]
pub struct GroupCondition {
    /// The covariate.
    pub covariate: Spanned<String>,
    /// What must hold.
    pub test: GroupTest,
}

/// What must hold of a covariate.
#[derive(Clone, Debug)]
pub enum GroupTest {
    /// It is one of these categories.
    OneOf(Vec<Spanned<String>>),
    /// It is at least `from` and less than `below`.
    Range {
        /// The lower end, which belongs to the range.
        from: Option<Measured>,
        /// The upper end, which does not.
        below: Option<Measured>,
    },
}

/// What was observed in people, for comparison with an arm.
#[derive(Clone, Debug)]
pub struct Observed {
    /// The arm it is compared with.
    pub arm: Spanned<String>,
    /// The subgroup of the arm, if not all of it.
    pub subgroup: Option<Spanned<String>>,
    /// The outcomes that count; empty for the events of the model's view.
    pub outcomes: Vec<Spanned<String>>,
    /// People with the event.
    pub events: u64,
    /// All people observed.
    pub n: u64,
    /// Who they were and how they were treated.
    pub label: String,
    /// Where it is published.
    pub citation: String,
    /// Where it stands.
    pub span: Span,
}
