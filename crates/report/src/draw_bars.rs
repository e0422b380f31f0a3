//! Drawing bars, upwards or to the right, with whiskers and their values where there is room.

use crate::axis::Scale;
use crate::bars::{Bars, Estimate, Growth};
use crate::canvas::{self, Canvas, Drawn};
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
    drawn.notes.extend(notes(bars));
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
    room > 12.0 * count_f64(bars.places()) && bars.categories.iter().all(fits)
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
    let header = canvas::header(&mut drawn.markup, canvas.width, bars.title.as_deref(), &title);
    // The value of a bar as high as the axis stands above the frame.
    drawn.top = (header + SMALL.line()).max(canvas.top);
    let bottom = drawn.top + height;
    let ruler = Ruler::fit(&bars.axis, shown, (bottom, drawn.top), Direction::Vertical);
    drawn.left = ruler.label_width() + 9.0;
    let frame = Rect { left: drawn.left, top: drawn.top, right: canvas.width, bottom };
    canvas::rows_grid(&mut drawn.markup, &ruler, &frame);
    canvas::vertical_axis(&mut drawn.markup, &ruler, &frame);
    reference_across(&mut drawn.markup, bars, &ruler.mapping, &frame);
    let slot = slot(bars, frame.width());
    let thick = (slot * 0.78 / count_f64(bars.places().max(1))).min(46.0);
    for category in 0..bars.categories.len() {
        let centre = frame.left + (count_f64(category) + 0.5) * slot;
        let first = centre - thick * count_f64(bars.places()) / 2.0;
        for group in 0..bars.groups.len() {
            let left = first + count_f64(bars.place(group)) * thick;
            let across = (left, left + thick);
            let bar = Bar { bars, group, category, mapping: ruler.mapping, across };
            bar.draw(&mut drawn.markup, canvas.legend);
        }
    }
    let base = ruler.mapping.held(0.0).unwrap_or(bottom);
    canvas::stroke(&mut drawn.markup, "x", (frame.left, base), (frame.right, base));
    if let Some((_, label)) = &bars.reference {
        drawn.notes.extend(reference_label(&mut drawn.markup, label, LABEL.width(&title) + 12.0, &frame));
    }
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

/// The line lies behind the bars, so that values in front of it stay readable.
fn reference_across(markup: &mut Markup, bars: &Bars, mapping: &Mapping, frame: &Rect) {
    let value = bars.reference.as_ref().and_then(|(value, _)| mapping.px(*value));
    if let Some(y) = value.filter(|y| mapping.holds(*y)) {
        canvas::stroke(markup, "r", (frame.left, y), (frame.right, y));
    }
}

/// The label of the reference line stands above the frame at the right, with a sample of the line.
fn reference_label(markup: &mut Markup, label: &str, taken: f64, frame: &Rect) -> Option<String> {
    let left = frame.right - SMALL.width(label) - 28.0;
    if left < taken {
        return Some(format!("Dashed line: {label}."));
    }
    let y = frame.top - 12.0 - SMALL.line();
    canvas::stroke(markup, "r", (left, y - 4.0), (left + 22.0, y - 4.0));
    text::line(markup, "n", (left + 28.0, y), Anchor::Start, label);
    None
}

fn rightwards(bars: &Bars, canvas: &Canvas<'_>) -> Drawn {
    let mut drawn = Drawn::default();
    let top = canvas::header(&mut drawn.markup, canvas.width, bars.title.as_deref(), "");
    let room = if bars.reference.is_some() { SMALL.line() } else { 0.0 };
    drawn.top = (top + room).max(canvas.top);
    let widest = bars.categories.iter().map(|name| LABEL.width(name)).fold(0.0, f64::max);
    let beside = widest <= 0.34 * canvas.width;
    drawn.left = if beside { widest + 10.0 } else { 2.0 };
    let values = bars.groups.iter().flat_map(|(_, all)| all).map(|e| SMALL.width(&number::short(e.value, 3)));
    let right = canvas.width - values.fold(0.0, f64::max) - 8.0;
    let (ruler, (left, right)) =
        Ruler::fit_within(&bars.axis, shown(bars), (drawn.left, right), canvas.width);
    let above = if beside { 0.0 } else { LABEL.line() + 2.0 };
    let row = THICKNESS * count_f64(bars.places().max(1)) + above + 9.0;
    let bottom = drawn.top + row * count_f64(bars.categories.len());
    let frame = Rect { left, top: drawn.top, right, bottom };
    canvas::columns_grid(&mut drawn.markup, &ruler, &frame);
    reference_upright(&mut drawn.markup, bars, &ruler.mapping, &frame);
    for (category, name) in bars.categories.iter().enumerate() {
        let y = frame.top + count_f64(category) * row + 4.5;
        let middle = y + above + THICKNESS * count_f64(bars.places()) / 2.0 + 4.0;
        if beside {
            text::line(&mut drawn.markup, "a", (frame.left - 8.0, middle), Anchor::End, name);
        } else {
            let name = LABEL.fitted(name, canvas.width - 4.0);
            text::line(&mut drawn.markup, "a halo", (frame.left, y + 11.0), Anchor::Start, &name);
        }
        for group in 0..bars.groups.len() {
            let from = y + above + count_f64(bars.place(group)) * THICKNESS;
            let across = (from, from + THICKNESS);
            let bar = Bar { bars, group, category, mapping: ruler.mapping, across };
            bar.draw(&mut drawn.markup, canvas.legend);
        }
    }
    drawn.height = bottom + canvas::horizontal_axis(&mut drawn.markup, &ruler, &frame);
    drawn
}

fn reference_upright(markup: &mut Markup, bars: &Bars, mapping: &Mapping, frame: &Rect) {
    let Some((value, label)) = &bars.reference else { return };
    let Some(x) = mapping.px(*value).filter(|x| mapping.holds(*x)) else { return };
    canvas::stroke(markup, "r", (x, frame.top), (x, frame.bottom));
    let label = SMALL.fitted(label, frame.right);
    let width = SMALL.width(&label);
    let left = (x - width / 2.0).min(frame.right - width).max(0.0);
    text::line(markup, "n halo", (left, frame.top - 5.0), Anchor::Start, &label);
}

/// One bar of a chart.
struct Bar<'a> {
    bars: &'a Bars,
    group: usize,
    category: usize,
    mapping: Mapping,
    /// The pixels across the bar.
    across: (f64, f64),
}

impl Bar<'_> {
    /// The bar, its whisker, and its value where that fits.
    fn draw(&self, markup: &mut Markup, legend: &Legend) {
        let Some(estimate) = estimate(self.bars, self.group, self.category) else { return };
        let ends = (self.mapping.held(0.0), self.mapping.held(estimate.value));
        let (Some(base), Some(end)) = ends else { return };
        let area = self.rect(base, end, 1.0);
        self.body(markup, legend, &area, estimate);
        let whisker = self.whisker(estimate);
        let centre = (self.across.0 + self.across.1) / 2.0;
        if let Some((a, b)) = whisker {
            let (from, to) =
                if self.upward() { ((centre, a), (centre, b)) } else { ((a, centre), (b, centre)) };
            canvas::stroke(markup, "wu", from, to);
            canvas::stroke(markup, "wh", from, to);
        }
        let far = whisker.map_or([base, end, end, end], |(a, b)| [base, end, a, b]);
        self.value(markup, estimate, far);
    }

    fn upward(&self) -> bool {
        self.mapping.is_vertical()
    }

    fn rect(&self, base: f64, end: f64, inset: f64) -> Rect {
        let (low, high) = (base.min(end), base.max(end));
        let (from, to) = (self.across.0 + inset, self.across.1 - inset);
        if self.upward() {
            Rect { left: from, right: to, top: low, bottom: high }
        } else {
            Rect { left: low, right: high, top: from, bottom: to }
        }
    }

    /// Writes the value beyond the end of a bar that grows upwards, or right of one that grows to the side.
    fn value(&self, markup: &mut Markup, estimate: &Estimate, far: [f64; 4]) {
        let value = number::short(estimate.value, 3);
        let width = SMALL.width(&value);
        let centre = (self.across.0 + self.across.1) / 2.0;
        if self.upward() && (width > self.across.1 - self.across.0 || estimate.value < 0.0) {
            return;
        }
        let (at, anchor) = if self.upward() {
            ((centre, far.into_iter().fold(f64::MAX, f64::min) - 4.0), Anchor::Middle)
        } else {
            ((far.into_iter().fold(f64::MIN, f64::max) + 5.0, centre + 4.0), Anchor::Start)
        };
        text::line(markup, "v halo", at, anchor, &value);
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
    let unplaceable = bars.groups.iter().flat_map(|(_, values)| values).any(|e| below(&e));
    let mut notes = Vec::new();
    if surplus > 0 {
        let values =
            if surplus == 1 { "1 value belongs".to_owned() } else { format!("{surplus} values belong") };
        notes.push(format!("{values} to no category and stays out."));
    }
    if unplaceable {
        notes.push("Values at or below zero have no place on the logarithmic axis.".to_owned());
    }
    notes
}
