//! Curves in pixels: thinned to what can be seen, clipped to the frame, written as path data.
//!
//! Thinning keeps, of each run of points in one pixel column, the first, lowest, highest and last, then drops
//! points that a straight line passes within [`TOLERANCE`] (Douglas and Peucker, 1973). It depends on the points
//! alone, so the same curve gives the same bytes.

use std::fmt::Write;

/// A point in pixels.
pub(crate) type Point = (f64, f64);

/// Pixels by which a drawn curve may differ from the data.
const TOLERANCE: f64 = 0.12;

/// A rectangle in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Rect {
    pub(crate) left: f64,
    pub(crate) top: f64,
    pub(crate) right: f64,
    pub(crate) bottom: f64,
}

impl Rect {
    pub(crate) fn width(&self) -> f64 {
        self.right - self.left
    }

    pub(crate) fn height(&self) -> f64 {
        self.bottom - self.top
    }

    pub(crate) fn contains(&self, (x, y): Point) -> bool {
        let slack = 0.01;
        x >= self.left - slack && x <= self.right + slack && y >= self.top - slack && y <= self.bottom + slack
    }

    pub(crate) fn overlaps(&self, other: &Rect) -> bool {
        self.left < other.right
            && other.left < self.right
            && self.top < other.bottom
            && other.top < self.bottom
    }
}

/// Points between gaps, each piece thinned.
pub(crate) fn pieces(points: impl Iterator<Item = Option<Point>>) -> Vec<Vec<Point>> {
    let mut pieces = Vec::new();
    let mut piece = Vec::new();
    for point in points {
        match point {
            Some(point) => piece.push(point),
            None if piece.is_empty() => {}
            None => pieces.push(std::mem::take(&mut piece)),
        }
    }
    if !piece.is_empty() {
        pieces.push(piece);
    }
    pieces.into_iter().map(|piece| thinned(&piece)).collect()
}

/// The visible part of a curve.
pub(crate) fn thinned(points: &[Point]) -> Vec<Point> {
    simplified(&by_column(points))
}

/// Of each run of points in one pixel column the first, lowest, highest and last, in their order.
fn by_column(points: &[Point]) -> Vec<Point> {
    let mut kept: Vec<Point> = Vec::new();
    let mut start = 0;
    while start < points.len() {
        let column = points[start].0.floor();
        let run = points[start..].iter().take_while(|p| p.0.floor() == column).count();
        let slice = &points[start..start + run];
        let extreme = |better: fn(f64, f64) -> bool| {
            let mut best = 0;
            for (index, point) in slice.iter().enumerate() {
                if better(point.1, slice[best].1) {
                    best = index;
                }
            }
            best
        };
        let mut indices = [0, extreme(|a, b| a < b), extreme(|a, b| a > b), run - 1];
        indices.sort_unstable();
        let mut last = usize::MAX;
        for index in indices {
            if index != last {
                kept.push(slice[index]);
            }
            last = index;
        }
        start += run;
    }
    kept
}

/// Drops points within the tolerance of the line between their kept neighbours.
fn simplified(points: &[Point]) -> Vec<Point> {
    if points.len() < 3 {
        return points.to_vec();
    }
    let mut keep = vec![false; points.len()];
    keep[0] = true;
    keep[points.len() - 1] = true;
    let mut spans = vec![(0, points.len() - 1)];
    while let Some((first, last)) = spans.pop() {
        let mut farthest = (TOLERANCE, 0);
        for (index, point) in points.iter().enumerate().take(last).skip(first + 1) {
            let distance = distance(*point, points[first], points[last]);
            if distance > farthest.0 {
                farthest = (distance, index);
            }
        }
        if farthest.1 > 0 {
            keep[farthest.1] = true;
            spans.push((first, farthest.1));
            spans.push((farthest.1, last));
        }
    }
    points.iter().zip(keep).filter_map(|(point, keep)| keep.then_some(*point)).collect()
}

/// The distance of a point from a segment.
fn distance(point: Point, from: Point, to: Point) -> f64 {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let (px, py) = (point.0 - from.0, point.1 - from.1);
    let square = dx * dx + dy * dy;
    let share = if square > 0.0 { ((px * dx + py * dy) / square).clamp(0.0, 1.0) } else { 0.0 };
    libm::hypot(px - share * dx, py - share * dy)
}

/// The parts of a curve inside a frame (Liang and Barsky, 1984, segment by segment). A point alone stays alone.
pub(crate) fn clipped(points: &[Point], frame: &Rect) -> Vec<Vec<Point>> {
    if let [only] = points {
        return if frame.contains(*only) { vec![vec![*only]] } else { Vec::new() };
    }
    let mut parts: Vec<Vec<Point>> = Vec::new();
    for pair in points.windows(2) {
        let Some((from, to)) = segment_inside(pair[0], pair[1], frame) else { continue };
        match parts.last_mut() {
            Some(part) if part.last() == Some(&from) => part.push(to),
            _ => parts.push(vec![from, to]),
        }
    }
    parts
}

fn segment_inside(from: Point, to: Point, frame: &Rect) -> Option<(Point, Point)> {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let edges = [
        (-dx, from.0 - frame.left),
        (dx, frame.right - from.0),
        (-dy, from.1 - frame.top),
        (dy, frame.bottom - from.1),
    ];
    let (mut enter, mut leave) = (0.0f64, 1.0f64);
    for (direction, room) in edges {
        if direction == 0.0 {
            if room < 0.0 {
                return None;
            }
        } else if direction < 0.0 {
            enter = enter.max(room / direction);
        } else {
            leave = leave.min(room / direction);
        }
    }
    let at = |share: f64| (from.0 + share * dx, from.1 + share * dy);
    let start = if enter > 0.0 { at(enter) } else { from };
    let end = if leave < 1.0 { at(leave) } else { to };
    (enter <= leave).then_some((start, end))
}

/// A polygon cut to a frame (Sutherland and Hodgman, 1974).
pub(crate) fn polygon_inside(points: &[Point], frame: &Rect) -> Vec<Point> {
    let by_x = |x: f64| move |a: Point, b: Point| (x, a.1 + (b.1 - a.1) * (x - a.0) / (b.0 - a.0));
    let by_y = |y: f64| move |a: Point, b: Point| (a.0 + (b.0 - a.0) * (y - a.1) / (b.1 - a.1), y);
    let cut = half_plane(points, |p| p.0 >= frame.left, by_x(frame.left));
    let cut = half_plane(&cut, |p| p.0 <= frame.right, by_x(frame.right));
    let cut = half_plane(&cut, |p| p.1 >= frame.top, by_y(frame.top));
    half_plane(&cut, |p| p.1 <= frame.bottom, by_y(frame.bottom))
}

fn half_plane(
    points: &[Point],
    inside: impl Fn(Point) -> bool,
    cross: impl Fn(Point, Point) -> Point,
) -> Vec<Point> {
    let mut kept = Vec::with_capacity(points.len() + 2);
    for (index, point) in points.iter().enumerate() {
        let before = points[(index + points.len() - 1) % points.len()];
        if inside(before) != inside(*point) {
            kept.push(cross(before, *point));
        }
        if inside(*point) {
            kept.push(*point);
        }
    }
    kept
}

/// Path data with one decimal, which is below what a screen or printer resolves here.
pub(crate) fn path_data(parts: &[Vec<Point>], closed: bool) -> String {
    let mut data = String::new();
    for part in parts {
        for (index, (x, y)) in part.iter().enumerate() {
            let command = if index == 0 { 'M' } else { 'L' };
            // Writing to a String cannot fail.
            let _ = write!(data, "{command}{} {}", tenth(*x), tenth(*y));
        }
        if closed {
            data.push('Z');
        } else if part.len() == 1 {
            // A line of no length with round caps is a dot.
            data.push_str("h0");
        }
    }
    data
}

fn tenth(value: f64) -> String {
    let text = format!("{:.1}", if value.is_finite() { value } else { 0.0 });
    let text = text.strip_suffix(".0").unwrap_or(&text);
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const FRAME: Rect = Rect { left: 0.0, top: 0.0, right: 100.0, bottom: 50.0 };

    #[test]
    fn gaps_split_a_curve() {
        let points = [Some((0.0, 0.0)), None, None, Some((2.0, 1.0)), Some((3.0, 9.0))];
        let found = pieces(points.into_iter());
        assert_eq!(found, [vec![(0.0, 0.0)], vec![(2.0, 1.0), (3.0, 9.0)]]);
        assert_eq!(path_data(&found, false), "M0 0h0M2 1L3 9");
    }

    #[test]
    fn a_hundred_thousand_points_become_few_and_keep_their_extremes() {
        let wave = |i: u32| (f64::from(i) * 0.001, 25.0 + 20.0 * (f64::from(i) * 0.37).sin());
        let points: Vec<Point> = (0..100_000).map(wave).collect();
        let kept = thinned(&points);
        assert!(kept.len() <= 4 * 101, "{}", kept.len());
        let top = |of: &[Point]| of.iter().map(|p| p.1).fold(f64::NEG_INFINITY, f64::max);
        assert_eq!(top(&kept), top(&points));
        assert_eq!((kept[0], kept[kept.len() - 1]), (points[0], points[99_999]));
    }

    #[test]
    fn straight_lines_need_two_points() {
        let line: Vec<Point> = (0..=100).map(|i| (f64::from(i), 0.5 * f64::from(i))).collect();
        assert_eq!(thinned(&line), [(0.0, 0.0), (100.0, 50.0)]);
    }

    #[test]
    fn a_curve_that_leaves_and_returns_is_two_parts() {
        let parts = clipped(&[(10.0, 25.0), (20.0, -25.0), (30.0, 25.0)], &FRAME);
        assert_eq!(parts, [vec![(10.0, 25.0), (15.0, 0.0)], vec![(25.0, 0.0), (30.0, 25.0)]]);
        assert_eq!(clipped(&[(0.0, 60.0)], &FRAME), Vec::<Vec<Point>>::new());
    }

    #[test]
    fn a_polygon_is_cut_to_the_frame() {
        let cut = polygon_inside(&[(-50.0, 10.0), (150.0, 10.0), (150.0, 90.0), (-50.0, 90.0)], &FRAME);
        assert_eq!(path_data(&[cut], true), "M0 50L0 10L100 10L100 50Z");
        assert!(polygon_inside(&[(200.0, 1.0), (300.0, 1.0), (300.0, 5.0)], &FRAME).is_empty());
    }

    proptest! {
        #[test]
        fn what_is_clipped_lies_inside(points in proptest::collection::vec((-1e7f64..1e7, -300.0f64..300.0), 0..30)) {
            let inside = |p: &Point| Rect { left: -0.1, top: -0.1, right: 100.1, bottom: 50.1 }.contains(*p);
            prop_assert!(clipped(&points, &FRAME).iter().flatten().all(inside));
            prop_assert!(polygon_inside(&points, &FRAME).iter().all(inside));
        }

        #[test]
        fn thinning_stays_within_the_tolerance(ys in proptest::collection::vec(0.0f64..50.0, 2..60)) {
            let points: Vec<Point> = ys.iter().enumerate().map(|(i, y)| (2.0 * crate::ticks::count_f64(i), *y)).collect();
            let kept = thinned(&points);
            for point in &points {
                let near = kept.windows(2).map(|pair| distance(*point, pair[0], pair[1])).fold(f64::MAX, f64::min);
                prop_assert!(near <= TOLERANCE * 1.001);
            }
        }
    }
}
