//! Writing a page as HTML.

use crate::arrange;
use crate::figure::Figure;
use crate::markup::{Markup, Tag};
use crate::page::{Block, Blocks, Callout, Card, Page};
use crate::palette;
use crate::prose::{Prose, badge};
use crate::table_html;
use hepatica_source::Status;

/// The widths at which each figure is drawn: for a desk and paper, and for a phone.
const WIDE: f64 = 820.0;
const NARROW: f64 = 358.0;

/// Only styles and scripts inside the file, and images inside it, may be used.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/// The complete document.
pub(crate) fn document(page: &Page) -> String {
    let anchors = anchors(page.sections.iter().map(|(title, _)| title.as_str()));
    let mut html = Markup::default();
    head(&mut html, page);
    html.open(Tag::new("body"));
    html.newline();
    html.open(Tag::new("header"));
    html.element(Tag::new("h1"), &page.title);
    if !page.lead.is_empty() {
        html.open(Tag::new("p").class("lead"));
        page.lead.write(&mut html);
        html.close("p");
    }
    html.close("header");
    html.newline();
    html.open(Tag::new("div").class("columns"));
    contents(&mut html, page, &anchors);
    html.open(Tag::new("main"));
    html.newline();
    let mut numbers = Numbers::default();
    for ((title, blocks), anchor) in page.sections.iter().zip(&anchors) {
        html.open(Tag::new("section").text("id", anchor));
        html.element(Tag::new("h2"), title);
        write_blocks(&mut html, blocks, &mut numbers);
        html.close("section");
        html.newline();
    }
    html.close("main");
    html.close("div");
    footer(&mut html, page);
    html.close("body");
    html.close("html");
    html.newline();
    html.into_string()
}

/// Running numbers of figures and tables.
#[derive(Default)]
struct Numbers {
    figures: usize,
    tables: usize,
}

fn head(html: &mut Markup, page: &Page) {
    html.raw("<!doctype html>\n");
    html.open(Tag::new("html").text("lang", "en"));
    html.open(Tag::new("head"));
    html.raw("<meta charset=\"utf-8\">");
    html.raw("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">");
    html.raw("<meta name=\"color-scheme\" content=\"light dark\">");
    html.open(Tag::new("meta").text("http-equiv", "Content-Security-Policy").text("content", POLICY));
    html.newline();
    html.element(Tag::new("title"), &page.title);
    html.open(Tag::new("style"));
    html.newline();
    html.write_css(include_str!("page.css"));
    html.write_css(&palette::style_sheet());
    html.close("style");
    html.close("head");
    html.newline();
}

fn contents(html: &mut Markup, page: &Page, anchors: &[String]) {
    if page.sections.len() < 2 {
        return;
    }
    html.open(Tag::new("nav").text("aria-label", "Contents"));
    html.open(Tag::new("ol"));
    for ((title, _), anchor) in page.sections.iter().zip(anchors) {
        html.open(Tag::new("li"));
        html.element(Tag::new("a").text("href", &format!("#{anchor}")), title);
        html.close("li");
    }
    html.close("ol");
    html.close("nav");
    html.newline();
}

fn footer(html: &mut Markup, page: &Page) {
    if page.footer.is_empty() {
        return;
    }
    html.open(Tag::new("footer"));
    for line in &page.footer {
        write_prose(html, "p", line);
    }
    html.close("footer");
    html.newline();
}

/// An anchor for each title: lower case, words joined by hyphens, made unique by a number.
fn anchors<'a>(titles: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut anchors: Vec<String> = Vec::new();
    for title in titles {
        let words: Vec<String> = title
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_lowercase)
            .collect();
        let base = if words.is_empty() { "section".to_owned() } else { words.join("-") };
        let mut anchor = base.clone();
        let mut number = 2;
        while anchors.contains(&anchor) {
            anchor = format!("{base}-{number}");
            number += 1;
        }
        anchors.push(anchor);
    }
    anchors
}

fn write_blocks(html: &mut Markup, blocks: &Blocks, numbers: &mut Numbers) {
    for block in &blocks.blocks {
        write_block(html, block, numbers);
        html.newline();
    }
}

fn write_block(html: &mut Markup, block: &Block, numbers: &mut Numbers) {
    match block {
        Block::Heading(text) => html.element(Tag::new("h3"), text),
        Block::Paragraph(text) => write_prose(html, "p", text),
        Block::List(items) => {
            html.open(Tag::new("ul"));
            items.iter().for_each(|item| write_prose(html, "li", item));
            html.close("ul");
        }
        Block::Figure(figure) => {
            numbers.figures += 1;
            write_figure(html, figure, numbers.figures);
        }
        Block::Table(table) => {
            numbers.tables += 1;
            table_html::write(html, table, numbers.tables);
        }
        Block::Cards(cards) => write_cards(html, cards),
        Block::Callout(kind, text) => write_callout(html, *kind, text),
        Block::Definitions(terms) => write_definitions(html, terms),
        Block::Code(text) => {
            html.open(Tag::new("pre").text("tabindex", "0"));
            html.element(Tag::new("code"), text);
            html.close("pre");
        }
        Block::StatusLegend => write_status_legend(html),
        Block::Fold(summary, inner) => {
            html.open(Tag::new("details"));
            html.element(Tag::new("summary"), summary);
            write_blocks(html, inner, numbers);
            html.close("details");
        }
    }
}

/// An element that contains running text.
fn write_prose(html: &mut Markup, element: &'static str, text: &Prose) {
    html.open(Tag::new(element));
    text.write(html);
    html.close(element);
}

fn write_callout(html: &mut Markup, kind: Callout, text: &Prose) {
    let (class, word) = match kind {
        Callout::Note => ("callout note", "Note"),
        Callout::Warning => ("callout warning", "Caution"),
    };
    html.open(Tag::new("aside").class(class));
    html.element(Tag::new("strong"), word);
    write_prose(html, "p", text);
    html.close("aside");
}

fn write_definitions(html: &mut Markup, terms: &[(String, Prose)]) {
    html.open(Tag::new("dl"));
    for (term, text) in terms {
        html.element(Tag::new("dt"), term);
        write_prose(html, "dd", text);
    }
    html.close("dl");
}

/// A figure with its texts as HTML and its drawing at two widths, of which the style sheet shows one.
fn write_figure(html: &mut Markup, figure: &Figure, number: usize) {
    html.open(Tag::new("figure").text("id", &format!("figure-{number}")));
    html.open(Tag::new("figcaption"));
    html.element(Tag::new("span").class("number"), &format!("Figure {number}"));
    html.element(Tag::new("span").class("title"), &figure.title);
    if !figure.subtitle.is_empty() {
        html.element(Tag::new("span").class("subtitle"), &figure.subtitle);
    }
    html.close("figcaption");
    html.newline();
    let wide = arrange::inline(figure, WIDE);
    let narrow = arrange::inline(figure, NARROW);
    for (class, drawing) in [("wide", &wide), ("narrow", &narrow)] {
        html.open(Tag::new("div").class(class));
        html.open(arrange::svg_tag(figure, drawing.width, drawing.height));
        arrange::described(html, figure);
        html.raw(drawing.markup.as_str());
        html.close("svg");
        html.close("div");
        html.newline();
    }
    if !figure.caption.is_empty() {
        html.element(Tag::new("p").class("caption"), &figure.caption);
    }
    for note in &wide.notes {
        html.element(Tag::new("p").class("caption"), note);
    }
    html.close("figure");
}

fn write_cards(html: &mut Markup, cards: &[Card]) {
    html.open(Tag::new("div").class("cards"));
    for card in cards {
        html.open(Tag::new("div").class("card"));
        html.element(Tag::new("span").class("label"), &card.label);
        html.element(Tag::new("span").class("big"), &card.value);
        if !card.detail.is_empty() {
            html.open(Tag::new("span").class("detail"));
            card.detail.write(html);
            html.close("span");
        }
        html.close("div");
    }
    html.close("div");
}

fn write_status_legend(html: &mut Markup) {
    html.open(Tag::new("dl").class("statuses"));
    for status in Status::ALL {
        html.open(Tag::new("dt"));
        badge(html, status);
        html.close("dt");
        html.element(Tag::new("dd"), status.meaning());
    }
    html.close("dl");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anchors_are_readable_and_unique() {
        let found = anchors(["What was asked?", "ALT & INR", "alt, inr", "!!", "?"].into_iter());
        assert_eq!(found, ["what-was-asked", "alt-inr", "alt-inr-2", "section", "section-2"]);
    }
}
