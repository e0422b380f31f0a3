//! Text with positions, and what is wrong with it.
//!
//! A [`SourceMap`] owns every text of a run (model files, study files, data tables); a [`Span`] points into
//! one of them; a [`Diagnostic`] says what is wrong, where, and what to do about it. Front ends collect
//! diagnostics and never stop at the first; [`render`] prints them.
//!
//! What this crate does not do: it knows no model, no unit and no file system.

pub mod csv;
mod diagnostic;
mod nearest;
mod problems;
mod render;
pub mod sheet;
mod status;
pub mod table;
mod text;

pub use diagnostic::{Code, Diagnostic, Label, Severity, has_errors};
pub use nearest::{edits, nearest};
pub use problems::{MAX_PROBLEMS, Problems};
pub use render::{render, render_all, render_short};
pub use status::Status;
pub use text::{FileId, LineCol, SourceFile, SourceMap, Span, Spanned};
