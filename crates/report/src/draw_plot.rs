//! Drawing a plot: axes, guides, series from bands to points, and labels.

use crate::axis::{Axis, Scale};
use crate::canvas::{self, Canvas, Drawn};
use crate::draw_series::{self, Space};
use crate::mapping::{Direction, Ends, Extent, Ruler, range};
use crate::markup::{Markup, Tag};
use crate::measure::{LABEL, SMALL};
use crate::path::{Point, Rect};
use crate::place::{Obstacles, spread};
use crate::plot::{Guide, Plot};
use crate::series::Shape;
use crate::text::{self, Anchor};
use crate::ticks::count_f64;

/// The distance of two labels at line ends.
const LABEL_STEP: f64 = 15.0;
/// Room between the frame and labels at line ends, where leaders run.
const LEADER: f64 = 16.0;

/// What an empty frame says.
const NO_DATA: &str = "no data in this range";

/// A label at the end of a line.
struct EndLabel<'a> {
    name: &'a str,
    end: Point,
}

/// The ranges that the data of a plot ask for.
pub(crate) fn extents(plot: &Plot) -> (Extent, Extent) {
    let points = || plot.series.iter().flat_map(|series| series.extent_points());
    let upright =
        plot.guides.iter().filter_map(|g| if let Guide::Upright(x, _) = g { Some(*x) } else { None });
    let across = plot.guides.iter().filter_map(|g| if let Guide::Across(y, _) = g { Some(*y) } else { None });
    let x = points().filter(|p| !p.1.is_nan()).map(|p| p.0);
    let y = points().filter(|p| in_view(&plot.x, p.0)).map(|p| p.1);
    (Extent::of(&plot.x, x.chain(upright)), Extent::of(&plot.y, y.chain(across)))
}

/// Whether a value lies within the ends that an axis was given.
fn in_view(axis: &Axis, value: f64) -> bool {
    axis.usable(value) && axis.from.is_none_or(|lo| value >= lo) && axis.to.is_none_or(|hi| value <= hi)
}

/// Whether all lines can carry their names at their ends: few enough, and short enough.
pub(crate) fn can_label_directly(plot: &Plot, width: f64) -> bool {
    let names = line_names(plot);
    let widest = names.iter().map(|name| LABEL.width(name)).fold(0.0, f64::max);
    let rows = frame_height(width) / LABEL_STEP;
    !names.is_empty() && count_f64(names.len()) <= rows && width >= 480.0 && widest <= 0.3 * width
}

/// Draws a plot.
pub(crate) fn draw(plot: &Plot, canvas: &Canvas<'_>) -> Drawn {
    let mut drawn = Drawn::default();
    let (x_extent, y_extent) = extents(plot);
    let x_shown = canvas.ranges.x.unwrap_or_else(|| range(&plot.x, x_extent, Ends::Tight));
    let y_shown = canvas.ranges.y.unwrap_or_else(|| range(&plot.y, y_extent, Ends::Nice));
    let height = frame_height(canvas.width);
    let y_title = Ruler::fit(&plot.y, y_shown, (height, 0.0), Direction::Vertical).title;
    drawn.top =
        canvas::header(&mut drawn.markup, canvas.width, plot.title.as_deref(), &y_title).max(canvas.top);
    let upwards = (drawn.top + height, drawn.top);
    let y = Ruler::fit(&plot.y, y_shown, upwards, Direction::Vertical);
    drawn.left = (y.label_width() + 9.0).max(canvas.left);
    let right = canvas.width - right_margin(plot, canvas);
    let (x, (left, right)) = Ruler::fit_within(&plot.x, x_shown, (drawn.left, right), canvas.width);
    let frame = Rect { left, top: drawn.top, right, bottom: upwards.0 };
    let space = Space { x: x.mapping, y: y.mapping, frame };

    let mut obstacles = Obstacles::default();
    shade(&mut drawn.markup, plot, &space);
    canvas::rows_grid(&mut drawn.markup, &y, &frame);
    zero_line(&mut drawn.markup, plot, y_shown, &space);
    let ends = draw_series::draw_all(&mut drawn.markup, plot, canvas.legend, &space, &mut obstacles);
    canvas::vertical_axis(&mut drawn.markup, &y, &frame);
    let below = canvas::horizontal_axis(&mut drawn.markup, &x, &frame);
    if ends.drawn == 0 {
        let middle = ((frame.left + frame.right) / 2.0, (frame.top + frame.bottom) / 2.0);
        text::line(&mut drawn.markup, "n", middle, Anchor::Middle, NO_DATA);
        let half = SMALL.width(NO_DATA) / 2.0 + 2.0;
        let (left, right) = (middle.0 - half, middle.0 + half);
        obstacles.claim(Rect { left, right, top: middle.1 - SMALL.size, bottom: middle.1 + 4.0 });
    }
    drawn.notes = guides(&mut drawn.markup, plot, &space, &mut obstacles);
    if canvas.direct {
        drawn.labelled = end_labels(&mut drawn.markup, &ends, canvas, &frame);
    }
    drawn.notes.extend(notes(plot, x_shown, y_shown));
    drawn.height = frame.bottom + below;
    drawn
}

fn frame_height(width: f64) -> f64 {
    (width * 0.56).clamp(170.0, 310.0).round()
}

/// The names of lines, each once, in the order of the series.
fn line_names(plot: &Plot) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    for series in &plot.series {
        let line = matches!(series.shape, Shape::Line(_) | Shape::Step(_));
        if line && !series.name.is_empty() && !names.contains(&series.name.as_str()) {
            names.push(&series.name);
        }
    }
    names
}

fn right_margin(plot: &Plot, canvas: &Canvas<'_>) -> f64 {
    if !canvas.direct {
        return 4.0;
    }
    line_names(plot).iter().map(|name| LABEL.width(name)).fold(0.0, f64::max) + LEADER
}

/// Where values have both signs, zero stands out among the grid lines.
fn zero_line(markup: &mut Markup, plot: &Plot, shown: (f64, f64), space: &Space) {
    let both_signs = plot.y.scale != Scale::Log10 && shown.0 < 0.0 && shown.1 > 0.0;
    if let Some(y) = space.y.px(0.0).filter(|_| both_signs) {
        canvas::stroke(markup, "xm", (space.frame.left, y), (space.frame.right, y));
    }
}

fn shade(markup: &mut Markup, plot: &Plot, space: &Space) {
    for guide in &plot.guides {
        if let Some(area) = shaded(guide, space) {
            canvas::fill(markup, "z", &area);
        }
    }
}

fn shaded(guide: &Guide, space: &Space) -> Option<Rect> {
    match guide {
        Guide::Stripe(from, to, _) => {
            let (a, b) = (space.x.held(*from)?, space.x.held(*to)?);
            Some(Rect { left: a.min(b), right: a.max(b), ..space.frame })
        }
        Guide::Layer(from, to, _) => {
            let (a, b) = (space.y.held(*from)?, space.y.held(*to)?);
            Some(Rect { top: a.min(b), bottom: a.max(b), ..space.frame })
        }
        Guide::Across(..) | Guide::Upright(..) => None,
    }
}

/// Reference lines, and the labels of all guides where they cover the least; returns what found no room.
fn guides(markup: &mut Markup, plot: &Plot, space: &Space, obstacles: &mut Obstacles) -> Vec<String> {
    let frame = &space.frame;
    let mut homeless = Vec::new();
    for guide in &plot.guides {
        let (label, candidates) = match guide {
            Guide::Across(value, label) => {
                let Some(y) = space.y.px(*value).filter(|y| space.y.holds(*y)) else { continue };
                canvas::stroke(markup, "r", (frame.left, y), (frame.right, y));
                (label, canvas::beside_horizontal(label, y, frame))
            }
            Guide::Upright(value, label) => {
                let Some(x) = space.x.px(*value).filter(|x| space.x.holds(*x)) else { continue };
                canvas::stroke(markup, "r", (x, frame.top), (x, frame.bottom));
                (label, beside_vertical(label, (x, x), frame))
            }
            Guide::Stripe(_, _, label) | Guide::Layer(_, _, label) => {
                let Some(area) = shaded(guide, space) else { continue };
                (label, within(label, &area, frame))
            }
        };
        homeless.extend(canvas::guide_label(markup, label, &candidates, obstacles));
    }
    homeless
}

/// Right or left of one or two vertical edges, from the top down.
fn beside_vertical(label: &str, (first, last): Point, frame: &Rect) -> Vec<Rect> {
    let width = SMALL.width(label) + 4.0;
    let mut candidates = Vec::new();
    let mut top = frame.top;
    while top + SMALL.line() <= frame.bottom {
        candidates.push(canvas::label_box(label, (last + 2.0, top)));
        candidates.push(canvas::label_box(label, (first - width - 2.0, top)));
        top += SMALL.line();
    }
    canvas::inside(candidates, frame)
}

/// In the corners of a shaded region, else beside it.
fn within(label: &str, area: &Rect, frame: &Rect) -> Vec<Rect> {
    let width = SMALL.width(label) + 4.0;
    if width > area.width() {
        return beside_vertical(label, (area.left, area.right), frame);
    }
    let mut candidates = Vec::new();
    for top in [area.top + 1.0, area.bottom - SMALL.line() - 2.0] {
        for left in [area.left + 1.0, (area.left + area.right - width) / 2.0, area.right - width - 1.0] {
            candidates.push(canvas::label_box(label, (left, top)));
        }
    }
    canvas::inside(candidates, frame)
}

/// Names beside the ends of their lines; returns the names written.
fn end_labels(
    markup: &mut Markup,
    ends: &draw_series::Ends,
    canvas: &Canvas<'_>,
    frame: &Rect,
) -> Vec<String> {
    let mut labels: Vec<EndLabel<'_>> =
        ends.lines.iter().map(|(name, end)| EndLabel { name: name.as_str(), end: *end }).collect();
    labels.sort_by(|a, b| a.end.1.total_cmp(&b.end.1));
    let wanted: Vec<f64> = labels.iter().map(|label| label.end.1).collect();
    let places = spread(&wanted, LABEL_STEP, (frame.top, frame.bottom));
    for (label, y) in labels.iter().zip(places) {
        let look = canvas.legend.look(label.name);
        let (x, from) = (frame.right + LEADER - 4.0, label.end);
        if (y - from.1).abs() > 3.0 || frame.right - from.0 > 8.0 {
            leader(markup, &format!("o s{}", look.suffix()), from, (x - 2.0, y), frame.right);
        }
        text::line(markup, &look.text(), (x, y + 4.0), Anchor::Start, label.name);
    }
    labels.iter().map(|label| label.name.to_owned()).collect()
}

/// From the end of a line across to the edge, then to its label.
fn leader(markup: &mut Markup, class: &str, from: Point, to: Point, edge: f64) {
    let mut route = vec![from];
    if edge - from.0 > 8.0 {
        route.push((edge, from.1));
    }
    route.push(to);
    markup.empty(Tag::new("path").class(class).text("d", &crate::path::path_data(&[route], false)));
}

/// What the axes cannot show, by name.
fn notes(plot: &Plot, x_shown: (f64, f64), y_shown: (f64, f64)) -> Vec<String> {
    let log =
        |axis: &Axis, value: f64| axis.scale == Scale::Log10 && value.is_finite() && !axis.usable(value);
    let unplaceable = |(x, y): &Point| log(&plot.x, *x) || log(&plot.y, *y);
    let outside = |at: &Point| {
        !unplaceable(at) && at.0 >= x_shown.0 && at.0 <= x_shown.1 && (at.1 < y_shown.0 || at.1 > y_shown.1)
    };
    let (mut without_place, mut beyond) = (Vec::new(), Vec::new());
    for series in &plot.series {
        for (names, hidden) in [
            (&mut without_place, series.values().any(|at| unplaceable(&at))),
            (&mut beyond, series.values().any(|at| outside(&at))),
        ] {
            if hidden && !names.contains(&series.name.as_str()) {
                names.push(series.name.as_str());
            }
        }
    }
    let named = plot.title.as_deref().map_or_else(String::new, |title| format!("{title}: "));
    let mut notes = Vec::new();
    if !without_place.is_empty() {
        notes.push(format!(
            "{named}Values at or below zero have no place on the logarithmic axis{}.",
            listed(&without_place)
        ));
    }
    if !beyond.is_empty() {
        notes.push(format!("{named}Some values lie beyond the vertical axis{}.", listed(&beyond)));
    }
    notes
}

/// Names in brackets, the first few of many.
fn listed(names: &[&str]) -> String {
    const MOST: usize = 5;
    let shown: Vec<&str> = names.iter().copied().filter(|name| !name.is_empty()).take(MOST).collect();
    match names.len().saturating_sub(MOST) {
        _ if shown.is_empty() => String::new(),
        0 => format!(" ({})", shown.join(", ")),
        more => format!(" ({} and {more} more)", shown.join(", ")),
    }
}
