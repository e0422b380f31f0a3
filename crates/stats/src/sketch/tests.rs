//! Quantiles against sorted values, and the same bytes for every order and partition.

use super::*;
use crate::Sorted;
use crate::distribution::Distribution;
use crate::random::Key;
use proptest::prelude::*;

fn sketch(values: &[f64]) -> Sketch {
    let mut sketch = Sketch::new();
    values.iter().for_each(|x| sketch.insert(*x).unwrap());
    sketch
}

#[test]
fn middles_are_near() {
    let mut x = f64::MIN_POSITIVE;
    while x < 1e308 {
        for value in [x, x * (1.0 + 1.0 / 512.0), x * 1.37] {
            let off = (middle(bin(value)) - value).abs() / value;
            assert!(off <= RELATIVE_ERROR, "{value}: {off}");
        }
        x *= 2.0;
    }
    assert_eq!(middle(bin(f64::INFINITY)), f64::INFINITY);
    assert!(middle(bin(f64::MAX)).is_finite());
}

/// Many lognormal values: the promise of the module, and memory that is that of the range.
#[test]
fn many_values() {
    let spread = Distribution::LogNormal { mu: 3.0, sigma: 1.0 };
    let key = Key::new(1);
    let values: Vec<f64> = (0..300_000).map(|i| spread.draw(&key, i, 0)).collect();
    let sketch = sketch(&values);
    let sorted = Sorted::new(values).unwrap();
    for p in [0.0, 1e-4, 0.05, 0.25, 0.5, 0.75, 0.95, 0.999, 1.0] {
        let (got, exact) = (sketch.quantile(p).unwrap(), sorted.quantile(p));
        assert!((got - exact).abs() <= 1.0001 * RELATIVE_ERROR * exact, "{p}: {got} {exact}");
    }
    // Nine deviations are fourteen powers of two.
    assert!(sketch.to_bytes().len() < 14 * 512 * 4);
    let mean = sorted.values().iter().sum::<f64>() / 300_000.0;
    assert!((sketch.mean().unwrap() - mean).abs() < 1e-12 * mean);
}

#[test]
fn signs_zeros_and_infinities() {
    let values = [-4.0, -1.0, 0.0, -0.0, 1e-310, 2.0, f64::INFINITY];
    let sketch = sketch(&values);
    assert_eq!((sketch.count(), sketch.min(), sketch.max()), (7, Some(-4.0), Some(f64::INFINITY)));
    assert_eq!(sketch.quantile(0.5), Some(0.0));
    assert!((sketch.quantile(1.0 / 6.0).unwrap() + 1.0).abs() <= RELATIVE_ERROR);
    assert_eq!((sketch.quantile(1.0), sketch.quantile(0.99)), (Some(f64::INFINITY), Some(f64::INFINITY)));
    assert_eq!(sketch.mean(), Some(f64::INFINITY));
    for (x, count) in [(-5.0, 0), (-4.0, 1), (-1.0, 2), (0.0, 5), (1.9, 5), (2.0, 6), (f64::INFINITY, 7)] {
        assert_eq!(sketch.count_at_most(x), count, "{x}");
    }
    assert_eq!(sketch.count_at_most(f64::NAN), 0);
}

#[test]
fn nothing_and_nan() {
    let mut sketch = Sketch::new();
    assert_eq!((sketch.count(), sketch.quantile(0.5), sketch.mean(), sketch.min()), (0, None, None, None));
    assert!(sketch.insert(f64::NAN).is_err());
    assert_eq!(sketch, Sketch::new());
    assert_eq!(Sketch::from_bytes(&sketch.to_bytes()), Ok(Sketch::new()));
    sketch.insert(3.5).unwrap();
    assert_eq!((sketch.quantile(0.3), sketch.mean()), (Some(3.5), Some(3.5)));
    assert!(sketch.quantile(f64::NAN).unwrap().is_nan());
}

/// Every change of one byte is either refused or another sketch.
#[test]
fn damaged_bytes() {
    let whole = sketch(&[-2.0, -1.0, 0.0, 1.0, 3.0, 3.0, 1e9]);
    let bytes = whole.to_bytes();
    for at in 0..bytes.len() {
        assert!(Sketch::from_bytes(&bytes[..at]).is_err(), "{at}");
        for flip in [1, 0x80, 0xff] {
            let mut damaged = bytes.clone();
            damaged[at] ^= flip;
            if let Ok(other) = Sketch::from_bytes(&damaged) {
                assert!(other != whole && other.to_bytes() == damaged, "{at} {flip}");
            }
        }
    }
    let mut longer = bytes;
    longer.push(0);
    assert!(Sketch::from_bytes(&longer).is_err());
}

fn values() -> impl Strategy<Value = Vec<f64>> {
    let value = prop_oneof![
        8 => -1e3f64..1e3,
        4 => (-300i32..300, 1.0f64..10.0).prop_map(|(e, m)| m * 10f64.powi(e)),
        1 => Just(0.0),
        1 => Just(-0.0),
        1 => Just(f64::INFINITY),
        1 => Just(f64::NEG_INFINITY),
    ];
    prop::collection::vec(value, 0..60)
}

proptest! {
    #[test]
    fn order_and_partition_do_not_matter(
        values in values(),
        parts in prop::collection::vec(0usize..4, 60),
        turn in 0usize..60,
    ) {
        let whole = sketch(&values);
        let mut shares = vec![Sketch::new(); 4];
        let mut turned: Vec<(f64, usize)> = values.iter().copied().zip(parts).collect();
        let places = turned.len().max(1);
        turned.rotate_left(turn % places);
        turned.iter().rev().for_each(|(x, part)| shares[*part].insert(*x).unwrap());
        let mut merged = Sketch::new();
        shares.iter().rev().for_each(|share| merged.merge(share));
        let bytes = whole.to_bytes();
        prop_assert_eq!(&bytes, &merged.to_bytes());
        prop_assert_eq!(&Sketch::from_bytes(&bytes).unwrap(), &merged);
        for p in [0.0, 0.3, 0.5, 1.0] {
            prop_assert_eq!(whole.quantile(p).map(f64::to_bits), merged.quantile(p).map(f64::to_bits));
        }
    }

    #[test]
    fn quantiles_are_near(values in prop::collection::vec(-1e6f64..1e6, 1..50), p in 0.0f64..1.0) {
        let sketch = sketch(&values);
        let sorted = Sorted::new(values).unwrap();
        let place = p * (sorted.values().len() - 1) as f64;
        let neighbours = [place.floor(), place.ceil()].map(|at| sorted.values()[at as usize].abs());
        let limit = 1.0001 * RELATIVE_ERROR * neighbours[0].max(neighbours[1]);
        prop_assert!((sketch.quantile(p).unwrap() - sorted.quantile(p)).abs() <= limit);
    }

    #[test]
    fn any_bytes_are_refused_or_read(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
        let marked = [b"hsk1".as_slice(), &bytes].concat();
        if let Ok(sketch) = Sketch::from_bytes(&marked) {
            prop_assert_eq!(sketch.to_bytes(), marked);
        }
    }
}
