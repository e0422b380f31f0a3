//! Text inside figures: anchors, several lines, and superscripts drawn as raised digits.

use crate::markup::{Markup, Tag, px};
use crate::measure::{Font, RAISED, is_raised, plain_of};

/// Which point of a text its position names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

impl Anchor {
    fn name(self) -> &'static str {
        match self {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        }
    }
}

/// Writes one line with its baseline at `y`. `class` chooses size and colour in the style sheet.
pub(crate) fn line(markup: &mut Markup, class: &str, (x, y): (f64, f64), anchor: Anchor, text: &str) {
    let mut tag = Tag::new("text").at(x, y);
    if !class.is_empty() {
        tag = tag.class(class);
    }
    if anchor != Anchor::Start {
        tag = tag.text("text-anchor", anchor.name());
    }
    if !text.chars().any(is_raised) {
        markup.element(tag, text);
        return;
    }
    markup.open(tag);
    raised(markup, text);
    markup.close("text");
}

/// Writes lines below each other, the first baseline at `y`; returns the height taken.
pub(crate) fn block(
    markup: &mut Markup,
    class: &str,
    (x, y): (f64, f64),
    font: Font,
    lines: &[String],
) -> f64 {
    let mut baseline = y;
    for text in lines {
        line(markup, class, (x, baseline), Anchor::Start, text);
        baseline += font.line();
    }
    baseline - y
}

/// Runs of superscript characters become smaller spans above the baseline.
fn raised(markup: &mut Markup, text: &str) {
    let mut lowered = false;
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let up = is_raised(first);
        let end = rest.find(|c| is_raised(c) != up).unwrap_or(rest.len());
        let (run, after) = rest.split_at(end);
        if up {
            let plain: String = run.chars().filter_map(plain_of).collect();
            let size = format!("{}em", px(RAISED));
            markup.element(Tag::new("tspan").text("dy", "-0.38em").text("font-size", &size), &plain);
            lowered = true;
        } else if lowered {
            markup.element(Tag::new("tspan").text("dy", "0.27em"), run);
            lowered = false;
        } else {
            markup.write(run);
        }
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn superscripts_are_raised_and_lowered_again() {
        let mut markup = Markup::default();
        line(&mut markup, "k", (1.0, 2.0), Anchor::End, "×10⁻⁶ mol");
        assert_eq!(
            markup.as_str(),
            "<text x=\"1\" y=\"2\" class=\"k\" text-anchor=\"end\">×10<tspan dy=\"-0.38em\" font-size=\"0.7em\">−6\
             </tspan><tspan dy=\"0.27em\"> mol</tspan></text>"
        );
    }
}
