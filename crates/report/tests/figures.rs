//! What must hold for every figure: well-formed XML, no number that is not finite, the same bytes each time,
//! and no text that is cut off or lies on other text.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot read a drawing has failed")]

use hepatica_report::{
    Axis, Bars, Blocks, Estimate, Figure, Forest, Heat, Page, Plot, Series, Timeline, Track,
};
use proptest::prelude::*;
use roxmltree::{Document, Node};

#[path = "../src/measure.rs"]
#[expect(
    dead_code,
    reason = "the tests measure with the same table as the drawing, and need only a part of it"
)]
mod measure;
#[path = "../examples/gallery/parts.rs"]
mod parts;

const WIDTHS: [f64; 6] = [240.0, 358.0, 386.0, 560.0, 820.0, 1400.0];

/// A text of a drawing with its box.
struct Text {
    content: String,
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
}

impl std::fmt::Display for Text {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Text { content, left, right, top, bottom } = self;
        write!(f, "{content:?} at {left:.1} to {right:.1}, {top:.1} to {bottom:.1}")
    }
}

fn number(node: &Node<'_, '_>, name: &str) -> f64 {
    node.attribute(name).map_or(0.0, |value| value.parse().unwrap())
}

/// The sum of all translations around a node.
fn origin(node: &Node<'_, '_>) -> (f64, f64) {
    let mut sum = (0.0, 0.0);
    for transform in node.ancestors().filter_map(|n| n.attribute("transform")) {
        let inner = transform.strip_prefix("translate(").and_then(|t| t.strip_suffix(')')).unwrap();
        let (x, y) = inner.split_once(' ').unwrap();
        sum = (sum.0 + x.parse::<f64>().unwrap(), sum.1 + y.parse::<f64>().unwrap());
    }
    sum
}

fn text_of(node: &Node<'_, '_>) -> Text {
    let raise = |digit: char| {
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁻".chars().nth("0123456789−".chars().position(|d| d == digit).unwrap()).unwrap()
    };
    let content: String = node
        .children()
        .map(|child| match child.attribute("font-size") {
            Some(_) => child.text().unwrap_or("").chars().map(raise).collect(),
            None => child.text().unwrap_or("").to_owned(),
        })
        .collect();
    let class = node.attribute("class").unwrap_or("");
    let has = |name: &str| class.split(' ').any(|part| part == name);
    let font = match () {
        () if has("h1") => measure::TITLE,
        () if has("h2") => measure::STRONG,
        () if has("b") => measure::BODY,
        () if ["n", "v", "w", "i", "wl"].into_iter().any(has) => measure::SMALL,
        () => measure::LABEL,
    };
    // The margin of the table is for foreign fonts; real text is narrower.
    let width = font.width(&content) / 1.03;
    let (dx, dy) = origin(node);
    let (x, y) = (number(node, "x") + dx, number(node, "y") + dy);
    let left = match node.attribute("text-anchor") {
        Some("middle") => x - width / 2.0,
        Some("end") => x - width,
        _ => x,
    };
    // Capital letters reach 0.72 of the size above the base line, and descenders 0.21 below it.
    Text { content, left, right: left + width, top: y - 0.72 * font.size, bottom: y + 0.21 * font.size }
}

fn overlap(a: &Text, b: &Text) -> bool {
    let slack = 0.3;
    a.left + slack < b.right
        && b.left + slack < a.right
        && a.top + slack < b.bottom
        && b.top + slack < a.bottom
}

/// Checks one drawing.
#[track_caller]
fn check(name: &str, svg: &str) {
    assert!(!svg.contains("NaN") && !svg.contains("inf\""), "{name}");
    let document = Document::parse(svg).unwrap_or_else(|error| panic!("{name}: {error}"));
    let root = document.root_element();
    assert_eq!(root.attribute("role"), Some("img"));
    assert!(root.children().any(|n| n.has_tag_name(("http://www.w3.org/2000/svg", "title"))));
    let (width, height) = (number(&root, "width"), number(&root, "height"));
    let texts: Vec<Text> =
        document.descendants().filter(|n| n.tag_name().name() == "text").map(|n| text_of(&n)).collect();
    for (index, text) in texts.iter().enumerate() {
        let inside =
            text.left >= -0.5 && text.right <= width + 0.5 && text.top >= -0.5 && text.bottom <= height + 0.5;
        assert!(inside, "{name}: cut off at {width} x {height}: {text}");
        for other in &texts[..index] {
            assert!(!overlap(text, other), "{name} at {width}: {text} lies on {other}");
        }
    }
}

#[test]
fn every_figure_of_the_gallery_is_sound_at_every_width() {
    for (name, figure) in parts::figures() {
        for width in WIDTHS {
            let svg = figure.svg(width);
            check(name, &svg);
            assert_eq!(svg, figure.svg(width), "{name} differs between two drawings");
        }
    }
}

#[test]
fn a_hundred_thousand_points_stay_small() {
    for (name, figure) in parts::figures() {
        let size = figure.svg(820.0).len();
        assert!(size < 250_000, "{name}: {size} bytes");
    }
    let page = parts::page().html().len();
    assert!(page < 1_000_000, "{page} bytes");
}

const HOSTILE: &str = "</text><script>alert(1)</script> & \" ' <!-- ]]> \u{0} \u{202e} 𝕏";

#[test]
fn hostile_texts_stay_texts() {
    let figure = Figure::new(HOSTILE)
        .subtitle(HOSTILE)
        .caption(HOSTILE)
        .panel(
            Plot::new(Axis::time(HOSTILE), Axis::linear(HOSTILE).unit(HOSTILE))
                .title(HOSTILE)
                .series(Series::line(HOSTILE, [(0.0, 1.0), (1.0, 2.0)]))
                .series(Series::points(HOSTILE, [(0.0, 1.0)]))
                .across(1.5, HOSTILE),
        )
        .panel(Bars::new(Axis::linear(HOSTILE), [HOSTILE]).group(HOSTILE, [1.0]))
        .panel(Forest::new(Axis::linear(HOSTILE)).row(HOSTILE, 1.0).heading(HOSTILE))
        .panel(Timeline::new(HOSTILE).track(Track::new(HOSTILE).moment(HOSTILE, 1.0, HOSTILE)))
        .panel(Heat::new(HOSTILE, HOSTILE, HOSTILE).columns([HOSTILE]).row(HOSTILE, [1.0]));
    for width in WIDTHS {
        check("hostile", &figure.svg(width));
    }
    let page = Page::new(HOSTILE).section(HOSTILE, Blocks::new().figure(figure).code(HOSTILE)).html();
    assert!(!page.contains("<script"));
}

#[test]
fn what_cannot_be_drawn_is_said() {
    let plot = Plot::new(Axis::linear("x"), Axis::log10("y").from(1.0))
        .series(Series::line("zero", [(0.0, 0.0), (1.0, 5.0), (2.0, 9.0)]))
        .series(Series::line("low", [(0.0, 0.1), (1.0, 5.0)]));
    let svg = Figure::new("t").panel(plot).svg(820.0);
    assert!(svg.contains("Values at or below zero have no place on the logarithmic axis (zero)."));
    assert!(svg.contains("Some values lie beyond the vertical axis (low)."));
    let bars = Bars::new(Axis::linear("y"), ["only"]).group("g", [1.0, 2.0]);
    assert!(Figure::new("t").panel(bars).svg(820.0).contains("1 value belongs to no category"));
}

#[test]
fn a_figure_without_panels_is_still_a_document() {
    check("empty", &Figure::new("").svg(f64::NAN));
}

fn any_value() -> impl Strategy<Value = f64> {
    prop_oneof![4 => -1e3f64..1e3, 2 => any::<f64>(), 1 => Just(0.0), 1 => Just(f64::NAN), 1 => Just(f64::INFINITY)]
}

fn any_axis() -> impl Strategy<Value = Axis> {
    prop_oneof![
        Just(Axis::linear("Linear").unit("mM")),
        Just(Axis::log10("Log").unit("U/L")),
        Just(Axis::time("Time"))
    ]
}

/// Names without the letter n, so that a NaN can only come from a number.
fn any_name() -> impl Strategy<Value = String> {
    prop_oneof!["[a-mo-zA-MO-Z0-9 µ%]{0,12}", "[A-MO-Za-mo-z]{30,60}", "([a-mo-z]{2,9} ){3,9}"]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn any_plot_is_sound(
        axes in (any_axis(), any_axis()),
        points in proptest::collection::vec((any_value(), any_value(), any_value(), any_value()), 0..12),
        names in proptest::collection::vec(any_name(), 1..5),
        guide in (any_value(), any_name()),
        width in 240.0f64..1200.0,
        panels in 1usize..4,
    ) {
        let mut figure = Figure::new("Any plot");
        for panel in 0..panels {
            let mut plot = Plot::new(axes.0.clone(), axes.1.clone()).title(format!("Panel {panel}"));
            for (index, name) in names.iter().enumerate() {
                let two = points.iter().map(|p| (p.0, p.1));
                let three = points.iter().map(|p| (p.0, p.2, p.3));
                plot = plot.series(match index % 5 {
                    0 => Series::line(name, two),
                    1 => Series::intervals(name, points.iter().copied()),
                    2 => Series::band(name, three),
                    3 => Series::step(name, two),
                    _ => Series::area(name, two),
                });
            }
            let plot = plot.across(guide.0, &guide.1).upright(guide.0, &guide.1).stripe(guide.0, f64::INFINITY, &guide.1);
            figure = figure.panel(plot.layer(f64::NEG_INFINITY, guide.0, &guide.1));
        }
        check("any plot", &figure.svg(width));
    }

    #[test]
    fn any_bars_forest_and_heat_are_sound(
        axis in any_axis(),
        values in proptest::collection::vec((any_value(), any_value(), any_value()), 1..6),
        names in proptest::collection::vec(any_name(), 6),
        width in 240.0f64..1200.0,
    ) {
        let estimates = || values.iter().map(|v| Estimate::new(v.0, v.1, v.2));
        let bars = Bars::new(axis.clone(), names.iter().take(values.len()).cloned());
        let bars = bars.group("one", estimates()).group(&names[5], estimates()).reference(values[0].0, &names[4]);
        check("bars", &Figure::new("b").panel(bars.clone()).svg(width));
        check("bars to the right", &Figure::new("b").panel(bars.horizontal()).svg(width));
        let mut forest = Forest::new(axis).reference(values[0].0, &names[4]);
        for (name, estimate) in names.iter().zip(estimates()) {
            forest = forest.row(name, estimate).heading(name).summary(name, estimate);
        }
        check("forest", &Figure::new("f").panel(forest).svg(width));
        let heat = Heat::new(&names[0], &names[1], &names[2]).columns(names.clone());
        let heat = heat.row(&names[3], values.iter().map(|v| v.0)).row(&names[4], values.iter().map(|v| v.1));
        check("heat", &Figure::new("h").panel(heat).svg(width));
    }

    #[test]
    fn any_timeline_is_sound(
        happenings in proptest::collection::vec((0usize..3, any_value(), any_value(), any_name()), 0..25),
        width in 240.0f64..1200.0,
    ) {
        let mut timeline = Timeline::new("Time");
        for (index, tracks) in happenings.chunks(6).enumerate() {
            let mut track = Track::new(format!("arm {index}"));
            for (kind, start, end, label) in tracks {
                let kind = ["one", "two", "three"][*kind];
                track = if *kind == *"one" { track.moment(kind, *start, label) } else { track.span(kind, *start, *end, label) };
            }
            timeline = timeline.track(track);
        }
        check("timeline", &Figure::new("t").panel(timeline).svg(width));
    }
}
