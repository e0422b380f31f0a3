//! Chromatograms: signal over time -> peaks with areas.
//!
//! ```text
//! baseline: signal -> a smooth line through what is no peak      Whittaker's smoother, peaks masked
//! find    : signal less baseline -> maxima that stand out
//! fit     : maxima -> exponentially modified Gaussians           fused peaks together
//! measure : profiles, signal -> areas, tailing, plates, resolution, signal to noise
//! ```
//!
//! The area of a peak is the signal above the baseline, summed; where peaks overlap it is shared in proportion to
//! the fitted profiles. The profile itself decides how far a peak reaches, so that a tail is not cut off at the noise.

mod baseline;
mod find;
mod fit;
mod measure;
mod profile;

pub use measure::{Chromatogram, Peak, analyse};
pub use profile::Profile;

/// What is known of a chromatogram beforehand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// The signal from which on the detector is saturated, when known; a flat top is found without it.
    pub ceiling: Option<f64>,
    /// How far a maximum must stand out, in standard deviations of the noise.
    pub threshold: f64,
}

impl Default for Options {
    /// Five standard deviations, about where a peak is told from noise by eye (assumed).
    fn default() -> Options {
        Options { ceiling: None, threshold: 5.0 }
    }
}

/// Why a trace is no chromatogram.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotChromatogram {
    /// Too few points.
    TooFew(usize),
    /// Times are not evenly spaced.
    Uneven,
}

impl std::fmt::Display for NotChromatogram {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            NotChromatogram::TooFew(n) => {
                write!(f, "{n} points are too few for a chromatogram (50 are needed)")
            }
            NotChromatogram::Uneven => write!(f, "the times are not evenly spaced"),
        }
    }
}

/// Half of the way from the smallest to the largest of sorted values.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let n = values.len();
    match n {
        0 => 0.0,
        _ if n % 2 == 1 => values[n / 2],
        _ => 0.5 * (values[n / 2 - 1] + values[n / 2]),
    }
}

/// The standard deviation of white noise from second differences, which neither drift nor broad peaks disturb.
fn noise(signal: &[f64]) -> f64 {
    let second = signal.windows(3).map(|w| (w[0] - 2.0 * w[1] + w[2]).abs());
    // The median of |z| is 0.6745 and the variance of the difference 6.
    median(second.collect()) / 0.674_489_750_196_081_7 / 6f64.sqrt()
}
