//! Drawing bars, upwards or to the right, with whiskers and their values where there is room.

use crate::axis::Scale;
use crate::bars::{Bars, Estimate, Growth};
use crate::canvas::{self, Canvas, Drawn};
use crate::draw_plot::fit_horizontal;
use crate::draw_series::quantity;
use crate::legend::{Legend, Samples};
use crate::mapping::{Direction, Ends, Extent, Mapping, Ruler, range};
use crate::markup::Markup;
use crate::measure::{LABEL, SMALL};
use crate::number;
use crate::path::Rect;
use crate::text::{self, Anchor};
use crate::ticks::count_f64;

/// The most lines a category may take below upward bars.
const CATEGORY_LINES: usize = 3;
/// The thickness of a bar to the right.
const THICKNESS: f64 = 15.0;

/// Takes note of the groups.
pub(crate) fn names(bars: &Bars, legend: &mut Legend) {
    for (name, _) in &bars.groups {
        legend.add(name, Samples { fill: true, solid: true, ..Samples::default() }, None);
    }
}

/// Draws a bar chart.
pub(crate) fn draw(bars: &Bars, canvas: &Canvas<'_>) -> Drawn {
    let mut drawn = match bars.growth {
        Growth::Upwards if categories_fit(bars, canvas.width - 60.0) => upwards(bars, canvas),
        _ => rightwards(bars, canvas),
    };
    if let [(name, _)] = bars.groups.as_slice() {
        drawn.labelled.push(name.clone());
    }
    drawn.notes = notes(bars);
    drawn
}

fn slot(bars: &Bars, width: f64) -> f64 {
    width / count_f64(bars.categories.len().max(1))
}

fn categories_fit(bars: &Bars, width: f64) -> bool {
    let room = slot(bars, width) - 6.0;
    let fits = |name: &String| {
        let words = name.split_whitespace().all(|word| LABEL.width(word) <= room);
        words && LABEL.wrap(name, room).len() <= CATEGORY_LINES
    };
    room > 12.0 * count_f64(bars.groups.len()) && bars.categories.iter().all(fits)
}

/// The range of the measure; bars stand on zero, so a linear axis always shows it.
fn shown(bars: &Bars) -> (f64, f64) {
    let estimates = bars.groups.iter().flat_map(|(_, estimates)| estimates);
    let ends = estimates.flat_map(|e| {
        let (lower, upper) = e.interval.unwrap_or((e.value, e.value));
        [e.value, lower, upper]
    });
    let all = ends.chain(bars.reference.iter().map(|(value, _)| *value));
    let zero = (bars.axis.scale != Scale::Log10 && bars.axis.from.is_none()).then_some(0.0);
    range(&bars.axis, Extent::of(&bars.axis, all.chain(zero)), Ends::Nice)
}

/// The estimate of a group for a category.
fn estimate(bars: &Bars, group: usize, category: usize) -> Option<&Estimate> {
    let estimate = bars.groups.get(group)?.1.get(category)?;
    bars.axis.usable(estimate.value).then_some(estimate)
}

fn upwards(bars: &Bars, canvas: &Canvas<'_>) -> Drawn {
    let mut drawn = Drawn::default();
    let shown = shown(bars);
    let height = (canvas.width * 0.5).clamp(160.0, 300.0).round();
    let title = Ruler::fit(&bars.axis, shown, (height, 0.0), Direction::Vertical).title;
    drawn.top = canvas::header(&mut drawn.markup, canvas.width, bars.title.as_deref(), &title);
    let bottom = drawn.top + height;
    let ruler = Ruler::fit(&bars.axis, shown, (bottom, drawn.top), Direction::Vertical);
    drawn.left = ruler.label_width() + 9.0;
    let frame = Rect { left: drawn.left, top: drawn.top, right: canvas.width, bottom };
    canvas::rows_grid(&mut drawn.markup, &ruler, &frame);
    canvas::vertical_axis(&mut drawn.markup, &ruler, &frame);
    let slot = slot(bars, frame.width());
    let thick = (slot * 0.78 / count_f64(bars.groups.len().max(1))).min(46.0);
    for category in 0..bars.categories.len() {
        let centre = frame.left + (count_f64(category) + 0.5) * slot;
        let first = centre - thick * count_f64(bars.groups.len()) / 2.0;
        for group in 0..bars.groups.len() {
            let left = first + count_f64(group) * thick;
            let bar = Bar { bars, group, category, mapping: ruler.mapping };
            bar.upward(&mut drawn.markup, canvas.legend, (left, left + thick));
        }
    }
    let base = ruler.mapping.held(0.0).unwrap_or(bottom);
    canvas::stroke(&mut drawn.markup, "x", (frame.left, base), (frame.right, base));
    reference_across(&mut drawn.markup, bars, &ruler.mapping, &frame);
    drawn.height = bottom + category_names(&mut drawn.markup, bars, &frame);
    drawn
}

fn category_names(markup: &mut Markup, bars: &Bars, frame: &Rect) -> f64 {
    let slot = slot(bars, frame.width());
    let mut most = 0.0f64;
    for (index, name) in bars.categories.iter().enumerate() {
        let centre = frame.left + (count_f64(index) + 0.5) * slot;
        let lines = LABEL.wrap(name, slot - 6.0);
        for (row, line) in lines.iter().enumerate() {
            let y = frame.bottom + 16.0 + count_f64(row) * LABEL.line();
            text::line(markup, "a", (centre, y), Anchor::Middle, line);
        }
        most = most.max(count_f64(lines.len()) * LABEL.line());
    }
    most + 8.0
}

fn reference_across(markup: &mut Markup, bars: &Bars, mapping: &Mapping, frame: &Rect) {
    let Some((value, label)) = &bars.reference else { return };
    let Some(y) = mapping.px(*value).filter(|y| mapping.holds(*y)) else { return };
    canvas::stroke(markup, "r", (frame.left, y), (frame.right, y));
    text::line(markup, "n halo", (frame.right - 2.0, y - 5.0), Anchor::End, label);
}

fn rightwards(bars: &Bars, canvas: &Canvas<'_>) -> Drawn {
    let mut drawn = Drawn::default();
    let top = canvas::header(&mut drawn.markup, canvas.width, bars.title.as_deref(), "");
    drawn.top = top + if bars.reference.is_some() { SMALL.line() } else { 0.0 };
    let widest = bars.categories.iter().map(|name| LABEL.width(name)).fold(0.0, f64::max);
    let beside = widest <= 0.34 * canvas.width;
    drawn.left = if beside { widest + 10.0 } else { 2.0 };
    let values = bars.groups.iter().flat_map(|(_, all)| all).map(|e| SMALL.width(&number::short(e.value, 3)));
    let right = canvas.width - values.fold(0.0, f64::max) - 8.0;
    let (ruler, right) = fit_horizontal(&bars.axis, shown(bars), (drawn.left, right), canvas.width);
    let above = if beside { 0.0 } else { LABEL.line() + 2.0 };
    let row = THICKNESS * count_f64(bars.groups.len().max(1)) + above + 9.0;
    let bottom = drawn.top + row * count_f64(bars.categories.len());
    let frame = Rect { left: drawn.left, top: drawn.top, right, bottom };
    canvas::columns_grid(&mut drawn.markup, &ruler, &frame);
    for (category, name) in bars.categories.iter().enumerate() {
        let y = frame.top + count_f64(category) * row + 4.5;
        let middle = y + above + THICKNESS * count_f64(bars.groups.len()) / 2.0 + 4.0;
        if beside {
            text::line(&mut drawn.markup, "a", (frame.left - 8.0, middle), Anchor::End, name);
        } else {
            let name = LABEL.fitted(name, canvas.width - 4.0);
            text::line(&mut drawn.markup, "a", (frame.left, y + 11.0), Anchor::Start, &name);
        }
        for group in 0..bars.groups.len() {
            let from = y + above + count_f64(group) * THICKNESS;
            let bar = Bar { bars, group, category, mapping: ruler.mapping };
            bar.rightward(&mut drawn.markup, canvas.legend, (from, from + THICKNESS));
        }
    }
    reference_upright(&mut drawn.markup, bars, &ruler.mapping, &frame);
    drawn.height = bottom + canvas::horizontal_axis(&mut drawn.markup, &ruler, &frame);
    drawn
}

fn reference_upright(markup: &mut Markup, bars: &Bars, mapping: &Mapping, frame: &Rect) {
    let Some((value, label)) = &bars.reference else { return };
    let Some(x) = mapping.px(*value).filter(|x| mapping.holds(*x)) else { return };
    canvas::stroke(markup, "r", (x, frame.top), (x, frame.bottom));
    let left = (x - SMALL.width(label) / 2.0).min(frame.right - SMALL.width(label)).max(0.0);
    text::line(markup, "n halo", (left, frame.top - 5.0), Anchor::Start, label);
}

/// One bar of a chart.
struct Bar<'a> {
    bars: &'a Bars,
    group: usize,
    category: usize,
    mapping: Mapping,
}

impl Bar<'_> {
    fn upward(&self, markup: &mut Markup, legend: &Legend, (left, right): (f64, f64)) {
        let Some((estimate, base, end)) = self.ends() else { return };
        let area = Rect { left: left + 1.0, right: right - 1.0, top: base.min(end), bottom: base.max(end) };
        self.body(markup, legend, &area, estimate);
        let centre = (left + right) / 2.0;
        let mut clear = end.min(base);
        if let Some((a, b)) = self.whisker(estimate) {
            canvas::stroke(markup, "x", (centre, a), (centre, b));
            clear = clear.min(a.min(b));
        }
        let value = number::short(estimate.value, 3);
        if SMALL.width(&value) <= right - left - 2.0 && estimate.value >= 0.0 {
            text::line(markup, "v halo", (centre, clear - 4.0), Anchor::Middle, &value);
        }
    }

    fn rightward(&self, markup: &mut Markup, legend: &Legend, (top, bottom): (f64, f64)) {
        let Some((estimate, base, end)) = self.ends() else { return };
        let area = Rect { left: base.min(end), right: base.max(end), top: top + 1.0, bottom: bottom - 1.0 };
        self.body(markup, legend, &area, estimate);
        let middle = (top + bottom) / 2.0;
        let mut clear = end.max(base);
        if let Some((a, b)) = self.whisker(estimate) {
            canvas::stroke(markup, "x", (a, middle), (b, middle));
            clear = clear.max(a.max(b));
        }
        let value = number::short(estimate.value, 3);
        text::line(markup, "v halo", (clear + 5.0, middle + 4.0), Anchor::Start, &value);
    }

    /// The estimate and the pixels between which its bar lies.
    fn ends(&self) -> Option<(&Estimate, f64, f64)> {
        let estimate = estimate(self.bars, self.group, self.category)?;
        Some((estimate, self.mapping.held(0.0)?, self.mapping.held(estimate.value)?))
    }

    fn whisker(&self, estimate: &Estimate) -> Option<(f64, f64)> {
        let (lower, upper) = estimate.interval.filter(|(lo, hi)| lo.is_finite() && hi.is_finite())?;
        Some((self.mapping.held(lower)?, self.mapping.held(upper)?))
    }

    fn body(&self, markup: &mut Markup, legend: &Legend, area: &Rect, estimate: &Estimate) {
        let name = &self.bars.groups[self.group].0;
        let category = &self.bars.categories[self.category];
        let spread =
            estimate.interval.map_or_else(String::new, |(lo, hi)| format!(" ({})", number::range(lo, hi, 3)));
        let reading = format!("{category}, {name}: {}{spread}", quantity(&self.bars.axis, estimate.value));
        if let Some(tag) = canvas::rect(&legend.look(name).fill("bar"), area) {
            markup.titled(tag, &reading);
        }
    }
}

fn notes(bars: &Bars) -> Vec<String> {
    let surplus: usize =
        bars.groups.iter().map(|(_, values)| values.len().saturating_sub(bars.categories.len())).sum();
    let log = bars.axis.scale == Scale::Log10;
    let below = |e: &&Estimate| log && e.value.is_finite() && !bars.axis.usable(e.value);
    let unplaceable = bars.groups.iter().flat_map(|(_, values)| values).filter(below).count();
    let mut notes = Vec::new();
    if surplus > 0 {
        notes.push(format!("{surplus} values belong to no category and are not shown."));
    }
    if unplaceable > 0 {
        notes.push(format!("{unplaceable} values at or below zero, not shown on the logarithmic axis."));
    }
    notes
}
