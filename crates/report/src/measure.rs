//! How wide text is, by a table of advance widths.
//!
//! Figures name fonts that share the widths of Helvetica (Arial, Liberation Sans, Arimo, Nimbus Sans), so the table
//! holds on nearly every reader's machine; a small margin covers the rest.

/// Advance widths in thousandths of the font size, for U+0020 to U+007E.
#[rustfmt::skip]
const REGULAR: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667,
    611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667,
    667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500,
    222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];
#[rustfmt::skip]
const BOLD: [u16; 95] = [
    278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 333, 333, 584, 584, 584, 611, 975, 722, 722, 722, 722, 667,
    611, 778, 722, 278, 556, 722, 611, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667,
    667, 611, 333, 278, 333, 584, 556, 333, 556, 611, 556, 611, 556, 333, 611, 611, 278, 278, 556,
    278, 889, 611, 611, 611, 611, 389, 556, 333, 611, 556, 778, 556, 556, 500, 389, 280, 389, 584,
];
/// The same for U+00A0 to U+00FF; regular and bold differ by less than the margin.
#[rustfmt::skip]
const LATIN: [u16; 96] = [
    278, 333, 556, 556, 556, 556, 280, 556, 333, 737, 370, 556, 584, 333, 737, 552,
    400, 549, 333, 333, 333, 576, 556, 278, 333, 333, 365, 556, 834, 834, 834, 611,
    722, 722, 722, 722, 722, 722, 1000, 722, 667, 667, 667, 667, 278, 278, 278, 278,
    722, 722, 778, 778, 778, 778, 778, 584, 778, 722, 722, 722, 722, 667, 667, 611,
    556, 556, 556, 556, 556, 556, 889, 556, 556, 556, 556, 556, 278, 278, 278, 278,
    611, 611, 611, 611, 611, 611, 611, 549, 611, 611, 611, 611, 611, 556, 611, 556,
];
/// Room for fonts that are slightly wider than the table.
const MARGIN: f64 = 1.03;
/// Superscript characters are drawn as smaller digits.
pub(crate) const RAISED: f64 = 0.7;

/// A size and weight of the one typeface of figures.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Font {
    /// Size in pixels.
    pub(crate) size: f64,
    /// Whether the face is bold.
    pub(crate) bold: bool,
}

/// Tick labels, axis titles, legends and direct labels.
pub(crate) const LABEL: Font = Font { size: 12.0, bold: false };
/// Notes, and values inside marks.
pub(crate) const SMALL: Font = Font { size: 11.0, bold: false };
/// Titles of panels, and group headings.
pub(crate) const STRONG: Font = Font { size: 12.5, bold: true };
/// The title of a figure.
pub(crate) const TITLE: Font = Font { size: 16.0, bold: true };
/// The subtitle and caption of a figure.
pub(crate) const BODY: Font = Font { size: 13.0, bold: false };

impl Font {
    /// The width of one line of text in pixels.
    pub(crate) fn width(self, text: &str) -> f64 {
        text.chars().map(|c| f64::from(self.advance(c))).sum::<f64>() * self.size * MARGIN / 1000.0
    }

    /// The distance of two lines.
    pub(crate) fn line(self) -> f64 {
        (self.size * 1.32).round()
    }

    /// Lines of at most `width` pixels, broken at spaces, or inside a word that is wider than a line.
    pub(crate) fn wrap(self, text: &str, width: f64) -> Vec<String> {
        let mut lines = Vec::new();
        let mut line = String::new();
        for word in text.split_whitespace() {
            let joined = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
            if self.width(&joined) <= width {
                line = joined;
                continue;
            }
            if !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            line = self.broken(word, width, &mut lines);
        }
        if !line.is_empty() {
            lines.push(line);
        }
        lines
    }

    /// The text, or its beginning with an ellipsis where it is wider than `width`; empty where not even that fits.
    pub(crate) fn fitted(self, text: &str, width: f64) -> String {
        if self.width(text) <= width {
            return text.to_owned();
        }
        let mut kept = String::new();
        for character in text.chars() {
            kept.push(character);
            if self.width(&kept) + self.width("…") > width {
                kept.pop();
                break;
            }
        }
        if kept.is_empty() { kept } else { format!("{}…", kept.trim_end()) }
    }

    /// Splits a word into full lines; what remains of it is returned as the next line.
    fn broken(self, word: &str, width: f64, lines: &mut Vec<String>) -> String {
        let mut line = String::new();
        for character in word.chars() {
            line.push(character);
            if self.width(&line) > width && line.chars().count() > 1 {
                line.pop();
                lines.push(std::mem::take(&mut line));
                line.push(character);
            }
        }
        line
    }

    fn advance(self, character: char) -> u16 {
        let table = if self.bold { &BOLD } else { &REGULAR };
        match character {
            ' '..='~' => table[character as usize - 0x20],
            '\u{a0}'..='\u{ff}' if !is_raised(character) => LATIN[character as usize - 0xa0],
            _ if is_raised(character) => 410,
            '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200f}' => 0,
            '–' | '−' | '≤' | '≥' | '≈' => 584,
            '\u{2009}' | '\u{202f}' | '’' | '‘' | '•' | '·' => 350,
            '\u{370}'..='\u{3ff}' => 850,
            '\u{2e80}'.. => 1050,
            _ => 1000,
        }
    }
}

/// Whether a character is a superscript digit or sign, which figures draw as a raised, smaller one.
pub(crate) fn is_raised(character: char) -> bool {
    plain_of(character).is_some()
}

/// The plain character under a superscript one.
pub(crate) fn plain_of(character: char) -> Option<char> {
    Some(match character {
        '¹' => '1',
        '²' => '2',
        '³' => '3',
        '⁰' => '0',
        '⁴' => '4',
        '⁵' => '5',
        '⁶' => '6',
        '⁷' => '7',
        '⁸' => '8',
        '⁹' => '9',
        '⁻' => '−',
        '⁺' => '+',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_follow_the_table() {
        let plain = LABEL.width("Will") / MARGIN;
        assert!((plain - 12.0 * (944.0 + 222.0 * 3.0) / 1000.0).abs() < 1e-9);
        assert!(STRONG.width("Will") > LABEL.width("Will"));
        assert!(LABEL.width("10⁻³") < LABEL.width("10−3"));
    }

    #[test]
    fn wrapped_lines_fit_and_lose_nothing() {
        let text =
            "Plasma acetaminophen after ingestion of an-extraordinarily-long-compound-name in one dose";
        for width in [40.0, 90.0, 200.0, 2000.0] {
            let lines = LABEL.wrap(text, width);
            assert!(lines.iter().all(|line| LABEL.width(line) <= width), "{lines:?}");
            assert_eq!(lines.concat().replace(' ', ""), text.replace(' ', ""));
        }
        assert!(LABEL.wrap("", 10.0).is_empty());
        assert_eq!(LABEL.wrap("W", 1.0), ["W"]);
    }

    #[test]
    fn fitted_text_fits() {
        for width in [0.0, 5.0, 30.0, 80.0] {
            assert!(LABEL.width(&LABEL.fitted("150 mg/kg over 1 h", width)) <= width);
        }
        assert_eq!(LABEL.fitted("short", 100.0), "short");
    }
}
