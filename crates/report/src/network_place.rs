//! Layers -> coordinates: every place near the mean of its neighbours, none over another.

use crate::network_layers::{Layers, Place};

/// Sweeps of the placement.
const SWEEPS: usize = 30;

/// Horizontal centres of all places for their widths; `gap` is the room between two of them. The leftmost edge is at 0.
pub(crate) fn centres(layers: &Layers, widths: &[f64], gap: f64) -> Vec<f64> {
    let (above, below) = (layers.neighbours(true), layers.neighbours(false));
    let mut x = vec![0.0; layers.places.len()];
    for row in &layers.rows {
        let mut left = 0.0;
        for place in row {
            x[*place] = left + widths[*place] / 2.0;
            left += widths[*place] + gap;
        }
    }
    for sweep in 0..SWEEPS {
        let order: Vec<usize> = match sweep % 2 {
            0 => (0..layers.rows.len()).collect(),
            _ => (0..layers.rows.len()).rev().collect(),
        };
        for row in order {
            let places = &layers.rows[row];
            let wanted: Vec<(f64, f64)> =
                places.iter().map(|place| wish(*place, (&above, &below), layers, &x)).collect();
            let apart: Vec<f64> =
                places.windows(2).map(|p| (widths[p[0]] + widths[p[1]]) / 2.0 + gap).collect();
            let found = nearest_apart(&wanted, &apart);
            places.iter().zip(found).for_each(|(place, at)| x[*place] = at);
        }
    }
    let left = (0..x.len()).map(|k| x[k] - widths[k] / 2.0).fold(f64::INFINITY, f64::min);
    x.iter().map(|at| at - if left.is_finite() { left } else { 0.0 }).collect()
}

/// Where a place wants to be, and how strongly: passing lines want to be straight.
fn wish(
    place: usize,
    (above, below): (&[Vec<usize>], &[Vec<usize>]),
    layers: &Layers,
    x: &[f64],
) -> (f64, f64) {
    let passes = |place: usize| matches!(layers.places[place], Place::Pass(_));
    let (mut sum, mut weight) = (0.0, 0.0);
    for neighbour in above[place].iter().chain(&below[place]) {
        let own = if passes(place) && passes(*neighbour) { 6.0 } else { 1.0 };
        sum += own * x[*neighbour];
        weight += own;
    }
    if weight > 0.0 { (sum / weight, weight) } else { (x[place], 0.5) }
}

/// The positions nearest to what is wanted (weighted least squares) that keep their order and distances: pooled
/// adjacent violators after the distances are taken off (Barlow et al., Statistical Inference under Order
/// Restrictions, 1972).
fn nearest_apart(wanted: &[(f64, f64)], apart: &[f64]) -> Vec<f64> {
    let mut offset = vec![0.0; wanted.len()];
    for k in 1..wanted.len() {
        offset[k] = offset[k - 1] + apart[k - 1];
    }
    // Pools: sum of weighted wishes, weight, members.
    let mut pools: Vec<(f64, f64, usize)> = Vec::new();
    for (k, (at, weight)) in wanted.iter().enumerate() {
        pools.push(((at - offset[k]) * weight, *weight, 1));
        while let [.., a, b] = pools.as_slice() {
            if a.0 / a.1 <= b.0 / b.1 {
                break;
            }
            let joined = (a.0 + b.0, a.1 + b.1, a.2 + b.2);
            pools.truncate(pools.len() - 2);
            pools.push(joined);
        }
    }
    let levels = pools.iter().flat_map(|(sum, weight, members)| std::iter::repeat_n(sum / weight, *members));
    levels.zip(&offset).map(|(level, offset)| level + offset).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_go_where_they_want_and_give_way_where_they_cannot() {
        assert_eq!(nearest_apart(&[(0.0, 1.0), (50.0, 1.0)], &[10.0]), [0.0, 50.0]);
        assert_eq!(nearest_apart(&[(20.0, 1.0), (20.0, 1.0)], &[10.0]), [15.0, 25.0]);
        assert_eq!(nearest_apart(&[(20.0, 3.0), (20.0, 1.0)], &[10.0]), [17.5, 27.5]);
        assert!(nearest_apart(&[], &[]).is_empty());
    }
}
