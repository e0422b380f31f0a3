//! One line of a qualification.

use hepatica_stats::{Interval, clopper_pearson};

use crate::bench::FitError;

/// Events below which a share that passes says nothing.
pub(super) const LEAST_EVENTS: u64 = 30;

/// How a number stands to the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The data were used to choose constants: no prediction.
    Calibrated,
    /// The data were not used.
    Predicted,
}

impl Standing {
    /// The word in tables.
    pub fn word(self) -> &'static str {
        match self {
            Standing::Calibrated => "calibrated",
            Standing::Predicted => "predicted",
        }
    }
}

/// What must hold, what was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Stable name, such as `untreated/severe`.
    pub id: String,
    /// What is asked, in words, with its unit.
    pub text: String,
    /// What was found; `NaN` when nothing could be measured.
    pub found: f64,
    /// The least value that passes.
    pub low: f64,
    /// The greatest value that passes.
    pub high: f64,
    /// People or events behind the number, where fewer than a least number say nothing.
    pub base: Option<Base>,
    /// The seed of the cohort, where there is one.
    pub seed: Option<u64>,
    /// Whether the line is shown only, with its tension, and cannot fail.
    pub reported: bool,
    /// How the number stands to the data it is compared with.
    pub standing: Standing,
    /// Where the wanted range comes from.
    pub source: &'static str,
}

/// How much a number rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Base {
    /// What was counted.
    pub count: u64,
    /// How many are needed.
    pub needed: u64,
}

impl Line {
    /// A line of one typical patient.
    pub fn typical(id: &str, text: &str, found: f64, range: [f64; 2], source: &'static str) -> Line {
        Line {
            id: id.to_string(),
            text: text.to_string(),
            found,
            low: range[0],
            high: range[1],
            base: None,
            seed: None,
            reported: false,
            standing: Standing::Calibrated,
            source,
        }
    }

    /// The line for the cohort of a seed.
    #[must_use]
    pub fn of_seed(mut self, seed: u64) -> Line {
        self.seed = Some(seed);
        self
    }

    /// The line with what it rests on.
    #[must_use]
    pub fn on(mut self, count: usize, needed: u64) -> Line {
        self.base = Some(Base { count: count as u64, needed });
        self
    }

    /// The line as a prediction.
    #[must_use]
    pub fn predicted(mut self) -> Line {
        self.standing = Standing::Predicted;
        self
    }

    /// The line shown only.
    #[must_use]
    pub fn reported(mut self) -> Line {
        self.reported = true;
        self
    }

    /// Whether the number lies in the range and rests on enough.
    pub fn holds(&self) -> bool {
        self.found >= self.low && self.found <= self.high && self.base.is_none_or(|b| b.count >= b.needed)
    }

    /// Whether the qualification fails here.
    pub fn fails(&self) -> bool {
        !self.reported && !self.holds()
    }
}

/// A published count against the model's share.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// What happened to whom.
    pub name: String,
    /// Events and people as published.
    pub events: u64,
    /// People.
    pub n: u64,
    /// Exact 95 % interval of the published share (Clopper-Pearson).
    pub interval: Interval,
    /// The model's share.
    pub predicted: f64,
    /// The seed of the cohort.
    pub seed: u64,
    /// Whether the table was used to choose constants.
    pub standing: Standing,
    /// Where it was published.
    pub source: &'static str,
}

impl Outcome {
    /// An outcome table and the model's share.
    ///
    /// # Errors
    /// More events than people.
    pub fn new(
        name: &str,
        (events, n): (u64, u64),
        predicted: f64,
        seed: u64,
        source: &'static str,
    ) -> Result<Outcome, FitError> {
        let interval = clopper_pearson(events, n, 0.95).map_err(|e| FitError::Statistics(e.to_string()))?;
        let standing = Standing::Calibrated;
        Ok(Outcome { name: name.to_string(), events, n, interval, predicted, seed, standing, source })
    }

    /// Whether the model's share lies in the interval.
    pub fn inside(&self) -> bool {
        self.predicted >= self.interval.low && self.predicted <= self.interval.high
    }
}
