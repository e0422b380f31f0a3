//! `hepatica chem ...`: identities, equivalents, the synthesis and the titres of acetylcysteine salts.
//!
//! Each command is a request of plain text in and an [`Answer`](crate::Answer) out; `hepatica_chem` computes, this maps.

mod convert;
pub(crate) mod layout;
mod ph;
mod show;
mod synthesis;
mod titre;

use crate::refuse::Error;
use hepatica_chem::{Measure, Unreadable};
use hepatica_source::{Diagnostic, SourceMap, Span};

pub use convert::{ConvertRequest, convert};
pub use show::{list, show};
pub use synthesis::{SynthesisRequest, synthesis};
pub use titre::{TitreRequest, titre};

/// Reads an argument; what is wrong is shown with the argument as its own small text.
fn read<T>(name: &str, text: &str, reader: impl Fn(&str) -> Result<T, Unreadable>) -> Result<T, Error> {
    reader(text)
        .map_err(|error| refused(name, text, 0..text.len(), |span| error.diagnostic(span, text.len())))
}

/// Reads an argument as a quantity above zero.
fn measure(name: &str, text: &str, kind: Measure) -> Result<f64, Error> {
    read(name, text, |text| kind.read(text))
}

fn refused(
    name: &str,
    text: &str,
    range: std::ops::Range<usize>,
    with: impl FnOnce(Span) -> Diagnostic,
) -> Error {
    let mut sources = SourceMap::new();
    let file = sources.add(name, text);
    let diagnostic = with(Span::new(file, range.start, range.end));
    Error::refused(&sources, vec![diagnostic])
}
