//! What must hold for pages and tables, and small outputs in full, compared with files.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot read its files has failed")]

use std::fs;
use std::path::Path;

use hepatica_report::{
    Axis, Blocks, Callout, Card, Cell, Column, Figure, Narrow, Page, Plot, Prose, Rules, Series, Status,
    Table,
};
use roxmltree::{Document, ParsingOptions};

#[path = "../examples/gallery/parts.rs"]
mod parts;

/// Compares with a file in `tests/expected`. A wanted change is made by copying the file that the message names.
#[track_caller]
fn expect(name: &str, found: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/expected").join(name);
    let expected = fs::read_to_string(&path).unwrap_or_default();
    if expected == found {
        return;
    }
    let new = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&new, found).unwrap();
    let line = expected.lines().zip(found.lines()).take_while(|(a, b)| a == b).count() + 1;
    panic!("{} differs from {} from line {line} on", new.display(), path.display());
}

fn small_figure() -> Figure {
    let plot = Plot::new(Axis::time("Time"), Axis::log10("ALT").unit("U/L"))
        .series(Series::line("one", [(0.0, 20.0), (24.0, 900.0), (48.0, 4e3)]))
        .series(Series::points("seen", [(24.0, 1000.0)]))
        .across(1000.0, "limit");
    Figure::new("A title").subtitle("A subtitle").caption("A caption.").panel(plot)
}

fn small_table() -> Table {
    let mut table = Table::new([
        Column::text("Arm"),
        Column::number("Peak", 3).unit("U/L"),
        Column::interval("INR", 2),
        Column::badge("Status"),
    ])
    .caption("Outcome");
    table
        .push([
            "NAC, \"8 h\"".into(),
            12_345.6.into(),
            Cell::interval(1.5, 1.2, 2.0),
            Status::Predicted.into(),
        ])
        .unwrap();
    table
        .push(["untreated & <alone>".into(), f64::NAN.into(), Cell::Missing, Status::Assumed.into()])
        .unwrap();
    table
}

#[test]
fn a_small_figure_in_full() {
    expect("figure.svg", &small_figure().svg(400.0));
}

#[test]
fn a_small_page_in_full() {
    let blocks = Blocks::new()
        .paragraph(
            Prose::new()
                .plain("See ")
                .link("here", "https://example.org/?a=1&b=2")
                .plain(" and ")
                .code("x<y"),
        )
        .cards([Card::new("8 h", "Delay").detail(Status::Observed)])
        .callout(Callout::Warning, "Careful.")
        .table(small_table())
        .fold("More", Blocks::new().code("a\n  b").list(["one"]).heading("Below").status_legend())
        .definitions([("Seed".to_owned(), "42")]);
    let html = Page::new("A page")
        .lead("A lead.")
        .section("First", blocks)
        .section("Second", Blocks::new())
        .footer("End.")
        .html();
    let (head, body) = html.split_once("<body>").unwrap();
    assert!(head.contains("Content-Security-Policy") && head.contains("@media print"));
    expect("page.html", body);
}

#[test]
fn a_small_table_in_full() {
    expect("table.txt", &small_table().text(60, Rules::Light));
    expect("table_ascii.txt", &small_table().text(36, Rules::Ascii));
    expect("table.csv", &small_table().csv());
}

#[test]
fn a_row_of_another_width_is_refused() {
    let refused = small_table().row([Cell::Missing]).unwrap_err();
    assert_eq!((refused.expected, refused.found), (4, 1));
}

#[test]
fn lines_of_a_table_fit_the_terminal() {
    for width in [72, 80, 100, 160] {
        let text = parts::outcomes().text(width, Rules::Light);
        let longest = text.lines().map(|line| line.chars().count()).max().unwrap();
        assert!(longest <= width, "{longest} > {width}\n{text}");
        assert!(text.contains("9030"), "no digit is lost");
    }
}

#[test]
fn a_page_is_well_formed_self_contained_and_always_the_same() {
    let html = parts::page().html();
    assert_eq!(html, parts::page().html());
    assert!(!html.contains("NaN") && !html.contains("<script"));
    for loading in ["src=", "@import", "url(", "<link", "<iframe", "<object"] {
        assert!(!html.contains(loading), "{loading}");
    }
    // The body closes every element, so that it reads as XML.
    let body = &html[html.find("<body>").unwrap()..html.find("</html>").unwrap()];
    let body = body.replace("xmlns=\"http://www.w3.org/2000/svg\"", "");
    let document =
        Document::parse_with_options(&body, ParsingOptions { allow_dtd: false, ..ParsingOptions::default() });
    let document = document.unwrap_or_else(|error| panic!("{error}"));
    let ids: Vec<&str> = document.descendants().filter_map(|node| node.attribute("id")).collect();
    let mut unique = ids.clone();
    unique.sort_unstable();
    unique.dedup();
    assert_eq!(unique.len(), ids.len(), "anchors are unique");
    let targets = document.descendants().filter_map(|node| node.attribute("href"));
    for target in targets.filter_map(|href| href.strip_prefix('#')) {
        assert!(ids.contains(&target), "{target}");
    }
}

#[test]
fn only_safe_addresses_become_links() {
    for url in ["javascript:alert(1)", "data:text/html,x", " https://x", "//x", "file:///etc/passwd"] {
        let page =
            Page::new("p").section("s", Blocks::new().paragraph(Prose::new().link("text", url))).html();
        assert!(!page.contains("<a href=\"java") && page.contains("<p>text</p>"), "{url}");
    }
}

#[test]
fn a_stacked_table_names_each_value() {
    let html = Page::new("p").section("s", Blocks::new().table(small_table().narrow(Narrow::Stack))).html();
    assert!(html.contains("<td class=\"num\" data-label=\"Peak (U/L)\">12,300</td>"));
}
