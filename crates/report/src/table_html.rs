//! Tables as HTML.

use crate::markup::{Markup, Tag};
use crate::prose::badge;
use crate::table::{Cell, Column, Kind, Narrow, Table};

/// A table of more rows than this scrolls in its own frame below a fixed heading.
const LONG: usize = 30;
/// A table of at most this many rows is not divided between printed pages.
const SHORT: usize = 15;

/// Writes a table with its caption, inside a frame that scrolls by itself where the table is wider.
pub(crate) fn write(html: &mut Markup, table: &Table, number: usize) {
    let narrow = match table.narrow {
        Narrow::Scroll => "scroll",
        Narrow::Stack => "stack",
    };
    let length = match table.rows.len() {
        0..=SHORT => " short",
        rows if rows > LONG => " long",
        _ => "",
    };
    let class = format!("table {narrow}{length}");
    let label = if table.caption.is_empty() { format!("Table {number}") } else { table.caption.clone() };
    let frame =
        Tag::new("div").class(&class).text("role", "region").text("aria-label", &label).text("tabindex", "0");
    html.open(frame.text("id", &format!("table-{number}")));
    html.open(Tag::new("table"));
    if !table.caption.is_empty() {
        html.open(Tag::new("caption"));
        html.element(Tag::new("span").class("number"), &format!("Table {number}"));
        html.write(&table.caption);
        html.close("caption");
    }
    html.open(Tag::new("thead"));
    html.open(Tag::new("tr"));
    for column in &table.columns {
        heading(html, column);
    }
    html.close("tr");
    html.close("thead");
    html.newline();
    html.open(Tag::new("tbody"));
    for row in &table.rows {
        html.open(Tag::new("tr"));
        for (cell, column) in row.iter().zip(&table.columns) {
            write_cell(html, cell, column, table.narrow);
        }
        html.close("tr");
        html.newline();
    }
    html.close("tbody");
    html.close("table");
    html.close("div");
}

fn heading(html: &mut Markup, column: &Column) {
    let tag = Tag::new("th").text("scope", "col");
    html.open(if column.aligned_right() { tag.class("num") } else { tag });
    html.write(&column.name);
    if let Some(unit) = &column.unit {
        html.raw(" ");
        html.element(Tag::new("span").class("unit"), unit);
    }
    html.close("th");
}

fn write_cell(html: &mut Markup, cell: &Cell, column: &Column, narrow: Narrow) {
    let mut tag = Tag::new("td");
    if column.aligned_right() {
        tag = tag.class("num");
    }
    if narrow == Narrow::Stack {
        tag = tag.text("data-label", &column.heading());
    }
    html.open(tag);
    match (cell, column.kind) {
        (Cell::Badge(status), Kind::Badge | Kind::Text) => badge(html, *status),
        _ => html.write(&cell.shown(column)),
    }
    html.close("td");
}
