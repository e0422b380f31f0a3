//! Which way a factor moves an output.

use super::design::Design;

/// Per factor, the mean output over the points at which its number is below `share`, and over those at which it is above
/// `1 - share`; NaN where there is none. `outputs` has one value per point of the design; values that are not finite are
/// left out.
pub fn tail_means(design: &Design, outputs: &[f64], share: f64) -> Vec<(f64, f64)> {
    /// The sum and count below and above.
    #[derive(Clone, Copy, Default)]
    struct Sums {
        low: (f64, f64),
        high: (f64, f64),
    }
    let mut sums = vec![Sums::default(); design.factors()];
    for (index, output) in outputs.iter().enumerate().take(design.points()).filter(|(_, v)| v.is_finite()) {
        for (sums, number) in sums.iter_mut().zip(design.point(index)) {
            let tail = match number {
                u if u < share => &mut sums.low,
                u if u > 1.0 - share => &mut sums.high,
                _ => continue,
            };
            *tail = (tail.0 + output, tail.1 + 1.0);
        }
    }
    sums.into_iter().map(|s| (s.low.0 / s.low.1, s.high.0 / s.high.1)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The mean of u over its lowest and highest fifth is 0.1 and 0.9; what a factor does not move stays in the middle.
    #[test]
    fn directions_of_a_line() {
        let design = Design::new(4000, vec![0, 1], 3).unwrap();
        let outputs: Vec<f64> = (0..design.points()).map(|i| 1.0 - 2.0 * design.point(i)[1]).collect();
        let tails = tail_means(&design, &outputs, 0.2);
        assert!((tails[1].0 - 0.8).abs() < 0.01 && (tails[1].1 + 0.8).abs() < 0.01, "{tails:?}");
        assert!(tails[0].0.abs() < 0.05 && tails[0].1.abs() < 0.05, "{tails:?}");
        assert!(tail_means(&design, &[f64::NAN], 0.2)[0].0.is_nan());
    }
}
