//! Figures, tables and pages, drawn as text: SVG, HTML, CSV and lines for the terminal.
//!
//! declare: values -> [`Figure`], [`Table`], [`Page`]
//! write:   [`Figure::svg`], [`Table::text`], [`Table::csv`], [`Page::html`]
//!
//! The same declaration gives the same bytes: coordinates have fixed decimals, nothing is read from the
//! environment, and text is measured by a table. What cannot be drawn (gaps, values without a place on a
//! logarithmic axis, values beyond given ends) is left out and said; no number that is not finite reaches a file.
//!
//! What this crate does not do: it knows no science, reads and writes no files, and loads nothing.

// Declarations, in the order in which a reader meets them.
mod axis;
mod bars;
mod figure;
mod forest;
mod heat;
mod network;
mod page;
mod plot;
mod prose;
mod series;
mod table;
mod timeline;

// Numbers and text.
pub mod csv;
mod markup;
mod measure;
pub mod number;
mod text;

// From values to places.
mod mapping;
mod path;
mod place;
mod ticks;

// Drawing and writing.
mod arrange;
mod canvas;
mod draw_bars;
mod draw_forest;
mod draw_heat;
mod draw_network;
mod draw_plot;
mod draw_series;
mod draw_timeline;
mod legend;
mod network_layers;
mod network_place;
mod page_html;
mod palette;
mod table_html;
mod table_text;

pub use axis::Axis;
pub use bars::{Bars, Estimate};
pub use figure::{Figure, Labels, Panel};
pub use forest::Forest;
pub use heat::{CellText, Heat, Ramp};
pub use hepatica_source::Status;
pub use network::{Link, Network, Node, Shape};
pub use page::{Blocks, Callout, Card, Page};
pub use plot::Plot;
pub use prose::Prose;
pub use series::{Dash, Series};
pub use table::{Cell, Column, Narrow, Table};
pub use table_text::Rules;
pub use timeline::{Timeline, Track};
