//! Peak areas against chromatograms whose areas are known. The signal is made by convolution here, not by the
//! profile of the analyser.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use hepatica_assay::chromatogram::{Chromatogram, Options, analyse};
use hepatica_stats::random::{Key, standard_normal};

/// A Gaussian convolved with an exponential tail by summation over the tail, unit area.
fn tailed(t: f64, centre: f64, sigma: f64, tau: f64) -> f64 {
    let n = 400;
    let step = 12.0 * tau / f64::from(n);
    let gauss = |u: f64| (-0.5 * u * u).exp() / (sigma * (2.0 * std::f64::consts::PI).sqrt());
    let part = |k: i32| {
        let s = step * (f64::from(k) + 0.5);
        gauss((t - centre - s) / sigma) * (-s / tau).exp() / tau * step
    };
    (0..n).map(part).sum()
}

struct Truth {
    areas: Vec<(f64, f64)>,
    sigma: f64,
    tau: f64,
    noise: f64,
}

/// Ten minutes at 2.5 points a second over a drifting baseline.
fn made(truth: &Truth, seed: u64) -> Chromatogram {
    let key = Key::new(seed);
    let time: Vec<f64> = (0..1500).map(|k| f64::from(k) / 150.0).collect();
    let signal: Vec<f64> = time
        .iter()
        .enumerate()
        .map(|(k, t)| {
            let peaks: f64 =
                truth.areas.iter().map(|(c, a)| a * tailed(*t, *c, truth.sigma, truth.tau)).sum();
            let drift = 3.0 + 0.35 * t + 0.6 * (0.5 * t).sin();
            peaks + drift + truth.noise * standard_normal(&key, k as u64, 0)
        })
        .collect();
    analyse(&time, &signal, &Options::default()).unwrap()
}

fn area_near(c: &Chromatogram, t: f64) -> f64 {
    let near = c.peaks.iter().filter(|p| (p.retention - t).abs() < 0.1);
    near.map(|p| p.area).fold(f64::NAN, f64::max)
}

/// Signal to noise 20 by 2 H / h: the noise of six standard deviations is a tenth of the height.
#[test]
fn areas_are_right_to_two_per_cent_at_signal_to_noise_20() {
    let (mut worst, mut sum, mut squares) = (0.0f64, 0.0, 0.0);
    let n = 60;
    for seed in 0..n {
        let truth = Truth { areas: vec![(5.0, 1.0)], sigma: 0.06, tau: 0.04, noise: 0.09 };
        let c = made(&truth, seed);
        let error = area_near(&c, 5.03) - 1.0;
        assert!(error.is_finite(), "no peak in {seed}: {:?}", c.peaks);
        (worst, sum, squares) = (worst.max(error.abs()), sum + error, squares + error * error);
        let snr = c.peaks.iter().find(|p| (p.retention - 5.03).abs() < 0.1).unwrap().signal_to_noise;
        assert!((12.0..32.0).contains(&snr), "{snr}");
    }
    let (bias, spread) = (sum / n as f64, (squares / n as f64).sqrt());
    println!("bias {bias:.4}, root mean square {spread:.4}, worst {worst:.4}");
    assert!(bias.abs() < 0.005 && spread < 0.01 && worst < 0.02);
}

/// A second peak of a fifth of the area at resolution 1.2, with tails.
#[test]
fn a_shoulder_at_resolution_1_2_is_shared_rightly() {
    let mut worst = (0.0f64, 0.0f64);
    for seed in 0..20 {
        let truth = Truth { areas: vec![(5.0, 10.0), (5.34, 2.0)], sigma: 0.06, tau: 0.04, noise: 0.09 };
        let c = made(&truth, seed);
        assert_eq!(c.peaks.len(), 2, "{seed}: {:?}", c.peaks);
        let resolution = c.peaks[1].resolution.unwrap();
        assert!((1.0..1.4).contains(&resolution), "{resolution}");
        assert!(c.peaks[0].fused && c.peaks[1].fused);
        worst.0 = worst.0.max((c.peaks[0].area / 10.0 - 1.0).abs());
        worst.1 = worst.1.max((c.peaks[1].area / 2.0 - 1.0).abs());
    }
    println!("worst: main {:.4}, shoulder {:.4}", worst.0, worst.1);
    assert!(worst.0 < 0.01 && worst.1 < 0.03, "{worst:?}");
}

#[test]
fn shapes_of_a_gaussian_peak() {
    let truth = Truth { areas: vec![(5.0, 10.0)], sigma: 0.06, tau: 0.002, noise: 0.01 };
    let c = made(&truth, 3);
    let p = &c.peaks[0];
    assert!((p.half_width / (2.354_82 * 0.06) - 1.0).abs() < 0.01, "{p:?}");
    assert!((p.tailing - 1.0).abs() < 0.03 && (p.retention - 5.002).abs() < 0.005, "{p:?}");
    assert!((p.plates / (5.54 * (5.002f64 / 0.141_29).powi(2)) - 1.0).abs() < 0.02, "{p:?}");
}

#[test]
fn a_clipped_peak_says_so_and_an_empty_trace_has_none() {
    let time: Vec<f64> = (0..1500).map(|k| f64::from(k) / 150.0).collect();
    let key = Key::new(9);
    let noise = |k: usize| 0.05 * standard_normal(&key, k as u64, 0);
    let clipped: Vec<f64> = time
        .iter()
        .enumerate()
        .map(|(k, t)| (2.0 + 20.0 * tailed(*t, 5.0, 0.06, 0.04) + noise(k)).min(60.0))
        .collect();
    let c = analyse(&time, &clipped, &Options::default()).unwrap();
    assert!(c.peaks[0].clipped && !c.clipped.is_empty(), "{:?}", c.peaks);
    assert!((c.peaks[0].area / 20.0 - 1.0).abs() < 0.1, "{:?}", c.peaks[0]);
    let flat: Vec<f64> = (0..1500).map(|k| 2.0 + noise(k)).collect();
    let empty = analyse(&time, &flat, &Options::default()).unwrap();
    assert!(empty.peaks.len() <= 1, "{:?}", empty.peaks);
    assert!(analyse(&time[..20], &flat[..20], &Options::default()).is_err());
}
