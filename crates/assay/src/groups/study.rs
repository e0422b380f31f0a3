//! What was read: arms, endpoints, animals or published summaries.

use super::Scale;
use hepatica_source::Span;

/// A group of animals treated alike.
#[derive(Clone, Debug, PartialEq)]
pub struct Arm {
    /// Its name.
    pub name: String,
    /// Its dose, mg/kg; 0 for a control. `None` where the table has no doses.
    pub dose: Option<f64>,
}

/// What kind of value an endpoint has.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// A measured quantity.
    Measured,
    /// A score on an ordered scale; values are places on it.
    Scored(Scale),
}

/// What was measured in every animal.
#[derive(Clone, Debug, PartialEq)]
pub struct Endpoint {
    /// Its name.
    pub name: String,
    /// Its unit, or the name of its scale.
    pub unit: String,
    /// What kind of value.
    pub kind: Kind,
    /// Its place among the values of an animal.
    pub column: usize,
    /// The place of the second reader's values, when two read the same.
    pub second_reader: Option<usize>,
}

/// One animal.
#[derive(Clone, Debug, PartialEq)]
pub struct Animal {
    /// Its name.
    pub name: String,
    /// Its arm, by place.
    pub arm: usize,
    /// Its cage, by place; `None` where the table has no cages.
    pub cage: Option<usize>,
    /// A value per column; `None` where the cell is empty.
    pub values: Vec<Option<f64>>,
}

/// Which spread a published table gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spread {
    /// The standard deviation of animals.
    Sd,
    /// The standard error of the mean.
    Sem,
    /// It is not said.
    Unknown,
}

/// A row of a published table.
#[derive(Clone, Debug, PartialEq)]
pub struct SummaryRow {
    /// The arm, by place.
    pub arm: usize,
    /// Number of animals; `None` when it is not said.
    pub n: Option<usize>,
    /// Mean.
    pub mean: f64,
    /// What stands behind the mean.
    pub spread: f64,
    /// Where the row stands.
    pub span: Span,
}

/// A published endpoint.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// Its name.
    pub name: String,
    /// Its unit.
    pub unit: String,
    /// What its spread is.
    pub spread: Spread,
    /// A row per arm, the control first.
    pub rows: Vec<SummaryRow>,
}

/// A study; arms by rising dose, the control first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Study {
    /// The arms.
    pub arms: Vec<Arm>,
    /// The endpoints measured in animals.
    pub endpoints: Vec<Endpoint>,
    /// The animals.
    pub animals: Vec<Animal>,
    /// How many cages there are; 0 where the table has none.
    pub cages: usize,
    /// Published endpoints.
    pub summaries: Vec<Summary>,
    /// Notes of the table.
    pub notes: Vec<String>,
}

impl Study {
    /// The values of a column by arm.
    pub(crate) fn by_arm(&self, column: usize) -> Vec<Vec<f64>> {
        let own = |arm: usize| {
            self.animals.iter().filter(|a| a.arm == arm).filter_map(|a| a.values[column]).collect()
        };
        (0..self.arms.len()).map(own).collect()
    }

    /// The animals that have no value in a column.
    pub(crate) fn without(&self, column: usize) -> Vec<String> {
        self.animals.iter().filter(|a| a.values[column].is_none()).map(|a| a.name.clone()).collect()
    }
}
