//! Profiles and signal -> areas and shapes.

use super::baseline::baseline;
use super::find::find;
use super::fit::{Fitted, fit};
use super::profile::Profile;
use super::{NotChromatogram, Options, noise};

/// A peak.
#[derive(Clone, Debug, PartialEq)]
pub struct Peak {
    /// Time of the maximum, min.
    pub retention: f64,
    /// Height above the baseline.
    pub height: f64,
    /// Area above the baseline: the signal summed and, where peaks overlap, shared by their profiles. Signal times min.
    pub area: f64,
    /// Standard uncertainty of the area by the fit.
    pub area_u: f64,
    /// Area of the fitted profile; the area of a clipped peak is this one.
    pub fitted_area: f64,
    /// From where to where it was summed, min.
    pub bounds: (f64, f64),
    /// Width at half height, min.
    pub half_width: f64,
    /// Symmetry: width at 5 % of the height over twice its front part.
    ///
    /// Ph. Eur. 2.2.46 and USP <621>.
    pub tailing: f64,
    /// Theoretical plates, `5.54 (t / width at half height)^2` (there).
    pub plates: f64,
    /// Signal to noise, `2 H / h`, h the range of the noise beside the peak (there).
    pub signal_to_noise: f64,
    /// Resolution from the peak before, `1.18 (t2 - t1) / (w1 + w2)` with widths at half height (there).
    pub resolution: Option<f64>,
    /// Whether the detector was saturated.
    pub clipped: bool,
    /// Whether it shares signal with a neighbour.
    pub fused: bool,
    /// Whether the profile could be fitted; otherwise it is a first guess.
    pub fitted: bool,
    /// The profile.
    pub profile: Profile,
}

/// A chromatogram taken apart.
#[derive(Clone, Debug, PartialEq)]
pub struct Chromatogram {
    /// Its times, min.
    pub time: Vec<f64>,
    /// The signal.
    pub signal: Vec<f64>,
    /// The baseline, with the straight lines under the peaks.
    pub baseline: Vec<f64>,
    /// Standard deviation of the noise.
    pub noise: f64,
    /// Points at which the detector was saturated.
    pub clipped: Vec<usize>,
    /// Its peaks, in the order of time.
    pub peaks: Vec<Peak>,
}

/// Below this share of its height a profile is no part of a peak any more.
/// Assumed, 1e-4 to 2e-3.
const EDGE: f64 = 5e-4;
/// Equal values in a row at the top that mean saturation, noise being there.
/// Assumed, 3 to 6.
const FLAT: usize = 4;

/// Takes a chromatogram apart.
///
/// # Errors
/// Fewer than 50 points, times that are not evenly spaced.
pub fn analyse(time: &[f64], signal: &[f64], options: &Options) -> Result<Chromatogram, NotChromatogram> {
    if time.len() < 50 {
        return Err(NotChromatogram::TooFew(time.len()));
    }
    let step = (time[time.len() - 1] - time[0]) / (time.len() - 1) as f64;
    // A rounded clock is even enough; a missing stretch is not.
    if time.windows(2).any(|w| !(0.25 * step..1.75 * step).contains(&(w[1] - w[0]))) {
        return Err(NotChromatogram::Uneven);
    }
    let noise = noise(signal);
    let blind = saturated(signal, noise, options);
    let mut line = baseline(signal, noise, None);
    let mut peaks = Vec::new();
    for pass in 0..2 {
        let above: Vec<f64> = signal.iter().zip(&line).map(|(y, b)| y - b).collect();
        let found = find(&above, noise, options.threshold);
        peaks = fit(time, &above, &found, &blind);
        if pass == 0 {
            let masked = mask(time, &peaks, noise);
            line = baseline(signal, noise, Some(&masked));
        }
    }
    let mut whole = Chromatogram {
        time: time.to_vec(),
        signal: signal.to_vec(),
        baseline: line,
        noise,
        clipped: (0..time.len()).filter(|i| blind[*i]).collect(),
        peaks: Vec::new(),
    };
    whole.measure(&peaks, &blind);
    Ok(whole)
}

/// Points at which the detector was saturated: at or above the ceiling, or a flat top.
fn saturated(signal: &[f64], noise: f64, options: &Options) -> Vec<bool> {
    let mut blind: Vec<bool> = signal.iter().map(|y| options.ceiling.is_some_and(|c| *y >= c)).collect();
    let top = signal.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let mut run = 0;
    for i in 0..signal.len() {
        run = if signal[i] == top { run + 1 } else { 0 };
        if noise > 0.0 && run >= FLAT {
            blind[i + 1 - run..=i].fill(true);
        }
    }
    blind
}

fn mask(time: &[f64], peaks: &[Fitted], noise: f64) -> Vec<bool> {
    let mut masked = vec![false; time.len()];
    for peak in peaks {
        let (_, height) = peak.profile.apex();
        // Down to a tenth of the noise, below which the tail changes no baseline.
        let (from, to) = peak.profile.crossings((0.1 * noise / height).clamp(EDGE, 0.05));
        for (masked, t) in masked.iter_mut().zip(time) {
            *masked |= (from..=to).contains(t);
        }
    }
    masked
}

impl Chromatogram {
    fn measure(&mut self, fitted: &[Fitted], blind: &[bool]) {
        let bounds: Vec<(f64, f64)> = fitted.iter().map(|f| f.profile.crossings(EDGE)).collect();
        let global = self.baseline.clone();
        for (peak, (from, to)) in fitted.iter().zip(&bounds) {
            for (i, t) in self.time.iter().enumerate() {
                if (*from..=*to).contains(t) {
                    self.baseline[i] = global[i] + peak.under.0 + peak.under.1 * (t - peak.under.2);
                }
            }
        }
        let mut peaks: Vec<Peak> = Vec::new();
        for (k, peak) in fitted.iter().enumerate() {
            let (retention, height) = peak.profile.apex();
            let (left, right) = peak.profile.crossings(0.5);
            let (front, back) = peak.profile.crossings(0.05);
            let half_width = right - left;
            let others: Vec<&Fitted> =
                fitted.iter().enumerate().filter(|(j, _)| *j != k).map(|(_, f)| f).collect();
            let inside = |i: &usize| (bounds[k].0..=bounds[k].1).contains(&self.time[*i]);
            let clipped = (0..blind.len()).any(|i| blind[i] && inside(&i));
            let (area, fused) = self.share(peak, &others, bounds[k]);
            let before = peaks.last();
            peaks.push(Peak {
                retention,
                height,
                area: if clipped { peak.profile.area } else { area },
                area_u: peak.area_se,
                fitted_area: peak.profile.area,
                bounds: bounds[k],
                half_width,
                tailing: (back - front) / (2.0 * (retention - front)),
                plates: 5.54 * (retention / half_width) * (retention / half_width),
                signal_to_noise: 2.0 * height / self.range_beside(retention, half_width, &bounds),
                resolution: before.map(|b| 1.18 * (retention - b.retention) / (half_width + b.half_width)),
                clipped,
                fused,
                fitted: peak.converged,
                profile: peak.profile,
            });
        }
        self.peaks = peaks;
    }

    /// The signal above the baseline within bounds by the trapezoidal rule, shared with overlapping profiles.
    fn share(&self, peak: &Fitted, others: &[&Fitted], (from, to): (f64, f64)) -> (f64, bool) {
        let (_, height) = peak.profile.apex();
        let (mut area, mut foreign) = (0.0, 0.0f64);
        let mut last: Option<(f64, f64)> = None;
        for (i, t) in self.time.iter().enumerate() {
            if !(from..=to).contains(t) {
                continue;
            }
            let own = peak.profile.at(*t);
            let other: f64 = others.iter().map(|o| o.profile.at(*t)).sum();
            foreign = foreign.max(own.min(other) / height);
            let part = if other > EDGE * own { own / (own + other) } else { 1.0 };
            let y = part * (self.signal[i] - self.baseline[i]);
            if let Some((t0, y0)) = last {
                area += 0.5 * (y + y0) * (t - t0);
            }
            last = Some((*t, y));
        }
        // A valley above one per cent of the height means that the peaks are not parted.
        (area, foreign > 0.01)
    }

    /// The range of the signal above the baseline outside all peaks, within ten half-widths on both sides.
    fn range_beside(&self, retention: f64, half_width: f64, bounds: &[(f64, f64)]) -> f64 {
        let near = |t: f64| (t - retention).abs() <= 10.0 * half_width;
        let free = |t: f64| !bounds.iter().any(|(from, to)| (*from..=*to).contains(&t));
        let rest = self.time.iter().zip(&self.signal).zip(&self.baseline);
        let rest = rest.filter(|((t, _), _)| near(**t) && free(**t)).map(|((_, y), b)| y - b);
        let (low, high) =
            rest.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), y| (low.min(y), high.max(y)));
        if high > low { high - low } else { 6.0 * self.noise }
    }
}
