//! The Antimony language: text -> declarations.
//!
//! ```text
//! text --lexer--> tokens --parser--> items --load--> Declarations
//! ```
//!
//! The measure is libAntimony 3.3.0, not its manual: what a construct means here was compared with what that
//! library writes as SBML. Parts of the language that are not supported are refused by name.
//!
//! Reading order: [`token`] and [`lexer`] cut the text; [`parser`] walks the tokens and reports;
//! [`expression`], [`reaction`], [`event`], [`declare`], [`other`], [`mod@unit`] and [`annotate`] read one kind of thing each;
//! [`statement`] decides which kind stands there; [`strand`] and [`expand`] turn DNA strands into rules and rate laws;
//! [`document`] reads modules and functions; [`load`] follows imports; [`unsupported`] is the list of refusals. [`mod@write`] and [`infix`] go the other way; [`mod@format`] lays a text out.

mod annotate;
mod declare;
mod document;
mod event;
mod expand;
mod expression;
mod format;
mod infix;
mod lexer;
mod load;
mod other;
mod parser;
mod reaction;
mod statement;
mod strand;
mod submodel;
mod token;
mod unit;
mod unsupported;
mod write;

pub use annotate::{MetadataKind, metadata_kind, qualifier_of};
pub use format::format;
pub use load::{Imports, NoImports, parse};
pub use write::{WriteError, write};

/// The longest text that is read, in bytes; a longer one is refused before anything is cut.
pub const MAX_TEXT_BYTES: usize = 16 << 20;

#[cfg(test)]
mod tests;
