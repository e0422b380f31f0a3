//! How often 95 % intervals hold the truth over 2,000 simulations of a model that is right: between 93 and 97 %.
//! Run with `cargo test -p hepatica-assay --test coverage -- --ignored --nocapture`.

use hepatica_assay::calibration::{Standard, calibrate, standard_addition};
use hepatica_assay::kinetics::{Law, Rates, Run, Scatter, fit_laws};
use hepatica_assay::spread::Uncertain;
use hepatica_assay::window::window;
use hepatica_source::{FileId, Span, Spanned};
use hepatica_stats::random::{Key, standard_normal};
use hepatica_stats::regression::Limit;

const RUNS: u64 = 2000;

fn covered(name: &str, run: impl Fn(u64) -> Option<(f64, f64, f64)>) {
    let (mut held, mut given) = (0, 0);
    for seed in 0..RUNS {
        let Some((low, truth, high)) = run(seed) else { continue };
        given += 1;
        held += u32::from(low <= truth && truth <= high);
    }
    let share = f64::from(held) / f64::from(given);
    println!("{name}: {share:.4} of {given}");
    assert!(given > 1990 && (0.93..=0.97).contains(&share), "{name}: {share} of {given}");
}

#[test]
#[ignore = "2,000 simulations of each analysis"]
fn intervals_hold_the_truth() {
    let key = Key::new(77);
    let noise = |seed: u64, draw: u32| standard_normal(&key, seed, draw);
    let levels = [0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 5.0];
    covered("concentration read off a weighted line", |seed| {
        let standard = |(row, x): (usize, &f64)| Standard {
            nominal: *x,
            response: (4.0 * x) * (1.0 + 0.03 * noise(seed, row as u32)),
            row,
        };
        let standards: Vec<Standard> = levels.iter().enumerate().map(standard).collect();
        let calibration = calibrate(&standards).unwrap();
        let response = |k: u32| 4.0 * 0.8 * (1.0 + 0.03 * noise(seed, 100 + k));
        let read = calibration.read(0.5 * (response(0) + response(1)), 2);
        read.interval.map(|i| (i.low, 0.8, i.high))
    });
    covered("standard addition", |seed| {
        let added = [0.0, 0.0, 1.0, 1.0, 2.0, 2.0, 4.0, 4.0];
        let response: Vec<f64> =
            added.iter().enumerate().map(|(k, a)| 2.0 * (1.5 + a) + 0.2 * noise(seed, k as u32)).collect();
        let found = standard_addition(&added, &response).unwrap();
        found.interval.map(|i| (i.low, 1.5, i.high))
    });
    covered("slope of a window", |seed| {
        let time: Vec<f64> = (0..25).map(|k| f64::from(k) / 6.0).collect();
        let signal: Vec<f64> =
            time.iter().enumerate().map(|(k, t)| 0.9 - 0.03 * t + 0.002 * noise(seed, k as u32)).collect();
        let w = window(&time, &signal, 0, 24).unwrap();
        let slope = Uncertain { value: -w.slope, u: w.slope_se, df: w.df }.interval().unwrap();
        Some((slope.low, 0.03, slope.high))
    });
    // By Welch and Satterthwaite intervals of three less three are known to be wide: 97.1 % here.
    covered("mean of six wells less six blanks", |seed| {
        let wells = Uncertain::mean(&[0, 1, 2, 3, 4, 5].map(|k| 0.08 + 0.002 * noise(seed, k))).unwrap();
        let blank = Uncertain::mean(&[6, 7, 8, 9, 10, 11].map(|k| 0.01 + 0.002 * noise(seed, k))).unwrap();
        wells.minus(blank).interval().map(|i| (i.low, 0.07, i.high))
    });
    covered("Michaelis constant by its profile", |seed| {
        let substrate = [20.0, 20.0, 50.0, 50.0, 100.0, 100.0, 200.0, 200.0, 500.0, 500.0, 1000.0, 1000.0];
        let rate = |(k, s): (usize, &f64)| {
            Law::MichaelisMenten.rate(&[10.0, 100.0], *s, 0.0) + 0.25 * noise(seed, k as u32)
        };
        let rates = Rates {
            substrate: substrate.to_vec(),
            inhibitor: vec![0.0; substrate.len()],
            rate: substrate.iter().enumerate().map(rate).collect(),
            ..Rates::default()
        };
        let run = Run {
            title: String::new(),
            rates: Spanned::new(String::new(), Span::new(FileId(0), 0, 0)),
            scatter: Scatter::Constant,
            laws: vec![Law::MichaelisMenten],
            substrate: String::new(),
            inhibitor: String::new(),
        };
        let report = fit_laws(&run, &rates);
        match report.fits.first()?.constants[1].profile? {
            (Limit::At(low), Limit::At(high)) => Some((low, 100.0, high)),
            _ => None,
        }
    });
}
