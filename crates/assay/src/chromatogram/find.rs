//! Maxima that stand out.

/// A maximum before anything is fitted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Found {
    /// Its point.
    pub(super) index: usize,
    /// Points between the places of half its height, its neighbours' sides mirrored.
    pub(super) half_width: f64,
}

/// Maxima of a signal without baseline that rise above the noise by `threshold` and above the valleys to higher ones
/// by as much, in the order of time.
pub(super) fn find(signal: &[f64], noise: f64, threshold: f64) -> Vec<Found> {
    // Five points averaged leave broad peaks as they are and take the noise down by the root of five.
    let reach = 2;
    let smooth: Vec<f64> = (0..signal.len())
        .map(|i| {
            let (from, to) = (i.saturating_sub(reach), (i + reach).min(signal.len() - 1));
            signal[from..=to].iter().sum::<f64>() / (to - from + 1) as f64
        })
        .collect();
    let limit = threshold * noise / (2.0 * reach as f64 + 1.0).sqrt();
    let mut order: Vec<usize> = (1..smooth.len().saturating_sub(1))
        .filter(|i| smooth[*i] > limit && smooth[*i] >= smooth[i - 1] && smooth[*i] > smooth[i + 1])
        .collect();
    order.sort_by(|a, b| smooth[*b].total_cmp(&smooth[*a]));
    let mut kept: Vec<usize> = Vec::new();
    for index in order {
        let clear = kept.iter().all(|other| {
            let (from, to) = (index.min(*other), index.max(*other));
            let valley = smooth[from..=to].iter().copied().fold(f64::INFINITY, f64::min);
            smooth[index] - valley > limit
        });
        if clear {
            kept.push(index);
        }
    }
    kept.sort_unstable();
    kept.iter().map(|index| Found { index: *index, half_width: half_width(&smooth, *index) }).collect()
}

/// Twice the shorter side at half height: the other one may belong to a neighbour.
fn half_width(smooth: &[f64], index: usize) -> f64 {
    let half = 0.5 * smooth[index];
    let left = (0..index).rev().take_while(|i| smooth[*i] > half).count() + 1;
    let right = (index + 1..smooth.len()).take_while(|i| smooth[*i] > half).count() + 1;
    2.0 * left.min(right) as f64
}
