//! Glutathione reductase: traces of A340 -> U/mL and U/mg.
//!
//! ```text
//! read:    run file, tables -> Run (settings, wells), Traces
//! analyse: Run, Traces -> Report (a window and a rate per well, an activity per sample, checks)
//! ```
//!
//! The rate of a sample is that of its wells less its own blank without GSSG, else less the reagents without enzyme.
//! A rate is a fall of absorbance and becomes positive here, once.

mod analyse;
mod read;

use hepatica_source::{Diagnostic, Span, Spanned};

use crate::check::Check;
use crate::spread::Uncertain;
use crate::window::Window;

pub use analyse::analyse;
pub use read::{read_run, read_wells};

/// Absorption of NADPH at 340 nm per mM and cm: Horecker BL, Kornberg A, J Biol Chem 1948;175:385.
pub const NADPH_PER_MM_CM: f64 = 6.22;

/// A977 less A900 of water per cm of path: McGown EL, Hafeman DG, Anal Biochem 1998;258:155.
pub const WATER_PER_CM: f64 = 0.18;

/// What one unit counts, a micromole a minute of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    /// NADPH oxidised, which is GSSG reduced.
    Gssg,
    /// GSH formed: two for each.
    Gsh,
}

impl Counted {
    /// Molecules counted per NADPH oxidised.
    pub fn per_nadph(self) -> f64 {
        match self {
            Counted::Gssg => 1.0,
            Counted::Gsh => 2.0,
        }
    }
}

/// Where the path length comes from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Path {
    /// The same everywhere, cm.
    Fixed(f64),
    /// From A977 and A900 of every well.
    Measured,
}

/// How the reaction was set up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reaction {
    /// Volume at the end, mL.
    pub total_ml: f64,
    /// Volume of sample in it, mL.
    pub sample_ml: f64,
    /// The path.
    pub path: Path,
    /// What a unit counts.
    pub counted: Counted,
    /// The absorbance above which the detector is not trusted.
    pub ceiling: f64,
}

/// A run file.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// Its title.
    pub title: String,
    /// The table of traces.
    pub traces: Spanned<String>,
    /// The table of wells.
    pub wells: Spanned<String>,
    /// How the reaction was set up.
    pub reaction: Reaction,
}

/// What is in a well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Sample and substrate.
    Sample,
    /// Sample without GSSG.
    NoGssg,
    /// Reagents without sample.
    NoEnzyme,
}

/// A well or cuvette.
#[derive(Clone, Debug, PartialEq)]
pub struct Well {
    /// Its name, that of its trace.
    pub name: Spanned<String>,
    /// What is in it.
    pub role: Role,
    /// The sample, empty for reagents alone.
    pub sample: String,
    /// How many times the sample was diluted before.
    pub dilution: f64,
    /// Protein of the undiluted sample, mg/mL.
    pub protein: Option<f64>,
    /// Path length, cm.
    pub path_cm: f64,
}

/// What a trace gave.
#[derive(Clone, Debug, PartialEq)]
pub struct WellRate {
    /// The well.
    pub well: Well,
    /// Times and absorbances used, in minutes.
    pub points: Vec<(f64, f64)>,
    /// The straight part; its places count in `points`.
    pub window: Window,
    /// Fall of absorbance per minute and cm.
    pub rate: f64,
    /// Share of the NADPH used up within the window.
    pub used: f64,
    /// What is to be known, as stable names.
    pub flags: Vec<&'static str>,
}

/// The activity of a sample.
#[derive(Clone, Debug, PartialEq)]
pub struct Activity {
    /// The sample.
    pub sample: String,
    /// Wells with substrate that gave a rate.
    pub wells: usize,
    /// Standard deviation over mean of their rates.
    pub variation: Option<f64>,
    /// What was subtracted per minute and cm, and which blank it was.
    pub blank: (f64, Role),
    /// U/mL of the undiluted sample; not a number when no well gave a rate.
    pub u_per_ml: Uncertain,
    /// U/mg protein.
    pub u_per_mg: Option<Uncertain>,
    /// What is to be known, as stable names.
    pub flags: Vec<&'static str>,
}

/// All of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// Every well that gave a rate.
    pub rates: Vec<WellRate>,
    /// Every sample, in the order of the table.
    pub activities: Vec<Activity>,
    /// What was judged.
    pub checks: Vec<Check>,
    /// Warnings with their place.
    pub diagnostics: Vec<Diagnostic>,
}

/// U/mL: the rate per minute and cm times volumes and dilution over the absorption of NADPH.
pub fn units_per_ml(rate_per_min_cm: f64, reaction: &Reaction, dilution: f64) -> f64 {
    rate_per_min_cm * reaction.total_ml * dilution * reaction.counted.per_nadph()
        / (NADPH_PER_MM_CM * reaction.sample_ml)
}

fn warning(code: &'static str, message: String, at: Span, hint: &str) -> Diagnostic {
    Diagnostic::warning(code, message).at(at, "").hint(hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 0.062 a minute, 1.0 mL, 0.05 mL, 1 cm: 0.199357 U/mL, twice that as GSH.
    #[test]
    fn the_known_answer() {
        let reaction = Reaction {
            total_ml: 1.0,
            sample_ml: 0.05,
            path: Path::Fixed(1.0),
            counted: Counted::Gssg,
            ceiling: 3.0,
        };
        assert!((units_per_ml(0.062, &reaction, 1.0) - 0.199_357).abs() < 5e-7);
        let gsh = Reaction { counted: Counted::Gsh, ..reaction };
        assert!((units_per_ml(0.062, &gsh, 1.0) - 0.398_714).abs() < 5e-7);
        assert!((units_per_ml(0.062, &reaction, 10.0) - 1.993_57).abs() < 5e-6);
    }
}
