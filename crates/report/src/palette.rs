//! Colours, dashes and markers that stay apart: on white and on black, for colour-blind readers, and in grey.
//!
//! The eight hues were chosen so that any two differ by at least 0.08 in Oklab for normal vision, deuteranopia and
//! protanopia (Machado, Oliveira and Fernandes, 2009, severity 1), with a contrast of at least 3 to the background
//! for marks and 4.5 for text (WCAG 2.2, 1.4.3 and 1.4.11); the tests measure it.

use std::fmt::Write;

use crate::series::Dash;

/// One colour in its three uses.
pub(crate) struct Hue {
    /// Marks on a light background.
    pub(crate) light: &'static str,
    /// Text on a light background.
    pub(crate) text: &'static str,
    /// Marks and text on a dark background.
    pub(crate) dark: &'static str,
}

/// The hues in the order in which series take them: blue, vermilion, green, magenta, olive, sky, ink, brown.
pub(crate) const HUES: [Hue; 8] = [
    Hue { light: "#2a52d0", text: "#2a52d0", dark: "#4c97fa" },
    Hue { light: "#b83a08", text: "#b83a08", dark: "#f98a2b" },
    Hue { light: "#0b6f66", text: "#0b6f66", dark: "#2fcfaa" },
    Hue { light: "#cb3ba8", text: "#b92d97", dark: "#d46bb4" },
    Hue { light: "#96890f", text: "#756a00", dark: "#f2e03a" },
    Hue { light: "#4b93ec", text: "#1d6cc0", dark: "#c6c0ff" },
    Hue { light: "#15171c", text: "#15171c", dark: "#f2f8fa" },
    Hue { light: "#5c3010", text: "#5c3010", dark: "#8e8858" },
];

/// Grey for context.
pub(crate) const MUTED: Hue = Hue { light: "#7a828c", text: "#5d656e", dark: "#8d969f" };

/// How a named series looks: a hue and, from the ninth name on, a pattern that tells it from the first eight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Look {
    /// The n-th series of the palette.
    Nth(usize),
    /// Grey.
    Muted,
}

impl Look {
    /// The suffix of the CSS classes.
    pub(crate) fn suffix(self) -> String {
        match self {
            Look::Nth(n) => (n % HUES.len()).to_string(),
            Look::Muted => "m".to_owned(),
        }
    }

    /// The classes of a line: shape, colour, and a pattern, chosen or for print only.
    pub(crate) fn line(self, width: &str, dash: Option<Dash>) -> String {
        let colour = self.suffix();
        match (dash, self) {
            (Some(dash), _) => format!("{width} s{colour} {}", dash_class(dash)),
            (None, Look::Nth(n)) if n >= HUES.len() => {
                let dashes = [Dash::Long, Dash::Short, Dash::DashDot, Dash::Dots];
                format!("{width} s{colour} {}", dash_class(dashes[(n / HUES.len() - 1) % 4]))
            }
            (None, Look::Nth(n)) => format!("{width} s{colour} p{n}"),
            (None, Look::Muted) => format!("{width} s{colour}"),
        }
    }

    /// The classes of a filled region.
    pub(crate) fn fill(self, kind: &str) -> String {
        format!("{kind} f{}", self.suffix())
    }

    /// The classes of a text.
    pub(crate) fn text(self) -> String {
        format!("k t{}", self.suffix())
    }

    /// A marker as relative path data around a point; its shape follows the colour, so that grey print tells it.
    pub(crate) fn marker(self) -> &'static str {
        const SHAPES: [&str; 8] = [
            "m-3.2 0a3.2 3.2 0 1 0 6.4 0a3.2 3.2 0 1 0 -6.4 0z",
            "m-2.9 -2.9h5.8v5.8h-5.8z",
            "m0 -3.9l3.6 6.3h-7.2z",
            "m0 -4.1l4.1 4.1l-4.1 4.1l-4.1 -4.1z",
            "m0 3.9l3.6 -6.3h-7.2z",
            "m-3.6 -1.1h2.5v-2.5h2.2v2.5h2.5v2.2h-2.5v2.5h-2.2v-2.5h-2.5z",
            "m-3.6 -1.6h7.2v3.2h-7.2z",
            "m-1.6 -3.6h3.2v7.2h-3.2z",
        ];
        match self {
            Look::Nth(n) => SHAPES[n % SHAPES.len()],
            Look::Muted => SHAPES[0],
        }
    }
}

fn dash_class(dash: Dash) -> &'static str {
    match dash {
        Dash::Long => "dl",
        Dash::Short => "ds",
        Dash::Dots => "dd",
        Dash::DashDot => "dx",
    }
}

/// Patterns that lines take in print, where the colour may be lost; the first line stays solid.
const PRINT_DASHES: [&str; 8] = ["", "7 3", "2.5 2.5", "9 3 2 3", "4 2", "9 3 2 3 2 3", "12 4", "1 3"];

/// The style sheet of figures: rules for light screens and paper, then what a dark screen changes.
///
/// Colours stand literally in the rules, because many readers of SVG files know classes but no variables.
pub(crate) fn style_sheet() -> String {
    let mut css = include_str!("figure.css").replace("\r\n", "\n");
    rules(&mut css, |hue| (hue.light, hue.text));
    css.push_str("@media screen and (prefers-color-scheme:dark){\n");
    css.push_str(include_str!("figure_dark.css"));
    rules(&mut css, |hue| (hue.dark, hue.dark));
    css.push_str("}\n@media print{\n");
    for (index, dashes) in PRINT_DASHES.iter().enumerate().filter(|(_, dashes)| !dashes.is_empty()) {
        // Writing to a String cannot fail.
        let _ = writeln!(css, ".hf .p{index}{{stroke-dasharray:{dashes}}}");
    }
    css.push_str("}\n");
    css
}

fn rules(css: &mut String, of: fn(&Hue) -> (&'static str, &'static str)) {
    let named = HUES.iter().enumerate().map(|(index, hue)| (index.to_string(), hue));
    for (suffix, hue) in named.chain([("m".to_owned(), &MUTED)]) {
        let (mark, text) = of(hue);
        let _ = writeln!(
            css,
            ".hf .s{suffix}{{stroke:{mark}}}.hf .f{suffix}{{fill:{mark}}}.hf .t{suffix}{{fill:{text}}}"
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The backgrounds that the style sheets of figures and pages set, light and dark.
    const BACKGROUND: [&str; 2] = ["#ffffff", "#15181c"];

    type Rgb = [f64; 3];

    fn linear(hex: &str) -> Rgb {
        [1, 3, 5].map(|i| {
            let share = f64::from(u8::from_str_radix(&hex[i..i + 2], 16).unwrap()) / 255.0;
            if share <= 0.040_45 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
        })
    }

    fn contrast(a: &str, b: &str) -> f64 {
        let luminance = |hex| {
            let [r, g, b] = linear(hex);
            0.2126 * r + 0.7152 * g + 0.0722 * b
        };
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    fn times(m: &[Rgb; 3], v: Rgb) -> Rgb {
        m.map(|row| row.iter().zip(v).map(|(a, b)| a * b).sum())
    }

    /// Oklab (Ottosson, 2020).
    fn oklab(rgb: Rgb) -> Rgb {
        let lms = times(
            &[
                [0.412_221_470_8, 0.536_332_536_3, 0.051_445_992_9],
                [0.211_903_498_2, 0.680_699_545_1, 0.107_396_956_6],
                [0.088_302_461_9, 0.281_718_837_6, 0.629_978_700_5],
            ],
            rgb,
        );
        times(
            &[
                [0.210_454_255_3, 0.793_617_785_0, -0.004_072_046_8],
                [1.977_998_495_1, -2.428_592_205_0, 0.450_593_709_9],
                [0.025_904_037_1, 0.782_771_766_2, -0.808_675_766_0],
            ],
            lms.map(|x| x.max(0.0).cbrt()),
        )
    }

    const VISIONS: [[Rgb; 3]; 3] = [
        [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
        [
            [0.367_322, 0.860_646, -0.227_968],
            [0.280_085, 0.672_501, 0.047_413],
            [-0.011_820, 0.042_940, 0.968_881],
        ],
        [
            [0.152_286, 1.052_583, -0.204_868],
            [0.114_503, 0.786_281, 0.099_216],
            [-0.003_882, -0.048_116, 1.051_998],
        ],
    ];

    fn closest(colours: &[&str], vision: &[Rgb; 3]) -> f64 {
        let seen: Vec<Rgb> = colours.iter().map(|hex| oklab(times(vision, linear(hex)))).collect();
        let mut least = f64::MAX;
        for (index, a) in seen.iter().enumerate() {
            for b in &seen[..index] {
                least = least.min(a.iter().zip(b).map(|(x, y)| (x - y).powi(2)).sum::<f64>().sqrt());
            }
        }
        least
    }

    #[test]
    fn hues_stand_out_from_the_background() {
        for hue in HUES.iter().chain([&MUTED]) {
            assert!(contrast(hue.light, BACKGROUND[0]) >= 3.0, "{}", hue.light);
            assert!(contrast(hue.text, BACKGROUND[0]) >= 4.5, "{}", hue.text);
            assert!(contrast(hue.dark, BACKGROUND[1]) >= 4.5, "{}", hue.dark);
        }
    }

    #[test]
    fn hues_stay_apart_for_every_kind_of_sight() {
        for vision in &VISIONS {
            assert!(closest(&HUES.each_ref().map(|h| h.light), vision) >= 0.08);
            assert!(closest(&HUES.each_ref().map(|h| h.dark), vision) >= 0.08);
        }
    }

    #[test]
    fn the_ninth_series_has_a_pattern() {
        assert_eq!(Look::Nth(8).line("l", None), "l s0 dl");
        assert_eq!(Look::Nth(1).line("l", None), "l s1 p1");
        assert_eq!(Look::Nth(1).line("l", Some(Dash::Dots)), "l s1 dd");
    }
}
