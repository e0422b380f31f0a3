//! Drawing a heat table: coloured cells with their values, and the scale of the colours.

use crate::canvas::{self, Canvas, Drawn};
use crate::heat::{CellText, Heat, Ramp};
use crate::markup::{Markup, Tag};
use crate::measure::{LABEL, SMALL};
use crate::number;
use crate::path::Rect;
use crate::text::{self, Anchor};
use crate::ticks::count_f64;

type Rgb = [f64; 3];

/// Colours at equal distances, from low to high; lightness falls evenly, so grey print keeps the order.
const NEUTRAL: [Rgb; 5] = [
    [238.0, 244.0, 251.0],
    [188.0, 215.0, 240.0],
    [121.0, 176.0, 222.0],
    [58.0, 127.0, 192.0],
    [18.0, 64.0, 127.0],
];
const HARM: [Rgb; 5] = [
    [253.0, 243.0, 228.0],
    [251.0, 208.0, 160.0],
    [243.0, 154.0, 99.0],
    [217.0, 84.0, 59.0],
    [140.0, 29.0, 40.0],
];
/// The height of a cell.
const ROW: f64 = 32.0;
/// The widest cell.
const WIDEST_CELL: f64 = 110.0;

/// Draws a heat table.
pub(crate) fn draw(heat: &Heat, canvas: &Canvas<'_>) -> Drawn {
    let mut drawn = Drawn::default();
    let columns = heat.rows.iter().map(|(_, values)| values.len()).fold(heat.columns.len(), usize::max);
    let top = canvas::header(&mut drawn.markup, canvas.width, heat.title.as_deref(), "");
    let names = heat.rows.iter().map(|(name, _)| LABEL.width(name)).fold(0.0, f64::max);
    drawn.left = names.max(SMALL.width(&heat.down)).min(0.35 * canvas.width) + 10.0;
    let cell = ((canvas.width - drawn.left) / count_f64(columns.max(1))).min(WIDEST_CELL);
    drawn.top = (top + column_names(&mut drawn.markup, heat, (drawn.left, top), (cell, canvas.width)))
        .max(canvas.top);
    let range = heat.range.unwrap_or_else(|| data_range(heat));
    for (index, (name, values)) in heat.rows.iter().enumerate() {
        let y = drawn.top + count_f64(index) * ROW;
        let label = LABEL.fitted(name, drawn.left - 10.0);
        text::line(&mut drawn.markup, "a", (drawn.left - 8.0, y + ROW / 2.0 + 4.0), Anchor::End, &label);
        for column in 0..columns {
            let left = drawn.left + count_f64(column) * cell;
            let area = Rect { left, right: left + cell, top: y, bottom: y + ROW };
            let value = values.get(column).copied().unwrap_or(f64::NAN);
            let reading = reading(heat, name, column, value);
            draw_cell(&mut drawn.markup, heat, &area, (value, range), &reading);
        }
    }
    let bottom = drawn.top + count_f64(heat.rows.len()) * ROW;
    drawn.height =
        bottom + scale(&mut drawn.markup, heat, (drawn.left, bottom + 12.0), (canvas.width, range));
    drawn
}

fn data_range(heat: &Heat) -> (f64, f64) {
    let finite = || heat.rows.iter().flat_map(|(_, values)| values.iter().copied()).filter(|v| v.is_finite());
    let (lo, hi) = (finite().fold(f64::INFINITY, f64::min), finite().fold(f64::NEG_INFINITY, f64::max));
    if lo < hi {
        (lo, hi)
    } else if lo == hi {
        (lo - 0.5 * lo.abs().max(1.0), hi + 0.5 * hi.abs().max(1.0))
    } else {
        (0.0, 1.0)
    }
}

/// What the columns are, then their names; returns the height taken.
fn column_names(markup: &mut Markup, heat: &Heat, (left, top): (f64, f64), (cell, width): (f64, f64)) -> f64 {
    let lines: Vec<Vec<String>> = heat.columns.iter().map(|name| LABEL.wrap(name, cell - 4.0)).collect();
    let most = lines.iter().map(Vec::len).max().unwrap_or(0);
    let across = SMALL.fitted(&heat.across, width - left);
    text::line(markup, "n", (left, top + 10.0), Anchor::Start, &across);
    let last = top + SMALL.line() + count_f64(most) * LABEL.line() - 2.0;
    for (index, name) in lines.iter().enumerate() {
        let x = left + (count_f64(index) + 0.5) * cell;
        for (row, line) in name.iter().rev().enumerate() {
            text::line(markup, "a", (x, last - count_f64(row) * LABEL.line()), Anchor::Middle, line);
        }
    }
    let down = SMALL.fitted(&heat.down, left - 10.0);
    text::line(markup, "n", (left - 8.0, last), Anchor::End, &down);
    last - top + 7.0
}

fn draw_cell(
    markup: &mut Markup,
    heat: &Heat,
    area: &Rect,
    (value, range): (f64, (f64, f64)),
    reading: &str,
) {
    let label = written(heat, value);
    let centre = ((area.left + area.right) / 2.0, (area.top + area.bottom) / 2.0 + 4.0);
    let fits = SMALL.width(&label) <= area.width() - 4.0;
    if !value.is_finite() {
        if let Some(tag) = canvas::rect("na cell", area) {
            markup.titled(tag, reading);
        }
        text::line(markup, "n", centre, Anchor::Middle, number::MISSING);
        return;
    }
    let colour = colour(heat.ramp, share(value, range));
    if let Some(tag) = canvas::rect("cell", area) {
        markup.titled(tag.text("fill", &hex(colour)), reading);
    }
    if fits {
        text::line(markup, if dark_text(colour) { "i" } else { "wl" }, centre, Anchor::Middle, &label);
    }
}

fn written(heat: &Heat, value: f64) -> String {
    match heat.text {
        CellText::Digits(digits) => number::short(value, digits),
        CellText::Percent if value.is_finite() => format!("{} %", number::decimals(100.0 * value, 0)),
        CellText::Percent => number::MISSING.to_owned(),
    }
}

fn reading(heat: &Heat, row: &str, column: usize, value: f64) -> String {
    let column = heat.columns.get(column).map_or("", String::as_str);
    format!("{}: {row}, {column}: {}", heat.measure, written(heat, value))
}

/// The strip that says which colour means what; returns the height taken.
fn scale(
    markup: &mut Markup,
    heat: &Heat,
    (left, top): (f64, f64),
    (width, range): (f64, (f64, f64)),
) -> f64 {
    const STEPS: usize = 24;
    let (low, high) = (written(heat, range.0), written(heat, range.1));
    let numbers = SMALL.width(&low) + SMALL.width(&high) + 12.0;
    let left = left.min((width - numbers - 40.0).max(0.0));
    let start = left + SMALL.width(&low) + 6.0;
    let strip = (width - left - numbers).clamp(20.0, 180.0);
    text::line(markup, "n", (left, top + 9.0), Anchor::Start, &low);
    for step in 0..STEPS {
        let x = start + strip * count_f64(step) / count_f64(STEPS);
        let fill = hex(colour(heat.ramp, count_f64(step) / count_f64(STEPS - 1)));
        // Neighbours overlap by a little, so that no background shines through between them.
        let rect = Tag::new("rect").at(x, top).px("width", strip / count_f64(STEPS) + 0.4).px("height", 10.0);
        markup.empty(rect.text("fill", &fill));
    }
    text::line(markup, "n", (start + strip + 6.0, top + 9.0), Anchor::Start, &high);
    let lines = LABEL.wrap(&heat.measure, width - left);
    text::block(markup, "a", (left, top + 26.0), LABEL, &lines) + 26.0
}

fn share(value: f64, (lo, hi): (f64, f64)) -> f64 {
    ((value * 0.5 - lo * 0.5) / (hi * 0.5 - lo * 0.5)).clamp(0.0, 1.0)
}

fn colour(ramp: Ramp, share: f64) -> Rgb {
    let stops = if ramp == Ramp::Harm { &HARM } else { &NEUTRAL };
    let position = share * 4.0;
    let below = (0..4).rev().find(|index| count_f64(*index) <= position).unwrap_or(0);
    let part = position - count_f64(below);
    [0, 1, 2].map(|channel| stops[below][channel] * (1.0 - part) + stops[below + 1][channel] * part)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "channels lie between 0 and 255")]
fn hex(colour: Rgb) -> String {
    let [r, g, b] = colour.map(|channel| channel.round() as u8);
    format!("#{r:02x}{g:02x}{b:02x}")
}

/// Whether dark text has more contrast on a colour than white text (relative luminance of WCAG 2.2).
fn dark_text(colour: Rgb) -> bool {
    let linear = colour.map(|channel| {
        let share = channel / 255.0;
        if share <= 0.040_45 { share / 12.92 } else { libm::pow((share + 0.055) / 1.055, 2.4) }
    });
    let luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
    // The luminance at which white and near-black text have the same contrast.
    luminance > 0.18
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ramps_darken_from_end_to_end() {
        for ramp in [Ramp::Neutral, Ramp::Harm] {
            let sums: Vec<f64> = (0..=20).map(|i| colour(ramp, f64::from(i) / 20.0).iter().sum()).collect();
            assert!(sums.windows(2).all(|pair| pair[1] < pair[0]));
            assert!(dark_text(colour(ramp, 0.0)) && !dark_text(colour(ramp, 1.0)));
        }
        assert_eq!(hex(colour(Ramp::Harm, 1.0)), "#8c1d28");
    }
}
