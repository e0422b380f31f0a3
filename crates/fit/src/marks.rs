//! What a clinic would note about one person.

use hepatica_trial::{Measure, measure};

use crate::bench::Series;

/// Outputs that [`marks()`] reads, in this order.
pub const OUTPUTS: [&str; 7] = [
    "ALT",
    "AST",
    "INR",
    "functional_hepatocytes",
    "apap_mg_per_L",
    "napqi_formed",
    "adducts_serum_umol_per_L",
];

/// Severe injury: peak ALT above this, U/L (Prescott 1979 BMJ 2:1097).
pub const SEVERE_ALT: f64 = 1000.0;

/// Liver failure: functional hepatocytes below this share of normal.
pub const FAILING: f64 = 0.30;

/// One person, measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Marks {
    /// Highest ALT, U/L.
    pub peak_alt: f64,
    /// When, h.
    pub peak_alt_h: f64,
    /// Half-life of ALT from 24 to 72 h after its peak, h; `NaN` when it does not fall.
    pub alt_half_life_h: f64,
    /// Half-life of AST from 24 to 72 h after its peak, h.
    pub ast_half_life_h: f64,
    /// Half-life of serum adducts from 24 to 72 h after the peak of ALT, h.
    pub adduct_half_life_h: f64,
    /// Highest INR.
    pub peak_inr: f64,
    /// Least share of functional hepatocytes.
    pub least_function: f64,
    /// Highest serum adducts, nmol/mL.
    pub peak_adducts: f64,
    /// NAPQI formed in all, umol.
    pub napqi_umol: f64,
    /// Time in which ALT doubles, over its rise from 150 to 1000 U/L, h; `NaN` when it does not rise so far.
    pub alt_doubling_h: f64,
}

impl Marks {
    /// Whether injury was severe.
    pub fn severe(&self) -> bool {
        self.peak_alt > SEVERE_ALT
    }

    /// Whether the liver failed.
    pub fn failed(&self) -> bool {
        self.least_function < FAILING
    }
}

/// Measures one person; the series has the columns [`OUTPUTS`].
pub fn marks(series: &Series) -> Marks {
    let column = |k: usize| series.columns[k].as_slice();
    let (alt, ast) = (column(0), column(1));
    let peak = argmax(alt);
    let after = |k: usize, top: usize| {
        let start = series.times[top];
        half_life(&series.times, column(k), start + 24.0, start + 72.0)
    };
    Marks {
        peak_alt: alt[peak],
        peak_alt_h: series.times[peak],
        alt_half_life_h: after(0, peak),
        ast_half_life_h: after(1, argmax(ast)),
        adduct_half_life_h: after(6, argmax(column(6))),
        peak_inr: max(column(2)),
        least_function: column(3).iter().copied().fold(f64::INFINITY, f64::min),
        peak_adducts: max(column(6)),
        napqi_umol: max(column(5)),
        alt_doubling_h: doubling(&series.times, &alt[..=peak], 150.0, 1000.0),
    }
}

/// Half-life by least squares on the logarithm between two times, h; `NaN` with fewer than three positive values
/// or a slope that is not negative.
pub fn half_life(times: &[f64], values: &[f64], from_h: f64, to_h: f64) -> f64 {
    measure(Measure::HalfLife { from_h, to_h }, times, values)
}

/// Time in which a rising curve doubles between two levels.
fn doubling(times: &[f64], rising: &[f64], low: f64, high: f64) -> f64 {
    let cross = |level: f64| {
        let k = rising.windows(2).position(|w| w[0] < level && w[1] >= level)?;
        let part =
            (libm::log(level) - libm::log(rising[k])) / (libm::log(rising[k + 1]) - libm::log(rising[k]));
        Some(times[k] + part * (times[k + 1] - times[k]))
    };
    match (cross(low), cross(high)) {
        (Some(start), Some(end)) => (end - start) * core::f64::consts::LN_2 / libm::log(high / low),
        _ => f64::NAN,
    }
}

fn argmax(values: &[f64]) -> usize {
    values.iter().enumerate().fold(0, |best, (i, v)| if *v > values[best] { i } else { best })
}

fn max(values: &[f64]) -> f64 {
    values.iter().copied().fold(f64::NEG_INFINITY, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exponential_fall_has_its_half_life() {
        let times: Vec<f64> = (0..=100).map(f64::from).collect();
        let values: Vec<f64> = times.iter().map(|t| 7.0 * libm::exp2(-t / 12.5)).collect();
        assert!((half_life(&times, &values, 10.0, 60.0) - 12.5).abs() < 1e-9);
        assert!(half_life(&times, &values, 10.0, 11.0).is_nan());
        let rising: Vec<f64> = values.iter().rev().copied().collect();
        assert!(half_life(&times, &rising, 10.0, 60.0).is_nan());
    }

    /// ALT that doubles every 4 h up to 72 h and halves every 40 h from there.
    #[test]
    fn one_person_measured() {
        let times: Vec<f64> = (0..=240).map(f64::from).collect();
        let alt: Vec<f64> = times
            .iter()
            .map(|t| {
                if *t <= 72.0 {
                    4000.0 * libm::exp2((t - 72.0) / 4.0)
                } else {
                    4000.0 * libm::exp2((72.0 - t) / 40.0)
                }
            })
            .collect();
        let flat = |value: f64| vec![value; times.len()];
        let columns = vec![alt.clone(), alt.clone(), flat(1.5), flat(0.25), flat(1.0), flat(9.0), alt];
        let found = marks(&Series { times: times.into(), columns });
        assert_eq!((found.peak_alt, found.peak_alt_h), (4000.0, 72.0));
        assert!(
            (found.alt_half_life_h - 40.0).abs() < 1e-6 && (found.adduct_half_life_h - 40.0).abs() < 1e-6
        );
        assert!((found.alt_doubling_h - 4.0).abs() < 1e-6, "{}", found.alt_doubling_h);
        assert!(found.severe() && found.failed());
        assert_eq!((found.peak_inr, found.napqi_umol), (1.5, 9.0));
    }
}
