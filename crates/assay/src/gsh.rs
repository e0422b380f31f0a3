//! Glutathione by liquid chromatography: a sequence and its chromatograms -> accepted or rejected concentrations.
//!
//! ```text
//! read    : run file, sequence, chromatograms -> Run, Injections, Traces
//! quantify: peaks -> responses -> Calibration -> Results
//! accept  : responses, Calibration -> checks of ICH M10, run by run
//! ```

mod accept;
mod method;
mod quantify;
mod read;

use hepatica_source::{Diagnostic, Span, Spanned};

use crate::calibration::{Calibration, Concentration};
use crate::check::Check;
use crate::chromatogram::{Chromatogram, Peak};
use crate::dilution::Dilution;

pub use quantify::analyse;
pub use read::{read_run, read_sequence};

/// How glutathione that the matrix holds itself is dealt with: ICH M10 (2022), 7.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Endogenous {
    /// Standards in a matrix without it.
    SurrogateMatrix,
    /// Additions to each sample.
    StandardAddition,
    /// Standards in the matrix; the response of its unspiked pool is subtracted from theirs.
    BackgroundSubtraction,
}

/// Which form is claimed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// Free reduced glutathione.
    Reduced,
    /// Reduced and oxidised together.
    Total,
}

/// What a run file says of the method, for its warnings.
#[derive(Clone, Debug, PartialEq)]
pub struct Method {
    /// The matrix, such as plasma.
    pub matrix: String,
    /// Which form is claimed.
    pub claim: Claim,
    /// The reducing agent; empty for none.
    pub reducing_agent: String,
    /// The reagent, such as NBD-F.
    pub reagent: String,
    /// Excitation and emission, nm.
    pub wavelengths: Option<(f64, f64)>,
    /// pH of the derivatisation as measured.
    pub ph: Option<f64>,
    /// Whether blood was stabilised at once.
    pub stabilised: Option<bool>,
}

/// A run file.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// Its title.
    pub title: String,
    /// The table of injections.
    pub sequence: Spanned<String>,
    /// The table of chromatograms; without it the sequence has areas.
    pub chromatograms: Option<Spanned<String>>,
    /// Where the analyte elutes, min, and how far it may be off.
    pub retention: (f64, f64),
    /// Where the internal standard elutes, likewise.
    pub internal: Option<(f64, f64)>,
    /// The signal from which on the detector is saturated.
    pub ceiling: Option<f64>,
    /// The dilution chain.
    pub dilution: Dilution,
    /// How endogenous analyte is dealt with.
    pub endogenous: Endogenous,
    /// What is said of the method.
    pub method: Method,
    /// Where the table of the method stands.
    pub place: Span,
}

/// What is injected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Neither analyte nor internal standard.
    Blank,
    /// No analyte added; of background subtraction, the unspiked pool.
    Zero,
    /// A standard.
    Standard,
    /// A quality control.
    Qc,
    /// A blank right after the highest standard.
    CarryOver,
    /// A sample.
    Sample,
    /// A sample with a known addition.
    Addition,
    /// A quality control above the range, diluted into it.
    DilutionQc,
}

impl Role {
    /// Words of the sequence.
    pub const WORDS: [(&'static str, Role); 8] = [
        ("blank", Role::Blank),
        ("zero", Role::Zero),
        ("standard", Role::Standard),
        ("qc", Role::Qc),
        ("carry-over", Role::CarryOver),
        ("sample", Role::Sample),
        ("addition", Role::Addition),
        ("dilution-qc", Role::DilutionQc),
    ];

    /// Its word.
    pub fn word(self) -> &'static str {
        Role::WORDS.iter().find(|(_, role)| *role == self).map_or("", |(word, _)| word)
    }
}

/// A row of the sequence.
#[derive(Clone, Debug, PartialEq)]
pub struct Injection {
    /// Its name, that of its chromatogram.
    pub name: Spanned<String>,
    /// What is injected.
    pub role: Role,
    /// The level of a QC, or the sample.
    pub group: String,
    /// Nominal concentration, umol/L, of standards and QCs; of additions, what was added.
    pub nominal: Option<f64>,
    /// How many times it was diluted beside the chain.
    pub dilution: f64,
    /// Whether haemolysis was noted.
    pub haemolysed: bool,
    /// The area, when there are no chromatograms.
    pub area: Option<f64>,
}

/// An injection with what its chromatogram gave.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    /// The injection.
    pub injection: Injection,
    /// The peak of the analyte.
    pub peak: Option<Peak>,
    /// The area of the analyte; zero when there is no peak.
    pub area: f64,
    /// The area of the internal standard.
    pub internal: Option<f64>,
    /// The response: the area, over that of the internal standard when there is one.
    pub response: f64,
    /// The chromatogram.
    pub chromatogram: Option<Chromatogram>,
    /// What is to be known, as stable names.
    pub flags: Vec<&'static str>,
}

/// A sample's result.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// The sample.
    pub sample: String,
    /// Injections averaged.
    pub injections: usize,
    /// Read off the calibration, umol/L.
    pub read: Concentration,
    /// What it was multiplied by.
    pub factor: f64,
    /// In the sample, umol/L.
    pub result: Concentration,
    /// Whether it may be reported as a number.
    pub reportable: bool,
    /// What is to be known, as stable names.
    pub flags: Vec<&'static str>,
}

/// All of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// Every injection.
    pub measured: Vec<Measured>,
    /// The calibration; none for standard addition.
    pub calibration: Option<Calibration>,
    /// Lower and upper limit of quantification as read, umol/L.
    pub range: Option<(f64, f64)>,
    /// Limits of detection and quantification by ICH Q2.
    pub limits: Option<(f64, f64)>,
    /// Every sample, in the order of the sequence.
    pub outcomes: Vec<Outcome>,
    /// What was judged.
    pub checks: Vec<Check>,
    /// Whether the run is accepted by ICH M10: standards, QCs and carry-over.
    pub accepted: bool,
    /// Warnings and errors with their place.
    pub diagnostics: Vec<Diagnostic>,
}
