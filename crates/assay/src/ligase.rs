//! Glutamate-cysteine ligase: areas of gamma-glutamylcysteine -> nmol/min/mg.
//!
//! ```text
//! read   : run file, table of tubes -> Run, Tubes
//! analyse: standards -> Calibration; tubes less their blanks, over time and protein -> Report
//! ```

mod analyse;
mod read;

use hepatica_source::{Diagnostic, Span, Spanned};

use crate::calibration::Calibration;
use crate::check::Check;
use crate::dilution::Dilution;
use crate::spread::Uncertain;

pub use analyse::analyse;
pub use read::{read_run, read_tubes};

/// A run file.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// Its title.
    pub title: String,
    /// The table of tubes.
    pub tubes: Spanned<String>,
    /// Volume of the reaction, mL.
    pub reaction_ml: f64,
    /// Volume of sample in it, mL.
    pub sample_ml: f64,
    /// Length of the incubation, min.
    pub minutes: f64,
    /// Cysteine at the start, umol/L.
    pub cysteine: Option<f64>,
    /// From the reaction to the solution the standards are made up in.
    pub dilution: Dilution,
    /// Whether gamma-glutamyltransferase was inhibited, as stated.
    pub ggt_inhibited: Option<bool>,
    /// Whether glycine was removed or glutathione synthetase is absent, as stated.
    pub synthetase_idle: Option<bool>,
    /// Where the table of the reaction stands.
    pub place: Span,
}

/// What a tube is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A standard of gamma-glutamylcysteine.
    Standard,
    /// A sample, incubated.
    Sample,
    /// The sample stopped at time zero, or with BSO.
    Blank,
    /// Everything but a sample.
    Reagents,
}

/// A tube.
#[derive(Clone, Debug, PartialEq)]
pub struct Tube {
    /// Its name.
    pub name: Spanned<String>,
    /// What it is.
    pub role: Role,
    /// The sample.
    pub sample: String,
    /// Concentration of a standard, umol/L.
    pub nominal: Option<f64>,
    /// Area of gamma-glutamylcysteine.
    pub area: f64,
    /// Glutathione in the same solution, umol/L.
    pub gsh: Option<f64>,
    /// Protein of the sample, mg/mL.
    pub protein: Option<f64>,
}

/// The activity of a sample.
#[derive(Clone, Debug, PartialEq)]
pub struct Activity {
    /// The sample.
    pub sample: String,
    /// Tubes averaged.
    pub tubes: usize,
    /// Product in the reaction less the blank, umol/L.
    pub product: Uncertain,
    /// Of it what had become glutathione, umol/L; none when glutathione was not measured.
    pub as_gsh: Option<f64>,
    /// nmol per minute and mg protein.
    pub activity: Uncertain,
    /// What is to be known, as stable names.
    pub flags: Vec<&'static str>,
}

/// All of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// The calibration.
    pub calibration: Option<Calibration>,
    /// Every sample.
    pub activities: Vec<Activity>,
    /// What was judged.
    pub checks: Vec<Check>,
    /// Warnings and errors with their place.
    pub diagnostics: Vec<Diagnostic>,
}

/// nmol/min/mg: product in umol/L times the volume of the reaction in mL over minutes and mg of protein.
pub fn nmol_per_min_mg(product_um: f64, reaction_ml: f64, minutes: f64, protein_mg: f64) -> f64 {
    product_um * reaction_ml / (minutes * protein_mg)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 60 uM in 0.2 mL are 12 nmol; in 30 min by 0.1 mg: 4 nmol/min/mg.
    #[test]
    fn by_hand() {
        assert!((nmol_per_min_mg(60.0, 0.2, 30.0, 0.1) - 4.0).abs() < 1e-12);
    }
}
