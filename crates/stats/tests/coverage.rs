//! Whether intervals hold what they promise: 2,000 simulated experiments of the model that is fitted. Ignored, because
//! it takes a while: `cargo test -p hepatica-stats --test coverage -- --ignored`.

use hepatica_stats::Interval;
use hepatica_stats::groups::{Dunnett, Group, Sided};
use hepatica_stats::random::{Key, standard_normal};
use hepatica_stats::regression::{Observed, Parameter, Reading, SearchOptions, fit_curve, fit_line, profile};

const STUDIES: u64 = 2_000;

/// The share of studies in which `holds` is true lies between 93 and 97 %.
fn covers(what: &str, holds: impl Fn(u64) -> bool) {
    let share = (0..STUDIES).filter(|study| holds(*study)).count() as f64 / STUDIES as f64;
    println!("{what}: {:.1} %", 100.0 * share);
    assert!((0.93..=0.97).contains(&share), "{what}: {share}");
}

fn inside(interval: Interval, truth: f64) -> bool {
    interval.low <= truth && truth <= interval.high
}

/// Rates at six substrate concentrations in duplicate, error 5 % of the largest.
#[test]
#[ignore = "2,000 simulated experiments"]
fn michaelis_menten() {
    let (vmax, km, sd) = (100.0, 0.5, 5.0);
    let s: Vec<f64> = [0.05, 0.1, 0.25, 0.5, 1.0, 2.5].into_iter().flat_map(|s| [s, s]).collect();
    let key = Key::new(11);
    let curve = |p: &[f64], values: &mut [f64]| {
        values.iter_mut().zip(&s).for_each(|(value, s)| *value = p[0] * s / (p[1] + s));
    };
    let parameters = [Parameter::positive(80.0), Parameter::positive(0.3)];
    for (k, truth) in [vmax, km].into_iter().enumerate() {
        covers(["Vmax, profile", "Km, profile"][k], |study| {
            let error = |i: usize| sd * standard_normal(&key, study, i as u32);
            let y: Vec<f64> = s.iter().enumerate().map(|(i, s)| vmax * s / (km + s) + error(i)).collect();
            let observed = Observed { y: &y, weights: None };
            let fit = fit_curve(&curve, &observed, &parameters, &SearchOptions::default()).unwrap();
            let ends = profile(&curve, &observed, &parameters, &fit, (k, 0.95)).unwrap();
            inside(Interval { low: ends.low.value(false), high: ends.high.value(true) }, truth)
        });
    }
}

/// A calibration line with errors in proportion to x and weights 1 / x^2; an unknown in triplicate read off it.
#[test]
#[ignore = "2,000 simulated experiments"]
fn calibration() {
    let x: Vec<f64> = [1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0].to_vec();
    let weights: Vec<f64> = x.iter().map(|x| 1.0 / (x * x)).collect();
    let (key, unknown, cv) = (Key::new(12), 15.0, 0.05);
    let line = |study: u64| {
        let y = |(i, x): (usize, &f64)| 0.5 + 2.0 * x + 2.0 * cv * x * standard_normal(&key, study, i as u32);
        fit_line(&x, &x.iter().enumerate().map(y).collect::<Vec<f64>>(), Some(&weights)).unwrap()
    };
    covers("slope", |study| inside(line(study).slope_interval(0.95).unwrap(), 2.0));
    covers("intercept", |study| inside(line(study).intercept_interval(0.95).unwrap(), 0.5));
    covers("read off", |study| {
        let noise = (20..23).map(|i| standard_normal(&key, study, i)).sum::<f64>() / 3.0;
        let mean = 0.5 + 2.0 * unknown + 2.0 * cv * unknown * noise;
        let reading = Reading { mean, replicates: 3, weight: 1.0 / (unknown * unknown) };
        line(study).read(&reading, 0.95).unwrap().interval.is_some_and(|i| inside(i, unknown))
    });
}

/// Dunnett's intervals hold all differences together.
#[test]
#[ignore = "2,000 simulated experiments"]
fn dunnett_holds_together() {
    let key = Key::new(13);
    let numbers = [8.0, 5.0, 6.0, 7.0];
    let distribution = Dunnett::new(numbers[0], &numbers[1..], 22.0).unwrap();
    let limit = distribution.critical(0.95, Sided::Two).unwrap();
    covers("all differences", |study| {
        let group = |arm: usize| {
            let draw = |k: u32| standard_normal(&key, study, 100 * arm as u32 + k);
            Group::of(&(0..numbers[arm] as u32).map(draw).collect::<Vec<f64>>()).unwrap()
        };
        let groups: Vec<Group> = (0..4).map(group).collect();
        let square: f64 = groups.iter().map(|g| (g.n as f64 - 1.0) * g.sd * g.sd).sum();
        let deviation = (square / 22.0).sqrt();
        (1..4).all(|k| {
            let se = deviation * (1.0 / numbers[0] + 1.0 / numbers[k]).sqrt();
            ((groups[k].mean - groups[0].mean) / se).abs() <= limit
        })
    });
}
