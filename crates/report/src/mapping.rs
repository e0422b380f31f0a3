//! From values to pixels: the range of an axis, its scale, and ticks that do not overlap.

use crate::axis::{Axis, Scale};
use crate::measure::LABEL;
use crate::ticks::{Step, Ticks, ceil_i32, floor_i32, power};

/// An automatic logarithmic axis shows at most this ratio.
const WIDEST_RATIO: f64 = 1e8;
/// Pixels are held within this distance of the drawing, far outside any frame and exact in an f64.
const FAR: f64 = 1e7;
/// The gap between two tick labels in pixels.
const LABEL_GAP: f64 = 9.0;

/// The smallest and largest usable value seen.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Extent(Option<(f64, f64)>);

impl Extent {
    pub(crate) fn of(axis: &Axis, values: impl Iterator<Item = f64>) -> Self {
        let mut extent = Self(None);
        values.filter(|value| axis.usable(*value)).for_each(|value| extent.add(value));
        extent
    }

    pub(crate) fn union(self, other: Self) -> Self {
        let mut joined = self;
        if let Some((lo, hi)) = other.0 {
            joined.add(lo);
            joined.add(hi);
        }
        joined
    }

    fn add(&mut self, value: f64) {
        self.0 = Some(self.0.map_or((value, value), |(lo, hi)| (lo.min(value), hi.max(value))));
    }
}

/// How the ends of an automatic range are chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ends {
    /// Exactly the data, as fits an independent variable.
    Tight,
    /// Outwards to nice values, with zero where it is near, as fits a dependent variable.
    Nice,
}

/// The range an axis shows, with `lo < hi`.
pub(crate) fn range(axis: &Axis, extent: Extent, ends: Ends) -> (f64, f64) {
    let log = axis.scale == Scale::Log10;
    let (mut lo, mut hi) = extent.0.unwrap_or(match axis.scale {
        Scale::Linear => (0.0, 1.0),
        Scale::Log10 => (1.0, 10.0),
        Scale::Time => (0.0, 24.0),
    });
    lo = axis.from.unwrap_or(lo);
    hi = axis.to.unwrap_or(hi);
    if lo > hi && axis.from.is_some() && axis.to.is_some() {
        (lo, hi) = (hi, lo);
    } else if lo > hi {
        // One given end lies beyond all data: the axis starts or stops there.
        if axis.from.is_some() { hi = lo } else { lo = hi }
    }
    if log && axis.from.is_none() {
        lo = lo.max(hi / WIDEST_RATIO);
    }
    (lo, hi) = opened(axis.scale, lo, hi);
    if ends == Ends::Nice {
        let (nice_lo, nice_hi) = if log { nice_ratio(lo, hi) } else { nice_steps(lo, hi) };
        lo = axis.from.map_or(nice_lo, |_| lo);
        hi = axis.to.map_or(nice_hi, |_| hi);
    }
    (lo, hi)
}

/// Widens a range that is a point, or too narrow for an f64 to divide.
fn opened(scale: Scale, lo: f64, hi: f64) -> (f64, f64) {
    if scale == Scale::Log10 {
        return if hi / lo > 1.0 + 1e-9 { (lo, hi) } else { (lo / 2.0, hi * 2.0) };
    }
    let size = lo.abs().max(hi.abs());
    if hi - lo > size * 1e-10 && hi - lo > 1e-290 {
        (lo, hi)
    } else if scale == Scale::Time && size < 1e6 {
        (lo - 1.0, hi + 1.0)
    } else if size < 1e-280 {
        (-0.5, 0.5)
    } else {
        (lo - 0.1 * size, hi + 0.1 * size)
    }
}

fn nice_steps(lo: f64, hi: f64) -> (f64, f64) {
    let lo = if lo > 0.0 && lo < 0.5 * hi { 0.0 } else { lo };
    let hi = if hi < 0.0 && hi > 0.5 * lo { 0.0 } else { hi };
    let step = Step::nice(hi - lo, 5);
    let (first, last) = step.within(lo, hi);
    let below = if step.times(first, 0) <= lo { first } else { first - 1.0 };
    let above = if step.times(last, 0) >= hi { last } else { last + 1.0 };
    (step.times(below, 0), step.times(above, 0))
}

fn nice_ratio(lo: f64, hi: f64) -> (f64, f64) {
    let lead = [1.0, 2.0, 5.0, 10.0];
    let below = floor_i32(libm::log10(lo));
    let above = ceil_i32(libm::log10(hi)) - 1;
    let nice_lo = lead.into_iter().rev().map(|m| power(m, below)).find(|v| *v <= lo * (1.0 + 1e-9));
    let nice_hi = lead.into_iter().map(|m| power(m, above)).find(|v| *v >= hi * (1.0 - 1e-9));
    (nice_lo.unwrap_or(lo), nice_hi.unwrap_or(hi))
}

/// A range laid along pixels `start` to `end`; `end` may be smaller, as on an upward axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Mapping {
    log: bool,
    lo: f64,
    hi: f64,
    start: f64,
    end: f64,
}

impl Mapping {
    pub(crate) fn new(scale: Scale, (lo, hi): (f64, f64), (start, end): (f64, f64)) -> Self {
        let log = scale == Scale::Log10;
        let (lo, hi) = if log { (libm::log10(lo), libm::log10(hi)) } else { (lo, hi) };
        Self { log, lo, hi, start, end }
    }

    /// The pixel of a value, or `None` where the value is not finite or has no place on a logarithmic axis.
    pub(crate) fn px(&self, value: f64) -> Option<f64> {
        let value = if self.log && value <= 0.0 { f64::NAN } else { value };
        let value = if self.log { libm::log10(value) } else { value };
        if !value.is_finite() {
            return None;
        }
        let share = (value * 0.5 - self.lo * 0.5) / (self.hi * 0.5 - self.lo * 0.5);
        let pixel = self.start + share * (self.end - self.start);
        Some(if pixel.is_nan() { self.start } else { pixel.clamp(-FAR, FAR) })
    }

    /// Like [`px`](Self::px), with values beyond the range, infinite ones and those below a logarithmic axis moved
    /// to the nearer end.
    pub(crate) fn held(&self, value: f64) -> Option<f64> {
        if value.is_nan() {
            return None;
        }
        let (near, far) = (self.start.min(self.end), self.start.max(self.end));
        let missing = if value > 0.0 { self.end } else { self.start };
        Some(self.px(value).unwrap_or(missing).clamp(near, far))
    }

    /// Whether a pixel lies on the axis.
    pub(crate) fn holds(&self, pixel: f64) -> bool {
        pixel >= self.start.min(self.end) - 0.01 && pixel <= self.start.max(self.end) + 0.01
    }

    /// Whether larger values lie at smaller pixels, as on an upward axis.
    pub(crate) fn is_vertical(&self) -> bool {
        self.end < self.start
    }

    /// The pixel of the lower end.
    pub(crate) fn floor(&self) -> f64 {
        self.start
    }
}

/// An axis ready to be drawn.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Ruler {
    pub(crate) mapping: Mapping,
    /// Pixel and label.
    pub(crate) major: Vec<(f64, String)>,
    /// Pixels.
    pub(crate) minor: Vec<f64>,
    /// Label and unit.
    pub(crate) title: String,
}

/// Which way an axis runs, which decides how its labels can collide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    Horizontal,
    Vertical,
}

impl Ruler {
    /// Lays `axis` with the range `shown` along `pixels`, with as many ticks as fit.
    pub(crate) fn fit(axis: &Axis, shown: (f64, f64), pixels: (f64, f64), direction: Direction) -> Self {
        let mapping = Mapping::new(axis.scale, shown, pixels);
        let spacing = if direction == Direction::Horizontal { 50.0 } else { 32.0 };
        let room = ((pixels.1 - pixels.0).abs() / spacing).clamp(1.0, 10.0);
        let most = (1..=10).take_while(|n| f64::from(*n) <= room).count().max(1);
        let mut ticks = Ticks::new(axis.scale, shown.0, shown.1, most);
        for target in (1..most).rev() {
            if !collides(&mapping, &ticks, direction) {
                break;
            }
            ticks = Ticks::new(axis.scale, shown.0, shown.1, target);
        }
        if collides(&mapping, &ticks, direction) {
            ticks.major.truncate(1);
        }
        Self::placed(axis, mapping, ticks)
    }

    /// A horizontal ruler whose labels stay between 0 and `width`, which may need its ends to move inwards; with it,
    /// its ends.
    pub(crate) fn fit_within(
        axis: &Axis,
        shown: (f64, f64),
        ends: (f64, f64),
        width: f64,
    ) -> (Self, (f64, f64)) {
        let (mut left, mut right) = ends;
        let mut ruler = Self::fit(axis, shown, (left, right), Direction::Horizontal);
        // Moving an end can bring other labels, so that a second correction may follow the first.
        for _ in 0..4 {
            let (low, high) = ruler.reach();
            if low >= 0.0 && high <= width {
                return (ruler, (left, right));
            }
            left += (-low).max(0.0);
            right -= (high - width).max(0.0);
            ruler = Self::fit(axis, shown, (left, right), Direction::Horizontal);
        }
        ruler.major.retain(|(x, label)| {
            let half = LABEL.width(label) / 2.0;
            x - half >= 0.0 && x + half <= width
        });
        (ruler, (left, right))
    }

    /// From the left end of the first label to the right end of the last.
    fn reach(&self) -> (f64, f64) {
        let ends =
            self.major.iter().map(|(x, label)| (x - LABEL.width(label) / 2.0, x + LABEL.width(label) / 2.0));
        ends.fold((0.0, 0.0), |reach, end| (f64::min(reach.0, end.0), f64::max(reach.1, end.1)))
    }

    fn placed(axis: &Axis, mapping: Mapping, ticks: Ticks) -> Self {
        let title = title(axis, ticks.unit.as_deref());
        let major = ticks.major.into_iter().filter_map(|(value, label)| Some((mapping.px(value)?, label)));
        let minor = ticks.minor.into_iter().filter_map(|value| mapping.px(value));
        Self { mapping, major: major.collect(), minor: minor.collect(), title }
    }

    /// The width of the widest tick label.
    pub(crate) fn label_width(&self) -> f64 {
        self.major.iter().map(|(_, label)| LABEL.width(label)).fold(0.0, f64::max)
    }
}

fn collides(mapping: &Mapping, ticks: &Ticks, direction: Direction) -> bool {
    let mut spans: Vec<(f64, f64)> = Vec::new();
    for (value, label) in &ticks.major {
        let Some(pixel) = mapping.px(*value) else { continue };
        let half = match direction {
            Direction::Horizontal => (LABEL.width(label) + LABEL_GAP) / 2.0,
            Direction::Vertical => LABEL.line() / 2.0,
        };
        spans.push((pixel - half, pixel + half));
    }
    spans.sort_by(|a, b| a.0.total_cmp(&b.0));
    spans.windows(2).any(|pair| pair[0].1 > pair[1].0)
}

fn title(axis: &Axis, ticks_unit: Option<&str>) -> String {
    let unit = match (axis.scale, ticks_unit, axis.unit.as_deref()) {
        (Scale::Time, unit, _) => unit.map(str::to_owned),
        (_, Some(factor), Some(unit)) => Some(format!("{factor} {unit}")),
        (_, Some(unit), None) | (_, None, Some(unit)) => Some(unit.to_owned()),
        (_, None, None) => None,
    };
    match unit {
        Some(unit) if axis.label.is_empty() => unit,
        Some(unit) => format!("{} ({unit})", axis.label),
        None => axis.label.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn extent(values: &[f64]) -> Extent {
        Extent::of(&Axis::linear(""), values.iter().copied())
    }

    #[test]
    fn automatic_ranges() {
        let linear = Axis::linear("y");
        assert_eq!(range(&linear, extent(&[3.0, 87.0]), Ends::Nice), (0.0, 100.0));
        assert_eq!(range(&linear, extent(&[]), Ends::Nice), (0.0, 1.0));
        assert_eq!(range(&linear, extent(&[5.0]), Ends::Tight), (4.5, 5.5));
        assert_eq!(range(&linear, extent(&[-3.0, 5.0]), Ends::Nice), (-4.0, 6.0));
        let log = Axis::log10("y");
        assert_eq!(
            range(&log, Extent::of(&log, [0.0, 30.0, 12_000.0].into_iter()), Ends::Nice),
            (20.0, 20_000.0)
        );
        assert_eq!(range(&log, Extent::of(&log, [1e-30, 100.0].into_iter()), Ends::Nice), (1e-6, 100.0));
        assert_eq!(range(&log, Extent::of(&log, [-1.0].into_iter()), Ends::Nice), (1.0, 10.0));
    }

    #[test]
    fn given_ends_win() {
        let axis = Axis::linear("y").range(2.0, 7.0);
        assert_eq!(range(&axis, extent(&[0.0, 100.0]), Ends::Nice), (2.0, 7.0));
        assert_eq!(range(&Axis::linear("y").from(200.0), extent(&[0.0, 100.0]), Ends::Nice).0, 180.0);
        assert_eq!(Axis::log10("y").from(0.0), Axis::log10("y"));
        assert_eq!(Axis::linear("y").to(f64::NAN), Axis::linear("y"));
    }

    #[test]
    fn titles_hold_label_and_unit() {
        let ruler =
            |axis: Axis, to: f64| Ruler::fit(&axis, (0.0, to), (0.0, 400.0), Direction::Horizontal).title;
        assert_eq!(ruler(Axis::linear("ALT").unit("U/L"), 100.0), "ALT (U/L)");
        assert_eq!(ruler(Axis::linear("Cells").unit("1/g"), 2e8), "Cells (×10⁶ 1/g)");
        assert_eq!(ruler(Axis::time("Time"), 168.0), "Time (d)");
        assert_eq!(ruler(Axis::linear("Ratio"), 1.0), "Ratio");
    }

    proptest! {
        #[test]
        fn tick_labels_never_overlap(
            scale in prop_oneof![Just(Axis::linear("x")), Just(Axis::log10("x")), Just(Axis::time("x"))],
            values in proptest::collection::vec(prop_oneof![any::<f64>(), -1e4f64..1e4], 0..5),
            width in 60.0f64..900.0,
        ) {
            let shown = range(&scale, Extent::of(&scale, values.iter().copied()), Ends::Nice);
            prop_assert!(shown.0 < shown.1);
            let ruler = Ruler::fit(&scale, shown, (0.0, width), Direction::Horizontal);
            let mut ends: Vec<(f64, f64)> =
                ruler.major.iter().map(|(x, t)| (x - LABEL.width(t) / 2.0, x + LABEL.width(t) / 2.0)).collect();
            ends.sort_by(|a, b| a.0.total_cmp(&b.0));
            prop_assert!(ends.windows(2).all(|pair| pair[0].1 < pair[1].0), "{:?}", ruler.major);
            prop_assert!(ruler.major.iter().all(|(x, _)| x.is_finite() && *x >= -1.0 && *x <= width + 1.0));
        }
    }
}
