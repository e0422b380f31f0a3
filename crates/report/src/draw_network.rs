//! Drawing a network: boxes in layers, steps between them, lines that end in what they do, a legend of what occurs.

use hepatica_source::Status;

use crate::canvas::{Canvas, Drawn};
use crate::markup::{Markup, Tag, px};
use crate::measure::LABEL;
use crate::network::{Link, Network, Node, Shape};
use crate::network_layers::{Layers, Place};
use crate::network_place::centres;
use crate::palette::Look;
use crate::path::Point;
use crate::text::{self, Anchor};
use crate::ticks::count_f64;

/// Labels wrap at this width.
const WRAP: f64 = 118.0;
/// Room around a label.
const PAD: (f64, f64) = (9.0, 6.0);
/// The side of a step.
const STEP: f64 = 10.0;
/// Room between places of a layer and between layers.
const GAP: (f64, f64) = (20.0, 34.0);
/// The width a passing line takes.
const PASS: f64 = 6.0;
/// Short arrows in and out.
const STUB: f64 = 13.0;
/// The height of a row of the legend.
const ROW: f64 = 19.0;

/// Where everything is.
struct Laid {
    layers: Layers,
    labels: Vec<Vec<String>>,
    sizes: Vec<(f64, f64)>,
    x: Vec<f64>,
    /// The middle of each layer and half its height.
    rows: Vec<(f64, f64)>,
    width: f64,
    height: f64,
}

impl Laid {
    fn of(network: &Network) -> Laid {
        let layers = Layers::of(network);
        let labels: Vec<Vec<String>> = network.nodes.iter().map(label).collect();
        let size = |place: &Place| match place {
            Place::Node(node) => size(&network.nodes[*node], &labels[*node]),
            Place::Pass(_) => (PASS, 0.0),
        };
        let sizes: Vec<(f64, f64)> = layers.places.iter().map(size).collect();
        // Short arrows stand to the right of a box; keeping them free on both sides keeps the box in the middle.
        let widths: Vec<f64> = layers
            .places
            .iter()
            .zip(&sizes)
            .map(|(place, (width, _))| width + 2.0 * stub_room(network, place))
            .collect();
        let x = centres(&layers, &widths, GAP.0);
        let mut rows = Vec::new();
        let mut top = 2.0;
        for row in &layers.rows {
            let half = row.iter().map(|place| sizes[*place].1 / 2.0).fold(0.0, f64::max);
            rows.push((top + half, half));
            top += 2.0 * half + GAP.1;
        }
        let right = (0..x.len()).map(|k| x[k] + widths[k] / 2.0).fold(0.0, f64::max);
        let height = if rows.is_empty() { 0.0 } else { top - GAP.1 + 2.0 };
        Laid { layers, labels, sizes, x, rows, width: right, height }
    }

    /// The row of every place.
    fn row_of(&self) -> Vec<usize> {
        let mut of = vec![0; self.layers.places.len()];
        for (k, row) in self.layers.rows.iter().enumerate() {
            row.iter().for_each(|place| of[*place] = k);
        }
        of
    }

    /// The points of every line from its upper end to its lower; ends are spread along the sides of boxes.
    fn points(&self, network: &Network) -> Vec<Vec<Point>> {
        let row_of = self.row_of();
        let ends: Vec<(f64, f64)> =
            (0..network.lines.len()).map(|line| (self.end(line, true), self.end(line, false))).collect();
        let paths = self.layers.paths.iter().zip(ends);
        paths
            .map(|(path, (upper, lower))| {
                let last = path.len() - 1;
                let point = |(k, place): (usize, &usize)| {
                    let (middle, _) = self.rows[row_of[*place]];
                    let half = self.sizes[*place].1 / 2.0;
                    match k {
                        0 => (upper, middle + half),
                        k if k == last => (lower, middle - half),
                        _ => (self.x[*place], middle),
                    }
                };
                path.iter().enumerate().map(point).collect()
            })
            .collect()
    }

    /// Where a line leaves its upper node or reaches its lower one.
    fn end(&self, line: usize, upper: bool) -> f64 {
        let of = |line: usize| {
            let path = &self.layers.paths[line];
            let last = path.len() - 1;
            if upper { (path[0], path[1]) } else { (path[last], path[last - 1]) }
        };
        let (place, _) = of(line);
        let mut same: Vec<usize> = (0..self.layers.paths.len()).filter(|k| of(*k).0 == place).collect();
        same.sort_by(|a, b| self.x[of(*a).1].total_cmp(&self.x[of(*b).1]).then(a.cmp(b)));
        let at = same.iter().position(|k| *k == line).unwrap_or(0);
        let room = 0.7 * self.sizes[place].0;
        let share = (count_f64(at) + 0.5) / count_f64(same.len()) - 0.5;
        self.x[place] + share * room
    }
}

/// The width of the network with its margins.
pub(crate) fn natural_width(network: &Network) -> f64 {
    (Laid::of(network).width + 30.0).max(420.0)
}

/// Draws a network, made smaller where the room is too narrow.
pub(crate) fn draw(network: &Network, canvas: &Canvas<'_>) -> Drawn {
    let laid = Laid::of(network);
    let mut inner = Markup::default();
    let points = laid.points(network);
    for (line, points) in network.lines.iter().zip(&points).zip(&laid.layers.upward).map(|((l, p), up)| {
        let mut points = p.clone();
        if *up {
            points.reverse();
        }
        (l, points)
    }) {
        draw_line(&mut inner, (line.link, line.status), &points);
    }
    let row_of = laid.row_of();
    for (place, what) in laid.layers.places.iter().enumerate() {
        if let Place::Node(node) = what {
            let at = (laid.x[place], laid.rows[row_of[place]].0);
            draw_node(&mut inner, &network.nodes[*node], &laid.labels[*node], (at, laid.sizes[place]));
        }
    }
    let scale = if laid.width > canvas.width { canvas.width / laid.width } else { 1.0 };
    let left = (canvas.width - scale * laid.width) / 2.0;
    let mut drawn = Drawn::default();
    let place = format!("translate({} {}) scale({})", px(left.max(0.0)), px(canvas.top), px_fine(scale));
    drawn.markup.open(Tag::new("g").text("transform", &place));
    drawn.markup.raw(inner.as_str());
    drawn.markup.close("g");
    drawn.markup.newline();
    let top = canvas.top + scale * laid.height + 16.0;
    drawn.height = top + legend(&mut drawn.markup, network, (top, canvas.width));
    drawn
}

/// A scale with four decimals.
fn px_fine(value: f64) -> String {
    format!("{value:.4}")
}

fn stub_room(network: &Network, place: &Place) -> f64 {
    match place {
        Place::Node(node) if network.nodes[*node].gains || network.nodes[*node].loses => STUB + 2.0,
        _ => 0.0,
    }
}

fn label(node: &Node) -> Vec<String> {
    if node.shape == Shape::Step { Vec::new() } else { LABEL.wrap(&node.label, WRAP) }
}

fn size(node: &Node, lines: &[String]) -> (f64, f64) {
    if node.shape == Shape::Step {
        return (STEP, STEP);
    }
    let widest = lines.iter().map(|line| LABEL.width(line)).fold(24.0, f64::max);
    (widest + 2.0 * PAD.0, count_f64(lines.len()) * LABEL.line() + 2.0 * PAD.1)
}

fn draw_node(
    markup: &mut Markup,
    node: &Node,
    lines: &[String],
    ((x, y), (width, height)): (Point, (f64, f64)),
) {
    let look = look(node.status);
    let (left, top) = (x - width / 2.0, y - height / 2.0);
    let tag = Tag::new("rect").at(left, top).px("width", width).px("height", height);
    let tag = match node.shape {
        Shape::Step => tag.class(&format!("m f{}", look.suffix())),
        Shape::Pool => tag.class(&format!("nb s{}", look.suffix())).px("rx", 8.0),
        Shape::Quantity => tag.class(&format!("nb ds s{}", look.suffix())),
    };
    let reading = if node.detail.is_empty() { node.label.clone() } else { node.detail.clone() };
    markup.titled(tag, &reading);
    let first = y - count_f64(lines.len()) * LABEL.line() / 2.0 + LABEL.line() - 4.0;
    for (k, line) in lines.iter().enumerate() {
        text::line(markup, "", (x, first + count_f64(k) * LABEL.line()), Anchor::Middle, line);
    }
    let right = left + width;
    if node.gains {
        let y = top + 6.0;
        straight(markup, "nl sm", (right + STUB, y), (right + 5.0, y));
        arrow(markup, ("fm", (right, y)), (-1.0, 0.0));
    }
    if node.loses {
        let y = top + height - 6.0;
        straight(markup, "nl sm", (right, y), (right + STUB - 5.0, y));
        arrow(markup, ("fm", (right + STUB, y)), (1.0, 0.0));
    }
    markup.newline();
}

fn straight(markup: &mut Markup, class: &str, from: Point, to: Point) {
    let data = format!("M{} {}L{} {}", px(from.0), px(from.1), px(to.0), px(to.1));
    markup.empty(Tag::new("path").class(class).text("d", &data));
}

/// A filled arrow head with its tip at a point.
fn arrow(markup: &mut Markup, (class, (x, y)): (&str, Point), (dx, dy): Point) {
    let point = |along: f64, aside: f64| {
        format!("{} {}", px(x - along * dx - aside * dy), px(y - along * dy + aside * dx))
    };
    let data = format!("M{}L{}L{}Z", point(0.0, 0.0), point(7.0, 3.4), point(7.0, -3.4));
    markup.empty(Tag::new("path").class(class).text("d", &data));
}

/// A line from its first point to its last, with the end its kind has.
fn draw_line(markup: &mut Markup, (link, status): (Link, Option<Status>), points: &[Point]) {
    let [first, .., last] = points else { return };
    let down = if last.1 >= first.1 { 1.0 } else { -1.0 };
    let short = match link {
        Link::Flow => 6.0,
        Link::Promotes => 8.0,
        Link::Inhibits => 3.0,
        Link::Acts => 10.0,
    };
    let mut curve = points.to_vec();
    if let Some(end) = curve.last_mut() {
        end.1 -= down * short;
    }
    let mut data = format!("M{} {}", px(first.0), px(first.1));
    for pair in curve.windows(2) {
        let ((ax, ay), (bx, by)) = (pair[0], pair[1]);
        let bend = 0.5 * (by - ay);
        data += &format!("C{} {} {} {} {} {}", px(ax), px(ay + bend), px(bx), px(by - bend), px(bx), px(by));
    }
    let colour = look(status).suffix();
    let kind = if link == Link::Flow { "nl" } else { "nm" };
    markup.empty(Tag::new("path").class(&format!("{kind} s{colour}")).text("d", &data));
    head(markup, (link, &colour), *last, down);
    markup.newline();
}

/// The end of a line.
fn head(markup: &mut Markup, (link, colour): (Link, &str), (x, y): Point, down: f64) {
    match link {
        Link::Flow => arrow(markup, (&format!("f{colour}"), (x, y)), (0.0, down)),
        Link::Promotes => {
            let tag = Tag::new("circle").class(&format!("nb s{colour}"));
            markup.empty(tag.px("cx", x).px("cy", y - down * 4.5).px("r", 3.4));
        }
        Link::Inhibits => {
            straight(markup, &format!("nl s{colour}"), (x - 5.0, y - down * 2.5), (x + 5.0, y - down * 2.5));
        }
        Link::Acts => {
            let (a, b) = (y - down * 1.0, y - down * 10.0);
            let middle = (a + b) / 2.0;
            let data = format!(
                "M{0} {1}L{2} {3}L{0} {4}L{5} {3}Z",
                px(x),
                px(a),
                px(x + 3.6),
                px(middle),
                px(b),
                px(x - 3.6)
            );
            markup.empty(Tag::new("path").class(&format!("nb s{colour}")).text("d", &data));
        }
    }
}

fn look(status: Option<Status>) -> Look {
    match status {
        Some(Status::Observed) => Look::Nth(2),
        Some(Status::Calibrated) => Look::Nth(0),
        Some(Status::Published) => Look::Nth(5),
        Some(Status::Predicted) => Look::Nth(6),
        Some(Status::Hypothesis) => Look::Nth(3),
        Some(Status::Assumed) => Look::Nth(1),
        None => Look::Muted,
    }
}

/// What the ends and colours that occur mean; returns the height taken.
fn legend(markup: &mut Markup, network: &Network, (top, width): (f64, f64)) -> f64 {
    let mut pen = Pen { x: 0.0, y: top, width };
    let kinds = [
        (Link::Flow, "goes to"),
        (Link::Promotes, "raises"),
        (Link::Inhibits, "lowers"),
        (Link::Acts, "acts on, either way"),
    ];
    for (kind, says) in kinds.iter().filter(|(kind, _)| network.lines.iter().any(|l| l.link == *kind)) {
        let (x, y) = pen.take(26.0, says);
        draw_sample(markup, *kind, (x, y));
        text::line(markup, "n", (x + 26.0, y + 4.0), Anchor::Start, says);
    }
    if network.nodes.iter().any(|node| node.gains || node.loses) {
        let says = "supply from and loss to outside";
        let (x, y) = pen.take(26.0, says);
        straight(markup, "nl sm", (x, y), (x + 9.0, y));
        arrow(markup, ("fm", (x + 14.0, y)), (1.0, 0.0));
        text::line(markup, "n", (x + 26.0, y + 4.0), Anchor::Start, says);
    }
    pen.next_line();
    let shown = network.nodes.iter().map(|n| n.status).chain(network.lines.iter().map(|l| l.status));
    let shown: Vec<Status> = shown.flatten().collect();
    for status in Status::ALL.into_iter().filter(|status| shown.contains(status)) {
        let (x, y) = pen.take(16.0, status.word());
        let tag = Tag::new("rect").class(&format!("m f{}", look(Some(status)).suffix()));
        markup.empty(tag.at(x, y - 5.0).px("width", 10.0).px("height", 10.0));
        text::line(markup, "n", (x + 16.0, y + 4.0), Anchor::Start, status.word());
    }
    pen.y + ROW / 2.0 - top
}

fn draw_sample(markup: &mut Markup, kind: Link, (x, y): Point) {
    let class = if kind == Link::Flow { "nl sm" } else { "nm sm" };
    let turned = format!("rotate(-90 {} {})", px(x), px(y));
    straight(markup, class, (x, y), (x + if kind == Link::Inhibits { 16.0 } else { 11.0 }, y));
    markup.open(Tag::new("g").text("transform", &turned));
    head(markup, (kind, "m"), (x, y + 18.0), 1.0);
    markup.close("g");
}

/// Where the next item of the legend stands.
struct Pen {
    x: f64,
    y: f64,
    width: f64,
}

impl Pen {
    /// Room for a sample and its words.
    fn take(&mut self, sample: f64, says: &str) -> Point {
        let wide = sample + LABEL.width(says) + 16.0;
        if self.x > 0.0 && self.x + wide > self.width {
            self.next_line();
        }
        let at = (self.x, self.y);
        self.x += wide;
        at
    }

    fn next_line(&mut self) {
        if self.x > 0.0 {
            self.x = 0.0;
            self.y += ROW;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn network(nodes: usize, lines: &[(usize, usize)]) -> Network {
        let mut network = Network::new();
        for k in 0..nodes {
            let shape = [Shape::Pool, Shape::Quantity, Shape::Step][k % 3];
            network.node(Node::new(shape, format!("a name of number {k} <&>")));
        }
        let kinds = [Link::Flow, Link::Promotes, Link::Inhibits, Link::Acts];
        for (k, (a, b)) in lines.iter().enumerate() {
            network.link(*a % nodes, *b % nodes, kinds[k % 4], None);
        }
        network
    }

    proptest! {
        #[test]
        fn boxes_do_not_overlap_and_every_line_is_drawn(
            nodes in 1usize..14,
            lines in proptest::collection::vec((0usize..14, 0usize..14), 0..30),
        ) {
            let network = network(nodes, &lines);
            let laid = Laid::of(&network);
            for row in &laid.layers.rows {
                for pair in row.windows(2) {
                    let room = (laid.sizes[pair[0]].0 + laid.sizes[pair[1]].0) / 2.0;
                    prop_assert!(laid.x[pair[1]] - laid.x[pair[0]] >= room);
                }
            }
            let points = laid.points(&network);
            prop_assert_eq!(points.len(), network.lines.len());
            for line in &points {
                // From its upper end to its lower: downwards all the way.
                prop_assert!(line.windows(2).all(|pair| pair[0].1 < pair[1].1));
            }
        }
    }

    #[test]
    fn a_figure_of_a_network_is_said_in_words_and_escaped() {
        let network = network(4, &[(0, 1), (1, 0), (3, 1)]);
        let figure = crate::Figure::new("t").panel(network.clone());
        let svg = figure.svg(network.width());
        assert!(svg.contains("a name of number 0 &lt;&amp;&gt; goes to a name of number 1"));
        assert!(!svg.contains("<&>"));
        assert_eq!(svg, figure.svg(network.width()));
    }
}
