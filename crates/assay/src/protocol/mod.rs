//! Protocol sheets: what to make up, what to do, what to run beside the samples, where it stands, and which steps
//! the protocol of the source leaves out.

mod airway;
mod dmn_rat;
mod gsh_hplc;
mod layout;
mod ligase;
mod reductase;

pub use layout::{Place, allocate, well};

/// A protocol there is a sheet for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// Glutathione by liquid chromatography with fluorescence.
    GshHplc,
    /// Glutathione reductase by absorbance at 340 nm.
    Reductase,
    /// Glutamate-cysteine ligase by its product.
    Ligase,
    /// Bronchoconstriction after Konzett and Roessler.
    Airway,
    /// Cirrhosis by dimethylnitrosamine in the rat, treated.
    DmnRat,
}

impl Which {
    /// All of them.
    pub const ALL: [Which; 5] =
        [Which::GshHplc, Which::Reductase, Which::Ligase, Which::Airway, Which::DmnRat];

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Which::GshHplc => "gsh-hplc",
            Which::Reductase => "reductase",
            Which::Ligase => "ligase",
            Which::Airway => "airway",
            Which::DmnRat => "dmn-rat",
        }
    }

    /// What a sample is, in the plural.
    pub fn samples(self) -> &'static str {
        match self {
            Which::GshHplc | Which::Reductase | Which::Ligase => "samples",
            Which::Airway | Which::DmnRat => "animals",
        }
    }
}

/// How large a sheet is and how its order is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Samples, or animals.
    pub samples: u32,
    /// Decides the order of animals and samples.
    pub seed: u64,
}

/// The most samples a sheet is made for.
pub const MAX_SAMPLES: u32 = 960;

/// What is made up beyond the need, as a share: assumed, for dead volumes and pipetting.
pub const EXCESS: f64 = 0.10;

/// A solution that is used up.
#[derive(Clone, Debug, PartialEq)]
pub struct Reagent {
    /// What it is.
    pub name: &'static str,
    /// How it is made.
    pub make_up: String,
    /// Volume each tube, well or animal takes, in uL.
    pub each_ul: f64,
    /// How many take it.
    pub units: u32,
    /// Mass to weigh for the whole volume, in mg, and of what.
    pub weigh: Option<(&'static str, f64)>,
}

impl Reagent {
    /// The volume to make, with [`EXCESS`], in mL.
    pub fn total_ml(&self) -> f64 {
        self.each_ul * f64::from(self.units) * (1.0 + EXCESS) / 1000.0
    }

    /// A solution without anything to weigh.
    fn plain(name: &'static str, make_up: impl Into<String>, each_ul: f64, units: u32) -> Reagent {
        Reagent { name, make_up: make_up.into(), each_ul, units, weigh: None }
    }

    /// A solution of `solid` at `mg_per_ml`.
    fn weighed(self, solid: &'static str, mg_per_ml: f64) -> Reagent {
        let mg = mg_per_ml * self.total_ml();
        Reagent { weigh: Some((solid, mg)), ..self }
    }
}

/// Something to do.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Two or three words for the figure.
    pub short: &'static str,
    /// The whole instruction.
    pub text: String,
    /// How long it takes in minutes, where the protocol says so.
    pub minutes: Option<f64>,
    /// At which temperature in degrees Celsius, where it matters.
    pub celsius: Option<f64>,
    /// Whether the source has this step; the others were added.
    pub of_source: bool,
}

/// Something run beside the samples.
#[derive(Clone, Debug, PartialEq)]
pub struct Control {
    /// What it is.
    pub name: &'static str,
    /// How many.
    pub count: u32,
    /// What it shows.
    pub shows: &'static str,
    /// Where the demand comes from.
    pub source: &'static str,
}

/// What the protocol of the source leaves out or gets wrong.
#[derive(Clone, Debug, PartialEq)]
pub struct Gap {
    /// A stable name.
    pub code: &'static str,
    /// What is missing or doubtful.
    pub what: &'static str,
    /// What to do about it.
    pub mend: &'static str,
}

/// A sheet.
#[derive(Clone, Debug, PartialEq)]
pub struct Protocol {
    /// Which one.
    pub which: Which,
    /// Its title.
    pub title: &'static str,
    /// Size and seed.
    pub size: Size,
    /// What is made up.
    pub reagents: Vec<Reagent>,
    /// What is done, in order.
    pub steps: Vec<Step>,
    /// What is run beside the samples.
    pub controls: Vec<Control>,
    /// Where everything stands, or in which order it is run.
    pub layout: Vec<Place>,
    /// What is missing from the source.
    pub gaps: Vec<Gap>,
    /// What else is to be known.
    pub notes: Vec<String>,
}

/// Makes a sheet; `None` when the number of samples is zero or above [`MAX_SAMPLES`].
pub fn protocol(which: Which, size: Size) -> Option<Protocol> {
    if !(1..=MAX_SAMPLES).contains(&size.samples) {
        return None;
    }
    Some(match which {
        Which::GshHplc => gsh_hplc::sheet(size),
        Which::Reductase => reductase::sheet(size),
        Which::Ligase => ligase::sheet(size),
        Which::Airway => airway::sheet(size),
        Which::DmnRat => dmn_rat::sheet(size),
    })
}

/// A step of the source.
fn step(short: &'static str, text: impl Into<String>) -> Step {
    Step { short, text: text.into(), minutes: None, celsius: None, of_source: true }
}

impl Step {
    fn minutes(self, minutes: f64) -> Step {
        Step { minutes: Some(minutes), ..self }
    }

    fn celsius(self, celsius: f64) -> Step {
        Step { celsius: Some(celsius), ..self }
    }

    fn added(self) -> Step {
        Step { of_source: false, ..self }
    }
}

/// The molar mass of a compound of `chem`, or of a formula, in g/mol; zero for a name that is neither.
fn molar_mass(name: &str) -> f64 {
    match hepatica_chem::find(name) {
        Ok(compound) => compound.molar_mass(),
        Err(_) => hepatica_chem::Formula::parse(name).map_or(0.0, |formula| formula.molar_mass()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sheet_is_whole() {
        for which in Which::ALL {
            for samples in [1, 7, 24, 96, MAX_SAMPLES] {
                let sheet = protocol(which, Size { samples, seed: 1 }).unwrap();
                assert!(sheet.reagents.iter().all(|r| r.total_ml() > 0.0 && r.units > 0), "{which:?}");
                assert!(sheet.reagents.iter().all(|r| r.weigh.is_none_or(|(_, mg)| mg > 0.0)), "{which:?}");
                assert!(!sheet.steps.is_empty() && !sheet.controls.is_empty() && !sheet.gaps.is_empty());
                let mut places: Vec<_> = sheet.layout.iter().map(|p| (p.plate, p.well.clone())).collect();
                let n = places.len();
                places.sort();
                places.dedup();
                assert_eq!(places.len(), n, "{which:?} {samples}: a place is used twice");
                for k in 1..=samples {
                    let held = sheet.layout.iter().any(|p| p.sample == Some(k));
                    assert!(held, "{which:?}: sample {k} of {samples} has no place");
                }
            }
            assert_eq!(protocol(which, Size { samples: 0, seed: 1 }), None);
            assert_eq!(protocol(which, Size { samples: MAX_SAMPLES + 1, seed: 1 }), None);
        }
    }

    /// NBD-F at 1 mg/mL is 5.461 mM: 183.098 g/mol.
    #[test]
    fn masses_follow_from_molar_masses() {
        assert!((molar_mass("C6H2FN3O3") - 183.098).abs() < 2e-3);
        assert!((1000.0 / molar_mass("C6H2FN3O3") - 5.461).abs() < 1e-3);
        assert_eq!(molar_mass("no such thing"), 0.0);
    }
}
