//! Where labels go: beside the ends of lines without touching each other, and inside plots away from data.

use crate::path::{Point, Rect};
use crate::ticks::count_f64;

/// Positions closest to `wanted` (ascending) that keep `gap` between neighbours and stay within `top` and `bottom`.
///
/// Subtracting the gaps turns the task into isotonic regression, solved by pooling adjacent violators (Ayer and
/// others, 1955). Where the room is too small for all, positions run beyond `bottom`.
pub(crate) fn spread(wanted: &[f64], gap: f64, (top, bottom): (f64, f64)) -> Vec<f64> {
    let mut pools: Vec<(f64, usize)> = Vec::new();
    for (index, position) in wanted.iter().enumerate() {
        let mut pool = (position - count_f64(index) * gap, 1);
        while let Some(before) = pools.last().filter(|before| before.0 > pool.0).copied() {
            pools.pop();
            let members = before.1 + pool.1;
            pool.0 = (before.0 * count_f64(before.1) + pool.0 * count_f64(pool.1)) / count_f64(members);
            pool.1 = members;
        }
        pools.push(pool);
    }
    let last = (bottom - gap * (count_f64(wanted.len()) - 1.0)).max(top);
    let flat =
        pools.iter().flat_map(|(value, members)| std::iter::repeat_n(value.clamp(top, last), *members));
    flat.enumerate().map(|(index, value)| value + count_f64(index) * gap).collect()
}

/// What is already drawn, as far as labels should avoid it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Obstacles {
    points: Vec<Point>,
    labels: Vec<Rect>,
}

impl Obstacles {
    /// A drawn curve, sampled every few pixels.
    pub(crate) fn add_curve(&mut self, points: &[Point]) {
        const SPACING: f64 = 4.0;
        self.points.extend(points.first());
        for pair in points.windows(2) {
            let (dx, dy) = (pair[1].0 - pair[0].0, pair[1].1 - pair[0].1);
            let samples = (1..=1000).take_while(|n| f64::from(n - 1) * SPACING < libm::hypot(dx, dy)).count();
            for sample in 1..=samples {
                let share = count_f64(sample) / count_f64(samples);
                self.points.push((pair[0].0 + share * dx, pair[0].1 + share * dy));
            }
        }
    }

    /// A single mark.
    pub(crate) fn add_point(&mut self, point: Point) {
        self.points.push(point);
    }

    /// A label that stands already.
    pub(crate) fn claim(&mut self, label: Rect) {
        self.labels.push(label);
    }

    /// Takes the candidate that covers the least, the first of equals, and remembers it. `None` only without
    /// candidates, or where each would cover another label.
    pub(crate) fn settle(&mut self, candidates: &[Rect]) -> Option<Rect> {
        let free = candidates.iter().filter(|rect| !self.labels.iter().any(|label| label.overlaps(rect)));
        let best =
            free.min_by_key(|rect| self.points.iter().filter(|point| rect.contains(**point)).count())?;
        self.labels.push(*best);
        Some(*best)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn labels_apart_stay_and_labels_together_share_the_shift() {
        assert_eq!(spread(&[10.0, 50.0], 15.0, (0.0, 100.0)), [10.0, 50.0]);
        assert_eq!(spread(&[50.0, 50.0, 50.0], 10.0, (0.0, 100.0)), [40.0, 50.0, 60.0]);
        assert_eq!(spread(&[99.0, 100.0], 10.0, (0.0, 100.0)), [90.0, 100.0]);
        assert!(spread(&[], 10.0, (0.0, 100.0)).is_empty());
    }

    #[test]
    fn a_label_avoids_data_and_other_labels() {
        let rect = |left: f64| Rect { left, top: 0.0, right: left + 10.0, bottom: 10.0 };
        let mut obstacles = Obstacles::default();
        obstacles.add_curve(&[(0.0, 5.0), (12.0, 5.0)]);
        assert_eq!(obstacles.settle(&[rect(0.0), rect(20.0)]), Some(rect(20.0)));
        assert_eq!(obstacles.settle(&[rect(20.0), rect(0.0)]), Some(rect(0.0)));
        assert_eq!(obstacles.settle(&[rect(1.0)]), None);
    }

    proptest! {
        #[test]
        fn spread_labels_keep_their_distance_and_order(
            mut wanted in proptest::collection::vec(0.0f64..300.0, 1..15),
        ) {
            wanted.sort_by(f64::total_cmp);
            let placed = spread(&wanted, 15.0, (0.0, 300.0));
            prop_assert!(placed.windows(2).all(|pair| pair[1] - pair[0] >= 15.0 - 1e-9));
            prop_assert!(placed.iter().all(|y| *y >= 0.0 && *y <= 300.0 + 1e-9));
        }
    }
}
