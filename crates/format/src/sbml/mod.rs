//! The Systems Biology Markup Language: Level 2 and 3 in, Level 3 Version 2 Core out.
//!
//! ```text
//! text --read--> Declarations --(model)--> Model + Additions --write--> text
//! ```
//!
//! [`parse`] reads (see `read`). What is written is one patient: the flat model without functions and submodels (dots in names become `__`),
//! with values put in place of the model's own and with doses as events. The text has the same bytes for the
//! same input, and each number in it reads back as the same number.
//!
//! Creators and dates are not written.
//!
//! Reading order: [`xml`] writes elements, [`math`] expressions, [`units`] and [`ids`] hand out names,
//! [`metadata`] writes annotations, [`uncertainty`] how sure values are, [`additions`] holds values and doses, [`document`] puts all in order.

mod additions;
mod declared;
mod document;
mod dynamics;
mod formula;
mod ids;
mod math;
mod metadata;
mod read;
mod uncertainty;
mod units;
mod xml;

pub use additions::{Change, Input, Intervention, WriteError, WriteOptions};
pub use declared::write_declarations;
pub use document::write;
pub use read::parse;

#[cfg(test)]
mod tests;
