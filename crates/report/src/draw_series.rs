//! Drawing the series of a plot into its frame, from the lowest layer to the highest.

use crate::axis::{Axis, Scale};
use crate::legend::Legend;
use crate::mapping::Mapping;
use crate::markup::{Markup, Tag, px};
use crate::number;
use crate::path::{Point, Rect, clipped, path_data, pieces, polygon_inside, thinned};
use crate::place::Obstacles;
use crate::plot::Plot;
use crate::series::{Observation, Series, Shape};

/// Up to this many points each is an element of its own, with its values shown on hover.
const POINTS_WITH_VALUES: usize = 80;
/// Up to this many points have markers; more are dots.
const POINTS_WITH_MARKERS: usize = 600;
/// At most this many dots are drawn; points that share a cell of pixels share a dot.
const MOST_DOTS: usize = 6000;

/// The data area and how values find their place in it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Space {
    pub(crate) x: Mapping,
    pub(crate) y: Mapping,
    pub(crate) frame: Rect,
}

impl Space {
    fn point(&self, (x, y): Point) -> Option<Point> {
        Some((self.x.px(x)?, self.y.px(y)?))
    }
}

/// What labelling needs to know about the series drawn.
#[derive(Debug, Default)]
pub(crate) struct Ends {
    /// The last visible point of the line of each name.
    pub(crate) lines: Vec<(String, Point)>,
    /// The number of series of which something is visible.
    pub(crate) drawn: usize,
}

impl Ends {
    fn line(&mut self, name: &str, end: Point) {
        if name.is_empty() {
            return;
        }
        match self.lines.iter_mut().find(|(known, _)| known == name) {
            Some(entry) => entry.1 = end,
            None => self.lines.push((name.to_owned(), end)),
        }
    }
}

/// Draws bands, then lines, then points.
pub(crate) fn draw_all(
    markup: &mut Markup,
    plot: &Plot,
    legend: &Legend,
    space: &Space,
    obstacles: &mut Obstacles,
) -> Ends {
    let mut pen = Pen { markup, legend, space, obstacles, ends: Ends::default() };
    for series in &plot.series {
        match &series.shape {
            Shape::Band(points) => pen.band(series, points),
            Shape::Area(points) => pen.area(series, points),
            _ => {}
        }
    }
    for series in &plot.series {
        match &series.shape {
            Shape::Line(points) => pen.line(series, points.iter().map(|p| space.point(*p))),
            Shape::Step(points) => pen.line(series, stairs(points).into_iter().map(|p| space.point(p))),
            _ => {}
        }
    }
    for series in &plot.series {
        if let Shape::Points(points) = &series.shape {
            pen.points(plot, series, points);
        }
    }
    pen.ends
}

/// Each value kept until the next one.
fn stairs(points: &[Point]) -> Vec<Point> {
    let mut stairs: Vec<Point> = Vec::with_capacity(2 * points.len());
    for (x, y) in points {
        if let Some(before) = stairs.last().map(|p| p.1) {
            stairs.push((*x, before));
        }
        stairs.push((*x, *y));
    }
    stairs
}

struct Pen<'a> {
    markup: &'a mut Markup,
    legend: &'a Legend,
    space: &'a Space,
    obstacles: &'a mut Obstacles,
    ends: Ends,
}

impl Pen<'_> {
    fn line(&mut self, series: &Series, points: impl Iterator<Item = Option<Point>>) {
        let frame = &self.space.frame;
        let parts: Vec<Vec<Point>> = pieces(points).iter().flat_map(|piece| clipped(piece, frame)).collect();
        let Some(end) = parts.last().and_then(|part| part.last()).copied() else { return };
        let width = if series.thin { "lt" } else { "l" };
        let class = self.legend.look(&series.name).line(width, series.dash);
        self.path(&class, &path_data(&parts, false), &series.name);
        parts.iter().for_each(|part| self.obstacles.add_curve(part));
        self.ends.line(&series.name, end);
        self.ends.drawn += 1;
    }

    fn band(&mut self, series: &Series, points: &[(f64, f64, f64)]) {
        let space = self.space;
        let edge = |value: f64| {
            if value.is_nan() { None } else { space.y.px(value).or_else(|| space.y.held(value)) }
        };
        let both = |(x, lo, hi): &(f64, f64, f64)| {
            let x = space.x.px(*x)?;
            Some(((x, edge(*lo)?), (x, edge(*hi)?)))
        };
        self.region(series, points.iter().map(both));
    }

    fn area(&mut self, series: &Series, points: &[Point]) {
        let space = self.space;
        let base = space.y.px(0.0).unwrap_or(space.y.floor());
        let both = |(x, y): &Point| {
            let x = space.x.px(*x)?;
            let y = if y.is_finite() { space.y.px(*y).unwrap_or(base) } else { return None };
            Some(((x, base), (x, y)))
        };
        self.region(series, points.iter().map(both));
    }

    /// Fills between two edges; a gap in either is a gap in the region.
    fn region(&mut self, series: &Series, edges: impl Iterator<Item = Option<(Point, Point)>>) {
        let mut runs: Vec<(Vec<Point>, Vec<Point>)> = vec![(Vec::new(), Vec::new())];
        for edge in edges {
            match (edge, runs.last_mut()) {
                (Some((lower, upper)), Some(run)) => {
                    run.0.push(lower);
                    run.1.push(upper);
                }
                _ => runs.push((Vec::new(), Vec::new())),
            }
        }
        let outline = |(lower, upper): &(Vec<Point>, Vec<Point>)| {
            let mut ring = thinned(upper);
            ring.extend(thinned(lower).into_iter().rev());
            polygon_inside(&ring, &self.space.frame)
        };
        let parts: Vec<Vec<Point>> = runs.iter().map(outline).filter(|ring| ring.len() > 2).collect();
        if parts.is_empty() {
            return;
        }
        let class = self.legend.look(&series.name).fill("q");
        self.path(&class, &path_data(&parts, true), &series.name);
        self.ends.drawn += 1;
    }

    /// A curve or region that tells its name on hover.
    fn path(&mut self, class: &str, data: &str, name: &str) {
        let tag = Tag::new("path").class(class).text("d", data);
        if name.is_empty() {
            self.markup.empty(tag);
        } else {
            self.markup.titled(tag, name);
        }
        self.markup.newline();
    }

    fn points(&mut self, plot: &Plot, series: &Series, points: &[Observation]) {
        let space = self.space;
        let placed = |p: &Observation| {
            let at = space.point((p.x, p.y))?;
            space.frame.contains(at).then_some((*p, at))
        };
        let visible: Vec<(Observation, Point)> = points.iter().filter_map(placed).collect();
        if visible.is_empty() {
            return;
        }
        self.ends.drawn += 1;
        let look = self.legend.look(&series.name);
        self.error_bars(&format!("e s{}", look.suffix()), &visible);
        if visible.len() <= POINTS_WITH_VALUES {
            for (value, at) in &visible {
                let data = format!("M{} {}{}", px(at.0), px(at.1), look.marker());
                let tag = Tag::new("path").class(&look.fill("m")).text("d", &data);
                self.markup.titled(tag, &reading(plot, &series.name, value));
            }
        } else if visible.len() <= POINTS_WITH_MARKERS {
            let marks = visible.iter().map(|(_, at)| format!("M{} {}{}", px(at.0), px(at.1), look.marker()));
            let data: String = marks.collect();
            self.markup.empty(Tag::new("path").class(&look.fill("m")).text("d", &data));
        } else {
            let parts: Vec<Vec<Point>> = dots(&visible).into_iter().map(|dot| vec![dot]).collect();
            let class = format!("d s{}", look.suffix());
            self.markup.empty(Tag::new("path").class(&class).text("d", &path_data(&parts, false)));
        }
        self.markup.newline();
        visible.iter().take(MOST_DOTS).for_each(|(_, at)| self.obstacles.add_point(*at));
    }

    fn error_bars(&mut self, class: &str, visible: &[(Observation, Point)]) {
        let bar = |(value, at): &(Observation, Point)| {
            let (lower, upper) = value.interval.filter(|(lo, hi)| lo.is_finite() && hi.is_finite())?;
            Some(vec![(at.0, self.space.y.held(lower)?), (at.0, self.space.y.held(upper)?)])
        };
        let bars: Vec<Vec<Point>> = visible.iter().filter_map(bar).collect();
        if !bars.is_empty() {
            self.markup.empty(Tag::new("path").class(class).text("d", &path_data(&bars, false)));
        }
    }
}

/// Of the points in each cell the first in order of place; cells grow until few enough remain.
fn dots(visible: &[(Observation, Point)]) -> Vec<Point> {
    let mut cell = 1.0;
    loop {
        let key = |at: &Point| ((at.0 / cell).floor(), (at.1 / cell).floor());
        let mut dots: Vec<Point> = visible.iter().map(|(_, at)| *at).collect();
        dots.sort_by(|a, b| {
            let ((ax, ay), (bx, by)) = (key(a), key(b));
            ax.total_cmp(&bx).then(ay.total_cmp(&by)).then(a.0.total_cmp(&b.0)).then(a.1.total_cmp(&b.1))
        });
        dots.dedup_by_key(|at| key(at));
        if dots.len() <= MOST_DOTS {
            return dots;
        }
        cell *= 1.25;
    }
}

/// What hovering over a point tells.
fn reading(plot: &Plot, name: &str, value: &Observation) -> String {
    let spread =
        value.interval.map_or_else(String::new, |(lo, hi)| format!(" ({})", number::range(lo, hi, 3)));
    let named = if name.is_empty() { String::new() } else { format!("{name}: ") };
    format!("{named}{}, {}{spread}", quantity(&plot.x, value.x), quantity(&plot.y, value.y))
}

/// A value with the unit of its axis.
pub(crate) fn quantity(axis: &Axis, value: f64) -> String {
    match (axis.scale, axis.unit.as_deref()) {
        (Scale::Time, _) => number::hours(value),
        (_, Some(unit)) => format!("{} {unit}", number::short(value, 4)),
        (_, None) => number::short(value, 4),
    }
}
