//! Arranging a figure: panels into rows and columns, legend above, title and caption around.

use crate::canvas::{Canvas, Drawn, Ranges};
use crate::figure::{Figure, Labels, Panel};
use crate::legend::Legend;
use crate::mapping::{Ends, Extent, range};
use crate::markup::{Markup, Tag, px};
use crate::measure::{BODY, SMALL, TITLE};
use crate::palette;
use crate::text;
use crate::ticks::count_f64;
use crate::{draw_bars, draw_forest, draw_heat, draw_network, draw_plot, draw_timeline};

/// Panels beside each other are at least this wide.
const NARROWEST_PANEL: f64 = 250.0;
/// The gap between panels beside and below each other.
const GAP: (f64, f64) = (28.0, 22.0);
/// The margin of a figure that stands alone.
const MARGIN: f64 = 14.0;

/// The panels and legend of a figure at some width.
pub(crate) struct Arranged {
    pub(crate) markup: Markup,
    pub(crate) width: f64,
    pub(crate) height: f64,
    pub(crate) notes: Vec<String>,
}

/// A figure without its texts, which the page around it carries.
pub(crate) fn inline(figure: &Figure, width: f64) -> Arranged {
    let mut legend = Legend::default();
    figure.panels.iter().for_each(|panel| names(panel, &mut legend));
    let (panels, columns) = draw_panels(figure, width, &legend);
    let mut markup = Markup::default();
    let mut height = 0.0;
    if figure.labels != Labels::Hidden {
        let labelled: Vec<String> = panels.first().map_or_else(Vec::new, |first| first.labelled.clone());
        height = legend.draw(&mut markup, (0.0, 0.0), width, &labelled);
        height += if height > 0.0 { 8.0 } else { 0.0 };
    }
    let panel_width = column_width(width, columns);
    for row in panels.chunks(columns) {
        let mut row_height = 0.0f64;
        for (index, panel) in row.iter().enumerate() {
            markup.moved(count_f64(index) * (panel_width + GAP.0), height, &panel.markup);
            row_height = row_height.max(panel.height);
        }
        height += row_height + GAP.1;
    }
    let height = if panels.is_empty() { height } else { height - GAP.1 };
    let notes = panels.into_iter().flat_map(|panel| panel.notes).collect();
    Arranged { markup, width, height, notes }
}

/// The opening tag of a figure of this size.
pub(crate) fn svg_tag(figure: &Figure, width: f64, height: f64) -> Tag {
    let size = format!("0 0 {} {}", px(width), px(height.ceil()));
    Tag::new("svg")
        .text("xmlns", "http://www.w3.org/2000/svg")
        .class("hf")
        .text("viewBox", &size)
        .px("width", width)
        .px("height", height.ceil())
        .text("role", "img")
        .text("aria-label", &figure.title)
}

/// Title and description for those who cannot see the figure.
pub(crate) fn described(markup: &mut Markup, figure: &Figure) {
    markup.element(Tag::new("title"), &figure.title);
    markup.element(Tag::new("desc"), &description(figure));
    markup.newline();
}

/// The complete document.
pub(crate) fn document(figure: &Figure, width: f64) -> String {
    let width = if width.is_finite() { width.clamp(240.0, 2000.0) } else { 760.0 };
    let inner = width - 2.0 * MARGIN;
    let arranged = inline(figure, inner);
    let mut body = Markup::default();
    let mut y = MARGIN;
    for (class, font, content) in [("h1", TITLE, &figure.title), ("b", BODY, &figure.subtitle)] {
        let lines = font.wrap(content, inner);
        y += text::block(&mut body, class, (MARGIN, y + font.size), font, &lines);
    }
    y += 10.0;
    body.newline();
    body.moved(MARGIN, y, &arranged.markup);
    y += arranged.height + 12.0;
    let texts = std::iter::once((BODY, "b", &figure.caption));
    for (font, class, content) in texts.chain(arranged.notes.iter().map(|note| (SMALL, "n", note))) {
        let lines = font.wrap(content, inner);
        y += text::block(&mut body, class, (MARGIN, y + font.size), font, &lines);
    }
    let mut svg = Markup::default();
    svg.open(svg_tag(figure, width, y + MARGIN));
    described(&mut svg, figure);
    svg.open(Tag::new("style"));
    svg.write_css(&palette::style_sheet());
    svg.close("style");
    svg.empty(Tag::new("rect").class("bg").text("width", "100%").text("height", "100%"));
    svg.newline();
    svg.raw(body.as_str());
    svg.close("svg");
    svg.newline();
    svg.into_string()
}

fn names(panel: &Panel, legend: &mut Legend) {
    match panel {
        Panel::Plot(plot) => plot.series.iter().for_each(|series| legend.add_series(series)),
        Panel::Bars(bars) => draw_bars::names(bars, legend),
        Panel::Timeline(timeline) => draw_timeline::names(timeline, legend),
        Panel::Forest(_) | Panel::Heat(_) | Panel::Network(_) => {}
    }
}

/// The panels in their order, and how many stand beside each other.
fn draw_panels(figure: &Figure, width: f64, legend: &Legend) -> (Vec<Drawn>, usize) {
    let columns = columns(figure, width);
    let single = figure.panels.len() == 1 && figure.labels == Labels::Auto;
    let mut canvas = Canvas {
        width: column_width(width, columns),
        left: 0.0,
        top: 0.0,
        legend,
        direct: single && figure.panels.iter().all(|panel| labels_itself(panel, width)),
        ranges: shared_ranges(figure),
    };
    let drawn: Vec<Drawn> = figure.panels.iter().map(|panel| draw(panel, &canvas)).collect();
    if drawn.len() == 1 {
        return (drawn, columns);
    }
    // A second pass with the largest margins lets the data areas of all panels line up.
    if columns > 1 {
        canvas.top = drawn.iter().map(|panel| panel.top).fold(0.0, f64::max);
    }
    if figure.panels.iter().all(|panel| matches!(panel, Panel::Plot(_))) {
        canvas.left = drawn.iter().map(|panel| panel.left).fold(0.0, f64::max);
    }
    (figure.panels.iter().map(|panel| draw(panel, &canvas)).collect(), columns)
}

fn draw(panel: &Panel, canvas: &Canvas<'_>) -> Drawn {
    match panel {
        Panel::Plot(plot) => draw_plot::draw(plot, canvas),
        Panel::Bars(bars) => draw_bars::draw(bars, canvas),
        Panel::Forest(forest) => draw_forest::draw(forest, canvas),
        Panel::Timeline(timeline) => draw_timeline::draw(timeline, canvas),
        Panel::Heat(heat) => draw_heat::draw(heat, canvas),
        Panel::Network(network) => draw_network::draw(network, canvas),
    }
}

fn labels_itself(panel: &Panel, width: f64) -> bool {
    matches!(panel, Panel::Plot(plot) if draw_plot::can_label_directly(plot, width))
}

/// As many columns as fit; then no more than the number of rows needs.
fn columns(figure: &Figure, width: f64) -> usize {
    let count = figure.panels.len().max(1);
    let most = figure.columns.unwrap_or(4).min(count);
    let fitting = (1..=most).rev().find(|n| column_width(width, *n) >= NARROWEST_PANEL).unwrap_or(1);
    count.div_ceil(count.div_ceil(fitting))
}

fn column_width(width: f64, columns: usize) -> f64 {
    (width - GAP.0 * (count_f64(columns) - 1.0)) / count_f64(columns)
}

fn shared_ranges(figure: &Figure) -> Ranges {
    let plots =
        || figure.panels.iter().filter_map(|p| if let Panel::Plot(plot) = p { Some(plot) } else { None });
    let Some(first) = plots().next() else { return Ranges::default() };
    let (mut x, mut y) = (Extent::default(), Extent::default());
    for plot in plots() {
        let (of_x, of_y) = draw_plot::extents(plot);
        x = x.union(of_x);
        y = y.union(of_y);
    }
    Ranges {
        x: figure.shared_x.then(|| range(&first.x, x, Ends::Tight)),
        y: figure.shared_y.then(|| range(&first.y, y, Ends::Nice)),
    }
}

/// What a figure shows, in words.
fn description(figure: &Figure) -> String {
    let mut parts: Vec<String> = Vec::new();
    for text in [&figure.subtitle, &figure.caption] {
        if !text.is_empty() {
            parts.push(text.clone());
        }
    }
    parts.extend(figure.panels.iter().map(panel_description));
    parts.join(" ")
}

/// Every link of a network as words.
fn network_description(network: &crate::network::Network) -> String {
    use crate::network::{Link, Shape};
    let named = |at: usize| {
        let node = &network.nodes[at];
        if node.shape == Shape::Step { node.detail.as_str() } else { node.label.as_str() }
    };
    let said = network.lines.iter().map(|line| {
        let verb = match line.link {
            Link::Flow => "goes to",
            Link::Promotes => "raises",
            Link::Inhibits => "lowers",
            Link::Acts => "acts on",
        };
        format!("{} {verb} {}.", named(line.from), named(line.to))
    });
    said.collect::<Vec<_>>().join(" ")
}

fn panel_description(panel: &Panel) -> String {
    let title = |title: &Option<String>| title.as_deref().map_or_else(String::new, |t| format!("{t}: "));
    match panel {
        Panel::Plot(plot) => {
            let mut names: Vec<&str> = plot.series.iter().map(|series| series.name.as_str()).collect();
            names.dedup();
            names.retain(|name| !name.is_empty());
            let of = if names.is_empty() { String::new() } else { format!(" of {}", names.join(", ")) };
            format!("{}{} over {}{of}.", title(&plot.title), plot.y.label, plot.x.label)
        }
        Panel::Bars(bars) => format!("{}bars of {}.", title(&bars.title), bars.axis.label),
        Panel::Forest(forest) => format!("{}estimates of {}.", title(&forest.title), forest.axis.label),
        Panel::Timeline(timeline) => {
            format!("{}timeline over {}.", title(&timeline.title), timeline.axis.label)
        }
        Panel::Network(network) => network_description(network),
        Panel::Heat(heat) => {
            format!("{}{} by {} and {}.", title(&heat.title), heat.measure, heat.down, heat.across)
        }
    }
}
