//! Drawing a timeline: a row per track, kinds in lanes, labels in, beside or below what they name.

use crate::canvas::{self, Canvas, Drawn};
use crate::legend::{Legend, Samples};
use crate::mapping::{Ends, Extent, Mapping, Ruler, range};
use crate::markup::{Markup, Tag, px};
use crate::measure::{LABEL, SMALL};
use crate::number;
use crate::path::Rect;
use crate::text::{self, Anchor};
use crate::timeline::{Happening, Timeline, Track};

/// The height of a lane, of the bars in it, and of a line of labels below.
const LANE: f64 = 19.0;
const BAR: f64 = 15.0;
const BELOW: f64 = 13.0;
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
    drawn.top =
        canvas::header(&mut drawn.markup, canvas.width, timeline.title.as_deref(), "").max(canvas.top);
    let widest = timeline.tracks.iter().map(|track| LABEL.width(&track.name)).fold(0.0, f64::max);
    let beside = canvas.width >= 520.0 && widest <= 0.3 * canvas.width;
    drawn.left = if beside { widest + 14.0 } else { 6.0 };
    let happenings = timeline.tracks.iter().flat_map(|track| &track.happenings);
    let times = happenings.flat_map(|h| [h.start, h.end.unwrap_or(h.start)]);
    let shown = range(&timeline.axis, Extent::of(&timeline.axis, times), Ends::Tight);
    let (ruler, (left, right)) =
        Ruler::fit_within(&timeline.axis, shown, (drawn.left, canvas.width - 6.0), canvas.width);
    let rows = lanes(timeline, &ruler.mapping, (left, right));
    let above = if beside { 0.0 } else { LABEL.line() };
    let height =
        |lanes: &Vec<Lane<'_>>| above + lanes.iter().map(Lane::height).sum::<f64>().max(LANE) + BETWEEN;
    let bottom = drawn.top + rows.iter().map(height).sum::<f64>();
    let frame = Rect { left, top: drawn.top, right, bottom };
    canvas::columns_grid(&mut drawn.markup, &ruler, &frame);
    let mut top = frame.top;
    for (track, lanes) in timeline.tracks.iter().zip(&rows) {
        let baseline = if beside { top + LANE / 2.0 + 4.0 } else { top + 12.0 };
        let name = LABEL.fitted(&track.name, canvas.width);
        text::line(&mut drawn.markup, "halo", (0.0, baseline), Anchor::Start, &name);
        let mut y = top + above;
        for lane in lanes {
            lane.items.iter().for_each(|item| item.draw(&mut drawn.markup, canvas.legend, y + LANE / 2.0));
            y += lane.height();
        }
        top += height(lanes);
        let line = top - BETWEEN / 2.0;
        canvas::stroke(&mut drawn.markup, "g", (0.0, line), (frame.right, line));
    }
    drawn.notes = notes(timeline, shown);
    drawn.height = frame.bottom + canvas::horizontal_axis(&mut drawn.markup, &ruler, &frame);
    drawn
}

/// Where a label stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Inside,
    Beside,
    Below,
}

/// A label with its left end.
struct Label {
    left: f64,
    text: String,
    place: Place,
}

/// Something placed on a lane.
struct Item<'a> {
    happening: &'a Happening,
    left: f64,
    right: f64,
    label: Option<Label>,
}

/// Items in one line of a track.
#[derive(Default)]
struct Lane<'a> {
    items: Vec<Item<'a>>,
}

impl Lane<'_> {
    fn height(&self) -> f64 {
        let below = |item: &Item<'_>| item.label.as_ref().is_some_and(|label| label.place == Place::Below);
        if self.items.iter().any(below) { LANE + BELOW } else { LANE }
    }
}

impl Item<'_> {
    /// The stretch of the lane that this item takes, with its label.
    fn reach(&self) -> (f64, f64) {
        let span = (self.left - 2.0, self.right + 2.0);
        self.label.as_ref().map_or(span, |label| {
            (span.0.min(label.left), span.1.max(label.left + SMALL.width(&label.text) + 2.0))
        })
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
        if let Some(label) = &self.label {
            let (class, baseline) = match label.place {
                Place::Inside => ("w", y + 4.0),
                Place::Beside => ("v halo", y + 4.0),
                Place::Below => ("n halo", y + LANE / 2.0 + 9.0),
            };
            text::line(markup, class, (label.left, baseline), Anchor::Start, &label.text);
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

/// The lanes of each track. A kind has the same lane in every track: the first where it is in nobody's way.
fn lanes<'a>(timeline: &'a Timeline, mapping: &Mapping, edges: (f64, f64)) -> Vec<Vec<Lane<'a>>> {
    let mut kinds: Vec<&str> = Vec::new();
    for happening in timeline.tracks.iter().flat_map(|track| &track.happenings) {
        if !kinds.contains(&happening.kind.as_str()) {
            kinds.push(&happening.kind);
        }
    }
    let mut rows: Vec<Vec<Lane<'a>>> = timeline.tracks.iter().map(|_| Vec::new()).collect();
    for kind in kinds {
        let of =
            |track: &'a Track| placed(track.happenings.iter().filter(|h| h.kind == kind), mapping, edges);
        let items: Vec<Vec<Item<'a>>> = timeline.tracks.iter().map(of).collect();
        let deepest = rows.iter().map(Vec::len).max().unwrap_or(0);
        let free = |lane: &usize| {
            rows.iter()
                .zip(&items)
                .all(|(row, new)| row.get(*lane).is_none_or(|lane| apart(&lane.items, new)))
        };
        let lane = (0..deepest).find(free).unwrap_or(deepest);
        for (row, new) in rows.iter_mut().zip(items).filter(|(_, new)| !new.is_empty()) {
            row.resize_with(row.len().max(lane + 1), Lane::default);
            row[lane].items.extend(new);
        }
    }
    rows
}

/// Whether no item of one list touches one of the other.
fn apart(some: &[Item<'_>], others: &[Item<'_>]) -> bool {
    some.iter().all(|item| {
        let (left, right) = item.reach();
        others.iter().all(|other| other.reach().1 <= left || other.reach().0 >= right)
    })
}

/// Items of one kind in the order of time, with labels where these fit. Equal moments that follow each other have
/// one label together.
fn placed<'a>(
    happenings: impl Iterator<Item = &'a Happening>,
    mapping: &Mapping,
    edges: (f64, f64),
) -> Vec<Item<'a>> {
    let mut items: Vec<Item<'a>> = happenings.filter_map(|happening| item(happening, mapping)).collect();
    items.sort_by(|a, b| a.left.total_cmp(&b.left));
    let mut free = Free { beside: edges.0, below: edges.0, edges };
    let mut start = 0;
    while start < items.len() {
        let last = start + run(&items[start..]) - 1;
        let next = items.get(last + 1).map_or(edges.1, |item| item.left - 2.0);
        let text = run_label(items[start].happening, last + 1 - start);
        items[last].label = free.place((items[start].left, items[last].right), &text, &items[last], next);
        start = last + 1;
    }
    items
}

/// How many items from the first on are moments with the same label.
fn run(items: &[Item<'_>]) -> usize {
    let first = items[0].happening;
    let alike = |item: &&Item<'_>| item.happening.end.is_none() && item.happening.label == first.label;
    items.iter().take_while(alike).count().max(1)
}

fn run_label(happening: &Happening, run: usize) -> String {
    if run > 1 && !happening.label.is_empty() {
        format!("{} × {run}", happening.label)
    } else {
        happening.label.clone()
    }
}

/// From where on labels may stand, beside items and below them.
struct Free {
    beside: f64,
    below: f64,
    edges: (f64, f64),
}

impl Free {
    /// Inside a span, else right, left or below, as far as nothing else is there; else nowhere.
    fn place(&mut self, (left, right): (f64, f64), text: &str, item: &Item<'_>, next: f64) -> Option<Label> {
        let width = SMALL.width(text);
        let centred = (left + right - width) / 2.0;
        let alone = centred >= self.beside && centred + width <= next;
        let below = centred.max(self.below).min(self.edges.1 - width);
        let (left, place) = if text.is_empty() {
            (left, None)
        } else if item.happening.end.is_some() && width + 6.0 <= right - left && alone {
            (centred, Some(Place::Inside))
        } else if right + 4.0 + width <= next {
            (right + 4.0, Some(Place::Beside))
        } else if left - 4.0 - width >= self.beside {
            (left - 4.0 - width, Some(Place::Beside))
        } else if below >= self.below && below <= right && below + width >= left {
            (below, Some(Place::Below))
        } else {
            (left, None)
        };
        let end = if place == Some(Place::Beside) { left + width } else { right };
        self.beside = self.beside.max(right).max(end) + 2.0;
        if place == Some(Place::Below) {
            self.below = left + width + 6.0;
        }
        Some(Label { left, text: text.to_owned(), place: place? })
    }
}

fn item<'a>(happening: &'a Happening, mapping: &Mapping) -> Option<Item<'a>> {
    let start = mapping.px(happening.start)?;
    let Some(end) = happening.end else {
        let moment = Item { happening, left: start - MARK, right: start + MARK, label: None };
        return mapping.holds(start).then_some(moment);
    };
    let (left, right) = (mapping.held(happening.start)?, mapping.held(end)?);
    let visible = right > left || mapping.holds(start);
    // A span too short for a pixel is still seen.
    visible.then(|| Item { happening, left: left.min(right), right: right.max(left + 1.5), label: None })
}

fn notes(timeline: &Timeline, shown: (f64, f64)) -> Vec<String> {
    let beyond = |h: &&Happening| h.start > shown.1 || h.end.unwrap_or(h.start) < shown.0;
    match timeline.tracks.iter().flat_map(|track| &track.happenings).filter(beyond).count() {
        0 => Vec::new(),
        1 => vec!["1 entry lies outside the time shown.".to_owned()],
        hidden => vec![format!("{hidden} entries lie outside the time shown.")],
    }
}
