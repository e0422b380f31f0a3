//! Maxima -> profiles, fused peaks together.

use hepatica_stats::regression::{Curve, Observed, Parameter, SearchOptions, fit_curve};

use super::find::Found;
use super::profile::Profile;

/// A fitted peak.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Fitted {
    pub(super) profile: Profile,
    /// Standard error of the area; not a number where the fit gives none.
    pub(super) area_se: f64,
    /// The straight line under the peaks of its cluster: value at its middle, slope per minute, middle.
    pub(super) under: (f64, f64, f64),
    /// Whether the fit came to a minimum; the first guess otherwise.
    pub(super) converged: bool,
}

/// Half-widths on the left, and on the right for the tail, that belong to a peak when clusters are made.
const REACH: (f64, f64) = (2.0, 3.5);
/// Half-widths of baseline beside a cluster that hold the straight line under it.
/// Assumed, 2 to 4.
const FLANK: f64 = 2.5;
/// The bounds of the tail over the width of the Gaussian: beyond, the two are not told apart.
const TAIL: (f64, f64) = (0.02, 6.0);

/// The sum of profiles of common width and tail over a straight line, at given times.
struct Cluster<'a> {
    time: &'a [f64],
    middle: f64,
}

impl Curve for Cluster<'_> {
    /// Parameters: width, tail over width, line's value and slope, then area and centre of each peak.
    fn values(&self, p: &[f64], values: &mut [f64]) {
        for (value, t) in values.iter_mut().zip(self.time) {
            *value = p[2] + p[3] * (t - self.middle);
            for peak in p[4..].chunks_exact(2) {
                let profile = Profile { area: peak[0], centre: peak[1], sigma: p[0], tau: p[0] * p[1] };
                *value += profile.at(*t);
            }
        }
    }
}

/// Fits all peaks; points for which `blind` is true are left out. Peaks of a cluster share width and tail, as they
/// left the same column within minutes.
pub(super) fn fit(time: &[f64], signal: &[f64], found: &[Found], blind: &[bool]) -> Vec<Fitted> {
    let step = (time[time.len() - 1] - time[0]) / (time.len() - 1) as f64;
    let mut fitted = Vec::new();
    let mut start = 0;
    while start < found.len() {
        let mut end = start + 1;
        while end < found.len() {
            let reach = REACH.1 * found[end - 1].half_width + REACH.0 * found[end].half_width;
            if (found[end].index - found[end - 1].index) as f64 > reach {
                break;
            }
            end += 1;
        }
        fitted.extend(fit_cluster((time, signal), &found[start..end], blind, step));
        start = end;
    }
    fitted
}

fn fit_cluster(
    (time, signal): (&[f64], &[f64]),
    cluster: &[Found],
    blind: &[bool],
    step: f64,
) -> Vec<Fitted> {
    let (first, last) = (cluster[0], cluster[cluster.len() - 1]);
    let left = (REACH.0 + FLANK) * first.half_width;
    let right = (REACH.1 + FLANK) * last.half_width;
    let from = first.index.saturating_sub(left as usize);
    let to = (last.index + right as usize).min(time.len() - 1);
    let seen: Vec<usize> = (from..=to).filter(|i| !blind[*i]).collect();
    let t: Vec<f64> = seen.iter().map(|i| time[*i]).collect();
    let y: Vec<f64> = seen.iter().map(|i| signal[*i]).collect();
    let highest = cluster.iter().copied().max_by(|a, b| signal[a.index].total_cmp(&signal[b.index]));
    let width = highest.map_or(first.half_width, |h| h.half_width) * step / 2.355;
    let middle = 0.5 * (time[from] + time[to]);
    let mut parameters = vec![
        Parameter::positive(0.85 * width).between(0.1 * width, 10.0 * width),
        Parameter::positive(0.6).between(TAIL.0, TAIL.1),
        Parameter::free(0.0),
        Parameter::free(0.0),
    ];
    for peak in cluster {
        let height = signal[peak.index].max(f64::MIN_POSITIVE);
        let centre = time[peak.index] - 0.4 * width;
        parameters.push(Parameter::positive(2.7 * height * width));
        parameters.push(Parameter::free(centre).between(centre - 2.0 * width, centre + 2.0 * width));
    }
    let curve = Cluster { time: &t, middle };
    let options = SearchOptions { max_steps: 200, offset: 1e-5, step: 1e-8 };
    let fit = fit_curve(&curve, &Observed { y: &y, weights: None }, &parameters, &options);
    let values: Vec<f64> = match &fit {
        Ok(fit) => fit.parameters.clone(),
        Err(_) => parameters.iter().map(|p| p.start).collect(),
    };
    let peak = |k: usize| Fitted {
        profile: Profile {
            area: values[4 + 2 * k],
            centre: values[5 + 2 * k],
            sigma: values[0],
            tau: values[0] * values[1],
        },
        area_se: fit.as_ref().ok().and_then(|f| f.standard_error(4 + 2 * k)).unwrap_or(f64::NAN),
        under: (values[2], values[3], middle),
        converged: fit.is_ok(),
    };
    (0..cluster.len()).map(peak).collect()
}
