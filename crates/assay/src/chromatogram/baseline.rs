//! The baseline: a smooth line through what is no peak.
//!
//! Whittaker ET, Proc Edinburgh Math Soc 1922;41:63, in the penalised form of Eilers PHC, Anal Chem 2003;75:3631, with
//! second differences. Peaks have weight zero and are bridged. It is computed over bins, as it has no detail finer
//! than them.

/// Bins over a chromatogram.
const BINS: usize = 400;
/// Smoothness per bin: features shorter than about a third of the chromatogram are no baseline.
/// The wavelength passed by half is `2 pi lambda^(1/4)` bins (Eilers, there).
/// Assumed, 1e5 to 1e6.
const LAMBDA: f64 = 2e5;
/// Rounds of leaving out what stands above the line.
const ROUNDS: usize = 30;

/// A baseline for every point; points for which `peak` is true do not count.
pub(super) fn baseline(signal: &[f64], noise: f64, peak: Option<&[bool]>) -> Vec<f64> {
    let size = signal.len().div_ceil(BINS).max(1);
    let bins = signal.len().div_ceil(size);
    let centre = |k: usize| (k * size) as f64 + 0.5 * (size as f64 - 1.0);
    // Points that fill no bin have no say, so that all bins are equally far apart.
    let filled = signal.len() / size * size;
    let mut weights = vec![0.0; bins];
    let mut means = vec![0.0; bins];
    for (i, y) in signal.iter().enumerate() {
        if i < filled && peak.is_none_or(|p| !p[i]) {
            weights[i / size] += 1.0;
            means[i / size] += y;
        }
    }
    for (mean, weight) in means.iter_mut().zip(&weights) {
        *mean /= f64::max(*weight, 1.0);
    }
    let full = weights.clone();
    let mut line = smooth(&means, &weights);
    if peak.is_none() {
        // Without knowledge of peaks: what stands above the line by more than noise is left out, again and again.
        let limit = 2.5 * noise.max(f64::MIN_POSITIVE) / (size as f64).sqrt();
        for _ in 0..ROUNDS {
            let above: Vec<f64> = means.iter().zip(&line).map(|(m, l)| m - l).collect();
            let mut off: Vec<f64> = above.iter().map(|a| a.abs()).collect();
            off.sort_by(f64::total_cmp);
            // The quarter of bins nearest to the line holds at least that spread while the line is still pulled up.
            let spread = limit.max(2.0 * off[off.len() / 4]);
            for ((w, full), a) in weights.iter_mut().zip(&full).zip(&above) {
                *w = if *a > spread { 0.0 } else { *full };
            }
            line = smooth(&means, &weights);
        }
    }
    let at = |i: usize| {
        let k = (i / size).min(bins - 1);
        let other = if (i as f64) < centre(k) { k.checked_sub(1) } else { (k + 1 < bins).then_some(k + 1) };
        let Some(other) = other.or(if k > 0 { Some(k - 1) } else { (bins > 1).then_some(1) }) else {
            return line[k];
        };
        line[k] + (line[other] - line[k]) * (i as f64 - centre(k)) / (centre(other) - centre(k))
    };
    (0..signal.len()).map(at).collect()
}

/// Minimises the weighted squares plus [`LAMBDA`] times the squares of second differences: a pentadiagonal system,
/// solved by LDL'. A trace of weight everywhere keeps it regular when nearly everything is masked.
fn smooth(y: &[f64], weights: &[f64]) -> Vec<f64> {
    let n = y.len();
    if n < 3 {
        return y.to_vec();
    }
    let (mut diagonal, mut first, mut second) = (vec![0.0; n], vec![0.0; n], vec![0.0; n]);
    for i in 0..n {
        diagonal[i] = weights[i] + 1e-9;
    }
    for i in 0..n - 2 {
        for (offset, c) in [1.0, -2.0, 1.0].into_iter().enumerate() {
            diagonal[i + offset] += LAMBDA * c * c;
        }
        first[i] += LAMBDA * -2.0;
        first[i + 1] += LAMBDA * -2.0;
        second[i] += LAMBDA;
    }
    let mut right: Vec<f64> = y.iter().zip(weights).map(|(y, w)| y * (w + 1e-9)).collect();
    for i in 0..n {
        let pivot = diagonal[i];
        let (a, b) = (first[i] / pivot, second[i] / pivot);
        if i + 1 < n {
            diagonal[i + 1] -= a * first[i];
            first[i + 1] -= a * second[i];
            right[i + 1] -= a * right[i];
        }
        if i + 2 < n {
            diagonal[i + 2] -= b * second[i];
            right[i + 2] -= b * right[i];
        }
        (first[i], second[i]) = (a, b);
        right[i] /= pivot;
    }
    for i in (0..n).rev() {
        if i + 1 < n {
            right[i] -= first[i] * right[i + 1];
        }
        if i + 2 < n {
            right[i] -= second[i] * right[i + 2];
        }
    }
    right
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_its_own_baseline_and_peaks_are_bridged() {
        let line: Vec<f64> = (0..1000).map(|k| 2.0 + 0.003 * f64::from(k)).collect();
        let flat = baseline(&line, 0.01, None);
        let off = flat.iter().zip(&line).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        assert!(off < 1e-5, "{off}");
        let peak: Vec<bool> = (0..1000).map(|k| (400..500).contains(&k)).collect();
        let raised: Vec<f64> = line.iter().zip(&peak).map(|(y, p)| y + if *p { 50.0 } else { 0.0 }).collect();
        for found in [baseline(&raised, 0.01, Some(&peak)), baseline(&raised, 0.01, None)] {
            let off = found.iter().zip(&line).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
            assert!(off < 0.02, "{off}");
        }
    }
}
