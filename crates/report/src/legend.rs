//! Names, their looks, and the legend that explains them.

use crate::markup::{Markup, Tag, px};
use crate::measure::LABEL;
use crate::palette::Look;
use crate::path::Point;
use crate::series::{Dash, Series, Shape};
use crate::text::{self, Anchor};
use crate::ticks::count_f64;

/// The width of a sample in the legend.
const SAMPLE: f64 = 22.0;
/// The gap between two entries.
const GAP: f64 = 18.0;

/// Which samples explain a name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Samples {
    /// A line with its pattern.
    pub(crate) line: Option<Option<Dash>>,
    /// A point.
    pub(crate) marker: bool,
    /// A filled region or bar.
    pub(crate) fill: bool,
    /// The fill is solid, as of a bar, and not translucent, as of a band.
    pub(crate) solid: bool,
}

/// A name with its look.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entry {
    pub(crate) name: String,
    pub(crate) look: Look,
    pub(crate) samples: Samples,
}

/// All names of a figure, in order of appearance.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Legend {
    entries: Vec<Entry>,
    next: usize,
}

impl Legend {
    /// Takes note of a series.
    pub(crate) fn add_series(&mut self, series: &Series) {
        let samples = match &series.shape {
            Shape::Line(_) | Shape::Step(_) => Samples { line: Some(series.dash), ..Samples::default() },
            Shape::Points(_) => Samples { marker: true, ..Samples::default() },
            Shape::Band(_) | Shape::Area(_) => Samples { fill: true, ..Samples::default() },
        };
        self.add(&series.name, samples, series.colour.map(Look::Nth).or(series.muted.then_some(Look::Muted)));
    }

    /// Takes note of a name. The first look chosen for a name holds; a name without one takes the next colour that
    /// nobody has.
    pub(crate) fn add(&mut self, name: &str, samples: Samples, chosen: Option<Look>) {
        if let Some(entry) = self.entries.iter_mut().find(|entry| entry.name == name) {
            entry.samples.line = entry.samples.line.or(samples.line);
            entry.samples.marker |= samples.marker;
            entry.samples.fill |= samples.fill;
            entry.samples.solid |= samples.solid;
            return;
        }
        let look = chosen.unwrap_or_else(|| {
            while self.entries.iter().any(|entry| entry.look == Look::Nth(self.next)) {
                self.next += 1;
            }
            Look::Nth(self.next)
        });
        self.entries.push(Entry { name: name.to_owned(), look, samples });
    }

    /// The look of a name.
    pub(crate) fn look(&self, name: &str) -> Look {
        self.entries.iter().find(|entry| entry.name == name).map_or(Look::Muted, |entry| entry.look)
    }

    /// Draws the entries whose names are not in `elsewhere` in rows of at most `width`; returns the height.
    pub(crate) fn draw(
        &self,
        markup: &mut Markup,
        (left, top): Point,
        width: f64,
        elsewhere: &[String],
    ) -> f64 {
        let shown = self.entries.iter().filter(|e| !e.name.is_empty() && !elsewhere.contains(&e.name));
        let name = |entry: &Entry| LABEL.fitted(&entry.name, width - SAMPLE - 6.0);
        let named: Vec<(&Entry, String)> = shown.map(|entry| (entry, name(entry))).collect();
        let widths: Vec<f64> = named.iter().map(|(_, name)| SAMPLE + 6.0 + LABEL.width(name)).collect();
        let places = places(&widths, width);
        for ((entry, name), (x, row)) in named.iter().zip(&places) {
            let (x, y) = (left + x, top + count_f64(*row) * ROW + ROW / 2.0);
            sample(markup, entry, (x, y));
            text::line(markup, "k", (x + SAMPLE + 6.0, y + 4.0), Anchor::Start, name);
        }
        places.last().map_or(0.0, |(_, row)| count_f64(row + 1) * ROW)
    }
}

/// The offset and row of each entry: in columns of one width where that takes no more rows, else one after the other.
fn places(widths: &[f64], room: f64) -> Vec<(f64, usize)> {
    let (mut flowing, mut x, mut row) = (Vec::new(), 0.0, 0);
    for width in widths {
        if x > 0.0 && x + width > room {
            x = 0.0;
            row += 1;
        }
        flowing.push((x, row));
        x += width + GAP;
    }
    let widest = widths.iter().copied().fold(0.0, f64::max) + GAP;
    let columns = (1..=widths.len()).take_while(|n| count_f64(*n) * widest <= room + GAP).count().max(1);
    if row == 0 || widths.len().div_ceil(columns) > row + 1 {
        return flowing;
    }
    (0..widths.len()).map(|index| (count_f64(index % columns) * widest, index / columns)).collect()
}

/// The height of a row of the legend.
const ROW: f64 = 19.0;

fn sample(markup: &mut Markup, entry: &Entry, (x, y): Point) {
    let Entry { look, samples, .. } = entry;
    if samples.fill {
        let kind = if samples.solid { "bar" } else { "q" };
        let (dx, width) = if samples.solid { (5.0, 12.0) } else { (0.0, SAMPLE) };
        let rect = Tag::new("rect").class(&look.fill(kind)).at(x + dx, y - 6.0);
        markup.empty(rect.px("width", width).px("height", 12.0));
    }
    if let Some(dash) = samples.line {
        let line = Tag::new("line").class(&look.line("l", dash)).px("x1", x + 1.0).px("y1", y);
        markup.empty(line.px("x2", x + SAMPLE - 1.0).px("y2", y));
    }
    if samples.marker {
        let data = format!("M{} {}{}", px(x + SAMPLE / 2.0), px(y), look.marker());
        markup.empty(Tag::new("path").class(&look.fill("m")).text("d", &data));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_name_is_one_entry_and_chosen_colours_are_not_given_twice() {
        let mut legend = Legend::default();
        legend.add_series(&Series::line("b", [(0.0, 1.0)]).colour(0));
        legend.add_series(&Series::line("a", [(0.0, 1.0)]));
        legend.add_series(&Series::points("a", [(0.0, 1.0)]));
        legend.add_series(&Series::line("grey", [(0.0, 1.0)]).muted());
        legend.add_series(&Series::line("c", [(0.0, 1.0)]));
        assert_eq!(legend.entries.len(), 4);
        assert_eq!([legend.look("a"), legend.look("b"), legend.look("c")], [1, 0, 2].map(Look::Nth));
        assert_eq!(legend.look("grey"), Look::Muted);
        assert!(legend.entries[1].samples.marker && legend.entries[1].samples.line.is_some());
    }

    #[test]
    fn entries_wrap_into_rows() {
        let mut legend = Legend::default();
        for name in ["one", "two", "three", "four"] {
            legend.add(name, Samples { fill: true, ..Samples::default() }, None);
        }
        let height =
            |width, hidden: &[String]| legend.draw(&mut Markup::default(), (0.0, 0.0), width, hidden);
        assert_eq!(height(1000.0, &[]), ROW);
        assert_eq!(height(60.0, &[]), 4.0 * ROW);
        assert_eq!(places(&[40.0, 60.0, 50.0, 30.0], 150.0), [(0.0, 0), (78.0, 0), (0.0, 1), (78.0, 1)]);
        assert_eq!(places(&[40.0, 90.0, 20.0], 160.0), [(0.0, 0), (58.0, 0), (0.0, 1)]);
        assert_eq!(height(1000.0, &["one", "two", "three", "four"].map(str::to_owned)), 0.0);
    }
}
