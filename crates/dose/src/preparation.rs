//! How the doses of a course are made up: product, diluents, volumes by body weight.

/// How a variant of a course is made up.
#[derive(Clone, Debug, PartialEq)]
pub struct Preparation {
    /// The product, such as `acetylcysteine injection`.
    pub product: String,
    /// What one mL of the product holds, in mg.
    pub strength_mg_per_ml: f64,
    /// What the product comes in: `vial`, `ampoule`.
    pub container: String,
    /// What one container holds, in mL.
    pub container_ml: f64,
    /// The diluents, the preferred one first.
    pub diluents: Vec<String>,
    /// The concentration in mg/mL that may be used when fluid must be restricted.
    pub restricted_mg_per_ml: Option<f64>,
    /// Volumes by body weight, by rising weight within each kind of people.
    pub bands: Vec<VolumeBand>,
}

/// The volumes of one row of a dosing table.
#[derive(Clone, Debug, PartialEq)]
pub struct VolumeBand {
    /// The smallest weight in kg that is printed.
    pub from_kg: f64,
    /// The end of the row.
    pub end: BandEnd,
    /// Whom it is for.
    pub people: People,
    /// How much diluent there is.
    pub fill: Fill,
    /// The volume of the product in mL as printed, one per step; none when it follows from the dose.
    pub concentrate_ml: Vec<f64>,
    /// The rate of the pump in mL/h as printed, one per step; none when no rate is printed.
    pub rates_ml_per_h: Vec<f64>,
    /// Where the row is published, when not where the variant is.
    pub source: Option<String>,
}

/// Where a row of a dosing table ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum BandEnd {
    /// The last weight in kg that belongs to it, as in `5 to 20 kg`.
    UpTo(f64),
    /// The first weight in kg that does not, as in `20 kg to below 40 kg`.
    Below(f64),
    /// It has no end.
    Open,
}

impl BandEnd {
    /// Whether a weight in kg does not lie beyond the end.
    pub fn holds(self, weight_kg: f64) -> bool {
        match self {
            BandEnd::UpTo(kg) => weight_kg <= kg,
            BandEnd::Below(kg) => weight_kg < kg,
            BandEnd::Open => true,
        }
    }

    /// The weight in kg at the end.
    pub fn kg(self) -> f64 {
        match self {
            BandEnd::UpTo(kg) | BandEnd::Below(kg) => kg,
            BandEnd::Open => f64::INFINITY,
        }
    }
}

/// Whom a row of a dosing table is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum People {
    /// Everyone of this weight, unless there is a row for children.
    #[default]
    Everyone,
    /// Children, where the volumes go by age and not by weight alone.
    Children,
}

/// How much diluent a row has.
#[derive(Clone, Debug, PartialEq)]
pub enum Fill {
    /// The diluent to which the product is added, one volume per step.
    Diluent(Vec<Volume>),
    /// The volume of the mixture, one per step.
    Total(Vec<Volume>),
    /// The concentration of the mixture in mg/mL.
    Concentration(f64),
}

impl Fill {
    /// How many steps it states volumes of; `None` when it holds for any number.
    pub fn steps(&self) -> Option<usize> {
        match self {
            Fill::Diluent(volumes) | Fill::Total(volumes) => Some(volumes.len()),
            Fill::Concentration(_) => None,
        }
    }
}

/// A volume.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Volume {
    /// The same for every weight of the row, in mL.
    Fixed(f64),
    /// In mL for each kilogram of body weight, at most `max_ml`.
    PerKg {
        /// mL/kg.
        ml_per_kg: f64,
        /// The largest volume in mL.
        max_ml: Option<f64>,
    },
}

impl Volume {
    /// The volume in mL for a body weight in kg.
    pub fn for_weight(self, weight_kg: f64) -> f64 {
        match self {
            Volume::Fixed(ml) => ml,
            Volume::PerKg { ml_per_kg, max_ml } => {
                let full = ml_per_kg * weight_kg;
                max_ml.map_or(full, |limit| full.min(limit))
            }
        }
    }
}

impl Preparation {
    /// The row for a body weight in kg, and whether the weight lies between this row and the one before it, in
    /// a gap of the printed table; the heavier row is then taken. `None` for a weight outside all rows.
    ///
    /// Children have the rows for children where there are any.
    pub fn band(&self, weight_kg: f64, people: People) -> Option<(&VolumeBand, bool)> {
        let has_own = self.bands.iter().any(|b| b.people == people);
        let wanted = if has_own { people } else { People::Everyone };
        let rows = || self.bands.iter().filter(|b| b.people == wanted);
        let band = rows().find(|b| b.end.holds(weight_kg))?;
        let first = rows().next()?;
        let before = weight_kg < band.from_kg;
        (!before || band != first).then_some((band, before))
    }

    /// Whether there are rows for children only.
    pub fn has_rows_for_children(&self) -> bool {
        self.bands.iter().any(|b| b.people == People::Children)
    }
}
