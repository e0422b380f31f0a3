//! Drawing a forest plot: rows of squares and intervals with their numbers beside or above them.

use crate::bars::Estimate;
use crate::canvas::{self, Canvas, Drawn};
use crate::forest::{Forest, ForestRow};
use crate::mapping::{Ends, Extent, Ruler, range};
use crate::markup::{Markup, Tag};
use crate::measure::{LABEL, SMALL, STRONG};
use crate::number;
use crate::palette::Look;
use crate::path::{Rect, path_data};
use crate::text::{self, Anchor};

/// From this width on, names stand left and numbers right of the axis; below, both stand above it.
const BESIDE_FROM: f64 = 520.0;
/// Half the side of the square of an estimate.
const HALF: f64 = 3.6;

/// Where the parts of each row go.
struct Grid {
    beside: bool,
    row: f64,
    width: f64,
    frame: Rect,
}

/// Draws a forest plot.
pub(crate) fn draw(forest: &Forest, canvas: &Canvas<'_>) -> Drawn {
    let mut drawn = Drawn::default();
    let beside = canvas.width >= BESIDE_FROM;
    let header = canvas::header(&mut drawn.markup, canvas.width, forest.title.as_deref(), "");
    let room = if forest.reference.is_some() { SMALL.line() } else { 0.0 };
    drawn.top = (header + room).max(canvas.top);
    let (names, numbers) = widths(forest);
    drawn.left = if beside { names.min(0.4 * canvas.width) + 14.0 } else { 6.0 };
    let right = canvas.width - if beside { numbers + 14.0 } else { 6.0 };
    let shown = range(&forest.axis, extent(forest), Ends::Nice);
    let (ruler, (left, right)) = Ruler::fit_within(&forest.axis, shown, (drawn.left, right), canvas.width);
    let row = if beside { 23.0 } else { 37.0 };
    let bottom = drawn.top + forest.rows.iter().map(|r| height(r, row)).sum::<f64>() + 6.0;
    let frame = Rect { left, top: drawn.top, right, bottom };
    let grid = Grid { beside, row, width: canvas.width, frame };
    canvas::columns_grid(&mut drawn.markup, &ruler, &frame);
    reference(&mut drawn.markup, forest, &ruler, &frame);
    rows(&mut drawn.markup, forest, &ruler, &grid);
    drawn.height = bottom + canvas::horizontal_axis(&mut drawn.markup, &ruler, &frame);
    drawn
}

fn height(row: &ForestRow, estimate: f64) -> f64 {
    if matches!(row, ForestRow::Heading(_)) { 25.0 } else { estimate }
}

fn extent(forest: &Forest) -> Extent {
    let estimates = forest.rows.iter().filter_map(|row| match row {
        ForestRow::Estimate { estimate, .. } => Some(estimate),
        ForestRow::Heading(_) => None,
    });
    let ends = estimates.flat_map(|e| {
        let (lower, upper) = e.interval.unwrap_or((e.value, e.value));
        [e.value, lower, upper]
    });
    Extent::of(&forest.axis, ends.chain(forest.reference.iter().map(|(value, _)| *value)))
}

fn widths(forest: &Forest) -> (f64, f64) {
    let mut widths = (0.0f64, 0.0f64);
    for row in &forest.rows {
        if let ForestRow::Estimate { label, estimate, summary } = row {
            let font = if *summary { STRONG } else { LABEL };
            widths.0 = widths.0.max(font.width(label));
            widths.1 = widths.1.max(LABEL.width(&numbers(forest, estimate)));
        }
    }
    widths
}

fn numbers(forest: &Forest, estimate: &Estimate) -> String {
    match estimate.interval {
        Some((lower, upper)) => number::interval(estimate.value, lower, upper, forest.digits),
        None => number::significant(estimate.value, forest.digits),
    }
}

fn reference(markup: &mut Markup, forest: &Forest, ruler: &Ruler, frame: &Rect) {
    let Some((value, label)) = &forest.reference else { return };
    let Some(x) = ruler.mapping.px(*value).filter(|x| ruler.mapping.holds(*x)) else { return };
    canvas::stroke(markup, "r", (x, frame.top), (x, frame.bottom));
    let label = SMALL.fitted(label, frame.right);
    let width = SMALL.width(&label);
    let left = (x - width / 2.0).clamp(0.0, (frame.right - width).max(0.0));
    text::line(markup, "n", (left, frame.top - 5.0), Anchor::Start, &label);
}

fn rows(markup: &mut Markup, forest: &Forest, ruler: &Ruler, grid: &Grid) {
    let mut top = grid.frame.top;
    for row in &forest.rows {
        match row {
            ForestRow::Heading(label) => {
                let label = STRONG.fitted(label, grid.width);
                text::line(markup, "h2 halo", (0.0, top + 18.0), Anchor::Start, &label);
            }
            ForestRow::Estimate { label, estimate, summary } => {
                words(markup, grid, top, (label, &numbers(forest, estimate), *summary));
                let y = if grid.beside { top + grid.row / 2.0 } else { top + grid.row - 10.0 };
                mark(markup, ruler, (estimate, *summary, y), label);
            }
        }
        top += height(row, grid.row);
    }
}

/// The name and the numbers of a row.
fn words(markup: &mut Markup, grid: &Grid, top: f64, (label, numbers, summary): (&str, &str, bool)) {
    let (class, font) = if summary { ("h2", STRONG) } else { ("", LABEL) };
    let y = if grid.beside { top + grid.row / 2.0 + 4.0 } else { top + 15.0 };
    let halo = if grid.beside { class.to_owned() } else { format!("{class} halo") };
    let room = if grid.beside { grid.frame.left - 14.0 } else { grid.width - LABEL.width(numbers) - 10.0 };
    text::line(markup, halo.trim(), (0.0, y), Anchor::Start, &font.fitted(label, room));
    let class = if grid.beside { "a" } else { "a halo" };
    text::line(markup, class, (grid.width, y), Anchor::End, numbers);
}

/// The interval as a line with a square, or a diamond for a summary; arrows where it leaves the axis.
fn mark(markup: &mut Markup, ruler: &Ruler, (estimate, summary, y): (&Estimate, bool, f64), label: &str) {
    let map = &ruler.mapping;
    let Some(x) = map.px(estimate.value) else { return };
    let look = Look::Nth(0);
    let ends = estimate.interval.and_then(|(lo, hi)| Some((lo, hi, map.held(lo)?, map.held(hi)?)));
    if let Some((lower, upper, left, right)) = ends {
        if summary {
            let diamond = vec![(left, y), (x, y - 6.0), (right, y), (x, y + 6.0)];
            let tag = Tag::new("path").class(&look.fill("bar")).text("d", &path_data(&[diamond], true));
            markup.titled(tag, label);
            return;
        }
        let mut parts = vec![vec![(left, y), (right, y)]];
        if map.px(lower).is_none_or(|px| !map.holds(px)) {
            parts.push(vec![(left + 5.0, y - 3.5), (left, y), (left + 5.0, y + 3.5)]);
        }
        if map.px(upper).is_none_or(|px| !map.holds(px)) {
            parts.push(vec![(right - 5.0, y - 3.5), (right, y), (right - 5.0, y + 3.5)]);
        }
        markup.empty(Tag::new("path").class("e s0").text("d", &path_data(&parts, false)));
    }
    if map.holds(x) {
        let square = Rect { left: x - HALF, right: x + HALF, top: y - HALF, bottom: y + HALF };
        if let Some(tag) = canvas::rect(&look.fill("m"), &square) {
            markup.titled(tag, label);
        }
    }
}
