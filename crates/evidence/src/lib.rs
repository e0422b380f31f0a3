//! The evidence ledger: what was claimed, by whom, what came of looking at it, and what stands behind every number.
//!
//! ```text
//! texts of evidence/ -> Ledger, diagnostics -> search, coverage, citations as ids
//! ```
//!
//! Reading order: [`words`] has the words an entry may use; [`mod@reference`], [`claim`] and [`entry`] are the entries;
//! [`ledger`] reads them together and finds what does not fit; [`search`] finds claims by words, with typing errors
//! and synonyms; [`coverage`] counts what the claims answer for; [`document`] takes numerals and recommendations out of
//! a source document and [`overlap`] finds runs of its words in other texts.
//!
//! What this crate does not do: it recomputes nothing (the checks stand in the facade, where all arithmetic can be
//! reached) and opens no file.

pub mod claim;
pub mod coverage;
pub mod document;
pub mod entry;
pub mod ledger;
pub mod overlap;
pub mod reference;
pub mod search;
pub mod words;

pub use claim::{Claim, Lines};
pub use entry::{Citation, Dataset, Gap, Item};
pub use ledger::Ledger;
pub use reference::Reference;
