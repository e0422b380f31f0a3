//! Drawing a timeline: a row per track, kinds in lanes, labels in or beside what they name.

use crate::canvas::{self, Canvas, Drawn};
use crate::draw_plot::fit_horizontal;
use crate::legend::{Legend, Samples};
use crate::mapping::{Ends, Extent, Mapping, range};
use crate::markup::{Markup, Tag, px};
use crate::measure::{LABEL, SMALL};
use crate::number;
use crate::path::Rect;
use crate::text::{self, Anchor};
use crate::ticks::count_f64;
use crate::timeline::{Happening, Timeline, Track};

/// The height of a lane and of its bars.
const LANE: f64 = 19.0;
const BAR: f64 = 15.0;
/// Room between tracks.
const BETWEEN: f64 = 9.0;
/// Half the width of a marker.
const MARK: f64 = 4.5;

/// Takes note of the kinds.
pub(crate) fn names(timeline: &Timeline, legend: &mut Legend) {
    for happening in timeline.tracks.iter().flat_map(|track| &track.happenings) {
        let span = happening.end.is_some();
        let samples = Samples { fill: span, solid: span, marker: !span, line: None };
        legend.add(&happening.kind, samples, None);
    }
}

/// Draws a timeline.
pub(crate) fn draw(timeline: &Timeline, canvas: &Canvas<'_>) -> Drawn {
    let mut drawn = Drawn::default();
    drawn.top = canvas::header(&mut drawn.markup, canvas.width, timeline.title.as_deref(), "");
    let widest = timeline.tracks.iter().map(|track| LABEL.width(&track.name)).fold(0.0, f64::max);
    let beside = canvas.width >= 520.0 && widest <= 0.3 * canvas.width;
    drawn.left = if beside { widest + 14.0 } else { 6.0 };
    let times =
        timeline.tracks.iter().flat_map(|t| &t.happenings).flat_map(|h| [h.start, h.end.unwrap_or(h.start)]);
    let shown = range(&timeline.axis, Extent::of(&timeline.axis, times), Ends::Tight);
    let (ruler, right) =
        fit_horizontal(&timeline.axis, shown, (drawn.left, canvas.width - 6.0), canvas.width);
    let tracks: Vec<Vec<Vec<Item<'_>>>> =
        timeline.tracks.iter().map(|track| lanes(track, &ruler.mapping, right)).collect();
    let above = if beside { 0.0 } else { LABEL.line() };
    let heights: Vec<f64> =
        tracks.iter().map(|lanes| above + LANE * count_f64(lanes.len().max(1)) + BETWEEN).collect();
    let frame =
        Rect { left: drawn.left, top: drawn.top, right, bottom: drawn.top + heights.iter().sum::<f64>() };
    canvas::columns_grid(&mut drawn.markup, &ruler, &frame);
    let mut top = frame.top;
    for ((track, lanes), height) in timeline.tracks.iter().zip(&tracks).zip(&heights) {
        let middle = if beside { top + (height - BETWEEN) / 2.0 + 4.0 } else { top + 12.0 };
        let name = LABEL.fitted(&track.name, canvas.width);
        text::line(&mut drawn.markup, "halo", (0.0, middle), Anchor::Start, &name);
        for (index, lane) in lanes.iter().enumerate() {
            let y = top + above + count_f64(index) * LANE + LANE / 2.0;
            lane.iter().for_each(|item| item.draw(&mut drawn.markup, canvas.legend, y));
        }
        top += height;
        canvas::stroke(
            &mut drawn.markup,
            "g",
            (0.0, top - BETWEEN / 2.0),
            (frame.right, top - BETWEEN / 2.0),
        );
    }
    drawn.notes = notes(timeline, shown);
    drawn.height = frame.bottom + canvas::horizontal_axis(&mut drawn.markup, &ruler, &frame);
    drawn
}

/// Something placed on a lane.
struct Item<'a> {
    happening: &'a Happening,
    left: f64,
    right: f64,
    label: Option<(f64, String, bool)>,
}

impl Item<'_> {
    /// The stretch of the lane that this item takes, with its label.
    fn reach(&self) -> (f64, f64) {
        let span = (self.left - 2.0, self.right + 2.0);
        self.label
            .as_ref()
            .map_or(span, |(x, text, _)| (span.0.min(*x), span.1.max(x + SMALL.width(text) + 2.0)))
    }

    fn draw(&self, markup: &mut Markup, legend: &Legend, y: f64) {
        let look = legend.look(&self.happening.kind);
        let reading = reading(self.happening);
        if self.happening.end.is_some() {
            let area = Rect { left: self.left, right: self.right, top: y - BAR / 2.0, bottom: y + BAR / 2.0 };
            if let Some(tag) = canvas::rect(&look.fill("m"), &area) {
                markup.titled(tag, &reading);
            }
        } else {
            let data = format!("M{} {}{}", px((self.left + self.right) / 2.0), px(y), look.marker());
            markup.titled(Tag::new("path").class(&look.fill("m")).text("d", &data), &reading);
        }
        if let Some((x, label, within)) = &self.label {
            text::line(markup, if *within { "w" } else { "v halo" }, (*x, y + 4.0), Anchor::Start, label);
        }
    }
}

fn reading(happening: &Happening) -> String {
    let what = [happening.kind.as_str(), happening.label.as_str()].join(" ");
    match happening.end {
        Some(end) => format!("{}, {} to {}", what.trim(), number::hours(happening.start), number::hours(end)),
        None => format!("{}, at {}", what.trim(), number::hours(happening.start)),
    }
}

/// The kinds of a track, each on the first lane where nothing of another kind is in its way.
fn lanes<'a>(track: &'a Track, mapping: &Mapping, edge: f64) -> Vec<Vec<Item<'a>>> {
    let mut kinds: Vec<&str> = Vec::new();
    for happening in &track.happenings {
        if !kinds.contains(&happening.kind.as_str()) {
            kinds.push(&happening.kind);
        }
    }
    let mut lanes: Vec<Vec<Item<'a>>> = Vec::new();
    for kind in kinds {
        let items = placed(track.happenings.iter().filter(|h| h.kind == kind), mapping, edge);
        let free = |lane: &Vec<Item<'_>>| {
            lane.iter().all(|other| {
                let (left, right) = other.reach();
                items.iter().all(|item| item.reach().1 <= left || item.reach().0 >= right)
            })
        };
        match lanes.iter().position(free) {
            Some(index) => lanes[index].extend(items),
            None => lanes.push(items),
        }
    }
    lanes
}

/// Items of one kind in the order of time, with labels where these fit.
fn placed<'a>(all: impl Iterator<Item = &'a Happening>, mapping: &Mapping, edge: f64) -> Vec<Item<'a>> {
    let mut items: Vec<Item<'a>> = all.filter_map(|happening| item(happening, mapping)).collect();
    items.sort_by(|a, b| a.left.total_cmp(&b.left));
    let mut free_from = mapping.floor();
    let mut start = 0;
    while start < items.len() {
        let first = &items[start];
        let alike =
            |item: &&Item<'_>| item.happening.end.is_none() && item.happening.label == first.happening.label;
        let span = first.happening.end.is_some();
        let run = if !span { items[start..].iter().take_while(alike).count() } else { 1 };
        let next = items.get(start + run).map_or(edge, |item| item.left - 2.0);
        let (label, last) = (run_label(first.happening, run), start + run - 1);
        items[last].label =
            label_place((items[start].left, items[last].right), &label, (free_from, next), span);
        free_from = items[start..=last].iter().map(|item| item.reach().1).fold(free_from, f64::max);
        start += run;
    }
    items
}

fn item<'a>(happening: &'a Happening, mapping: &Mapping) -> Option<Item<'a>> {
    let start = mapping.px(happening.start)?;
    let Some(end) = happening.end else {
        return mapping.holds(start).then_some(Item {
            happening,
            left: start - MARK,
            right: start + MARK,
            label: None,
        });
    };
    let end = mapping.px(end)?;
    if !mapping.holds(start) && !mapping.holds(end) && (start > mapping.floor()) == (end > mapping.floor()) {
        return None;
    }
    let (left, right) = (mapping.held(happening.start)?, mapping.held(happening.end?)?);
    // A span too short for a pixel is still seen.
    Some(Item { happening, left: left.min(right), right: right.max(left + 1.5), label: None })
}

fn run_label(happening: &Happening, run: usize) -> String {
    if run > 1 && !happening.label.is_empty() {
        format!("{} × {run}", happening.label)
    } else {
        happening.label.clone()
    }
}

/// Inside a span, else right of it, else left of it, as far as nothing else is there; else nowhere.
fn label_place(
    (left, right): (f64, f64),
    label: &str,
    (free_from, free_to): (f64, f64),
    span: bool,
) -> Option<(f64, String, bool)> {
    let width = SMALL.width(label);
    if label.is_empty() {
        None
    } else if span && width + 6.0 <= right - left {
        Some(((left + right - width) / 2.0, label.to_owned(), true))
    } else if right + 4.0 + width <= free_to {
        Some((right + 4.0, label.to_owned(), false))
    } else if left - 4.0 - width >= free_from {
        Some((left - 4.0 - width, label.to_owned(), false))
    } else {
        None
    }
}

fn notes(timeline: &Timeline, shown: (f64, f64)) -> Vec<String> {
    let beyond = |h: &&Happening| h.start > shown.1 || h.end.unwrap_or(h.start) < shown.0;
    let hidden = timeline.tracks.iter().flat_map(|track| &track.happenings).filter(beyond).count();
    if hidden == 0 { Vec::new() } else { vec![format!("{hidden} entries lie outside the time shown.")] }
}
