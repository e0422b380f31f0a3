//! What a panel is given to draw on, what it gives back, and the axes that panels share.

use crate::legend::Legend;
use crate::mapping::Ruler;
use crate::markup::{Markup, Tag};
use crate::measure::{LABEL, SMALL, STRONG};
use crate::path::{Point, Rect};
use crate::place::Obstacles;
use crate::text::{self, Anchor};

/// Ranges that all panels of a figure have in common.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Ranges {
    pub(crate) x: Option<(f64, f64)>,
    pub(crate) y: Option<(f64, f64)>,
}

/// The room for one panel.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Canvas<'a> {
    /// The width in pixels; the height follows from the content.
    pub(crate) width: f64,
    /// The least left margin, so that panels above each other line up.
    pub(crate) left: f64,
    /// The least height above the data area, so that panels beside each other line up.
    pub(crate) top: f64,
    /// The names and their looks.
    pub(crate) legend: &'a Legend,
    /// Whether lines are labelled at their ends.
    pub(crate) direct: bool,
    /// Ranges in common.
    pub(crate) ranges: Ranges,
}

/// A panel drawn.
#[derive(Clone, Debug, Default)]
pub(crate) struct Drawn {
    pub(crate) markup: Markup,
    /// Where the data area begins, so that panels of one row line up.
    pub(crate) top: f64,
    /// The left margin taken.
    pub(crate) left: f64,
    pub(crate) height: f64,
    /// What had to be left out.
    pub(crate) notes: Vec<String>,
    /// Names that the panel labels itself, so that the legend need not.
    pub(crate) labelled: Vec<String>,
}

/// Writes the title of a panel and the title of its vertical axis; returns the height taken.
pub(crate) fn header(markup: &mut Markup, width: f64, title: Option<&str>, axis: &str) -> f64 {
    let mut y = 0.0;
    if let Some(title) = title {
        let lines = STRONG.wrap(title, width);
        y += text::block(markup, "h2", (0.0, STRONG.line() - 4.0), STRONG, &lines);
    }
    if !axis.is_empty() {
        let lines = LABEL.wrap(axis, width);
        y += text::block(markup, "a", (0.0, y + LABEL.line() - 4.0), LABEL, &lines);
    }
    if y > 0.0 { y + 8.0 } else { LABEL.line() / 2.0 + 2.0 }
}

/// A straight line.
pub(crate) fn stroke(markup: &mut Markup, class: &str, from: Point, to: Point) {
    let tag = Tag::new("line").class(class).px("x1", from.0).px("y1", from.1);
    markup.empty(tag.px("x2", to.0).px("y2", to.1));
}

/// A filled rectangle; one without area is not drawn.
pub(crate) fn fill(markup: &mut Markup, class: &str, area: &Rect) {
    if let Some(tag) = rect(class, area) {
        markup.empty(tag);
    }
}

/// The tag of a rectangle with an area.
pub(crate) fn rect(class: &str, area: &Rect) -> Option<Tag> {
    let tag = Tag::new("rect").class(class).at(area.left, area.top);
    (area.width() > 0.0 && area.height() > 0.0)
        .then(|| tag.px("width", area.width()).px("height", area.height()))
}

/// Horizontal lines at the ticks of a vertical axis, below all data.
pub(crate) fn rows_grid(markup: &mut Markup, ruler: &Ruler, frame: &Rect) {
    for (y, _) in &ruler.major {
        stroke(markup, "g", (frame.left, *y), (frame.right, *y));
    }
}

/// Vertical lines at the ticks of a horizontal axis.
pub(crate) fn columns_grid(markup: &mut Markup, ruler: &Ruler, frame: &Rect) {
    for (x, _) in &ruler.major {
        stroke(markup, "g", (*x, frame.top), (*x, frame.bottom));
    }
}

/// Labels of a vertical axis left of the frame, with minor ticks where there are any.
pub(crate) fn vertical_axis(markup: &mut Markup, ruler: &Ruler, frame: &Rect) {
    for y in &ruler.minor {
        stroke(markup, "xm", (frame.left - 4.0, *y), (frame.left, *y));
    }
    for (y, label) in &ruler.major {
        text::line(markup, "a", (frame.left - 7.0, y + 4.0), Anchor::End, label);
    }
}

/// The base line, ticks, labels and title of a horizontal axis below the frame; returns the height taken.
pub(crate) fn horizontal_axis(markup: &mut Markup, ruler: &Ruler, frame: &Rect) -> f64 {
    let y = frame.bottom;
    stroke(markup, "x", (frame.left, y), (frame.right, y));
    for x in &ruler.minor {
        stroke(markup, "xm", (*x, y), (*x, y + 3.0));
    }
    for (x, label) in &ruler.major {
        stroke(markup, "x", (*x, y), (*x, y + 5.0));
        text::line(markup, "a", (*x, y + 18.0), Anchor::Middle, label);
    }
    let lines = LABEL.wrap(&ruler.title, frame.width());
    let middle = (frame.left + frame.right) / 2.0;
    for (index, line) in lines.iter().enumerate() {
        let below = crate::ticks::count_f64(index) * LABEL.line();
        text::line(markup, "a", (middle, y + 36.0 + below), Anchor::Middle, line);
    }
    24.0 + crate::ticks::count_f64(lines.len()) * LABEL.line()
}

/// Writes the label of a guide where it covers the least; `candidates` are in order of preference. A label without
/// room is returned as a note.
pub(crate) fn guide_label(
    markup: &mut Markup,
    label: &str,
    candidates: &[Rect],
    obstacles: &mut Obstacles,
) -> Option<String> {
    if label.is_empty() {
        return None;
    }
    let Some(rect) = obstacles.settle(candidates) else {
        return Some(format!("Also marked, without room for its label: {label}."));
    };
    text::line(markup, "n halo", (rect.left + 2.0, rect.bottom - 4.0), Anchor::Start, label);
    None
}

/// A box for a label with its top left corner at a point.
pub(crate) fn label_box(label: &str, (left, top): Point) -> Rect {
    Rect { left, top, right: left + SMALL.width(label) + 4.0, bottom: top + SMALL.line() + 1.0 }
}

/// The candidates that lie inside the frame.
pub(crate) fn inside(candidates: Vec<Rect>, frame: &Rect) -> Vec<Rect> {
    let fits = |rect: &Rect| {
        rect.left >= frame.left - 0.5
            && rect.right <= frame.right + 0.5
            && rect.top >= frame.top - 0.5
            && rect.bottom <= frame.bottom + 0.5
    };
    candidates.into_iter().filter(fits).collect()
}

/// Above or below a horizontal line, from its right end to its left.
pub(crate) fn beside_horizontal(label: &str, y: f64, frame: &Rect) -> Vec<Rect> {
    let width = SMALL.width(label) + 4.0;
    let height = SMALL.line() + 1.0;
    let mut candidates = Vec::new();
    for share in [1.0, 0.0, 0.9, 0.1, 0.8, 0.2, 0.7, 0.3, 0.6, 0.4, 0.5] {
        let left = frame.left + share * (frame.width() - width);
        candidates.push(label_box(label, (left, y - height - 1.0)));
        candidates.push(label_box(label, (left, y + 1.0)));
    }
    inside(candidates, frame)
}
