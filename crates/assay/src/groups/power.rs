//! How many animals: simulated studies, analysed as the real one will be.

use hepatica_stats::groups::{Dunnett, Group, Sided};
use hepatica_stats::random::{Key, standard_normal};
use hepatica_stats::{Interval, StatsError, wilson};

use super::LEVEL;

/// The most simulated studies per number of animals.
pub(crate) const MAX_STUDIES: u32 = 100_000;
/// The most animals per group that are tried.
pub(crate) const MAX_PER_GROUP: u32 = 200;

/// What is assumed of the study.
#[derive(Clone, Debug, PartialEq)]
pub struct Assumed {
    /// The mean of each arm as a share of the control's, the control (1) first.
    pub means: Vec<f64>,
    /// The standard deviation of animals as a share of the control's mean.
    pub cv: f64,
    /// The share of animals lost before the end.
    pub loss: f64,
    /// Simulated studies per number of animals.
    pub studies: u32,
    /// Decides the draws.
    pub seed: u64,
}

/// The power at a number of animals.
#[derive(Clone, Debug, PartialEq)]
pub struct Powered {
    /// Animals per group at the end.
    pub n: u32,
    /// Animals per group at the start, so that this many are left.
    pub start: u32,
    /// The share of studies in which Dunnett's test finds each dose, with Wilson's interval.
    pub found: Vec<(f64, Interval)>,
    /// The share in which it finds any dose when none has an effect.
    pub false_alarm: (f64, Interval),
}

/// Power over numbers of animals.
#[derive(Clone, Debug, PartialEq)]
pub struct Power {
    /// By rising number.
    pub curve: Vec<Powered>,
    /// The smallest number tried at which the highest dose is found often enough; `None` when none is.
    pub needed: Option<u32>,
}

/// Simulates studies with `numbers` of animals left per group and finds the smallest with the power `target` for the last
/// arm. Values are normal; every number of animals uses the same draws, so that the curve is smooth.
///
/// # Errors
/// Fewer than two arms, numbers below 2, values out of range.
pub fn power(assumed: &Assumed, numbers: &[u32], target: f64) -> Result<Power, StatsError> {
    check(assumed, numbers, target)?;
    let curve: Vec<Powered> =
        numbers.iter().map(|n| at(assumed, *n)).collect::<Result<Vec<Powered>, StatsError>>()?;
    let enough = |p: &&Powered| p.found.last().is_some_and(|(share, _)| *share >= target);
    let needed = curve.iter().find(enough).map(|p| p.n);
    Ok(Power { curve, needed })
}

fn check(assumed: &Assumed, numbers: &[u32], target: f64) -> Result<(), StatsError> {
    let range = |what: &'static str, value: f64, ok: bool| match ok {
        true => Ok(()),
        false => Err(StatsError::Value { what, index: 0, value }),
    };
    if assumed.means.len() < 2 {
        return Err(StatsError::TooFew { found: assumed.means.len(), needed: 2 });
    }
    for mean in &assumed.means {
        range("a mean from 0 to 100 controls", *mean, (0.0..=100.0).contains(mean))?;
    }
    range("a deviation above zero", assumed.cv, assumed.cv > 0.0 && assumed.cv <= 10.0)?;
    range("a share of animals lost below 0.95", assumed.loss, (0.0..0.95).contains(&assumed.loss))?;
    let studies = f64::from(assumed.studies);
    range("100 to 100000 studies", studies, (100..=MAX_STUDIES).contains(&assumed.studies))?;
    range("a power between 0 and 1", target, target > 0.0 && target < 1.0)?;
    for n in numbers {
        range("2 to 200 animals per group", f64::from(*n), (2..=MAX_PER_GROUP).contains(n))?;
    }
    Ok(())
}

fn at(assumed: &Assumed, n: u32) -> Result<Powered, StatsError> {
    let arms = assumed.means.len();
    let each = f64::from(n);
    let df = arms as f64 * (each - 1.0);
    let limit = Dunnett::new(each, &vec![each; arms - 1], df)?.critical(LEVEL, Sided::Two)?;
    let key = Key::new(assumed.seed);
    let mut found = vec![0u64; arms - 1];
    let mut alarms = 0u64;
    for study in 0..assumed.studies {
        let mut noise: Vec<Group> = Vec::with_capacity(arms);
        for arm in 0..arms as u32 {
            let draw = |k: u32| standard_normal(&key, u64::from(study), arm * MAX_PER_GROUP + k);
            noise.push(Group::of(&(0..n).map(draw).collect::<Vec<f64>>())?);
        }
        let variance = noise.iter().map(|g| g.sd * g.sd).sum::<f64>() / arms as f64;
        let se = (variance * 2.0 / each).sqrt();
        let shift = |arm: usize| (assumed.means[arm] - assumed.means[0]) / assumed.cv;
        let t = |arm: usize, effect: f64| (noise[arm].mean - noise[0].mean + effect) / se;
        for arm in 1..arms {
            found[arm - 1] += u64::from(t(arm, shift(arm)).abs() > limit);
        }
        alarms += u64::from((1..arms).any(|arm| t(arm, 0.0).abs() > limit));
    }
    let studies = u64::from(assumed.studies);
    let share =
        |count: u64| wilson(count, studies, LEVEL).map(|interval| (count as f64 / studies as f64, interval));
    let found = found.into_iter().map(share).collect::<Result<Vec<(f64, Interval)>, StatsError>>()?;
    let start = (each / (1.0 - assumed.loss)).ceil() as u32;
    Ok(Powered { n, start, found, false_alarm: share(alarms)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assumed(means: &[f64]) -> Assumed {
        Assumed { means: means.to_vec(), cv: 0.25, loss: 0.2, studies: 4_000, seed: 3 }
    }

    /// Two arms of 17: a difference of one deviation is found with power 0.80 (Cohen 1988, table 2.3.5: n 17 for d 1.0).
    #[test]
    fn two_arms_as_in_tables() {
        let found = power(&assumed(&[1.0, 0.75]), &[17], 0.8).unwrap();
        let (share, interval) = found.curve[0].found[0];
        assert!((share - 0.807).abs() < 0.02 && interval.low < share && share < interval.high, "{share}");
        assert_eq!(found.curve[0].start, 22);
    }

    #[test]
    fn false_alarms_keep_the_level_and_power_rises() {
        let found = power(&assumed(&[1.0, 0.9, 0.8, 0.6]), &[4, 6, 10, 16], 0.8).unwrap();
        for p in &found.curve {
            let (share, interval) = p.false_alarm;
            assert!(interval.low < 0.055 && interval.high > 0.045, "{share}");
            assert!(p.found[0].0 <= p.found[1].0 && p.found[1].0 <= p.found[2].0);
        }
        assert!(found.curve.windows(2).all(|w| w[0].found[2].0 <= w[1].found[2].0 + 0.01));
        assert!(found.needed.is_some_and(|n| n > 4));
    }

    #[test]
    fn refusals() {
        for bad in [
            Assumed { cv: 0.0, ..assumed(&[1.0, 0.5]) },
            Assumed { loss: 0.99, ..assumed(&[1.0, 0.5]) },
            Assumed { studies: 1, ..assumed(&[1.0, 0.5]) },
            Assumed { means: vec![1.0], ..assumed(&[1.0, 0.5]) },
            Assumed { means: vec![1.0, -1.0], ..assumed(&[1.0, 0.5]) },
        ] {
            assert!(power(&bad, &[5], 0.8).is_err(), "{bad:?}");
        }
        assert!(power(&assumed(&[1.0, 0.5]), &[1], 0.8).is_err());
        assert!(power(&assumed(&[1.0, 0.5]), &[5], 1.0).is_err());
    }
}
